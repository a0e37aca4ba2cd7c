#ifndef DAEMON_SMTP_TRACE_H
#define DAEMON_SMTP_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/limits.h"

/*
 * What was seen on the wire while one letter went out, and what that means:
 * the last command, whether the last byte of the body was handed over, and the
 * answers, nothing else, decide (RELIABILITY 4.4).  Pure: no socket, no clock.
 */
enum smtp_stage {
	SMTP_LINK,  /* name, TCP, TLS, greeting, EHLO, login */
	SMTP_RESET, /* RSET after a letter that was refused */
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_DATA,
	SMTP_BODY, /* the first byte may be on the wire */
	SMTP_DOT,  /* the last byte was handed over: the dot may be, too */
	SMTP_STAGES
};
/* "connecting", "RSET", "MAIL" ... */
extern const char *const smtp_stage_names[SMTP_STAGES];

enum smtp_outcome {
	SMTP_SENT,
	SMTP_RETRY,    /* this letter, later */
	SMTP_ROUTE,    /* the way is broken; no letter is at fault */
	SMTP_REJECTED, /* this letter, never */
	SMTP_UNKNOWN,  /* it may have arrived */
	SMTP_STALE,    /* a kept connection had died: at once on a fresh one */
	SMTP_BACK,     /* we ourselves did not let it go; nothing was sent */
	SMTP_OUTCOMES
};
extern const char *const smtp_outcome_names[SMTP_OUTCOMES];

struct smtp_trace {
	enum smtp_stage stage;
	int code;    /* of the last whole answer in this stage; 0: none */
	bool reused; /* the connection had carried letters before */
	bool back;   /* ended by us before the body, or to stop */
	bool more;   /* inside an answer of several lines */
	char text[REPLY_MAX + 1]; /* the last answer, printable ASCII */
	size_t text_n;
};

void smtp_trace_start(struct smtp_trace *t, bool reused);
/* A command is about to go out, or the body, or its last byte. */
void smtp_trace_enter(struct smtp_trace *t, enum smtp_stage stage);
/* A line came in, with or without its line end.  True: it ends an answer. */
bool smtp_trace_reply(struct smtp_trace *t, const char *line, size_t n);

enum smtp_outcome smtp_classify(const struct smtp_trace *t);

#endif
