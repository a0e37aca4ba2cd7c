#ifndef DAEMON_FETCH_H
#define DAEMON_FETCH_H

#include <stdbool.h>

#include "daemon/cmd.h"

/*
 * The fetch loop of one mailbox: from the IMAP server into raw, inbound and
 * ledger, then the mark on the server.  A mail is ours with the commit and the
 * server hears of it only afterwards; killed anywhere in between it is fetched
 * or marked again and nothing else happens (RELIABILITY C1 - C11).
 *
 * It parses nothing, never sets \Seen or \Deleted and never expunges.
 *
 * once: end when all is fetched and marked.  Returns an exit code: 0 done or
 * asked to stop, 69 the server cannot be reached, 75 somebody else fetches
 * this mailbox or the disk is full, 77 the password is refused.
 */
int fetch_run(struct context *c, const struct conf_mailbox *m, bool once);

#endif
