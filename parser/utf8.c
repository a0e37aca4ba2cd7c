/*
 * UTF-8: checking, stepping, cutting, one-line values, folding for comparison.
 * Charsets other than UTF-8 are charset.c.  Nothing here depends on a locale.
 */
#include "parser/utf8.h"

#include <endian.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/fold.h"

#define REPLACEMENT 0xfffd

size_t
utf8_ascii(const char *s, const char *end)
{
	const char *p = s;

	for (; end - p >= 8; p += 8) {
		const uint64_t ones = 0x0101010101010101u;
		uint64_t v, odd;

		memcpy(&v, p, sizeof(v));
		v = le64toh(v);
		odd = (v | (v - ones)) & ones * 0x80;
		if (odd != 0) /* the lowest is one, whatever is above it */
			return (size_t)(p - s) +
			    (size_t)__builtin_ctzll(odd) / 8;
	}
	while (p < end && *p != '\0' && (unsigned char)*p < 0x80)
		p++;
	return (size_t)(p - s);
}

/* The length of the sequence that starts at s (RFC 3629), 0 when it is bad. */
static size_t
sequence(const unsigned char *s, size_t n)
{
	size_t len = s[0] < 0x80 ? 1
	    : s[0] < 0xc2        ? 0
	    : s[0] < 0xe0        ? 2
	    : s[0] < 0xf0        ? 3
	    : s[0] < 0xf5        ? 4
				 : 0;

	if (len == 0 || len > n)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0; /* overlong, surrogate, above U+10FFFF */
	return len;
}

bool
utf8_valid(const char *s, size_t n)
{
	const char *end = s + n;

	for (;;) {
		size_t len;

		s += utf8_ascii(s, end);
		if (s == end)
			return true;
		len = sequence((const unsigned char *)s, (size_t)(end - s));
		if (len == 0 || *s == '\0')
			return false;
		s += len;
	}
}

