#ifndef RULES_TICKET_H
#define RULES_TICKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"

/* A ticket as it is known right now, and the words for its fields. */
enum status {
	STATUS_OPEN,
	STATUS_IN_PROGRESS,
	STATUS_WAITING,
	STATUS_ON_HOLD,
	STATUS_RESOLVED,
	STATUS_CLOSED,
	STATUS_COUNT
};
enum type {
	TYPE_INCIDENT,
	TYPE_REQUEST,
	TYPE_PROBLEM,
	TYPE_CHANGE,
	TYPE_COUNT
};
enum level {
	LEVEL_LOW,
	LEVEL_MEDIUM,
	LEVEL_HIGH,
	LEVEL_COUNT
};
enum priority {
	PRIORITY_CRITICAL,
	PRIORITY_HIGH,
	PRIORITY_NORMAL,
	PRIORITY_LOW,
	PRIORITY_COUNT
};

extern const char *const status_names[STATUS_COUNT];
extern const char *const type_names[TYPE_COUNT];
extern const char *const level_names[LEVEL_COUNT];
extern const char *const priority_names[PRIORITY_COUNT];

/* The index of a word in such a table, or -1. */
int word_index(const char *const *names, int count, const char *word);

struct ticket {
	int64_t number; /* 0: not yet */
	const char *subject;
	enum type type;
	enum status status;
	enum level impact, urgency;
	enum priority priority;
	bool pinned; /* set outright: the matrix leaves priority alone */
	const char *category; /* "" when none */
	const char *team;     /* "" when none */
	int tier;
	const char *assignee;  /* "" when none */
	const char *requester; /* address */
	const char *requester_name;
	const char *language;                       /* "" when not known */
	int64_t created, updated, resolved, closed; /* 0: not */
	int64_t merged_into;
	int64_t serial; /* last running number of the requester's thread */
	int64_t staff_serial, vendor_serial; /* of the other threads */
	/* Of `waiting` and `on-hold`: when it ends, when the requester is asked
	 * again, when it closes by itself; 0: as the configuration says. */
	int64_t until, nudge, end;
	int64_t revision; /* grows with each mail or note of a person */
};

/* One that begins: medium impact, medium urgency, texts "". */
extern const struct ticket ticket_blank;

/* May a ticket be written into by its requester, or does a mail to it open a
 * new, linked one?  (closed longer than reopen_within) */
bool ticket_reopens(const struct ticket *t, int64_t now, int64_t reopen_within);

/* "EX-1042": a ticket's name in subjects, ids and commands; the prefix is that
 * of `tickets`. */
char *ticket_tag(struct arena *a, const char *prefix, int64_t number);

#endif
