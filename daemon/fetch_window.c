/*
 * A window: several mails in one FETCH and one commit.  Each mail is hashed
 * and compressed while the next ones still arrive, so the transaction has
 * nothing to do but write.  Promises that a mail is stored only under a UID
 * that was asked for and with bytes whose number was checked (M6, M7).
 */
#include "daemon/fetch_state.h"

#include <string.h>

#include "daemon/clock.h"
#include "daemon/imap_text.h"
#include "daemon/log.h"
#include "daemon/wake.h"

#define SET_TEXT 8000 /* bytes; servers cut lines at 8 KiB and more */

/* What became of one mail of the window. */
struct got {
	const struct want *want;
	bool seen;    /* a FETCH response with bytes came */
	bool nil;     /* one with "NIL" in their place */
	bool odd;     /* their number is not RFC822.SIZE */
	bool checked; /* odd, but the same bytes came twice */
	struct raw_new raw;
};

struct window {
	struct fetch *f;
	struct arena arena;
	struct got *got;
	size_t n, hint;
	bool again; /* the second look at odd ones */
	bool failed;
	struct err e;
};

/* Answers come in the order of the UIDs, nearly always. */
static struct got *
find(struct window *w, uint32_t uid)
{
	for (size_t i = 0; i < w->n; i++) {
		size_t at = (w->hint + i) % w->n;

		if (w->got[at].want->uid != uid)
			continue;
		w->hint = at + 1;
		return &w->got[at];
	}
	return NULL;
}

static void
sum(const struct imap_mail *m, uint8_t out[HASH_SIZE])
{
	struct hash h;

	hash_init(&h);
	hash_add(&h, m->body, m->body_n);
	hash_end(&h, out);
}

/* The second time: are they the same bytes? */
static void
compare(struct got *g, const struct imap_mail *m)
{
	uint8_t now[HASH_SIZE];

	sum(m, now);
	if (m->body_n == g->raw.size &&
	    memcmp(now, g->raw.sha256, sizeof(now)) == 0)
		g->checked = true;
}

static void
keep(struct window *w, struct got *g, const struct imap_mail *m)
{
	const void *data = NULL;
	size_t n = 0;

	if (raw_pack(&w->f->packer, m->body, m->body_n, &data, &n, &w->e) ==
	    -1) {
		w->failed = true;
		return;
	}
	sum(m, g->raw.sha256);
	g->raw.size = m->body_n;
	g->raw.received = fetch_received(g->want);
	g->raw.data = arena_memdup(&w->arena, data, n);
	g->raw.data_n = n;
	g->seen = true;
	g->odd = !g->want->has_size || g->want->size != m->body_n;
}

static void
each(void *ctx, const struct imap_mail *m)
{
	struct window *w = ctx;
	struct got *g = find(w, m->uid);

	if (g == NULL || w->failed)
		return; /* nobody asked for it */
	if (m->body == NULL)
		g->nil = !g->seen;
	else if (w->again)
		compare(g, m);
	else if (!g->seen)
		keep(w, g, m);
}

/* Ask for those mails of the window that choose() names. */
static int
ask(struct window *w, bool odd_only, struct err *e)
{
	uint32_t *uids = arena_calloc(&w->arena, w->n, sizeof(*uids));
	struct imap_want want = { .what = "UID BODY.PEEK[]" };
	uint64_t bytes = 0;
	struct buf set;
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < w->n; i++) {
		if (odd_only && !w->got[i].odd)
			continue;
		uids[n++] = w->got[i].want->uid;
		bytes += odd_only ? w->got[i].raw.size : w->got[i].want->size;
	}
	if (n == 0)
		return 0;
	buf_init(&set, 0);
	imap_set(&set, uids, n, SET_TEXT);
	want.set = buf_text(&set);
	want.count = n;
	/* Some servers claim sizes that are a little wrong. */
	want.literals = bytes + bytes / 4 + (64 << 10);
	w->again = odd_only;
	w->hint = 0;
	rc = imap_fetch(w->f->im, &want, each, w, e);
	buf_done(&set);
	if (w->failed) {
		*e = w->e;
		return -1;
	}
	/* NO: some may have come all the same. */
	return rc == -1 && imap_broken(w->f->im) ? -1 : 0;
}

