/*
 * HTML to text on libxml2's SAX push parser: its tree parser loses text below a
 * depth of 256, and nothing here needs a tree.  What is kept of the structure
 * is a few counters, so depth costs nothing.
 */
#include "parser/html.h"

#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/buf.h"
#include "parser/html_cell.h"
#include "parser/html_clean.h"
#include "parser/html_element.h"
#include "parser/html_feed.h"
#include "parser/limits.h"
#include "parser/utf8.h"

#define QUOTE_DEPTH_MAX 20
#define LIST_DEPTH_MAX  20

/* An open list: 0 for bullets, else the next number. */
struct list {
	long number;
	bool numbered;
};

struct state {
	struct arena *a;
	struct buf out;
	int newlines; /* wanted before the next text */
	int gap;      /* blanks wanted before the next text */
	int skip, pre;
	size_t depth; /* open elements */
	size_t quote; /* open quotes that are shown with ">" */
	size_t quote_at[QUOTE_DEPTH_MAX]; /* depth of each */
	struct list lists[LIST_DEPTH_MAX];
	size_t lists_n;
	bool bullet; /* a list element waits for its first text */
	struct html_cells cells;
	size_t hidden_at; /* depth of what hides its text, 0: nothing */
	bool hidden_said; /* the mark for it stands there */
	bool tight;       /* this paragraph has no space around it */
	char *href;
	size_t href_at; /* where the text of the link begins */
	struct html_result *result;
	size_t range_at; /* depth of the open range, 0: none */
	bool divided;
};

static void
want_lines(struct state *s, int n)
{
	if (s->out.len > 0 && s->newlines < n)
		s->newlines = n;
	s->gap = 0;
}

static void
trim_line(struct state *s)
{
	while (s->out.len > 0 && s->out.data[s->out.len - 1] == ' ')
		s->out.len--;
}

static void
add_prefix(struct state *s)
{
	for (size_t i = 0; i < s->quote; i++)
		buf_char(&s->out, '>');
	if (s->quote > 0)
		buf_char(&s->out, ' ');
	for (size_t i = 1; i < s->lists_n; i++)
		buf_str(&s->out, "  ");
	if (s->bullet && s->lists_n > 0) {
		struct list *l = &s->lists[s->lists_n - 1];

		if (l->numbered)
			buf_printf(&s->out, "%ld. ", l->number++);
		else
			buf_str(&s->out, "- ");
	} else if (s->lists_n > 0) {
		buf_str(&s->out, "  ");
	}
	s->bullet = false;
}

/* A line of blanks alone stands there already: with it no more than one blank
 * line in all. */
static void
cap_newlines(struct state *s)
{
	size_t n = s->out.len;
	int have = 0;

	while (n > 0 && s->out.data[n - 1] == '\n' && have < 2) {
		n--;
		have++;
	}
	if (s->newlines + have > 2)
		s->newlines = 2 - have;
}

/* Text follows: write the line ends and blanks that were wanted before. */
static void
lead(struct state *s)
{
	html_cells_text(&s->cells, s->newlines > 0, s->out.len);
	if (s->newlines > 0 || s->out.len == 0) {
		trim_line(s);
		cap_newlines(s);
		for (; s->newlines > 0; s->newlines--) {
			buf_char(&s->out, '\n');
			/* a quote has no holes */
			if (s->newlines > 1 && s->quote > 0)
				for (size_t i = 0; i < s->quote; i++)
					buf_char(&s->out, '>');
		}
		add_prefix(s);
	} else {
		for (; s->gap > 0; s->gap--)
			buf_char(&s->out, ' ');
	}
	s->newlines = 0;
	s->gap = 0;
}

static void
open_range(struct state *s, enum html_kind kind)
{
	struct html_result *x = s->result;

	if (s->range_at != 0 || x->quotes_n == HTML_RANGES_MAX)
		return;
	x->quotes[x->quotes_n].kind = kind;
	x->quotes[x->quotes_n].from = s->out.len;
	x->quotes[x->quotes_n].to = (size_t)-1;
	s->range_at = s->depth;
}

