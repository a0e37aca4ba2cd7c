/* Zones, opening hours, holidays.  Zone files are made here, so that the test
 * does not hang on those of the machine. */
#include <stdlib.h>
#include <string.h>

#include "rules/holidays.h"
#include "rules/hours.h"
#include "tests/test.h"

/* A zone file (RFC 8536) with nothing but the rule of its footer. */
static size_t
make_zone(unsigned char *out, const char *footer, int first)
{
	unsigned char *p = out;

	for (int block = 0; block < 2; block++) {
		memset(p, 0, 44 + 6 + 4);
		memcpy(p, "TZif2", 5);
		p[39] = 1; /* one type */
		p[43] = 4; /* four bytes of names */
		for (int i = 0; i < 4; i++)
			p[44 + i] = (unsigned char)((uint32_t)first >>
			    (24 - 8 * i));
		memcpy(p + 50, "LMT", 4);
		p += 54;
	}
	return (size_t)(p - out) + (size_t)sprintf((char *)p, "\n%s\n", footer);
}

static struct zone *
zone(struct arena *a, const char *footer)
{
	unsigned char bytes[400];
	struct zone *z = NULL;
	struct err e = { 0 };
	size_t n = make_zone(bytes, footer, 0);

	test_ok(zone_read(a, bytes, n, &z, &e) == 0, "zone %s", footer);
	for (size_t cut = 0; cut < n; cut++) {
		struct zone *none;

		if (cut != 109 && zone_read(a, bytes, cut, &none, &e) == 0) {
			test_ok(0, "cut at %zu it is refused", cut);
			break;
		}
	}
	return z;
}

static int64_t
utc(int y, int mo, int d, int h, int mi)
{
	return civil_days(y, mo, d) * 86400 + h * 3600 + mi * 60;
}

static void
test_zones(void)
{
	static const struct {
		const char *footer;
		int y, mo, d, h, mi; /* UTC */
		int offset;          /* minutes */
	} table[] = {
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 2026, 1, 15, 12, 0, 60 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 2026, 7, 15, 12, 0, 120 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 2026, 3, 29, 0, 59, 60 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 2026, 3, 29, 1, 0, 120 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 2026, 10, 25, 0, 59, 120 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 2026, 10, 25, 1, 0, 60 },
		{ "EST5EDT,M3.2.0,M11.1.0", 2026, 3, 8, 6, 59, -300 },
		{ "EST5EDT,M3.2.0,M11.1.0", 2026, 3, 8, 7, 0, -240 },
		{ "EST5EDT,M3.2.0,M11.1.0", 2027, 1, 1, 0, 0, -300 },
		{ "AEST-10AEDT,M10.1.0,M4.1.0/3", 2026, 1, 1, 0, 0, 660 },
		{ "AEST-10AEDT,M10.1.0,M4.1.0/3", 2026, 7, 1, 0, 0, 600 },
		{ "<+0530>-5:30", 2026, 7, 1, 0, 0, 330 },
		{ "<-03>3", 2026, 7, 1, 0, 0, -180 },
		{ "XXX1YYY,J60,J300", 2024, 2, 29, 12, 0, -60 },
		{ "XXX1YYY,J60,J300", 2024, 3, 1, 12, 0, 0 },
		{ "XXX1YYY,59,300", 2024, 2, 29, 12, 0, 0 },
		{ "IST-2IDT,M3.4.4/26,M10.5.0", 2026, 3, 26, 23, 59, 120 },
		{ "IST-2IDT,M3.4.4/26,M10.5.0", 2026, 3, 27, 0, 0, 180 },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct arena a = { 0 };
		struct zone *z;
		int got;

		z = zone(&a, table[i].footer);
		got = zone_offset(z,
			  utc(table[i].y, table[i].mo, table[i].d, table[i].h,
			      table[i].mi)) /
		    60;
		test_ok(got == table[i].offset, "%s on %d-%d-%d: %d",
		    table[i].footer, table[i].y, table[i].mo, table[i].d, got);
		arena_done(&a);
	}
}

