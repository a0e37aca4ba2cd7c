/*
 * The blocks rule and test: what a rule does (CONFIG 5; what it asks is in
 * conf_when.c), and what a test of the rules may expect.
 */
#include <string.h>

#include "parser/address.h"
#include "parser/conf_private.h"

/* Actions. */

static void
want_assign(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const words[] = { "team", "agent", NULL };

	(void)s;
	conf_is_word(k, &n->args[0], words, "something to assign to");
	conf_is_plain(k, &n->args[1]);
}

static void
cross_assign(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	const char *kind = n->args[0].text;

	(void)block;
	if (strcmp(kind, "team") == 0 || strcmp(kind, "agent") == 0)
		conf_refer(k, kind, &n->args[1], n->args[1].text);
}

/* "set" and "expect" share the fields. */
static const char *const fields[] = { "type", "impact", "urgency", "priority",
	"category", "requester", "subject", "tier", NULL };
static const char *const tiers[] = { "1", "2", "3", "4", NULL };
static const char *const pins[] = { "critical", "high", "normal", "low",
	"matrix", NULL };
static const struct {
	const char *const *words;
	const char *what;
} field_values[] = {
	{ conf_types, "a type" },
	{ conf_levels, "an impact" },
	{ conf_levels, "an urgency" },
	{ pins, "a priority" },
	{ NULL, NULL },
	{ NULL, NULL },
	{ NULL, NULL },
	{ tiers, "a tier" },
};

static void
check_field(struct conf_check *k, int field, const struct conf_arg *arg)
{
	if (field_values[field].words == NULL)
		conf_is_plain(k, arg);
	else
		conf_is_word(k, arg, field_values[field].words,
		    field_values[field].what);
}

static void
want_set(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const struct {
		const char *word, *hint;
	} others[] = {
		{ "team", "write: assign team network" },
		{ "agent", "write: assign agent ana" },
		{ "assignee", "write: assign agent ana" },
		{ "tag", "write: tag vpn" },
		{ "sla", "write: sla standard" },
	};

	(void)s;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i].word, n->args[0].text) == 0) {
			conf_bad(k, &n->args[0], others[i].hint,
			    "'%s' is not set with 'set'", others[i].word);
			return;
		}
	if (conf_is_word(k, &n->args[0], fields, "a field of a ticket"))
		check_field(
		    k, conf_index(fields, n->args[0].text), &n->args[1]);
}

static void
cross_watch(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	(void)block;
	for (size_t i = 0; i < n->args_n; i++)
		if (!address_valid(n->args[i].text))
			conf_refer(k, "agent", &n->args[i], n->args[i].text);
}

/* kb:vpn-reset, template:outage */
static void
want_answer(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const struct conf_arg *arg = &n->args[0];
	const char *name = strchr(arg->text, ':');

	(void)s;
	if (conf_is_plain(k, arg) &&
	    ((strncmp(arg->text, "kb:", 3) != 0 &&
		 strncmp(arg->text, "template:", 9) != 0) ||
		!conf_name(name + 1)))
		conf_bad(k, arg, "write kb:password-reset or template:outage",
		    "'%.80s' is nothing to answer with", arg->text);
}

/* kb:vpn-reset */
static void
want_articles(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		if (conf_is_plain(k, &n->args[i]) &&
		    (strncmp(n->args[i].text, "kb:", 3) != 0 ||
			!conf_name(n->args[i].text + 3)))
			conf_bad(k, &n->args[i], "write kb:vpn-reset",
			    "'%.80s' is not an article", n->args[i].text);
}

static void
want_webhooks(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		if (conf_is_plain(k, &n->args[i]) &&
		    strncmp(n->args[i].text, "webhook:", 8) != 0)
			conf_bad(k, &n->args[i], "write webhook:noc",
			    "'%.80s' is not a webhook", n->args[i].text);
}

static void
cross_notify(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	(void)block;
	for (size_t i = 0; i < n->args_n; i++)
		conf_cross_webhook(k, &n->args[i]);
}

/* open tickets "KEY" */
static void
want_merge(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const words[] = { "open", NULL };
	static const char *const more[] = { "tickets", NULL };

	(void)s;
	if (conf_is_word(k, &n->args[0], words, "a value of 'merge'") &&
	    conf_is_word(k, &n->args[1], more, "a value of 'merge'"))
		conf_is_plain(k, &n->args[2]);
}

