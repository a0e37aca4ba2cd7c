/*
 * What a terminal gets to see: no byte of a stranger steers it (T40), tables
 * fit, and the small texts for numbers, times and progress.
 */
#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/print.h"
#include "daemon/progress.h"
#include "daemon/when.h"
#include "parser/utf8.h"
#include "tests/test.h"

static struct arena a;

/* Nothing that a terminal would act on, and valid UTF-8. */
static bool
harmless(const char *s, bool block)
{
	const char *end = s + strlen(s);

	if (!utf8_valid(s, strlen(s)))
		return false;
	while (s < end) {
		uint32_t c = utf8_next(&s, end);

		if (block && (c == '\n' || c == '\t'))
			continue;
		if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
		    (c >= 0x200e && c <= 0x200f) ||
		    (c >= 0x2028 && c <= 0x202e) ||
		    (c >= 0x2066 && c <= 0x2069))
			return false;
	}
	return true;
}

/* Every pair of bytes, which holds every byte, every C1 and every broken
 * beginning of a character. */
static void
test_bytes(void)
{
	int bad = 0;

	for (int i = 1; i < 256; i++)
		for (int k = 1; k < 256; k++) {
			char s[] = { 'a', (char)i, (char)k, 'b', '\0' };
			const char *line = print_line(&a, s);
			const char *block = print_block(&a, s);

			bad += !harmless(line, false) || !harmless(block, true);
			bad += line[0] != 'a' || line[strlen(line) - 1] != 'b';
			arena_reset(&a);
		}
	test_ok(bad == 0, "no pair of bytes steers a terminal");
}

/* Every character there is. */
static void
test_characters(void)
{
	int bad = 0;

	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		char s[8] = { 0 };

		if (c >= 0xd800 && c < 0xe000)
			continue;
		utf8_put(s, c);
		bad += !harmless(print_line(&a, s), false);
		if (c >= 0x300 && c < 0x2000)
			bad += strcmp(print_line(&a, s), s) != 0 && c != 0x61c;
		arena_reset(&a);
	}
	test_ok(bad == 0, "no character does, and letters stay as they are");
}

static const struct {
	const char *in, *line, *block;
} texts[] = {
	{ "plain text", "plain text", "plain text" },
	{ "", "", "" },
	{ NULL, "", "" },
	{ "a\x1b[2Jb", "a\\x1b[2Jb", "a\\x1b[2Jb" },
	{ "a\nb\tc\rd", "a\\x0ab\\x09c\\x0dd", "a\nb\tc\\x0dd" },
	{ "\x7f\x9b\xff", "\\x7f\\x9b\\xff", "\\x7f\\x9b\\xff" },
	{ "\xc2\x9b"
	  "1m",
	    "\\x9b1m", "\\x9b1m" },
	{ "\xe2\x80\xaegpj.exe", "\\u202egpj.exe", "\\u202egpj.exe" },
	{ "J\xc3\xa4nne \xe6\x97\xa5\xef\xbf\xbd",
	    "J\xc3\xa4nne \xe6\x97\xa5\xef\xbf\xbd",
	    "J\xc3\xa4nne \xe6\x97\xa5\xef\xbf\xbd" },
};

static void
test_texts(void)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		test_text(
		    print_line(&a, texts[i].in), texts[i].line, "line %zu", i);
		test_text(print_block(&a, texts[i].in), texts[i].block,
		    "block %zu", i);
	}
}

