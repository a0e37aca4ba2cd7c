#ifndef STORE_REPLAY_H
#define STORE_REPLAY_H

#include "parser/arena.h"
#include "parser/err.h"
#include "rules/ticket.h"
#include "store/db.h"

/* Tickets with the mail that began them, to put before rules again.  Reads
 * only. */
struct replay_row {
	struct ticket ticket;
	int64_t raw, received;
	const char *mailbox;
	bool touched; /* somebody has changed what rules set */
};

/* Tickets created at or after since, numbered above `after`, in their order. */
struct replay_window {
	int64_t since, after;
	size_t max;
};
int replay_next(struct db *db, struct arena *a, const struct replay_window *w,
    struct replay_row **out, size_t *n, struct err *e);
int replay_count(struct db *db, int64_t since, int64_t *n, struct err *e);

#endif
