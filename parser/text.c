/*
 * Which texts of a mail are its text: of a multipart/alternative the plain one
 * unless it is empty, of everything else all, in order (RFC 8621 4.1.4).
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/flowed.h"
#include "parser/html.h"
#include "parser/reader.h"
#include "parser/utf8.h"

#define STUB_MAX 700 /* bytes of a text that only excuses itself */

static bool
blank_text(const char *s)
{
	return s[strspn(s, " \t\n\v\f\r")] == '\0';
}

/* The outermost alternative around a part, -1: none. */
static int
alternative_of(const struct mail *m, int part)
{
	int found = -1;

	for (; part >= 0; part = m->parts[part].parent)
		if (part_is(&m->parts[part], "multipart/alternative"))
			found = part;
	return found;
}

/* Does an alternative of this piece have a plain text that says something? */
static bool
has_plain(const struct mail_reader *r, const struct piece *x)
{
	int alternative = alternative_of(&r->m, x->part);

	if (alternative < 0)
		return false;
	for (size_t i = 0; i < r->pieces_n; i++)
		if (!r->pieces[i].html && !r->pieces[i].blank &&
		    r->pieces[i].alternative == alternative)
			return true;
	return false;
}

/* The HTML that stands beside a plain text; NULL: none. */
static const struct piece *
html_beside(const struct mail_reader *r, const struct piece *x)
{
	for (size_t i = 0; x->alternative >= 0 && i < r->pieces_n; i++)
		if (r->pieces[i].html &&
		    r->pieces[i].alternative == x->alternative)
			return &r->pieces[i];
	return NULL;
}

/*
 * "This mail is HTML, your program cannot show it": short, it names HTML, and
 * the HTML beside it says much more.  Then it is no alternative.
 */
static bool
is_stub(const struct mail_reader *r, const struct piece *x)
{
	const struct piece *html;

	if (x->html || x->blank || strnlen(x->text, STUB_MAX) == STUB_MAX ||
	    ascii_find(x->text, "html") == NULL)
		return false;
	html = html_beside(r, x);
	return html != NULL &&
	    strlen(html_text(r->a, html->text)) > 3 * strlen(x->text);
}

/* Where HTML said that the answered mail begins and ends. */
static void
add_quote(struct mail_reader *r, size_t from, size_t to)
{
	if (r->quotes_n == HTML_RANGES_MAX)
		return;
	r->quotes[r->quotes_n].from = from;
	r->quotes[r->quotes_n++].to = to;
}

static void
add_piece(struct mail_reader *r, struct buf *out, const struct piece *x)
{
	const char *text = x->text;
	struct html_result html = { 0 };

	if (x->html) {
		html_read(r->a, x->text, &html);
		text = html.text;
	} else if (x->flowed) {
		text = flowed_unwrap(r->a, x->text, x->delsp);
	}
	if (blank_text(text))
		return;
	if (out->len > 0)
		buf_str(out, out->data[out->len - 1] == '\n' ? "\n" : "\n\n");
	for (size_t i = 0; i < html.quotes_n; i++)
		add_quote(r, out->len + html.quotes[i].from,
		    out->len + html.quotes[i].to);
	buf_str(out, text);
}

/* The HTML of the mail with its tags, for whoever can show it. */
static void
join_html(struct mail_reader *r)
{
	struct buf out;

	buf_init(&out, (size_t)MAIL_HTML_MAX * 4);
	for (size_t i = 0; i < r->pieces_n; i++) {
		const struct piece *x = &r->pieces[i];

		if (!x->html)
			continue;
		if (r->m.html == NULL) {
			r->m.html = x->text;
			continue;
		}
		if (out.len == 0)
			buf_str(&out, r->m.html);
		buf_char(&out, '\n');
		buf_str(&out, x->text);
	}
	if (out.len > 0)
		r->m.html = arena_memdup(r->a, buf_text(&out),
		    utf8_cut(buf_text(&out), out.len, r->html_max));
	buf_done(&out);
}

void
text_join(struct mail_reader *r)
{
	struct buf out;

	for (size_t i = 0; i < r->pieces_n; i++) {
		struct piece *x = &r->pieces[i];

		x->alternative = alternative_of(&r->m, x->part);
		x->blank = blank_text(x->text);
	}
	for (size_t i = 0; i < r->pieces_n; i++)
		if (is_stub(r, &r->pieces[i]))
			r->pieces[i].text = "";
	for (size_t i = 0; i < r->pieces_n; i++)
		r->pieces[i].blank = blank_text(r->pieces[i].text);
	join_html(r);
	buf_init(&out, (size_t)MAIL_TEXT_MAX * 8);
	for (size_t i = 0; i < r->pieces_n; i++)
		if (!r->pieces[i].html || !has_plain(r, &r->pieces[i]))
			add_piece(r, &out, &r->pieces[i]);
	r->m.text = arena_memdup(r->a, buf_text(&out),
	    utf8_cut(buf_text(&out), out.len, r->text_max));
	if (out.len > r->text_max)
		reader_defect(r, "the text is too long and was cut");
	buf_done(&out);
}
