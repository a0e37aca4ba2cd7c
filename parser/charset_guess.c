/*
 * Charset by the shape of the bytes.  In Latin text bytes above 0x7f stand
 * alone or in small groups; in Cyrillic whole words are made of them, all of
 * them letters; in Chinese and Korean they come in pairs, the first from a
 * small range.  Too little to go by is Latin.
 */
#include "parser/charset_guess.h"

#define LOOKED_AT 4000

struct shape {
	size_t runs, long_runs, odd_runs; /* of bytes above 0x7f */
	size_t high;
	size_t letters;  /* 0xc0 and above, or a yo */
	size_t low_half; /* of letters: 0xc0 to 0xdf */
	size_t pairs, hangul, hanzi;
};

static void
count_pair(struct shape *x, unsigned char a, unsigned char b)
{
	x->pairs++;
	x->hangul += a >= 0xb0 && a <= 0xc8 && b >= 0xa1;
	x->hanzi += a >= 0xb0 && a <= 0xd7 && b >= 0xa1;
}

static void
count_run(struct shape *x, const unsigned char *s, size_t n)
{
	x->runs++;
	x->long_runs += n >= 3;
	x->odd_runs += n % 2;
	x->high += n;
	for (size_t i = 0; i < n; i++) {
		x->letters += s[i] >= 0xc0 || s[i] == 0xa3 || s[i] == 0xb3 ||
		    s[i] == 0xa8 || s[i] == 0xb8;
		x->low_half += s[i] >= 0xc0 && s[i] < 0xe0;
		if (i % 2 == 1)
			count_pair(x, s[i - 1], s[i]);
	}
}

const char *
charset_guess(const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	struct shape x = { 0 };

	n = n < LOOKED_AT ? n : LOOKED_AT;
	for (size_t i = 0; i < n;) {
		size_t k = 0;

		while (i + k < n && s[i + k] >= 0x80)
			k++;
		if (k > 0)
			count_run(&x, s + i, k);
		i += k + (k == 0);
	}
	if (x.high < 6 || x.high < x.runs * 2)
		return NULL;
	/* words of letters: lower case is below in KOI8, above in 1251 */
	if (x.letters * 20 >= x.high * 19 && x.long_runs * 2 >= x.runs)
		return x.low_half * 2 > x.letters ? "KOI8-R" : "CP1251";
	if (x.odd_runs * 10 > x.runs || x.pairs < 3)
		return NULL;
	if (x.hangul * 10 >= x.pairs * 9)
		return "UHC";
	return x.hanzi * 10 >= x.pairs * 6 ? "GB18030" : NULL;
}
