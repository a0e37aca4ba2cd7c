/*
 * Any charset to clean UTF-8.  UTF-8, ASCII, Latin-1 and windows-1252 are read
 * here, the others of a fixed list (charset_name.c) by iconv.  What the bytes
 * say counts more than a declaration that cannot be true.
 */
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/charset_guess.h"
#include "parser/charset_name.h"
#include "parser/nfc.h"
#include "parser/utf8.h"

#define CHARSETS_MAX 200

struct charset_set {
	iconv_t open[CHARSETS_MAX];
	size_t n;
};

static bool
is_open(iconv_t cd)
{
	return (intptr_t)cd != -1;
}

struct charset_set *
charset_preload(void)
{
	struct charset_set *set = calloc(1, sizeof(*set));

	if (set == NULL)
		abort();
	for (size_t i = 0; set->n < CHARSETS_MAX; i++) {
		const struct charset *c = charset_at(i);
		iconv_t cd;

		if (c == NULL)
			break;
		if (c->iconv == NULL ||
		    (i > 0 && c->iconv == charset_at(i - 1)->iconv))
			continue;
		cd = iconv_open("UTF-8", c->iconv);
		if (is_open(cd))
			set->open[set->n++] = cd;
	}
	return set;
}

void
charset_release(struct charset_set *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->n; i++)
		iconv_close(set->open[i]);
	free(set);
}

/* 0: plain; 1: CR; 2: dropped; 3: begins a longer sequence. */
static int
byte_class(unsigned char c)
{
	if (c >= 0x80)
		return 3;
	if (c >= 0x20)
		return c == 0x7f ? 2 : 0;
	return c == '\n' || c == '\t' ? 0 : c == '\r' ? 1 : 2;
}

/* Printable ASCII and what else needs no look. */
static size_t
plain_span(const char *s, const char *end)
{
	const char *p = s;

	for (;;) {
		while (end - p >= 8) {
			size_t k = ascii_run8(p, ' ');

			p += k;
			if (k < 8)
				break;
		}
		if (p == end || byte_class((unsigned char)*p) != 0)
			return (size_t)(p - s);
		p++;
	}
}

/* UTF-8, perhaps with faults, to clean UTF-8. */
static char *
clean(struct arena *a, const char *s, size_t n, size_t faults)
{
	const char *end = s + n;
	char *out = arena_alloc(a, n + faults * 2 + 1), *o = out;

	if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		s += 3;
	while (s < end) {
		size_t k = plain_span(s, end);
		int class;
		uint32_t c;

		memcpy(o, s, k);
		o += k;
		s += k;
		if (s == end)
			break;
		class = byte_class((unsigned char)*s);
		if (class == 1) {
			*o++ = '\n';
			s += s + 1 < end && s[1] == '\n' ? 2 : 1;
			continue;
		}
		c = utf8_next(&s, end);
		if (class == 3 && (c < 0x80 || c >= 0xa0))
			o += utf8_put(o, c);
	}
	*o = '\0';
	return out;
}

/* How many bytes are no part of a valid sequence, and how many sequences of
 * two bytes and more there are. */
static size_t
count_faults(const char *s, size_t n, size_t *good)
{
	const char *end = s + n;
	size_t bad = 0;

	*good = 0;
	while (s < end) {
		const char *from = s;
		uint32_t c = utf8_next(&s, end);

		if (s - from > 1)
			++*good;
		else if (c == 0xfffd)
			bad++;
	}
	return bad;
}

/* windows-1252, 0x80 to 0x9f; what is not assigned is a fault. */
static const uint16_t latin1_high[32] = { 0x20ac, 0xfffd, 0x201a, 0x0192,
	0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152,
	0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e,
	0x0178 };

uint32_t
charset_c1(uint32_t c)
{
	return c >= 0x80 && c < 0xa0 ? latin1_high[c - 0x80] : 0xfffd;
}

