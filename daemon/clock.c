/*
 * Time and chance.  Nothing else in the program reads the clock or draws a
 * random number, so everything else can be tested with any date and any dice.
 */
#include "daemon/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

int64_t
clock_now(void)
{
	return (int64_t)time(NULL);
}

/* BOOTTIME goes on during a suspend, so a deadline means what it says (T66). */
int64_t
clock_steady(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_BOOTTIME, &ts) == -1)
		abort(); /* cannot fail with this clock */
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int
clock_zone(int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;

	return localtime_r(&t, &tm) == NULL ? 0 : (int)(tm.tm_gmtoff / 60);
}

void
chance_bytes(void *p, size_t n)
{
	unsigned char *at = p;

	while (n > 0) {
		ssize_t got = getrandom(at, n, 0);

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			abort(); /* without chance there is no secret */
		at += got;
		n -= (size_t)got;
	}
}

int64_t
chance_between(int64_t low, int64_t high)
{
	uint64_t range, x, top;

	if (low >= high)
		return low;
	range = (uint64_t)high - (uint64_t)low + 1;
	top = range == 0 ? 0 : UINT64_MAX - UINT64_MAX % range;
	do
		chance_bytes(&x, sizeof(x));
	while (top != 0 && x >= top); /* else the low ones come more often */
	if (range != 0)
		x %= range;
	return (int64_t)((uint64_t)low + x);
}

int64_t
clock_cpu(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts) == -1)
		return 0;
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
clock_wall(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) == -1)
		abort(); /* cannot fail with this clock */
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}
