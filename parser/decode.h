#ifndef PARSER_DECODE_H
#define PARSER_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/buf.h"

/*
 * Transfer encodings (RFC 2045 6), in pieces of any size: what comes out does
 * not depend on where the input was cut.  What is broken is read as far as it
 * goes; nothing fails.
 */
struct decode {
	char encoding;   /* 'b', 'q', 'u', or 0: as it is */
	uint32_t bits;   /* base64: what is left of a group */
	int n;           /* base64: characters in bits */
	char held[1024]; /* of a line: blanks, "=", a line of uuencode */
	size_t held_n;
	bool inside; /* uuencode: behind "begin" */
	bool broken; /* something was not as it should be */
	bool text;   /* base64: a footer in plain text is kept, not dropped */
	bool start;  /* base64: at the start of a line */
	bool seen;   /* base64: there was some */
	bool padded; /* base64: and it ended with "=" */
	bool footer; /* base64: from here on it is none */
};

/* Called with decoded bytes, any number of times. */
struct decode_sink {
	void (*bytes)(void *ctx, const char *p, size_t n);
	void *ctx;
};

void decode_init(struct decode *d, char encoding);
void decode_feed(
    struct decode *d, const char *p, size_t n, const struct decode_sink *sink);
void decode_end(struct decode *d, const struct decode_sink *sink);

/* All of a short base64 text at once. */
void decode_base64(struct buf *out, const char *s, size_t n);

#endif
