/* What an SMTP dialogue means, and when a letter may go again. */
#include "daemon/pace.h"
#include "daemon/smtp_talk.h"
#include "tests/test.h"

/*
 * A dialogue.  "> TEXT": the next thing we say begins so, and is sent; "< TEXT"
 * comes in; "may", "not": the answer to "may the body go?"; "body": all of it
 * goes, "part": a piece of it; "stop": we are told to end.  Where the list ends
 * the connection is gone.
 */
struct dialogue {
	const char *name;
	const char *steps[20];
	enum smtp_outcome want;
	bool usable; /* the connection, afterwards */
};

#define TO_RCPT "> MAIL FROM:<>", "< 250 ok", "> RCPT TO:<ann@example.org>"
#define TO_DATA TO_RCPT, "< 250 ok", "> DATA"
#define TO_BODY TO_DATA, "< 354 go", "may"
#define TO_DOT  TO_BODY, "body"

static const struct dialogue fresh[] = {
	/* RELIABILITY 4.4, the measured table, from MAIL on. */
	{ "gone at MAIL", { "> MAIL" }, SMTP_RETRY, false },
	{ "MAIL 451", { "> MAIL", "< 451 later" }, SMTP_RETRY, true },
	{ "MAIL 550", { "> MAIL", "< 550 no" }, SMTP_REJECTED, true },
	{ "MAIL 530: the login is missing", { "> MAIL", "< 530 log in" },
	    SMTP_ROUTE, true },
	{ "MAIL 421", { "> MAIL", "< 421 bye" }, SMTP_RETRY, false },
	{ "MAIL 354 makes no sense", { "> MAIL", "< 354 go" }, SMTP_RETRY,
	    false },
	{ "gone after MAIL", { "> MAIL", "< 250 ok" }, SMTP_RETRY, false },
	{ "gone at RCPT", { TO_RCPT }, SMTP_RETRY, false },
	{ "RCPT 450", { TO_RCPT, "< 450 later" }, SMTP_RETRY, true },
	{ "RCPT 550", { TO_RCPT, "< 550 no such" }, SMTP_REJECTED, true },
	{ "RCPT 251 is a yes", { TO_RCPT, "< 251 forwards", "> DATA" },
	    SMTP_RETRY, false },
	{ "RCPT 421", { TO_RCPT, "< 421 bye" }, SMTP_RETRY, false },
	{ "DATA 451", { TO_DATA, "< 451 later" }, SMTP_RETRY, true },
	{ "DATA 554", { TO_DATA, "< 554 no" }, SMTP_REJECTED, true },
	{ "DATA 250 is no leave to go on", { TO_DATA, "< 250 eh" }, SMTP_RETRY,
	    false },
	{ "gone after 354", { TO_DATA, "< 354 go" }, SMTP_RETRY, false },
	{ "the body may not go", { TO_DATA, "< 354 go", "not" }, SMTP_BACK,
	    false },
	{ "gone before the first byte", { TO_BODY }, SMTP_RETRY, false },
	{ "gone in the body", { TO_BODY, "part" }, SMTP_RETRY, false },
	{ "552 in the middle of the body",
	    { TO_BODY, "part", "< 552 too much" }, SMTP_REJECTED, false },
	{ "452 in the middle of the body", { TO_BODY, "part", "< 452 no room" },
	    SMTP_RETRY, false },
	{ "250 in the middle of the body means nothing",
	    { TO_BODY, "part", "< 250 ok" }, SMTP_RETRY, false },
	{ "all handed over, then gone", { TO_DOT }, SMTP_UNKNOWN, false },
	{ "250", { TO_DOT, "< 250 2.0.0 queued" }, SMTP_SENT, true },
	{ "251 is a yes", { TO_DOT, "< 251 forwards" }, SMTP_SENT, true },
	{ "451 to the dot", { TO_DOT, "< 451 later" }, SMTP_RETRY, true },
	{ "421 to the dot", { TO_DOT, "< 421 bye" }, SMTP_RETRY, false },
	{ "554 to the dot", { TO_DOT, "< 554 spam" }, SMTP_REJECTED, true },
	{ "354 to the dot means nothing", { TO_DOT, "< 354 again" },
	    SMTP_UNKNOWN, false },
	{ "garbage to the dot", { TO_DOT, "< \001\xff??" }, SMTP_UNKNOWN,
	    false },
	{ "half a code", { TO_DOT, "< 25" }, SMTP_UNKNOWN, false },
	{ "an answer without its line end", { TO_DOT, "<<250 queued" },
	    SMTP_UNKNOWN, false },
	{ "a code of four digits", { TO_DOT, "< 2500 ok" }, SMTP_UNKNOWN,
	    false },
	{ "the first line of two", { TO_DOT, "< 250-more" }, SMTP_UNKNOWN,
	    false },
	{ "both lines", { TO_DOT, "< 250-more", "< 250 ok" }, SMTP_SENT, true },
	{ "a bare code", { TO_DOT, "< 250" }, SMTP_SENT, true },
	{ "garbage, then a yes", { TO_DOT, "< hm", "< 250 ok" }, SMTP_SENT,
	    true },
	/* Out of step: an answer before the question. */
	{ "354 and 250 at once", { TO_DATA, "<<354 go\r\n250 ok\r\n" },
	    SMTP_RETRY, false },
	{ "354 and half a line", { TO_DATA, "<<354 go\r\n2" }, SMTP_RETRY,
	    false },
	{ "two answers to MAIL", { "> MAIL", "<<250 ok\r\n250 ok\r\n" },
	    SMTP_RETRY, false },
	{ "two refusals", { "> MAIL", "<<550 no\r\n550 no\r\n" }, SMTP_REJECTED,
	    true },
	{ "a yes before the dot is out", { TO_BODY, "dot-", "< 250 ok" },
	    SMTP_UNKNOWN, false },
	{ "a no before the dot is out", { TO_BODY, "dot-", "< 554 no" },
	    SMTP_REJECTED, false },
	/* Told to stop. */
	{ "stopped at RCPT", { TO_RCPT, "stop" }, SMTP_BACK, false },
	{ "stopped in the body", { TO_BODY, "part", "stop" }, SMTP_BACK,
	    false },
	{ "stopped after the dot", { TO_DOT, "stop" }, SMTP_UNKNOWN, false },
};

