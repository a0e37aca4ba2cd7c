/*
 * An agent's words with their formatting.  Whatever is made is read again and
 * compared with the words it has to say: so a fault in here can lose the
 * formatting of a mail, but can add no word to it.
 */
#include "parser/rich.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/buf.h"
#include "parser/rich_private.h"
#include "parser/utf8.h"

/* Does it have a tag that is worth the work? */
static bool
worth(const char *html)
{
	static const char *const tags[] = { "b", "strong", "i", "em", "u", "s",
		"strike", "del", "ul", "ol", "pre", "code", "tt", "table",
		"img", "a", "h1", "h2", "h3", "span" };

	for (const char *s = html; (s = strchr(s, '<')) != NULL;) {
		s++;
		for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
			size_t n = strlen(tags[i]);

			if (strncasecmp(s, tags[i], n) == 0 &&
			    (s[n] == '>' || ascii_blank(s[n])))
				return true;
		}
	}
	return false;
}

char *
rich_make(struct arena *a, const char *html, const char *new_text)
{
	struct arena work = { 0 };
	struct rich_doc d, again;
	char *out = NULL;

	if (html == NULL || new_text == NULL || !worth(html))
		return NULL;
	if (rich_read(&work, html, &d) &&
	    rich_match(&work, &d, new_text, false))
		out = rich_write(&work, &d);
	if (out != NULL &&
	    (!rich_read(&work, out, &again) ||
		!rich_match(&work, &again, new_text, true)))
		out = NULL;
	out = arena_strdup(a, out);
	arena_done(&work);
	return out;
}

char *
rich_cut(struct arena *a, const char *rich, const char *text)
{
	return rich_make(a, rich, text);
}

char *
rich_words(struct arena *a, const char *rich)
{
	struct arena work = { 0 };
	struct rich_doc d;
	struct buf b;
	bool gap = false;
	size_t k = 0;
	char *out;

	buf_init(&b, 0);
	if (!rich_read(&work, rich, &d))
		d.n = 0;
	for (const char *p = d.text, *end = p + d.n; d.n > 0 && p < end;) {
		const char *was = p;
		uint32_t c = utf8_next(&p, end);

		for (;
		     k < d.events_n && d.events[k].at <= (size_t)(was - d.text);
		     k++)
			gap |= d.events[k].kind == RICH_LINES ||
			    d.events[k].kind == RICH_BREAK ||
			    (d.events[k].tag >= RICH_TD &&
				d.events[k].tag <= RICH_TH);
		if (utf8_space(c)) {
			gap = true;
			continue;
		}
		if (gap && b.len > 0)
			buf_char(&b, ' ');
		gap = false;
		buf_add(&b, was, (size_t)(p - was));
	}
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	arena_done(&work);
	return out;
}
