/* Times as people write them, in four languages, over both changes of the
 * clock. */
#include <stdlib.h>
#include <string.h>

#include "rules/moment.h"
#include "tests/test.h"

/* Berlin and New York, from the footers of their zone files (RFC 8536). */
static struct zone *
zone(struct arena *a, const char *footer)
{
	unsigned char b[200] = "TZif2";
	struct zone *z = NULL;
	struct err e = { 0 };
	size_t n = 108;

	b[39] = 1;
	b[43] = 4;
	memcpy(b + 50, "LMT", 4);
	memcpy(b + 54, b, 54);
	n += (size_t)sprintf((char *)b + n, "\n%s\n", footer);
	test_ok(zone_read(a, b, n, &z, &e) == 0, "zone %s %s", footer, e.text);
	return z;
}

static int64_t
wall(const struct zone *z, const char *s)
{
	struct civil c = { 0 };
	int h, mi;

	sscanf(s, "%d-%d-%d %d:%d", &c.year, &c.month, &c.day, &h, &mi);
	c.minute = h * 60 + mi;
	return zone_moment(z, &c);
}

static const char *
shown(struct arena *a, const struct zone *z, int64_t when)
{
	struct civil c = zone_civil(z, when);

	return arena_printf(a, "%d-%02d-%02d %02d:%02d", c.year, c.month, c.day,
	    c.minute / 60, c.minute % 60);
}

