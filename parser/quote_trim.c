/*
 * The second look at what a mail says: at the ends of what was kept stand
 * rules, names and notices that go; and some quoted lines come back, because
 * an answer stands below them or because they are no quote.  See
 * quote_private.h.
 */
#include "parser/quote_private.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/quote_words.h"

#define NOTICE_MAX    (8 << 10) /* bytes of one paragraph */
#define NOTICE_LINES  80
#define CONTEXT_LINES 12 /* of a quote above an answer */
#define TYPED_LINES   10 /* with ">" that the writer may have typed */

/* "- Roman", "-Ann Example": a name behind a dash, by itself. */
static bool
is_dash_name(const struct quote_cut *c, size_t i)
{
	const struct quote_line *l = &c->lines[i];
	size_t k = 0, words = 1;

	while (k < l->n && k < 2 && l->s[k] == '-')
		k++;
	if (k == 0 || l->n > 30 || i == 0 || !c->lines[i - 1].blank)
		return false;
	while (k < l->n && l->s[k] == ' ')
		k++;
	if (k == l->n)
		return false;
	for (; k < l->n; k++) {
		words += l->s[k] == ' ';
		if (!ascii_alpha(l->s[k]) && (unsigned char)l->s[k] < 0x80 &&
		    strchr(" .'", l->s[k]) == NULL)
			return false;
	}
	return words <= 3;
}

/* From the end of each kept stretch upwards: rules, telephones, names. */
static void
trim_ends(struct quote_cut *c)
{
	bool at_end = true, named = false;

	for (size_t i = c->n; i-- > 0;) {
		struct quote_line *l = &c->lines[i];

		if (l->drop) {
			at_end = true;
			named = false;
			continue;
		}
		if (l->blank || !at_end)
			continue;
		if (quote_rule(l) || words_mobile(quote_folded(c, i)))
			l->drop = true;
		else if (!named && c->kept > 1 && is_dash_name(c, i))
			l->drop = named = true;
		else
			at_end = false;
	}
}

/* The first line that is kept and says something; it always stays. */
static size_t
first_text(const struct quote_cut *c)
{
	size_t i = 0;

	while (i < c->n &&
	    (c->lines[i].drop || c->lines[i].blank || quote_rule(&c->lines[i])))
		i++;
	return i;
}

/* The paragraph between two lines; most are none by their first words. */
static enum notice
notice_at(struct quote_cut *c, size_t top, size_t end)
{
	const char *first = quote_folded(c, top);

	if (*first != '\0' && !words_notice_start(first))
		return NOTICE_NONE;
	return words_notice(quote_joined(c, top, end - top, NOTICE_MAX));
}

/*
 * The stretch of kept lines that ends at `end`: paragraphs of a notice at its
 * end go.  Returns where the stretch begins, or where looking stopped.
 */
static size_t
trim_notice(struct quote_cut *c, size_t first, size_t end)
{
	size_t bottom = end, i = end;

	while (i > 0 && !c->lines[i - 1].drop) {
		enum notice x;
		size_t top;

		while (i > 0 && c->lines[i - 1].blank)
			i--;
		for (top = i; top > 0 && !c->lines[top - 1].blank &&
		     !c->lines[top - 1].drop && i - top <= NOTICE_LINES;)
			top--;
		if (top == i || top <= first)
			break;
		x = notice_at(c, top, i);
		if (x == NOTICE_NONE)
			break;
		if (x == NOTICE_SURE || (x == NOTICE_HEAD && bottom < end)) {
			quote_drop(c, top, bottom);
			bottom = top;
		}
		i = top;
	}
	while (i > 0 && !c->lines[i - 1].drop)
		i--;
	return i;
}

static void
trim_notices(struct quote_cut *c)
{
	size_t first = first_text(c);

	for (size_t i = c->n; i > 0;) {
		if (c->lines[i - 1].drop)
			i--;
		else
			i = trim_notice(c, first, i);
	}
}

/* Above it all: what the gateway of the house put there. */
static void
trim_banner(struct quote_cut *c)
{
	size_t i = 0, k = 0;
	const char *line;

	while (i < c->n && (c->lines[i].blank || c->lines[i].drop))
		i++;
	while (i + k < c->n && !c->lines[i + k].blank && k < 5)
		k++;
	if (k == 0 || k == 5 || quote_next_text(c, i + k) == c->n)
		return;
	line = quote_folded(c, i);
	if (*line != '\0' && !words_banner_start(line))
		return;
	if (words_banner(quote_joined(c, i, k, NOTICE_MAX)))
		quote_drop(c, i, i + k);
}

