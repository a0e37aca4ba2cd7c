#ifndef PARSER_LANGUAGE_H
#define PARSER_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"

/* The language of a text by its most common words and its script: two letters
 * (ISO 639-1), NULL when not sure.  text may be NULL. */
const char *language_guess(struct arena *a, const char *text);

/* Can it ever guess this one, of the n bytes at code?  "PT" yes, "nb" no. */
bool language_guessable(const char *code, size_t n);

#endif
