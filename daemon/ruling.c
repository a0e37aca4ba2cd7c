/* Rules and the database behind them.  See the header. */
#include "daemon/ruling.h"

#include <string.h>

#include "daemon/clock.h"
#include "daemon/zones.h"
#include "store/asking.h"

static int
load_zones(struct ruling *r, struct err *e)
{
	const struct conf *c = r->conf;

	if (zones_load(r->arena, c->timezone, &r->zone, e) == -1)
		return -1;
	r->zones = arena_calloc(r->arena, c->agents_n, sizeof(void *));
	for (size_t i = 0; i < c->agents_n; i++) {
		const char *name = c->agents[i].timezone;

		r->zones[i] = r->zone;
		if (name != NULL && strcmp(name, c->timezone) != 0 &&
		    zones_load(r->arena, name, &r->zones[i], e) == -1)
			return -1;
	}
	return 0;
}

static int
build(struct ruling *r, struct conf_report *rep, struct err *e)
{
	struct buf text;
	struct conf_report own = { .text = &text };
	struct hours_source src = zones_source(r->arena, r->conf);
	int rc;

	if (rep != NULL) {
		if (rulebook_build(r->arena, r->conf, &src, rep, &r->book) == 0)
			return 0;
		return err_set(
		    e, ERR_REJECT, "the rules cannot be built; see above");
	}
	buf_init(&text, 4096);
	rc = rulebook_build(r->arena, r->conf, &src, &own, &r->book);
	if (rc == -1)
		err_set(e, ERR_REJECT, "%.*s",
		    (int)strcspn(buf_text(&text), "\n"), buf_text(&text));
	buf_done(&text);
	return rc;
}

int
ruling_load(struct ruling *r, struct arena *a, const struct conf *c,
    struct conf_report *rep, struct err *e)
{
	*r = (struct ruling){ .arena = a, .conf = c };
	if (load_zones(r, e) == -1 || build(r, rep, e) == -1)
		return -1;
	r->matcher = matcher_new(clock_cpu);
	if (r->matcher == NULL)
		return err_set(e, ERR_RETRY, "no memory for patterns");
	matcher_wall(r->matcher, clock_wall);
	r->hits = arena_calloc(a, r->book->n, sizeof(*r->hits));
	r->limits = arena_calloc(a, r->book->n, sizeof(*r->limits));
	r->last = arena_calloc(a, r->book->n, sizeof(*r->last));
	return 0;
}

void
ruling_free(struct ruling *r)
{
	matcher_free(r->matcher);
	r->matcher = NULL;
}

void
ruling_count(struct ruling *r, const struct evaluation *v, int64_t now)
{
	for (size_t i = 0; i < v->n; i++) {
		r->limits[i] += v->results[i].limited;
		if (v->results[i].verdict != VERDICT_YES)
			continue;
		r->hits[i]++;
		r->last[i] = now;
	}
}

int
ruling_flush(struct ruling *r, struct db *db, struct err *e)
{
	for (size_t i = 0; i < r->book->n; i++) {
		struct rule_hits h = { r->book->rules[i].name, r->hits[i],
			r->limits[i], r->last[i] };

		if ((h.hits != 0 || h.limits != 0) &&
		    rule_hits_add(db, &h, e) == -1)
			return -1;
	}
	return 0;
}

void
ruling_forget(struct ruling *r)
{
	size_t n = r->book->n * sizeof(*r->hits);

	if (n == 0)
		return;
	memset(r->hits, 0, n);
	memset(r->limits, 0, n);
	memset(r->last, 0, n);
}

static int
similar(void *ctx, int64_t within, int64_t *n, struct err *e)
{
	struct ruling_ask *k = ctx;
	struct ask_similar ask = { k->key, k->now - within, k->below };

	if (ask_similar(k->db, &ask, n, e) == -1)
		return -1;
	(*n)++; /* this one is not there yet */
	return 0;
}

static int
merge(void *ctx, const char *key, int64_t *ticket, struct err *e)
{
	struct ruling_ask *k = ctx;

	return ask_merge(k->db, key, ticket, e);
}

static int
states(void *ctx, const struct conf_team *team, const struct agent_state **out,
    size_t *n, struct err *e)
{
	struct ruling_ask *k = ctx;
	struct ask_team asked = { k->ruling->conf, team };
	struct agent_state *list;

	if (ask_states(k->db, k->arena, &asked, &list, n, e) == -1)
		return -1;
	*out = list;
	return 0;
}

const struct zone *
ruling_zone(const struct ruling *r, const struct conf_agent *agent)
{
	return agent == NULL ? r->zone : r->zones[agent - r->conf->agents];
}

static const struct zone *
zone_of(void *ctx, const struct conf_agent *agent)
{
	const struct ruling_ask *k = ctx;

	return ruling_zone(k->ruling, agent);
}

struct routing_source
ruling_source(struct ruling_ask *ask)
{
	return (struct routing_source){ .similar = similar,
		.merge = merge,
		.states = states,
		.zone = zone_of,
		.ctx = ask };
}