/* Now is Wednesday, 29 July 2026, 10:30. */
static const struct {
	const char *text, *want, *rest;
} cases[] = {
	/* Durations. */
	{ "3d", "2026-08-01 10:30", "" },
	{ "2h", "2026-07-29 12:30", "" },
	{ "1w", "2026-08-05 10:30", "" },
	{ "20m", "2026-07-29 10:50", "" },
	{ "1h30m", "2026-07-29 12:00", "" },
	{ "1d 2h", "2026-07-30 12:30", "" },
	{ "2 days", "2026-07-31 10:30", "" },
	{ "3 Tage", "2026-08-01 10:30", "" },
	{ "in 3 Tagen", "2026-08-01 10:30", "" },
	{ "für 2 Stunden", "2026-07-29 12:30", "" },
	{ "dans 2 jours", "2026-07-31 10:30", "" },
	{ "2j", "2026-07-31 10:30", "" },
	{ "en 3 días", "2026-08-01 10:30", "" },
	{ "3 días por favor", "2026-08-01 10:30", " por favor" },
	{ "a week", "2026-08-05 10:30", "" },
	{ "zwei Wochen", "2026-08-12 10:30", "" },
	{ "une semaine", "2026-08-05 10:30", "" },
	{ "1 month", "2026-08-29 10:30", "" },
	{ "7 months", "2027-02-28 10:30", "" },
	{ "2d waits for Acme", "2026-07-31 10:30", " waits for Acme" },
	{ "  2d, waits", "2026-07-31 10:30", ", waits" },

	/* Days of the week: never today. */
	{ "fri", "2026-07-31 08:00", "" },
	{ "Fri.", "2026-07-31 08:00", "" },
	{ "friday waits", "2026-07-31 08:00", " waits" },
	{ "on Friday", "2026-07-31 08:00", "" },
	{ "next friday", "2026-07-31 08:00", "" },
	{ "wednesday", "2026-08-05 08:00", "" },
	{ "wed", "2026-08-05 08:00", "" },
	{ "freitag 9:00", "2026-07-31 09:00", "" },
	{ "am Freitag um 9", "2026-07-31 09:00", "" },
	{ "nächsten Montag", "2026-08-03 08:00", "" },
	{ "naechsten Montag 17 Uhr", "2026-08-03 17:00", "" },
	{ "Mo", "2026-08-03 08:00", "" },
	{ "Mo. 14:00", "2026-08-03 14:00", "" },
	{ "mo 14:00", "2026-08-03 14:00", "" },
	{ "vendredi à 9h", "2026-07-31 09:00", "" },
	{ "vendredi prochain", "2026-07-31 08:00", "" },
	{ "lundi 9h30", "2026-08-03 09:30", "" },
	{ "el viernes que viene a las 9", "2026-07-31 09:00", "" },
	{ "miércoles", "2026-08-05 08:00", "" },
	{ "sábado 10:00", "2026-08-01 10:00", "" },
	{ "monday morning", "2026-08-03 08:00", "" },
	{ "tue noon", "2026-08-04 12:00", "" },
	{ "Montag früh", "2026-08-03 08:00", "" },
	{ "mar 14h", "2026-08-04 14:00", "" },

	/* Days by their names. */
	{ "tomorrow", "2026-07-30 08:00", "" },
	{ "tomorrow at 9", "2026-07-30 09:00", "" },
	{ "tomorrow 9am", "2026-07-30 09:00", "" },
	{ "tomorrow afternoon", "2026-07-30 14:00", "" },
	{ "9am tomorrow", "2026-07-30 09:00", "" },
	{ "morgen", "2026-07-30 08:00", "" },
	{ "morgen früh", "2026-07-30 08:00", "" },
	{ "morgen 17.30", "2026-07-30 17:30", "" },
	{ "übermorgen", "2026-07-31 08:00", "" },
	{ "the day", NULL, "" },
	{ "day after tomorrow 9:00", "2026-07-31 09:00", "" },
	{ "demain", "2026-07-30 08:00", "" },
	{ "demain matin", "2026-07-30 08:00", "" },
	{ "après-demain à 14h", "2026-07-31 14:00", "" },
	{ "mañana", "2026-07-30 08:00", "" },
	{ "mañana por la mañana", "2026-07-30 08:00", "" },
	{ "mañana a las 9:15", "2026-07-30 09:15", "" },
	{ "pasado mañana", "2026-07-31 08:00", "" },
	{ "today 17:00", "2026-07-29 17:00", "" },
	{ "heute 17 Uhr 30", "2026-07-29 17:30", "" },
	{ "aujourd'hui 16h", "2026-07-29 16:00", "" },
	{ "hoy 16:00", "2026-07-29 16:00", "" },
	{ "next week", "2026-08-03 08:00", "" },
	{ "next week tue", "2026-08-03 08:00", " tue" },
	{ "nächste Woche", "2026-08-03 08:00", "" },
	{ "la semaine prochaine", "2026-08-03 08:00", "" },
	{ "la semana que viene", "2026-08-03 08:00", "" },
	{ "la próxima semana", "2026-08-03 08:00", "" },
	{ "next month", "2026-08-01 08:00", "" },

	/* Dates. */
	{ "2026-08-10", "2026-08-10 08:00", "" },
	{ "2026-08-10 9:00 reason", "2026-08-10 09:00", " reason" },
	{ "2026-08-10T17:30", "2026-08-10 17:30", "" },
	{ "10.8.", "2026-08-10 08:00", "" },
	{ "10.8", "2026-08-10 08:00", "" },
	{ "10.08.2026", "2026-08-10 08:00", "" },
	{ "10.8.26 9:00", "2026-08-10 09:00", "" },
	{ "bis 10.8. 9 Uhr", "2026-08-10 09:00", "" },
	{ "10. 8. 2026", "2026-08-10 08:00", "" },
	{ "10/8", "2026-08-10 08:00", "" },
	{ "10/8/2026", "2026-08-10 08:00", "" },
	{ "8/25", "2026-08-25 08:00", "" },
	{ "1.1.", "2027-01-01 08:00", "" },
	{ "29.2.", "2028-02-29 08:00", "" },
	{ "29.7.", "2026-07-29 08:00", "" },
	{ "28.7.", "2027-07-28 08:00", "" },
	{ "10 August", "2026-08-10 08:00", "" },
	{ "10th august 2026, 9:00", "2026-08-10 09:00", "" },
	{ "August 10", "2026-08-10 08:00", "" },
	{ "August 10, 2027", "2027-08-10 08:00", "" },
	{ "10. August", "2026-08-10 08:00", "" },
	{ "am 10. März um 9 Uhr", "2027-03-10 09:00", "" },
	{ "le 10 août à 9h", "2026-08-10 09:00", "" },
	{ "10 de agosto", "2026-08-10 08:00", "" },
	{ "1er septembre", "2026-09-01 08:00", "" },
	{ "mar 10", "2027-03-10 08:00", "" },

	/* Times alone: what is over is tomorrow's. */
	{ "14:00", "2026-07-29 14:00", "" },
	{ "9:00", "2026-07-30 09:00", "" },
	{ "10:30", "2026-07-30 10:30", "" },
	{ "17.30", "2026-07-29 17:30", "" },
	{ "10.12", "2026-07-30 10:12", "" },
	{ "9am", "2026-07-30 09:00", "" },
	{ "2 pm", "2026-07-29 14:00", "" },
	{ "2:15 p.m.", "2026-07-29 14:15", "" },
	{ "12am", "2026-07-30 00:00", "" },
	{ "12pm", "2026-07-29 12:00", "" },
	{ "17 Uhr", "2026-07-29 17:00", "" },
	{ "à 17h", "2026-07-29 17:00", "" },
	{ "a las 17", "2026-07-29 17:00", "" },
	{ "um 17", "2026-07-29 17:00", "" },
	{ "at 5pm", "2026-07-29 17:00", "" },
	{ "17h30", "2026-07-29 17:30", "" },

	/* None. */
	{ "", NULL, "" },
	{ "waits for Acme", NULL, "" },
	{ "monitor is broken", NULL, "" },
	{ "so we wait", NULL, "" },
	{ "mi jefe", NULL, "" },
	{ "do it", NULL, "" },
	{ "3", NULL, "" },
	{ "3 people are ill", NULL, "" },
	{ "32.13.", NULL, "" },
	{ "2026-02-30", NULL, "" },
	{ "25:00", NULL, "" },
	{ "9:75", NULL, "" },
	{ "13pm", NULL, "" },
	{ "9999d", NULL, "" },
	{ "3dogs", NULL, "" },
	{ "fri's", NULL, "" },
	{ "may be", NULL, "" },
	{ "in", NULL, "" },
	{ "next", NULL, "" },
	{ "at", NULL, "" },
	{ "week", NULL, "" },
	{ "10.12.13.14", NULL, "" },
	{ "192.168.1.1", NULL, "" },
	{ "\xc3", NULL, "" },
};

