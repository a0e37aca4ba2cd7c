/*
 * Carrying out a decision: the only place that changes a ticket.  Fields are
 * gathered in memory and written once; each change leaves one event.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "parser/address.h"
#include "store/message.h"
#include "store/outbox.h"
#include "store/tickets.h"

struct applying {
	struct db *db;
	struct decision *d;
	struct origin *o;
	int64_t now;
	struct ticket t;
	bool fresh; /* the ticket begins here */
	struct err *e;
};

static int
event(struct applying *x, const char *what, const char *old, const char *new,
    const char *why)
{
	return db_run(x->db, x->e,
	    "INSERT INTO event(ticket, time, who, what, old, new, why, conf)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?,"
	    " (SELECT value FROM meta WHERE key = 'conf'))",
	    "iittttt", x->t.number, x->now, x->d->who, what, old, new,
	    why == NULL ? "" : why);
}

/* Fields.  Setting what is so already is no change and leaves no event. */

static int
set_text(struct applying *x, const char **field, const char *what,
    const struct change *c)
{
	const char *old = *field;

	if (old != NULL && strcmp(old, c->text) == 0)
		return 0;
	*field = c->text;
	return event(
	    x, what, old == NULL || *old == '\0' ? NULL : old, c->text, c->why);
}

static int
set_status(struct applying *x, const struct change *c)
{
	const char *old = status_names[x->t.status];

	if ((int64_t)x->t.status == c->value)
		return 0;
	x->t.status = (enum status)c->value;
	if (x->t.status == STATUS_RESOLVED)
		x->t.resolved = x->now;
	else if (x->t.status == STATUS_CLOSED)
		x->t.closed = x->now;
	else
		x->t.resolved = x->t.closed = 0;
	return event(x, "status", old, status_names[x->t.status], c->why);
}

static int
set_type(struct applying *x, const struct change *c)
{
	const char *old = type_names[x->t.type];

	if ((int64_t)x->t.type == c->value)
		return 0;
	x->t.type = (enum type)c->value;
	return event(x, "type", old, type_names[c->value], c->why);
}

static int
set_level(struct applying *x, const struct change *c)
{
	bool impact = c->kind == CHANGE_IMPACT;
	enum level *field = impact ? &x->t.impact : &x->t.urgency;
	const char *old = level_names[*field];

	if ((int64_t)*field == c->value)
		return 0;
	*field = (enum level)c->value;
	return event(x, impact ? "impact" : "urgency", old,
	    level_names[c->value], c->why);
}

static int
set_priority(struct applying *x, const struct change *c)
{
	const char *old = priority_names[x->t.priority];

	x->t.pinned = c->text != NULL;
	if ((int64_t)x->t.priority == c->value)
		return 0;
	x->t.priority = (enum priority)c->value;
	return event(x, "priority", old, priority_names[c->value], c->why);
}

static int
set_tier(struct applying *x, const struct change *c)
{
	char old[8], new[8];

	if (x->t.tier == (int)c->value)
		return 0;
	snprintf(old, sizeof(old), "%d", x->t.tier);
	snprintf(new, sizeof(new), "%d", (int)c->value);
	x->t.tier = (int)c->value;
	return event(x, "tier", old, new, c->why);
}

static int
set_requester(struct applying *x, const struct change *c)
{
	x->t.requester_name = c->text2 == NULL ? "" : c->text2;
	return set_text(x, &x->t.requester, "requester", c);
}

static int
set_category(struct applying *x, const struct change *c)
{
	return set_text(x, &x->t.category, "category", c);
}

static int
set_team(struct applying *x, const struct change *c)
{
	return set_text(x, &x->t.team, "team", c);
}

/* The team is set before: its next ticket is somebody else's turn. */
static int
set_assignee(struct applying *x, const struct change *c)
{
	if (*c->text != '\0' &&
	    db_run(x->db, x->e,
		"INSERT INTO turn(team, agent, ticket) VALUES(?, ?, ?)"
		" ON CONFLICT DO UPDATE SET ticket = excluded.ticket",
		"tti", x->t.team, c->text, x->t.number) == -1)
		return -1;
	return set_text(x, &x->t.assignee, "assignee", c);
}

static int
set_subject(struct applying *x, const struct change *c)
{
	return set_text(x, &x->t.subject, "subject", c);
}

static int
set_language(struct applying *x, const struct change *c)
{
	return set_text(x, &x->t.language, "language", c);
}

static int
set_new(struct applying *x, const struct change *c)
{
	x->fresh = true;
	x->t.subject = c->text;
	return event(x, "new", NULL, NULL, c->why);
}

static int
set_event(struct applying *x, const struct change *c)
{
	return event(x, c->text, NULL, c->text2, c->why);
}

/* What hangs on the ticket: written after the ticket itself. */

static int
add_tag(struct applying *x, const struct change *c)
{
	if (db_run(x->db, x->e,
		"INSERT INTO tag(ticket, tag) VALUES(?, ?)"
		" ON CONFLICT DO NOTHING",
		"it", x->t.number, c->text) == -1)
		return -1;
	return db_changes(x->db) == 0 ? 0
				      : event(x, "tag", NULL, c->text, c->why);
}

