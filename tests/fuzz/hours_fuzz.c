/*
 * Zone files (RFC 8536), calendars and holiday files (RFC 5545) of any bytes.
 * Input: the size of the zone file (two bytes, the low one first), that file,
 * the inside of a block `calendar` up to a NUL, the holiday file.  Whatever
 * comes: an end, times of the wall that exist, an opening that is open.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/conf.h"
#include "parser/utf8.h"
#include "rules/holidays.h"
#include "rules/hours.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DAY 86400

struct input {
	struct zone *zone; /* NULL: UTC */
	const char *block, *holidays;
	size_t holidays_n;
};

static int
give(void *ctx, struct arena *a, const char *path, char **data, size_t *n,
    struct err *e)
{
	const struct input *in = ctx;

	(void)path;
	(void)e;
	*data = arena_printf(
	    a, "address support@example.com\ncalendar x {\n%s\n}\n", in->block);
	*n = strlen(*data);
	return 0;
}

static int
give_zone(void *ctx, struct arena *a, const char *name, struct zone **out,
    struct err *e)
{
	const struct input *in = ctx;

	(void)a;
	(void)name;
	(void)e;
	*out = in->zone;
	return 0;
}

static int
give_holidays(void *ctx, struct arena *a, const char *path, char **bytes,
    size_t *n, struct err *e)
{
	const struct input *in = ctx;

	(void)path;
	(void)e;
	*bytes = arena_memdup(a, in->holidays, in->holidays_n);
	*n = in->holidays_n;
	return 0;
}

/* Moments that matter: the ends of tables, of years, of what an int holds. */
static const int64_t moments[] = { -(1LL << 40), -2208988800, -1, 0, 951782400,
	1711846799, 1711846800, 1729994400, 1785222846, 2147483647, 2147483648,
	4102444800, 1LL << 36, 1LL << 40 };

static void
check_zone(const struct zone *z)
{
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		int64_t t = moments[i], off = zone_offset(z, t), back;
		struct civil c = zone_civil(z, t);

		assert(off >= -8 * DAY && off <= 8 * DAY);
		assert(c.month >= 1 && c.month <= 12);
		assert(c.day >= 1 && c.day <= 31);
		assert(c.weekday >= 0 && c.weekday <= 6);
		assert(c.minute >= 0 && c.minute < 24 * 60);
		assert(c.second >= 0 && c.second < 60);
		assert(civil_days(c.year, c.month, c.day) * DAY +
			c.minute * 60 + c.second ==
		    t + off);
		back = zone_moment(z, &c);
		assert(back >= t - 16 * DAY && back <= t + 16 * DAY);
	}
}

static void
check_hours(const struct hours *h)
{
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		int64_t t = moments[i];
		int64_t open = hours_next_open(h, t),
			closed = hours_next_closed(h, t);
		const char *why = hours_closed_why(h, t);

		assert(open >= t && closed >= t);
		assert((open == t) == hours_open(h, t));
		assert((closed == t) == !hours_open(h, t));
		if (open != INT64_MAX)
			assert(hours_open(h, open));
		if (closed != INT64_MAX)
			assert(!hours_open(h, closed));
		if (why != NULL)
			assert(utf8_valid(why, strlen(why)));
	}
}

static void
check_calendar(struct arena *a, struct input *in)
{
	struct conf_source src = { .read = give, .ctx = in };
	struct hours_source from = {
		.zone = give_zone, .holidays = give_holidays, .ctx = in
	};
	struct conf_report rep = { 0 };
	struct conf *c = NULL;
	struct hours *h;
	struct err e = { 0 };

	if (conf_load(a, "a.conf", &src, &c, &rep) == -1)
		return;
	for (const struct conf_node *n = c->root->child; n != NULL; n = n->next)
		if (strcmp(n->name, "calendar") == 0 &&
		    hours_build(a, n, "Europe/Berlin", &from, &h, &e) == 0)
			check_hours(h);
}

static void
check_holidays(struct arena *a, const char *bytes, size_t n)
{
	struct closed_days days = { 0 };
	struct err e = { 0 };

	if (holidays_read(a, bytes, n, &days, &e) == -1) {
		assert(e.kind == ERR_REJECT);
		return;
	}
	assert(days.n <= HOLIDAYS_MAX);
	for (size_t i = 0; i < days.n; i++) {
		const struct closed *c = &days.list[i];

		assert(c->last >= c->first);
		assert(closed_find(&days, c->first) != NULL);
		assert(closed_find(&days, c->last) != NULL);
		if (c->why != NULL)
			assert(utf8_valid(c->why, strlen(c->why)));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct input in = { 0 };
	struct err e = { 0 };
	const uint8_t *cut;
	size_t n;

	if (size < 2)
		return 0;
	n = data[0] | (size_t)data[1] << 8;
	data += 2;
	size -= 2;
	if (n > size)
		n = size;
	if (zone_read(&a, arena_memdup(&a, data, n), n, &in.zone, &e) == 0)
		check_zone(in.zone);
	else
		in.zone = NULL;
	data += n;
	size -= n;
	cut = memchr(data, '\0', size);
	n = cut != NULL ? (size_t)(cut - data) : size;
	in.block = arena_strndup(&a, (const char *)data, n);
	in.holidays = cut != NULL ? (const char *)cut + 1 : "";
	in.holidays_n = cut != NULL ? size - n - 1 : 0;
	check_holidays(&a, in.holidays, in.holidays_n);
	check_calendar(&a, &in);
	arena_done(&a);
	return 0;
}
