#ifndef PARSER_DATE_NAMES_H
#define PARSER_DATE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* The month that a word of n bytes begins to name, 1 to 12; 0: none. */
int date_month(const char *s, size_t n);

/* The zone that it is; false: it is none. */
bool date_zone(const char *s, size_t n, int *minutes);

#endif
