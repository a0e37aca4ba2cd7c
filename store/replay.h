#ifndef STORE_REPLAY_H
#define STORE_REPLAY_H

#include "parser/arena.h"
#include "parser/err.h"
#include "rules/ticket.h"
#include "store/db.h"

/* Mails that rules were asked about as something new, to put before rules
 * again: first those that began a ticket, in the order of tickets, then those
 * that a rule held or dropped.  Reads only. */
enum replay_end {
	REPLAY_TICKET,
	REPLAY_HELD,
	REPLAY_DROPPED,
	REPLAY_ENDS
};

struct replay_row {
	enum replay_end end;  /* what became of it */
	struct ticket ticket; /* of TICKET: as its first mail left it */
	int64_t begun;        /* of TICKET: its last event of that mail */
	int64_t key;          /* of TICKET: as match_key() */
	int64_t below;        /* number of the next ticket at that time */
	int64_t raw, received, size;
	const char *mailbox;
	int64_t uid;
	bool touched; /* a person has changed what rules set */
};

/* Where the reading stands; begin with zero and the first two. */
struct replay_window {
	int64_t since; /* what came, or began, at or after */
	size_t max;    /* rows at once */
	bool tickets_done;
	int64_t ticket, mailbox, uidvalidity, uid; /* the last one read */
};
/* *n is 0 at the end. */
int replay_next(struct db *db, struct arena *a, struct replay_window *w,
    struct replay_row **out, size_t *n, struct err *e);
int replay_count(struct db *db, int64_t since, int64_t *n, struct err *e);

#endif