static void
test_cases(struct arena *a, const struct zone *z)
{
	int64_t now = wall(z, "2026-07-29 10:30"), when;
	size_t used;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *t = cases[i].text, *got = "none";

		when = 7;
		used = 0;
		if (moment_read(t, z, now, &when, &used))
			got = shown(a, z, when);
		else
			test_ok(when == 7 && used == 0, "outputs are left");
		test_text(got, cases[i].want == NULL ? "none" : cases[i].want,
		    "'%s': %s", t, got);
		test_text(t + (cases[i].want == NULL ? strlen(t) : used),
		    cases[i].rest, "'%s' and the rest", t);
	}
}

static void
test_changes(struct arena *a, const struct zone *z)
{
	static const struct {
		const char *now, *text, *want;
	} table[] = {
		{ "2026-03-28 12:00", "1d", "2026-03-29 12:00" },
		{ "2026-03-28 12:00", "24h", "2026-03-29 13:00" },
		{ "2026-03-28 02:30", "1d", "2026-03-29 03:00" },
		{ "2026-03-28 12:00", "tomorrow 2:30", "2026-03-29 03:00" },
		{ "2026-10-24 12:00", "1d", "2026-10-25 12:00" },
		{ "2026-10-24 12:00", "24h", "2026-10-25 11:00" },
		{ "2026-10-24 12:00", "so", "2026-10-25 08:00" },
		{ "2026-12-31 12:00", "tomorrow", "2027-01-01 08:00" },
		{ "2026-12-31 12:00", "2 months", "2027-02-28 12:00" },
		{ "2026-12-31 12:00", "next month", "2027-01-01 08:00" },
		{ "2026-07-26 23:59", "next week", "2026-07-27 08:00" },
		{ "2026-07-27 00:01", "next week", "2026-08-03 08:00" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		int64_t when = 0;
		size_t used;

		test_ok(moment_read(table[i].text, z, wall(z, table[i].now),
			    &when, &used),
		    "%s is read", table[i].text);
		test_text(shown(a, z, when), table[i].want, "%s, then %s",
		    table[i].now, table[i].text);
	}
}

/* It is today there when it is tomorrow here. */
static void
test_zones(struct arena *a)
{
	struct zone *ny = zone(a, "EST5EDT,M3.2.0,M11.1.0");
	int64_t now = wall(NULL, "2026-07-29 02:00"), when;
	size_t used;

	test_ok(moment_read("tomorrow 9:00", ny, now, &when, &used) &&
		when == wall(NULL, "2026-07-29 13:00"),
	    "tomorrow of New York");
	test_ok(moment_read("tomorrow 9:00", NULL, now, &when, &used) &&
		when == wall(NULL, "2026-07-30 09:00"),
	    "tomorrow of UTC");
}

int
main(void)
{
	struct arena a = { 0 };
	struct zone *berlin = zone(&a, "CET-1CEST,M3.5.0,M10.5.0/3");

	test_cases(&a, berlin);
	test_changes(&a, berlin);
	test_zones(&a);
	arena_done(&a);
	return test_end();
}