/* On a connection that carried a letter before. */
static const struct dialogue kept[] = {
	{ "kept: gone at MAIL", { "> MAIL" }, SMTP_STALE, false },
	{ "kept: MAIL 421", { "> MAIL", "< 421 idle too long" }, SMTP_STALE,
	    false },
	{ "kept: RCPT 421", { TO_RCPT, "< 421 idle" }, SMTP_STALE, false },
	{ "kept: gone at RCPT", { TO_RCPT }, SMTP_RETRY, false },
	{ "kept: RCPT 550", { TO_RCPT, "< 550 no" }, SMTP_REJECTED, true },
	{ "kept: 421 to the dot", { TO_DOT, "< 421 bye" }, SMTP_RETRY, false },
	{ "kept: gone after the dot", { TO_DOT }, SMTP_UNKNOWN, false },
	{ "kept: sent", { TO_DOT, "< 250 ok" }, SMTP_SENT, true },
};

/* After a letter that was refused half-way. */
static const struct dialogue again[] = {
	{ "after RSET: sent", { "> RSET", "< 250 ok", TO_DOT, "< 250 ok" },
	    SMTP_SENT, true },
	{ "after RSET: gone", { "> RSET" }, SMTP_STALE, false },
	{ "RSET refused", { "> RSET", "< 502 what" }, SMTP_STALE, true },
	{ "after RSET: RCPT 550", { "> RSET", "< 250 ok", TO_RCPT, "< 550 no" },
	    SMTP_REJECTED, true },
};

