/* See the header. */
#include "rules/guard_view.h"

#include <stdlib.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/utf8.h"

#define REFERENCE_MAX 12 /* bytes of "&#0000064;" */

/* Names of references that stand for what the guard looks for. */
static const struct {
	const char *name;
	char c;
} references[] = {
	{ "amp", '&' },
	{ "commat", '@' },
	{ "dash", '-' },
	{ "gt", '>' },
	{ "hyphen", '-' },
	{ "lbrack", '[' },
	{ "lpar", '(' },
	{ "lsqb", '[' },
	{ "lt", '<' },
	{ "nbsp", ' ' },
	{ "num", '#' },
	{ "period", '.' },
	{ "plus", '+' },
	{ "rbrack", ']' },
	{ "rpar", ')' },
	{ "rsqb", ']' },
	{ "shy", '\0' },
	{ "zwj", '\0' },
	{ "zwnj", '\0' },
};

/* Tags that stand in a word; others part words. */
static const char *const within[] = { "a", "b", "code", "em", "font", "i", "s",
	"span", "strong", "u", "wbr" };

/* The character of "&#64;" or "&commat;" at s, its bytes in *used; 0: none. */
static uint32_t
reference(const char *s, size_t n, size_t *used)
{
	const char *end = memchr(
	    s, ';', n < REFERENCE_MAX ? n : (size_t)REFERENCE_MAX);
	char word[REFERENCE_MAX + 1] = "", *rest;
	size_t k = end == NULL ? 0 : (size_t)(end - s);
	unsigned long c;

	if (k < 2)
		return 0;
	memcpy(word, s + 1, k - 1);
	*used = k + 1;
	if (word[0] == '#') {
		bool hex = word[1] == 'x' || word[1] == 'X';

		if (!(hex ? ascii_hex(word[2]) >= 0 : ascii_digit(word[1])))
			return 0;
		c = strtoul(word + 1 + hex, &rest, hex ? 16 : 10);
		return *rest == '\0' && c > 0 && c < 0x110000 ? (uint32_t)c : 0;
	}
	for (size_t i = 0; i < sizeof(references) / sizeof(*references); i++)
		if (ascii_same(word, references[i].name))
			return references[i].c == '\0'
			    ? 0x200b
			    : (uint32_t)references[i].c;
	return 0;
}

/* "%40" and "=40" (and the soft line end "=" LF, as a character that shows
 * nothing); 0: none. */
static uint32_t
escaped(const char *s, size_t n, size_t *used)
{
	if (*s == '=' && n > 1 && s[1] == '\n') {
		*used = 2;
		return 0x200b;
	}
	if (n < 3 || ascii_hex(s[1]) < 0 || ascii_hex(s[2]) < 0)
		return 0;
	*used = 3;
	return (uint32_t)(ascii_hex(s[1]) << 4 | ascii_hex(s[2]));
}

/* The bytes of the tag at s; 0: it is none.  *blank: it parts words. */
static size_t
tag_length(const char *s, size_t n, bool *blank)
{
	const char *end;
	size_t from, k;

	if (n < 3 || !(ascii_alpha(s[1]) || s[1] == '/' || s[1] == '!'))
		return 0;
	end = memchr(s, '>', n);
	if (end == NULL)
		return 0;
	from = 1 + (s[1] == '/');
	for (k = 0; ascii_alpha(s[from + k]); k++)
		;
	if (s[1] != '!' &&
	    (k == 0 ||
		!(ascii_blank(s[from + k]) || ascii_digit(s[from + k]) ||
		    strchr("/>:", s[from + k]) != NULL)))
		return 0;
	*blank = s[1] != '!';
	for (size_t i = 0; i < sizeof(within) / sizeof(*within); i++)
		if (strlen(within[i]) == k &&
		    strncasecmp(within[i], s + from, k) == 0)
			*blank = false;
	return (size_t)(end - s) + 1;
}

/* One character as it is compared; 0: it shows nothing. */
static uint32_t
plain(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e) /* full width */
		c -= 0xfee0;
	if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xfe58 ||
	    c == 0xfe63)
		return '-';
	if (c == '\n')
		return c;
	if (utf8_space(c))
		return ' ';
	if (c == 0 || c == 0xad || c == 0x34f || utf8_hidden(c))
		return 0;
	return c;
}

static void
put(struct guard_view *v, uint32_t c, size_t at)
{
	char out[8];
	size_t k;

	c = plain(c);
	if (c == 0)
		return;
	k = utf8_fold_char(out, c);
	for (size_t i = 0; i < k; i++) {
		v->text[v->n] = out[i];
		v->at[v->n++] = (uint32_t)at;
	}
}

/* Is there anything for this decoding to do? */
static bool
worth(const char *s, size_t n, enum guard_decoding how)
{
	return how == GUARD_PLAIN ||
	    (how == GUARD_REFERENCES &&
		(memchr(s, '&', n) != NULL || memchr(s, '%', n) != NULL ||
		    memchr(s, '=', n) != NULL)) ||
	    (how == GUARD_STRIPPED && memchr(s, '<', n) != NULL);
}

bool
guard_view_make(struct arena *a, const char *s, size_t n,
    enum guard_decoding how, struct guard_view *out)
{
	const char *p = s, *end = s + n;

	if (!worth(s, n, how))
		return false;
	/* a byte makes at most four, when it is none of UTF-8 */
	out->text = arena_alloc(a, n * 4 + 1);
	out->at = arena_calloc(a, n * 4 + 1, sizeof(*out->at));
	out->n = 0;
	while (p < end) {
		size_t left = (size_t)(end - p), used = 0;
		size_t at = (size_t)(p - s);
		uint32_t c = 0;
		bool blank = false;

		if (how == GUARD_STRIPPED && *p == '<' &&
		    (used = tag_length(p, left, &blank)) > 0) {
			put(out, blank ? '\n' : 0, at);
			p += used;
			continue;
		}
		if (how != GUARD_PLAIN && *p == '&')
			c = reference(p, left, &used);
		else if (how != GUARD_PLAIN && (*p == '%' || *p == '='))
			c = escaped(p, left, &used);
		if (c != 0)
			p += used;
		else
			c = utf8_next(&p, end);
		put(out, c, at);
	}
	out->text[out->n] = '\0';
	return true;
}

bool
guard_view_again(
    struct arena *a, const struct guard_view *v, struct guard_view *out)
{
	if (!guard_view_make(a, v->text, v->n, GUARD_REFERENCES, out))
		return false;
	for (size_t i = 0; i < out->n; i++)
		out->at[i] = v->at[out->at[i]];
	return true;
}

void
guard_view_tight(
    struct arena *a, const struct guard_view *v, struct guard_view *out)
{
	out->text = arena_alloc(a, v->n + 1);
	out->at = arena_calloc(a, v->n + 1, sizeof(*out->at));
	out->n = 0;
	for (size_t i = 0; i < v->n; i++) {
		char c = v->text[i];

		if (!ascii_alpha(c) && !ascii_digit(c) &&
		    (c == '\0' || strchr("+@.[]-", c) == NULL))
			continue;
		out->text[out->n] = c;
		out->at[out->n++] = v->at[i];
	}
	out->text[out->n] = '\0';
}
