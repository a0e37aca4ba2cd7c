/* The line that says how far a long command is. */
#include "daemon/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/print.h"

#define FIRST_MS     1000  /* nothing is said about what takes less */
#define AGAIN_MS     200   /* on a terminal */
#define ELSEWHERE_MS 30000 /* in a log or a pipe */

void
progress_start(
    struct progress *p, const struct context *c, const char *name, bool off)
{
	*p = (struct progress){ .name = name,
		.off = off || c->quiet,
		.terminal = isatty(STDERR_FILENO),
		.began = clock_steady() };
	p->last = p->began;
}

/* "11 s left", "3 min left", "2 h left"; "" while nothing can be said. */
static char *
left_text(const struct progress *p, struct arena *a, int64_t elapsed)
{
	uint64_t mine = p->part - p->skipped, rest = p->all - p->part;
	int64_t s;

	if (p->part >= p->all || mine == 0 || elapsed < FIRST_MS)
		return arena_strdup(a, "");
	s = (int64_t)((double)elapsed / 1000 * (double)rest / (double)mine) + 1;
	if (s < 100)
		return arena_printf(a, "  %lld s left", (long long)s);
	if (s < 6000)
		return arena_printf(a, "  %lld min left", (long long)s / 60);
	return arena_printf(a, "  %lld h left", (long long)s / 3600);
}

char *
progress_line(const struct progress *p, struct arena *a, int64_t elapsed)
{
	char *line = arena_printf(
	    a, "%s  %s", p->name, print_number(a, (int64_t)p->done));

	if (p->of > 0)
		line = arena_printf(
		    a, "%s/%s", line, print_number(a, (int64_t)p->of));
	if (p->all > 0)
		line = arena_printf(a, "%s  %llu %%", line,
		    (unsigned long long)(p->part >= p->all
			    ? 100
			    : (double)p->part * 100 / (double)p->all));
	if (elapsed >= FIRST_MS)
		line = arena_printf(a, "%s  %s/s", line,
		    print_number(a,
			(int64_t)((double)p->done * 1000 / (double)elapsed)));
	return arena_printf(a, "%s%s", line, left_text(p, a, elapsed));
}

void
progress_show(struct progress *p)
{
	struct arena a = { 0 };
	int64_t now = clock_steady();
	int64_t wait = p->terminal ? AGAIN_MS : ELSEWHERE_MS;

	if (p->off || now - p->last < wait || now - p->began < FIRST_MS)
		return;
	p->last = now;
	fprintf(stderr, p->terminal ? "\r%s\x1b[K" : "%s\n",
	    progress_line(p, &a, now - p->began));
	p->shown = p->terminal;
	arena_done(&a);
}

void
progress_clear(struct progress *p)
{
	if (p->shown)
		fputs("\r\x1b[K", stderr);
	p->shown = false;
}
