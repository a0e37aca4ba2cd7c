/*
 * Changes of what hangs on a ticket: tags, people, links, entries of the
 * conversation, letters.  Written after the ticket's own row.
 */
#include <assert.h>
#include <stdio.h>

#include "store/apply_private.h"
#include "store/message.h"
#include "store/outbox.h"

int
apply_tag(struct applying *x, const struct change *c)
{
	if (db_run(x->db, x->e,
		"INSERT INTO tag(ticket, tag) VALUES(?, ?)"
		" ON CONFLICT DO NOTHING",
		"it", x->t.number, c->text) == -1)
		return -1;
	if (db_changes(x->db) == 0)
		return 0;
	return apply_say(x, "tag", NULL, c->text, c->why);
}

int
apply_untag(struct applying *x, const struct change *c)
{
	if (db_run(x->db, x->e, "DELETE FROM tag WHERE ticket = ? AND tag = ?",
		"it", x->t.number, c->text) == -1)
		return -1;
	if (db_changes(x->db) == 0)
		return 0;
	return apply_say(x, "tag", c->text, NULL, c->why);
}

/* The requester is one too, but needs no line of history for it. */
int
apply_participant(struct applying *x, const struct change *c)
{
	const struct happened h = {
		.what = "participant", .new = c->text, .why = c->why
	};

	if (db_run(x->db, x->e,
		"INSERT INTO participant(ticket, address, name, role)"
		" VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING",
		"ittt", x->t.number, c->text, c->text2 == NULL ? "" : c->text2,
		part_role_names[c->value]) == -1)
		return -1;
	return db_changes(x->db) == 0 || x->fresh ? 0 : apply_event(x, &h);
}

int
apply_participant_gone(struct applying *x, const struct change *c)
{
	struct happened h = {
		.what = "participant", .old = c->text, .why = c->why
	};
	bool found = false;

	/* ref is the role, for whoever takes it back. */
	if (db_number(x->db, &h.ref, &found, x->e,
		"SELECT CASE role WHEN 'cc' THEN 1 WHEN 'watcher' THEN 2"
		" ELSE 0 END FROM participant"
		" WHERE ticket = ? AND address = ?",
		"it", x->t.number, c->text) == -1)
		return -1;
	if (!found)
		return 0;
	if (db_run(x->db, x->e,
		"DELETE FROM participant WHERE ticket = ? AND address = ?",
		"it", x->t.number, c->text) == -1)
		return -1;
	return apply_event(x, &h);
}

/* The entry that an agent's words make, and the letter that carries them. */
static int
join_letter(struct applying *x)
{
	if (x->said == 0 || x->letter == 0)
		return 0;
	return db_run(x->db, x->e,
	    "UPDATE message SET letter = ? WHERE id = ? AND letter IS NULL",
	    "ii", x->letter, x->said);
}

static int
message_added(struct applying *x, const struct change *c, int64_t message)
{
	const struct happened h = { .what = "message",
		.new = direction_names[c->value],
		.why = c->why,
		.ref = message };

	if (c->value == DIRECTION_OUT)
		x->said = message;
	if (join_letter(x) == -1)
		return -1;
	return x->fresh ? 0 : apply_event(x, &h);
}

int
apply_message(struct applying *x, const struct change *c)
{
	const struct message_as as = { .direction = direction_names[c->value],
		.text = c->text,
		.class = c->text2 };

	assert(x->o != NULL && x->o->mail != NULL);
	if (message_add(x->db, x->d->arena, x->t.number, &as, x->o, x->e) == -1)
		return -1;
	return message_added(x, c, x->o->message);
}

int
apply_words(struct applying *x, const struct change *c)
{
	struct message m = { .ticket = x->t.number,
		.direction = direction_names[c->value],
		.sender = c->text2 == NULL ? "" : c->text2,
		.date = x->now,
		.received = x->now,
		.subject = x->t.subject,
		.text = c->text };

	if (message_add_words(x->db, &m, x->e) == -1)
		return -1;
	return message_added(x, c, m.id);
}

