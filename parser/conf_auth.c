/*
 * The block agent-auth: whose verdict on the sender of a mail counts
 * (RELIABILITY 3.3), and what becomes of an agent's mail without one.
 */
#include <string.h>

#include "parser/conf_private.h"

static const char *const trust_words[] = { "none", "authserv-id",
	"topmost-no-id", "dkim-local", NULL };
static const char *const unproven_words[] = { "challenge", "note", "refuse",
	NULL };
static const char *const results_words[] = { "above", "below", NULL };

static void
want_trust(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	conf_want_words(k, n, s);
	if (strcmp(conf_text(n, 0), "dkim-local") == 0)
		conf_bad(k, &n->args[0], "trust authserv-id, or trust none",
		    "this version cannot check signatures by itself yet");
}

static void
put_trust(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_auth *auth = base;

	conf_put_word(a, n, s, base);
	auth->named = auth->trust != TRUST_NONE;
}

/* A host, or for Exchange Online, whose hosts are many, "*.outlook.com". */
static void
want_host(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const char *host = conf_text(n, 0);

	(void)s;
	if (!conf_is_plain(k, &n->args[0]))
		return;
	if (strncmp(host, "*.", 2) == 0)
		host += 2;
	if (!conf_name(host))
		conf_bad(k, &n->args[0], "as in boundary-by mx1.example.com",
		    "'%.80s' is not the name of a host", conf_text(n, 0));
}

const struct conf_setting conf_auth_rows[] = {
	ROW("trust", 1, 1, CONF_ONCE, "trust authserv-id", .check = want_trust,
	    .words = trust_words, PUT(put_trust, conf_auth, trust)),
	ROW("authserv-id", 1, 1, CONF_ONCE, "authserv-id mx1.example.com",
	    .check = conf_want_names,
	    PUT(conf_put_text, conf_auth, authserv_id)),
	ROW("boundary-by", 1, 1, CONF_ONCE, "boundary-by mx1.example.com",
	    .check = want_host, PUT(conf_put_text, conf_auth, boundary_by)),
	ROW("results", 1, 1, CONF_ONCE, "results above",
	    .check = conf_want_words, .words = results_words,
	    PUT(conf_put_word, conf_auth, results)),
	ROW("unauth-agent", 1, 1, CONF_ONCE, "unauth-agent challenge",
	    .check = conf_want_words, .words = unproven_words,
	    PUT(conf_put_word, conf_auth, unproven)),
	{ 0 },
};

/* A verdict without the line where our border begins can be forged. */
static void
check_needs(struct conf_check *k, const struct conf_node *n, const char *trust)
{
	static const char *const needs[] = { "authserv-id", "boundary-by" };

	for (size_t i = strcmp(trust, "authserv-id") != 0; i < 2; i++)
		if (conf_child(n, needs[i]) == NULL)
			conf_say(k->talk, CONF_ERROR, &n->place,
			    "name the server that checks your mail",
			    "'trust %.80s' needs '%s'", trust, needs[i]);
}

/* What has no meaning under that trust would be taken for a protection. */
static void
check_idle(struct conf_check *k, const struct conf_node *n, const char *trust)
{
	static const struct {
		const char *trust, *setting;
	} idle[] = {
		{ "topmost-no-id", "authserv-id" },
		{ "topmost-no-id", "results" },
		{ "none", "authserv-id" },
		{ "none", "boundary-by" },
		{ "none", "results" },
		{ "none", "unauth-agent" },
	};

	for (size_t i = 0; i < sizeof(idle) / sizeof(*idle); i++) {
		const struct conf_node *c = conf_child(n, idle[i].setting);

		if (c != NULL && strcmp(idle[i].trust, trust) == 0)
			conf_say(k->talk, CONF_WARNING, &c->place,
			    "leave it out, or change trust",
			    "'%s' has no effect with 'trust %s'", c->name,
			    trust);
	}
}

void
conf_cross_auth(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	const struct conf_node *trust = conf_child(n, "trust"),
			       *by = conf_child(n, "boundary-by");
	const char *word = trust != NULL ? conf_text(trust, 0) : "none";

	(void)block;
	check_idle(k, n, word);
	if (strcmp(word, "none") == 0 || strcmp(word, "dkim-local") == 0)
		return;
	check_needs(k, n, word);
	if (strcmp(word, "authserv-id") == 0 && by != NULL &&
	    *conf_text(by, 0) == '*')
		conf_bad(k, &by->args[0], "one host, as in mx1.example.com",
		    "many hosts are a border only for 'topmost-no-id'");
}
