#ifndef RULES_ROUTING_H
#define RULES_ROUTING_H

#include "rules/assign.h"
#include "rules/evaluate.h"

/*
 * Where a mail goes once its ticket is known: the rules are asked, the team and
 * the agent chosen.  Pure but for what it asks of the caller.
 */
struct routing_source {
	/* As struct facts.similar. */
	int (*similar)(void *ctx, int64_t within, int64_t *n, struct err *e);
	/* The open ticket with this key; 0: none. */
	int (*merge)(
	    void *ctx, const char *key, int64_t *ticket, struct err *e);
	/* What the agents of a team have in hand. */
	int (*states)(void *ctx, const struct conf_team *team,
	    const struct agent_state **out, size_t *n, struct err *e);
	/* The local zone of an agent, for `away`. */
	const struct zone *(*zone)(void *ctx, const struct conf_agent *agent);
	void *ctx;
};

struct routing {
	const struct rulebook *book;
	struct matcher *matcher;
	const struct routing_source *src;
	enum occasion occasion; /* of routing_more() */
	const char *mailbox;
	int64_t size, now;
	const char *const *tags; /* of the ticket, for a reply */
	size_t tags_n;
	bool quiet;    /* old mail: nobody is given work by it */
	bool released; /* a person let it go: no rule holds or drops it again */
};

enum routed_end {
	ROUTED_TICKET,
	ROUTED_MERGED, /* into the open ticket `ticket` */
	ROUTED_HOLD,
	ROUTED_DROP
};

struct routed {
	enum routed_end end;
	int64_t ticket;
	const char *why; /* of all ends but TICKET */
	struct evaluation evaluation;
};

/*
 * A mail that makes a ticket.  d has CHANGE_NEW and CHANGE_REQUESTER already;
 * fresh is the ticket as these make it.  Fields, team and agent are added.
 */
int routing_new(const struct routing *r, const struct mail *m,
    const struct ticket *fresh, struct decision *d, struct routed *out,
    struct err *e);

/* A mail in a ticket that is there: only what rules say on
 * r->occasion. */
int routing_more(const struct routing *r, const struct mail *m,
    const struct ticket *t, struct decision *d, struct routed *out,
    struct err *e);

#endif
