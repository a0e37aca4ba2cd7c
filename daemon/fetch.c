/*
 * The loop: connect, look, mark, wait; and after every failure a pause, the
 * first one short, the next ones from 15 s to 5 min with some chance in them.
 */
#include "daemon/fetch_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/clock.h"
#include "daemon/fetch.h"
#include "daemon/files.h"
#include "daemon/log.h"
#include "daemon/wake.h"

#define IDLE_MS       540000 /* NAT boxes forget after 10 to 15 minutes */
#define PAUSE_FIRST   1000
#define PAUSE_LOW     15000
#define PAUSE_HIGH    300000
#define PAUSE_LOGIN   60000 /* a refused password: do not get locked out */
#define ONCE_TRIES    5     /* failed sessions in a row */
#define SETTLE_MS     2000  /* marks wait so long for a commit to share */
#define ROUNDS_MAX    5     /* looks before we listen again */
#define FRUITLESS_MAX 3     /* news without a mail, in a row */
#define DOUBTS_FEW    50    /* more, and it is the server */
#define POLLED_EACH   60    /* seconds between notes of a good look */

/* How long it must be down before it is said again, in seconds (T69). */
static const int64_t alarms[] = { 900, 3600, 21600, 86400 };

/* What the outer loop remembers of failures. */
struct trouble {
	int failures;    /* in a row */
	int64_t since;   /* clock_steady(): the first of them */
	uint64_t stored; /* f->stored at the last one */
	size_t alarm;    /* the next of alarms[] */
	bool login;      /* the last one was a refused login */
	bool selected;   /* it came as far as the mails */
	char said[400];  /* not twice the same line */
};

int64_t
fetch_scale(const struct fetch *f, int64_t ms)
{
	return ms * f->patience / 60000;
}

static int
write_epoch(struct fetch *f, void *ctx, struct err *e)
{
	const uint32_t *uidvalidity = ctx;

	return mailbox_epoch(f->c->db, f->row.id, *uidvalidity, e);
}

/* Another UIDVALIDITY: all UIDs mean other mails now (T56). */
static int
check_epoch(struct fetch *f, struct err *e)
{
	uint32_t now = f->folder.uidvalidity;

	if (now == 0)
		return err_set(e, ERR_RETRY,
		    "%s: the folder has no valid UIDVALIDITY, so mails cannot "
		    "be told apart; nothing was fetched",
		    f->m->imap.host);
	if (now == f->row.uidvalidity)
		return 0;
	if (fetch_commit(f, write_epoch, &now, e) == -1)
		return -1;
	if (f->row.uidvalidity != 0)
		log_line(LOG_WARN,
		    "UIDVALIDITY changed from %u to %u: every mail is compared "
		    "with what we have",
		    f->row.uidvalidity, now);
	f->row.uidvalidity = now;
	f->row.last_uid = 0;
	f->doubts_n = 0;
	f->single_until = 0;
	return 0;
}

static int
open_folder(struct fetch *f, struct err *e)
{
	bool flags = f->m->after == AFTER_FLAG;
	uint32_t last = 0;

	if (imap_select(f->im, f->m->folder, !fetch_must_mark(f),
		flags || f->m->after == AFTER_MOVE ? FETCH_KEYWORD : NULL,
		&f->folder, e) == -1)
		return err_wrap(e, "folder %s", log_quote(f->m->folder));
	f->exists = 0;
	f->no_keyword = false;
	if (f->folder.uidnext == 0 && imap_last_uid(f->im, &last, e) == -1)
		return -1;
	f->backlog = f->folder.uidnext != 0 ? f->folder.uidnext : last + 1;
	return check_epoch(f, e);
}

static int
write_polled(struct fetch *f, void *ctx, struct err *e)
{
	(void)ctx;
	return mailbox_seen(
	    f->c->db, f->row.id, f->row.last_uid, clock_now(), e);
}

/* Everything new, and the marks.  Mails in doubt come after it: they may break
 * the session, and must not keep others waiting (I11). */
static int
look(struct fetch *f, struct err *e)
{
	uint64_t before = f->stored;
	int rounds = 0;

	do {
		if (fetch_scan(f, e) == -1 || fetch_look(f, e) == -1 ||
		    fetch_marks(f, true, e) == -1)
			return -1;
	} while (imap_news(f->im) && ++rounds < ROUNDS_MAX);
	f->fruitless = f->stored == before ? f->fruitless + 1 : 0;
	if (clock_now() - f->polled < POLLED_EACH)
		return 0;
	f->polled = clock_now();
	return fetch_commit(f, write_polled, NULL, e);
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return b >= 0 && b < a ? b : a;
}

