/* When a letter may go: schedules, rate, breaker.  See the header. */
#include "daemon/pace.h"

#define MINUTE INT64_C(60)
#define HOUR   INT64_C(3600)
#define DAY    INT64_C(86400)

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const int64_t after_ack[] = { 5 * MINUTE, 30 * MINUTE, 2 * HOUR };
static const int64_t after_reply[] = { MINUTE, 5 * MINUTE, 15 * MINUTE,
	30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR };
static const int64_t after_alert[] = { MINUTE, 2 * MINUTE, 5 * MINUTE,
	10 * MINUTE, 20 * MINUTE, 30 * MINUTE };

/*
 * The last wait repeats until the letter is older than `patience`.  An unknown
 * outcome may be tried again `unknowns` times: what a person wrote and what a
 * stranger gets, once; staff rather reads a thing twice than never.  `stale`:
 * an acknowledgement after half a day only confuses.
 */
static const struct schedule {
	const int64_t *waits;
	size_t n;
	int64_t patience;
	int unknowns;
	bool stale;
} schedules[LETTER_KINDS] = {
	[LETTER_ACK] = { after_ack, COUNT(after_ack), 6 * HOUR, 1, true },
	[LETTER_REPLY] = { after_reply, COUNT(after_reply), 5 * DAY, 1, false },
	[LETTER_NOTIFY] = { after_reply, COUNT(after_reply), 2 * DAY, 20,
	    false },
	[LETTER_ALERT] = { after_alert, COUNT(after_alert), 2 * DAY, 20,
	    false },
};

/* The configuration's `retry` is about what people wrote. */
static struct schedule
schedule_of(const struct conf_smtp *c, enum letter_kind kind)
{
	struct schedule s = schedules[kind];

	if (kind == LETTER_REPLY && c->retry_n > 0) {
		s.waits = c->retry;
		s.n = c->retry_n;
	}
	return s;
}

struct pace_plan
pace_retry(const struct conf_smtp *c, const struct letter *l, int tries,
    int64_t now, int dice)
{
	struct schedule s = schedule_of(c, l->kind);
	int64_t end = l->created + s.patience, wait;
	size_t i = tries < 1 ? 0 : (size_t)tries - 1;

	if (now >= end)
		return (struct pace_plan){ .again = false };
	wait = s.waits[i < s.n ? i : s.n - 1];
	wait = (wait * (800 + dice) + 500) / 1000;
	/* The last try stands at the end, not a wait beyond it. */
	if (now + wait > end)
		wait = end - now;
	return (struct pace_plan){
		.again = true,
		.late = l->kind == LETTER_REPLY && i == s.n,
		.when = now + wait,
	};
}

struct pace_plan
pace_unknown(const struct conf_smtp *c, const struct letter *l, int tries,
    int64_t now, int dice)
{
	if (l->unknowns >= schedules[l->kind].unknowns)
		return (struct pace_plan){ .again = false };
	return pace_retry(c, l, tries, now, dice);
}

bool
pace_stale(const struct letter *l, int64_t now)
{
	const struct schedule *s = &schedules[l->kind];

	return s->stale && now >= l->created + s->patience;
}

/* A fifth of a minute's letters may go at once: a relay that counts any 60
 * seconds then sees at most 6/5 of the rate. */
void
rate_init(struct rate *r, int64_t per_minute)
{
	int64_t burst = per_minute / 5;

	*r = (struct rate){ 0 };
	if (per_minute <= 0)
		return;
	r->interval = 60000 / per_minute;
	r->slack = burst > 1 ? r->interval * (burst - 1) : 0;
}

int64_t
rate_wait(const struct rate *r, int64_t now)
{
	int64_t may = r->next - r->slack;

	return may > now ? may - now : 0;
}

int64_t
rate_room(const struct rate *r, int64_t now)
{
	int64_t next = r->next < now ? now : r->next;

	if (r->interval == 0)
		return INT64_MAX;
	if (rate_wait(r, now) > 0)
		return 0;
	return (now + r->slack - next) / r->interval + 1;
}

void
rate_take(struct rate *r, int64_t now)
{
	if (r->next < now)
		r->next = now;
	r->next += r->interval;
}

void
breaker_fail(struct breaker *b, int64_t now)
{
	static const int64_t waits[] = { 1000, 2000, 5000, 10000, 60000, 120000,
		240000, 480000, 600000 };
	size_t i = (size_t)b->failures;

	b->until = now + waits[i < COUNT(waits) ? i : COUNT(waits) - 1];
	b->failures++;
}

void
breaker_trip(struct breaker *b, int64_t now)
{
	if (b->failures < BREAKER_LIMIT - 1)
		b->failures = BREAKER_LIMIT - 1;
	breaker_fail(b, now);
}

void
breaker_good(struct breaker *b)
{
	*b = (struct breaker){ 0 };
}

int64_t
breaker_wait(const struct breaker *b, int64_t now)
{
	return b->until > now ? b->until - now : 0;
}
