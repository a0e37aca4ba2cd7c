/*
 * Charset by the shape of the bytes.  In Latin text bytes above 0x7f stand
 * alone or in small groups; in Cyrillic, Greek and Hebrew whole words are made
 * of them; in Chinese, Japanese and Korean they come in pairs, the first from a
 * small range.  Too little to go by is Latin.
 */
#include "parser/charset_guess.h"

#include <stdint.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/utf8.h"

#define LOOKED_AT 4000

struct shape {
	size_t runs, long_runs, odd_runs; /* of bytes above 0x7f */
	size_t inside; /* of these: with a letter of ASCII beside */
	size_t high;
	size_t letters;     /* 0xc0 and above, or a yo */
	size_t low_half;    /* of letters: 0xc0 to 0xdf */
	size_t ukrainian;   /* letters that only KOI8-U has there */
	size_t accents;     /* 0xdc to 0xdf behind 0xe0 and above: Greek */
	size_t not_hebrew;  /* no letter, or one for the end of words inside */
	size_t hebrew_ends; /* such a letter at the end */
	size_t pairs, hangul, hanzi, kana;
};

/* Letters of KOI8 and windows-1251 below 0xc0; Ukrainian ones too. */
static const bool low_letter[256] = {
	[0xa3] = true,
	[0xb3] = true,
	[0xa8] = true,
	[0xb8] = true,
	[0xa4] = true,
	[0xa6] = true,
	[0xa7] = true,
	[0xba] = true,
	[0xbf] = true,
};

static void
count_pair(struct shape *x, unsigned char a, unsigned char b)
{
	x->pairs++;
	x->hangul += a >= 0xb0 && a <= 0xc8 && b >= 0xa1;
	x->hanzi += a >= 0xb0 && a <= 0xd7 && b >= 0xa1;
	x->kana += (a == 0xa4 || a == 0xa5) && b >= 0xa1;
}

/* Kaf, mem, nun, pe and tsadi have a form of their own at the end of a word. */
static void
count_hebrew(struct shape *x, unsigned char c, bool last)
{
	bool end = c == 0xea || c == 0xed || c == 0xef || c == 0xf3 ||
	    c == 0xf5;

	x->not_hebrew += c < 0xe0 || c > 0xfa || (end && !last);
	x->hebrew_ends += end && last;
}

static void
count_run(struct shape *x, const unsigned char *s, size_t n)
{
	x->runs++;
	x->long_runs += n >= 3;
	x->odd_runs += n % 2;
	x->high += n;
	for (size_t i = 0; i < n; i++) {
		x->letters += s[i] >= 0xc0 || low_letter[s[i]];
		x->low_half += s[i] >= 0xc0 && s[i] < 0xe0;
		x->ukrainian += s[i] == 0xa4 || s[i] == 0xa6 || s[i] == 0xa7;
		x->accents += i > 0 && s[i] >= 0xdc && s[i] < 0xe0 &&
		    s[i - 1] >= 0xe0;
		count_hebrew(x, s[i], i + 1 == n);
		if (i % 2 == 1)
			count_pair(x, s[i - 1], s[i]);
	}
}

/* Words of letters: lower case is below in KOI8, above in 1251. */
static const char *
guess_alphabet(const struct shape *x)
{
	if (x->low_half * 2 > x->letters)
		return x->ukrainian > 0 ? "KOI8-U" : "KOI8-R";
	if (x->accents * 30 >= x->letters)
		return "CP1253";
	if (x->not_hebrew == 0 && x->hebrew_ends > 0 && x->letters >= 10)
		return "CP1255";
	return "CP1251";
}

/*
 * Shift_JIS and Big5 have second bytes among the letters, so that pairs are to
 * be counted from the first byte on.
 */
struct double_byte {
	const char *name;
	unsigned char often_from,
	    often_to; /* first bytes that text is full of */
	unsigned char lead_from, lead_to;
	unsigned percent; /* of the pairs that begin with one of these */
};

static const struct double_byte doubles[] = {
	{ "CP932", 0x82, 0x83, 0x81, 0xfc, 25 },
	{ "BIG5-HKSCS", 0xa4, 0xc6, 0xa1, 0xf9, 85 },
};

