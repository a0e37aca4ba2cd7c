#ifndef PARSER_WORD_H
#define PARSER_WORD_H

#include <stddef.h>

#include "parser/arena.h"

/*
 * The text of an unstructured header value: encoded words (RFC 2047) decoded
 * wherever they stand, raw 8-bit bytes read as UTF-8, else as the charset
 * hint (may be NULL) that the rest of the mail suggests, else windows-1252.
 * One clean line of at most max bytes.
 */
char *word_decode(
    struct arena *a, const char *s, size_t n, const char *hint, size_t max);

/* The length of the encoded word that starts at s, 0 when none does. */
size_t word_length(const char *s, size_t n);

#endif
