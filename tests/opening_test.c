/* The moment a desk opens again, in words. */
#include "rules/opening.h"
#include "tests/test.h"

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
	return test_end();
}
