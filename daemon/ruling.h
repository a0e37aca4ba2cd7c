#ifndef DAEMON_RULING_H
#define DAEMON_RULING_H

#include "parser/conf.h"
#include "rules/routing.h"
#include "store/db.h"

/*
 * The rules of a configuration, ready to be asked by this process: the book,
 * the matcher with its clock, the zones of agents, and what is counted of each
 * rule until it is written down.
 */
struct ruling {
	struct arena *arena; /* the caller's; all but the matcher lives there */
	const struct conf *conf;
	struct rulebook *book;
	struct matcher *matcher;
	struct zone *zone;             /* of the desk; NULL: UTC */
	struct zone **zones;           /* of each agent, in their order */
	int64_t *hits, *limits, *last; /* of each rule, not yet written */
};

/* ERR_REJECT: what cannot be built, with the first message; rep (may be NULL)
 * has all of them. */
int ruling_load(struct ruling *r, struct arena *a, const struct conf *c,
    struct conf_report *rep, struct err *e);
void ruling_free(struct ruling *r);

/* The clock of an agent; NULL: that of the desk. */
const struct zone *ruling_zone(
    const struct ruling *r, const struct conf_agent *agent);

/* Count what the rules said of one mail. */
void ruling_count(struct ruling *r, const struct evaluation *v, int64_t now);
/* Write the counts down in the present transaction, or forget them. */
int ruling_flush(struct ruling *r, struct db *db, struct err *e);
void ruling_forget(struct ruling *r);

/* What a mail is asked about: the store behind struct routing_source. */
struct ruling_ask {
	struct ruling *ruling;
	struct db *db;
	struct arena *arena;
	int64_t key, now; /* match_key() of the mail, its moment */
	int64_t below;    /* 0, or only older tickets are seen: `replay` */
};
/* The source whose ctx is ask; it must live as long. */
struct routing_source ruling_source(struct ruling_ask *ask);

#endif
