#ifndef PARSER_TRACE_PRIVATE_H
#define PARSER_TRACE_PRIVATE_H

#include <stddef.h>

#include "parser/limits.h"
#include "parser/mail.h"

/*
 * Reading of one unfolded value, between trace.c and trace_results.c.  The
 * grammar is taken strictly where a laxer reading could move a word out of a
 * comment or a quoted string: others put there what a stranger chose (RFC 8601
 * 7.8).  What follows a fault means nothing.
 */
struct trace_text {
	const char *p;
	bool bad; /* it breaks the grammar */
	size_t n;
	char word[TRACE_WORD_MAX + 1]; /* the last one */
};

/* Folding white space and comments (RFC 5322 3.2.2). */
void trace_skip(struct trace_text *t);

/*
 * A word up to a blank, a comment or one of `stop`, with what stands in quoted
 * strings in it; "" when none stands there.  Lives till the next.
 */
const char *trace_word(struct trace_text *t, const char *stop);

const char *trace_lower(struct arena *a, const char *s);

/* trace_results.c: one Authentication-Results (RFC 8601 2.2). */
void trace_results(struct arena *a, const char *value, struct trace *out);

#endif
