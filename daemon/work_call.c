/*
 * What comes from an agent and is neither an answer nor a command to a ticket:
 * a ticket for somebody who called, and the answer to a question about a held
 * mail.
 */
#include <string.h>

#include "daemon/work_act.h"
#include "daemon/work_hold.h"
#include "parser/ascii.h"
#include "parser/utf8.h"
#include "rules/phrase.h"
#include "store/people.h"

#define VERB_SHOWN 20 /* bytes */

/* A number that no ticket has yet: nothing is found by it. */
static int
find_none(
    void *ctx, int64_t number, struct ticket *out, bool *found, struct err *e)
{
	(void)ctx;
	(void)number;
	(void)out;
	(void)e;
	*found = false;
	return 0;
}

/* The question, for the record and for the agent. */
static struct hold_new
question(
    struct work *w, const struct hand *h, enum phrase problem, const char *one)
{
	const char *language = phrase_language(w->conf, h->answer.agent);

	return (struct hold_new){ .hand = h,
		.kind = problem == PHRASE_CONFIRM ? NOTICE_CHALLENGE
						  : NOTICE_COMMAND,
		.problem = phrase(&w->arena, "en", problem, NULL, one, NULL),
		.asked = phrase(
		    &w->arena, language, problem, NULL, one, NULL) };
}

/* What the commands themselves ask. */
static int
ask_about(struct work *w, struct parcel *p, struct hand *h,
    const struct commands_answer *said, int64_t now, struct err *e)
{
	struct hold_new q = { .hand = h,
		.kind = NOTICE_COMMAND,
		.problem = said->problem,
		.asked = said->asked };

	memcpy(q.meant, said->meant, sizeof(q.meant));
	return work_hold(w, p, &q, now, e);
}

/* The changes that commands made go behind those that begin the ticket. */
static void
begin(struct work *w, const struct mail *m, const struct commands_answer *said,
    const struct decision *steps, struct decision *d)
{
	const char *why = arena_printf(&w->arena, "%s: #new%s%s", d->who,
	    said->source == NULL ? "" : ", by ",
	    said->source == NULL ? "" : said->source);
	const char *subject = m->subject;

	if (subject == NULL || *subject == '\0')
		subject = "(no subject)";
	decision_add(d, CHANGE_NEW, 0, subject, why);
	decision_add(d, CHANGE_REQUESTER, 0,
	    address_key(&w->arena, said->requester), why);
	for (size_t i = 0; i < steps->n; i++) {
		const struct change *c = &steps->list[i];

		if (c->kind != CHANGE_REQUESTER)
			decision_add(d, c->kind, c->value, c->text, c->why)
			    ->text2 = c->text2;
	}
}

static bool
has(const struct decision *d, enum change_kind kind)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].kind == kind)
			return true;
	return false;
}

/* A call while it becomes a ticket. */
struct calling {
	struct hand *hand;
	struct commands_answer said;
	struct decision d;
};

static int
start(struct work *w, struct parcel *p, struct calling *x, int64_t now,
    struct err *e)
{
	struct hand *h = x->hand;
	struct decision *d = &x->d;
	struct origin o = { .mail = &p->mail,
		.raw = p->in->raw,
		.received = p->in->received,
		.key = match_key(w->db, &w->arena, &p->mail, w->marks.prefix) };
	struct change *c;
	struct post post;

	if (!has(d, CHANGE_TEAM) && w->conf->teams_n > 0)
		decision_add(d, CHANGE_TEAM, 0, w->conf->teams[0].name,
		    "the first team of the configuration");
	c = decision_add(d, CHANGE_MESSAGE, DIRECTION_IN, h->words.text,
	    arena_printf(&w->arena, "%s wrote it down", d->who));
	/* The requester has never seen this mail: its id is none of theirs. */
	c->text2 = "call";
	if (post_open(&post, w, d, NULL, now, e) == -1)
		return -1;
	post_mail(&post, p);
	post.text = h->words.text;
	post.by = has(d, CHANGE_ASSIGNEE) ? h->answer.agent : NULL;
	if (post_tell(&post, TELL_NEW, x->said.escalate != NULL, e) == -1 ||
	    tickets_apply(w->db, d, &o, now, e) == -1)
		return -1;
	p->ticket = d->ticket;
	p->result.state = "new";
	p->result.reason = NULL;
	return inbound_done(w->db, p->in, "new", d->ticket, NULL, e);
}

