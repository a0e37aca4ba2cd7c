/*
 * The send loop.  Letters are taken from the outbox in memory only: there is no
 * second send process, so a claim need not be durable to be safe.  What must be
 * durable is "the body is on its way", before its first byte leaves.
 */
#include "daemon/send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/alert.h"
#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/pace.h"
#include "daemon/settle.h"
#include "daemon/smtp.h"
#include "parser/address.h"
#include "store/outbox.h"

#define FLIGHTS       64    /* letters held in memory: the shared commit */
#define SETTLE_MS     250   /* an outcome waits at most so long for others */
#define HANGING_MS    2000  /* a letter this slow no longer holds up others */
#define KEEP_MS       45000 /* an idle connection is kept so long */
#define STOP_MS       6000  /* for what is on the wire when we are to stop */
#define DATABASE_MS   3000  /* the database did not let us: wait */
#define FLIGHT_KEEP   (1 << 20) /* bytes a flight may hold on to */
#define IDLE_FAILURES 2         /* of the route, then until_idle gives up */

enum flight_state {
	FLIGHT_FREE,
	FLIGHT_TAKEN, /* in memory, not started */
	FLIGHT_UP,    /* in a slot of smtp */
	FLIGHT_DOWN   /* has a result that is not yet in the database */
};

struct flight {
	enum flight_state state;
	struct arena arena; /* the letter and its bytes */
	struct letter letter;
	bool claimed, body, gone;
	int64_t ended; /* steady ms */
	struct smtp_result result;
};

struct send {
	const struct send_setting *set;
	struct smtp *smtp;
	struct rate rate;
	struct breaker breaker;
	struct arena scratch;
	int64_t next_due;    /* seconds; 0: nothing waits for a time */
	int64_t not_before;  /* steady ms: the database wants a rest */
	int64_t quiet_since; /* steady ms */
	int64_t alerted;     /* seconds: humans were told last */
	bool unreported, stopping;
	int64_t sent;
	struct flight flights[FLIGHTS];
};

static size_t
count(const struct send *s, enum flight_state state)
{
	size_t n = 0;

	for (int i = 0; i < FLIGHTS; i++)
		n += s->flights[i].state == state;
	return n;
}

static void
set_free(struct flight *f)
{
	if (f->arena.used > FLIGHT_KEEP)
		arena_done(&f->arena);
	else
		arena_reset(&f->arena);
	f->letter = (struct letter){ 0 };
	f->state = FLIGHT_FREE;
}

/* Nothing is lost when the database refuses: everything stands as it stood. */
static void
rest(struct send *s, const struct err *e)
{
	log_err(e->kind == ERR_BUG ? LOG_ERROR : LOG_WARN, e);
	s->not_before = clock_steady() + DATABASE_MS;
}

/* A letter that fails before it is on the wire has an outcome like others. */
static void
land(struct flight *f, enum smtp_outcome outcome, const char *why)
{
	f->result = (struct smtp_result){ .owner = f, .outcome = outcome };
	snprintf(f->result.reply, sizeof(f->result.reply), "%s", why);
	f->state = FLIGHT_DOWN;
	f->ended = clock_steady();
}

/* Before the wire. */

/* The durable word "being tried" is worth a commit only where something may
 * kill us before the body: on a new connection. */
static int
claim(struct send *s, struct flight *f, struct err *e)
{
	struct db *db = s->set->db;

	if (db_begin(db, e) == -1)
		return -1;
	if (outbox_claim(db, f->letter.id, e) == -1) {
		f->gone = e->kind == ERR_REJECT;
		db_rollback(db);
		return f->gone ? 0 : -1;
	}
	if (db_commit(db, e) == -1)
		return -1;
	f->claimed = true;
	return 0;
}

/*
 * Letters of people stand alone in their commit; automatic ones share it with
 * all that are about to go, at the price that a crash makes those unknown.
 * room is how many the rate lets go now.
 */
static bool
shares(const struct flight *f, const struct flight *with, int64_t *room)
{
	if (f == with)
		return true;
	if (!f->letter.automatic || !with->letter.automatic || f->body ||
	    f->gone)
		return false;
	if (f->state == FLIGHT_UP)
		return true;
	return f->state == FLIGHT_TAKEN && (*room)-- > 0;
}

/* marks[i]: 'b' the body may go, 'g' somebody took the letter back. */
static int
mark_bodies(
    struct send *s, struct flight *with, char marks[FLIGHTS], struct err *e)
{
	int64_t room = rate_room(&s->rate, clock_steady());

