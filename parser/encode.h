#ifndef PARSER_ENCODE_H
#define PARSER_ENCODE_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"
#include "parser/buf.h"

/*
 * The encoders of outgoing mail, for compose and what fills its fields: header
 * fields folded at 76 columns (RFC 5322 2.2.3), encoded words (RFC 2047),
 * parameters (RFC 2231), quoted-printable and base64 (RFC 2045).  Whatever text
 * goes in, what comes out is 7 bit and cannot end the field it stands in (T27):
 * every value first goes through utf8_line().
 */
#define ENCODE_COLUMNS 76

/* A header field while it is written. */
struct encode {
	struct arena *arena;
	struct buf *out;
	size_t column;
};

void encode_open(
    struct encode *f, struct arena *a, struct buf *out, const char *name);
void encode_close(struct encode *f);

/* A blank and bytes that may not be broken or encoded: an id, "<a@b>", a date.
 * The caller has checked them: printable ASCII. */
void encode_token(struct encode *f, const char *token, size_t n);

/* Free text (RFC 5322 "unstructured").  long_words: ASCII words too long for a
 * line stay as they are, for values that machines read. */
void encode_text(struct encode *f, const char *text, bool long_words);

/* The name in front of an address (RFC 5322 "phrase"). */
void encode_phrase(struct encode *f, const char *name);

/* "; name=value", in pieces (name*0*=..) when it must be. */
void encode_param(struct encode *f, const char *name, const char *value);

/* Text with LF to CRLF lines of at most 76 columns.  Lines that begin with "."
 * or "From " are hidden from dot-stuffing and mbox. */
void encode_qp(struct buf *out, const char *text, size_t n);

/* Any bytes to CRLF lines of 76 columns; or to one word, for a field. */
void encode_base64(struct buf *out, const void *p, size_t n);
char *encode_base64_word(struct arena *a, const void *p, size_t n);

#endif
