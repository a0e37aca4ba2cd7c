/*
 * Case and accents folded for comparing words: Latin letters to plain ASCII
 * (so that "Grüße" equals "grusse"), Greek, Cyrillic and Armenian to lower
 * case without Greek accents.  The tables follow the decompositions of Unicode.
 */
#include "parser/fold.h"

#include <stddef.h>

/* U+00C0 to U+024F: two bytes each, blanks for none. */
static const char latin[] =
    "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thss"
    "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thy "
    "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "
    "g g g g h h h h i i i i i i i i i i ijijj j k k k l l l l l l l "
    "l l l n n n n n n n n n o o o o o o oeoer r r r r r s s s s s s "
    "s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s "
    "b                                                               "
    "o o                           u u                               "
    "                          a a i i o o u u u u u u u u u u   a a "
    "a a         g g k k o o o o     j       g g     n n a a         "
    "a a a a e e e e i i i i o o o o r r r r u u u u s s t t     h h "
    "            a a e e o o o o o o o o y y                         "
    "      b                         ";

/* U+1E00 to U+1EFF: two bytes each, blanks for none. */
static const char latin_more[] =
    "a a b b b b b b c c d d d d d d d d d d e e e e e e e e e e f f "
    "g g h h h h h h h h h h i i i i k k k k k k l l l l l l l l m m "
    "m m m m n n n n n n n n o o o o o o o o p p p p r r r r r r r r "
    "s s s s s s s s s s t t t t t t t t u u u u u u u u u u v v v v "
    "w w w w w w w w w w x x x x y y z z z z z z h t w y         ss  "
    "a a a a a a a a a a a a a a a a a a a a a a a a e e e e e e e e "
    "e e e e e e e e i i i i o o o o o o o o o o o o o o o o o o o o "
    "o o o o u u u u u u u u u u u u u u y y y y y y y y             ";

const char *
fold_latin(uint32_t c)
{
	const char *p = NULL;

	if (c >= 0xc0 && c <= 0x24f)
		p = latin + (size_t)(c - 0xc0) * 2;
	else if (c >= 0x1e00 && c <= 0x1eff)
		p = latin_more + (size_t)(c - 0x1e00) * 2;
	return p == NULL || p[0] == ' ' ? NULL : p;
}

/* Greek letters with accents, as pairs: from, to (lower case). */
static const uint16_t greek[][2] = {
	{ 0x386, 0x3b1 },
	{ 0x388, 0x3b5 },
	{ 0x389, 0x3b7 },
	{ 0x38a, 0x3b9 },
	{ 0x38c, 0x3bf },
	{ 0x38e, 0x3c5 },
	{ 0x38f, 0x3c9 },
	{ 0x390, 0x3b9 },
	{ 0x3a2, 0x3a2 }, /* no letter; 0x3c2 is another sigma */
	{ 0x3aa, 0x3b9 },
	{ 0x3ab, 0x3c5 },
	{ 0x3ac, 0x3b1 },
	{ 0x3ad, 0x3b5 },
	{ 0x3ae, 0x3b7 },
	{ 0x3af, 0x3b9 },
	{ 0x3b0, 0x3c5 },
	{ 0x3c2, 0x3c3 },
	{ 0x3ca, 0x3b9 },
	{ 0x3cb, 0x3c5 },
	{ 0x3cc, 0x3bf },
	{ 0x3cd, 0x3c5 },
	{ 0x3ce, 0x3c9 },
};

uint32_t
fold_case(uint32_t c)
{
	if (c >= 0x386 && c <= 0x3ce) {
		for (size_t i = 0; i < sizeof(greek) / sizeof(*greek); i++)
			if (greek[i][0] == c)
				return greek[i][1];
		return c >= 0x391 && c <= 0x3a9 ? c + 32 : c;
	}
	if (c >= 0x410 && c <= 0x42f)
		return c + 32;
	if (c == 0x401 || c == 0x451) /* the Russian yo is often written e */
		return 0x435;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	if (c >= 0x460 && c <= 0x52f && (c < 0x483 || c > 0x489))
		return c | 1;
	if (c >= 0x531 && c <= 0x556)
		return c + 48;
	if (c >= 0xff21 && c <= 0xff3a) /* full width */
		return c - 0xff21 + 'a';
	return c;
}
