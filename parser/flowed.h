#ifndef PARSER_FLOWED_H
#define PARSER_FLOWED_H

#include <stdbool.h>

#include "parser/arena.h"

/* format=flowed (RFC 3676) to text with whole paragraphs: soft breaks joined,
 * stuffed blanks taken off, quotes as "> ". */
char *flowed_unwrap(struct arena *a, const char *s, bool delsp);

#endif
