/* The store: raw mail and back, the ledger, attempts, tickets, search. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "rules/decision.h"
#include "store/inbound.h"
#include "store/message.h"
#include "store/tickets.h"
#include "tests/test.h"

static char dir[] = "/tmp/deskd-store-XXXXXX";
static struct db *db;
static struct err e;

static void
must(int rc, const char *what)
{
	if (rc == -1) {
		test_ok(0, "%s: %s", what, e.text);
		exit(test_end());
	}
}

static void
begin(void)
{
	must(db_begin(db, &e), "begin");
}

static void
commit(void)
{
	must(db_commit(db, &e), "commit");
}

static void
sum(const void *p, size_t n, uint8_t out[HASH_SIZE])
{
	struct hash h;

	hash_init(&h);
	hash_add(&h, p, n);
	hash_end(&h, out);
}

/* A mail into the store; true when it was fresh. */
static bool
put(int64_t mailbox, uint32_t uid, const char *text)
{
	struct raw_new m = { .size = strlen(text), .received = 1000 + uid };
	struct inbound_new n = {
		.mailbox = mailbox, .uidvalidity = 9, .uid = uid, .mail = &m
	};
	struct raw_packer *packer = NULL;
	bool fresh = false;

	sum(text, strlen(text), m.sha256);
	must(raw_pack(&packer, text, m.size, &m.data, &m.data_n, &e), "pack");
	begin();
	must(inbound_add(db, &n, &fresh, &e), "add");
	commit();
	raw_pack_done(packer);
	return fresh;
}

struct collected {
	char text[1 << 16];
	size_t n;
};

static void
collect(void *ctx, const void *p, size_t n)
{
	struct collected *c = ctx;

	if (c->n + n < sizeof(c->text))
		memcpy(c->text + c->n, p, n);
	c->n += n;
}

static int64_t
number(const char *sql)
{
	int64_t v = -1;

	must(db_number(db, &v, NULL, &e, sql, ""), sql);
	return v;
}

static void
test_raw(void)
{
	static struct collected c;
	struct mailbox_row mb;

	begin();
	must(mailbox_get(db, "support", &mb, &e), "mailbox");
	commit();
	test_ok(put(mb.id, 1, "one"), "a mail is taken");
	test_ok(!put(mb.id, 1, "one"), "a UID is taken only once");
	test_ok(put(mb.id, 2, "one"), "the same bytes under another UID");
	test_ok(number("SELECT count(*) FROM raw") == 1,
	    "the same bytes are stored once");
	test_ok(put(mb.id, 3, "three"), "another mail");
	must(raw_read(db, 2, collect, &c, &e), "read");
	test_ok(
	    c.n == 5 && memcmp(c.text, "three", 5) == 0, "raw mail comes back");
	begin();
	must(db_run(db, &e, "UPDATE raw SET sha256 = zeroblob(32) WHERE id = 2",
		 ""),
	    "damage");
	commit();
	test_ok(raw_read(db, 2, collect, &c, &e) == -1 && e.kind == ERR_BUG,
	    "damage is found: %s", e.text);
}

static void
test_pieces(void)
{
	static struct collected c;
	struct raw_new m = { .size = 6, .received = 5 };
	struct inbound_new n = { .mailbox = 1, .uidvalidity = 9, .uid = 40 };
	struct raw_packer *packer = NULL;
	const void *p;
	size_t len;
	bool fresh;

	sum("abcdef", 6, m.sha256);
	begin();
	must(raw_begin(db, 5, &n.raw, &e), "begin a large mail");
	must(raw_pack(&packer, "abc", 3, &p, &len, &e), "pack");
	must(raw_piece(db, n.raw, 0, p, len, &e), "piece");
	must(raw_pack(&packer, "def", 3, &p, &len, &e), "pack");
	must(raw_piece(db, n.raw, 1, p, len, &e), "piece");
	commit();
	n.finish = &m;
	begin();
	must(inbound_add(db, &n, &fresh, &e), "finish");
	commit();
	must(raw_read(db, n.raw, collect, &c, &e), "read pieces");
	test_ok(c.n == 6 && memcmp(c.text, "abcdef", 6) == 0,
	    "pieces come back as one");
	begin();
	must(raw_begin(db, 5, &n.raw, &e), "begin");
	must(raw_piece(db, n.raw, 0, p, len, &e), "piece");
	must(raw_sweep(db, &e), "sweep");
	commit();
	test_ok(number("SELECT count(*) FROM piece") == 2,
	    "a mail that was never finished is swept, a finished one stays");
	raw_pack_done(packer);
}

static size_t
batch(struct inbound **in)
{
	static const struct inbound_room room = { 10, 1 << 20 };
	static struct arena a;
	size_t n;

	arena_reset(&a);
	must(inbound_next(db, &a, &room, in, &n, &e), "next");
	return n;
}

