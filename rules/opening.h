#ifndef RULES_OPENING_H
#define RULES_OPENING_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/rulebook.h"

/*
 * When somebody is there for a ticket, and how a letter says so.  Promises no
 * time of an answer: that is the clock's to do.
 */

/* The calendar that a ticket goes by (sla_choose()).  NULL: there is none, so
 * it is always open. */
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

/*
 * A moment by which something is due, seen from now, to stand behind "by",
 * "bis", "avant" or "antes de": "10:14 today", "9:00 tomorrow", "Tuesday 9:00"
 * of the next six days, "Tuesday, 5 January, 9:00", with the year when it is
 * another.  place: the zone's name, "Europe/Berlin", for who may live in
 * another: " (Berlin time)" is added; NULL: it goes without saying.
 */
char *opening_due(struct arena *a, const struct zone *z, const char *place,
    const char *language, int64_t now, int64_t when);

/* Only the time, "08:00". */
char *opening_time(struct arena *a, const struct zone *z, int64_t when);

#endif
