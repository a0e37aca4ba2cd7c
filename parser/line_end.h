#ifndef PARSER_LINE_END_H
#define PARSER_LINE_END_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The line ends of old Macintoshes: RFC 5322 2.3 forbids a CR without its LF,
 * and still there are mails in which nothing else ends a line.  When the first
 * line of a mail ends so, each such CR becomes LF, byte for byte, so that
 * offsets hold.  In all other mails a bare CR stays what it is, since one in
 * the middle of a header must never begin a new field.
 *
 * In pieces of any size; what comes out does not depend on where they end.
 */
enum line_ends {
	LINE_ENDS_UNKNOWN,
	LINE_ENDS_LF, /* or CR LF */
	LINE_ENDS_CR  /* and perhaps others in between */
};

struct line_end {
	enum line_ends kind;
	bool text;   /* something but line ends was seen */
	size_t held; /* CRs of which the next byte tells what they are */
};

struct line_end_sink {
	void (*bytes)(void *ctx, const char *p, size_t n);
	void *ctx;
};

/* l begins as { 0 }. */
void line_end_feed(struct line_end *l, const char *p, size_t n,
    const struct line_end_sink *sink);
void line_end_end(struct line_end *l, const struct line_end_sink *sink);

#endif
