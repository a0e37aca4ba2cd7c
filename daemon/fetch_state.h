#ifndef DAEMON_FETCH_STATE_H
#define DAEMON_FETCH_STATE_H

#include "daemon/cmd.h"
#include "daemon/imap.h"
#include "parser/limits.h"
#include "store/inbound.h"

/* What the files of the fetch loop share; not for others. */

#define FETCH_KEYWORD "$DeskdDone"

/*
 * A UID that the server shows but does not hand out.  It is put aside, tried
 * again with growing pauses, and others go on.  After the last try the ledger
 * says "held" with the reason.
 */
#define DOUBTS_MAX 1000
struct doubt {
	uint32_t uid;
	int tries;
	int64_t next;    /* clock_steady(): when to try again */
	uint64_t stored; /* f->stored when it began */
};

struct fetch {
	struct context *c;
	const struct conf_mailbox *m;
	struct wake *wake;
	int64_t patience; /* milliseconds: see imap_patience() */
	struct mailbox_row row;
	uint32_t backlog; /* lower UIDs were there when this session began */
	bool once;

	/* of the present connection */
	struct imap *im;
	struct imap_folder folder;
	uint32_t exists; /* mails in the folder at the last look */
	int fruitless;   /* looks in a row that news had asked for in vain */

	/* over connections */
	struct raw_packer *packer;
	struct doubt doubts[DOUBTS_MAX];
	size_t doubts_n;
	uint32_t single_until; /* up to this UID one mail a command */
	bool blamed; /* this session broke at a mail that is in doubt now */
	bool list_failed; /* a list of new mails broke the session */
	bool no_keyword;  /* the server does not keep it: said */
	bool disk_said;
	uint64_t stored;     /* mails, since the start */
	uint64_t idle_at;    /* of them, when memory was given back */
	int64_t marks_after; /* clock_steady(): no marks before that */
	size_t owed;         /* marks, about */
	uint32_t settled[FETCH_MARK_MAX]; /* marks for the next commit */
	size_t settled_n;
	int64_t scan_after; /* clock_steady(): the next full comparison */
	int64_t polled;     /* when the row was last told of a good look */
};

/* One mail that the server has shown. */
struct want {
	uint32_t uid;
	bool has_size;
	uint64_t size; /* RFC822.SIZE: a claim */
	int64_t date;  /* INTERNALDATE, or 0 */
};

/* A wait of ms milliseconds, shortened in tests as all the others. */
int64_t fetch_scale(const struct fetch *f, int64_t ms);

/*
 * fetch_look.c: everything new, and what a full comparison finds missing, is
 * stored when these return 0.  -1: see imap_broken().
 */
int fetch_look(struct fetch *f, struct err *e);
int fetch_scan(struct fetch *f, struct err *e);
/* Sizes and dates of these ascending UIDs, then the mails. */
int fetch_uids(struct fetch *f, const uint32_t *uids, size_t n, struct err *e);

/* fetch_window.c: several mails in one command and one commit. */
int fetch_window(
    struct fetch *f, const struct want *wants, size_t n, struct err *e);

/* fetch_large.c: one mail in pieces, or only its beginning. */
int fetch_large(struct fetch *f, const struct want *w, struct err *e);
int fetch_stub(struct fetch *f, const struct want *w, struct err *e);
/* Remove what an earlier life of this loop has left unfinished. */
int fetch_sweep(struct fetch *f, struct err *e);

/* fetch_doubt.c */
/* One more try has failed: put the UID aside, or hold it for good. */
int fetch_doubt(struct fetch *f, uint32_t uid, const char *why, struct err *e);
/* The UID has an end: stored, vanished, held. */
void fetch_settled(struct fetch *f, uint32_t uid);
/* How often it was tried in vain. */
int fetch_tries(const struct fetch *f, uint32_t uid);
/* Put aside, and its time has not come yet? */
bool fetch_aside(const struct fetch *f, uint32_t uid);
/* Try those whose time has come. */
int fetch_doubts(struct fetch *f, struct err *e);
/* Milliseconds until the next one, -1: there is none. */
int64_t fetch_doubts_due(const struct fetch *f);
/* Is the mail there at all?  If not: "vanished" (T72). */
int fetch_missing(
    struct fetch *f, uint32_t uid, const char *why, struct err *e);

/*
 * fetch_mark.c: tell the server what is ours: all that is owed, or in the
 * middle of a backlog one command's worth.  The rows of the last command wait
 * for the next commit, so that a single mail costs one commit and not two;
 * killed before it, the server is asked again.
 */
int fetch_marks(struct fetch *f, bool all, struct err *e);
/* Write those rows now. */
int fetch_settle(struct fetch *f, struct err *e);
/* Need the mails of this mailbox be marked at all? */
bool fetch_must_mark(const struct fetch *f);

/* fetch_store.c */
/* What is to be written in one commit, with the marks that are settled; run()
 * stands in a transaction and may be NULL. */
int fetch_commit(struct fetch *f,
    int (*run)(struct fetch *f, void *ctx, struct err *e), void *ctx,
    struct err *e);
/* The inbound_new of a mail, without its bytes. */
struct inbound_new fetch_inbound(const struct fetch *f, const struct want *w);
/* INTERNALDATE, or now. */
int64_t fetch_received(const struct want *w);
/* Is there room?  -1: no, and the mail stays on the server (T62). */
int fetch_room(struct fetch *f, struct err *e);

#endif
