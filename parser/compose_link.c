/*
 * Words and links of the HTML part.  All is escaped; only http, https and
 * mailto become links, and only what writes to the letter's own desk a button.
 */
#include <string.h>

#include "parser/compose_page.h"

#define LABEL_MAX 40 /* bytes of a link's words */

static const char *const escapes[128] = {
	['&'] = "&amp;",
	['<'] = "&lt;",
	['>'] = "&gt;",
	['"'] = "&quot;",
	['\''] = "&#39;",
};

void
page_escaped(struct page *p, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 128 && escapes[c] != NULL)
			buf_str(&p->out, escapes[c]);
		else if (c == ' ' && i > 0 && s[i - 1] == ' ')
			buf_str(
			    &p->out, "&nbsp;"); /* each of a run shall show */
		else
			buf_char(&p->out, s[i]);
	}
}

/* The bytes of a link that begins at s; 0 when none does. */
static size_t
link_length(const char *s, size_t n)
{
	static const char *const schemes[] = { "https://", "http://",
		"mailto:" };
	size_t k, i;

	for (i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		k = strlen(schemes[i]);
		if (n > k && strncasecmp(s, schemes[i], k) == 0)
			break;
	}
	if (i == sizeof(schemes) / sizeof(*schemes))
		return 0;
	for (i = k; i < n && s[i] != '\0'; i++)
		if (strchr(" \t<>\"", s[i]) != NULL)
			break;
	return i > k ? i : 0;
}

/* A bare link ends before the full stop of its sentence. */
static size_t
link_trim(const char *s, size_t n)
{
	size_t i = n;

	while (i > 0 && strchr(".,;:!?'", s[i - 1]) != NULL)
		i--;
	if (i > 0 && s[i - 1] == ')' && memchr(s, '(', i) == NULL)
		i--;
	return i;
}

static void
put_link(struct page *p, const char *url, size_t n, const char *label,
    size_t label_n)
{
	buf_str(&p->out, "<a href=\"");
	page_escaped(p, url, n);
	buf_str(&p->out, "\">");
	page_escaped(p, label, label_n);
	buf_str(&p->out, "</a>");
}

/* What to show for a link without words of its own. */
static void
put_bare_link(struct page *p, const char *url, size_t n)
{
	const char *show = url, *end;
	size_t show_n = n;

	if (strncasecmp(url, "mailto:", 7) == 0) {
		show = url + 7;
		end = memchr(show, '?', n - 7);
		show_n = end == NULL ? n - 7 : (size_t)(end - show);
	}
	put_link(p, url, n, show, show_n);
}

/*
 * The words in front of "<link>" that name it: a quoted text, or up to three
 * words that stand alone (line start or two blanks before them).  s is the text
 * before the link; returns where the label begins, *label_n is 0 for none.
 */
static size_t
label_find(const char *s, size_t n, size_t *label_n)
{
	size_t end = n, i, words = 1;

	*label_n = 0;
	while (end > 0 && s[end - 1] == ' ')
		end--;
	if (end > 1 && s[end - 1] == '"') {
		for (i = end - 1; i > 0 && s[i - 1] != '"'; i--)
			;
		if (i == 0 || i == end - 1 || end - i > LABEL_MAX)
			return n;
		*label_n = end - 1 - i;
		return i;
	}
	for (i = end; i > 0; i--) {
		if (s[i - 1] == ' ' && (i == 1 || s[i - 2] == ' '))
			break;
		words += s[i - 1] == ' ';
	}
	if (end == i || words > 3 || end - i > LABEL_MAX)
		return n;
	*label_n = end - i;
	return i;
}

/* "<link>" at s[at]: text before it was not written yet. */
static size_t
put_marked_link(struct page *p, const char *s, size_t at, size_t link)
{
	size_t label_n, label = label_find(s, at, &label_n);

	if (label_n == 0) {
		page_escaped(p, s, at);
		put_bare_link(p, s + at + 1, link);
	} else {
		/* The quotes around the words go. */
		page_escaped(
		    p, s, label > 0 && s[label - 1] == '"' ? label - 1 : label);
		put_link(p, s + at + 1, link, s + label, label_n);
	}
	return at + link + 2;
}

