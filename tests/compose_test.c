/*
 * Composing mail: hostile text in every slot stays in its slot (T27), and what
 * comes out is what SMTP may carry (M10).  With "--emit" the cases are printed
 * for tests/scenario/compose.py, which reads the mails with Python's parser.
 */
#include "tests/test.h"

#include <stdlib.h>

#include "parser/buf.h"
#include "parser/compose.h"
#include "parser/flowed.h"
#include "parser/encode.h"
#include "parser/param.h"
#include "parser/utf8.h"

static const char *const hostile[] = {
	"",
	" ",
	"plain",
	"VPN does not connect",
	"a\r\nBcc: victim@example.org",
	"a\nBcc: victim@example.org",
	"a\rBcc: victim@example.org",
	"\r\n\r\nbody",
	"\n",
	"x\r\n.\r\nMAIL FROM:<e@example.org>",
	"tab\there\v\f\x01\x02\x7f end",
	"=?utf-8?q?already=0D=0ABcc:_e=40example.org?=",
	"=?",
	"?=",
	"a =?b?= c",
	"\"quoted\" \\ back",
	"\"",
	"\\",
	"(comment (nested",
	"<e@example.org>",
	"e@example.org",
	"a, b; c: d",
	"name <a@example.org>, \"x",
	"Jos\xc3\xa9 Gar\xc3\xad"
	"a",
	"\xe4\xbd\x90\xe8\x97\xa4 \xe5\xa4\xaa\xe9\x83\x8e",
	"\xd0\x9f\xd1\x80\xd0\xb8\xd0\xbd\xd1\x82\xd0\xb5\xd1\x80 "
	"\xd0\xbd\xd0\xb5 \xd1\x80\xd0\xb0\xd0\xb1\xd0\xbe\xd1\x82\xd0\xb0"
	"\xd0\xb5\xd1\x82, \xd0\xbf\xd0\xbe\xd0\xbc\xd0\xbe\xd0\xb3\xd0\xb8"
	"\xd1\x82\xd0\xb5 \xd0\xbf\xd0\xbe\xd0\xb6\xd0\xb0\xd0\xbb\xd1\x83"
	"\xd0\xb9\xd1\x81\xd1\x82\xd0\xb0",
	"mixed \xc3\xa9 and plain \xc3\xa8 words \xc3\xa0 \xc3\xb9 here",
	"\xf0\x9f\x94\xa5\xf0\x9f\x94\xa5 printer on fire "
	"\xf0\x9f\x94\xa5\xf0\x9f\x94\xa5",
	"bad utf8 \xff\xfe \xc3( \xe2\x82 \xf0\x9f",
	"overlong \xc0\x8d\xc0\x8a and \xed\xa0\x80",
	"line\xe2\x80\xa8separator\xe2\x80\xa9paragraph\xc2\x85nel",
	"bidi \xe2\x80\xaegnp.exe\xe2\x80\xac \xe2\x81\xa6x\xe2\x81\xa9",
	"zero\xe2\x80\x8bwidth\xef\xbb\xbf",
	"https://example.com/a/very/long/path/that/does/not/fit/on/one/line/"
	"of/a/header/because/it/goes/on/and/on/and/on/and/on/and/on/and/on/x",
	"{{ticket.number}} {{#x}}{{/x}} %s%n%d",
	"From here",
	".",
	"..",
	"-- ",
	"RE: AW: [EX-1042] Re: =?iso-8859-1?Q?caf=E9?=",
};
#define HOSTILE_N (sizeof(hostile) / sizeof(*hostile))

static const char *const texts[] = {
	"",
	"Hello,\n\nwe have your message.\n",
	"no end of line",
	".\n..\n.hidden\nFrom me\n>From you\n",
	"a\r\n.\r\nb\rc\n",
	"trailing blank \ntrailing tab\t\n",
	"= equals =3D =?utf-8?q?x?=\n",
	"--=_abc\n--=_\n",
	"Gr\xc3\xbc\xc3\x9f"
	"e aus K\xc3\xb6ln\n\xe2\x82\xac 5\n",
	"bad \xff\xfe bytes\n",
	"\n\n\n",
	"> quoted\n> > twice\n>> twice\n\nanswer\n-- \nAna Silva\n",
	"A paragraph that stands on one line of the text and is much longer than "
	"any line of a mail ought to be, so that it has to be wrapped somewhere, "
	"and then again, and at the end of it there is a full stop.\n",
	"> A quoted paragraph that stands on one line of the text and is much "
	"longer than any line of a mail ought to be, so that it has to be "
	"wrapped.\n",
};
#define TEXTS_N (sizeof(texts) / sizeof(*texts))

