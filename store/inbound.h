#ifndef STORE_INBOUND_H
#define STORE_INBOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/err.h"
#include "parser/hash.h"
#include "store/db.h"

/*
 * Mail on its way in: where each mailbox stands, raw mail, the ledger of every
 * UID ever shown to us, and the list of what is still to be worked.
 *
 * inbound_add() inside a committed transaction is the moment a mail becomes
 * ours.  Every function that writes expects to stand in a transaction that
 * it did not start.
 */
struct mailbox_row {
	int64_t id;
	uint32_t uidvalidity; /* 0: never seen */
	uint32_t last_uid;
	int64_t scanned, polled;
};

/* id is 0 when it has never been fetched. */
int mailbox_find(
    struct db *db, const char *name, struct mailbox_row *out, struct err *e);
/* Find the mailbox, or make its row. */
int mailbox_get(
    struct db *db, const char *name, struct mailbox_row *out, struct err *e);

/*
 * The server shows another UIDVALIDITY: a new epoch begins at uid 0.  Marks
 * that were still owed in the old one are cancelled (C11).
 */
int mailbox_epoch(
    struct db *db, int64_t mailbox, uint32_t uidvalidity, struct err *e);
/* All UIDs up to last_uid are in the ledger; a look at the server went well. */
int mailbox_seen(struct db *db, int64_t mailbox, uint32_t last_uid, int64_t now,
    struct err *e);
int mailbox_scanned(struct db *db, int64_t mailbox, int64_t now, struct err *e);

/* A mail ready to store: compressed outside of any transaction. */
struct raw_new {
	uint8_t sha256[HASH_SIZE];
	uint64_t size;    /* bytes as they came */
	int64_t received; /* INTERNALDATE */
	const void *data; /* zstd frame; NULL when it comes in pieces */
	size_t data_n;
};

/* Compress (zstd) into memory that *packer owns; start with NULL, free with
 * raw_pack_done().  The result lives until the next call. */
struct raw_packer;
int raw_pack(struct raw_packer **packer, const void *data, size_t n,
    const void **out, size_t *out_n, struct err *e);
void raw_pack_done(struct raw_packer *packer);

/* The id of a raw mail with these bytes, 0 when there is none. */
int raw_find(struct db *db, const uint8_t sha256[HASH_SIZE], uint64_t size,
    int64_t *id, struct err *e);

/*
 * A large mail: raw_begin() and raw_piece() each in small transactions of their
 * own while the pieces arrive, then inbound_add() with raw set in the last.  A
 * mail that was not finished is no mail of ours: raw_sweep() removes it.
 */
int raw_begin(struct db *db, int64_t received, int64_t *raw, struct err *e);
int raw_piece(struct db *db, int64_t raw, int n, const void *data,
    size_t data_n, struct err *e);
int raw_sweep(struct db *db, struct err *e);

/* Read back in pieces; checks size and sha256 at the end (ERR_BUG: the
 * database is damaged).  feed() gets the bytes in order.  No lock is held while
 * feed() runs.  Not inside a transaction. */
int raw_read(struct db *db, int64_t raw,
    void (*feed)(void *ctx, const void *p, size_t n), void *ctx, struct err *e);

struct inbound_new {
	int64_t mailbox;
	uint32_t uidvalidity, uid;
	const struct raw_new *mail; /* NULL: raw is already there */
	int64_t raw; /* of a mail that came in pieces; finished here */
	const struct raw_new *finish; /* with raw: its sha256, size */
	bool oversize, quiet;
	bool marked; /* nothing needs to be told to the server */
};

/*
 * Raw mail, ledger row ("stored") and inbound row.  A UID that the ledger
 * knows already is left alone: *fresh is false then.  Bytes that we have
 * already are not stored twice.
 */
int inbound_add(
    struct db *db, const struct inbound_new *n, bool *fresh, struct err *e);

/* One mail as its server names it: a row of the ledger has this key. */
struct ledger_key {
	int64_t mailbox;
	uint32_t uidvalidity, uid;
};

/* The server had shown this UID, then it was gone before we had it (T72), or
 * could not be fetched (state "held" with a reason).  A UID that the ledger
 * knows already is left alone. */
int ledger_note(struct db *db, const struct ledger_key *key, const char *state,
    const char *reason, struct err *e);

/* A rule held or dropped this mail, which would have begun a ticket: `replay`
 * asks rules about it again. */
int ledger_ruled(struct db *db, const struct ledger_key *key, struct err *e);

/* Is the UID in the ledger? */
int ledger_has(
    struct db *db, const struct ledger_key *key, bool *has, struct err *e);

/* Marks that are owed; the arrays are the caller's and have room for max. */
struct ledger_marks {
	uint32_t *uids;
	bool *rejected; /* held, loop_held: goes to the reject folder */
	size_t max;
	size_t n; /* out */
};

/* UIDs of the present epoch whose mark is owed, ascending, at most max.
 * worked_only: leave out what is still "stored" (mailbox with a reject folder).
 */