static const char small[] = "From: a@example.org\r\n\r\nhello\r\n";
static char large[100000];

/* Sends at most max bytes of what is to be sent; how many. */
static size_t
pump(struct talk *t, size_t max, char *out)
{
	size_t n, all = 0;
	const char *p;

	while (all < max && (p = talk_output(t, &n), n > 0)) {
		if (n > max - all)
			n = max - all;
		if (out != NULL)
			memcpy(out + all, p, n);
		talk_sent(t, n);
		all += n;
	}
	return all;
}

static void
hear(struct talk *t, const char *s)
{
	if (s[1] == '<') {
		talk_input(t, s + 2, strlen(s + 2));
		return;
	}
	talk_input(t, s + 2, strlen(s + 2));
	talk_input(t, "\r", 1);
	talk_input(t, "\n", 1);
}

/* False: what we say is not what the dialogue expects. */
static bool
step(struct talk *t, const char *s)
{
	char said[1000] = "";

	if (s[0] == '>') {
		pump(t, sizeof(said) - 1, said);
		return strncmp(said, s + 2, strlen(s + 2)) == 0;
	}
	if (s[0] == '<')
		hear(t, s);
	else if (strcmp(s, "may") == 0 || strcmp(s, "not") == 0)
		return t->asks && (talk_body(t, s[0] == 'm'), true);
	else if (strcmp(s, "body") == 0)
		return pump(t, SIZE_MAX, NULL) > 0;
	else if (strcmp(s, "part") == 0)
		return pump(t, 100, NULL) == 100;
	else if (strcmp(s, "dot-") == 0)
		return pump(t, sizeof(large) + 1, NULL) == sizeof(large) + 1;
	else
		t->trace.back = true;
	return true;
}

static void
test_dialogue(const struct dialogue *d, bool reused, bool reset)
{
	struct smtp_letter l = { .sender = "",
		.recipient = "ann@example.org",
		.data = large,
		.size = sizeof(large) };
	struct talk t;
	bool good = true;

	talk_start(&t, &l, true, reused, reset);
	for (int n = 0; d->steps[n] != NULL; n++)
		good &= step(&t, d->steps[n]);
	test_text(smtp_outcome_names[smtp_classify(&t.trace)],
	    smtp_outcome_names[d->want], "%s", d->name);
	test_ok(good && (t.over && t.usable) == d->usable,
	    "%s: our words, and %s", d->name,
	    d->usable ? "the connection stays" : "the connection goes");
}

static void
test_dialogues(void)
{
	memset(large, 'x', sizeof(large));
	for (size_t i = 80; i < sizeof(large); i += 80)
		memcpy(large + i - 2, "\r\n", 2);
	memcpy(large + sizeof(large) - 2, "\r\n", 2);
	for (size_t i = 0; i < sizeof(fresh) / sizeof(fresh[0]); i++)
		test_dialogue(&fresh[i], false, false);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		test_dialogue(&kept[i], true, false);
	for (size_t i = 0; i < sizeof(again) / sizeof(again[0]); i++)
		test_dialogue(&again[i], true, true);
}

/* Before a dialogue there is only the route. */
static void
test_link(void)
{
	static const char *const words[] = { "", "421 busy", "554 no", "250 x",
		"535 5.7.8 wrong", "hm" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct smtp_trace t;

		smtp_trace_start(&t, false);
		smtp_trace_reply(&t, words[i], strlen(words[i]));
		test_ok(smtp_classify(&t) == SMTP_ROUTE,
		    "no letter is at fault for \"%s\" while connecting",
		    words[i]);
		t.back = true;
		test_ok(smtp_classify(&t) == SMTP_BACK,
		    "stopped at \"%s\" while connecting", words[i]);
	}
}

