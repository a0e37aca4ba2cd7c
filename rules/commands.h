#ifndef RULES_COMMANDS_H
#define RULES_COMMANDS_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/command.h"
#include "parser/conf.h"
#include "rules/decision.h"
#include "rules/rulebook.h"
#include "rules/hours.h"

/*
 * What the commands of one mail mean: all of them are checked, then all of them
 * become changes of one decision, or none does and there is one question.
 * Pure; also the verbs of the command line come through here.
 */
struct commands_ask {
	const struct conf *conf;
	const struct rulebook *book;    /* matrix */
	const struct conf_agent *agent; /* who commands; NULL: an admin */
	const char *who;                /* "agent ana", "cli root" */
	const char *language;           /* of what he is told; NULL: English */
	const struct ticket *ticket;
	const struct zone *zone; /* of the agent: natural times */
	int64_t now;
	bool restricted; /* AUTHORITY_TICKET: the words of T11 by challenge */
	/* The ticket with this number, survivor of merges; *found false: none,
	 * or the agent may not see it. */
	int (*find)(void *ctx, int64_t number, struct ticket *out, bool *found,
	    struct err *e);
	void *ctx;
};

/* What is to be done besides the changes in the decision. */
struct commands_answer {
	/* the question, when something is wrong: a clause without an end, as in
	 * "I do not know \"#noet\" (line 1)"; NULL: all is well.  Nothing is
	 * done then, but for a challenge: there the decision is whole, for the
	 * caller who has the yes already. */
	const char *problem;  /* English, to be kept */
	const char *asked;    /* the same in his language */
	const char *meant[3]; /* words, best first; NULL-filled */
	bool challenge;       /* problem: only that it must be confirmed */

	bool note;             /* text and the rest of the line stay inside */
	const char *note_text; /* of "#note text" on one line, or NULL */
	bool status_set;       /* a status command was there */
	bool ends; /* resolves or closes: asks for the stale guard */
	bool resolved, closed; /* by this mail */
	bool undo, help, why, new_ticket, split, spam, unmerge;
	const char *help_word, *find; /* of #help wait, #find words */
	int64_t show;                 /* #show 1042; -1: this one; 0: no */
	int64_t merge;        /* into it; the change is in the decision */
	int64_t apart;        /* of #unmerge 1042; 0: what came in last */
	const char *escalate; /* why the lead is called, ""; NULL: he is not */
	const char *code, *verb; /* of #do CODE send|note|drop|clean|... */
	const char *requester, *source; /* of #new */
	bool hidden; /* the result cannot be seen: a receipt is due */
	size_t n;    /* commands */
	const char *const
	    *done; /* what was done, a line each, for the receipt */
	size_t done_n;
};

/* d is the decision of ask->ticket.  0, or -1 when find() fails.  What a word
 * that splits, undoes or answers does is the caller's. */
int commands_decide(const struct commands_ask *ask,
    const struct command_mail *m, struct decision *d,
    struct commands_answer *out, struct err *e);

/* May this agent see and steer the ticket?  A member, lead, manager or queue
 * manager of its team, its assignee, who is an admin; anybody when it has no
 * team.  Who watches may see it, too, but that is the caller's to know. */
bool commands_may(const struct conf *c, const struct conf_agent *agent,
    const struct ticket *t);

/* The text of #help, or of #help WORD: one line and an example. */
char *commands_help(struct arena *a, const char *language, const char *word);

#endif
