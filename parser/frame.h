#ifndef PARSER_FRAME_H
#define PARSER_FRAME_H

#include <stddef.h>

#include "parser/arena.h"
#include "parser/buf.h"
#include "parser/err.h"
#include "parser/mail.h"

/*
 * A parsed mail as bytes, to carry it out of the box where hostile mail is
 * read.  The box may have been taken over by the mail it read, so nothing that
 * comes out is believed: counts are held to limits.h, every text must end
 * where it says and be valid UTF-8, every enumeration and index be in range.
 */
void frame_pack(const struct mail *m, struct buf *out);

/* Everything in *m lives in the arena.  ERR_REJECT: not such bytes. */
int frame_unpack(
    struct arena *a, const void *p, size_t n, struct mail *m, struct err *e);

#endif
