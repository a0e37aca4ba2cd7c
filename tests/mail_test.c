/*
 * parser/mail.c, mime.c, part.c, text.c: structure, limits, fingerprints, and
 * that the result does not depend on how the bytes were cut.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "parser/buf.h"
#include "parser/limits.h"
#include "parser/mail.h"
#include "tests/test.h"

static struct arena a;

static struct mail
parse(const char *raw)
{
	struct mail m;

	mail_parse(&a, raw, strlen(raw), &m);
	return m;
}

static const char rich[] =
    "Received: from a by b; Tue, 3 Mar 2026 10:11:12 +0100\r\n"
    "From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.com>\r\n"
    "To: help@example.org, Bob <bob@example.org>\r\n"
    "Cc: carl@example.org\r\n"
    "Reply-To: jo@example.com\r\n"
    "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= [EX-1042]\r\n"
    "Date: Tue, 03 Mar 2026 10:11:12 +0100\r\n"
    "Message-ID: <m1@example.com>\r\n"
    "In-Reply-To: <a@example.org> <b@example.org>\r\n"
    "References: <a@example.org>\r\n\t<b@example.org>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed;\r\n boundary=\"=_out er\"\r\n\r\n"
    "preamble --=_out er\r\n"
    "--=_out er\r\n"
    "Content-Type: multipart/alternative; boundary=inner\r\n\r\n"
    "--inner\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    "Gr=C3=BC=C3=9Fe =\r\naus Lissabon\r\n--inner is not a delimiter\r\n"
    "--inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    "<p>not shown</p>\r\n--inner--\r\n"
    "--=_out er  \r\n"
    "Content-Type: image/png; name=\"x.png\"\r\n"
    "Content-Disposition: inline\r\nContent-ID: <pic@example.com>\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nAAECAwQ=\r\n\r\n"
    "--=_out er\r\nContent-Type: message/rfc822\r\n\r\n"
    "Subject: inside\r\n\r\n--=_out er inside\r\n"
    "--=_out er--\r\nepilogue\r\n";

static void
check_rich(const struct mail *m, const char *how)
{
	test_ok(m->parts_n == 6, "%s: %zu parts", how, m->parts_n);
	test_text(m->text, "Grüße aus Lissabon\n--inner is not a delimiter",
	    "%s: text", how);
	test_ok(m->parts[0].kind == PART_CONTAINER &&
		m->parts[1].kind == PART_CONTAINER &&
		m->parts[2].kind == PART_TEXT &&
		m->parts[3].kind == PART_TEXT &&
		m->parts[4].kind == PART_ATTACHMENT &&
		m->parts[5].kind == PART_ATTACHMENT,
	    "%s: kinds", how);
	test_ok(m->parts[0].parent == -1 && m->parts[1].parent == 0 &&
		m->parts[2].parent == 1 && m->parts[4].parent == 0,
	    "%s: parents", how);
	test_ok(m->parts[4].size == 5 && m->parts[4].encoding == 'b' &&
		m->parts[4].inline_ && strcmp(m->parts[4].name, "x.png") == 0 &&
		strcmp(m->parts[4].id, "pic@example.com") == 0,
	    "%s: the picture", how);
	test_ok(memcmp(rich + m->parts[4].offset, "AAECAwQ=", 8) == 0 &&
		m->parts[4].raw_size == 10,
	    "%s: where it is in the raw mail", how);
	test_ok(m->parts[5].size == 36, "%s: a message is one leaf: %llu", how,
	    (unsigned long long)m->parts[5].size);
}

static void
structure(void)
{
	struct mail m = parse(rich);

	check_rich(&m, "whole");
	test_text(m.from_name, "Jörg", "From name");
	test_text(m.from_addr, "joerg@example.com", "From address");
	test_ok(
	    m.from_n == 1 && m.to_n == 2 && m.cc_n == 1 && m.reply_to_n == 1,
	    "addresses");
	test_text(m.subject, "Grüße [EX-1042]", "Subject");
	test_ok(m.date == 1772529072 && m.date_zone == 60, "Date");
	test_text(m.message_id, "m1@example.com", "Message-ID");
	test_text(m.in_reply_to, "b@example.org", "the last In-Reply-To");
	test_ok(m.references_n == 2 && m.received_n == 1, "References");
	test_text(mail_field(&m, "REPLY-to"), "jo@example.com", "mail_field");
	test_ok(mail_field(&m, "X-None") == NULL, "no such field");
	test_ok(mail_attachment(&m, -1) == 4 && mail_attachment(&m, 4) == 5 &&
		mail_attachment(&m, 5) == -1,
	    "attachments in turn");
	test_ok(m.class == CLASS_HUMAN && m.class_why == NULL, "a human");
}

static void
uuencode(void)
{
	static const char raw[] =
	    "Subject: x\n\nbefore\nbegin 644 /tmp/a.txt\n#0V%T\n`\nend\n"
	    "between\nbegin 644 b\n#0V%T\nno more\nbegin 600 c\nafter\n";
	size_t n = sizeof(raw) - 1;

	for (size_t size = 1; size < n; size += 5) {
		struct mail_reader *r = mail_reader_new(&a, MAIL_FULL, NULL);
		struct mail m;

		for (size_t i = 0; i < n; i += size)
			mail_reader_feed(
			    r, raw + i, size < n - i ? size : n - i);
		mail_reader_end(r, &m);
		test_ok(m.parts_n == 3 && m.parts[1].size == 3 &&
			m.parts[2].size == 3 &&
			strcmp(m.parts[1].name, "a.txt") == 0 &&
			memcmp(raw + m.parts[1].offset, "begin 644 /", 11) ==
			    0 &&
			m.parts[1].raw_size == 33,
		    "uuencoded files, in pieces of %zu", size);
		test_text(m.text,
		    "before\nbetween\nno more\nbegin 600 c\nafter\n",
		    "the text around them");
	}
}

static bool
same(const struct mail *x, const struct mail *y)
{
	if (strcmp(x->text, y->text) != 0 || x->parts_n != y->parts_n ||
	    x->fields_n != y->fields_n || x->defects_n != y->defects_n ||
	    memcmp(x->fingerprint, y->fingerprint, HASH_SIZE) != 0)
		return false;
	for (size_t i = 0; i < x->parts_n; i++)
		if (x->parts[i].size != y->parts[i].size ||
		    x->parts[i].offset != y->parts[i].offset ||
		    x->parts[i].raw_size != y->parts[i].raw_size ||
		    memcmp(x->parts[i].sha256, y->parts[i].sha256, HASH_SIZE) !=
			0)
			return false;
	return true;
}

static void
pieces(void)
{
	struct mail whole = parse(rich), m;
	size_t n = sizeof(rich) - 1, wrong = 0;

	for (size_t size = 1; size < 200; size++) {
		struct mail_reader *r = mail_reader_new(&a, MAIL_FULL, NULL);

		for (size_t i = 0; i < n; i += size)
			mail_reader_feed(
			    r, rich + i, size < n - i ? size : n - i);
		mail_reader_end(r, &m);
		wrong += !same(&whole, &m);
	}
	test_ok(wrong == 0, "the same in pieces of 1 to 199 bytes");
	check_rich(&m, "in pieces");
	/* a truncated mail is still one */
	for (size_t cut = 0; cut < n; cut++)
		mail_parse(&a, rich, cut, &m);
	test_ok(true, "cut anywhere");
}

