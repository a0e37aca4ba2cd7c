#ifndef RULES_OPENING_H
#define RULES_OPENING_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/rulebook.h"

/*
 * When somebody is there for a ticket, and how a letter says so.  Promises no
 * time of an answer: that is the clock's to do.
 */

/*
 * The calendar that a ticket goes by: that of its SLA (the one a rule gave it,
 * else its organisation's, else its team's) and priority; else the first of the
 * configuration.  NULL: there is none, so it is always open.
 */
const struct hours *opening_hours(
    const struct rulebook *b, const struct ticket *t, const char *sla);

/* "Monday, 23 November, 08:00" in words of the language, in the zone's time;
 * "2026-11-23, 08:00" in languages that are not known here. */
char *opening_words(
    struct arena *a, const struct zone *z, const char *language, int64_t when);

/* The same in short, seen from now: "9:52" on the same day, "12 May, 9:52" in
 * the same year, else "12 May 2025". */
char *opening_short(struct arena *a, const struct zone *z, const char *language,
    int64_t now, int64_t when, bool seconds);

/* "12 May", or "12 May 2025" of another year than now. */
char *opening_day(struct arena *a, const struct zone *z, const char *language,
    int64_t now, int64_t when);

/* "Friday, 31 July 2026, 08:00"; "2026-07-31, 08:00" in languages that are not
 * known here. */
char *opening_date(
    struct arena *a, const struct zone *z, const char *language, int64_t when);

/* Only the time, "08:00". */
char *opening_time(struct arena *a, const struct zone *z, int64_t when);

#endif
