#ifndef RULES_ACKNOWLEDGE_H
#define RULES_ACKNOWLEDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/conf.h"
#include "parser/mail.h"
#include "rules/desk.h"
#include "rules/evaluate.h"
#include "rules/template.h"
#include "rules/thread_index.h"
#include "rules/ticket.h"

/*
 * The first letter a requester gets: "we have it, it is EX-1042" (MAIL 3 a1).
 * Whether one may go at all is not decided here: see loopguard.h.
 */
struct acknowledge {
	const struct conf *conf;
	const struct template_set *templates;
	const struct ticket *ticket; /* number and subject are known */
	const struct mail *mail;     /* what is acknowledged */
	int64_t serial; /* of the letter in the requester's thread */
	const struct desk_keys *keys;
	int64_t now;
	int zone; /* minutes, for the Date field */
	/* Repeat nothing of the mail, not even its subject (T17): for senders
	 * who may not be who they say. */
	bool fixed;
	/* A rule's `reply template:NAME` goes in its place: the name, and what
	 * the rule's groups matched; NULL: none did. */
	const char *template;
	const struct group *groups;
	size_t groups_n;
	const struct rulebook *book; /* NULL: no hours, no organisations */
	const char *sla;             /* that a rule gave the ticket, or NULL */
	const struct zone *desk;     /* whose time is printed; NULL: UTC */
	const char *language; /* before all that the mail says; NULL: none */
};

/* Who gets the answer: the first Reply-To that is not ours, else From.  NULL:
 * nobody. */
const struct address *acknowledge_recipient(
    struct arena *a, const struct conf *c, const struct mail *m);

/* Only the words of it: subject and text, and the language they are in; for
 * those who want to look.  The rest of out is left alone. */
int acknowledge_words(struct arena *a, const struct acknowledge *in,
    struct note_out *out, const char **language, struct err *e);

/* ERR_REJECT: there is nobody to write to, or no template. */
int acknowledge_make(struct arena *a, const struct acknowledge *in,
    struct note_out *out, struct err *e);

#endif