/* The first one counts: below it all is the answered mail. */
static void
add_divider(struct state *s)
{
	struct html_result *x = s->result;

	if (s->range_at != 0 || s->divided || s->out.len == 0 ||
	    x->quotes_n == HTML_RANGES_MAX)
		return;
	s->divided = true;
	x->quotes[x->quotes_n].kind = HTML_DIVIDER;
	x->quotes[x->quotes_n].from = s->out.len;
	x->quotes[x->quotes_n++].to = s->out.len;
}

static void
open_quote(struct state *s, const xmlChar **attrs)
{
	if (s->quote == QUOTE_DEPTH_MAX || html_indent(attrs))
		return;
	s->quote_at[s->quote++] = s->depth;
	open_range(s, HTML_QUOTE);
}

static void
open_list(struct state *s, bool numbered)
{
	if (s->lists_n == 0)
		want_lines(s, 2);
	if (s->lists_n == LIST_DEPTH_MAX)
		return;
	s->lists[s->lists_n].numbered = numbered;
	s->lists[s->lists_n++].number = 1;
}

/* A list that does not begin at 1, or an element that says its number. */
static void
set_number(struct state *s, const char *number)
{
	long n = 0;

	if (number == NULL || s->lists_n == 0 || !ascii_digit(*number))
		return;
	for (; ascii_digit(*number) && n < 1000000; number++)
		n = n * 10 + (*number - '0');
	s->lists[s->lists_n - 1].number = n;
}

static void
open_link(struct state *s, const xmlChar **attrs)
{
	const char *href = html_attribute(attrs, "href");

	s->href = href == NULL ? NULL : utf8_line(s->a, href, 2000);
	s->href_at = s->out.len;
}

/* "text <address>", unless the text says the address already. */
static void
close_link(struct state *s)
{
	const char *href = s->href, *scheme;
	char *bare;

	s->href = NULL;
	if (href == NULL)
		return;
	if (strncasecmp(href, "mailto:", 7) == 0)
		href += 7;
	else if (strncasecmp(href, "http://", 7) != 0 &&
	    strncasecmp(href, "https://", 8) != 0)
		return;
	scheme = strstr(href, "://");
	bare = arena_strdup(s->a, scheme != NULL ? scheme + 3 : href);
	bare[strcspn(bare, "?")] = '\0';
	if (bare[0] != '\0' && bare[strlen(bare) - 1] == '/')
		bare[strlen(bare) - 1] = '\0';
	if (s->out.len == s->href_at || bare[0] == '\0' ||
	    ascii_find(buf_text(&s->out) + s->href_at, bare) != NULL)
		return;
	lead(s);
	buf_printf(&s->out, " <%s>", href);
}

/* One character that is no collapsible blank. */
static void
add_char(struct state *s, const char *p, size_t n)
{
	if (s->newlines > 0 || s->gap > 0 || s->out.len == 0)
		lead(s);
	if (n == 2 && p[0] == '\xc2' && p[1] == '\xa0')
		buf_char(&s->out, ' '); /* a blank that stays */
	else
		buf_add(&s->out, p, n);
}

/* The text in place of a picture; a sign of feeling stands for itself. */
static void
add_picture(struct state *s, const char *alt)
{
	size_t n = alt == NULL ? 0 : strlen(alt);
	char *line;

	if (n == 0 || !html_alt(alt) || s->hidden_at != 0)
		return;
	line = utf8_line(s->a, alt, 200);
	if ((unsigned char)line[0] >= 0xe2 && n <= 16) {
		add_char(s, line, strlen(line));
		return;
	}
	add_char(s, "[", 1);
	buf_str(&s->out, line);
	buf_char(&s->out, ']');
}

static void
open_special(struct state *s, const char *name, const xmlChar **attrs)
{
	if (strcmp(name, "br") == 0) {
		s->newlines += s->newlines < 2 && s->out.len > 0;
		s->gap = 0;
	} else if (strcmp(name, "li") == 0) {
		s->bullet = true;
		set_number(s, html_attribute(attrs, "value"));
	} else if (strcmp(name, "ul") == 0 || strcmp(name, "ol") == 0) {
		open_list(s, name[0] == 'o');
		set_number(s, html_attribute(attrs, "start"));
	} else if (strcmp(name, "blockquote") == 0) {
		open_quote(s, attrs);
	} else if (strcmp(name, "a") == 0) {
		open_link(s, attrs);
	} else if (strcmp(name, "img") == 0) {
		add_picture(s, html_attribute(attrs, "alt"));
	} else if (strcmp(name, "tr") == 0) {
		html_cells_row(&s->cells);
	} else if (strcmp(name, "table") == 0) {
		html_cells_open(&s->cells);
	}
}

