/* The filter words of list and search.  Knows no SQL. */
#include "daemon/filter.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/when.h"
#include "parser/address.h"
#include "parser/near.h"

#define LIMIT_SHOWN 100 /* rows of a table on a terminal */

struct reading {
	struct context *c;
	const struct cmd *cmd;
	struct ticket_filter *f;
};

struct filter_name {
	const char *name;
	/* 0, or the exit code of an error that it has printed. */
	int (*set)(
	    struct reading *r, const struct filter_name *n, const char *value);
	const char *const *words; /* what it may be; NULL: anything */
	int words_n;
	size_t member; /* of struct ticket_filter: a text */
};

static int
set_text(struct reading *r, const struct filter_name *n, const char *value)
{
	char *at = (char *)r->f + n->member;

	memcpy(at, &value, sizeof(value));
	return 0;
}

static int
wrong_word(
    const struct reading *r, const struct filter_name *n, const char *value)
{
	const char **list = arena_calloc(
	    &r->c->arena, (size_t)n->words_n + 1, sizeof(*list));
	char *all = arena_strdup(&r->c->arena, "");
	const char *near;

	for (int i = 0; i < n->words_n; i++) {
		list[i] = n->words[i];
		all = arena_printf(
		    &r->c->arena, "%s%s%s", all, i > 0 ? ", " : "", list[i]);
	}
	near = near_word(value, list);
	if (near != NULL)
		return cmd_usage(r->cmd, "no %s '%s'; did you mean '%s'?",
		    n->name, value, near);
	return cmd_usage(
	    r->cmd, "no %s '%s'; there are %s", n->name, value, all);
}

static int
set_word(struct reading *r, const struct filter_name *n, const char *value)
{
	if (word_index(n->words, n->words_n, value) < 0)
		return wrong_word(r, n, value);
	return set_text(r, n, value);
}

/* "none" asks for tickets that nobody has. */
static int
set_who(struct reading *r, const struct filter_name *n, const char *value)
{
	return set_text(r, n, strcmp(value, "none") == 0 ? "" : value);
}

static int
set_from(struct reading *r, const struct filter_name *n, const char *value)
{
	return set_text(r, n, address_key(&r->c->arena, value));
}

static int
set_tier(struct reading *r, const struct filter_name *n, const char *value)
{
	(void)n;
	if (value[0] < '1' || value[0] > '4' || value[1] != '\0')
		return cmd_usage(r->cmd, "tier is 1, 2, 3 or 4");
	r->f->tier = value[0] - '0';
	return 0;
}

static int
set_since(struct reading *r, const struct filter_name *n, const char *value)
{
	(void)n;
	if (!when_parse(value, clock_now(), &r->f->since))
		return cmd_usage(r->cmd,
		    "since:%s is no time; write 2d, 4h, mon, 2026-08-03 or "
		    "08:30",
		    value);
	return 0;
}

#define TEXT(member) offsetof(struct ticket_filter, member)

static const struct filter_name names[] = {
	{ "status", set_word, status_names, STATUS_COUNT, TEXT(status) },
	{ "priority", set_word, priority_names, PRIORITY_COUNT,
	    TEXT(priority) },
	{ "type", set_word, type_names, TYPE_COUNT, TEXT(type) },
	{ "team", set_who, NULL, 0, TEXT(team) },
	{ "agent", set_who, NULL, 0, TEXT(assignee) },
	{ "assignee", set_who, NULL, 0, TEXT(assignee) },
	{ "from", set_from, NULL, 0, TEXT(requester) },
	{ "requester", set_from, NULL, 0, TEXT(requester) },
	{ "tag", set_text, NULL, 0, TEXT(tag) },
	{ "category", set_text, NULL, 0, TEXT(category) },
	{ "tier", set_tier, NULL, 0, 0 },
	{ "since", set_since, NULL, 0, 0 },
};
#define NAMES (sizeof(names) / sizeof(names[0]))

/* How long the name before the colon is; 0: the word is no filter. */
static size_t
name_length(const char *word)
{
	size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyz-");

	return n > 0 && word[n] == ':' ? n : 0;
}

static int
unknown(const struct reading *r, const char *name)
{
	const char *list[NAMES + 1];
	const char *near;

	for (size_t i = 0; i < NAMES; i++)
		list[i] = names[i].name;
	list[NAMES] = NULL;
	near = near_word(name, list);
	if (near != NULL)
		return cmd_usage(
		    r->cmd, "no filter '%s'; did you mean '%s'?", name, near);
	return cmd_usage(r->cmd,
	    "no filter '%s'; to look for a word with a colon, put -- before it",
	    name);
}

static int
set(struct reading *r, const char *word, size_t n)
{
	char *name = arena_strndup(&r->c->arena, word, n);

	for (size_t i = 0; i < NAMES; i++) {
		if (strcmp(name, names[i].name) != 0)
			continue;
		if (word[n + 1] == '\0')
			return cmd_usage(r->cmd, "%s: needs a value", name);
		return names[i].set(r, &names[i], word + n + 1);
	}
	return unknown(r, name);
}

/* A word with blanks came quoted from the shell: it is a phrase. */
static void
add_words(struct reading *r, const char *word)
{
	const char *quote = strchr(word, ' ') != NULL && word[0] != '"' ? "\""
									: "";
	const char *before = r->f->words;

	r->f->words = arena_printf(&r->c->arena, "%s%s%s%s%s",
	    before == NULL ? "" : before, before == NULL ? "" : " ", quote,
	    word, quote);
}

int
filter_parse(struct context *c, const struct cmd *cmd, int argc, char **argv,
    struct ticket_filter *f)
{
	struct reading r = { .c = c, .cmd = cmd, .f = f };
	const char *odd = opt_unknown(argc, argv);
	bool plain = false;

	*f = (struct ticket_filter){ 0 };
	if (odd != NULL)
		return cmd_usage(cmd, "unknown option '%s'", odd);
	for (int i = 1; i < argc; i++) {
		size_t n = plain ? 0 : name_length(argv[i]);
		int rc = 0;

		if (!plain && strcmp(argv[i], "--") == 0)
			plain = true;
		else if (n > 0)
			rc = set(&r, argv[i], n);
		else
			add_words(&r, argv[i]);
		if (rc != 0)
			return rc;
	}
	return 0;
}

int
filter_limit(const struct context *c, const char *word, int *limit)
{
	char *end;
	long n;

	*limit = c->json || !isatty(STDOUT_FILENO) ? 0 : LIMIT_SHOWN;
	if (word == NULL)
		return 0;
	n = strtol(word, &end, 10);
	if (end == word || *end != '\0' || n < 0 || n > 100000000)
		return -1;
	*limit = (int)n;
	return 0;
}
