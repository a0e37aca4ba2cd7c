/*
 * The top level and the blocks tickets and smaller ones of one setting.  The
 * other tables stand in conf_mail.c, conf_people.c, conf_rule.c, conf_later.c.
 * One row a setting: what it takes, how it is checked, where it goes.
 */
#include <string.h>

#include "parser/conf_private.h"
#include "parser/limits.h"

/* tickets */

/* "EX-{{number}}": the tag is looked for in subjects, so it must be plain. */
static void
want_id(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char end[] = "{{number}}";
	const struct conf_arg *arg = &n->args[0];
	size_t len = strlen(arg->text), cut = strlen(end);
	char *prefix;

	(void)s;
	if (!conf_is_plain(k, arg))
		return;
	if (len <= cut || strcmp(arg->text + len - cut, end) != 0) {
		conf_bad(k, arg, "write \"EX-{{number}}\"",
		    "'id' must be a prefix and then {{number}}");
		return;
	}
	prefix = arena_strndup(k->talk->arena, arg->text, len - cut);
	if (!conf_name(prefix) || len - cut > 16 ||
	    (prefix[0] >= '0' && prefix[0] <= '9') ||
	    (prefix[len - cut - 1] >= '0' && prefix[len - cut - 1] <= '9'))
		conf_bad(k, arg,
		    "1 to 16 letters, digits, - _ or .; a letter first, no "
		    "digit last",
		    "'%.80s' is not a good prefix", prefix);
}

static void
put_id(struct arena *a, const struct conf_node *n, const struct conf_setting *s,
    void *base)
{
	struct conf_tickets *t = base;
	const char *text = n->args[0].text;

	(void)s;
	t->prefix = arena_strndup(a, text, strlen(text) - strlen("{{number}}"));
}

static const char *const tag_words[] = {
	[TAG_RIGHT] = "right",
	[TAG_LEFT] = "left",
	[TAG_NONE] = "none",
	NULL,
};

/* known|all [once-per DURATION] */
static void
want_acknowledge(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const who[] = { "known", "all", NULL };
	static const char *const how[] = { "once-per", NULL };

	conf_is_word(k, &n->args[0], who, "a value of 'acknowledge'");
	if (n->args_n > 1 &&
	    conf_is_word(k, &n->args[1], how, "a value of 'acknowledge'") &&
	    conf_is_count(k, n, 3, 3, s->like))
		conf_is_duration(k, &n->args[2]);
}

static void
put_acknowledge(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_tickets *t = base;

	(void)a;
	(void)s;
	t->acknowledge = strcmp(n->args[0].text, "all") == 0 ? ACK_ALL
							     : ACK_KNOWN;
	if (n->args_n > 2)
		conf_duration(n->args[2].text, &t->once_per);
}

static void
want_size(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const struct conf_arg *arg = &n->args[0];
	int64_t v;

	(void)s;
	if (arg->form == FORM_PATTERN || !conf_size(arg->text, &v))
		conf_bad(k, arg, "write 25M or 500K", "'%.80s' is not a size",
		    arg->text);
	else if (v < 64 << 10 || v > MAIL_MAX)
		conf_bad(k, arg, "25M is usual",
		    "'max-size' must be between 64K and %dM", MAIL_MAX >> 20);
}

static void
put_size(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_tickets *t = base;

	(void)a;
	(void)s;
	conf_size(n->args[0].text, &t->max_size);
}

/* resolved|off [1-tap] [30%] */
static void
want_survey(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const words[] = { "resolved", "closed", "1-tap",
		"off", NULL };
	int64_t v;

	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		if (i == 0 || n->args[i].form == FORM_PATTERN ||
		    !conf_share(n->args[i].text, &v))
			conf_is_word(
			    k, &n->args[i], words, "a value of 'survey'");
}

/* "#" agents: the mark before a command, and who may give one. */
static void
want_commands(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const marks[] = { "#", "/", "off", NULL };
	static const char *const who[] = { "agents", "leads", NULL };

	(void)s;
	conf_is_word(k, &n->args[0], marks, "a mark for commands");
	if (n->args_n > 1)
		conf_is_word(k, &n->args[1], who, "a value of 'commands'");
}

static void
put_commands(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_tickets *t = base;

	(void)a;
	(void)s;
	if (strcmp(n->args[0].text, "off") == 0)
		t->commands = COMMANDS_OFF;
	else if (n->args_n > 1 && strcmp(n->args[1].text, "leads") == 0)
		t->commands = COMMANDS_LEADS;
	else
		t->commands = COMMANDS_AGENTS;
}

static const char *const tokens_words[] = { "plus", "catch-all", "none", NULL };

