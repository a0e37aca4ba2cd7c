#ifndef STORE_UNDO_PRIVATE_H
#define STORE_UNDO_PRIVATE_H

#include "store/tickets.h"
#include "store/undo.h"

/* What undo.c and undo_part.c share, and nobody else. */

/* One line of history of the act. */
struct line {
	int64_t id, ref, when; /* when: old, of a moment */
	const char *what;
	const char *old, *new; /* NULL: none */
};

struct undoing {
	struct db *db;
	struct arena *a;
	struct decision *d;
	struct undo *out;
	struct ticket t;
	struct line *lines;
	size_t n;
	const char **kept;
	size_t kept_cap;
	bool merges;      /* the status hangs on that */
	bool status_kept; /* and the moments on the status */
	struct err *e;
};

/* One more change that takes something back. */
struct change *undo_back(
    struct undoing *x, enum change_kind kind, int64_t value, const char *text);

/* One more thing that stays as it is, in words. */
void undo_keep(struct undoing *x, const char *text);

/* The same for a field that somebody changed after line number `after`. */
int undo_keep_field(struct undoing *x, const char *what, int64_t after);

/* The name that goes with an address; "" when none is known. */
int undo_name_of(struct undoing *x, const char *address, const char **name);

/* All lines of the act that are about what hangs on the ticket. */
int undo_parts(struct undoing *x);

#endif