/* How long may we wait for the server? */
static int64_t
wait_time(const struct fetch *f)
{
	int64_t now = clock_steady();
	int64_t ms = f->m->idle && imap_has(f->im, IMAP_IDLE)
	    ? IDLE_MS
	    : f->m->poll * 1000;

	ms = sooner(ms, fetch_doubts_due(f));
	if (f->scan_after > now)
		ms = sooner(ms, f->scan_after - now);
	if (f->marks_after > now)
		ms = sooner(ms, f->marks_after - now);
	if (f->settled_n > 0)
		ms = sooner(ms, fetch_scale(f, SETTLE_MS));
	return ms;
}

/* Some servers say EXISTS with every command, whether anything came or not.
 * 0: go on, 1: stop. */
static int
pause_fruitless(const struct fetch *f)
{
	int64_t ms = PAUSE_FIRST;

	if (f->fruitless <= FRUITLESS_MAX)
		return 0;
	for (int i = FRUITLESS_MAX + 1; i < f->fruitless && ms < PAUSE_LOW; i++)
		ms *= 2;
	return wake_wait(f->wake, fetch_scale(f, ms)) == WAKE_STOP;
}

/* Until there is news, a nudge, or time: 0 look again, 1 stop, -1 broken. */
static int
wait_news(struct fetch *f, struct err *e)
{
	int64_t ms = wait_time(f);
	enum imap_idle_end end;

	if (ms == 0)
		return 0;
	if (f->stored != f->idle_at)
		db_idle(f->c->db); /* nothing grows with what has passed */
	f->idle_at = f->stored;
	if (!f->m->idle || !imap_has(f->im, IMAP_IDLE) || f->once) {
		if (wake_wait(f->wake, ms) == WAKE_STOP)
			return 1;
		return fetch_settle(f, e) == -1 ? -1 : imap_noop(f->im, e);
	}
	if (pause_fruitless(f) == 1)
		return 1;
	end = imap_idle(f->im, ms, e);
	if (end != IDLE_NEWS)
		f->fruitless = 0;
	if (end == IDLE_NUDGE)
		(void)wake_wait(f->wake, 0); /* eats it */
	if (end == IDLE_TIME && fetch_settle(f, e) == -1)
		return -1;
	return end == IDLE_STOP ? 1 : end == IDLE_BROKEN ? -1 : 0;
}

/* One connection, until it fails (-1), we are asked to stop or, with --once,
 * nothing is left (0). */
static int
session(struct fetch *f, struct trouble *t, struct err *e)
{
	int rc;

	if (open_folder(f, e) == -1)
		return -1;
	t->selected = true;
	for (;;) {
		if (look(f, e) == -1)
			return -1;
		if (t->failures > 0 && t->said[0] != '\0')
			log_line(LOG_NOTE, "fetching again after %lld s",
			    (long long)((clock_steady() - t->since) / 1000));
		*t = (struct trouble){ .selected = true };
		if (fetch_doubts(f, e) == -1)
			return -1;
		if (f->once && f->doubts_n == 0)
			return 0;
		rc = wait_news(f, e);
		if (rc != 0)
			return rc == 1 ? 0 : -1;
	}
}

static int
connect_and_run(struct fetch *f, struct trouble *t, struct err *e)
{
	struct err ignored = { 0 };
	int rc = imap_connect(&f->im, f->m, f->wake, f->patience, e);

	f->blamed = false;
	t->selected = false;
	t->login = rc == -1 && e->kind == ERR_REJECT;
	if (rc == -1)
		return -1;
	log_line(LOG_DEBUG, "logged in at %s", f->m->imap.host);
	rc = session(f, t, e);
	if (fetch_settle(f, &ignored) == -1)
		log_err(LOG_WARN, &ignored); /* asked again another time */
	imap_close(f->im);
	f->im = NULL;
	return rc;
}

/* Was it one of a few mails that broke the session, not the server? */
static bool
poisoned(const struct fetch *f)
{
	return f->blamed && f->doubts_n <= DOUBTS_FEW;
}

