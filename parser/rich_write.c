/*
 * What is kept of an HTML text, as HTML of ours.  Elements are opened when
 * words need them, so none is empty and all are closed; whatever the source
 * does, the result has the tags of rich.h and no others.
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/buf.h"
#include "parser/limits.h"
#include "parser/rich_private.h"
#include "parser/utf8.h"

#define NESTED_MAX 800 /* more are passed over */
#define BLANKS_MAX 40  /* of a run that is to be seen */
#define LINES_MAX  20  /* empty ones in a row, in <pre> */

static const char *const open_words[RICH_TAGS] = {
	[RICH_QUOTE] = "<blockquote>\n",
	[RICH_UL] = "<ul>\n",
	[RICH_OL] = "<ol>\n",
	[RICH_LI] = "<li>",
	[RICH_TABLE] = "<table>\n",
	[RICH_TR] = "<tr>\n",
	[RICH_TD] = "<td>",
	[RICH_TH] = "<th>",
	[RICH_PRE] = "<pre>",
	[RICH_B] = "<b>",
	[RICH_I] = "<i>",
	[RICH_U] = "<u>",
	[RICH_S] = "<s>",
	[RICH_CODE] = "<code>",
};

static const char *const close_words[RICH_TAGS] = {
	[RICH_QUOTE] = "</blockquote>\n",
	[RICH_UL] = "</ul>\n",
	[RICH_OL] = "</ol>\n",
	[RICH_LI] = "</li>\n",
	[RICH_TABLE] = "</table>\n",
	[RICH_TR] = "</tr>\n",
	[RICH_TD] = "</td>\n",
	[RICH_TH] = "</th>\n",
	[RICH_PRE] = "</pre>\n",
	[RICH_B] = "</b>",
	[RICH_I] = "</i>",
	[RICH_U] = "</u>",
	[RICH_S] = "</s>",
	[RICH_CODE] = "</code>",
};

struct box {
	uint8_t tag;
	uint32_t id;
	const struct rich_event *event;
};

struct writing {
	struct rich_doc *d;
	struct buf out;
	struct box source[NESTED_MAX]; /* open in the source */
	size_t source_n, source_lost;
	struct box want[RICH_DEPTH_MAX], have[RICH_DEPTH_MAX];
	size_t want_n, have_n;
	bool changed;    /* want is to be made new */
	unsigned styles; /* open here, by 1 << tag */
	const char *href;
	bool para;     /* a <p> is open */
	bool any;      /* words stand in this block */
	int lines;     /* wanted before the next words */
	int left;      /* those before what was left out */
	size_t blanks; /* wanted; in <pre>, or such as stay */
	bool gap;
	bool formatted;
	bool beside; /* the last words were kept, or there are none yet and
	                the first will be: a picture here is of the same text */
};

static void
put_escaped(struct buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] == '&')
			buf_str(b, "&amp;");
		else if (s[i] == '<')
			buf_str(b, "&lt;");
		else if (s[i] == '>')
			buf_str(b, "&gt;");
		else if (s[i] == '"')
			buf_str(b, "&quot;");
		else
			buf_char(b, s[i]);
}

static void
close_styles(struct writing *w)
{
	for (int tag = RICH_CODE; tag >= RICH_B; tag--)
		if ((w->styles & 1U << tag) != 0)
			buf_str(&w->out, close_words[tag]);
	if (w->href != NULL)
		buf_str(&w->out, "</a>");
	w->styles = 0;
	w->href = NULL;
}

static void
close_para(struct writing *w)
{
	close_styles(w);
	if (w->para)
		buf_str(&w->out, "</p>\n");
	w->para = false;
	w->any = false;
}

/* Is the box below of the kind that this one may stand in? */
static bool
fits(const struct writing *w, uint8_t tag)
{
	uint8_t last = w->want_n == 0 ? (uint8_t)RICH_NONE
				      : w->want[w->want_n - 1].tag;

	switch (tag) {
	case RICH_LI:
		return last == RICH_UL || last == RICH_OL;
	case RICH_TR:
		return last == RICH_TABLE;
	case RICH_TD:
	case RICH_TH:
		return last == RICH_TR;
	default:
		return last != RICH_PRE && last != RICH_TABLE &&
		    last != RICH_TR;
	}
}

/* Can words stand in it? */
static bool
holds_words(uint8_t tag)
{
	return tag != RICH_UL && tag != RICH_OL && tag != RICH_TABLE &&
	    tag != RICH_TR;
}

