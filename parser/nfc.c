/*
 * Unicode normalization, form C.  See nfc.h.  A segment, that is a letter and
 * what hangs on it, is taken apart, sorted and put together.
 */
#include "parser/nfc.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "parser/nfc_table.h"
#include "parser/utf8.h"

#define CLOSED      ((uint32_t)1 << 24)
#define SEGMENT_MAX 40

/* Hangul is arithmetic: UAX 15, 3.12 of the Unicode Standard. */
#define S_BASE  0xac00
#define L_BASE  0x1100
#define V_BASE  0x1161
#define T_BASE  0x11a7
#define L_COUNT 19
#define V_COUNT 21
#define T_COUNT 28
#define S_COUNT (L_COUNT * V_COUNT * T_COUNT)

#define COUNT(x) (sizeof(x) / sizeof(*(x)))

struct segment {
	uint32_t c[SEGMENT_MAX];
	uint8_t class[SEGMENT_MAX];
	size_t n;
};

/* The row of `each` numbers whose first two hold c between them; NULL: none. */
static const uint32_t *
find_span(const uint32_t *rows, size_t n, size_t each, uint32_t c)
{
	size_t low = 0, high = n / each;

	while (low < high) {
		size_t mid = (low + high) / 2;
		const uint32_t *row = rows + mid * each;

		if (c < row[0])
			high = mid;
		else if (c > row[1])
			low = mid + 1;
		else
			return row;
	}
	return NULL;
}

/* May c not stay as it is?  What most texts consist of first. */
static bool
looks(uint32_t c)
{
	if (c < 0x300 || (c >= 0x400 && c < 0x480) ||
	    (c >= 0x3030 && c < 0x3099) || (c >= 0x3400 && c < 0xa000) ||
	    (c >= S_BASE && c < S_BASE + S_COUNT))
		return false;
	return find_span(nfc_look, COUNT(nfc_look), 2, c) != NULL;
}

static uint8_t
class_of(uint32_t c)
{
	const uint32_t *row = c < 0x300
	    ? NULL
	    : find_span(nfc_classes, COUNT(nfc_classes), 3, c);

	return row == NULL ? 0 : (uint8_t)row[2];
}

/* What c is another name of; c itself when of nothing. */
static uint32_t
single(uint32_t c)
{
	size_t low = 0, high = COUNT(nfc_singles) / 2;

	if (c >= 0xf900 && c - 0xf900 < COUNT(nfc_f900))
		return nfc_f900[c - 0xf900];
	if (c >= 0x2f800 && c - 0x2f800 < COUNT(nfc_2f800))
		return nfc_2f800[c - 0x2f800];
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (nfc_singles[mid * 2] == c)
			return nfc_singles[mid * 2 + 1];
		if (nfc_singles[mid * 2] < c)
			low = mid + 1;
		else
			high = mid;
	}
	return c;
}

