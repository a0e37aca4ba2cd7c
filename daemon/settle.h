#ifndef DAEMON_SETTLE_H
#define DAEMON_SETTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/smtp.h"
#include "parser/arena.h"
#include "parser/conf.h"
#include "parser/err.h"
#include "store/db.h"
#include "store/outbox.h"

/*
 * What came of a letter, written down: its next state, and where people ought
 * to know, a line in the ticket's history.  A reply that never arrived opens
 * its ticket again.  Sends nothing itself: alert.h tells the lead.
 */
enum settled {
	SETTLED_SENT,
	SETTLED_LATER,
	SETTLED_DEAD,
	SETTLED_BACK /* as if it had not been tried */
};

struct settle {
	struct db *db;
	const struct conf *conf;
	struct arena *arena;
	int64_t now;
	int64_t reported;  /* humans know of all failures up to here */
	enum settled what; /* out */
	bool late;         /* out: the listed tries are used up */
	int64_t when;      /* out: the next try */
};

/* In a transaction that the caller holds. */
int settle_letter(struct settle *s, const struct letter *l,
    const struct smtp_result *r, struct err *e);

#endif
