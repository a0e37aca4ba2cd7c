#ifndef DAEMON_REPLAY_H
#define DAEMON_REPLAY_H

#include "daemon/cmd.h"
#include "daemon/ruling.h"

/*
 * Rules over stored mail: each ticket's first mail, and each mail that a rule
 * held or dropped, is read again in the box and put before the rules, and what
 * comes of it is compared with another set of rules, or with what the first
 * mail made then.  Changes nothing.
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

/* One kind of change and the mails it concerns. */
struct replay_change {
	enum replay_field field;
	const char *old, *new;
	int64_t n;
	const char *examples[3]; /* the tag of a ticket, else "support/17": the
	                          * mailbox and the uid, as in the ledger */
};

struct replay {
	struct context *c;
	struct ruling rules;  /* what is tried */
	struct ruling others; /* what it is compared with */
	bool compare;         /* with others; else with the ticket */
	int64_t since;
	/* Called for each mail that would change; NULL: not. */
	void (*each)(struct replay *r, const char *name,
	    const struct replay_change *list, size_t n);

	/* What comes out. */
	int64_t tickets, ruled;   /* ruled: held or dropped by a rule then */
	int64_t changed, skipped; /* skipped: touched by a person */
	int64_t held, dropped;
	int64_t cpu; /* microseconds of rules, without reading mail */
	struct replay_change *list;
	size_t n, cap;
};

int replay_run(struct replay *r, struct err *e);

#endif
