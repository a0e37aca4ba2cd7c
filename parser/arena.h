#ifndef PARSER_ARENA_H
#define PARSER_ARENA_H

#include <stddef.h>

/*
 * The memory of one unit of work (a mail, a letter, a subcommand, the
 * configuration).  Allocate freely, give all of it back at once; there is no
 * free of a single piece.  Start with { 0 }.  Memory comes zeroed and aligned
 * for any type.  Out of memory ends the process: all state is in the database
 * and the parent starts us again.
 */
struct arena {
	struct arena_block *block; /* newest first */
	struct arena_block *spare; /* kept for the next round */
	size_t used;               /* bytes handed out since the last reset */
};

void *arena_alloc(struct arena *a, size_t size);
void *arena_calloc(struct arena *a, size_t n, size_t size);

/* Copies, always NUL-terminated.  arena_strdup(a, NULL) is NULL. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
void *arena_memdup(struct arena *a, const void *p, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Grow an array inside the arena: returns room for at least n + 1 elements,
 * the first n copied.  *cap is the capacity and starts at 0.
 */
void *arena_grow(
    struct arena *a, void *old, size_t n, size_t *cap, size_t size);

/* Take back everything; what an ordinary round needs is kept for the next. */
void arena_reset(struct arena *a);

/* Take back everything and free it.  The arena may be used again. */
void arena_done(struct arena *a);

#endif
