#ifndef RULES_HOURS_H
#define RULES_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/conf_tree.h"
#include "parser/err.h"

/*
 * Opening hours: the block `calendar` of the configuration (CONFIG 10), in the
 * local time of its zone, daylight saving included.  Pure: the caller hands
 * over the bytes of zone files (RFC 8536) and of holiday files (RFC 5545).
 */

/* A time zone; NULL stands for UTC. */
struct zone;
/* ERR_REJECT: these bytes are no zone file. */
int zone_read(struct arena *a, const void *bytes, size_t n, struct zone **out,
    struct err *e);
/* Seconds east of UTC at that moment. */
int zone_offset(const struct zone *z, int64_t when);
/* A moment after `when` up to which the offset stays; INT64_MAX: for ever. */
int64_t zone_next_change(const struct zone *z, int64_t when);

/* A day and time of the wall. */
struct civil {
	int year, month, day; /* 2026, 1 to 12, 1 to 31 */
	int weekday;          /* 0: Monday */
	int minute;           /* of the day */
	int second;
};
struct civil zone_civil(const struct zone *z, int64_t when);
/* The day of the wall, counted from 1970-01-01, and its day of the week. */
int64_t zone_day(const struct zone *z, int64_t when);
int day_weekday(int64_t day);
/* The moment of a wall time; one that is skipped in spring is the first moment
 * after the gap, one that comes twice in autumn is the first. */
int64_t zone_moment(const struct zone *z, const struct civil *c);
/* Days since 1970-01-01. */
int64_t civil_days(int year, int month, int day);

struct hours;

/* What the block names but does not hold; out must live as long as the result.
 */
struct hours_source {
	int (*zone)(void *ctx, struct arena *a, const char *name,
	    struct zone **out, struct err *e);
	/* A holiday file. */
	int (*holidays)(void *ctx, struct arena *a, const char *path,
	    char **bytes, size_t *n, struct err *e);
	void *ctx;
};

/* block: a checked `calendar`; zone: of the desk, when the block names none. */
int hours_build(struct arena *a, const struct conf_node *block,
    const char *zone, const struct hours_source *src, struct hours **out,
    struct err *e);

/* How many days of an ordinary week have hours. */
int hours_weekdays(const struct hours *h);
bool hours_open(const struct hours *h, int64_t when);
/* The next moment at or after `when` that is open (closed); INT64_MAX: none
 * within two years. */
int64_t hours_next_open(const struct hours *h, int64_t when);
int64_t hours_next_closed(const struct hours *h, int64_t when);
/* Why it is closed then: "Year-end shutdown", "New Year's Day", or NULL. */
const char *hours_closed_why(const struct hours *h, int64_t when);

#endif
