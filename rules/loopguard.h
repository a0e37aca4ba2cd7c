#ifndef RULES_LOOPGUARD_H
#define RULES_LOOPGUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/conf.h"
#include "parser/mail.h"

/*
 * May a machine answer this mail, and what becomes of mail that a machine
 * wrote?  (RFC 3834, RELIABILITY 5.3 and 5.4.)  Pure: the counts are given.
 */
enum fate {
	FATE_TICKET, /* as a person's mail: append or new */
	FATE_SILENT, /* the same, but never acknowledged */
	FATE_EVENT,  /* history of the ticket it refers to, else filed */
	FATE_LOOP,   /* held: it came from ourselves or goes in circles */
	FATE_HELD,   /* held for a person to look at */
	FATE_FILED   /* kept, no ticket */
};

/* own: the mail bears a mark of ours that was proven.  *why names the reason
 * unless the fate is FATE_TICKET. */
enum fate loop_fate(const struct conf *c, const struct conf_mailbox *mb,
    const struct mail *m, bool own, const char **why);

/* What was sent automatically of late. */
struct loop_counts {
	int64_t sender_since_once_per; /* acknowledgements to this sender */
	int64_t sender_day;
	int64_t address_day; /* automatic mail of any kind to this address */
	int64_t domain_hour;
	int64_t all_minute, all_hour;
};

/* NULL: acknowledge; else why not. */
const char *loop_ack_refused(const struct conf *c, const struct mail *m,
    const char *recipient, bool known, const struct loop_counts *n);

#endif