/* Cells of a row stand on one line unless one of them has several. */
static void
open_cell(struct state *s)
{
	switch (html_cells_cell(&s->cells, s->out.len)) {
	case CELL_FIRST:
		break;
	case CELL_BESIDE:
		s->newlines = 0;
		s->gap = 2;
		break;
	case CELL_BELOW:
		want_lines(s, 1);
		break;
	}
}

static void
open_answered(struct state *s, const char *name, const xmlChar **attrs)
{
	enum html_kind kind;

	if (!html_answered(name, attrs, &kind))
		return;
	if (kind == HTML_DIVIDER)
		add_divider(s);
	else
		open_range(s, kind);
}

static void
on_open(void *ctx, const xmlChar *xml_name, const xmlChar **attrs)
{
	const char *name = (const char *)xml_name;
	struct state *s = ctx;
	unsigned f = html_flags(name);

	s->depth++;
	s->skip += (f & SKIP) != 0;
	if (s->skip > 0)
		return;
	s->pre += (f & PRE) != 0;
	/* Word's paragraphs have no space between them */
	if (strcmp(name, "p") == 0)
		s->tight = html_has(html_attribute(attrs, "class"), "Mso");
	if (s->tight)
		f &= ~(unsigned)PARAGRAPH;
	if ((f & (PARAGRAPH | BLOCK)) != 0 && !html_cells_fresh(&s->cells))
		want_lines(s, (f & PARAGRAPH) != 0 ? 2 : 1);
	if ((f & CELL) != 0)
		open_cell(s);
	if (s->hidden_at == 0 && html_hidden(attrs))
		s->hidden_at = s->depth;
	open_answered(s, name, attrs);
	open_special(s, name, attrs);
}

static void
close_hidden(struct state *s)
{
	if (s->hidden_said) {
		trim_line(s);
		buf_char(&s->out, ']');
	}
	s->hidden_at = 0;
	s->hidden_said = false;
}

static void
close_special(struct state *s, const char *name)
{
	if (strcmp(name, "ul") == 0 || strcmp(name, "ol") == 0) {
		s->lists_n -= s->lists_n > 0;
		if (s->lists_n == 0)
			want_lines(s, 2);
	} else if (strcmp(name, "a") == 0) {
		close_link(s);
	} else if (strcmp(name, "li") == 0) {
		s->bullet = false;
	} else if (strcmp(name, "table") == 0) {
		html_cells_close(&s->cells);
	} else if (strcmp(name, "tr") == 0 && html_cells_plain(&s->cells) &&
	    s->newlines > 1) {
		s->newlines = 1;
	}
	if (s->hidden_at == s->depth)
		close_hidden(s);
	if (s->quote > 0 && s->quote_at[s->quote - 1] == s->depth)
		s->quote--;
	if (s->range_at != 0 && s->range_at == s->depth) {
		s->result->quotes[s->result->quotes_n++].to = s->out.len;
		s->range_at = 0;
	}
}

static void
on_close(void *ctx, const xmlChar *xml_name)
{
	const char *name = (const char *)xml_name;
	struct state *s = ctx;
	unsigned f = html_flags(name);

	if (s->skip == 0) {
		close_special(s, name);
		if ((f & BLOCK) != 0 && (f & VOID) == 0)
			want_lines(
			    s, (f & PARAGRAPH) != 0 && !s->tight ? 2 : 1);
		s->tight &= strcmp(name, "p") != 0;
		s->pre -= (f & PRE) != 0 && s->pre > 0;
	}
	s->skip -= (f & SKIP) != 0 && s->skip > 0;
	s->depth -= s->depth > 0;
}

static void
add_blank(struct state *s, char c)
{
	if (s->pre > 0 && c == '\n') {
		s->newlines++;
		if (s->newlines > 2 || s->out.len == 0)
			s->newlines = s->out.len == 0 ? 0 : 2;
	} else if (s->pre > 0) {
		add_char(s, c == '\t' ? "\t" : " ", 1);
	} else if (s->gap == 0 && s->newlines == 0 && s->out.len > 0) {
		s->gap = 1;
	}
}

