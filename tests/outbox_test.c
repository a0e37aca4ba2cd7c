/* The outbox: every move between the states, order, budgets, recovery. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db.h"
#include "store/outbox.h"
#include "tests/test.h"

#define NOW  INT64_C(1767225600)
#define HOUR INT64_C(3600)

static struct db *db;
static struct err e;
static struct arena a;

static int64_t
add(int64_t ticket, const char *to, int64_t created, int64_t not_before)
{
	struct letter l = { .ticket = ticket,
		.kind = LETTER_NOTIFY,
		.automatic = true,
		.sender = "",
		.recipient = to,
		.message_id = "EX-1.1.abc@desk.example.com",
		.data = "From: a\r\n\r\nhello\r\n",
		.size = 18,
		.created = created,
		.not_before = not_before };
	int64_t id = 0;

	if (db_begin(db, &e) == -1 || outbox_add(db, &l, &id, &e) == -1 ||
	    db_commit(db, &e) == -1) {
		db_rollback(db);
		return -1;
	}
	return id;
}

/* Run one call in a transaction of its own. */
#define TX(call)                                        \
	(db_begin(db, &e) == -1 ? -1                    \
		: (call) == -1  ? (db_rollback(db), -1) \
				: db_commit(db, &e))

static struct letter
row(int64_t id)
{
	struct letter l = { 0 };

	if (outbox_load(db, &a, id, &l, &e) == -1)
		l.state = "none";
	return l;
}

static int64_t
next(int64_t now, int64_t *due)
{
	struct letters go;

	*due = -1;
	if (outbox_due(db, &a, now, 1, &go, &e) == -1)
		return -1;
	*due = go.next_due;
	return go.n == 0 ? 0 : go.list[0].id;
}

static void
empty(void)
{
	(void)TX(db_run(db, &e, "DELETE FROM outbox", ""));
}

static void
test_add(void)
{
	int64_t id = add(1, "ann@example.org", NOW, 0), due;
	struct letter l = row(id);
	struct letter bad = { .sender = "",
		.recipient = "a@b.example\r\nRCPT",
		.message_id = "x",
		.data = "x",
		.size = 1 };

	test_ok(id > 0, "a letter goes in");
	test_text(l.state, "pending", "it waits");
	test_ok(
	    l.size == 18 && memcmp(l.data, "From: a\r\n\r\nhello\r\n", 18) == 0,
	    "the bytes come back as they went in");
	test_ok(l.kind == LETTER_NOTIFY && l.automatic && l.created == NOW &&
		l.next_at == NOW && l.tries == 0,
	    "so do the fields");
	test_text(l.recipient, "ann@example.org", "and the recipient");
	test_ok(next(NOW, &due) == id && due == 0, "it is the next one");
	test_ok(
	    TX(outbox_add(db, &bad, NULL, &e)) == -1 && e.kind == ERR_REJECT,
	    "a line break in a recipient is refused");
	bad.recipient = "a@b.example";
	bad.sender = "x>y@b.example";
	test_ok(
	    TX(outbox_add(db, &bad, NULL, &e)) == -1 && e.kind == ERR_REJECT,
	    "a bad envelope sender is refused");
	bad.sender = "";
	bad.size = 0;
	test_ok(
	    TX(outbox_add(db, &bad, NULL, &e)) == -1 && e.kind == ERR_REJECT,
	    "an empty letter is refused");
	empty();
}

static void
test_moves(void)
{
	int64_t id = add(1, "ann@example.org", NOW, 0), due;

	test_ok(TX(outbox_claim(db, id, &e)) == 0, "claim");
	test_text(row(id).phase, "connect", "phase connect");
	test_ok(TX(outbox_claim(db, id, &e)) == -1 && e.kind == ERR_REJECT,
	    "a letter is claimed once");
	test_ok(next(NOW, &due) == 0 && due == 0, "nobody else gets it");
	test_ok(TX(outbox_body(db, id, &e)) == 0, "body");
	test_text(row(id).phase, "body", "phase body");
	test_ok(TX(outbox_drop(db, id, NOW, &e)) == -1,
	    "what is on the wire cannot be dropped");
	test_ok(TX(outbox_retry(db, id, NOW + 60, true, "451 later", &e)) == 0,
	    "try again later");
	test_ok(row(id).tries == 1 && row(id).next_at == NOW + 60, "counted");
	test_text(row(id).reply, "451 later", "the answer is kept");
	test_ok(next(NOW, &due) == 0 && due == NOW + 60, "not before its time");
	test_ok(
	    TX(outbox_retry(db, id, NOW + 90, false, "no route", &e)) == 0 &&
		row(id).tries == 1,
	    "a fault of the route is not charged");
	test_ok(TX(outbox_unknown(db, id, NOW + 95, "lost", &e)) == 0 &&
		row(id).unknowns == 1 && row(id).tries == 2,
	    "an unknown outcome is counted apart");
	test_ok(TX(outbox_body(db, id, &e)) == 0,
	    "a letter may go to its body without a claim");
	test_ok(TX(outbox_release(db, id, &e)) == 0 &&
		row(id).next_at == NOW + 95 && row(id).tries == 2,
	    "released as it was");
	test_ok(TX(outbox_sent(db, id, NOW + 100, "250 ok", &e)) == 0, "sent");
	test_text(row(id).state, "sent", "state sent");
	test_ok(row(id).done == NOW + 100, "and when");
	test_ok(TX(outbox_retry(db, id, NOW, true, "", &e)) == -1 &&
		TX(outbox_body(db, id, &e)) == -1 &&
		TX(outbox_again(db, id, NOW, &e)) == -1 &&
		TX(outbox_drop(db, id, NOW, &e)) == -1,
	    "what is sent stays sent");
	empty();
}

