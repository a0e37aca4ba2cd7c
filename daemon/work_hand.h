#ifndef DAEMON_WORK_HAND_H
#define DAEMON_WORK_HAND_H

#include "daemon/work_private.h"
#include "rules/act.h"
#include "rules/authority.h"

/*
 * What an agent has to do with a mail: the tokens it bears, who sends it, what
 * our border server says of that, and so what it may do.  Reads only.
 */
struct hand {
	struct authority_ask ask;
	struct authority_answer answer;
	struct token says;
	const char *token;     /* its text; NULL: none came */
	const char *from;      /* address; NULL: none */
	int64_t principal;     /* of the agent who acts; 0: nobody */
	struct ticket ticket;  /* number 0: none */
	int64_t revision;      /* that the agent had before him; -1: unknown */
	int64_t letter;        /* number of ours that he answers; 0: unknown */
	int64_t letter_ticket; /* in the staff's thread of this ticket */
	bool tapped;           /* a button without an address of its own */
	bool inside;           /* an answer to that letter is a note (T09) */
	const char *proof_why; /* words of proof_of() */
	/* Of a mail that a person has let go. */
	enum act_leave leave;
	const char *left_because;
	/* Without a token, to the desk itself: a ticket for somebody else. */
	bool calls;
	/* The token lets one held mail go: says.ticket is its number. */
	bool held;
	struct command_mail words;
};

/* *out is NULL when no agent has anything to do with it. */
int work_hand(
    struct work *w, struct parcel *p, struct hand **out, struct err *e);

/* What made the letter known that this mail answers is of no use any more: his
 * tokens of the ticket, and those of the ticket it was before it was merged.
 * What is made from now on is. */
int work_hand_revoke(
    struct work *w, struct hand *h, int64_t now, struct err *e);

/* The ticket that a token in it names, proven by nothing; 0: none. */
int64_t work_token_ticket(struct work *w, const struct mail *m);

#endif