static void
test_cut(void)
{
	static const struct {
		const char *in;
		int width;
		const char *want;
	} cases[] = {
		{ "abcdef", 6, "abcdef" },
		{ "abcdef", 5, "abcd~" },
		{ "abc def", 5, "abc~" },
		{ "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 6,
		    "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e" },
		{ "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 5,
		    "\xe6\x97\xa5\xe6\x9c\xac~" },
		{ "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4, "\xe6\x97\xa5~" },
		{ "e\xcc\x81"
		  "e\xcc\x81",
		    2,
		    "e\xcc\x81"
		    "e\xcc\x81" },
	};
	struct print p = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_text(print_cut(&p, &a, cases[i].in, cases[i].width),
		    cases[i].want, "cut %zu to %d columns", i, cases[i].width);
	p.utf8 = true;
	test_text(print_cut(&p, &a, "abcdef", 4), "abc\xe2\x80\xa6",
	    "the mark where UTF-8 is spoken");
}

static void
test_values(void)
{
	struct print p = { .now = 1785222846 };
	static const struct {
		int64_t ago;
		const char *want;
	} ages[] = { { -5, "now" }, { 59, "now" }, { 60, "1m" },
		{ 3599, "59m" }, { 3600, "1h" }, { 172799, "47h" },
		{ 172800, "2d" }, { 2419199, "27d" }, { 2419200, "4w" } };

	for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++)
		test_text(print_age(&p, &a, p.now - ages[i].ago), ages[i].want,
		    "%lld seconds ago", (long long)ages[i].ago);
	test_text(print_number(&a, 0), "0", "0");
	test_text(print_number(&a, 999), "999", "999");
	test_text(print_number(&a, 48002), "48,002", "48,002");
	test_text(print_number(&a, -1234567), "-1,234,567", "a negative one");
	test_text(print_size(&a, 0), "0 B", "no bytes");
	test_text(print_size(&a, 2048), "2.0 KB", "2 KB");
	test_text(print_size(&a, 26214400), "25 MB", "25 MB");
	test_text(print_size(&a, 1023999), "1.0 MB", "almost a MB");
	test_text(print_time(&a, 0), "-", "no time");
	test_text(print_time(&a, 1785222846), "2026-07-28 09:14 CEST",
	    "a time in summer");
	test_text(
	    print_time(&a, 1769325246), "2026-01-25 08:14 CET", "in winter");
}

/* 2026-07-28 is a Tuesday; it is 09:14:06 in Berlin. */
static void
test_when(void)
{
	const int64_t now = 1785222846, day = 86400;
	const int64_t midnight = now - (9 * 3600 + 14 * 60 + 6);
	const struct {
		const char *word;
		int64_t want;
	} cases[] = {
		{ "2d", now - 2 * day },
		{ "90min", now - 5400 },
		{ "4h", now - 14400 },
		{ "3w", now - 21 * day },
		{ "0s", now },
		{ "today", midnight },
		{ "yesterday", midnight - day },
		{ "tue", midnight },
		{ "Monday", midnight - day },
		{ "wed", midnight - 6 * day },
		{ "08:30", midnight + 8 * 3600 + 1800 },
		{ "2026-07-28", midnight },
		{ "2026-07-28T08:30", midnight + 8 * 3600 + 1800 },
		{ "2026-03-29", 1774738800 },
		{ "2026-01-01", 1767222000 },
	};
	const char *const wrong[] = { "0-06-03", "206-06-03", "", "soon", "2",
		"2y", "-2d", "mo", "2026-02-30", "2026-13-01", "25:00",
		"2026-07-28x", "d", "99999999d", "tuesdays" };
	int64_t when;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		when = 0;
		test_ok(when_parse(cases[i].word, now, &when) &&
			when == cases[i].want,
		    "since %s: %lld", cases[i].word, (long long)when);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		test_ok(!when_parse(wrong[i], now, &when), "'%s' is no time",
		    wrong[i]);
}

static void
test_progress(void)
{
	struct progress p = { .name = "import",
		.done = 12410,
		.of = 48002,
		.part = 2600,
		.all = 10000 };

	test_text(progress_line(&p, &a, 4000),
	    "import  12,410/48,002  26 %  3,102/s  12 s left", "the line");
	p.part = 100;
	test_text(progress_line(&p, &a, 4000),
	    "import  12,410/48,002  1 %  3,102/s  6 min left", "long");
	p.part = 1;
	test_text(progress_line(&p, &a, 4000),
	    "import  12,410/48,002  0 %  3,102/s  11 h left", "very long");
	p.part = p.all = 10000;
	test_text(progress_line(&p, &a, 4000),
	    "import  12,410/48,002  100 %  3,102/s", "the end");
	p.all = p.of = 0;
	test_text(
	    progress_line(&p, &a, 500), "import  12,410", "nothing is known");
	p = (struct progress){ .name = "import",
		.done = 100,
		.part = 9100,
		.all = 10000,
		.skipped = 9000 };
	test_text(progress_line(&p, &a, 2000),
	    "import  100  91 %  50/s  19 s left",
	    "what was done before does not make it look fast");
}

int
main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	test_bytes();
	test_characters();
	test_texts();
	test_cut();
	test_values();
	test_when();
	test_progress();
	arena_done(&a);
	return test_end();
}
