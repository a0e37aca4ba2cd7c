/*
 * Service levels over a year of invented tickets: what is told is what a plain
 * reading of the whole history says, once each and at its second; and what must
 * hold for any ticket at any moment.
 */
#include "rules/worktime.h"
#include "tests/sla.h"
#include "tests/test.h"

#define YEAR       INT64_C(1767225600) /* 2026-01-01 */
#define DAY        INT64_C(86400)
#define TICKETS    10000
#define EVENTS_MAX 14
#define TOLD_MAX   200

static struct rulebook *book;
static uint64_t seed = 6;

static int
chance(int n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (int)((seed >> 33) % (unsigned)n);
}

/* A ticket's history: the first event began it. */
struct history {
	struct sla_event list[EVENTS_MAX];
	enum priority priority[EVENTS_MAX]; /* from the event on */
	int n;
	int64_t end; /* of our interest */
	bool changes;
};

static enum sla_event_kind
any_kind(void)
{
	static const enum sla_event_kind kinds[] = { SLA_ANSWERED, SLA_ANSWERED,
		SLA_WROTE, SLA_WROTE, SLA_STATUS, SLA_STATUS };

	return kinds[chance(6)];
}

static int64_t
any_gap(void)
{
	static const int most[] = { 1, 900, 7200, 86400, 400000 };

	return chance(most[chance(5)]);
}

static void
invent(struct history *h)
{
	enum priority own = (enum priority)chance(PRIORITY_COUNT);
	enum priority other = (enum priority)chance(PRIORITY_COUNT);
	int64_t when = YEAR + (int64_t)chance(365 * 86400);
	enum status status = STATUS_OPEN;

	h->n = 1 + chance(EVENTS_MAX - 1);
	h->changes = chance(3) == 0;
	for (int i = 0; i < h->n; i++, when += any_gap()) {
		enum sla_event_kind kind = i == 0 ? SLA_BEGAN : any_kind();

		if (kind == SLA_STATUS)
			status = (enum status)chance(STATUS_COUNT);
		if (h->changes && i > 0 && chance(3) == 0) {
			enum priority was = own;

			own = other;
			other = was;
		}
		h->list[i] = (struct sla_event){
			.kind = kind, .when = when, .status = status
		};
		h->priority[i] = own;
	}
	h->end = when + 40 * DAY;
}

/* Something told; who is the index of the step, -1: nobody but us. */
struct note {
	int64_t moment, started;
	int kind, percent, who, terms;
};

struct notes {
	struct note list[TOLD_MAX];
	int n;
};

static void
add(struct notes *out, struct note n)
{
	int i = out->n++;

	for (; i > 0 && memcmp(&out->list[i - 1], &n, sizeof(n)) > 0; i--)
		out->list[i] = out->list[i - 1];
	out->list[i] = n;
}

static bool
same_notes(const struct notes *a, const struct notes *b)
{
	return a->n == b->n &&
	    memcmp(a->list, b->list, (size_t)a->n * sizeof(a->list[0])) == 0;
}

/* As the daemon would: sleep until the next thing, tell it, go on. */
struct run {
	struct arena *arena;
	struct sla_clocks clocks;
	struct sla_terms terms;
	struct notes told;
	const char *wrong;
};

static void
take_down(struct run *r, const struct sla_told *t, int64_t now)
{
	const struct sla *s = r->terms.sla;

	if (t->moment != now)
		r->wrong = "told at another second";
	if (r->told.n == TOLD_MAX) {
		r->wrong = "told without end";
		return;
	}
	add(&r->told,
	    (struct note){ .moment = t->moment,
		.started = r->clocks.list[t->kind].started,
		.kind = (int)t->kind,
		.percent = t->percent,
		.who = t->step == NULL ? -1 : (int)(t->step - s->steps),
		.terms = (int)(r->terms.id & 0xffff) });
}

static void
sleep_until(struct run *r, int64_t when)
{
	int64_t next;
	size_t n;

	while (r->wrong == NULL &&
	    (next = sla_next(&r->clocks, &r->terms)) <= when) {
		struct sla_told *t = sla_tick(
		    r->arena, &r->clocks, &r->terms, next, &n);

		if (n == 0)
			r->wrong = "woken for nothing";
		for (size_t i = 0; i < n; i++)
			take_down(r, &t[i], next);
		sla_tick(r->arena, &r->clocks, &r->terms, next, &n);
		if (n != 0)
			r->wrong = "told twice";
	}
}

