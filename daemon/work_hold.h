#ifndef DAEMON_WORK_HOLD_H
#define DAEMON_WORK_HOLD_H

#include "daemon/work_hand.h"
#include "daemon/work_post.h"

/*
 * A mail that waits for one answer: kept in `held` with a code, and whoever can
 * answer is asked by a letter with one-tap answers (MAIL b6, b7).  The letter
 * and the event stand in the ticket that it is about, if there is one.
 */
struct hold_new {
	const struct hand *hand; /* NULL: no agent has to do with it */
	enum notice_kind kind;   /* of the question */
	const char *problem;     /* English, to be kept */
	const char *asked;       /* the same for the agent; NULL: a reason that
	                            phrase_again() knows */
	const char *meant[3];
	bool silent; /* nobody is asked: it only waits */
	bool admin;  /* the admins are asked, not the agent */
};
int work_hold(struct work *w, struct parcel *p, const struct hold_new *q,
    int64_t now, struct err *e);

#endif
