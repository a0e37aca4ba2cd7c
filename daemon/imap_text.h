#ifndef DAEMON_IMAP_TEXT_H
#define DAEMON_IMAP_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "parser/buf.h"
#include "parser/err.h"

/* Words of IMAP commands, from values that may hold anything. */

/*
 * "3:7,9" from ascending UIDs.  Takes as many as fit into max bytes of text
 * (servers cut lines at about 8 kB) and returns how many.
 */
size_t imap_set(struct buf *out, const uint32_t *uids, size_t n, size_t max);

/* A quoted string (RFC 3501 4.3).  ERR_REJECT: it has a control character or
 * one outside of ASCII, which no quoted string can hold. */
int imap_quoted(struct buf *out, const char *s, struct err *e);

/*
 * The name of a folder as an IMAP word: UTF-8 in modified UTF-7 (RFC 3501
 * 5.1.3), quoted, with "/" as the server's own delimiter (0: it has none).
 */
int imap_folder(
    struct buf *out, const char *name, char delimiter, struct err *e);

/* RFC 4648 base64 in one line, for AUTHENTICATE. */
void imap_base64(struct buf *out, const void *p, size_t n);

#endif
