#ifndef PARSER_CHARSET_GUESS_H
#define PARSER_CHARSET_GUESS_H

#include <stdbool.h>
#include <stddef.h>

/* What text that names no charset and is no UTF-8 most likely is: a name from
 * the list of charset_name.c, or NULL for Latin-1 and "cannot say".  declared:
 * it calls itself Latin-1, so that one word proves nothing. */
const char *charset_guess(const char *text, size_t n, bool declared);

/* Is text that calls itself Latin-1 UTF-8 all the same?  Only when it makes
 * sense as such: letters of Europe, or three bytes and more together. */
bool charset_utf8_after_all(const char *text, size_t n);

#endif
