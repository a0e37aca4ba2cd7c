/*
 * Time zones from the bytes of zone files (RFC 8536): transitions, and the rule
 * in the footer for the years after them.  The C library's own zone is one for
 * the whole process; we need one for each agent and calendar.  Promises to
 * read no file and to believe no count that the bytes do not bear out.
 */
#include <string.h>

#include "rules/hours.h"

#define DAY    86400
#define HEADER 44

/* "M3.5.0/2": month, week (5: the last), weekday (0: Sunday); "J60"; "59". */
struct change_day {
	char form; /* 'M', 'J', or '0' */
	int month, week, weekday;
	int day;
	int seconds; /* of the day, wall clock */
};

struct zone {
	const int64_t *at;
	const int32_t *offset; /* from at[i] on */
	size_t n;
	int32_t first; /* before at[0] */
	bool rule;     /* the footer says more than one offset */
	int32_t standard, summer;
	struct change_day begin, end; /* of summer time */
};

int64_t
civil_days(int year, int month, int day)
{
	int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day -
	    1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - 719468;
}

int
day_weekday(int64_t day)
{
	return (int)((day % 7 + 10) % 7); /* 1970-01-01: a Thursday */
}

/* Days since 1970 to year, month, day. */
static void
days_civil(int64_t days, struct civil *c)
{
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t year =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t m = (5 * of_year + 2) / 153;

	c->day = (int)(of_year - (153 * m + 2) / 5 + 1);
	c->month = (int)(m < 10 ? m + 3 : m - 9);
	c->year = (int)(year + era * 400 + (c->month <= 2));
	c->weekday = day_weekday(days);
}

static int64_t
floor_days(int64_t when)
{
	return (when >= 0 ? when : when - (DAY - 1)) / DAY;
}

/* The footer: "CET-1CEST,M3.5.0,M10.5.0/3". */

static bool
read_number(const char **s, int *out)
{
	int v = 0, digits = 0;

	for (; **s >= '0' && **s <= '9' && digits < 4; (*s)++, digits++)
		v = v * 10 + (**s - '0');
	*out = v;
	return digits > 0;
}

static bool
skip_name(const char **s)
{
	const char *p = *s;

	if (*p == '<') {
		p = strchr(p, '>');
		if (p == NULL)
			return false;
		p++;
	} else {
		while ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
			p++;
	}
	if (p - *s < 3)
		return false;
	*s = p;
	return true;
}

/* [+-]h[h][:mm[:ss]] */
static bool
read_time(const char **s, int *out)
{
	int sign = 1, part = 0, all = 0, unit = 3600;

	if (**s == '-' || **s == '+')
		sign = *(*s)++ == '-' ? -1 : 1;
	do {
		if (!read_number(s, &part))
			return false;
		all += part * unit;
		unit /= 60;
	} while (unit > 0 && **s == ':' && (*s)++ != NULL);
	*out = sign * all;
	return true;
}

static bool
read_day(const char **s, struct change_day *d)
{
	d->form = '0';
	d->seconds = 2 * 3600;
	if (*(*s)++ != ',')
		return false;
	if (**s == 'M') {
		d->form = *(*s)++;
		if (!read_number(s, &d->month) || *(*s)++ != '.' ||
		    !read_number(s, &d->week) || *(*s)++ != '.' ||
		    !read_number(s, &d->weekday) || d->month < 1 ||
		    d->month > 12 || d->week < 1 || d->week > 5 ||
		    d->weekday > 6)
			return false;
	} else {
		if (**s == 'J')
			d->form = *(*s)++;
		if (!read_number(s, &d->day) || d->day > 366)
			return false;
	}
	if (**s != '/')
		return true;
	(*s)++;
	return read_time(s, &d->seconds);
}

