#ifndef RULES_WORKTIME_H
#define RULES_WORKTIME_H

#include "rules/hours.h"

/*
 * Counting in open time.  Hours that are NULL are always open.  Open is what
 * hours_open() says, by the second: holidays, closed spans, lunch breaks and
 * both nights in which the clock changes included.
 *
 * Moments count from 1970.  Nothing here overflows, whatever is handed in, and
 * nothing looks further ahead than WORKTIME_LOOK: what would be later is never
 * (WORKTIME_NEVER).  The price is a step a day at most.
 */
#define WORKTIME_NEVER INT64_MAX
#define WORKTIME_LOOK  (INT64_C(1096) * 86400) /* three years, in seconds */

/* Open seconds from `from` (counted) to `to` (not counted).  0 when `to` is not
 * later; of a longer time only the first WORKTIME_LOOK is looked at. */
int64_t worktime_between(const struct hours *h, int64_t from, int64_t to);

/*
 * The first moment at which that many open seconds have gone by since `from`:
 * two hours before closing time, two hours end at closing time and not when it
 * opens again.  None (or less) ends at once.
 */
int64_t worktime_add(const struct hours *h, int64_t from, int64_t seconds);

/*
 * How many open seconds n working days are that begin at `from`.  A working day
 * is a day of the wall with at least a second open.  A count that begins while
 * it is closed begins when it opens.  It ends at the same time of day on the
 * nth working day after that one; of a day that is not open then, only what is
 * open before counts.  Monday to Thursday 8 to 18, Friday 8 to 16:
 *
 *	from               1d is                worktime_add_days()
 *	Tuesday 9:14       to Wednesday 9:14    Wednesday 9:14
 *	Thursday 17:00     to Friday 16:00      Friday 16:00
 *	Saturday           Monday, all of it    Monday 18:00
 *	Monday 8:00        Monday, all of it    Monday 18:00
 *
 * The last two are not Tuesday 8:00: nothing is open in between, and the first
 * such moment is what is promised.  WORKTIME_NEVER: so many days are not in
 * sight.
 */
int64_t worktime_days(const struct hours *h, int64_t from, int64_t n);

/* worktime_add() of worktime_days(). */
int64_t worktime_add_days(const struct hours *h, int64_t from, int64_t n);

#endif
