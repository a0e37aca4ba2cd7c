#ifndef PARSER_MAIL_H
#define PARSER_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/address.h"
#include "parser/arena.h"
#include "parser/err.h"
#include "parser/hash.h"

/*
 * One mail, understood.  The raw bytes are read once, front to back, in pieces
 * of any size, in linear time and bounded memory (limits.h): a mail of 40 MB
 * costs no more memory than one of 40 KB.  Structure (RFC 2045, 2046) and
 * header grammar are ours: libetpan's recurses on "(", drops a whole From at
 * the first fault and knows no RFC 2231.
 *
 * Nothing makes a mail unreadable: what is broken is read as well as possible
 * and named in defects[].  All text is valid UTF-8 without NUL; header values
 * are one line.  Everything lives in the arena given.
 *
 * It does not decide what a mail means for a ticket, and it opens no file.
 */

/* What kind of sender this is: RELIABILITY 5.1, in the order tested. */
enum mail_class {
	CLASS_HUMAN,
	CLASS_OWN,        /* C3: bears our own Message-ID or loop mark */
	CLASS_DSN,        /* C1: delivery status */
	CLASS_COMPLAINT,  /* C7: feedback report (RFC 5965) */
	CLASS_RECEIPT,    /* C2: read receipt (RFC 8098) */
	CLASS_AUTO_REPLY, /* C4: out of office and the like (RFC 3834) */
	CLASS_PEER,       /* C8: another ticket system */
	CLASS_BULK,       /* C6: list or mass mail */
	CLASS_GENERATED,  /* C5: monitoring, forms */
	CLASS_COUNT
};

/* "human", "dsn", ... */
const char *mail_class_name(enum mail_class c);

enum part_kind {
	PART_TEXT,       /* shown: went into body_text */
	PART_ATTACHMENT, /* anything else that is a leaf */
	PART_ASIDE,      /* a leaf for programs: a signature, a resource fork */
	PART_CONTAINER   /* multipart/..., and what was read as one: a message,
	                    a signed S/MIME part, a winmail.dat */
};

struct part {
	enum part_kind kind;
	const char *type;    /* lower case, "text/plain" when none is given */
	const char *charset; /* as declared, or NULL */
	const char *name;    /* file name, made safe; NULL when there is none */
	const char *id;      /* Content-ID without <>, or NULL */
	bool inline_;        /* shown inside the text (disposition, cid:) */
	bool signature;      /* of other parts: nothing a person must look at */
	int parent;          /* index of the container; -1 for the root */
	int inside;          /* offset counts in the decoded bytes of that part
	                        (S/MIME: in what was signed); -1: in the mail */
	uint64_t offset;     /* of its body there */
	uint64_t raw_size;   /* bytes of its body there */
	char encoding; /* 'b' base64, 'q' quoted-printable, 'u' uuencode, 'z'
	                * RTF as Outlook compresses it, 0 none
	                */
	uint64_t size; /* decoded bytes */
	uint8_t sha256[HASH_SIZE]; /* of the decoded bytes; text has none */
};

/* One header field as it came, unfolded; the value may hold any bytes but NUL,
 * CR, LF.  Only those of the outermost header section are kept. */
struct field {
	const char *name;  /* as written */
	const char *value; /* white space trimmed */
};

/* What became of the mail that a report is about (Action, RFC 3464 2.3.3). */
enum bounce_action {
	BOUNCE_FAILED,
	BOUNCE_DELAYED,   /* the server still tries */
	BOUNCE_DELIVERED, /* or handed on: a report of success */
	BOUNCE_ACTION_COUNT
};

/* "failed", "delayed", "delivered" */
const char *bounce_action_name(enum bounce_action a);

