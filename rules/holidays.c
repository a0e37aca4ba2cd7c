/*
 * The little of iCalendar (RFC 5545) that holidays need: DTSTART, DTEND,
 * SUMMARY and a yearly RRULE of each VEVENT.  Lines are unfolded, everything
 * else is skipped.
 */
#include "rules/holidays.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/utf8.h"
#include "rules/hours.h"

#define LINE_BYTES 4096
#define WHY_MAX    120

int64_t
holiday_day(const char *s)
{
	return civil_days((int)strtol(s, NULL, 10),
	    (int)strtol(s + 5, NULL, 10), (int)strtol(s + 8, NULL, 10));
}

void
closed_add(struct arena *a, struct closed_days *days, struct closed c)
{
	days->list = arena_grow(
	    a, days->list, days->n, &days->cap, sizeof(*days->list));
	days->list[days->n++] = c;
}

/* Is the day in it, when it begins on that month and day of the year? */
static bool
again(const struct closed *c, int64_t day, int year)
{
	int64_t first = civil_days(year, c->month, c->day);

	return day >= first && day <= first + (c->last - c->first);
}

const struct closed *
closed_find(const struct closed_days *days, int64_t day)
{
	int year = zone_civil(NULL, day * 86400).year;

	for (size_t i = 0; i < days->n; i++) {
		const struct closed *c = &days->list[i];

		if (day < c->first)
			continue;
		if (day <= c->last ||
		    (c->month != 0 &&
			(again(c, day, year) || again(c, day, year - 1))))
			return c;
	}
	return NULL;
}

struct reading {
	struct arena *arena;
	struct closed_days *out;
	bool event, yearly;
	int first[3]; /* year, month, day */
	int64_t end;  /* the day after the last; 0: not said */
	const char *why;
};

/* The next line without its folds (RFC 5545 3.1); NULL at the end. */
static char *
next_line(struct arena *a, const char **p, const char *end)
{
	char *line = arena_alloc(a, LINE_BYTES + 1);
	size_t n = 0;

	if (*p >= end)
		return NULL;
	for (; *p < end; (*p)++) {
		if (**p == '\n') {
			if (*p + 1 >= end || !ascii_blank((*p)[1]) ||
			    (*p)[1] == '\r' || (*p)[1] == '\n')
				break;
			(*p)++; /* the blank goes too */
		} else if (**p != '\r' && **p != '\0' && n < LINE_BYTES) {
			line[n++] = **p;
		}
	}
	(*p)++;
	line[n] = '\0';
	return line;
}

/* "20261225", "20261225T000000Z" */
static bool
read_date(const char *s, int date[3])
{
	for (int i = 0; i < 8; i++)
		if (!ascii_digit(s[i]))
			return false;
	date[0] = (s[0] - '0') * 1000 + (s[1] - '0') * 100 + (s[2] - '0') * 10 +
	    s[3] - '0';
	date[1] = (s[4] - '0') * 10 + s[5] - '0';
	date[2] = (s[6] - '0') * 10 + s[7] - '0';
	return date[1] >= 1 && date[1] <= 12 && date[2] >= 1 && date[2] <= 31;
}

static void
add_event(struct reading *r)
{
	int64_t first, length = 0;

	if (r->first[0] == 0)
		return;
	first = civil_days(r->first[0], r->first[1], r->first[2]);
	if (r->end != 0)
		length = r->end - 1 - first;
	if (length < 0 || length > 366)
		length = 0;
	closed_add(r->arena, r->out,
	    (struct closed){ .first = first,
		.last = first + length,
		.why = r->why,
		.month = r->yearly ? r->first[1] : 0,
		.day = r->first[2] });
}

static char *
summary(struct arena *a, const char *value)
{
	char *out = utf8_from(a, NULL, value, strlen(value), NULL);
	char *to = out;

	/* "\," and "\;" stand for what follows (3.3.11) */
	for (const char *s = out; *s != '\0'; s++) {
		if (*s == '\\' && s[1] != '\0')
			s++;
		*to++ = *s;
	}
	*to = '\0';
	return utf8_line(a, out, WHY_MAX);
}

static void
read_line(struct reading *r, char *line)
{
	char *value = strchr(line, ':');
	size_t name = strcspn(line, ";:");
	int date[3];

	if (value == NULL)
		return;
	value++;
	if (strcasecmp(line, "BEGIN:VEVENT") == 0)
		*r = (struct reading){
			.arena = r->arena, .out = r->out, .event = true
		};
	else if (!r->event)
		return;
	else if (strcasecmp(line, "END:VEVENT") == 0) {
		add_event(r);
		r->event = false;
	} else if (strncasecmp(line, "DTSTART", name) == 0 && name == 7) {
		if (read_date(value, date))
			memcpy(r->first, date, sizeof(date));
	} else if (strncasecmp(line, "DTEND", name) == 0 && name == 5) {
		if (read_date(value, date))
			r->end = civil_days(date[0], date[1], date[2]) +
			    (value[8] == 'T' &&
				strncmp(value + 9, "000000", 6) != 0);
	} else if (strncasecmp(line, "SUMMARY", name) == 0 && name == 7) {
		r->why = summary(r->arena, value);
	} else if (strncasecmp(line, "RRULE", name) == 0 && name == 5) {
		r->yearly = strstr(value, "FREQ=YEARLY") != NULL &&
		    strstr(value, "BYDAY") == NULL;
	}
}

int
holidays_read(struct arena *a, const char *bytes, size_t n,
    struct closed_days *out, struct err *e)
{
	struct reading r = { .arena = a, .out = out };
	const char *p = bytes, *end = bytes + n;
	struct arena lines = { 0 };
	bool calendar = false;
	char *line;

	while ((line = next_line(&lines, &p, end)) != NULL) {
		calendar |= strcasecmp(line, "BEGIN:VCALENDAR") == 0;
		read_line(&r, line);
		arena_reset(&lines);
		if (out->n > HOLIDAYS_MAX)
			break;
	}
	arena_done(&lines);
	if (!calendar)
		return err_set(e, ERR_REJECT,
		    "this is no calendar file (it lacks BEGIN:VCALENDAR)");
	if (out->n > HOLIDAYS_MAX)
		return err_set(
		    e, ERR_REJECT, "more than %d days in it", HOLIDAYS_MAX);
	return 0;
}
