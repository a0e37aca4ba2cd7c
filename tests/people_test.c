/* Who acts by mail: numbers, dead tokens, replays, evidence; and the letter
 * that a Message-ID of the staff's thread names. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "parser/hash.h"
#include "parser/msgid.h"
#include "store/match.h"
#include "store/outbox.h"
#include "store/people.h"
#include "store/tickets.h"
#include "tests/test.h"

#define DAY  INT64_C(86400)
#define NOON (INT64_C(1798761600) + DAY / 2) /* of some day, UTC */

static char dir[] = "/tmp/deskd-people-XXXXXX";
static struct db *db;
static struct err e;
static struct arena a;

/* One call in a transaction of its own. */
#define TX(call)                                        \
	(db_begin(db, &e) == -1 ? -1                    \
		: (call) == -1  ? (db_rollback(db), -1) \
				: db_commit(db, &e))

static void
must(int rc, const char *what)
{
	if (rc == -1) {
		test_ok(0, "%s: %s", what, e.text);
		exit(test_end());
	}
}

static int64_t
principal(const char *agent)
{
	int64_t id = 0;

	must(TX(people_principal(db, agent, &id, &e)), "principal");
	return id;
}

static int64_t
new_ticket(void)
{
	struct decision d;

	decision_init(&d, &a, 0, "mail");
	decision_add(&d, CHANGE_NEW, 0, "VPN", "a test");
	decision_add(&d, CHANGE_REQUESTER, 0, "maria@example.org", "a test");
	must(TX(tickets_apply(db, &d, NULL, NOON, &e)), "new");
	return d.ticket;
}

static void
close_ticket(int64_t nr, const char *who, int64_t now)
{
	struct decision d;

	decision_init(&d, &a, nr, who);
	decision_add(&d, CHANGE_STATUS, STATUS_CLOSED, NULL, "#close");
	must(TX(tickets_apply(db, &d, NULL, now, &e)), "close");
}

static int64_t
revision(int64_t nr)
{
	struct ticket t;

	must(tickets_load(db, &a, nr, &t, &e), "load");
	return t.revision;
}

/* A letter to ana with a token of that revision. */
static void
notify(int64_t nr, const char *id, int64_t sequence, int64_t now)
{
	struct letter l = { .kind = LETTER_NOTIFY,
		.sender = "",
		.recipient = "ana@example.com",
		.message_id = id,
		.data = "From: a\r\n\r\nhello\r\n",
		.size = 18,
		.created = now,
		.agent = "ana",
		.revision = sequence };
	struct decision d;

	decision_init(&d, &a, nr, "deskd");
	decision_add(&d, CHANGE_LETTER, THREAD_STAFF, NULL, "a test")->letter =
	    &l;
	must(TX(tickets_apply(db, &d, NULL, now, &e)), "notify");
}

static bool
dead(const struct token *t)
{
	bool yes = false;

	must(people_revoked(db, t, &yes, &e), "revoked");
	return yes;
}

static struct token
token(int64_t nr, const char *agent, int64_t sequence, int64_t now)
{
	return (struct token){ .purpose = TOKEN_AGENT,
		.ticket = nr,
		.principal = principal(agent),
		.sequence = (int)(sequence & 0xffff),
		.day = token_day(now) };
}

static void
test_principals(void)
{
	const char *name = "?";
	int64_t ana = principal("ana"), bob = principal("bob");

	test_ok(ana > 0 && bob > 0 && ana != bob, "each has a number");
	test_ok(principal("ana") == ana, "and keeps it");
	must(people_agent(db, &a, bob, &name, &e), "agent");
	test_text(name, "bob", "which leads back");
	must(people_agent(db, &a, 4711, &name, &e), "agent");
	test_ok(name == NULL, "nobody has this one");
}

