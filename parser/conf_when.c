/*
 * What a rule may ask: the conditions of "when", "unless" and "any" (CONFIG
 * 5).  Only the words are checked here; what they mean is rules/' matter.
 */
#include <string.h>

#include "parser/address.h"
#include "parser/conf_private.h"
#include "parser/limits.h"

#define SENDER_MAX 1000 /* bytes of a name and an address */

/*
 * The values of a condition are n->args[from] and on: "when subject /x/"
 * begins at 1, the same inside of any { } at 0.
 */
struct condition {
	const char *name;
	void (*check)(struct conf_check *k, const struct conf_node *n,
	    size_t from, const struct condition *c);
	const char *refers;
	size_t most;              /* bytes of the text it looks at */
	const char *const *words; /* of want_enum */
	const char *what;         /* "a priority" */
};

static bool
has_value(struct conf_check *k, const struct conf_node *n, size_t from)
{
	bool inside = strcmp(n->name, "when") != 0 &&
	    strcmp(n->name, "unless") != 0;
	const struct conf_setting *row;

	if (n->args_n > from)
		return true;
	row = conf_find(conf_any_rows, inside ? n->name : n->args[0].text);
	conf_say(k->talk, CONF_ERROR,
	    from > 0 ? &n->args[from - 1].place : &n->place,
	    row == NULL
		? NULL
		: arena_printf(k->talk->arena, "like: %s%s%s",
		      inside ? "" : n->name, inside ? "" : " ", row->like),
	    "a value must follow '%.80s'",
	    from > 0 ? n->args[from - 1].text : n->name);
	return false;
}

/*
 * Words that other languages put before or between values.  Here they would be
 * values themselves, and a rule that looks for "or" takes every mail.
 */
static const struct {
	const char *word, *hint;
	bool between;
} foreign[] = {
	{ "contains", "write has", false },
	{ "contain", "write has", false },
	{ "includes", "write has", false },
	{ "is", "leave it out", false },
	{ "equals", "leave it out", false },
	{ "=", "leave it out", false },
	{ "==", "leave it out", false },
	{ "~", "leave it out: a pattern is /.../", false },
	{ "=~", "leave it out: a pattern is /.../", false },
	{ "matches", "leave it out: a pattern is /.../", false },
	{ "like", "write has, or a /pattern/", false },
	{ "not", "write unless in place of when", false },
	{ "!=", "write unless in place of when", false },
	{ "or", "leave it out: one of the values is enough", true },
	{ "||", "leave it out: one of the values is enough", true },
	{ "and", "write a second line: all of them must hold", true },
	{ "&&", "write a second line: all of them must hold", true },
};

/* false: one of them, reported; in quotes each is a text like any other. */
static bool
is_own_word(struct conf_check *k, const struct conf_arg *arg, bool first)
{
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		if (arg->form != FORM_WORD ||
		    strcmp(foreign[i].word, arg->text) != 0 ||
		    (!first && !foreign[i].between))
			continue;
		conf_bad(k, arg, foreign[i].hint,
		    "'%s' would be looked for as a text; if that is meant, "
		    "quote it",
		    arg->text);
		return false;
	}
	return true;
}

/* Quoted text full of what only patterns have. */
static bool
looks_like_pattern(const char *s)
{
	static const char *const marks[] = { "|", ".*", ".+", "\\b", "\\d",
		"\\s", "\\w", "(?", "[a-z", "[0-9", NULL };

	for (int i = 0; marks[i] != NULL; i++)
		if (strstr(s, marks[i]) != NULL)
			return true;
	return s[0] == '^' ||
	    (s[0] == '/' && strlen(s) > 2 && strrchr(s, '/') > s);
}

static void
check_value(
    struct conf_check *k, const struct conf_arg *arg, const struct condition *c)
{
	if (arg->form == FORM_PATTERN) {
		conf_is_pattern(k, arg, c->most);
	} else if (arg->form == FORM_WORD && arg->text[0] == '/') {
		conf_bad(k, arg,
		    "a pattern is /.../ and then any of i m s x; write \\/ for "
		    "a slash in it, quotes for a path",
		    "a pattern without an end, or with an unknown letter "
		    "after it");
	} else if (conf_is_plain(k, arg) && arg->form != FORM_WORD &&
	    looks_like_pattern(arg->text)) {
		conf_say(k->talk, CONF_WARNING, &arg->place,
		    "a pattern is written between slashes: /.../i",
		    "quoted text is compared as it stands");
	}
}

