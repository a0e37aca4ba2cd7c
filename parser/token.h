#ifndef PARSER_TOKEN_H
#define PARSER_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"

/*
 * Tokens: what deskd gives to one person for one ticket and one purpose, and
 * knows again when it comes back (RELIABILITY 3.4).  24 bytes as 39 characters
 * of Crockford's base32, made to stand behind "+" in an address:
 *
 *   version 4 bits, key 4, purpose 8, ticket 40, principal 24, day 16,
 *   sequence 16, MAC 80: HMAC-SHA-256(K_purpose, "deskd token v1" 0 purpose
 *   domain 0 address 0 the 14 bytes before)
 *
 * The present address of the person is part of it: who is given another address
 * has no token any more.  A token alone proves nothing: see authority.h.
 *
 * Never in a log or the text of an error: there a token is its token_name().
 */
#define TOKEN_CHARS 39
#define DESK_KEY    32
#define DESK_KEYS   16

/* The keys of a desk: any may prove, the one at `first` makes. */
struct desk_keys {
	uint8_t key[DESK_KEYS][DESK_KEY];
	bool have[DESK_KEYS];
	int first;
};

enum token_purpose {
	TOKEN_AGENT = 1, /* an agent's reply to a letter about a ticket */
	TOKEN_NOTE,      /* the same, but it can only become a note */
	TOKEN_ESCALATE,  /* to take an escalation */
	TOKEN_REQUESTER, /* the words in a requester's letter */
	TOKEN_VENDOR,    /* a vendor's reply */
	TOKEN_RELEASE,   /* to let one held mail go: ticket is the held id */
	TOKEN_VERP,      /* a bounce: ticket is the outbox id */
	TOKEN_WITNESS,
	TOKEN_PROBE,
	TOKEN_ID, /* a Message-ID; it has a form of its own: msgid.h */
	TOKEN_PURPOSES
};

struct token {
	enum token_purpose purpose;
	int key;           /* which one made it */
	int64_t ticket;    /* below 2^40 */
	int64_t principal; /* below 2^24: whose it is, a row of the store */
	int day;           /* of issue, days since 2024-01-01 */
	int sequence;      /* the ticket's revision then, modulo 2^16 */
};

/* Days since 2024-01-01 of a moment, 0 to 65535. */
int token_day(int64_t now);

/* TOKEN_CHARS characters; key is taken from k.  The numbers of t are as small
 * as said above. */
char *token_make(struct arena *a, const struct desk_keys *k,
    const struct token *t, const char *domain, const char *address);

/* What a text of TOKEN_CHARS characters says, proven by nothing.  Any case; o
 * is read as 0, i and l as 1.  false: it has not the form, or a version or a
 * purpose that we do not know. */
bool token_read(const char *text, struct token *out);

/* Does the MAC hold for this person and this domain?  Takes the same time
 * whatever is wrong, also for a key that is not there. */
bool token_proves(const struct desk_keys *k, const char *text,
    const char *domain, const char *address);

/*
 * Is it as young as its purpose demands, and not of a day after tomorrow?  A
 * token knows only its day: it lives at least as long as it should and at most
 * a day longer.  What is good for an hour and once is also a row in the store.
 */
bool token_fresh(const struct token *t, int64_t now);

/* How logs and evidence name a token (or a key): the first characters of the
 * SHA-256 in hexadecimal. */
#define TOKEN_NAME 6
void token_name(const void *p, size_t n, char out[TOKEN_NAME + 1]);

/* The token in "support+TOKEN@example.com" or "support+r.TOKEN@..", in the one
 * way of writing that token_make() has, so that its hash is one; NULL: none has
 * the form.  base is the desk's address; "@help.example.com" for a catch-all
 * domain ("TOKEN@help.example.com").  Lives in the arena. */
char *token_of_address(struct arena *a, const char *base, const char *address);
/* base with the token behind its "+", or before the "@" of a catch-all. */
char *token_address(struct arena *a, const char *base, const char *token);

/*
 * Short marks, 40 bits as 8 characters: for words in a subject ("~7k3f9q2m")
 * and the reference of a cut line ("7F3K-9QXM").  token_short() binds a ticket
 * and an address; token_ref() makes what token_is_ref() knows again by itself
 * (16 bits of salt, 24 of MAC), so that a letter need not be kept to know that
 * its words must not leave.  Both are read in any case, and o, i, l as above.
 */
#define TOKEN_SHORT 8
char *token_short(struct arena *a, const struct desk_keys *k,
    enum token_purpose purpose, int64_t ticket, const char *address);
bool token_short_proves(const struct desk_keys *k, const char *text,
    enum token_purpose purpose, int64_t ticket, const char *address);
char *token_ref(
    struct arena *a, const struct desk_keys *k, int64_t ticket, int64_t serial);
/* Are the nine characters at this place, whatever follows, such a one? */
bool token_is_ref(const struct desk_keys *k, const char *nine);

#endif
