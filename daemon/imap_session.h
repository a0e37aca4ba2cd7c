#ifndef DAEMON_IMAP_SESSION_H
#define DAEMON_IMAP_SESSION_H

#include <libetpan/mailimap.h>

#include "daemon/imap.h"
#include "daemon/link.h"
#include "parser/buf.h"

/* What the files of the IMAP client share; not for others. */
struct imap {
	const struct conf_mailbox *mailbox;
	struct link *link;
	mailimap *session;
	int64_t timeout_ms;
	unsigned caps;  /* of enum imap_cap */
	char delimiter; /* of folder names; 0: flat, or not asked yet */
	bool broken;
	/* who gets the FETCH responses of this command */
	void (*each)(void *ctx, const struct imap_mail *m);
	void *ctx;
};

/* Bytes outside of literals that any answer may have: flags that others
 * change, alerts.  A flood ends here (RELIABILITY M4). */
#define IMAP_LINES ((uint64_t)1 << 20)

/* What a command may cost beyond that. */
struct imap_cost {
	uint64_t lines, literals;
	int64_t ms;
};

/* printf for one tagged command, whose answer is read through libetpan.  cost
 * may be NULL. */
int imap_do(struct imap *im, const struct imap_cost *cost, struct err *e,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* What libetpan calls for each FETCH response; ctx is the struct imap. */
void imap_got_mail(struct mailimap_msg_att *att, void *ctx);

/* For dialogues that libetpan does not know: begin a tagged command, send
 * bytes, read one line.  NULL and -1: broken, *e says why. */
int imap_begin(struct imap *im, const char *text, struct err *e);
int imap_send(struct imap *im, const char *text, struct err *e);
const char *imap_line(struct imap *im, struct err *e);
/* What follows the tag of the present command; NULL: it is another line. */
const char *imap_tagged(const struct imap *im, const char *line);

/* The session is of no use any more; returns -1. */
int imap_break(struct imap *im, struct err *e, const char *why);

/* "* n EXISTS" was read by hand. */
void imap_set_exists(struct imap *im, uint32_t n);

/* Ask for the capabilities again (they change with the login). */
int imap_capability(struct imap *im, struct err *e);

#endif