/* plus, none, catch-all DOMAIN */
static void
want_tokens(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	bool domain = strcmp(n->args[0].text, "catch-all") == 0;

	if (conf_is_word(
		k, &n->args[0], tokens_words, "a value of 'reply-tokens'") &&
	    conf_is_count(k, n, domain ? 2 : 1, domain ? 2 : 1, s->like) &&
	    domain && conf_is_plain(k, &n->args[1]) &&
	    !conf_name(n->args[1].text))
		conf_bad(k, &n->args[1], "write help.example.com",
		    "'%.80s' is not a domain", n->args[1].text);
}

static void
put_tokens(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_tickets *t = base;

	(void)a;
	(void)s;
	t->tokens = (enum conf_tokens)conf_index(tokens_words, n->args[0].text);
	t->token_domain = n->args_n > 1 ? n->args[1].text : NULL;
}

static const char *const receipts_words[] = { "when-hidden", "always", "never",
	NULL };
static const char *const stale_words[] = { "ask", "send", NULL };
static const char *const auto_words[] = { "note", "held", "ignore", NULL };

#define DURATION_ROW(name, flags, like, field)              \
	ROW(name, 1, 1, CONF_ONCE | (flags), name " " like, \
	    .check = conf_want_durations,                   \
	    PUT(conf_put_duration, conf_tickets, field))

const struct conf_setting conf_tickets_rows[] = {
	ROW("id", 1, 1, CONF_ONCE, "id \"EX-{{number}}\"", .check = want_id,
	    .put = put_id),
	ROW("subject-tag", 1, 1, CONF_ONCE, "subject-tag right",
	    .check = conf_want_words, .words = tag_words,
	    PUT(conf_put_word, conf_tickets, subject_tag)),
	ROW("acknowledge", 1, 3, CONF_ONCE, "acknowledge known once-per 10m",
	    .check = want_acknowledge, .put = put_acknowledge),
	DURATION_ROW("send-delay", 0, "60s", send_delay),
	DURATION_ROW("undo", 0, "15m", undo),
	DURATION_ROW("reopen-within", 0, "14d", reopen_within),
	DURATION_ROW("close-after", CONF_LATER, "5d", close_after),
	DURATION_ROW("remind-requester", CONF_LATER, "3d", remind),
	DURATION_ROW("duplicate-window", 0, "30m", duplicate_window),
	ROW("max-size", 1, 1, CONF_ONCE, "max-size 25M", .check = want_size,
	    .put = put_size),
	ROW("receipts", 1, 1, CONF_ONCE, "receipts when-hidden",
	    .check = conf_want_words, .words = receipts_words,
	    PUT(conf_put_word, conf_tickets, receipts)),
	ROW("stale-replies", 1, 1, CONF_ONCE, "stale-replies ask",
	    .check = conf_want_words, .words = stale_words,
	    PUT(conf_put_word, conf_tickets, stale)),
	ROW("survey", 1, 3, CONF_ONCE | CONF_LATER, "survey resolved 1-tap 30%",
	    .check = want_survey),
	ROW("auto-replies", 1, 1, CONF_ONCE | CONF_LATER, "auto-replies note",
	    .check = conf_want_words, .words = auto_words),
	ROW("commands", 1, 2, CONF_ONCE, "commands \"#\" agents",
	    .check = want_commands, .put = put_commands),
	ROW("reply-tokens", 1, 2, CONF_ONCE, "reply-tokens plus",
	    .check = want_tokens, .put = put_tokens),
	{ 0 },
};

/* The top level. */

/* PATH [hourly|daily|weekly] [keep N] */
static void
want_backup(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const words[] = { "hourly", "daily", "weekly",
		"keep", NULL };
	int64_t v;

	if (conf_is_plain(k, &n->args[0]) && n->args[0].text[0] != '/')
		conf_bad(k, &n->args[0], "write the whole path, from / on",
		    "'%.80s' is not a full path", n->args[0].text);
	for (size_t i = 1; i < n->args_n; i++) {
		if (!conf_is_word(k, &n->args[i], words, "a value of 'backup'"))
			return;
		if (strcmp(n->args[i].text, "keep") != 0)
			continue;
		if (!conf_is_count(k, n, i + 2, i + 2, s->like))
			return;
		if (!conf_number(n->args[++i].text, 1, 10000, &v))
			conf_bad(k, &n->args[i], "keep 14",
			    "'%.80s' is not a number", n->args[i].text);
	}
}

static void
want_retention(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const words[] = { "quarantine", "raw", "outbox",
		"events", NULL };

	(void)s;
	conf_is_word(k, &n->args[0], words, "something that is kept");
	conf_is_duration(k, &n->args[1]);
}

/* Letters are written in these, so there must be templates. */
static void
cross_languages(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	const struct conf_node *t = conf_child(block, "templates");
	const struct conf_file *file = n->place.file;
	const char *folder = t != NULL ? conf_text(t, 0) : NULL;

	if (k->src->language == NULL)
		return;
	while (file->from != NULL)
		file = file->from;
	if (folder == NULL)
		folder = conf_beside(k->talk->arena, file->path, "templates");
	for (size_t i = 0; i < n->args_n; i++)
		if (conf_code(n->args[i].text) &&
		    !k->src->language(k->src->ctx, folder, n->args[i].text))
			conf_say(k->talk, CONF_WARNING, &n->args[i].place,
			    "the first of 'languages' is used instead",
			    "there are no templates in '%.80s'",
			    n->args[i].text);
}

