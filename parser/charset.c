/*
 * Any charset to clean UTF-8.  UTF-8, ASCII, Latin-1 and windows-1252 are read
 * here, the others of a fixed list by iconv; a name that is not on the list is
 * never handed on (T33).  What a charset's users really send decides, as in the
 * WHATWG Encoding Standard: "gb2312" is GB18030, "iso-8859-1" windows-1252.
 */
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "parser/charset_guess.h"
#include "parser/utf8.h"

enum {
	SET_UNKNOWN,
	SET_UTF8,
	SET_LATIN1,
	SET_UTF16,
	SET_JIS, /* ISO-2022-JP, through Shift_JIS */
	SET_ICONV
};

struct charset {
	const char *name; /* lower case, letters and digits only */
	int kind;
	const char *iconv;
};

static const struct charset charsets[] = {
	{ "utf8", SET_UTF8, NULL }, /* the most common ones first */
	{ "usascii", SET_UNKNOWN, NULL },
	{ "iso88591", SET_LATIN1, NULL },
	{ "windows1252", SET_LATIN1, NULL },
	{ "utf8mb4", SET_UTF8, NULL },
	{ "unicode11utf8", SET_UTF8, NULL },
	{ "88591", SET_LATIN1, NULL },
	{ "latin1", SET_LATIN1, NULL },
	{ "cp1252", SET_LATIN1, NULL },
	{ "xansi", SET_LATIN1, NULL },
	{ "ansi", SET_LATIN1, NULL },
	{ "utf16", SET_UTF16, NULL },
	{ "utf16le", SET_UTF16, "UTF-16LE" },
	{ "utf16be", SET_UTF16, "UTF-16BE" },
	{ "ucs2", SET_UTF16, NULL },
	{ "unicode", SET_UTF16, NULL },
	{ "utf32", SET_ICONV, "UTF-32" },
	{ "utf32le", SET_ICONV, "UTF-32LE" },
	{ "utf32be", SET_ICONV, "UTF-32BE" },
	{ "iso88592", SET_ICONV, "ISO-8859-2" },
	{ "latin2", SET_ICONV, "ISO-8859-2" },
	{ "iso88593", SET_ICONV, "ISO-8859-3" },
	{ "iso88594", SET_ICONV, "ISO-8859-4" },
	{ "iso88595", SET_ICONV, "ISO-8859-5" },
	{ "iso88596", SET_ICONV, "ISO-8859-6" },
	{ "iso88597", SET_ICONV, "ISO-8859-7" },
	{ "iso88598", SET_ICONV, "ISO-8859-8" },
	{ "iso88598i", SET_ICONV, "ISO-8859-8" },
	{ "iso88598e", SET_ICONV, "ISO-8859-8" },
	{ "iso88599", SET_ICONV, "CP1254" },
	{ "latin5", SET_ICONV, "CP1254" },
	{ "iso885910", SET_ICONV, "ISO-8859-10" },
	{ "iso885911", SET_ICONV, "CP874" },
	{ "iso885913", SET_ICONV, "ISO-8859-13" },
	{ "iso885914", SET_ICONV, "ISO-8859-14" },
	{ "iso885915", SET_ICONV, "ISO-8859-15" },
	{ "latin9", SET_ICONV, "ISO-8859-15" },
	{ "iso885916", SET_ICONV, "ISO-8859-16" },
	{ "windows1250", SET_ICONV, "CP1250" },
	{ "cp1250", SET_ICONV, "CP1250" },
	{ "windows1251", SET_ICONV, "CP1251" },
	{ "cp1251", SET_ICONV, "CP1251" },
	{ "windows1253", SET_ICONV, "CP1253" },
	{ "cp1253", SET_ICONV, "CP1253" },
	{ "windows1254", SET_ICONV, "CP1254" },
	{ "cp1254", SET_ICONV, "CP1254" },
	{ "windows1255", SET_ICONV, "CP1255" },
	{ "cp1255", SET_ICONV, "CP1255" },
	{ "windows1256", SET_ICONV, "CP1256" },
	{ "cp1256", SET_ICONV, "CP1256" },
	{ "windows1257", SET_ICONV, "CP1257" },
	{ "cp1257", SET_ICONV, "CP1257" },
	{ "windows1258", SET_ICONV, "CP1258" },
	{ "cp1258", SET_ICONV, "CP1258" },
	{ "windows874", SET_ICONV, "CP874" },
	{ "cp874", SET_ICONV, "CP874" },
	{ "tis620", SET_ICONV, "CP874" },
	{ "koi8r", SET_ICONV, "KOI8-R" },
	{ "koi8", SET_ICONV, "KOI8-R" },
	{ "koi8u", SET_ICONV, "KOI8-U" },
	{ "koi8ru", SET_ICONV, "KOI8-U" },
	{ "cp437", SET_ICONV, "CP437" },
	{ "ibm437", SET_ICONV, "CP437" },
	{ "cp850", SET_ICONV, "CP850" },
	{ "ibm850", SET_ICONV, "CP850" },
	{ "cp852", SET_ICONV, "CP852" },
	{ "ibm852", SET_ICONV, "CP852" },
	{ "cp855", SET_ICONV, "CP855" },
	{ "cp866", SET_ICONV, "CP866" },
	{ "ibm866", SET_ICONV, "CP866" },
	{ "macintosh", SET_ICONV, "MACINTOSH" },
	{ "macroman", SET_ICONV, "MACINTOSH" },
	{ "xmacroman", SET_ICONV, "MACINTOSH" },
	{ "xmaccyrillic", SET_ICONV, "MAC-CYRILLIC" },
	{ "gb2312", SET_ICONV, "GB18030" },
	{ "gb231280", SET_ICONV, "GB18030" },
	{ "gbk", SET_ICONV, "GB18030" },
	{ "xgbk", SET_ICONV, "GB18030" },
	{ "cp936", SET_ICONV, "GB18030" },
	{ "euccn", SET_ICONV, "GB18030" },
	{ "gb18030", SET_ICONV, "GB18030" },
	{ "big5", SET_ICONV, "BIG5-HKSCS" },
	{ "xbig5", SET_ICONV, "BIG5-HKSCS" },
	{ "cp950", SET_ICONV, "BIG5-HKSCS" },
	{ "big5hkscs", SET_ICONV, "BIG5-HKSCS" },
	{ "euckr", SET_ICONV, "UHC" },
	{ "ksc56011987", SET_ICONV, "UHC" },
	{ "ksc5601", SET_ICONV, "UHC" },
	{ "ksx1001", SET_ICONV, "UHC" },
	{ "uhc", SET_ICONV, "UHC" },
	{ "cp949", SET_ICONV, "UHC" },
	{ "windows949", SET_ICONV, "UHC" },
	{ "johab", SET_ICONV, "JOHAB" },
	{ "iso2022kr", SET_ICONV, "ISO-2022-KR" },
	{ "shiftjis", SET_ICONV, "CP932" },
	{ "sjis", SET_ICONV, "CP932" },
	{ "xsjis", SET_ICONV, "CP932" },
	{ "mskanji", SET_ICONV, "CP932" },
	{ "cp932", SET_ICONV, "CP932" },
	{ "windows31j", SET_ICONV, "CP932" },
	{ "eucjp", SET_ICONV, "EUC-JP-MS" },
	{ "xeucjp", SET_ICONV, "EUC-JP-MS" },
	{ "iso2022jp", SET_JIS, "CP932" },
	{ "iso2022jp1", SET_JIS, "CP932" },
	{ "iso2022jpms", SET_JIS, "CP932" },
	{ "cp50220", SET_JIS, "CP932" },
	{ "cp50221", SET_JIS, "CP932" },
};
#define CHARSETS (sizeof(charsets) / sizeof(*charsets))

