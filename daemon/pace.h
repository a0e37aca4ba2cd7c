#ifndef DAEMON_PACE_H
#define DAEMON_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/conf.h"
#include "store/outbox.h"

/*
 * When a letter may go: the schedules of RELIABILITY 4.4, the rate of letters,
 * the breaker of a route.  Pure: time and dice are arguments.
 */

/* How patient a kind of letter is. */
struct pace_plan {
	bool again;   /* false: give up */
	bool late;    /* the listed tries are used up for the first time */
	int64_t when; /* seconds */
};

/*
 * A letter failed in a way that counts: `tries` with this one.  dice is from 0
 * to 400: the wait is 80 to 120 % of the table's, so that letters that failed
 * together do not come back together.
 */
struct pace_plan pace_retry(const struct conf_smtp *c, const struct letter *l,
    int tries, int64_t now, int dice);
/* The outcome is not known; l->unknowns is without this time. */
struct pace_plan pace_unknown(const struct conf_smtp *c, const struct letter *l,
    int tries, int64_t now, int dice);
/* Too late to be of use, even if the route was at fault? */
bool pace_stale(const struct letter *l, int64_t now);

/*
 * Letters a minute, evenly (GCRA): `burst` may go at once, then one every
 * interval.  Times are milliseconds of a clock that never jumps.
 */
struct rate {
	int64_t interval, slack; /* 0: no limit */
	int64_t next; /* when the next one were due at an even pace */
};
void rate_init(struct rate *r, int64_t per_minute);
/* How long until one may go; 0: now. */
int64_t rate_wait(const struct rate *r, int64_t now);
/* How many may go now. */
int64_t rate_room(const struct rate *r, int64_t now);
void rate_take(struct rate *r, int64_t now);

/*
 * The breaker: after errors of the route we keep still, a few seconds at
 * first, from the fifth in a row a minute, doubling to ten.  One good letter
 * closes it.
 */
#define BREAKER_LIMIT 5
struct breaker {
	int failures;
	int64_t until; /* steady milliseconds; 0: closed */
};
void breaker_fail(struct breaker *b, int64_t now);
/* A wrong password does not get better by trying: open at once. */
void breaker_trip(struct breaker *b, int64_t now);
void breaker_good(struct breaker *b);
int64_t breaker_wait(const struct breaker *b, int64_t now);

#endif
