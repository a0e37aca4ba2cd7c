#ifndef DAEMON_LINK_H
#define DAEMON_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libetpan/mailstream.h>

#include "daemon/wake.h"
#include "parser/conf.h"
#include "parser/err.h"

/*
 * A libetpan stream whose bytes travel through a libcurl connection: curl does
 * name lookup, proxy, TLS and the certificate check, libetpan speaks IMAP.
 * Between the two stands the scanner (scan.h), one absolute deadline and one
 * byte budget for each command.  A stop request ends every wait at once.
 *
 * After the first failure every read and write fails: the connection is of no
 * use any more (FACTS: the stream would be out of step).
 */
struct link;

/* Connect, up to and including TLS and the greeting; nothing secret is sent.
 * The error is ERR_RETRY and one sentence.  w NULL: nobody nudges or stops us
 * but the signals themselves. */
int link_open(struct link **out, const struct conf_server *s,
    const struct wake *w, int64_t timeout_ms, struct err *e);
void link_close(struct link *l);

mailstream *link_stream(struct link *l);

/* A new command: how many bytes its answer may have outside of and inside of
 * literals, and in how many milliseconds. */
void link_allow(
    struct link *l, uint64_t lines, uint64_t literals, int64_t timeout_ms);

/* More time for the same command. */
void link_time(struct link *l, int64_t timeout_ms);

enum link_event {
	LINK_READY, /* there is something to read */
	LINK_NUDGE, /* somebody calls wake_send() */
	LINK_TIME,
	LINK_STOP, /* we are asked to stop */
	LINK_GONE  /* failed, see link_why() */
};

/* Wait for the server to say something, at most ms milliseconds. */
enum link_event link_wait(struct link *l, int64_t ms);

/* Why it failed first; "" when it has not. */
const char *link_why(const struct link *l);
bool link_stopped(const struct link *l);

#endif
