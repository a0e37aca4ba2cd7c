/* What becomes of one mail. */
#include "rules/intake.h"

#include <string.h>

#include "rules/confirm.h"

/* People taken over from Cc: more is a list, not a conversation. */
#define INTAKE_CC_MAX 10

static const char *
sender_key(const struct intake *in, struct arena *a)
{
	const char *from = in->mail->from_addr;

	return from == NULL ? "" : address_key(a, from);
}

/* A requester's mail that an agent passes on: it is the requester's. */
static bool
passed_on(const struct intake *in)
{
	const struct mail *m = in->mail;

	return in->agent != NULL && m->forward && m->forward_from != NULL &&
	    address_valid(m->forward_from) &&
	    !conf_is_own(in->conf, m->forward_from) &&
	    conf_agent_by_address(in->conf, m->forward_from) == NULL;
}

static void
add_people(const struct intake *in, struct decision *d,
    const struct address *list, size_t n, int *room)
{
	for (size_t i = 0; i<n && * room> 0; i++) {
		const char *key = address_key(d->arena, list[i].addr);
		struct change *c;

		if (conf_is_own(in->conf, key) ||
		    conf_agent_by_address(in->conf, key) != NULL)
			continue;
		c = decision_add(
		    d, CHANGE_PARTICIPANT, ROLE_CC, key, "named in To or Cc");
		c->text2 = list[i].name;
		(*room)--;
	}
}

/* Whom a mail names gets the answers, too: so the border server has to vouch
 * for it, where one is named (T06). */
static void
add_participants(const struct intake *in, struct decision *d)
{
	int room = in->cc_n < INTAKE_CC_MAX ? INTAKE_CC_MAX - (int)in->cc_n : 0;

	if (in->conf->auth.named && in->proof != PROOF_PASS)
		return;

	add_people(in, d, in->mail->to, in->mail->to_n, &room);
	add_people(in, d, in->mail->cc, in->mail->cc_n, &room);
}

static void
note_oversize(const struct intake *in, struct decision *d)
{
	if (in->oversize)
		decision_add(d, CHANGE_EVENT, 0, "oversize",
		    "larger than max-size: only its beginning was taken, "
		    "the whole mail stays on the server");
}

/* What the rules say of a ticket that begins with this mail. */
static int
route(const struct intake *in, struct decision *d, struct intake_result *out,
    struct err *e)
{
	const struct conf *c = in->conf;
	struct ticket fresh = ticket_blank;
	struct routed *r;

	if (in->routing == NULL) {
		if (c->teams_n > 0)
			decision_add(d, CHANGE_TEAM, 0, c->teams[0].name,
			    "the first team of the configuration");
		return 0;
	}
	fresh.subject = d->list[0].text;
	fresh.requester = d->list[1].text;
	if (in->mail->from_name != NULL)
		fresh.requester_name = in->mail->from_name;
	if (in->language != NULL)
		fresh.language = in->language;
	else if (in->mail->language != NULL)
		fresh.language = in->mail->language;
	r = arena_alloc(d->arena, sizeof(*r));
	out->routed = r;
	return routing_new(in->routing, in->mail, &fresh, d, r, e);
}

static void
begin_ticket(const struct intake *in, struct decision *d, const char *subject,
    const char *why)
{
	struct change *change;

	if (passed_on(in)) {
		why = arena_printf(
		    d->arena, "%s passed on their mail", in->agent->name);
		if (in->mail->forward_subject != NULL &&
		    *in->mail->forward_subject != '\0')
			subject = in->mail->forward_subject;
		decision_add(d, CHANGE_NEW, 0, subject, why);
		change = decision_add(d, CHANGE_REQUESTER, 0,
		    address_key(d->arena, in->mail->forward_from), why);
		change->text2 = in->mail->forward_name;
		return;
	}
	decision_add(d, CHANGE_NEW, 0, subject, why);
	change = decision_add(d, CHANGE_REQUESTER, 0, sender_key(in, d->arena),
	    "wrote the first mail");
	change->text2 = in->mail->from_name;
	if (in->mail->from_addr == NULL &&
	    (change->text2 == NULL || *change->text2 == '\0'))
		change->text2 = "unknown sender";
}

