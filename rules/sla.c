/*
 * The three clocks of a ticket.  An event first brings all clocks to its
 * moment, then changes what it is about, then settles what the status asks for
 * (paused, over, gone on with).  See the header.
 */
#include "rules/sla.h"

#include <string.h>

#include "rules/worktime.h"

#define SHARE_MAX 1000 /* percent; the most that a step may say */

const char *const sla_state_names[] = {
	[SLA_IDLE] = "idle",
	[SLA_RUNNING] = "running",
	[SLA_PAUSED] = "paused",
	[SLA_MET] = "met",
	[SLA_BREACHED] = "breached",
	[SLA_STOPPED] = "stopped",
};

static bool
is_live(const struct sla_clock *k)
{
	return k->state == SLA_RUNNING || k->state == SLA_PAUSED;
}

static bool
is_over(enum status s)
{
	return s == STATUS_RESOLVED || s == STATUS_CLOSED;
}

/* Count up to that moment. */
static void
advance(struct sla_clock *k, const struct sla_terms *t, int64_t when)
{
	if (!is_live(k) || when <= k->measured)
		return;
	if (k->state == SLA_RUNNING)
		k->used += worktime_between(t->hours, k->measured, when);
	k->measured = when;
	if (k->used >= k->target && k->mark.late == 0)
		k->mark.late = k->due;
}

/* When the target is used up, by what is used at `measured`; of a paused clock,
 * when it would have been. */
static void
reckon_due(struct sla_clock *k, const struct sla_terms *t)
{
	int64_t from = k->state == SLA_PAUSED ? k->paused_since : k->measured;

	if (k->target == SLA_NEVER)
		k->due = SLA_NEVER;
	else if (k->mark.late == 0)
		k->due = worktime_add(t->hours, from, k->target - k->used);
}

static int64_t
target_of(const struct sla_terms *t, const struct sla_clock *k)
{
	const struct sla_target *g;
	int64_t days, open;

	if (t->row == NULL || t->row->targets[k->kind].text == NULL)
		return SLA_NEVER;
	g = &t->row->targets[k->kind];
	days = g->days +
	    g->weeks * (t->hours == NULL ? 7 : hours_weekdays(t->hours));
	open = worktime_days(t->hours, k->started, days);
	return open == WORKTIME_NEVER ? SLA_NEVER : open + g->seconds;
}

/* How much of the target is used, in percent, rounded down. */
static int
share(const struct sla_clock *k)
{
	if (k->target == SLA_NEVER)
		return 0;
	if (k->target == 0 || k->used / k->target >= SHARE_MAX / 100)
		return SHARE_MAX;
	return (int)(k->used * 100 / k->target);
}

/* The clock goes by these terms; it is measured up to `when`. */
static void
take_terms(struct sla_clock *k, const struct sla_terms *t, int64_t when)
{
	struct sla_mark had = k->mark;
	int reached;

	if (had.terms == t->id)
		return;
	k->target = target_of(t, k);
	reached = share(k);
	if (k->before.terms == t->id)
		k->mark = k->before;
	else
		k->mark = (struct sla_mark){ .terms = t->id,
			.told = had.told < reached ? had.told : reached };
	k->before = had;
	if (k->target == SLA_NEVER || k->used < k->target)
		k->mark.late = 0;
	else if (k->mark.late == 0)
		k->mark.late = when;
	if (k->mark.late != 0)
		k->due = k->mark.late;
	reckon_due(k, t);
}

static void
start(struct sla_clock *k, const struct sla_terms *t, int64_t when)
{
	*k = (struct sla_clock){ .kind = k->kind,
		.state = SLA_RUNNING,
		.started = when,
		.measured = when,
		.mark.terms = t->id };
	k->target = target_of(t, k);
	reckon_due(k, t);
}

/*
 * It is over: with an answer, or because nobody owes one any more.  A mail may
 * come to us later than the clock was looked at: what was counted since is
 * taken back, and what was told as late may have been in time.
 */
static void
finish(
    struct sla_clock *k, const struct sla_terms *t, int64_t when, bool answered)
{
	if (!is_live(k))
		return;
	if (k->state == SLA_RUNNING && when < k->measured) {
		k->used -= worktime_between(t->hours, when, k->measured);
		k->used = k->used < 0 ? 0 : k->used;
		k->measured = when;
	}
	if (k->mark.late != 0 && when > k->mark.late)
		k->state = SLA_BREACHED;
	else {
		k->mark.late = 0;
		k->state = answered ? SLA_MET : SLA_STOPPED;
	}
	k->ended = when;
	k->paused_since = 0;
}

/* Met with nothing to spare and opened again: due at once. */
static void
go_on(struct sla_clock *k, const struct sla_terms *t, int64_t when)
{
	k->state = SLA_RUNNING;
	k->ended = 0;
	k->paused_since = 0;
	if (when > k->measured)
		k->measured = when;
	take_terms(k, t, when);
	if (k->used >= k->target && k->mark.late == 0)
		k->due = k->mark.late = k->measured;
	reckon_due(k, t);
}

