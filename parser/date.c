/*
 * Dates of mails: RFC 5322 3.3, its obsolete forms, asctime(3), RFC 3339 and
 * month names of a few languages, read word by word in any order that makes
 * sense.  And the two forms that we write.
 */
#include "parser/date.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "parser/ascii.h"
#include "parser/date_names.h"

#define SANE_FROM 0          /* 1970 */
#define SANE_TO   4133980800 /* 2101 */

struct parts {
	int year, month, day; /* 0: not seen; month from 1 */
	int hour, minute, second;
	int zone; /* minutes */
	bool has_time, has_zone, pm, am;
};

static bool
is_letter(char c)
{
	return ascii_alpha(c) || (unsigned char)c >= 0x80;
}

/* Up to six digits at *p; -1 when there are none or too many. */
static int
number(const char **p, const char *end, int *digits)
{
	const char *s = *p;
	int v = 0;

	for (; *p < end && ascii_digit(**p); ++*p)
		if (*p - s < 7)
			v = v * 10 + (**p - '0');
	*digits = (int)(*p - s);
	return *digits == 0 || *digits > 6 ? -1 : v;
}

/* Seconds since 1970 of a day in UTC (Howard Hinnant's days_from_civil). */
static int64_t
days(int64_t y, int m, int d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = y / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static int
month_days(int year, int month)
{
	static const int n[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return n[month - 1] + (month == 2 && leap);
}

/* "10:11", "10:11:12", "10:11:12.5": the hour has been read. */
static bool
read_time(struct parts *t, int hour, const char **p, const char *end)
{
	int digits;

	++*p;
	t->hour = hour;
	t->minute = number(p, end, &digits);
	t->second = 0;
	if (*p + 1 < end && **p == ':' && ascii_digit((*p)[1])) {
		++*p;
		t->second = number(p, end, &digits);
	}
	if (*p + 1 < end && (**p == '.' || **p == ',') &&
	    ascii_digit((*p)[1])) {
		++*p;
		(void)number(p, end, &digits);
	}
	t->has_time = true;
	return t->minute >= 0 && t->second >= 0;
}

/* "+0200", "+02:00", "+2"; one that cannot be counts as UTC. */
static void
read_zone(struct parts *t, const char **p, const char *end)
{
	int sign = **p == '-' ? -1 : 1, digits, v;

	++*p;
	v = number(p, end, &digits);
	if (digits <= 2 && *p + 1 < end && **p == ':' && ascii_digit((*p)[1])) {
		++*p;
		v = v * 100 + number(p, end, &digits);
	} else if (digits <= 2) {
		v *= 100;
	}
	t->has_zone = true;
	t->zone = 0;
	if (v >= 0 && v <= 1400 && v % 100 < 60)
		t->zone = sign * (v / 100 * 60 + v % 100);
}

/* A number that stands alone: the day or the year, by its size and place. */
static void
read_number(struct parts *t, int v, int digits)
{
	if (digits <= 2 && t->day == 0 && v >= 1 && v <= 31) {
		t->day = v;
	} else if (t->year == 0 && digits >= 2 && digits <= 4) {
		t->year = digits == 4 ? v
		    : digits == 3     ? v + 1900
		    : v < 50          ? v + 2000
				      : v + 1900;
	}
}

static void
read_word(struct parts *t, const char **p, const char *end)
{
	const char *s = *p;
	size_t n;
	int month;

	while (*p < end && is_letter(**p))
		++*p;
	n = (size_t)(*p - s);
	t->pm |= n == 2 && strncasecmp(s, "pm", 2) == 0;
	t->am |= n == 2 && strncasecmp(s, "am", 2) == 0;
	if (t->has_time && !t->has_zone && date_zone(s, n, &t->zone)) {
		t->has_zone = n > 1;
		return;
	}
	/* the last one before the year: "mar." is also a day of the week */
	month = t->year == 0 ? date_month(s, n) : 0;
	if (month != 0)
		t->month = month;
}

/* n digits that stand at s; -1: they do not. */
static int
fixed(const char *s, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (!ascii_digit(s[i]))
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	return v;
}

/* "2026-03-03", then perhaps "T10:11:12Z".  false: it is no such thing. */
static bool
read_iso(struct parts *t, const char **p, const char *end)
{
	const char *s = *p;

	if (end - s < 10 || fixed(s, 4) < 0 || s[4] != '-' ||
	    fixed(s + 5, 2) < 1 || fixed(s + 5, 2) > 12 || s[7] != '-' ||
	    fixed(s + 8, 2) < 0)
		return false;
	t->year = fixed(s, 4);
	t->month = fixed(s + 5, 2);
	t->day = fixed(s + 8, 2);
	*p += 10;
	if (*p < end && (**p == 'T' || **p == 't'))
		++*p;
	return true;
}

/* "3.3.2026", "2026/3/3", "20260303".  What may be the third of April as well
 * as the fourth of March is no date.  false: it is no such thing. */
static bool
read_numeric(struct parts *t, const char **p, const char *end)
{
	const char *s = *p;
	int v[3], digits[3], n = 0;
	char mark = '\0';

	if (end - s >= 8 && fixed(s, 8) >= 0 &&
	    (end - s == 8 || !ascii_digit(s[8]))) {
		t->year = fixed(s, 4);
		t->month = fixed(s + 4, 2);
		t->day = fixed(s + 6, 2);
		*p += 8;
		*p += end - *p > 1 && **p == 'T';
		if (end - *p >= 6 && fixed(*p, 6) >= 0) {
			t->has_time = true;
			t->hour = fixed(*p, 2);
			t->minute = fixed(*p + 2, 2);
			t->second = fixed(*p + 4, 2);
			*p += 6;
		}
		return t->month >= 1 && t->month <= 12;
	}
	for (; n < 3; n++) {
		if (n > 0 && (s == end || (n > 1 && *s != mark)))
			return false;
		if (n > 0)
			mark = *s++;
		if (s == end || !ascii_digit(*s) ||
		    strchr("./-", n > 0 ? mark : '.') == NULL)
			return false;
		v[n] = number(&s, end, &digits[n]);
	}
	if (digits[0] == 4 && digits[1] <= 2 && digits[2] <= 2) {
		t->year = v[0];
		t->month = v[1];
		t->day = v[2];
	} else if (digits[2] == 4 && digits[0] <= 2 && digits[1] <= 2) {
		bool us = mark == '/' && v[1] > 12;

		if (mark == '/' && v[0] <= 12 && v[1] <= 12 && v[0] != v[1])
			return false;
		t->year = v[2];
		t->month = us ? v[0] : v[1];
		t->day = us ? v[1] : v[0];
	}
	*p = s;
	if (t->month < 1 || t->month > 12)
		t->month = 0;
	return true;
}

/* "2026年3月3日": the sign behind the number says what it is. */
static bool
read_sign(struct parts *t, int v, const char **p, const char *end)
{
	static const struct {
		const char *sign;
		size_t part;
	} signs[] = {
		{ "年", offsetof(struct parts, year) },
		{ "月", offsetof(struct parts, month) },
		{ "日", offsetof(struct parts, day) },
		{ "년", offsetof(struct parts, year) },
		{ "월", offsetof(struct parts, month) },
		{ "일", offsetof(struct parts, day) },
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (end - *p >= 3 && memcmp(*p, signs[i].sign, 3) == 0) {
			memcpy((char *)t + signs[i].part, &v, sizeof(v));
			*p += 3;
			return true;
		}
	return false;
}

static void
read_digits(struct parts *t, const char **p, const char *end, bool *bad)
{
	int v, digits;

	if (t->year == 0 && t->day == 0 &&
	    (read_iso(t, p, end) || read_numeric(t, p, end)))
		return;
	v = number(p, end, &digits);
	if (*p < end && **p == ':' && !t->has_time && v >= 0)
		*bad |= !read_time(t, v, p, end);
	else if (!read_sign(t, v, p, end))
		read_number(t, v, digits);
}

/* Behind a comment, nested or not; an open one ends the field. */
static const char *
skip_comment(const char *p, const char *end)
{
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
	}
	return end;
}

static bool
read_all(struct parts *t, const char *p, const char *end)
{
	bool bad = false;

	while (p < end && !bad) {
		if (*p == '(')
			p = skip_comment(p, end);
		else if (is_letter(*p))
			read_word(t, &p, end);
		else if (ascii_digit(*p))
			read_digits(t, &p, end, &bad);
		else if ((*p == '+' || *p == '-') && t->has_time &&
		    p + 1 < end && ascii_digit(p[1]))
			read_zone(t, &p, end);
		else
			p++;
	}
	return !bad;
}

bool
date_parse(const char *s, size_t n, int64_t *when, int *zone)
{
	struct parts t = { 0 };
	char text[256]; /* no date is longer */
	int64_t v;

	n = n < sizeof(text) ? n : sizeof(text) - 1;
	if (n == 0)
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	if (!read_all(&t, text, text + n) || t.month < 1 || t.month > 12 ||
	    t.day < 1 || t.year < 1969 || t.day > month_days(t.year, t.month))
		return false;
	if (t.pm && t.hour < 12)
		t.hour += 12;
	if (t.am && t.hour == 12)
		t.hour = 0;
	if (t.hour > 24 || t.minute > 59 || t.second > 60)
		return false;
	v = days(t.year, t.month, t.day) * 86400 + t.hour * INT64_C(3600) +
	    (t.minute - t.zone) * INT64_C(60) + t.second;
	if (v <= SANE_FROM || v >= SANE_TO)
		return false;
	*when = v;
	*zone = t.zone;
	return true;
}

void
date_rfc5322(int64_t when, int zone, char out[DATE_SIZE])
{
	static const char *const day[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char *const month[] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t t = (time_t)(when + zone * INT64_C(60));
	int z = zone < 0 ? -zone : zone;
	struct tm tm = { 0 };

	gmtime_r(&t, &tm);
	snprintf(out, DATE_SIZE, "%s, %02d %s %d %02d:%02d:%02d %c%02d%02d",
	    day[tm.tm_wday], tm.tm_mday, month[tm.tm_mon], tm.tm_year + 1900,
	    tm.tm_hour, tm.tm_min, tm.tm_sec, zone < 0 ? '-' : '+',
	    z / 60 % 100, z % 60);
}

void
date_rfc3339(int64_t when, char out[DATE_SIZE])
{
	time_t t = (time_t)when;
	struct tm tm = { 0 };

	gmtime_r(&t, &tm);
	snprintf(out, DATE_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec);
}
