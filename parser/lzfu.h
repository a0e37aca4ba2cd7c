#ifndef PARSER_LZFU_H
#define PARSER_LZFU_H

#include <stddef.h>

#include "parser/buf.h"

/*
 * RTF as Outlook compresses it ([MS-OXRTFCP]).  Adds to out, up to its limit;
 * -1: this is no such thing, or it ends too early (what there was is in out).
 * One byte of input gives at most nine of output.
 */
int lzfu_read(struct buf *out, const void *p, size_t n);

#endif
