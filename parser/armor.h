#ifndef PARSER_ARMOR_H
#define PARSER_ARMOR_H

#include <stdbool.h>

#include "parser/arena.h"

/*
 * OpenPGP that stands in a text (RFC 9580 6, 7): of what was signed the inside
 * without armor, dash escapes and signature; in the place of what is encrypted
 * the note given.  Only what begins and goes on as RFC 9580 says is touched: a
 * mail that merely speaks of such lines stays as it is.  Linear.
 *
 * It verifies and decrypts nothing.
 */
const char *armor_read(
    struct arena *a, const char *text, const char *note, bool *encrypted);

#endif