static void
finish_ticket(const struct intake *in, struct decision *d, const char *why)
{
	if (in->language != NULL)
		decision_add(d, CHANGE_LANGUAGE, 0, in->language,
		    "the language that this person wants");
	else if (in->mail->language != NULL)
		decision_add(d, CHANGE_LANGUAGE, 0, in->mail->language,
		    "the language of the first mail");
	note_oversize(in, d);
	if (!passed_on(in))
		add_participants(in, d);
	/* The requester's side never sees the agent's mail itself, so its id
	 * is none of their conversation. */
	decision_add(d, CHANGE_MESSAGE, DIRECTION_IN, NULL, why)->text2 =
	    passed_on(in) ? "forward" : NULL;
}

/* A rule holds the mail, drops it, or gives it to a ticket that is there. */
static void
end_by_rule(
    const struct intake *in, struct decision *d, struct intake_result *out)
{
	const struct routed *r = out->routed;

	out->reason = r->why;
	if (r->end == ROUTED_HOLD) {
		out->end = INTAKE_HOLD;
		out->state = "held";
	} else if (r->end == ROUTED_DROP) {
		out->end = INTAKE_FILE;
		out->state = "filed";
	} else {
		decision_init(d, d->arena, r->ticket, d->who);
		decision_add(d, CHANGE_MESSAGE, DIRECTION_IN, NULL, r->why);
		note_oversize(in, d);
		out->state = "append";
	}
}

static int
new_ticket(const struct intake *in, struct decision *d,
    struct intake_result *out, struct err *e)
{
	const struct thread_choice *ch = &in->choice;
	const char *subject = in->mail->subject;

	if (subject == NULL || *subject == '\0')
		subject = "(no subject)";
	begin_ticket(in, d, subject, ch->why);
	if (route(in, d, out, e) == -1)
		return -1;
	if (out->routed != NULL && out->routed->end != ROUTED_TICKET) {
		end_by_rule(in, d, out);
		return 0;
	}
	finish_ticket(in, d, ch->why);
	if (ch->how == THREAD_FOLLOW_UP)
		decision_add(d, CHANGE_LINK, ch->ticket.number, "follow-up-of",
		    "that ticket is closed too long to open it again");
	out->state = "new";
	out->reason = in->fate_why;
	out->acknowledge = in->fate == FATE_TICKET && !passed_on(in);
	out->requester = d->list[1].text;
	out->language = in->language;
	return 0;
}

/* The sender floods us: one ticket takes it all, nobody is acknowledged. */
static void
flood(const struct intake *in, struct decision *d, struct intake_result *out)
{
	static const char why[] =
	    "more than 20 new tickets of this sender in an hour";

	if (in->flood_ticket == 0) {
		begin_ticket(in, d,
		    arena_printf(d->arena, "Flood of mail from %s",
			sender_key(in, d->arena)),
		    why);
		if (in->conf->teams_n > 0)
			decision_add(d, CHANGE_TEAM, 0, in->conf->teams[0].name,
			    "the first team of the configuration");
		finish_ticket(in, d, why);
		out->state = "new";
	} else {
		decision_init(d, d->arena, in->flood_ticket, d->who);
		decision_add(d, CHANGE_MESSAGE, DIRECTION_IN, NULL, why);
		out->state = "append";
	}
	out->reason = why;
}

