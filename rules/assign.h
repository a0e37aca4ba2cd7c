#ifndef RULES_ASSIGN_H
#define RULES_ASSIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/conf.h"
#include "rules/hours.h"

/*
 * Who of a team gets a new ticket (CONFIG 7): round-robin, least-loaded, skill,
 * lead, nobody.  Passed over are agents who are away, at max-open, or outside
 * of their hours; when that leaves nobody the ticket waits in the queue.  Who
 * is away is replaced by the stand-in, who is asked the same questions.  Pure.
 */
struct agent_state {
	const char *agent;
	int64_t open; /* tickets that are theirs and not resolved or closed */
	int64_t turn; /* the last ticket of this team given to them; 0: none */
};

struct assign {
	const struct conf *conf;
	const struct conf_team *team;
	const char *category, *language;  /* "" when none */
	const struct agent_state *states; /* of any agents; none: all zero */
	size_t states_n;
	int64_t now;
	/* Is it working time of that agent?  NULL: always. */
	bool (*works)(void *ctx, const struct conf_agent *agent, int64_t now);
	/* The local date there, for `away`. */
	const struct zone *(*zone)(void *ctx, const struct conf_agent *agent);
	void *ctx;
};

/* The `away` line of an agent ("DAYS", "to", "NAME") that holds on this day
 * where the agent is, or NULL.  zone NULL: UTC. */
const struct conf_node *agent_away(
    const struct conf_agent *agent, int64_t now, const struct zone *zone);

/* The agent's name, or NULL: the queue.  *why says how it was found, for every
 * outcome: "round-robin: bob had the last one", "all of network are away". */
const char *assign_choose(
    struct arena *a, const struct assign *in, const char **why);

#endif