/* The boxes that the next words stand in. */
static void
make_want(struct writing *w)
{
	w->changed = false;
	w->want_n = 0;
	for (size_t i = 0; i < w->source_n; i++) {
		const struct box *x = &w->source[i];

		if (x->tag < RICH_B && w->want_n < RICH_DEPTH_MAX &&
		    (x->tag != RICH_TABLE || x->event->kept) && fits(w, x->tag))
			w->want[w->want_n++] = *x;
	}
	while (w->want_n > 0 && !holds_words(w->want[w->want_n - 1].tag))
		w->want_n--;
}

static void
open_box(struct writing *w, const struct box *x)
{
	const char *start = x->event->value;

	if (x->tag == RICH_OL && start != NULL && strcmp(start, "0") != 0 &&
	    strcmp(start, "1") != 0)
		buf_printf(&w->out, "<ol start=\"%s\">\n", start);
	else
		buf_str(&w->out, open_words[x->tag]);
	w->formatted |= x->tag != RICH_QUOTE;
	w->have[w->have_n++] = *x;
}

/* Close and open boxes until those that are wanted are there. */
static void
sync_boxes(struct writing *w)
{
	size_t k = 0;

	if (w->changed)
		make_want(w);
	while (k < w->have_n && k < w->want_n && w->have[k].id == w->want[k].id)
		k++;
	if (k == w->have_n && k == w->want_n)
		return;
	close_para(w);
	while (w->have_n > k)
		buf_str(&w->out, close_words[w->have[--w->have_n].tag]);
	while (w->have_n < w->want_n)
		open_box(w, &w->want[w->have_n]);
	w->lines = w->left = 0;
	w->blanks = 0;
	w->gap = false;
}

static uint8_t
innermost(const struct writing *w)
{
	return w->have_n == 0 ? (uint8_t)RICH_NONE : w->have[w->have_n - 1].tag;
}

static bool
in_flow(const struct writing *w)
{
	return innermost(w) == RICH_NONE || innermost(w) == RICH_QUOTE;
}

/* The line ends that were wanted. */
static void
put_lines(struct writing *w)
{
	bool pre = innermost(w) == RICH_PRE;

	if (w->left > w->lines)
		w->lines = w->left;
	if (w->any && w->lines > 1 && in_flow(w)) {
		close_para(w);
	} else if (w->any && w->lines > 0) {
		close_styles(w);
		for (int i = 0; i < (pre                   ? w->lines
					    : w->lines > 1 ? 2
							   : 1);
		     i++)
			buf_str(&w->out, pre ? "\n" : "<br>\n");
	}
	if (w->lines > 0)
		w->gap = false;
	w->lines = w->left = 0;
}

static void
wanted_styles(const struct writing *w, unsigned *styles, const char **href)
{
	*styles = 0;
	*href = NULL;
	for (size_t i = 0; i < w->source_n; i++)
		if (w->source[i].tag == RICH_A)
			*href = w->source[i].event->value;
		else if (w->source[i].tag >= RICH_B)
			*styles |= 1U << w->source[i].tag;
	if (*href != NULL) /* links have their own line */
		*styles &= ~(1U << RICH_U);
	if (innermost(w) == RICH_PRE)
		*styles &= ~(1U << RICH_CODE);
	if (innermost(w) == RICH_TH)
		*styles &= ~(1U << RICH_B);
}

static void
put_blanks(struct writing *w)
{
	if (w->blanks > 0 && (w->any || innermost(w) == RICH_PRE))
		for (size_t i = 0; i < w->blanks; i++)
			buf_str(
			    &w->out, innermost(w) == RICH_PRE ? " " : "&nbsp;");
	else if (w->gap && w->any)
		buf_char(&w->out, ' ');
	w->blanks = 0;
	w->gap = false;
}

/* Everything that has to stand before words that are kept. */
static void
lead(struct writing *w, unsigned styles, const char *href)
{
	bool other = styles != w->styles || href != w->href;

	if (other)
		close_styles(w);
	put_blanks(w);
	if (in_flow(w) && !w->para) {
		buf_str(&w->out, "<p>");
		w->para = true;
	}
	if (other && href != NULL) {
		buf_str(&w->out, "<a href=\"");
		put_escaped(&w->out, href, strlen(href));
		buf_str(&w->out, "\">");
	}
	for (int tag = RICH_B; other && tag <= RICH_CODE; tag++)
		if ((styles & 1U << tag) != 0)
			buf_str(&w->out, open_words[tag]);
	w->formatted |= other;
	w->styles = styles;
	w->href = href;
	w->any = true;
}

static void
put_word(struct writing *w, const char *s, size_t n)
{
	unsigned styles;
	const char *href;

	sync_boxes(w);
	put_lines(w);
	wanted_styles(w, &styles, &href);
	lead(w, styles, href);
	put_escaped(&w->out, s, n);
}

