/*
 * What is said about commands: problems, receipts, whys.  All sentences of
 * problems stand in one table, so that another language is another table.  A
 * problem is a clause: "I did not send it, because ...".
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parser/utf8.h"
#include "rules/commands_private.h"

#define SHOWN_MAX 80 /* bytes of a value that are repeated */
#define DONE_MAX  400

static const char *const problems[PROBLEM_COUNT] = {
	[PROBLEM_UNKNOWN] = "I do not know \"{1}\" (line {0})",
	[PROBLEM_NEEDS] = "#{1} needs a value (line {0}), as in \"{2}\"",
	[PROBLEM_TAKES_NONE] = "#{1} takes no value, but \"{2}\" stands behind "
			       "it (line {0})",
	[PROBLEM_ALONE] = "#{1} stands alone: no other command goes with it",
	[PROBLEM_TWICE] = "#{1} stands there twice (line {0})",
	[PROBLEM_AGAINST] = "#{1} and #{2} contradict each other (line {0})",
	[PROBLEM_VALUE] = "\"{1}\" is not a value of {2} (line {0})",
	[PROBLEM_WHEN] = "I do not know when \"{1}\" is (line {0}); \"3d\", "
			 "\"fri 9:00\" or \"2026-08-10\" would do",
	[PROBLEM_OVER] = "\"{1}\" is over: it was {2} (line {0})",
	[PROBLEM_ORDER] = "it would be closed before anybody asks again (line "
			  "{0})",
	[PROBLEM_SPENT] = "\"{1}\" is no time that somebody works in a day "
			  "(line {0}); \"20m\" or \"1h30m\" would do",
	[PROBLEM_NOBODY] = "\"{1}\" is neither an agent nor a team (line {0})",
	[PROBLEM_NOBODY_NEAR] = "\"{1}\" is neither an agent nor a team (line "
				"{0}); is it {2}?",
	[PROBLEM_SEVERAL] = "\"{1}\" may be any of {2} (line {0})",
	[PROBLEM_NO_AGENT] = "only an agent can have a ticket, and you are "
			     "none (line {0}): use #assign",
	[PROBLEM_TEAM] = "\"{1}\" is not a team (line {0}): {2}",
	[PROBLEM_TEAM_NEAR] = "\"{1}\" is not a team (line {0}); is it {2}?",
	[PROBLEM_NO_TEAM] = "the ticket has no team whose tiers could be "
			    "followed (line {0}): use #team",
	[PROBLEM_NO_TIER] = "team {2} has no way to a team of tier {1} (line "
			    "{0}): use #team",
	[PROBLEM_NEXT_TIER] = "team {1} is the last of its tiers (line {0}): "
			      "use #team",
	[PROBLEM_TICKET] = "\"{1}\" is no number of a ticket (line {0})",
	[PROBLEM_NO_TICKET] = "there is no {1}, or it is not yours to see "
			      "(line {0})",
	[PROBLEM_ITSELF] = "{1} is this ticket (line {0})",
	[PROBLEM_MERGED] = "{1} is merged into {2} already (line {0})",
	[PROBLEM_ADDRESS] = "\"{1}\" is not an address of mail (line {0})",
	[PROBLEM_OWN] = "{1} is our own address (line {0})",
	[PROBLEM_AGENT_CC] = "{1} is an agent (line {0}); \"#watch {2}\" keeps "
			     "agents informed",
	[PROBLEM_IS_REQUESTER] = "{1} is the requester (line {0}); #requester "
				 "names another",
	[PROBLEM_WATCH] = "\"{1}\" is not an agent (line {0}), and others do "
			  "not see notes; #cc lets somebody take part",
	[PROBLEM_LANGUAGE] = "\"{1}\" is not a language here (line {0}): {2}",
	[PROBLEM_CATEGORY] = "\"{1}\" is not a category (line {0}); "
			     "\"network/vpn\" would be one",
	[PROBLEM_TAG] = "\"{1}\" is no tag (line {0}): letters, digits, \"-\", "
			"\"_\" and \".\" are",
	[PROBLEM_NEW_WHO] = "#new does not say who it is for: add "
			    "\"#requester maria@example.org\"",
	[PROBLEM_ONLY_NEW] = "#{1} goes only with #new (line {0})",
	[PROBLEM_CONFIRM] = "#{1} is done only when you confirm it",
};

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

static const char *
filled(struct steering *x, const char *text, const char *const values[3])
{
	struct buf b;
	const char *out, *p;

	buf_init(&b, 0);
	for (; (p = strchr(text, '{')) != NULL; text = p + 3) {
		buf_add(&b, text, (size_t)(p - text));
		buf_str(&b, values[p[1] - '0']);
	}
	buf_str(&b, text);
	out = arena_strdup(x->arena, buf_text(&b));
	buf_done(&b);
	return out;
}

/* The command line has no lines to count. */
static const char *
sentence(struct steering *x, enum problem p)
{
	const char *place = x->now != NULL && x->now->line == 0
	    ? strstr(problems[p], " (line {0})")
	    : NULL;

	if (place == NULL)
		return problems[p];
	return arena_printf(x->arena, "%.*s%s", (int)(place - problems[p]),
	    problems[p], place + strlen(" (line {0})"));
}

void
commands_problem(
    struct steering *x, enum problem p, const char *one, const char *two)
{
	const char *values[3];

	if (x->out->problem != NULL && !x->out->challenge)
		return;
	values[0] = arena_printf(
	    x->arena, "%zu", x->now == NULL ? 0 : x->now->line);
	values[1] = shown(x, one);
	values[2] = two == NULL ? "" : utf8_line(x->arena, two, DONE_MAX);
	x->out->problem = filled(x, sentence(x, p), values);
	x->out->challenge = p == PROBLEM_CONFIRM;
}

void
commands_done(struct steering *x, const char *fmt, ...)
{
	char text[DONE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	x->done = arena_grow(
	    x->arena, x->done, x->done_n, &x->done_cap, sizeof(*x->done));
	x->done[x->done_n++] = utf8_line(x->arena, text, DONE_MAX);
}

const char *
commands_time(struct steering *x, int64_t when)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri",
		"Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct civil c = zone_civil(x->ask->zone, when);

	return arena_printf(x->arena, "%s %d %s %d, %02d:%02d", days[c.weekday],
	    c.day, months[c.month - 1], c.year, c.minute / 60, c.minute % 60);
}

const char *
commands_tag(struct steering *x, int64_t ticket)
{
	return arena_printf(x->arena, "%s%lld", x->ask->conf->tickets.prefix,
	    (long long)ticket);
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
		    x, PROBLEM_TWICE, command_names[x->now->word], NULL);
	else
		commands_problem(x, PROBLEM_AGAINST, command_names[other->word],
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
	commands_done(x, "opened again: %s", status_names[x->t.status]);
}
