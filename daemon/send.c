/*
 * The send loop.  Letters are taken from the outbox in memory only: there is no
 * second send process, so a claim need not be durable to be safe.  What must be
 * durable is "the body is on its way", before its first byte leaves.
 */
#include "daemon/send_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/alert.h"
#include "daemon/clock.h"
#include "daemon/log.h"
#include "parser/address.h"

#define KEEP_MS       45000 /* an idle connection is kept so long */
#define STOP_MS       6000  /* for what is on the wire when we are to stop */
#define DATABASE_MS   3000  /* the database did not let us: wait */
#define IDLE_FAILURES 2     /* of the route, then until_idle gives up */

size_t
send_count(const struct send *s, enum flight_state state)
{
	size_t n = 0;

	for (int i = 0; i < FLIGHTS; i++)
		n += s->flights[i].state == state;
	return n;
}

void
flight_free(struct flight *f)
{
	if (f->arena.used > FLIGHT_KEEP)
		arena_done(&f->arena);
	else
		arena_reset(&f->arena);
	f->letter = (struct letter){ 0 };
	f->state = FLIGHT_FREE;
}

/* Nothing is lost when the database refuses: everything stands as it stood. */
void
send_rest(struct send *s, const struct err *e)
{
	log_err(e->kind == ERR_BUG ? LOG_ERROR : LOG_WARN, e);
	s->not_before = clock_steady() + DATABASE_MS;
}

bool
send_resting(const struct send *s)
{
	return clock_steady() < s->not_before;
}

/* A letter that fails before it is on the wire has an outcome like others. */
void
flight_land(struct flight *f, enum smtp_outcome outcome, const char *why)
{
	f->result = (struct smtp_result){ .owner = f, .outcome = outcome };
	snprintf(f->result.reply, sizeof(f->result.reply), "%s", why);
	f->state = FLIGHT_DOWN;
	f->ended = clock_steady();
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
	size_t taken = send_count(s, FLIGHT_TAKEN);

	if (send_resting(s)) {
		wake_in(&ms, s->not_before - steady);
		return ms;
	}
	if (taken > 0 && send_held_for(s) > 0)
		wake_in(&ms, send_held_for(s));
	else if (taken > 0)
		wake_in(&ms, HANGING_MS);
	else if (s->next_due > 0)
		wake_in(&ms, (s->next_due - now) * 1000);
	if (s->unreported)
		wake_in(&ms, (s->alerted + ALERT_SECONDS - now) * 1000);
	if (smtp_connected(s->smtp) > 0 && smtp_busy(s->smtp) == 0)
		wake_in(&ms, s->quiet_since + KEEP_MS - steady);
	if (send_count(s, FLIGHT_DOWN) > 0)
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
	if (!s->set->until_idle || send_count(s, FLIGHT_UP) > 0 ||
	    send_count(s, FLIGHT_DOWN) > 0 || send_resting(s))
		return 0;
	if (send_count(s, FLIGHT_TAKEN) == 0)
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

		send_collect(s);
		send_settle_if_time(s);
		send_alert_if_time(s);
		send_letters(s);
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
	send_collect(s);
	while (send_count(s, FLIGHT_UP) > 0 && (now = clock_steady()) < end) {
		smtp_wait(s->smtp, NULL, end - now);
		send_collect(s);
	}
	smtp_stop(s->smtp, true);
	send_collect(s);
	for (int i = 0; i < FLIGHTS; i++)
		if (s->flights[i].state == FLIGHT_TAKEN)
			flight_land(&s->flights[i], SMTP_BACK, "");
	if (send_count(s, FLIGHT_DOWN) > 0 && send_settle(s, &e) == -1)
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
		.body = send_before_body,
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
