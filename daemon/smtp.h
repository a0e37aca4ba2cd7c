#ifndef DAEMON_SMTP_H
#define DAEMON_SMTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/smtp_talk.h"
#include "daemon/smtp_trace.h"
#include "daemon/wake.h"
#include "parser/conf.h"
#include "parser/err.h"

/*
 * Letters out to one relay over at most SMTP_SLOTS connections that stay open
 * while letters come.  libcurl makes the connection: name, TCP, TLS (checked:
 * chain and name), greeting, EHLO, login.  The dialogue for a letter is ours
 * (smtp_talk.h), over curl_easy_send() and curl_easy_recv(): libcurl's own
 * waits for the answer to the dot without letting anybody else in, and when it
 * is broken off in the middle of a body it sends the final dot, so that half a
 * letter arrives as a whole one (7.88, measured).
 *
 * It promises not to try twice by itself, but for a kept connection that turns
 * out to be dead before anything was said on it; not to log in or to send
 * anything in clear unless the configuration says "plain"; and to look at
 * addresses and bytes once more before they go.
 */
#define SMTP_SLOTS 4

struct smtp_result {
	void *owner;
	enum smtp_outcome outcome;
	enum smtp_stage stage;
	int code;                  /* of the server; 0: it said nothing */
	int64_t ms;                /* from start to outcome */
	char reply[REPLY_MAX + 1]; /* of the server, or what went wrong */
};

struct smtp_relay {
	const struct conf_smtp *conf;
	const char *password; /* NULL: none */
	const char *helo;     /* our name */
	/* Called before the first byte of a body leaves; -1: it may not. */
	int (*body)(void *ctx, void *owner);
	void *ctx;
};

struct smtp;

/* *r is copied, what it points to is not. */
int smtp_open(struct smtp **out, const struct smtp_relay *r, struct err *e);
void smtp_close(struct smtp *s);
/* Close the connections that carry nothing, with QUIT; waits at most a second
 * for each. */
void smtp_hang_up(struct smtp *s);

/* ERR_REJECT: these bytes or addresses never leave.  ERR_RETRY: all slots are
 * taken. */
int smtp_start(struct smtp *s, const struct smtp_letter *l, struct err *e);
/* Letters on their way, and those whose result was not taken yet. */
size_t smtp_busy(const struct smtp *s);
/* Connections that are made, and those of them that carry nothing now. */
size_t smtp_connected(const struct smtp *s);
size_t smtp_idle(const struct smtp *s);
/* For how long the relay has had the oldest letter in hand, in ms. */
int64_t smtp_oldest(const struct smtp *s);

/* Go on until something ended, a nudge or a stop came (w NULL: whatever comes),
 * or ms are over (-1: no limit).  Does not eat nudges. */
void smtp_wait(struct smtp *s, const struct wake *w, int64_t ms);
/* One that ended. */
bool smtp_result(struct smtp *s, struct smtp_result *out);

/* Give up what is on its way: only what has no body out yet, or all.  What has
 * its last byte out becomes unknown, the rest comes back. */
void smtp_stop(struct smtp *s, bool all);

#endif