static void
test_by_hand(void)
{
	int64_t id = add(1, "ann@example.org", NOW, 0), due;
	struct letter *list;
	size_t n = 9;

	test_ok(TX(outbox_give_up(db, id, NOW + 5, "550 no such", &e)) == 0,
	    "given up");
	test_text(row(id).state, "dead", "state dead");
	test_ok(outbox_list(db, &a, NULL, &list, &n, &e) == 0 && n == 1,
	    "a dead letter is listed");
	test_ok(next(NOW + 10, &due) == 0 && due == 0, "and does not go");
	test_ok(TX(outbox_again(db, id, NOW + 10, &e)) == 0 &&
		next(NOW + 10, &due) == id,
	    "by hand it goes again");
	test_ok(row(id).done == 0, "it is not done any more");
	test_ok(TX(outbox_drop(db, id, NOW + 11, &e)) == 0 &&
		next(NOW + 20, &due) == 0,
	    "dropped");
	test_ok(outbox_list(db, &a, NULL, &list, &n, &e) == 0 && n == 0,
	    "then it is out of the list");
	test_ok(outbox_list(db, &a, "all", &list, &n, &e) == 0 && n == 1,
	    "but never out of the table");
	test_ok(outbox_list(db, &a, "dropped", &list, &n, &e) == 0 && n == 1,
	    "a state can be asked for");
	test_ok(TX(outbox_again(db, 4711, NOW, &e)) == -1 &&
		e.kind == ERR_REJECT &&
		outbox_load(db, &a, 4711, list, &e) == -1 &&
		e.kind == ERR_REJECT,
	    "a letter that is not there");
	empty();
}

/* I9: letters for one (ticket, recipient) leave in order. */
static void
test_order(void)
{
	int64_t one = add(1, "ann@example.org", NOW, 0);
	int64_t two = add(1, "ann@example.org", NOW + 1, 0);
	int64_t other = add(1, "bob@example.org", NOW + 2, 0);
	int64_t third = add(2, "ann@example.org", NOW + 3, 0), due;
	struct letters got = { 0 };
	struct letter *l;

	test_ok(outbox_due(db, &a, NOW + 9, 10, &got, &e) == 0 && got.n == 3,
	    "one letter for each ticket and recipient");
	l = got.list;
	test_ok(l[0].id == one && l[1].id == other && l[2].id == third,
	    "the oldest first");
	test_ok(l[0].data == NULL, "without the bytes");
	test_ok(outbox_due(db, &a, NOW + 9, 2, &got, &e) == 0 && got.n == 2,
	    "at most as many as asked for");
	(void)TX(outbox_retry(db, one, NOW + 300, true, "451", &e));
	(void)TX(outbox_sent(db, other, NOW, "250", &e));
	(void)TX(outbox_sent(db, third, NOW, "250", &e));
	test_ok(next(NOW + 10, &due) == 0 && due == NOW + 300,
	    "the second waits for the first");
	(void)TX(outbox_claim(db, one, &e));
	test_ok(next(NOW + 300, &due) == 0 && due == 0,
	    "also while that is on its way");
	(void)TX(outbox_retry(db, one, NOW + 12 * HOUR, true, "451", &e));
	test_ok(next(NOW + 301, &due) == 0 && due == NOW + 4 * HOUR,
	    "but not for ever: four hours");
	test_ok(next(NOW + 4 * HOUR, &due) == two && due == NOW + 12 * HOUR,
	    "then the second may go");
	(void)TX(outbox_give_up(db, one, NOW, "550", &e));
	test_ok(next(NOW + 302, &due) == two, "or when the first is given up");
	empty();
	one = add(0, "ann@example.org", NOW, NOW + 60);
	test_ok(next(NOW, &due) == 0 && due == NOW + 60 &&
		next(NOW + 60, &due) == one,
	    "an answer that can be undone waits");
	empty();
}

