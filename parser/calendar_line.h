#ifndef PARSER_CALENDAR_LINE_H
#define PARSER_CALENDAR_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"

/*
 * The content lines of a calendar (RFC 5545 3.1, and those of vCalendar 1.0):
 * bytes to properties.  It knows nothing of what a property means.
 */

/* "DTSTART;TZID=Europe/Berlin:20261123T100000" */
struct property {
	const char *name; /* upper case */
	const char *params;
	size_t params_n;
	const char *value;
};

#define CALENDAR_VALUE_MAX 200 /* bytes of a title, a place, a name */

/* Folded lines joined; the fold may stand inside a character, so this comes
 * before the charset. */
char *calendar_unfold(struct arena *a, const char *s, size_t n, size_t *len);

/* The line at *at without its end; *at moves on. */
char *calendar_next(char **at);

/* A line taken apart.  false: it is no property. */
bool property_read(struct arena *a, const char *line, struct property *p);

/* The value of a parameter, NULL when it is not there or empty. */
const char *property_param(
    struct arena *a, const struct property *p, const char *name);

/* A text value (RFC 5545 3.3.11); its line breaks stay. */
char *property_text(struct arena *a, const struct property *p);

#endif