static void
live_event(struct run *r, const struct history *h, int i)
{
	struct sla_terms before = r->terms;

	if (i > 0)
		sleep_until(r, h->list[i].when);
	r->terms = sla_terms_of(book, h->priority[i]);
	if (i > 0)
		sla_change(&r->clocks, &before, &r->terms, h->list[i].when);
	sla_apply(&r->clocks, &r->terms, &h->list[i]);
}

/* The same from the whole history at once.  For a ticket whose terms stay. */
struct stretch {
	int64_t from, to;
};

struct cycle {
	int kind;
	int64_t started;
	struct stretch list[EVENTS_MAX];
	int n;
};

static bool
over(enum status s)
{
	return s == STATUS_RESOLVED || s == STATUS_CLOSED;
}

/* When an amount of open time is used up; SLA_NEVER: it is not. */
static int64_t
used_up(const struct cycle *c, const struct hours *h, int64_t amount)
{
	for (int i = 0; i < c->n; i++) {
		const struct stretch *s = &c->list[i];
		int64_t here = worktime_between(h, s->from, s->to);

		if (amount <= here)
			return worktime_add(h, s->from, amount);
		amount -= here;
	}
	return SLA_NEVER;
}

static void
tell_cycle(const struct cycle *c, const struct sla_terms *t, struct notes *out)
{
	const struct sla_target *g = &t->row->targets[c->kind];
	int64_t days = g->days + g->weeks * hours_weekdays(t->hours), target;

	target = worktime_days(t->hours, c->started, days) + g->seconds;
	for (int i = -1; i < (int)t->sla->steps_n; i++) {
		int percent = i < 0 ? 100 : t->sla->steps[i].percent;
		int64_t at = used_up(
		    c, t->hours, (target * percent + 99) / 100);

		if (at != SLA_NEVER)
			add(out,
			    (struct note){ .moment = at,
				.started = c->started,
				.kind = c->kind,
				.percent = percent,
				.who = i,
				.terms = (int)(t->id & 0xffff) });
	}
}

/* The part of a history in which a clock is open. */
static void
read_kind(const struct history *h, int kind, const struct sla_terms *t,
    struct notes *out)
{
	struct cycle c = { .kind = kind, .started = h->list[0].when };
	bool answered = false, open = kind != SLA_NEXT;

	for (int i = 0; i < h->n; i++) {
		const struct sla_event *e = &h->list[i];
		int64_t to = i + 1 < h->n ? h->list[i + 1].when : h->end;
		bool paused = (t->sla->pauses >> e->status & 1) != 0;

		if (e->kind == SLA_ANSWERED && kind != SLA_RESOLUTION)
			open = false;
		if (kind == SLA_NEXT && e->kind == SLA_WROTE && answered &&
		    !open && !over(e->status)) {
			tell_cycle(&c, t, out);
			c = (struct cycle){ .kind = kind, .started = e->when };
			open = true;
		}
		answered |= e->kind == SLA_ANSWERED || over(e->status);
		if (over(e->status) && kind != SLA_RESOLUTION)
			open = false;
		if (open && !paused && !over(e->status))
			c.list[c.n++] = (struct stretch){ e->when, to };
	}
	tell_cycle(&c, t, out);
}

/* A change must not repeat what was told, nor leave out what is. */
static const char *
check_changed(const struct run *r)
{
	const struct notes *t = &r->told;

	for (int i = 0; i < t->n; i++)
		for (int j = 0; j < i; j++) {
			struct note one = t->list[i];

			one.moment = t->list[j].moment;
			if (memcmp(&one, &t->list[j], sizeof(one)) == 0)
				return "told twice under the same terms";
		}
	for (int i = 0; i < SLA_COUNT; i++) {
		const struct sla_clock *k = &r->clocks.list[i];

		if (k->state == SLA_RUNNING && k->target != SLA_NEVER &&
		    ((k->used >= k->target) != (k->mark.late != 0) ||
			(k->used >= k->target && k->mark.told < 100)))
			return "late and not told, or told and not late";
	}
	return NULL;
}

