/*
 * Times, spans and repetitions of a calendar.  See calendar_when.h.  It knows
 * no zones and works out no occurrences: a person reads what comes of it.
 */
#include "parser/calendar_when.h"

#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/buf.h"
#include "parser/utf8.h"

#define DAY           INT64_C(86400)
#define ZONE_SHOWN    60
#define DURATION_MAX  (366 * DAY * 10)
#define INTERVAL_MAX  1000
#define YEAR_MAX      2100 /* and what lasts ten years can still be said */
#define WHEN_TEXT_MAX 64

static const char *const day_names[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
	"Fri", "Sat" };

/* n digits at s; -1: there are fewer. */
static int
digits(const char *s, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		if (!ascii_digit(s[i]))
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	return v;
}

/* Days since 1970 (Gregorian), -1 for a day that does not exist. */
static int64_t
day_number(int year, int month, int day)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243,
		273, 304, 334, 365 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	int64_t y = year - 1;

	if (year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1 ||
	    day > before[month] - before[month - 1] + (month == 2 && leap))
		return -1;
	return y * 365 + y / 4 - y / 100 + y / 400 - 719162 +
	    before[month - 1] + (month > 2 && leap) + day - 1;
}

/* "/mozilla.org/20070129_1/Europe/Berlin": the name is at the end. */
static const char *
zone_name(struct arena *a, const char *zone)
{
	const char *last, *p;

	if (zone == NULL || *zone == '\0')
		return NULL;
	if (*zone == '/' && (last = strrchr(zone, '/')) != zone)
		for (p = last; --p >= zone;)
			if (*p == '/') {
				zone = p + 1;
				break;
			}
	zone = utf8_line(a, zone, ZONE_SHOWN);
	return *zone == '\0' ? NULL : zone;
}

bool
calendar_moment(
    struct arena *a, const char *value, const char *zone, struct moment *out)
{
	struct moment m = { .set = true };
	int hour, minute, second;
	int64_t day;

	value += strspn(value, " \t");
	day = day_number(digits(value, 4),
	    digits(value, 4) < 0 ? 0 : digits(value + 4, 2),
	    digits(value, 6) < 0 ? 0 : digits(value + 6, 2));
	if (day < 0 || digits(value, 4) > YEAR_MAX)
		return false;
	value += 8;
	m.at = day * DAY;
	if (*value != 'T' && *value != 't') {
		m.day = true;
		*out = m;
		return true;
	}
	hour = digits(value + 1, 2);
	minute = hour < 0 ? -1 : digits(value + 3, 2);
	second = minute < 0 || !ascii_digit(value[5]) ? 0
						      : digits(value + 5, 2);
	if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 ||
	    second > 60)
		return false;
	m.at += hour * INT64_C(3600) + minute * INT64_C(60);
	value += 1 + strspn(value + 1, "0123456789");
	m.zone = *value == 'Z' || *value == 'z' ? "UTC" : zone_name(a, zone);
	*out = m;
	return true;
}

bool
duration_read(const char *s, int64_t *seconds)
{
	static const char units[] = "wdhms";
	static const int64_t size[] = { 7 * DAY, DAY, 3600, 60, 1 };
	bool minus = *s == '-', any = false;
	int64_t all = 0;

	s += *s == '-' || *s == '+';
	if (ascii_lower(*s++) != 'p')
		return false;
	while (*s != '\0') {
		int64_t v = 0;
		const char *unit;

		if (*s == 'T' || *s == 't') {
			s++;
			continue;
		}
		for (; ascii_digit(*s) && v < DURATION_MAX; s++)
			v = v * 10 + (*s - '0');
		unit = ascii_alpha(*s) ? strchr(units, ascii_lower(*s)) : NULL;
		if (unit == NULL || v >= DURATION_MAX)
			return false;
		all += v * size[unit - units];
		if (all > DURATION_MAX)
			return false;
		any = true;
		s++;
	}
	if (!any)
		return false;
	*seconds = minus ? -all : all;
	return true;
}

/* By hand: gmtime(3) opens the file of the local zone, and the box kills who
 * opens a file. */
static void
say_day(struct buf *b, int64_t at)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int64_t day = (at >= 0 ? at : at - DAY + 1) / DAY;
	int year = 1970 + (int)(day / 366), month = 1;

	while (day_number(year + 1, 1, 1) <= day && year < 2200)
		year++;
	while (month < 12 && day_number(year, month + 1, 1) <= day)
		month++;
	buf_printf(b, "%s %d %s %d", day_names[((day + 4) % 7 + 7) % 7],
	    (int)(day - day_number(year, month, 1)) + 1, months[month - 1],
	    year);
}