/* The requester is one too, but needs no line of history for it. */
static int
add_participant(struct applying *x, const struct change *c)
{
	const char *role = part_role_names[c->value];

	if (db_run(x->db, x->e,
		"INSERT INTO participant(ticket, address, name, role)"
		" VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING",
		"ittt", x->t.number, c->text, c->text2 == NULL ? "" : c->text2,
		role) == -1)
		return -1;
	if (db_changes(x->db) == 0 || x->fresh)
		return 0;
	return event(x, "participant", NULL, c->text, c->why);
}

static int
add_message(struct applying *x, const struct change *c)
{
	const char *direction = direction_names[c->value];

	assert(x->o != NULL && x->o->mail != NULL);
	if (message_add(
		x->db, x->d->arena, x->t.number, direction, x->o, x->e) == -1)
		return -1;
	if (x->fresh)
		return 0;
	return event(x, "message", NULL, direction, c->why);
}

static int
add_key(struct applying *x, const struct change *c)
{
	if (db_run(x->db, x->e,
		"INSERT INTO merge_key(key, ticket) VALUES(?, ?)"
		" ON CONFLICT DO UPDATE SET ticket = excluded.ticket",
		"ti", c->text, x->t.number) == -1)
		return -1;
	return event(x, "key", NULL, c->text, c->why);
}

static int
add_link(struct applying *x, const struct change *c)
{
	char other[24];

	snprintf(other, sizeof(other), "%lld", (long long)c->value);
	if (db_run(x->db, x->e,
		"INSERT INTO link(ticket, kind, other) VALUES(?, ?, ?)"
		" ON CONFLICT DO NOTHING",
		"iti", x->t.number, c->text, c->value) == -1)
		return -1;
	return event(x, c->text, NULL, other, c->why);
}

static int
add_letter(struct applying *x, const struct change *c)
{
	struct letter l = *c->letter;
	int64_t id = 0;

	l.ticket = x->t.number;
	if (outbox_add(x->db, &l, &id, x->e) == -1)
		return -1;
	if (c->text != NULL &&
	    message_add_letter(x->db, &l, id, c->text2, c->text, x->e) == -1)
		return -1;
	return event(x, letter_kind_names[l.kind], NULL, l.recipient, c->why);
}

struct step {
	bool after; /* needs the ticket row */
	int (*apply)(struct applying *x, const struct change *c);
};

static const struct step steps[CHANGE_COUNT] = {
	[CHANGE_NEW] = { false, set_new },
	[CHANGE_STATUS] = { false, set_status },
	[CHANGE_TYPE] = { false, set_type },
	[CHANGE_IMPACT] = { false, set_level },
	[CHANGE_URGENCY] = { false, set_level },
	[CHANGE_PRIORITY] = { false, set_priority },
	[CHANGE_CATEGORY] = { false, set_category },
	[CHANGE_TEAM] = { false, set_team },
	[CHANGE_TIER] = { false, set_tier },
	[CHANGE_ASSIGNEE] = { false, set_assignee },
	[CHANGE_REQUESTER] = { false, set_requester },
	[CHANGE_SUBJECT] = { false, set_subject },
	[CHANGE_LANGUAGE] = { false, set_language },
	[CHANGE_EVENT] = { false, set_event },
	[CHANGE_TAG] = { true, add_tag },
	[CHANGE_PARTICIPANT] = { true, add_participant },
	[CHANGE_MESSAGE] = { true, add_message },
	[CHANGE_KEY] = { true, add_key },
	[CHANGE_LINK] = { true, add_link },
	[CHANGE_LETTER] = { true, add_letter },
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

/* Letters take running numbers, mails of people make new revisions. */
static void
count_changes(struct applying *x)
{
	for (size_t i = 0; i < x->d->n; i++) {
		const struct change *c = &x->d->list[i];

		x->t.serial += c->kind == CHANGE_LETTER && c->value == 1;
		x->t.revision += c->kind == CHANGE_MESSAGE &&
		    x->o->mail->class == CLASS_HUMAN;
	}
}

static int
insert_ticket(struct applying *x)
{
	const struct ticket *t = &x->t;
	int64_t person = db_hash(x->db, "person", t->requester, NULL);
	int64_t key = x->o == NULL ? 0 : x->o->key;

	return db_run(x->db, x->e,
	    "INSERT INTO ticket(number, subject, type, status, impact, urgency,"
	    " priority, category, team, tier, assignee, requester,"
	    " requester_name, language, created, updated, serial, revision,"
	    " person, key, pinned, begun) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " (SELECT max(id) FROM event WHERE ticket = ?))",
	    "itttttttti"
	    "tttt"
	    "iiiiiiii",
	    t->number, t->subject, type_names[t->type], status_names[t->status],
	    level_names[t->impact], level_names[t->urgency],
	    priority_names[t->priority], t->category, t->team, (int64_t)t->tier,
	    t->assignee, t->requester, t->requester_name, t->language,
	    t->created, t->updated, t->serial, t->revision, person, key,
	    (int64_t)t->pinned, t->number);
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
	    " person = ?, pinned = ?"
	    " WHERE number = ?",
	    "ttttttttit"
	    "ttt"
	    "iiiiiiii",
	    t->subject, type_names[t->type], status_names[t->status],
	    level_names[t->impact], level_names[t->urgency],
	    priority_names[t->priority], t->category, t->team, (int64_t)t->tier,
	    t->assignee, t->requester, t->requester_name, t->language,
	    t->updated, t->resolved, t->closed, t->serial, t->revision,
	    db_hash(x->db, "person", t->requester, NULL), (int64_t)t->pinned,
	    t->number);
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
	if (load(&x) == -1 || run_steps(&x, false) == -1)
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