/* 1 s, then 15 s, 30 s .. 5 min, a fifth more or less. */
static int64_t
pause_after(const struct fetch *f, const struct trouble *t)
{
	int64_t ms = PAUSE_FIRST;

	if (t->failures > 1 && !poisoned(f))
		ms = PAUSE_LOW;
	for (int i = 2; i < t->failures && ms < PAUSE_HIGH && !poisoned(f); i++)
		ms *= 2;
	if (t->login && ms < PAUSE_LOGIN)
		ms = PAUSE_LOGIN;
	if (ms > PAUSE_HIGH)
		ms = PAUSE_HIGH;
	return fetch_scale(f, chance_between(ms * 4 / 5, ms * 6 / 5));
}

/* One line when something new is wrong, and one at each alarm. */
static void
say(const struct fetch *f, struct trouble *t, const struct err *e,
    int64_t pause)
{
	int64_t down = (clock_steady() - t->since) / 1000;
	enum log_level level = LOG_DEBUG;

	if (strcmp(t->said, e->text) != 0 && !poisoned(f))
		level = t->login ? LOG_ERROR : LOG_WARN;
	while (t->alarm < sizeof(alarms) / sizeof(alarms[0]) &&
	    down >= alarms[t->alarm]) {
		level = LOG_ERROR;
		t->alarm++;
	}
	log_line(level, "%s; next try in %lld s%s", e->text,
	    (long long)((pause + 999) / 1000),
	    level == LOG_ERROR && down >= alarms[0]
		? "; no mail was fetched for a long time"
		: "");
	if (level != LOG_DEBUG)
		snprintf(t->said, sizeof(t->said), "%s", e->text);
}

/* Count a failure: a session that stored something was no failure in a row. */
static void
count(const struct fetch *f, struct trouble *t)
{
	if (f->stored != t->stored || (f->once && poisoned(f)))
		t->failures = 0;
	if (t->failures++ == 0)
		t->since = clock_steady();
	t->stored = f->stored;
}

static int
exit_code(const struct trouble *t, const struct err *e, bool room)
{
	if (t->login)
		return EX_NOPERM;
	if (!room)
		return EX_TEMPFAIL;
	return e->kind == ERR_BUG ? EX_SOFTWARE : EX_UNAVAILABLE;
}

/* With --once only a session that broke in the middle is tried again. */
static bool
give_up(const struct fetch *f, const struct trouble *t, const struct err *e)
{
	return f->once &&
	    (!t->selected || t->failures >= ONCE_TRIES || f->disk_said ||
		e->kind == ERR_BUG);
}

static int
loop(struct fetch *f)
{
	struct trouble t = { .stored = f->stored };

	for (;;) {
		struct err e = { 0 };
		int64_t pause;
		int rc = connect_and_run(f, &t, &e);

		if (rc == 0 || wake_stopping(f->wake))
			return 0;
		count(f, &t);
		if (give_up(f, &t, &e)) {
			fprintf(stderr, "deskd: %s\n", e.text);
			return exit_code(&t, &e, !f->disk_said);
		}
		pause = f->once ? fetch_scale(f, PAUSE_FIRST)
				: pause_after(f, &t);
		say(f, &t, &e, pause);
		if (wake_wait(f->wake, pause) == WAKE_STOP)
			return 0;
	}
}

static int
write_row(struct fetch *f, void *ctx, struct err *e)
{
	(void)ctx;
	return mailbox_get(f->c->db, f->m->name, &f->row, e);
}

static int
start(struct fetch *f, int *lock, struct err *e)
{
	char name[200];

	snprintf(name, sizeof(name), "fetch-%s", f->m->name);
	if (files_lock(f->c->dir, name, lock, e) == -1 ||
	    wake_open(&f->wake, f->c->dir, name, e) == -1 ||
	    fetch_commit(f, write_row, NULL, e) == -1)
		return -1;
	return fetch_sweep(f, e);
}

int
fetch_run(struct context *c, const struct conf_mailbox *m, bool once)
{
	struct fetch *f = arena_alloc(&c->arena, sizeof(*f));
	struct err e = { 0 };
	int lock = -1, rc;

	f->c = c;
	f->m = m;
	f->once = once;
	f->patience = imap_patience();
	if (start(f, &lock, &e) == -1)
		rc = cmd_fail(&e);
	else
		rc = loop(f);
	raw_pack_done(f->packer);
	wake_close(f->wake);
	return rc;
}