static struct compose
plain(void)
{
	return (struct compose){
		.from = { "Example IT Support", "support@example.com" },
		.to = { "Maria Gomez", "maria@kunde.example" },
		.subject = "Re: VPN does not connect [EX-1042]",
		.message_id = "EX-1042.1.p3k9x2vd@support.example.com",
		.date = 1785222846,
		.zone = 120,
		.text = "Hello Maria,\n\nwe have your message.\n",
	};
}

/* The fields of the header section, by name, "," between; folding checked. */
static void
field_names(const char *mail, char *out, size_t size)
{
	const char *s = mail;

	*out = '\0';
	while (strncmp(s, "\r\n", 2) != 0) {
		const char *end = strstr(s, "\r\n");
		size_t n = strcspn(s, ":"), used = strlen(out);

		if (*s != ' ' && used + n + 2 < size) {
			memcpy(out + used, s, n);
			memcpy(out + used + n, ",", 2);
		}
		s = end + 2;
	}
}

static const char shape[] = "From,To,Cc,Subject,Date,Message-ID,In-Reply-To,"
			    "References,Content-Language,X-Deskd-Test,"
			    "MIME-Version,Content-Type,"
			    "Content-Transfer-Encoding,";

/* Only lines of the header that hold one unbreakable word may be longer. */
static bool
lines_short(const char *mail, size_t n)
{
	for (const char *s = mail; s < mail + n;) {
		const char *end = strstr(s, "\r\n");

		if (end == NULL || end - s > 76)
			return false;
		s = end + 2;
	}
	return true;
}

/* All slots at once and a body; the fields must be those of shape. */
static void
test_slots(struct arena *a)
{
	static const char *fields[] = { "X-Deskd-Test", NULL, NULL };
	static const char *refs[] = { "first@example.org", NULL };

	for (size_t i = 0; i < HOSTILE_N; i++) {
		struct compose c = plain();
		struct err e = { 0 };
		struct address cc = { hostile[i], "cc@example.org" };
		char *mail = NULL, names[400];
		size_t n = 0;

		c.from.name = c.to.name = c.subject = hostile[i];
		c.cc = &cc;
		c.cc_n = 1;
		fields[1] = hostile[i];
		refs[1] = hostile[i];
		c.fields = fields;
		c.references = refs;
		c.references_n = 2;
		c.in_reply_to = "last@example.org";
		c.language = "en";
		c.text = hostile[i];
		test_ok(compose_mail(a, &c, &mail, &n, &e) == 0,
		    "hostile %zu is composed %s", i, e.text);
		if (mail == NULL)
			continue;
		field_names(mail, names, sizeof(names));
		test_text(names, shape, "hostile %zu adds no field", i);
		test_ok(strlen(mail) == n, "hostile %zu has no NUL", i);
		test_ok(lines_short(mail, n) || strlen(hostile[i]) > 70,
		    "hostile %zu has short lines", i);
		arena_reset(a);
	}
}

static void
test_refused(struct arena *a)
{
	static const char *const bad[] = { "", "no-at", "a@b\r\nc", "a b@c.de",
		"<a@example.org>", "a@example.org\nRCPT TO:<b@example.org>",
		"a@example.org,b@example.org", "\"a\"@example.org" };
	struct err e = { 0 };
	char *mail = NULL;
	size_t n = 0;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct compose c = plain();
		struct address cc = { "x", bad[i] };

		c.to.addr = bad[i];
		test_ok(compose_mail(a, &c, &mail, &n, &e) == -1 &&
			e.kind == ERR_REJECT,
		    "To: bad address %zu is refused", i);
		c = plain();
		c.from.addr = bad[i];
		test_ok(compose_mail(a, &c, &mail, &n, &e) == -1,
		    "From: bad address %zu is refused", i);
		c = plain();
		c.cc = &cc;
		c.cc_n = 1;
		test_ok(compose_mail(a, &c, &mail, &n, &e) == -1,
		    "Cc: bad address %zu is refused", i);
		c = plain();
		c.reply_to = bad[i];
		test_ok(compose_mail(a, &c, &mail, &n, &e) == -1,
		    "Reply-To: bad address %zu is refused", i);
	}
	for (size_t i = 0; i < 3; i++) {
		static const char *const ids[] = { "", "a b@c", "a>\r\nX: y" };
		struct compose c = plain();

		c.message_id = ids[i];
		test_ok(compose_mail(a, &c, &mail, &n, &e) == -1,
		    "bad Message-ID %zu is refused", i);
	}
	test_ok(mail == NULL && n == 0, "a failure leaves the outputs alone");
}

