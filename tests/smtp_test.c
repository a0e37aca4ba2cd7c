/* What an SMTP dialogue means, and when a letter may go again. */
#include "daemon/pace.h"
#include "daemon/smtp_trace.h"
#include "tests/test.h"

/*
 * A dialogue, one step a word: "> line" went out, "< line" came in, "body",
 * "last" (byte handed over), "back" (we did not let it go), "stop".
 */
struct dialogue {
	const char *name;
	bool reused;
	const char *steps[24];
	enum smtp_outcome want;
};

#define HELLO     "< 220 hi", "> EHLO x", "< 250-x", "< 250 HELP"
#define LOGIN     HELLO, "> AUTH PLAIN", "< 334 ", "> AHUAcA==", "< 235 in"
#define UPTO_RCPT "> MAIL FROM:<>", "< 250 ok", "> RCPT TO:<a@b.example>"
#define UPTO_DATA UPTO_RCPT, "< 250 ok", "> DATA"
#define UPTO_BODY UPTO_DATA, "< 354 go", "body"
#define UPTO_DOT  UPTO_BODY, "last"

static const struct dialogue dialogues[] = {
	/* RELIABILITY 4.4, the measured table, top to bottom. */
	{ "no greeting", false, { NULL }, SMTP_ROUTE },
	{ "greeting 421", false, { "< 421 busy" }, SMTP_ROUTE },
	{ "greeting 554", false, { "< 554 no" }, SMTP_ROUTE },
	{ "EHLO refused", false, { "< 220 hi", "> EHLO x", "< 502 no" },
	    SMTP_ROUTE },
	{ "STARTTLS refused", false, { HELLO, "> STARTTLS", "< 454 no" },
	    SMTP_ROUTE },
	{ "AUTH 454", false,
	    { HELLO, "> AUTH PLAIN", "< 334 ", "> AHUAcA==", "< 454 later" },
	    SMTP_ROUTE },
	{ "AUTH 535", false, { HELLO, "> AUTH PLAIN x", "< 535 wrong" },
	    SMTP_ROUTE },
	{ "dropped after AUTH", false, { LOGIN }, SMTP_ROUTE },
	{ "dropped at MAIL", false, { HELLO, "> MAIL FROM:<>" }, SMTP_RETRY },
	{ "MAIL 451", false, { HELLO, "> MAIL FROM:<>", "< 451 later" },
	    SMTP_RETRY },
	{ "MAIL 550", false, { HELLO, "> MAIL FROM:<>", "< 550 no" },
	    SMTP_REJECTED },
	{ "MAIL 530: the login is missing", false,
	    { HELLO, "> MAIL FROM:<>", "< 530 log in" }, SMTP_ROUTE },
	{ "dropped after MAIL", false, { HELLO, "> MAIL FROM:<>", "< 250 ok" },
	    SMTP_RETRY },
	{ "dropped at RCPT", false, { HELLO, UPTO_RCPT }, SMTP_RETRY },
	{ "RCPT 450", false, { HELLO, UPTO_RCPT, "< 450 later" }, SMTP_RETRY },
	{ "RCPT 550", false, { HELLO, UPTO_RCPT, "< 550 no such" },
	    SMTP_REJECTED },
	{ "RCPT 421", false, { HELLO, UPTO_RCPT, "< 421 bye" }, SMTP_RETRY },
	{ "DATA 451", false, { HELLO, UPTO_DATA, "< 451 later" }, SMTP_RETRY },
	{ "DATA 554", false, { HELLO, UPTO_DATA, "< 554 no" }, SMTP_REJECTED },
	{ "DATA 250 is no leave to go on", false,
	    { HELLO, UPTO_DATA, "< 250 eh" }, SMTP_RETRY },
	{ "dropped after 354", false, { HELLO, UPTO_DATA, "< 354 go" },
	    SMTP_RETRY },
	{ "the body may not go", false,
	    { HELLO, UPTO_DATA, "< 354 go", "back" }, SMTP_BACK },
	{ "dropped in the body, not all handed over", false,
	    { HELLO, UPTO_BODY }, SMTP_RETRY },
	{ "dropped when all was in the kernel", false, { HELLO, UPTO_DOT },
	    SMTP_UNKNOWN },
	{ "250", false, { HELLO, UPTO_DOT, "< 250 2.0.0 queued" }, SMTP_SENT },
	{ "251 is a yes", false, { HELLO, UPTO_DOT, "< 251 forwards" },
	    SMTP_SENT },
	{ "451 to the dot", false, { HELLO, UPTO_DOT, "< 451 later" },
	    SMTP_RETRY },
	{ "421 to the dot", false, { HELLO, UPTO_DOT, "< 421 bye" },
	    SMTP_RETRY },
	{ "554 to the dot", false, { HELLO, UPTO_DOT, "< 554 spam" },
	    SMTP_REJECTED },
	{ "354 to the dot means nothing", false,
	    { HELLO, UPTO_DOT, "< 354 again" }, SMTP_UNKNOWN },
	{ "garbage to the dot", false, { HELLO, UPTO_DOT, "< \001\xff??" },
	    SMTP_UNKNOWN },
	{ "half a code", false, { HELLO, UPTO_DOT, "< 25" }, SMTP_UNKNOWN },
	{ "a code of four digits", false, { HELLO, UPTO_DOT, "< 2500 ok" },
	    SMTP_UNKNOWN },
	{ "the first line of two", false, { HELLO, UPTO_DOT, "< 250-more" },
	    SMTP_UNKNOWN },
	{ "both lines", false, { HELLO, UPTO_DOT, "< 250-more", "< 250 ok" },
	    SMTP_SENT },
	{ "a bare code", false, { HELLO, UPTO_DOT, "< 250" }, SMTP_SENT },
	{ "garbage, then a yes", false, { HELLO, UPTO_DOT, "< hm", "< 250 ok" },
	    SMTP_SENT },
	/* Kept connections. */
	{ "a kept connection was dead", true, { NULL }, SMTP_STALE },
	{ "it died at MAIL", true, { "> MAIL FROM:<>" }, SMTP_STALE },
	{ "421 at MAIL", true, { "> MAIL FROM:<>", "< 421 idle too long" },
	    SMTP_STALE },
	{ "421 at RCPT", true, { UPTO_RCPT, "< 421 idle" }, SMTP_STALE },
	{ "kept, but it said hello first", true,
	    { HELLO, "> MAIL FROM:<>", "< 421 bye" }, SMTP_RETRY },
	{ "no hello: it was a kept one", false,
	    { "> MAIL FROM:<>", "< 421 bye" }, SMTP_STALE },
	{ "dropped at RCPT", true, { UPTO_RCPT }, SMTP_RETRY },
	{ "kept, 550", true, { UPTO_RCPT, "< 550 no" }, SMTP_REJECTED },
	{ "kept, 421 to the dot", true, { UPTO_DOT, "< 421 bye" }, SMTP_RETRY },
	{ "kept, lost after the dot", true, { UPTO_DOT }, SMTP_UNKNOWN },
	{ "kept, sent", true, { UPTO_DOT, "< 250 ok" }, SMTP_SENT },
	/* Told to stop. */
	{ "stopped while connecting", false, { "stop" }, SMTP_BACK },
	{ "stopped in the body", false, { HELLO, UPTO_BODY, "stop" },
	    SMTP_BACK },
	{ "stopped after the dot", false, { HELLO, UPTO_DOT, "stop" },
	    SMTP_UNKNOWN },
	/* A line of AUTH is no command, whatever it spells. */
	{ "base64 that spells DATA", false,
	    { HELLO, "> AUTH PLAIN", "< 334 ", "> DATA", "< 250 eh" },
	    SMTP_ROUTE },
};

static void
step(struct smtp_trace *t, const char *s)
{
	if (s[0] == '>')
		smtp_trace_command(t, s + 2, strlen(s + 2));
	else if (s[0] == '<')
		smtp_trace_reply(t, s + 2, strlen(s + 2));
	else if (strcmp(s, "body") == 0)
		smtp_trace_body(t);
	else if (strcmp(s, "last") == 0)
		smtp_trace_last_byte(t);
	else if (strcmp(s, "back") == 0)
		t->back = true;
	else
		t->stopping = true;
}

static void
test_dialogues(void)
{
	for (size_t i = 0; i < sizeof(dialogues) / sizeof(dialogues[0]); i++) {
		const struct dialogue *d = &dialogues[i];
		struct smtp_trace t;

		smtp_trace_start(&t, d->reused);
		for (int n = 0; d->steps[n] != NULL; n++)
			step(&t, d->steps[n]);
		test_text(smtp_outcome_names[smtp_classify(&t)],
		    smtp_outcome_names[d->want], "%s", d->name);
	}
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
	test_words();
	test_schedules();
	test_retry_setting();
	test_unknown();
	test_rate();
	test_breaker();
	return test_end();
}
