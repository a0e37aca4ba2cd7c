/*
 * One condition against one mail.  Says yes, no, or that a limit was met, and
 * for a yes which words it was.  Promises to change nothing but what it knows
 * of the rule in hand: its named groups, its why.
 */
#include <fnmatch.h>
#include <string.h>

#include "parser/address.h"
#include "parser/ascii.h"
#include "parser/limits.h"
#include "parser/utf8.h"
#include "parser/word.h"
#include "rules/rule_private.h"
#include "rules/template.h"

#define WORDS_TEXT_MAX (64 << 10) /* bytes that word lists look at */
#define EXCERPT_MAX    60         /* bytes of a why around the words */

/* What a text of a stranger looks like in a why: one line, cut. */
static const char *
excerpt(struct asking *k, const char *text, size_t at, size_t n)
{
	char *s = arena_strndup(
	    k->arena, text + at, utf8_cut(text + at, n, EXCERPT_MAX));

	return utf8_line(k->arena, s, EXCERPT_MAX);
}

static void
say(struct asking *k, const struct condition *c, const char *what)
{
	const char *name = c->header != NULL ? c->header : c->aspect->name;

	k->why = arena_printf(k->arena, "%s \"%s\"", name, what);
}

/* Named groups of the match just made, for {{match.NAME}}. */
static void
keep_groups(struct asking *k, const struct regex *r, const char *text)
{
	const char *const *names;
	size_t n = regex_names(r, &names);

	for (size_t i = 0; i < n; i++) {
		struct regex_place w;
		struct group *g;

		if (!regex_group(k->facts->matcher, r, i, &w))
			continue;
		k->groups = arena_grow(k->arena, k->groups, k->groups_n,
		    &k->groups_cap, sizeof(*k->groups));
		g = &k->groups[k->groups_n++];
		g->name = names[i];
		g->value = utf8_line(k->arena,
		    arena_strndup(k->arena, text + w.at, w.length),
		    MAIL_SUBJECT_MAX / 4);
	}
}

/* Bytes: the same that `deskd check` times it on. */
static size_t
seen_by_pattern(const struct condition *c)
{
	if (c->header != NULL)
		return PATTERN_FIELD_MAX;
	return c->aspect->test == condition_view &&
		c->aspect->view == VIEW_SUBJECT
	    ? PATTERN_SUBJECT_MAX
	    : PATTERN_TEXT_MAX;
}

static enum answer
match_pattern(struct asking *k, const struct condition *c,
    const struct value_test *v, const char *text, size_t n)
{
	struct regex_place w;
	enum regex_end end;

	n = utf8_cut(text, n, seen_by_pattern(c));
	end = regex_match(k->facts->matcher, v->regex, text, n, &w);
	if (end == REGEX_LIMIT)
		return ANSWER_LIMIT;
	if (end == REGEX_NO)
		return ANSWER_NO;
	keep_groups(k, v->regex, text);
	say(k, c, excerpt(k, text, w.at, w.length));
	return ANSWER_YES;
}

/* Good until the next: hundreds of rules fold the same long field. */
static const char *
folded(struct asking *k, const char *text)
{
	arena_reset(&k->scratch);
	return utf8_fold(&k->scratch, text);
}

/* The text as it stands, anywhere in this one, which is folded. */
static enum answer
match_text(struct asking *k, const struct condition *c,
    const struct value_test *v, const char *text)
{
	if (strstr(text, v->text) == NULL)
		return ANSWER_NO;
	say(k, c, v->arg->text);
	return ANSWER_YES;
}

static enum answer
match_name(struct asking *k, const struct condition *c,
    const struct value_test *v, const char *text)
{
	size_t n = strlen(v->text);
	const char *is = folded(k, text);

	if (strncmp(is, v->text, n) != 0 ||
	    (is[n] != '\0' && (v->kind != VALUE_PATH || is[n] != '/')))
		return ANSWER_NO;
	say(k, c, text);
	return ANSWER_YES;
}

static enum answer
match_language(struct asking *k, const struct condition *c,
    const struct value_test *v, const char *text)
{
	if (!language_alike(v->text, text))
		return ANSWER_NO;
	say(k, c, text);
	return ANSWER_YES;
}

/* One short text against the values of a condition. */
static enum answer
match_value(struct asking *k, const struct condition *c,
    const struct value_test *v, const char *text)
{
	struct words_place *places;

	switch (v->kind) {
	case VALUE_PATTERN:
		return match_pattern(k, c, v, text, strlen(text));
	case VALUE_TEXT:
		return match_text(k, c, v, folded(k, text));
	case VALUE_NAME:
	case VALUE_PATH:
		return match_name(k, c, v, text);
	case VALUE_LANGUAGE:
		return match_language(k, c, v, text);
	case VALUE_WORDS:
		places = arena_calloc(
		    k->arena, words_count(c->words), sizeof(*places));
		words_find(c->words, text,
		    utf8_cut(text, strlen(text), WORDS_TEXT_MAX), places);
		if (places[v->phrase].length == 0)
			return ANSWER_NO;
		say(k, c,
		    excerpt(k, text, places[v->phrase].at,
			places[v->phrase].length));
		return ANSWER_YES;
	case VALUE_GLOB:
		if (fnmatch(v->text, folded(k, text), 0) != 0)
			return ANSWER_NO;
		say(k, c, text);
		return ANSWER_YES;
	case VALUE_ADDRESS:
	case VALUE_DOMAIN:
	case VALUE_VIP:
	case VALUE_MORE:
	case VALUE_LESS:
		break;
	}
	return ANSWER_NO;
}