static const char *
live(struct arena *a, const struct history *h)
{
	struct run r = { .arena = a };
	struct notes want = { 0 };

	for (int i = 0; i < h->n && r.wrong == NULL; i++)
		live_event(&r, h, i);
	sleep_until(&r, h->end);
	if (r.wrong != NULL)
		return r.wrong;
	if (h->changes)
		return check_changed(&r);
	for (int kind = 0; kind < SLA_COUNT; kind++)
		read_kind(h, kind, &r.terms, &want);
	return same_notes(&r.told, &want) ? NULL : "not what the history says";
}

/* Is it in the list, whenever it was told? */
static bool
has_note(const struct notes *list, struct note n)
{
	for (int i = 0; i < list->n; i++) {
		n.moment = list->list[i].moment;
		if (memcmp(&n, &list->list[i], sizeof(n)) == 0)
			return true;
	}
	return false;
}

static void
note_late(struct run *r, int64_t now)
{
	size_t n;
	struct sla_told *t = sla_tick(r->arena, &r->clocks, &r->terms, now, &n);

	for (size_t i = 0; i < n; i++) {
		if (t[i].moment > now)
			r->wrong = "told too early";
		take_down(r, &t[i], t[i].moment);
	}
}

/* Nobody looks at the clocks but now and then: what is told is a part of what
 * would have been, once, and of a clock that still runs no breach is missing.
 */
static const char *
nap(struct arena *a, const struct history *h)
{
	struct run r = { .arena = a };
	struct notes want = { 0 };

	for (int i = 0; i < h->n; i++) {
		if (i > 0 && chance(3) == 0)
			note_late(&r, h->list[i].when);
		r.terms = sla_terms_of(book, h->priority[i]);
		sla_apply(&r.clocks, &r.terms, &h->list[i]);
	}
	note_late(&r, h->end);
	for (int kind = 0; kind < SLA_COUNT; kind++)
		read_kind(h, kind, &r.terms, &want);
	for (int i = 0; i < r.told.n; i++)
		if (!has_note(&want, r.told.list[i]))
			return "nobody was to be told";
	for (int i = 0; i < want.n; i++) {
		const struct note *n = &want.list[i];
		const struct sla_clock *k = &r.clocks.list[n->kind];

		if (k->state == SLA_RUNNING && k->started == n->started &&
		    n->percent >= 100 && !has_note(&r.told, *n))
			return "a breach was slept over";
	}
	return r.wrong != NULL ? r.wrong : check_changed(&r);
}

static void
test_naps(void)
{
	struct arena a = { 0 };
	int wrong = 0;

	for (int i = 0; i < TICKETS; i++) {
		struct history h = { 0 };
		const char *why = NULL;

		invent(&h);
		if (!h.changes)
			why = nap(&a, &h);
		if (why != NULL) {
			printf("# ticket %d: %s\n", i, why);
			wrong++;
		}
		arena_reset(&a);
	}
	test_ok(wrong == 0, "nothing is missed by one who slept, nor repeated");
	arena_done(&a);
}

static void
test_year(void)
{
	struct arena a = { 0 };
	int wrong = 0;

	for (int i = 0; i < TICKETS; i++) {
		struct history h = { 0 };
		const char *why;

		invent(&h);
		why = live(&a, &h);
		if (why != NULL) {
			printf("# ticket %d: %s\n", i, why);
			wrong++;
		}
		arena_reset(&a);
	}
	test_ok(wrong == 0,
	    "%d tickets: each warning and breach once, at its second", TICKETS);
	arena_done(&a);
}

/* What holds at any moment. */

static bool
same_mark(const struct sla_mark *a, const struct sla_mark *b)
{
	return a->terms == b->terms && a->late == b->late && a->told == b->told;
}

/* But for the mark of the terms before. */
static bool
same_clock(const struct sla_clock *a, const struct sla_clock *b)
{
	return a->state == b->state && a->started == b->started &&
	    a->measured == b->measured && a->used == b->used &&
	    a->paused_since == b->paused_since && a->target == b->target &&
	    a->due == b->due && a->ended == b->ended &&
	    same_mark(&a->mark, &b->mark);
}