	for (int i = 0; i < FLIGHTS; i++) {
		struct flight *f = &s->flights[i];

		if (!shares(f, with, &room))
			continue;
		if (outbox_body(s->set->db, f->letter.id, e) == 0)
			marks[i] = 'b';
		else if (e->kind == ERR_REJECT)
			marks[i] = 'g';
		else
			return -1;
	}
	return 0;
}

static int
commit_bodies(struct send *s, struct flight *with, struct err *e)
{
	char marks[FLIGHTS] = { 0 };

	if (db_begin(s->set->db, e) == -1)
		return -1;
	if (mark_bodies(s, with, marks, e) == -1) {
		db_rollback(s->set->db);
		return -1;
	}
	if (db_commit(s->set->db, e) == -1)
		return -1;
	for (int i = 0; i < FLIGHTS; i++) {
		s->flights[i].body |= marks[i] == 'b';
		s->flights[i].gone |= marks[i] == 'g';
	}
	return 0;
}

/* From inside libcurl: the server has said 354, nothing has left yet. */
static int
before_body(void *ctx, void *owner)
{
	struct send *s = ctx;
	struct flight *f = owner;
	struct err e = { 0 };

	if (s->stopping)
		return -1;
	if (!f->body && !f->gone && commit_bodies(s, f, &e) == -1) {
		rest(s, &e);
		return -1;
	}
	return f->gone ? -1 : 0;
}

static bool
in_flight(const struct send *s, int64_t id)
{
	for (int i = 0; i < FLIGHTS; i++)
		if (s->flights[i].state != FLIGHT_FREE &&
		    s->flights[i].letter.id == id)
			return true;
	return false;
}

static void
take_one(struct send *s, const struct letter *l)
{
	for (int i = 0; i < FLIGHTS; i++) {
		struct flight *f = &s->flights[i];

		if (f->state != FLIGHT_FREE)
			continue;
		f->letter = (struct letter){ .id = l->id,
			.automatic = l->automatic };
		f->claimed = f->body = f->gone = false;
		f->state = FLIGHT_TAKEN;
		return;
	}
}

/* More letters into memory, when those there have all been started. */
static int
take(struct send *s, struct err *e)
{
	struct letters due;

	arena_reset(&s->scratch);
	if (outbox_due(
		s->set->db, &s->scratch, clock_now(), FLIGHTS, &due, e) == -1)
		return -1;
	for (size_t i = 0; i < due.n; i++)
		if (!in_flight(s, due.list[i].id))
			take_one(s, &due.list[i]);
	s->next_due = due.next_due;
	return 0;
}

/* Onto the wire. */

/* One connection is enough for a few letters; many, or a server that lets one
 * hang, get more (I11).  A route in doubt gets one. */
static size_t
connections(const struct send *s)
{
	size_t waiting = count(s, FLIGHT_TAKEN);
	int64_t oldest = smtp_oldest(s->smtp);
	size_t n = 1 + (size_t)(oldest / HANGING_MS);

	if (s->breaker.failures > 0)
		return 1;
	if (smtp_connected(s->smtp) > 0 && waiting > 8)
		n += waiting > 16 ? 3 : 1;
	return n < SMTP_SLOTS ? n : SMTP_SLOTS;
}

static struct flight *
next_taken(struct send *s)
{
	struct flight *best = NULL;

	for (int i = 0; i < FLIGHTS; i++) {
		struct flight *f = &s->flights[i];

		if (f->state == FLIGHT_TAKEN && f->gone)
			set_free(f);
		if (f->state == FLIGHT_TAKEN &&
		    (best == NULL || f->letter.id < best->letter.id))
			best = f;
	}
	return best;
}

/* Bytes that do not unpack, or that SMTP must not carry, never get better. */
static int
load(struct send *s, struct flight *f, struct err *e)
{
	struct letter l;

	if (outbox_load(s->set->db, &f->arena, f->letter.id, &l, e) == -1) {
		if (e->kind == ERR_RETRY)
			return -1;
		land(f, SMTP_REJECTED, e->text);
		return 0;
	}
	f->letter = l;
	/* Unless a human asked for it by hand, after it was too late. */
	if (pace_stale(&l, clock_now()) && !pace_stale(&l, l.next_at)) {
		land(f, SMTP_REJECTED, "too late: so old it only confuses");
		return 0;
	}
	if (strcmp(l.state, "pending") != 0 && strcmp(l.state, "sending") != 0)
		set_free(f); /* dropped by hand while it waited here */
	return 0;
}