static void
test_references(struct arena *a)
{
	const char *ids[40];
	struct compose c = plain();
	struct err e = { 0 };
	char *mail = NULL;
	size_t n = 0, count = 0;

	for (int i = 0; i < 40; i++)
		ids[i] = arena_printf(a, "id%d@example.org", i);
	c.references = ids;
	c.references_n = 40;
	test_ok(compose_mail(a, &c, &mail, &n, &e) == 0, "a long chain");
	for (int i = 0; i < 40; i++) {
		bool want = i == 0 || i > 30;

		if (want)
			count++;
		test_ok((strstr(mail, arena_printf(a, "<id%d@", i)) != NULL) ==
			want,
		    "reference %d is %s", i, want ? "kept" : "left out");
	}
	test_ok(count == 10, "ten are kept");
	test_ok(lines_short(mail, n), "References are folded");
}

/* The alternative mail: three boundaries, the same for the same letter. */
static void
test_alternative(struct arena *a)
{
	for (size_t i = 0; i < TEXTS_N; i++) {
		struct compose c = plain();
		char *mail = NULL, *again = NULL, *p;
		size_t n = 0, m = 0, count = 0;

		c.html = true;
		c.flowed = true;
		c.language = "en";
		c.text = texts[i];
		test_ok(compose_mail(a, &c, &mail, &n, NULL) == 0 &&
			compose_mail(a, &c, &again, &m, NULL) == 0,
		    "text %zu is composed", i);
		if (mail == NULL || again == NULL)
			continue;
		test_ok(n == m && memcmp(mail, again, n) == 0,
		    "text %zu gives the same bytes again", i);
		for (p = mail; (p = strstr(p, "\r\n--=_")) != NULL; p += 4)
			count++;
		test_ok(count == 3, "text %zu: three boundaries, %zu found", i,
		    count);
		test_ok(
		    strstr(mail, "\n.") == NULL, "text %zu: no leading dot", i);
		test_ok(
		    strstr(mail, "\nFrom ") == NULL, "text %zu: no From_ ", i);
		arena_reset(a);
	}
}

