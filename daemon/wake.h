#ifndef DAEMON_WAKE_H
#define DAEMON_WAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/err.h"

/*
 * A nudge through a named pipe in the state folder: "look again".  Losing one
 * loses nothing, because every loop looks at the database before it sleeps.
 * wake_open() also turns SIGTERM and SIGINT into WAKE_STOP.
 */
enum wake_reason {
	WAKE_LOOK,
	WAKE_TIME,
	WAKE_STOP
};

struct wake;

/* Each loop waits on its own pipe: "work", "send", "fetch-support". */
int wake_open(
    struct wake **out, const char *dir, const char *name, struct err *e);
void wake_close(struct wake *w);
/* Readable when a nudge came; for poll() beside a socket. */
int wake_fd(const struct wake *w);
/* Readable when we are asked to stop. */
int wake_stop_fd(const struct wake *w);
bool wake_stopping(const struct wake *w);
/* Wait at most ms milliseconds (-1: for ever); eats all nudges. */
enum wake_reason wake_wait(struct wake *w, int64_t ms);

/* Nudge a loop; nobody listening is fine. */
void wake_send(const char *dir, const char *name);

#endif
