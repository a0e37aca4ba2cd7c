/* Moments as people write them on a command line.  Pure but for the zone. */
#define _XOPEN_SOURCE 700 /* strptime() */
#include "daemon/when.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define DAY INT64_C(86400)

static bool
ago(const char *word, int64_t now, int64_t *when)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} units[] = {
		{ "s", 1 },
		{ "min", 60 },
		{ "m", 60 },
		{ "h", 3600 },
		{ "d", DAY },
		{ "w", 7 * DAY },
	};
	char *end;
	long n = strtol(word, &end, 10);

	if (end == word || n < 0 || n > 100000)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(end, units[i].name) == 0) {
			*when = now - n * units[i].seconds;
			return true;
		}
	return false;
}

/* The start of a day that is `back` days before the one of now. */
static int64_t
midnight(int64_t now, int back, struct tm *tm)
{
	time_t t = (time_t)now;

	if (localtime_r(&t, tm) == NULL)
		return now;
	tm->tm_mday -= back;
	tm->tm_hour = tm->tm_min = tm->tm_sec = 0;
	tm->tm_isdst = -1;
	return (int64_t)mktime(tm);
}

static bool
weekday(const char *word, int64_t now, int64_t *when)
{
	static const char *const names[] = { "sunday", "monday", "tuesday",
		"wednesday", "thursday", "friday", "saturday" };
	size_t n = strlen(word);
	struct tm tm = { 0 };

	midnight(now, 0, &tm);
	if (strcasecmp(word, "today") == 0 ||
	    strcasecmp(word, "yesterday") == 0) {
		*when = midnight(now, strlen(word) == 5 ? 0 : 1, &tm);
		return true;
	}
	for (int i = 0; i < 7 && n >= 3; i++)
		if (strncasecmp(word, names[i], n) == 0) {
			*when = midnight(now, (tm.tm_wday - i + 7) % 7, &tm);
			return true;
		}
	return false;
}

/* Does mktime() agree, or did it turn 31 February into March?  A year of three
 * digits is a slip of the finger. */
static bool
make(struct tm *tm, int64_t *when)
{
	struct tm was = *tm;
	time_t t;

	tm->tm_isdst = -1;
	t = mktime(tm);
	if (t == (time_t)-1 || was.tm_year < 70 || was.tm_mday != tm->tm_mday ||
	    was.tm_mon != tm->tm_mon)
		return false;
	*when = (int64_t)t;
	return true;
}

static bool
calendar(const char *word, int64_t now, int64_t *when)
{
	static const char *const forms[] = { "%Y-%m-%d", "%Y-%m-%dT%H:%M",
		"%Y-%m-%d %H:%M", "%H:%M" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm = { 0 };
		const char *end;

		midnight(now, 0, &tm);
		end = strptime(word, forms[i], &tm);
		if (end != NULL && *end == '\0')
			return make(&tm, when);
	}
	return false;
}

bool
when_parse(const char *word, int64_t now, int64_t *when)
{
	return ago(word, now, when) || weekday(word, now, when) ||
	    calendar(word, now, when);
}
