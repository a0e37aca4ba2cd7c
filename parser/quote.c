/*
 * What a person added to a mail.  Lines are looked at from the top: quoted
 * lines, the line that introduces them, a quoted header, a signature.  Each of
 * these takes away what is known to belong to it and no more.
 */
#include "parser/quote.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/buf.h"
#include "parser/known.h"
#include "parser/quote_private.h"
#include "parser/quote_words.h"

/* What we sent ourselves. */
static void
mark_known(struct quote_cut *c, struct arena *a)
{
	const struct known *known = known_new(a, c->in->known);
	struct known_line *l = arena_calloc(a, c->n + 1, sizeof(*l));

	for (size_t i = 0; i < c->n; i++) {
		l[i].s = c->lines[i].s;
		l[i].n = c->lines[i].n;
	}
	known_mark(known, a, l, c->n);
	for (size_t i = 0; i < c->n; i++)
		c->lines[i].sure |= l[i].known && !c->lines[i].blank;
}

/*
 * What HTML marked.  Some programs put a box around the quote and what is
 * answered in it: there only the first lines, which introduce, and what bears
 * a mark is quoted.
 */
static void
mark_range(struct quote_cut *c, const struct html_range *x)
{
	bool marked = false, text = false;

	for (size_t i = 0; i < c->n; i++) {
		struct quote_line *l = &c->lines[i];
		size_t at = (size_t)(l->s - c->in->text);

		if (at >= x->to)
			return;
		if (l->blank || at < x->from) {
			text |= !l->blank;
			continue;
		}
		marked |= l->marked;
		/* a signature and nothing else may be what was written */
		l->sure |= x->kind == HTML_BOX ? !marked
					       : x->kind == HTML_QUOTE || text;
	}
}

static void
mark(struct quote_cut *c)
{
	for (size_t i = 0; i < c->in->ranges_n; i++)
		if (c->in->ranges[i].kind != HTML_DIVIDER)
			mark_range(c, &c->in->ranges[i]);
	for (size_t i = 0; i < c->n; i++) {
		struct quote_line *l = &c->lines[i];

		l->quoted = l->marked || l->sure;
		c->quoted += l->quoted;
	}
}

void
quote_drop(struct quote_cut *c, size_t from, size_t to)
{
	for (; from < to && from < c->n; from++)
		c->lines[from].drop = true;
}

/* Behind an attribution some programs mark with "|" or "AL>". */
static void
mark_odd(struct quote_cut *c, size_t i)
{
	for (; i < c->n && !c->lines[i].blank; i++) {
		struct quote_line *l = &c->lines[i];
		size_t n = l->s[0] == '|';

		while (n < l->n && n < 4 && ascii_alpha(l->s[n]))
			n++;
		if (l->s[0] != '|' && (n == 0 || n == l->n || l->s[n] != '>'))
			return;
		l->quoted = true;
	}
}

/*
 * Behind an attribution or a quoted header of k lines at i.  When what follows
 * is marked as quoted, only that goes, since answers may stand in between.
 * When it is not, all of it is the answered mail, unless nothing was written
 * above: then it is the answer.
 */
static size_t
after_intro(struct quote_cut *c, size_t i, size_t k)
{
	size_t next = quote_next_text(c, i + k);

	quote_drop(c, i, i + k);
	c->lines[i].intro = true;
	c->answered = true;
	mark_odd(c, next);
	if (next == c->n || c->lines[next].quoted || c->kept == 0)
		return i + k;
	quote_drop(c, i, c->n);
	return c->n;
}

/* A signature goes on to the next quote or attribution. */
static size_t
after_signature(struct quote_cut *c, size_t i)
{
	size_t from = i;

	for (i++; i < c->n; i++)
		if (!c->lines[i].blank &&
		    (c->lines[i].quoted || quote_attribution(c, i) > 0 ||
			quote_header(c, i) > 0 ||
			words_original(quote_folded(c, i))))
			break;
	quote_drop(c, from, i);
	return i;
}

/* A line that begins with neither a letter nor a digit, as separators do. */
static bool
starts_with_mark(const struct quote_line *l)
{
	size_t i = 0;

	while (i < l->n && (l->s[i] == ' ' || l->s[i] == '\t'))
		i++;
	return i < l->n && !ascii_alpha(l->s[i]) && !ascii_digit(l->s[i]);
}

/* The line from which on it is passed on for us to read; not one inside of
 * what is answered. */
static bool
is_forward(struct quote_cut *c, size_t i)
{
	const struct quote_line *l = &c->lines[i];

	return l->s[0] != '>' && (l->colon || starts_with_mark(l)) &&
	    !(l->sure && i > 0 && l[-1].sure) &&
	    words_forward(quote_folded(c, i));
}

/* "-----Original Message-----" or the fields of a quoted header, or both: how
 * many lines. */