static void
status(struct sla_clocks *c, const struct sla_terms *t, enum status s,
    int64_t when)
{
	struct sla_event e = { SLA_STATUS, when, s };

	sla_apply(c, t, &e);
}

/* A pause that takes no time, and one that does. */
static bool
check_pause(const struct run *r, enum status s, int64_t when)
{
	struct sla_clocks plain = r->clocks, none = r->clocks, some = r->clocks;
	bool good = true;

	status(&plain, &r->terms, s, when);
	status(&none, &r->terms, STATUS_WAITING, when);
	status(&none, &r->terms, s, when);
	status(&some, &r->terms, STATUS_WAITING, when);
	status(&some, &r->terms, s, when + any_gap());
	for (int i = 0; i < SLA_COUNT; i++) {
		const struct sla_clock *p = &plain.list[i];
		const struct sla_clock *q = &some.list[i];

		good = good && same_clock(p, &none.list[i]) &&
		    same_mark(&p->before, &none.list[i].before) &&
		    q->used == p->used &&
		    (p->mark.late != 0 ? q->due == p->due : q->due >= p->due);
	}
	return good;
}

/* There and back at one moment. */
static bool
check_back(const struct run *r, enum status s, int64_t when)
{
	struct sla_terms other = sla_terms_of(
	    book, (enum priority)chance(PRIORITY_COUNT));
	struct sla_clocks plain = r->clocks, back;
	bool good = true;

	status(&plain, &r->terms, s, when);
	back = plain;
	sla_change(&back, &r->terms, &other, when);
	sla_change(&back, &other, &r->terms, when);
	for (int i = 0; i < SLA_COUNT; i++)
		good = good && same_clock(&plain.list[i], &back.list[i]);
	return good;
}

/* There, and back later: the same as if nothing had been, when both count in
 * one calendar and nothing got late in between. */
static bool
check_later(const struct run *r, enum status s, int64_t when)
{
	struct sla_terms other = sla_terms_of(book, PRIORITY_NORMAL);
	struct sla_clocks plain = r->clocks, back = r->clocks;
	int64_t later = when + any_gap();
	bool good = true;

	sla_change(&back, &r->terms, &other, when);
	sla_change(&back, &other, &r->terms, later);
	status(&back, &r->terms, s, later);
	status(&plain, &r->terms, s, later);
	for (int i = 0; i < SLA_COUNT && other.hours == r->terms.hours; i++) {
		const struct sla_clock *p = &plain.list[i];
		bool crossed = p->mark.late >= when && p->mark.late <= later;

		good = good &&
		    (crossed ||
			(p->due == back.list[i].due &&
			    p->used == back.list[i].used));
	}
	return good;
}

static void
test_laws(void)
{
	struct arena a = { 0 };
	int pause = 0, back = 0, later = 0;

	for (int i = 0; i < TICKETS; i++) {
		struct run r = { .arena = &a };
		struct history h = { 0 };
		enum status s;
		int64_t when;

		invent(&h);
		for (int j = 0; j < h.n && r.wrong == NULL; j++)
			live_event(&r, &h, j);
		s = h.list[h.n - 1].status;
		when = h.list[h.n - 1].when + any_gap();
		if (chance(2))
			sleep_until(&r, when);
		if (!over(s)) {
			pause += !check_pause(&r, s, when);
			later += !check_later(&r, s, when);
		}
		back += !check_back(&r, s, when);
		arena_reset(&a);
	}
	test_ok(pause == 0,
	    "a pause without length changes nothing, one with makes nothing "
	    "due earlier (%d of %d)",
	    pause, TICKETS);
	test_ok(
	    back == 0, "terms taken back are as if never changed (%d)", back);
	test_ok(later == 0, "also when some time went by (%d)", later);
	arena_done(&a);
}

int
main(void)
{
	struct arena a = { 0 };

	book = sla_desk_build(&a);
	test_ok(book != NULL, "the desk is read");
	if (book != NULL) {
		test_year();
		test_naps();
		test_laws();
	}
	arena_done(&a);
	return test_end();
}
