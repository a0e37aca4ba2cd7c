#ifndef STORE_MESSAGE_H
#define STORE_MESSAGE_H

#include "store/outbox.h"
#include "store/tickets.h"

/* Messages for the rest of store/; reading them is in tickets.h. */

/* The mail in hand: message row, ids, search index.  Sets o->message. */
struct message_as {
	const char *direction;
	const char *text;  /* in place of its own, or NULL */
	const char *class; /* the same */
};
int message_add(struct db *db, struct arena *a, int64_t ticket,
    const struct message_as *as, struct origin *o, struct err *e);

/* Words without a mail; sets m->id. */
int message_add_words(struct db *db, struct message *m, struct err *e);

/* Taken back: the row stays, its text is neither shown nor found. */
int message_withdraw(struct db *db, int64_t id, struct err *e);

/* It belongs to another ticket now, with its Message-ID and the ledger row of
 * its mail. */
int message_move(
    struct db *db, int64_t id, int64_t from, int64_t to, struct err *e);

/* The row o->message again from its mail, and its ids; not the search index. */
int message_renew(struct db *db, struct arena *a, int64_t ticket,
    const struct origin *o, struct err *e);

/* A letter of ours, as the conversation shows it. */
int message_add_letter(struct db *db, const struct letter *l, int64_t id,
    const char *subject, const char *text, struct err *e);

#endif
