/*
 * The connection: opening, the schema and its version, transactions and crash
 * points.  Knows no table but meta and salt; what is asked of the others is in
 * db_statement.c.
 */
#include "store/db_private.h"

#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "parser/hash.h"
#include "schema.h"
#include "store/migrate.h"

#define DB_APPLICATION 0x6465736b /* "desk" */
#define DB_CACHE_KIB   20480      /* a cap; db_idle() gives it back */
#define BUSY_STEP_US   10000
#define BUSY_TRIES     1000

static int
execute(struct db *db, const char *sql, struct err *e)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return db_fail(db, e, "deskd.db");
	return 0;
}

static int
number(struct db *db, const char *sql, int64_t *out, struct err *e)
{
	sqlite3_stmt *st;
	int rc;

	if (sqlite3_prepare_v2(db->handle, sql, -1, &st, NULL) != SQLITE_OK)
		return db_fail(db, e, "deskd.db");
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc == SQLITE_ROW ? 0 : db_fail(db, e, "deskd.db");
}

/*
 * FTS5 merges cost more than all else.  Larger leaf pages and a fuller merge
 * tree make them rarer; measured, see the bench.
 */
static const char fresh_sql[] =
    "INSERT INTO salt VALUES(randomblob(32));"
    "INSERT INTO meta VALUES('next_ticket', 1001);"
    "INSERT INTO search(search, rank) VALUES('automerge', 8);"
    "INSERT INTO search(search, rank) VALUES('crisismerge', 16);";

static int
make_schema(struct db *db, struct err *e)
{
	char pragma[80];

	snprintf(pragma, sizeof(pragma),
	    "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    DB_APPLICATION, SCHEMA_VERSION);
	if (execute(db, schema_sql, e) == -1 || execute(db, fresh_sql, e) == -1)
		return -1;
	return execute(db, pragma, e);
}

static int
check_version(struct db *db, const char *path, int64_t version, struct err *e)
{
	int64_t app = 0;

	if (number(db, "PRAGMA application_id", &app, e) == -1)
		return -1;
	if (app != DB_APPLICATION)
		return err_set(e, ERR_REJECT,
		    "%s is a database, but not one of deskd", path);
	if (version > SCHEMA_VERSION)
		return err_set(e, ERR_REJECT,
		    "%s has schema %lld, this deskd knows up to %d: "
		    "install the newer deskd again",
		    path, (long long)version, SCHEMA_VERSION);
	return 0;
}

/* Inside BEGIN EXCLUSIVE: of two that start at once only one makes tables. */
static int
prepare_schema(struct db *db, const char *path, struct err *e)
{
	int64_t version = 0, tables = 0;
	int rc;

	if (number(db, "PRAGMA user_version", &version, e) == -1)
		return -1;
	if (version == SCHEMA_VERSION)
		return check_version(db, path, version, e);
	if (execute(db, "BEGIN EXCLUSIVE", e) == -1)
		return -1;
	rc = number(db, "PRAGMA user_version", &version, e);
	if (rc == 0)
		rc = number(
		    db, "SELECT count(*) FROM sqlite_schema", &tables, e);
	if (rc == 0 && tables == 0)
		rc = make_schema(db, e);
	else if (rc == 0)
		rc = check_version(db, path, version, e);
	if (rc == 0 && tables > 0 && version < SCHEMA_VERSION)
		rc = migrate(db->handle, (int)version, e);
	if (rc == 0)
		rc = execute(db, "COMMIT", e);
	if (rc == -1)
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

/*
 * Wait for another process's transaction.  SQLite's own waits begin at 1, 2 and
 * 5 ms; a commit takes about 2, and an acknowledgement stands behind three of
 * them.  In all about 10 s.
 */
static int
busy(void *ctx, int tries)
{
	static const int64_t first[] = { 50, 50, 100, 100, 200, 200, 200, 500,
		500, 500, 1000, 1000, 2000, 5000 };
	int64_t us = tries < (int)(sizeof(first) / sizeof(first[0]))
	    ? first[tries]
	    : BUSY_STEP_US;
	struct timespec t = { .tv_nsec = us * 1000 };

	(void)ctx;
	if (tries >= BUSY_TRIES)
		return 0;
	nanosleep(&t, NULL);
	return 1;
}

/* page_size only counts before the first table. */
static int
configure(struct db *db, struct err *e)
{
	char sql[400];

	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_handler(db->handle, busy, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
	snprintf(sql, sizeof(sql),
	    "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON;"
	    "PRAGMA synchronous = EXTRA; PRAGMA cache_size = -%d;"
	    "PRAGMA secure_delete = OFF; PRAGMA journal_mode = TRUNCATE;"
	    "PRAGMA temp_store = MEMORY",
	    DB_CACHE_KIB);
	return execute(db, sql, e);
}

static int
load_salt(struct db *db, struct err *e)
{
	struct query q;
	const void *p;
	size_t n;

	if (db_query(db, &q, e, "SELECT value FROM salt", "") == -1 ||
	    db_row(&q) != 1)
		return err_set(e, ERR_BUG, "deskd.db has no salt");
	p = db_blob(&q, 0, &n);
	memcpy(db->salt, p, n < HASH_SIZE ? n : HASH_SIZE);
	db_end(&q);
	return 0;
}

static int
open_file(struct db *db, const char *path, enum db_mode mode, struct err *e)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

	if (mode == DB_CREATE)
		flags |= SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK) {
		errno = sqlite3_system_errno(db->handle);
		return err_set(e, ERR_REJECT, "%s: %s (%m)", path,
		    sqlite3_errmsg(db->handle));
	}
	if (configure(db, e) == -1 || prepare_schema(db, path, e) == -1)
		return -1;
	return load_salt(db, e);
}

static int
make_dir(const char *dir, struct err *e)
{
	if (mkdir(dir, 0700) == -1 && errno != EEXIST)
		return err_set(e, ERR_REJECT,
		    "%s: %m; make the state folder or name another with -d",
		    dir);
	return 0;
}

int
db_open(struct db **out, const char *dir, enum db_mode mode, struct err *e)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	const char *crash = getenv("DESKD_CRASH");
	struct arena a = { 0 };
	char *path = arena_printf(&a, "%s/deskd.db", dir);
	struct db *db;
	mode_t mask;
	int rc = 0;

	if (mode == DB_CREATE)
		rc = make_dir(dir, e);
	else if (access(path, F_OK) == -1)
		rc = err_set(e, ERR_REJECT,
		    "%s: %m; name the state folder with -d", path);
	db = rc == 0 ? calloc(1, sizeof(*db)) : NULL;
	if (db != NULL) {
		mask = umask(0077);
		rc = open_file(db, path, mode, e);
		umask(mask);
		db->crash = crash == NULL ? 0 : (int)strtol(crash, NULL, 10);
		if (rc == -1)
			db_close(db);
		else
			*out = db;
	}
	arena_done(&a);
	return rc == 0 && db == NULL ? err_set(e, ERR_RETRY, "out of memory")
				     : rc;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < DB_STATEMENTS; i++)
		sqlite3_finalize(db->cache[i].st);
	sqlite3_close(db->handle);
	free(db);
}

