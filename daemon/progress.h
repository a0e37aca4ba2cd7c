#ifndef DAEMON_PROGRESS_H
#define DAEMON_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/cmd.h"

/*
 * How far a long command is (OPS 2): one line on standard error that is
 * written over and over, on a terminal and after a second; elsewhere a line
 * every half minute.
 *
 *	import  12,410/48,002  26 %  3,100/s  11 s left
 */
struct progress {
	const char *name;
	bool off, terminal, shown;
	int64_t began, last; /* milliseconds of the steady clock */
	uint64_t done, of;   /* what is counted for a person; of 0: not known */
	uint64_t part, all;  /* the share of the work, such as bytes */
	uint64_t skipped;    /* of part: was done before we began */
};

void progress_start(
    struct progress *p, const struct context *c, const char *name, bool off);
/* Call as often as you like after changing the numbers. */
void progress_show(struct progress *p);
/* Before anything else is written to the terminal, and at the end. */
void progress_clear(struct progress *p);

/* The line for a moment so many milliseconds after the start; for tests. */
char *progress_line(const struct progress *p, struct arena *a, int64_t elapsed);

#endif
