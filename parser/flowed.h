#ifndef PARSER_FLOWED_H
#define PARSER_FLOWED_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"

/* format=flowed (RFC 3676) to text with whole paragraphs: soft breaks joined,
 * stuffed blanks taken off, quotes as "> ". */
char *flowed_unwrap(struct arena *a, const char *s, bool delsp);

/* "-----Original Message----- ", written by a program that leaves a blank at
 * its end and means nothing by it: such a line is never joined to the next. */
bool flowed_dashed(const char *s, size_t n);

#endif