/* Any of several is enough; a limit counts when none is.  true: it is known. */
static bool
settled(enum answer *all, enum answer one)
{
	if (one != ANSWER_NO)
		*all = one;
	return one == ANSWER_YES;
}

/* Any of the values is enough; a limit counts when none is. */
static enum answer
match_values(struct asking *k, const struct condition *c, const char *text)
{
	enum answer all = ANSWER_NO;

	for (size_t i = 0; i < c->values_n; i++) {
		enum answer one = match_value(k, c, &c->values[i], text);

		if (settled(&all, one))
			return all;
	}
	return all;
}

/* subject, body, text: long, and asked for by many rules. */
static void
look(struct asking *k, enum shared_view which)
{
	const struct mail *m = k->facts->mail;
	const char *subject = m != NULL && m->subject != NULL
	    ? m->subject
	    : k->ticket.subject;
	struct view *v = &k->views[which];

	if (which == VIEW_SUBJECT)
		v->text = subject;
	else if (m == NULL)
		v->text = which == VIEW_BODY ? "" : subject;
	else if (which == VIEW_BODY)
		v->text = m->text;
	else
		v->text = arena_printf(
		    k->arena, "%s\n%s", subject, mail_own_text(k->arena, m));
	v->n = utf8_cut(v->text, strlen(v->text), WORDS_TEXT_MAX);
}

enum answer
condition_view(struct asking *k, const struct condition *c)
{
	struct view *v = &k->views[c->aspect->view];
	enum answer all = ANSWER_NO;

	if (v->text == NULL)
		look(k, c->aspect->view);
	if (c->words != NULL && v->places == NULL) {
		v->places = arena_calloc(
		    k->arena, words_count(c->words), sizeof(*v->places));
		words_find(c->words, v->text, v->n, v->places);
	}
	for (size_t i = 0; i < c->values_n; i++) {
		const struct value_test *t = &c->values[i];
		enum answer one = ANSWER_NO;

		if (t->kind == VALUE_WORDS && v->places != NULL &&
		    v->places[t->phrase].length > 0) {
			say(k, c,
			    excerpt(k, v->text, v->places[t->phrase].at,
				v->places[t->phrase].length));
			one = ANSWER_YES;
		} else if (t->kind == VALUE_PATTERN) {
			one = match_pattern(k, c, t, v->text, v->n);
		} else if (t->kind == VALUE_TEXT) {
			if (v->folded == NULL)
				v->folded = utf8_fold(k->arena,
				    arena_strndup(k->arena, v->text, v->n));
			one = match_text(k, c, t, v->folded);
		}
		if (settled(&all, one))
			return all;
	}
	return all;
}

enum answer
condition_header(struct asking *k, const struct condition *c)
{
	const struct mail *m = k->facts->mail;
	enum answer all = ANSWER_NO;

	for (size_t i = 0; m != NULL && i < m->fields_n; i++) {
		const char *value = m->fields[i].value;
		enum answer one;
		size_t n;

		if (strcasecmp(m->fields[i].name, c->header) != 0)
			continue;
		n = strlen(value);
		if (!utf8_valid(value, n) || strstr(value, "=?") != NULL)
			value = word_decode(
			    k->arena, value, n, NULL, PATTERN_FIELD_MAX);
		one = match_values(k, c, value);
		if (settled(&all, one))
			return all;
	}
	return all;
}

static bool
size_holds(const struct value_test *v, uint64_t size)
{
	uint64_t bar = (uint64_t)v->number;

	return v->kind == VALUE_MORE ? size > bar : size < bar;
}

/* A name, a type ("application/pdf", "image/<star>"), a size. */
static enum answer
match_part(struct asking *k, const struct condition *c, const struct part *p)
{
	const char *name = p->name != NULL ? p->name : "";
	enum answer all = ANSWER_NO;

	for (size_t i = 0; i < c->values_n; i++) {
		const struct value_test *v = &c->values[i];
		enum answer one;

		if (v->kind == VALUE_MORE || v->kind == VALUE_LESS)
			one = size_holds(v, p->size) ? ANSWER_YES : ANSWER_NO;
		else
			one = match_value(k, c, v,
			    v->kind == VALUE_GLOB &&
				    strchr(v->text, '/') != NULL
				? p->type
				: name);
		if (settled(&all, one)) {
			say(k, c, *name != '\0' ? name : p->type);
			return all;
		}
	}
	return all;
}