/* What a requester's mail does to the status (MAIL 1). */
static void
move_status(const struct intake *in, struct decision *d)
{
	const struct ticket *t = &in->choice.ticket;
	enum status next = *t->assignee != '\0' ? STATUS_IN_PROGRESS
						: STATUS_OPEN;
	bool robot = in->mail->class != CLASS_HUMAN;

	if (in->works && !robot && t->status != STATUS_CLOSED) {
		decision_add(d, CHANGE_STATUS, STATUS_CLOSED, NULL,
		    "the requester says that it works");
		return;
	}
	if (t->status == STATUS_WAITING)
		decision_add(
		    d, CHANGE_STATUS, next, NULL, "the requester answered");
	if (t->status != STATUS_RESOLVED && t->status != STATUS_CLOSED)
		return;
	if (robot && in->mail->class != CLASS_GENERATED)
		return;
	if (t->status == STATUS_RESOLVED && !robot &&
	    confirm_mail(d->arena, in->mail))
		decision_add(d, CHANGE_STATUS, STATUS_CLOSED, NULL,
		    "the requester confirmed");
	else
		decision_add(
		    d, CHANGE_STATUS, next, NULL, "the requester wrote again");
}

/* What the rules say of a mail in a ticket; false: they hold or drop it. */
static int
route_more(const struct intake *in, struct decision *d,
    struct intake_result *out, struct err *e)
{
	struct routed *r;

	if (in->routing == NULL)
		return 0;
	r = arena_alloc(d->arena, sizeof(*r));
	out->routed = r;
	return routing_more(in->routing, in->mail, &in->choice.ticket, d, r, e);
}

static int
append(const struct intake *in, struct decision *d, struct intake_result *out,
    struct err *e)
{
	bool note = in->choice.how == THREAD_NOTE;

	decision_init(d, d->arena, in->choice.ticket.number, d->who);
	decision_add(d, CHANGE_MESSAGE, note ? DIRECTION_NOTE : DIRECTION_IN,
	    NULL, in->choice.why);
	note_oversize(in, d);
	out->state = "append";
	if (note) {
		struct change *c = decision_add(d, CHANGE_EVENT, 0, "stranger",
		    "holds a copy of the conversation but does not take part:"
		    " kept as a note");

		c->text2 = sender_key(in, d->arena);
		out->reason = "kept as a note: the sender does not take part";
		return 0;
	}
	out->reason = NULL;
	move_status(in, d);
	add_participants(in, d);
	if (route_more(in, d, out, e) == -1)
		return -1;
	if (out->routed != NULL && out->routed->end != ROUTED_TICKET)
		end_by_rule(in, d, out);
	return 0;
}

static const char *
event_text(const struct intake *in, struct arena *a)
{
	static const char *const did[BOUNCE_ACTION_COUNT] = { "not delivered",
		"delayed", "delivered" };
	const struct bounce *b = &in->mail->bounce;

	if (in->mail->class != CLASS_DSN)
		return in->fate_why;
	return arena_printf(a, "%s: %s%s%s%s%s", did[b->action],
	    b->recipients_n > 0 ? b->recipients[0] : "recipient unknown",
	    b->reason != BOUNCE_UNKNOWN ? ", " : "",
	    b->reason != BOUNCE_UNKNOWN ? bounce_reason_name(b->reason) : "",
	    b->status != NULL ? ", status " : "",
	    b->status != NULL ? b->status : "");
}

/* Mail of machines that is only history: kept as a note where it belongs. */
static void
event(const struct intake *in, struct decision *d, struct intake_result *out)
{
	int64_t ticket = in->letter_ticket;
	const struct conf_agent *agent;

	if (ticket == 0 && in->choice.how != THREAD_NEW &&
	    in->choice.step <= STEP_FOREIGN_ID)
		ticket = in->choice.ticket.number;
	out->reason = event_text(in, d->arena);
	if (ticket == 0) {
		out->end = INTAKE_FILE;
		out->state = "filed";
		return;
	}
	decision_init(d, d->arena, ticket, d->who);
	out->state = "event";
	agent = in->mail->class == CLASS_AUTO_REPLY &&
		in->mail->from_addr != NULL
	    ? conf_agent_by_address(in->conf, in->mail->from_addr)
	    : NULL;
	/* Of an agent's out-of-office only that it came is of use (T15). */
	if (agent != NULL)
		decision_add(d, CHANGE_EVENT, 0, "away", out->reason)->text2 =
		    agent->name;
	else
		decision_add(
		    d, CHANGE_MESSAGE, DIRECTION_NOTE, NULL, out->reason);
}

