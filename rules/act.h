#ifndef RULES_ACT_H
#define RULES_ACT_H

#include <stdbool.h>

#include "parser/mail.h"
#include "rules/commands.h"
#include "rules/notice.h"

/*
 * What one mail of an agent who is proven does to one ticket (MAIL 4): an
 * answer to the requester, a note, commands; or nothing at all, and one
 * question.  All of it is one decision.  Pure; also the way of the command
 * line, which has no mail.
 */

/* What the agent said to a question about this very mail. */
enum act_leave {
	LEAVE_NONE,  /* nothing was asked */
	LEAVE_SEND,  /* send it as it is */
	LEAVE_NOTE,  /* keep all of it as a note */
	LEAVE_CLEAN, /* send only the part above what is internal */
	LEAVE_YES    /* it was me */
};

/* By mail within an hour, closing within a minute (T11). */
#define ACT_HOUR_MAX  60
#define ACT_CLOSE_MAX 5
/* In the same words, in one ticket within a day. */
#define ACT_SAME_MAX 2

struct act {
	struct commands_ask ask;
	const struct mail *mail;          /* NULL: from the command line */
	const struct command_mail *words; /* of his own text */
	bool note_only;     /* the token, or who sends it, allows no more */
	bool files;         /* something is attached */
	bool others_wrote;  /* since the letter that he answers */
	size_t said_before; /* how often of late, in the same words */
	enum act_leave leave;
	const char *left_because; /* kind of the question that was answered */
	int64_t actions, closes;  /* of late, for the limits */
};

struct act_result {
	bool asks; /* held: the decision is empty */
	enum notice_kind question;
	const char *problem; /* English, to be kept */
	const char *asked;   /* the same in his language */
	const char *meant[3];

	struct commands_answer said;
	const char *text; /* to the requester, or the note; "" when none */
	bool answers;     /* text or files go to the requester */
	bool note;
};

/* in->ask.ticket is the ticket; d is its decision, empty. */
int act_decide(const struct act *in, struct decision *d, struct act_result *out,
    struct err *e);

#endif