static void
test_attempts(void)
{
	static const struct held_new h = { .since = 7,
		.state = "held",
		.sender = "a@example.org",
		.subject = "s",
		.reason = "why" };
	struct inbound *in;
	struct held *held;
	struct arena a = { 0 };
	size_t n;

	test_ok(batch(&in) == 4 && in[0].uid == 1, "all wait, oldest first");
	begin();
	must(inbound_start(db, &e), "start");
	commit();
	test_ok(batch(&in) == 4, "a first start charges nobody");
	begin();
	must(inbound_start(db, &e), "start after a crash");
	commit();
	test_ok(batch(&in) == 1 && in[0].tries == 0,
	    "after a crash the mails in flight come alone, uncharged");
	for (int i = 0; i < 8; i++) {
		begin();
		must(inbound_start(db, &e), "start after a crash");
		commit();
	}
	test_ok(batch(&in) == 1 && in[0].tries == 1,
	    "a mail over which work dies again and again is charged");
	begin();
	must(inbound_stop(db, &e), "stop");
	must(inbound_start(db, &e), "start");
	commit();
	test_ok(
	    batch(&in) == 1 && in[0].tries == 1, "a clean end charges nobody");
	begin();
	for (int i = 0; i < 2; i++)
		must(inbound_try(db, in[0].id, &e), "try");
	commit();
	test_ok(batch(&in) == 3 && in[0].uid == 2,
	    "a mail that was tried often lets others pass");
	begin();
	must(inbound_done(db, &in[0], "new", 1001, NULL, &e), "done");
	commit();
	test_ok(batch(&in) == 2 && in[0].uid == 3, "then the next");
	begin();
	in[0].quiet = in[0].oversize = true;
	must(held_add(db, &in[0], &h, NULL, &e), "hold");
	must(held_list(db, &a, false, &held, &n, &e), "held");
	commit();
	test_ok(n == 1 && held[0].uid == 3, "a held mail is listed");
	begin();
	must(held_release(db, held[0].id, NULL, &e), "release");
	commit();
	test_ok(batch(&in) == 2 && in[0].uid == 40, "others first");
	test_ok(number("SELECT count(*) FROM inbound") == 3,
	    "a released mail waits again");
	test_ok(number("SELECT count(*) FROM inbound WHERE uid = 3"
		       " AND quiet = 1 AND oversize = 1") == 1,
	    "what came in quietly is still quiet after its release");
	test_ok(held_drop(db, held[0].id, &e) == -1 && e.kind == ERR_REJECT,
	    "what is not held cannot be dropped");
	arena_done(&a);
}

static void
test_marks(void)
{
	uint32_t uids[10];
	bool rejected[10];
	struct ledger_marks m = { uids, rejected, 10, 0 };

	must(ledger_unmarked(db, 1, 9, false, &m, &e), "unmarked");
	test_ok(m.n == 4, "all marks are owed");
	must(ledger_unmarked(db, 1, 9, true, &m, &e), "unmarked");
	test_ok(m.n == 1 && uids[0] == 2, "only what was worked");
	begin();
	must(ledger_marked(db, 1, 9, uids, 1, &e), "marked");
	must(mailbox_epoch(db, 1, 10, &e), "epoch");
	commit();
	must(ledger_unmarked(db, 1, 9, false, &m, &e), "unmarked");
	test_ok(m.n == 0, "a new epoch cancels the marks of the old one");
}

static int64_t
new_ticket(struct arena *a, const char *subject)
{
	struct decision d;

	decision_init(&d, a, 0, "cli test");
	decision_add(&d, CHANGE_NEW, 0, subject, "by hand");
	decision_add(&d, CHANGE_REQUESTER, 0, "maria@example.org", "by hand");
	decision_add(&d, CHANGE_TEAM, 0, "network", "rule vpn");
	decision_add(&d, CHANGE_TAG, 0, "vpn", "rule vpn");
	begin();
	must(tickets_apply(db, &d, NULL, 5000, &e), "apply");
	commit();
	return d.ticket;
}

