/* One mail: gather what the database knows, decide, apply. */
#include <string.h>

#include "daemon/log.h"
#include "daemon/work_act.h"
#include "daemon/work_private.h"
#include "parser/msgid.h"
#include "rules/loopmark.h"

bool
work_is_own(struct work *w, const struct mail *m)
{
	struct msgid_own own;

	if (m->message_id != NULL &&
	    msgid_own(&w->keys, w->marks.prefix, m->message_id, &own))
		return true;
	return loop_is_ours(&w->arena, &w->keys, m);
}

static int
hold(struct work *w, struct parcel *p, int64_t now, const char *state,
    const char *reason, struct err *e)
{
	struct held_new h = { .since = now,
		.state = state,
		.sender = p->mail.from_addr,
		.subject = p->mail.subject,
		.reason = reason };

	p->result.state = state;
	p->result.reason = reason;
	return held_add(w->db, p->in, &h, NULL, e);
}

/* Also of a mail that a rule holds or drops. */
static void
count_rules(struct work *w, const struct parcel *p, const struct routed *r)
{
	const struct evaluation *v = &r->evaluation;

	ruling_count(&w->ruling, v, p->in->received);
	for (size_t i = 0; i < v->n && v->limits > 0; i++)
		if (v->results[i].limited)
			log_line(LOG_WARN,
			    "rule=%s mail=%s a pattern met its limit: %s",
			    v->results[i].rule->name,
			    log_quote(p->mail.message_id),
			    v->results[i].rule->restricts ? "read as a match"
							  : "read as no match");
}

/* What a rule keeps from becoming a ticket is found again by `replay`. */
static int
remember_ruled(
    struct work *w, const struct parcel *p, enum thread_how how, struct err *e)
{
	const struct routed *r = p->result.routed;
	const struct ledger_key key = { .mailbox = p->in->mailbox,
		.uidvalidity = p->in->uidvalidity,
		.uid = p->in->uid };

	if (r == NULL || (r->end != ROUTED_HOLD && r->end != ROUTED_DROP) ||
	    (how != THREAD_NEW && how != THREAD_FOLLOW_UP))
		return 0;
	return ledger_ruled(w->db, &key, e);
}

/* A machine's mail about a letter of ours that did not arrive. */
static bool
is_failure(const struct mail *m)
{
	return m->class == CLASS_DSN && m->bounce.action == BOUNCE_FAILED;
}

/* Who passed it on reads how it was understood. */
static int
tell_passed_on(struct post *post, struct work_decision *x, struct err *e)
{
	struct arena *a = x->d.arena;
	const struct change *who = &x->d.list[1];
	const char *done[2];
	struct notice n = { .kind = NOTICE_RECEIPT,
		.to = x->in.agent,
		.answers = x->in.mail->message_id,
		.done = done,
		.done_n = 2 };

	if (x->in.agent == NULL ||
	    conf_agent_by_address(x->in.conf, who->text) == x->in.agent)
		return 0;
	n.address = x->in.agent->emails[0];
	done[0] = arena_printf(a, "taken as a request of %s <%s>",
	    who->text2 == NULL ? "" : who->text2, who->text);
	done[1] = "if it is somebody else's: #requester address";
	return post_notice(post, &n, "what became of his mail", e);
}

/* A letter to one of the staff came back: *by is he, if his lead has not heard
 * of it for this ticket. */
static int
find_lost(struct work *w, const struct parcel *p, struct work_decision *x,
    const struct conf_agent **by, bool *staff, struct err *e)
{
	struct staff_letter l = { 0 };
	int64_t told = 0;

	*staff = false;
	*by = NULL;
	if (p->mail.bounce.message_id == NULL)
		return 0;
	if (match_staff(w->db, &w->arena, &w->marks, p->mail.bounce.message_id,
		&l, e) == -1)
		return -1;
	*staff = l.id != 0;
	if (!*staff || *l.agent == '\0')
		return 0;
	if (db_number(w->db, &told, NULL, e,
		"SELECT count(*) FROM event WHERE ticket = ?"
		" AND what = 'unreachable' AND new = ?",
		"it", x->d.ticket, l.agent) == -1)
		return -1;
	if (told == 0)
		*by = conf_agent(w->conf, l.agent);
	if (*by != NULL)
		decision_add(&x->d, CHANGE_EVENT, 0, "unreachable",
		    "a letter to the agent came back")
		    ->text2 = l.agent;
	return 0;
}

