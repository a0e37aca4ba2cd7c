#ifndef DAEMON_PRINT_H
#define DAEMON_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/cmd.h"
#include "parser/arena.h"

/*
 * What a person sees on a terminal: tables that fit its width, a little
 * colour, local times, and foreign text that cannot steer the terminal (T40).
 * Nothing in here reads the database; a subcommand collects first, then prints,
 * so that a pager never holds up the service.
 */
enum print_style {
	STYLE_NONE,
	STYLE_BOLD,
	STYLE_RED,
	STYLE_GREEN,
	STYLE_YELLOW,
	STYLE_BLUE,
	STYLE_ALARM, /* bold red */
	STYLE_DIM,
	STYLE_COUNT
};

struct print {
	int width;   /* columns; 0: no limit (not a terminal, no COLUMNS) */
	bool colour; /* never the only carrier of a meaning */
	bool utf8;   /* may use more than ASCII for our own marks */
	int64_t now;
};

/* For standard output, as OPS 2 has it: COLUMNS, NO_COLOR, CLICOLOR_FORCE,
 * TERM, and c->colour, the word of --color. */
void print_init(struct print *p, const struct context *c);

/* Escape sequences to switch a style on and off; "" without colour. */
const char *print_on(const struct print *p, enum print_style style);
const char *print_off(const struct print *p, enum print_style style);

/*
 * Foreign text made harmless: C0, DEL, C1, bidi controls and bytes that are
 * not UTF-8 become "\x1b", "\u202e".  print_line() gives one line;
 * print_block() keeps LF and TAB.
 */
char *print_line(struct arena *a, const char *s);
char *print_block(struct arena *a, const char *s);

/* Terminal columns of clean text, and its longest part that fits in width;
 * what was cut is shown by a mark. */
int print_columns(const char *s);
char *print_cut(
    const struct print *p, struct arena *a, const char *s, int width);

/* Clean text from column `at` on, broken at blanks where the width ends and
 * carried on in column `indent`; ends the line. */
void print_wrapped(const struct print *p, const char *s, int at, int indent);

/* "2026-07-28 09:14 CEST"; "-" for 0. */
char *print_time(struct arena *a, int64_t when);
/* "now", "5m", "3h", "2d", "14w": how long ago; "-" for 0. */
char *print_age(const struct print *p, struct arena *a, int64_t when);
/* "48,002" */
char *print_number(struct arena *a, int64_t n);
/* "17 KB" */
char *print_size(struct arena *a, uint64_t bytes);

/* The colour that a status, a priority or a state of the ledger has. */
enum print_style print_style_of(const char *word);

/*
 * A table.  Cells are given row by row, column by column, as foreign text;
 * they are made harmless here.  Where the width is too small, the column that
 * says `gives` is cut, then others, never the first and never a number.  A
 * column that is empty in every row is left out.
 */
struct column {
	const char *head;
	bool right, gives;
};

struct table {
	struct arena *arena;
	const struct column *columns;
	size_t columns_n;
	struct cell {
		const char *text;
		enum print_style style;
	} * cells;
	size_t n, cap;
};

void table_init(struct table *t, struct arena *a, const struct column *columns,
    size_t columns_n);
void table_cell(struct table *t, const char *text, enum print_style style);
void table_print(const struct table *t, const struct print *p);

#endif
