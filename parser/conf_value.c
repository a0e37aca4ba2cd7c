/*
 * One word of the configuration to one value: durations, sizes, dates, times.
 * Promises to take the whole word or nothing, and to leave outputs alone
 * otherwise.  What is wrong is said by the caller, who knows the place.
 */
#include <string.h>

#include "parser/conf_private.h"
#include "parser/limits.h"

#define DURATION_MAX ((int64_t)100 * 365 * 86400)

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Digits at *s, at most 12 of them; moves *s. */
static bool
digits(const char **s, int64_t *out)
{
	const char *p = *s;
	int64_t v = 0;

	while (is_digit(*p) && p - *s < 12)
		v = v * 10 + (*p++ - '0');
	if (p == *s || is_digit(*p))
		return false;
	*s = p;
	*out = v;
	return true;
}

/* "1h30m": each unit once, the large ones first. */
bool
conf_duration(const char *s, int64_t *seconds)
{
	static const char units[] = "wdhms";
	static const int64_t worth[] = { 604800, 86400, 3600, 60, 1 };
	const char *unit, *from = units;
	int64_t sum = 0, v;

	if (*s == '\0')
		return false;
	while (*s != '\0') {
		if (!digits(&s, &v) || *s == '\0')
			return false;
		unit = strchr(from, *s);
		if (unit == NULL || v > DURATION_MAX / worth[unit - units])
			return false;
		sum += v * worth[unit - units];
		if (sum > DURATION_MAX)
			return false;
		from = unit + 1;
		s++;
	}
	*seconds = sum;
	return true;
}

bool
conf_size(const char *s, int64_t *bytes)
{
	static const char units[] = "KMG";
	const char *unit;
	int64_t v;
	int shift = 0;

	if (!digits(&s, &v))
		return false;
	if (*s != '\0') {
		unit = strchr(units, *s == 'k' ? 'K' : *s);
		if (unit == NULL || s[1] != '\0')
			return false;
		shift = 10 * (int)(unit - units + 1);
	}
	if (v > INT64_MAX >> shift)
		return false;
	*bytes = v << shift;
	return true;
}

/* "25/min", "2/s". */
bool
conf_rate(const char *s, int64_t *per_minute)
{
	int64_t v;

	if (!digits(&s, &v) || v < 1 || v > 1000000)
		return false;
	if (strcmp(s, "/min") == 0)
		*per_minute = v;
	else if (strcmp(s, "/s") == 0)
		*per_minute = v * 60;
	else
		return false;
	return true;
}

bool
conf_number(const char *s, int64_t low, int64_t high, int64_t *out)
{
	int64_t v;

	if (!digits(&s, &v) || *s != '\0' || v < low || v > high)
		return false;
	*out = v;
	return true;
}

/* "75%"; an escalation may stand at 150%. */
bool
conf_share(const char *s, int64_t *percent)
{
	int64_t v;

	if (!digits(&s, &v) || strcmp(s, "%") != 0 || v < 1 || v > 1000)
		return false;
	*percent = v;
	return true;
}

/* Two digits, or -1. */
static int
two(const char *s)
{
	return is_digit(s[0]) && is_digit(s[1]) ? (s[0] - '0') * 10 + s[1] - '0'
						: -1;
}

/* "2026-08-03", a day that exists. */
bool
conf_date(const char *s, size_t n)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	int year, month, day;

	if (n != 10 || s[4] != '-' || s[7] != '-' || two(s) < 19 ||
	    two(s + 2) < 0)
		return false;
	year = two(s) * 100 + two(s + 2);
	month = two(s + 5);
	day = two(s + 8);
	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	return month != 2 || day < 29 ||
	    (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

/* "08:30", and "24:00" as an end. */
bool
conf_time(const char *s, size_t n, int *minute)
{
	int h, m;

	if (n != 5 || s[2] != ':')
		return false;
	h = two(s);
	m = two(s + 3);
	if (h < 0 || m < 0 || m > 59 || h * 60 + m > 24 * 60)
		return false;
	*minute = h * 60 + m;
	return true;
}

static int
weekday(const char *s)
{
	static const char names[] = "montuewedthufrisatsun";

	for (int i = 0; i < 7; i++)
		if (strncmp(s, names + (size_t)i * 3, 3) == 0)
			return i;
	return -1;
}

/* "fri", "mon-thu", "mon,wed,fri". */
bool
conf_weekdays(const char *s)
{
	for (;; s++) {
		if (weekday(s) == -1)
			return false;
		s += 3;
		if (*s == '-') {
			if (weekday(s + 1) == -1)
				return false;
			s += 4;
		}
		if (*s == '\0')
			return true;
		if (*s != ',')
			return false;
	}
}

bool
conf_code(const char *s)
{
	size_t n = 0;

	while (s[n] >= 'a' && s[n] <= 'z')
		n++;
	if (n != 2 && n != 3)
		return false;
	return s[n] == '\0' ||
	    (s[n] == '-' && is_letter(s[n + 1]) && is_letter(s[n + 2]) &&
		s[n + 3] == '\0');
}

/* It becomes part of file names and of mail: no blanks, no slash. */
bool
conf_name(const char *s)
{
	size_t n = 0;

	if (!is_letter(s[0]) && !is_digit(s[0]))
		return false;
	while (is_letter(s[n]) || is_digit(s[n]) ||
	    (s[n] != '\0' && strchr("-_.", s[n]) != NULL))
		n++;
	return s[n] == '\0' && n <= CONF_NAME_MAX;
}

/* CR and LF above all: it would end an IMAP command or a header field. */
bool
conf_line(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}
