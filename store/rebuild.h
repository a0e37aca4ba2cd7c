#ifndef STORE_REBUILD_H
#define STORE_REBUILD_H

#include "parser/arena.h"
#include "parser/err.h"
#include "store/db.h"
#include "store/tickets.h"

/*
 * What can be derived from raw mail is derived again: the text, ids and search
 * index of every message that came.  Facts stay as they are: which ticket a
 * mail went to and why, events, letters.  All of it in one transaction that
 * the caller begins and commits, with the service stopped.
 */
struct rebuild_row {
	int64_t message, ticket, raw, received;
};

/* The ids are taken away; they come back with each message. */
int rebuild_start(struct db *db, struct err *e);

/* The next messages with raw mail, in order of their ids. */
struct rebuild_window {
	int64_t after; /* the last message that is done */
	size_t max;
};
int rebuild_next(struct db *db, struct arena *a, const struct rebuild_window *w,
    struct rebuild_row **out, size_t *n, struct err *e);

/* One message from its mail, as it was parsed now. */
int rebuild_message(struct db *db, struct arena *a,
    const struct rebuild_row *row, const struct mail *m, struct err *e);

/* The search index, from the messages. */
int rebuild_finish(struct db *db, struct err *e);

#endif
