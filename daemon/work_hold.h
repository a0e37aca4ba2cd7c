#ifndef DAEMON_WORK_HOLD_H
#define DAEMON_WORK_HOLD_H

#include "daemon/work_hand.h"
#include "daemon/work_post.h"
#include "rules/phrase.h"

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
	bool admin; /* the admins are asked, not the agent */
};
int work_hold(struct work *w, struct parcel *p, const struct hold_new *q,
    int64_t now, struct err *e);

/* What may be said to a question about a held mail, by "#do CODE word" or with
 * a token made for just that mail. */
struct hold_verb {
	const char *word;
	const char *as;   /* see struct held_way; NULL: it is thrown away */
	enum phrase line; /* what the agent reads of it */
};
/* In any case; NULL: no such word. */
const struct hold_verb *hold_verb(const char *word);
int hold_answer(struct work *w, const struct held *h, const struct hold_verb *v,
    struct err *e);

#endif