enum answer
condition_attachment(struct asking *k, const struct condition *c)
{
	const struct mail *m = k->facts->mail;
	enum answer all = ANSWER_NO;
	int i = -1;

	while (m != NULL && (i = mail_attachment(m, i)) >= 0) {
		enum answer one = match_part(k, c, &m->parts[i]);

		if (settled(&all, one))
			return all;
	}
	return all;
}

/* People. */

static enum answer
match_person(struct asking *k, const struct condition *c, const char *name,
    const char *addr)
{
	enum answer all = ANSWER_NO;
	char *both = arena_printf(k->arena, "%s <%s>", name, addr);

	for (size_t i = 0; i < c->values_n; i++) {
		const struct value_test *v = &c->values[i];
		bool yes = false;

		if (v->kind == VALUE_ADDRESS)
			yes = address_same(addr, v->text);
		else if (v->kind == VALUE_DOMAIN)
			yes = strcasecmp(address_domain(addr), v->text) == 0;
		else if (v->kind == VALUE_VIP)
			yes = rulebook_vip(k->book, addr);
		else {
			enum answer one = match_value(k, c, v, both);

			if (settled(&all, one))
				return all;
		}
		if (yes) {
			say(k, c, addr);
			return ANSWER_YES;
		}
	}
	return all;
}

static enum answer
match_people(struct asking *k, const struct condition *c,
    const struct address *list, size_t n)
{
	enum answer all = ANSWER_NO;

	for (size_t i = 0; i < n; i++) {
		enum answer one = match_person(
		    k, c, list[i].name, list[i].addr);

		if (settled(&all, one))
			return all;
	}
	return all;
}

static struct address
requester_of(const struct asking *k)
{
	return (
	    struct address){ k->ticket.requester_name, k->ticket.requester };
}

/* The one that sent it for somebody else, when there is one. */
static size_t
sender_of(struct asking *k, struct address *out)
{
	const struct mail *m = k->facts->mail;
	const char *value = mail_field(m, "Sender");
	struct address *list;

	if (value != NULL &&
	    address_list(k->arena, value, strlen(value), &list, NULL) > 0) {
		*out = list[0];
		return 1;
	}
	if (m->from_addr == NULL)
		return 0;
	*out = (struct address){ m->from_name != NULL ? m->from_name : "",
		m->from_addr };
	return 1;
}

enum answer
condition_people(struct asking *k, const struct condition *c)
{
	const struct mail *m = k->facts->mail;
	struct address one = requester_of(k);
	const char *name = c->aspect->name;

	if (strcmp(name, "requester") == 0)
		return match_people(k, c, &one, *one.addr != '\0');
	if (m == NULL)
		return ANSWER_NO;
	if (strcmp(name, "to") == 0)
		return match_people(k, c, m->to, m->to_n);
	if (strcmp(name, "cc") == 0)
		return match_people(k, c, m->cc, m->cc_n);
	if (strcmp(name, "sender") == 0)
		return match_people(k, c, &one, sender_of(k, &one));
	one = (struct address){ m->from_name != NULL ? m->from_name : "",
		m->from_addr };
	return match_people(k, c, &one, m->from_addr != NULL);
}

/* The rest: short words and numbers. */

enum answer
condition_name(struct asking *k, const struct condition *c)
{
	const char *value = c->aspect->value(k);

	return value == NULL ? ANSWER_NO : match_values(k, c, value);
}

enum answer
condition_tag(struct asking *k, const struct condition *c)
{
	for (size_t i = 0; i < k->tags_n; i++)
		if (match_values(k, c, k->tags[i]) == ANSWER_YES)
			return ANSWER_YES;
	return ANSWER_NO;
}

enum answer
condition_org(struct asking *k, const struct condition *c)
{
	const struct org *o = rulebook_org(k->book, k->ticket.requester);

	return o == NULL ? ANSWER_NO : match_values(k, c, o->name);
}

enum answer
condition_size(struct asking *k, const struct condition *c)
{
	for (size_t i = 0; i < c->values_n; i++) {
		const struct value_test *v = &c->values[i];

		if (size_holds(v, (uint64_t)k->facts->size)) {
			say(k, c, v->arg->text);
			return ANSWER_YES;
		}
	}
	return ANSWER_NO;
}

enum answer
condition_hours(struct asking *k, const struct condition *c)
{
	bool open = hours_open(c->hours, k->facts->now);
	const char *why = hours_closed_why(c->hours, k->facts->now);

	k->why = open     ? "within the hours"
	    : why == NULL ? "outside of the hours"
			  : arena_printf(k->arena, "closed: %s", why);
	return open != c->off ? ANSWER_YES : ANSWER_NO;
}

enum answer
condition_similar(struct asking *k, const struct condition *c)
{
	int64_t n = 1;

	if (k->facts->similar != NULL &&
	    k->facts->similar(k->facts->ctx, c->within, &n, k->e) == -1) {
		k->failed = true;
		return ANSWER_NO;
	}
	k->why = arena_printf(k->arena, "%lld with this subject", (long long)n);
	return n >= c->count ? ANSWER_YES : ANSWER_NO;
}
