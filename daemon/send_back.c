/*
 * What came of letters: taken from the wire, held against the route, written
 * down in commits that they share, and told to people when it is bad.
 */
#include "daemon/send_private.h"

#include <stdio.h>

#include "daemon/alert.h"
#include "daemon/clock.h"
#include "daemon/log.h"

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
			flight_land(&s->flights[i], SMTP_BACK, "");
	if (r->stage == SMTP_LINK && r->code / 100 == 5)
		breaker_trip(&s->breaker, now);
	else
		breaker_fail(&s->breaker, now);
	log_line(LOG_WARN, "relay=%s:%d %s; next try in %lld s",
	    s->set->conf->smtp.relay.host, s->set->conf->smtp.relay.port,
	    log_quote(r->reply),
	    (long long)(breaker_wait(&s->breaker, now) + 999) / 1000);
}

void
send_collect(struct send *s)
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

int
send_settle(struct send *s, struct err *e)
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
		flight_free(f);
	}
	return 0;
}

/* Wait for company as long as others are about to end; never with the words of
 * a person, whose letter a crash would double, nor with much memory. */
static bool
time_to_settle(const struct send *s)
{
	int64_t now = clock_steady();
	bool others = send_count(s, FLIGHT_UP) > 0 ||
	    (send_count(s, FLIGHT_TAKEN) > 0 && send_held_for(s) == 0);

	for (int i = 0; i < FLIGHTS; i++) {
		const struct flight *f = &s->flights[i];

		if (f->state == FLIGHT_DOWN &&
		    (!others || !f->letter.automatic ||
			f->letter.size > FLIGHT_KEEP / 8 ||
			now - f->ended >= SETTLE_MS))
			return true;
	}
	return send_count(s, FLIGHT_DOWN) > FLIGHTS / 2;
}

void
send_settle_if_time(struct send *s)
{
	struct err e = { 0 };

	if (!send_resting(s) && time_to_settle(s) && send_settle(s, &e) == -1)
		send_rest(s, &e);
}

/* Humans. */

void
send_alert_if_time(struct send *s)
{
	struct err e = { 0 };
	int64_t now = clock_now();
	int told = 0;

	if (!s->unreported || now < s->alerted + ALERT_SECONDS ||
	    send_resting(s))
		return;
	if (alert_write(
		s->set->db, s->set->conf, s->set->dir, now, &told, &e) == -1) {
		err_wrap(&e, "telling the lead");
		send_rest(s, &e);
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
