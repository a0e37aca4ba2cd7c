#ifndef PARSER_MBOX_H
#define PARSER_MBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/err.h"

/*
 * An mbox file as a sequence of mails: RFC 4155 and what programs write in its
 * name.  Reads through a callback, in one window, so that neither a file nor a
 * mail of any size costs more memory.
 *
 * A mail begins with a line "From somebody date".  Inside a mail
 *   - "From " at the start of a line is quoted as ">From " (mboxo, mboxrd): one
 *     ">" is taken off again;
 *   - or Content-Length says where the mail ends (mboxcl2): it is believed only
 *     if a "From " line or the end of the file stands right there, and nothing
 *     is taken off then.
 * Writers that forget to quote are why a "From " line only counts when it has a
 * date, or stands after an empty line and before a field of a header.
 *
 * The bytes of a mail come as they are otherwise, CRLF or LF.  The empty line
 * before the next "From " belongs to the mbox, not to the mail.
 */
struct mbox_source {
	/* Up to n bytes at an offset: how many, 0 at the end, -1: *e is set. */
	int64_t (*read)(
	    void *ctx, uint64_t at, void *p, size_t n, struct err *e);
	void *ctx;
};

struct mbox_mail {
	uint64_t at;  /* offset of its "From " line */
	int64_t date; /* of that line: the arrival; 0 when it has none */
};

struct mbox {
	struct mbox_source src;
	struct mbox_mail mail; /* the present one */
	uint64_t pos;          /* offset of the next byte to give */
	uint64_t end;          /* of the mail when Content-Length is right */
	bool fixed;            /* end is known */
	bool inside;           /* a mail was begun and not read to its end */
	uint64_t known;        /* up to here the bytes belong to the mail */
	size_t blank;          /* the empty line that follows there */
	bool last;             /* and then the mail is over */
	char *window;
	uint64_t start; /* offset of the window */
	size_t have;    /* bytes in it */
	bool eof;       /* the window reaches the end of the file */
};

/* Begin at an offset: 0, or where an earlier reader stood between two mails. */
void mbox_init(struct mbox *m, struct arena *a, const struct mbox_source *src,
    uint64_t at);

/* The same machine for a file that is one mail from its first byte on. */
void mbox_init_single(
    struct mbox *m, struct arena *a, const struct mbox_source *src);

/*
 * The next mail: 1, 0 at the end, -1 on error; what was left of the mail before
 * is skipped.  ERR_REJECT: there is no "From " line where one must be.
 */
int mbox_next(struct mbox *m, struct mbox_mail *out, struct err *e);

/* Its bytes, piece by piece; *n is 0 at its end.  Lives until the next call. */
int mbox_piece(struct mbox *m, const char **p, size_t *n, struct err *e);

/* Back to the first byte of the present mail, to read it once more. */
int mbox_rewind(struct mbox *m, struct err *e);

/* Between two mails: where the next begins, for mbox_init(). */
uint64_t mbox_at(const struct mbox *m);

/* Does a file that begins with these bytes look like an mbox; like one mail?
 */
bool mbox_looks(const char *p, size_t n);
bool mbox_looks_single(const char *p, size_t n);

#endif