/* A part's header and what the words of its type and name became. */
static void
test_part_header(struct arena *a)
{
	static const struct {
		const char *name, *type, *charset, *want;
	} rows[] = {
		{ "log.txt", "text/plain", NULL,
		    "Content-Type: text/plain; name=\"log.txt\"\r\n"
		    "Content-Disposition: attachment; filename=\"log.txt\"\r\n" },
		{ "log.txt", "text/plain", "iso-8859-15",
		    "Content-Type: text/plain; charset=\"iso-8859-15\"; "
		    "name=\"log.txt\"\r\n" },
		{ "a.pdf", "application/pdf", "utf-8",
		    "Content-Type: application/pdf; name=\"a.pdf\"\r\n" },
		{ "a", "text/plain", "x\"; y",
		    "Content-Type: text/plain; name=\"a\"\r\n" },
		{ "", "image/png", NULL,
		    "Content-Type: image/png\r\n"
		    "Content-Disposition: attachment\r\n" },
		{ NULL, NULL, NULL,
		    "Content-Type: application/octet-stream\r\n"
		    "Content-Disposition: attachment\r\n" },
		{ "../../etc/passwd", "x/y", NULL,
		    "Content-Disposition: attachment; filename=\"passwd\"\r\n" },
		{ "C:\\a\\b.doc", "application/msword", NULL,
		    "filename=\"b.doc\"\r\n" },
		{ "-rf", "x/y", NULL, "filename=\"rf\"\r\n" },
		{ "\xc3\xbc.pdf", "application/pdf", NULL,
		    "Content-Disposition: attachment;\r\n "
		    "filename*0*=UTF-8''%C3%BC.pdf\r\n" },
		{ "a\r\nBcc: x@example.org", "x/y", NULL,
		    "filename=\"a Bcc: x@example.org\"\r\n" },
		{ "m.eml", "message/rfc822", NULL,
		    "Content-Type: application/octet-stream; "
		    "name=\"m.eml\"\r\n" },
		{ "m", "MESSAGE/External-Body; access-type=url", NULL,
		    "Content-Type: application/octet-stream; name=\"m\"\r\n" },
		{ "m", "Multipart/mixed", NULL,
		    "Content-Type: application/octet-stream; name=\"m\"\r\n" },
		{ "m", "image/png\r\nX: y", NULL,
		    "Content-Type: application/octet-stream; name=\"m\"\r\n" },
		{ "m", "image/png; name=x", NULL,
		    "Content-Type: application/octet-stream; name=\"m\"\r\n" },
		{ "m", "image/", NULL,
		    "Content-Type: application/octet-stream; name=\"m\"\r\n" },
		{ "m", "image", NULL,
		    "Content-Type: application/octet-stream; name=\"m\"\r\n" },
		{ "m", "/png", NULL,
		    "Content-Type: application/octet-stream; name=\"m\"\r\n" },
		{ "m", "", NULL,
		    "Content-Type: application/octet-stream; name=\"m\"\r\n" },
		{ "m", "a/b/c", NULL,
		    "Content-Type: application/octet-stream; name=\"m\"\r\n" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct compose_part part = { .name = rows[i].name,
			.type = rows[i].type,
			.charset = rows[i].charset,
			.data = "x",
			.size = 1 };
		struct compose c = plain();
		char *mail = NULL;
		size_t n = 0;

		c.parts = &part;
		c.parts_n = 1;
		test_ok(compose_mail(a, &c, &mail, &n, NULL) == 0 &&
			strstr(mail, rows[i].want) != NULL &&
			strstr(mail, "\r\n\r\neA==\r\n") != NULL,
		    "part %zu has the right header", i);
	}
}

/* The types of all multiparts and leaves, in order, and nothing else. */
static char *
types(struct arena *a, const char *mail)
{
	static const char name[] = "\r\nContent-Type: ";
	struct buf b;
	char *out;

	buf_init(&b, 0);
	for (const char *s = mail; (s = strstr(s, name)) != NULL;) {
		s += strlen(name);
		buf_add(&b, s, strcspn(s, ";\r"));
		buf_char(&b, ' ');
	}
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return out;
}

static void
test_parts(struct arena *a)
{
	static const struct compose_part all[] = {
		{ "log.txt", "text/plain", NULL, "one\n", 4, NULL },
		{ "a.png", "image/png", "a@example.com", "\x89PNG", 4, NULL },
		{ "b.png", "image/png", "b c", "\x89PNG", 4, NULL },
	};
	static const struct {
		bool html;
		size_t from, n;
		const char *want;
	} rows[] = {
		{ false, 0, 0, "text/plain " },
		{ false, 0, 3,
		    "multipart/mixed text/plain text/plain image/png image/png " },
		{ true, 0, 0, "multipart/alternative text/plain text/html " },
		{ true, 0, 1,
		    "multipart/mixed multipart/alternative text/plain "
		    "text/html text/plain " },
		{ true, 1, 1,
		    "multipart/related multipart/alternative text/plain "
		    "text/html image/png " },
		{ true, 0, 3,
		    "multipart/mixed multipart/related multipart/alternative "
		    "text/plain text/html image/png text/plain image/png " },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct compose c = plain();
		char *mail = NULL;
		size_t n = 0;

		c.html = rows[i].html;
		c.parts = all + rows[i].from;
		c.parts_n = rows[i].n;
		test_ok(
		    compose_mail(a, &c, &mail, &n, NULL) == 0, "parts %zu", i);
		test_text(types(a, mail), rows[i].want,
		    "parts %zu: each where it belongs", i);
	}
	test_part_header(a);
}

/* 25 MB of files are a mail; what would be over LETTER_MAX is refused. */
static void
test_large(struct arena *a)
{
	size_t size = 25 << 20, n = 0;
	char *bytes = arena_alloc(a, size), *mail = NULL;
	struct compose_part parts[] = {
		{ "a.bin", "application/zip", NULL, bytes, size, NULL },
		{ "b.bin", "application/zip", NULL, bytes, size, NULL },
	};
	struct compose c = plain();
	struct err e = { 0 };

	c.parts = parts;
	c.parts_n = 1;
	test_ok(compose_mail(a, &c, &mail, &n, &e) == 0 && n > size / 57 * 78 &&
		n < size / 57 * 78 + 2000,
	    "25 MB go along, in %zu bytes", n);
	c.parts_n = 2;
	test_ok(
	    compose_mail(a, &c, &mail, &n, &e) == -1 && e.kind == ERR_REJECT,
	    "50 MB do not: %s", e.text);
	arena_reset(a);
}

static void
test_rich(struct arena *a)
{
	struct compose c = plain();
	char *mail = NULL;
	size_t n = 0;

	c.html = true;
	c.language = "en";
	c.rich = "<p>Hello <b>Maria</b>,</p>\n<p>we have your "
		 "message.</p>\n";
	test_ok(compose_mail(a, &c, &mail, &n, NULL) == 0 &&
		strstr(mail, "<p>Hello <b>Maria</b>,</p>") != NULL &&
		strstr(mail, "<html lang=3D\"en\">") != NULL &&
		strstr(mail, "</body>\r\n</html>") != NULL,
	    "the HTML that is given stands in the usual frame");
	test_ok(strstr(mail, "<p>Hello Maria,</p>") == NULL,
	    "and nothing was made from the text");
	c.html = false;
	test_ok(compose_mail(a, &c, &mail, &n, NULL) == 0 &&
		strstr(mail, "<b>") == NULL,
	    "without html there is none");
	test_text(compose_body(a, "a\n\nb\n"), "<p>a</p>\n<p>b</p>\n",
	    "the body alone");
}

static void
test_reply_to(struct arena *a)
{
	struct compose c = plain();
	char *mail = NULL;
	size_t n = 0;

	c.reply_to = "support+r.7@example.com";
	test_ok(compose_mail(a, &c, &mail, &n, NULL) == 0 &&
		strstr(mail, "\r\nReply-To: support+r.7@example.com\r\n"),
	    "Reply-To without a name");
	c.reply_to_name = "EX-1042";
	test_ok(compose_mail(a, &c, &mail, &n, NULL) == 0 &&
		strstr(mail,
		    "\r\nReply-To: EX-1042 <support+r.7@example.com>\r\n"),
	    "Reply-To with a name");
	c.reply_to_name = "a\r\nBcc: x, <b@example.org>";
	test_ok(compose_mail(a, &c, &mail, &n, NULL) == 0 &&
		strstr(mail,
		    "\r\nReply-To: \"a Bcc: x, <b@example.org>\" "
		    "<support+r.7@example.com>\r\n"),
	    "a name of Reply-To is quoted");
}

static void
test_check(void)
{
	static const struct {
		const char *bytes;
		size_t n;
		int want;
	} rows[] = {
#define ROW(s, w) { s, sizeof(s) - 1, w }
#define HEAD      "From: a@b.de\r\nDate: x\r\nMessage-ID: <a@b>\r\n"
		ROW(HEAD "\r\nbody\r\n", 0),
		ROW(HEAD "\r\n", 0),
		ROW(HEAD, -1),
		ROW("", -1),
		ROW("\r\nbody\r\n", -1),
		ROW(HEAD "\r\nbody", -1),
		ROW(HEAD "\r\nbo\ndy\r\n", -1),
		ROW(HEAD "\r\nbo\rdy\r\n", -1),
		ROW(HEAD "\r\nbo\0dy\r\n", -1),
		ROW(HEAD "\r\nbody\n.\r\n", -1),
		ROW(HEAD "\r\nbody\r\r\n", -1),
		ROW(HEAD "Sub ject\r\n\r\nx\r\n", -1),
		ROW(HEAD ": x\r\n\r\nx\r\n", -1),
		ROW(HEAD "Subject: \xc3\xa9\r\n\r\nx\r\n", -1),
		ROW(HEAD "Subject: a\r\n \r\n\r\nx\r\n", -1),
		ROW(HEAD "Subject: a\r\n b\r\n\r\nx\r\n", 0),
		ROW(" " HEAD "\r\nx\r\n", -1),
		ROW(HEAD "From: c@d.de\r\n\r\nx\r\n", -1),
		ROW(HEAD "message-id: <c@d>\r\n\r\nx\r\n", -1),
		ROW("Date: x\r\nMessage-ID: <a@b>\r\n\r\nx\r\n", -1),
		ROW("From: x\r\nMessage-ID: <a@b>\r\n\r\nx\r\n", -1),
		ROW("From: x\r\nDate: x\r\n\r\nMessage-ID: <a@b>\r\n", -1),
	};
	struct buf b;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		test_ok(compose_check(rows[i].bytes, rows[i].n, NULL) ==
			rows[i].want,
		    "check %zu gives %d", i, rows[i].want);
	for (int extra = 0; extra < 2; extra++) {
		buf_init(&b, 0);
		buf_str(&b, HEAD "\r\n");
		for (int i = 0; i < 998 + extra; i++)
			buf_char(&b, 'x');
		buf_str(&b, "\r\n");
		test_ok(compose_check(b.data, b.len, NULL) == -extra,
		    "a line of %d bytes", 998 + extra);
		buf_done(&b);
	}
}

static void
test_flow(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "short\n", "short\n" },
		{ "no end", "no end\n" },
		{ "blank at the end  \n", "blank at the end\n" },
		{ "-- \nAna\n", "-- \nAna\n" },
		{ " indented\n", "  indented\n" },
		{ "From me\n", " From me\n" },
		{ "> a\n>> b\n> > c\n>\n", "> a\n>> b\n>> c\n>\n" },
		{ "0123456789 123456789 123456789 123456789 123456789 123456789 "
		  "1234567890 23456789\n",
		    "0123456789 123456789 123456789 123456789 123456789 "
		    "123456789 1234567890 \n23456789\n" },
		{ "0123456789 123456789 123456789 123456789 123456789 123456789 "
		  "1234567890 > 456789\n",
		    "0123456789 123456789 123456789 123456789 123456789 "
		    "123456789 1234567890 \n > 456789\n" },
	};

	const char *dashes = "-----------------------------------------------"
			     "---------------------------- and more\n";

	test_text(flowed_unwrap(a, compose_flow(a, dashes), false), dashes,
	    "a line of dashes is not broken behind them");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		test_text(
		    compose_flow(a, rows[i][0]), rows[i][1], "flowed %zu", i);
}

