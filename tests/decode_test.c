/* parser/decode.c: transfer encodings, cut anywhere. */
#include "parser/decode.h"
#include "parser/uu.h"
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

/* Whole lines are read another way than pieces of them: both say the same,
 * whatever stands there. */
static void
pieces(char encoding)
{
	static const char some[] = "=4a \t\r\nxZ";
	struct buf whole, bytes;
	uint32_t seed = 1;
	size_t wrong = 0;

	buf_init(&whole, 0);
	buf_init(&bytes, 0);
	for (int i = 0; i < 20000; i++) {
		struct decode_sink one = { .bytes = to_buf, .ctx = &whole };
		struct decode_sink two = { .bytes = to_buf, .ctx = &bytes };
		struct decode d;
		char in[24];

		for (size_t k = 0; k < sizeof(in); k++) {
			seed = seed * 1664525u + 1013904223u;
			in[k] = some[(seed >> 16) % (sizeof(some) - 1)];
		}
		buf_clear(&whole);
		decode_init(&d, encoding);
		decode_feed(&d, in, sizeof(in), &one);
		decode_end(&d, &one);
		buf_clear(&bytes);
		decode_init(&d, encoding);
		for (size_t k = 0; k < sizeof(in); k++)
			decode_feed(&d, in + k, 1, &two);
		decode_end(&d, &two);
		wrong += whole.len != bytes.len ||
		    memcmp(buf_text(&whole), buf_text(&bytes), whole.len) != 0;
	}
	test_ok(wrong == 0, "%c: whole and byte by byte", encoding);
	buf_done(&whole);
	buf_done(&bytes);
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
	/* footers of mailing lists */
	decode('b', "SGVsbG8=\r\n\r\n--\r\nThe list\r\n", "Hello");
	decode('b', "SGVs\nbG8h\n____________\nThe list\n", "Hello!");
	decode('b', "SGVs\nbG8h\n-- \nThe list\n", "Hello!");
	decode('b', "SGVsbG8=\nThe list", "Hello");
	decode('b', "SGVsbG8=\nIFdv\ncmxk\n", "Hello World");
	decode('b', "SGVs\n-\nbG8h\n", "Hello!");
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
	test_ok(uu_read_line("#0V%T", 5, out) == 3, "a line of uuencode");
	test_ok(uu_read_line("#0V%", 4, out) == 3, "its last blank cut");
	test_ok(uu_read_line("M", 1, out) <= 3, "nearly nothing");
	test_ok(uu_read_line("\x7fxxxx", 5, out) == -1, "no uuencode");
	buf_init(&b, 0);
	decode_base64(&b, "w6k", 3);
	test_text(buf_text(&b), "é", "base64 without padding");
	buf_done(&b);
	pieces('q');
	pieces('b');
	return test_end();
}