/* ">5M", "<10K" */
static void
is_size(struct conf_check *k, const struct conf_arg *arg)
{
	const char *s = arg->text;
	int64_t v;

	if (arg->form == FORM_PATTERN || (*s != '<' && *s != '>') ||
	    !conf_size(s + 1, &v))
		conf_bad(k, arg, "write >5M or <10K",
		    "'%.80s' is not a size to compare with", s);
}

/* [has] word "text" /pattern/ ... */
static void
want_texts(struct conf_check *k, const struct conf_node *n, size_t from,
    const struct condition *c)
{
	bool has = n->args_n > from && n->args[from].form == FORM_WORD &&
	    strcmp(n->args[from].text, "has") == 0;

	from += has;
	if (!has_value(k, n, from))
		return;
	for (size_t i = from; i < n->args_n; i++)
		if (is_own_word(k, &n->args[i], i == from && !has))
			check_value(k, &n->args[i], c);
}

/* A glob, a text, a pattern as above; a size when it begins like one. */
static void
want_attachments(struct conf_check *k, const struct conf_node *n, size_t from,
    const struct condition *c)
{
	want_texts(k, n, from, c);
	for (size_t i = from; i < n->args_n; i++)
		if (n->args[i].form == FORM_WORD &&
		    strchr("<>", n->args[i].text[0]) != NULL)
			is_size(k, &n->args[i]);
}

static void
want_header(struct conf_check *k, const struct conf_node *n, size_t from,
    const struct condition *c)
{
	if (has_value(k, n, from) && conf_is_plain(k, &n->args[from]))
		want_texts(k, n, from + 1, c);
}

/* "ana@example.com", "@example.com" */
static bool
is_sender(struct conf_check *k, const char *s)
{
	return address_valid(
	    s[0] == '@' ? arena_printf(k->talk->arena, "x%s", s) : s);
}

/* An address, @domain, a part of one in quotes, a pattern, vip. */
static void
want_senders(struct conf_check *k, const struct conf_node *n, size_t from,
    const struct condition *c)
{
	if (!has_value(k, n, from))
		return;
	for (size_t i = from; i < n->args_n; i++) {
		const struct conf_arg *arg = &n->args[i];

		if (i == from && arg->form == FORM_WORD &&
		    strcmp(arg->text, "has") == 0) {
			conf_bad(k, arg,
			    "leave it out; a part of a name or an address "
			    "goes into quotes",
			    "people are not searched for words");
			return;
		}
		if (!is_own_word(k, arg, i == from))
			continue;
		check_value(k, arg, c);
		if (arg->form == FORM_WORD && arg->text[0] != '/' &&
		    strcmp(arg->text, "vip") != 0 && !is_sender(k, arg->text))
			conf_bad(k, arg,
			    "write name@example.com, @example.com, vip, or "
			    "/pattern/",
			    "'%.80s' is not a mail address", arg->text);
	}
}

static void
want_plain(struct conf_check *k, const struct conf_node *n, size_t from,
    const struct condition *c)
{
	(void)c;
	if (!has_value(k, n, from))
		return;
	for (size_t i = from; i < n->args_n; i++)
		conf_is_plain(k, &n->args[i]);
}

/* size >5M */
static void
want_sizes(struct conf_check *k, const struct conf_node *n, size_t from,
    const struct condition *c)
{
	(void)c;
	if (!has_value(k, n, from))
		return;
	for (size_t i = from; i < n->args_n; i++)
		is_size(k, &n->args[i]);
}

