#ifndef DAEMON_SCAN_H
#define DAEMON_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/scan_line.h"
#include "parser/err.h"

/*
 * A look at each byte of an IMAP server before libetpan sees it: a pure
 * function over the bytes, in pieces of any size.  It knows lines, quoted
 * strings and literals (RFC 3501 4.3), asks scan_line.h what a line may look
 * like, and refuses what libetpan 1.9.4 cannot stand (RELIABILITY M2 - M6):
 *
 *   - lines longer than IMAP_LINE_MAX,
 *   - literals of more than 10 digits or larger than the budget allows, and
 *     every form of a literal that two readers could read differently,
 *   - more bytes of lines than the budget allows,
 *   - NUL, and CR without LF,
 *   - responses that nobody asked for; so no parentheses are nested.
 *
 * After a refusal the connection is of no use; the scan stays refused.
 */
enum scan_state {
	SCAN_LINE,
	SCAN_CR, /* LF must follow */
	SCAN_QUOTED,
	SCAN_ESCAPE,      /* after "\" in a quoted string */
	SCAN_DIGITS,      /* "{" and digits */
	SCAN_BRACE,       /* "}" was seen: CR LF must follow */
	SCAN_LITERAL_END, /* its CR was seen */
	SCAN_LITERAL,
	SCAN_REFUSED
};

struct scan {
	enum scan_state state;
	struct scan_line now; /* the line as far as it has come */
	size_t line;          /* bytes of it outside of literals */
	int digits;           /* of a literal's size */
	uint64_t size;  /* that size; inside the literal: what is left of it */
	uint64_t lines; /* budget: bytes outside of literals */
	uint64_t literals; /* budget: bytes in literals */
};

/* Where a connection begins: { 0 } and a budget. */

/* A new command, a new budget; the place in the stream is kept. */
void scan_allow(struct scan *s, uint64_t lines, uint64_t literals);

/* Look at n bytes.  ERR_REJECT: refused, and why. */
int scan_bytes(struct scan *s, const char *p, size_t n, struct err *e);

#endif