void
quote_trim(struct quote_cut *c)
{
	trim_ends(c);
	trim_notices(c);
	trim_ends(c);
	trim_banner(c);
}

static bool
only_by_mark(const struct quote_line *l)
{
	return l->drop && l->marked && !l->sure;
}

/* ">" and nothing behind it. */
static bool
empty_mark(const struct quote_line *l)
{
	size_t k = 0;

	while (k < l->n && (l->s[k] == '>' || l->s[k] == ' '))
		k++;
	return k == l->n;
}

/* A person typed lines with ">" above the quote: a shell, a page, a remark. */
static void
keep_typed(struct quote_cut *c)
{
	size_t first = 0, marked = 0, last = 0;
	bool text = false, below = false;

	while (first < c->n && !c->lines[first].intro)
		first++;
	if (first == c->n)
		return;
	for (size_t i = 0; i < first; i++) {
		const struct quote_line *l = &c->lines[i];

		if (only_by_mark(l)) {
			if (!text || quote_attribution(c, i) > 0 ||
			    ++marked > TYPED_LINES)
				return;
			last = i;
			below = false;
		} else if (!l->blank && !l->drop) {
			text = below = true;
		}
	}
	if (marked == 0 ||
	    (!below && !c->lines[last > 0 ? last - 1 : 0].colon && marked > 2))
		return;
	for (size_t i = 0; i < first; i++)
		if (only_by_mark(&c->lines[i]))
			c->lines[i].drop = false;
}

/* No quote begins at its third level: ">>> " is a program's prompt. */
static bool
all_deep(const struct quote_cut *c)
{
	bool any = false;

	for (size_t i = 0; i < c->n; i++) {
		const struct quote_line *l = &c->lines[i];

		if (!l->marked)
			continue;
		if (l->n < 4 || memcmp(l->s, ">>> ", 4) != 0)
			return false;
		any = true;
	}
	return any;
}

static void
keep_marked(struct quote_cut *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (only_by_mark(&c->lines[i]))
			c->lines[i].drop = false;
}

/* The paragraph of the quote that ends above line i. */
static void
keep_question(struct quote_cut *c, size_t i)
{
	size_t k = 0;

	while (i > 0 &&
	    (c->lines[i - 1].blank ||
		(c->lines[i - 1].marked && c->lines[i - 1].drop &&
		    empty_mark(&c->lines[i - 1]))))
		i--;
	for (; i > 0 && k < CONTEXT_LINES; i--, k++) {
		struct quote_line *l = &c->lines[i - 1];

		if (!l->marked || !l->drop || empty_mark(l))
			break;
		l->drop = false;
	}
}

enum kind {
	KIND_NONE,
	KIND_QUOTE,
	KIND_TEXT
};

static enum kind
kind_of(const struct quote_line *l)
{
	if (l->marked && l->drop)
		return KIND_QUOTE;
	return l->drop ? KIND_NONE : KIND_TEXT;
}

/*
 * Answers that stand between quoted lines mean little without what they
 * answer.  One answer below or above a quote is no such case.
 */
static void
keep_questions(struct quote_cut *c, bool keep)
{
	enum kind before = KIND_NONE, last = KIND_NONE;
	bool between = false;

	for (size_t i = 0; i < c->n; i++) {
		enum kind now = kind_of(&c->lines[i]);

		if (c->lines[i].blank || now == last)
			continue;
		between |= now == KIND_QUOTE && last == KIND_TEXT &&
		    before == KIND_QUOTE;
		before = last;
		last = now;
		if (keep && now == KIND_TEXT && before == KIND_QUOTE)
			keep_question(c, i);
	}
	if (between && !keep)
		keep_questions(c, true);
}

void
quote_keep(struct quote_cut *c)
{
	/* one ">" and nothing else that speaks of a quote: it is text */
	if ((c->quoted == 1 && !c->answered && c->in->ranges_n == 0) ||
	    (c->in->fresh && !c->answered) || all_deep(c)) {
		keep_marked(c);
		return;
	}
	keep_typed(c);
	keep_questions(c, false);
}