static void
test_revoked(void)
{
	int64_t nr = new_ticket(), other = new_ticket(), was = revision(nr);
	struct token t = token(nr, "ana", was, NOON), u;

	test_ok(!dead(&t), "a token lives");
	must(TX(people_revoke(db, nr, t.principal, NOON, &e)), "revoke");
	test_ok(dead(&t), "seen in other hands it is dead");
	u = token(nr, "ana", revision(nr), NOON);
	test_ok(
	    revision(nr) > was && !dead(&u), "one made the second after lives");
	u = token(nr, "bob", was, NOON);
	test_ok(!dead(&u), "that of another person lives");
	u = token(other, "ana", was, NOON);
	test_ok(!dead(&u), "that of another ticket lives");
	u = token(nr, "ana", revision(nr) + 9, NOON - DAY);
	test_ok(dead(&u), "of a day before it is dead whatever it says");
	u = token(nr, "ana", was, NOON);
	u.purpose = TOKEN_RELEASE;
	test_ok(!dead(&u), "the number of a held mail is no ticket's");
	u = token(nr, "ana", was, NOON);
	u.purpose = TOKEN_NOTE;
	test_ok(dead(&u), "one for notes is dead, too");
}

/* Revisions are counted modulo 2^16 in a token. */
static void
test_revoked_late(void)
{
	int64_t nr = new_ticket(), ana = principal("ana");
	struct token t;

	must(TX(db_run(db, &e,
		 "UPDATE ticket SET revision = 65535 WHERE number = ?", "i",
		 nr)),
	    "many");
	must(TX(people_revoke(db, nr, ana, NOON, &e)), "revoke");
	t = token(nr, "ana", 65535, NOON);
	test_ok(dead(&t), "the last before the count begins again is dead");
	t = token(nr, "ana", revision(nr), NOON);
	test_ok(t.sequence == 0 && !dead(&t), "the first after it lives");
}

static void
test_suspended(void)
{
	int64_t nr = new_ticket();
	struct token old = token(nr, "ana", 1, NOON - 60), new;
	bool yes = true;

	notify(nr, "EX-1.s1.x@desk.example.com", 1, NOON - 60);
	must(people_suspended(db, "ana", &yes, &e), "suspended");
	test_ok(!yes && !dead(&old), "nobody is suspended");
	must(TX(people_suspend(db, "ana", true, NOON, &e)), "suspend");
	must(people_suspended(db, "ana", &yes, &e), "suspended");
	test_ok(yes && dead(&old), "suspended, all tokens are dead");
	new = token(nr, "ana", 9, NOON + 2 * DAY);
	test_ok(dead(&new), "also those made meanwhile");
	must(people_suspended(db, "bob", &yes, &e), "suspended");
	test_ok(!yes, "only those of one");
	must(TX(people_suspend(db, "ana", true, NOON + 50, &e)), "again");
	must(TX(people_suspend(db, "ana", false, NOON + 60, &e)), "resume");
	must(people_suspended(db, "ana", &yes, &e), "suspended");
	test_ok(!yes && dead(&old), "let act again, old tokens stay dead");
	notify(nr, "EX-1.s2.x@desk.example.com", 2, NOON + 61);
	new = token(nr, "ana", 2, NOON + 61);
	test_ok(!dead(&new), "a letter of the same day makes one that lives");
	notify(nr, "EX-1.s3.x@desk.example.com", 1, NOON + 62);
	test_ok(dead(&old), "but never the same token again");
	new = token(nr, "ana", 1, NOON + DAY);
	test_ok(!dead(&new), "from the next day on all live");
	must(TX(people_suspend(db, "eve", true, NOON, &e)), "suspend");
	must(people_suspended(db, "eve", &yes, &e), "suspended");
	test_ok(yes, "somebody who never had a token can be suspended");
}

static void
test_once(void)
{
	bool fresh = false;

	must(TX(people_use(db, "abc01", NOON, &fresh, &e)), "use");
	test_ok(fresh, "once");
	must(TX(people_use(db, "ABCol", NOON, &fresh, &e)), "use");
	test_ok(!fresh, "not twice, however it is written");
	must(TX(people_use(db, "abc02", NOON, &fresh, &e)), "use");
	test_ok(fresh, "another one");
}

