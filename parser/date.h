#ifndef PARSER_DATE_H
#define PARSER_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Moments are seconds since 1970, UTC, everywhere.  Pure: no clock is read. */

/* RFC 5322 3.3 and what mail programs make of it.  false: nothing sane (a
 * year before 1970 or after 2100 is not).  zone is the offset in minutes. */
bool date_parse(const char *s, size_t n, int64_t *when, int *zone);

#define DATE_SIZE 40

/* "Tue, 28 Jul 2026 09:14:06 +0200" with the zone given in minutes. */
void date_rfc5322(int64_t when, int zone, char out[DATE_SIZE]);

/* "2026-07-28T07:14:06Z" (RFC 3339, UTC). */
void date_rfc3339(int64_t when, char out[DATE_SIZE]);

#endif
