/* parser/trace.c: what a header says of the way and of tests of the sender. */
#include <stdlib.h>

#include "parser/buf.h"
#include "parser/frame.h"
#include "parser/limits.h"
#include "tests/test.h"

static struct arena a;

/* The first line of a value, for the name of a test. */
static int
line(const char *value)
{
	return (int)strcspn(value, "\n");
}

static void
parse(const char *header, struct mail *m)
{
	arena_reset(&a);
	mail_parse(&a, header, strlen(header), m);
}

/* The only line of a mail with one. */
static struct trace
only(const char *name, const char *value)
{
	static const struct trace none = { .host = "nothing there" };
	char raw[4000];
	struct mail m;

	snprintf(raw, sizeof(raw), "%s: %s\nSubject: x\n\ntext\n", name, value);
	parse(raw, &m);
	test_ok(m.trace_n == 1 && m.trace[0].field == 0 && !m.trace_cut,
	    "one line: %s: %.*s", name, line(value), value);
	return m.trace_n == 1 ? m.trace[0] : none;
}

static const struct {
	const char *value, *host; /* NULL: broken */
} received[] = {
	{ "from a.example by mx1.example.com with ESMTP id 1; now",
	    "mx1.example.com" },
	{ "from a.example (x by y [192.0.2.1])\n\tby MX1.Example.COM\n (Postfix"
	  ", from userid 7) for <ana@example.com>; now",
	    "mx1.example.com" },
	{ "by 10.0.0.1 with SMTP id x; now", "10.0.0.1" },
	{ "by 2002:a05:6a10:1::0 with SMTP; now", "2002:a05:6a10:1::0" },
	{ "from [192.0.2.1] (helo=by) BY(c)mx.example.net(c)via x",
	    "mx.example.net" },
	{ "from a by [192.0.2.9] with HTTP; now", "[192.0.2.9]" },
	{ "from a by\n\tmx.example.net", "mx.example.net" },
	{ "(qmail 7 invoked by uid 89); now", "" },
	{ "from a for <\"x by y\"@example.org>; by z", "" },
	{ "from mapi id 15.20; by mx1.example.com", "" },
	{ "from a (nested (more) by b) by c.example", "c.example" },
	{ "from \"a by b\" by c.example; now", "c.example" },
	{ "from a (\\) by b) by c.example; now", "c.example" },
	/* a name with blanks in it: who wrote what? */
	{ "from x by evil.example (1.2.3.4) by mx1.example.com; now", NULL },
	{ "from by (1.2.3.4) by mx1.example.com; now", NULL },
	{ "from by by mx1.example.com; now", NULL },
	{ "from x( by mx1.example.com; now", NULL },
	{ "from x) by mx1.example.com; now", NULL },
	{ "from \"x by mx1.example.com; now", NULL },
	{ "from <x by mx1.example.com; now", NULL },
	{ "from [x by mx1.example.com; now", NULL },
	{ "from \\ by mx1.example.com; now", NULL },
	{ "from x by", NULL },
	{ "from gr\xc3\xbcn.example by mx1.example.com; now", NULL },
	{ "from (\x01) by mx1.example.com; now", NULL },
};

static void
test_received(void)
{
	for (size_t i = 0; i < sizeof(received) / sizeof(*received); i++) {
		const char *want = received[i].host;
		struct trace t = only("Received", received[i].value);

		test_ok(t.kind == TRACE_RECEIVED &&
			t.broken == (want == NULL) &&
			strcmp(t.host, want == NULL ? "" : want) == 0,
		    "by %s: %.*s", want == NULL ? "nobody" : want,
		    line(received[i].value), received[i].value);
	}
}

