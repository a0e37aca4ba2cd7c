#ifndef DAEMON_SMTP_TALK_H
#define DAEMON_SMTP_TALK_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/smtp_trace.h"

/*
 * The dialogue for one letter on a connection that is logged in (RFC 5321
 * 3.3): MAIL, RCPT, DATA, body, dot.  It moves no bytes: the caller sends what
 * talk_output() gives and hands in what came.  Addresses and bytes have been
 * checked before (M9, M10).
 *
 *	while (!talk.over) {
 *		if (talk.asks)
 *			talk_body(&talk, may the body go?);
 *		p = talk_output(&talk, &n);	send p, talk_sent(&talk, sent)
 *		else receive, talk_input(&talk, p, n)
 *	}
 */
#define TALK_OUT      (16 << 10) /* one TLS record */
#define TALK_REPLY    (64 << 10) /* bytes of one answer; more is a flood: M14 */
#define TALK_LINE_MAX 2000       /* kept of one line; RFC 5321 says 512 */

struct smtp_letter {
	const char *sender; /* "" is the null sender <> */
	const char *recipient;
	const char *data; /* all lives until the result was taken */
	size_t size;
	void *owner; /* the caller's */
};

struct talk {
	struct smtp_trace trace;
	const struct smtp_letter *letter;
	bool sizes;  /* the server wants to know the size (RFC 1870) */
	bool asks;   /* 354 came: may the body go? */
	bool over;   /* the outcome is known, or nothing more can come */
	bool usable; /* when over: the next letter may take this connection */
	const char *why; /* the server breaks the rules; NULL: it does not */
	size_t at;       /* how much of the data is in out or gone */
	bool inside;     /* the next byte is not the first of a line */
	char out[TALK_OUT];
	size_t out_at, out_n;
	char line[TALK_LINE_MAX];
	size_t line_n, answer_n;
};

/* reused: the connection carried letters before; reset: one of them was
 * refused on the way. */
void talk_start(struct talk *t, const struct smtp_letter *l, bool sizes,
    bool reused, bool reset);
void talk_body(struct talk *t, bool may);
/* What is to be sent next; *n is 0 when the server has to speak. */
const char *talk_output(struct talk *t, size_t *n);
void talk_sent(struct talk *t, size_t n);
void talk_input(struct talk *t, const char *p, size_t n);

#endif