static const char *const log_words[] = { "text", "json", "privacy", NULL };
static const char *const only_words[] = { "agents", "all", NULL };

#define TITLED (CONF_BLOCK | CONF_TITLE)

const struct conf_setting conf_top[] = {
	ROW("name", 1, 1, CONF_ONCE, "name \"Example IT Support\"",
	    .check = conf_want_text, PUT(conf_put_text, conf, desk)),
	ROW("address", 1, 1, CONF_ONCE, "address support@example.com",
	    .check = conf_want_addresses, PUT(conf_put_text, conf, address)),
	ROW("admin", 1, 20, CONF_ONCE, "admin root@example.com",
	    .check = conf_want_addresses, PUTS(conf_put_texts, conf, admins)),
	ROW("timezone", 1, 1, CONF_ONCE, "timezone Europe/Berlin",
	    .check = conf_want_zone, PUT(conf_put_text, conf, timezone)),
	ROW("languages", 1, 50, CONF_ONCE, "languages en de",
	    .check = conf_want_codes, .cross = cross_languages,
	    PUTS(conf_put_texts, conf, languages)),
	ROW("state", 1, 1, CONF_ONCE, "state /var/lib/deskd",
	    .check = conf_want_paths, PUT(conf_put_text, conf, state)),
	ROW("templates", 1, 1, CONF_ONCE, "templates /etc/deskd/templates",
	    .check = conf_want_paths, PUT(conf_put_text, conf, templates)),
	ROW("token-keys", 1, 1, CONF_ONCE, "token-keys credential:token-keys",
	    .check = conf_want_secret, PUT(conf_put_secret, conf, token_keys)),
	ROW("log", 1, 2, CONF_ONCE | CONF_LATER, "log json",
	    .check = conf_want_words, .words = log_words),
	ROW("send-only-to", 1, 1, CONF_ONCE | CONF_LATER, "send-only-to agents",
	    .check = conf_want_words, .words = only_words),
	ROW("vip", 1, CONF_MANY, 0, "vip ceo@example.com",
	    .check = conf_want_people),
	ROW("retention", 2, 2, CONF_LATER, "retention quarantine 30d",
	    .check = want_retention),
	ROW("backup", 1, 4, CONF_ONCE | CONF_LATER,
	    "backup /var/backups/deskd daily keep 14", .check = want_backup),
	ROW("mailbox", 1, 1, TITLED, "mailbox support",
	    .inside = conf_mailbox_rows, .cross = conf_cross_mailbox),
	ROW("smtp", 0, 0, CONF_BLOCK | CONF_ONCE, "smtp",
	    .inside = conf_smtp_rows, .cross = conf_cross_smtp),
	ROW("tickets", 0, 0, CONF_BLOCK | CONF_ONCE, "tickets",
	    .inside = conf_tickets_rows),
	ROW("agent", 1, 2, TITLED, "agent ana \"Ana Silva\"",
	    .inside = conf_agent_rows),
	ROW("team", 1, 2, TITLED, "team network \"Network & VPN\"",
	    .inside = conf_team_rows, .cross = conf_cross_team),
	ROW("agent-auth", 0, 0, CONF_BLOCK | CONF_ONCE, "agent-auth",
	    .inside = conf_auth_rows, .cross = conf_cross_auth),
	ROW("priority-matrix", 0, 0, CONF_BLOCK | CONF_ONCE, "priority-matrix",
	    .inside = conf_matrix_rows, .cross = conf_cross_matrix),
	ROW("metrics", 0, 0, CONF_BLOCK | CONF_ONCE | CONF_LATER, "metrics",
	    .inside = conf_metrics_rows),
	ROW("webhook", 1, 1, TITLED | CONF_LATER, "webhook noc",
	    .inside = conf_webhook_rows),
	ROW("oauth2", 1, 1, TITLED | CONF_LATER, "oauth2 m365",
	    .inside = conf_oauth2_rows),
	ROW("calendar", 1, 2, TITLED, "calendar office",
	    .inside = conf_calendar_rows),
	ROW("sla", 1, 2, TITLED | CONF_LATER, "sla standard",
	    .inside = conf_sla_rows),
	ROW("org", 1, 2, TITLED, "org example \"Example Ltd\"",
	    .inside = conf_org_rows),
	ROW("rule", 1, 2, TITLED, "rule vpn \"VPN\"", .inside = conf_rule_rows,
	    .cross = conf_cross_rule),
	ROW("test", 1, 1, TITLED | CONF_FREE,
	    "test \"a VPN mail reaches Network\"", .inside = conf_test_rows),
	{ 0 },
};
