#ifndef PARSER_BUF_H
#define PARSER_BUF_H

#include <stdbool.h>
#include <stddef.h>

/*
 * An output buffer that is born with a limit.  Past the limit nothing is
 * added and `over` stays set, so a writer need not check each step: write all,
 * then look once.  data is NUL-terminated whenever it is not NULL (the NUL is
 * not counted in len).  Out of memory ends the process.
 */
struct buf {
	char *data;
	size_t len, cap;
	size_t max; /* bytes; 0 means no limit: only for our own input */
	bool over;
};

void buf_init(struct buf *b, size_t max);
void buf_done(struct buf *b);  /* frees; the buffer may be used again */
void buf_clear(struct buf *b); /* empties, keeps the memory */

/* All return b->over as 0 or -1. */
int buf_add(struct buf *b, const void *p, size_t n);
int buf_str(struct buf *b, const char *s);
int buf_char(struct buf *b, char c);
int buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The text so far, "" when nothing was written. */
const char *buf_text(const struct buf *b);

#endif