static void
variant(const struct intake *in, struct decision *d, struct intake_result *out)
{
	decision_init(d, d->arena, in->copy_ticket, d->who);
	decision_add(d, CHANGE_MESSAGE, DIRECTION_IN, NULL,
	    "the same mail again with another text (a list or a gateway "
	    "changed it)");
	out->state = "variant";
}

static bool
wrote_to(const struct address *list, size_t n, const char *who)
{
	for (size_t i = 0; i < n; i++)
		if (address_same(list[i].addr, who))
			return true;
	return false;
}

/* An agent answers the requester by himself, and we are in Cc. */
static bool
answered_past(const struct intake *in)
{
	const struct ticket *t = &in->choice.ticket;
	const struct mail *m = in->mail;

	/* From alone moves no ticket: then it stays a note. */
	return in->agent != NULL && in->choice.how == THREAD_NOTE &&
	    in->conf->auth.named && in->proof == PROOF_PASS &&
	    (wrote_to(m->to, m->to_n, t->requester) ||
		wrote_to(m->cc, m->cc_n, t->requester));
}

/* It has reached the requester already: nothing is sent. */
static void
take_answer(
    const struct intake *in, struct decision *d, struct intake_result *out)
{
	const struct ticket *t = &in->choice.ticket;
	const char *why = arena_printf(
	    d->arena, "%s answered the requester directly", in->agent->name);

	decision_init(d, d->arena, t->number,
	    arena_printf(d->arena, "agent %s", in->agent->name));
	decision_add(d, CHANGE_MESSAGE, DIRECTION_OUT, NULL, why);
	decision_add(d, CHANGE_STATUS, STATUS_WAITING, NULL, why);
	if (*t->assignee == '\0')
		decision_add(d, CHANGE_ASSIGNEE, 0, in->agent->name, why);
	out->state = "append";
	out->reason = NULL;
}

static int
by_choice(const struct intake *in, struct decision *d,
    struct intake_result *out, struct err *e)
{
	enum thread_how how = in->choice.how;
	int rc = 0;

	if (answered_past(in))
		take_answer(in, d, out);
	else if (how == THREAD_APPEND || how == THREAD_NOTE)
		rc = append(in, d, out, e);
	else if (in->flood)
		flood(in, d, out);
	else
		rc = new_ticket(in, d, out, e);
	if (in->oversize && out->end == INTAKE_APPLY)
		out->state = "oversize";
	return rc;
}

/* What a person took out of held becomes ordinary mail, but no machine answers
 * it: the reason it was held for has not gone away. */
static void
let_go(struct intake *in, struct arena *a)
{
	if (!in->released || (in->fate != FATE_HELD && in->fate != FATE_LOOP))
		return;
	in->fate_why = arena_printf(
	    a, "a person released it; it was held: %s", in->fate_why);
	in->fate = FATE_SILENT;
}

static int
decide(const struct intake *in, struct decision *d, struct intake_result *out,
    struct err *e)
{
	*out = (struct intake_result){ .end = INTAKE_APPLY,
		.reason = in->fate_why };
	switch (in->fate) {
	case FATE_LOOP:
		out->end = INTAKE_HOLD;
		out->state = "loop_held";
		break;
	case FATE_HELD:
		out->end = INTAKE_HOLD;
		out->state = "held";
		break;
	case FATE_FILED:
		out->end = INTAKE_FILE;
		out->state = "filed";
		break;
	case FATE_EVENT:
		event(in, d, out);
		break;
	case FATE_TICKET:
	case FATE_SILENT:
		if (in->variant)
			variant(in, d, out);
		else
			return by_choice(in, d, out, e);
		break;
	}
	return 0;
}

int
intake_decide(const struct intake *in, struct decision *d,
    struct intake_result *out, struct err *e)
{
	struct intake let = *in;

	let_go(&let, d->arena);
	return decide(&let, d, out, e);
}
