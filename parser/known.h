#ifndef PARSER_KNOWN_H
#define PARSER_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"

/*
 * Text that we have seen before, so that it is known again when somebody sends
 * it back: wrapped anew, with ">" or without, made of HTML, with other quotes
 * and dashes, without its links, or only a part of it.  Words count, in their
 * order; white space and punctuation do not.
 *
 * What somebody writes himself stays his, even if we said it too: a line is
 * known only when every word of it is, within KNOWN_RUN words as they stood
 * with us, and only together with enough others.
 */
struct known;

struct known *known_new(struct arena *a, const char *text);

/* Lines of a mail, in their order; known is set for those that we sent. */
struct known_line {
	const char *s;
	size_t n;
	bool known;
};

#define KNOWN_RUN 5
void known_mark(
    const struct known *k, struct arena *a, struct known_line *l, size_t n);

#endif