static bool
read_footer(const char *s, struct zone *z)
{
	int west;

	if (!skip_name(&s) || !read_time(&s, &west))
		return false;
	z->standard = z->summer = -west;
	if (*s == '\0')
		return true;
	if (!skip_name(&s))
		return false;
	z->summer = z->standard + 3600;
	if (*s != ',' && *s != '\0') {
		if (!read_time(&s, &west))
			return false;
		z->summer = -west;
	}
	z->rule = true;
	return read_day(&s, &z->begin) && read_day(&s, &z->end) && *s == '\0';
}

static bool
leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* The moment of a change in a year, in seconds of the wall clock. */
static int64_t
change_at(const struct change_day *d, int year)
{
	int64_t day, length;

	if (d->form == 'J')
		day = civil_days(year, 1, 1) + d->day - 1 +
		    (leap(year) && d->day >= 60);
	else if (d->form == '0')
		day = civil_days(year, 1, 1) + d->day;
	else {
		struct civil c;

		day = civil_days(year, d->month, 1);
		length = civil_days(
			     year + (d->month == 12), d->month % 12 + 1, 1) -
		    day;
		days_civil(day, &c);
		day += (d->weekday + 6 - c.weekday + 7) % 7 + 7 * (d->week - 1);
		while (day >= civil_days(year, d->month, 1) + length)
			day -= 7;
	}
	return day * DAY + d->seconds;
}

static int32_t
rule_offset(const struct zone *z, int64_t when)
{
	struct civil c;
	int64_t begin, end;

	if (!z->rule)
		return z->standard;
	days_civil(floor_days(when + z->standard), &c);
	begin = change_at(&z->begin, c.year) - z->standard;
	end = change_at(&z->end, c.year) - z->summer;
	if (begin < end)
		return when >= begin && when < end ? z->summer : z->standard;
	return when >= end && when < begin ? z->standard : z->summer;
}

/* The file. */

struct counts {
	uint32_t isut, isstd, leap, time, type, text;
};

static uint32_t
big32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static int64_t
big64(const unsigned char *p)
{
	return (int64_t)((uint64_t)big32(p) << 32 | big32(p + 4));
}

/* The size of a block whose times have `width` bytes; 0: no header, or counts
 * that nothing bears out. */
static size_t
read_header(const unsigned char *p, size_t n, size_t width, struct counts *c)
{
	size_t size;

	if (n < HEADER || memcmp(p, "TZif", 4) != 0)
		return 0;
	c->isut = big32(p + 20);
	c->isstd = big32(p + 24);
	c->leap = big32(p + 28);
	c->time = big32(p + 32);
	c->type = big32(p + 36);
	c->text = big32(p + 40);
	if (c->time > 10000 || c->type == 0 || c->type > 256 ||
	    c->leap > 1000 || c->text > 10000 || c->isut > 256 ||
	    c->isstd > 256)
		return 0;
	size = HEADER + c->time * (width + 1) + (size_t)c->type * 6 + c->text +
	    c->leap * (width + 4) + c->isstd + c->isut;
	return size <= n ? size : 0;
}

static bool
read_block(struct arena *a, const unsigned char *p, const struct counts *c,
    struct zone *z)
{
	const unsigned char *times = p + HEADER;
	const unsigned char *index = times + (size_t)c->time * 8;
	const unsigned char *types = index + c->time;
	int64_t *at = arena_calloc(a, c->time + 1, sizeof(*at));
	int32_t *offset = arena_calloc(a, c->time + 1, sizeof(*offset));

	for (uint32_t i = 0; i < c->time; i++) {
		at[i] = big64(times + (size_t)i * 8);
		if (index[i] >= c->type || (i > 0 && at[i] <= at[i - 1]))
			return false;
		offset[i] = (int32_t)big32(types + (size_t)index[i] * 6);
		if (offset[i] < -2 * DAY || offset[i] > 2 * DAY)
			return false;
	}
	z->at = at;
	z->offset = offset;
	z->n = c->time;
	z->first = (int32_t)big32(types);
	return z->first > -2 * DAY && z->first < 2 * DAY;
}

