#ifndef PARSER_CALENDAR_WHEN_H
#define PARSER_CALENDAR_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/arena.h"

/*
 * Times of a calendar (RFC 5545 3.3.4 to 3.3.10) and how they are said.  A
 * time is kept as the clock on the wall there shows it, with the name of its
 * zone: nothing is converted, so no table of zones can be wrong.
 */
struct moment {
	bool set;
	bool day;         /* a date without a time */
	int64_t at;       /* seconds since 1970 on that clock */
	const char *zone; /* "UTC", "Europe/Berlin"; NULL: wherever you are */
};

/* "20261123", "20261123T100000", "20261123T090000Z".  false: it is none. */
bool calendar_moment(
    struct arena *a, const char *value, const char *zone, struct moment *out);

/* "P1DT2H30M", "-PT15M", "P2W" in seconds.  false: it is none. */
bool duration_read(const char *s, int64_t *seconds);

/* "Mon 23 Nov 2026 10:00–11:00 (Europe/Berlin)"; to need not be set. */
char *span_text(
    struct arena *a, const struct moment *from, const struct moment *to);

/* An RRULE as "repeats every 2 weeks on Mon, Wed, 10 times". */
char *repeat_text(struct arena *a, const char *rule);

#endif