static void
test_bad_zones(void)
{
	static const char *const bad[] = { "C", "CET",
		"CET-1CEST,M13.5.0,M1.1.0", "CET-1CEST,M3.6.0,M1.1.0",
		"CET-1CEST,M3.5.7,M1.1.0", "CET-1x", "<CET-1", "CET-1CEST,",
		"CET-1CEST,M3.5.0" };
	unsigned char bytes[400];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct arena a = { 0 };
		struct zone *z;
		struct err e = { 0 };

		test_ok(zone_read(&a, bytes, make_zone(bytes, bad[i], 0), &z,
			    &e) == -1,
		    "footer '%s' is refused", bad[i]);
		arena_done(&a);
	}
}

static void
test_moments(void)
{
	struct arena a = { 0 };
	struct zone *z = zone(&a, "CET-1CEST,M3.5.0,M10.5.0/3");
	struct civil c = { .year = 2026, .month = 3, .day = 29, .minute = 150 };
	struct civil back;

	test_ok(zone_moment(z, &c) == utc(2026, 3, 29, 1, 0),
	    "02:30 of the night that has none is 03:00");
	c = (struct civil){
		.year = 2026, .month = 10, .day = 25, .minute = 150
	};
	test_ok(zone_moment(z, &c) == utc(2026, 10, 25, 0, 30),
	    "02:30 that comes twice is the first");
	for (int64_t t = utc(2026, 1, 1, 0, 7); t < utc(2027, 1, 1, 0, 0);
	     t += 3 * 3600 + 60) {
		back = zone_civil(z, t);
		if (zone_moment(z, &back) != t &&
		    zone_moment(z, &back) != t - 3600) {
			test_ok(0, "there and back at %lld", (long long)t);
			break;
		}
	}
	back = zone_civil(NULL, utc(2000, 2, 29, 23, 59));
	test_ok(back.year == 2000 && back.month == 2 && back.day == 29 &&
		back.minute == 1439 && back.weekday == 1,
	    "29 February 2000 was a Tuesday");
	arena_done(&a);
}

/* A calendar block, by hand. */
static struct conf_arg
arg(const char *text)
{
	return (struct conf_arg){ .text = text, .flags = "" };
}

static const char ics[] =
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20200101\r\n"
    "SUMMARY:New Year\\, the\r\n  first day\r\nRRULE:FREQ=YEARLY\r\n"
    "END:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260403\r\n"
    "DTEND;VALUE=DATE:20260407\r\nSUMMARY:Easter\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n";

static int
give_zone(void *ctx, struct arena *a, const char *name, struct zone **out,
    struct err *e)
{
	(void)ctx;
	(void)a;
	(void)e;
	*out = strcmp(name, "UTC") == 0 ? NULL : ctx;
	return 0;
}

static int
give_holidays(void *ctx, struct arena *a, const char *path, char **bytes,
    size_t *n, struct err *e)
{
	(void)ctx;
	(void)path;
	(void)e;
	*bytes = arena_strdup(a, ics);
	*n = sizeof(ics) - 1;
	return 0;
}

