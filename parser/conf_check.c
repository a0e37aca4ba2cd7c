/*
 * The tree against the tables: which settings there are, how many values they
 * take, which must stand and which may stand once; then, when all names are
 * known, what refers to what.  Promises to report everything in one run, the
 * values first and the references after (CONFIG 4).
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parser/conf_private.h"

#define ROWS_MAX 64 /* of one table; tests/conf_word_test.c counts */

const struct conf_setting *
conf_find(const struct conf_setting *table, const char *name)
{
	for (; table->name != NULL; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

void
conf_bad(struct conf_check *k, const struct conf_arg *arg, const char *hint,
    const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	conf_say(k->talk, CONF_ERROR, &arg->place, hint, "%s", text);
}

/* Titles: blocks by kind and name. */

static struct conf_title **
bucket(struct conf_check *k, const char *kind, const char *title)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (const char *s = kind; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	for (const char *s = title; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return &k->titles[h % CONF_BUCKETS];
}

const struct conf_node *
conf_titled(struct conf_check *k, const char *kind, const char *title)
{
	const struct conf_title *t = *bucket(k, kind, title);

	for (; t != NULL; t = t->next)
		if (strcmp(t->title, title) == 0 && strcmp(t->kind, kind) == 0)
			return t->node;
	return NULL;
}

const struct conf_node *
conf_title_add(struct conf_check *k, const char *kind, const char *title,
    const struct conf_node *n)
{
	const struct conf_node *old = conf_titled(k, kind, title);
	struct conf_title **b, *t;

	if (old != NULL)
		return old;
	b = bucket(k, kind, title);
	t = arena_alloc(k->talk->arena, sizeof(*t));
	*t = (struct conf_title){ kind, title, n, *b };
	*b = t;
	return NULL;
}

static const char *
near_title(struct conf_check *k, const char *kind, const char *title)
{
	const struct conf_node *n;
	struct conf_guess g;

	conf_guess_init(&g, title);
	for (n = conf_child(k->root, kind); n != NULL; n = conf_after(n))
		if (n->args_n > 0)
			conf_guess_offer(&g, n->args[0].text);
	return conf_guess_hint(k->talk, &g, NULL);
}

const struct conf_node *
conf_refer(struct conf_check *k, const char *kind, const struct conf_arg *arg,
    const char *title)
{
	const struct conf_node *n = conf_titled(k, kind, title);
	const char *hint = NULL;

	if (n != NULL)
		return n;
	if (conf_shown(k->talk, CONF_ERROR))
		hint = near_title(k, kind, title);
	conf_bad(k, arg, conf_comma(arg, hint), "there is no %s '%.80s'", kind,
	    title);
	return NULL;
}

/* The first pass. */

/* "mailbox support", "smtp" */
static const char *
block_name(struct conf_check *k, const struct conf_node *n)
{
	const struct conf_setting *s = conf_find(conf_top, n->name);

	if (s == NULL || (s->flags & CONF_TITLE) == 0 || n->args_n == 0)
		return n->name;
	return arena_printf(
	    k->talk->arena, "%s %.80s", n->name, n->args[0].text);
}

/* A setting that this block does not have: where does it belong? */
static void
unknown(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block, const struct conf_setting *table)
{
	const char *hint = table == conf_rule_rows || table == conf_any_rows ||
		table == conf_test_rows
	    ? "deskd-rules(5) lists them all"
	    : "deskd.conf(5) lists them all";
	struct conf_guess g;

	if (block == k->root)
		for (size_t i = 0; conf_top[i].name != NULL; i++)
			if (conf_top[i].inside != NULL &&
			    conf_find(conf_top[i].inside, n->name) != NULL) {
				hint = arena_printf(k->talk->arena,
				    "it belongs into a block '%s'",
				    conf_top[i].name);
				break;
			}
	conf_guess_init(&g, n->name);
	for (; table->name != NULL; table++)
		conf_guess_offer(&g, table->name);
	hint = conf_guess_hint(k->talk, &g, hint);
	if (block == k->root)
		conf_say(k->talk, CONF_ERROR, &n->place, hint,
		    "unknown setting '%.80s'", n->name);
	else
		conf_say(k->talk, CONF_ERROR, &n->place, hint,
		    "'%.80s' is not a setting of '%s'", n->name, block->name);
}

static bool
check_count(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const struct conf_arg *over = (int)n->args_n > s->max ? &n->args[s->max]
							      : NULL;

	if ((int)n->args_n < s->min)
		conf_say(k->talk, CONF_ERROR, &n->place,
		    arena_printf(k->talk->arena, "like: %s", s->like),
		    "'%s' needs %s", s->name,
		    s->min == 1 ? "a value" : "more values");
	else if (over == NULL)
		return true;
	else if (s->max == 0)
		conf_bad(k, over, "remove it", "'%s' takes no value", s->name);
	else if (s->max == 1)
		conf_bad(k, over, "quote a value that has blanks",
		    "'%s' takes 1 value", s->name);
	else
		conf_bad(k, over, "quote a value that has blanks",
		    "'%s' takes at most %d values", s->name, s->max);
	return false;
}

/* The name of a block: good, and not taken. */
static void
check_title(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const struct conf_arg *title = &n->args[0];
	const struct conf_node *old;

	for (size_t i = 0; i < n->args_n; i++)
		if (!conf_is_plain(k, &n->args[i]))
			return;
	if ((s->flags & CONF_FREE) == 0 && !conf_name(title->text)) {
		conf_bad(k, title,
		    "letters, digits, - _ and . make a name; the text that is "
		    "shown comes after it, in quotes",
		    "'%.80s' is not a good name", title->text);
		return;
	}
	old = conf_title_add(k, s->name, title->text, n);
	if (old != NULL)
		conf_bad(k, title, NULL, "%s '%.80s' exists already (%s)",
		    s->name, title->text, conf_where(k->talk, &old->place));
}

static bool
check_shape(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	bool wants = (s->flags & CONF_BLOCK) != 0;

	if (wants == n->block)
		return true;
	if (wants)
		conf_say(k->talk, CONF_ERROR, &n->place,
		    arena_printf(k->talk->arena, "like: %s { ... }", s->like),
		    "'%s' needs a block", s->name);
	else
		conf_say(k->talk, CONF_ERROR, &n->place, NULL,
		    "'%s' takes no block", s->name);
	return false;
}

static void check_block(struct conf_check *k, const struct conf_node *block,
    const struct conf_setting *table);

static void
check_setting(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	bool shape = check_shape(k, n, s);

	if (check_count(k, n, s)) {
		if ((s->flags & CONF_TITLE) != 0)
			check_title(k, n, s);
		if (s->check != NULL)
			s->check(k, n, s);
	}
	if (shape && s->inside != NULL)
		check_block(k, n, s->inside);
}

static void
check_block(struct conf_check *k, const struct conf_node *block,
    const struct conf_setting *table)
{
	const struct conf_node *first[ROWS_MAX] = { NULL }, *n, **f;
	const struct conf_setting *s;

	for (n = block->child; n != NULL; n = n->next) {
		s = conf_find(table, n->name);
		if (s == NULL) {
			unknown(k, n, block, table);
			continue;
		}
		f = &first[s - table];
		if (*f != NULL && (s->flags & CONF_ONCE) != 0)
			conf_say(k->talk, CONF_ERROR, &n->place,
			    "keep one of them", "'%s' stands already (%s)",
			    s->name, conf_where(k->talk, &(*f)->place));
		if (*f == NULL)
			*f = n;
		check_setting(k, n, s);
	}
	for (s = table; s->name != NULL; s++)
		if ((s->flags & CONF_MUST) != 0 && first[s - table] == NULL)
			conf_say(k->talk, CONF_ERROR, &block->place, NULL,
			    "'%s' lacks '%s'", block_name(k, block), s->name);
}

/* The second pass: everything has a name now. */
static void
cross_block(struct conf_check *k, const struct conf_node *block,
    const struct conf_setting *table)
{
	const struct conf_setting *s;
	const struct conf_node *n;

	for (n = block->child; n != NULL; n = n->next) {
		s = conf_find(table, n->name);
		if (s == NULL)
			continue;
		for (size_t i = 0; s->refers != NULL && i < n->args_n; i++)
			conf_refer(k, s->refers, &n->args[i], n->args[i].text);
		if (s->cross != NULL && (int)n->args_n >= s->min &&
		    (int)n->args_n <= s->max)
			s->cross(k, n, block);
		if (s->inside != NULL)
			cross_block(k, n, s->inside);
	}
}

void
conf_check_tree(struct conf_check *k)
{
	check_block(k, k->root, conf_top);
	cross_block(k, k->root, conf_top);
}
