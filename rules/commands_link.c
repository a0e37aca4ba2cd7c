/* Commands about other tickets, and those that are only answered. */
#include <string.h>

#include "parser/ascii.h"
#include "rules/commands_private.h"

void
commands_merge(struct steering *x)
{
	const char *s = x->now->value, *word = commands_next(x->arena, &s);
	struct ticket into;

	if (!commands_claim(x, CLAIM_STATUS))
		return;
	if (word == NULL || commands_next(x->arena, &s) != NULL) {
		commands_problem(x, PHRASE_TICKET, x->now->value, NULL);
		return;
	}
	if (x->t.merged_into != 0) {
		commands_problem(x, PHRASE_MERGED, commands_tag(x, x->t.number),
		    commands_tag(x, x->t.merged_into));
		return;
	}
	if (!commands_ticket(x, word, &into))
		return;
	if (into.number == x->t.number) {
		commands_problem(
		    x, PHRASE_ITSELF, commands_tag(x, into.number), NULL);
		return;
	}
	x->out->status_set = x->out->hidden = true;
	x->out->merge = into.number;
	commands_change(x, CHANGE_MERGE, into.number, NULL);
	commands_done(x, DONE_MERGE, commands_tag(x, into.number), NULL);
}

/* The number that a question or "#unmerge" may bear. */
static bool
maybe_ticket(struct steering *x, int64_t *out)
{
	const char *s = x->now->value, *word = commands_next(x->arena, &s);
	struct ticket t;

	if (word == NULL)
		return true;
	if (*s != '\0' && commands_next(x->arena, &s) != NULL) {
		commands_problem(x, PHRASE_TICKET, x->now->value, NULL);
		return false;
	}
	if (!commands_ticket(x, word, &t))
		return false;
	*out = t.number;
	return true;
}

/* Its survivor would be found by its number: the caller looks for what came
 * in. */
void
commands_unmerge(struct steering *x)
{
	const char *s = x->now->value;

	s += strspn(s, "[#");
	if (ascii_starts(s, x->ask->conf->tickets.prefix))
		s += strlen(x->ask->conf->tickets.prefix);
	for (int i = 0; ascii_digit(*s) && i < 15; i++)
		x->out->apart = x->out->apart * 10 + (*s++ - '0');
	s += *s == ']';
	if (*s != '\0') {
		commands_problem(x, PHRASE_TICKET, x->now->value, NULL);
		return;
	}
	x->out->unmerge = x->out->hidden = true;
}

void
commands_split(struct steering *x)
{
	x->out->split = x->out->hidden = true;
}

void
commands_link(struct steering *x)
{
	const char *s = x->now->value, *word;
	struct ticket other;

	while ((word = commands_next(x->arena, &s)) != NULL) {
		if (!commands_ticket(x, word, &other))
			return;
		if (other.number == x->t.number) {
			commands_problem(x, PHRASE_ITSELF,
			    commands_tag(x, other.number), NULL);
			return;
		}
		commands_change(x, CHANGE_LINK, other.number, "related");
		commands_done(
		    x, DONE_LINK, commands_tag(x, other.number), NULL);
	}
}

void
commands_new(struct steering *x)
{
	x->out->new_ticket = true;
	for (size_t i = 0; i < x->mail->n; i++)
		if (x->mail->list[i].word == COMMAND_REQUESTER)
			return;
	commands_problem(x, PHRASE_NEW_WHO, NULL, NULL);
}

void
commands_source(struct steering *x)
{
	x->out->source = x->now->value;
	for (size_t i = 0; i < x->mail->n; i++)
		if (x->mail->list[i].word == COMMAND_NEW)
			return;
	commands_problem(x, PHRASE_ONLY_NEW, command_names[x->now->word], NULL);
}

/* Answers by mail; one of them in a mail. */
void
commands_question(struct steering *x)
{
	struct commands_answer *out = x->out;

	if (!commands_claim(x, CLAIM_QUESTION))
		return;
	if (x->now->word == COMMAND_WHY) {
		out->why = true;
	} else if (x->now->word == COMMAND_FIND) {
		out->find = x->now->value;
	} else if (x->now->word == COMMAND_SHOW) {
		int64_t number = -1;

		if (maybe_ticket(x, &number))
			out->show = number;
	} else {
		out->help = true;
		out->help_word = *x->now->value == '\0' ? NULL : x->now->value;
	}
}

/* "#do k4p2 note": the code of a question and what to do. */
void
commands_do(struct steering *x)
{
	const char *s = x->now->value;
	const char *code = commands_next(x->arena, &s);
	const char *verb = commands_next(x->arena, &s);

	if (verb == NULL || commands_next(x->arena, &s) != NULL) {
		commands_problem(x, PHRASE_UNKNOWN, x->now->written, NULL);
		return;
	}
	x->out->code = code;
	x->out->verb = verb;
}
