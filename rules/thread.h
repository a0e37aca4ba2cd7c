#ifndef RULES_THREAD_H
#define RULES_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "rules/ticket.h"

/*
 * Which ticket a mail belongs to (MAIL 1).  The store finds candidates, this
 * chooses: the first step that holds wins.  Nobody gets into a ticket by
 * guessing a number or an id (T03).
 */
enum thread_step {
	STEP_TOKEN,      /* a token of the ticket that we gave out */
	STEP_OWN_ID,     /* one of our Message-IDs with the right mark */
	STEP_FOREIGN_ID, /* the Message-ID of an earlier mail of the ticket */
	STEP_ANCESTOR,   /* an earlier mail named this one before it came */
	STEP_TAG,   /* [EX-1042] in the subject, from somebody in the ticket */
	STEP_INDEX, /* the ticket's own Thread-Index, from somebody in it */
	STEP_SUBJECT, /* same sender, same subject, a moment ago */
	STEP_NEW
};

struct candidate {
	enum thread_step step;
	struct ticket ticket;
	bool takes_part;  /* the sender is one of the ticket's people */
	const char *what; /* the id or tag that led here, for the why */
};

enum thread_how {
	THREAD_NEW,
	THREAD_APPEND, /* into the ticket, visible to its people */
	THREAD_NOTE, /* into the ticket for agents only: a stranger who holds a
	                copy of the conversation */
	THREAD_FOLLOW_UP /* a new ticket, linked to one that is long closed */
};

struct thread_choice {
	enum thread_how how;
	enum thread_step step;
	struct ticket ticket; /* number 0 with THREAD_NEW */
	const char *why;
};

struct thread_moment {
	int64_t now; /* when the mail arrived */
	int64_t reopen_within, duplicate_window;
};

/* Candidates in any order; the why lives in the arena. */
void thread_choose(struct arena *a, const struct candidate *list, size_t n,
    const struct thread_moment *m, struct thread_choice *out);

#endif
