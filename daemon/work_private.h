#ifndef DAEMON_WORK_PRIVATE_H
#define DAEMON_WORK_PRIVATE_H

#include "daemon/box.h"
#include "daemon/files.h"
#include "daemon/keys.h"
#include "daemon/parts.h"
#include "daemon/ruling.h"
#include "daemon/work.h"
#include "rules/intake.h"
#include "rules/template.h"
#include "store/inbound.h"
#include "store/match.h"
#include "store/tickets.h"

/* Shared by work.c (batches), work_mail.c (one mail) and work_ack.c. */
struct work {
	struct context *c;
	struct db *db;
	const struct conf *conf;
	struct arena arena; /* of one batch */
	struct desk_keys keys;
	struct desk_marks marks;
	struct template_set templates;
	struct ruling ruling;
	struct work_counts counts;
	struct box *box;
	int lock;
	size_t since_idle; /* mails */
	bool letters;      /* the batch put something into the outbox */
};

/* One mail of a batch, parsed. */
struct parcel {
	const struct inbound *in;
	struct mail mail;
	bool
	    unreadable; /* the ladder is at its end, or its bytes are damaged */
	const char *why; /* it is unreadable */
	bool later;      /* the box died: it comes again */
	bool as_new; /* ask no database which ticket it belongs to: explain */
	bool blamed; /* the box died of it: that is a try */
	struct intake_result result;
	int64_t ticket;
	struct parts parts; /* what is attached, for letters */
};

/* Parse a list of parcels in the box; nothing else is touched but the tries of
 * mails that the box died of. */
int work_parse(struct work *w, struct parcel *list, size_t n, struct err *e);
/* The same in two steps, so that the caller can do something else while the box
 * reads; one list at a time is in the box.  work_take() comes after every
 * work_feed() that went well. */
int work_feed(struct work *w, struct arena *a, struct parcel *list, size_t n,
    struct box_result **results, struct err *e);
int work_take(struct work *w, struct parcel *list, size_t n,
    const struct box_result *results, struct err *e);

/* Parcels that answer a letter of ours are read once more, so that new_text
 * holds none of our own words. */
int work_known(struct work *w, struct parcel *list, size_t n, struct err *e);

/* Their attachments, for letters that take them along. */
int work_parts(struct work *w, struct parcel *list, size_t n, struct err *e);

/* What is decided of one mail, and all it was decided from. */
struct hand;
struct work_decision {
	struct intake in;
	struct hand *hand; /* an agent has to do with it; or NULL */
	struct decision d;
	struct ruling_ask ask;
	struct routing_source src;
	struct routing routing;
	int64_t key; /* of a new ticket */
};

/* Everything that rules/ needs to know of the database; *flood_key is 0 or the
 * key of the ticket that takes a flood. */
int work_gather(struct work *w, struct parcel *p, struct intake *in,
    int64_t *flood_key, struct err *e);

/* Reads only; p->result says what is to become of the mail. */
int work_decide(
    struct work *w, struct parcel *p, struct work_decision *x, struct err *e);

/* Everything but the lock and the database's own state: for those who only want
 * to know what work would decide.  work_release() after it. */
int work_prepare(struct work *w, struct context *c, struct err *e);
void work_release(struct work *w);

/* Decide and apply one mail inside the present transaction. */
int work_mail(struct work *w, struct parcel *p, int64_t now, struct err *e);

/* Add the acknowledgement of a new ticket to the decision, or the event that
 * says why there is none. */
int work_acknowledge(struct work *w, const struct parcel *p, struct decision *d,
    int64_t number, int64_t now, struct err *e);

/* Does "~7k3f9q2m" stand in the subject, as we wrote it into a link for this
 * person and ticket? */
struct mark {
	enum token_purpose purpose;
	int64_t ticket;
	const char *address;
};
bool work_marked(struct work *w, const struct mail *m, const struct mark *k);

/* Is this mail our own, come back? */
bool work_is_own(struct work *w, const struct mail *m);

#endif