/* The exact bytes of a body, whatever the pieces: dots doubled, one end. */
static void
test_bytes(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "a\r\n", "a\r\n.\r\n" },
		{ "a", "a\r\n.\r\n" },
		{ ".", "..\r\n.\r\n" },
		{ ".\r\n", "..\r\n.\r\n" },
		{ "..\r\n.a\r\nb.\r\n", "...\r\n..a\r\nb.\r\n.\r\n" },
		{ "\r\n.\r\n", "\r\n..\r\n.\r\n" },
		{ "a.\r\n\r\n", "a.\r\n\r\n.\r\n" },
	};
	static const char mail[] = "MAIL FROM:<s@example.org>\r\n";
	char out[100];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t piece = 1; piece < 4; piece++) {
			struct smtp_letter l = { .sender = "s@example.org",
				.recipient = "r@example.org",
				.data = rows[i].in,
				.size = strlen(rows[i].in) };
			struct talk t;
			size_t n = 0, got;

			talk_start(&t, &l, false, false, false);
			got = pump(&t, sizeof(out), out);
			test_ok(
			    got == strlen(mail) && memcmp(out, mail, got) == 0,
			    "no SIZE for a server that does not know it");
			talk_body(&t, true);
			while ((got = pump(&t, piece, out + n)) > 0)
				n += got;
			test_ok(n == strlen(rows[i].out) &&
				memcmp(out, rows[i].out, n) == 0 &&
				t.trace.stage == SMTP_DOT,
			    "body %zu in pieces of %zu", i, piece);
		}
}

/* A large body comes out whole: stuffing takes nothing and adds only dots. */
static void
test_large(void)
{
	static char in[70001], out[3 * sizeof(in)];
	struct smtp_letter l = { .sender = "",
		.recipient = "r@example.org",
		.data = in,
		.size = sizeof(in) };
	struct talk t;
	size_t n, k = 0;

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = ".\r\n"[i % 3];
	talk_start(&t, &l, true, false, false);
	pump(&t, sizeof(out), out);
	talk_body(&t, true);
	n = pump(&t, sizeof(out), out);
	/* Take the stuffing out again, as a server does. */
	for (size_t i = 0; i < n; i++) {
		if (out[i] == '.' && (i == 0 || out[i - 1] == '\n'))
			i++;
		out[k++] = out[i];
	}
	test_ok(k == sizeof(in) + 4 && memcmp(out, in, sizeof(in)) == 0,
	    "70 001 bytes of dots");
}

static void
test_flood(void)
{
	struct smtp_letter l = { .sender = "",
		.recipient = "r@example.org",
		.data = small,
		.size = sizeof(small) - 1 };
	struct talk t;
	size_t n = 0;

	talk_start(&t, &l, true, false, false);
	pump(&t, SIZE_MAX, NULL);
	for (; !t.over && n < 1000000; n++)
		talk_input(&t, "250-and so on\r\n", 15);
	test_ok(t.over && !t.usable && n * 15 <= TALK_REPLY + 15,
	    "an answer without end is ended by us");
	talk_start(&t, &l, true, false, false);
	pump(&t, SIZE_MAX, NULL);
	for (n = 0; !t.over && n < 1000000; n++)
		talk_input(&t, "xxxxxxxxxxxxxxx", 15);
	test_ok(t.over && n * 15 <= TALK_REPLY + 15, "so is a line");
}

static void
test_words(void)
{
	struct smtp_trace t;
	char big[3000];

	smtp_trace_start(&t, false);
	smtp_trace_reply(&t, "220-a\033[2J\r\n", 11);
	smtp_trace_reply(&t, "220 b\xc3\xa4\0c\r\n", 11);
	test_text(t.text, "220-a?[2J 220 b???c",
	    "a server's words are printable ASCII");
	test_ok(t.code == 220, "and its code is read");
	memset(big, 'x', sizeof(big));
	memcpy(big, "250 ", 4);
	for (int i = 0; i < 50; i++)
		smtp_trace_reply(&t, big, sizeof(big));
	test_ok(strlen(t.text) == REPLY_MAX, "and never more than REPLY_MAX");
	big[3] = '-';
	for (int i = 0; i < 50; i++)
		smtp_trace_reply(&t, big, sizeof(big));
	test_ok(strlen(t.text) == REPLY_MAX, "however many lines");
	smtp_trace_reply(&t, "", 0);
	smtp_trace_reply(&t, "\r\n", 2);
	test_ok(t.code == 250, "an empty line is no answer");
}

