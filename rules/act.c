/* An agent's mail becomes a decision, or a question.  See the header. */
#include "rules/act.h"

#include <string.h>

#include "parser/address.h"
#include "parser/ascii.h"
#include "rules/phrase.h"

struct acting {
	const struct act *in;
	struct decision *d;
	struct act_result *out;
	bool text; /* he wrote something besides commands */
};

static bool
blank(const char *s)
{
	while (ascii_blank(*s))
		s++;
	return *s == '\0';
}

/* "-- " (RFC 3676 4.3) above everything: he wrote nothing but who he is. */
static bool
only_signature(const char *s)
{
	while (ascii_blank(*s))
		s++;
	return strncmp(s, "--", 2) == 0 &&
	    (s[2] == '\0' || s[2] == '\n' || strncmp(s, "-- \n", 4) == 0);
}

/* Nothing of it is done. */
static void
ask(struct acting *x, enum notice_kind kind, const char *problem,
    const char *asked)
{
	x->d->n = 0;
	x->out->asks = true;
	x->out->question = kind;
	x->out->problem = problem;
	x->out->asked = asked;
}

static void
ask_phrase(struct acting *x, enum notice_kind kind, enum phrase p,
    const char *zero, const char *one)
{
	struct arena *a = x->d->arena;

	ask(x, kind, phrase(a, "en", p, zero, one, NULL),
	    phrase(a, x->in->ask.language, p, zero, one, NULL));
}

/* Are the lines that look like commands only words this time? */
static bool
only_words(const struct act *in)
{
	if (in->leave == LEAVE_NOTE || in->note_only)
		return true;
	return in->leave == LEAVE_SEND && in->left_because != NULL &&
	    strcmp(in->left_because, "command") == 0;
}

static bool
leads(const struct conf *c, const struct conf_agent *agent)
{
	for (size_t i = 0; i < c->teams_n; i++) {
		const struct conf_team *t = &c->teams[i];

		if ((t->lead != NULL && strcmp(t->lead, agent->name) == 0) ||
		    (t->manager != NULL &&
			strcmp(t->manager, agent->name) == 0))
			return true;
	}
	return false;
}

/* Why he may give no commands; PHRASE_COUNT: he may. */
static enum phrase
forbidden(const struct act *in)
{
	const struct conf *c = in->ask.conf;

	/* Who sits at the command line is root or the like. */
	if (in->ask.agent == NULL || in->mail == NULL)
		return PHRASE_COUNT;
	if (c->tickets.commands == COMMANDS_OFF)
		return PHRASE_COMMANDS_OFF;
	if (c->tickets.commands == COMMANDS_LEADS && !leads(c, in->ask.agent))
		return PHRASE_COMMANDS_LEADS;
	return PHRASE_COUNT;
}

/* Who may give no commands is asked about what looks like one: it may be meant
 * to stay inside ("#note").  Answers to our questions are always for us. */
static bool
stopped(struct acting *x, enum phrase why)
{
	const struct command_mail *m = x->in->words;

	if (m->n == 0 || m->list[0].word == COMMAND_DO)
		return false;
	ask_phrase(x, NOTICE_COMMAND, why,
	    arena_printf(x->d->arena, "%zu", m->list[0].line), NULL);
	return true;
}

/* A command in the middle of the text. */
static void
ask_place(struct acting *x, const struct command *c)
{
	ask_phrase(x, NOTICE_COMMAND, PHRASE_MIDDLE,
	    arena_printf(x->d->arena, "%zu", c->line), c->written);
}

static int
steer(struct acting *x, struct err *e)
{
	const struct act *in = x->in;
	struct commands_answer *said = &x->out->said;

	if (in->words->middle != NULL) {
		ask_place(x, in->words->middle);
		return 0;
	}
	if (commands_decide(&in->ask, in->words, x->d, said, e) == -1)
		return -1;
	memcpy(x->out->meant, said->meant, sizeof(x->out->meant));
	if (said->problem != NULL &&
	    !(said->challenge && in->leave == LEAVE_YES))
		ask(x, said->challenge ? NOTICE_CHALLENGE : NOTICE_COMMAND,
		    said->problem, said->asked);
	return 0;
}

/* The note on the line of its command, and what stands below. */
static void
read_text(struct acting *x, bool words)
{
	const struct act *in = x->in;
	const struct commands_answer *said = &x->out->said;
	const char *text = words ? in->words->before : in->words->text;

	x->out->note = in->note_only || in->leave == LEAVE_NOTE || said->note;
	if (said->note_text != NULL && *said->note_text != '\0')
		text = blank(text) ? said->note_text
				   : arena_printf(x->d->arena, "%s\n\n%s",
					 said->note_text, text);
	x->text = !blank(text) && !(in->mail != NULL && only_signature(text));
	x->out->text = x->text ? text : "";
	x->out->answers = !x->out->note && (x->text || in->files);
}

