/*
 * Carrying out a decision: the only place that changes a ticket.  Fields are
 * gathered in memory and written once; each change leaves one event.  What a
 * change does is in apply_field.c, apply_part.c and apply_merge.c.
 */
#include <stdio.h>
#include <string.h>

#include "store/apply_private.h"

int
apply_event(struct applying *x, const struct happened *h)
{
	return db_run(x->db, x->e,
	    "INSERT INTO event(ticket, time, who, what, old, new, why, act,"
	    " ref, conf) VALUES(?, ?, ?, ?, ?, ?, ?, nullif(?, 0),"
	    " nullif(?, 0), (SELECT value FROM meta WHERE key = 'conf'))",
	    "iitttttii", h->ticket != 0 ? h->ticket : x->t.number, x->now,
	    x->d->who, h->what, h->old, h->new, h->why == NULL ? "" : h->why,
	    x->act, h->ref);
}

int
apply_say(struct applying *x, const char *what, const char *old,
    const char *new, const char *why)
{
	const struct happened h = {
		.what = what, .old = old, .new = new, .why = why
	};

	return apply_event(x, &h);
}

struct step {
	bool after; /* needs the ticket row */
	int (*apply)(struct applying *x, const struct change *c);
};

static const struct step steps[CHANGE_COUNT] = {
	[CHANGE_NEW] = { false, apply_new },
	[CHANGE_STATUS] = { false, apply_status },
	[CHANGE_TYPE] = { false, apply_type },
	[CHANGE_IMPACT] = { false, apply_level },
	[CHANGE_URGENCY] = { false, apply_level },
	[CHANGE_PRIORITY] = { false, apply_priority },
	[CHANGE_CATEGORY] = { false, apply_text },
	[CHANGE_TEAM] = { false, apply_text },
	[CHANGE_TIER] = { false, apply_tier },
	[CHANGE_ASSIGNEE] = { false, apply_assignee },
	[CHANGE_REQUESTER] = { false, apply_requester },
	[CHANGE_SUBJECT] = { false, apply_text },
	[CHANGE_LANGUAGE] = { false, apply_text },
	[CHANGE_UNTIL] = { false, apply_moment },
	[CHANGE_NUDGE] = { false, apply_moment },
	[CHANGE_END] = { false, apply_moment },
	[CHANGE_EVENT] = { false, apply_only_event },
	[CHANGE_MERGE] = { false, apply_merge },
	[CHANGE_UNMERGE] = { false, apply_unmerge },
	[CHANGE_TIME] = { false, apply_time },
	[CHANGE_TAG] = { true, apply_tag },
	[CHANGE_UNTAG] = { true, apply_untag },
	[CHANGE_PARTICIPANT] = { true, apply_participant },
	[CHANGE_PARTICIPANT_GONE] = { true, apply_participant_gone },
	[CHANGE_MESSAGE] = { true, apply_message },
	[CHANGE_WORDS] = { true, apply_words },
	[CHANGE_WITHDRAW] = { true, apply_withdraw },
	[CHANGE_MOVE] = { true, apply_move },
	[CHANGE_KEY] = { true, apply_key },
	[CHANGE_LINK] = { true, apply_link },
	[CHANGE_UNLINK] = { true, apply_unlink },
	[CHANGE_LETTER] = { true, apply_letter },
	[CHANGE_LETTER_BACK] = { true, apply_letter_back },
};

static int
run_steps(struct applying *x, bool after)
{
	for (size_t i = 0; i < x->d->n; i++) {
		const struct change *c = &x->d->list[i];

		if (steps[c->kind].after == after &&
		    steps[c->kind].apply(x, c) == -1)
			return -1;
	}
	return 0;
}

/* Does it make what agents answered out of date?  What a person wrote does; a
 * mail of nothing but commands does not. */
