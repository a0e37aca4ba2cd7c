/*
 * HTML to plain bytes and a list of events, on libxml2's SAX push parser like
 * html.c.  Hidden text, scripts and what has no meaning here are not in it.
 */
#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/html_clean.h"
#include "parser/html_element.h"
#include "parser/html_feed.h"
#include "parser/limits.h"
#include "parser/rich_private.h"
#include "parser/utf8.h"

#define OPEN_MAX (HTML_DEPTH_MAX + 8) /* html and body are added */
#define HREF_MAX 2000

/* An open element: what is undone at its end. */
struct open {
	unsigned flags;
	uint8_t tags[4]; /* a style may ask for several */
	uint8_t tags_n;
	bool hides, quotes, tight;
};

struct reading {
	struct arena *a;
	struct rich_doc *d;
	struct open open[OPEN_MAX];
	size_t depth, lost; /* lost: open, but too deep to be noted */
	int skip, hidden, quoted;
	bool divided;
	uint32_t ids;
};

static const struct {
	const char *name;
	enum rich_tag tag;
} names[] = {
	{ "a", RICH_A },
	{ "b", RICH_B },
	{ "blockquote", RICH_QUOTE },
	{ "code", RICH_CODE },
	{ "del", RICH_S },
	{ "em", RICH_I },
	{ "h1", RICH_B },
	{ "h2", RICH_B },
	{ "h3", RICH_B },
	{ "h4", RICH_B },
	{ "h5", RICH_B },
	{ "h6", RICH_B },
	{ "i", RICH_I },
	{ "ins", RICH_U },
	{ "kbd", RICH_CODE },
	{ "li", RICH_LI },
	{ "ol", RICH_OL },
	{ "pre", RICH_PRE },
	{ "s", RICH_S },
	{ "samp", RICH_CODE },
	{ "strike", RICH_S },
	{ "strong", RICH_B },
	{ "table", RICH_TABLE },
	{ "td", RICH_TD },
	{ "th", RICH_TH },
	{ "tr", RICH_TR },
	{ "tt", RICH_CODE },
	{ "u", RICH_U },
	{ "ul", RICH_UL },
};

static struct rich_event *
add_event(struct reading *r, enum rich_kind kind)
{
	struct rich_doc *d = r->d;
	struct rich_event *e;

	d->events = arena_grow(
	    r->a, d->events, d->events_n, &d->events_cap, sizeof(*d->events));
	e = &d->events[d->events_n++];
	*e = (struct rich_event){ .kind = (uint8_t)kind, .at = (uint32_t)d->n };
	return e;
}

static void
add_lines(struct reading *r, uint32_t n)
{
	add_event(r, RICH_LINES)->n = n;
}

static void
add_open(struct reading *r, struct open *o, enum rich_tag tag)
{
	struct rich_event *e;

	if (o->tags_n == sizeof(o->tags))
		return;
	o->tags[o->tags_n++] = (uint8_t)tag;
	e = add_event(r, RICH_OPEN);
	e->tag = (uint8_t)tag;
	e->n = ++r->ids;
}

/* The value of one property of a style, in the n bytes at the result. */
static const char *
property(const char *style, const char *name, size_t *n)
{
	const char *s = style;
	size_t k = strlen(name);

	while ((s = ascii_find(s, name)) != NULL) {
		if ((s == style || strchr("; \t\n", s[-1]) != NULL) &&
		    s[k + strspn(s + k, " ")] == ':') {
			s += k;
			s += strspn(s, " :");
			*n = strcspn(s, ";");
			return s;
		}
		s += k;
	}
	return NULL;
}

static bool
says(const char *value, size_t n, const char *word)
{
	size_t k = strlen(word);

	for (size_t i = 0; i + k <= n; i++)
		if (strncasecmp(value + i, word, k) == 0)
			return true;
	return false;
}

