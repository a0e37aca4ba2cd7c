#ifndef DAEMON_KEYS_H
#define DAEMON_KEYS_H

#include "parser/arena.h"
#include "parser/conf.h"
#include "parser/err.h"
#include "parser/token.h"

/*
 * The keys of the desk, which mark its Message-IDs and tokens: the lines "ID
 * HEX" (ID 0 to 15, 64 hexadecimal digits, # begins a comment) of `token-keys`,
 * or of DIR/token-keys, which is made at the first start, 0600.  The first line
 * makes, all of them prove.  Of several processes that start at once one makes
 * the file and all read it.  They are never in the database or in a backup.
 */
int secret_desk_keys(struct arena *a, const struct conf *c, const char *dir,
    struct desk_keys *out, struct err *e);

/*
 * Changing them, for `deskd key`.  The new file is written aside, synced and
 * put in the place of the old one, 0600; what a person wrote into it stays.
 * Whoever runs has the old keys until it reads them again.
 *
 * keys_file() is where they stand; ERR_REJECT: not in a file that is ours to
 * change; the text says what to do then.
 */
int keys_file(struct arena *a, const struct conf *c, const char *dir,
    char **path, struct err *e);
/* One more key, which makes from now on; *id is its number.  ERR_REJECT: there
 * is room for no more. */
int keys_rotate(struct arena *a, const char *path, int *id, struct err *e);
/* What was made with this one proves no more.  ERR_REJECT: it is not there, or
 * it is the only one. */
int keys_revoke(struct arena *a, const char *path, int id, struct err *e);

#endif