/* Method, verdict and domain as "dmarc+example.com dkim-": + pass, - fail. */
static const struct {
	const char *value, *host; /* NULL: broken */
	const char *want;
} results[] = {
	{ "mx1.example.com; dmarc=pass header.from=example.org",
	    "mx1.example.com", "dmarc+example.org" },
	{ "MX1.example.com 1;\n\tdkim=PASS (2048-bit; \"key) reason=\"good; "
	  "dmarc=fail\" header.i=@Example.ORG header.b=ab/c+=;\n\t"
	  "spf=softfail smtp.mailfrom=x@example.org",
	    "mx1.example.com", "dkim+example.org spf?" },
	{ "mx1.example.com; none", "mx1.example.com", "" },
	{ "mx1.example.com 1 ; none (nothing (at all))", "mx1.example.com",
	    "" },
	{ "(c) mx1.example.com (amavisd-new) (c); (c) dkim (c) / (c) 1 (c) = "
	  "(c) pass (c) header (c) . (c) d (c) = (c) a.example (c)",
	    "mx1.example.com", "dkim+a.example" },
	{ "\"mx1.example.com\"; DMARC=Fail Header.From=\"example.org\"",
	    "mx1.example.com", "dmarc-example.org" },
	{ "x; dkim/2=pass header.d=a.example", "x", "other+" },
	{ "x; dkim=pass header.i=a@sub.b.example header.d=b.example", "x",
	    "dkim+b.example" },
	{ "x; dkim=pass header.d=b.example header.i=a@sub.b.example", "x",
	    "dkim+b.example" },
	{ "x; dkim=fail; dkim=pass header.d=b.example.;;", "x",
	    "dkim- dkim+b.example" },
	{ "x; dmarc=bestguesspass header.from=b.example", "x",
	    "dmarc?b.example" },
	{ "x; dmarc=pass header.from=<a@b.example>", "x", "dmarc+b.example" },
	{ "x; dmarc=pass policy.from=b.example from=c.example", "x", "dmarc+" },
	{ "x; arc=pass (i=1) header.from=b.example; compauth=pass reason=100",
	    "x", "other+ other+" },
	{ "x; spf=pass smtp.mailfrom=\"a; dmarc=pass header.from=b.example\""
	  "@c.example",
	    "x", "spf+" },
	{ "x; spf=fail (domain of \\) dmarc=pass) smtp.mailfrom=", "x",
	    "spf-" },
	{ "x; dmarc=pass header.from=\"b\\.example\"", "x", "dmarc+b.example" },
	{ "x; spf=pass client-ip=192.0.2.1; envelope-from=a@b.example; "
	  "helo=c.example;\n dmarc=pass header.from=b.example;",
	    "x", "spf+ other? other? dmarc+b.example" },
	/* Exchange Online */
	{ "spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=b.example; "
	  "dkim=pass (signature was verified)\n header.d=b.example;dmarc=pass "
	  "action=none\n header.from=b.example;compauth=pass reason=100",
	    "", "spf+ dkim+b.example dmarc+b.example other+" },
	{ "spf=none (sender IP is ) smtp.mailfrom=b.example; a.example; "
	  "dkim=none (message not signed) header.d=none;a.example; dmarc=none "
	  "action=none header.from=b.example;",
	    "", "spf? dkim?none dmarc?b.example" },
	{ "dkim/1=pass header.d=b.example", "", "dkim+b.example" },
	/* broken; the id is still whose line it is */
	{ "mx1.example.com; dmarc=pass header.from=b.example (", NULL,
	    "mx1.example.com" },
	{ "mx1.example.com; dmarc=pass) header.from=b.example", NULL,
	    "mx1.example.com" },
	{ "mx1.example.com; dmarc=pass header.from=\"b.example", NULL,
	    "mx1.example.com" },
	{ "mx1.example.com; dmarc=pass header.from=b.example word", NULL,
	    "mx1.example.com" },
	{ "mx1.example.com; dmarc=pass header.from=a.example "
	  "header.from=b.example",
	    NULL, "mx1.example.com" },
	{ "mx1.example.com; dmarc=p\xc3\xa4ss", NULL, "mx1.example.com" },
	{ "mx1.example.com; dmarc header.from=b.example", NULL,
	    "mx1.example.com" },
	{ "mx1.example.com; b.example; dmarc=pass", NULL, "mx1.example.com" },
	{ "mx1.example.com; none; dmarc=pass", NULL, "mx1.example.com" },
	{ "mx1.example.com; dmarc=pass; none", NULL, "mx1.example.com" },
	{ "mx1.example.com; =pass", NULL, "mx1.example.com" },
	{ "mx1.example.com; dmarc=", NULL, "mx1.example.com" },
	{ "mx1.example.com; dmarc=pass header.=b.example", NULL,
	    "mx1.example.com" },
	{ "mx1.example.com; dmarc=pass header.from", NULL, "mx1.example.com" },
	{ "mx1.example.com 2; dmarc=pass", NULL, "mx1.example.com" },
	{ "mx1.example.com/1; dmarc=pass", NULL, "" },
	{ "mx1.example.com", NULL, "" },
	{ "mx1.example.com from=b.example; dkim=pass (ok)", NULL, "" },
	{ "", NULL, "" },
	{ "; dmarc=pass header.from=b.example", NULL, "" },
	{ "(((((((((((((((((x))))))))))))))))) mx1.example.com; none", NULL,
	    "mx1.example.com" },
};

