/*
 * The second question to the box.  A mail that answers one of our letters
 * quotes it; which words are quoted is known best by taking out what we sent.
 * For that the ticket must be known, and the ticket follows from the ids that
 * the first answer gave.
 */
#include <string.h>

#include "daemon/work_hand.h"
#include "daemon/work_private.h"
#include "parser/limits.h"
#include "parser/msgid.h"
#include "store/outbox.h"

#define WALL_KNOWN    5000 /* ms for one mail */
#define STAFF_LETTERS 3

/* The ticket of the letter that this mail answers; 0: none of ours. */
static int64_t
answered(struct work *w, const struct mail *m)
{
	struct msgid_own own;

	if (m->in_reply_to != NULL &&
	    msgid_own(&w->keys, w->marks.prefix, m->in_reply_to, &own))
		return own.ticket;
	for (size_t i = m->references_n; i-- > 0;)
		if (msgid_own(
			&w->keys, w->marks.prefix, m->references[i], &own))
			return own.ticket;
	return work_token_ticket(w, m);
}

/* What was said in this ticket, the newest first: by us, or for an agent, who
 * was sent all of it, by anybody. */
static int
ticket_words(
    struct work *w, int64_t ticket, bool all, struct buf *out, struct err *e)
{
	struct query q;
	int rc;

	if (db_query(w->db, &q, e,
		"SELECT text FROM message WHERE ticket = ?"
		" AND (direction = 'out' OR ?) ORDER BY id DESC LIMIT 20",
		"ii", ticket, (int64_t)all) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		buf_str(out, db_text(&q, 0));
		buf_char(out, '\n');
	}
	return rc;
}

/* A letter of ours is read as any mail is: in the box. */
static int
letter_words(struct work *w, int64_t id, struct buf *out, struct err *e)
{
	struct box_result r = { .end = BOX_AGAIN };
	struct letter l;

	if (outbox_load(w->db, &w->arena, id, &l, e) == -1)
		return -1;
	box_start(w->box, WALL_KNOWN, &w->arena, &r);
	if (box_begin(w->box, MAIL_FULL, NULL, e) == -1)
		return -1;
	box_feed(w->box, l.data, l.size);
	box_end(w->box);
	box_finish(w->box);
	if (r.end == BOX_DONE)
		buf_str(out, r.mail.text);
	return 0;
}

/* The last letters to this agent about the ticket: what he quotes is there.
 * Not the one that asked about this very mail, which quotes it whole: of a
 * released mail nothing would be left. */
static int
staff_words(struct work *w, const struct conf_agent *agent,
    const struct parcel *p, int64_t ticket, struct buf *out, struct err *e)
{
	int64_t ids[STAFF_LETTERS];
	struct query q;
	int n = 0, rc;

	if (db_query(w->db, &q, e,
		"SELECT id FROM outbox WHERE ticket = ? AND agent = ?"
		" AND NOT (thread = 'staff' AND serial IN"
		" (SELECT question FROM held WHERE raw = ?"
		" AND question <> 0))"
		" ORDER BY id DESC LIMIT ?",
		"itii", ticket, agent->name, p->in->raw,
		(int64_t)STAFF_LETTERS) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1)
		ids[n++] = db_int(&q, 0);
	for (int i = 0; i < n && rc == 0; i++)
		rc = letter_words(w, ids[i], out, e);
	return rc;
}

static int
our_words(struct work *w, const struct parcel *p, int64_t ticket,
    const char **known, struct err *e)
{
	const struct mail *m = &p->mail;
	const struct conf_agent *agent = m->from_addr == NULL
	    ? NULL
	    : conf_agent_by_address(w->conf, m->from_addr);
	struct buf b;
	int rc = 0;

	buf_init(&b, WORK_KNOWN_MAX);
	if (agent != NULL)
		rc = staff_words(w, agent, p, ticket, &b, e);
	if (rc == 0)
		rc = ticket_words(w, ticket, agent != NULL, &b, e);
	/* An agent's mail is always read again: only then is its formatting
	 * made ready to be sent on (rich.h). */
	*known = b.len > 0 || agent != NULL
	    ? arena_strdup(&w->arena, buf_text(&b))
	    : NULL;
	buf_done(&b);
	return rc;
}

/* One mail once more, with our words; the first answer stands if that fails. */
static int
ask_again(struct work *w, struct parcel *p, const char *known, struct err *e)
{
	struct box_result r = { .end = BOX_AGAIN };
	int rc;

	box_start(w->box, WALL_KNOWN, &w->arena, &r);
	if (box_begin(w->box, MAIL_FULL, known, e) == -1)
		return -1;
	rc = raw_read(w->db, p->in->raw, box_feed, w->box, e);
	box_end(w->box);
	box_finish(w->box);
	if (rc == 0 && r.end == BOX_DONE)
		p->mail = r.mail;
	return rc;
}

int
work_known(struct work *w, struct parcel *list, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct parcel *p = &list[i];
		const char *known = NULL;
		int64_t ticket;

		if (p->unreadable || p->in->tries > 1)
			continue;
		ticket = answered(w, &p->mail);
		if (ticket == 0)
			continue;
		if (our_words(w, p, ticket, &known, e) == -1)
			return -1;
		if (known != NULL && ask_again(w, p, known, e) == -1)
			return -1;
	}
	return 0;
}

int
work_parts(struct work *w, struct parcel *list, size_t n, struct err *e)
{
	uint64_t most = (uint64_t)w->conf->tickets.max_size;
	struct parts_ask ask;

	for (size_t i = 0; i < n; i++) {
		struct parcel *p = &list[i];

		if (p->unreadable || p->in->quiet || p->in->oversize ||
		    p->mail.class != CLASS_HUMAN ||
		    mail_attachment(&p->mail, -1) < 0)
			continue;
		ask = (struct parts_ask){ p->in->raw, &p->mail, most };
		if (parts_load(w->db, &w->arena, &ask, &p->parts, e) == -1)
			return -1;
	}
	return 0;
}
