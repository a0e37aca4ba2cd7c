/*
 * The HTML part, made from the text part so that both say the same.  For
 * screen readers, phones and dark mode alike: real paragraphs, lists and
 * quotes, the reader's own colours and fonts, nothing remote, no scripts, no
 * pictures.  Only http, https and mailto become links.
 */
#include "parser/compose.h"

#include <stdbool.h>
#include <string.h>

#include "parser/buf.h"
#include "parser/compose_line.h"
#include "parser/compose_page.h"
#include "parser/limits.h"
#include "parser/utf8.h"

#define WRAP_COLUMNS 64 /* a line this full was wrapped, not ended */
#define QUOTES_MAX   8  /* blockquotes in blockquotes */
#define INDENT_MAX   20
#define PAGE_MAX     (LETTER_MAX / 8)

static const char *const block_end[BLOCK_COUNT] = {
	[BLOCK_NONE] = "",
	[BLOCK_TEXT] = "</p>\n",
	[BLOCK_LIST] = "</li>\n</ul>\n",
	[BLOCK_NUMBERS] = "</li>\n</ol>\n",
	[BLOCK_BUTTONS] = "</div>\n",
};

static void
block_close(struct page *p)
{
	buf_str(&p->out, block_end[p->block]);
	p->block = BLOCK_NONE;
}

static void
set_depth(struct page *p, size_t depth)
{
	if (depth > QUOTES_MAX)
		depth = QUOTES_MAX;
	if (depth != p->depth)
		block_close(p);
	for (; p->depth < depth; p->depth++)
		buf_str(&p->out,
		    "<blockquote style=\"margin:0 0 0 .5em;"
		    "padding-left:.8em;border-left:2px solid #888\">\n");
	for (; p->depth > depth; p->depth--)
		buf_str(&p->out, "</blockquote>\n");
}

/* "- x", "* x", "1. x": the kind of list, and the bytes before the words. */
static enum block
list_mark(const struct page *p, const char *s, size_t n, size_t *mark)
{
	size_t i = 0;

	if (n > 2 && (*s == '-' || *s == '*') && s[1] == ' ' && s[2] != ' ') {
		*mark = 2;
		return BLOCK_LIST;
	}
	if (n > 4 && strncmp(s, "\xe2\x80\xa2 ", 4) == 0) {
		*mark = 4;
		return BLOCK_LIST;
	}
	while (i < n && i < 3 && s[i] >= '0' && s[i] <= '9')
		i++;
	if (i == 0 || i + 2 >= n || (s[i] != '.' && s[i] != ')') ||
	    s[i + 1] != ' ')
		return BLOCK_NONE;
	/* A list of numbers begins with 1; else it is a date or a sum. */
	if (p->block != BLOCK_NUMBERS && !(i == 1 && *s == '1'))
		return BLOCK_NONE;
	*mark = i + 2;
	return BLOCK_NUMBERS;
}

static void
put_list_line(struct page *p, enum block kind, const char *s, size_t n)
{
	if (p->block == kind) {
		buf_str(&p->out, "</li>\n");
	} else {
		block_close(p);
		buf_str(&p->out, kind == BLOCK_LIST ? "<ul>\n" : "<ol>\n");
		p->block = kind;
	}
	buf_str(&p->out, "<li>");
	page_inline(p, s, n);
}

/* Columns of a table drawn with blanks: such a line was never wrapped. */
static bool
has_gap(const char *s, size_t n)
{
	size_t blanks = 0;

	for (size_t i = 0; i < n; i++) {
		blanks = s[i] == ' ' ? blanks + 1 : 0;
		if (blanks == 3 && i + 1 < n)
			return true;
	}
	return false;
}

/* A line that goes on where the block before it stands. */
static void
put_next_line(struct page *p, const char *s, size_t n)
{
	size_t word = 0;

	while (word < n && s[word] != ' ')
		word++;
	if (p->aligned || has_gap(s, n) ||
	    p->columns + 1 + line_columns(s, word) <= WRAP_COLUMNS)
		buf_str(&p->out, "<br>");
	buf_char(&p->out, '\n');
	page_inline(p, s, n);
}

static void
put_text_line(struct page *p, size_t indent, const char *s, size_t n)
{
	if (indent > INDENT_MAX)
		indent = INDENT_MAX;
	if ((p->block == BLOCK_TEXT && p->indent == indent) ||
	    (p->block > BLOCK_TEXT && indent > 1)) {
		put_next_line(p, s, n);
		return;
	}
	block_close(p);
	if (indent == 0)
		buf_str(&p->out, "<p>");
	else
		buf_printf(&p->out, "<p style=\"margin-left:%zu.%zuem\">",
		    indent / 2, indent % 2 * 5);
	page_inline(p, s, n);
	p->block = BLOCK_TEXT;
	p->indent = indent;
}

