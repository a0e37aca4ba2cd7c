#ifndef DAEMON_WORK_H
#define DAEMON_WORK_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/cmd.h"

/*
 * The work loop: inbound mail becomes part of a ticket.  One batch is: read
 * the raw mails, parse them (no lock held), then decide and apply all of them
 * in one transaction.  Needs no network.  Only one process works a database at
 * a time: work_open() takes the lock "work" in the state folder.
 */
struct work;

/* What became of the mails, for a summary. */
struct work_counts {
	size_t mails, new, append, copies, events, filed, held, letters;
};

/* ERR_RETRY: another process works already; the text says which. */
int work_open(struct work **out, struct context *c, struct err *e);
void work_close(struct work *w);

/* At most one batch; *done is how many mails it took, 0: nothing waits.  On
 * ERR_RETRY nothing has happened, call again later. */
int work_batch(struct work *w, size_t *done, struct err *e);

/* Batches until nothing waits.  progress (may be NULL) is called after each. */
int work_until_idle(struct work *w,
    void (*progress)(void *ctx, const struct work_counts *n), void *ctx,
    struct err *e);

/* Before a long wait: after a large backlog, give memory back. */
void work_idle(struct work *w);

#endif
