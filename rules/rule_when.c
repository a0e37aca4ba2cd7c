/*
 * The conditions of a rule, compiled: which field, which values, which index.
 * The reader (conf_when.c) has checked their form.  Promises to test nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/utf8.h"
#include "rules/rule_private.h"

static const char *
mailbox_of(const struct asking *k)
{
	return k->facts->mailbox;
}

static const char *
language_of(const struct asking *k)
{
	const struct mail *m = k->facts->mail;

	return m != NULL && m->language != NULL ? m->language
						: k->ticket.language;
}

static const char *
team_of(const struct asking *k)
{
	return k->ticket.team;
}

static const char *
assignee_of(const struct asking *k)
{
	return *k->ticket.assignee != '\0' ? k->ticket.assignee : "nobody";
}

static const char *
category_of(const struct asking *k)
{
	return k->ticket.category;
}

static const char *
priority_of(const struct asking *k)
{
	return priority_names[rules_priority_now(k)];
}

static const char *
impact_of(const struct asking *k)
{
	return level_names[k->ticket.impact];
}

static const char *
urgency_of(const struct asking *k)
{
	return level_names[k->ticket.urgency];
}

static const char *
type_of(const struct asking *k)
{
	return type_names[k->ticket.type];
}

static const char *
status_of(const struct asking *k)
{
	return status_names[k->ticket.status];
}

static const char *
tier_of(const struct asking *k)
{
	static const char *const tiers[] = { "0", "1", "2", "3", "4" };

	return tiers[k->ticket.tier >= 0 && k->ticket.tier <= 4 ? k->ticket.tier
								: 0];
}

static const struct aspect known[] = {
	{ "subject", condition_view, VIEW_SUBJECT, NULL },
	{ "body", condition_view, VIEW_BODY, NULL },
	{ "text", condition_view, VIEW_TEXT, NULL },
	{ "from", condition_people, 0, NULL },
	{ "to", condition_people, 0, NULL },
	{ "cc", condition_people, 0, NULL },
	{ "sender", condition_people, 0, NULL },
	{ "requester", condition_people, 0, NULL },
	{ "header", condition_header, 0, NULL },
	{ "attachment", condition_attachment, 0, NULL },
	{ "size", condition_size, 0, NULL },
	{ "language", condition_name, 0, language_of },
	{ "mailbox", condition_name, 0, mailbox_of },
	{ "team", condition_name, 0, team_of },
	{ "assignee", condition_name, 0, assignee_of },
	{ "category", condition_name, 0, category_of },
	{ "priority", condition_name, 0, priority_of },
	{ "impact", condition_name, 0, impact_of },
	{ "urgency", condition_name, 0, urgency_of },
	{ "type", condition_name, 0, type_of },
	{ "status", condition_name, 0, status_of },
	{ "tier", condition_name, 0, tier_of },
	{ "tag", condition_tag, 0, NULL },
	{ "org", condition_org, 0, NULL },
	{ "spam", condition_spam, 0, NULL },
	{ "hours", condition_hours, 0, NULL },
	{ "similar", condition_similar, 0, NULL },
};

static const struct aspect *
find_aspect(const char *name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	return NULL;
}

static char *
lower(struct arena *a, const char *s)
{
	char *out = arena_strdup(a, s);

	for (char *p = out; *p != '\0'; p++)
		*p = ascii_lower(*p);
	return out;
}

static void
read_people(struct building *b, struct value_test *v)
{
	const char *s = v->arg->text;

	v->text = lower(b->arena, s);
	if (v->arg->form != FORM_WORD) {
		v->kind = VALUE_TEXT;
		v->text = utf8_fold(b->arena, s);
	} else if (strcmp(s, "vip") == 0) {
		v->kind = VALUE_VIP;
	} else if (s[0] == '@') {
		v->kind = VALUE_DOMAIN;
		v->text++;
	} else {
		v->kind = VALUE_ADDRESS;
	}
}

/* ">5M", "<10K" */
static bool
read_size(struct value_test *v)
{
	static const char units[] = "KMG";
	const char *s = v->arg->text, *unit;
	char *end;

	if (*s != '<' && *s != '>')
		return false;
	v->number = strtoll(s + 1, &end, 10);
	if (end == s + 1)
		return false;
	unit = *end == '\0' ? NULL : strchr(units, *end);
	if (unit != NULL)
		v->number <<= 10 * (unit - units + 1);
	v->kind = *s == '>' ? VALUE_MORE : VALUE_LESS;
	return true;
}

static void
read_pattern(struct building *b, struct value_test *v)
{
	struct conf_pattern bad = { 0 };

	v->kind = VALUE_PATTERN;
	v->regex = regex_compile(b->arena, v->arg->text, v->arg->flags, &bad);
	if (v->regex != NULL)
		return;
	conf_complain(b->arena, b->rep, true, &v->arg->place, NULL,
	    "this pattern is not good: %s", bad.error);
	b->failed = true;
}