static void
shown(const char *headers_and_body, const char *want)
{
	struct mail m = parse(headers_and_body);

	test_ok(strcmp(m.text, want) == 0, "%.*s",
	    (int)strcspn(headers_and_body, "\n"), headers_and_body);
	if (strcmp(m.text, want) != 0)
		printf("# got [%s]\n", m.text);
}

static void
texts(void)
{
	shown("Subject: plain\n\nhello\n", "hello\n");
	shown(
	    "Subject: lf and crlf\r\nX: y\n\r\nhello\r\nthere", "hello\nthere");
	shown("Subject: no blank line\nhello there\nsecond\n",
	    "hello there\nsecond\n");
	shown("just text\nand more\n", "just text\nand more\n");
	shown("\n\nSubject: blank lines first\n\nhello", "hello");
	shown("Subject: empty\n\n", "");
	shown("", "");
	shown("Subject: html\nContent-Type: text/html\n\n<p>one<p>two",
	    "one\n\ntwo");
	shown("Subject: flowed\nContent-Type: text/plain; format=flowed\n\n"
	      "one \ntwo\n\n> a \n> b\n-- \nme\n",
	    "one two\n\n> a b\n-- \nme\n");
	shown("Subject: a separator\nContent-Type: text/plain; format=flowed"
	      "\n\nyes\n-----Message----- \nFrom: x\n",
	    "yes\n-----Message----- \nFrom: x\n");
	shown("Subject: delsp\nContent-Type: text/plain; format=flowed; "
	      "delsp=yes\n\none \ntwo\n",
	    "onetwo\n");
	shown(
	    "Subject: alternative, empty plain\nContent-Type: "
	    "multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: "
	    "text/html\n\nhtml\n--b--\n",
	    "html");
	shown("Subject: no close\nContent-Type: multipart/mixed; boundary=b\n\n"
	      "--b\n\none",
	    "one");
	shown(
	    "Subject: no boundary\nContent-Type: multipart/mixed\n\n--b\n\none"
	    "\n--b--\n",
	    "one");
	shown("Subject: never comes\nContent-Type: multipart/mixed; boundary=b"
	      "\n\nall there is\n",
	    "all there is\n");
	shown(
	    "Subject: two texts\nContent-Type: multipart/mixed; boundary=b\n\n"
	    "--b\n\none\n--b\n\ntwo\n--b--\n",
	    "one\n\ntwo");
	shown(
	    "Subject: attached text\nContent-Type: multipart/mixed; "
	    "boundary=b\n\n--b\n\none\n--b\nContent-Disposition: attachment\n\n"
	    "two\n--b--\n",
	    "one");
	shown("Subject: after the end\nContent-Type: multipart/mixed; "
	      "boundary=b\n\n--b\n\none\n--b--\nepi\n--b\n\ntwo\n",
	    "one\n\ntwo\n");
	shown("Subject: same boundary\nContent-Type: multipart/mixed; "
	      "boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=b\n\n"
	      "--b\n\none\n--b--\n--b--\n",
	    "one");
	shown(
	    "Subject: message\nContent-Type: message/rfc822\n\nSubject: in\n\n"
	    "inner\n",
	    "inner\n");
	shown("Subject: latin\nContent-Type: text/plain; charset=iso-8859-1\n\n"
	      "gr\xfc\xdf",
	    "grüß");
}

