#ifndef STORE_IMPORTS_H
#define STORE_IMPORTS_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/err.h"
#include "store/db.h"

/*
 * Where an import stands.  The row of a file is written in the transaction that
 * stores its mails, so an import that was killed goes on without losing or
 * doubling one.  Knows nothing of files.
 */
struct import_row {
	uint64_t position, size;
	int64_t print, updated;
};

/* *found false: never seen.  set stands in the caller's transaction. */
int imports_get(struct db *db, const char *path, struct import_row *out,
    bool *found, struct err *e);
int imports_set(struct db *db, const char *path, const struct import_row *row,
    struct err *e);

/*
 * Imported mail has the uidvalidity 0, which no server may use (RFC 3501
 * 2.3.1.1), and a running number as uid.  So it may share a mailbox's name.
 */
#define IMPORT_UIDVALIDITY 0
int imports_last_uid(
    struct db *db, int64_t mailbox, uint32_t *uid, struct err *e);

/* What became of the mails after a uid. */
struct import_sum {
	int64_t mails, stored, new, append, copies, events, filed, held;
};
int imports_sum(struct db *db, int64_t mailbox, uint32_t after,
    struct import_sum *out, struct err *e);

#endif
