#ifndef PARSER_CALENDAR_H
#define PARSER_CALENDAR_H

#include <stddef.h>

#include "parser/arena.h"

/*
 * A calendar that came by mail (iCalendar RFC 5545, its mail form RFC 5546 and
 * 6047, and the older vCalendar) as lines to read: who, what, when, where.
 * Broken calendars are read as far as they go; what is not understood is left
 * out.  It keeps no calendar and answers no invitation.
 */
struct calendar {
	const char *method; /* "REQUEST"; NULL: none was named */
	const char **lines; /* one for each event, and "... and 7 more" */
	size_t lines_n;
	const char *about;   /* what the first event says in its own words */
	const char *comment; /* what somebody who answers adds, or NULL */
};

/*
 * Reads n bytes in that charset (NULL: UTF-8).  method (may be NULL) is the
 * one of the Content-Type, for a calendar that names none.  All that comes out
 * is clean text in the arena.
 */
void calendar_read(struct arena *a, const char *charset, const char *bytes,
    size_t n, const char *method, struct calendar *out);

#endif
