#ifndef DAEMON_SEND_H
#define DAEMON_SEND_H

#include <stdbool.h>

#include "daemon/wake.h"
#include "parser/conf.h"
#include "parser/err.h"
#include "store/db.h"

/*
 * The send loop: letters from the outbox to the relay, and what came of them
 * back.  One process a state folder (the caller holds the lock "send").
 *
 * A commit that says "its body is on the way" stands before the first byte of
 * every letter; another one says what came of it.  When many letters wait they
 * share commits, all but those that a person wrote; see store/STATES.md.
 */
struct send_setting {
	struct db *db;
	const struct conf *conf; /* with an smtp block */
	const char *dir;
	const char *password; /* NULL: none */
	struct wake *wake;
	bool until_idle; /* end when nothing is due now */
};

/* 0: told to stop, or nothing is due; 1 and *e: the relay takes nothing (only
 * with until_idle). */
int send_run(const struct send_setting *setting, struct err *e);

#endif
