#ifndef DAEMON_HELD_H
#define DAEMON_HELD_H

#include "daemon/cmd.h"
#include "parser/json.h"
#include "store/inbound.h"

/* One held mail on standard output, for cmd_held.c.  Return exit codes. */

/* What deskd understands of it; if it cannot be read, its bytes made harmless.
 * With c->json one object. */
int held_show(struct context *c, const struct held *h);

/* Its bytes, unchanged. */
int held_bytes(struct context *c, const struct held *h);

/* The members of its row in the list; the caller has the object open. */
void json_held(struct json *j, struct context *c, const struct held *h);

#endif