static char *
from_latin1(struct arena *a, const char *s, size_t n)
{
	char *out = arena_alloc(a, n * 3 + 1), *o = out;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c >= 0x80 && c < 0xa0)
			o += utf8_put(o, latin1_high[c - 0x80]);
		else
			o += utf8_put(o, c);
	}
	return clean(a, out, (size_t)(o - out), 0);
}

/* Through iconv; a byte it cannot read becomes U+FFFD.  NULL: no such set. */
static char *
from_iconv(struct arena *a, const char *name, const char *s, size_t n)
{
	iconv_t cd = iconv_open("UTF-8", name);
	char *in = arena_memdup(a, s, n), *out, *o;
	size_t room = n * 4 + 16, left = room;

	if (!is_open(cd))
		return NULL;
	o = out = arena_alloc(a, room);
	while (n > 0 && left >= 8) {
		if (iconv(cd, &in, &n, &o, &left) != (size_t)-1 || n == 0)
			break;
		if (left < 8)
			break;
		o += utf8_put(o, 0xfffd);
		left -= 3;
		in++;
		n--;
	}
	/* a letter may be held back, since a mark could follow: Hebrew */
	(void)iconv(cd, NULL, NULL, &o, &left);
	iconv_close(cd);
	return clean(a, out, (size_t)(o - out), 0);
}

/* Which end first?  A mark says so, else where the NULs of ASCII text are. */
static const char *
utf16_order(const char *s, size_t n)
{
	size_t even = 0, odd = 0;

	if (n >= 2 && memcmp(s, "\xfe\xff", 2) == 0)
		return "UTF-16BE";
	for (size_t i = 0; i + 1 < n && i < 512; i += 2) {
		even += s[i] == '\0';
		odd += s[i + 1] == '\0';
	}
	return even > odd ? "UTF-16BE" : "UTF-16LE";
}

/* A character of JIS X 0208 as Shift_JIS has it. */
static size_t
put_sjis(char *out, unsigned row, unsigned cell)
{
	unsigned lead = (row - 0x21) / 2 + 0x81;

	if (lead > 0x9f)
		lead += 0x40;
	if (row % 2 != 0)
		cell += cell < 0x60 ? 0x1f : 0x20;
	else
		cell += 0x7e;
	out[0] = (char)lead;
	out[1] = (char)cell;
	return 2;
}

/*
 * ISO-2022-JP (RFC 1468) by way of Shift_JIS, since iconv's own refuses the
 * half-width kana and the vendors' characters that mail has all the same.
 */
static char *
from_jis(struct arena *a, const char *s, size_t n)
{
	char *sjis = arena_alloc(a, n * 2 + 1);
	size_t len = 0;
	char mode = 'B';

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		unsigned char d = i + 1 < n ? (unsigned char)s[i + 1] : 0;

		if (c == 0x1b && i + 2 < n && (d == '(' || d == '$')) {
			mode = (char)(d == '$' ? '$' : s[i + 2]);
			i += 2;
		} else if (mode == '$' && c >= 0x21 && c < 0x7f && d >= 0x21 &&
		    d < 0x7f) {
			len += put_sjis(sjis + len, c, d);
			i++;
		} else if (mode == 'I' && c >= 0x21 && c < 0x60) {
			sjis[len++] = (char)(c | 0x80);
		} else {
			if (c == '\n')
				mode = 'B';
			sjis[len++] = (char)c;
		}
	}
	return from_iconv(a, "CP932", sjis, len);
}

/* HZ (RFC 1843): GB 2312 in seven bits between "~{" and "~}". */
static char *
from_hz(struct arena *a, const char *s, size_t n)
{
	char *gb = arena_alloc(a, n + 1);
	size_t len = 0;
	bool inside = false;

	for (size_t i = 0; i < n; i++) {
		char c = s[i], d = (char)(i + 1 < n ? s[i + 1] : '\0');

		if (c == '~' && (d == '{' || d == '}' || d == '\n')) {
			inside = d == '{';
			i++;
			continue;
		}
		i += c == '~' && d == '~' && !inside;
		inside = inside && c != '\n';
		gb[len++] = (char)(inside && c > ' ' ? c | '\x80' : c);
	}
	return from_iconv(a, "GB18030", gb, len);
}