static void
test_hours(void)
{
	struct arena a = { 0 };
	struct zone *z = zone(&a, "CET-1CEST,M3.5.0,M10.5.0/3");
	struct hours_source src = { give_zone, give_holidays, z };
	struct conf_arg args[4][3] = {
		{ arg("mon-thu"), arg("08:00-12:00"), arg("13:00-18:00") },
		{ arg("fri"), arg("08:00-16:00") },
		{ arg("2026-12-24..2027-01-02"), arg("Year-end shutdown") },
		{ arg("holidays.ics") },
	};
	static const struct conf_file file = { .path = "desk/sla.conf" };
	struct conf_node nodes[4] = {
		{ .name = "hours",
		    .args = args[0],
		    .args_n = 3,
		    .next = &nodes[1] },
		{ .name = "hours",
		    .args = args[1],
		    .args_n = 2,
		    .next = &nodes[2] },
		{ .name = "closed",
		    .args = args[2],
		    .args_n = 2,
		    .next = &nodes[3] },
		{ .name = "holidays",
		    .place.file = &file,
		    .args = args[3],
		    .args_n = 1 },
	};
	struct conf_node block = { .name = "calendar", .child = nodes };
	struct hours *h = NULL;
	struct err e = { 0 };
	static const struct {
		int y, mo, d, h, mi; /* UTC */
		bool open;
	} table[] = {
		{ 2026, 11, 23, 6, 59, false }, /* Monday, CET */
		{ 2026, 11, 23, 7, 0, true },
		{ 2026, 11, 23, 11, 0, false },
		{ 2026, 11, 23, 12, 0, true },
		{ 2026, 11, 23, 17, 0, false },
		{ 2026, 11, 27, 14, 59, true },
		{ 2026, 11, 27, 15, 0, false },
		{ 2026, 11, 28, 10, 0, false },
		{ 2026, 7, 13, 6, 0, true }, /* CEST */
		{ 2026, 12, 28, 10, 0, false },
		{ 2027, 1, 4, 10, 0, true },
		{ 2030, 1, 1, 10, 0, false }, /* each year */
		{ 2030, 1, 2, 10, 0, true },
		{ 2026, 4, 6, 10, 0, false },
		{ 2026, 4, 7, 9, 0, true },
	};

	test_ok(hours_build(&a, &block, "Europe/X", &src, &h, &e) == 0,
	    "hours are built");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		test_ok(hours_open(h,
			    utc(table[i].y, table[i].mo, table[i].d, table[i].h,
				table[i].mi)) == table[i].open,
		    "%d-%d-%d %d:%02d UTC is %s", table[i].y, table[i].mo,
		    table[i].d, table[i].h, table[i].mi,
		    table[i].open ? "open" : "closed");
	test_ok(hours_next_open(h, utc(2026, 11, 27, 15, 0)) ==
		utc(2026, 11, 30, 7, 0),
	    "Friday night waits for Monday");
	test_ok(hours_next_open(h, utc(2026, 12, 23, 17, 0)) ==
		utc(2027, 1, 4, 7, 0),
	    "the year's end waits for the next");
	test_ok(hours_next_closed(h, utc(2026, 11, 23, 8, 0)) ==
		utc(2026, 11, 23, 11, 0),
	    "a morning ends at noon");
	test_text(hours_closed_why(h, utc(2026, 12, 28, 10, 0)),
	    "Year-end shutdown", "why it is closed");
	test_text(hours_closed_why(h, utc(2030, 1, 1, 10, 0)),
	    "New Year, the first day", "a holiday by name, unfolded");
	test_ok(hours_next_open(h, utc(2026, 3, 27, 15, 0)) ==
		utc(2026, 3, 30, 6, 0),
	    "a weekend with a change of the clock");
	arena_done(&a);
}

static void
test_always(void)
{
	struct arena a = { 0 };
	struct conf_arg word = arg("always");
	struct conf_node line = { .name = "hours", .args = &word, .args_n = 1 };
	struct conf_node block = { .name = "calendar", .child = &line };
	struct hours_source src = { give_zone, give_holidays, NULL };
	struct hours *h = NULL;
	struct err e = { 0 };

	test_ok(hours_build(&a, &block, NULL, &src, &h, &e) == 0, "always");
	test_ok(hours_open(h, 1) && hours_next_open(h, 1) == 1 &&
		hours_next_closed(h, 1) == INT64_MAX,
	    "always is open and never closes");
	arena_done(&a);
}

int
main(void)
{
	test_zones();
	test_bad_zones();
	test_moments();
	test_hours();
	test_always();
	return test_end();
}