static const char *const quietly[] = { "quietly", NULL };
static const char *const events[CONF_EVENTS + 1] = { "new", "reply", "agent",
	"timer", NULL };

const struct conf_setting conf_rule_rows[] = {
	ROW("when", 1, CONF_MANY, 0, "when subject has vpn",
	    .check = conf_want_when, .cross = conf_cross_when),
	ROW("unless", 1, CONF_MANY, 0, "unless from @example.com",
	    .check = conf_want_when, .cross = conf_cross_when),
	ROW("any", 0, 0, CONF_BLOCK, "any", .inside = conf_any_rows),
	ROW("on", 1, CONF_EVENTS, CONF_ONCE, "on new reply",
	    .check = conf_want_words, .words = events),
	ROW("assign", 2, 2, 0, "assign team network", .check = want_assign,
	    .cross = cross_assign),
	ROW("set", 2, 2, 0, "set priority high", .check = want_set),
	ROW("tag", 1, 50, 0, "tag vpn", .check = conf_want_text),
	ROW("watch", 1, 50, 0, "watch dieter", .check = conf_want_text,
	    .cross = cross_watch),
	ROW("cc", 1, 50, 0, "cc boss@example.com", .check = conf_want_text,
	    .cross = cross_watch),
	ROW("suggest", 1, 20, CONF_LATER, "suggest kb:vpn-reset",
	    .check = want_articles),
	ROW("reply", 1, 1, CONF_ONCE, "reply kb:password-reset",
	    .check = want_answer, .later = "kb:"),
	ROW("sla", 1, 1, CONF_ONCE | CONF_LATER, "sla standard",
	    .check = conf_want_text, .refers = "sla"),
	ROW("notify", 1, 20, CONF_LATER, "notify webhook:noc",
	    .check = want_webhooks, .cross = cross_notify),
	ROW("merge", 3, 3, CONF_ONCE,
	    "merge open tickets \"host {{match.host}}\"", .check = want_merge),
	ROW("quarantine", 1, 1, CONF_ONCE, "quarantine spam",
	    .check = conf_want_text),
	ROW("hold", 1, 1, CONF_ONCE, "hold \"looks strange\"",
	    .check = conf_want_text),
	ROW("drop", 0, 1, CONF_ONCE, "drop quietly", .check = conf_want_words,
	    .words = quietly),
	ROW("log", 0, 1, 0, "log \"seen\"", .check = conf_want_text),
	ROW("stop", 0, 0, CONF_ONCE, "stop", .check = NULL),
	{ 0 },
};

/* Which events a rule is asked for, as bits. */
static unsigned
events_of(const struct conf_node *rule)
{
	const struct conf_node *on = conf_child(rule, "on");
	unsigned set = 0;

	if (on == NULL)
		return 1;
	for (size_t i = 0; i < on->args_n; i++) {
		int e = conf_index(events, on->args[i].text);

		if (e >= 0)
			set |= 1u << e;
	}
	return set;
}

static bool
asks(const struct conf_node *n)
{
	static const char *const words[] = { "when", "unless", "any", "on",
		NULL };

	return conf_index(words, n->name) >= 0;
}

/* A rule that does nothing, or waits for nothing. */
static void
check_parts(struct conf_check *k, const struct conf_node *rule)
{
	const struct conf_node *n = rule->child;
	bool acts = false;

	for (; n != NULL; n = n->next) {
		acts |= !asks(n);
		if (n->block && n->child == NULL && strcmp(n->name, "any") == 0)
			conf_say(k->talk, CONF_ERROR, &n->place,
			    "like: any { subject has vpn; to vpn@example.com }",
			    "nothing stands in this block, so the rule never "
			    "matches");
	}
	if (!acts && rule->args_n > 0)
		conf_say(k->talk, CONF_WARNING, &rule->place,
		    "like: assign team network", "rule '%.80s' does nothing",
		    rule->args[0].text);
}