static bool
is_news(const struct applying *x, const struct change *c)
{
	if (c->kind == CHANGE_MESSAGE)
		return x->o->mail->class == CLASS_HUMAN && c->text2 == NULL;
	return c->kind == CHANGE_WORDS || c->kind == CHANGE_MOVE;
}

/* Letters take running numbers, mails of people make new revisions. */
static void
count_changes(struct applying *x)
{
	int64_t *const last[LETTER_THREADS] = {
		[THREAD_REQUESTER] = &x->t.serial,
		[THREAD_STAFF] = &x->t.staff_serial,
		[THREAD_VENDOR] = &x->t.vendor_serial,
	};

	for (int i = THREAD_REQUESTER; i < LETTER_THREADS; i++)
		x->serial[i] = *last[i];
	for (size_t i = 0; i < x->d->n; i++) {
		const struct change *c = &x->d->list[i];

		if (c->kind == CHANGE_LETTER && c->value != THREAD_NONE)
			++*last[c->value];
		x->t.revision += is_news(x, c);
		x->says |= c->value == DIRECTION_OUT &&
		    (c->kind == CHANGE_MESSAGE || c->kind == CHANGE_WORDS);
	}
}

/* Half of it cannot be guessed without the salt, the other half is the number,
 * hidden by the first: so a ticket is found by it without an index.  It is
 * stored all the same: that row is the truth. */
static void
ticket_guid(struct db *db, int64_t number, uint8_t out[TICKET_GUID])
{
	char text[24];
	uint64_t half[2];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	half[0] = (uint64_t)db_hash(db, "guid", text, NULL);
	snprintf(text, sizeof(text), "%016llx", (unsigned long long)half[0]);
	half[1] = (uint64_t)db_hash(db, "guid number", text, NULL) ^
	    (uint64_t)number;
	for (int i = 0; i < TICKET_GUID; i++)
		out[i] = (uint8_t)(half[i / 8] >> (56 - i % 8 * 8));
}

static int
insert_ticket(struct applying *x)
{
	const struct ticket *t = &x->t;
	int64_t person = db_hash(x->db, "person", t->requester, NULL);
	int64_t key = x->o == NULL ? 0 : x->o->key;
	uint8_t guid[TICKET_GUID];

	ticket_guid(x->db, t->number, guid);
	return db_run(x->db, x->e,
	    "INSERT INTO ticket(number, subject, type, status, impact, urgency,"
	    " priority, category, team, tier, assignee, requester,"
	    " requester_name, language, created, updated, resolved, closed,"
	    " serial, staff_serial, vendor_serial, until, nudge, end_at,"
	    " revision, person, key, pinned, guid, begun) VALUES(?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, (SELECT max(id) FROM event WHERE ticket = ?))",
	    "itttttttti"
	    "tttt"
	    "iiiiiiiiiiiiii"
	    "bi",
	    t->number, t->subject, type_names[t->type], status_names[t->status],
	    level_names[t->impact], level_names[t->urgency],
	    priority_names[t->priority], t->category, t->team, (int64_t)t->tier,
	    t->assignee, t->requester, t->requester_name, t->language,
	    t->created, t->updated, t->resolved, t->closed, t->serial,
	    t->staff_serial, t->vendor_serial, t->until, t->nudge, t->end,
	    t->revision, person, key, (int64_t)t->pinned, guid, sizeof(guid),
	    t->number);
}

