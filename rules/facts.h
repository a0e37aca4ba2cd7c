#ifndef RULES_FACTS_H
#define RULES_FACTS_H

#include <stddef.h>
#include <stdint.h>

#include "parser/err.h"
#include "parser/mail.h"
#include "rules/regex.h"
#include "rules/ticket.h"

/* When rules are asked: the words of "on". */
enum occasion {
	OCCASION_NEW,   /* a mail that makes a ticket */
	OCCASION_REPLY, /* a mail of somebody in a ticket */
	OCCASION_AGENT, /* a mail of an agent in a ticket */
	OCCASION_TIMER, /* time has passed */
	OCCASION_COUNT
};
extern const char *const occasion_names[OCCASION_COUNT];

/* All that a rule may look at.  Nothing in it is changed. */
struct facts {
	enum occasion occasion;
	const struct mail *mail;     /* NULL: none */
	const struct ticket *ticket; /* as it is before the rules; texts "" */
	const char *const *tags;
	size_t tags_n;
	const char *mailbox; /* "" when none */
	int64_t size;        /* bytes of the raw mail */
	int64_t now;
	struct matcher *matcher; /* its budget is started by the evaluation */
	/* Tickets created within so many seconds before now whose subject is
	 * alike, this one included.  NULL: 1. */
	int (*similar)(void *ctx, int64_t within, int64_t *n, struct err *e);
	void *ctx;
};

#endif
