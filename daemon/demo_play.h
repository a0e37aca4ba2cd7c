#ifndef DAEMON_DEMO_PLAY_H
#define DAEMON_DEMO_PLAY_H

#include "daemon/demo.h"
#include "store/db.h"

/*
 * What the scenes of the demo's play share: mail out of people's hands, and
 * what became of it in the database and in the mailboxes.  Only demo_play.c,
 * demo_post.c and demo_agents.c include it.
 */

/* What the database knows at one moment. */
struct facts {
	size_t tickets, messages; /* messages: of the first ticket */
	size_t rows, stored;      /* of the ledger; not worked yet */
	size_t waiting;           /* letters not sent yet */
	size_t held;              /* mails that wait for a person */
	const char *last;         /* state of the newest row of the ledger */
	const char *category, *team, *assignee; /* of the first ticket */
	const char *status;
};

struct play {
	struct demo *d;
	struct db *db;
	int64_t ticket;    /* the first, 0: not yet */
	size_t mails;      /* sent to support@ so far */
	int64_t began;     /* when it was sent, clock_steady() */
	struct mail got;   /* the letter that somebody was waiting for */
	char *raw;         /* its bytes */
	const char *who;   /* waits for it */
	struct facts fact; /* the last look */
	char *notes;       /* of the first ticket, what is kept inside */
	char *request;     /* the first mail, whole */
	size_t request_n;
	const char *request_id;
	struct mail ack;    /* what Maria got last */
	struct mail notice; /* what the ticket's agent was told last */
};

/* A mail somebody writes. */
struct draft {
	const char *user, *subject, *text;
	const char *from;           /* an address that is not his; NULL: his */
	const struct mail *answers; /* NULL: nothing */
	bool quote;                 /* all of what is answered, below */
	const char *to;             /* NULL: who is answered, else support@ */
	const char *const *fields;
};

/* Send it to support@ by SMTP, show it when loud. */
int play_write(struct play *p, const struct draft *w, struct err *e);
/* The same bytes once more. */
int play_again(struct play *p, const char *user, const char *data, size_t n,
    struct err *e);
/* A mailto: link, opened and sent as it stands (RFC 6068). */
int play_tap(struct play *p, const char *user, const char *link, struct err *e);

/* Wait until every mail so far is worked and every letter is out. */
int play_settle(struct play *p, struct err *e);
/* Wait for a letter in somebody's mailbox: p->got, p->raw; show says it. */
int play_receive(struct play *p, const char *user, bool show, struct err *e);
/* There is no letter that he has not seen. */
bool play_nothing(struct play *p, const char *user);
/* Show a subcommand and what it says. */
void play_command(struct play *p, const char *line, const char *const words[]);

bool play_noted(const struct play *p, const char *words);
bool play_says(const char *text, const char *word);
/* "[EX-1001]" */
char *play_tag(struct play *p);

/* The agents' scenes (demo_agents.c). */
int play_agent_told(struct play *p, struct err *e);
int play_agent_answers(struct play *p, struct err *e);
int play_agent_typo(struct play *p, struct err *e);
int play_agent_forged(struct play *p, struct err *e);
int play_agent_hands_over(struct play *p, struct err *e);
int play_agent_resolves(struct play *p, struct err *e);

#endif