/* 0: go on with the next, -1: not now. */
static int
start(struct send *s, struct flight *f, struct err *e)
{
	struct smtp_letter out = { .owner = f };

	if (!f->claimed && !f->body && smtp_idle(s->smtp) == 0 &&
	    claim(s, f, e) == -1)
		return -1;
	if (f->gone)
		return 0;
	if (load(s, f, e) == -1)
		return -1;
	if (f->state != FLIGHT_TAKEN)
		return 0;
	out.sender = f->letter.sender;
	out.recipient = f->letter.recipient;
	out.data = f->letter.data;
	out.size = f->letter.size;
	if (smtp_start(s->smtp, &out, e) == -1) {
		if (e->kind != ERR_REJECT)
			return -1;
		land(f, SMTP_REJECTED, e->text);
		return 0;
	}
	f->state = FLIGHT_UP;
	rate_take(&s->rate, clock_steady());
	return 0;
}

/* How long the letters in memory have to wait for the route; 0: they may go. */
static int64_t
held_for(const struct send *s)
{
	int64_t now = clock_steady();
	int64_t breaker = breaker_wait(&s->breaker, now);
	int64_t rate = rate_wait(&s->rate, now);

	return rate > breaker ? rate : breaker;
}

static bool
resting(const struct send *s)
{
	return clock_steady() < s->not_before;
}

static void
start_letters(struct send *s)
{
	struct err e = { 0 };

	while (!resting(s)) {
		struct flight *f;

		if (count(s, FLIGHT_TAKEN) == 0 && take(s, &e) == -1) {
			rest(s, &e);
			return;
		}
		f = next_taken(s);
		if (f == NULL || held_for(s) > 0 ||
		    smtp_busy(s->smtp) >= connections(s))
			return;
		if (start(s, f, &e) == -1) {
			rest(s, &e);
			return;
		}
	}
}

/* After the wire. */

/* Letters that wait in memory go back while the route is in doubt, so that a
 * human can take them off the list meanwhile. */
static void
judge_route(struct send *s, const struct smtp_result *r)
{
	int64_t now = clock_steady();

	if (r->outcome == SMTP_BACK)
		return;
	if (r->outcome != SMTP_ROUTE) {
		if (r->stage >= SMTP_MAIL)
			breaker_good(&s->breaker);
		return;
	}
	for (int i = 0; i < FLIGHTS; i++)
		if (s->flights[i].state == FLIGHT_TAKEN)
			land(&s->flights[i], SMTP_BACK, "");
	if (r->stage == SMTP_LINK && r->code / 100 == 5)
		breaker_trip(&s->breaker, now);
	else
		breaker_fail(&s->breaker, now);
	log_line(LOG_WARN, "relay=%s:%d %s; next try in %lld s",
	    s->set->conf->smtp.relay.host, s->set->conf->smtp.relay.port,
	    log_quote(r->reply),
	    (long long)(breaker_wait(&s->breaker, now) + 999) / 1000);
}

static void
collect(struct send *s)
{
	struct smtp_result r;

	while (smtp_result(s->smtp, &r)) {
		struct flight *f = r.owner;

		f->result = r;
		f->state = FLIGHT_DOWN;
		f->ended = clock_steady();
		judge_route(s, &r);
	}
}

static void
log_outcome(
    const struct send *s, const struct flight *f, const struct settle *what)
{
	static const char *const words[] = { [SETTLED_SENT] = "sent",
		[SETTLED_LATER] = "later",
		[SETTLED_DEAD] = "given-up",
		[SETTLED_BACK] = "back" };
	static const enum log_level levels[] = { [SETTLED_SENT] = LOG_INFO,
		[SETTLED_LATER] = LOG_NOTE,
		[SETTLED_DEAD] = LOG_WARN,
		[SETTLED_BACK] = LOG_INFO };
	const struct letter *l = &f->letter;
	char tag[64] = "", again[40] = "";

	if (l->ticket != 0)
		snprintf(tag, sizeof(tag), "ticket=%s%lld ",
		    s->set->conf->tickets.prefix, (long long)l->ticket);
	if (what->what == SETTLED_LATER && f->result.outcome != SMTP_ROUTE)
		snprintf(again, sizeof(again), " again-in=%llds",
		    (long long)(what->when - what->now));
	log_line(levels[what->what],
	    "%sletter=%lld kind=%s to=%s relay=%s delay=%llds took=%lldms "
	    "result=%s%s%s %s",
	    tag, (long long)l->id, letter_kind_names[l->kind], l->recipient,
	    s->set->conf->smtp.relay.host, (long long)(what->now - l->created),
	    (long long)f->result.ms, words[what->what],
	    f->result.outcome == SMTP_UNKNOWN ? " outcome=unknown" : "", again,
	    log_quote(f->result.reply));
}