static void
test_evidence(void)
{
	static const uint8_t print[HASH_SIZE] = { 1 }, other[HASH_SIZE] = { 2 };
	int64_t nr = new_ticket(), n = 0, closes = 0;
	struct evidence v = { .ticket = nr,
		.principal = principal("ana"),
		.raw = 7,
		.time = NOON,
		.method = "token+from",
		.token = "7k3f9q2m",
		.proof = "dmarc=pass",
		.print = print };
	bool yes = true, found = false;

	must(people_acted(db, v.principal, print, &yes, &e), "acted");
	test_ok(!yes, "a mail has not acted before it does");
	must(TX(people_evidence(db, &v, &e)), "evidence");
	must(people_acted(db, v.principal, print, &yes, &e), "acted");
	test_ok(yes, "then it has");
	must(people_acted(db, v.principal, other, &yes, &e), "acted");
	test_ok(!yes, "another mail has not");
	must(people_acted(db, principal("bob"), print, &yes, &e), "acted");
	test_ok(!yes, "nor has another person");
	must(db_number(db, &n, &found, &e,
		 "SELECT 1 FROM evidence WHERE ticket = ? AND raw = 7"
		 " AND method = 'token+from' AND proof = 'dmarc=pass'"
		 " AND length(token) = 6 AND instr('7k3f9q2m', token) = 0",
		 "i", nr),
	    "row");
	test_ok(found, "of the token only a print is kept");
	v.token = v.proof = NULL;
	v.print = NULL;
	v.time = NOON + 30;
	must(TX(people_evidence(db, &v, &e)), "evidence");
	close_ticket(nr, "agent ana", NOON + 30);
	must(people_actions(db, v.principal, NOON, &n, &closes, &e), "count");
	test_ok(n == 2 && closes == 1, "two actions, one of them a close");
	must(people_actions(db, v.principal, NOON + 31, &n, &closes, &e),
	    "count");
	test_ok(n == 0 && closes == 0, "of that time only");
	must(people_actions(db, principal("bob"), NOON, &n, &closes, &e),
	    "count");
	test_ok(n == 0 && closes == 0, "of that person only");
}

static void
test_language(void)
{
	const char *language = "?";

	must(people_language(db, &a, "maria@example.org", &language, &e), "is");
	test_text(language, "", "not known");
	must(TX(people_set_language(db, "Maria@Example.org", "de", &e)), "set");
	must(TX(people_set_language(db, "maria@example.org", "fr", &e)), "set");
	must(people_language(db, &a, "MARIA@example.org", &language, &e), "is");
	test_text(language, "fr", "the last one, in any case");
}

static void
test_staff(void)
{
	static struct desk_keys keys = { .have = { true } };
	static const struct desk_marks marks = { &keys, "EX-" };
	int64_t nr = new_ticket(), into = new_ticket();
	char *tag = arena_printf(&a, "EX-%lld", (long long)nr);
	char *id = msgid_make(&a, &keys, tag, "s1", "desk.example.com");
	char *mine = msgid_make(&a, &keys, tag, "1", "desk.example.com");
	struct staff_letter l;
	struct decision d;

	must(match_staff(db, &a, &marks, id, &l, &e), "staff");
	test_ok(l.id == 0, "no letter with this id was made");
	notify(nr, id, 5, NOON);
	must(match_staff(db, &a, &marks, id, &l, &e), "staff");
	test_ok(l.id > 0 && l.ticket == nr && l.revision == 5 && l.serial == 1,
	    "an id of the staff's thread names its letter");
	test_text(l.agent, "ana", "and to whom it went");
	must(match_staff(db, &a, &marks, mine, &l, &e), "staff");
	test_ok(l.id == 0, "one of the requester's thread does not");
	id[strlen(tag) + 4] ^= 1;
	must(match_staff(db, &a, &marks, id, &l, &e), "staff");
	test_ok(l.id == 0, "nor one that was guessed");
	id[strlen(tag) + 4] ^= 1;
	must(match_staff(db, &a, &marks, NULL, &l, &e), "staff");
	test_ok(l.id == 0, "nor none");
	decision_init(&d, &a, nr, "agent ana");
	decision_add(&d, CHANGE_MERGE, into, NULL, "#merge");
	must(TX(tickets_apply(db, &d, NULL, NOON, &e)), "merge");
	must(match_staff(db, &a, &marks, id, &l, &e), "staff");
	test_ok(l.ticket == into && l.revision == 5, "merged: of the survivor");
}

int
main(void)
{
	char *cmd;

	if (mkdtemp(dir) == NULL)
		return 1;
	must(db_open(&db, dir, DB_CREATE, &e), "open");
	test_principals();
	test_revoked();
	test_revoked_late();
	test_suspended();
	test_once();
	test_evidence();
	test_language();
	test_staff();
	db_close(db);
	arena_done(&a);
	if (asprintf(&cmd, "rm -rf %s", dir) > 0 && system(cmd) == 0)
		free(cmd);
	return test_end();
}
