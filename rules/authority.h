#ifndef RULES_AUTHORITY_H
#define RULES_AUTHORITY_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/conf.h"
#include "parser/mail.h"
#include "parser/token.h"
#include "rules/proof.h"

/*
 * May this mail act for an agent?  The decision table of RELIABILITY 3.5, and
 * nothing else: pure, so that every cell of it can be tested.
 *
 * Robots never come here (loopguard.h).  What an agent may do, once he is
 * proven, is asked where it is done.
 */
enum token_state {
	TOKEN_NONE,    /* no token came */
	TOKEN_VALID,   /* MAC right, young enough, sequence not revoked */
	TOKEN_EXPIRED, /* MAC right, too old or revoked */
	TOKEN_BAD      /* the form of one, but the MAC is wrong */
};

struct authority_ask {
	const struct conf *conf;
	const struct conf_agent
	    *sender;     /* whose address From is; NULL: nobody */
	bool one_sender; /* exactly one From, one dot-atom address, no second
	                    Subject, To, Date ... (3.3, 5) */
	enum token_state token;
	enum token_purpose purpose;
	const struct conf_agent *principal; /* of the token; NULL: gone */
	bool suspended; /* principal or sender, by `deskd agent suspend` */
	bool may_see;   /* the sender has access to the ticket */
	bool tagged;    /* [EX-1042] of a ticket, without a token */
	bool fresh;     /* Date near now, not seen before (T02) */
	bool own_id;    /* answers the very letter that we sent to him: our
	                   Message-ID with a right mark (reply-tokens none) */
	enum proof proof;
	bool needs_proof; /* a border server is named */
};

enum authority {
	AUTHORITY_REQUESTER, /* nobody special: the ordinary way of a mail */
	AUTHORITY_EXECUTE,   /* all an agent may do */
	AUTHORITY_TICKET,    /* the same, but the words of T11 by challenge */
	AUTHORITY_NOTE,      /* an internal note of the sender, no command */
	AUTHORITY_CHALLENGE, /* held; asked at the registered address */
	AUTHORITY_HELD,      /* held; the agent is told at the registered one */
	AUTHORITY_SPOOF,     /* held; the admin is alerted, nobody else told */
	AUTHORITY_LEAK,      /* held; token revoked, agent and admin told */
	AUTHORITY_RENEW      /* held; the agent gets a fresh letter to answer */
};

struct authority_answer {
	enum authority authority;
	const struct conf_agent *agent; /* who acts, is told, or is proven to be
	                                   the requester; or NULL */
	const char *why;                /* static words: "old or replayed" */
};

void authority_decide(
    const struct authority_ask *ask, struct authority_answer *out);

/* One From with one plain address, and no field twice that must stand once
 * (RELIABILITY 3.3, 5). */
bool authority_one_sender(const struct mail *m);

#endif