/* A rule is never reached when one before it takes every mail and stops. */
void
conf_cross_rule(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	const struct conf_node *catcher = NULL;
	unsigned set = events_of(n);
	bool free_event = set == 0;

	(void)block;
	check_parts(k, n);
	for (int e = 0; e < CONF_EVENTS; e++) {
		if ((set & 1u << e) == 0)
			continue;
		if (k->catcher[e] == NULL)
			free_event = true;
		else if (catcher == NULL)
			catcher = k->catcher[e];
	}
	if (!free_event)
		conf_say(k->talk, CONF_WARNING, &n->place, NULL,
		    "never reached: rule '%.80s' (%s) matches every mail and "
		    "stops",
		    conf_text(catcher, 0),
		    conf_where(k->talk, &catcher->place));
	if (conf_child(n, "stop") == NULL || conf_child(n, "when") != NULL ||
	    conf_child(n, "unless") != NULL || conf_child(n, "any") != NULL)
		return;
	for (int e = 0; e < CONF_EVENTS; e++)
		if ((set & 1u << e) != 0 && k->catcher[e] == NULL)
			k->catcher[e] = n;
}

/* Tests of the rules. */

static void
want_at(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const char *t = n->args[0].text;
	int minute;

	(void)s;
	if (n->args[0].form == FORM_PATTERN || strlen(t) != 16 ||
	    !conf_date(t, 10) || t[10] != ' ' || !conf_time(t + 11, 5, &minute))
		conf_bad(k, &n->args[0], "write \"2026-08-04 03:00\"",
		    "'%.80s' is not a day and a time", t);
}

static const char *const expected[] = { "type", "impact", "urgency", "priority",
	"category", "requester", "subject", "tier", "team", "agent", "tag",
	"rules", "action", "sla", NULL };

static void
want_expect(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const actions[] = { "drop", "hold", "quarantine",
		"reply", "suggest", "merge", "notify", "watch", "cc", "stop",
		NULL };
	int field = conf_index(fields, n->args[0].text);

	(void)s;
	if (!conf_is_word(
		k, &n->args[0], expected, "something a test can expect"))
		return;
	for (size_t i = 1; i < n->args_n; i++)
		if (field >= 0)
			check_field(k, field, &n->args[i]);
		else if (strcmp(n->args[0].text, "action") == 0)
			conf_is_word(k, &n->args[i], actions, "an action");
		else
			conf_is_plain(k, &n->args[i]);
}

static void
cross_expect(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	static const char *const kinds[][2] = { { "team", "team" },
		{ "agent", "agent" }, { "rules", "rule" }, { "sla", "sla" } };

	(void)block;
	for (size_t j = 0; j < sizeof(kinds) / sizeof(kinds[0]); j++)
		if (strcmp(n->args[0].text, kinds[j][0]) == 0)
			for (size_t i = 1; i < n->args_n; i++)
				conf_refer(k, kinds[j][1], &n->args[i],
				    n->args[i].text);
}

static void
want_body(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	if (n->args[0].form == FORM_PATTERN)
		conf_bad(k, &n->args[0], "put it into quotes",
		    "a pattern cannot stand here");
}

const struct conf_setting conf_test_rows[] = {
	ROW("from", 1, 1, CONF_ONCE, "from maria@kunde.example",
	    .check = conf_want_addresses),
	ROW("to", 1, 20, CONF_ONCE, "to support@example.com",
	    .check = conf_want_addresses),
	ROW("cc", 1, 20, CONF_ONCE, "cc jo@example.com",
	    .check = conf_want_addresses),
	ROW("subject", 1, 1, CONF_ONCE, "subject \"VPN is down\"",
	    .check = conf_want_text),
	ROW("body", 1, 1, CONF_ONCE, "body \"It does not connect.\"",
	    .check = want_body),
	ROW("header", 2, 2, 0, "header X-Spam-Flag yes",
	    .check = conf_want_text),
	ROW("attachment", 1, 20, 0, "attachment invoice.pdf",
	    .check = conf_want_text),
	ROW("mailbox", 1, 1, CONF_ONCE, "mailbox support",
	    .check = conf_want_text, .refers = "mailbox"),
	ROW("language", 1, 1, CONF_ONCE, "language de",
	    .check = conf_want_codes),
	ROW("at", 1, 1, CONF_ONCE, "at \"2026-08-04 03:00\"", .check = want_at),
	ROW("expect", 2, 50, CONF_MUST, "expect team network",
	    .check = want_expect, .cross = cross_expect),
	{ 0 },
};
