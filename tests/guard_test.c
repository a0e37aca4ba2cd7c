/*
 * The egress guard: what is internal is found in every form that a mail program
 * or a hand may give it, in text, HTML, names and files; ordinary answers pass.
 */
#include "tests/test.h"

#include <stdlib.h>

#include "parser/buf.h"
#include "rules/guard.h"
#include "rules/phrase.h"

static struct desk_keys keys;
static struct conf conf;
static const char *ref, *token;

static struct guard
plain(const char *text)
{
	return (struct guard){
		.conf = &conf,
		.keys = &keys,
		.agent = &conf.agents[0],
		.text = text,
	};
}

/* Are there words for agents? */
static bool
is_told(struct arena *a, const struct guard_find *f)
{
	return strcmp(phrase_again(a, "de", f->what), f->what) != 0 &&
	    strcmp(phrase_again(a, "de", f->where), f->where) != 0;
}

static const char *
what(struct arena *a, const struct guard *g)
{
	struct guard_find f = { 0 };

	guard_look(a, g, &f);
	if (f.what != NULL && !is_told(a, &f))
		test_ok(
		    false, "\"%s\" in \"%s\" is English only", f.what, f.where);
	return f.what;
}

/* s with each byte written by this format; form 0 to FORMS - 1. */
enum {
	UPPER,
	WIDE, /* full-width forms */
	ZERO, /* zero-width blanks between */
	SHY,
	DECIMAL, /* &#64; */
	HEX,
	PERCENT,
	QUOTED, /* =40 */
	TAGS,   /* a tag in each word */
	COMMENT,
	WRAPPED, /* a line end and ">" at each blank */
	DASHES,  /* long dashes */
	FORMS
};

static void
put_form(struct buf *b, int form, const char *s, size_t i)
{
	unsigned char c = (unsigned char)s[i];

	if (form == UPPER)
		buf_char(b, (char)(c >= 'a' && c <= 'z' ? c - 32 : c));
	else if (form == WIDE && c > ' ')
		buf_printf(b, "\xef%c%c", 0xbc + (c - 0x20) / 64,
		    0x80 + (c - 0x20) % 64);
	else if (form == ZERO)
		buf_printf(b, "%c\xe2\x80\x8b", c);
	else if (form == SHY)
		buf_printf(b, "%c\xc2\xad", c);
	else if (form == DECIMAL)
		buf_printf(b, "&#%d;", c);
	else if (form == HEX)
		buf_printf(b, "&#x%X;", c);
	else if (form == PERCENT)
		buf_printf(b, "%%%02X", c);
	else if (form == QUOTED)
		buf_printf(b, "=%02X", c);
	else if (form == TAGS && i % 3 == 1)
		buf_printf(b, "%c<b></b>", c);
	else if (form == COMMENT && i % 5 == 2)
		buf_printf(b, "%c<!-- x -->", c);
	else if (form == WRAPPED && c == ' ')
		buf_str(b, "\n> ");
	else if (form == DASHES && c == '-')
		buf_str(b, "\xe2\x80\x91");
	else
		buf_char(b, (char)c);
}

static char *
formed(struct arena *a, int form, const char *s)
{
	struct buf b;
	char *out;

	buf_init(&b, 0);
	for (size_t i = 0; s[i] != '\0'; i++)
		put_form(&b, form, s, i);
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return out;
}

static const char *
as_utf16(struct arena *a, const char *s, bool big, bool bom, size_t *n)
{
	struct buf b;
	char *out;

	buf_init(&b, 0);
	if (bom)
		buf_add(&b, big ? "\xfe\xff" : "\xff\xfe", 2);
	for (; *s != '\0'; s++) {
		if (big)
			buf_char(&b, '\0');
		buf_char(&b, *s);
		if (!big)
			buf_char(&b, '\0');
	}
	out = arena_memdup(a, b.data, b.len);
	*n = b.len;
	buf_done(&b);
	return out;
}