static bool
is_double(const struct double_byte *d, const unsigned char *s, size_t n)
{
	size_t pairs = 0, often = 0, low = 0, together = 0, behind = n;

	for (size_t i = 0; i < n; i++) {
		if (s[i] < 0x80)
			continue;
		if (d->lead_from == 0x81 && s[i] >= 0xa1 && s[i] <= 0xdf)
			continue; /* kana of half width */
		if (s[i] < d->lead_from || s[i] > d->lead_to || i + 1 == n)
			return i + 1 == n && pairs >= 4 &&
			    often * 100 >= pairs * d->percent;
		if (s[i + 1] < 0x40 || s[i + 1] == 0x7f || s[i + 1] > 0xfe)
			return false;
		pairs++;
		often += s[i] >= d->often_from && s[i] <= d->often_to;
		low += s[i + 1] < 0x80;
		together += behind == i;
		behind = i + 2;
		i++;
	}
	return pairs >= 4 && often * 100 >= pairs * d->percent &&
	    together * 2 >= pairs && (low * 5 >= pairs || d->lead_from == 0x81);
}

/* ISO-2022-JP has no byte above 0x7f, only escapes (RFC 1468). */
static bool
is_jis(const char *s, size_t n)
{
	const char *end = s + n;

	while ((s = memchr(s, 0x1b, (size_t)(end - s))) != NULL) {
		if (end - s > 2 && s[1] == '$' && (s[2] == 'B' || s[2] == '@'))
			return true;
		if (end - s > 2 && s[1] == '(' && (s[2] == 'J' || s[2] == 'I'))
			return true;
		s++;
	}
	return false;
}

const char *
charset_guess(const char *text, size_t n, bool declared)
{
	const unsigned char *s = (const unsigned char *)text;
	struct shape x = { 0 };

	if (is_jis(text, n))
		return "ISO-2022-JP";
	n = n < LOOKED_AT ? n : LOOKED_AT;
	for (size_t i = 0; i < n;) {
		size_t k = 0;

		while (i + k < n && s[i + k] >= 0x80)
			k++;
		if (k > 0)
			count_run(&x, s + i, k);
		x.inside += k > 0 &&
		    ((i > 0 && ascii_alpha(text[i - 1])) ||
			(i + k < n && ascii_alpha(text[i + k])));
		i += k + (k == 0);
	}
	if (x.high < 6)
		return NULL;
	for (size_t i = 0; i < sizeof(doubles) / sizeof(*doubles); i++)
		if (is_double(&doubles[i], s, n))
			return doubles[i].name;
	if (x.high < x.runs * 2)
		return NULL;
	if (x.odd_runs * 10 <= x.runs && x.pairs >= 3 &&
	    x.kana * 10 >= x.pairs * 3)
		return "EUC-JP-MS";
	if (x.letters * 20 >= x.high * 19 && x.long_runs * 2 >= x.runs &&
	    x.inside * 8 <= x.runs)
		return declared && x.runs == 1 ? NULL : guess_alphabet(&x);
	if (x.odd_runs * 10 > x.runs || x.pairs < 3)
		return NULL;
	if (x.hangul * 10 >= x.pairs * 9)
		return "UHC";
	return x.hanzi * 10 >= x.pairs * 6 ? "GB18030" : NULL;
}

/*
 * Latin-1 text can hardly be read as UTF-8, and if so it makes letters that
 * nobody writes: an E with acute before a guillemet.  In other alphabets
 * letters stand together.
 */
bool
charset_utf8_after_all(const char *text, size_t n)
{
	const char *p = text, *end = text + n, *behind = NULL;
	size_t odd = 0, together = 0, high = 0;

	if (!utf8_valid(text, n))
		return false;
	while (p < end) {
		const char *from = p;
		uint32_t c = utf8_next(&p, end);

		if (c < 0x80)
			continue;
		high++;
		odd += c < 0xa0 || (c >= 0x180 && c < 0x800);
		together += from == behind;
		behind = p;
	}
	return high > 0 && (odd == 0 || (together > 1 && together * 2 >= odd));
}