/* Not as declared, or not declared: as what the shape of the bytes says.  NULL:
 * it says nothing. */
static char *
from_shape(struct arena *a, const char *s, size_t n, bool declared)
{
	const char *name = charset_guess(s, n, declared);

	if (name == NULL)
		return NULL;
	return strcmp(name, "ISO-2022-JP") == 0 ? from_jis(a, s, n)
						: from_iconv(a, name, s, n);
}

/*
 * No charset, or one we do not know: UTF-8 where it is that, else what the
 * bytes look like, else windows-1252.  Said to be UTF-8 and partly so: faults
 * are shown as such.
 */
static char *
from_guess(
    struct arena *a, const char *s, size_t n, bool said_utf8, bool *guessed)
{
	size_t good, bad;
	char *text = NULL;

	if (utf8_valid(s, n)) {
		if (memchr(s, 0x1b, n) != NULL)
			text = from_shape(a, s, n, false);
		*guessed = text != NULL;
		return text != NULL ? text : clean(a, s, n, 0);
	}
	bad = count_faults(s, n, &good);
	if (bad == 0)
		return clean(a, s, n, 0); /* only NULs */
	*guessed = true;
	if (said_utf8 && good > 0)
		return clean(a, s, n, bad);
	text = from_shape(a, s, n, false);
	return text != NULL ? text : from_latin1(a, s, n);
}

/* Latin-1 is said by many programs that do not know what they send. */
static char *
from_said_latin1(struct arena *a, const char *s, size_t n, bool *guessed)
{
	char *text = NULL;

	if (charset_utf8_after_all(s, n))
		text = clean(a, s, n, 0);
	else if (memchr(s, 0x1b, n) != NULL || !utf8_valid(s, n))
		text = from_shape(a, s, n, true);
	*guessed = text != NULL;
	return text != NULL ? text : from_latin1(a, s, n);
}

bool
charset_tells(const char *charset)
{
	enum charset_kind kind = charset_find(charset)->kind;

	return kind == SET_ICONV || kind == SET_JIS;
}

bool
charset_plain(const char *charset)
{
	enum charset_kind kind = charset_find(charset)->kind;

	return kind != SET_ICONV && kind != SET_JIS && kind != SET_UTF16;
}

bool
charset_known(const char *charset)
{
	return charset_find(charset)->kind != SET_UNKNOWN;
}

static char *
read_as(struct arena *a, const struct charset *set, const char *s, size_t n,
    bool *guessed)
{
	char *text = NULL;

	switch (set->kind) {
	case SET_LATIN1:
		return from_said_latin1(a, s, n, guessed);
	case SET_UTF16:
		text = from_iconv(a,
		    set->iconv != NULL ? set->iconv : utf16_order(s, n), s, n);
		break;
	case SET_JIS:
		text = from_jis(a, s, n);
		break;
	case SET_HZ:
		text = from_hz(a, s, n);
		break;
	case SET_ICONV:
		text = from_iconv(a, set->iconv, s, n);
		break;
	case SET_UNKNOWN:
	case SET_ASCII:
	case SET_UTF8:
		break;
	}
	if (text != NULL)
		return text;
	return from_guess(a, s, n, set->kind == SET_UTF8, guessed);
}

char *
utf8_from(struct arena *a, const char *charset, const char *s, size_t n,
    bool *guessed)
{
	bool ignored;

	if (guessed == NULL)
		guessed = &ignored;
	*guessed = false;
	return utf8_nfc(a, read_as(a, charset_find(charset), s, n, guessed));
}