uint32_t
utf8_next(const char **p, const char *end)
{
	const unsigned char *s = (const unsigned char *)*p;
	size_t len;

	if (*s < 0x80) {
		++*p;
		return *s;
	}
	len = sequence(s, (size_t)(end - *p));
	*p += len == 0 ? 1 : len;
	switch (len) {
	case 1:
		return s[0];
	case 2:
		return (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
	case 3:
		return (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 |
		    (s[2] & 0x3fu);
	case 4:
		return (s[0] & 0x07u) << 18 | (s[1] & 0x3fu) << 12 |
		    (s[2] & 0x3fu) << 6 | (s[3] & 0x3fu);
	default:
		return REPLACEMENT;
	}
}

size_t
utf8_put(char *out, uint32_t c)
{
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = REPLACEMENT;
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

bool
utf8_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xa0 ||
	    c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
	    c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

bool
utf8_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c ||
	    (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	    (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

bool
utf8_controls(const char *s, size_t n)
{
	const uint64_t ones = 0x0101010101010101u;
	const char *end = s + n;

	while (s < end) {
		unsigned char c;

		if (end - s >= 8) {
			uint64_t v, low;

			memcpy(&v, s, sizeof(v));
			v = le64toh(v);
			low = (v - ones * 0x20) & ~v & ones * 0x80;
			if (low == 0) {
				s += 8; /* nothing below a blank */
				continue;
			}
			s += __builtin_ctzll(low) / 8;
		}
		c = (unsigned char)*s;
		if (c < ' ' && (c < '\t' || c > '\r'))
			return true;
		s++;
	}
	return false;
}

static bool
turns(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Hidden, and needed by no script; the joiner of graphemes fills previews. */
static bool
needless(uint32_t c)
{
	return c == 0xad || c == 0x34f || c == 0x200b ||
	    (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	    (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

/* The next byte that begins a character of these; end: none. */
static char *
first_odd(char *s, const char *end)
{
	while (s < end) {
		unsigned char c;

		s += utf8_ascii(s, end);
		if (s == end)
			break;
		c = (unsigned char)*s;
		if (c == 0xc2 || c == 0xcd || c == 0xe2 || c == 0xef ||
		    c == 0xf3)
			break;
		s++;
	}
	return s;
}

bool
utf8_neutral(char *s)
{
	char *end = s + strlen(s), *p = first_odd(s, end), *o = p;
	bool turned = false;

	while (p < end) {
		char *from = p;
		const char *next = p;
		uint32_t c = utf8_next(&next, end);
		bool out = turns(c) || needless(c);

		turned |= turns(c);
		p += next - p;
		if (!out)
			p = first_odd(p, end);
		else
			from = p;
		memmove(o, from, (size_t)(p - from));
		o += p - from;
	}
	*o = '\0';
	return turned;
}

char *
utf8_line(struct arena *a, const char *s, size_t max)
{
	size_t n = strlen(s), len = 0;
	size_t room = n < max ? n * 3 : max; /* a bad byte grows to three */
	const char *end = s + n;
	char *out = arena_alloc(a, (room < max ? room : max) + 16);
	bool blank = false;

	while (s < end && len < max) {
		char put[4];
		uint32_t c;
		size_t k = end - s >= 8 ? ascii_run8(s, '!') : 0;

		if (k > 0 && len + blank + k <= max) { /* nearly all */
			out[len] = ' ';
			memcpy(out + len + blank, s, 8);
			len += k + (size_t)blank;
			s += k;
			blank = false;
			continue;
		}
		if (*s == ' ') {
			s++;
			blank = len > 0;
			continue;
		}
		c = utf8_next(&s, end);
		if (utf8_space(c)) {
			blank = len > 0;
			continue;
		}
		if (utf8_hidden(c))
			continue;
		k = utf8_put(put, c);
		if (len + blank + k > max)
			break;
		if (blank)
			out[len++] = ' ';
		blank = false;
		memcpy(out + len, put, k);
		len += k;
	}
	out[len] = '\0';
	return out;
}

size_t
utf8_cut(const char *s, size_t n, size_t max)
{
	if (n <= max)
		return n;
	n = max;
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	return n;
}

size_t
utf8_fold_char(char *out, uint32_t c)
{
	const char *to;
	size_t n;

	if (c < 0x80) {
		out[0] = ascii_lower((char)c);
		return 1;
	}
	if (c == 0xa0 || c == 0x3000) {
		out[0] = ' ';
		return 1;
	}
	if (c >= 0x300 && c < 0x370)
		return 0; /* combining accents */
	to = fold_latin(c);
	if (to == NULL)
		return utf8_put(out, fold_case(c));
	n = to[1] == ' ' ? 1 : 2;
	memcpy(out, to, n);
	return n;
}

/* Eight bytes at once: 0x20 added where there is a capital letter.  Returns
 * how many of them are ASCII; what is behind those is not to be used. */
static size_t
lower8(char *out, const char *s)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t v, capital, odd;

	memcpy(&v, s, sizeof(v));
	odd = le64toh(v) & ones * 0x80;
	v &= ones * 0x7f;
	capital = (v + ones * (0x80 - 'A')) & ~(v + ones * (0x7f - 'Z')) &
	    ones * 0x80;
	v += capital >> 2;
	memcpy(out, &v, sizeof(v));
	return odd == 0 ? 8 : (size_t)__builtin_ctzll(odd) / 8;
}

char *
utf8_fold(struct arena *a, const char *s)
{
	size_t n = strlen(s), len = 0;
	const char *end = s + n;
	char *out = arena_alloc(a, n * 3 + 8); /* a bad byte grows to three */

	while (s < end) {
		if (end - s >= 8) {
			size_t k = lower8(out + len, s);

			len += k;
			s += k;
			if (k == 8)
				continue;
		}
		if ((unsigned char)*s < 0x80) {
			out[len++] = ascii_lower(*s++);
			continue;
		}
		len += utf8_fold_char(out + len, utf8_next(&s, end));
	}
	out[len] = '\0';
	return out;
}