/* What stands between <body ...> and </body>. */
static char *
body(struct arena *a, const char *text)
{
	const char *html = compose_html(a, text, "en", NULL), *from, *to;

	from = strchr(strstr(html, "<body"), '>') + 2;
	to = strstr(from, "</body>");
	return arena_strndup(a, from, (size_t)(to - from));
}

static void
test_html(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "a\n", "<p>a</p>\n" },
		{ "a\n\nb\n", "<p>a</p>\n<p>b</p>\n" },
		{ "Ana Silva\nExample IT\n",
		    "<p>Ana Silva<br>\nExample IT</p>\n" },
		{ "This line is so full that the next word did not fit on to it,"
		  "\nand so it was wrapped.\n",
		    "<p>This line is so full that the next word did not fit on "
		    "to it,\nand so it was wrapped.</p>\n" },
		{ "<script>alert(\"1\")&'</script>\n",
		    "<p>&lt;script&gt;alert(&quot;1&quot;)&amp;&#39;&lt;"
		    "/script&gt;</p>\n" },
		{ "- one\n- two\n  more\nend\n",
		    "<ul>\n<li>one</li>\n<li>two<br>\nmore</li>\n</ul>\n"
		    "<p>end</p>\n" },
		{ "1. one\n2. two\n\n2026. no list\n",
		    "<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n"
		    "<p>2026. no list</p>\n" },
		{ "> a\n> b\nc\n",
		    "<blockquote style=\"margin:0 0 0 .5em;padding-left:.8em;"
		    "border-left:2px solid #888\">\n<p>a<br>\nb</p>\n"
		    "</blockquote>\n<p>c</p>\n" },
		{ "See https://example.com/a?b=1&c=2.\n",
		    "<p>See <a href=\"https://example.com/a?b=1&amp;c=2\">"
		    "https://example.com/a?b=1&amp;c=2</a>.</p>\n" },
		{ "\"It works\" <mailto:s@example.com?body=%23works>\n",
		    "<p><a href=\"mailto:s@example.com?body=%23works\">It works"
		    "</a></p>\n" },
		{ "Or tap:  Resolve <mailto:a@b.de>   Wait 3 days "
		  "<mailto:c@d.de>\n",
		    "<p>Or tap: &nbsp;<a href=\"mailto:a@b.de\">Resolve</a> "
		    "&nbsp;&nbsp;<a href=\"mailto:c@d.de\">Wait 3 days</a></p>"
		    "\n" },
		{ "please write to our office at <mailto:s@example.com>\n",
		    "<p>please write to our office at <a href=\"mailto:s@"
		    "example.com\">s@example.com</a></p>\n" },
		{ "javascript:alert(1) <javascript:alert(1)> data:x\n",
		    "<p>javascript:alert(1) &lt;javascript:alert(1)&gt; data:x"
		    "</p>\n" },
		{ "https://e.example/\"onmouseover=\"x\n",
		    "<p><a href=\"https://e.example/\">https://e.example/</a>"
		    "&quot;onmouseover=&quot;x</p>\n" },
		{ "  Reset it\n",
		    "<p style=\"margin-left:1.0em\">Reset it</p>"
		    "\n" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		test_text(body(a, rows[i][0]), rows[i][1], "html %zu", i);
	test_ok(strstr(compose_html(a, "x", "de", NULL),
		    "<html lang=\"de\">") != NULL,
	    "html has the language");
	test_ok(strstr(compose_html(a, "x", "\"><b>", "</title><b>"), "<b>") ==
		NULL,
	    "language and title are escaped");
}