int ledger_unmarked(struct db *db, int64_t mailbox, uint32_t uidvalidity,
    bool worked_only, struct ledger_marks *out, struct err *e);
int ledger_marked(struct db *db, int64_t mailbox, uint32_t uidvalidity,
    const uint32_t *uids, size_t n, struct err *e);

/* One row for a caller; text lives in the arena. */
struct ledger_row {
	const char *mailbox;
	uint32_t uidvalidity, uid;
	const char *state;
	int64_t raw, ticket;
	const char *reason;
	bool marked;
};
/* mailbox NULL: all.  In order of mailbox, epoch, uid. */
int ledger_list(struct db *db, struct arena *a, const char *mailbox,
    struct ledger_row **rows, size_t *n, struct err *e);

struct inbound {
	int64_t id, raw, mailbox;
	uint32_t uidvalidity, uid;
	bool oversize, quiet, released;
	const char *release_as; /* NULL, "" or a word of struct held_way */
	const char *release_agent;
	int64_t release_ticket;
	int tries;
	uint64_t size;
	int64_t received;
	const char *mailbox_name;
};

/* How much one batch may take; a single mail may have more bytes than that. */
struct inbound_room {
	size_t mails;
	uint64_t bytes;
};

/*
 * The next mails to work, oldest first; stops when the room is used up, and
 * before a mail that was tried already, which comes alone.  A mail that used up
 * most of its tries waits until nothing else does (I11).
 */
int inbound_next(struct db *db, struct arena *a,
    const struct inbound_room *room, struct inbound **out, size_t *n,
    struct err *e);
/*
 * Attempts are counted durably without a commit for each.  A mail that kills
 * its reader is charged at once, with inbound_try().  A mail over which work
 * itself dies is found from the order: mails are worked strictly in order, so
 * what was in flight is the first batch.  inbound_start() sees that the last
 * run did not end with inbound_stop(), has that batch worked one by one, and
 * when work has died over the same mail again and again, charges that one.
 */
int inbound_start(struct db *db, struct err *e);
int inbound_stop(struct db *db, struct err *e);
/* One more try is spent on this mail (its parser died, its batch failed). */
int inbound_try(struct db *db, int64_t id, struct err *e);
/* Worked: the inbound row goes, the ledger row says what became of it. */
int inbound_done(struct db *db, const struct inbound *in, const char *state,
    int64_t ticket, const char *reason, struct err *e);

/* Mail that waits for a human. */
struct held {
	int64_t id, raw, since;
	const char *mailbox;
	uint32_t uidvalidity, uid;
	const char *sender, *subject, *reason, *state;
	int64_t ticket; /* that it is about; 0: none */
	/* Texts, "" when there is none: see held_new. */
	const char *agent, *kind, *code, *problem;
};
/* What is said of a mail that is to wait. */
struct held_new {
	int64_t since;
	const char *state;            /* of the ledger: "held" or "loop_held" */
	const char *sender, *subject; /* may be NULL */
	const char *reason;
	int64_t ticket;
	const char *agent;   /* whose mail it is, or NULL */
	const char *kind;    /* NULL: any mail; else why that of an agent waits:
	                        "command", "stale", "guard", "empty", "old",
	                        "challenge", "spoof", "leak" */
	const char *problem; /* what the agent is asked, or NULL */
};
/* What `#do CODE` names: HELD_CODE characters that say nothing of the number,
 * so that nobody can count to it. */
#define HELD_CODE 5
/* Moves an inbound mail there; code may be NULL. */
struct held_made {
	int64_t id;
	char code[HELD_CODE + 1];
};
/* made may be NULL. */
int held_add(struct db *db, const struct inbound *in, const struct held_new *h,
    struct held_made *made, struct err *e);
/* The one that waits and is this agent's; out->id is 0: there is none. */
int held_find(struct db *db, struct arena *a, const char *code,
    const char *agent, struct held *out, struct err *e);
/* The letter that asked about it has this number in the staff's thread.  An
 * agent who answers that letter has written what takes the place of his held
 * mail: it is dropped. */
int held_question(struct db *db, int64_t id, int64_t serial, struct err *e);
int held_replace(struct db *db, int64_t ticket, int64_t serial,
    const char *agent, struct err *e);
/* In any state; out->id is 0: there is none. */
int held_load(struct db *db, struct arena *a, int64_t id, struct held *out,
    struct err *e);
int held_list(struct db *db, struct arena *a, bool all, struct held **out,
    size_t *n, struct err *e);
/* How a mail goes back to work; struct inbound says it there. */
struct held_way {
	const char *as;    /* "": as any mail; "requester": it is no agent's;
	                      "agent": it is his of `agent`, proven; "note":
	                      only as an internal note.  Of an agent's own
	                      held mail: "send", "clean" */
	const char *agent; /* NULL: none */
	int64_t ticket;    /* it belongs there; 0: as it is found */
};
/* Back to work (way NULL: as any mail), or out of the list.  ERR_REJECT: no
 * such. */
int held_release(
    struct db *db, int64_t id, const struct held_way *way, struct err *e);
int held_drop(struct db *db, int64_t id, struct err *e);

#endif
