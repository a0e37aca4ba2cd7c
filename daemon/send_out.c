/*
 * Letters on their way out: which are taken into memory, when the next one may
 * start, and the commit that stands before the first byte of a body.
 */
#include "daemon/send_private.h"

#include <string.h>

#include "daemon/clock.h"

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
int
send_before_body(void *ctx, void *owner)
{
	struct send *s = ctx;
	struct flight *f = owner;
	struct err e = { 0 };

	if (s->stopping)
		return -1;
	if (!f->body && !f->gone && commit_bodies(s, f, &e) == -1) {
		send_rest(s, &e);
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
	size_t waiting = send_count(s, FLIGHT_TAKEN);
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
			flight_free(f);
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
		flight_land(f, SMTP_REJECTED, e->text);
		return 0;
	}
	f->letter = l;
	/* Unless a human asked for it by hand, after it was too late. */
	if (pace_stale(&l, clock_now()) && !pace_stale(&l, l.next_at)) {
		flight_land(
		    f, SMTP_REJECTED, "too late: so old it only confuses");
		return 0;
	}
	if (strcmp(l.state, "pending") != 0 && strcmp(l.state, "sending") != 0)
		flight_free(f); /* dropped by hand while it waited here */
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
		flight_land(f, SMTP_REJECTED, e->text);
		return 0;
	}
	f->state = FLIGHT_UP;
	rate_take(&s->rate, clock_steady());
	return 0;
}

/* How long the letters in memory have to wait for the route; 0: they may go. */
int64_t
send_held_for(const struct send *s)
{
	int64_t now = clock_steady();
	int64_t breaker = breaker_wait(&s->breaker, now);
	int64_t rate = rate_wait(&s->rate, now);

	return rate > breaker ? rate : breaker;
}

void
send_letters(struct send *s)
{
	struct err e = { 0 };

	while (!send_resting(s)) {
		struct flight *f;

		if (send_count(s, FLIGHT_TAKEN) == 0 && take(s, &e) == -1) {
			send_rest(s, &e);
			return;
		}
		f = next_taken(s);
		if (f == NULL || send_held_for(s) > 0 ||
		    smtp_busy(s->smtp) >= connections(s))
			return;
		if (start(s, f, &e) == -1) {
			send_rest(s, &e);
			return;
		}
	}
}
