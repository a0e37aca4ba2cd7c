#ifndef DAEMON_ALERT_H
#define DAEMON_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/conf.h"
#include "parser/err.h"
#include "store/db.h"

/*
 * Telling humans what the outbox could not do: one plain letter to the lead of
 * the ticket's team, else to every admin, at once, then at most one every
 * ALERT_SECONDS that names all that failed meanwhile (MAIL c5).  An alert that
 * fails makes no alert; it stays visible in `deskd outbox list`.
 */
#define ALERT_SECONDS 900

/* When humans were told last; 0: never. */
int alert_last(struct db *db, int64_t *when, struct err *e);
/* Did anything fail since then? */
int alert_due(
    struct db *db, struct arena *a, int64_t last, bool *due, struct err *e);
/* Compose the letters about all that failed since `last` and put them into the
 * outbox, in a transaction of its own.  *told is how many letters. */
int alert_write(struct db *db, const struct conf *c, const char *dir,
    int64_t now, int *told, struct err *e);

#endif
