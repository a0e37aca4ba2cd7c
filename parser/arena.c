#include "parser/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK ((size_t)32 << 10)
#define ARENA_LARGE (ARENA_BLOCK / 2) /* has a block of its own */
#define ARENA_KEPT  128               /* blocks: a batch of ordinary mails */
#define ARENA_ALIGN ((size_t)16)

struct arena_block {
	struct arena_block *next;
	size_t size, used; /* of mem */
	_Alignas(16) unsigned char mem[];
};

static void
out_of_memory(size_t size)
{
	fprintf(stderr, "deskd: out of memory (%zu bytes wanted)\n", size);
	abort();
}

static struct arena_block *
block_new(size_t size)
{
	struct arena_block *b;

	if (size > SIZE_MAX - sizeof(*b))
		out_of_memory(size);
	b = malloc(sizeof(*b) + size);
	if (b == NULL)
		out_of_memory(size);
	b->next = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

/* A large piece gets a block of its own behind the current one. */
static void *
take_large(struct arena *a, size_t size)
{
	struct arena_block *b = block_new(size);

	b->used = size;
	if (a->block == NULL) {
		a->block = b;
	} else {
		b->next = a->block->next;
		a->block->next = b;
	}
	return b->mem;
}

static void
next_block(struct arena *a)
{
	struct arena_block *b = a->spare;

	if (b != NULL)
		a->spare = b->next;
	else
		b = block_new(ARENA_BLOCK);
	b->next = a->block;
	a->block = b;
}

/* Memory that holds anything. */
static void *
take(struct arena *a, size_t size)
{
	void *p;

	if (size > SIZE_MAX - ARENA_ALIGN)
		out_of_memory(size);
	size = (size + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
	a->used += size;
	if (size > ARENA_LARGE)
		return take_large(a, size);
	if (a->block == NULL || a->block->size - a->block->used < size)
		next_block(a);
	p = a->block->mem + a->block->used;
	a->block->used += size;
	return p;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, size);
}

void *
arena_calloc(struct arena *a, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		out_of_memory(n);
	return arena_alloc(a, n * size);
}

void *
arena_memdup(struct arena *a, const void *p, size_t n)
{
	char *q;

	if (n == SIZE_MAX)
		out_of_memory(n);
	q = take(a, n + 1);
	if (n > 0)
		memcpy(q, p, n);
	q[n] = '\0';
	return q;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	return arena_memdup(a, s, strnlen(s, n));
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_memdup(a, s, strlen(s));
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *s;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	s = arena_alloc(a, n < 0 ? 1 : (size_t)n + 1);
	if (n > 0)
		vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	return s;
}

void *
arena_grow(struct arena *a, void *old, size_t n, size_t *cap, size_t size)
{
	void *p;

	if (n < *cap)
		return old;
	*cap = *cap == 0 ? 8 : *cap * 2;
	p = arena_calloc(a, *cap, size);
	return n == 0 ? p : memcpy(p, old, n * size);
}

static void
free_blocks(struct arena_block *b)
{
	struct arena_block *next;

	for (; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
}

void
arena_reset(struct arena *a)
{
	struct arena_block *b, *next;
	size_t kept = 0;

	for (b = a->spare; b != NULL; b = b->next)
		kept++;
	for (b = a->block; b != NULL; b = next) {
		next = b->next;
		if (b->size != ARENA_BLOCK || kept == ARENA_KEPT) {
			free(b);
			continue;
		}
		b->used = 0;
		b->next = a->spare;
		a->spare = b;
		kept++;
	}
	a->block = NULL;
	a->used = 0;
}

void
arena_done(struct arena *a)
{
	free_blocks(a->block);
	free_blocks(a->spare);
	a->block = a->spare = NULL;
	a->used = 0;
}
