/*
 * The lines of a mail's text as they are looked at.  Some programs run the
 * line that introduces the answered mail together with what stands before and
 * behind it: here they are lines of their own.  See quote_private.h.
 */
#include "parser/quote_private.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/limits.h"
#include "parser/quote_words.h"

#define RULE_MIN      5  /* dashes of a line inside a line */
#define RULE_TEXT     60 /* between them */
#define RULE_MAX      200
#define SENTENCES_MAX 3   /* of a line's end looked at */
#define TAIL_MAX      120 /* a telephone's signature behind a text */

bool
quote_marked(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && i < 3 && s[i] == ' ')
		i++;
	return i < n && s[i] == '>';
}

/* Behind blanks and the marks of bold and italic text and of direction. */
static bool
ends_with_colon(const char *s, size_t n)
{
	while (n > 0) {
		if (strchr(" \t\r*_", s[n - 1]) != NULL)
			n--;
		else if (n > 3 && memcmp(s + n - 3, "\xe2\x80", 2) == 0)
			n -= 3;
		else
			break;
	}
	return n > 0 &&
	    (s[n - 1] == ':' ||
		(n > 2 && memcmp(s + n - 3, "\xef\xbc\x9a", 3) == 0));
}

/* ">>> Ann <ann@example.com> 28.07.2026 09:02 >>>": GroupWise introduces. */
static bool
is_pointed(const char *s, size_t n)
{
	while (n > 0 && ascii_blank(s[n - 1]))
		n--;
	return n > 12 && memcmp(s, ">>> ", 4) == 0 &&
	    memcmp(s + n - 4, " >>>", 4) == 0;
}

static void
add(struct quote_cut *c, struct arena *a, const char *s, size_t n)
{
	struct quote_line *l;

	c->lines = arena_grow(a, c->lines, c->n, &c->lines_cap, sizeof(*l));
	l = &c->lines[c->n++];
	*l = (struct quote_line){ .s = s, .n = n };
	l->blank = strspn(s, " \t\r\xc2\xa0") >= n;
	l->pointed = !l->blank && is_pointed(s, n);
	l->marked = !l->blank && !l->pointed && quote_marked(s, n);
	l->colon = !l->blank && ends_with_colon(s, n);
	l->ends = l->colon || memchr(s, '>', n) != NULL;
}

/* "----- Original message -----" at s: its bytes, 0: none. */
static size_t
rule_at(struct quote_cut *c, const char *s, const char *end)
{
	size_t lead = 0, n, tail = 0, max = (size_t)(end - s);

	while (lead < max && s[lead] == '-')
		lead++;
	for (n = lead; n < max && n - lead < RULE_TEXT && s[n] != '-'; n++)
		continue;
	if (n < max && n > lead && s[n] == '-' && s[n - 1] != ' ' &&
	    s[n - 1] != '\t' && n + 1 < max && s[n + 1] != '-')
		n++; /* "e-mail" */
	while (n < max && n - lead < RULE_TEXT && s[n] != '-')
		n++;
	while (n + tail < max && s[n + tail] == '-')
		tail++;
	if (lead < RULE_MIN || tail < RULE_MIN || n + tail > RULE_MAX ||
	    !words_original(quote_fold(c, s, n + tail)))
		return 0;
	return n + tail;
}

/* The line s to end, in up to three where an introduction stands inside. */
static void
add_parts(struct quote_cut *c, struct arena *a, const char *s, const char *rule,
    const char *end)
{
	size_t n = rule == NULL ? 0 : rule_at(c, rule, end);
	size_t behind = n == 0 ? 0 : (size_t)(end - rule) - n;

	/* Behind a quote's mark it is part of the quote. */
	if (n == 0 || (rule > s && quote_marked(s, (size_t)(rule - s))) ||
	    (behind > 0 &&
		words_header(quote_fold(c, rule + n,
		    behind < TAIL_MAX ? behind : TAIL_MAX)) == WORD_NONE)) {
		add(c, a, s, (size_t)(end - s));
		return;
	}
	if (rule > s)
		add(c, a, s, (size_t)(rule - s));
	add(c, a, rule, n);
	if (behind > 0)
		add(c, a, rule + n, behind);
}

/* A telephone's signature without a blank behind the last sentence, where an
 * introduction follows: it becomes a line.  l: the last so far. */
static void
part_signature(struct quote_cut *c, struct arena *a)
{
	struct quote_line *l = &c->lines[c->n - 1];
	const char *s = l->s, *end = s + l->n, *p = end;
	int sentences = 0;

	while (p > s && end - p < TAIL_MAX && sentences < SENTENCES_MAX) {
		p--;
		if (strchr(".?!", *p) == NULL || p + 2 >= end ||
		    ascii_blank(p[1]) || strchr(".?!", p[1]) != NULL)
			continue;
		sentences++;
		if (!words_mobile(quote_fold(c, p + 1, (size_t)(end - p) - 1)))
			continue;
		c->n--;
		add(c, a, s, (size_t)(p - s) + 1);
		add(c, a, p + 1, (size_t)(end - p) - 1);
		return;
	}
}

void
quote_split(struct quote_cut *c, struct arena *a)
{
	const char *s = c->in->text, *rule = strstr(s, "-----");

	while (*s != '\0' && c->n < QUOTE_LINES_MAX - 4) {
		size_t n = strcspn(s, "\n");

		if (rule != NULL && rule < s)
			rule = strstr(s, "-----");
		if (rule == NULL || rule >= s + n) {
			add(c, a, s, n);
		} else {
			if (*s == '-' && c->n > 0 && rule_at(c, s, s + n) > 0)
				part_signature(c, a);
			add_parts(c, a, s, rule, s + n);
		}
		s += n + (s[n] == '\n');
	}
	c->rest = s;
}
