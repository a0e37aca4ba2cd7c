#ifndef DAEMON_PRINT_TICKET_H
#define DAEMON_PRINT_TICKET_H

#include "daemon/cmd.h"
#include "daemon/document.h"
#include "daemon/print.h"
#include "parser/json.h"
#include "store/tickets.h"

/*
 * Tickets as the looking commands show them: the same keys and the same words
 * in list, show, search and queue.  The keys are a contract (DESIGN 6): they
 * may be added to, never renamed.
 */
struct ticket_view {
	struct ticket t;
	struct ticket_tags more;
	const struct hit *hit; /* of a search: where; NULL: none */
};

/* The tickets of a filter as a table or as {"tickets":[...]}; returns the exit
 * code: 1 when words were looked for and nothing was found. */
int print_tickets(struct context *c, struct ticket_filter *f);

/*
 * The ticket that the only argument names and what the command wants of it,
 * all in one read.  Returns an exit code; the reason of a failure was printed.
 * 1: there is no such ticket.
 */
struct ticket_read {
	struct ticket_view view;
	struct message *messages;
	size_t messages_n;
	struct event *events;
	size_t events_n;
};
enum {
	READ_TAGS = 1,
	READ_MESSAGES = 2,
	READ_EVENTS = 4,
	READ_SURVIVOR = 8 /* of a merged ticket the one that lives on */
};
int ticket_read(struct context *c, const struct cmd *cmd, int argc, char **argv,
    unsigned what, struct ticket_read *out);

/* The members of one ticket object, the caller has it open: its fields,
 * messages[] and events[]. */
void json_ticket(
    struct json *j, struct context *c, const struct ticket_view *v);
void json_messages(struct document *d, const struct ticket_read *r);
void json_events(struct document *d, const struct ticket_read *r);

#endif