/* A character by its number: what Windows means by 128 to 159, and what turns
 * the direction of text or hides itself.  Bytes written to out; 0: nothing. */
static size_t
read_reference(struct state *s, const char *p, size_t n, char out[8])
{
	const char *end = p + n;
	uint32_t c = utf8_next(&p, end);

	if (p != end || c < 0x80)
		return SIZE_MAX;
	if (c < 0xa0)
		c = charset_c1(c);
	if (c == 0xfffd)
		return 0;
	out[utf8_put(out, c)] = '\0';
	s->result->turned |= utf8_neutral(out);
	return strlen(out);
}

/* Is there anything to see? */
static bool
visible(const char *p, const char *end)
{
	while (p < end) {
		uint32_t c = utf8_next(&p, end);

		if (!utf8_space(c) && !utf8_hidden(c) && c != 0x34f)
			return true;
	}
	return false;
}

/* Text that the sender did not want to be seen: said once, where it begins. */
static bool
enter_hidden(struct state *s, const char *p, const char *end)
{
	if (!visible(p, end)) {
		add_blank(s, ' ');
		return false;
	}
	if (!s->hidden_said) {
		add_char(s, "[hidden:", 8);
		s->gap = 1;
	}
	s->hidden_said = true;
	return true;
}

static bool
is_ink(char c)
{
	return (unsigned char)c > ' ' && c != '\xc2' && c != '\x7f';
}

/* Behind the word at p; behind all words that one blank each parts, if so. */
static const char *
words_end(const char *p, const char *end, bool all)
{
	for (;; p++) {
		while (p < end && is_ink(*p))
			p++;
		if (!all || end - p < 2 || *p != ' ' || !is_ink(p[1]))
			return p;
	}
}

static void
add_words(struct state *s, const char *p, const char *end)
{
	bool led = false; /* what stands before text does */

	while (p < end) {
		const char *from = p;

		if (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r') {
			add_blank(s, *p++);
			continue;
		}
		led |= s->pre == 0 &&
		    (s->newlines > 0 || s->gap > 0 || s->out.len == 0);
		p = words_end(p, end, led);
		if (p == from) {
			uint32_t c = utf8_next(&p, end);

			if (c < ' ' || (c >= 0x7f && c < 0xa0))
				continue;
		}
		add_char(s, from, (size_t)(p - from));
	}
}

static void
on_text(void *ctx, const xmlChar *xml_text, int length)
{
	const char *p = (const char *)xml_text, *end = p + length;
	struct state *s = ctx;
	char one[8];
	size_t n;

	if (s->skip > 0)
		return;
	if (length <= 4 && length > 1 &&
	    (n = read_reference(s, p, (size_t)length, one)) != SIZE_MAX) {
		p = one;
		end = one + n;
	}
	if (s->hidden_at == 0 || enter_hidden(s, p, end))
		add_words(s, p, end);
}

void
html_read(struct arena *a, const char *html, struct html_result *out)
{
	const struct html_calls calls = { on_open, on_close, on_text };
	struct state s = { .a = a, .result = out };
	size_t n;

	*out = (struct html_result){ 0 };
	buf_init(&s.out, (size_t)MAIL_HTML_MAX * 2);
	html_feed(html_clean(a, html), &calls, &s);
	trim_line(&s);
	n = s.out.over ? utf8_cut(buf_text(&s.out), s.out.len, s.out.len)
		       : s.out.len;
	if (s.range_at != 0)
		out->quotes[out->quotes_n++].to = n;
	/* blanks at the end of a line went after their place was noted */
	for (size_t i = 0; i < out->quotes_n; i++) {
		struct html_range *x = &out->quotes[i];

		x->to = x->to < n ? x->to : n;
		x->from = x->from < x->to ? x->from : x->to;
	}
	out->text = arena_memdup(a, buf_text(&s.out), n);
	buf_done(&s.out);
}

char *
html_text(struct arena *a, const char *html)
{
	struct html_result x;

	html_read(a, html, &x);
	return x.text;
}
