#ifndef DAEMON_CLOCK_H
#define DAEMON_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* Time and chance come into the program here and nowhere else. */
int64_t clock_now(void);    /* seconds since 1970 */
int64_t clock_steady(void); /* milliseconds of a clock that never jumps */
/* Microseconds of CPU that this process has used: a busy machine does not make
 * a pattern look slow. */
int64_t clock_cpu(void);
/* Microseconds of a clock that only goes on, read without a system call. */
int64_t clock_wall(void);
/* The local zone at that moment, in minutes east of UTC. */
int clock_zone(int64_t when);
void chance_bytes(void *p, size_t n);
/* An even number between low and high, both included. */
int64_t chance_between(int64_t low, int64_t high);

#endif
