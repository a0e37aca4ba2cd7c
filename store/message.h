#ifndef STORE_MESSAGE_H
#define STORE_MESSAGE_H

#include "store/outbox.h"
#include "store/tickets.h"

/* Messages for the rest of store/; reading them is in tickets.h. */

/* The mail in hand: message row, ids, search index.  Sets o->message. */
int message_add(struct db *db, struct arena *a, int64_t ticket,
    const char *direction, struct origin *o, struct err *e);

/* The row o->message again from its mail, and its ids; not the search index. */
int message_renew(struct db *db, struct arena *a, int64_t ticket,
    const struct origin *o, struct err *e);

/* A letter of ours, as the conversation shows it. */
int message_add_letter(struct db *db, const struct letter *l, int64_t id,
    const char *subject, const char *text, struct err *e);

#endif
