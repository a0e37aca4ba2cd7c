#ifndef DAEMON_FILES_H
#define DAEMON_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/conf.h"
#include "parser/err.h"

/* What daemon/ reads from disk besides the database. */

/* A whole file of at most max bytes, NUL-terminated; ERR_REJECT with the
 * reason, which begins with the path. */
int files_read(struct arena *a, const char *path, size_t max, char **data,
    size_t *n, struct err *e);

/* The same of an open file; the text lacks the path. */
int files_read_fd(
    struct arena *a, int fd, size_t max, char **data, size_t *n, struct err *e);

/* The conf_source that reads real files and knows PCRE2, the time zones of
 * this machine and the built-in templates.  It does not time the patterns;
 * files_conf_timed also does that: for `deskd check`, not for each start. */
extern const struct conf_source files_conf_source;
extern const struct conf_source files_conf_timed;

/*
 * May path be believed (T49)?  Refused when it, or the folder it is in, can be
 * written by group or others, or belongs to neither root nor us; behind a
 * symbolic link the same is asked of its target.  Sticky folders like /tmp
 * pass.  files_conf_safe() asks for every file of the configuration.
 */
int files_safe(const char *path, struct err *e);
int files_conf_safe(const struct conf *c, struct err *e);

/*
 * One loop of a kind a database: flock on DIR/NAME.lock, held until the process
 * ends.  Taken already: ERR_RETRY, and the text says who holds it.
 */
int files_lock(const char *dir, const char *name, int *fd, struct err *e);
/* Who holds it; *pid is 0: nobody. */
int files_lock_pid(const char *dir, const char *name, long *pid, struct err *e);

/*
 * Read a secret (CONFIG 9): the first line of what is there.  *out lives in the
 * arena.  ERR_RETRY: a command failed or took over 10 s; ERR_REJECT: all else,
 * with what to do.  The text never holds the secret.
 */
int secret_read(
    struct arena *a, const struct conf_secret *s, char **out, struct err *e);
/* Is it a credential, and are we outside the service that has it? */
bool secret_elsewhere(const struct conf_secret *s);

/*
 * The desk key that marks our Message-IDs and tokens.  It is the first of the
 * lines "ID HEX" (ID 0 to 15, 64 hexadecimal digits, # begins a comment) of
 * `token-keys`, or of DIR/token-keys, which is made at the first start, 0600.
 * Of several processes that start at once one makes it and all read it.
 */
#define DESK_KEY 32
int secret_desk_key(struct arena *a, const struct conf *c, const char *dir,
    uint8_t key[DESK_KEY], struct err *e);

/* For secret_read() and its test: the first line that argv prints. */
#define SECRET_COMMAND_MS 10000
int secret_command(struct arena *a, char *const argv[], int64_t limit_ms,
    char **out, struct err *e);

/*
 * The program that runs here, to start it once more.  "/proc/self/exe" is it
 * even after an upgrade put another file in its place; while its own name still
 * leads to it that is better, because valgrind and its like stand in
 * /proc/self/exe themselves.
 */
#define FILES_SELF_SIZE 4096
const char *files_self(char buf[FILES_SELF_SIZE]);

#endif
