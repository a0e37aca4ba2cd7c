#ifndef PARSER_HTML_CLEAN_H
#define PARSER_HTML_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"

/* Only for html.c: HTML made safe to hand to libxml2. */
char *html_clean(struct arena *a, const char *s);

/* The same for rich.c: with the tags that say how words look. */
char *html_clean_rich(struct arena *a, const char *s);

/* Does this style, or a tag that may have one, hide what it is for? */
bool html_hides(const char *s, size_t n);

#endif
