/*
 * What Outlook wraps: winmail.dat, compressed RTF, and the parts of a mail that
 * say where the rest is.  The bytes are made here.
 */
#include <stdint.h>
#include <stdlib.h>

#include "parser/lzfu.h"
#include "parser/tnef.h"
#include "tests/inner.h"
#include "tests/test.h"

static struct arena a;

static void
little(struct buf *b, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		buf_char(b, (char)(v >> (8 * i)));
}

/* One attribute of a winmail.dat. */
static void
attribute(struct buf *b, int level, uint32_t id, const void *p, size_t n)
{
	const unsigned char *s = p;
	unsigned sum = 0;

	little(b, (uint64_t)level, 1);
	little(b, id, 4);
	little(b, n, 4);
	buf_add(b, p, n);
	for (size_t i = 0; i < n; i++)
		sum += s[i];
	little(b, sum & 0xffff, 2);
}

static void
tnef_start(struct buf *b)
{
	buf_init(b, 0);
	little(b, 0x223e9f78, 4);
	little(b, 1, 2);
	attribute(b, 1, 0x00089006, "\0\0\1\0", 4);
	attribute(b, 1, 0x00069007, "\xe3\x04\0\0\0\0\0\0", 8); /* 1251 */
}

/* A property that says its length. */
static void
property(struct buf *b, uint32_t tag, const void *p, size_t n)
{
	little(b, tag, 4);
	little(b, 1, 4);
	little(b, n, 4);
	buf_add(b, p, n);
	little(b, 0, (int)((4 - n % 4) % 4));
}

static void
wide(struct buf *b, uint32_t tag, const char *s)
{
	struct buf x;

	buf_init(&x, 0);
	for (; *s != '\0'; s++)
		little(&x, (unsigned char)*s, 2);
	little(&x, 0, 2);
	property(b, tag, buf_text(&x), x.len);
	buf_done(&x);
}

static void
file_props(struct buf *b)
{
	struct buf p;

	buf_init(&p, 0);
	little(&p, 6, 4);
	little(&p, 0x0e200003, 4); /* size */
	little(&p, 3, 4);
	property(&p, 0x3703001e, ".pdf", 5);
	little(&p, 0x8001001f, 4); /* a named property, by text */
	buf_add(&p, "0123456789abcdef", 16);
	little(&p, 1, 4);
	little(&p, 6, 4);
	buf_add(&p, "a\0b\0\0\0\0\0", 8);
	little(&p, 0, 4); /* without any value */
	wide(&p, 0x3707001f, "Quarterly report 2026.pdf");
	property(&p, 0x370e001e, "application/pdf", 16);
	property(&p, 0x3712001e, "p1@example.org", 15);
	attribute(b, 2, 0x00069005, p.data, p.len);
	buf_done(&p);
}

/* A stream with three files: a title in windows-1251, a long name in UTF-16
 * and a message as an object. */
