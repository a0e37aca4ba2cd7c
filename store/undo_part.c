/*
 * Taking back what hangs on a ticket: tags, people, links, notes, letters.
 * What the ticket says of itself is in undo.c.
 */
#include "store/undo_private.h"

#include <stdlib.h>
#include <string.h>

static int
undo_merge(struct undoing *x, const struct line *l)
{
	const char *number = l->new != NULL ? l->new : l->old;
	int64_t other = number == NULL ? 0 : strtoll(number, NULL, 10);

	if (l->new != NULL && x->t.merged_into == other)
		undo_back(x, CHANGE_UNMERGE, other, NULL);
	else if (l->new == NULL && x->t.merged_into == 0)
		undo_back(x, CHANGE_MERGE, other, NULL);
	else
		return undo_keep_field(x, l->what, l->id);
	return 0;
}

static int
undo_tag(struct undoing *x, const struct line *l)
{
	if (l->new != NULL)
		undo_back(x, CHANGE_UNTAG, 0, l->new);
	else
		undo_back(x, CHANGE_TAG, 0, l->old);
	return 0;
}

static int
undo_participant(struct undoing *x, const struct line *l)
{
	struct change *c;

	if (l->new != NULL) {
		undo_back(x, CHANGE_PARTICIPANT_GONE, 0, l->new);
		return 0;
	}
	c = undo_back(x, CHANGE_PARTICIPANT, l->ref, l->old);
	return undo_name_of(x, l->old, &c->text2);
}

static int
undo_link(struct undoing *x, const struct line *l)
{
	const char *number = l->new != NULL ? l->new : l->old;

	undo_back(x, l->new != NULL ? CHANGE_UNLINK : CHANGE_LINK,
	    number == NULL ? 0 : strtoll(number, NULL, 10), l->what);
	return 0;
}

/* Notes are withdrawn; what a mail was, stays; an answer goes with its
 * letter. */
static int
undo_message(struct undoing *x, const struct line *l)
{
	bool note = false;
	int64_t one;

	if (db_number(x->db, &one, &note, x->e,
		"SELECT 1 FROM message WHERE id = ? AND ticket = ?"
		" AND direction = 'note'"
		" AND class NOT IN ('command', 'withdrawn')",
		"ii", l->ref, x->t.number) == -1)
		return -1;
	if (note)
		undo_back(x, CHANGE_WITHDRAW, l->ref, NULL);
	return 0;
}

/* What tells staff of it is taken back, too, if it is there still; only of an
 * answer it matters that it is not. */
static int
undo_letter(struct undoing *x, const struct line *l)
{
	bool answer = strcmp(l->what, "reply") == 0;
	bool waits = false, gone = false;
	int64_t one;

	if (db_number(x->db, &one, &waits, x->e,
		"SELECT 1 FROM outbox WHERE id = ? AND state = 'pending'"
		" AND unknowns = 0",
		"i", l->ref) == -1 ||
	    db_number(x->db, &one, &gone, x->e,
		"SELECT 1 FROM outbox WHERE id = ? AND state <> 'dropped'", "i",
		l->ref) == -1)
		return -1;
	if (waits)
		undo_back(x, CHANGE_LETTER_BACK, l->ref, NULL);
	x->out->letter |= answer && waits;
	x->out->too_late |= answer && gone && !waits;
	return 0;
}

static int
undo_time(struct undoing *x, const struct line *l)
{
	undo_back(x, CHANGE_TIME, -l->ref, NULL);
	return 0;
}

static int
undo_not(struct undoing *x, const struct line *l)
{
	undo_keep(
	    x, arena_printf(x->a, "%s: that cannot be taken back", l->what));
	return 0;
}

static const struct {
	const char *what;
	int (*undo)(struct undoing *x, const struct line *l);
} parts[] = {
	{ "merged-into", undo_merge },
	{ "tag", undo_tag },
	{ "participant", undo_participant },
	{ "related", undo_link },
	{ "duplicate", undo_link },
	{ "problem-of", undo_link },
	{ "follow-up-of", undo_link },
	{ "message", undo_message },
	{ "reply", undo_letter },
	{ "notify", undo_letter },
	{ "alert", undo_letter },
	{ "ack", undo_letter },
	{ "time", undo_time },
	{ "message-to", undo_not },
	{ "message-from", undo_not },
	{ "withdrawn", undo_not },
	{ "escalated", undo_not },
};

/* The last first. */
int
undo_parts(struct undoing *x)
{
	for (size_t i = x->n; i-- > 0;)
		for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++)
			if (strcmp(parts[k].what, x->lines[i].what) == 0 &&
			    parts[k].undo(x, &x->lines[i]) == -1)
				return -1;
	return 0;
}
