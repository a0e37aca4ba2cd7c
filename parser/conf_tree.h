#ifndef PARSER_CONF_TREE_H
#define PARSER_CONF_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The configuration as it was written: settings with their arguments, blocks
 * with their settings, and where each of them stands.  Const after loading.
 * Rules read their blocks from here; the daemon asks struct conf.
 */

struct conf_file {
	const char *path; /* as opened; the form that messages print */
	const char *text; /* NUL-terminated */
	size_t n;
	const struct conf_file *from; /* the file that includes it, or NULL */
};

struct conf_place {
	const struct conf_file *file;
	size_t at, line_at; /* bytes: of the word, of its line */
	int line, column;   /* from 1; columns are characters */
	int width;          /* characters */
};

enum conf_form {
	FORM_WORD,
	FORM_DOUBLE, /* "text" */
	FORM_SINGLE, /* 'text' */
	FORM_PATTERN /* /text/flags */
};

struct conf_arg {
	enum conf_form form;
	const char *text;  /* without quotes, slashes and escapes; no NUL in it
	                    */
	const char *flags; /* of a pattern: some of "imsx"; else "" */
	struct conf_place place; /* of the whole argument, quotes included */
};

struct conf_node {
	const char *name;
	struct conf_place place; /* of the name */
	struct conf_arg *args;
	size_t args_n;
	bool block;
	const struct conf_node *child; /* the first setting of a block */
	const struct conf_node *next;  /* the one after this in its block */
};

/* The first setting of that name in a block, and the one after n; or NULL. */
const struct conf_node *conf_child(
    const struct conf_node *block, const char *name);
const struct conf_node *conf_after(const struct conf_node *n);

/* The text of argument i, NULL when there are fewer. */
const char *conf_text(const struct conf_node *n, size_t i);

struct arena;
struct conf_report;

/*
 * What only shows after reading (in the rules, in templates), in the form of
 * the reader's own messages: an error or a warning at a place.  hint may be
 * NULL.  Foreign text in fmt is written as %.80s.
 */
void conf_complain(struct arena *a, struct conf_report *rep, bool error,
    const struct conf_place *p, const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));

/* "1h30m" in seconds; false: it is no duration. */
bool conf_duration(const char *s, int64_t *seconds);

/* A path as a glob() that finds it alone, whatever its name. */
char *conf_unglob(struct arena *a, const char *path);

#endif
