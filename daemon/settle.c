/* The outcome of a letter becomes its next state.  See the header. */
#include "daemon/settle.h"

#include "daemon/clock.h"
#include "daemon/pace.h"
#include "rules/decision.h"
#include "store/tickets.h"

/* Failures are told by time: one in the very second of the last alert must
 * count as later. */
static int64_t
failure_time(const struct settle *s)
{
	return s->now > s->reported ? s->now : s->reported + 1;
}

static int
dice(void)
{
	return (int)chance_between(0, 400);
}

static const char *
reason(struct settle *s, const struct letter *l, const struct smtp_result *r)
{
	return arena_printf(s->arena, "%s to %s: %s",
	    letter_kind_names[l->kind], l->recipient, r->reply);
}

/* One line of history; a letter of a ticket that is gone has no place for it.
 */
static int
note(struct settle *s, const struct letter *l, const char *what,
    const char *why, struct err *e)
{
	struct ticket t = { 0 };
	struct decision d;
	struct change *c;

	if (l->ticket == 0)
		return 0;
	if (tickets_load(s->db, s->arena, l->ticket, &t, e) == -1)
		return -1;
	if (t.number == 0)
		return 0;
	decision_init(&d, s->arena, t.number, "deskd");
	c = decision_add(&d, CHANGE_EVENT, 0, what, why);
	c->text2 = arena_printf(s->arena, "%lld", (long long)l->id);
	if (s->what == SETTLED_DEAD && l->kind == LETTER_REPLY &&
	    (t.status == STATUS_WAITING || t.status == STATUS_RESOLVED))
		decision_add(&d, CHANGE_STATUS, STATUS_OPEN, NULL,
		    "the requester did not get the answer");
	return tickets_apply(s->db, &d, NULL, failure_time(s), e);
}

static int
die(struct settle *s, const struct letter *l, const struct smtp_result *r,
    struct err *e)
{
	s->what = SETTLED_DEAD;
	if (outbox_give_up(s->db, l->id, failure_time(s), r->reply, e) == -1)
		return -1;
	return note(s, l, "letter-dead", reason(s, l, r), e);
}

static int
settle_sent(struct settle *s, const struct letter *l,
    const struct smtp_result *r, struct err *e)
{
	s->what = SETTLED_SENT;
	return outbox_sent(s->db, l->id, s->now, r->reply, e);
}

static int
settle_retry(struct settle *s, const struct letter *l,
    const struct smtp_result *r, struct err *e)
{
	struct pace_plan p = pace_retry(
	    &s->conf->smtp, l, l->tries + 1, s->now, dice());

	if (!p.again)
		return die(s, l, r, e);
	s->what = SETTLED_LATER;
	s->when = p.when;
	s->late = p.late;
	if (outbox_retry(s->db, l->id, p.when, true, r->reply, e) == -1)
		return -1;
	return p.late ? note(s, l, "letter-late", reason(s, l, r), e) : 0;
}

/* The breaker holds the letter back, not its own schedule. */
static int
settle_route(struct settle *s, const struct letter *l,
    const struct smtp_result *r, struct err *e)
{
	if (pace_stale(l, s->now))
		return die(s, l, r, e);
	s->what = SETTLED_LATER;
	s->when = s->now;
	return outbox_retry(s->db, l->id, l->next_at, false, r->reply, e);
}

static int
settle_unknown(struct settle *s, const struct letter *l,
    const struct smtp_result *r, struct err *e)
{
	struct pace_plan p = pace_unknown(
	    &s->conf->smtp, l, l->tries + 1, s->now, dice());

	if (!p.again)
		return die(s, l, r, e);
	s->what = SETTLED_LATER;
	s->when = p.when;
	if (outbox_unknown(s->db, l->id, p.when, r->reply, e) == -1)
		return -1;
	return note(s, l, "letter-unknown", reason(s, l, r), e);
}

static int
settle_back(struct settle *s, const struct letter *l,
    const struct smtp_result *r, struct err *e)
{
	(void)r;
	s->what = SETTLED_BACK;
	return outbox_release(s->db, l->id, e);
}

static int (*const ways[SMTP_OUTCOMES])(struct settle *, const struct letter *,
    const struct smtp_result *, struct err *) = {
	[SMTP_SENT] = settle_sent,
	[SMTP_RETRY] = settle_retry,
	[SMTP_ROUTE] = settle_route,
	[SMTP_REJECTED] = die,
	[SMTP_UNKNOWN] = settle_unknown,
	[SMTP_STALE] = settle_route,
	[SMTP_BACK] = settle_back,
};

int
settle_letter(struct settle *s, const struct letter *l,
    const struct smtp_result *r, struct err *e)
{
	s->late = false;
	s->when = 0;
	return ways[r->outcome](s, l, r, e);
}
