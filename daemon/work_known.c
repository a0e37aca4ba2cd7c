/*
 * The second question to the box.  A mail that answers one of our letters
 * quotes it; which words are quoted is known best by taking out what we sent.
 * For that the ticket must be known, and the ticket follows from the ids that
 * the first answer gave.
 */
#include <string.h>

#include "daemon/work_private.h"
#include "parser/limits.h"
#include "parser/msgid.h"

#define WALL_KNOWN 5000 /* ms for one mail */

/* The ticket of the letter that this mail answers; 0: none of ours. */
static int64_t
answered(const struct work *w, const struct mail *m)
{
	struct msgid_own own;

	if (m->in_reply_to != NULL &&
	    msgid_own(&w->keys, w->marks.prefix, m->in_reply_to, &own))
		return own.ticket;
	for (size_t i = m->references_n; i-- > 0;)
		if (msgid_own(
			&w->keys, w->marks.prefix, m->references[i], &own))
			return own.ticket;
	return 0;
}

/* What we wrote in this ticket, the newest first. */
static int
our_words(struct work *w, int64_t ticket, const char **known, struct err *e)
{
	struct query q;
	struct buf b;
	int rc;

	if (db_query(w->db, &q, e,
		"SELECT text FROM message WHERE ticket = ?"
		" AND direction = 'out' ORDER BY id DESC LIMIT 20",
		"i", ticket) == -1)
		return -1;
	buf_init(&b, WORK_KNOWN_MAX);
	while ((rc = db_row(&q)) == 1) {
		buf_str(&b, db_text(&q, 0));
		buf_char(&b, '\n');
	}
	*known = b.len > 0 ? arena_strdup(&w->arena, buf_text(&b)) : NULL;
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
		if (our_words(w, ticket, &known, e) == -1)
			return -1;
		if (known != NULL && ask_again(w, p, known, e) == -1)
			return -1;
	}
	return 0;
}