static const char *
told(const struct trace *t)
{
	static const char *const methods[] = { "dmarc", "dkim", "spf",
		"other" };
	static char text[2000];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < t->results_n; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s%c%s",
		    i > 0 ? " " : "", methods[t->results[i].method],
		    "+-?"[t->results[i].verdict], t -> results[i].domain);
	return text;
}

static void
test_results(void)
{
	for (size_t i = 0; i < sizeof(results) / sizeof(*results); i++) {
		const char *host = results[i].host, *want = results[i].want;
		struct trace t = only(
		    "Authentication-Results", results[i].value);

		test_ok(t.kind == TRACE_RESULTS && t.broken == (host == NULL),
		    "%s: %.*s", host == NULL ? "broken" : "read",
		    line(results[i].value), results[i].value);
		test_text(t.host, host == NULL ? want : host, "its id");
		if (host != NULL)
			test_text(told(&t), want, "what it says: %s", want);
	}
}

static const struct {
	const char *value;
	const char *host; /* NULL: broken */
	bool whole;
} signatures[] = {
	{ "v=1; a=rsa-sha256; d=Example.com; s=x;\n\th=From:To:Subject:Date:"
	  "Message-ID:MIME-Version;\n\tbh=a=; b=b c=",
	    "example.com", true },
	{ "d=b.example;h=message-id : date\n : SUBJECT:to:from:from;",
	    "b.example", true },
	{ "d=b.example; i=@b.example; h=from:to:subject:date:message-id",
	    "b.example", true },
	{ "d=b.example; i=x@y.B.example; h=from:to:subject:date:message-id",
	    "b.example", true },
	{ "d=b.example; l=100; h=from:to:subject:date:message-id", "b.example",
	    false },
	{ "d=b.example; l=; h=from:to:subject:date:message-id", "b.example",
	    false },
	{ "d=b.example; h=from:subject:date:message-id:content-type",
	    "b.example", false },
	{ "d=b.example; h=from:tom:subject:date:message-id", "b.example",
	    false },
	{ "d=b.example; h=", "b.example", false },
	{ "d=b.example; b=x", "b.example", false },
	{ "h=from:to:subject:date:message-id", NULL, false },
	{ "d=; h=from:to:subject:date:message-id", NULL, false },
	{ "d=b.example; d=c.example; h=from", NULL, false },
	{ "d=b.example; h=from:to; h=subject:date:message-id", NULL, false },
	{ "d=b example; h=from", NULL, false },
	{ "d=b.example; i=@c.example; h=from", NULL, false },
	{ "d=b.example; i=@cb.example; h=from", NULL, false },
	{ "d=b.example; i=b.example; h=from", NULL, false },
	{ "d=b.example; h=from; ...", NULL, false },
	{ "d=b.example; ; h=from", NULL, false },
	{ "d=b.\xc3\xa4; h=from", NULL, false },
	{ "", NULL, false },
};

static void
test_signatures(void)
{
	for (size_t i = 0; i < sizeof(signatures) / sizeof(*signatures); i++) {
		const char *host = signatures[i].host;
		struct trace t = only("DKIM-Signature", signatures[i].value);

		test_ok(t.kind == TRACE_SIGNATURE &&
			t.broken == (host == NULL) &&
			strcmp(t.host, host == NULL ? "" : host) == 0 &&
			t.whole == signatures[i].whole,
		    "%s: %.*s",
		    host == NULL              ? "broken"
			: signatures[i].whole ? "whole"
					      : "weak",
		    line(signatures[i].value), signatures[i].value);
	}
}

