/*
 * What is said about commands: problems, receipts, whys.  The words stand in
 * phrase_*.c.  A problem is a clause: "I did not send it, because ...".
 */
#include <string.h>

#include "parser/utf8.h"
#include "rules/commands_private.h"
#include "rules/opening.h"

#define SHOWN_MAX 80 /* bytes of a value that are repeated */
#define DONE_MAX  400
#define LINE      " (line {0})"

/* A value as it may be repeated: one line, not too long. */
static const char *
shown(struct steering *x, const char *s)
{
	size_t n = s == NULL ? 0 : strlen(s);
	char *line;

	if (n <= SHOWN_MAX)
		return s == NULL ? "" : utf8_line(x->arena, s, SHOWN_MAX);
	line = utf8_line(x->arena, s, SHOWN_MAX - 3);
	return arena_printf(x->arena, "%s...", line);
}

/* The command line has no lines to count, and is English. */
static const char *
sentence(struct steering *x, enum phrase p)
{
	const char *text = phrase_plain("en", p);
	const char *place = x->now != NULL && x->now->line == 0
	    ? strstr(text, LINE)
	    : NULL;

	if (place == NULL)
		return text;
	return arena_printf(x->arena, "%.*s%s", (int)(place - text), text,
	    place + strlen(LINE));
}

/* Twice: for the record, and for who is asked. */
static void
set_problem(
    struct steering *x, enum phrase p, const char *one, const char *two[2])
{
	const char *number = arena_printf(
	    x->arena, "%zu", x->now == NULL ? 0 : x->now->line);

	if (x->out->problem != NULL && !x->out->challenge)
		return;
	one = shown(x, one);
	x->out->problem = phrase_fill(
	    x->arena, sentence(x, p), number, one, two[0]);
	x->out->asked = phrase(
	    x->arena, x->ask->language, p, number, one, two[1]);
	x->out->challenge = p == PHRASE_CONFIRM;
}

void
commands_problem(
    struct steering *x, enum phrase p, const char *one, const char *two)
{
	const char *line = two == NULL ? ""
				       : utf8_line(x->arena, two, DONE_MAX);
	const char *both[2] = { line, line };

	set_problem(x, p, one, both);
}

void
commands_problem_at(
    struct steering *x, enum phrase p, const char *one, int64_t when)
{
	const char *both[2] = {
		opening_date(x->arena, x->ask->zone, "en", when),
		commands_time(x, when),
	};

	set_problem(x, p, one, both);
}

void
commands_line(struct steering *x, const char *text)
{
	x->done = arena_grow(
	    x->arena, x->done, x->done_n, &x->done_cap, sizeof(*x->done));
	x->done[x->done_n++] = utf8_line(x->arena, text, DONE_MAX);
}

const char *
commands_words(
    struct steering *x, enum phrase p, const char *zero, const char *one)
{
	return phrase(x->arena, x->ask->language, p, zero, one, NULL);
}

void
commands_done(
    struct steering *x, enum phrase p, const char *zero, const char *one)
{
	commands_line(x, commands_words(x, p, zero, one));
}

const char *
commands_time(struct steering *x, int64_t when)
{
	const char *language = x->ask->language;

	return opening_date(x->arena, x->ask->zone,
	    phrase_column(language) == 0 ? "en" : language, when);
}

const char *
commands_tag(struct steering *x, int64_t ticket)
{
	return ticket_tag(x->arena, x->ask->conf->tickets.prefix, ticket);
}

bool
commands_claim(struct steering *x, enum claim c)
{
	const struct command *other = x->claims[c];

	x->claims[c] = x->now;
	if (other == NULL)
		return true;
	if (other->word == x->now->word)
		commands_problem(
		    x, PHRASE_TWICE, command_names[x->now->word], NULL);
	else
		commands_problem(x, PHRASE_AGAINST, command_names[other->word],
		    command_names[x->now->word]);
	return false;
}

const char *
commands_why(struct steering *x)
{
	const struct command *c = x->now;

	return arena_printf(x->arena, "%s: #%s%s%s", x->ask->who,
	    command_names[c->word], *c->value == '\0' ? "" : " ",
	    utf8_line(x->arena, c->value, DONE_MAX));
}

struct change *
commands_change(
    struct steering *x, enum change_kind kind, int64_t value, const char *text)
{
	return decision_add(x->d, kind, value, text, commands_why(x));
}

bool
commands_same(struct steering *x, const char *a, const char *b)
{
	return strcmp(utf8_fold(x->arena, a), utf8_fold(x->arena, b)) == 0;
}

int
commands_word(struct steering *x, const char *const *table, int n)
{
	const char *value = utf8_fold(x->arena, x->now->value);
	size_t len = strlen(value);

	for (int i = 0; i < n; i++)
		for (const char *p = table[i]; *p != '\0';) {
			size_t k = strcspn(p, " ");

			if (k == len && memcmp(p, value, k) == 0)
				return i;
			p += k + (p[k] == ' ');
		}
	return -1;
}

void
commands_status(struct steering *x, enum status s)
{
	if (x->t.status == s)
		return;
	commands_change(x, CHANGE_STATUS, s, NULL);
	x->t.status = s;
	x->t.until = x->t.nudge = x->t.end = 0; /* they go with the old one */
}

void
commands_reopen(struct steering *x)
{
	if (x->t.status != STATUS_RESOLVED && x->t.status != STATUS_CLOSED)
		return;
	x->out->hidden = true;
	commands_status(
	    x, *x->t.assignee == '\0' ? STATUS_OPEN : STATUS_IN_PROGRESS);
	commands_done(
	    x, DONE_REOPEN, phrase_status(x->ask->language, x->t.status), NULL);
}
