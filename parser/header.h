#ifndef PARSER_HEADER_H
#define PARSER_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"
#include "parser/mail.h"

/*
 * A header section (RFC 5322 2.2): raw bytes to fields.  It knows nothing of
 * what the fields mean.
 */
struct header {
	struct field *fields;
	size_t n, cap;
	size_t
	    used;  /* bytes of the section that were fields; the rest is body */
	bool junk; /* lines that are no field were left out */
	bool cut;  /* a field was longer than MAIL_FIELD_MAX */
	bool over; /* more fields than asked for */
	bool nul;  /* NUL, or CR without LF, inside a field */
};

/*
 * Take the section apart.  A line that is no field is left out when a field
 * follows it, else it is the start of the body (`used` says where).
 */
void header_parse(
    struct arena *a, const char *s, size_t n, size_t max, struct header *h);

/* The first field of that name, any case; NULL: none. */
const char *header_get(const struct header *h, const char *name);

#endif