static const struct charset unknown = { "", SET_UNKNOWN, NULL };

/* Letters and digits in lower case decide; "//IGNORE" and the like end it. */
static const struct charset *
find(const char *name)
{
	char key[32];
	size_t n = 0;

	for (; name != NULL && *name != '\0' && *name != '/'; name++) {
		char c = *name;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9'))
			continue;
		if (n == sizeof(key) - 1)
			return &unknown;
		key[n++] = c;
	}
	key[n] = '\0';
	for (size_t i = 0; n > 0 && i < CHARSETS; i++)
		if (charsets[i].name[0] == key[0] &&
		    strcmp(charsets[i].name, key) == 0)
			return &charsets[i];
	return &unknown;
}

struct charset_set {
	iconv_t open[CHARSETS];
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
	for (size_t i = 0; i < CHARSETS; i++) {
		iconv_t cd;

		if (charsets[i].iconv == NULL ||
		    (i > 0 && charsets[i].iconv == charsets[i - 1].iconv))
			continue;
		cd = iconv_open("UTF-8", charsets[i].iconv);
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

/* Eight bytes that need no look: printable ASCII, eight at a time. */
static bool
plain8(const char *s)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t v, del;

	memcpy(&v, s, sizeof(v));
	del = v ^ ones * 0x7f;
	return ((v | (v - ones * 0x20) | (del - ones)) & ones * 0x80) == 0;
}

static size_t
plain_span(const char *s, const char *end)
{
	const char *p = s;

	for (;;) {
		while (end - p >= 8 && plain8(p))
			p += 8;
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
	const char *name;
	char *text = NULL;

	if (utf8_valid(s, n))
		return clean(a, s, n, 0);
	bad = count_faults(s, n, &good);
	if (bad == 0)
		return clean(a, s, n, 0); /* only NULs */
	if (guessed != NULL)
		*guessed = true;
	if (said_utf8 && good > 0)
		return clean(a, s, n, bad);
	name = charset_guess(s, n);
	if (name != NULL)
		text = from_iconv(a, name, s, n);
	return text != NULL ? text : from_latin1(a, s, n);
}

bool
charset_tells(const char *charset)
{
	int kind = find(charset)->kind;

	return kind == SET_ICONV || kind == SET_JIS;
}

char *
utf8_from(struct arena *a, const char *charset, const char *s, size_t n,
    bool *guessed)
{
	const struct charset *set = find(charset);
	char *text = NULL;

	if (guessed != NULL)
		*guessed = false;
	switch (set->kind) {
	case SET_LATIN1:
		return from_latin1(a, s, n);
	case SET_UTF16:
		text = from_iconv(a,
		    set->iconv != NULL ? set->iconv : utf16_order(s, n), s, n);
		break;
	case SET_JIS:
		text = from_jis(a, s, n);
		break;
	case SET_ICONV:
		text = from_iconv(a, set->iconv, s, n);
		break;
	default:
		break;
	}
	if (text != NULL)
		return text;
	return from_guess(a, s, n, set->kind == SET_UTF8, guessed);
}
