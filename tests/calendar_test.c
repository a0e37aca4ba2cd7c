/*
 * parser/calendar.c, calendar_when.c and meeting.c: calendars as lines to read,
 * and what becomes of mails that hold one.
 */
#include <stdlib.h>

#include "parser/calendar.h"
#include "parser/calendar_when.h"
#include "parser/limits.h"
#include "parser/mail.h"
#include "tests/test.h"

static struct arena a;

static struct calendar
whole(const char *charset, const char *text)
{
	struct calendar c;

	calendar_read(&a, charset, text, strlen(text), NULL, &c);
	return c;
}

/* One event, its properties given. */
static const char *
event(const char *method, const char *properties)
{
	struct calendar c = whole(NULL,
	    arena_printf(&a,
		"BEGIN:VCALENDAR\r\nMETHOD:%s\r\nBEGIN:VEVENT\r\n%s\r\n"
		"END:VEVENT\r\nEND:VCALENDAR\r\n",
		method, properties));

	return c.lines_n == 1 ? c.lines[0] : "(not one line)";
}

#define ANN  "ORGANIZER;CN=Ann Lee:mailto:ann@example.com\r\n"
#define WHEN "DTSTART:20261123T100000Z\r\n"

static void
methods(void)
{
	static const struct {
		const char *method, *properties, *want;
	} rows[] = {
		{ "REQUEST",
		    "SUMMARY:Printer maintenance\r\n"
		    "DTSTART;TZID=Europe/Berlin:20261123T100000\r\n"
		    "DTEND;TZID=Europe/Berlin:20261123T110000\r\n"
		    "LOCATION:Room 4\r\n" ANN,
		    "Invitation: Printer maintenance, Mon 23 Nov 2026 "
		    "10:00–11:00 (Europe/Berlin), Room 4, from Ann Lee "
		    "<ann@example.com>" },
		{ "request", "SUMMARY:x\r\nSEQUENCE:2\r\n" WHEN,
		    "Changed invitation: x, Mon 23 Nov 2026 10:00 (UTC)" },
		{ "REQUEST", "SUMMARY:x\r\nSEQUENCE:0\r\n" WHEN,
		    "Invitation: x, Mon 23 Nov 2026 10:00 (UTC)" },
		{ "CANCEL", "SUMMARY:x\r\n" WHEN ANN,
		    "Cancelled: x, Mon 23 Nov 2026 10:00 (UTC), from Ann Lee "
		    "<ann@example.com>" },
		{ "REQUEST", "SUMMARY:x\r\nSTATUS:CANCELLED\r\n" WHEN,
		    "Cancelled: x, Mon 23 Nov 2026 10:00 (UTC)" },
		{ "REPLY",
		    "SUMMARY:x\r\n" WHEN ANN
		    "ATTENDEE;PARTSTAT=ACCEPTED;CN=Bob:MAILTO:bob@example.org",
		    "Accepted: x, Mon 23 Nov 2026 10:00 (UTC), from Bob "
		    "<bob@example.org>" },
		{ "REPLY",
		    "SUMMARY:x\r\nATTENDEE;PARTSTAT=DECLINED:"
		    "mailto:bob@example.org",
		    "Declined: x, from bob@example.org" },
		{ "REPLY",
		    "SUMMARY:x\r\nATTENDEE;PARTSTAT=\"TENTATIVE\":"
		    "mailto:bob@example.org",
		    "Tentatively accepted: x, from bob@example.org" },
		{ "REPLY", "SUMMARY:x\r\nATTENDEE:mailto:bob@example.org",
		    "Answer to an invitation: x, from bob@example.org" },
		{ "COUNTER",
		    "SUMMARY:x\r\n" WHEN ANN "ATTENDEE:mailto:bob@example.org",
		    "Another time proposed: x, Mon 23 Nov 2026 10:00 (UTC), "
		    "from bob@example.org" },
		{ "PUBLISH", "SUMMARY:x\r\n" WHEN,
		    "Event: x, Mon 23 Nov 2026 10:00 (UTC)" },
		{ "X-NONSENSE", "DTSTART:20261123",
		    "Event: (no title), Mon 23 Nov 2026 (all day)" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		test_text(event(rows[i].method, rows[i].properties),
		    rows[i].want, "%s", rows[i].want);
}

static void
times(void)
{
	static const struct {
		const char *properties, *want;
	} rows[] = {
		{ "DTSTART:20261123T100000\r\nDURATION:PT1H30M",
		    "Mon 23 Nov 2026 10:00–11:30" },
		{ "DTSTART:20261123T233000Z\r\nDURATION:PT1H",
		    "Mon 23 Nov 2026 23:30 – Tue 24 Nov 2026 00:30 (UTC)" },
		{ "DTSTART:20261123T233000Z\r\nDURATION:-PT1H",
		    "Mon 23 Nov 2026 23:30 (UTC)" },
		{ "DTSTART:20261123T233000Z\r\nDTEND:20261122T233000Z",
		    "Mon 23 Nov 2026 23:30 (UTC)" },
		{ "DTSTART;TZID=Asia/Tokyo:20261123T100000\r\n"
		  "DTEND:20261123T020000Z",
		    "Mon 23 Nov 2026 10:00 (Asia/Tokyo) – Mon 23 Nov 2026 "
		    "02:00 (UTC)" },
		{ "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101",
		    "Thu 31 Dec 2026 (all day)" },
		{ "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270103",
		    "Thu 31 Dec 2026 – Sat 2 Jan 2027 (all day)" },
		{ "DTSTART;VALUE=DATE:20240229\r\nDURATION:P2D",
		    "Thu 29 Feb 2024 – Fri 1 Mar 2024 (all day)" },
		{ "DTSTART;TZID=\"W. Europe Standard Time\":20261123T100000",
		    "Mon 23 Nov 2026 10:00 (W. Europe Standard Time)" },
		{ "DTSTART;TZID=/mozilla.org/20070129_1/Europe/Berlin:"
		  "20261123T100000",
		    "Mon 23 Nov 2026 10:00 (Europe/Berlin)" },
		{ "DTSTART;TZID=\"(UTC+01:00) Amsterdam; Berlin\":"
		  "20261123T1000",
		    "Mon 23 Nov 2026 10:00 ((UTC+01:00) Amsterdam; Berlin)" },
		{ "DTSTART:20261123T100000Z\r\nRRULE:FREQ=WEEKLY",
		    "Mon 23 Nov 2026 10:00 (UTC), repeats weekly" },
		{ "DTSTART:20261123T100000Z\r\n"
		  "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=10;BYDAY=MO,WE",
		    "Mon 23 Nov 2026 10:00 (UTC), repeats every 2 weeks on "
		    "Mon, Wed, 10 times" },
		{ "DTSTART:20261123T100000Z\r\n"
		  "RRULE:FREQ=MONTHLY;BYDAY=1MO;UNTIL=20271231",
		    "Mon 23 Nov 2026 10:00 (UTC), repeats monthly until Fri "
		    "31 Dec 2027" },
		{ "DTSTART:20261123T100000Z\r\nRRULE:FREQ=OFTEN;INTERVAL=x",
		    "Mon 23 Nov 2026 10:00 (UTC), repeats" },
		{ "DTSTART:20261123T100000Z\r\nRECURRENCE-ID:20261123T090000Z",
		    "Mon 23 Nov 2026 10:00 (UTC) (one of a series)" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *line = event("PUBLISH", rows[i].properties);

		test_text(line + strcspn(line, ",") + 2, rows[i].want, "%s",
		    rows[i].want);
	}
}

static void
no_times(void)
{
	static const char *const moments[] = { "", "x", "2026", "20261123T",
		"20261323", "20260229", "20260431", "20261123T250000",
		"20261123T106000", "21990101", "19691231", "2026-11-23" };
	static const char *const durations[] = { "", "P", "PT", "1H", "PT1X",
		"P99999999999999999999W", "PT5", "PT5 H", "-" };
	struct moment m = { 0 };
	int64_t s = 7;

	for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++)
		test_ok(!calendar_moment(&a, moments[i], NULL, &m) && !m.set,
		    "'%s' is no time", moments[i]);
	for (size_t i = 0; i < sizeof(durations) / sizeof(*durations); i++)
		test_ok(!duration_read(durations[i], &s) && s == 7,
		    "'%s' is no duration", durations[i]);
	test_ok(duration_read("P1W2DT3H4M5S", &s) && s == 788645, "all units");
}

static void
texts(void)
{
	struct calendar c;

	test_text(
	    event("PUBLISH",
		"SUMMARY;LANGUAGE=de:Wartung\\, wirklich\\; \\\\ \\n jetzt"),
	    "Event: Wartung, wirklich; \\ jetzt", "escapes");
	test_text(event("PUBLISH", "SUMMARY:fol\r\n ded on\r\n\t ce"),
	    "Event: folded on ce", "folded lines");
	test_text(event("PUBLISH", "SUMMARY:Gr\xc3\r\n \xbc\xc3\x9f\n e"),
	    "Event: Grüße", "folded inside a character");
	test_text(
	    event("PUBLISH",
		"SUMMARY:x\r\nORGANIZER;CN=\"Lee: Ann; ^'A^'\":invalid:x"),
	    "Event: x, from Lee: Ann; \"A\"", "no address, a hard name");
	test_text(event("PUBLISH",
		      "SUMMARY:x\r\nORGANIZER;EMAIL=ann@example.com;"
		      "CN=ann@example.com:/users/1"),
	    "Event: x, from ann@example.com", "the address as a parameter");
	test_text(event("PUBLISH",
		      "SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:"
		      "Gr=FC=DF=\r\ne aus =\r\nRom\r\nLOCATION:hier"),
	    "Event: Grüße aus Rom, hier", "vCalendar 1.0");
	test_text(event("PUBLISH",
		      "SUMMARY:x\r\nBEGIN:VALARM\r\nLOCATION:no\r\n"
		      "BEGIN:X\r\nEND:X\r\nDTSTART:20261123\r\nEND:VALARM\r\n"
		      "LOCATION:yes"),
	    "Event: x, yes", "what an alarm says is not the event's");
	c = whole("iso-8859-1",
	    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:\xfc"
	    "ber\nDESCRIPTION:one\\n\\ntwo\\n\nEND:VEVENT\nEND:VCALENDAR\n");
	test_ok(c.lines_n == 1 && strcmp(c.lines[0], "Event: über") == 0 &&
		c.method == NULL && strcmp(c.about, "one\n\ntwo") == 0,
	    "a charset, a description");
	c = whole(NULL,
	    "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VTODO\nSUMMARY:toner\n"
	    "DUE:20261123T100000Z\nEND:VTODO\nEND:VCALENDAR\n");
	test_ok(c.lines_n == 1 &&
		strcmp(c.lines[0],
		    "To do: toner, due Mon 23 Nov 2026 10:00 (UTC)") == 0,
	    "something to do");
}

static void
broken(void)
{
	struct calendar c;
	char *many = arena_alloc(&a, 400000);
	size_t n = 0;

	c = whole(NULL,
	    "junk\n:\n;x\nSUMMARY:outside\nBEGIN:VEVENT\nSUMMARY:one\nno colon "
	    "here\nDTSTART;TZID=\"open:20261123T100000Z\nBEGIN:VEVENT\n"
	    "SUMMARY:two\nBEGIN:VALARM\nBEGIN:VEVENT\nSUMMARY:three");
	test_ok(c.lines_n == 3 &&
		strcmp(c.lines[0], "Event: one, Mon 23 Nov 2026 10:00 (UTC)") ==
		    0 &&
		strcmp(c.lines[1], "Event: two") == 0 &&
		strcmp(c.lines[2], "Event: three") == 0,
	    "nothing is closed");
	c = whole(NULL, "BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nSUMMARY:x\nEND:VF");
	test_ok(c.lines_n == 0, "no event");
	c = whole(NULL, "");
	test_ok(c.lines_n == 0 && c.about == NULL, "nothing at all");
	for (int i = 0; i < 5000; i++)
		n += (size_t)sprintf(many + n,
		    "BEGIN:VEVENT\nSUMMARY:event %d\nEND:VEVENT\n", i);
	calendar_read(&a, NULL, many, n, NULL, &c);
	test_ok(c.lines_n == CALENDAR_LINES_MAX &&
		strncmp(c.lines[CALENDAR_LINES_MAX - 1], "... and ", 8) == 0,
	    "many events: %s", c.lines[c.lines_n - 1]);
	memset(many, 'x', 400000);
	memcpy(many, "BEGIN:VEVENT\nSUMMARY:", 21);
	calendar_read(&a, NULL, many, 400000, NULL, &c);
	test_ok(c.lines_n == 1 && strlen(c.lines[0]) < 300, "a long title");
	c = whole(
	    NULL, "BEGIN:VEVENT\nSUMMARY:same\nBEGIN:VEVENT\nSUMMARY:same\n");
	test_ok(c.lines_n == 1, "the same line once");
}

#define HEAD                              \
	"From: Ann <ann@example.com>\r\n" \
	"Subject: x\r\nMIME-Version: 1.0\r\n"
#define ICS(method)                                             \
	"BEGIN:VCALENDAR\r\nMETHOD:" method                     \
	"\r\nBEGIN:VEVENT\r\nSUMMARY:talk\r\nDTSTART:20261123"  \
	"\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.com" \
	"\r\nDESCRIPTION:bring tea\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
#define TWO(method, disposition)                                                 \
	HEAD                                                                     \
	    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"                  \
	    "--b\r\n\r\nPlease come.\r\n--b\r\n"                                 \
	    "Content-Type: text/calendar; method=" method "\r\n" disposition     \
	    "\r\n" ICS(                                                          \
		method) "\r\n--b\r\n"                                            \
			"Content-Type: application/octet-stream; name=i.ics\r\n" \
			"\r\n" ICS(method) "\r\n--b--\r\n"

static struct mail
mail(const char *raw)
{
	struct mail m;

	mail_parse(&a, raw, strlen(raw), &m);
	return m;
}

static void
mails(void)
{
	struct mail m = mail(
	    HEAD "Content-Type: text/calendar; method=REQUEST\r\n\r\n" ICS(
		"REQUEST"));

	test_text(m.text,
	    "Invitation: talk, Mon 23 Nov 2026 (all day)\n\nbring tea",
	    "a mail that is nothing but an invitation");
	test_text(m.new_text, m.text, "its new text");
	test_ok(m.class == CLASS_HUMAN && m.calendar_n == 1 &&
		strcmp(m.calendar_method, "REQUEST") == 0,
	    "is a person's");
	m = mail(TWO("REQUEST", ""));
	test_text(m.text, "Please come.", "the text of a mail stays its text");
	test_ok(m.calendar_n == 1 && m.class == CLASS_HUMAN,
	    "the same invitation as a part and a file is told once");
	m = mail(TWO("REPLY", ""));
	test_ok(m.class == CLASS_AUTO_REPLY &&
		strcmp(m.class_why, "calendar method: REPLY") == 0,
	    "an answer to an invitation is automatic");
	m = mail(TWO("COUNTER", ""));
	test_ok(m.class == CLASS_GENERATED, "another time is for people");
	m = mail(TWO("REPLY", "Content-Disposition: attachment\r\n"));
	test_ok(m.class == CLASS_HUMAN && m.calendar_n == 1,
	    "who attaches one as a file is no robot");
}

int
main(void)
{
	methods();
	times();
	no_times();
	texts();
	broken();
	mails();
	arena_done(&a);
	return test_end();
}
