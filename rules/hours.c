/*
 * Opening hours: minutes of the week, days that are closed, a zone.
 */
#include "rules/hours.h"

#include <string.h>

#include "rules/hours_private.h"

#define LOOK_SECONDS ((int64_t)731 * 86400)

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

size_t
hours_spans(const struct hours *h, int64_t day, const struct span **out)
{
	static const struct span whole = { 0, DAY_MINUTES };
	int weekday_of = day_weekday(day);

	if (closed_find(&h->closed, day) != NULL)
		return 0;
	*out = h->always ? &whole : h->week[weekday_of];
	return h->always ? 1 : h->week_n[weekday_of];
}

int
hours_weekdays(const struct hours *h)
{
	int n = 0;

	for (int i = 0; i < 7; i++)
		n += h->always || h->week_n[i] > 0;
	return n;
}

bool
hours_open(const struct hours *h, int64_t when)
{
	struct civil c = zone_civil(h->zone, when);
	const struct span *s = NULL;
	size_t n = hours_spans(h, day_of(&c), &s);

	for (size_t i = 0; i < n; i++)
		if (c.minute >= s[i].from && c.minute < s[i].to)
			return true;
	return false;
}

int64_t
hours_next_open(const struct hours *h, int64_t when)
{
	struct hours_walk w;
	struct open_piece p;

	hours_walk_begin(&w, h, when, when + LOOK_SECONDS);
	return hours_walk_next(&w, &p) ? p.from : INT64_MAX;
}

int64_t
hours_next_closed(const struct hours *h, int64_t when)
{
	int64_t end = when + LOOK_SECONDS;
	struct hours_walk w;
	struct open_piece p;

	hours_walk_begin(&w, h, when, end);
	while (hours_walk_next(&w, &p) && p.from == when)
		when = p.to;
	return when == end ? INT64_MAX : when;
}
