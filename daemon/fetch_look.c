/*
 * What is new: UIDs above the last one, and once an hour everything that the
 * server has and the ledger has not.  Promises constant memory however long
 * the list is: it is read in portions, and mails in windows.
 */
#include "daemon/fetch_state.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/imap_text.h"
#include "daemon/log.h"

#define LIST_FEW  500  /* so many new mails are listed without a SEARCH */
#define LIST_MAX  1000 /* mails listed at once */
#define SET_TEXT  8000
#define SCAN_EACH 3600000 /* milliseconds between full comparisons */
#define READ_EACH 1000    /* questions to the ledger in one read */

struct list {
	const struct fetch *f;
	uint32_t from; /* only these and above */
	struct want wants[LIST_MAX];
	size_t n;
	bool more; /* there was no room for all */
};

static void
collect(void *ctx, const struct imap_mail *m)
{
	struct list *l = ctx;

	/* "5:*" names the last mail even when it is below 5 (M20). */
	if (m->uid < l->from || m->uid == 0)
		return;
	if (l->n == LIST_MAX) {
		l->more = true;
		return;
	}
	l->wants[l->n++] = (struct want){ .uid = m->uid,
		.has_size = m->has_size,
		.size = m->size,
		.date = m->date };
}

static int
by_uid(const void *a, const void *b)
{
	const struct want *x = a, *y = b;

	return x->uid < y->uid ? -1 : x->uid > y->uid;
}

/* Ascending, each UID once; a flag change may repeat a mail without its size.
 */
static void
tidy(struct list *l)
{
	size_t kept = 0;

	qsort(l->wants, l->n, sizeof(l->wants[0]), by_uid);
	for (size_t i = 0; i < l->n; i++) {
		if (kept == 0 || l->wants[kept - 1].uid != l->wants[i].uid)
			l->wants[kept++] = l->wants[i];
		else if (l->wants[i].has_size)
			l->wants[kept - 1] = l->wants[i];
	}
	l->n = kept;
}

/* How many of the first wants share a window. */
static size_t
window_size(const struct fetch *f, const struct want *w, size_t n)
{
	uint64_t bytes = 0;
	size_t i = 0;

	if (w[0].uid <= f->single_until)
		return 1;
	while (i < n && i < FETCH_WINDOW_MAILS && w[i].has_size &&
	    w[i].size <= FETCH_WHOLE_MAX && !fetch_aside(f, w[i].uid)) {
		bytes += w[i].size;
		if (i > 0 && bytes > FETCH_WINDOW_BYTES)
			break;
		i++;
	}
	return i == 0 ? 1 : i;
}

/* The mails themselves, in order of their UIDs. */
static int
fetch_wants(struct fetch *f, const struct want *w, size_t n, struct err *e)
{
	uint64_t max = (uint64_t)f->c->conf->tickets.max_size;

	while (n > 0) {
		size_t take = window_size(f, w, n);
		int rc = fetch_room(f, e);

		if (rc == 0 && fetch_aside(f, w->uid))
			rc = 0;
		else if (rc == 0 && w->has_size && w->size > max)
			rc = fetch_stub(f, w, e);
		else if (rc == 0 && (!w->has_size || w->size > FETCH_WHOLE_MAX))
			rc = fetch_large(f, w, e);
		else if (rc == 0)
			rc = fetch_window(f, w, take, e);
		if (rc == 0 && f->owed >= FETCH_MARK_MAX)
			rc = fetch_marks(f, false, e);
		if (rc == -1)
			return -1;
		w += take;
		n -= take;
	}
	return 0;
}

/* Sizes and dates of one portion; those that do not come have none. */
static int
list_uids(struct fetch *f, const uint32_t *uids, size_t n, struct list *l,
    struct err *e)
{
	struct imap_want want = { .count = n };
	struct buf set;
	int rc;

	/* A date that libetpan cannot read breaks the session (FACTS 3). */
	want.what = n == 1 && fetch_tries(f, uids[0]) > 0
	    ? "UID RFC822.SIZE"
	    : "UID RFC822.SIZE INTERNALDATE";
	buf_init(&set, 0);
	imap_set(&set, uids, n, SET_TEXT);
	want.set = buf_text(&set);
	*l = (struct list){ .f = f, .from = uids[0] };
	rc = imap_fetch(f->im, &want, collect, l, e);
	buf_done(&set);
	if (rc == -1 && imap_broken(f->im))
		return -1;
	if (l->more)
		return err_set(e, ERR_RETRY,
		    "the server lists more mails than were asked for");
	/* Nobody is left out because the server did. */
	for (size_t i = 0; i < n && l->n < LIST_MAX; i++)
		l->wants[l->n++] = (struct want){ .uid = uids[i] };
	tidy(l);
	return 0;
}

/* After a list that broke the session: whose fault was it? */
static void
blame(struct fetch *f, const uint32_t *uids, size_t n, const struct err *e)
{
	if (imap_stopped(f->im))
		return;
	if (n == 1)
		(void)fetch_doubt(f, uids[0], e->text, NULL);
	else if (uids[n - 1] > f->single_until)
		f->single_until = uids[n - 1];
}

