/*
 * Who gets a ticket: members one by one, those who cannot take it passed over,
 * the best of the rest by the team's way of choosing.
 */
#include "rules/assign.h"

#include <string.h>
#include <strings.h>

#include "rules/holidays.h"
#include "rules/template.h"

#define STAND_INS_MAX 5 /* of stand-ins: a circle ends here */

struct choosing {
	struct arena *arena;
	const struct assign *in;
	size_t away, full, off; /* members passed over */
	const struct conf_agent *best;
	int64_t best_key[3]; /* smaller is better, first to last */
};

static struct agent_state
state_of(const struct assign *in, const char *agent)
{
	for (size_t i = 0; i < in->states_n; i++)
		if (strcmp(in->states[i].agent, agent) == 0)
			return in->states[i];
	return (struct agent_state){ .agent = agent };
}

const struct conf_node *
agent_away(const struct conf_agent *agent, int64_t now, const struct zone *zone)
{
	struct civil c = zone_civil(zone, now);
	int64_t today = civil_days(c.year, c.month, c.day);
	const struct conf_node *n = agent->node == NULL
	    ? NULL
	    : conf_child(agent->node, "away");

	for (; n != NULL; n = conf_after(n)) {
		const char *s = n->args[0].text, *end = strstr(s, "..");

		if (today >= holiday_day(s) &&
		    today <= holiday_day(end != NULL ? end + 2 : s))
			return n;
	}
	return NULL;
}

static const struct conf_node *
away(const struct assign *in, const struct conf_agent *agent)
{
	const struct zone *z = in->zone == NULL ? NULL
						: in->zone(in->ctx, agent);

	return agent_away(agent, in->now, z);
}

/* The agent, or who stands in; NULL: nobody is there. */
static const struct conf_agent *
present(struct choosing *c, const struct conf_agent *agent)
{
	for (int i = 0; i < STAND_INS_MAX && agent != NULL; i++) {
		const struct conf_node *n = away(c->in, agent);

		if (n == NULL)
			return agent;
		agent = n->args_n > 2 ? conf_agent(c->in->conf, n->args[2].text)
				      : NULL;
	}
	return NULL;
}

/* "network/vpn" asks for the skills network and vpn; a language for itself. */
static bool
asked(const struct assign *in, const char *skill)
{
	size_t n = strlen(skill);
	const char *p = in->category;

	while (*p != '\0') {
		size_t len = strcspn(p, "/");

		if (len == n && strncasecmp(p, skill, n) == 0)
			return true;
		p += len;
		p += *p == '/';
	}
	return false;
}

static int64_t
skills(const struct assign *in, const struct conf_agent *agent)
{
	const struct conf_node *n = agent->node == NULL
	    ? NULL
	    : conf_child(agent->node, "language");
	int64_t score = 0;

	for (size_t i = 0; i < agent->skills_n; i++)
		score += asked(in, agent->skills[i]) ? 2 : 0;
	for (size_t i = 0; n != NULL && i < n->args_n; i++)
		if (language_alike(n->args[i].text, in->language))
			return score + 1;
	return score;
}

/* What is compared, the smallest first. */
static void
keys(const struct assign *in, const struct conf_agent *agent, int64_t out[3])
{
	struct agent_state s = state_of(in, agent->name);

	out[0] = out[1] = out[2] = 0;
	if (in->team->assign == ASSIGN_ROUND_ROBIN) {
		out[0] = s.turn;
		return;
	}
	if (in->team->assign == ASSIGN_SKILL)
		out[0] = -skills(in, agent);
	out[1] = s.open;
	out[2] = s.turn;
}

static bool
better(const int64_t a[3], const int64_t b[3])
{
	for (int i = 0; i < 3; i++)
		if (a[i] != b[i])
			return a[i] < b[i];
	return false;
}

static void
consider(struct choosing *c, const struct conf_agent *agent)
{
	const struct assign *in = c->in;
	int64_t key[3];

	agent = agent == NULL ? NULL : present(c, agent);
	if (agent == NULL) {
		c->away++;
		return;
	}
	if (agent->max_open > 0 &&
	    state_of(in, agent->name).open >= agent->max_open) {
		c->full++;
		return;
	}
	if (in->works != NULL && !in->works(in->ctx, agent, in->now)) {
		c->off++;
		return;
	}
	keys(in, agent, key);
	if (c->best != NULL && !better(key, c->best_key))
		return;
	c->best = agent;
	memcpy(c->best_key, key, sizeof(key));
}

static const char *
nobody_why(const struct choosing *c)
{
	return arena_printf(c->arena,
	    "nobody of %s can take it now (away %zu, at max-open %zu, outside "
	    "of hours %zu): it waits in the queue",
	    c->in->team->name, c->away, c->full, c->off);
}

static const char *
best_why(const struct choosing *c)
{
	const struct conf_team *t = c->in->team;
	struct agent_state s = state_of(c->in, c->best->name);

	switch (t->assign) {
	case ASSIGN_ROUND_ROBIN:
		return arena_printf(c->arena,
		    "team %s, round-robin: the longest without one", t->name);
	case ASSIGN_LEAST_LOADED:
		return arena_printf(c->arena,
		    "team %s, least-loaded: %lld open", t->name,
		    (long long)s.open);
	case ASSIGN_SKILL:
		return c->best_key[0] < 0
		    ? arena_printf(c->arena,
			  "team %s, skill: knows %s%s%s, %lld open", t->name,
			  c->in->category, *c->in->language != '\0' ? " " : "",
			  c->in->language, (long long)s.open)
		    : arena_printf(c->arena,
			  "team %s, skill: nobody has it; the least loaded, "
			  "%lld open",
			  t->name, (long long)s.open);
	case ASSIGN_LEAD:
		return arena_printf(
		    c->arena, "team %s: the lead gives out", t->name);
	case ASSIGN_NOBODY:
		break;
	}
	return "";
}

const char *
assign_choose(struct arena *a, const struct assign *in, const char **why)
{
	struct choosing c = { .arena = a, .in = in };
	const struct conf_team *t = in->team;

	if (t->assign == ASSIGN_NOBODY) {
		*why = arena_printf(a,
		    "team %s gives out by hand: it waits in the queue",
		    t->name);
		return NULL;
	}
	if (t->assign == ASSIGN_LEAD)
		consider(
		    &c, t->lead == NULL ? NULL : conf_agent(in->conf, t->lead));
	else
		for (size_t i = 0; i < t->members_n; i++)
			consider(&c, conf_agent(in->conf, t->members[i]));
	*why = c.best == NULL ? nobody_why(&c) : best_why(&c);
	return c.best == NULL ? NULL : c.best->name;
}