static void
test_recover(void)
{
	int64_t one = add(1, "ann@example.org", NOW, 0);
	int64_t two = add(2, "ann@example.org", NOW, 0);
	int64_t waits = add(3, "ann@example.org", NOW, 0), due;
	size_t n = 9;

	(void)TX(outbox_retry(db, waits, NOW + 900, true, "451", &e));
	(void)TX(outbox_claim(db, one, &e));
	(void)TX(outbox_body(db, two, &e));
	test_ok(TX(outbox_recover(db, NOW + 5, &n, &e)) == 0 && n == 1,
	    "one outcome is not known");
	test_ok(row(one).unknowns == 0 && row(one).tries == 1,
	    "connect: provably not sent");
	test_ok(row(two).unknowns == 1, "body: not known");
	test_ok(row(waits).next_at == NOW + 900 && row(waits).tries == 1,
	    "what was not in flight is left alone");
	test_ok(next(NOW + 5, &due) == one, "both go again at once");
	for (int i = 0; i < 2; i++) {
		(void)TX(outbox_claim(db, one, &e));
		(void)TX(outbox_recover(db, NOW + 5, &n, &e));
	}
	test_ok(n == 0 && next(NOW + 5, &due) == two,
	    "found in flight three times: the others first");
	test_ok(row(one).next_at > NOW + 5, "then it goes again");
	empty();
}

static void
test_budgets(void)
{
	struct letter ack = { .ticket = 1,
		.kind = LETTER_ACK,
		.automatic = true,
		.sender = "",
		.recipient = "Ann+x@Example.org",
		.message_id = "i@x.example",
		.data = "x",
		.size = 1,
		.created = NOW };
	int64_t n = -1, id;

	(void)TX(outbox_add(db, &ack, &id, &e));
	ack.automatic = false;
	ack.kind = LETTER_REPLY;
	(void)TX(outbox_add(db, &ack, &id, &e));
	(void)add(2, "ann@example.org", NOW + 60, 0);
	test_ok(outbox_count_address(
		    db, "ann@example.org", NOW, LETTER_ACK, &n, &e) == 0 &&
		n == 1,
	    "acknowledgements to one address, tag and case off");
	test_ok(outbox_count_address(
		    db, "ann@example.org", NOW, LETTER_KINDS, &n, &e) == 0 &&
		n == 2,
	    "all automatic letters to it; a person's words are not counted");
	test_ok(outbox_count_address(db, "ann@example.org", NOW + 1,
		    LETTER_KINDS, &n, &e) == 0 &&
		n == 1,
	    "since a moment");
	test_ok(
	    outbox_count_domain(db, "example.org", NOW, &n, &e) == 0 && n == 1,
	    "acknowledgements to one domain");
	test_ok(outbox_count_all(db, NOW, &n, &e) == 0 && n == 2, "all");
	empty();
}

/* Damage in the database is said, never sent. */
static void
test_damage(void)
{
	int64_t id = add(1, "ann@example.org", NOW, 0);
	struct letter l;

	(void)TX(db_run(db, &e, "UPDATE outbox SET sha256 = x'00'", ""));
	test_ok(outbox_load(db, &a, id, &l, &e) == -1 && e.kind == ERR_BUG,
	    "another sha256: refused");
	(void)TX(db_run(db, &e, "UPDATE outbox SET data = x'00'", ""));
	test_ok(outbox_load(db, &a, id, &l, &e) == -1 && e.kind == ERR_BUG,
	    "no zstd: refused");
	empty();
}

/* Does this statement search an index, without sorting? */
static bool
searches(const char *sql)
{
	char text[2048];
	sqlite3_stmt *st;
	bool good = true;

	snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", sql);
	if (sqlite3_prepare_v2(db_handle(db), text, -1, &st, NULL) != SQLITE_OK)
		return false;
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *plan = (const char *)sqlite3_column_text(st, 3);

		good &= strncmp(plan, "SCAN", 4) != 0 &&
		    strstr(plan, "TEMP B-TREE") == NULL;
	}
	sqlite3_finalize(st);
	return good;
}

/* The statements that run for each letter must not look at all that was ever
 * sent.  The connection still knows those that the tests above used. */
static void
test_indexes(void)
{
	static const char *const marks[] = { "NOT EXISTS(", "min(CASE",
		"kind = 'ack'", "AND auto = 1 AND (" };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		sqlite3_stmt *st = NULL;
		const char *sql = NULL;

		while ((st = sqlite3_next_stmt(db_handle(db), st)) != NULL)
			if (strstr(sqlite3_sql(st), marks[i]) != NULL)
				sql = sqlite3_sql(st);
		test_ok(sql != NULL && searches(sql),
		    "the statement with \"%s\" searches an index", marks[i]);
	}
}

int
main(void)
{
	char dir[] = "/tmp/outbox_test.XXXXXX", path[64];

	if (mkdtemp(dir) == NULL || db_open(&db, dir, DB_CREATE, &e) == -1) {
		printf("not ok 1 - %s\n1..1\n", e.text);
		return 1;
	}
	test_add();
	test_moves();
	test_by_hand();
	test_order();
	test_recover();
	test_budgets();
	test_damage();
	test_indexes();
	db_close(db);
	arena_done(&a);
	snprintf(path, sizeof(path), "%s/deskd.db", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/deskd.db-journal", dir);
	unlink(path);
	rmdir(dir);
	return test_end();
}
