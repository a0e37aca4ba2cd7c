/*
 * HTML before it is given to libxml2: only the tags that html.c looks at, each
 * with its end, none so long that the work on its attributes, which is
 * quadratic, would take seconds, and no deeper than HTML_DEPTH_MAX, since an
 * end without a start makes libxml2 walk all that is open.  One pass; every
 * byte is looked at a bounded number of times.
 */
#include "parser/html_clean.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/limits.h"

enum {
	VOID = 1,        /* has no end */
	CLOSES_SAME = 2, /* a second one ends the first, up to a barrier */
	WITHIN = 4 /* stands in lines; only one that hides text is passed on */
};

struct tag {
	const char *name;
	unsigned flags;
	const char *barrier; /* names with a blank before and after */
};

#define ROWS " table "

static const struct tag tags[] = {
	{ "a", CLOSES_SAME, " table td div p li " },
	{ "address", 0, NULL },
	{ "article", 0, NULL },
	{ "aside", 0, NULL },
	{ "blockquote", 0, NULL },
	{ "br", VOID, NULL },
	{ "caption", 0, NULL },
	{ "center", 0, NULL },
	{ "dd", CLOSES_SAME, " dl " },
	{ "div", 0, NULL },
	{ "dl", 0, NULL },
	{ "dt", CLOSES_SAME, " dl " },
	{ "fieldset", 0, NULL },
	{ "figure", 0, NULL },
	{ "font", WITHIN, NULL },
	{ "footer", 0, NULL },
	{ "form", 0, NULL },
	{ "h1", 0, NULL },
	{ "h2", 0, NULL },
	{ "h3", 0, NULL },
	{ "h4", 0, NULL },
	{ "h5", 0, NULL },
	{ "h6", 0, NULL },
	{ "header", 0, NULL },
	{ "hr", VOID, NULL },
	{ "img", VOID, NULL },
	{ "li", CLOSES_SAME, " ul ol " },
	{ "main", 0, NULL },
	{ "nav", 0, NULL },
	{ "ol", 0, NULL },
	{ "option", CLOSES_SAME, " form table " },
	{ "p", CLOSES_SAME, " div blockquote li td th table center dd " },
	{ "pre", 0, NULL },
	{ "script", 0, NULL },
	{ "section", 0, NULL },
	{ "span", WITHIN, NULL },
	{ "style", 0, NULL },
	{ "table", 0, NULL },
	{ "td", CLOSES_SAME, ROWS },
	{ "template", 0, NULL },
	{ "textarea", 0, NULL },
	{ "th", CLOSES_SAME, ROWS },
	{ "title", 0, NULL },
	{ "tr", CLOSES_SAME, ROWS },
	{ "ul", 0, NULL },
	{ "xml", 0, NULL },
};

/* What else rich.c looks at. */
static const struct tag rich_tags[] = {
	{ "b", WITHIN, NULL },
	{ "code", WITHIN, NULL },
	{ "del", WITHIN, NULL },
	{ "em", WITHIN, NULL },
	{ "i", WITHIN, NULL },
	{ "ins", WITHIN, NULL },
	{ "kbd", WITHIN, NULL },
	{ "s", WITHIN, NULL },
	{ "samp", WITHIN, NULL },
	{ "strike", WITHIN, NULL },
	{ "strong", WITHIN, NULL },
	{ "tt", WITHIN, NULL },
	{ "u", WITHIN, NULL },
};

#define NAME_MAX_BYTES 10

struct cleaner {
	const char *end;
	char *out;
	bool no_comment_end; /* "-->" does not come any more */
	bool rich;           /* what stands in lines is passed on, too */
	const struct tag *open[HTML_DEPTH_MAX];
	bool passed[HTML_DEPTH_MAX]; /* not only counted */
	size_t depth;
};

