#ifndef PARSER_HTML_H
#define PARSER_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"

/*
 * HTML to text that is pleasant to read: paragraphs, lists with "-" or numbers,
 * quotes with ">", cells of a table on one line, links as  text <address>,
 * [what stands for a picture].  Scripts and styles go, nothing is ever fetched;
 * what the sender hides from the eye is shown as  [hidden: text].
 *
 * html is UTF-8 without NUL (utf8_from()); it should be no longer than
 * MAIL_HTML_MAX.  Time is linear whatever it holds (FACTS 5).
 */
char *html_text(struct arena *a, const char *html);

/*
 * The same, and which parts of the text mail programs marked as the mail that
 * is answered (<div class="gmail_quote"> and its kind).
 */
enum html_kind {
	HTML_QUOTE,     /* all of it is the answered mail */
	HTML_BOX,       /* so is what has no ">" above the first that has */
	HTML_SIGNATURE, /* put there by the mail program */
	HTML_DIVIDER    /* empty: the answered mail begins here */
};

struct html_range {
	size_t from, to; /* bytes of the text */
	enum html_kind kind;
};
#define HTML_RANGES_MAX 16

struct html_result {
	char *text;
	struct html_range quotes[HTML_RANGES_MAX];
	size_t quotes_n;
	bool turned; /* characters that turn its direction were taken out */
};
void html_read(struct arena *a, const char *html, struct html_result *out);

#endif