/* Retry, with dice in the middle: exactly the table. */

#define T0 INT64_C(1767225600)

static const int64_t minutes_5_30[] = { 300, 1800 };

static void
test_schedules(void)
{
	static const struct {
		enum letter_kind kind;
		int tries;
		int64_t age, wait; /* wait -1: give up */
	} rows[] = {
		{ LETTER_ACK, 1, 10, 300 },
		{ LETTER_ACK, 2, 310, 1800 },
		{ LETTER_ACK, 3, 2110, 7200 },
		{ LETTER_ACK, 4, 9310, 7200 },
		{ LETTER_ACK, 5, 21000, 600 }, /* the last stands at the end */
		{ LETTER_ACK, 5, 21600, -1 },
		{ LETTER_REPLY, 1, 0, 60 },
		{ LETTER_REPLY, 2, 60, 300 },
		{ LETTER_REPLY, 6, 7000, 7200 },
		{ LETTER_REPLY, 7, 15000, 14400 },
		{ LETTER_REPLY, 20, 200000, 14400 },
		{ LETTER_REPLY, 30, 5 * 86400 - 1, 1 },
		{ LETTER_REPLY, 30, 5 * 86400, -1 },
		{ LETTER_NOTIFY, 3, 400, 900 },
		{ LETTER_NOTIFY, 30, 2 * 86400, -1 },
		{ LETTER_ALERT, 1, 0, 60 },
		{ LETTER_ALERT, 4, 0, 600 },
		{ LETTER_ALERT, 9, 0, 1800 },
		{ LETTER_ALERT, 99, 2 * 86400, -1 },
	};
	struct conf_smtp c = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct letter l = { .kind = rows[i].kind, .created = T0 };
		int64_t now = T0 + rows[i].age;
		struct pace_plan p = pace_retry(
		    &c, &l, rows[i].tries, now, 200);
		int64_t got = p.again ? p.when - now : -1;

		test_ok(got == rows[i].wait, "%s, try %d, %lld s old: %lld s",
		    letter_kind_names[l.kind], rows[i].tries,
		    (long long)rows[i].age, (long long)got);
	}
}

static void
test_retry_setting(void)
{
	int64_t list[] = { 60, 300, 900 };
	struct conf_smtp c = { .retry = list, .retry_n = 3 };
	struct letter l = { .kind = LETTER_REPLY, .created = T0 };
	struct pace_plan p[6];

	for (int i = 1; i < 6; i++)
		p[i] = pace_retry(&c, &l, i, T0, 200);
	test_ok(p[1].when == T0 + 60 && p[3].when == T0 + 900 &&
		p[5].when == T0 + 900,
	    "retry of the configuration, the last repeats");
	test_ok(!p[3].late && p[4].late && !p[5].late,
	    "the list is used up: late, once");
	l.kind = LETTER_ACK;
	p[0] = pace_retry(&c, &l, 1, T0, 200);
	test_ok(p[0].when == T0 + minutes_5_30[0] && !p[0].late,
	    "it is about replies only");
	l.kind = LETTER_REPLY;
	list[1] = 1;
	test_ok(pace_retry(&c, &l, 2, T0, 0).when == T0 + 1 &&
		pace_retry(&c, &l, 2, T0, 400).when == T0 + 1,
	    "a second is never none");
	test_ok(pace_retry(&c, &l, 1, T0, 0).when == T0 + 48 &&
		pace_retry(&c, &l, 1, T0, 400).when == T0 + 72,
	    "20 percent either way");
}