static void
read_phrase(struct building *b, struct condition *c, struct value_test *v)
{
	bool shared = c->aspect->test == condition_view;

	if (c->words == NULL)
		c->words = shared ? b->book->words : words_new(b->arena);
	v->kind = VALUE_WORDS;
	v->phrase = words_add(c->words, v->arg->text);
	if (v->phrase >= 0)
		return;
	conf_complain(b->arena, b->rep, true, &v->arg->place,
	    "write at most 8 words of letters or digits",
	    "'%.80s' is nothing that 'has' can find", v->arg->text);
	b->failed = true;
}

static void
read_value(
    struct building *b, struct condition *c, struct value_test *v, bool has)
{
	const char *s = v->arg->text;

	if (v->arg->form == FORM_PATTERN) {
		read_pattern(b, v);
	} else if (c->aspect->test == condition_people) {
		read_people(b, v);
	} else if (has) {
		read_phrase(b, c, v);
	} else if (c->aspect->test == condition_name ||
	    c->aspect->test == condition_tag ||
	    c->aspect->test == condition_org) {
		v->kind = strcmp(c->aspect->name, "category") == 0 ? VALUE_PATH
		    : strcmp(c->aspect->name, "language") == 0 ? VALUE_LANGUAGE
							       : VALUE_NAME;
		v->text = utf8_fold(b->arena, s);
	} else if (c->aspect->test == condition_size && read_size(v)) {
		return;
	} else if (c->aspect->test == condition_attachment) {
		if (!read_size(v)) {
			v->kind = VALUE_GLOB;
			v->text = utf8_fold(b->arena, s);
		}
	} else {
		v->kind = VALUE_TEXT;
		v->text = utf8_fold(b->arena, s);
	}
}

static void
read_values(struct building *b, struct condition *c, const struct conf_node *n,
    size_t from)
{
	bool has = n->args_n > from && n->args[from].form == FORM_WORD &&
	    strcmp(n->args[from].text, "has") == 0;

	from += has;
	c->values = arena_calloc(
	    b->arena, n->args_n - from, sizeof(*c->values));
	for (; from < n->args_n; from++) {
		struct value_test *v = &c->values[c->values_n++];

		v->arg = &n->args[from];
		read_value(b, c, v, has);
	}
}

/* hours off [office]; without a name the first calendar. */
static void
read_hours(struct building *b, struct condition *c, const struct conf_node *n,
    size_t from)
{
	c->off = strcmp(n->args[from].text, "off") == 0;
	c->hours = rulebook_hours(
	    b->book, n->args_n > from + 1 ? n->args[from + 1].text : NULL);
	/* One that could not be read was reported itself. */
	if (c->hours != NULL || b->book->calendars_n > 0)
		return;
	conf_complain(b->arena, b->rep, true, &n->args[from].place,
	    "add a block: calendar office { hours mon-fri 08:00-17:00 }",
	    "there is no calendar that says when it is open");
	b->failed = true;
}

static void
read_similar(struct condition *c, const struct conf_node *n, size_t from)
{
	c->count = strtoll(n->args[from].text, NULL, 10);
	conf_duration(n->args[from + 2].text, &c->within);
}

/* The name of the field and its values begin at args[from]; inside of any { }
 * the name is that of the setting. */
static void
read_condition(struct building *b, const struct conf_node *n, const char *name,
    size_t from, struct condition *c)
{
	c->node = n;
	c->aspect = find_aspect(name);
	if (c->aspect->test == condition_hours) {
		read_hours(b, c, n, from);
	} else if (c->aspect->test == condition_similar) {
		read_similar(c, n, from);
	} else if (c->aspect->test == condition_header) {
		c->header = n->args[from].text;
		read_values(b, c, n, from + 1);
	} else {
		read_values(b, c, n, from);
	}
}

void
rule_read_clause(
    struct building *b, const struct conf_node *n, struct clause *out)
{
	const struct conf_node *s;

	out->node = n;
	out->unless = strcmp(n->name, "unless") == 0;
	out->n = 1;
	if (!n->block) {
		out->conditions = arena_alloc(
		    b->arena, sizeof(*out->conditions));
		read_condition(b, n, n->args[0].text, 1, out->conditions);
		return;
	}
	for (out->n = 0, s = n->child; s != NULL; s = s->next)
		out->n++;
	out->conditions = arena_calloc(
	    b->arena, out->n, sizeof(*out->conditions));
	for (out->n = 0, s = n->child; s != NULL; s = s->next)
		read_condition(b, s, s->name, 0, &out->conditions[out->n++]);
}