static int
update_ticket(struct applying *x)
{
	const struct ticket *t = &x->t;

	return db_run(x->db, x->e,
	    "UPDATE ticket SET subject = ?, type = ?, status = ?, impact = ?,"
	    " urgency = ?, priority = ?, category = ?, team = ?, tier = ?,"
	    " assignee = ?, requester = ?, requester_name = ?, language = ?,"
	    " updated = ?, resolved = ?, closed = ?, serial = ?, revision = ?,"
	    " person = ?, pinned = ?, staff_serial = ?, vendor_serial = ?,"
	    " until = ?, nudge = ?, end_at = ?, merged_into = ?"
	    " WHERE number = ?",
	    "ttttttttit"
	    "ttt"
	    "iiiiiiiiiiiiii",
	    t->subject, type_names[t->type], status_names[t->status],
	    level_names[t->impact], level_names[t->urgency],
	    priority_names[t->priority], t->category, t->team, (int64_t)t->tier,
	    t->assignee, t->requester, t->requester_name, t->language,
	    t->updated, t->resolved, t->closed, t->serial, t->revision,
	    db_hash(x->db, "person", t->requester, NULL), (int64_t)t->pinned,
	    t->staff_serial, t->vendor_serial, t->until, t->nudge, t->end,
	    t->merged_into, t->number);
}

/* One number for all that somebody does at once. */
static int
begin_act(struct applying *x)
{
	if (!x->d->act)
		return 0;
	if (meta_get(x->db, "act", &x->act, x->e) == -1)
		return -1;
	return meta_set(x->db, "act", ++x->act, x->e);
}

static int
load(struct applying *x)
{
	if (x->d->n > 0 && x->d->list[0].kind == CHANGE_NEW) {
		x->t = ticket_blank;
		x->t.created = x->o != NULL && x->o->received != 0
		    ? x->o->received
		    : x->now;
		return tickets_take_number(x->db, &x->t.number, x->e);
	}
	if (tickets_load(x->db, x->d->arena, x->d->ticket, &x->t, x->e) == -1)
		return -1;
	if (x->t.number == 0)
		return err_set(x->e, ERR_REJECT, "no ticket %lld",
		    (long long)x->d->ticket);
	return 0;
}

int
tickets_apply(struct db *db, struct decision *d, struct origin *o, int64_t now,
    struct err *e)
{
	struct applying x = { .db = db, .d = d, .o = o, .now = now, .e = e };

	if (d->n == 0)
		return 0;
	if (load(&x) == -1 || begin_act(&x) == -1 || run_steps(&x, false) == -1)
		return -1;
	/* When the mail came, not when we came to it: a backlog keeps its
	 * order. */
	x.t.updated = o != NULL && o->received != 0 ? o->received : now;
	count_changes(&x);
	if ((x.fresh ? insert_ticket(&x) : update_ticket(&x)) == -1 ||
	    run_steps(&x, true) == -1)
		return -1;
	d->ticket = x.t.number;
	return 0;
}

int
tickets_guid(
    struct db *db, int64_t number, uint8_t out[TICKET_GUID], struct err *e)
{
	struct query q;
	const void *p;
	size_t n = 0;
	int rc;

	if (db_query(db, &q, e, "SELECT guid FROM ticket WHERE number = ?", "i",
		number) == -1)
		return -1;
	rc = db_row(&q);
	if (rc == 0)
		ticket_guid(db, number, out);
	if (rc != 1)
		return rc;
	p = db_blob(&q, 0, &n);
	if (n == TICKET_GUID)
		memcpy(out, p, n);
	db_end(&q);
	return n == TICKET_GUID
	    ? 0
	    : err_set(e, ERR_BUG, "ticket %lld: no guid", (long long)number);
}

int
tickets_by_guid(struct db *db, const uint8_t guid[TICKET_GUID], int64_t *number,
    struct err *e)
{
	uint64_t half[2] = { 0, 0 };
	char text[24];

	for (int i = 0; i < TICKET_GUID; i++)
		half[i / 8] = half[i / 8] << 8 | guid[i];
	snprintf(text, sizeof(text), "%016llx", (unsigned long long)half[0]);
	half[1] ^= (uint64_t)db_hash(db, "guid number", text, NULL);
	*number = 0;
	return db_number(db, number, NULL, e,
	    "SELECT number FROM ticket WHERE number = ? AND guid = ?", "ib",
	    (int64_t)half[1], guid, (size_t)TICKET_GUID);
}
