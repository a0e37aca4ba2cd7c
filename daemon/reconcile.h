#ifndef DAEMON_RECONCILE_H
#define DAEMON_RECONCILE_H

#include "daemon/cmd.h"
#include "parser/json.h"

/*
 * Compare the ledger with what the servers hold now: every UID in the folder
 * must stand in the ledger in exactly one state.  Looks only (EXAMINE): what
 * is missing is fetched by the next full comparison of the fetch loop.
 *
 * mailbox NULL: all of the configuration.  j NULL: a report in words on
 * stdout; else the key "reconcile" (an array, one object a mailbox) is added
 * to the object that the caller has open.  Returns an exit code: 0 all agree,
 * 1 something is missing, 64 no such mailbox, 69 a server was not reached,
 * 78 the configuration has no mailbox.
 */
int reconcile_run(struct context *c, const char *mailbox, struct json *j);

#endif
