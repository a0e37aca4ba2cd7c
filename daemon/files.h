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

/* The same, all lines of it; where is how a message names the place. */
struct secret_text {
	char *text;
	size_t n;
	const char *where;
};
int secret_whole(struct arena *a, const struct conf_secret *s,
    struct secret_text *out, struct err *e);

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
