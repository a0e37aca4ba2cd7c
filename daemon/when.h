#ifndef DAEMON_WHEN_H
#define DAEMON_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A moment as people write it (OPS 2): "2d" (so long ago; s m min h d w),
 * "mon" (the last one, today included), "today", "yesterday", "2026-08-03",
 * "08:30" (today), "2026-08-03T08:30".  Local time.  false: none of these.
 */
bool when_parse(const char *word, int64_t now, int64_t *when);

#endif