int
zone_read(struct arena *a, const void *bytes, size_t n, struct zone **out,
    struct err *e)
{
	const unsigned char *p = bytes;
	struct zone *z = arena_alloc(a, sizeof(*z));
	struct counts c;
	size_t size = read_header(p, n, 4, &c);
	char *footer;

	if (size == 0 || n < size || p[4] < '2')
		return err_set(e, ERR_REJECT, "this is no time zone file");
	p += size;
	n -= size;
	size = read_header(p, n, 8, &c);
	if (size == 0 || !read_block(a, p, &c, z) || n - size < 2 ||
	    p[size] != '\n' || p[n - 1] != '\n')
		return err_set(e, ERR_REJECT, "this time zone file is damaged");
	footer = arena_strndup(a, (const char *)p + size + 1, n - size - 2);
	z->standard = z->n > 0 ? z->offset[z->n - 1] : z->first;
	if (*footer != '\0' && !read_footer(footer, z))
		return err_set(e, ERR_REJECT, "this time zone file is damaged");
	*out = z;
	return 0;
}

int
zone_offset(const struct zone *z, int64_t when)
{
	size_t low = 0, high;

	if (z == NULL)
		return 0;
	if (z->n == 0)
		return rule_offset(z, when);
	if (when < z->at[0])
		return z->first;
	if (when >= z->at[z->n - 1])
		return rule_offset(z, when);
	for (high = z->n; high - low > 1;) {
		size_t mid = (low + high) / 2;

		if (when >= z->at[mid])
			low = mid;
		else
			high = mid;
	}
	return z->offset[low];
}

/* As rule_offset() sees it: both changes of this year and of the next, and the
 * year's end, at which it takes those of the other. */
static int64_t
rule_next_change(const struct zone *z, int64_t when)
{
	int64_t next = INT64_MAX;
	struct civil c;

	if (!z->rule)
		return INT64_MAX;
	days_civil(floor_days(when + z->standard), &c);
	for (int year = c.year; year <= c.year + 1; year++) {
		const int64_t at[] = {
			change_at(&z->begin, year) - z->standard,
			change_at(&z->end, year) - z->summer,
			civil_days(year + 1, 1, 1) * DAY - z->standard,
		};

		for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++)
			if (at[i] > when && at[i] < next)
				next = at[i];
	}
	return next;
}

int64_t
zone_next_change(const struct zone *z, int64_t when)
{
	size_t low = 0, high;

	if (z == NULL)
		return INT64_MAX;
	if (z->n == 0 || when >= z->at[z->n - 1])
		return rule_next_change(z, when);
	for (high = z->n - 1; low < high;) {
		size_t mid = (low + high) / 2;

		if (z->at[mid] > when)
			high = mid;
		else
			low = mid + 1;
	}
	return z->at[low];
}

int64_t
zone_day(const struct zone *z, int64_t when)
{
	return floor_days(when + zone_offset(z, when));
}

struct civil
zone_civil(const struct zone *z, int64_t when)
{
	struct civil c = { 0 };
	int64_t wall = when + zone_offset(z, when);
	int64_t days = floor_days(wall);

	days_civil(days, &c);
	c.minute = (int)((wall - days * DAY) / 60);
	c.second = (int)((wall - days * DAY) % 60);
	return c;
}

int64_t
zone_moment(const struct zone *z, const struct civil *c)
{
	int64_t wall = civil_days(c->year, c->month, c->day) * DAY +
	    (int64_t)c->minute * 60 + c->second;
	int before = zone_offset(z, wall - DAY),
	    after = zone_offset(z, wall + DAY);
	int64_t early = wall - before, late = wall - after;

	if (zone_offset(z, early) == before)
		return early; /* the only one, or the first of two */
	if (zone_offset(z, late) == after)
		return late;
	/* Skipped: the moment of the change itself. */
	early = wall - (before > after ? before : after);
	late = wall - (before > after ? after : before);
	while (late - early > 1) {
		int64_t mid = early + (late - early) / 2;

		if (zone_offset(z, mid) == before)
			early = mid;
		else
			late = mid;
	}
	return late;
}