/* "font-weight: bold" and its kind; *plain: it is not to be bold. */
static void
open_style(struct reading *r, struct open *o, const char *style, bool *plain)
{
	const char *s;
	size_t n;

	if (style == NULL || strlen(style) > HREF_MAX)
		return;
	s = property(style, "font-weight", &n);
	if (s != NULL && (says(s, n, "normal") || says(s, n, "400")))
		*plain = true;
	else if (s != NULL &&
	    (says(s, n, "bold") || (n >= 3 && *s >= '6' && *s <= '9')))
		add_open(r, o, RICH_B);
	s = property(style, "font-style", &n);
	if (s != NULL && says(s, n, "italic"))
		add_open(r, o, RICH_I);
	s = property(style, "text-decoration", &n);
	if (s != NULL && says(s, n, "line-through"))
		add_open(r, o, RICH_S);
	else if (s != NULL && says(s, n, "underline"))
		add_open(r, o, RICH_U);
}

/* An address that may stand in a link of ours. */
static const char *
safe_href(struct arena *a, const char *href)
{
	static const char *const schemes[] = { "http://", "https://",
		"mailto:", "tel:" };
	const char *s;

	if (href == NULL || strlen(href) > HREF_MAX)
		return NULL;
	s = utf8_line(a, href, HREF_MAX);
	s += strspn(s, " ");
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (ascii_starts(s, schemes[i]) &&
		    s[strlen(schemes[i])] != '\0')
			return s;
	return NULL;
}

/* The id of "cid:a%40b", decoded (RFC 2392). */
static const char *
cid_of(struct arena *a, const char *src)
{
	char *out, *to;

	if (src == NULL || !ascii_starts(src, "cid:") ||
	    strlen(src) > MAIL_ID_MAX)
		return NULL;
	out = to = arena_strdup(a, src + 4);
	for (const char *s = out; *s != '\0'; s++)
		if (*s == '%' && ascii_hex(s[1]) >= 0 && ascii_hex(s[2]) >= 0) {
			*to++ = (char)(ascii_hex(s[1]) << 4 | ascii_hex(s[2]));
			s += 2;
		} else {
			*to++ = *s;
		}
	*to = '\0';
	for (const char *s = out; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~')
			return NULL;
	return *out == '\0' ? NULL : out;
}

static void
add_picture(struct reading *r, const xmlChar **attrs)
{
	const char *alt = html_attribute(attrs, "alt");
	struct rich_event *e;

	e = add_event(r, RICH_PICTURE);
	e->value = cid_of(r->a, html_attribute(attrs, "src"));
	e->alt = alt != NULL && html_alt(alt) ? utf8_line(r->a, alt, 200)
					      : NULL;
	e->quoted = r->quoted > 0 || r->divided;
}

static void
open_answered(
    struct reading *r, struct open *o, const char *name, const xmlChar **attrs)
{
	enum html_kind kind;

	if (strcmp(name, "blockquote") == 0 && !html_indent(attrs))
		o->quotes = true;
	else if (html_answered(name, attrs, &kind)) {
		r->divided |= kind == HTML_DIVIDER && r->d->n > 0;
		o->quotes = kind == HTML_QUOTE || kind == HTML_SIGNATURE;
	}
	r->quoted += o->quotes;
}

static uint32_t
number_of(const char *s)
{
	uint32_t n = 0;

	for (; s != NULL && ascii_digit(*s) && n < 100000; s++)
		n = n * 10 + (uint32_t)(*s - '0');
	return n;
}

static void
open_tags(
    struct reading *r, struct open *o, const char *name, const xmlChar **attrs)
{
	enum rich_tag tag = RICH_NONE;
	bool plain = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i].name, name) == 0)
			tag = names[i].tag;
	if (tag == RICH_QUOTE && html_indent(attrs))
		tag = RICH_NONE;
	if (tag == RICH_NONE || tag >= RICH_B)
		open_style(r, o, html_attribute(attrs, "style"), &plain);
	if (tag == RICH_NONE || (tag == RICH_B && plain))
		return;
	add_open(r, o, tag);
	if (tag == RICH_A)
		r->d->events[r->d->events_n - 1].value = safe_href(
		    r->a, html_attribute(attrs, "href"));
	if (tag == RICH_OL)
		r->d->events[r->d->events_n - 1].value = arena_printf(
		    r->a, "%u", number_of(html_attribute(attrs, "start")));
}

