#ifndef DAEMON_REPLAY_H
#define DAEMON_REPLAY_H

#include "daemon/cmd.h"
#include "daemon/ruling.h"

/*
 * Rules over stored mail: each ticket's first mail is read again in the box and
 * put before the rules, and what comes of it is compared with another set of
 * rules, or with the ticket as the first mail left it.  Changes nothing.
 */
enum replay_field {
	REPLAY_END, /* ticket, held, dropped */
	REPLAY_TEAM,
	REPLAY_CATEGORY,
	REPLAY_TYPE,
	REPLAY_IMPACT,
	REPLAY_URGENCY,
	REPLAY_PRIORITY,
	REPLAY_FIELDS
};
extern const char *const replay_names[REPLAY_FIELDS];

/* One kind of change and the tickets it concerns. */
struct replay_change {
	enum replay_field field;
	const char *old, *new;
	int64_t n;
	int64_t examples[3];
};

struct replay {
	struct context *c;
	struct ruling rules;  /* what is tried */
	struct ruling others; /* what it is compared with */
	bool compare;         /* with others; else with the ticket */
	int64_t since;
	/* Called for each ticket that would change; NULL: not. */
	void (*each)(struct replay *r, int64_t ticket,
	    const struct replay_change *list, size_t n);

	/* What comes out. */
	int64_t tickets, changed, skipped; /* skipped: touched by a person */
	int64_t held, dropped;
	int64_t cpu; /* microseconds of rules, without reading mail */
	struct replay_change *list;
	size_t n, cap;
};

int replay_run(struct replay *r, struct err *e);

#endif
