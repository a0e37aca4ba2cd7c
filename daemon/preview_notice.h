#ifndef DAEMON_PREVIEW_NOTICE_H
#define DAEMON_PREVIEW_NOTICE_H

#include "parser/compose.h"
#include "rules/notice.h"

/* What a letter to the staff looks like, with plain words in it; nothing is
 * stored, and its links open nothing: they are made with no key of the desk. */
struct preview_notice {
	const struct desk *desk; /* its keys may be NULL */
	enum notice_kind kind;
	const struct ticket *ticket;
	const char *language; /* NULL: the reader's */
	const char *from;     /* out: the sender's name */
	const char *used;     /* out: the language it came out in */
	struct note_out out;
};

int preview_notice(struct arena *a, struct preview_notice *p, struct err *e);

#endif
