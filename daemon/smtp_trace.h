#ifndef DAEMON_SMTP_TRACE_H
#define DAEMON_SMTP_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/limits.h"

/*
 * What was seen on the wire while one letter went out, and what that means.
 * libcurl's own result is ambiguous (it says 56 for "died at MAIL" and for
 * "died after the final dot"), so it never decides: only the last command, the
 * last byte of the body that we handed over, and the answers do (RELIABILITY
 * 4.4).  Pure: no socket, no clock.
 */
enum smtp_stage {
	SMTP_CONNECT, /* no greeting yet */
	SMTP_GREETED,
	SMTP_EHLO,
	SMTP_STARTTLS,
	SMTP_AUTH,
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_DATA,
	SMTP_BODY, /* the first byte may be on the wire */
	SMTP_DOT,  /* the last byte was handed over: the dot may be, too */
	SMTP_STAGES
};
/* "connecting", "greeting", "EHLO" ... */
extern const char *const smtp_stage_names[SMTP_STAGES];

enum smtp_outcome {
	SMTP_SENT,
	SMTP_RETRY,    /* this letter, later */
	SMTP_ROUTE,    /* the way is broken; no letter is at fault */
	SMTP_REJECTED, /* this letter, never */
	SMTP_UNKNOWN,  /* it may have arrived */
	SMTP_STALE,    /* an old connection had died: at once on a fresh one */
	SMTP_BACK,     /* we ourselves did not let it go; nothing was sent */
	SMTP_OUTCOMES
};
extern const char *const smtp_outcome_names[SMTP_OUTCOMES];

struct smtp_trace {
	enum smtp_stage stage;
	int code;      /* of the last whole answer in this stage; 0: none */
	bool reused;   /* the connection had carried letters before */
	bool back;     /* ended by us before the body */
	bool stopping; /* ended by us at a stop request */
	bool more;     /* inside an answer of several lines */
	char text[REPLY_MAX + 1]; /* the last answer, printable ASCII */
	size_t text_n;
};

/* kept: there is a connection that may be used again; whether it was, the
 * dialogue tells. */
void smtp_trace_start(struct smtp_trace *t, bool kept);
/* A command went out: the stage follows from its verb. */
void smtp_trace_command(struct smtp_trace *t, const char *line, size_t n);
/* A line came in. */
void smtp_trace_reply(struct smtp_trace *t, const char *line, size_t n);
/* Before the first byte of the body; after the last one was handed over. */
void smtp_trace_body(struct smtp_trace *t);
void smtp_trace_last_byte(struct smtp_trace *t);

enum smtp_outcome smtp_classify(const struct smtp_trace *t);

#endif