static void
test_forms(struct arena *a)
{
	const char *const secrets[] = {
		arena_printf(a, "%s%s) --", GUARD_CUT, ref),
		arena_printf(a, "%s ref %s", GUARD_MARK, ref),
		arena_printf(a, "(ref %s)", ref),
		arena_printf(a, "support+r.%s@example.com", token),
		arena_printf(a, "support+%s@example.com", token),
		arena_printf(a, "the token %s", token),
		"EX-1042.s9.8d2kq7fa@support.example.com",
		"<EX-1042.desk@support.example.com>",
		"EX-1042.v1.4c9t0xha@support.example.com",
		"call bob@example.com about it",
		"X-Deskd-Event: assigned",
		"mailto:" /* the form in a button */
		"support%2Br.1042@example.com?subject=x",
	};
	size_t n = sizeof(secrets) / sizeof(*secrets);

	for (size_t i = 0; i < n; i++) {
		struct guard g = plain(secrets[i]);

		test_ok(what(a, &g) != NULL, "secret %zu: %s", i,
		    what(a, &g) == NULL ? "not found" : what(a, &g));
		for (int form = 0; form < FORMS; form++) {
			char *s = formed(a, form, secrets[i]);
			struct compose_part part = { "log.txt", "text/plain",
				NULL, s, strlen(s), NULL };

			/* what has no blank or is no word cannot be wrapped */
			g = plain(arena_printf(
			    a, "Hello Maria,\n\nsee %s\nthere.\n", s));
			test_ok(
			    what(a, &g) != NULL, "secret %zu form %d", i, form);
			g = plain("Hello Maria");
			g.rich = arena_printf(a, "<p>%s</p>", s);
			test_ok(what(a, &g) != NULL, "secret %zu form %d: HTML",
			    i, form);
			g.rich = NULL;
			g.parts = &part;
			g.parts_n = 1;
			test_ok(what(a, &g) != NULL, "secret %zu form %d: file",
			    i, form);
		}
	}
}

static void
test_files(struct arena *a)
{
	const char *cut = arena_printf(a, "x\n%s%s) --\ny", GUARD_CUT, ref);
	struct guard g = plain("see the file");
	struct guard_find f;
	struct compose_part part = { "a.bin", "application/octet-stream", NULL,
		cut, strlen(cut), NULL };
	char *big = arena_alloc(a, 300001);

	g.parts = &part;
	g.parts_n = 1;
	test_ok(what(a, &g) != NULL, "text that does not say so");
	for (int i = 0; i < 4; i++) {
		part.data = as_utf16(a, cut, i & 1, i & 2, &part.size);
		test_ok(what(a, &g) != NULL, "UTF-16, way %d", i);
	}
	for (size_t at = 0; at < 300000; at += 30011) {
		memset(big, 'x', 300000);
		memcpy(big + at, cut, strlen(cut));
		part.data = big;
		part.size = 300000;
		test_ok(what(a, &g) != NULL, "at byte %zu", at);
	}
	for (size_t i = 0; i < 60; i++) {
		memset(big, '\n', 300000);
		memcpy(big + (64 << 10) - i, cut, strlen(cut));
		test_ok(what(a, &g) != NULL, "%zu before a window's end", i);
	}
	part = (struct compose_part){ cut, "image/png", NULL, "\x89PNG\1", 5,
		NULL };
	guard_look(a, &g, &f);
	test_ok(f.what != NULL && strcmp(f.where, "the name of a file") == 0 &&
		f.at == strlen("see the file"),
	    "a name");
	part.name = "a.png";
	test_ok(what(a, &g) == NULL, "a picture passes");
	part.data = NULL;
	part.size = 0;
	test_ok(what(a, &g) == NULL, "an empty file passes");
}

