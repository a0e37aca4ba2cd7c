#ifndef STORE_APPLY_PRIVATE_H
#define STORE_APPLY_PRIVATE_H

#include "store/tickets.h"

/* Shared by apply.c (the order of things), apply_field.c (what stands in the
 * ticket's row), apply_part.c (what hangs on it) and apply_merge.c (what
 * concerns two tickets). */
struct applying {
	struct db *db;
	struct decision *d;
	struct origin *o;
	int64_t now;
	struct ticket t;
	bool fresh;                     /* the ticket begins here */
	int64_t act;                    /* number of the act; 0: it is none */
	int64_t serial[LETTER_THREADS]; /* last number taken so far */
	/* The mail of an agent and the letter made of it are one entry. */
	bool says;            /* the decision has such a message */
	int64_t said, letter; /* its row, its letter; 0: not yet */
	struct err *e;
};

/* One line of history; texts may be NULL. */
struct happened {
	int64_t ticket; /* 0: the one at hand */
	const char *what, *old, *new, *why;
	int64_t ref; /* see schema.sql; 0: nothing */
};
int apply_event(struct applying *x, const struct happened *h);
/* The usual one. */
int apply_say(struct applying *x, const char *what, const char *old,
    const char *new, const char *why);

int apply_new(struct applying *x, const struct change *c);
int apply_status(struct applying *x, const struct change *c);
int apply_type(struct applying *x, const struct change *c);
int apply_level(struct applying *x, const struct change *c);
int apply_priority(struct applying *x, const struct change *c);
int apply_tier(struct applying *x, const struct change *c);
int apply_text(struct applying *x, const struct change *c);
int apply_requester(struct applying *x, const struct change *c);
int apply_assignee(struct applying *x, const struct change *c);
int apply_moment(struct applying *x, const struct change *c);
int apply_only_event(struct applying *x, const struct change *c);

int apply_tag(struct applying *x, const struct change *c);
int apply_untag(struct applying *x, const struct change *c);
int apply_participant(struct applying *x, const struct change *c);
int apply_participant_gone(struct applying *x, const struct change *c);
int apply_message(struct applying *x, const struct change *c);
int apply_words(struct applying *x, const struct change *c);
int apply_withdraw(struct applying *x, const struct change *c);
int apply_key(struct applying *x, const struct change *c);
int apply_link(struct applying *x, const struct change *c);
int apply_unlink(struct applying *x, const struct change *c);
int apply_letter(struct applying *x, const struct change *c);
int apply_letter_back(struct applying *x, const struct change *c);
int apply_time(struct applying *x, const struct change *c);

int apply_merge(struct applying *x, const struct change *c);
int apply_unmerge(struct applying *x, const struct change *c);
int apply_move(struct applying *x, const struct change *c);

#endif
