#ifndef RULES_TEMPLATE_H
#define RULES_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"
#include "parser/conf.h"
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

/* A kind of letter: its name and what its templates may use. */
struct template_kind {
	const char *name; /* "acknowledge" */
	const char *const *known;
	/* Known names that have no value in this version; may be NULL.  Without
	 * a fallback of its own a moment ("sla.resolution.local") is told in
	 * words, of the others nothing is printed and `check` warns. */
	const char *const *later;
	bool staff; /* for agents and admins: no rule replies with it */
	/* "From: .." stands in place of "Subject: ..": an event in a thread
	 * whose subject never changes.  What is rendered as the subject is the
	 * name of the sender then. */
	bool from;
};

/* The text of one file. */
struct template_source {
	const char *path; /* for messages: "templates/en/acknowledge.txt" */
	const char *text;
	const struct template_kind *kind; /* known NULL: any name is good */
	const char *language;             /* "" or NULL: nobody's */
};

/* All that is wrong goes to the report as "file:line:column: error: ..", with
 * the line and a caret; then -1. */
int template_compile(struct arena *a, const struct template_source *src,
    struct conf_report *rep, struct template **out);

/* values is a NULL-name-terminated list.  *subject is one line, *text ends with
 * one line end.  ERR_REJECT: the result would pass TEMPLATE_OUT_MAX. */
int template_render(struct arena *a, const struct template *t,
    const struct value *values, char **subject, char **text, struct err *e);

/* The built-in text of a template for a language; NULL when there is none. */
const char *template_builtin(const char *name, const char *language);

/* The kinds that are built in; ends with a NULL name.  received repeats nothing
 * of the mail (T17), alert and refused are for staff. */
extern const struct template_kind template_kinds[];
/* NULL: no such kind. */
const struct template_kind *template_kind(const char *name);

/* The templates in force, by kind and language. */
struct template_set {
	struct arena *arena;
	struct template_entry {
		const struct template_kind *kind;
		const char *language;
		const char *path; /* of the file, NULL: built in */
		const struct template *template;
	} * list;
	size_t n, cap;
};

/* A template takes the place of one of its kind and language. */
int template_set_add(struct template_set *set, const char *language,
    const struct template_source *src, struct conf_report *rep);
/* The built-in templates of all languages. */
int template_set_builtin(
    struct arena *a, struct template_set *out, struct conf_report *rep);

/* Does the language have ("de") serve who asks for the want_n bytes at want
 * ("de-AT")? */
bool language_serves(const char *have, const char *want, size_t want_n);
/* Does either serve the other?  "pt" and "pt-BR" do, "pt-PT" and "pt-BR" do
 * not.  An empty one serves nobody. */
bool language_alike(const char *a, const char *b);

/* The entry of a kind that serves a language, or NULL. */
const struct template_entry *template_set_entry(
    const struct template_set *set, const char *kind, const char *language);

/*
 * The template of a kind for the first of the languages that has one;
 * *language (may be NULL) is that one.  "de" serves "de-AT".  NULL: none has.
 */
const struct template *template_set_find(const struct template_set *set,
    const char *kind, const char *const *languages, size_t n,
    const char **language);

/* The same for a reader's language (NULL or "": not known), then for those of
 * the desk in their order, then for English. */
const struct template *template_set_for(const struct template_set *set,
    const char *kind, const struct conf *c, const char *first,
    const char **language);

#endif
