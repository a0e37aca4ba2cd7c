#ifndef STORE_DB_PRIVATE_H
#define STORE_DB_PRIVATE_H

#include "parser/hash.h"
#include "store/db.h"

/* What db.c and db_statement.c share, and nobody else. */

#define DB_STATEMENTS 256 /* power of two, well above what the code holds */

struct db {
	sqlite3 *handle;
	struct statement {
		const char *sql; /* compared by address first */
		sqlite3_stmt *st;
	} cache[DB_STATEMENTS];
	int crash; /* commits left before _exit; 0: never */
	struct last_act {
		int (*fn)(struct db *db, int64_t arg, struct err *e);
		int64_t arg;
	} last[DB_LAST_MAX]; /* what db_before_commit() was asked for */
	size_t last_n;
	uint8_t salt[HASH_SIZE];
};

/* What SQLite said last, in our words and kinds; always -1. */
int db_fail(struct db *db, struct err *e, const char *what);

#endif