static void
say_time(struct buf *b, int64_t at)
{
	int64_t minute = at % DAY / 60;

	buf_printf(b, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

static void
say_zone(struct buf *b, const char *zone)
{
	if (zone != NULL)
		buf_printf(b, " (%s)", zone);
}

static bool
same_zone(const struct moment *x, const struct moment *y)
{
	return x->zone == y->zone ||
	    (x->zone != NULL && y->zone != NULL &&
		strcasecmp(x->zone, y->zone) == 0);
}

/* RFC 5545 3.6.1: the end of an all-day event is the day after its last. */
static void
say_days(struct buf *b, const struct moment *from, const struct moment *to)
{
	say_day(b, from->at);
	if (to->set && to->at - DAY > from->at) {
		buf_str(b, " – ");
		say_day(b, to->at - DAY);
	}
	buf_str(b, " (all day)");
}

char *
span_text(struct arena *a, const struct moment *from, const struct moment *to)
{
	bool same = to->set && same_zone(from, to);
	struct buf b;
	char *text;

	buf_init(&b, 400);
	if (from->day) {
		say_days(&b, from, to);
	} else {
		say_day(&b, from->at);
		buf_char(&b, ' ');
		say_time(&b, from->at);
		if (to->set && !same)
			say_zone(&b, from->zone);
		if (to->set && same && to->at > from->at &&
		    to->at / DAY == from->at / DAY) {
			buf_str(&b, "–");
			say_time(&b, to->at);
		} else if (to->set && (!same || to->at > from->at)) {
			buf_str(&b, " – ");
			say_day(&b, to->at);
			buf_char(&b, ' ');
			say_time(&b, to->at);
		}
		say_zone(&b, to->set ? to->zone : from->zone);
	}
	text = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return text;
}

/* The value of one part of a rule, "" when it is not there or too long. */
static const char *
rule_part(const char *rule, const char *name, char out[WHEN_TEXT_MAX])
{
	size_t n = strlen(name);

	out[0] = '\0';
	while (*rule != '\0') {
		size_t k = strcspn(rule, ";");

		if (k > n && rule[n] == '=' &&
		    strncasecmp(rule, name, n) == 0 && k - n <= WHEN_TEXT_MAX) {
			memcpy(out, rule + n + 1, k - n - 1);
			out[k - n - 1] = '\0';
			return out;
		}
		rule += k + (rule[k] == ';');
	}
	return out;
}

static int
small_number(const char *s)
{
	int v = 0;

	for (; ascii_digit(*s) && v < INTERVAL_MAX; s++)
		v = v * 10 + (*s - '0');
	return *s == '\0' && v < INTERVAL_MAX ? v : 0;
}

/* "MO,WE" as " on Mon, Wed"; what is more than days is not said. */
static void
say_weekdays(struct buf *b, const char *list)
{
	static const char codes[] = "SUMOTUWETHFRSA";
	size_t n = strlen(list);

	if (n == 0 || n > strlen(codes) * 3 / 2 || n % 3 != 2)
		return;
	for (size_t i = 0; i < n; i += 3) {
		size_t k = 0;

		while (k < 7 && strncasecmp(codes + k * 2, list + i, 2) != 0)
			k++;
		if (k == 7 || (list[i + 2] != ',' && list[i + 2] != '\0'))
			return;
		buf_printf(b, "%s%s", i == 0 ? " on " : ", ", day_names[k]);
	}
}

static void
say_end(struct buf *b, struct arena *a, const char *rule)
{
	char text[WHEN_TEXT_MAX];
	struct moment until;
	int count = small_number(rule_part(rule, "COUNT", text));

	if (count > 0)
		buf_printf(b, ", %d time%s", count, count == 1 ? "" : "s");
	else if (calendar_moment(
		     a, rule_part(rule, "UNTIL", text), NULL, &until)) {
		buf_str(b, " until ");
		say_day(b, until.at);
	}
}

char *
repeat_text(struct arena *a, const char *rule)
{
	static const struct {
		const char *freq, *once, *unit;
	} rates[] = {
		{ "DAILY", "daily", "days" },
		{ "WEEKLY", "weekly", "weeks" },
		{ "MONTHLY", "monthly", "months" },
		{ "YEARLY", "yearly", "years" },
		{ "HOURLY", "hourly", "hours" },
		{ "MINUTELY", "every minute", "minutes" },
	};
	char text[WHEN_TEXT_MAX];
	struct buf b;
	char *out;
	int every = small_number(rule_part(rule, "INTERVAL", text));

	buf_init(&b, 200);
	buf_str(&b, "repeats");
	rule_part(rule, "FREQ", text);
	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		if (strcasecmp(text, rates[i].freq) != 0)
			continue;
		if (every > 1)
			buf_printf(&b, " every %d %s", every, rates[i].unit);
		else
			buf_printf(&b, " %s", rates[i].once);
	}
	if (strcasecmp(text, "WEEKLY") == 0)
		say_weekdays(&b, rule_part(rule, "BYDAY", text));
	say_end(&b, a, rule);
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return out;
}