/* The pair that c is made of; NULL: of none. */
static const uint32_t *
apart(uint32_t c)
{
	size_t low = 0, high = COUNT(nfc_by_composed);

	while (low < high) {
		size_t mid = (low + high) / 2;
		const uint32_t *row = nfc_pairs +
		    (size_t)nfc_by_composed[mid] * 3;
		uint32_t composed = row[2] & (CLOSED - 1);

		if (composed == c)
			return row;
		if (composed < c)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* What two make together; 0: nothing. */
static uint32_t
compose(uint32_t a, uint32_t b)
{
	size_t low = 0, high = COUNT(nfc_pairs) / 3;

	if (a - L_BASE < L_COUNT && b - V_BASE < V_COUNT)
		return S_BASE + ((a - L_BASE) * V_COUNT + b - V_BASE) * T_COUNT;
	if (a - S_BASE < S_COUNT && (a - S_BASE) % T_COUNT == 0 &&
	    b - T_BASE < T_COUNT && b > T_BASE)
		return a + (b - T_BASE);
	while (low < high) {
		size_t mid = (low + high) / 2;
		const uint32_t *row = nfc_pairs + mid * 3;

		if (row[0] == a && row[1] == b)
			return row[2] < CLOSED ? row[2] : 0;
		if (row[0] < a || (row[0] == a && row[1] < b))
			low = mid + 1;
		else
			high = mid;
	}
	return 0;
}

/* Add one that cannot be taken apart, behind those of its class and below. */
static void
add(struct segment *s, uint32_t c)
{
	uint8_t class = class_of(c);
	size_t at = s->n;

	if (s->n == SEGMENT_MAX)
		return;
	while (class > 0 && at > 0 && s->class[at - 1] > class)
		at--;
	memmove(s->c + at + 1, s->c + at, (s->n - at) * sizeof(*s->c));
	memmove(s->class + at + 1, s->class + at, s->n - at);
	s->c[at] = c;
	s->class[at] = class;
	s->n++;
}

/* Add c, taken apart as far as it goes: four deep at most. */
static void
add_apart(struct segment *s, uint32_t c)
{
	uint32_t rest[4];
	size_t n = 0;
	const uint32_t *pair;

	while (n < COUNT(rest)) {
		c = single(c);
		pair = apart(c);
		if (pair == NULL)
			break;
		rest[n++] = pair[1];
		c = pair[0];
	}
	add(s, c);
	while (n > 0)
		add(s, single(rest[--n]));
}

/* Put together what goes together, and write it. */
static char *
put(struct segment *s, char *o)
{
	size_t kept = s->n > 0, base = 0;

	for (size_t i = 1; i < s->n; i++) {
		bool blocked = kept - 1 > base &&
		    s->class[kept - 1] >= s->class[i];
		uint32_t made = blocked || s->class[base] != 0
		    ? 0
		    : compose(s->c[base], s->c[i]);

		if (made != 0) {
			s->c[base] = made;
			continue;
		}
		s->c[kept] = s->c[i];
		s->class[kept] = s->class[i];
		if (s->class[kept] == 0)
			base = kept;
		kept++;
	}
	for (size_t i = 0; i < kept; i++)
		o += utf8_put(o, s->c[i]);
	s->n = 0;
	return o;
}

/* Where the first letter stands that may not stay so; NULL: nowhere. */
static const char *
first_look(const char *s, const char *end)
{
	const char *letter = s;

	while (s < end) {
		size_t n = utf8_ascii(s, end);
		const char *from = s + n;

		if (n > 0) {
			s = from;
			letter = s - 1;
			continue;
		}
		if ((unsigned char)*s < 0xcc) {
			s += 2;
			letter = from;
			continue;
		}
		if (looks(utf8_next(&s, end)))
			return letter;
		letter = from;
	}
	return NULL;
}

/* Does a new segment begin with c?  Marks do not, nor vowels of Hangul. */
static bool
begins(const struct segment *s, uint32_t c)
{
	const uint32_t *pair;

	if (s->n == 0 || s->n > SEGMENT_MAX - 8)
		return true;
	if (c < 0x300)
		return true;
	c = single(c);
	if (class_of(c) != 0)
		return false;
	pair = apart(c);
	return pair != NULL ? class_of(pair[0]) == 0 : !looks(c);
}

char *
utf8_nfc(struct arena *a, char *s)
{
	size_t n = strlen(s);
	const char *end = s + n, *p = first_look(s, end);
	struct segment segment = { .n = 0 };
	char *out, *o;

	if (p == NULL)
		return s;
	/* no character grows to more than three times its bytes */
	out = arena_alloc(a, (size_t)(p - s) + (size_t)(end - p) * 3 + 1);
	memcpy(out, s, (size_t)(p - s));
	o = out + (p - s);
	while (p < end) {
		uint32_t c = utf8_next(&p, end);

		if (begins(&segment, c))
			o = put(&segment, o);
		add_apart(&segment, c);
	}
	o = put(&segment, o);
	*o = '\0';
	return out;
}
