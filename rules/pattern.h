#ifndef RULES_PATTERN_H
#define RULES_PATTERN_H

#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/conf.h"

/*
 * PCRE2 patterns of the configuration, always UTF and UCP, with the limits of
 * RELIABILITY T31 on pattern and match.
 *
 * pattern_judge() says what `deskd check` has to say of one: does it compile,
 * does it match an empty text, and, when a clock in microseconds of CPU time
 * is given, how long it takes at worst on `most` bytes of hostile text.  With
 * a clock it may take seconds for a bad pattern; without, microseconds.
 */
struct pattern_trial {
	size_t most;
	int64_t (*clock)(void); /* NULL: not timed */
};
void pattern_judge(struct arena *a, const char *text, const char *flags,
    const struct pattern_trial *trial, struct conf_pattern *out);

#endif
