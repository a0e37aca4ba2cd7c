#ifndef STORE_MATCH_H
#define STORE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/err.h"
#include "parser/mail.h"
#include "parser/token.h"
#include "rules/thread.h"
#include "store/db.h"

/* What the database knows about a mail that came: is it a copy, which tickets
 * might it belong to, do we know its sender?  Reads only. */

enum copy {
	COPY_NONE,
	COPY_DUPLICATE,
	COPY_VARIANT
};

/* Another mail with the same content (RELIABILITY 4.1); self is its own raw
 * mail, which does not count when it is only being worked again. */
int match_copy(struct db *db, const struct mail *m, enum copy *copy,
    int64_t *ticket, struct err *e);

struct desk_marks {
	const struct desk_keys *keys;
	const char *prefix; /* "EX-" */
};

/* The key of a new ticket, its subject's hash: for STEP_SUBJECT. */
int64_t match_key(
    struct db *db, struct arena *a, const struct mail *m, const char *prefix);

/* Which tickets might this mail belong to? */
struct match_ask {
	const struct mail *mail;
	const struct desk_marks *marks;
	int64_t since; /* no ticket older than that for STEP_SUBJECT */
};
/* In the order in which they were found; text lives in the arena. */
int match_candidates(struct db *db, struct arena *a,
    const struct match_ask *ask, struct candidate **out, size_t *n,
    struct err *e);

/* The ticket of a letter of ours with this Message-ID; 0: none. */
int match_letter(struct db *db, const struct desk_marks *marks, const char *id,
    int64_t *ticket, struct err *e);

/* The letter to staff with this Message-ID; id is 0: none of ours.  The ticket
 * is the one that lives on: a letter of before a merge has an old revision. */
struct staff_letter {
	int64_t id; /* in the outbox */
	int64_t ticket, revision, serial;
	const char *agent; /* to whom it went; "": an admin */
	bool inside;       /* an answer to it is a note */
};
int match_staff(struct db *db, struct arena *a, const struct desk_marks *marks,
    const char *id, struct staff_letter *out, struct err *e);

/* Has an agent written to this address? */
int match_answered(
    struct db *db, const char *budget_key, bool *known, struct err *e);

/* Tickets this requester opened since then, and the flood ticket of the day. */
int match_opened(struct db *db, const char *requester, int64_t since,
    int64_t *n, struct err *e);
int match_flood(struct db *db, const char *requester, int64_t since,
    int64_t *ticket, int64_t *key, struct err *e);

#endif
