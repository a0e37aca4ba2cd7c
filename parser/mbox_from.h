#ifndef PARSER_MBOX_FROM_H
#define PARSER_MBOX_FROM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the lines of an mbox mean; for mbox.c, which moves the window. */

#define MBOX_LINE_LONG 1000 /* a longer line begins no mail */

/* The line at p with its end; what there is when it does not end. */
size_t mbox_line(const char *p, size_t n);

/*
 * Does a mail begin at p?  Splitting one in two is the lesser evil: nothing is
 * lost then.  `empty`: an empty line or the start of the file stands before.
 * *date is 0 when the line has none.
 */
bool mbox_begins(const char *p, size_t n, bool empty, int64_t *date);

/*
 * The Content-Length in the header at *p: 1, and *p is the start of the body; 0
 * when there is none or the header does not end before `end`, where *p is then.
 */
int mbox_length(const char **p, const char *end, uint64_t *length);

#endif
