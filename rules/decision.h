#ifndef RULES_DECISION_H
#define RULES_DECISION_H

#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "rules/ticket.h"

/*
 * All that rules/ ever produces: a list of changes to one ticket, each with
 * its why.  Rules, agent commands, clocks and the command line fill it; only
 * tickets_apply() carries it out.  Deciding touches nothing, so it can be
 * tested with text and repeated at will.
 */
enum change_kind {
	CHANGE_NEW,    /* start the ticket; text: subject */
	CHANGE_STATUS, /* value: enum status */
	CHANGE_TYPE,
	CHANGE_IMPACT,
	CHANGE_URGENCY,
	CHANGE_PRIORITY, /* text: "pinned", or NULL: from the matrix */
	CHANGE_CATEGORY, /* text */
	CHANGE_TEAM,     /* text */
	CHANGE_TIER,
	CHANGE_ASSIGNEE,    /* text */
	CHANGE_REQUESTER,   /* text: address, text2: name */
	CHANGE_SUBJECT,     /* text */
	CHANGE_LANGUAGE,    /* text */
	CHANGE_UNTIL,       /* value: the moment `waiting` or `on-hold` ends */
	CHANGE_NUDGE,       /* value: when the requester is asked again */
	CHANGE_END,         /* value: when it closes by itself */
	CHANGE_TAG,         /* text */
	CHANGE_UNTAG,       /* text */
	CHANGE_PARTICIPANT, /* text: address, text2: name, value: enum part_role
	                     */
	CHANGE_PARTICIPANT_GONE, /* text: address */
	CHANGE_MESSAGE,  /* the mail in hand becomes a message; value: enum
	                    direction; text: to stand in place of its own new
	                    text, or NULL; text2: its class ("command"), or
	                    NULL: the mail's own */
	CHANGE_WORDS,    /* a message without a mail (command line); value:
	                    enum direction, text, text2: who wrote it */
	CHANGE_WITHDRAW, /* value: message id of a note to take back */
	CHANGE_MOVE,     /* value: message id that comes into this ticket */
	CHANGE_MERGE,    /* value: the ticket that this one goes into */
	CHANGE_UNMERGE,  /* value: the ticket that it comes out of again */
	CHANGE_TIME,     /* value: seconds worked */
	CHANGE_KEY,    /* text: later mail with this key comes here: `merge` */
	CHANGE_LINK,   /* text: "follow-up-of", value: the other ticket */
	CHANGE_UNLINK, /* the same */
	CHANGE_EVENT,  /* nothing but a line of history; text: what */
	CHANGE_LETTER, /* letter: to put into the outbox; value: whose thread it
	                  takes a number of (enum letter_thread); text: what the
	                  conversation shows of it, or NULL */
	CHANGE_LETTER_BACK, /* value: a letter that has not left, taken back */
	CHANGE_COUNT
};

enum direction {
	DIRECTION_IN,
	DIRECTION_OUT,
	DIRECTION_NOTE,
	DIRECTION_COUNT
};
extern const char *const direction_names[DIRECTION_COUNT];

enum part_role {
	ROLE_REQUESTER,
	ROLE_CC,
	ROLE_WATCHER,
	ROLE_COUNT
};
extern const char *const part_role_names[ROLE_COUNT];

/* The threads that letters of a ticket stand in (MAIL 1). */
enum letter_thread {
	THREAD_NONE, /* the same mail to one more: no number */
	THREAD_REQUESTER,
	THREAD_STAFF,
	THREAD_VENDOR,
	LETTER_THREADS
};
extern const char *const letter_thread_names[LETTER_THREADS];

struct letter;

struct change {
	enum change_kind kind;
	int64_t value;
	const char *text, *text2;
	const struct letter *letter;
	const char
	    *why; /* "same Message-ID chain", "agent ana", "rule vpn (x:88)" */
};

struct decision {
	struct arena *arena;
	int64_t ticket;  /* 0 with CHANGE_NEW: the store gives the number */
	const char *who; /* "mail", "agent ana", "deskd", "cli root" */
	bool act; /* its changes are one act of `who`, that he may undo */
	struct change *list;
	size_t n, cap;
};

void decision_init(
    struct decision *d, struct arena *a, int64_t ticket, const char *who);
struct change *decision_add(struct decision *d, enum change_kind kind,
    int64_t value, const char *text, const char *why);

/* The ticket as the decision will leave it: fields only. */
void decision_ticket(
    const struct decision *d, const struct ticket *before, struct ticket *out);

#endif
