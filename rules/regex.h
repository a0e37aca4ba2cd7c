#ifndef RULES_REGEX_H
#define RULES_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/conf.h"

/*
 * PCRE2 patterns of the configuration over text of strangers, always UTF and
 * UCP, with three answers: yes, no, and "cannot say" when a limit was met
 * (RELIABILITY T31, T32).  A match is done in slices of starting points, so
 * that a clock is read between them and no call runs away; no executable memory
 * is needed.  Text must be valid UTF-8.
 */
struct regex; /* lives in its arena; nothing to free */

/* NULL: bad->error and bad->at say why. */
struct regex *regex_compile(struct arena *a, const char *text,
    const char *flags, struct conf_pattern *bad);

enum regex_end {
	REGEX_NO,
	REGEX_YES,
	REGEX_LIMIT /* too many steps, too much memory or time */
};

/* What matching needs: one for a process, not for a pattern. */
struct matcher;
/* clock: microseconds of CPU time; NULL: only steps are counted.  NULL is
 * returned when there is no memory. */
struct matcher *matcher_new(int64_t (*clock)(void));
/* A cheaper clock, of microseconds that only go on: where it shows that a match
 * was short, the CPU clock is not asked.  NULL: it always is. */
void matcher_wall(struct matcher *m, int64_t (*wall)(void));
void matcher_free(struct matcher *m);
/* A new mail: so many microseconds for all its matches together. */
void matcher_start(struct matcher *m, int64_t budget);

struct regex_place {
	size_t at, length;
};

/* *where (may be NULL) is set for REGEX_YES. */
enum regex_end regex_match(struct matcher *m, const struct regex *r,
    const char *text, size_t n, struct regex_place *where);

/* Named groups: names[i] is group i's; regex_group() right after REGEX_YES on
 * the same matcher.  false: it took no part. */
size_t regex_names(const struct regex *r, const char *const **names);
bool regex_group(const struct matcher *m, const struct regex *r, size_t i,
    struct regex_place *where);

/* What matching it has cost so far, in microseconds; with a clock only. */
struct regex_cost {
	int64_t calls, total, worst;
};
const struct regex_cost *regex_cost(const struct regex *r);

#endif
