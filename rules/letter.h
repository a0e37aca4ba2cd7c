#ifndef RULES_LETTER_H
#define RULES_LETTER_H

#include <stddef.h>

#include "parser/arena.h"
#include "parser/conf.h"

/*
 * What all letters to requesters share: the subject that never changes, the
 * real chain of ids, a few fields (MAIL 2).  Of the text it knows nothing.
 */

/* "Re: VPN does not connect [EX-1042]": the subject of every mail to the
 * requester, for ever; foreign "Re:" and tags of ours taken off first. */
char *letter_subject(struct arena *a, const struct conf *c, const char *subject,
    const char *tag);
/* The requester's own words: no "Re:", no tag of ours, one line. */
char *letter_bare_subject(
    struct arena *a, const struct conf *c, const char *subject);
/* The tag where the configuration wants it, unless it is there already. */
char *letter_tagged(struct arena *a, const struct conf *c, const char *subject,
    const char *tag);

/* What is answered. */
struct letter_parent {
	const char *message_id, *in_reply_to; /* or NULL */
	const char *const *references;        /* oldest first */
	size_t references_n;
};
/* The chain of the mail and the mail itself (RFC 5322 3.6.4); how many. */
size_t letter_chain(
    struct arena *a, const struct letter_parent *p, const char ***out);

/*
 * A mail with one tap (MAIL 7, "Buttons"; RFC 6068): everything is encoded but
 * letters, digits and "-._~", and "@" of the address; a blank is "%20", a line
 * end "%0D%0A".
 */
char *letter_mailto(struct arena *a, const char *address, const char *subject,
    const char *body);

#define LETTER_FIELDS_MAX 20

/* Name and value in turn, NULL-terminated: for compose.h. */
struct letter_fields {
	const char *list[LETTER_FIELDS_MAX];
	size_t n;
};
/* An empty value is none. */
void letter_field(struct letter_fields *f, const char *name, const char *value);

#endif
