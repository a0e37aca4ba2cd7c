/* Counting in open time.  See the header. */
#include "rules/worktime.h"

#include "rules/hours_private.h"

/* The years 1 to 9999: what a calendar can name, and far from overflow. */
#define FIRST_MOMENT INT64_C(-62135596800)
#define LAST_MOMENT  INT64_C(253402300799)

static int64_t
bounded(int64_t when)
{
	if (when < FIRST_MOMENT)
		return FIRST_MOMENT;
	return when > LAST_MOMENT ? LAST_MOMENT : when;
}

/* Where the look from there ends. */
static int64_t
horizon(int64_t from)
{
	return from + WORKTIME_LOOK;
}

int64_t
worktime_between(const struct hours *h, int64_t from, int64_t to)
{
	struct hours_walk w;
	struct open_piece p;
	int64_t sum = 0;

	from = bounded(from);
	to = bounded(to);
	if (to > horizon(from))
		to = horizon(from);
	if (to <= from)
		return 0;
	if (h == NULL)
		return to - from;
	hours_walk_begin(&w, h, from, to);
	while (hours_walk_next(&w, &p))
		sum += p.to - p.from;
	return sum;
}

int64_t
worktime_add(const struct hours *h, int64_t from, int64_t seconds)
{
	struct hours_walk w;
	struct open_piece p;

	if (seconds <= 0)
		return from;
	if (from < FIRST_MOMENT || from > LAST_MOMENT ||
	    seconds > WORKTIME_LOOK)
		return WORKTIME_NEVER;
	if (h == NULL)
		return from + seconds;
	hours_walk_begin(&w, h, from, horizon(from));
	while (hours_walk_next(&w, &p)) {
		if (p.to - p.from >= seconds)
			return p.from + seconds;
		seconds -= p.to - p.from;
	}
	return WORKTIME_NEVER;
}

int64_t
worktime_days(const struct hours *h, int64_t from, int64_t n)
{
	struct hours_walk w;
	struct open_piece p;
	struct civil time, day;
	int64_t last;

	if (n <= 0)
		return 0;
	if (from < FIRST_MOMENT || from > LAST_MOMENT ||
	    n > WORKTIME_LOOK / DAY_SECONDS)
		return WORKTIME_NEVER;
	if (h == NULL)
		return n * DAY_SECONDS;
	hours_walk_begin(&w, h, from, horizon(from));
	if (!hours_walk_next(&w, &p))
		return WORKTIME_NEVER;
	time = zone_civil(h->zone, p.from);
	last = p.day;
	while (n > 0) {
		if (!hours_walk_next(&w, &p))
			return WORKTIME_NEVER;
		/* A clock put back over midnight brings a day twice. */
		if (p.day > last) {
			last = p.day;
			n--;
		}
	}
	day = zone_civil(NULL, last * DAY_SECONDS);
	day.minute = time.minute;
	day.second = time.second;
	return worktime_between(h, from, zone_moment(h->zone, &day));
}

int64_t
worktime_add_days(const struct hours *h, int64_t from, int64_t n)
{
	int64_t seconds = worktime_days(h, from, n);

	return seconds == WORKTIME_NEVER ? WORKTIME_NEVER
					 : worktime_add(h, from, seconds);
}