static void
want_language(struct conf_check *k, const struct conf_node *n, size_t from,
    const struct condition *c)
{
	(void)c;
	if (!has_value(k, n, from))
		return;
	for (size_t i = from; i < n->args_n; i++)
		if (n->args[i].form == FORM_PATTERN ||
		    !conf_code(n->args[i].text))
			conf_bad(k, &n->args[i], "write en, de or fr",
			    "'%.80s' is not a language", n->args[i].text);
}

static void
want_enum(struct conf_check *k, const struct conf_node *n, size_t from,
    const struct condition *c)
{
	if (!has_value(k, n, from))
		return;
	for (size_t i = from; i < n->args_n; i++)
		conf_is_word(k, &n->args[i], c->words, c->what);
}

/* hours off office */
static void
want_open(struct conf_check *k, const struct conf_node *n, size_t from,
    const struct condition *c)
{
	static const char *const words[] = { "open", "off", NULL };

	(void)c;
	if (!has_value(k, n, from) ||
	    !conf_is_word(k, &n->args[from], words, "a value of 'hours'"))
		return;
	if (n->args_n > from + 1)
		conf_is_count(k, n, from + 2, from + 2, "hours off office");
}

/* similar 3 within 1h */
static void
want_similar(struct conf_check *k, const struct conf_node *n, size_t from,
    const struct condition *c)
{
	static const char *const words[] = { "within", NULL };
	int64_t v;

	(void)c;
	if (!has_value(k, n, from) ||
	    !conf_is_count(k, n, from + 3, from + 3, "similar 3 within 1h"))
		return;
	if (!conf_number(n->args[from].text, 2, 10000, &v))
		conf_bad(k, &n->args[from], "write 2, 3, 4 ...",
		    "'%.80s' is not a number of tickets", n->args[from].text);
	conf_is_word(k, &n->args[from + 1], words, "a value of 'similar'");
	if (conf_is_duration(k, &n->args[from + 2]) &&
	    conf_duration(n->args[from + 2].text, &v) && v == 0)
		conf_bad(k, &n->args[from + 2], "write 30m, 4h or 1d",
		    "within no time there is nothing similar");
}

static const char *const tiers[] = { "1", "2", "3", "4", NULL };
static const char *const yes_no[] = { "yes", "no", NULL };

static const struct condition conditions[] = {
	{ .name = "subject", .check = want_texts, .most = PATTERN_SUBJECT_MAX },
	{ .name = "body", .check = want_texts, .most = PATTERN_TEXT_MAX },
	{ .name = "text", .check = want_texts, .most = PATTERN_TEXT_MAX },
	{ .name = "from", .check = want_senders, .most = SENDER_MAX },
	{ .name = "to", .check = want_senders, .most = SENDER_MAX },
	{ .name = "cc", .check = want_senders, .most = SENDER_MAX },
	{ .name = "sender", .check = want_senders, .most = SENDER_MAX },
	{ .name = "requester", .check = want_senders, .most = SENDER_MAX },
	{ .name = "header", .check = want_header, .most = PATTERN_FIELD_MAX },
	{ .name = "attachment",
	    .check = want_attachments,
	    .most = MAIL_NAME_MAX },
	{ .name = "size", .check = want_sizes },
	{ .name = "language", .check = want_language },
	{ .name = "mailbox", .check = want_plain, .refers = "mailbox" },
	{ .name = "team", .check = want_plain, .refers = "team" },
	{ .name = "org", .check = want_plain, .refers = "org" },
	{ .name = "category", .check = want_texts, .most = CONF_NAME_MAX },
	{ .name = "assignee", .check = want_plain },
	{ .name = "priority",
	    .check = want_enum,
	    .words = conf_priorities,
	    .what = "a priority" },
	{ .name = "impact",
	    .check = want_enum,
	    .words = conf_levels,
	    .what = "an impact" },
	{ .name = "urgency",
	    .check = want_enum,
	    .words = conf_levels,
	    .what = "an urgency" },
	{ .name = "type",
	    .check = want_enum,
	    .words = conf_types,
	    .what = "a type" },
	{ .name = "status",
	    .check = want_enum,
	    .words = conf_statuses,
	    .what = "a status" },
	{ .name = "tier",
	    .check = want_enum,
	    .words = tiers,
	    .what = "a tier" },
	{ .name = "spam",
	    .check = want_enum,
	    .words = yes_no,
	    .what = "a value of 'spam'" },
	{ .name = "tag", .check = want_plain },
	{ .name = "hours", .check = want_open },
	{ .name = "similar", .check = want_similar },
};