/* Why it did not arrive, as codes and words of the report have it. */
enum bounce_reason {
	BOUNCE_UNKNOWN,      /* the report does not say, or we cannot tell */
	BOUNCE_UNKNOWN_USER, /* no such mailbox */
	BOUNCE_UNKNOWN_HOST, /* no such domain */
	BOUNCE_MOVED,        /* was there once */
	BOUNCE_NO_MAIL,      /* a domain that takes no mail (RFC 7505) */
	/* the address may work next time, or for somebody else */
	BOUNCE_MAILBOX_FULL,
	BOUNCE_TOO_BIG,
	BOUNCE_DISABLED, /* a mailbox that is closed for now */
	BOUNCE_REFUSED,  /* by what the recipient chose */
	BOUNCE_SENDER,   /* our address was not taken */
	BOUNCE_RELAYING, /* not a server for that domain */
	BOUNCE_BLOCKED,  /* our host was not: lists, name, reputation */
	BOUNCE_AUTH,     /* SPF, DKIM, DMARC, or no login */
	BOUNCE_SPAM,
	BOUNCE_VIRUS,
	BOUNCE_CONTENT, /* its form: headers, MIME */
	BOUNCE_POLICY,
	BOUNCE_RATE,    /* too many, too fast */
	BOUNCE_EXPIRED, /* tried for too long */
	BOUNCE_NETWORK, /* no connection, DNS, loops */
	BOUNCE_SYSTEM,  /* trouble of the server itself */
	BOUNCE_SYNTAX,  /* an address or command it did not understand */
	BOUNCE_REASON_COUNT
};

/* "unknown", "unknown_user", ... */
const char *bounce_reason_name(enum bounce_reason r);

struct bounce {
	enum bounce_action action;
	enum bounce_reason reason;
	const char *status; /* "5.1.1", or NULL */
	/* The address will never work: no such user or host, moved, takes no
	 * mail, and the report shows it by a code, or as the answer to RCPT, or
	 * in words that leave no doubt.  Full, closed, refused or blocked is
	 * not that, whatever its code; nor is anything but a failure. */
	bool hard;
	const char **recipients;
	size_t recipients_n;
	const char *message_id; /* of the mail that bounced, or NULL */
};

/* What a feedback report (RFC 5965) or a read receipt (RFC 8098) says. */
struct report {
	const char *type;       /* "abuse", "displayed"; or NULL */
	const char *message_id; /* of the mail it is about, or NULL */
	const char *recipient;  /* who got that mail, or NULL */
};

/* The list a mail came over. */
struct mail_list {
	const char *id;   /* RFC 2919, without <>; or NULL */
	const char *addr; /* where answers for all go, or NULL */
};

/*
 * What the header says of the way a mail came and of tests of its sender, from
 * the top: Received, Authentication-Results (RFC 8601), DKIM-Signature (RFC
 * 6376).  Only read here: anybody can write such lines; proof.h in rules/ knows
 * which of them count.
 */
enum trace_kind {
	TRACE_RECEIVED,
	TRACE_RESULTS,
	TRACE_SIGNATURE,
	TRACE_COUNT
};
enum auth_method {
	AUTH_DMARC,
	AUTH_DKIM,
	AUTH_SPF,
	AUTH_OTHER,
	AUTH_METHOD_COUNT
};
enum auth_verdict {
	AUTH_PASS,
	AUTH_FAIL,
	AUTH_UNSURE, /* none, neutral, softfail, temperror, bestguesspass ..
	              */
	AUTH_VERDICT_COUNT
};
struct auth_result {
	enum auth_method method;
	enum auth_verdict verdict;
	const char *domain; /* header.from of dmarc, header.d (else that of
	                       header.i) of dkim, lower case; "" when none */
};
struct trace {
	enum trace_kind kind;
	int field; /* index in fields: where it was read */
	/* "by" of Received, authserv-id of the results ("" when it has none),
	 * d= of a signature; lower case, "" when it cannot be read */
	const char *host;
	bool broken; /* it breaks its grammar: believe nothing of it */
	bool whole;  /* signature: no l=, and From, To, Subject, Date and
	                Message-ID are in h= */
	struct auth_result *results;
	size_t results_n;
};

struct mail {
	struct field *fields;
	size_t fields_n;

	const char *from_addr, *from_name; /* NULL when there is none */
	size_t from_n;                     /* how many From addresses came */
	struct address *to, *cc, *reply_to;
	size_t to_n, cc_n, reply_to_n;
	const char *subject; /* decoded, one line; NULL when absent */
	const char *message_id;
	const char *in_reply_to; /* the last id there */
	const char **references;
	size_t references_n;
	int64_t date; /* of Date, else of Received; 0: none makes sense */
	int date_zone;
	/* The header section has lines that are no fields, NUL, a bare CR, or
	 * more than is read: others may see other fields in it. */
	bool torn;
	bool trace_cut; /* more lines than trace has */