int
apply_withdraw(struct applying *x, const struct change *c)
{
	const struct happened h = {
		.what = "withdrawn", .why = c->why, .ref = c->value
	};
	bool found = false;
	int64_t one;

	if (db_number(x->db, &one, &found, x->e,
		"SELECT 1 FROM message WHERE id = ? AND ticket = ?"
		" AND direction = 'note' AND class <> 'withdrawn'",
		"ii", c->value, x->t.number) == -1)
		return -1;
	if (!found)
		return err_set(x->e, ERR_REJECT,
		    "there is no note %lld to withdraw", (long long)c->value);
	if (message_withdraw(x->db, c->value, x->e) == -1)
		return -1;
	return apply_event(x, &h);
}

int
apply_key(struct applying *x, const struct change *c)
{
	if (db_run(x->db, x->e,
		"INSERT INTO merge_key(key, ticket) VALUES(?, ?)"
		" ON CONFLICT DO UPDATE SET ticket = excluded.ticket",
		"ti", c->text, x->t.number) == -1)
		return -1;
	return apply_say(x, "key", NULL, c->text, c->why);
}

int
apply_link(struct applying *x, const struct change *c)
{
	char other[24];

	snprintf(other, sizeof(other), "%lld", (long long)c->value);
	if (db_run(x->db, x->e,
		"INSERT INTO link(ticket, kind, other) VALUES(?, ?, ?)"
		" ON CONFLICT DO NOTHING",
		"iti", x->t.number, c->text, c->value) == -1)
		return -1;
	if (db_changes(x->db) == 0)
		return 0;
	return apply_say(x, c->text, NULL, other, c->why);
}

int
apply_unlink(struct applying *x, const struct change *c)
{
	char other[24];

	snprintf(other, sizeof(other), "%lld", (long long)c->value);
	if (db_run(x->db, x->e,
		"DELETE FROM link WHERE ticket = ? AND kind = ? AND other = ?",
		"iti", x->t.number, c->text, c->value) == -1)
		return -1;
	if (db_changes(x->db) == 0)
		return 0;
	return apply_say(x, c->text, other, NULL, c->why);
}

/* An answer of a person stands in the conversation as that person's own mail,
 * when there is one; every other letter as itself. */
static int
show_letter(struct applying *x, const struct change *c, const struct letter *l)
{
	bool answer = !l->automatic &&
	    (l->thread == THREAD_REQUESTER || l->thread == THREAD_VENDOR);

	if (answer && x->says && x->letter == 0) {
		x->letter = l->id;
		return join_letter(x);
	}
	if (c->text == NULL)
		return 0;
	return message_add_letter(x->db, l, l->id, c->text2, c->text, x->e);
}

int
apply_letter(struct applying *x, const struct change *c)
{
	struct letter l = *c->letter;
	struct happened h = { .what = letter_kind_names[l.kind],
		.new = l.recipient,
		.why = c->why };

	l.ticket = x->t.number;
	l.thread = (enum letter_thread)c->value;
	if (l.thread != THREAD_NONE)
		x->serial[l.thread]++;
	if (l.serial == 0)
		l.serial = x->serial[l.thread];
	if (outbox_add(x->db, &l, &l.id, x->e) == -1 ||
	    show_letter(x, c, &l) == -1)
		return -1;
	h.ref = l.id;
	return apply_event(x, &h);
}

int
apply_letter_back(struct applying *x, const struct change *c)
{
	struct happened h = {
		.what = "letter-back", .why = c->why, .ref = c->value
	};
	int64_t message = 0;
	struct letter l;

	if (outbox_load(x->db, x->d->arena, c->value, &l, x->e) == -1 ||
	    outbox_take_back(x->db, c->value, x->now, x->e) == -1 ||
	    db_number(x->db, &message, NULL, x->e,
		"SELECT id FROM message WHERE ticket = ? AND letter = ?", "ii",
		x->t.number, c->value) == -1)
		return -1;
	if (message != 0 && message_withdraw(x->db, message, x->e) == -1)
		return -1;
	h.new = l.recipient;
	return apply_event(x, &h);
}

/* ref has the seconds, for sums; the text is for people. */
int
apply_time(struct applying *x, const struct change *c)
{
	int64_t minutes = (c->value < 0 ? -c->value : c->value) / 60;
	char text[48];
	const struct happened h = {
		.what = "time", .new = text, .why = c->why, .ref = c->value
	};

	snprintf(text, sizeof(text), "%s%lld:%02lld h", c->value < 0 ? "-" : "",
	    (long long)(minutes / 60), (long long)(minutes % 60));
	return apply_event(x, &h);
}
