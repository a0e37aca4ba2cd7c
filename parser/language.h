#ifndef PARSER_LANGUAGE_H
#define PARSER_LANGUAGE_H

#include "parser/arena.h"

/* The language of a text by its most common words and its script: two letters
 * (ISO 639-1), NULL when not sure.  text may be NULL. */
const char *language_guess(struct arena *a, const char *text);

#endif