static void
prints(void)
{
	static const char head[] =
	    "From: a@example.com\nMessage-ID: <1@x>\nDate: Tue, 3 Mar 2026 "
	    "10:11:12 +0100\nSubject: x y\n";
	struct mail m[5];
	char raw[5][600];

	snprintf(raw[0], 600, "%s\nhello  there\n", head);
	snprintf(raw[1], 600,
	    "Received: x\nX-Added: y\n%sContent-Type: text/plain; "
	    "charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
	    "aGVsbG8gdGhlcmUNCg0K\n",
	    head);
	snprintf(raw[2], 600, "%s\nhello others\n", head);
	snprintf(raw[3], 600, "%sX: y\n\nhello there\n\n\n", head);
	snprintf(raw[4], 600, "From: b@example.com\n%s\nhello there\n",
	    strchr(head, '\n') + 1);
	for (int i = 0; i < 5; i++)
		m[i] = parse(raw[i]);
	test_ok(memcmp(m[0].fingerprint, m[1].fingerprint, HASH_SIZE) == 0,
	    "the same whatever the encoding and added fields");
	test_ok(memcmp(m[0].fingerprint, m[3].fingerprint, HASH_SIZE) == 0,
	    "and whatever the white space at the end");
	test_ok(memcmp(m[0].fingerprint, m[2].fingerprint, HASH_SIZE) != 0 &&
		memcmp(m[0].envelope_print, m[2].envelope_print, HASH_SIZE) ==
		    0,
	    "another body is a variant");
	test_ok(
	    memcmp(m[0].envelope_print, m[4].envelope_print, HASH_SIZE) != 0,
	    "another sender is another mail");
}

static bool
has_defect(const struct mail *m, const char *part)
{
	for (size_t i = 0; i < m->defects_n; i++)
		if (strstr(m->defects[i], part) != NULL)
			return true;
	return false;
}

/* A line, n times, between a start and an end. */
static struct mail
many(const char *start, const char *line, size_t n, const char *end)
{
	struct mail m;
	struct buf b;

	buf_init(&b, 0);
	buf_str(&b, start);
	for (size_t i = 0; i < n; i++)
		buf_str(&b, line);
	buf_str(&b, end);
	mail_parse(&a, b.data, b.len, &m);
	buf_done(&b);
	return m;
}

