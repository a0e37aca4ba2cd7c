#ifndef RULES_TEMPLATE_H
#define RULES_TEMPLATE_H

#include <stddef.h>

#include "parser/arena.h"
#include "parser/err.h"

/*
 * The Mustache subset of CONFIG 8.  A template is header lines ("Subject: ..")
 * up to the first empty line, then the text.  One pass: a value is never
 * scanned again (T29).  {{name}}, {{name|fallback}}, {{#name}}..{{/name}},
 * {{^name}}..{{/name}}, {{#name?}}..{{/name?}}, {{indent 4 name}},
 * {{plural n "one" "many"}}.  A section on lines of its own leaves no empty
 * lines behind.
 */

/* The values: a tree.  A list is a sequence of sibling rows. */
struct value {
	const char *name;
	const char *text; /* NULL: absent, or a section */
	const struct value
	    *rows; /* of a section: each row's .child is a list */
	size_t rows_n;
	const struct value *child; /* NULL-name-terminated list, for a row */
};

struct template; /* compiled; lives in its arena */

/* name is for messages: "templates/en/acknowledge.txt".  known is the list of
 * names a template may use; an unknown one is an error with line and column. */
int template_compile(struct arena *a, const char *name, const char *text,
    const char *const *known, struct template **out, struct err *e);

/* values is a NULL-name-terminated list.  *subject is one line. */
int template_render(struct arena *a, const struct template *t,
    const struct value *values, char **subject, char **text, struct err *e);

/* The built-in text of a template for a language; NULL when there is none. */
const char *template_builtin(const char *name, const char *language);

/* The names that an acknowledgement may use. */
extern const char *const template_names_acknowledge[];

#endif
