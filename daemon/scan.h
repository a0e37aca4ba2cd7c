#ifndef DAEMON_SCAN_H
#define DAEMON_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "parser/err.h"

/*
 * A look at each byte of an IMAP server before libetpan sees it: a pure
 * function over the bytes, in pieces of any size.  It knows lines, quoted
 * strings and literals (RFC 3501 4.3) and nothing of what they mean, and
 * refuses what libetpan 1.9.4 cannot stand (RELIABILITY M2 - M6):
 *
 *   - lines longer than IMAP_LINE_MAX,
 *   - parentheses nested deeper than IMAP_NESTING_MAX,
 *   - literals of more than 10 digits or larger than the budget allows, and
 *     every form of a literal that two readers could read differently,
 *   - more bytes of lines than the budget allows,
 *   - responses that nobody asked for and whose parsers are known to be weak,
 *   - PERMANENTFLAGS whose first word is no flag: libetpan dies of it.
 *
 * After a refusal the connection is of no use; the scan stays refused.
 */
enum scan_state {
	SCAN_START,  /* the first bytes of a line: what kind is it? */
	SCAN_TEXT,   /* OK, NO, BAD, BYE, a tag, "+": words for people follow */
	SCAN_CODE,   /* such words from the first "[" on */
	SCAN_RESULT, /* untagged, with quoted strings and literals */
	SCAN_QUOTED,
	SCAN_ESCAPE, /* after "\" in a quoted string */
	SCAN_DIGITS, /* "{" and digits */
	SCAN_BRACE,  /* "}" was seen: CR LF must follow */
	SCAN_CR,     /* CR LF of a literal */
	SCAN_LITERAL,
	SCAN_REFUSED
};

struct scan {
	enum scan_state state;
	int depth;      /* open parentheses */
	size_t line;    /* bytes of this response outside of literals */
	char head[24];  /* the first bytes of the line, lower case */
	size_t head_n;  /* of them */
	size_t word;    /* in a code: how much of PERMANENTFLAGS ( was read */
	int digits;     /* of a literal's size */
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