	const char *text;     /* body_text: never NULL */
	const char *new_text; /* reply_text: never NULL; text when unsure */
	const char *html;     /* as it came but in UTF-8; NULL: none.  Never to
	                       * be shown as it is */
	/* what calendars in it say, a line an event (calendar.h); it is the
	 * text when there is no other */
	const char **calendar;
	size_t calendar_n;
	const char *calendar_method; /* "REQUEST", or NULL */
	bool encrypted;              /* some of it; the text says so */
	struct part *parts;
	size_t parts_n;

	enum mail_class class;
	const char
	    *class_why; /* "Auto-Submitted: auto-replied"; NULL if human */
	bool no_ack;    /* X-Auto-Response-Suppress asks for silence */
	struct report report; /* of CLASS_COMPLAINT and CLASS_RECEIPT */
	struct mail_list list;
	struct bounce bounce; /* when class is CLASS_DSN */
	bool forward;         /* a person forwards somebody's mail */
	const char *forward_from, *forward_name, *forward_subject;
	const char *forward_message_id;          /* of an attached one */
	struct address *forward_to, *forward_cc; /* who had got it */
	size_t forward_to_n, forward_cc_n;
	int64_t forward_date;        /* 0: none that could be read */
	const char *forward_comment; /* what the one who forwards says */
	const char *language;        /* two letters, NULL when not sure */
	size_t received_n;           /* hops */
	struct trace *trace;         /* in order; at most MAIL_TRACE_MAX */
	size_t trace_n;
	/* The new text with its formatting: safe HTML of our own making, whose
	 * words are exactly those of new_text; NULL: there is none, or they
	 * cannot be told apart.  Pictures are "cid:" and name parts.  Only made
	 * when known is given ("" will do): most mails are spared the time. */
	const char *rich;

	const char **defects;
	size_t defects_n;

	/* RELIABILITY 4.1: the same content gives the same fingerprint,
	 * whatever re-encoding or added header it met on the way. */
	uint8_t fingerprint[HASH_SIZE];
	/* The same without the bodies: equal here and not above is a VARIANT.
	 */
	uint8_t envelope_print[HASH_SIZE];
};

/* Which rung of the ladder (RELIABILITY 4.3). */
enum mail_depth {
	MAIL_FULL,
	MAIL_HALF,   /* half of every limit */
	MAIL_HEADERS /* fields only; the whole mail is one attachment */
};

struct mail_reader;

/* The reader and all that it gives live in *a.  known (may be NULL) is text
 * that we ourselves sent in this conversation, to be taken out of new_text. */
struct mail_reader *mail_reader_new(
    struct arena *a, enum mail_depth depth, const char *known);

/* Any number of bytes, in order.  Cannot fail. */
void mail_reader_feed(struct mail_reader *r, const void *p, size_t n);

/* The end of the bytes.  Must be called, also to give up: it frees what the
 * libraries below hold. */
void mail_reader_end(struct mail_reader *r, struct mail *m);

/* All in one. */
void mail_parse(struct arena *a, const void *raw, size_t n, struct mail *m);

/* The first field of that name (any case), or NULL. */
const char *mail_field(const struct mail *m, const char *name);

/*
 * What the writer himself wrote: the new text without the lines of the answered
 * mail that stand in it because answers stand between them.  Of a mail that
 * answers none, and of one that is passed on, it is all of the new text: ">"
 * is the writer's there.
 */
const char *mail_own_text(struct arena *a, const struct mail *m);

/* Attachments: leaves that are not the text, for a person.  Iterate: i = -1;
 * while
 * ((i = mail_attachment(m, i)) >= 0) ... */
int mail_attachment(const struct mail *m, int after);

/* The same, with the leaves for programs. */
int mail_leaf(const struct mail *m, int after);

/*
 * The subject without Re:, Fwd:, AW: ... (any number, any of the usual
 * languages) and without a [EX-1042] tag; case folded, for comparing.
 */
char *mail_subject_key(
    struct arena *a, const char *subject, const char *prefix);

/* Does the subject begin with "Fwd:" or what that is elsewhere? */
bool mail_subject_forward(struct arena *a, const char *subject);

/* Does it begin with "Re:", "AW:", "Fwd:" or another of these marks? */
bool mail_subject_marked(struct arena *a, const char *subject);

/* The number in "[EX-1042]" of a subject; 0 when there is none. */
int64_t mail_subject_ticket(const char *subject, const char *prefix);

#endif
