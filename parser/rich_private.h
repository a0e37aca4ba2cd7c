#ifndef PARSER_RICH_PRIVATE_H
#define PARSER_RICH_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/rich.h"

/* The inside of rich.c: HTML as text with events, two texts brought together,
 * and events as HTML of ours. */

enum rich_tag {
	RICH_NONE,
	RICH_QUOTE, /* these hold others */
	RICH_UL,
	RICH_OL,
	RICH_LI,
	RICH_TABLE,
	RICH_TR,
	RICH_TD,
	RICH_TH,
	RICH_PRE,
	RICH_B, /* these stand in lines */
	RICH_I,
	RICH_U,
	RICH_S,
	RICH_CODE,
	RICH_A,
	RICH_TAGS
};

enum rich_kind {
	RICH_OPEN,
	RICH_CLOSE,
	RICH_LINES,  /* a block begins or ends: n lines */
	RICH_BREAK,  /* <br> */
	RICH_PICTURE /* <img>: value is its cid or NULL, alt its words */
};

struct rich_event {
	const char *value; /* href, cid */
	const char *alt;
	uint32_t at; /* before this byte of the text */
	uint32_t n;  /* lines; number of a list; id of what is opened */
	uint8_t kind, tag;
	bool quoted; /* PICTURE: stands in what is answered */
	bool kept;   /* PICTURE: its words were matched; TABLE: it is one */
};

/* Of a byte of the text. */
enum {
	RICH_KEPT = 1,
	RICH_QUOTED = 2, /* of the mail that is answered, as programs mark it */
	RICH_SOFT = 4,   /* a mark that programs write around words */
};

struct rich_doc {
	char *text;
	uint8_t *flags;
	size_t n, cap;
	struct rich_event *events;
	size_t events_n, events_cap;
	bool over; /* larger than anybody needs */
};

/* Both false: over a limit. */
bool rich_read(struct arena *a, const char *html, struct rich_doc *out);
/* Sets RICH_KEPT on what new_text says; whole: all of the document must be it.
 * false: the two cannot be brought together. */
bool rich_match(
    struct arena *a, struct rich_doc *d, const char *new_text, bool whole);
/* What is kept, as HTML; NULL: too large, or no formatting is among it. */
char *rich_write(struct arena *a, struct rich_doc *d);

/* A table is one when a row has two cells with words and no table stands in
 * it: its event is kept. */
void rich_find_tables(struct rich_doc *d);

#endif
