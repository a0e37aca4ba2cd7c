#ifndef PARSER_ADDRESS_H
#define PARSER_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"

/* A person as a mail names them (RFC 5322 "mailbox"). */
struct address {
	const char *name; /* decoded, one line, "" when there is none */
	const char *addr; /* as written, always a readable one */
};

/*
 * The strict grammar for everything we send to or compare (M9): local@domain,
 * printable ASCII without blanks and without < > ( ) [ ] \ , ; : ", dots not
 * doubled, at most 64 and 254 bytes, a domain of letters, digits, - and dots.
 */
bool address_valid(const char *addr);

/*
 * The wider grammar for what a mail may name: also letters beyond ASCII (RFC
 * 6531), quoted local parts, domain literals, dots in odd places.  Nothing is
 * ever sent there.  No blanks but in quotes, nothing that cannot be seen.
 */
bool address_readable(const char *addr);

/* Are there letters of two scripts in one word of it (T34)?  "exаmple.com" */
bool address_mixed(const char *addr);

/*
 * Read an address list field (RFC 5322 3.4 and the wild ones).  Encoded words
 * are decoded.  Entries without a readable address are left out and counted in
 * *bad (may be NULL).  At most MAIL_ADDRESSES_MAX.
 */
size_t address_list(struct arena *a, const char *value, size_t n,
    struct address **out, size_t *bad);

/* The same; hint is the charset for raw 8-bit names (word_decode()). */
size_t address_read(struct arena *a, const char *value, size_t n,
    const char *hint, struct address **out, size_t *bad);

/*
 * The form that identifies a person: lower case.  address_budget() also takes
 * off "+tag" and, for Gmail, the dots: the key of the budgets (RELIABILITY
 * 5.4), never used to match a ticket.
 */
char *address_key(struct arena *a, const char *addr);
char *address_budget(struct arena *a, const char *addr);

/* The part after "@", "" when there is none. */
const char *address_domain(const char *addr);

bool address_same(const char *a, const char *b);

#endif
