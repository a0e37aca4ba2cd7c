#ifndef PARSER_HTML_ELEMENT_H
#define PARSER_HTML_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include <libxml/xmlstring.h>

#include "parser/html.h"

/* The inside of html.c and rich_read.c; nobody else includes this. */

enum {
	BLOCK = 1 << 0,     /* stands on lines of its own */
	PARAGRAPH = 1 << 1, /* and with a blank line around it */
	SKIP = 1 << 2,      /* its text is not for people */
	PRE = 1 << 3,
	CELL = 1 << 4,
	VOID = 1 << 5
};

unsigned html_flags(const char *name);

/* The value of an attribute, "" when it has none; NULL: not there. */
const char *html_attribute(const xmlChar **attrs, const char *name);

/* Does text (may be NULL) hold part, in any case? */
bool html_has(const char *text, const char *part);

/* Do mail programs wrap the mail that is answered, or what they add, in this,
 * or put it above? */
bool html_answered(
    const char *name, const xmlChar **attrs, enum html_kind *kind);

/* Not a quote, only something moved to the right? */
bool html_indent(const xmlChar **attrs);

/* Is what it holds not to be seen? */
bool html_hidden(const xmlChar **attrs);

/* Does the text in place of a picture tell anything? */
bool html_alt(const char *alt);

#endif
