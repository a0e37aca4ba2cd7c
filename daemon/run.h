#ifndef DAEMON_RUN_H
#define DAEMON_RUN_H

#include "daemon/cmd.h"

/*
 * The parent of the loops.  It reads the configuration, looks once at the
 * database, then only starts, watches and stops children: it touches neither
 * network nor mail, and sleeps until something happens.
 *
 * SIGTERM, SIGINT: stop, within 10 s; a second one: at once.  SIGHUP: read the
 * configuration again, and if it is good start the children with it.  SIGUSR1:
 * say how the children are.  SIGUSR2: look for mail now.
 *
 * Returns an exit code: 0 after a stop, 75 when another deskd holds the state
 * folder, 78 for a database that is newer than this program.
 */
int run_daemon(struct context *c);

#endif
