#ifndef PARSER_QUOTE_H
#define PARSER_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"
#include "parser/html.h"

/*
 * What a person added: the text of a mail without the mail it answers, the
 * line that introduces it and the signature.  When in doubt more is kept: a
 * quote too much is a nuisance, a lost sentence is a lost request.  Answers
 * that stand between quoted lines keep, with its ">", the paragraph that each
 * of them answers.
 */
struct quote_input {
	const char *text; /* UTF-8, LF */
	/* what HTML marked as the answered mail; may be none */
	const struct html_range *ranges;
	size_t ranges_n;
	const char *known; /* text that we sent before, or NULL */
	bool forward; /* the subject says so: a quoted header is for us to read
	               */
	bool fresh; /* no field says that it answers a mail: ">" may be text */
};

#define QUOTE_NO_FORWARD ((size_t)-1)

/*
 * Never NULL.  "" only when the text is nothing but a quote or a signature.
 * *forward (may be NULL) is where in the text a forwarded mail begins, behind
 * the line that says so.
 */
char *quote_cut(struct arena *a, const struct quote_input *in, size_t *forward);

/* The new text without the quoted lines that were kept for its answers. */
const char *quote_own(struct arena *a, const char *new_text);

#endif
