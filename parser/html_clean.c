/*
 * HTML before it is given to libxml2: without comments and declarations, and
 * without tags so long that its work on attributes, which is quadratic, would
 * take seconds.  One pass; every byte is looked at a bounded number of times.
 */
#include "parser/html_clean.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/limits.h"

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

struct cleaner {
	const char *end;
	char *out;
	bool no_comment_end; /* "-->" does not come any more */
};

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
	if (c->end - s > 4 && s[4] == '>')
		return s + 5;
	if (!c->no_comment_end)
		close = strstr(s + 4, "-->");
	if (close != NULL)
		return close + 3;
	c->no_comment_end = true;
	return s + 4;
}

/*
 * libxml2 takes no text behind </html>, but mails have it: footers, a second
 * document.  And text before <body> it puts into a paragraph of its own.  So
 * these tags go, and one <body> of ours stands around it all.
 */
static bool
is_frame(const char *s)
{
	size_t n;

	s += s[1] == '/' ? 2 : 1;
	if (!ascii_starts(s, "html") && !ascii_starts(s, "body"))
		return false;
	n = 4;
	return ascii_blank(s[n]) || s[n] == '>' || s[n] == '/';
}

static const char *
read_tag(struct cleaner *c, const char *s)
{
	const char *close = tag_end(s + 1, c->end);

	if (close != NULL && is_frame(s)) {
		if (s[1] == '/') {
			memcpy(c->out, "<br>", 4); /* shorter than it was */
			c->out += 4;
		}
		return close;
	}
	if (close != NULL) {
		memcpy(c->out, s, (size_t)(close - s));
		c->out += close - s;
		return close;
	}
	/* too long, or a quote that is never closed: the tag goes */
	close = memchr(s, '>', (size_t)(c->end - s));
	return close == NULL ? c->end : close + 1;
}

char *
html_clean(struct arena *a, const char *s)
{
	size_t n = strlen(s);
	char *text = arena_alloc(a, n * 4 + 16);
	struct cleaner c = { .end = s + n, .out = text };

	memcpy(c.out, "<body>", 6);
	c.out += 6;
	while (s < c.end) {
		const char *open = memchr(s, '<', (size_t)(c.end - s));
		size_t k = (size_t)((open == NULL ? c.end : open) - s);

		memcpy(c.out, s, k);
		c.out += k;
		s += k;
		if (s == c.end)
			break;
		if (s[1] == '!' || s[1] == '?') {
			s = skip_declaration(&c, s);
		} else if (ascii_alpha(s[1]) ||
		    (s[1] == '/' && ascii_alpha(s[2]))) {
			s = read_tag(&c, s);
		} else { /* a sign of comparison, not a tag */
			memcpy(c.out, "&lt;", 4);
			c.out += 4;
			s++;
		}
	}
	*c.out = '\0';
	return text;
}