static void
test_unknown(void)
{
	struct conf_smtp c = { 0 };
	struct letter l = { .kind = LETTER_REPLY, .created = T0 };

	test_ok(pace_unknown(&c, &l, 1, T0, 200).when == T0 + 60,
	    "a reply whose outcome is not known goes once more");
	l.unknowns = 1;
	test_ok(!pace_unknown(&c, &l, 2, T0, 200).again, "but not twice");
	l.kind = LETTER_ACK;
	test_ok(
	    !pace_unknown(&c, &l, 2, T0, 200).again, "nor an acknowledgement");
	l.kind = LETTER_NOTIFY;
	test_ok(pace_unknown(&c, &l, 2, T0, 200).again,
	    "staff gets it until it is sure");
	l.kind = LETTER_ACK;
	test_ok(pace_stale(&l, T0 + 21600) && !pace_stale(&l, T0 + 21599),
	    "an acknowledgement is too late after six hours");
	l.kind = LETTER_REPLY;
	test_ok(!pace_stale(&l, T0 + 864000),
	    "a reply waits for the route as long as it takes");
}

static void
test_rate(void)
{
	struct rate r;
	int64_t now = 1000000, sent = 0;

	rate_init(&r, 0);
	for (int i = 0; i < 1000; i++)
		rate_take(&r, now);
	test_ok(rate_wait(&r, now) == 0 && rate_room(&r, now) > 1000,
	    "rate 0: no limit");
	rate_init(&r, 25);
	for (int64_t left = 5; left >= 0; left--) {
		test_ok(rate_room(&r, now) == left &&
			(left == 0) == (rate_wait(&r, now) > 0),
		    "25/min: %lld may go now", (long long)left);
		rate_take(&r, now);
	}
	rate_init(&r, 25);
	for (int64_t t = 0; t < 60000; t += 10)
		while (rate_wait(&r, now + t) == 0) {
			rate_take(&r, now + t);
			sent++;
		}
	test_ok(sent >= 25 && sent <= 30, "25/min: %lld in the first minute",
	    (long long)sent);
	sent = 0;
	for (int64_t t = 60000; t < 660000; t += 10)
		while (rate_wait(&r, now + t) == 0) {
			rate_take(&r, now + t);
			sent++;
		}
	test_ok(sent == 250, "%lld in the next ten", (long long)sent);
	rate_init(&r, 1);
	rate_take(&r, now);
	test_ok(rate_wait(&r, now) == 60000, "1/min: one");
	test_ok(rate_wait(&r, now + 59999) == 1, "and a minute later");
	test_ok(rate_wait(&r, now + 60000) == 0, "the next");
}

static void
test_breaker(void)
{
	static const int64_t want[] = { 1, 2, 5, 10, 60, 120, 240, 480, 600,
		600, 600 };
	struct breaker b = { 0 };
	int64_t now = 5000000;

	test_ok(breaker_wait(&b, now) == 0, "closed at first");
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		breaker_fail(&b, now);
		test_ok(breaker_wait(&b, now) == want[i] * 1000 &&
			breaker_wait(&b, now + want[i] * 1000) == 0,
		    "failure %zu: %lld s", i + 1, (long long)want[i]);
	}
	breaker_good(&b);
	test_ok(breaker_wait(&b, now) == 0 && b.failures == 0,
	    "a good letter closes it");
	breaker_trip(&b, now);
	test_ok(breaker_wait(&b, now) == 60000, "a wrong password: at once");
}

int
main(void)
{
	test_dialogues();
	test_link();
	test_bytes();
	test_large();
	test_flood();
	test_words();
	test_schedules();
	test_retry_setting();
	test_unknown();
	test_rate();
	test_breaker();
	return test_end();
}
