/*
 * Statements: prepared once and found again by the address of their text,
 * bound, stepped, read row by row; and what SQLite says put into our words.
 * Begins and ends no transaction.
 */
#include "store/db_private.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

int
db_fail(struct db *db, struct err *e, const char *what)
{
	int code = sqlite3_errcode(db->handle) & 0xff;
	const char *text = sqlite3_errmsg(db->handle);

	switch (code) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(e, ERR_RETRY, "%s: the database is busy", what);
	case SQLITE_FULL:
		return err_set(e, ERR_RETRY,
		    "%s: the disk is full; make room, deskd goes on by itself",
		    what);
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		errno = sqlite3_system_errno(db->handle);
		return err_set(e, ERR_RETRY, "%s: %s (system: %m)", what, text);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(e, ERR_BUG,
		    "%s: %s; stop deskd and restore a backup", what, text);
	default:
		return err_set(e, ERR_BUG, "%s: %s (%d)", what, text,
		    sqlite3_extended_errcode(db->handle));
	}
}

static struct statement *
slot(struct db *db, const char *sql)
{
	size_t i = ((uintptr_t)sql >> 4) * 0x9e3779b9u;

	for (size_t n = 0; n < DB_STATEMENTS; n++, i++) {
		struct statement *s = &db->cache[i & (DB_STATEMENTS - 1)];

		if (s->sql == sql || s->sql == NULL)
			return s;
	}
	return NULL;
}

static sqlite3_stmt *
prepare(struct db *db, const char *sql, struct err *e)
{
	struct statement *s = slot(db, sql);

	assert(s != NULL);
	if (s->st != NULL)
		return s->st;
	if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
		&s->st, NULL) != SQLITE_OK) {
		db_fail(db, e, sql);
		return NULL;
	}
	s->sql = sql;
	return s->st;
}

static int
bind_one(sqlite3_stmt *st, int i, char kind, va_list *ap)
{
	const void *p;
	size_t n;

	switch (kind) {
	case 'i':
		return sqlite3_bind_int64(st, i, va_arg(*ap, int64_t));
	case 'd':
		return sqlite3_bind_double(st, i, va_arg(*ap, double));
	case 't':
		return sqlite3_bind_text(
		    st, i, va_arg(*ap, const char *), -1, SQLITE_STATIC);
	case 'b':
		p = va_arg(*ap, const void *);
		n = va_arg(*ap, size_t);
		return sqlite3_bind_blob64(st, i, p, n, SQLITE_STATIC);
	default:
		return sqlite3_bind_null(st, i);
	}
}

static sqlite3_stmt *
start(
    struct db *db, struct err *e, const char *sql, const char *fmt, va_list *ap)
{
	sqlite3_stmt *st = prepare(db, sql, e);

	if (st == NULL)
		return NULL;
	assert(!sqlite3_stmt_busy(st));
	assert(sqlite3_bind_parameter_count(st) == (int)strlen(fmt));
	for (int i = 0; fmt[i] != '\0'; i++)
		if (bind_one(st, i + 1, fmt[i], ap) != SQLITE_OK) {
			db_fail(db, e, sql);
			return NULL;
		}
	return st;
}

int
db_query(struct db *db, struct query *q, struct err *e, const char *sql,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*q = (struct query){ .db = db, .e = e };
	q->st = start(db, e, sql, fmt, &ap);
	va_end(ap);
	return q->st == NULL ? -1 : 0;
}

int
db_row(struct query *q)
{
	int rc;

	if (q->st == NULL)
		return -1;
	rc = sqlite3_step(q->st);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		db_fail(q->db, q->e, sqlite3_sql(q->st));
	sqlite3_reset(q->st);
	return rc == SQLITE_DONE ? 0 : -1;
}

void
db_end(struct query *q)
{
	if (q->st != NULL)
		sqlite3_reset(q->st);
}

int64_t
db_int(const struct query *q, int col)
{
	return sqlite3_column_int64(q->st, col);
}

const char *
db_text(const struct query *q, int col)
{
	const unsigned char *s = sqlite3_column_text(q->st, col);

	return s == NULL ? "" : (const char *)s;
}

const void *
db_blob(const struct query *q, int col, size_t *n)
{
	const void *p = sqlite3_column_blob(q->st, col);

	*n = (size_t)sqlite3_column_bytes(q->st, col);
	return p;
}

bool
db_null(const struct query *q, int col)
{
	return sqlite3_column_type(q->st, col) == SQLITE_NULL;
}

char *
db_copy(const struct query *q, int col, struct arena *a)
{
	return arena_strdup(a, db_text(q, col));
}

int
db_run(struct db *db, struct err *e, const char *sql, const char *fmt, ...)
{
	struct query q = { .db = db, .e = e };
	va_list ap;
	int rc;

	va_start(ap, fmt);
	q.st = start(db, e, sql, fmt, &ap);
	va_end(ap);
	while ((rc = db_row(&q)) == 1)
		continue;
	return rc;
}

int
db_number(struct db *db, int64_t *out, bool *found, struct err *e,
    const char *sql, const char *fmt, ...)
{
	struct query q = { .db = db, .e = e };
	va_list ap;
	int rc;

	va_start(ap, fmt);
	q.st = start(db, e, sql, fmt, &ap);
	va_end(ap);
	rc = db_row(&q);
	if (rc == -1)
		return -1;
	if (rc == 1)
		*out = db_int(&q, 0);
	if (found != NULL)
		*found = rc == 1;
	db_end(&q);
	return 0;
}

int
db_word(struct db *db, struct arena *a, const char **out, struct err *e,
    const char *sql, const char *fmt, ...)
{
	struct query q = { .db = db, .e = e };
	va_list ap;
	int rc;

	va_start(ap, fmt);
	q.st = start(db, e, sql, fmt, &ap);
	va_end(ap);
	rc = db_row(&q);
	if (rc == -1)
		return -1;
	if (rc == 1)
		*out = db_copy(&q, 0, a);
	db_end(&q);
	return 0;
}

int64_t
db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

int64_t
db_changes(struct db *db)
{
	return sqlite3_changes(db->handle);
}

int
meta_get(struct db *db, const char *key, int64_t *value, struct err *e)
{
	*value = 0;
	return db_number(db, value, NULL, e,
	    "SELECT value FROM meta WHERE key = ?", "t", key);
}

int
meta_set(struct db *db, const char *key, int64_t value, struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO meta VALUES(?, ?)"
	    " ON CONFLICT(key) DO UPDATE SET value = excluded.value",
	    "ti", key, value);
}
