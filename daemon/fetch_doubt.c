/*
 * Mails that the server shows but does not hand out (T57).  They wait aside
 * while the others go on; what is still not to be had after five tries over
 * some minutes is held with its reason, so that somebody sees it.
 */
#include "daemon/fetch_state.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/log.h"

/* Pauses before the next try, in milliseconds. */
static const int64_t pauses[] = { 5000, 30000, 120000, 300000 };
#define TRIES (sizeof(pauses) / sizeof(pauses[0]) + 1)

/* Its place; doubts_n: it is in no doubt. */
static size_t
find(const struct fetch *f, uint32_t uid)
{
	size_t i = 0;

	while (i < f->doubts_n && f->doubts[i].uid != uid)
		i++;
	return i;
}

void
fetch_settled(struct fetch *f, uint32_t uid)
{
	size_t i = find(f, uid);

	if (i < f->doubts_n)
		f->doubts[i] = f->doubts[--f->doubts_n];
}

int
fetch_tries(const struct fetch *f, uint32_t uid)
{
	size_t i = find(f, uid);

	return i < f->doubts_n ? f->doubts[i].tries : 0;
}

bool
fetch_aside(const struct fetch *f, uint32_t uid)
{
	size_t i = find(f, uid);

	return i < f->doubts_n && f->doubts[i].next > clock_steady();
}

struct note {
	uint32_t uid;
	const char *state, *reason;
};

static int
write_note(struct fetch *f, void *ctx, struct err *e)
{
	const struct note *n = ctx;
	struct ledger_key key = { f->row.id, f->row.uidvalidity, n->uid };

	if (ledger_note(f->c->db, &key, n->state, n->reason, e) == -1)
		return -1;
	return mailbox_seen(f->c->db, f->row.id, n->uid, clock_now(), e);
}

static int
settle(struct fetch *f, uint32_t uid, const char *state, const char *reason,
    struct err *e)
{
	struct note n = { .uid = uid, .state = state, .reason = reason };

	if (fetch_commit(f, write_note, &n, e) == -1)
		return -1;
	if (uid > f->row.last_uid)
		f->row.last_uid = uid;
	fetch_settled(f, uid);
	return 0;
}

/* After so many tries over some minutes, is it the mail or the server?  While
 * nothing else can be had either, it is the server. */
static bool
hopeless(const struct fetch *f, const struct doubt *d)
{
	return d->tries >= (int)TRIES &&
	    (f->stored > d->stored || f->doubts_n <= 3);
}

static struct doubt *
doubt_of(struct fetch *f, uint32_t uid)
{
	size_t i = find(f, uid);

	if (i == f->doubts_n && i < DOUBTS_MAX)
		f->doubts[f->doubts_n++] = (struct doubt){ .uid = uid,
			.stored = f->stored };
	return i < DOUBTS_MAX ? &f->doubts[i] : NULL;
}

int
fetch_doubt(struct fetch *f, uint32_t uid, const char *why, struct err *e)
{
	struct doubt *d = doubt_of(f, uid);
	char reason[300];
	size_t pause;

	if (d == NULL)
		return err_set(e, ERR_RETRY,
		    "%d mails cannot be fetched, the last one: %s", DOUBTS_MAX,
		    why);
	d->tries++;
	f->blamed |= imap_broken(f->im);
	snprintf(reason, sizeof(reason), "unfetchable after %d tries: %s",
	    d->tries, why);
	if (hopeless(f, d)) {
		log_line(LOG_ERROR, "uid=%u held: %s", uid, reason);
		return settle(f, uid, "held", reason, e);
	}
	pause = (size_t)d->tries > TRIES - 1 ? TRIES - 2 : (size_t)d->tries - 1;
	d->next = clock_steady() + fetch_scale(f, pauses[pause]);
	log_line(LOG_WARN,
	    "uid=%u cannot be fetched: %s; try %d of %zu in %lld s", uid, why,
	    d->tries + 1, TRIES, (long long)((pauses[pause] + 999) / 1000));
	return 0;
}

int
fetch_missing(struct fetch *f, uint32_t uid, const char *why, struct err *e)
{
	struct arena a = { 0 };
	char what[32];
	uint32_t *uids = NULL;
	size_t n = 0;
	int rc;

	snprintf(what, sizeof(what), "UID %u", uid);
	/* NOOP: let the server tell of what others have removed. */
	rc = imap_noop(f->im, e);
	if (rc == 0)
		rc = imap_search(f->im, &a, what, &uids, &n, e);
	if (rc == -1 && imap_broken(f->im)) {
		arena_done(&a);
		return -1;
	}
	if (rc == 0 && (n == 0 || uids[0] != uid)) {
		log_line(LOG_NOTE, "uid=%u was gone before it could be fetched",
		    uid);
		rc = settle(f, uid, "vanished",
		    "gone from the folder before it was fetched", e);
	} else {
		rc = fetch_doubt(f, uid, why, e);
	}
	arena_done(&a);
	return rc;
}

static int
by_uid(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

int
fetch_doubts(struct fetch *f, struct err *e)
{
	uint32_t due[DOUBTS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < f->doubts_n; i++)
		if (f->doubts[i].next <= clock_steady())
			due[n++] = f->doubts[i].uid;
	if (n == 0)
		return 0;
	qsort(due, n, sizeof(due[0]), by_uid);
	if (due[n - 1] > f->single_until)
		f->single_until = due[n - 1];
	return fetch_uids(f, due, n, e);
}

int64_t
fetch_doubts_due(const struct fetch *f)
{
	int64_t now = clock_steady(), soonest = -1;

	for (size_t i = 0; i < f->doubts_n; i++) {
		int64_t left = f->doubts[i].next - now;

		if (left < 0)
			left = 0;
		if (soonest == -1 || left < soonest)
			soonest = left;
	}
	return soonest;
}
