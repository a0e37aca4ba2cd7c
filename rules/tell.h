#ifndef RULES_TELL_H
#define RULES_TELL_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/conf.h"
#include "rules/notice.h"
#include "rules/ticket.h"

/*
 * Who of the staff hears of what happened to a ticket, and as what.  Nobody is
 * told of his own doing, and nobody twice.  Pure.
 */
enum tell_event {
	TELL_NEW,       /* a ticket began */
	TELL_REQUESTER, /* the requester, or somebody of his, wrote */
	TELL_STRANGER,  /* somebody who does not take part wrote: a note */
	TELL_ANSWER,    /* an agent answered */
	TELL_NOTE,      /* an agent left a note */
	TELL_BOUNCE,    /* an answer of ours did not arrive */
	TELL_LOST,      /* a letter to `by` did not: his lead hears of it */
	TELL_CHANGE     /* nothing was written, only fields changed */
};

struct tell_ask {
	const struct conf *conf;
	enum tell_event event;
	const struct ticket *before, *after; /* before NULL: it is new */
	const struct conf_agent *by;         /* who did it; NULL: none of us */
	const char *const *watchers;         /* addresses */
	size_t watchers_n;
	bool escalate; /* the lead is called */
	bool receipt;  /* `by` is told anyway what he did */
};

struct tell {
	const struct conf_agent *to; /* NULL: an admin */
	const char *address;
	enum notice_kind kind;
	bool watcher; /* it is not his own: he watches or leads */
};

/* In the order in which the letters are made. */
size_t tell_whom(
    struct arena *a, const struct tell_ask *ask, struct tell **out);

#endif
