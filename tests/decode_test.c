/* parser/decode.c: transfer encodings, cut anywhere. */
#include "parser/decode.h"
#include "tests/test.h"

static void
to_buf(void *ctx, const char *p, size_t n)
{
	buf_add(ctx, p, n);
}

/* Decode in pieces of every size: each has to give the same. */
static void
decode(char encoding, const char *in, const char *want)
{
	struct buf b;
	struct decode_sink sink = { .bytes = to_buf, .ctx = &b };
	size_t n = strlen(in), wrong = 0;
	struct decode d;

	buf_init(&b, 0);
	for (size_t piece = 1; piece <= n + 1; piece++) {
		buf_clear(&b);
		decode_init(&d, encoding);
		for (size_t i = 0; i < n; i += piece)
			decode_feed(
			    &d, in + i, piece < n - i ? piece : n - i, &sink);
		decode_end(&d, &sink);
		wrong += strcmp(buf_text(&b), want) != 0;
	}
	test_ok(wrong == 0, "%c: %.*s", encoding, (int)strcspn(in, "\r\n"), in);
	buf_done(&b);
}

int
main(void)
{
	struct buf b;
	char out[64];

	decode('b', "SGVsbG8=", "Hello");
	decode('b', "SGVs\r\nbG8=\r\n", "Hello");
	decode('b', "SGVsbG8", "Hello");
	decode('b', "S G!V*s\nbG8=", "Hello");
	decode('b', "SGVsbG8=IFdvcmxk", "Hello World");
	decode('b', "S", "");
	decode('b', "====", "");
	decode('q', "a=3Db", "a=b");
	decode('q', "gr=C3=BC=c3=9f", "grüß");
	decode('q', "soft =\r\nbreak", "soft break");
	decode('q', "soft=\nbreak", "softbreak");
	decode('q', "blanks behind=  \t\r\nit", "blanks behindit");
	decode('q', "blanks  \t\r\nend", "blanks\r\nend");
	decode('q', "a b  c", "a b  c");
	decode('q', "100 =% or = x or =ZZ", "100 =% or = x or =ZZ");
	decode('q', "==3D=", "==");
	decode('q', "end=", "end");
	decode('q', "a\rb", "a\rb");
	decode('u', "begin 644 x\n#0V%T\n`\nend\n", "Cat");
	decode(
	    'u', "junk\nbegin 644 x\r\n#0V%T\r\n`\r\nend\r\nmore\r\n", "Cat");
	decode('u', "#0V%T\n", "");
	test_ok(decode_uu_line("#0V%T", 5, out) == 3, "a line of uuencode");
	test_ok(decode_uu_line("#0V%", 4, out) == 3, "its last blank cut");
	test_ok(decode_uu_line("M", 1, out) <= 3, "nearly nothing");
	test_ok(decode_uu_line("\x7fxxxx", 5, out) == -1, "no uuencode");
	buf_init(&b, 0);
	decode_base64(&b, "w6k", 3);
	test_text(buf_text(&b), "é", "base64 without padding");
	buf_done(&b);
	return test_end();
}