static void
test_mails(struct arena *a)
{
	static const struct compose_part rows[] = {
		{ "m", "message/rfc822", NULL, "x", 1, NULL },
		{ "m", "Message/RFC822", NULL, "x", 1, NULL },
		{ "m", "message/delivery-status", NULL, "x", 1, NULL },
		{ "m", "application/ms-tnef", NULL, "x", 1, NULL },
		{ "m", "application/vnd.ms-tnef", NULL, "x", 1, NULL },
		{ "m", "application/vnd.ms-outlook", NULL, "x", 1, NULL },
		{ "a.eml", "text/plain", NULL, "x", 1, NULL },
		{ "a.EML", "application/octet-stream", NULL, "x", 1, NULL },
		{ "a.msg", "application/octet-stream", NULL, "x", 1, NULL },
		{ "winmail.dat", "application/octet-stream", NULL, "x", 1,
		    NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct guard g = plain("see the mail");
		struct guard_find f;

		g.parts = &rows[i];
		g.parts_n = 1;
		guard_look(a, &g, &f);
		test_ok(f.what != NULL && strstr(f.where, rows[i].name) != NULL,
		    "a whole mail %zu is internal", i);
	}
}

static void
test_pass(struct arena *a)
{
	static const char *const rows[] = { "",
		"Hello Maria,\n\nplease restart it.\n\nAna Silva",
		"Write to support@example.com or call +49 30 1234567.",
		"Your ticket is EX-1042, see [EX-1042].",
		"support + networking = fun",
		"ana@example.com is my own address",
		"jacob@example.com, bob@example.org, xbob@example.com",
		"bob@example.com.evil.example",
		"The reference is ABCD-1234, or ref ABCD-1234.",
		"internal [external] (internal)",
		"da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b"
		"855",
		"550e8400-e29b-41d4-a716-446655440000",
		"100 % sure & 5 < 6 > 4 = x &amp; %zz &#; &#x; &nosuch; =",
		"EX-1042.7.p3k9x2vd is a name of yours",
		"Reply above this line, please", "x-desk and X-Deskd" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct guard g = plain(rows[i]);
		const char *got;

		g.rich = rows[i];
		got = what(a, &g);
		test_ok(
		    got == NULL, "passes %zu: %s", i, got == NULL ? "" : got);
	}
}

static void
test_above(struct arena *a)
{
	const char *tail = arena_printf(a, "%s%s) --\nnote\n", GUARD_CUT, ref);
	const struct {
		const char *text, *want;
	} rows[] = {
		{ arena_printf(a, "Hello\n\n%s", tail), "Hello" },
		{ arena_printf(a, "Hello\nAna\n> %s", tail), "Hello\nAna" },
		{ arena_printf(a,
		      "Hello\n\nOn Monday, IT wrote:\n> Yours\n> "
		      "%s",
		      tail),
		    "Hello" },
		{ tail, NULL },
		{ arena_printf(a, "> quoted\n%s", tail), NULL },
		{ "all is well\n", "all is well" },
		{ arena_printf(a, "Ask bob@example.com\n%s", tail), NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct guard g = plain(rows[i].text);
		struct guard_find f;
		char *got = guard_above(a, &g);

		test_ok((got == NULL) == (rows[i].want == NULL) &&
			(got == NULL || strcmp(got, rows[i].want) == 0),
		    "above %zu: %s", i, got == NULL ? "nothing" : got);
		guard_look(a, &g, &f);
		test_ok(f.at <= strlen(rows[i].text), "a place in the text");
	}
}

/* A whole log of what may be a reference is looked through, and in time. */
static void
test_many(struct arena *a)
{
	struct buf b;
	struct guard g;

	buf_init(&b, 0);
	for (int i = 0; i < 50000; i++)
		buf_printf(&b, "%04d-%04d a@b.example\n", i % 10000, i / 9);
	g = plain(b.data);
	test_ok(what(a, &g) == NULL, "50 000 that are none");
	for (int i = 0; i < 70000; i++)
		buf_printf(&b, "%04d-%04d\n", i % 10000, i / 9);
	g = plain(b.data);
	test_ok(what(a, &g) != NULL, "more than can be tested is held");
	buf_done(&b);
}

int
main(void)
{
	static const char *ana[] = { "ana@example.com" };
	static const char *bob[] = { "b.other@example.com", "bob@example.com" };
	static struct conf_agent agents[] = {
		{ .name = "ana", .emails = ana, .emails_n = 1 },
		{ .name = "bob", .emails = bob, .emails_n = 2 }
	};
	static const char *own[] = { "support@example.com" };
	struct token t = { .purpose = TOKEN_AGENT,
		.ticket = 1042,
		.principal = 1,
		.day = 900,
		.sequence = 3 };
	struct arena a = { 0 }, names = { 0 };

	memset(keys.key[0], 7, DESK_KEY);
	keys.have[0] = true;
	conf.address = "support@example.com";
	conf.addresses = own;
	conf.addresses_n = 1;
	conf.agents = agents;
	conf.agents_n = 2;
	conf.tickets.prefix = "EX-";
	ref = token_ref(&names, &keys, 1042, 9);
	token = token_make(&names, &keys, &t, "example.com", ana[0]);
	test_forms(&a);
	test_files(&a);
	test_mails(&a);
	test_pass(&a);
	test_above(&a);
	test_many(&a);
	arena_done(&a);
	arena_done(&names);
	return test_end();
}
