#ifndef DAEMON_BOX_H
#define DAEMON_BOX_H

#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/err.h"
#include "parser/mail.h"

/*
 * The box: hostile bytes are parsed in a child that can do nothing but read its
 * pipe, think and write its pipe (seccomp, rlimits; no file, no network, no
 * database).  A mail that kills it, stalls it or fills it costs only itself.
 *
 * Mails go in one after the other and come out in the same order; several may
 * be under way at once, so the child parses while the caller reads the next.
 * A box that died is replaced by the next box_begin().
 */
struct box;

enum box_end {
	BOX_DONE, /* *m is the mail */
	BOX_DEAD, /* this mail killed the box or took too long; text says how */
	BOX_AGAIN /* innocent: it was behind a mail that killed the box */
};

struct box_result {
	enum box_end end;
	struct mail mail;
	const char *why;
};

/* The child is started when the first mail comes. */
struct box *box_new(void);
void box_free(struct box *b);

/*
 * A batch: box_start(), then for each mail box_begin(), any number of
 * box_feed(), box_end(); then box_finish(), which waits for the last result.
 * results has room for all mails; what they hold lives in the arena.  wall:
 * milliseconds that one mail may take.
 * known (may be NULL): see mail_reader_new().
 * ERR_RETRY: the box cannot be started.  All else ends in the results.
 */
void box_start(
    struct box *b, int64_t wall, struct arena *a, struct box_result *results);
int box_begin(
    struct box *b, enum mail_depth depth, const char *known, struct err *e);
void box_feed(void *box, const void *p, size_t n);
void box_end(struct box *b);
void box_finish(struct box *b);
/* What box_feed() still keeps to send together goes to the child: for those who
 * do something else before box_finish(). */
void box_send(struct box *b);

/* Before a long wait: a box that has read many mails is not kept. */
void box_idle(struct box *b);

/* The child (the hidden subcommand "box"): serves stdin and stdout until the
 * end of stdin.  Returns an exit code. */
int box_serve(void);

#endif
