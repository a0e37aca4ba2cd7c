#ifndef PARSER_COMPOSE_PAGE_H
#define PARSER_COMPOSE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/buf.h"
#include "parser/compose.h"

/* Private to compose: the HTML part while it is written. */
enum block {
	BLOCK_NONE,
	BLOCK_TEXT,
	BLOCK_LIST,
	BLOCK_NUMBERS,
	BLOCK_BUTTONS,
	BLOCK_COUNT
};

struct page {
	struct buf out;
	enum block block;
	size_t depth;   /* of quotes */
	size_t indent;  /* of the open paragraph, in columns */
	size_t columns; /* of the line before, in the open block */
	bool aligned;   /* that line had gaps: it is a row of a table */
	const struct compose *c; /* of whose letter; NULL: nobody's */
};

/* n bytes of text; runs of blanks stay. */
void page_escaped(struct page *p, const char *s, size_t n);

/* One line of text with its links. */
void page_inline(struct page *p, const char *s, size_t n);

/* A line that is only "words" <mailto:..> to us: the bytes of the words, 0: it
 * is not. */
size_t page_button_label(const struct page *p, const char *s, size_t n);
/* It as a button. */
void page_button(struct page *p, const char *s, size_t n, size_t label);

#endif