/* Those of the staff whom it concerns. */
static int
tell_staff(struct work *w, struct parcel *p, struct work_decision *x,
    int64_t now, struct err *e)
{
	bool begins = x->d.n > 0 && x->d.list[0].kind == CHANGE_NEW;
	enum tell_event event = begins        ? TELL_NEW
	    : x->in.fate == FATE_EVENT        ? TELL_BOUNCE
	    : x->in.choice.how == THREAD_NOTE ? TELL_STRANGER
					      : TELL_REQUESTER;
	const struct conf_agent *by = NULL;
	struct ticket before = { 0 };
	struct post post;
	bool staff = false;

	/* A flood and another form of the same mail are nothing new. */
	if (!begins && (x->in.flood || x->in.variant))
		return 0;
	if (p->in->quiet || (event == TELL_BOUNCE && !is_failure(&p->mail)))
		return 0;
	if (!begins &&
	    tickets_load(w->db, &w->arena, x->d.ticket, &before, e) == -1)
		return -1;
	if (!begins && before.number == 0)
		return 0;
	if (event == TELL_BOUNCE && find_lost(w, p, x, &by, &staff, e) == -1)
		return -1;
	if (staff && by == NULL)
		return 0;
	if (post_open(&post, w, &x->d, begins ? NULL : &before, now, e) == -1)
		return -1;
	post_mail(&post, p);
	if (begins && tell_passed_on(&post, x, e) == -1)
		return -1;
	post.by = by;
	post.unproven = x->in.proof == PROOF_FAIL ||
	    x->in.proof == PROOF_FORGED;
	return post_tell(&post, staff ? TELL_LOST : event, false, e);
}

/* Letters that go with the decision. */
static int
write_letters(struct work *w, struct parcel *p, struct work_decision *x,
    int64_t now, struct err *e)
{
	int64_t number = 0;

	if (p->result.acknowledge && !p->in->quiet &&
	    (tickets_next_number(w->db, &number, e) == -1 ||
		work_acknowledge(w, p, &x->d, number, now, e) == -1))
		return -1;
	return tell_staff(w, p, x, now, e);
}

static int
finish_agent(struct work *w, struct parcel *p, struct work_decision *x,
    int64_t now, struct err *e)
{
	struct hand *h = x->hand;

	if (h->held)
		return work_answer_held(w, p, h, now, e);
	if (h->calls)
		return work_call(w, p, h, now, e);
	if (h->answer.authority == AUTHORITY_EXECUTE ||
	    h->answer.authority == AUTHORITY_TICKET ||
	    h->answer.authority == AUTHORITY_NOTE)
		return work_act(w, p, x, now, e);
	return work_refuse(w, p, h, now, e);
}

static int
finish(struct work *w, struct parcel *p, struct work_decision *x, int64_t now,
    struct err *e)
{
	struct intake_result *r = &p->result;
	struct origin o = { .mail = &p->mail,
		.raw = p->in->raw,
		.received = p->in->received,
		.key = x->key };

	if (r->end == INTAKE_AGENT)
		return finish_agent(w, p, x, now, e);
	if (r->routed != NULL)
		count_rules(w, p, r->routed);
	if (remember_ruled(w, p, x->in.choice.how, e) == -1)
		return -1;
	if (r->end == INTAKE_HOLD)
		return hold(w, p, now, r->state, r->reason, e);
	if (r->end == INTAKE_FILE)
		return inbound_done(
		    w->db, p->in, r->state, x->d.ticket, r->reason, e);
	if (write_letters(w, p, x, now, e) == -1)
		return -1;
	if (tickets_apply(w->db, &x->d, &o, now, e) == -1)
		return -1;
	p->ticket = x->d.ticket;
	return inbound_done(w->db, p->in, r->state, x->d.ticket, r->reason, e);
}

