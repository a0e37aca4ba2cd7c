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

#endif