static void
pause_or_run(
    struct sla_clock *k, const struct sla_terms *t, bool pause, int64_t when)
{
	if (k->state == SLA_RUNNING && pause) {
		k->state = SLA_PAUSED;
		k->paused_since = when > k->measured ? when : k->measured;
	} else if (k->state == SLA_PAUSED && !pause) {
		go_on(k, t, when);
	}
}

static void
begin(struct sla_clocks *c, const struct sla_terms *t, int64_t when)
{
	for (int i = 0; i < SLA_COUNT; i++) {
		c->list[i] = (struct sla_clock){ .kind = (enum sla_kind)i,
			.target = SLA_NEVER,
			.due = SLA_NEVER };
		if (i != SLA_NEXT)
			start(&c->list[i], t, when);
	}
}

static void
settle(struct sla_clocks *c, const struct sla_terms *t, enum status status,
    int64_t when)
{
	struct sla_clock *whole = &c->list[SLA_RESOLUTION];
	bool pause = t->sla != NULL && (t->sla->pauses >> status & 1) != 0;

	if (is_over(status)) {
		finish(whole, t, when, true);
		finish(&c->list[SLA_FIRST], t, when, false);
		finish(&c->list[SLA_NEXT], t, when, false);
		return;
	}
	if (!is_live(whole))
		go_on(whole, t, when);
	for (int i = 0; i < SLA_COUNT; i++)
		pause_or_run(&c->list[i], t, pause, when);
}

/* The latest moment that any clock knows: nothing happens before it. */
static int64_t
not_before(const struct sla_clocks *c, int64_t when)
{
	for (int i = 0; i < SLA_COUNT; i++)
		if (is_live(&c->list[i]) && c->list[i].started > when)
			when = c->list[i].started;
	return when;
}

void
sla_apply(
    struct sla_clocks *c, const struct sla_terms *t, const struct sla_event *e)
{
	struct sla_clock *first = &c->list[SLA_FIRST];
	struct sla_clock *next = &c->list[SLA_NEXT];
	int64_t when = e->when;

	if (e->kind == SLA_BEGAN) {
		begin(c, t, when);
		settle(c, t, e->status, when);
		return;
	}
	when = not_before(c, when);
	sla_change(c, NULL, t, when);
	for (int i = 0; i < SLA_COUNT; i++)
		advance(&c->list[i], t, when);
	if (e->kind == SLA_ENDED) {
		for (int i = 0; i < SLA_COUNT; i++)
			finish(&c->list[i], t, when, false);
		return;
	}
	if (e->kind == SLA_ANSWERED) {
		finish(first, t, when, true);
		finish(next, t, when, true);
	}
	if (e->kind == SLA_WROTE && !is_over(e->status) && !is_live(first) &&
	    !is_live(next))
		start(next, t, when);
	settle(c, t, e->status, when);
}

bool
sla_change(struct sla_clocks *c, const struct sla_terms *before,
    const struct sla_terms *t, int64_t when)
{
	bool changed = false;

	for (int i = 0; i < SLA_COUNT; i++) {
		struct sla_clock *k = &c->list[i];

		if (!is_live(k) || k->mark.terms == t->id)
			continue;
		advance(k, before == NULL ? t : before, when);
		take_terms(k, t, when > k->measured ? when : k->measured);
		changed = true;
	}
	return changed;
}

bool
sla_reckon(struct sla_clocks *c, const struct sla_terms *t, int64_t when)
{
	bool moved = sla_change(c, NULL, t, when);

	for (int i = 0; i < SLA_COUNT; i++) {
		struct sla_clock *k = &c->list[i];
		int64_t had = k->due;

		advance(k, t, when);
		if (!is_live(k) || k->mark.late != 0)
			continue;
		k->target = target_of(t, k);
		if (k->used >= k->target)
			k->due = k->mark.late = k->measured;
		reckon_due(k, t);
		moved = moved || k->due != had;
	}
	return moved;
}

/* The open seconds of a share, rounded up. */
static int64_t
amount(const struct sla_clock *k, int percent)
{
	return (k->target * percent + 99) / 100;
}

/* The least share of this SLA above one, or 0. */
static int
step_after(const struct sla_terms *t, int percent)
{
	int next = percent < 100 ? 100 : 0;

	for (size_t i = 0; t->sla != NULL && i < t->sla->steps_n; i++) {
		int p = t->sla->steps[i].percent;

		if (p > percent && (next == 0 || p < next))
			next = p;
	}
	return next;
}

/* When a share is reached, by what is known; in the past: at once. */
static int64_t
moment_of(const struct sla_clock *k, const struct sla_terms *t, int percent)
{
	int64_t left = amount(k, percent) - k->used;

	if (percent == 100 && k->mark.late == 0)
		return k->due;
	return left <= 0 ? k->measured
			 : worktime_add(t->hours, k->measured, left);
}