static void
limits(void)
{
	struct mail m;

	m = many("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n",
	    3000, "--b--\n");
	test_ok(m.parts_n == MAIL_PARTS_MAX && has_defect(&m, "parts"),
	    "3000 parts");
	m = many("", "X: y\n", 20000, "\nbody\n");
	test_ok(m.fields_n == MAIL_FIELDS_MAX && has_defect(&m, "fields"),
	    "20 000 fields");
	test_text(m.text, "body\n", "and the body all the same");
	m = many("Subject: ", "long ", 60000, "\n\nbody\n");
	test_ok(strlen(m.subject) <= MAIL_SUBJECT_MAX && has_defect(&m, "cut"),
	    "a field of 300 KB");
	m = many("X: ", "y", 3 << 20, "\n\nbody\n");
	test_text(m.text, "body\n", "a header of 3 MB");
	m = many("Content-Type: multipart/mixed; boundary=b\n\n",
	    "--b\nContent-Type: multipart/mixed; boundary=b\n\n", 1000,
	    "--b\n\ndeep\n");
	test_ok(has_defect(&m, "deep"), "a thousand multiparts in each other");
	m = many("From: ", "(", 60000, " a@example.com\n\nx\n");
	test_ok(m.from_n <= 1, "60 000 open comments");
	m = many("References:", " <a@x.example>", 4000, "\n\nx\n");
	test_ok(m.references_n == MAIL_REFERENCES_MAX, "4000 references");
	m = many("Subject: x\n\n", "line of text\n", 300000, "");
	test_ok(strlen(m.text) == MAIL_TEXT_MAX && has_defect(&m, "too long"),
	    "4 MB of text");
	test_ok(m.parts[0].size == 3900000, "all of it counted");
	m = many("Content-Type: message/rfc822\n\n",
	    "Content-Type: message/rfc822\n\n", 1000, "Subject: x\n\ny\n");
	test_ok(m.parts_n <= MAIL_DEPTH_MAX + 1, "a thousand messages");
}

/* 40 MB of attachment cost no more memory than 40 KB. */
static void
memory(void)
{
	struct arena one = { 0 };
	struct mail_reader *r = mail_reader_new(&one, MAIL_FULL, NULL);
	static const char head[] =
	    "Content-Type: application/x\nContent-Transfer-Encoding: base64\n\n";
	static char line[4096];
	struct mail m;

	memset(line, 'A', sizeof(line));
	mail_reader_feed(r, head, sizeof(head) - 1);
	for (size_t i = 0; i < (40 << 20) / sizeof(line); i++)
		mail_reader_feed(r, line, sizeof(line));
	mail_reader_end(r, &m);
	test_ok(m.parts[0].size == (30 << 20), "40 MB of base64 are 30 MB");
	test_ok(one.used < (256 << 10), "in %zu bytes", one.used);
	arena_done(&one);
}

static void
ladder(void)
{
	struct mail_reader *r = mail_reader_new(&a, MAIL_HEADERS, NULL);
	struct mail m;

	mail_reader_feed(r, rich, sizeof(rich) - 1);
	mail_reader_end(r, &m);
	test_ok(m.parts_n == 1 && m.parts[0].size == sizeof(rich) - 1 &&
		m.parts[0].kind == PART_ATTACHMENT,
	    "headers only: the whole mail is one attachment");
	test_text(m.subject, "Grüße [EX-1042]", "its fields are read");
	test_text(m.text, "", "its text is not");
	r = mail_reader_new(&a, MAIL_HALF, NULL);
	mail_reader_feed(r, rich, sizeof(rich) - 1);
	mail_reader_end(r, &m);
	check_rich(&m, "half of the limits");
}

static void
subjects(void)
{
	static const char *const same_key[] = { "VPN is down",
		"Re: VPN is down", "RE: Re: AW: vpn  is down",
		"Fwd: VPN is down [EX-1042]", "[EX-1042] VPN is down",
		"Re[2]: VPN is down", "AW : VPN is down", "Re： VPN is down",
		"SV: WG: TR: VPN is down", "[EXTERNAL] Re: VPN is down",
		"Отв: VPN is down", "回复: VPN is down" };
	const char *key = mail_subject_key(&a, same_key[0], "EX-");

	for (size_t i = 0; i < sizeof(same_key) / sizeof(*same_key); i++)
		test_text(mail_subject_key(&a, same_key[i], "EX-"), key, "%s",
		    same_key[i]);
	test_text(key, "vpn is down", "folded");
	test_text(mail_subject_key(&a, "Request: x", "EX-"), "request: x",
	    "a word that only begins like a mark");
	test_text(mail_subject_key(&a, NULL, "EX-"), "", "none");
	test_ok(mail_subject_ticket("Re: x [EX-1042]", "EX-") == 1042, "tag");
	test_ok(mail_subject_ticket("[ex-7]", "EX-") == 7, "any case");
	test_ok(mail_subject_ticket("EX-1042", "EX-") == 0, "no brackets");
	test_ok(mail_subject_ticket("[EX-]", "EX-") == 0, "no number");
	test_ok(mail_subject_ticket("[HD-1]", "EX-") == 0, "another desk's");
	test_ok(mail_subject_ticket(NULL, "EX-") == 0, "no subject");
	test_ok(mail_subject_forward(&a, "WG: x") &&
		mail_subject_forward(&a, "Fwd: x") &&
		!mail_subject_forward(&a, "Re: Fwd: x") &&
		mail_subject_forward(&a, "[ann@example.com: x y]") &&
		!mail_subject_forward(&a, "[EX-1042: @home] x") &&
		!mail_subject_forward(&a, "forward"),
	    "forwards");
}