static void
on_open(void *ctx, const xmlChar *xml_name, const xmlChar **attrs)
{
	const char *name = (const char *)xml_name;
	struct reading *r = ctx;
	struct open *o;

	if (r->depth == OPEN_MAX) {
		r->lost++;
		return;
	}
	o = &r->open[r->depth++];
	*o = (struct open){ .flags = html_flags(name) };
	r->skip += (o->flags & SKIP) != 0;
	if (r->skip > 0)
		return;
	if (strcmp(name, "p") == 0)
		o->tight = html_has(html_attribute(attrs, "class"), "Mso");
	o->hides = html_hidden(attrs);
	r->hidden += o->hides;
	open_answered(r, o, name, attrs);
	if ((o->flags & BLOCK) != 0)
		add_lines(r, (o->flags & PARAGRAPH) != 0 && !o->tight ? 2 : 1);
	if (strcmp(name, "br") == 0)
		add_event(r, RICH_BREAK);
	else if (strcmp(name, "img") == 0)
		add_picture(r, attrs);
	else
		open_tags(r, o, name, attrs);
}

static void
on_close(void *ctx, const xmlChar *xml_name)
{
	struct reading *r = ctx;
	struct open *o;

	(void)xml_name;
	if (r->lost > 0) {
		r->lost--;
		return;
	}
	if (r->depth == 0)
		return;
	o = &r->open[--r->depth];
	while (o->tags_n > 0)
		add_event(r, RICH_CLOSE)->tag = o->tags[--o->tags_n];
	if (r->skip == 0 && (o->flags & BLOCK) != 0 && (o->flags & VOID) == 0)
		add_lines(r, (o->flags & PARAGRAPH) != 0 && !o->tight ? 2 : 1);
	r->hidden -= o->hides;
	r->quoted -= o->quotes;
	r->skip -= (o->flags & SKIP) != 0;
}

static void
on_text(void *ctx, const xmlChar *xml_text, int length)
{
	const char *p = (const char *)xml_text, *end = p + length;
	struct reading *r = ctx;
	struct rich_doc *d = r->d;
	uint8_t flags = r->quoted > 0 || r->divided ? RICH_QUOTED : 0;

	if (r->skip > 0 || r->hidden > 0)
		return;
	while (p < end && !d->over) {
		uint32_t c = utf8_next(&p, end);
		size_t k;

		if (c >= 0x80 && c < 0xa0)
			c = charset_c1(c);
		if (c == 0xfffd || (c < ' ' && c != '\n' && c != '\t') ||
		    c == 0x7f)
			continue;
		if (d->n + 4 > d->cap) {
			d->over = true;
			break;
		}
		k = utf8_put(d->text + d->n, c);
		memset(d->flags + d->n, flags, k);
		d->n += k;
	}
}

bool
rich_read(struct arena *a, const char *html, struct rich_doc *out)
{
	const struct html_calls calls = { on_open, on_close, on_text };
	struct reading r = { .a = a, .d = out };
	size_t n = strlen(html);

	*out = (struct rich_doc){ 0 };
	if (n > RICH_HTML_MAX)
		return false;
	/* a reference is never shorter than what it stands for */
	out->cap = n + 8;
	out->text = arena_alloc(a, out->cap + 1);
	out->flags = arena_alloc(a, out->cap + 1);
	html_feed(html_clean_rich(a, html), &calls, &r);
	return !out->over;
}
