#ifndef PARSER_FORWARD_BLOCK_H
#define PARSER_FORWARD_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/address.h"
#include "parser/arena.h"

/*
 * The lines that a mail program puts before a mail that is passed on: "From:
 * ... Sent: ... To: ... Subject: ...", in any order and many languages, plain,
 * bold, quoted by ">" or with the value below its name.
 */
struct block {
	size_t fields;         /* how many different ones there are */
	const char *from_addr; /* each of these may be NULL */
	const char *from_name;
	const char *subject;
	const char *date; /* as it stands there */
	struct address *to, *cc;
	size_t to_n, cc_n;
	bool danish; /* "Fra": tells their "VS" from the Finnish one */
};

/* One line of a text, without the ">" before it. */
struct block_line {
	const char *s;
	const char *folded;
	bool blank;
};

/* Reads the line at p; returns where the next begins. */
const char *block_line(struct arena *a, const char *p, struct block_line *out);

/* Reads the block that begins at p, behind blank lines.  What is not there is
 * left out: look at `fields`. */
void block_read(struct arena *a, const char *p, struct block *b);

#endif
