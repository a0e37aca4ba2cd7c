#ifndef PARSER_KNOWN_H
#define PARSER_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"

/*
 * Text that we have seen before, so that it is known again when somebody sends
 * it back: wrapped anew, with ">" or without.  Words count, white space and
 * quote marks do not.
 */
struct known;

struct known *known_new(struct arena *a, const char *text);

/* Is this line part of it?  A line of fewer than KNOWN_RUN words has to be a
 * whole line there. */
#define KNOWN_RUN 5
bool known_line(const struct known *k, const char *s, size_t n);

#endif
