#ifndef RULES_HOURS_PRIVATE_H
#define RULES_HOURS_PRIVATE_H

#include "rules/holidays.h"
#include "rules/hours.h"

/* What hours are made of, for the files that count in them. */

#define DAY_MINUTES 1440
#define DAY_SECONDS INT64_C(86400)

struct span {
	int from, to; /* minutes of the day */
};

struct hours {
	const struct zone *zone;
	bool always;
	struct span *week[7]; /* by their beginnings; they may overlap */
	size_t week_n[7], week_cap[7];
	struct closed_days closed;
};

/* The spans of a day since 1970; none when it is closed. */
size_t hours_spans(const struct hours *h, int64_t day, const struct span **out);

/* Open without a break, all of it on one day of the wall. */
struct open_piece {
	int64_t from, to; /* moments, the second is closed */
	int64_t day;      /* since 1970 */
};

/*
 * The open pieces of a time, in order.  Exactly the seconds for which
 * hours_open() holds: an hour that comes twice in autumn is open twice, one
 * that is left out in spring is not there.  Pieces may touch (at midnight, and
 * where the clock changes).  One step is a day at most.
 */
struct hours_walk {
	const struct hours *hours;
	int64_t at, end; /* what is left to look at */
	int64_t change;  /* until then the offset holds */
	int64_t offset;  /* seconds east of UTC */
	int64_t day;     /* the day in hand, its first second by this
	                  * offset, and where it or the offset ends */
	int64_t base, until;
	const struct span *spans; /* of the day */
	size_t n, next;
};

void hours_walk_begin(
    struct hours_walk *w, const struct hours *h, int64_t from, int64_t end);
/* false: there is no more before the end. */
bool hours_walk_next(struct hours_walk *w, struct open_piece *out);

#endif