/* The header names one boundary, the body uses another. */
static void
wrong_boundary(void)
{
	static const char raw[] =
	    "From: a@example.com\nContent-Type: multipart/mixed; boundary=a\n"
	    "\n--b\nContent-Type: text/plain\n\nhello\n--b\n"
	    "Content-Type: application/pdf\n"
	    "Content-Transfer-Encoding: base64\n\nAAECAwQ=\n--b--\n";
	struct mail m = parse(raw);

	test_text(m.text, "hello", "wrong boundary: text");
	test_ok(m.parts_n == 3 && m.parts[2].size == 5 &&
		memcmp(raw + m.parts[2].offset, "AAECAwQ=", 8) == 0,
	    "wrong boundary: a part and where it stands");
	m = parse("From: a@example.com\n"
		  "Content-Type: multipart/mixed; boundary=a\n\n--b\nhello");
	test_text(m.text, "--b\nhello", "no part follows: all of it is text");
}

/* Lines that end in CR alone; one CR in a header begins no field. */
static void
bare_cr(void)
{
	static const char raw[] =
	    "\r\nFrom: ann@example.com\rTo: help@example.org\r\nSubject: a\n b\r"
	    "Content-Type: multipart/mixed; boundary=x\r\r--x\r\rone\r\rtwo\r\n"
	    "three\r--x\rContent-Type: a/b\rContent-Transfer-Encoding: base64\r"
	    "\rQUJD\r--x--\r";
	struct mail m = parse(raw), same;
	size_t wrong = 0;

	test_text(m.from_addr, "ann@example.com", "bare CR: From ends");
	test_text(m.to[0].addr, "help@example.org", "bare CR: To");
	test_text(m.subject, "a b", "bare CR: a fold");
	test_text(m.text, "one\n\ntwo\nthree", "bare CR: text");
	test_ok(m.parts_n == 3 && m.parts[2].size == 3, "bare CR: parts");
	test_ok(m.defects_n == 1 && strstr(m.defects[0], "bare CR") != NULL,
	    "bare CR: the defect");
	for (size_t size = 1; size < 40; size++) {
		struct mail_reader *r = mail_reader_new(&a, MAIL_FULL, NULL);

		for (size_t at = 0; at < sizeof(raw) - 1; at += size)
			mail_reader_feed(r, raw + at,
			    sizeof(raw) - 1 - at < size ? sizeof(raw) - 1 - at
							: size);
		mail_reader_end(r, &same);
		wrong += memcmp(same.fingerprint, m.fingerprint, HASH_SIZE) !=
		    0;
		wrong += strcmp(same.text, m.text) != 0;
	}
	test_ok(wrong == 0, "bare CR: the same in pieces of 1 to 39 bytes");

	m = parse(
	    "Received: from a by b\r\nSubject: x\rFrom: evil@example.net\r"
	    "\n\r\na\rb\r\n");
	test_text(m.subject, "x From: evil@example.net",
	    "a bare CR behind a proper line begins no field");
	test_ok(m.from_addr == NULL || *m.from_addr == '\0', "... and no From");
	m = parse("Subject: x\r");
	test_text(m.subject, "x", "nothing but a line and its CR");
	m = parse("Subject: x\r\r\n\r\r\ntext\r\r\n");
	test_ok(m.defects_n == 0 || strstr(m.defects[0], "bare CR") == NULL,
	    "CR CR LF is no bare CR");
}

int
main(void)
{
	structure();
	wrong_boundary();
	pieces();
	bare_cr();
	uuencode();
	texts();
	prints();
	limits();
	memory();
	ladder();
	subjects();
	arena_done(&a);
	return test_end();
}
