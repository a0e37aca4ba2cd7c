/* parser/date.c: dates of mails, and the forms that we write. */
#include "parser/date.h"
#include "tests/test.h"

/* want: RFC 3339, or NULL for "not a date". */
static void
parse(const char *s, const char *want)
{
	char got[DATE_SIZE] = "none";
	int64_t when;
	int zone;

	if (date_parse(s, strlen(s), &when, &zone))
		date_rfc3339(when, got);
	test_ok(
	    strcmp(got, want == NULL ? "none" : want) == 0, "%s -> %s", s, got);
}

static void
parsing(void)
{
	parse("Tue, 03 Mar 2026 10:11:12 +0100", "2026-03-03T09:11:12Z");
	parse("3 Mar 2026 10:11 +0100", "2026-03-03T09:11:00Z");
	parse("Tue, 3 Mar 26 10:11:12 GMT", "2026-03-03T10:11:12Z");
	parse("Mon, 3 May 99 10:11:12 +0000", "1999-05-03T10:11:12Z");
	parse("Tue, 3 Mar 2026 10:11:12 -0500 (EST)", "2026-03-03T15:11:12Z");
	parse("Tue, 3 Mar 2026 10:11:12 EST", "2026-03-03T15:11:12Z");
	parse("Tue, 3 Mar 2026 10:11:12", "2026-03-03T10:11:12Z");
	parse("Tue, 3 Mar 2026 10:11:12 +0530", "2026-03-03T04:41:12Z");
	parse("Tue, 3 Mar 2026 10:11:12 GMT+02:00", "2026-03-03T08:11:12Z");
	parse("Tue, 3 Mar 2026 10:11:12 +9999", "2026-03-03T10:11:12Z");
	parse("(c(d)) Tue (x), 3 (y) Mar 2026 10:11:12 +0000",
	    "2026-03-03T10:11:12Z");
	parse("Tue Mar  3 10:11:12 2026", "2026-03-03T10:11:12Z");
	parse("Tue Mar  3 10:11:12 CET 2026", "2026-03-03T09:11:12Z");
	parse("2026-03-03T10:11:12Z", "2026-03-03T10:11:12Z");
	parse("2026-03-03 10:11:12.250 +0100", "2026-03-03T09:11:12Z");
	parse("Di, 03 Mär 2026 10:11:12 +0100", "2026-03-03T09:11:12Z");
	parse("mar., 03 févr. 2026 10:11:12 +0100", "2026-02-03T09:11:12Z");
	parse("3-Mar-2026 10:11:12 +0000", "2026-03-03T10:11:12Z");
	parse("March 3, 2026 2:05 PM", "2026-03-03T14:05:00Z");
	parse("March 3, 2026 12:05 AM", "2026-03-03T00:05:00Z");
	parse("tue, 3 mar 2026 10:11:12 gmt", "2026-03-03T10:11:12Z");
	parse("Sun, 28 Feb 2100 23:59:60 +0000", "2100-03-01T00:00:00Z");
	parse("29 Feb 2024 00:00:00 +0000", "2024-02-29T00:00:00Z");
	parse("29 Feb 2026 00:00:00 +0000", NULL);
	parse("30 Feb 2026 00:00:00 +0000", NULL);
	parse("3 Mar 2026 25:00:00 +0000", NULL);
	parse("3 Mar 2026 10:61:00 +0000", NULL);
	parse("1 Jan 1969 00:00:00 +0000", NULL);
	parse("3 Mar 9999 10:11:12 +0000", NULL);
	parse("3 Mar 99999999999 10:11:12 +0000", NULL);
	parse("3.3.2026 10:11:12 +0100", "2026-03-03T09:11:12Z");
	parse("2026/3/4 10:11:12", "2026-03-04T10:11:12Z");
	parse("2026.03.04 10:11", "2026-03-04T10:11:00Z");
	parse("25/12/2025 10:11:12", "2025-12-25T10:11:12Z");
	parse("12/25/2025 10:11:12 PM", "2025-12-25T22:11:12Z");
	parse("03/04/2026 10:11:12", NULL); /* April or March? */
	parse("20260303T101112Z", "2026-03-03T10:11:12Z");
	parse("20260303", "2026-03-03T00:00:00Z");
	parse("2026年3月4日 10:11:12 +0900", "2026-03-04T01:11:12Z");
	parse("2026년 3월 4일 10:11", "2026-03-04T10:11:00Z");
	parse("вт, 03 мар 2026 10:11:12 +0300", "2026-03-03T07:11:12Z");
	parse("3 lipca 2026 10:11:12 +0200", "2026-07-03T08:11:12Z");
	parse("03 Ağu 2026 10:11:12 +0300", "2026-08-03T07:11:12Z");
	parse("Tue,03 Mar 2026 10:11:12+0100", "2026-03-03T09:11:12Z");
	parse("Tue, 3 Mar 126 10:11:12 +0000", "2026-03-03T10:11:12Z");
	parse("\"Tue, 3 Mar 2026 10:11:12 +0000\"", "2026-03-03T10:11:12Z");
	parse("Tue, 3 Mar 2026 10:11:12 KST", "2026-03-03T01:11:12Z");
	parse("Tue, 3 Mar 2026 10:11:12 -0000", "2026-03-03T10:11:12Z");
	parse("Tue, 3 Mar 2026 10:11:12 +0100 (CET) extra",
	    "2026-03-03T09:11:12Z");
	parse("Mon, 30 Jun 3609 15:33:50 +0600", NULL);
	parse("13.13.2026", NULL);
	parse("2026-13-01T00:00:00Z", NULL);
	parse("0000-00-00 00:00:00", NULL);
	parse("yesterday", NULL);
	parse("", NULL);
	parse("1 Jan 1970 01:00:00 +0200", NULL);
}

static void
writing(void)
{
	char text[DATE_SIZE];

	date_rfc5322(1785222846, 120, text);
	test_text(text, "Tue, 28 Jul 2026 09:14:06 +0200", "RFC 5322");
	date_rfc5322(1785222846, -210, text);
	test_text(text, "Tue, 28 Jul 2026 03:44:06 -0330", "west, half hours");
	date_rfc3339(1785222846, text);
	test_text(text, "2026-07-28T07:14:06Z", "RFC 3339");
}

/* Every 11th hour of 130 years goes out and comes back. */
static void
round_trip(void)
{
	size_t wrong = 0;

	for (int64_t t = 1; t < INT64_C(4102444800); t += 39601) {
		char text[DATE_SIZE];
		int64_t back = 0;
		int zone = (int)(t % 27 - 13) * 60;

		date_rfc5322(t, zone, text);
		wrong += !date_parse(text, strlen(text), &back, &zone) ||
		    back != t;
	}
	test_ok(wrong == 0, "what we write we read");
}

int
main(void)
{
	parsing();
	writing();
	round_trip();
	return test_end();
}
