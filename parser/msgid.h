#ifndef PARSER_MSGID_H
#define PARSER_MSGID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/token.h"

/*
 * Message-IDs: reading those of others, making and proving our own.
 *
 * Ours look like  EX-1042.7.p3k9x2vd@support.example.com : ticket tag, the
 * thread's running number ("7" to the requester, "s9" to staff, "v1" to a
 * vendor), and 40 bits of HMAC-SHA-256(key, "EX-1042.7") in lower-case
 * Crockford base32, made with the first key of the desk and proven by any. Only
 * with the right mark does such an id prove anything (MAIL 1): nobody writes
 * into ticket 1042 by guessing.
 */
#define MSGID_MARK 8 /* characters */

/* The ids in a References or In-Reply-To field, without <>, oldest first, at
 * most MAIL_REFERENCES_MAX, the newest kept.  Returns how many. */
size_t msgid_list(
    struct arena *a, const char *value, size_t n, const char ***out);

/* thread is "7" or "s9"; domain is that of the desk's address. */
char *msgid_make(struct arena *a, const struct desk_keys *k, const char *tag,
    const char *thread, const char *domain);

struct msgid_own {
	int64_t ticket;
	char kind; /* 0 requester, 's' staff, 'v' vendor */
	int64_t serial;
};

/* Is id one of ours, with the right mark?  prefix is "EX-". */
bool msgid_own(const struct desk_keys *k, const char *prefix, const char *id,
    struct msgid_own *out);

#endif