/* The same mail is there already. */
static void
copy_found(struct parcel *p, struct work_decision *x)
{
	decision_init(&x->d, x->d.arena, x->in.copy_ticket, "mail");
	p->ticket = x->in.copy_ticket;
	p->result = (struct intake_result){ .end = INTAKE_FILE,
		.state = "dup_of",
		.reason = "the same mail is there already" };
}

/* Does an agent act here?  Robots never do, nor does mail of long ago. */
static int
decide_hand(
    struct work *w, struct parcel *p, struct work_decision *x, struct err *e)
{
	bool person = p->mail.class == CLASS_HUMAN &&
	    (x->in.fate == FATE_TICKET || x->in.fate == FATE_SILENT);

	if (p->as_new || p->in->quiet || w->db == NULL || !person)
		return 0;
	if (work_hand(w, p, &x->hand, e) == -1 || x->hand == NULL)
		return x->hand == NULL ? 0 : -1;
	if (x->hand->answer.authority == AUTHORITY_REQUESTER &&
	    !x->hand->calls && !x->hand->held) {
		x->in.agent = x->hand->ask.sender;
		return 0;
	}
	p->result = (struct intake_result){ .end = INTAKE_AGENT,
		.state = "append",
		.reason = x->hand->answer.why };
	return 0;
}

int
work_decide(
    struct work *w, struct parcel *p, struct work_decision *x, struct err *e)
{
	enum copy copy = COPY_NONE;
	int64_t flood_key = 0;

	*x = (struct work_decision){ 0 };
	p->result = (struct intake_result){ .end = INTAKE_APPLY };
	decision_init(&x->d, &w->arena, 0, "mail");
	x->ask = (struct ruling_ask){ .ruling = &w->ruling,
		.db = w->db,
		.arena = &w->arena,
		.now = p->in->received };
	x->src = ruling_source(&x->ask);
	x->routing = (struct routing){ .book = w->ruling.book,
		.occasion = OCCASION_REPLY,
		.matcher = w->ruling.matcher,
		.src = w->db == NULL ? NULL : &x->src,
		.mailbox = p->in->mailbox_name,
		.size = (int64_t)p->in->size,
		.now = p->in->received,
		.quiet = p->in->quiet,
		.released = p->in->released };
	x->in = (struct intake){ .conf = w->conf,
		.mail = &p->mail,
		.oversize = p->in->oversize,
		.released = p->in->released,
		.routing = &x->routing };
	if (!p->as_new &&
	    match_copy(w->db, &p->mail, &copy, &x->in.copy_ticket, e) == -1)
		return -1;
	if (copy == COPY_DUPLICATE) {
		copy_found(p, x);
		return 0;
	}
	x->in.variant = copy == COPY_VARIANT;
	x->in.fate = loop_fate(w->conf,
	    conf_mailbox(w->conf, p->in->mailbox_name), &p->mail,
	    work_is_own(w, &p->mail), &x->in.fate_why);
	if (decide_hand(w, p, x, e) == -1)
		return -1;
	if (p->result.end == INTAKE_AGENT)
		return 0;
	x->in.choice.how = THREAD_NEW;
	x->in.choice.why = "as a new ticket";
	if (!p->as_new && work_gather(w, p, &x->in, &flood_key, e) == -1)
		return -1;
	if (w->db != NULL)
		x->key = flood_key != 0
		    ? flood_key
		    : match_key(w->db, &w->arena, &p->mail, w->marks.prefix);
	x->ask.key = x->key;
	return intake_decide(&x->in, &x->d, &p->result, e);
}

int
work_mail(struct work *w, struct parcel *p, int64_t now, struct err *e)
{
	struct work_decision x;

	p->ticket = 0;
	if (p->unreadable)
		return hold(w, p, now, "held", p->why, e);
	if (work_decide(w, p, &x, e) == -1)
		return -1;
	return finish(w, p, &x, now, e);
}