static void
test_params(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "a.pdf", "X: y; name=\"a.pdf\"\r\n" },
		{ "a \"b\".pdf", "X: y; name=\"a \\\"b\\\".pdf\"\r\n" },
		{ "\xc3\xa9.pdf", "X: y;\r\n name*0*=UTF-8''%C3%A9.pdf\r\n" },
		{ "a\r\nBcc: x", "X: y; name=\"a Bcc: x\"\r\n" },
	};
	struct encode f;
	struct buf b;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf_init(&b, 0);
		encode_open(&f, a, &b, "X");
		encode_token(&f, "y", 1);
		encode_param(&f, "name", rows[i][0]);
		encode_close(&f);
		test_text(buf_text(&b), rows[i][1], "parameter %zu", i);
		buf_done(&b);
	}
}

static void
test_base64(void)
{
	static const char *const rows[][2] = { { "", "" }, { "f", "Zg==\r\n" },
		{ "fo", "Zm8=\r\n" }, { "foo", "Zm9v\r\n" },
		{ "foobar", "Zm9vYmFy\r\n" } };
	struct buf b;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf_init(&b, 0);
		encode_base64(&b, rows[i][0], strlen(rows[i][0]));
		test_text(buf_text(&b), rows[i][1], "base64 %zu", i);
		buf_done(&b);
	}
	buf_init(&b, 0);
	encode_base64(&b, shape, 100);
	test_ok(strcspn(b.data, "\r") == 76, "base64 lines have 76 columns");
	buf_done(&b);
}

