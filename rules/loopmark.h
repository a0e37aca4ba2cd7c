#ifndef RULES_LOOPMARK_H
#define RULES_LOOPMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/mail.h"
#include "parser/token.h"

/*
 * The mark on everything we send, by which we know it when it comes back (T21):
 * X-Deskd-Loop: v1; host=support.example.com; id=EX-1042.1.p3k9x2vd; mac=...
 * Anybody may write such a field; only the right mac counts.
 */
#define LOOP_FIELD    "X-Deskd-Loop"
#define HOPS_FIELD    "X-Deskd-Hops"
#define LOOP_HOPS_MAX 5

/* id is the Message-ID of the letter, host the desk's domain. */
char *loop_mark(struct arena *a, const struct desk_keys *k, const char *host,
    const char *id);

/* Did we send this mail (a right mark, by any of our keys)? */
bool loop_is_ours(
    struct arena *a, const struct desk_keys *k, const struct mail *m);

/* How often mail of ours was answered on the way to this one; 0: never. */
int loop_hops(const struct mail *m);

#endif