/* One commit for all outcomes that are there; only then they are told. */
static int
settle_in(struct send *s, struct settle *what, struct err *e)
{
	struct db *db = s->set->db;

	if (db_begin(db, e) == -1)
		return -1;
	for (int i = 0; i < FLIGHTS; i++) {
		struct flight *f = &s->flights[i];

		if (f->state != FLIGHT_DOWN)
			continue;
		what[i] = (struct settle){ .db = db,
			.conf = s->set->conf,
			.arena = &s->scratch,
			.now = clock_now(),
			.reported = s->alerted };
		/* ERR_REJECT: taken back by hand before its body. */
		if (settle_letter(&what[i], &f->letter, &f->result, e) == -1 &&
		    e->kind != ERR_REJECT) {
			db_rollback(db);
			return -1;
		}
	}
	return db_commit(db, e);
}

static int
settle(struct send *s, struct err *e)
{
	struct settle what[FLIGHTS];

	arena_reset(&s->scratch);
	if (settle_in(s, what, e) == -1)
		return -1;
	for (int i = 0; i < FLIGHTS; i++) {
		struct flight *f = &s->flights[i];

		if (f->state != FLIGHT_DOWN)
			continue;
		log_outcome(s, f, &what[i]);
		s->unreported |= what[i].late ||
		    (what[i].what == SETTLED_DEAD &&
			f->letter.kind != LETTER_ALERT);
		s->sent += what[i].what == SETTLED_SENT;
		set_free(f);
	}
	return 0;
}

/* Wait for company as long as others are about to end; never with the words of
 * a person, whose letter a crash would double, nor with much memory. */
static bool
time_to_settle(const struct send *s)
{
	int64_t now = clock_steady();
	bool others = count(s, FLIGHT_UP) > 0 ||
	    (count(s, FLIGHT_TAKEN) > 0 && held_for(s) == 0);

	for (int i = 0; i < FLIGHTS; i++) {
		const struct flight *f = &s->flights[i];

		if (f->state == FLIGHT_DOWN &&
		    (!others || !f->letter.automatic ||
			f->letter.size > FLIGHT_KEEP / 8 ||
			now - f->ended >= SETTLE_MS))
			return true;
	}
	return count(s, FLIGHT_DOWN) > FLIGHTS / 2;
}

static void
settle_if_time(struct send *s)
{
	struct err e = { 0 };

	if (!resting(s) && time_to_settle(s) && settle(s, &e) == -1)
		rest(s, &e);
}

/* Humans. */

static void
alert_if_time(struct send *s)
{
	struct err e = { 0 };
	int64_t now = clock_now();
	int told = 0;

	if (!s->unreported || now < s->alerted + ALERT_SECONDS || resting(s))
		return;
	if (alert_write(
		s->set->db, s->set->conf, s->set->dir, now, &told, &e) == -1) {
		err_wrap(&e, "telling the lead");
		rest(s, &e);
		if (e.kind != ERR_RETRY)
			s->unreported = false; /* not in a circle */
		return;
	}
	if (told == 0)
		log_line(LOG_ERROR,
		    "letters were given up and there is "
		    "neither lead nor admin to tell");
	s->alerted = now;
	s->unreported = false;
}

/* The loop. */

static void
wake_in(int64_t *ms, int64_t wait)
{
	if (wait < 0)
		wait = 0;
	if (*ms == -1 || wait < *ms)
		*ms = wait;
}

/* How long nothing happens by itself, in ms; -1: for ever. */
static int64_t
next_moment(const struct send *s)
{
	int64_t steady = clock_steady(), now = clock_now(), ms = -1;
	size_t taken = count(s, FLIGHT_TAKEN);

	if (resting(s)) {
		wake_in(&ms, s->not_before - steady);
		return ms;
	}
	if (taken > 0 && held_for(s) > 0)
		wake_in(&ms, held_for(s));
	else if (taken > 0)
		wake_in(&ms, HANGING_MS);
	else if (s->next_due > 0)
		wake_in(&ms, (s->next_due - now) * 1000);
	if (s->unreported)
		wake_in(&ms, (s->alerted + ALERT_SECONDS - now) * 1000);
	if (smtp_connected(s->smtp) > 0 && smtp_busy(s->smtp) == 0)
		wake_in(&ms, s->quiet_since + KEEP_MS - steady);
	if (count(s, FLIGHT_DOWN) > 0)
		wake_in(&ms, SETTLE_MS);
	return ms;
}

