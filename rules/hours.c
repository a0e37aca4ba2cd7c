/*
 * Opening hours: minutes of the week, days that are closed, a zone.  Days are
 * looked at one after another, at most two years ahead.
 */
#include "rules/hours.h"

#include <stdlib.h>
#include <string.h>

#include "rules/holidays.h"

#define DAY_MINUTES 1440
#define LOOK_DAYS   731

struct span {
	int from, to; /* minutes of the day */
};

struct hours {
	const struct zone *zone;
	bool always;
	struct span *week[7];
	size_t week_n[7], week_cap[7];
	struct closed_days closed;
};

static int
weekday(const char *s)
{
	static const char names[] = "montuewedthufrisatsun";

	for (int i = 0; i < 7; i++)
		if (strncmp(s, names + (size_t)i * 3, 3) == 0)
			return i;
	return 0;
}

static int
minute(const char *s)
{
	return ((s[0] - '0') * 10 + s[1] - '0') * 60 + (s[3] - '0') * 10 +
	    s[4] - '0';
}

static void
add_span(struct arena *a, struct hours *h, int day, struct span s)
{
	struct span *list;
	size_t i = h->week_n[day];

	list = arena_grow(a, h->week[day], i, &h->week_cap[day], sizeof(*list));
	for (; i > 0 && list[i - 1].from > s.from; i--)
		list[i] = list[i - 1];
	list[i] = s;
	h->week[day] = list;
	h->week_n[day]++;
}

/* mon-thu 08:00-12:00 13:00-17:00; checked by the reader. */
static void
read_hours(struct arena *a, struct hours *h, const struct conf_node *n)
{
	const char *days = n->args[0].text;

	if (strcmp(days, "always") == 0) {
		h->always = true;
		return;
	}
	for (;; days++) {
		int first = weekday(days), last = first;

		if (days[3] == '-') {
			last = weekday(days + 4);
			days += 4;
		}
		for (int d = first;; d = (d + 1) % 7) {
			for (size_t i = 1; i < n->args_n; i++)
				add_span(a, h, d,
				    (struct span){ minute(n->args[i].text),
					minute(n->args[i].text + 6) });
			if (d == last)
				break;
		}
		days += 3;
		if (*days != ',')
			return;
	}
}

/* "2026-12-24..2027-01-01" */
static void
read_closed(struct arena *a, struct hours *h, const struct conf_node *n)
{
	const char *s = n->args[0].text, *end = strstr(s, "..");

	closed_add(a, &h->closed,
	    (struct closed){ .first = holiday_day(s),
		.last = holiday_day(end != NULL ? end + 2 : s),
		.why = conf_text(n, 1) });
}

/* A relative name stands beside the file that names it. */
static const char *
beside(struct arena *a, const char *file, const char *name)
{
	const char *slash = strrchr(file, '/');

	if (name[0] == '/' || slash == NULL)
		return name;
	return arena_printf(a, "%.*s/%s", (int)(slash - file), file, name);
}

static int
read_holidays(struct arena *a, struct hours *h, const struct conf_node *n,
    const struct hours_source *src, struct err *e)
{
	for (size_t i = 0; i < n->args_n; i++) {
		char *bytes;
		size_t size;

		const char *path = beside(
		    a, n->place.file->path, n->args[i].text);

		if (src->holidays(src->ctx, a, path, &bytes, &size, e) == -1)
			return -1;
		if (holidays_read(a, bytes, size, &h->closed, e) == -1)
			return err_wrap(e, "%s", n->args[i].text);
	}
	return 0;
}

static int
read_setting(struct arena *a, struct hours *h, const struct conf_node *n,
    const struct hours_source *src, struct err *e)
{
	if (strcmp(n->name, "hours") == 0)
		read_hours(a, h, n);
	else if (strcmp(n->name, "closed") == 0)
		read_closed(a, h, n);
	else if (strcmp(n->name, "holidays") == 0)
		return read_holidays(a, h, n, src, e);
	return 0;
}

int
hours_build(struct arena *a, const struct conf_node *block, const char *zone,
    const struct hours_source *src, struct hours **out, struct err *e)
{
	const struct conf_node *own = conf_child(block, "timezone");
	struct hours *h = arena_alloc(a, sizeof(*h));
	struct zone *z = NULL;

	if (own != NULL)
		zone = conf_text(own, 0);
	if (zone != NULL && src->zone(src->ctx, a, zone, &z, e) == -1)
		return -1;
	h->zone = z;
	for (const struct conf_node *n = block->child; n != NULL; n = n->next)
		if (read_setting(a, h, n, src, e) == -1)
			return -1;
	*out = h;
	return 0;
}

static int64_t
day_of(const struct civil *c)
{
	return civil_days(c->year, c->month, c->day);
}

const char *
hours_closed_why(const struct hours *h, int64_t when)
{
	struct civil c = zone_civil(h->zone, when);
	const struct closed *day = closed_find(&h->closed, day_of(&c));

	return day == NULL ? NULL : day->why;
}

/* The spans of a day; none when it is closed. */
static size_t
spans(const struct hours *h, const struct civil *c, const struct span **out)
{
	static const struct span whole = { 0, DAY_MINUTES };

	if (closed_find(&h->closed, day_of(c)) != NULL)
		return 0;
	*out = h->always ? &whole : h->week[c->weekday];
	return h->always ? 1 : h->week_n[c->weekday];
}

bool
hours_open(const struct hours *h, int64_t when)
{
	struct civil c = zone_civil(h->zone, when);
	const struct span *s = NULL;
	size_t n = spans(h, &c, &s);

	for (size_t i = 0; i < n; i++)
		if (c.minute >= s[i].from && c.minute < s[i].to)
			return true;
	return false;
}

/* That minute of the day; 1440 is midnight at its end. */
static int64_t
moment(const struct hours *h, struct civil c, int at)
{
	struct civil next;

	c.second = 0;
	c.minute = at;
	if (at < DAY_MINUTES)
		return zone_moment(h->zone, &c);
	c.minute = DAY_MINUTES / 2;
	next = zone_civil(h->zone, zone_moment(h->zone, &c) + 86400);
	next.minute = next.second = 0;
	return zone_moment(h->zone, &next);
}

/* The day after c, at noon: no zone changes by half a day. */
static struct civil
next_day(const struct hours *h, struct civil c)
{
	c.minute = DAY_MINUTES / 2;
	c.second = 0;
	return zone_civil(h->zone, zone_moment(h->zone, &c) + 86400);
}

int64_t
hours_next_open(const struct hours *h, int64_t when)
{
	struct civil c = zone_civil(h->zone, when);

	if (hours_open(h, when))
		return when;
	for (int day = 0; day < LOOK_DAYS; day++, c = next_day(h, c)) {
		const struct span *s = NULL;
		size_t n = spans(h, &c, &s);

		for (size_t i = 0; i < n; i++) {
			int64_t from = moment(h, c, s[i].from);

			if (from >= when)
				return from;
		}
	}
	return INT64_MAX;
}

int64_t
hours_next_closed(const struct hours *h, int64_t when)
{
	struct civil c = zone_civil(h->zone, when);

	for (int day = 0; day < LOOK_DAYS; day++, c = next_day(h, c)) {
		const struct span *s = NULL;
		size_t n = spans(h, &c, &s);

		if (!hours_open(h, when))
			return when;
		for (size_t i = 0; i < n; i++) {
			int64_t to = moment(h, c, s[i].to);

			if (to > when && moment(h, c, s[i].from) <= when)
				when = to;
		}
	}
	return hours_open(h, when) ? INT64_MAX : when;
}
