/*
 * Changes that concern two tickets: one goes into another, comes out again, or
 * gives it one of its mails.  Nothing of a merged ticket is moved or lost, so
 * that unmerging is exact: its mails are shown with the one that lives on
 * (messages_list()), its own history stays its own.
 */
#include <stdio.h>

#include "store/apply_private.h"
#include "store/message.h"

/* Nobody may answer the one that lives on by a letter of before: to whoever
 * wrote it, all that came with the other is new (T10). */
static int
touch_other(struct applying *x, const struct ticket *other)
{
	int64_t revision = other->revision > x->t.revision ? other->revision
							   : x->t.revision;

	return db_run(x->db, x->e,
	    "UPDATE ticket SET revision = ?, updated = max(updated, ?)"
	    " WHERE number = ?",
	    "iii", revision + 1, x->now, other->number);
}

/* Who asked in the one is copied on what is answered in the other. */
static int
take_along(
    struct applying *x, const struct ticket *other, const struct change *c)
{
	const struct happened h = { .ticket = other->number,
		.what = "participant",
		.new = x->t.requester,
		.why = c->why,
		.ref = x->t.number };

	if (*x->t.requester == '\0')
		return 0;
	if (db_run(x->db, x->e,
		"INSERT INTO participant(ticket, address, name, role)"
		" SELECT number, ?2, ?3, 'cc' FROM ticket"
		" WHERE number = ?1 AND requester <> ?2"
		" ON CONFLICT DO NOTHING",
		"itt", other->number, x->t.requester,
		x->t.requester_name) == -1)
		return -1;
	return db_changes(x->db) == 0 ? 0 : apply_event(x, &h);
}

/* Closed without what hangs on closing by an agent: the moments stay, for the
 * day it comes out again.  *event is its line of history; 0: it was closed. */
static int
close_merged(struct applying *x, const struct change *c, int64_t *event)
{
	const char *old = status_names[x->t.status];

	*event = 0;
	if (x->t.status == STATUS_CLOSED)
		return 0;
	x->t.status = STATUS_CLOSED;
	x->t.closed = x->now;
	if (apply_say(x, "status", old, status_names[STATUS_CLOSED], c->why) ==
	    -1)
		return -1;
	*event = db_last_id(x->db);
	return 0;
}

static int
load_other(struct applying *x, int64_t number, struct ticket *out)
{
	if (tickets_load_survivor(x->db, x->d->arena, number, out, x->e) == -1)
		return -1;
	if (out->number == 0)
		return err_set(
		    x->e, ERR_REJECT, "no ticket %lld", (long long)number);
	if (out->number == x->t.number)
		return err_set(
		    x->e, ERR_REJECT, "a ticket cannot be merged into itself");
	return 0;
}

int
apply_merge(struct applying *x, const struct change *c)
{
	struct happened here = { .what = "merged-into", .why = c->why };
	struct happened there = { .what = "merged", .why = c->why };
	struct ticket other;
	char to[24], from[24];

	if (x->t.merged_into != 0)
		return err_set(x->e, ERR_REJECT,
		    "it is merged into %lld already",
		    (long long)x->t.merged_into);
	if (load_other(x, c->value, &other) == -1 ||
	    close_merged(x, c, &here.ref) == -1)
		return -1;
	x->t.merged_into = other.number;
	snprintf(to, sizeof(to), "%lld", (long long)other.number);
	snprintf(from, sizeof(from), "%lld", (long long)x->t.number);
	here.new = to;
	there.new = from;
	there.ticket = other.number;
	there.ref = x->t.number;
	if (db_run(x->db, x->e,
		"INSERT INTO link(ticket, kind, other)"
		" VALUES(?, 'merged-into', ?) ON CONFLICT DO NOTHING",
		"ii", x->t.number, other.number) == -1 ||
	    apply_event(x, &here) == -1 || apply_event(x, &there) == -1 ||
	    take_along(x, &other, c) == -1)
		return -1;
	return touch_other(x, &other);
}