#define CONDITIONS (sizeof(conditions) / sizeof(conditions[0]))

static const struct condition *
find_condition(const char *name)
{
	for (size_t i = 0; i < CONDITIONS; i++)
		if (strcmp(conditions[i].name, name) == 0)
			return &conditions[i];
	return NULL;
}

void
conf_want_when(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const struct condition *c = find_condition(n->args[0].text);
	struct conf_guess g;

	(void)s;
	if (c != NULL && n->args[0].form != FORM_PATTERN) {
		c->check(k, n, 1, c);
		return;
	}
	if (strcmp(n->args[0].text, "not") == 0) {
		conf_bad(k, &n->args[0], "write unless in place of when",
		    "a rule cannot test 'not'");
		return;
	}
	conf_guess_init(&g, n->args[0].text);
	for (size_t i = 0; i < CONDITIONS; i++)
		conf_guess_offer(&g, conditions[i].name);
	conf_bad(k, &n->args[0],
	    conf_guess_hint(k->talk, &g, "like: when subject has vpn"),
	    "a rule cannot test '%.80s'", n->args[0].text);
}

static void
refer_condition(struct conf_check *k, const struct condition *c,
    const struct conf_node *n, size_t from)
{
	if (c->refers != NULL)
		for (size_t i = from; i < n->args_n; i++)
			conf_refer(k, c->refers, &n->args[i], n->args[i].text);
	else if (strcmp(c->name, "assignee") == 0)
		for (size_t i = from; i < n->args_n; i++) {
			if (strcmp(n->args[i].text, "nobody") != 0)
				conf_refer(
				    k, "agent", &n->args[i], n->args[i].text);
		}
	else if (c->check == want_open && n->args_n > from + 1)
		conf_refer(
		    k, "calendar", &n->args[from + 1], n->args[from + 1].text);
}

void
conf_cross_when(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	const struct condition *c = find_condition(n->args[0].text);

	(void)block;
	if (c != NULL)
		refer_condition(k, c, n, 1);
}

/* any { subject ...; body ... } */

static void
want_any(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const struct condition *c = find_condition(n->name);

	(void)s;
	c->check(k, n, 0, c);
}

static void
cross_any(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	(void)block;
	refer_condition(k, find_condition(n->name), n, 0);
}

#define ANY_ROW(name, like)                                          \
	ROW(name, 1, CONF_MANY, 0, name " " like, .check = want_any, \
	    .cross = cross_any)

const struct conf_setting conf_any_rows[] = {
	ANY_ROW("subject", "has vpn"),
	ANY_ROW("body", "has vpn"),
	ANY_ROW("text", "has vpn"),
	ANY_ROW("from", "@example.com"),
	ANY_ROW("to", "billing@example.com"),
	ANY_ROW("cc", "@example.com"),
	ANY_ROW("sender", "@example.com"),
	ANY_ROW("requester", "vip"),
	ANY_ROW("header", "X-Spam-Flag yes"),
	ANY_ROW("attachment", "*.pdf"),
	ANY_ROW("size", ">5M"),
	ANY_ROW("language", "de"),
	ANY_ROW("mailbox", "support"),
	ANY_ROW("team", "network"),
	ANY_ROW("org", "kunde"),
	ANY_ROW("category", "network/vpn"),
	ANY_ROW("assignee", "nobody"),
	ANY_ROW("priority", "critical"),
	ANY_ROW("impact", "high"),
	ANY_ROW("urgency", "high"),
	ANY_ROW("type", "request"),
	ANY_ROW("status", "waiting"),
	ANY_ROW("tier", "2"),
	ANY_ROW("spam", "yes"),
	ANY_ROW("tag", "vpn"),
	ANY_ROW("hours", "off office"),
	ANY_ROW("similar", "3 within 1h"),
	{ 0 },
};
