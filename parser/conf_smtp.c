/* The block smtp: where letters go. */
#include <string.h>

#include "parser/address.h"
#include "parser/conf_private.h"

static void
want_relay(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	conf_want_server(k, n, SCHEME_SMTP);
}

static void
put_relay(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_smtp *m = base;

	(void)s;
	conf_put_server(a, n, SCHEME_SMTP, &m->relay);
}

static void
want_retry(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	int64_t v;

	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		if (conf_is_duration(k, &n->args[i]) &&
		    conf_duration(n->args[i].text, &v) && v < 1)
			conf_bad(k, &n->args[i], "1m 5m 15m 1h 4h 12h is usual",
			    "a wait must be at least 1s");
}

static void
want_rate(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	int64_t v;

	(void)s;
	if (n->args[0].form == FORM_PATTERN ||
	    (strcmp(n->args[0].text, "off") != 0 &&
		!conf_rate(n->args[0].text, &v)))
		conf_bad(k, &n->args[0], "write 25/min, 2/s or off",
		    "'%.80s' is not a rate", n->args[0].text);
}

static void
put_rate(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_smtp *m = base;

	(void)a;
	(void)s;
	m->rate = 0;
	conf_rate(n->args[0].text, &m->rate);
}

/* "support+b.{{token}}@example.com", good with a token of full length. */
static void
want_bounces(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char token[] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
	const struct conf_arg *arg = &n->args[0];
	const char *hit = strstr(arg->text, "{{token}}");
	char *whole;

	(void)s;
	if (!conf_is_plain(k, arg) || strcmp(arg->text, "off") == 0)
		return;
	if (hit == NULL) {
		conf_bad(k, arg,
		    "write support+b.{{token}}@example.com, or off",
		    "there is no {{token}} in it");
		return;
	}
	whole = arena_printf(k->talk->arena, "%.*s%s%s", (int)(hit - arg->text),
	    arg->text, token, hit + strlen("{{token}}"));
	if (!address_valid(whole))
		conf_bad(k, arg,
		    "a token has 39 letters; before the @ there "
		    "is room for 64",
		    "this does not make a mail address");
}

static void
put_bounces(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_smtp *m = base;

	(void)a;
	(void)s;
	m->bounces = strcmp(n->args[0].text, "off") == 0 ? NULL
							 : n->args[0].text;
}

static const char *const from_names[] = { "agent.name", "agent.first_name",
	"desk.name", "team.name", NULL };

/* Each {{name}} in the text must be one that is filled in. */
static void
want_from(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const struct conf_arg *arg = &n->args[0];
	const char *at = arg->text, *end;
	struct conf_guess g;
	char *name;

	(void)s;
	if (!conf_is_plain(k, arg))
		return;
	while ((at = strstr(at, "{{")) != NULL) {
		end = strstr(at, "}}");
		if (end == NULL) {
			conf_bad(k, arg, "close it with }}", "{{ without }}");
			return;
		}
		name = arena_strndup(
		    k->talk->arena, at + 2, (size_t)(end - at - 2));
		at = end + 2;
		name[strcspn(name, "|")] = '\0';
		if (conf_index(from_names, name) >= 0)
			continue;
		conf_guess_init(&g, name);
		for (int i = 0; from_names[i] != NULL; i++)
			conf_guess_offer(&g, from_names[i]);
		conf_bad(k, arg, conf_guess_hint(k->talk, &g, NULL),
		    "there is no variable '%.80s'", name);
	}
}

const struct conf_setting conf_smtp_rows[] = {
	ROW("relay", 1, 2, CONF_ONCE | CONF_MUST,
	    "relay smtps://smtp.example.com", .check = want_relay,
	    .put = put_relay),
	ROW("user", 1, 1, CONF_ONCE, "user support@example.com",
	    .check = conf_want_text, PUT(conf_put_text, conf_smtp, user)),
	ROW("auth", 2, 2, CONF_ONCE, "auth password credential:smtp-password",
	    .check = conf_want_login, .cross = conf_cross_login,
	    PUT(conf_put_login, conf_smtp, password)),
	ROW("ca-file", 1, 1, CONF_ONCE, "ca-file /etc/deskd/ca.pem",
	    .check = conf_want_paths,
	    PUT(conf_put_text, conf_smtp, relay.ca_file)),
	ROW("from", 1, 1, CONF_ONCE,
	    "from \"{{agent.first_name}} ({{desk.name}})\"", .check = want_from,
	    PUT(conf_put_text, conf_smtp, from)),
	ROW("bounces", 1, 1, CONF_ONCE | CONF_LATER,
	    "bounces support+b.{{token}}@example.com", .check = want_bounces,
	    .put = put_bounces),
	ROW("rate", 1, 1, CONF_ONCE, "rate 25/min", .check = want_rate,
	    .put = put_rate),
	ROW("retry", 1, 20, CONF_ONCE, "retry 1m 5m 15m 1h 4h 12h",
	    .check = want_retry, PUTS(conf_put_durations, conf_smtp, retry)),
	{ 0 },
};

void
conf_cross_smtp(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	const struct conf_node *user = conf_child(n, "user");
	const struct conf_node *auth = conf_child(n, "auth");

	(void)block;
	if (user != NULL && auth == NULL)
		conf_say(k->talk, CONF_ERROR, &user->place,
		    "add auth password credential:smtp-password",
		    "a 'user' without 'auth'");
	if (auth != NULL && user == NULL)
		conf_say(k->talk, CONF_ERROR, &auth->place,
		    "add user support@example.com", "an 'auth' without 'user'");
}