static void
put_hex_line(char key, const char *s, size_t n)
{
	printf("%c ", key);
	for (size_t i = 0; i < n; i++)
		printf("%02x", (unsigned char)s[i]);
	putchar('\n');
}

/* Cases for another program: subject, name, text, and the mail. */
static int
emit(struct arena *a)
{
	for (size_t i = 0; i < HOSTILE_N * TEXTS_N; i++) {
		struct compose c = plain();
		const char *h = hostile[i % HOSTILE_N];
		const char *file = texts[(i + 1) % TEXTS_N];
		struct compose_part parts[] = {
			{ h, h, i % 4 > 1 ? "p@example.com" : h, file,
			    strlen(file), h },
			{ h, "text/plain", NULL, h, strlen(h), "utf-8" },
		};
		char *mail, *s;
		size_t n;

		c.parts = parts;
		c.parts_n = i / 2 % 3;
		c.subject = c.from.name = h;
		c.text = texts[i / HOSTILE_N];
		c.html = i % 3 > 0;
		c.flowed = i % 2 > 0;
		c.language = "en";
		if (compose_mail(a, &c, &mail, &n, NULL) == -1)
			return 1;
		s = utf8_line(a, h, 1000);
		put_hex_line('S', s, strlen(s));
		s = utf8_line(a, h, 200);
		put_hex_line('N', s, strlen(s));
		s = utf8_from(a, "utf-8", c.text, strlen(c.text), NULL);
		put_hex_line('T', s, strlen(s));
		for (size_t k = 0; k < c.parts_n; k++) {
			s = param_file_name(a, h);
			put_hex_line(
			    'F', s == NULL ? "" : s, s == NULL ? 0 : strlen(s));
			put_hex_line('D', parts[k].data, parts[k].size);
		}
		put_hex_line('M', mail, n);
		arena_reset(a);
	}
	return 0;
}

