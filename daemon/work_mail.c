/* One mail: gather what the database knows, decide, apply. */
#include <string.h>

#include "daemon/log.h"
#include "daemon/work_private.h"
#include "parser/limits.h"
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

/* Is the sender flooding us, and which ticket takes it?  (RELIABILITY 5.4) */
static int
gather_flood(struct work *w, struct parcel *p, struct intake *in,
    int64_t *flood_key, struct err *e)
{
	int64_t hour = 0, day = 0, at = p->in->received;
	const char *from;

	if (p->mail.from_addr == NULL || p->in->quiet)
		return 0;
	from = address_key(&w->arena, p->mail.from_addr);
	if (match_opened(w->db, from, at - 3600, &hour, e) == -1)
		return -1;
	if (hour >= FLOOD_SENDER_HOUR / 2 &&
	    match_opened(w->db, from, at - 86400, &day, e) == -1)
		return -1;
	in->flood = hour >= FLOOD_SENDER_HOUR || day >= FLOOD_SENDER_DAY;
	if (!in->flood)
		return 0;
	return match_flood(
	    w->db, from, at - 86400, &in->flood_ticket, flood_key, e);
}

/* Everything that rules/ needs to know of the database. */
static int
gather(struct work *w, struct parcel *p, struct intake *in, int64_t *flood_key,
    struct err *e)
{
	struct candidate *list = NULL;
	size_t n = 0;
	struct thread_moment m = { .now = p->in->received,
		.reopen_within = w->conf->tickets.reopen_within,
		.duplicate_window = w->conf->tickets.duplicate_window };
	struct match_ask ask = { .mail = &p->mail,
		.marks = &w->marks,
		.since = m.now - m.duplicate_window };

	if (match_candidates(w->db, &w->arena, &ask, &list, &n, e) == -1)
		return -1;
	thread_choose(&w->arena, list, n, &m, &in->choice);
	if (p->mail.class == CLASS_DSN &&
	    match_letter(w->db, &w->marks, p->mail.bounce.message_id,
		&in->letter_ticket, e) == -1)
		return -1;
	if (in->choice.how == THREAD_NEW || in->choice.how == THREAD_FOLLOW_UP)
		return gather_flood(w, p, in, flood_key, e);
	return 0;
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

static int
finish(struct work *w, struct parcel *p, struct work_decision *x, int64_t now,
    struct err *e)
{
	struct intake_result *r = &p->result;
	struct origin o = { .mail = &p->mail,
		.raw = p->in->raw,
		.received = p->in->received,
		.key = x->key };
	int64_t number = 0;

	if (r->routed != NULL)
		count_rules(w, p, r->routed);
	if (remember_ruled(w, p, x->in.choice.how, e) == -1)
		return -1;
	if (r->end == INTAKE_HOLD)
		return hold(w, p, now, r->state, r->reason, e);
	if (r->end == INTAKE_FILE)
		return inbound_done(
		    w->db, p->in, r->state, x->d.ticket, r->reason, e);
	if (r->acknowledge && !p->in->quiet &&
	    (tickets_next_number(w->db, &number, e) == -1 ||
		work_acknowledge(w, p, &x->d, number, now, e) == -1))
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

int
work_decide(
    struct work *w, struct parcel *p, struct work_decision *x, struct err *e)
{
	enum copy copy = COPY_NONE;
	int64_t flood_key = 0;

	*x = (struct work_decision){ 0 };
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
	x->in.choice.how = THREAD_NEW;
	x->in.choice.why = "as a new ticket";
	if (!p->as_new && gather(w, p, &x->in, &flood_key, e) == -1)
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
