/*
 * What is signed or encrypted: S/MIME and OpenPGP, and how much of it a mail
 * shows.  The bytes are made here.
 */
#include <stdint.h>
#include <stdlib.h>

#include "parser/armor.h"
#include "parser/cms.h"
#include "parser/limits.h"
#include "tests/inner.h"
#include "tests/test.h"

static struct arena a;

/* CMS in DER: tag, length, bytes. */
static void
der(struct buf *b, int tag, const void *p, size_t n)
{
	buf_char(b, (char)tag);
	if (n < 128) {
		buf_char(b, (char)n);
	} else {
		buf_char(b, '\x82');
		buf_char(b, (char)(n >> 8));
		buf_char(b, (char)n);
	}
	buf_add(b, p, n);
}

/* Put what stands in b into an element of that tag. */
static void
der_wrap(struct buf *b, int tag)
{
	struct buf x;

	buf_init(&x, 0);
	der(&x, tag, buf_text(b), b->len);
	buf_done(b);
	*b = x;
}

static const char oid_signed[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
static const char oid_data[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
static const char oid_enveloped[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";

/* A SignedData without signers around these bytes; the outermost elements
 * come with it. */
static void
cms_signed(struct buf *out, const char *content)
{
	struct buf encap, all;

	buf_init(&encap, 0);
	der(&encap, 0x04, content, strlen(content));
	der_wrap(&encap, 0xa0);
	buf_init(&all, 0);
	der(&all, 0x06, oid_data, 9);
	buf_add(&all, encap.data, encap.len);
	der_wrap(&all, 0x30);
	buf_clear(&encap);
	der(&encap, 0x02, "\1", 1);
	der(&encap, 0x31, "", 0);
	buf_add(&encap, all.data, all.len);
	der(&encap, 0x31, "", 0);
	der_wrap(&encap, 0x30);
	der_wrap(&encap, 0xa0);
	buf_init(out, 0);
	der(out, 0x06, oid_signed, 9);
	buf_add(out, encap.data, encap.len);
	der_wrap(out, 0x30);
	buf_done(&encap);
	buf_done(&all);
}

static void
collect(void *ctx, const char *p, size_t n)
{
	buf_add(ctx, p, n);
}

static void
cms_read(struct cms *c, struct buf *got, const char *p, size_t n, size_t piece)
{
	struct cms_sink sink = { .bytes = collect, .ctx = got };

	buf_clear(got);
	cms_init(c);
	for (size_t i = 0; i < n; i += piece)
		cms_feed(c, p + i, piece < n - i ? piece : n - i, &sink);
	cms_end(c);
}

/* As openssl streams it: no lengths, the string in three pieces, one of them
 * in pieces itself. */
static const char indefinite[] =
    "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80"
    "\x02\x01\x01\x31\x80\x30\x80\x06\x01\x2a\0\0\0\0\x30\x80"
    "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80"
    "\x04\x03one\x24\x80\x04\x02tw\x04\x01o\0\0\x04\x00\x04\x05three\0\0\0\0\0\0"
    "\x31\0\0\0\0\0\0\0";

static void
cms_walk(void)
{
	static const char nameless[] = "\x30\x80\x02\x01\x01\xa0\x80";
	struct cms c;
	struct buf b, got;
	size_t wrong = 0, whole = 0;

	buf_init(&got, 0);
	cms_read(&c, &got, nameless, sizeof(nameless) - 1, 1);
	test_ok(c.kind == CMS_NONE && c.broken && !c.content,
	    "what does not say its type is none");
	cms_signed(&b, "hello from inside");
	cms_read(&c, &got, b.data, b.len, 1);
	test_ok(c.kind == CMS_SIGNED && c.whole && !c.broken, "signed, in DER");
	test_text(buf_text(&got), "hello from inside", "what was signed");
	for (size_t i = 1; i < sizeof(indefinite); i++) {
		cms_read(&c, &got, indefinite, sizeof(indefinite) - 1, i);
		wrong += c.kind != CMS_SIGNED || !c.whole || c.broken ||
		    strcmp(buf_text(&got), "onetwothree") != 0;
	}
	test_ok(wrong == 0, "signed, in pieces without lengths, cut anyhow");
	for (size_t i = 0; i < b.len; i++) {
		cms_read(&c, &got, b.data, i, 5);
		whole += c.whole;
	}
	test_ok(whole == 2, "cut anywhere it is whole or not: %zu", whole);
	buf_done(&b);
	buf_init(&b, 0);
	der(&b, 0x06, oid_enveloped, 9);
	der(&b, 0xa0, "secret", 6);
	der_wrap(&b, 0x30);
	cms_read(&c, &got, b.data, b.len, 3);
	test_ok(c.kind == CMS_ENCRYPTED && got.len == 0, "enveloped");
	cms_read(&c, &got, "no CMS at all", 13, 13);
	test_ok(c.kind == CMS_NONE && c.broken, "other bytes");
	buf_clear(&b);
	for (int i = 0; i < 1000; i++)
		buf_add(&b, "\x30\x80", 2);
	cms_read(&c, &got, b.data, b.len, 100);
	test_ok(c.broken, "a thousand elements in each other");
	cms_read(&c, &got, "\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff", 10, 1);
	test_ok(c.broken, "a length of all bits");
	cms_read(&c, &got, "\x30\x03\x06\x09\x2a\x86\x48", 7, 1);
	test_ok(c.broken, "longer than what is around it");
	buf_done(&b);
	buf_done(&got);
}

static void
mail_cms(void)
{
	static const char inside[] =
	    "Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\n"
	    "signed words\r\n--i\r\nContent-Type: image/png; name=a.png\r\n"
	    "\r\npng\r\n--i--\r\n";
	struct mail m;
	struct buf b;

	cms_signed(&b, inside);
	m = parse_base64(&a,
	    "Content-Type: application/pkcs7-mime; "
	    "smime-type=signed-data; name=smime.p7m\n",
	    &b);
	test_text(m.text, "signed words", "the inside is the mail's text");
	test_ok(m.parts_n == 4 && m.parts[0].kind == PART_CONTAINER &&
		m.parts[1].parent == 0 && m.parts[3].parent == 1 &&
		m.parts[3].kind == PART_ATTACHMENT && m.parts[3].inside == 0 &&
		memcmp(inside + m.parts[3].offset, "png", 3) == 0,
	    "its parts are the mail's, counted in what was signed");
	m = parse_base64(
	    &a, "Content-Type: application/octet-stream; name=smime.p7m\n", &b);
	test_text(m.text, "signed words", "known by its name too");
	b.len -= 40;
	m = parse_base64(&a, "Content-Type: application/x-pkcs7-mime\n", &b);
	test_ok(m.parts[0].kind == PART_ATTACHMENT &&
		has_defect(&m, "S/MIME") && strcmp(m.text, "signed words") == 0,
	    "a cut one is read as far as it goes, and stays");
	buf_done(&b);
	cms_signed(&b,
	    "Content-Type: application/pkcs7-mime\n"
	    "Content-Transfer-Encoding: base64\n\n"
	    "MIICAAYJKoZIhvcNAQcDoIA=\n");
	m = parse_base64(&a, "Content-Type: application/pkcs7-mime\n", &b);
	test_ok(m.encrypted && strstr(m.text, "encrypted (S/MIME)") != NULL &&
		m.language == NULL,
	    "encrypted inside, signed outside: it says so");
	buf_done(&b);
}

/* Signed things in signed things, deeper than anybody needs. */
static void
mail_deep(void)
{
	struct buf b, x;
	struct mail m;

	buf_init(&x, 0);
	buf_str(&x, "\nthe core\n");
	for (int i = 0; i < 9; i++) {
		cms_signed(&b, buf_text(&x));
		buf_clear(&x);
		buf_str(&x,
		    "Content-Type: application/pkcs7-mime\n"
		    "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n");
		for (size_t k = 0; k < b.len; k += 45) {
			size_t n = b.len - k < 45 ? b.len - k : 45;
			const unsigned char *p = (const unsigned char *)b.data +
			    k;

			buf_char(&x, (char)(' ' + n));
			for (size_t c = 0; c < n; c += 3) {
				unsigned v = (unsigned)p[c] << 16 |
				    (c + 1 < n ? (unsigned)p[c + 1] << 8 : 0) |
				    (c + 2 < n ? p[c + 2] : 0);

				for (int s = 18; s >= 0; s -= 6)
					buf_char(&x,
					    (v >> s & 63) == 0
						? '`'
						: (char)(' ' + (v >> s & 63)));
			}
			buf_char(&x, '\n');
		}
		buf_str(&x, "`\nend\n");
		buf_done(&b);
		m = parse_bytes(&a, x.data, x.len);
		if (i < MAIL_INNER_MAX)
			test_text(
			    m.text, "the core\n", "signed %d times", i + 1);
		else
			test_ok(has_defect(&m, "wrapped") &&
				m.parts_n == MAIL_INNER_MAX + 1,
			    "signed %d times is too much", i + 1);
	}
	buf_done(&x);
}

static void
shown(const char *raw, const char *want, const char *what)
{
	struct mail m = parse_bytes(&a, raw, strlen(raw));

	test_ok(strcmp(m.text, want) == 0, "%s", what);
	if (strcmp(m.text, want) != 0)
		printf("# got [%s]\n", m.text);
}

#define SIGNATURE                                                           \
	"-----BEGIN PGP SIGNATURE-----\nVersion: GnuPG v2\n\niQEz\n=abcd\n" \
	"-----END PGP SIGNATURE-----\n"

static void
armor(void)
{
	shown(
	    "X: y\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\none\n"
	    "- -- \n- - two\n-three\n" SIGNATURE "list footer\n",
	    "one\n-- \n- two\n-three\nlist footer\n",
	    "of a signed text the inside");
	shown(
	    "X: y\n\nbefore\n\n-----BEGIN PGP MESSAGE-----\nComment: x\n\nhQEM\n"
	    "=u0aB\n-----END PGP MESSAGE-----\nafter\n",
	    "before\n\n[This text is encrypted (PGP). deskd cannot read it; "
	    "the original is kept.]\nafter\n",
	    "of an encrypted one that it is");
	shown(
	    "X: y\n\n-----BEGIN PGP MESSAGE-----\nis what gpg writes, he said\n",
	    "-----BEGIN PGP MESSAGE-----\nis what gpg writes, he said\n",
	    "words about armor stay");
	shown("X: y\n\n-----BEGIN PGP SIGNED MESSAGE-----\n\n- a list\n",
	    "-----BEGIN PGP SIGNED MESSAGE-----\n\n- a list\n",
	    "what has no signature stays");
	shown("X: y\n\n> -----BEGIN PGP MESSAGE-----\n>\n> hQEM\n",
	    "> -----BEGIN PGP MESSAGE-----\n>\n> hQEM\n", "a quoted one too");
	shown("Content-Type: multipart/signed; boundary=b; "
	      "protocol=\"application/pgp-signature\"\n\n--b\n\nhello\n--b\n"
	      "Content-Type: application/pgp-signature; name=signature.asc\n\n"
	      "x\n--b--\n",
	    "hello", "PGP/MIME, signed");
	shown("Content-Type: multipart/encrypted; boundary=b\n\n--b\n"
	      "Content-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n"
	      "Content-Type: application/octet-stream\n\nx\n--b--\n",
	    "[This mail is encrypted (PGP). deskd cannot read it; the "
	    "original is kept.]",
	    "PGP/MIME, encrypted");
}

/* Time is linear in what a stranger may send. */
static void
armor_many(void)
{
	struct buf b;
	bool encrypted = false;

	buf_init(&b, 0);
	while (b.len < 1 << 20)
		buf_str(&b,
		    "-----BEGIN PGP SIGNED MESSAGE-----\n\n"
		    "-----BEGIN PGP MESSAGE-----\nA: b\n\nhQEM\n");
	armor_read(&a, b.data, "note", &encrypted);
	test_ok(!encrypted, "a megabyte of beginnings");
	buf_done(&b);
}

int
main(void)
{
	cms_walk();
	mail_cms();
	mail_deep();
	armor();
	armor_many();
	arena_done(&a);
	return test_end();
}
