#ifndef STORE_UNDO_H
#define STORE_UNDO_H

#include "parser/arena.h"
#include "parser/err.h"
#include "rules/decision.h"
#include "store/db.h"

/*
 * Taking back what somebody did last (MAIL 4): the changes of his last act on
 * this ticket that is not undone, not older than `since`, as a decision that
 * sets each field back.  A field that somebody else has changed meanwhile stays
 * and is named.  A letter that left stays too.  Only reads; sets *d, which is
 * for the ticket of the act: of a merge the one that was merged.  That decision
 * is no act itself (leave d->act false), so nobody undoes an undo; it says
 * which act it takes back, so the next goes one further back.  Call it in the
 * transaction that applies *d, or a letter may leave in between.
 */
struct undo {
	int64_t act;             /* 0: there is nothing to undo */
	int64_t time;            /* when it was done */
	const char *const *kept; /* "priority: dieter has set it since" */
	size_t kept_n;
	bool letter;   /* a letter is taken back in time */
	bool too_late; /* a letter has left already */
};
struct undo_ask {
	int64_t ticket;
	const char *who; /* "agent ana" */
	int64_t since;
};
int undo_find(struct db *db, struct arena *a, const struct undo_ask *ask,
    struct decision *d, struct undo *out, struct err *e);

#endif
