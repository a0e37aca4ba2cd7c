#ifndef PARSER_COMPOSE_LINE_H
#define PARSER_COMPOSE_LINE_H

#include <stddef.h>

/* Private to compose: what a line of plain text looks like. */

/* How many ">" stand in front ("> > a" and ">> a" are both two), and in *mark
 * how many bytes they and the blank behind them take. */
size_t line_quotes(const char *s, size_t n, size_t *mark);

/* Columns of n bytes of UTF-8, one a character. */
size_t line_columns(const char *s, size_t n);

#endif
