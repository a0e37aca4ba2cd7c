#ifndef DAEMON_WORK_POST_H
#define DAEMON_WORK_POST_H

#include "daemon/parts.h"
#include "daemon/work_private.h"
#include "rules/act.h"
#include "rules/answer.h"
#include "rules/notice.h"
#include "rules/tell.h"
#include "store/party.h"

/*
 * The letters of one decision: answers to the requester and notices to staff,
 * composed before it is applied, with the numbers that they will have.
 */
struct post {
	struct work *w;
	struct decision *d;
	const struct ticket *before; /* NULL: it begins with this decision */
	struct ticket after;
	int64_t serial, staff; /* numbers of the threads that were given */
	int64_t now;
	uint8_t guid[16];
	/* What happened, for the notices. */
	const struct conf_agent *by; /* NULL: none of us */
	const char *from_name, *from_address, *text;
	const char *asks; /* the words of #escalate: for the lead */
	const struct parts *parts;
	bool unproven;
	bool receipt; /* `by` gets one: he is told nothing else of it */
};

/* d holds all changes of fields already. */
int post_open(struct post *x, struct work *w, struct decision *d,
    const struct ticket *before, int64_t now, struct err *e);

/* What happened was written in this mail. */
void post_mail(struct post *x, const struct parcel *p);

/* An answer to the requester and all in Cc; goes after send-delay.  *leaves is
 * when. */
struct post_answer {
	enum answer_kind kind;
	const struct conf_agent *agent;
	const char *text, *rich;
	const struct parts *parts;
	int64_t other;
};
int post_answer(struct post *x, const struct post_answer *in, int64_t *leaves,
    struct err *e);

/* What the requester gets of what an agent wrote: the words, if those are an
 * answer, or what deskd says by itself of a ticket that is resolved or merged,
 * or nothing.  `kind` and `other` of words are set here. */
int post_said(struct post *x, const struct act_result *r,
    const struct post_answer *words, int64_t *leaves, struct err *e);

/* One letter to one of the staff: what is not said of it is filled in. */
int post_notice(
    struct post *x, struct notice *n, const char *why, struct err *e);

/* To all whom it concerns. */
int post_tell(
    struct post *x, enum tell_event event, bool escalate, struct err *e);

/* "Bob (note)" */
const char *post_speaker(struct work *w, const struct party_words *m);

#endif