static void
test_tickets(void)
{
	struct arena a = { 0 };
	struct decision d;
	struct ticket t, *list;
	struct event *ev;
	size_t n;
	int64_t nr = new_ticket(&a, "VPN does not connect");

	test_ok(nr == 1001, "numbers begin at 1001");
	must(tickets_load(db, &a, nr, &t, &e), "load");
	test_ok(t.status == STATUS_OPEN && t.priority == PRIORITY_NORMAL &&
		strcmp(t.team, "network") == 0 && t.created == 5000,
	    "a new ticket has its fields");
	decision_init(&d, &a, nr, "agent ana");
	decision_add(&d, CHANGE_STATUS, STATUS_CLOSED, NULL, "#close");
	decision_add(&d, CHANGE_STATUS, STATUS_CLOSED, NULL, "twice");
	begin();
	must(tickets_apply(db, &d, NULL, 6000, &e), "apply");
	commit();
	must(events_list(db, &a, nr, &ev, &n, &e), "events");
	test_ok(n == 5 && strcmp(ev[4].what, "status") == 0 &&
		strcmp(ev[4].old, "open") == 0 &&
		strcmp(ev[4].new, "closed") == 0 &&
		strcmp(ev[4].why, "#close") == 0,
	    "one event a change, none for no change (%zu)", n);
	must(tickets_load(db, &a, nr, &t, &e), "load");
	test_ok(t.closed == 6000, "closing leaves the time");
	d.ticket = 999;
	test_ok(
	    tickets_apply(db, &d, NULL, 1, &e) == -1 && e.kind == ERR_REJECT,
	    "no such ticket: %s", e.text);
	new_ticket(&a, "Another");
	must(tickets_list(db, &a, &(struct ticket_filter){ .live = true },
		 &list, &n, &e),
	    "list");
	test_ok(n == 1 && list[0].number == 1002, "live ones only");
	must(tickets_list(db, &a,
		 &(struct ticket_filter){
		     .requester = "@example.org", .tag = "vpn" },
		 &list, &n, &e),
	    "list");
	test_ok(n == 2, "by domain and tag");
	arena_done(&a);
}

/* An invitation beside a text: below it stands what the calendar says, once,
 * also after the mail is read again. */
static void
test_calendar(void)
{
	static const char raw[] =
	    "From: maria@example.org\nSubject: Visit\n"
	    "Message-ID: <cal.1@example.org>\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	    "Content-Type: text/plain\n\nPlease come.\n\n--b\n"
	    "Content-Type: text/calendar; method=REQUEST\n\n"
	    "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\n"
	    "UID:1@example.org\nSUMMARY:Router in room 7\n"
	    "DTSTART:20261123T090000Z\nDTEND:20261123T100000Z\n"
	    "END:VEVENT\nEND:VCALENDAR\n--b--\n";
	static const struct message_as as = { .direction = "in" };
	struct arena a = { 0 };
	int64_t nr = new_ticket(&a, "Visit");
	struct message *list;
	struct origin o = { .received = 7000 };
	struct mail m;
	size_t n;

	mail_parse(&a, raw, sizeof(raw) - 1, &m);
	test_ok(m.calendar_n > 0 && strstr(m.text, "Router") == NULL,
	    "the calendar is no text of the mail");
	o.mail = &m;
	o.raw = number("SELECT min(id) FROM raw");
	begin();
	must(message_add(db, &a, nr, &as, &o, &e), "message");
	commit();
	for (int again = 0; again < 2; again++) {
		const char *at;

		must(messages_list(db, &a, nr, &list, &n, &e), "messages");
		test_ok(n == 1 &&
			strncmp(list[0].text, "Please come.\n\n", 14) == 0,
		    "the text comes first, then a gap");
		at = n == 1 ? strstr(list[0].text, "Router in room 7") : NULL;
		test_ok(at != NULL && strstr(at + 1, "Router") == NULL,
		    "what the calendar says stands below it, once");
		test_ok(n == 1 && strstr(list[0].new_text, "Router") != NULL,
		    "and below what is new");
		begin();
		must(db_run(db, &e, "DELETE FROM msgid", ""), "ids go first");
		must(message_renew(db, &a, nr, &o, &e), "renew");
		commit();
	}
	arena_done(&a);
}

static void
test_search_words(void)
{
	static const char *const words[] = { "C++", "-x", "col:x", "\"", "",
		"a AND", "NEAR(", "((((", "body:secret", "*", "\"vpn", "^" };
	struct arena a = { 0 };
	struct hit *hits;
	size_t n;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		test_ok(search_messages(db, &a,
			    &(struct search){ words[i], true, 10 }, &hits, &n,
			    &e) == 0,
		    "'%s' is only words", words[i]);
	arena_done(&a);
}

int
main(void)
{
	char *cmd;
	struct db *again = NULL;

	if (mkdtemp(dir) == NULL)
		return 1;
	must(db_open(&db, dir, DB_CREATE, &e), "open");
	test_raw();
	test_pieces();
	test_attempts();
	test_marks();
	test_tickets();
	test_calendar();
	test_search_words();
	test_ok(number("PRAGMA synchronous") == 3, "synchronous is EXTRA");
	db_close(db);
	must(db_open(&db, dir, DB_OPEN, &e), "open again");
	test_ok(number("SELECT count(*) FROM ticket") == 3, "all is there");
	db_close(db);
	test_ok(db_open(&again, "/nonexistent", DB_OPEN, &e) == -1 &&
		e.kind == ERR_REJECT,
	    "no folder: %s", e.text);
	if (asprintf(&cmd, "rm -rf %s", dir) > 0 && system(cmd) == 0)
		free(cmd);
	return test_end();
}