/* All in their order; ARC's copies are nothing; only the mail's own header. */
static void
test_mail(void)
{
	static const char raw[] =
	    "Received: from b by c.example; now\n"
	    "ARC-Authentication-Results: i=1; mx1.example.com; dmarc=pass "
	    "header.from=b.example\n"
	    "authentication-results: c.example; none\n"
	    "X-Authentication-Results: c.example; dmarc=pass\n"
	    "RECEIVED : from a by b.example; now\n"
	    "DKIM-Signature: d=b.example; h=from\n"
	    "From: ana@b.example\n\n"
	    "Received: from x by body.example; now\n";
	struct mail m, got;
	struct buf b;

	parse(raw, &m);
	test_ok(m.trace_n == 4 && !m.torn, "four lines, an unhurt header");
	test_ok(m.trace[0].kind == TRACE_RECEIVED && m.trace[0].field == 0 &&
		m.trace[1].kind == TRACE_RESULTS && m.trace[1].field == 2 &&
		m.trace[2].kind == TRACE_RECEIVED && m.trace[2].field == 4 &&
		m.trace[3].kind == TRACE_SIGNATURE && m.trace[3].field == 5,
	    "in the order of the mail");
	buf_init(&b, 0);
	frame_pack(&m, &b);
	test_ok(frame_unpack(&a, b.data, b.len, &got, NULL) == 0 &&
		got.trace_n == 4 &&
		strcmp(got.trace[3].host, "b.example") == 0 &&
		got.trace[1].field == 2,
	    "it comes out of the box");
	m.trace[1].field = (int)m.fields_n;
	buf_clear(&b);
	frame_pack(&m, &b);
	test_ok(frame_unpack(&a, b.data, b.len, &got, NULL) == -1,
	    "a line that points behind the fields is refused");
	m.trace[1].field = 2;
	m.trace[1].kind = TRACE_COUNT;
	buf_clear(&b);
	frame_pack(&m, &b);
	test_ok(frame_unpack(&a, b.data, b.len, &got, NULL) == -1,
	    "so is a kind that does not exist");
	buf_done(&b);
}

static const struct {
	const char *raw;
	bool torn;
} headers[] = {
	{ "From: a@b.example\nSubject: x\n\ntext", false },
	{ "From x Mon Nov 23\nFrom: a@b.example\n\ntext", false },
	{ "From: a@b.example\nno field\nSubject: x\n\ntext", true },
	{ "From: a@b.example\nSubject: a\rb\n\ntext", true },
	{ "From: a@b.example\nthis is text and no field\n\n\n\n\n", true },
};

static void
test_torn(void)
{
	static const char nul[] = "From: a@b.example\nSubject: a\0b\n\ntext";
	struct mail m;
	struct buf b;

	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		parse(headers[i].raw, &m);
		test_ok(m.torn == headers[i].torn, "header %zu is %s", i,
		    headers[i].torn ? "torn" : "sound");
	}
	mail_parse(&a, nul, sizeof(nul) - 1, &m);
	test_ok(m.torn, "torn by a NUL");
	buf_init(&b, 0);
	for (int i = 0; i <= MAIL_FIELDS_MAX; i++)
		buf_str(&b, "X: y\n");
	buf_str(&b, "\ntext");
	mail_parse(&a, b.data, b.len, &m);
	test_ok(m.torn, "torn by too many fields");
	buf_done(&b);
	parse("Content-Type: multipart/mixed; boundary=b\n\n--b\nno field\n"
	      "X: y\n\ntext\n--b--\n",
	    &m);
	test_ok(!m.torn, "a torn part is another thing");
}

/* More of them than anybody needs are named, and cost little. */
static void
test_bounds(void)
{
	struct mail m;
	struct buf b;

	buf_init(&b, 0);
	for (int i = 0; i < MAIL_TRACE_MAX; i++)
		buf_str(&b, "Received: from a by b\n");
	mail_parse(&a, b.data, b.len, &m);
	test_ok(m.trace_n == MAIL_TRACE_MAX && !m.trace_cut, "as many as fit");
	buf_str(&b, "DKIM-Signature: d=b.example; l=1\n");
	mail_parse(&a, b.data, b.len, &m);
	test_ok(m.trace_n == MAIL_TRACE_MAX && m.trace_cut, "one too many");
	buf_clear(&b);
	buf_str(&b, "Authentication-Results: x");
	for (int i = 0; i < TRACE_RESULTS_MAX; i++)
		buf_str(&b, "; dkim=pass");
	mail_parse(&a, b.data, b.len, &m);
	test_ok(m.trace_n == 1 && !m.trace[0].broken &&
		m.trace[0].results_n == TRACE_RESULTS_MAX,
	    "as many results as fit");
	buf_str(&b, "; dmarc=fail");
	mail_parse(&a, b.data, b.len, &m);
	test_ok(m.trace[0].broken, "one result too many");
	buf_clear(&b);
	buf_str(&b, "Authentication-Results: ");
	for (int i = 0; i <= TRACE_WORD_MAX; i++)
		buf_str(&b, "x");
	buf_str(&b, "; none");
	mail_parse(&a, b.data, b.len, &m);
	test_ok(m.trace[0].broken, "a word too long");
	buf_done(&b);
}

int
main(void)
{
	test_received();
	test_results();
	test_signatures();
	test_mail();
	test_torn();
	test_bounds();
	arena_done(&a);
	return test_end();
}
