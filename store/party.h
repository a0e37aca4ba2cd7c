#ifndef STORE_PARTY_H
#define STORE_PARTY_H

#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/err.h"
#include "rules/decision.h"
#include "store/db.h"

/* The people of a ticket and what they said, as letters need it.  Only reads.
 */
struct party {
	const char *address, *name;
	enum part_role role;
};
/* In the order of their addresses; at most PARTY_MAX. */
#define PARTY_MAX 200
int party_list(struct db *db, struct arena *a, int64_t ticket,
    struct party **out, size_t *n, struct err *e);

/* The newest entries of a conversation that people wrote, newest first. */
struct party_words {
	int64_t id, received;
	const char *sender, *name;
	enum direction direction;
	const char *text; /* the new text, at most PARTY_TEXT bytes of it */
};
#define PARTY_TEXT 4000
struct party_ask {
	int64_t ticket;
	size_t most;
};
int party_words(struct db *db, struct arena *a, const struct party_ask *ask,
    struct party_words **out, size_t *n, struct err *e);

/* The requester's side as an answer needs it (RFC 5322 3.6.4): the last mail
 * that came, and the chain of ids of all that both sides may know, oldest
 * first: the first and the last nine. */
struct party_thread {
	const char *message_id, *name, *text; /* NULL: no mail came */
	const char *thread_index;             /* or NULL */
	int64_t date;
	const char **ids;
	size_t ids_n;
};
int party_thread(struct db *db, struct arena *a, const struct ticket *t,
    struct party_thread *out, struct err *e);

#endif
