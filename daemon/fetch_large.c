/*
 * Mails that are too large to hold: taken in pieces, each with a small commit
 * of its own, so that no process grows with a mail and no transaction waits
 * for the network.  The mail is ours only with the last commit.  Over max-size
 * only the beginning is taken (T28).
 */
#include "daemon/fetch_state.h"

#include <stdio.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/wake.h"
#include "store/raw.h"

struct large {
	struct fetch *f;
	const struct want *want;
	int64_t raw; /* holds when pieces > 0 */
	int pieces;  /* committed */
	uint64_t at; /* bytes so far */
	struct hash hash;
	bool store; /* else only hash: the second look */
	/* of the present piece */
	struct arena arena;
	bool seen, failed;
	const void *data;
	size_t data_n, body_n;
	struct raw_new finish;
	struct err e;
};

static void
each(void *ctx, const struct imap_mail *m)
{
	struct large *l = ctx;
	const void *data = NULL;

	if (m->uid != l->want->uid || m->body == NULL || l->seen ||
	    m->origin != l->at)
		return;
	l->seen = true;
	l->body_n = m->body_n;
	hash_add(&l->hash, m->body, m->body_n);
	if (!l->store)
		return;
	if (raw_pack(&l->f->packer, m->body, m->body_n, &data, &l->data_n,
		&l->e) == -1)
		l->failed = true;
	else
		l->data = arena_memdup(&l->arena, data, l->data_n);
}

/* One piece of at most n bytes from l->at. */
static int
ask(struct large *l, size_t n, struct err *e)
{
	char set[16], what[64];
	struct imap_want want = { .set = set, .what = what, .count = 1 };
	int rc;

	arena_reset(&l->arena);
	l->seen = false;
	l->body_n = 0;
	snprintf(set, sizeof(set), "%u", l->want->uid);
	snprintf(what, sizeof(what), "UID BODY.PEEK[]<%llu.%zu>",
	    (unsigned long long)l->at, n);
	want.literals = n;
	rc = imap_fetch(l->f->im, &want, each, l, e);
	if (l->failed) {
		*e = l->e;
		return -1;
	}
	return rc == -1 && imap_broken(l->f->im) ? -1 : 0;
}

/*
 * The raw mail in work stands in the table meta, so that the next life of this
 * loop can remove it.  (raw_sweep() would also remove what the fetch of another
 * mailbox is just about to finish.)
 */
static void
unfinished_key(const struct fetch *f, char *key, size_t n)
{
	snprintf(key, n, "unfinished.%lld", (long long)f->row.id);
}

static int
note_unfinished(struct fetch *f, int64_t raw, struct err *e)
{
	char key[64];

	unfinished_key(f, key, sizeof(key));
	return meta_set(f->c->db, key, raw, e);
}

static int
write_piece(struct fetch *f, void *ctx, struct err *e)
{
	struct large *l = ctx;
	int64_t raw = l->raw;

	if (l->pieces == 0 &&
	    (raw_begin(f->c->db, fetch_received(l->want), &raw, e) == -1 ||
		note_unfinished(f, raw, e) == -1))
		return -1;
	if (raw_piece(f->c->db, raw, l->pieces, l->data, l->data_n, e) == -1)
		return -1;
	l->raw = raw;
	return 0;
}

static int
write_mail(struct fetch *f, void *ctx, struct err *e)
{
	struct large *l = ctx;
	struct inbound_new in = fetch_inbound(f, l->want);
	bool fresh;

	in.raw = l->raw;
	in.finish = &l->finish;
	if (inbound_add(f->c->db, &in, &fresh, e) == -1 ||
	    note_unfinished(f, 0, e) == -1)
		return -1;
	return mailbox_seen(f->c->db, f->row.id, l->want->uid, clock_now(), e);
}

static int
write_nothing(struct fetch *f, void *ctx, struct err *e)
{
	const struct large *l = ctx;

	if (raw_remove(f->c->db, l->raw, e) == -1)
		return -1;
	return note_unfinished(f, 0, e);
}

int
fetch_sweep(struct fetch *f, struct err *e)
{
	struct large l = { .f = f };
	char key[64];

	unfinished_key(f, key, sizeof(key));
	if (meta_get(f->c->db, key, &l.raw, e) == -1)
		return -1;
	return l.raw == 0 ? 0 : fetch_commit(f, write_nothing, &l, e);
}

enum end {
	END_FAILED = -1,
	END_WHOLE, /* all bytes came */
	END_LARGE, /* more than max-size */
	END_SHORT  /* the server gave up in the middle */
};