/* Words that stand alone in a mail. */
static const char *
alone(const struct commands_answer *s)
{
	return s->split ? "#split"
	    : s->spam   ? "#spam"
	    : s->undo   ? "#undo"
			: NULL;
}

static void
look(struct acting *x)
{
	const struct act *in = x->in;
	const struct commands_answer *said = &x->out->said;
	bool mail = in->mail != NULL, closes = said->ends;
	struct ticket after;

	decision_ticket(x->d, in->ask.ticket, &after);

	if (said->n == 0 && !x->text && !in->files)
		ask_phrase(x, NOTICE_EMPTY, PHRASE_EMPTY, NULL, NULL);
	else if (x->out->answers && alone(said) != NULL)
		ask_phrase(
		    x, NOTICE_COMMAND, PHRASE_TEXT_BELOW, NULL, alone(said));
	else if (x->out->answers && !said->new_ticket &&
	    !address_valid(after.requester))
		ask_phrase(x, NOTICE_COMMAND, PHRASE_NO_REQUESTER, NULL, NULL);
	else if (in->others_wrote && (x->out->answers || closes) &&
	    in->ask.conf->tickets.stale == STALE_ASK && in->leave != LEAVE_SEND)
		ask_phrase(x, NOTICE_STALE, PHRASE_WROTE_SINCE, NULL, NULL);
	else if (mail && in->leave == LEAVE_NONE && x->text &&
	    in->said_before >= ACT_SAME_MAX)
		ask_phrase(x, NOTICE_CHALLENGE, PHRASE_SAME_AGAIN, NULL, NULL);
	else if (mail && in->leave == LEAVE_NONE &&
	    (in->actions >= ACT_HOUR_MAX ||
		(closes && in->closes >= ACT_CLOSE_MAX)))
		ask_phrase(x, NOTICE_CHALLENGE,
		    closes && in->closes >= ACT_CLOSE_MAX ? PHRASE_MANY_CLOSED
							  : PHRASE_MANY_ACTED,
		    NULL, NULL);
}

/* The mail, or the words, as an entry of the conversation. */
static void
add_entry(struct acting *x, const char *why)
{
	const struct act_result *r = x->out;
	const struct conf_agent *agent = x->in->ask.agent;
	bool bare = !r->note && !r->answers;
	enum direction to = r->answers ? DIRECTION_OUT : DIRECTION_NOTE;
	struct change *c;

	if (x->in->mail != NULL) {
		c = decision_add(x->d, CHANGE_MESSAGE, to,
		    bare ? x->in->words->before : r->text, why);
		c->text2 = bare ? "command" : NULL;
	} else if (!bare) {
		c = decision_add(x->d, CHANGE_WORDS, to, r->text, why);
		c->text2 = agent != NULL ? agent->emails[0] : NULL;
	}
}

static void
add_answer(struct acting *x, const char *why)
{
	const struct act *in = x->in;
	const struct ticket *t = in->ask.ticket;

	if (!x->out->said.status_set) {
		decision_add(x->d, CHANGE_STATUS, STATUS_WAITING, NULL, why);
		if (t->status == STATUS_RESOLVED || t->status == STATUS_CLOSED)
			x->out->said.hidden = true;
	}
	if (*t->assignee != '\0' || in->ask.agent == NULL)
		return;
	for (size_t i = 0; i < x->d->n; i++)
		if (x->d->list[i].kind == CHANGE_ASSIGNEE)
			return;
	decision_add(x->d, CHANGE_ASSIGNEE, 0, in->ask.agent->name, why);
}

static const char *
why_of(struct acting *x)
{
	const struct conf_agent *agent = x->in->ask.agent;
	const char *who = agent == NULL || x->in->mail == NULL ? x->in->ask.who
							       : agent->name;
	const char *did = x->out->answers ? "answered"
	    : x->out->note                ? "left a note"
					  : "gave commands";

	return arena_printf(x->d->arena, "%s %s%s", who, did,
	    x->in->mail != NULL ? " by mail" : "");
}

int
act_decide(const struct act *in, struct decision *d, struct act_result *out,
    struct err *e)
{
	struct acting x = { .in = in, .d = d, .out = out };
	enum phrase why = forbidden(in);
	bool words = only_words(in);

	*out = (struct act_result){ .text = "" };
	if (!words && why != PHRASE_COUNT) {
		if (stopped(&x, why))
			return 0;
		words = in->words->n == 0;
	}
	if (!words && steer(&x, e) == -1)
		return -1;
	if (out->asks)
		return 0;
	read_text(&x, words);
	look(&x);
	if (out->asks)
		return 0;
	/* Who only asks leaves nothing behind that he could undo. */
	d->act = d->n > 0 || out->note || out->answers;
	add_entry(&x, why_of(&x));
	if (out->answers && !out->said.new_ticket)
		add_answer(&x, why_of(&x));
	return 0;
}
