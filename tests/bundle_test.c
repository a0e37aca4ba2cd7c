/* Configurations that are kept: the form of their files, and the tables. */
#include <stdlib.h>
#include <unistd.h>

#include "store/confs.h"
#include "tests/test.h"

static struct arena a;
static struct err e;

static struct bundle
sample(void)
{
	struct bundle b;

	bundle_init(&b, &a);
	bundle_add(&b, "/etc/z.conf", "include r/*\n", 12);
	bundle_add(&b, "/etc/r/2.conf", "rule b { }", 10);
	bundle_add(&b, "/etc/r/1.conf", "a\0b\r\nc", 6);
	bundle_add(&b, "/etc/empty", "", 0);
	bundle_add(&b, "/etc/r/2.conf", "another", 7);
	return b;
}

static void
test_form(void)
{
	struct bundle b = sample(), again = { 0 };
	uint8_t one[HASH_SIZE], two[HASH_SIZE];
	struct buf text;

	buf_init(&text, 0);
	test_ok(b.n == 4 && strcmp(b.list[0].path, "/etc/z.conf") == 0 &&
		strcmp(b.list[1].path, "/etc/empty") == 0 &&
		strcmp(b.list[3].path, "/etc/r/2.conf") == 0,
	    "the main file first, the others in order, none twice");
	test_ok(bundle_pack(&b, &text, &e) == 0, "packs");
	test_ok(strncmp(buf_text(&text),
		    "deskd configuration 1\n11 12\n/etc/z.conf\n"
		    "include r/*\n\n10 0\n/etc/empty\n\n",
		    66) == 0,
	    "its form can be read by a person");
	test_ok(bundle_read(&a, text.data, text.len, &again, &e) == 0 &&
		again.n == 4,
	    "and is read again: %s", e.text);
	test_ok(memcmp(bundle_find(&again, "/etc/r/1.conf")->data, "a\0b\r\nc",
		    6) == 0,
	    "any bytes come back");
	bundle_hash(&b, one);
	bundle_hash(&again, two);
	test_ok(memcmp(one, two, HASH_SIZE) == 0, "with the same hash");
	for (size_t i = 0; i < text.len; i++)
		if (bundle_read(&a, text.data, i, &again, &e) == 0 &&
		    again.n == 4)
			test_ok(false, "cut at %zu it is still whole", i);
	test_ok(
	    bundle_read(&a, "", 0, &again, &e) == -1 && e.kind == ERR_REJECT,
	    "nothing is no bundle");
	buf_add(&text, "x", 1);
	test_ok(bundle_read(&a, text.data, text.len, &again, &e) == -1,
	    "nothing may follow");
	buf_done(&text);
}

static void
test_lines(void)
{
	struct bundle_file f = { "x", "one\r\ntwo\n\nlast", 14 };

	test_text(bundle_line(&a, &f, 1), "one", "line 1");
	test_text(bundle_line(&a, &f, 2), "two", "line 2");
	test_text(bundle_line(&a, &f, 3), "", "an empty one");
	test_text(bundle_line(&a, &f, 4), "last", "one without an end");
	test_ok(
	    bundle_line(&a, &f, 5) == NULL && bundle_line(&a, &f, 0) == NULL,
	    "no more");
}

static int64_t
add(struct db *db, const struct bundle *b, int64_t now)
{
	int64_t id = -1;

	if (db_begin(db, &e) == -1 || confs_add(db, b, now, &id, &e) == -1 ||
	    db_commit(db, &e) == -1)
		db_rollback(db);
	return id;
}

static int
try_add(struct db *db, int64_t time, int64_t conf, const char *refused)
{
	struct conf_try t = { .time = time,
		.occasion = "reload",
		.conf = conf,
		.refused = refused,
		.told = refused != NULL };

	if (db_begin(db, &e) == -1 || confs_try_add(db, &t, &e) == -1) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, &e);
}

static void
test_tables(struct db *db)
{
	struct bundle b = sample(), other = sample();
	struct conf_kept k = { 0 };
	struct conf_try t = { 0 };
	int64_t ids[5], since = 0;
	bool told = false;
	size_t n = 0;

	test_ok(add(db, &b, 100) == 1 && add(db, &b, 200) == 1,
	    "the same files are kept once: %s", e.text);
	bundle_add(&other, "/etc/t/en/acknowledge.txt", "Hello", 5);
	test_ok(add(db, &other, 300) == 2, "a template makes another");
	test_ok(confs_read(db, &a, 1, &k, &e) == 0 && k.since == 100 &&
		k.bundle.n == 4,
	    "the files come back");
	test_ok(confs_read(db, &a, 9, &k, &e) == 0 && k.id == 0, "none of 9");
	test_ok(try_add(db, 100, 1, NULL) == 0 &&
		try_add(db, 200, 2, NULL) == 0 &&
		try_add(db, 300, 2, "x:1:1: error") == 0 &&
		try_add(db, 400, 2, NULL) == 0 &&
		try_add(db, 500, 1, NULL) == 0,
	    "tries: %s", e.text);
	test_ok(confs_had(db, ids, 5, &n, &e) == 0 && n == 2 && ids[0] == 1 &&
		ids[1] == 2,
	    "the one that was in force last comes first");
	test_ok(confs_since(db, 2, 450, &since, &e) == 0 && since == 200,
	    "in force since, over a refusal and a start");
	test_ok(confs_since(db, 1, 150, &since, &e) == 0 && since == 100 &&
		confs_since(db, 1, 600, &since, &e) == 0 && since == 500,
	    "the first time and the second");
	test_ok(confs_told(db, "x:1:1: error", 250, &told, &e) == 0 && told,
	    "told of it");
	test_ok(confs_told(db, "x:1:1: error", 300, &told, &e) == 0 && !told,
	    "but not since then");
	test_ok(confs_try_last(db, &a, &t, &e) == 0 && t.id == 5 &&
		t.conf == 1 && t.refused == NULL,
	    "the last try");
}

int
main(void)
{
	char dir[] = "/tmp/deskd-bundle-XXXXXX", command[80];
	struct db *db = NULL;

	test_form();
	test_lines();
	if (mkdtemp(dir) != NULL && db_open(&db, dir, DB_CREATE, &e) == 0)
		test_tables(db);
	else
		test_ok(false, "no database: %s", e.text);
	db_close(db);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	test_ok(system(command) == 0, "clean");
	arena_done(&a);
	return test_end();
}