/* Go through the mail once, from the beginning. */
static enum end
walk(struct large *l, bool store, struct err *e)
{
	uint64_t max = (uint64_t)l->f->c->conf->tickets.max_size;

	l->store = store;
	l->at = 0;
	hash_init(&l->hash);
	for (;;) {
		if (ask(l, FETCH_PIECE, e) == -1)
			return END_FAILED;
		if (!l->seen)
			return END_SHORT;
		if (l->at + l->body_n > max)
			return END_LARGE;
		if (store && (l->body_n > 0 || l->at == 0)) {
			if (fetch_commit(l->f, write_piece, l, e) == -1)
				return END_FAILED;
			l->pieces++;
		}
		l->at += l->body_n;
		if (l->body_n < FETCH_PIECE ||
		    (l->want->has_size && l->at == l->want->size))
			return END_WHOLE;
	}
}

/* The number of bytes is not what the server had said: the same twice? */
static enum end
confirm(struct large *l, struct err *e)
{
	uint8_t again[HASH_SIZE];
	enum end end;

	if (l->want->has_size && l->finish.size == l->want->size)
		return END_WHOLE;
	end = walk(l, false, e);
	hash_end(&l->hash, again);
	if (end == END_WHOLE &&
	    (l->at != l->finish.size ||
		memcmp(again, l->finish.sha256, sizeof(again)) != 0))
		return END_SHORT;
	return end;
}

static enum end
take(struct large *l, struct err *e)
{
	enum end end = walk(l, true, e);

	if (end != END_WHOLE)
		return end;
	hash_end(&l->hash, l->finish.sha256);
	l->finish.size = l->at;
	l->finish.received = fetch_received(l->want);
	end = confirm(l, e);
	if (end == END_WHOLE && fetch_commit(l->f, write_mail, l, e) == -1)
		return END_FAILED;
	return end;
}

/* After the commit. */
static void
stored(struct fetch *f, const struct want *w, uint64_t bytes)
{
	if (w->uid > f->row.last_uid)
		f->row.last_uid = w->uid;
	f->stored++;
	f->owed += fetch_must_mark(f);
	fetch_settled(f, w->uid);
	log_line(LOG_INFO, "stored mails=1 uid=%u bytes=%llu", w->uid,
	    (unsigned long long)bytes);
	wake_send(f->c->dir, "work");
}

/* The connection broke at this mail; the next one tries again. */
static void
blame(struct fetch *f, const struct want *w, const struct err *e)
{
	if (imap_broken(f->im) && !imap_stopped(f->im))
		(void)fetch_doubt(f, w->uid, e->text, NULL);
}

int
fetch_large(struct fetch *f, const struct want *w, struct err *e)
{
	struct large l = { .f = f, .want = w };
	enum end end = take(&l, e);
	struct err ignored;

	arena_done(&l.arena);
	if (end == END_WHOLE) {
		stored(f, w, l.finish.size);
		return 0;
	}
	/* What was not finished is no mail of ours. */
	if (l.pieces > 0)
		(void)fetch_commit(f, write_nothing, &l, &ignored);
	if (end == END_LARGE)
		return fetch_stub(f, w, e);
	if (end == END_SHORT)
		return fetch_missing(
		    f, w->uid, "the server gives only a part of it", e);
	blame(f, w, e);
	return -1;
}

static int
write_stub(struct fetch *f, void *ctx, struct err *e)
{
	struct large *l = ctx;
	struct inbound_new in = fetch_inbound(f, l->want);
	bool fresh;

	in.mail = &l->finish;
	in.oversize = true;
	if (inbound_add(f->c->db, &in, &fresh, e) == -1)
		return -1;
	return mailbox_seen(f->c->db, f->row.id, l->want->uid, clock_now(), e);
}

static int
take_stub(struct large *l, struct err *e)
{
	struct fetch *f = l->f;

	l->store = true;
	hash_init(&l->hash);
	if (ask(l, FETCH_STUB, e) == -1) {
		blame(f, l->want, e);
		return -1;
	}
	if (!l->seen)
		return fetch_missing(
		    f, l->want->uid, "the server does not give it", e);
	hash_end(&l->hash, l->finish.sha256);
	l->finish.size = l->body_n;
	l->finish.received = fetch_received(l->want);
	l->finish.data = l->data;
	l->finish.data_n = l->data_n;
	if (fetch_commit(f, write_stub, l, e) == -1)
		return -1;
	log_line(LOG_WARN,
	    "uid=%u is larger than max-size (%lld bytes): only its beginning "
	    "was taken, the whole stays on the server",
	    l->want->uid, (long long)f->c->conf->tickets.max_size);
	stored(f, l->want, l->body_n);
	return 0;
}

int
fetch_stub(struct fetch *f, const struct want *w, struct err *e)
{
	struct large l = { .f = f, .want = w };
	int rc = take_stub(&l, e);

	arena_done(&l.arena);
	return rc;
}
