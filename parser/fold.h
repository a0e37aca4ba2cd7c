#ifndef PARSER_FOLD_H
#define PARSER_FOLD_H

#include <stdint.h>

/* Only for utf8.c: what a character is when case and accents do not count. */

/* One or two ASCII letters (the second may be a blank: none) for a Latin letter
 * beyond ASCII, else NULL. */
const char *fold_latin(uint32_t c);

/* Lower case of a Greek, Cyrillic or Armenian letter; anything else as it is.
 */
uint32_t fold_case(uint32_t c);

#endif