static size_t
intro(struct quote_cut *c, size_t i)
{
	bool rule = starts_with_mark(&c->lines[i]) &&
	    words_original(quote_folded(c, i));
	size_t at = rule ? quote_next_text(c, i + 1) : i, k;

	k = at < c->n ? quote_header_below(c, at) : 0;
	return k > 0 ? at + k - i : rule ? 1 : 0;
}

/* What goes only below something that was written: how far it reaches. */
static size_t
look_below(struct quote_cut *c, size_t i)
{
	const struct quote_line *l = &c->lines[i];
	bool reply = !c->in->forward;
	size_t k;

	if (starts_with_mark(l) && words_original(quote_folded(c, i)))
		return after_intro(c, i, intro(c, i));
	if (reply && !c->in->fresh && (k = quote_header_below(c, i)) > 0)
		return after_intro(c, i, k);
	if (reply && quote_divider(c, i))
		return after_intro(c, i, 1);
	if (words_reply_above(quote_folded(c, i))) {
		quote_drop(c, i, c->n);
		return c->n;
	}
	return quote_signature(l) || quote_mobile(c, i) ? after_signature(c, i)
							: i;
}

/* Above it nothing was written, but below stands what we know: it is quoted. */
static size_t
intro_of_known(struct quote_cut *c, size_t i)
{
	size_t k, next;

	if (c->in->known == NULL || c->in->forward || c->kept > 0)
		return 0;
	k = intro(c, i);
	next = quote_next_text(c, i + k);
	return k > 0 && next < c->n && c->lines[next].sure ? k : 0;
}

/* What stands at i, and how far it reaches; returns the next line to look at.
 */
static size_t
look(struct quote_cut *c, size_t i)
{
	struct quote_line *l = &c->lines[i];
	size_t k;

	if (l->blank)
		return i + 1;
	if (is_forward(c, i)) {
		c->kept++;
		c->forward = (size_t)(l->s + l->n - c->in->text);
		return c->n;
	}
	if (l->quoted || quote_wrapped(c, i)) {
		l->drop = true;
		return i + 1;
	}
	if ((k = quote_attribution(c, i)) > 0 || (k = intro_of_known(c, i)) > 0)
		return after_intro(c, i, k);
	if (c->kept > 0 && (k = look_below(c, i)) > i)
		return k;
	if (quote_list_footer(c, i))
		return after_signature(c, i);
	c->kept++;
	return i + 1;
}

/* A line that quote_split() cut in two, and both halves stay: as it was. */
static bool
goes_on(const struct quote_cut *c, size_t i)
{
	const struct quote_line *l = &c->lines[i];

	return l->s[l->n] != '\n' && i + 1 < c->n && !c->lines[i + 1].drop;
}

static char *
collect(struct quote_cut *c, struct arena *a)
{
	bool gap = true, blank = true;
	struct buf out;
	char *text, *end;

	buf_init(&out, 0);
	for (size_t i = 0; i < c->n; i++) {
		const struct quote_line *l = &c->lines[i];

		/* one blank line is enough where a quote stood */
		if (l->drop || (l->blank && gap && blank))
			gap = true;
		else {
			buf_add(&out, l->s, l->n);
			if (!goes_on(c, i))
				buf_char(&out, '\n');
			gap &= l->blank;
			blank = l->blank;
		}
	}
	buf_str(&out, c->rest);
	text = arena_memdup(a, buf_text(&out), out.len);
	buf_done(&out);
	while (*text == '\n' ||
	    (ascii_blank(*text) && text[strspn(text, " \t\r")] == '\n'))
		text += strcspn(text, "\n") + 1;
	end = text + strlen(text);
	while (end > text && ascii_blank(end[-1]))
		*--end = '\0';
	return text;
}

char *
quote_cut(struct arena *a, const struct quote_input *in, size_t *forward)
{
	struct quote_cut c = { .in = in, .forward = QUOTE_NO_FORWARD };
	char *text;

	quote_split(&c, a);
	if (in->known != NULL) {
		mark_known(&c, a);
		c.answered = true;
	}
	mark(&c);
	for (size_t i = 0; i < c.n;)
		i = look(&c, i);
	quote_keep(&c);
	quote_trim(&c);
	text = collect(&c, a);
	arena_done(&c.scratch);
	if (forward != NULL)
		*forward = c.forward;
	return text;
}

const char *
quote_own(struct arena *a, const char *new_text)
{
	const char *s = new_text;
	struct buf out;
	char *text;

	if (strstr(s, "\n>") == NULL && *s != '>')
		return s;
	buf_init(&out, 0);
	while (*s != '\0') {
		size_t n = strcspn(s, "\n");

		n += s[n] == '\n';
		if (!quote_marked(s, n) && (out.len > 0 || *s != '\n'))
			buf_add(&out, s, n);
		s += n;
	}
	text = arena_memdup(a, buf_text(&out), out.len);
	buf_done(&out);
	return text;
}