int
fetch_uids(struct fetch *f, const uint32_t *uids, size_t n, struct err *e)
{
	struct list l;

	while (n > 0) {
		size_t take = n < LIST_FEW ? n : LIST_FEW;

		if (uids[0] <= f->single_until)
			take = 1;
		if (take > 1 || !fetch_aside(f, uids[0])) {
			if (list_uids(f, uids, take, &l, e) == -1) {
				blame(f, uids, take, e);
				return -1;
			}
			if (fetch_wants(f, l.wants, l.n, e) == -1)
				return -1;
		}
		uids += take;
		n -= take;
	}
	return 0;
}

/* A few new mails: one command lists them all. */
static int
look_few(struct fetch *f, struct err *e)
{
	struct list l;
	char set[32];
	struct imap_want want = { .set = set,
		.what = "UID RFC822.SIZE INTERNALDATE",
		.count = LIST_MAX };

	do {
		l = (struct list){ .f = f, .from = f->row.last_uid + 1 };
		snprintf(set, sizeof(set), "%u:*", l.from);
		f->list_failed = true;
		if (imap_fetch(f->im, &want, collect, &l, e) == -1)
			return -1;
		f->list_failed = false;
		tidy(&l);
		if (fetch_wants(f, l.wants, l.n, e) == -1)
			return -1;
	} while (l.more && f->row.last_uid >= l.from);
	return 0;
}

/* Many: the UIDs first, in portions. */
static int
look_many(struct fetch *f, struct err *e)
{
	struct imap_range r = { .from = (uint64_t)f->row.last_uid + 1 };
	int rc = imap_last_uid(f->im, &r.to, e);

	if (f->list_failed)
		f->single_until = r.to;
	while (rc == 0 && r.from <= r.to) {
		struct arena a = { 0 };
		uint32_t *uids;
		size_t n;

		rc = imap_uids(f->im, &a, &r, &uids, &n, e);
		if (rc == 0)
			rc = fetch_uids(f, uids, n, e);
		arena_done(&a);
	}
	if (rc == 0)
		f->list_failed = false;
	return rc;
}

int
fetch_look(struct fetch *f, struct err *e)
{
	uint32_t next = f->folder.uidnext, exists = imap_exists(f->im);
	uint64_t from = (uint64_t)f->row.last_uid + 1;
	bool few;
	int rc = 0;

	f->folder.uidnext = 0; /* it holds for the first look only */
	imap_news(f->im);
	if (from > UINT32_MAX || exists == 0 || (next != 0 && next <= from))
		return 0;
	few = exists <= LIST_FEW || (next != 0 && next - from <= LIST_FEW) ||
	    (exists > f->exists && f->exists != 0 &&
		exists - f->exists <= LIST_FEW);
	if (few && !f->list_failed)
		rc = look_few(f, e);
	else
		rc = look_many(f, e);
	f->exists = imap_exists(f->im);
	return rc;
}

/* Which of these does the ledger not know? */
static int
unknown(struct fetch *f, uint32_t *uids, size_t *n, struct err *e)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		struct ledger_key key = { f->row.id, f->row.uidvalidity,
			uids[i] };
		bool has = false;

		if (i % READ_EACH == 0 && db_read_begin(f->c->db, e) == -1)
			return -1;
		if (ledger_has(f->c->db, &key, &has, e) == -1) {
			db_read_end(f->c->db);
			return -1;
		}
		if (i % READ_EACH == READ_EACH - 1 || i + 1 == *n)
			db_read_end(f->c->db);
		if (!has && !fetch_aside(f, uids[i]))
			uids[kept++] = uids[i];
	}
	*n = kept;
	return 0;
}

static int
write_scanned(struct fetch *f, void *ctx, struct err *e)
{
	(void)ctx;
	return mailbox_scanned(f->c->db, f->row.id, clock_now(), e);
}

int
fetch_scan(struct fetch *f, struct err *e)
{
	struct imap_range r = { .from = 1, .to = f->row.last_uid };
	size_t found = 0;
	int rc = 0;

	if (f->scan_after > clock_steady())
		return 0;
	while (rc == 0 && r.from <= r.to) {
		struct arena a = { 0 };
		uint32_t *uids;
		size_t n = 0;

		rc = imap_uids(f->im, &a, &r, &uids, &n, e);
		if (rc == 0)
			rc = unknown(f, uids, &n, e);
		found += n;
		if (rc == 0 && n > 0)
			rc = fetch_uids(f, uids, n, e);
		arena_done(&a);
	}
	if (rc == -1)
		return -1;
	if (found > 0)
		log_line(LOG_WARN,
		    "the full comparison found mails=%zu that were missing",
		    found);
	f->scan_after = clock_steady() + SCAN_EACH;
	return r.to == 0 ? 0 : fetch_commit(f, write_scanned, NULL, e);
}