/* What it was when it was merged. */
static int
open_merged(struct applying *x, const struct change *c)
{
	struct query q;
	int rc, status = -1;

	if (db_query(x->db, &q, x->e,
		"SELECT s.old FROM event m JOIN event s ON s.id = m.ref"
		" WHERE m.ticket = ? AND m.what = 'merged-into'"
		" AND m.new IS NOT NULL AND m.id = (SELECT max(id) FROM event"
		"  WHERE ticket = m.ticket AND what = 'merged-into'"
		"  AND new IS NOT NULL)",
		"i", x->t.number) == -1)
		return -1;
	rc = db_row(&q);
	if (rc == 1) {
		status = word_index(status_names, STATUS_COUNT, db_text(&q, 0));
		db_end(&q);
	}
	if (rc == -1 || status < 0 || status == STATUS_CLOSED)
		return rc == -1 ? -1 : 0;
	x->t.status = (enum status)status;
	x->t.closed = 0;
	return apply_say(x, "status", status_names[STATUS_CLOSED],
	    status_names[status], c->why);
}

/* Only whom the merge brought. */
static int
leave_behind(struct applying *x, const struct change *c)
{
	const struct happened h = { .ticket = x->t.merged_into,
		.what = "participant",
		.old = x->t.requester,
		.why = c->why,
		.ref = ROLE_CC };

	if (db_run(x->db, x->e,
		"DELETE FROM participant WHERE ticket = ?1 AND address = ?2"
		" AND EXISTS(SELECT 1 FROM event WHERE ticket = ?1"
		"  AND what = 'participant' AND new = ?2 AND ref = ?3)",
		"iti", x->t.merged_into, x->t.requester, x->t.number) == -1)
		return -1;
	return db_changes(x->db) == 0 ? 0 : apply_event(x, &h);
}

int
apply_unmerge(struct applying *x, const struct change *c)
{
	struct happened here = { .what = "merged-into", .why = c->why };
	struct happened there = { .what = "merged", .why = c->why };
	char to[24], from[24];

	if (x->t.merged_into == 0 || x->t.merged_into != c->value)
		return err_set(x->e, ERR_REJECT, "it is not merged into %lld",
		    (long long)c->value);
	snprintf(to, sizeof(to), "%lld", (long long)c->value);
	snprintf(from, sizeof(from), "%lld", (long long)x->t.number);
	here.old = to;
	there.old = from;
	there.ticket = c->value;
	there.ref = x->t.number;
	if (db_run(x->db, x->e,
		"DELETE FROM link WHERE ticket = ? AND kind = 'merged-into'"
		" AND other = ?",
		"ii", x->t.number, c->value) == -1 ||
	    open_merged(x, c) == -1 || leave_behind(x, c) == -1 ||
	    apply_event(x, &here) == -1 || apply_event(x, &there) == -1)
		return -1;
	x->t.merged_into = 0;
	return 0;
}

int
apply_move(struct applying *x, const struct change *c)
{
	struct happened here = { .what = "message-from", .why = c->why };
	struct happened there = { .what = "message-to", .why = c->why };
	char to[24], from[24];
	int64_t other = 0;

	if (db_number(x->db, &other, NULL, x->e,
		"SELECT ticket FROM message WHERE id = ?", "i", c->value) == -1)
		return -1;
	if (other == 0)
		return err_set(x->e, ERR_REJECT, "there is no message %lld",
		    (long long)c->value);
	if (other == x->t.number)
		return 0;
	snprintf(to, sizeof(to), "%lld", (long long)x->t.number);
	snprintf(from, sizeof(from), "%lld", (long long)other);
	here.new = from;
	there.new = to;
	there.ticket = other;
	here.ref = there.ref = c->value;
	if (message_move(x->db, c->value, other, x->t.number, x->e) == -1 ||
	    apply_event(x, &here) == -1)
		return -1;
	return apply_event(x, &there);
}
