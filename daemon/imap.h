#ifndef DAEMON_IMAP_H
#define DAEMON_IMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/wake.h"
#include "parser/arena.h"
#include "parser/conf.h"
#include "parser/err.h"

/*
 * An IMAP session (RFC 3501) for one mailbox: just what fetching needs.  It
 * never sets \Seen or \Deleted and never expunges; mails are named by UID only.
 *
 * Every function that talks returns 0 when the server said OK.  Else -1 and
 * *e; then imap_broken() tells a plain NO, after which the session goes on,
 * from everything else, after which it can only be closed.
 */
struct imap;

enum imap_cap {
	IMAP_IDLE = 1 << 0,     /* RFC 2177 */
	IMAP_MOVE = 1 << 1,     /* RFC 6851 */
	IMAP_PLAIN = 1 << 2,    /* AUTH=PLAIN, RFC 4616 */
	IMAP_NO_LOGIN = 1 << 3, /* LOGINDISABLED */
	IMAP_REV1 = 1 << 4      /* IMAP4rev1 */
};

/* Connect.  The time limits of this session follow from timeout_ms. */
int imap_open(struct imap **out, const struct conf_mailbox *m,
    const struct wake *w, int64_t timeout_ms, struct err *e);
/* imap_open(), read the secret, imap_login(). */
int imap_connect(struct imap **out, const struct conf_mailbox *m,
    const struct wake *w, int64_t timeout_ms, struct err *e);
/* How long a server may take for a command: a minute, or the milliseconds in
 * $DESKD_TIMEOUT_MS, with which tests shorten every wait of fetching. */
int64_t imap_patience(void);
/* ERR_REJECT: the server does not accept user and password. */
int imap_login(struct imap *im, const char *password, struct err *e);
/* Says LOGOUT when the session is well; never waits.  NULL is fine. */
void imap_close(struct imap *im);

bool imap_has(const struct imap *im, enum imap_cap cap);
bool imap_broken(const struct imap *im);
/* Broken because we were asked to stop. */
bool imap_stopped(const struct imap *im);

struct imap_folder {
	uint32_t uidvalidity; /* 0: missing or out of range */
	uint32_t uidnext;     /* 0: not told */
	uint32_t exists;
	bool keyword; /* may keep the keyword that was asked for */
	bool readonly;
};
/* SELECT, or EXAMINE when readonly.  keyword may be NULL. */
int imap_select(struct imap *im, const char *folder, bool readonly,
    const char *keyword, struct imap_folder *out, struct err *e);

/* One FETCH response; valid only during the call. */
struct imap_mail {
	uint32_t uid; /* 0: the server did not say */
	bool has_size;
	uint64_t size;    /* RFC822.SIZE: a claim */
	int64_t date;     /* INTERNALDATE; 0: none, or nonsense */
	const char *body; /* NULL: NIL, or not there */
	size_t body_n;    /* bytes; there may be NULs */
	uint32_t origin;  /* of a partial fetch */
};

/*
 * UID FETCH set what: what is the text in the command.  each() gets every
 * response, also those that nobody asked for.  count: how many are expected,
 * literals: how many bytes of mail; both bound what is taken.
 */
struct imap_want {
	const char *set, *what;
	size_t count;
	uint64_t literals;
};
int imap_fetch(struct imap *im, const struct imap_want *w,
    void (*each)(void *ctx, const struct imap_mail *m), void *ctx,
    struct err *e);

/* UID SEARCH; the UIDs in ascending order, each once, in the arena. */
int imap_search(struct imap *im, struct arena *a, const char *what,
    uint32_t **uids, size_t *n, struct err *e);

/* The highest UID in the folder; 0: it is empty. */
int imap_last_uid(struct imap *im, uint32_t *uid, struct err *e);

/*
 * All UIDs of a range, in portions that take little memory however many there
 * are: call until r->from > r->to.  A portion may be empty.
 */
struct imap_range {
	uint64_t from;
	uint32_t to;
};
int imap_uids(struct imap *im, struct arena *a, struct imap_range *r,
    uint32_t **uids, size_t *n, struct err *e);

/* How many mails the folder has, as the server said last. */
uint32_t imap_exists(const struct imap *im);
/* Has it said so (EXISTS) since this was last asked? */
bool imap_news(struct imap *im);

int imap_noop(struct imap *im, struct err *e);
/* "+FLAGS.SILENT (keyword)" */
int imap_flag(
    struct imap *im, const char *set, const char *keyword, struct err *e);
int imap_move(
    struct imap *im, const char *set, const char *folder, struct err *e);
int imap_copy(
    struct imap *im, const char *set, const char *folder, struct err *e);
int imap_create(struct imap *im, const char *folder, struct err *e);

enum imap_idle_end {
	IDLE_NEWS,  /* EXISTS */
	IDLE_NUDGE, /* wake_send() */
	IDLE_TIME,
	IDLE_STOP,
	IDLE_BROKEN /* *e says why */
};
/* IDLE for at most ms milliseconds; the session is ready for commands when it
 * returns, but after IDLE_BROKEN and IDLE_STOP. */
enum imap_idle_end imap_idle(struct imap *im, int64_t ms, struct err *e);

#endif
