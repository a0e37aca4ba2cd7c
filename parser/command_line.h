#ifndef PARSER_COMMAND_LINE_H
#define PARSER_COMMAND_LINE_H

#include "parser/command_words.h"

/* Only for command.c: lines, one by one. */

/* A line that may be a command. */
struct command_look {
	char marker;      /* '#' or '/'; 0: it is text */
	bool loose;       /* "# close", "- #close": need not be meant as one */
	bool listed;      /* behind the mark of a list */
	const char *name; /* as written, without the marker */
	const char *key;  /* folded, for the table */
	const char *rest, *end; /* the value, as it was written */
	bool emphasis;          /* "*#close*" */
};

struct command_line {
	const char *s;
	size_t n;
};

/* Nothing to be seen in it? */
bool command_blank(struct command_line l);
/* Characters of a line, or of its first word. */
size_t command_columns(struct command_line l, bool word);
/* Does it look like a command at all? */
struct command_look command_look(struct arena *a, struct command_line line);
struct command command_made(
    struct arena *a, const struct command_look *l, size_t line);
/* In the block at the top every such line is one. */
bool command_in_top(const struct command_look *l);
/*
 * Below the top: a known word.  Where it need not be one ("# close the port" in
 * a script, "/time" of a path) it must be right as it stands, its value one
 * word; but for notes, whose text must not leave.
 */
bool command_known_below(struct arena *a, const struct command_look *l);
/* At the end it is done without a question only when it is meant for all of the
 * mail: a "#note text" behind a text may be meant beside it. */
bool command_in_bottom(struct arena *a, const struct command_look *l);

#endif
