#ifndef RULES_NOTICE_H
#define RULES_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/decision.h"
#include "rules/desk.h"

/*
 * Letters to agents, leads and watchers (MAIL 5): what happened, what to do, by
 * one mail a person, each with a token of its own in Reply-To.  Pure.
 *
 * All of a ticket's stand in one thread of the staff: constant subject, the
 * virtual root as the only reference, Thread-Index; the event stands in the
 * From name.  Internal words stand between cut lines with a reference, so that
 * they are known again if a client quotes them (RELIABILITY 3.6).
 */
enum notice_kind {
	NOTICE_NEW,       /* a ticket begins: yours, or nobody's yet (b1) */
	NOTICE_ANSWERED,  /* the requester wrote (b2) */
	NOTICE_COLLEAGUE, /* a colleague answered or noted in your ticket */
	NOTICE_HANDED,    /* it is yours now: b1 with notes and conversation */
	NOTICE_GONE,      /* "Bob has EX-1042 now." (b4) */
	NOTICE_STRANGER,  /* somebody who does not take part holds a copy */
	NOTICE_BOUNCED,   /* an answer did not arrive */
	NOTICE_ESCALATED, /* to the lead: an agent asks for help */
	NOTICE_COMMAND,   /* held: a command that is not understood (b6) */
	NOTICE_STALE,     /* held: somebody wrote since (b7) */
	NOTICE_GUARD,     /* held: internal words were in it (3.6) */
	NOTICE_EMPTY,     /* held: neither text nor command */
	NOTICE_OLD,       /* held: old or replayed; renew: answer this one */
	NOTICE_CHALLENGE, /* held: is it you? answer APPROVE or REJECT */
	NOTICE_LEAKED,    /* your notification was used by somebody else */
	NOTICE_HELD,      /* to the admin: a mail waits, with one-tap answers */
	NOTICE_RECEIPT,   /* done (b8) */
	NOTICE_SAID,      /* the answer to #why, #show, #find, #help (b9) */
	NOTICE_KINDS
};

/* One line of what the mail tells besides: an earlier ticket, a note. */
struct notice_line {
	int64_t time;
	const char *tag; /* "EX-0988", or NULL */
	const char *who; /* "Maria" */
	const char *text;
	bool note; /* what he wrote stays inside */
};

struct notice {
	const struct desk *desk;
	enum notice_kind kind;
	const struct ticket *ticket; /* as it is after the decision */
	const struct conf_agent *to; /* NULL: an admin, by address */
	const char *address;         /* the one it goes to */
	int64_t principal;           /* of `to`, for the token */
	int64_t serial;              /* its number in the staff's thread */
	const uint8_t *guid;         /* 16 bytes of the ticket, Thread-Index */

	/* What somebody wrote: untouched. */
	const char *from_name,
	    *from_address; /* of the requester, a colleague */
	const char *text;  /* NULL: none */
	const char *rich;  /* the same as HTML of ours (mail.h), or NULL */
	const struct compose_part *parts; /* its attachments */
	size_t parts_n;
	const char *parts_left; /* what was too large to come along, or NULL */
	bool unproven;          /* the sender may not be who he says */
	bool follow_up;         /* the ticket follows ticket `other` */
	int64_t other;

	const char *const *whys; /* "vpn  \"VPN\" in the subject -> .." */
	size_t whys_n;
	const struct notice_line *before; /* earlier tickets of the requester */
	size_t before_n;
	const struct notice_line *thread; /* conversation, newest first: HANDED,
	                                     STALE */
	size_t thread_n;
	const char *const *colleagues; /* names to hand over to, at most 3 */
	size_t colleagues_n;
	bool watcher; /* told because he watches or leads */
	bool note;    /* what he reads stays inside, and so does his answer
	                 (T09): COLLEAGUE */

	/* Of held mail. */
	const char *code;    /* of #do */
	const char *problem; /* "I do not know \"#noet\" (line 1)" */
	const char *meant[3];
	const char *answers;     /* Message-ID of the agent's mail, or NULL */
	int64_t held;            /* its number in `deskd held` */
	const char *const *done; /* RECEIPT, SAID: lines; or text for #help */
	size_t done_n;
	const char *title; /* SAID: "why" */
	int64_t leaves;    /* RECEIPT: when the text leaves; 0: no text */
	int64_t undo_until;
};

/* The kind whose template has that name; NOTICE_KINDS: none has. */
enum notice_kind notice_kind(const char *template);

/* Only the words of it: the sender's name, subject and text, and the language
 * they are in; for those who want to look. */
int notice_words(struct arena *a, const struct notice *in, const char **from,
    const char **language, struct note_out *out, struct err *e);

/* ERR_REJECT: there is no template for it.  out->sender is the desk. */
int notice_make(struct arena *a, const struct notice *in, struct note_out *out,
    struct err *e);

#endif
