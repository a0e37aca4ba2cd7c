#ifndef RULES_ANSWER_H
#define RULES_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/compose.h"
#include "rules/desk.h"
#include "rules/ticket.h"

/*
 * Letters to a requester after the acknowledgement (MAIL 3): an agent's answer,
 * composed from nothing but his own new text (a2), and the few words of deskd
 * itself: resolved, merged, asked to wait (a3, a5).  Pure.
 */
enum answer_kind {
	ANSWER_TEXT,     /* a2 */
	ANSWER_RESOLVED, /* a5, with the text if there is one */
	ANSWER_MERGED,   /* "we answer you in EX-1017" */
	ANSWER_HANDED,   /* another team has it, if the promised time changes */
	ANSWER_KINDS
};

struct answer {
	const struct desk *desk;
	enum answer_kind kind;
	const struct ticket *ticket;
	const struct conf_agent *agent; /* NULL: an admin, or deskd */
	struct address to;              /* the requester */
	const struct address *cc;       /* participants of role cc */
	size_t cc_n;
	int64_t serial;
	const char *text; /* the agent's, "" when none */
	const char *rich; /* see mail.h; NULL: none */
	const struct compose_part *parts;
	size_t parts_n;
	int64_t other;        /* MERGED: into it */
	const char *language; /* of the requester; NULL: not known */

	/* The requester's last mail: what is answered. */
	const char *message_id;
	const char *const *references; /* its chain, oldest first */
	size_t references_n;
	const char *thread_index, *thread_topic; /* its fields, or NULL */
	const char *quote; /* his last new text: a short quote is made of it */
	const char *quote_name;
	int64_t quote_date;
};

/* One mail for all of them: the caller makes a letter of it for each recipient
 * (`to` first).  out->recipient is `to`. */
int answer_make(struct arena *a, const struct answer *in, struct note_out *out,
    struct err *e);

#endif