static bool
is_told(const struct sla_clock *k)
{
	return k->state == SLA_RUNNING && k->target != SLA_NEVER;
}

int64_t
sla_next(const struct sla_clocks *c, const struct sla_terms *t)
{
	int64_t next = SLA_NEVER;

	for (int i = 0; i < SLA_COUNT; i++) {
		const struct sla_clock *k = &c->list[i];
		int percent = is_told(k) ? step_after(t, k->mark.told) : 0;
		int64_t at = percent == 0 ? SLA_NEVER
					  : moment_of(k, t, percent);

		if (at < next)
			next = at;
	}
	return next;
}

struct telling {
	struct arena *arena;
	const struct sla_terms *terms;
	struct sla_told *list;
	size_t n, cap;
};

/* In the order of moments; of one moment in the order they came. */
static void
add_told(struct telling *g, struct sla_told told)
{
	size_t i = g->n++;

	g->list = arena_grow(g->arena, g->list, i, &g->cap, sizeof(*g->list));
	for (; i > 0 && g->list[i - 1].moment > told.moment; i--)
		g->list[i] = g->list[i - 1];
	g->list[i] = told;
}

static void
tell_share(struct telling *g, const struct sla_clock *k, int percent,
    int64_t moment, bool late)
{
	const struct sla *s = g->terms->sla;
	struct sla_told told = { .kind = k->kind,
		.percent = percent,
		.moment = moment,
		.due = k->due };

	if (percent == 100)
		add_told(g, told);
	for (size_t i = 0; s != NULL && i < s->steps_n; i++) {
		told.step = &s->steps[i];
		if (told.step->percent == percent &&
		    (told.step->escalate || percent >= 100 || !late))
			add_told(g, told);
	}
}

static void
tick_clock(struct telling *g, struct sla_clock *k, int64_t now)
{
	struct sla_clock had = *k;
	int percent;

	if (!is_told(k))
		return;
	advance(k, g->terms, now);
	while ((percent = step_after(g->terms, k->mark.told)) != 0) {
		int64_t moment = moment_of(&had, g->terms, percent);

		if (moment > now)
			return;
		tell_share(g, k, percent, moment, k->mark.late != 0);
		k->mark.told = percent;
	}
}

struct sla_told *
sla_tick(struct arena *a, struct sla_clocks *c, const struct sla_terms *t,
    int64_t now, size_t *n)
{
	struct telling g = { .arena = a, .terms = t };

	for (int i = 0; i < SLA_COUNT; i++)
		tick_clock(&g, &c->list[i], now);
	*n = g.n;
	return g.list;
}

struct sla_told *
sla_ahead(struct arena *a, const struct sla_clocks *c,
    const struct sla_terms *t, size_t *n)
{
	struct telling g = { .arena = a, .terms = t };

	for (int i = 0; i < SLA_COUNT; i++) {
		const struct sla_clock *k = &c->list[i];
		int percent = k->mark.told;

		while (is_told(k) && (percent = step_after(t, percent)) != 0)
			tell_share(&g, k, percent, moment_of(k, t, percent),
			    k->mark.late != 0);
	}
	*n = g.n;
	return g.list;
}

/* Whys. */

char *
sla_step_why(
    struct arena *a, const struct sla_terms *t, enum sla_kind kind, int percent)
{
	const char *target = t->row == NULL ? NULL : t->row->targets[kind].text;

	if (target == NULL)
		return arena_strdup(a, "no target");
	return arena_printf(
	    a, "sla %s, %d %% of %s", t->sla->name, percent, target);
}

/* "42m", "3h10m"; below a minute in seconds. */
static char *
open_words(struct arena *a, int64_t seconds)
{
	long long h = seconds / 3600, m = seconds / 60 % 60;

	if (seconds < 60)
		return arena_printf(a, "%llds", (long long)seconds);
	if (h == 0)
		return arena_printf(a, "%lldm", m);
	return m == 0 ? arena_printf(a, "%lldh", h)
		      : arena_printf(a, "%lldh%lldm", h, m);
}

char *
sla_change_why(
    struct arena *a, const struct sla_clock *k, const struct sla_terms *t)
{
	const char *kind = sla_kind_names[k->kind], *target = NULL;

	if (!is_live(k))
		return NULL;
	if (t->sla == NULL)
		return arena_printf(a, "%s: no sla any more", kind);
	if (t->row != NULL)
		target = t->row->targets[k->kind].text;
	if (target == NULL)
		return arena_printf(
		    a, "%s: no target (sla %s)", kind, t->sla->name);
	return arena_printf(a, "%s: %s used of %s (sla %s, %s, calendar %s)",
	    kind, open_words(a, k->used), target, t->sla->name, t->row->name,
	    t->calendar == NULL ? "always" : t->calendar);
}
