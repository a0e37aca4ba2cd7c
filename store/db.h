#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "parser/arena.h"
#include "parser/err.h"

/*
 * One connection to deskd.db, one per process.  Rollback mode: TRUNCATE and
 * EXTRA, see schema.sql.  Every write stands in a transaction that begins
 * IMMEDIATE; no transaction spans a network call, a wait or output.  No
 * statement may be left unreset when a transaction ends (debug builds abort).
 *
 * Busy and full are ERR_RETRY, anything else that SQLite says is ERR_BUG.
 */
struct db;

enum db_mode {
	DB_OPEN,  /* the file must be there */
	DB_CREATE /* make folder and file when missing */
};

int db_open(struct db **out, const char *dir, enum db_mode mode, struct err *e);
void db_close(struct db *db);
/* Before a long wait: give the page cache back to the system. */
void db_idle(struct db *db);

int db_begin(struct db *db, struct err *e);
int db_commit(struct db *db, struct err *e);
void db_rollback(struct db *db);

/*
 * Have fn called once before this transaction commits, with the smallest arg
 * it was asked for with.  A rollback forgets it; when it fails, nothing is
 * committed.  At most DB_LAST_MAX different ones.
 */
#define DB_LAST_MAX 4
void db_before_commit(struct db *db,
    int (*fn)(struct db *db, int64_t arg, struct err *e), int64_t arg);

/* Now instead: for who changes what they would read.  They are asked for anew
 * by what comes after. */
int db_settle(struct db *db, struct err *e);

/* A read of several statements that must agree with each other. */
int db_read_begin(struct db *db, struct err *e);
void db_read_end(struct db *db);

/*
 * Statements.  sql must be a string literal (or live as long as the db): it
 * is prepared once.  fmt has one letter per parameter: i int64_t, t text (NULL
 * is NULL), b blob (const void *, size_t), n NULL, d double.
 *
 *	struct query q;
 *	db_query(db, &q, e, "SELECT a, b FROM t WHERE c = ?", "i", (int64_t)7);
 *	while ((rc = db_row(&q)) == 1)
 *		... db_int(&q, 0), db_text(&q, 1) ...
 *	if (rc == -1) return -1;
 *
 * db_row() gives 1 with a row, 0 at the end, -1 on error; the statement is
 * reset at the end and on error.  Leaving the loop early: db_end(&q).
 */
struct query {
	struct db *db;
	sqlite3_stmt *st;
	struct err *e;
};

int db_query(struct db *db, struct query *q, struct err *e, const char *sql,
    const char *fmt, ...);
int db_row(struct query *q);
void db_end(struct query *q);

/* Columns of the row; text and blob live until the next db_row(). */
int64_t db_int(const struct query *q, int col);
const char *db_text(const struct query *q, int col); /* "" for NULL */
const void *db_blob(const struct query *q, int col, size_t *n);
bool db_null(const struct query *q, int col);
/* Copies into the arena; db_copy gives "" for NULL. */
char *db_copy(const struct query *q, int col, struct arena *a);

/* A statement without rows. */
int db_run(struct db *db, struct err *e, const char *sql, const char *fmt, ...);
/* The first column of the first row; *found (may be NULL) says if there was. */
int db_number(struct db *db, int64_t *out, bool *found, struct err *e,
    const char *sql, const char *fmt, ...);
/* The same for a text, copied into the arena; without a row *out stays. */
int db_word(struct db *db, struct arena *a, const char **out, struct err *e,
    const char *sql, const char *fmt, ...);

int64_t db_last_id(struct db *db);
int64_t db_changes(struct db *db);
sqlite3 *db_handle(struct db *db);

/*
 * Crash points: with the environment variable DESKD_CRASH=n the process ends
 * with _exit(77) just before its nth commit (n odd: 1 is before the first) or
 * just after it (n even).  For the crash tests; see tests/.
 */

/* A number for an index from some texts (NULL ends them), keyed with the salt
 * of this database: nobody outside can make two texts collide. */
int64_t db_hash(struct db *db, const char *kind, ...) __attribute__((sentinel));

/* A small key-value table for numbers that belong to no other table. */
int meta_get(struct db *db, const char *key, int64_t *value, struct err *e);
int meta_set(struct db *db, const char *key, int64_t value, struct err *e);

#endif
