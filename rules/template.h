#ifndef RULES_TEMPLATE_H
#define RULES_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"
#include "parser/err.h"

/*
 * The Mustache subset of CONFIG 8.  A template is header lines ("Subject: ..")
 * up to the first empty line, then the text.  One pass: a value is never
 * scanned again (T29).
 *
 *   {{name}}  {{name|fallback}}      a value, or what stands for a missing one
 *   {{#name}} .. {{/name}}           once for each row; once for a text
 *   {{^name}} .. {{/name}}           when there is none
 *   {{#name?}} .. {{/name?}}         once, when there is any
 *   {{indent 4 name}}                each line moved to the right
 *   {{plural name "one" "many"}}     by a number
 *   {{button "words" name}}          "words" <link>: one tap, a mail to us
 *
 * A section mark on a line of its own leaves no empty line behind.  Inside a
 * row its names come first, then those outside it.
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

struct template; /* compiled; lives in its arena, points into its text */

/* name is for messages: "templates/en/acknowledge.txt".  known is the list of
 * names a template may use; an unknown one is an error with line and column:
 * "templates/en/acknowledge.txt:3:9: error: unknown variable ..". */
int template_compile(struct arena *a, const char *name, const char *text,
    const char *const *known, struct template **out, struct err *e);

/* values is a NULL-name-terminated list.  *subject is one line, *text ends with
 * one line end.  ERR_REJECT: the result would pass TEMPLATE_OUT_MAX. */
int template_render(struct arena *a, const struct template *t,
    const struct value *values, char **subject, char **text, struct err *e);

/* The built-in text of a template for a language; NULL when there is none. */
const char *template_builtin(const char *name, const char *language);

/* The names that each kind may use: the acknowledgement; the one that echoes
 * nothing of the mail (T17); an alert to staff; a configuration refused. */
extern const char *const template_names_acknowledge[];
extern const char *const template_names_received[];
extern const char *const template_names_alert[];
extern const char *const template_names_refused[];

/* Every kind of template there is; ends with a NULL name. */
struct template_kind {
	const char *name; /* "acknowledge" */
	const char *const *known;
};
extern const struct template_kind template_kinds[];

/* The templates in force, by kind and language. */
struct template_set {
	struct arena *arena;
	struct template_entry *list;
	size_t n, cap;
};

int template_set_add(struct template_set *set, const struct template_kind *k,
    const char *language, const char *name, const char *text, struct err *e);
/* The built-in templates of all languages. */
int template_set_builtin(
    struct arena *a, struct template_set *out, struct err *e);

/* Does the language have ("de") serve who asks for the want_n bytes at want
 * ("de-AT")? */
bool language_serves(const char *have, const char *want, size_t want_n);

/*
 * The template of a kind for the first of the languages that has one;
 * *language (may be NULL) is that one.  "de" serves "de-AT".  NULL: none has.
 */
const struct template *template_set_find(const struct template_set *set,
    const char *kind, const char *const *languages, size_t n,
    const char **language);

#endif