/* Rows of a table keep their ends, however full they are. */
static void
test_rows(struct arena *a)
{
	static const char rows[] =
	    "#priority value        critical, high, normal, low; or the matrix\n"
	    "#impact value          low, medium, high: how many are hit by it\n";
	static const char prose[] =
	    "A line that goes on to the very end of what a line may have, and\n"
	    "another one.\n";

	test_ok(strstr(compose_body(a, rows), "matrix<br>\n#impact") != NULL,
	    "rows of a table stay rows");
	test_ok(strstr(compose_body(a, prose), "<br>") == NULL,
	    "wrapped prose flows");
}

/* Only a line that is one link to us, and ours, is a button. */
static void
test_buttons(struct arena *a)
{
	static const struct {
		const char *text;
		bool is;
	} rows[] = {
		{ "\"Go\" <mailto:support@example.com?body=%23go>", true },
		{ "  \"Go\" <mailto:support%2Bk7@example.com?body=x>  ", true },
		{ "\"Go\" <mailto:Support%2bk7@Example.com>", true },
		{ "\"Go\" <mailto:k7@help.example.com?body=x>", true },
		{ "> \"Go\" <mailto:support@example.com?body=x>", false },
		{ "Or \"Go\" <mailto:support@example.com?body=x>", false },
		{ "\"Go\" <mailto:support@example.com?body=x> now", false },
		{ "\"Go\" <mailto:supporter@example.com?body=x>", false },
		{ "\"Go\" <mailto:evil@evil.example?body=x>", false },
		{ "\"Go\" <mailto:support@example.com.evil.example>", false },
		{ "\"Go\" <mailto:support@evil.example?@example.com>", false },
		{ "\"Go\" <mailto:support%2B@evil.example,support@example.com>",
		    false },
		{ "\"Go\" <https://example.com/>", false },
		{ "\"Go\" <mailto:>", false },
		{ "\"\" <mailto:support@example.com>", false },
		{ "\"", false },
		{ "\"Go\" <mailto:support@example.com", false },
	};
	const struct compose c = { .from = { "Us", "support@example.com" },
		.reply_to = "k9@help.example.com" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		test_ok((strstr(compose_letter(a, rows[i].text, &c),
			     "height=\"44\"") != NULL) == rows[i].is,
		    "a button or not: %s", rows[i].text);
	test_ok(strstr(compose_html(a, rows[0].text, NULL, NULL), "44") == NULL,
	    "no letter, no button");
	test_ok(strstr(compose_letter(
			   a, "\"<b>\" <mailto:support@example.com>", &c),
		    "<b>") == NULL,
	    "its words are escaped");
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };

	if (argc > 1 && strcmp(argv[1], "--emit") == 0) {
		int rc = emit(&a);

		arena_done(&a);
		return rc;
	}
	test_slots(&a);
	test_refused(&a);
	test_references(&a);
	test_alternative(&a);
	test_parts(&a);
	test_large(&a);
	test_rich(&a);
	test_reply_to(&a);
	test_check();
	test_flow(&a);
	test_html(&a);
	test_params(&a);
	test_base64();
	test_rows(&a);
	test_buttons(&a);
	arena_done(&a);
	return test_end();
}