static void
tnef_three(struct buf *b)
{
	static const char iid[] = "\x07\x03\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46";
	struct buf p;

	tnef_start(b);
	attribute(b, 2, 0x00069002, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
	attribute(b, 2, 0x0006800f, "first", 5);
	attribute(b, 2, 0x00018010, "\xee\xf2\xf7\xb8\xf2.txt", 10);
	attribute(b, 2, 0x00069002, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
	attribute(b, 2, 0x00018010, "REPORT~1.PDF", 13);
	attribute(b, 2, 0x0006800f, "%PDF", 4);
	file_props(b);
	attribute(b, 2, 0x00069002, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
	buf_init(&p, 0);
	little(&p, 2, 4);
	little(&p, 0x3701000d, 4);
	little(&p, 1, 4);
	little(&p, 16 + 7, 4);
	buf_add(&p, iid, 16);
	buf_add(&p, "message\0", 8);
	property(&p, 0x3001001e, "Old mail", 9);
	attribute(b, 2, 0x00069005, p.data, p.len);
	buf_done(&p);
}

static void
tnef_read(struct tnef *t, const char *p, size_t n, size_t piece)
{
	tnef_init(t, &a, 1000, 10);
	for (size_t i = 0; i < n; i += piece)
		tnef_feed(t, p + i, piece < n - i ? piece : n - i);
	tnef_end(t);
}

static void
tnef_files(void)
{
	struct tnef t;
	struct buf b;
	size_t wrong = 0;

	tnef_three(&b);
	tnef_read(&t, b.data, b.len, b.len);
	test_ok(t.files_n == 3 && !t.broken && !t.over, "three files");
	test_text(t.files[0].name, "отчёт.txt", "a title in its code page");
	test_ok(t.files[0].size == 5 &&
		memcmp(b.data + t.files[0].at, "first", 5) == 0,
	    "where its bytes are");
	test_text(t.files[1].name, "Quarterly report 2026.pdf",
	    "the long name wins over the short title");
	test_text(t.files[1].type, "application/pdf", "its type");
	test_text(t.files[1].id, "p1@example.org", "its Content-ID");
	test_ok(t.files[2].message && t.files[2].size == 7 &&
		memcmp(b.data + t.files[2].at, "message", 7) == 0,
	    "a message is a file, without its interface id");
	test_text(t.files[2].name, "Old mail", "named by what is shown of it");
	for (size_t i = 1; i < 60; i++) {
		struct tnef x;

		tnef_read(&x, b.data, b.len, i);
		wrong += x.files_n != 3 || x.broken ||
		    memcmp(x.files[1].sha256, t.files[1].sha256, HASH_SIZE) !=
			0 ||
		    x.files[2].at != t.files[2].at;
	}
	test_ok(wrong == 0, "the same in pieces of 1 to 59 bytes");
	wrong = 0;
	for (size_t i = 0; i < b.len; i++) {
		struct tnef x;

		tnef_read(&x, b.data, i, 7);
		wrong += !x.broken;
		arena_reset(&a);
	}
	/* between two attributes it is as whole as it can be known */
	test_ok(wrong == 10, "cut anywhere: %zu times nobody can tell", wrong);
	b.data[b.len - 1] ^= 1;
	tnef_read(&t, b.data, b.len, 100);
	test_ok(t.broken && t.files_n == 3, "a wrong sum is told");
	buf_done(&b);
}

static void
tnef_texts(void)
{
	struct tnef t;
	struct buf b, p;

	tnef_start(&b);
	attribute(&b, 1, 0x0002800c, "\xcf\xf0\xe8\xe2\xe5\xf2", 6);
	buf_init(&p, 0);
	little(&p, 2, 4);
	property(&p, 0x10130102, "<p>gr\xfc\xdf", 7);
	little(&p, 0x3fde0003, 4);
	little(&p, 28591, 4);
	attribute(&b, 1, 0x00069003, p.data, p.len);
	buf_add(&b, "\r\n", 2);
	tnef_read(&t, b.data, b.len, 3);
	test_ok(!t.broken, "a line end behind it is no fault");
	test_text(t.text, "Привет", "its text in its code page");
	test_text(t.html, "<p>grüß", "its HTML in the one said behind it");
	buf_add(&b, "garbage garbage", 15);
	tnef_read(&t, b.data, b.len, 3);
	test_ok(t.broken && t.text != NULL, "other bytes behind it are");
	buf_done(&p);
	buf_done(&b);
}

/* The example of [MS-OXRTFCP] 4.1.1. */
static const unsigned char rtf[] = { 0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a,
	0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00, 0x72, 0x63,
	0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65,
	0x6c, 0x09, 0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a,
	0x80, 0x0f, 0xa0 };

static void
rtf_read(void)
{
	struct buf b;
	size_t whole = 0;

	buf_init(&b, 1000);
	test_ok(lzfu_read(&b, rtf, sizeof(rtf)) == 0, "compressed RTF");
	test_text(buf_text(&b),
	    "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n", "unpacked");
	for (size_t i = 0; i < sizeof(rtf); i++) {
		buf_clear(&b);
		whole += lzfu_read(&b, rtf, i) == 0;
	}
	test_ok(whole == 0, "cut anywhere it is not whole");
	buf_done(&b);
}

/* What a stranger may say that is not so. */
static void
tnef_hostile(void)
{
	struct tnef t;
	struct buf b;

	tnef_start(&b);
	little(&b, 2, 1);
	little(&b, 0x0006800f, 4);
	little(&b, 0xfffffff0, 4);
	buf_str(&b, "abc");
	tnef_read(&t, b.data, b.len, 1);
	test_ok(t.broken && t.files_n == 1 && t.files[0].size == 3,
	    "a length of 4 GB");
	buf_done(&b);
	tnef_start(&b);
	attribute(&b, 2, 0x00069005,
	    "\xff\xff\xff\xff\x1f\0\7\x37\xff\xff\xff\xff\xff\xff\xff\xff", 16);
	attribute(&b, 2, 0x00018010, "../../etc/passwd", 17);
	tnef_read(&t, b.data, b.len, 1);
	test_ok(t.broken && t.files_n == 1, "counts that cannot be");
	test_text(t.files[0].name, "passwd", "a name is made safe");
	buf_done(&b);
	tnef_start(&b);
	for (int i = 0; i < 1000; i++)
		attribute(
		    &b, 2, 0x00069002, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
	attribute(&b, 2, 0x00018010, "last", 5);
	tnef_read(&t, b.data, b.len, 100);
	test_ok(t.over && t.files_n == 10 && t.files[9].name == NULL,
	    "a thousand files: ten are kept, and none has another's name");
	buf_done(&b);
}

static void
mail_tnef(void)
{
	struct mail m;
	struct buf b;

	tnef_three(&b);
	m = parse_base64(&a, "Content-Type: application/ms-tnef\n", &b);
	test_ok(m.parts_n == 4 && m.parts[0].kind == PART_CONTAINER &&
		m.parts[1].parent == 0 && m.parts[1].inside == 0 &&
		m.parts[1].size == 5 && m.parts[2].inline_,
	    "the files of a winmail.dat are attachments");
	m = parse_base64(&a,
	    "Content-Type: application/octet-stream; "
	    "name=WINMAIL.DAT\n",
	    &b);
	test_ok(m.parts_n == 4, "known by its name too");
	b.len -= 5;
	m = parse_base64(&a, "Content-Type: application/ms-tnef\n", &b);
	test_ok(m.parts[0].kind == PART_ATTACHMENT && m.parts_n == 4 &&
		has_defect(&m, "winmail.dat"),
	    "a broken one stays beside what it gave");
	buf_done(&b);
	tnef_start(&b);
	attribute(&b, 1, 0x0002800c, "only here", 9);
	m = parse_base64(&a, "Content-Type: application/ms-tnef\n", &b);
	test_text(m.text, "only here", "its text, when there is no other");
	test_ok(m.parts[0].kind == PART_ASIDE, "nothing else is in it");
	m = parse_base64(&a,
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
	    "said\n--b\nContent-Type: application/ms-tnef\n",
	    &b);
	test_text(m.text, "said", "and not when there is one");
	buf_done(&b);
}

/* Neither text nor HTML, only RTF: it is a file. */
static void
mail_rtf(void)
{
	struct mail m;
	struct buf b, p;

	tnef_start(&b);
	buf_init(&p, 0);
	little(&p, 1, 4);
	property(&p, 0x10090102, rtf, sizeof(rtf));
	attribute(&b, 1, 0x00069003, p.data, p.len);
	m = parse_base64(&a, "Content-Type: application/ms-tnef\n", &b);
	test_ok(m.parts_n == 2 && m.parts[0].kind == PART_CONTAINER &&
		strcmp(m.parts[1].name, "message.rtf") == 0 &&
		m.parts[1].size == 43 &&
		memcmp(b.data + m.parts[1].offset, rtf, sizeof(rtf)) == 0,
	    "a text as RTF only is message.rtf");
	m = parse_base64(&a,
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
	    "said\n--b\nContent-Type: application/ms-tnef\n",
	    &b);
	test_ok(m.parts_n == 3 && m.parts[2].kind == PART_ASIDE,
	    "nothing is to be said of it beside a text");
	buf_done(&p);
	buf_done(&b);
}

int
main(void)
{
	tnef_files();
	tnef_texts();
	rtf_read();
	tnef_hostile();
	mail_tnef();
	mail_rtf();
	arena_done(&a);
	return test_end();
}
