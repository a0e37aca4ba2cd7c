/* The connection: what is done last before a commit, and waiting for others. */
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/db.h"
#include "tests/test.h"

static char dir[] = "/tmp/deskd-db-test-XXXXXX";

static int64_t
ms_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
write_arg(struct db *db, int64_t arg, struct err *e)
{
	return db_run(db, e, "INSERT INTO meta VALUES('arg', ?)", "i", arg);
}

static int
refuse(struct db *db, int64_t arg, struct err *e)
{
	(void)db;
	return err_set(e, ERR_REJECT, "refused %lld", (long long)arg);
}

static int64_t
stored(struct db *db, const char *key)
{
	int64_t v = -1;

	meta_get(db, key, &v, NULL);
	return v;
}

static void
test_last(struct db *db)
{
	struct err e = { 0 };

	db_begin(db, &e);
	db_before_commit(db, write_arg, 9);
	db_before_commit(db, write_arg, 4);
	db_before_commit(db, write_arg, 7);
	test_ok(stored(db, "arg") <= 0, "nothing before the end");
	test_ok(db_commit(db, &e) == 0, "commit %s", e.text);
	test_ok(stored(db, "arg") == 4, "once, with the smallest");

	db_begin(db, &e);
	db_run(db, &e, "DELETE FROM meta WHERE key = 'arg'", "");
	test_ok(db_commit(db, &e) == 0 && stored(db, "arg") <= 0,
	    "it is not done in the next transaction");

	db_begin(db, &e);
	db_before_commit(db, write_arg, 1);
	db_rollback(db);
	db_begin(db, &e);
	test_ok(db_commit(db, &e) == 0 && stored(db, "arg") <= 0,
	    "a rollback forgets it");

	db_begin(db, &e);
	meta_set(db, "other", 5, &e);
	db_before_commit(db, refuse, 3);
	test_ok(db_commit(db, &e) == -1, "it can refuse");
	test_text(e.text, "refused 3", "and says why");
	test_ok(stored(db, "other") <= 0, "then nothing is committed");
	db_begin(db, &e);
	test_ok(db_commit(db, &e) == 0, "and the next one is as ever");
}

/* Another process: takes the lock, says so, commits 200 ms later. */
static int
writer(int tell)
{
	struct timespec t = { .tv_nsec = 200000000 };
	struct db *db = NULL;
	struct err e = { 0 };

	if (db_open(&db, dir, DB_OPEN, &e) == -1 || db_begin(db, &e) == -1 ||
	    meta_set(db, "busy", 1, &e) == -1 || write(tell, "x", 1) != 1)
		return 1;
	nanosleep(&t, NULL);
	return db_commit(db, &e) == -1;
}

/* No connection may be carried over fork(): the parent opens its own later. */
static void
test_busy(void)
{
	struct db *db = NULL;
	struct err e = { 0 };
	int64_t began;
	int tell[2], status = -1;
	char c = 0;
	pid_t pid;

	if (pipe(tell) == -1)
		exit(1);
	pid = fork();
	if (pid == 0)
		_exit(writer(tell[1]));
	test_ok(read(tell[0], &c, 1) == 1, "another holds the lock");
	test_ok(db_open(&db, dir, DB_OPEN, &e) == 0, "we may open %s", e.text);
	began = ms_now();
	test_ok(db_begin(db, &e) == 0, "we wait for it %s", e.text);
	test_ok(ms_now() - began >= 100, "until it is done");
	test_ok(stored(db, "busy") == 1, "and see what it wrote");
	db_rollback(db);
	db_close(db);
	waitpid(pid, &status, 0);
	test_ok(status == 0, "it wrote without trouble");
	close(tell[0]);
	close(tell[1]);
}

int
main(void)
{
	static const char *const files[] = { "deskd.db", "deskd.db-journal" };
	struct db *db = NULL;
	struct err e = { 0 };
	char path[100];

	if (mkdtemp(dir) == NULL)
		return 1;
	test_ok(db_open(&db, dir, DB_CREATE, &e) == 0, "open %s", e.text);
	test_last(db);
	db_close(db);
	test_busy();
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
	return test_end();
}
