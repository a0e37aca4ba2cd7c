#ifndef DAEMON_SCAN_LINE_H
#define DAEMON_SCAN_LINE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What one line of an IMAP server may look like (RFC 3501 7 and 9), so that of
 * libetpan's parsers only those are entered that deskd has a use for: the
 * answers to the commands of imap.c and what a server says unasked about its
 * folder.  Envelopes, body structures, name spaces, quotas and all else that
 * nobody asked for are refused, and so is what kills libetpan 1.9.4:
 *
 *   - [ALERT] and [PARSE] without words behind it: it copies a null pointer,
 *   - [BADCHARSET]: a second one frees the list of the first,
 *   - [PERMANENTFLAGS ( whose first word is no flag: it frees a list that was
 *     never made,
 *   - strings and literals where only words can be meant: it would read them
 *     over the end of the line.
 *
 * A struct of zeros is the beginning of a line.
 */
struct scan_line {
	/* What comes next: takes one symbol, sets the next step, or says what
	 * is wrong.  NULL: the beginning of a line. */
	const char *(*step)(struct scan_line *l, int c);
	const char *(*after)(struct scan_line *l, int c); /* a list of flags */
	char word[24]; /* lower case, cut if longer */
	size_t n;      /* bytes of the word, or digits */
	bool strings;  /* '"' and '{' begin a string here, else plain bytes */
};

/* Symbols beside the bytes 1 to 255; '\n' is the end of the line. */
#define SYMBOL_STRING  256 /* a whole quoted string */
#define SYMBOL_LITERAL 257 /* a literal; its bytes are not shown */

/* NULL: goes on; else what is wrong, for "the server sends %s". */
const char *scan_line_symbol(struct scan_line *l, int c);

#endif
