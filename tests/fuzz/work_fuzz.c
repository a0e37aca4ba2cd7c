/*
 * Mails of strangers through all that work does with one: is it a copy, which
 * ticket, what is to be done, the answer, the search index.  Input: up to four
 * mails, NUL between them, in one desk; then everything is rolled back.
 * Whatever they say, no statement fails, nobody but a sender is written to,
 * and our own letter that comes back is known.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/demo.h"
#include "daemon/templates.h"
#include "daemon/work_private.h"
#include "parser/compose.h"
#include "rules/loopguard.h"
#include "store/outbox.h"

#define MAILS 4
#define NOW   1785222846

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char dir[] = "/tmp/deskd-fuzz-XXXXXX";
static struct arena always;
static struct work desk;
static int64_t mailbox;

static void
desk_remove(void)
{
	ruling_free(&desk.ruling);
	db_close(desk.db);
	arena_done(&always);
	demo_remove(dir);
}

static void
must(int rc, const struct err *e)
{
	if (rc == -1)
		fprintf(stderr, "%s\n", e->text);
	assert(rc != -1);
}

static void
desk_open(void)
{
	static const char *own[] = { "support@desk.example" };
	static struct conf_mailbox box = { .name = "support" };
	struct conf *c = conf_default(&always);
	struct mailbox_row row;
	struct err e = { 0 };

	c->address = own[0];
	c->addresses = own;
	c->addresses_n = 1;
	c->mailboxes = &box;
	c->mailboxes_n = 1;
	c->tickets.acknowledge = ACK_ALL;
	desk.conf = c;
	desk.keys.have[1] = true; /* of zeros, the same in every run */
	desk.keys.first = 1;
	desk.marks = (struct desk_marks){ &desk.keys, "EX-" };
	assert(mkdtemp(dir) != NULL);
	must(db_open(&desk.db, dir, DB_CREATE, &e), &e);
	/* nothing of this has to outlive the process */
	assert(sqlite3_exec(db_handle(desk.db),
		   "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY;"
		   "PRAGMA cache_size=-20000",
		   NULL, NULL, NULL) == SQLITE_OK);
	must(ruling_load(&desk.ruling, &always, c, NULL, &e), &e);
	must(templates_load(
		 &always, c, desk.ruling.book, NULL, &desk.templates, &e),
	    &e);
	must(db_begin(desk.db, &e), &e);
	must(mailbox_get(desk.db, "support", &row, &e), &e);
	must(db_commit(desk.db, &e), &e);
	mailbox = row.id;
	atexit(desk_remove);
}

/* A letter of ours: whole, to somebody, and we know it when it comes back. */
static void
check_letter(int64_t id)
{
	struct letter l;
	struct mail m;
	struct err e = { 0 };
	const char *why;

	must(outbox_load(desk.db, &desk.arena, id, &l, &e), &e);
	must(compose_check(l.data, l.size, &e), &e);
	assert(l.sender[0] == '\0' && address_valid(l.recipient));
	assert(!conf_is_own(desk.conf, l.recipient));
	mail_parse(&desk.arena, l.data, l.size, &m);
	assert(work_is_own(&desk, &m));
	assert(loop_fate(desk.conf, desk.conf->mailboxes, &m, true, &why) ==
	    FATE_LOOP);
	assert(m.class != CLASS_HUMAN);
}

static void
check_search(const char *words)
{
	struct search s = { .words = words, .staff = true, .limit = 10 };
	struct err e = { 0 };
	struct hit *hits;
	size_t n;

	must(search_messages(desk.db, &desk.arena, &s, &hits, &n, &e), &e);
	assert(n <= 20);
}

static void
check_ticket(int64_t number)
{
	struct attachment *files;
	struct message *list;
	struct ticket t;
	struct err e = { 0 };
	size_t n, k;

	must(tickets_load(desk.db, &desk.arena, number, &t, &e), &e);
	assert(t.number == number);
	must(messages_list(desk.db, &desk.arena, number, &list, &n, &e), &e);
	for (size_t i = 0; i < n; i++) {
		must(attachments_list(desk.db, &desk.arena, list[i].attachments,
			 &files, &k, &e),
		    &e);
		check_search(list[i].subject);
		check_search(list[i].new_text);
	}
}

static void
check_desk(const int64_t *tickets, size_t n)
{
	struct err e = { 0 };
	int64_t letters;

	must(db_number(desk.db, &letters, NULL, &e,
		 "SELECT coalesce(max(id), 0) FROM outbox", ""),
	    &e);
	assert(letters <= MAILS);
	for (int64_t i = 1; i <= letters; i++)
		check_letter(i);
	for (size_t i = 0; i < n; i++)
		if (tickets[i] != 0)
			check_ticket(tickets[i]);
}

static void
receive(const char *p, size_t n, uint32_t uid)
{
	static struct raw_packer *packer;
	struct raw_new raw = { .size = n, .received = NOW + uid };
	struct inbound_new in = {
		.mailbox = mailbox, .uidvalidity = 9, .uid = uid, .mail = &raw
	};
	struct err e = { 0 };
	struct hash h;
	bool fresh;

	hash_init(&h);
	hash_add(&h, p, n);
	hash_end(&h, raw.sha256);
	must(raw_pack(&packer, p, n, &raw.data, &raw.data_n, &e), &e);
	must(inbound_add(desk.db, &in, &fresh, &e), &e);
	assert(fresh);
}

/* Work what was received; returns the number of its ticket. */
static int64_t
work(const char *p, size_t n)
{
	struct inbound_room room = { .mails = 1, .bytes = 1 << 20 };
	struct parcel parcel = { 0 };
	struct inbound *in;
	struct err e = { 0 };
	size_t count;

	must(inbound_next(desk.db, &desk.arena, &room, &in, &count, &e), &e);
	assert(count == 1);
	parcel.in = in;
	mail_parse(&desk.arena, p, n, &parcel.mail);
	must(work_mail(&desk, &parcel, NOW, &e), &e);
	assert(parcel.result.state != NULL);
	return parcel.ticket;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t tickets[MAILS];
	struct err e = { 0 };
	size_t mails = 0;

	if (desk.db == NULL)
		desk_open();
	must(db_begin(desk.db, &e), &e);
	while (mails < MAILS && size > 0) {
		const uint8_t *end = memchr(data, '\0', size);
		size_t n = end == NULL ? size : (size_t)(end - data);

		receive((const char *)data, n, (uint32_t)mails + 1);
		tickets[mails++] = work((const char *)data, n);
		data += n + (end != NULL);
		size -= n + (end != NULL);
	}
	check_desk(tickets, mails);
	db_rollback(desk.db);
	ruling_forget(&desk.ruling);
	arena_reset(&desk.arena);
	return 0;
}
