#ifndef RULES_HOLIDAYS_H
#define RULES_HOLIDAYS_H

#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/err.h"

/*
 * Days on which nobody works, also from a calendar file that any calendar
 * program exports (RFC 5545): each event closes its whole days; one that
 * repeats each year does so for ever.  Days count from 1970-01-01.
 */
#define HOLIDAYS_MAX 10000 /* of one calendar: 100 years of 100 */

struct closed {
	int64_t first, last;
	const char *why; /* or NULL */
	int month, day;  /* it comes again each year; 0: it does not */
};

struct closed_days {
	struct closed *list;
	size_t n, cap;
};

/* "2026-12-24", checked. */
int64_t holiday_day(const char *s);
void closed_add(struct arena *a, struct closed_days *days, struct closed c);
const struct closed *closed_find(const struct closed_days *days, int64_t day);

/* ERR_REJECT: it holds no calendar, or too many days. */
int holidays_read(struct arena *a, const char *bytes, size_t n,
    struct closed_days *out, struct err *e);

#endif
