/* The moment a desk opens again, in words. */
#include "rules/opening.h"
#include "tests/test.h"

/* Monday, 23 November 2026, 10:00 UTC */
#define MONDAY INT64_C(1795428000)
#define HOUR   3600
#define DAY    86400

static void
test_due(void)
{
	static const struct {
		const char *language, *place, *want;
		int64_t ahead;
	} rows[] = {
		{ "en", "Europe/Berlin", "10:14 today (Berlin time)", 840 },
		{ "en", NULL, "10:14 today", 840 },
		{ "en", "America/New_York", "10:14 today (New York time)",
		    840 },
		{ "en", "UTC", "10:14 today (UTC)", 840 },
		{ "en", "Etc/UTC", "10:14 today (Etc/UTC)", 840 },
		{ "en", NULL, "23:59 today", 14 * HOUR - 60 },
		{ "en", NULL, "0:00 tomorrow", 14 * HOUR },
		{ "en", NULL, "9:00 tomorrow", DAY - HOUR },
		{ "en", NULL, "Wednesday 9:00", 2 * DAY - HOUR },
		{ "en", NULL, "Sunday 9:00", 6 * DAY - HOUR },
		{ "en", NULL, "Monday, 30 November, 9:00", 7 * DAY - HOUR },
		{ "en", NULL, "Tuesday, 5 January 2027, 9:00",
		    43 * DAY - HOUR },
		{ "en", NULL, "9:00 today", -HOUR },
		{ "en", NULL, "Sunday, 22 November, 9:00", -DAY - HOUR },
		{ "de", "Europe/Berlin", "heute 10:14 Uhr (Ortszeit Berlin)",
		    840 },
		{ "de-AT", NULL, "morgen 9:00 Uhr", DAY - HOUR },
		{ "de", NULL, "Mittwoch, 9:00 Uhr", 2 * DAY - HOUR },
		{ "de", NULL, "Dienstag, 1. Dezember, 9:00 Uhr",
		    8 * DAY - HOUR },
		{ "de", NULL, "Dienstag, 5. Januar 2027, 9:00 Uhr",
		    43 * DAY - HOUR },
		{ "fr", "Europe/Paris", "10:14 aujourd'hui (heure de Paris)",
		    840 },
		{ "fr", NULL, "9:00 demain", DAY - HOUR },
		{ "fr", NULL, "mercredi à 9:00", 2 * DAY - HOUR },
		{ "fr", NULL, "mardi 1er décembre à 9:00", 8 * DAY - HOUR },
		{ "es", "Europe/Madrid", "las 10:14 de hoy (hora de Madrid)",
		    840 },
		{ "es", NULL, "la 1:00 de mañana", 15 * HOUR },
		{ "es", NULL, "las 9:00 del miércoles", 2 * DAY - HOUR },
		{ "es", NULL, "las 9:00 del martes 5 de enero de 2027",
		    43 * DAY - HOUR },
		{ "pl", "Europe/Warsaw", "2026-11-23, 10:14 (Europe/Warsaw)",
		    840 },
		{ NULL, NULL, "2026-11-23, 10:14", 840 },
	};
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		test_text(opening_due(&a, NULL, rows[i].place, rows[i].language,
			      MONDAY, MONDAY + rows[i].ahead),
		    rows[i].want, "due %s", rows[i].want);
	arena_done(&a);
}

int
main(void)
{
	static const struct {
		const char *language, *want;
		int64_t when;
	} rows[] = {
		{ "en", "Monday, 23 November, 08:00", 1795420800 },
		{ "EN-gb", "Monday, 23 November, 08:00", 1795420800 },
		{ "de", "Montag, 23. November, 08:00 Uhr", 1795420800 },
		{ "fr", "lundi 23 novembre à 08:00", 1795420800 },
		{ "es", "lunes 23 de noviembre a las 08:00", 1795420800 },
		{ "pl", "2026-11-23, 08:00", 1795420800 },
		{ NULL, "2026-11-23, 08:00", 1795420800 },
		{ "de", "Montag, 1. März, 00:05 Uhr", 1803859500 },
		{ "fr", "lundi 1er mars à 00:05", 1803859500 },
		{ "en", "Sunday, 31 December, 23:59", 1861919940 },
	};
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		test_text(
		    opening_words(&a, NULL, rows[i].language, rows[i].when),
		    rows[i].want, "%s in %s", rows[i].want,
		    rows[i].language == NULL ? "none" : rows[i].language);
	arena_done(&a);
	test_due();
	return test_end();
}
