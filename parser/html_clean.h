#ifndef PARSER_HTML_CLEAN_H
#define PARSER_HTML_CLEAN_H

#include "parser/arena.h"

/* Only for html.c: HTML made safe to hand to libxml2. */
char *html_clean(struct arena *a, const char *s);

#endif