/* Words that are not kept: what parted them from those before counts, what
 * parts them from the next does not add to it. */
static void
leave_out(struct writing *w)
{
	if (w->lines > w->left)
		w->left = w->lines;
	w->lines = 0;
	w->blanks = 0;
	w->gap = true;
}

static void
put_blank(struct writing *w, uint32_t c)
{
	if (w->changed)
		make_want(w);
	if (w->want_n > 0 && w->want[w->want_n - 1].tag == RICH_PRE &&
	    (c == '\n' || c == ' ' || c == '\t')) {
		if (c == '\n') {
			w->lines += w->lines < LINES_MAX;
			w->blanks = 0;
		} else {
			w->blanks += c == '\t' ? 8 : 1;
		}
	} else if (c == 0xa0) {
		w->blanks++;
	} else {
		w->gap = true;
	}
	if (w->blanks > BLANKS_MAX)
		w->blanks = BLANKS_MAX;
}

static void
put_text(struct writing *w, size_t from, size_t to)
{
	const char *p = w->d->text + from, *end = w->d->text + to;

	while (p < end) {
		const uint8_t *f = w->d->flags + (p - w->d->text);
		const char *was = p;
		uint32_t c = utf8_next(&p, end);

		if (utf8_space(c)) {
			put_blank(w, c);
			continue;
		}
		while ((*f & RICH_KEPT) != 0 && p < end &&
		    (f[p - was] & RICH_KEPT) != 0 && (unsigned char)*p > ' ' &&
		    (unsigned char)*p < 0x7f)
			p++;
		if ((*f & RICH_KEPT) != 0) {
			put_word(w, was, (size_t)(p - was));
			w->beside = true;
		} else if ((*f & RICH_SOFT) == 0 && !utf8_hidden(c)) {
			leave_out(w);
			w->beside = false;
		}
	}
}

/* Are the first words kept? */
static bool
begins_kept(const struct rich_doc *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (!ascii_blank(d->text[i]) && (d->flags[i] & RICH_SOFT) == 0)
			return (d->flags[i] & RICH_KEPT) != 0;
	return false;
}

static void
put_picture(struct writing *w, const struct rich_event *e)
{
	if (e->value == NULL) {
		if (e->kept && e->alt != NULL)
			put_word(w, e->alt, strlen(e->alt));
		return;
	}
	if (!e->kept && (e->quoted || !w->beside))
		return;
	put_word(w, "", 0);
	buf_str(&w->out, "<img src=\"cid:");
	put_escaped(&w->out, e->value, strlen(e->value));
	buf_str(&w->out, "\">");
	w->formatted = true;
}

static void
open_source(struct writing *w, const struct rich_event *e)
{
	if (w->source_n == NESTED_MAX) {
		w->source_lost++;
		return;
	}
	w->source[w->source_n++] =
	    (struct box){ .tag = e->tag, .id = e->n, .event = e };
	w->changed |= e->tag < RICH_B;
}

static void
close_source(struct writing *w)
{
	if (w->source_lost > 0)
		w->source_lost--;
	else if (w->source_n > 0)
		w->changed |= w->source[--w->source_n].tag < RICH_B;
}

static void
put_event(struct writing *w, const struct rich_event *e)
{
	switch (e->kind) {
	case RICH_OPEN:
		open_source(w, e);
		break;
	case RICH_CLOSE:
		close_source(w);
		break;
	case RICH_BREAK:
		w->lines += w->lines < 2;
		w->gap = false;
		w->blanks = 0;
		break;
	case RICH_LINES:
		/* a block of nothing but a blank that stays is a line */
		if (w->blanks > 0 && w->lines > 0)
			w->lines = 2;
		if (w->lines < (int)e->n)
			w->lines = (int)e->n;
		w->gap = false;
		w->blanks = 0;
		break;
	case RICH_PICTURE:
		put_picture(w, e);
		break;
	default:
		break;
	}
}

char *
rich_write(struct arena *a, struct rich_doc *d)
{
	struct writing *w = arena_alloc(a, sizeof(*w));
	size_t at = 0;
	char *out = NULL;

	w->d = d;
	w->beside = begins_kept(d);
	rich_find_tables(d);
	buf_init(&w->out, RICH_MAX);
	for (size_t i = 0; i < d->events_n; i++) {
		const struct rich_event *e = &d->events[i];

		put_text(w, at, e->at);
		at = e->at;
		put_event(w, e);
	}
	put_text(w, at, d->n);
	w->changed = true;
	w->source_n = 0;
	sync_boxes(w);
	close_para(w);
	if (!w->out.over && w->formatted)
		out = arena_strdup(a, buf_text(&w->out));
	buf_done(&w->out);
	return out;
}
