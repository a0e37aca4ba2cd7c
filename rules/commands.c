/*
 * The commands of one mail, all or nothing.  A row says what a word needs; its
 * function checks the value and adds changes, and what depends on several words
 * is settled at the end.
 */
#include "rules/commands.h"

#include "rules/commands_private.h"

static const struct row {
	void (*act)(struct steering *x);
	bool confirm;        /* T11: restricted agents are asked */
	bool alone;          /* no other command goes with it */
	bool once;           /* two of them contradict each other */
	const char *example; /* when the value is missing */
} rows[COMMAND_COUNT] = {
	[COMMAND_RESOLVE] = { .act = commands_resolve },
	[COMMAND_CLOSE] = { .act = commands_close },
	[COMMAND_NOTE] = { .act = commands_note },
	[COMMAND_WAIT] = { .act = commands_wait },
	[COMMAND_HOLD] = { .act = commands_hold },
	[COMMAND_TAKE] = { .act = commands_take },
	[COMMAND_DROP] = { .act = commands_drop },
	[COMMAND_ASSIGN] = { .act = commands_assign, .example = "#assign bob" },
	[COMMAND_TEAM] = { .act = commands_team, .example = "#team network" },
	[COMMAND_TIER] = { .act = commands_tier, .example = "#tier next" },
	[COMMAND_ESCALATE] = { .act = commands_escalate, .once = true },
	[COMMAND_PRIORITY] = { .act = commands_priority,
	    .once = true,
	    .example = "#priority high" },
	[COMMAND_IMPACT] = { .act = commands_level,
	    .once = true,
	    .example = "#impact high" },
	[COMMAND_URGENCY] = { .act = commands_level,
	    .once = true,
	    .example = "#urgency high" },
	[COMMAND_TYPE] = { .act = commands_type,
	    .once = true,
	    .example = "#type incident" },
	[COMMAND_CATEGORY] = { .act = commands_category,
	    .once = true,
	    .example = "#category network/vpn" },
	[COMMAND_TAG] = { .act = commands_tags, .example = "#tag router" },
	[COMMAND_UNTAG] = { .act = commands_tags, .example = "#untag router" },
	[COMMAND_MERGE] = { .act = commands_merge,
	    .confirm = true,
	    .example = "#merge 1042" },
	[COMMAND_UNMERGE] = { .act = commands_unmerge, .alone = true },
	[COMMAND_SPLIT] = { .act = commands_split,
	    .confirm = true,
	    .alone = true },
	[COMMAND_LINK] = { .act = commands_link, .example = "#link 1042" },
	[COMMAND_CC] = { .act = commands_cc,
	    .confirm = true,
	    .example = "#cc jo@example.org" },
	[COMMAND_UNCC] = { .act = commands_uncc,
	    .example = "#uncc jo@example.org" },
	[COMMAND_WATCH] = { .act = commands_watch },
	[COMMAND_SUBJECT] = { .act = commands_subject,
	    .once = true,
	    .example = "#subject VPN breaks off" },
	[COMMAND_REQUESTER] = { .act = commands_requester,
	    .confirm = true,
	    .once = true,
	    .example = "#requester maria@example.org" },
	[COMMAND_LANG] = { .act = commands_lang,
	    .once = true,
	    .example = "#lang de" },
	[COMMAND_SPAM] = { .act = commands_spam,
	    .confirm = true,
	    .alone = true },
	[COMMAND_TIME] = { .act = commands_spent,
	    .once = true,
	    .example = "#time 20m" },
	[COMMAND_REOPEN] = { .act = commands_open_again },
	[COMMAND_NEW] = { .act = commands_new, .once = true },
	[COMMAND_SOURCE] = { .act = commands_source,
	    .once = true,
	    .example = "#source phone" },
	[COMMAND_UNDO] = { .act = commands_undo, .alone = true },
	[COMMAND_WHY] = { .act = commands_question },
	[COMMAND_SHOW] = { .act = commands_question },
	[COMMAND_FIND] = { .act = commands_question,
	    .example = "#find printer" },
	[COMMAND_HELP] = { .act = commands_question },
	[COMMAND_DO] = { .act = commands_do, .alone = true },
};

/* A word that nobody knows, or that only links of requesters bear. */
static void
check_known(struct steering *x)
{
	enum command_word near[3];
	size_t n;

	if (x->now->word < COMMAND_COUNT && rows[x->now->word].act != NULL)
		return;
	if (x->out->problem == NULL) {
		n = command_near(x->arena, x->now->written + 1, near);
		for (size_t i = 0; i < n; i++)
			x->out->meant[i] = command_names[near[i]];
	}
	commands_problem(x, PHRASE_UNKNOWN, x->now->written, NULL);
}

static bool
stands_twice(struct steering *x)
{
	for (const struct command *c = x->mail->list; c < x->now; c++)
		if (c->word == x->now->word)
			return true;
	return false;
}

/* What can be said of a command without reading its value. */
static void
check_form(struct steering *x)
{
	const struct row *row = &rows[x->now->word];
	const char *name = command_names[x->now->word];
	enum command_value takes = command_takes(x->now->word);
	bool value = *x->now->value != '\0';

	if (takes == VALUE_NONE && value)
		commands_problem(x, PHRASE_TAKES_NONE, name, x->now->value);
	else if (takes == VALUE_MUST && !value)
		commands_problem(x, PHRASE_NEEDS, name,
		    row->example != NULL ? row->example : name);
	else if (row->alone && x->mail->n > 1)
		commands_problem(x, PHRASE_ALONE, name, NULL);
	else if (row->once && stands_twice(x))
		commands_problem(x, PHRASE_TWICE, name, NULL);
}

static void
each(struct steering *x, void (*step)(struct steering *x))
{
	for (size_t i = 0; i < x->mail->n; i++) {
		x->now = &x->mail->list[i];
		step(x);
	}
}

static void
carry_out(struct steering *x)
{
	if (x->out->problem == NULL && !x->broken)
		rows[x->now->word].act(x);
}

/* #new names the requester of a ticket that nobody else has: no need to ask. */
static void
ask_first(struct steering *x)
{
	bool fresh = x->out->new_ticket && x->now->word == COMMAND_REQUESTER;

	if (x->ask->restricted && rows[x->now->word].confirm && !fresh)
		commands_problem(
		    x, PHRASE_CONFIRM, command_names[x->now->word], NULL);
}

int
commands_decide(const struct commands_ask *ask, const struct command_mail *m,
    struct decision *d, struct commands_answer *out, struct err *e)
{
	struct steering x = { .ask = ask,
		.mail = m,
		.arena = d->arena,
		.d = d,
		.out = out,
		.e = e,
		.t = *ask->ticket };
	size_t had = d->n;

	*out = (struct commands_answer){ .n = m->n };
	each(&x, check_known);
	if (out->problem == NULL)
		each(&x, check_form);
	if (out->problem == NULL)
		each(&x, carry_out);
	if (out->problem == NULL && !x.broken) {
		commands_settle_hand(&x);
		commands_settle_priority(&x);
		each(&x, ask_first);
	}
	if (x.broken || (out->problem != NULL && !out->challenge))
		d->n = had;
	out->hidden |= m->n > 1;
	out->done = x.done;
	out->done_n = x.done_n;
	return x.broken ? -1 : 0;
}