/* -1: told to stop. */
static int
wait_for_more(struct send *s)
{
	int64_t ms = next_moment(s), now = clock_steady();

	if (smtp_busy(s->smtp) > 0) {
		smtp_wait(s->smtp, s->set->wake, ms);
		s->quiet_since = now;
		ms = 0; /* only eat the nudges */
	} else if (smtp_connected(s->smtp) > 0 &&
	    now >= s->quiet_since + KEEP_MS) {
		smtp_hang_up(s->smtp);
		return 0;
	}
	return wake_wait(s->set->wake, ms) == WAKE_STOP ? -1 : 0;
}

/* until_idle only.  1: nothing is due any more; 2: the relay is away. */
static int
finished(const struct send *s, struct err *e)
{
	if (!s->set->until_idle || count(s, FLIGHT_UP) > 0 ||
	    count(s, FLIGHT_DOWN) > 0 || resting(s))
		return 0;
	if (count(s, FLIGHT_TAKEN) == 0)
		return 1;
	if (s->breaker.failures < IDLE_FAILURES)
		return 0;
	err_set(e, ERR_RETRY, "the relay %s:%d does not take letters",
	    s->set->conf->smtp.relay.host, s->set->conf->smtp.relay.port);
	return 2;
}

static int
loop(struct send *s, struct err *e)
{
	for (;;) {
		int end;

		collect(s);
		settle_if_time(s);
		alert_if_time(s);
		start_letters(s);
		end = finished(s, e);
		if (end != 0)
			return end - 1;
		if (wait_for_more(s) == -1)
			return 0;
	}
}

/* No new bodies; what is on the wire gets a few seconds. */
static void
wind_up(struct send *s)
{
	int64_t end = clock_steady() + STOP_MS, now;
	struct err e = { 0 };

	s->stopping = true;
	smtp_stop(s->smtp, false);
	collect(s);
	while (count(s, FLIGHT_UP) > 0 && (now = clock_steady()) < end) {
		smtp_wait(s->smtp, NULL, end - now);
		collect(s);
	}
	smtp_stop(s->smtp, true);
	collect(s);
	for (int i = 0; i < FLIGHTS; i++)
		if (s->flights[i].state == FLIGHT_TAKEN)
			land(&s->flights[i], SMTP_BACK, "");
	if (count(s, FLIGHT_DOWN) > 0 && settle(s, &e) == -1)
		log_err(LOG_ERROR, &e);
}

static int
recover(struct send *s, struct err *e)
{
	struct db *db = s->set->db;
	size_t unknown = 0;
	int rc;

	if (db_begin(db, e) == -1)
		return -1;
	rc = outbox_recover(db, clock_now(), &unknown, e);
	if (rc == 0)
		rc = db_commit(db, e);
	else
		db_rollback(db);
	if (rc == 0 && unknown > 0)
		log_line(LOG_WARN,
		    "%zu letters were on the wire when deskd ended; they go "
		    "again with the same Message-ID",
		    unknown);
	if (rc == 0)
		rc = alert_last(db, &s->alerted, e);
	if (rc == 0)
		rc = alert_due(db, &s->scratch, s->alerted, &s->unreported, e);
	return rc;
}

/* RFC 5321 4.1.4: our name, or where the host has none of more than one word,
 * that of the desk. */
static const char *
helo(const struct send_setting *set, char host[256])
{
	const char *allowed = "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";

	if (gethostname(host, 256) == 0 && memchr(host, '\0', 256) != NULL &&
	    strchr(host, '.') != NULL && host[strspn(host, allowed)] == '\0')
		return host;
	return address_domain(set->conf->address);
}

int
send_run(const struct send_setting *set, struct err *e)
{
	char host[256];
	struct send *s = calloc(1, sizeof(*s));
	struct smtp_relay relay = { .conf = &set->conf->smtp,
		.password = set->password,
		.helo = helo(set, host),
		.body = before_body,
		.ctx = s };
	int rc;

	if (s == NULL)
		return err_set(e, ERR_RETRY, "out of memory");
	s->set = set;
	rate_init(&s->rate, set->conf->smtp.rate);
	rc = recover(s, e);
	if (rc == 0)
		rc = smtp_open(&s->smtp, &relay, e);
	if (rc == 0) {
		rc = loop(s, e);
		wind_up(s);
		smtp_close(s->smtp);
	}
	for (int i = 0; i < FLIGHTS; i++)
		arena_done(&s->flights[i].arena);
	arena_done(&s->scratch);
	free(s);
	return rc;
}
