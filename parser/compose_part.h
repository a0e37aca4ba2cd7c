#ifndef PARSER_COMPOSE_PART_H
#define PARSER_COMPOSE_PART_H

#include <stdbool.h>

#include "parser/buf.h"
#include "parser/compose.h"

/*
 * Private to compose: one file as a part of a mail (RFC 2045, 2183), header and
 * base64.  Its name and type were chosen by strangers: the name is made fit
 * for a file, the type must be one of plain words, and nothing that a reader
 * would take apart again (message, multipart) keeps its type.
 */
void compose_part_put(struct arena *a, struct buf *out,
    const struct compose_part *p, bool inline_);

#endif
