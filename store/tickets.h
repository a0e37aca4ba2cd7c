#ifndef STORE_TICKETS_H
#define STORE_TICKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/err.h"
#include "parser/mail.h"
#include "rules/decision.h"
#include "rules/ticket.h"
#include "store/db.h"

/*
 * Tickets and their conversations.  tickets_apply() is the only function that
 * changes a ticket; everything else here reads.
 */

/* *out->number is 0 when there is none. */
int tickets_load(struct db *db, struct arena *a, int64_t number,
    struct ticket *out, struct err *e);

/* In a ticket merged into another: the one that lives on. */
int tickets_load_survivor(struct db *db, struct arena *a, int64_t number,
    struct ticket *out, struct err *e);

/* The number the next new ticket gets: known before the decision is applied,
 * inside the same transaction, so that a letter can be composed whole. */
int tickets_next_number(struct db *db, int64_t *number, struct err *e);
/* The same, and the one after it is next from now on. */
int tickets_take_number(struct db *db, int64_t *number, struct err *e);

/* The 16 bytes that stand for a ticket in Thread-Index (MAIL 1); also those of
 * a number that will be given next. */
#define TICKET_GUID 16
int tickets_guid(
    struct db *db, int64_t number, uint8_t out[TICKET_GUID], struct err *e);
/* *number is 0: it is none of ours. */
int tickets_by_guid(struct db *db, const uint8_t guid[TICKET_GUID],
    int64_t *number, struct err *e);

/* The mail a decision is about; all NULL when it is about none. */
struct origin {
	const struct mail *mail;
	int64_t raw;
	int64_t received;
	int64_t key;     /* of a new ticket: see match_key() */
	int64_t message; /* out: id of the message that CHANGE_MESSAGE made */
};

/* Carry out a decision in the present transaction; one event a change. */
int tickets_apply(struct db *db, struct decision *d, struct origin *o,
    int64_t now, struct err *e);

/* Filter words as `deskd list` takes them are parsed by the caller. */
struct ticket_filter {
	const char *status; /* NULL: all */
	bool live;          /* only those not closed */
	bool newest;        /* first; else the oldest.  Words: best first */
	int tier;           /* 0: all */
	const char *team, *assignee, *requester, *tag, *category, *priority,
	    *type;
	const char *words; /* full text, NULL: no; notes are searched too */
	const struct hit *hits; /* of words, if the caller has searched */
	size_t hits_n;
	int64_t since; /* created at or after */
	int limit;     /* 0: no limit */
};
int tickets_list(struct db *db, struct arena *a, const struct ticket_filter *f,
    struct ticket **out, size_t *n, struct err *e);

struct ticket_tags {
	const char **tags;
	size_t tags_n;
	struct ticket_link {
		const char *kind;
		int64_t other;
	} * links;
	size_t links_n;
};
int tickets_tags(struct db *db, struct arena *a, int64_t number,
    struct ticket_tags *out, struct err *e);

struct message {
	int64_t id, ticket, raw, letter;
	const char *direction, *class;
	const char *sender, *sender_name;
	int64_t date, received;
	const char *message_id, *subject, *text, *new_text;
	const char *attachments; /* JSON array text, or NULL */
};
/* In order of arrival, with those of the tickets that are merged into it.  What
 * was withdrawn has no text. */
int messages_list(struct db *db, struct arena *a, int64_t ticket,
    struct message **out, size_t *n, struct err *e);

/* The attachments text of a message, read again; json NULL: none. */
struct attachment {
	const char *name, *type; /* name is "" when it has none */
	uint64_t size;
};
int attachments_list(struct db *db, struct arena *a, const char *json,
    struct attachment **out, size_t *n, struct err *e);

struct event {
	int64_t id, ticket, time;
	const char *who, *what, *old, *new, *why; /* old, new may be NULL */
	int64_t conf;     /* see confs.h; 0: none was in force */
	int64_t act, ref; /* see schema.sql; 0: none */
};
int events_list(struct db *db, struct arena *a, int64_t ticket,
    struct event **out, size_t *n, struct err *e);

#define SEARCH_MAX 1000 /* hits that a search with filters looks at */

/* Full text over public messages, best first; then over notes when staff. */
struct search {
	const char *words; /* anything a person types: terms are quoted (T35) */
	bool staff;
	int limit; /* of each of the two */
};
struct hit {
	int64_t ticket, message;
	const char *subject;
	const char *snippet; /* matched words between [ and ] */
};
int search_messages(struct db *db, struct arena *a, const struct search *s,
    struct hit **out, size_t *n, struct err *e);

#endif
