#ifndef RULES_MOMENT_H
#define RULES_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/hours.h"

/*
 * Times as people write them, in four languages: "3d", "2h", "1w", "fri",
 * "freitag 9:00", "tomorrow", "morgen", "2026-08-10", "10.8.", "14:00".
 * A day without a time is its morning, 8:00; a day of the week is the next one,
 * never today; a time that is over today is tomorrow's.
 */

/* Reads from the front of s; *used says how many bytes, without the blanks
 * behind.  false: no time stands there. */
bool moment_read(const char *s, const struct zone *z, int64_t now, int64_t *out,
    size_t *used);

#endif
