#ifndef PARSER_RICH_H
#define PARSER_RICH_H

#include <stddef.h>

#include "parser/arena.h"

/*
 * An agent's own words with their formatting: from the HTML of his mail only
 * what stands in new_text, made new from a short list of tags (p, br, b, i, u,
 * s, a, ul, ol, li, pre, code, blockquote, table of text, img of a cid:) with
 * no attribute but href (http, https, mailto, tel), src (cid:) and the start of
 * an ol.  Nothing of
 * the mail is copied: no style, no class, no comment, no quoted history.
 *
 * The words of the result are exactly the words of new_text: when they cannot
 * be brought together the answer is NULL, and the caller sends the text.
 */
char *rich_make(struct arena *a, const char *html, const char *new_text);

/* The words of an HTML text of ours, one blank apart: for the guard. */
char *rich_words(struct arena *a, const char *rich);

/* Only these lines stay ("text" is a part of new_text): the rest, say command
 * lines, is taken out.  NULL as above. */
char *rich_cut(struct arena *a, const char *rich, const char *text);

#endif
