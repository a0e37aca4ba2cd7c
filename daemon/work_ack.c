/*
 * The acknowledgement of a new ticket: may one go, and if so the finished
 * letter; if not, a line of history that says why.
 */
#include <string.h>

#include "daemon/clock.h"
#include "daemon/work_private.h"
#include "rules/acknowledge.h"
#include "store/outbox.h"

#define HOUR ((int64_t)3600)
#define DAY  (24 * HOUR)

static int
count_letters(struct work *w, const char *recipient, int64_t now,
    struct loop_counts *n, struct err *e)
{
	const char *key = address_budget(&w->arena, recipient);
	const char *domain = address_domain(key);
	int64_t once = w->conf->tickets.once_per;

	*n = (struct loop_counts){ 0 };
	if (outbox_count_address(
		w->db, key, now - DAY, LETTER_KINDS, &n->address_day, e) == -1)
		return -1;
	if (once == 0)
		return 0;
	if (outbox_count_address(w->db, key, now - once, LETTER_ACK,
		&n->sender_since_once_per, e) == -1 ||
	    outbox_count_address(
		w->db, key, now - DAY, LETTER_ACK, &n->sender_day, e) == -1 ||
	    outbox_count_domain(
		w->db, domain, now - HOUR, &n->domain_hour, e) == -1 ||
	    outbox_count_all(w->db, now - 60, &n->all_minute, e) == -1)
		return -1;
	return outbox_count_all(w->db, now - HOUR, &n->all_hour, e);
}

/* May it go? */
struct permit {
	bool known;         /* an agent has written to this address */
	const char *refuse; /* why not; NULL: it may */
};

static int
may_acknowledge(struct work *w, const struct parcel *p, const char *recipient,
    int64_t now, struct permit *out, struct err *e)
{
	struct loop_counts n;

	*out = (struct permit){ 0 };
	if (recipient == NULL) {
		out->refuse = "no valid address to answer to";
		return 0;
	}
	if (match_answered(w->db, address_budget(&w->arena, recipient),
		&out->known, e) == -1 ||
	    count_letters(w, recipient, now, &n, e) == -1)
		return -1;
	out->refuse = loop_ack_refused(
	    w->conf, &p->mail, recipient, out->known, &n);
	return 0;
}

/* Turn the finished mail into a letter of the decision. */
static void
add_letter(struct work *w, struct decision *d, const struct note_out *out,
    const char *why, int64_t now)
{
	struct letter *l = arena_alloc(&w->arena, sizeof(*l));
	struct change *c;

	*l = (struct letter){ .kind = LETTER_ACK,
		.automatic = true,
		.sender = out->sender,
		.recipient = out->recipient,
		.message_id = out->message_id,
		.data = out->data,
		.size = out->size,
		.created = now,
		.not_before = now,
		.next_at = now };
	c = decision_add(d, CHANGE_LETTER, 1, out->text, why);
	c->text2 = out->subject;
	c->letter = l;
	w->letters = true;
	w->counts.letters++;
}

/* The ticket as the decision makes it. */
static struct ticket
ticket_of(const struct parcel *p, const struct decision *d, int64_t number)
{
	const struct routed *r = p->result.routed;
	struct ticket t = r != NULL ? r->evaluation.ticket : ticket_blank;

	t.number = number;
	t.subject = p->mail.subject == NULL ? "" : p->mail.subject;
	t.requester_name = p->mail.from_name;
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].kind == CHANGE_TEAM)
			t.team = d->list[i].text;
	return t;
}

#define OWN "template:"

/* What the rules said of this letter; why it goes. */
static const char *
add_rules(struct work *w, const struct parcel *p, struct acknowledge *in)
{
	const struct evaluation *v;

	in->book = w->ruling.book;
	in->desk = w->ruling.zone;
	if (p->result.routed != NULL) {
		v = &p->result.routed->evaluation;
		in->sla = v->sla.text;
		if (v->reply.text != NULL &&
		    strncmp(v->reply.text, OWN, strlen(OWN)) == 0) {
			in->template = v->reply.text + strlen(OWN);
			in->groups = v->groups;
			in->groups_n = v->groups_n;
			return v->reply.why;
		}
	}
	return "each new ticket is acknowledged once";
}

int
work_acknowledge(struct work *w, const struct parcel *p, struct decision *d,
    int64_t number, int64_t now, struct err *e)
{
	const struct address *to = acknowledge_recipient(
	    &w->arena, w->conf, &p->mail);
	struct ticket t = ticket_of(p, d, number);
	struct acknowledge in = { .conf = w->conf,
		.templates = &w->templates,
		.ticket = &t,
		.mail = &p->mail,
		.serial = 1,
		.keys = &w->keys,
		.now = now,
		.zone = clock_zone(now),
		.language = p->result.language };
	struct err refused = { 0 };
	struct note_out out;
	struct permit may;
	const char *why = add_rules(w, p, &in);

	if (may_acknowledge(w, p, to == NULL ? NULL : to->addr, now, &may, e) ==
	    -1)
		return -1;
	in.fixed = w->conf->auth.named && !may.known;
	if (may.refuse == NULL &&
	    acknowledge_make(&w->arena, &in, &out, &refused) == -1)
		may.refuse = arena_strdup(&w->arena, refused.text);
	if (may.refuse == NULL)
		add_letter(w, d, &out, why, now);
	else
		decision_add(
		    d, CHANGE_EVENT, 0, "not-acknowledged", may.refuse);
	return 0;
}
