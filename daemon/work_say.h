#ifndef DAEMON_WORK_SAY_H
#define DAEMON_WORK_SAY_H

#include "daemon/work_post.h"
#include "rules/commands.h"

/*
 * Agents' words that are more than changes of one ticket: #undo, #split,
 * #unmerge, #do, and those that only ask: #why, #show, #find, #help.
 */
struct say {
	struct work *work;
	struct parcel *parcel; /* NULL: from the command line */
	const struct ticket *ticket;
	const struct conf_agent *agent; /* NULL: an admin */
	const char *language;           /* of what he is told */
	struct commands_answer *said;   /* what was done is added */
	int64_t now;
	struct decision *d; /* of the ticket */
	bool nothing;       /* out: there was nothing to do; said says why */
};

int work_undo(struct say *s, struct err *e);
int work_split(struct say *s, struct err *e);
int work_unmerge(struct say *s, struct err *e);
/* The letter with the answer is added to d. */
int work_say(struct say *s, struct err *e);
/* #do CODE send|note|drop|clean; *done: nothing else is to be sent. */
int work_do(struct say *s, bool *done, struct err *e);

#endif
