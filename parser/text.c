/*
 * Which texts of a mail are its text: of a multipart/alternative the plain one
 * unless it is empty, of everything else all, in order (RFC 8621 4.1.4).
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/armor.h"
#include "parser/flowed.h"
#include "parser/html.h"
#include "parser/reader.h"
#include "parser/utf8.h"

#define STUB_MAX 700 /* bytes of a text that only excuses itself */

static bool
blank_text(const char *s)
{
	const char *end = s + strlen(s);

	while (s < end) {
		uint32_t c = utf8_next(&s, end);

		if (!utf8_space(c) && c != 0x200b && c != 0x200c &&
		    c != 0x200d && c != 0x2060 && c != 0xfeff && c != 0xad)
			return false;
	}
	return true;
}

struct piece *
text_add(struct mail_reader *r, int part, const char *text)
{
	struct piece *x;

	r->pieces = arena_grow(
	    r->a, r->pieces, r->pieces_n, &r->pieces_cap, sizeof(*x));
	x = &r->pieces[r->pieces_n++];
	*x = (struct piece){ .part = part, .text = text };
	return x;
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

/* Does the alternative around it have a plain text that says something? */
static bool
has_plain(const struct mail_reader *r, const struct piece *x)
{
	for (size_t i = 0; x->alternative >= 0 && i < r->pieces_n; i++)
		if (!r->pieces[i].html && !r->pieces[i].blank &&
		    r->pieces[i].alternative == x->alternative)
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

/* Of an alternative the plain text, of a winmail.dat only what the mail does
 * not say itself. */
static bool
is_wanted(const struct mail_reader *r, const struct piece *x)
{
	if (x->spare)
		return r->no_text && (!x->html || !r->spare_plain);
	return !x->aside && (!x->html || !has_plain(r, x));
}

/* The root of a multipart/related (RFC 2387 3.2), -1: it cannot be told. */
static int
related_root(const struct mail_reader *r, int parent, const char *start)
{
	const struct mail *m = &r->m;
	int first = -1;

	for (size_t i = (size_t)parent + 1; i < m->parts_n; i++) {
		if (m->parts[i].parent != parent)
			continue;
		first = first < 0 ? (int)i : first;
		if (start == NULL)
			break;
		if (m->parts[i].id != NULL &&
		    strcmp(m->parts[i].id, start) == 0)
			return (int)i;
	}
	return first;
}

/* A text with an id beside the root is a file that the root shows. */
static bool
is_beside_root(const struct mail_reader *r, const struct piece *x)
{
	const struct part *p = &r->m.parts[x->part];
	int root;

	if (!x->related || p->id == NULL || p->parent < 0)
		return false;
	root = related_root(r, p->parent, x->start);
	return root >= 0 && root != x->part &&
	    (r->m.parts[root].kind == PART_TEXT ||
		strncmp(r->m.parts[root].type, "multipart/", 10) == 0);
}

/* Where HTML said that the answered mail begins and ends. */
static void
add_quote(struct mail_reader *r, const struct html_range *x, size_t at)
{
	if (r->quotes_n == HTML_RANGES_MAX)
		return;
	r->quotes[r->quotes_n] = *x;
	r->quotes[r->quotes_n].from += at;
	r->quotes[r->quotes_n++].to += at;
}

/* Plain text of a piece.  Ranges of HTML do not outlive a change. */
static const char *
piece_text(
    struct mail_reader *r, const struct piece *x, struct html_result *html)
{
	static const char note[] =
	    "[This text is encrypted (PGP). deskd cannot read it; the original"
	    " is kept.]";
	const char *text = x->text;

	if (x->html) {
		html_read(r->a, x->text, html);
		text = html->text;
	}
	if (html->quotes_n == 0)
		text = armor_read(r->a, text, note, &r->m.encrypted);
	return x->flowed ? flowed_unwrap(r->a, text, x->delsp) : text;
}

static void
add_piece(struct mail_reader *r, struct buf *out, const struct piece *x)
{
	struct html_result html = { 0 };
	const char *text = piece_text(r, x, &html);

	if (html.turned)
		reader_defect(r, DEFECT_TURNS);
	if (blank_text(text))
		return;
	if (out->len > 0)
		buf_str(out, out->data[out->len - 1] == '\n' ? "\n" : "\n\n");
	for (size_t i = 0; i < html.quotes_n; i++)
		add_quote(r, &html.quotes[i], out->len);
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

		if (!x->html || x->aside || (x->spare && !r->no_text))
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

/* What a piece is beside the others. */
static void
read_piece(struct mail_reader *r, struct piece *x)
{
	x->blank = blank_text(x->text);
	x->aside = is_beside_root(r, x);
	if (x->aside)
		r->m.parts[x->part].kind = PART_ATTACHMENT;
	if (x->spare && !x->html && !x->blank)
		r->spare_plain = true;
	if (!x->spare && !x->blank && !x->aside)
		r->no_text = false;
}

static void
read_pieces(struct mail_reader *r)
{
	r->no_text = true;
	for (size_t i = 0; i < r->pieces_n; i++) {
		struct piece *x = &r->pieces[i];

		x->alternative = alternative_of(&r->m, x->part);
		x->blank = blank_text(x->text);
	}
	for (size_t i = 0; i < r->pieces_n; i++)
		if (is_stub(r, &r->pieces[i]))
			r->pieces[i].text = "";
	for (size_t i = 0; i < r->pieces_n; i++)
		read_piece(r, &r->pieces[i]);
}

void
text_join(struct mail_reader *r)
{
	struct buf out;

	read_pieces(r);
	join_html(r);
	buf_init(&out, (size_t)MAIL_TEXT_MAX * 8);
	for (size_t i = 0; i < r->pieces_n; i++)
		if (is_wanted(r, &r->pieces[i]))
			add_piece(r, &out, &r->pieces[i]);
	r->m.text = arena_memdup(r->a, buf_text(&out),
	    utf8_cut(buf_text(&out), out.len, r->text_max));
	if (out.len > r->text_max)
		reader_defect(r, "the text is too long and was cut");
	buf_done(&out);
}