void
db_idle(struct db *db)
{
	sqlite3_db_release_memory(db->handle);
	malloc_trim(0);
}

sqlite3 *
db_handle(struct db *db)
{
	return db->handle;
}

/* Transactions. */

int
db_begin(struct db *db, struct err *e)
{
	return db_run(db, e, "BEGIN IMMEDIATE", "");
}

/*
 * A statement that was not reset would keep its lock and stop every writer.
 * (Ours only: FTS5 holds one of its own, which COMMIT knows about.)
 */
static void
assert_all_reset(struct db *db)
{
	for (size_t i = 0; i < DB_STATEMENTS; i++)
		assert(db->cache[i].st == NULL ||
		    !sqlite3_stmt_busy(db->cache[i].st));
}

static void
crash_point(struct db *db)
{
	if (db->crash > 0 && --db->crash == 0)
		_exit(77);
}

void
db_before_commit(struct db *db,
    int (*fn)(struct db *db, int64_t arg, struct err *e), int64_t arg)
{
	struct last_act *l = db->last;

	while (l < db->last + db->last_n && l->fn != fn)
		l++;
	if (l == db->last + db->last_n) {
		assert(db->last_n < DB_LAST_MAX);
		db->last_n++;
		*l = (struct last_act){ fn, arg };
	}
	if (arg < l->arg)
		l->arg = arg;
}

int
db_settle(struct db *db, struct err *e)
{
	for (size_t i = 0; i < db->last_n; i++)
		if (db->last[i].fn(db, db->last[i].arg, e) == -1)
			return -1;
	db->last_n = 0;
	return 0;
}

int
db_commit(struct db *db, struct err *e)
{
	if (db_settle(db, e) == -1) {
		db_rollback(db);
		return -1;
	}
	assert_all_reset(db);
	crash_point(db);
	if (db_run(db, e, "COMMIT", "") == -1) {
		db_rollback(db);
		return -1;
	}
	crash_point(db);
	return 0;
}

void
db_rollback(struct db *db)
{
	db->last_n = 0;
	if (sqlite3_get_autocommit(db->handle) == 0)
		(void)db_run(db, NULL, "ROLLBACK", "");
}

int
db_read_begin(struct db *db, struct err *e)
{
	return db_run(db, e, "BEGIN", "");
}

void
db_read_end(struct db *db)
{
	assert_all_reset(db);
	if (sqlite3_get_autocommit(db->handle) == 0)
		(void)db_run(db, NULL, "COMMIT", "");
}

int64_t
db_hash(struct db *db, const char *kind, ...)
{
	uint8_t sum[HASH_SIZE];
	const char *s;
	struct hash h;
	va_list ap;

	hash_init(&h);
	hash_add(&h, db->salt, HASH_SIZE);
	hash_str(&h, kind);
	va_start(ap, kind);
	while ((s = va_arg(ap, const char *)) != NULL)
		hash_str(&h, s);
	va_end(ap);
	hash_end(&h, sum);
	return hash_short(sum);
}
