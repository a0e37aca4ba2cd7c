#ifndef PARSER_HTML_CELL_H
#define PARSER_HTML_CELL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Tables, as far as text needs to know: whether a cell stands beside the one
 * before or below it.  Rows of short words are lines; tables that only arrange
 * a page, whose cells hold paragraphs, are not.
 */
#define HTML_TABLES_MAX 20 /* in each other; deeper ones share a level */

struct html_table {
	size_t cells;  /* of this row */
	bool fresh;    /* no text in this cell yet */
	bool lines;    /* this cell has more than one */
	bool arranged; /* a cell of this row has, or is long */
	bool any;      /* text in the table */
	bool split;    /* on more than one line */
	size_t from;   /* where the text of the cell begins */
};

struct html_cells {
	struct html_table list[HTML_TABLES_MAX + 1]; /* the first is none */
	size_t n;                                    /* open tables */
};

enum html_cell_place {
	CELL_FIRST,
	CELL_BESIDE,
	CELL_BELOW
};

void html_cells_open(struct html_cells *c);
void html_cells_close(struct html_cells *c);
void html_cells_row(struct html_cells *c);

/* A cell begins when so many bytes were written: where does it stand? */
enum html_cell_place html_cells_cell(struct html_cells *c, size_t at);

/* Text follows at that place, on a new line or not. */
void html_cells_text(struct html_cells *c, bool line, size_t at);

/* Is this a cell without text yet?  Its first paragraph wants no new line. */
bool html_cells_fresh(const struct html_cells *c);

/* Was this row one line of several cells? */
bool html_cells_plain(const struct html_cells *c);

#endif
