#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/err.h"
#include "rules/decision.h"
#include "store/db.h"

/*
 * The outbox holds letters that are decided but not yet delivered.  A letter
 * is complete when it is added: nothing in it depends on later state, and its
 * Message-ID never changes, so sending it twice after a crash gives the
 * receiver two copies of one message, not two messages.
 *
 * Only the send process takes letters; anyone may add.  Functions that write
 * expect to stand in a transaction that they did not start.  The states and
 * who moves a letter between them: STATES.md.
 */
enum letter_kind {
	LETTER_ACK,    /* acknowledgement: 5, 30 min, 2 h; given up after 6 h */
	LETTER_REPLY,  /* an agent's words */
	LETTER_NOTIFY, /* to staff */
	LETTER_ALERT,  /* to the lead or the admin */
	LETTER_KINDS
};
extern const char *const letter_kind_names[LETTER_KINDS];

struct letter {
	int64_t id; /* 0 before it is added */
	int64_t ticket;
	enum letter_kind kind;
	enum letter_thread thread; /* set by tickets_apply() */
	int64_t serial;            /* in that thread; 0: the next */
	const char *agent; /* to whom of the staff it goes; NULL: nobody */
	int64_t revision;  /* of the ticket, as it shows it */
	bool inside;       /* an agent's answer to it is a note */
	bool automatic;
	const char *sender;    /* envelope; "" is the null sender */
	const char *recipient; /* exactly one */
	const char *message_id;
	const char *data; /* final bytes */
	size_t size;
	int64_t created, not_before;
	int tries, unknowns;
	const char *state, *phase, *reply;
	int64_t next_at, done;
};

int outbox_add(
    struct db *db, const struct letter *l, int64_t *id, struct err *e);

/*
 * The letters that may go now, at most max: due, and no older letter for the
 * same ticket and recipient waits before them (I9), so all are for different
 * (ticket, recipient).  Without the bytes: outbox_load() has them.  next_due
 * is when to look again (0: nothing waits).
 */
struct letters {
	struct letter *list;
	size_t n;
	int64_t next_due;
};
int outbox_due(struct db *db, struct arena *a, int64_t now, size_t max,
    struct letters *out, struct err *e);

/*
 * Phase connect is the durable word "being tried", so that a letter that kills
 * us is known at the next start; phase body goes before its first byte.
 * ERR_REJECT: somebody took the letter back meanwhile.
 */
int outbox_claim(struct db *db, int64_t id, struct err *e);
int outbox_body(struct db *db, int64_t id, struct err *e);
/* Taken but not tried: back as it was. */
int outbox_release(struct db *db, int64_t id, struct err *e);
int outbox_sent(
    struct db *db, int64_t id, int64_t now, const char *reply, struct err *e);
/* Back to pending; counts as a try unless it was the route's fault. */
int outbox_retry(struct db *db, int64_t id, int64_t when, bool counts,
    const char *reply, struct err *e);
/* The outcome is not known: may go again at `when` with the same bytes. */
int outbox_unknown(
    struct db *db, int64_t id, int64_t when, const char *reply, struct err *e);
int outbox_give_up(
    struct db *db, int64_t id, int64_t now, const char *reply, struct err *e);

/* At start: what was in flight.  connect: provably not sent; body: unknown.
 * Both come back to pending and are due, but who was found so three times
 * waits until others had their turn.  *unknown is how many of the second
 * kind. */
int outbox_recover(struct db *db, int64_t now, size_t *unknown, struct err *e);

/* state NULL: all that somebody may still have to do with, that is neither
 * sent nor dropped; "all": everything.  Without the bytes. */
int outbox_list(struct db *db, struct arena *a, const char *state,
    struct letter **out, size_t *n, struct err *e);
/* What people have to be told of since then: given up, or late (its event
 * letter-late in the ticket).  Alerts themselves are not among them. */
int outbox_failed(struct db *db, struct arena *a, int64_t since,
    struct letter **out, size_t *n, struct err *e);
/* With the bytes.  ERR_REJECT: no such letter. */
int outbox_load(struct db *db, struct arena *a, int64_t id, struct letter *out,
    struct err *e);
/* By hand: a dead, dropped or waiting letter once more now; or never.
 * ERR_REJECT: no such letter, or it is on the wire or gone. */
int outbox_again(struct db *db, int64_t id, int64_t now, struct err *e);
int outbox_drop(struct db *db, int64_t id, int64_t now, struct err *e);

/* An answer taken back by whoever wrote it.  ERR_REJECT: it has left, or may
 * have. */
int outbox_take_back(struct db *db, int64_t id, int64_t now, struct err *e);

/* Budgets (RELIABILITY 5.4): automatic letters since `since`; kind LETTER_KINDS
 * stands for all. */
int outbox_count_address(struct db *db, const char *budget_key, int64_t since,
    enum letter_kind kind, int64_t *n, struct err *e);
int outbox_count_domain(struct db *db, const char *domain, int64_t since,
    int64_t *n, struct err *e);
int outbox_count_all(struct db *db, int64_t since, int64_t *n, struct err *e);

#endif
