#ifndef PARSER_PARAM_H
#define PARSER_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"

/*
 * A value with parameters (Content-Type, Content-Disposition; RFC 2045 5.1)
 * with the continuations and charsets of RFC 2231, which libetpan does not
 * know, and with the faults of the wild: no quotes, open quotes, blanks, ";;".
 */
struct param {
	const char *name; /* lower case, without "*" and "*1" */
	int index;        /* of "name*1"; -1: not a continuation */
	bool extended;    /* "name*": charset and %XX */
	const char *value;
	size_t n;
};

struct params {
	const char *value; /* lower case, "" when there is none */
	struct param *list;
	size_t n, cap;
	bool over; /* more than MAIL_PARAMS_MAX: the others are left out */
};

void param_parse(struct arena *a, const char *s, size_t n, struct params *out);

/* The value as clean text of one line (charsets, encoded words and %XX read),
 * NULL when there is no such parameter.  hint: as in word_decode(). */
char *param_text(struct arena *a, const struct params *p, const char *name,
    const char *hint, size_t max);

/* The bytes as they are, for a boundary; NULL when there is none. */
const char *param_bytes(
    struct arena *a, const struct params *p, const char *name, size_t *n);

/* The same text made fit to be the name of a file: no slash, backslash,
 * control, leading dot or dash, at most MAIL_NAME_MAX bytes.  NULL: nothing is
 * left. */
char *param_file_name(struct arena *a, const char *text);

#endif