int
work_call(struct work *w, struct parcel *p, struct hand *h, int64_t now,
    struct err *e)
{
	const char *who = arena_printf(
	    &w->arena, "agent %s", h->answer.agent->name);
	struct commands_ask in = { .conf = w->conf,
		.book = w->ruling.book,
		.agent = h->answer.agent,
		.who = who,
		.language = phrase_language(w->conf, h->answer.agent),
		.ticket = &ticket_blank,
		.zone = w->ruling.zone,
		.now = now,
		.find = find_none };
	struct calling x = { .hand = h };
	struct decision steps;
	struct hold_new q;

	decision_init(&steps, &w->arena, 0, who);
	decision_init(&x.d, &w->arena, 0, who);
	if (commands_decide(&in, &h->words, &steps, &x.said, e) == -1)
		return -1;
	if (x.said.problem != NULL)
		return ask_about(w, p, h, &x.said, now, e);
	/* Without a token From is all there is, and that anybody can write:
	 * nobody begins a ticket in somebody else's name by it (MAIL 7). */
	if (h->ask.proof != PROOF_PASS && h->leave == LEAVE_NONE) {
		q = question(w, h, PHRASE_CONFIRM, "new");
		return work_hold(w, p, &q, now, e);
	}
	if (x.said.requester == NULL) {
		q = question(w, h, PHRASE_NEW_WHO, NULL);
		return work_hold(w, p, &q, now, e);
	}
	begin(w, &p->mail, &x.said, &steps, &x.d);
	return start(w, p, &x, now, e);
}

/* "APPROVE", "#do k4p2 note": what is to become of it. */
static const char *
verb_of(struct work *w, const struct mail *m)
{
	struct command_mail words;
	const char *own = mail_own_text(&w->arena, m), *value, *space;
	size_t n;

	command_split(&w->arena, own, &words);
	if (words.n > 0 && words.list[0].word == COMMAND_DO) {
		value = words.list[0].value;
		space = strrchr(value, ' ');
		return space == NULL ? value : space + 1;
	}
	while (ascii_blank(*own))
		own++;
	for (n = 0; ascii_alpha(own[n]); n++)
		;
	return arena_strndup(&w->arena, own, n);
}

static int
finish(struct work *w, struct parcel *p, const char *reason, struct err *e)
{
	p->result.state = "filed";
	p->result.reason = reason;
	return inbound_done(w->db, p->in, "filed", 0, reason, e);
}

int
work_answer_held(struct work *w, struct parcel *p, struct hand *hand,
    int64_t now, struct err *e)
{
	const char *verb = verb_of(w, &p->mail);
	struct hold_new q;
	struct held h = { 0 };
	const struct hold_verb *v = hold_verb(verb);
	bool fresh = false;

	if (hand->answer.authority != AUTHORITY_EXECUTE &&
	    hand->answer.authority != AUTHORITY_TICKET)
		return work_refuse(w, p, hand, now, e);
	if (held_load(w->db, &w->arena, hand->says.ticket, &h, e) == -1)
		return -1;
	if (h.id == 0 || strcmp(h.state, "held") != 0)
		return finish(
		    w, p, "the held mail it is about waits no more", e);
	if (v == NULL) {
		q = question(w, hand, PHRASE_NO_VERB,
		    utf8_line(&w->arena, verb, VERB_SHOWN));
		return work_hold(w, p, &q, now, e);
	}
	if (people_use(w->db, hand->token, now, &fresh, e) == -1)
		return -1;
	if (!fresh)
		return finish(w, p, "its token was used before", e);
	/* An agent's token lets go what is his own; the admins', anything. */
	if (hold_answer(w, &h, v, e) == -1)
		return -1;
	return finish(w, p,
	    arena_printf(
		&w->arena, "held mail %lld: %s", (long long)h.id, verb),
	    e);
}