void
page_inline(struct page *p, const char *s, size_t n)
{
	size_t i = 0, link;

	while (i < n) {
		if (s[i] == '<' &&
		    (link = link_length(s + i + 1, n - i - 1)) > 0 &&
		    i + link + 1 < n && s[i + link + 1] == '>') {
			i = put_marked_link(p, s, i, link);
		} else if ((i == 0 || strchr(" \t(<\"'", s[i - 1]) != NULL) &&
		    (link = link_length(s + i, n - i)) > 0 &&
		    (link = link_trim(s + i, link)) > 8) {
			page_escaped(p, s, i);
			put_bare_link(p, s + i, link);
			i += link;
		} else {
			i++;
			continue;
		}
		s += i;
		n -= i;
		i = 0;
	}
	page_escaped(p, s, n);
}

/* Does the n bytes' address of a mailto link write to us: the sender's own,
 * with or without a token, or the domain of the tokens? */
static bool
writes_to_us(const struct compose *c, const char *s, size_t n)
{
	const char *at = memchr(s, '@', n), *own = strrchr(c->from.addr, '@');
	const char *reply = c->reply_to == NULL ? NULL
						: strrchr(c->reply_to, '@');
	size_t local, own_n = (size_t)(own - c->from.addr), domain;

	if (at == NULL)
		return false;
	local = (size_t)(at - s);
	domain = n - local;
	if (strlen(own) == domain && strncasecmp(at, own, domain) == 0)
		return local >= own_n &&
		    strncasecmp(s, c->from.addr, own_n) == 0 &&
		    (local == own_n || strncasecmp(s + own_n, "%2B", 3) == 0);
	return reply != NULL && strlen(reply) == domain &&
	    strncasecmp(at, reply, domain) == 0;
}

/*
 * A line that is only "words" <mailto:..> to us: the bytes of the words, 0: it
 * is not.  What somebody else wrote must not look like a button of ours that
 * writes to him.
 */
size_t
page_button_label(const struct page *p, const char *s, size_t n)
{
	static const char between[] = "\" <mailto:";
	const char *end = p->c == NULL || n < 2 || *s != '"'
	    ? NULL
	    : memchr(s + 1, '"', n - 1);
	size_t label = end == NULL ? 0 : (size_t)(end - s) - 1;
	size_t at = label + sizeof(between), link, address = 0;

	if (label == 0 || at >= n || s[n - 1] != '>' ||
	    strncmp(end, between, sizeof(between) - 1) != 0)
		return 0;
	link = link_length(s + label + 4, n - label - 4);
	if (link == 0 || label + 4 + link + 1 != n)
		return 0;
	while (at + address < n - 1 && s[at + address] != '?')
		address++;
	return writes_to_us(p->c, s + at, address) ? label : 0;
}

/* A cell of a table is what every mail program can colour and pad; 44 pixels
 * are what a finger hits. */
void
page_button(struct page *p, const char *s, size_t n, size_t label)
{
	buf_str(&p->out,
	    "<table role=\"presentation\" cellpadding=\"0\" "
	    "cellspacing=\"4\" border=\"0\" "
	    "style=\"display:inline-table\"><tr>"
	    "<td height=\"44\" bgcolor=\"#1f5fbf\" "
	    "style=\"background-color:#1f5fbf;border-radius:6px;"
	    "padding:0 16px\"><a href=\"");
	page_escaped(p, s + label + 4, n - label - 5);
	buf_str(&p->out,
	    "\" style=\"display:block;padding:10px 0;line-height:24px;"
	    "color:#ffffff;text-decoration:none\">");
	page_escaped(p, s + 1, label);
	buf_str(&p->out, "</a></td></tr></table>\n");
}