/* A line without its LF. */
static void
put_line(struct page *p, const char *s, size_t n)
{
	size_t mark, indent = 0, words_at = 0, label;
	enum block kind;

	set_depth(p, line_quotes(s, n, &mark));
	s += mark;
	n -= mark;
	for (; n > 0 && (*s == ' ' || *s == '\t'); s++, n--)
		indent += *s == '\t' ? 8 : 1;
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	if (n == 0) {
		block_close(p);
		return;
	}
	label = p->depth > 0 ? 0 : page_button_label(p, s, n);
	if (label > 0) {
		if (p->block != BLOCK_BUTTONS) {
			block_close(p);
			buf_str(&p->out, "<div>\n");
			p->block = BLOCK_BUTTONS;
		}
		page_button(p, s, n, label);
		return;
	}
	if (p->block == BLOCK_BUTTONS)
		block_close(p);
	kind = indent < 4 ? list_mark(p, s, n, &words_at) : BLOCK_NONE;
	if (kind == BLOCK_NONE)
		put_text_line(p, indent, s, n);
	else
		put_list_line(p, kind, s + words_at, n - words_at);
	p->columns = indent + line_columns(s, n);
	p->aligned = has_gap(s, n);
}

static void
put_head(
    struct page *p, struct arena *a, const char *language, const char *title)
{
	buf_str(&p->out, "<!DOCTYPE html>\n<html");
	if (language != NULL && *language != '\0') {
		buf_str(&p->out, " lang=\"");
		page_escaped(p, language, strlen(language));
		buf_str(&p->out, "\"");
	}
	buf_str(&p->out,
	    ">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"supported-color-schemes\" "
	    "content=\"light dark\">\n");
	if (title != NULL) {
		title = utf8_line(a, title, MAIL_SUBJECT_MAX);
		buf_str(&p->out, "<title>");
		page_escaped(p, title, strlen(title));
		buf_str(&p->out, "</title>\n");
	}
	buf_str(&p->out, "<style>:root{color-scheme:light dark}");
}

static void
put_body(struct page *p)
{
	buf_str(&p->out,
	    "</style>\n</head>\n"
	    "<body dir=\"auto\" style=\"font-family:system-ui,sans-serif;"
	    "font-size:16px;line-height:1.5\">\n");
}

static void
put_lines(struct page *p, const char *text)
{
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		put_line(p, text, n);
		text += n + (text[n] == '\n');
	}
	set_depth(p, 0);
	block_close(p);
}

/* What was written, or NULL: it would be too large. */
static char *
page_end(struct page *p, struct arena *a)
{
	char *html = p->out.over ? NULL : arena_strdup(a, buf_text(&p->out));

	buf_done(&p->out);
	return html;
}

static char *
page_make(struct arena *a, const char *text, const char *language,
    const char *title, const struct compose *c)
{
	struct page p = { .c = c };

	buf_init(&p.out, PAGE_MAX);
	put_head(&p, a, language, title);
	put_body(&p);
	put_lines(&p, text);
	buf_str(&p.out, "</body>\n</html>\n");
	return page_end(&p, a);
}

char *
compose_html(
    struct arena *a, const char *text, const char *language, const char *title)
{
	return page_make(a, text, language, title, NULL);
}

char *
compose_letter(struct arena *a, const char *text, const struct compose *c)
{
	return page_make(a, text, c->language, c->subject, c);
}

char *
compose_body(struct arena *a, const char *text)
{
	return compose_letter_body(a, text, NULL);
}

char *
compose_letter_body(struct arena *a, const char *text, const struct compose *c)
{
	struct page p = { .c = c };

	buf_init(&p.out, PAGE_MAX);
	put_lines(&p, text);
	return page_end(&p, a);
}

char *
compose_page(
    struct arena *a, const char *rich, const char *language, const char *title)
{
	struct page p = { 0 };

	buf_init(&p.out, PAGE_MAX);
	put_head(&p, a, language, title);
	/* Tags without a style of their own: tables show their lines, nothing
	 * is wider than the window. */
	buf_str(&p.out,
	    "table{border-collapse:collapse}"
	    "td,th{border:1px solid #888;padding:.2em .5em;text-align:left;"
	    "vertical-align:top}"
	    "img{max-width:100%;height:auto}"
	    "pre{white-space:pre-wrap}"
	    "blockquote{margin:0 0 0 .5em;padding-left:.8em;"
	    "border-left:2px solid #888}");
	put_body(&p);
	buf_str(&p.out, rich);
	buf_str(&p.out, "</body>\n</html>\n");
	return page_end(&p, a);
}
