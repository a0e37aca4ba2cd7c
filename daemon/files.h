#ifndef DAEMON_FILES_H
#define DAEMON_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/conf.h"
#include "parser/err.h"

/* What daemon/ reads from disk besides the database. */

/* A whole file of at most max bytes; ERR_REJECT with the reason. */
int files_read(struct arena *a, const char *path, size_t max, char **data,
    size_t *n, struct err *e);

/* The conf_source that reads real files. */
extern const struct conf_source files_conf_source;

/*
 * One loop of a kind a database: flock on DIR/NAME.lock, held until the process
 * ends.  Taken already: ERR_RETRY, and the text says who holds it.
 */
int files_lock(const char *dir, const char *name, int *fd, struct err *e);

/* Read a secret (CONFIG 9).  *out lives in the arena. */
int secret_read(
    struct arena *a, const struct conf_secret *s, char **out, struct err *e);

/* The desk key that marks our Message-IDs: made at the first start, 0600. */
#define DESK_KEY 32
int secret_desk_key(struct arena *a, const struct conf *c, const char *dir,
    uint8_t key[DESK_KEY], struct err *e);

#endif
