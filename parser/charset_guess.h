#ifndef PARSER_CHARSET_GUESS_H
#define PARSER_CHARSET_GUESS_H

#include <stddef.h>

/* Only for charset.c: what 8-bit text that names no charset and is no UTF-8
 * most likely is, as a name for iconv; NULL: nothing speaks against Latin. */
const char *charset_guess(const char *text, size_t n);

#endif
