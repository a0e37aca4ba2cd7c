#ifndef RULES_INTAKE_H
#define RULES_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/conf.h"
#include "parser/mail.h"
#include "rules/decision.h"
#include "rules/loopguard.h"
#include "rules/proof.h"
#include "rules/routing.h"
#include "rules/thread.h"

/*
 * What becomes of one mail: everything that is known goes in, a decision and
 * the ledger's word for it come out.  Pure; the store gathers before and
 * tickets_apply() acts after.
 */
struct intake {
	const struct conf *conf;
	const struct mail *mail;
	enum fate fate;
	const char *fate_why;
	bool variant; /* of a mail in ticket copy_ticket */
	int64_t copy_ticket;
	int64_t letter_ticket; /* a DSN's: the letter it is about; 0: unknown */
	struct thread_choice choice;
	int64_t flood_ticket; /* new mail of this sender goes there */
	bool flood;           /* too many new tickets of this sender */
	bool oversize;
	bool released; /* from held, by a person: not held again */
	/* An agent sends it, who may speak for others: what he passes on is
	 * theirs, what he answers past us is an answer.  NULL: no. */
	const struct conf_agent *agent;
	bool works;           /* the requester says that it works */
	const char *language; /* that the sender is known to want; or NULL */
	size_t cc_n;          /* people in Cc of the ticket so far */
	/* What the border server says of the sender, where one is named. */
	enum proof proof;
	const struct routing *routing; /* NULL: there are no rules */
};

enum intake_end {
	INTAKE_APPLY, /* apply the decision */
	INTAKE_HOLD,  /* no ticket: to held, with the reason */
	INTAKE_FILE,  /* no ticket: kept, with the reason */
	INTAKE_AGENT  /* an agent acts, or tries to: not decided here */
};

struct intake_result {
	enum intake_end end;
	const char *state;  /* the ledger's: "new", "append", ... */
	const char *reason; /* NULL: none */
	bool acknowledge;   /* a new ticket of a person: if the budgets allow */
	const char *requester;       /* of a new ticket */
	const char *language;        /* that he is known to want; or NULL */
	const struct routed *routed; /* what the rules said; NULL: not asked */
};

/* -1 only when the database fails that in->routing asks. */
int intake_decide(const struct intake *in, struct decision *d,
    struct intake_result *out, struct err *e);

#endif
