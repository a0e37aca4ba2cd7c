#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/err.h"
#include "parser/token.h"
#include "store/db.h"

/*
 * Who acts by mail, and with what proof (RELIABILITY 3).  Functions that write
 * expect to stand in a transaction that they did not start.
 */

/* The small number that stands in an agent's tokens, made when first asked for;
 * never given to another name. */
int people_principal(
    struct db *db, const char *agent, int64_t *id, struct err *e);
/* Its agent; NULL: there is none. */
int people_agent(struct db *db, struct arena *a, int64_t principal,
    const char **agent, struct err *e);

/* `deskd agent suspend`: no mail acts for him; all his tokens are dead. */
int people_suspend(
    struct db *db, const char *agent, bool on, int64_t now, struct err *e);
int people_suspended(
    struct db *db, const char *agent, bool *yes, struct err *e);

/* Tokens of this ticket and person made before now are dead from now on (a leak
 * was seen).  The ticket's revision grows, so that a letter composed after it
 * (load the ticket again) has a token that lives.
 *
 * people_revoked(): is this one dead, by people_revoke() or because its agent
 * is or was suspended?  Only of the purposes agent, note and escalation. */
int people_revoke(struct db *db, int64_t ticket, int64_t principal, int64_t now,
    struct err *e);
int people_revoked(
    struct db *db, const struct token *t, bool *yes, struct err *e);

/* A token that works once.  *fresh false: it was used before. */
int people_use(
    struct db *db, const char *token, int64_t now, bool *fresh, struct err *e);

/* Has this mail of this person acted before (T02)?  print: fingerprint of the
 * mail.  Remembered when it acts. */
int people_acted(struct db *db, int64_t principal, const uint8_t *print,
    bool *yes, struct err *e);

/* I6: why a privileged change was allowed. */
struct evidence {
	int64_t ticket, principal, raw, time;
	const char *method;   /* "token+from", "token+from+dmarc", "released" */
	const char *token;    /* the text; only 6 characters of its sha256 are
	                         kept */
	const char *proof;    /* the words of proof_of() */
	const uint8_t *print; /* fingerprint of the mail */
};
int people_evidence(struct db *db, const struct evidence *v, struct err *e);

/* Actions of an agent by mail since then: for the limits of T11. */
int people_actions(struct db *db, int64_t principal, int64_t since, int64_t *n,
    int64_t *closes, struct err *e);

/* The language somebody wants; "" when not known. */
int people_language(struct db *db, struct arena *a, const char *address,
    const char **language, struct err *e);
int people_set_language(
    struct db *db, const char *address, const char *language, struct err *e);

#endif