/* Good bytes: the size is right, or they came twice. */
static bool
is_good(const struct got *g)
{
	return g->seen && (!g->odd || g->checked);
}

static int
write_window(struct fetch *f, void *ctx, struct err *e)
{
	struct window *w = ctx;
	uint32_t last = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct got *g = &w->got[i];
		struct inbound_new in;
		bool fresh = false;

		if (!is_good(g))
			continue;
		in = fetch_inbound(f, g->want);
		in.mail = &g->raw;
		if (inbound_add(f->c->db, &in, &fresh, e) == -1)
			return -1;
		last = g->want->uid;
	}
	return mailbox_seen(f->c->db, f->row.id, last, clock_now(), e);
}

/* After the commit. */
static void
stored(struct window *w)
{
	struct fetch *f = w->f;
	uint64_t bytes = 0;
	uint32_t first = 0, last = 0;
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct got *g = &w->got[i];

		if (!is_good(g))
			continue;
		last = g->want->uid;
		first = n++ == 0 ? last : first;
		bytes += g->raw.size;
		fetch_settled(f, last);
		if (g->odd)
			log_line(LOG_INFO,
			    "uid=%u has %llu bytes, the server had said %llu",
			    last, (unsigned long long)g->raw.size,
			    (unsigned long long)g->want->size);
	}
	if (last > f->row.last_uid)
		f->row.last_uid = last;
	f->stored += n;
	f->owed += fetch_must_mark(f) ? n : 0;
	log_line(LOG_INFO, "stored mails=%zu uid=%u:%u bytes=%llu", n, first,
	    last, (unsigned long long)bytes);
	wake_send(f->c->dir, "work");
}

/* What has not come, or not in a form that can be trusted. */
static int
settle_rest(struct window *w, struct err *e)
{
	int rc;

	for (size_t i = 0; i < w->n; i++) {
		const struct got *g = &w->got[i];
		const char *why = g->odd ? "its bytes change with each fetch"
		    : g->nil             ? "the server gives no bytes (NIL)"
					 : "the server does not give it";

		if (is_good(g))
			continue;
		/* Alone it may come, or say why not. */
		rc = w->n > 1 ? fetch_window(w->f, g->want, 1, e)
			      : fetch_missing(w->f, g->want->uid, why, e);
		if (rc == -1)
			return -1;
	}
	return 0;
}

static int
run(struct window *w, struct err *e)
{
	bool any = false;

	if (ask(w, false, e) == -1 || ask(w, true, e) == -1)
		return -1;
	for (size_t i = 0; i < w->n; i++)
		any |= is_good(&w->got[i]);
	if (any && fetch_commit(w->f, write_window, w, e) == -1)
		return -1;
	if (any)
		stored(w);
	return settle_rest(w, e);
}

int
fetch_window(struct fetch *f, const struct want *wants, size_t n, struct err *e)
{
	struct window w = { .f = f, .n = n };
	int rc;

	w.got = arena_calloc(&w.arena, n, sizeof(*w.got));
	for (size_t i = 0; i < n; i++)
		w.got[i].want = &wants[i];
	rc = run(&w, e);
	arena_done(&w.arena);
	if (rc == 0 || !imap_broken(f->im) || imap_stopped(f->im))
		return rc;
	/* Which one was it?  The next session asks for them one by one. */
	if (n > 1 && wants[n - 1].uid > f->single_until)
		f->single_until = wants[n - 1].uid;
	if (n == 1)
		(void)fetch_doubt(f, wants[0].uid, e->text, NULL);
	return -1;
}