/* The name at s, in lower case; its length, 0 when it is too long. */
static size_t
read_name(const char *s, char *name)
{
	size_t n = 0;

	while (ascii_alpha(s[n]) || ascii_digit(s[n]) || s[n] == ':' ||
	    s[n] == '-') {
		if (n == NAME_MAX_BYTES)
			return 0;
		name[n] = ascii_lower(s[n]);
		n++;
	}
	name[n] = '\0';
	return n;
}

static const struct tag *
find_tag(const char *name)
{
	size_t low = 0, high = sizeof(tags) / sizeof(*tags);

	while (low < high) {
		size_t mid = (low + high) / 2;
		int d = strcmp(name, tags[mid].name);

		if (d == 0)
			return &tags[mid];
		if (d < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

static const struct tag *
find_rich(const char *name)
{
	for (size_t i = 0; i < sizeof(rich_tags) / sizeof(*rich_tags); i++)
		if (strcmp(rich_tags[i].name, name) == 0)
			return &rich_tags[i];
	return NULL;
}

static bool
in_list(const char *list, const char *name)
{
	char word[NAME_MAX_BYTES + 3];

	snprintf(word, sizeof(word), " %s ", name);
	return strstr(list, word) != NULL;
}

/* Behind the blanks at s. */
static const char *
skip_blanks(const char *s, const char *end)
{
	while (s < end && ascii_blank(*s))
		s++;
	return s;
}

bool
html_hides(const char *s, size_t n)
{
	static const struct {
		const char *property, *value;
	} hiding[] = {
		{ "display", "none" },
		{ "visibility", "hidden" },
		{ "mso-hide", "all" },
	};
	const char *end = s + n, *colon = s;

	while ((colon = memchr(colon, ':', (size_t)(end - colon))) != NULL) {
		const char *value = skip_blanks(colon + 1, end), *name = colon;

		while (name > s && ascii_blank(name[-1]))
			name--;
		for (size_t i = 0; i < sizeof(hiding) / sizeof(*hiding); i++) {
			size_t k = strlen(hiding[i].property);
			size_t v = strlen(hiding[i].value);

			if ((size_t)(name - s) >= k &&
			    (size_t)(end - value) >= v &&
			    strncasecmp(name - k, hiding[i].property, k) == 0 &&
			    strncasecmp(value, hiding[i].value, v) == 0)
				return true;
		}
		colon++;
	}
	return false;
}

/* Make room for t, which ends an open one of its kind.  false: too deep. */
static bool
push(struct cleaner *c, const struct tag *t, bool passed)
{
	if ((t->flags & CLOSES_SAME) != 0)
		for (size_t i = c->depth; i-- > 0;) {
			if (c->open[i] == t) {
				c->depth = i;
				break;
			}
			if (in_list(t->barrier, c->open[i]->name))
				break;
		}
	if (c->depth == HTML_DEPTH_MAX)
		return false;
	c->passed[c->depth] = passed;
	c->open[c->depth++] = t;
	return passed;
}

/* The end of what stands in a line ends no block that began within. */
static void
take_out(struct cleaner *c, size_t i)
{
	size_t rest = c->depth - i - 1;

	memmove(c->open + i, c->open + i + 1, rest * sizeof(void *));
	memmove(c->passed + i, c->passed + i + 1, rest * sizeof(*c->passed));
	c->depth--;
}

/* Is there one of these to be ended? */
static bool
pop(struct cleaner *c, const struct tag *t)
{
	for (size_t i = c->depth; i-- > 0;)
		if (c->open[i] == t) {
			bool passed = c->passed[i];

			if ((t->flags & WITHIN) != 0)
				take_out(c, i);
			else
				c->depth = i;
			return passed;
		}
	return false;
}

/* The end of a tag: behind the first ">" outside of quotes within the cap;
 * NULL: there is none so near. */
static const char *
tag_end(const char *s, const char *end)
{
	const char *cap = (size_t)(end - s) > MAIL_HTML_TAG_MAX
	    ? s + MAIL_HTML_TAG_MAX
	    : end;
	char quote = '\0', before = '\0';

	for (; s < cap; s++) {
		char c = *s;

		if (quote != '\0') {
			if (c == quote)
				quote = '\0';
		} else if (c == '>') {
			return s + 1;
		} else if ((c == '"' || c == '\'') && before == '=') {
			quote = c;
		}
		if (c != ' ' && c != '\n' && c != '\t')
			before = c;
	}
	return NULL;
}

/* "<!-- ... -->", "<!DOCTYPE ...>", "<?xml ...>": behind it.  A comment that
 * never ends hides nothing. */
static const char *
skip_declaration(struct cleaner *c, const char *s)
{
	const char *close = NULL;

	if (c->end - s < 4 || memcmp(s, "<!--", 4) != 0) {
		close = memchr(s, '>', (size_t)(c->end - s));
		return close == NULL ? c->end : close + 1;
	}
	if (s[4] == '>')
		return s + 5;
	if (!c->no_comment_end)
		close = strstr(s + 4, "-->");
	if (close != NULL)
		return close + 3;
	c->no_comment_end = true;
	return s + 4;
}

static void
put(struct cleaner *c, const char *s, size_t n)
{
	memcpy(c->out, s, n);
	c->out += n;
}

/*
 * A whole tag.  html and body go: libxml2 takes no text behind </html>, but
 * mails have it, such as footers and a second document; one <body> of ours
 * stands around it all.  </br> is what browsers take for <br>.
 */
static void
put_tag(struct cleaner *c, const char *s, size_t n)
{
	char name[NAME_MAX_BYTES + 1];
	bool ends = s[1] == '/';
	const struct tag *t;

	if (read_name(s + 1 + ends, name) == 0)
		return;
	if (ends &&
	    (strcmp(name, "html") == 0 || strcmp(name, "body") == 0 ||
		strcmp(name, "br") == 0)) {
		put(c, "<br>", 4); /* shorter than it was */
		return;
	}
	t = find_tag(name);
	if (t == NULL && c->rich)
		t = find_rich(name);
	if (t == NULL)
		return;
	if ((t->flags & VOID) != 0 ? !ends
		: ends
		? pop(c, t)
		: push(c, t,
		      c->rich || (t->flags & WITHIN) == 0 || html_hides(s, n)))
		put(c, s, n);
}

static const char *
read_tag(struct cleaner *c, const char *s)
{
	const char *close = tag_end(s + 1, c->end);

	if (close != NULL) {
		put_tag(c, s, (size_t)(close - s));
		return close;
	}
	/* too long, or a quote that is never closed: the tag goes */
	close = memchr(s, '>', (size_t)(c->end - s));
	return close == NULL ? c->end : close + 1;
}

static size_t
room_for(const char *s)
{
	size_t n = strlen(s) + 16;

	while ((s = strchr(s, '<')) != NULL) {
		n += 3;
		s++;
	}
	return n;
}

static char *
clean(struct arena *a, const char *s, bool rich)
{
	char *text = arena_alloc(a, room_for(s));
	struct cleaner c = { .end = s + strlen(s), .out = text, .rich = rich };

	put(&c, "<body>", 6);
	while (s < c.end) {
		const char *open = memchr(s, '<', (size_t)(c.end - s));
		size_t k = (size_t)((open == NULL ? c.end : open) - s);

		put(&c, s, k);
		s += k;
		if (s == c.end)
			break;
		if (s[1] == '!' || s[1] == '?') {
			s = skip_declaration(&c, s);
		} else if (ascii_alpha(s[1]) ||
		    (s[1] == '/' && ascii_alpha(s[2]))) {
			s = read_tag(&c, s);
		} else { /* a sign of comparison, not a tag */
			put(&c, "&lt;", 4);
			s++;
		}
	}
	*c.out = '\0';
	return text;
}

char *
html_clean(struct arena *a, const char *s)
{
	return clean(a, s, false);
}

char *
html_clean_rich(struct arena *a, const char *s)
{
	return clean(a, s, true);
}
