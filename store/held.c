/* Mail that waits for a human, and its way back to work or out of the list. */
#include <stdio.h>
#include <string.h>

#include "store/inbound.h"

#define COLUMNS                                                       \
	"SELECT h.id, h.raw, h.since, m.name, h.uidvalidity, h.uid,"  \
	" h.sender, h.subject, h.reason, h.state, h.ticket, h.agent," \
	" h.kind, h.code, h.problem"                                  \
	" FROM held h JOIN mailbox m ON m.id = h.mailbox"

/* No vowels, so no words; nothing that looks like something else. */
static const char letters[] = "23456789bcdfghjkmnpqrstvwxz";

static void
spell(struct db *db, int64_t id, int again, char code[HELD_CODE + 1])
{
	char text[48];
	uint64_t hash;

	snprintf(text, sizeof(text), "%lld.%d", (long long)id, again);
	hash = (uint64_t)db_hash(db, "held", text, NULL);
	for (int i = 0; i < HELD_CODE; i++) {
		code[i] = letters[hash % (sizeof(letters) - 1)];
		hash /= sizeof(letters) - 1;
	}
	code[HELD_CODE] = '\0';
}

/* Of two that wait, no two have the same. */
static int
add_code(struct db *db, int64_t id, char code[HELD_CODE + 1], struct err *e)
{
	bool taken = true;
	int64_t one;

	for (int again = 0; taken; again++) {
		spell(db, id, again, code);
		if (db_number(db, &one, &taken, e,
			"SELECT 1 FROM held WHERE state = 'held'"
			" AND code = ? AND code <> ''",
			"t", code) == -1)
			return -1;
	}
	return db_run(
	    db, e, "UPDATE held SET code = ? WHERE id = ?", "ti", code, id);
}

static const char *
or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

int
held_add(struct db *db, const struct inbound *in, const struct held_new *h,
    struct held_made *made, struct err *e)
{
	struct held_made m = { 0 };

	if (db_run(db, e,
		"INSERT INTO held(raw, mailbox, uidvalidity, uid, oversize,"
		" quiet, since, sender, subject, reason, ticket, agent, kind,"
		" problem) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		"iiiiiiitttittt", in->raw, in->mailbox,
		(int64_t)in->uidvalidity, (int64_t)in->uid,
		(int64_t)in->oversize, (int64_t)in->quiet, h->since, h->sender,
		h->subject, h->reason, h->ticket, or_empty(h->agent),
		or_empty(h->kind), or_empty(h->problem)) == -1)
		return -1;
	m.id = db_last_id(db);
	if (add_code(db, m.id, m.code, e) == -1 ||
	    inbound_done(db, in, h->state, h->ticket, h->reason, e) == -1)
		return -1;
	if (made != NULL)
		*made = m;
	return 0;
}

static void
read_held(const struct query *q, struct arena *a, struct held *h)
{
	*h = (struct held){ .id = db_int(q, 0),
		.raw = db_int(q, 1),
		.since = db_int(q, 2),
		.mailbox = db_copy(q, 3, a),
		.uidvalidity = (uint32_t)db_int(q, 4),
		.uid = (uint32_t)db_int(q, 5),
		.sender = db_copy(q, 6, a),
		.subject = db_copy(q, 7, a),
		.reason = db_copy(q, 8, a),
		.state = db_copy(q, 9, a),
		.ticket = db_int(q, 10),
		.agent = db_copy(q, 11, a),
		.kind = db_copy(q, 12, a),
		.code = db_copy(q, 13, a),
		.problem = db_copy(q, 14, a) };
}

int
held_list(struct db *db, struct arena *a, bool all, struct held **out,
    size_t *n, struct err *e)
{
	struct held *list = NULL;
	size_t cap = 0;
	struct query q;
	int rc;

	*n = 0;
	if (db_query(db, &q, e,
		COLUMNS " WHERE ? OR h.state = 'held' ORDER BY h.id", "i",
		(int64_t)all) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		list = arena_grow(a, list, *n, &cap, sizeof(*list));
		read_held(&q, a, &list[(*n)++]);
	}
	*out = list;
	return rc;
}

/* The only row, if there is one. */
static int
read_one(struct query *q, struct arena *a, struct held *out)
{
	int rc = db_row(q);

	if (rc == -1)
		return -1;
	if (rc == 1)
		read_held(q, a, out);
	else
		*out = (struct held){ 0 };
	db_end(q);
	return 0;
}

int
held_find(struct db *db, struct arena *a, const char *code, const char *agent,
    struct held *out, struct err *e)
{
	char lower[HELD_CODE + 1] = "";
	struct query q;

	for (size_t i = 0; i < HELD_CODE && code[i] != '\0'; i++)
		lower[i] = (char)(code[i] >= 'A' && code[i] <= 'Z'
			? code[i] - 'A' + 'a'
			: code[i]);
	if (strlen(code) != HELD_CODE)
		lower[0] = '\0';
	if (db_query(db, &q, e,
		COLUMNS " WHERE h.state = 'held' AND h.code = ?"
			" AND h.code <> '' AND h.agent = ? AND h.agent <> ''",
		"tt", lower, agent) == -1)
		return -1;
	return read_one(&q, a, out);
}

int
held_load(
    struct db *db, struct arena *a, int64_t id, struct held *out, struct err *e)
{
	struct query q;

	if (db_query(db, &q, e, COLUMNS " WHERE h.id = ?", "i", id) == -1)
		return -1;
	return read_one(&q, a, out);
}

/* Close the held row; ERR_REJECT when there is none that waits. */
static int
held_close(struct db *db, int64_t id, const char *state, struct err *e)
{
	if (db_run(db, e,
		"UPDATE held SET state = ? WHERE id = ? AND state = 'held'",
		"ti", state, id) == -1)
		return -1;
	if (db_changes(db) == 0)
		return err_set(e, ERR_REJECT,
		    "no held mail %lld; 'deskd held list' shows them",
		    (long long)id);
	return 0;
}

int
held_release(
    struct db *db, int64_t id, const struct held_way *way, struct err *e)
{
	static const struct held_way any = { .as = "" };

	way = way == NULL ? &any : way;
	if (held_close(db, id, "released", e) == -1 ||
	    db_run(db, e,
		"UPDATE ledger SET state = 'stored', reason = 'released',"
		" ticket = NULL WHERE (mailbox, uidvalidity, uid) IN"
		" (SELECT mailbox, uidvalidity, uid FROM held WHERE id = ?)",
		"i", id) == -1)
		return -1;
	return db_run(db, e,
	    "INSERT INTO inbound(raw, mailbox, uidvalidity, uid, oversize,"
	    " quiet, released, release_as, release_agent, release_ticket)"
	    " SELECT raw, mailbox, uidvalidity, uid, oversize, quiet, 1,"
	    " ?, ?, ? FROM held WHERE id = ?",
	    "ttii", or_empty(way->as), or_empty(way->agent), way->ticket, id);
}

/* It waits no more, and nothing is done with it. */
static int
drop(struct db *db, int64_t id, const char *reason, struct err *e)
{
	if (held_close(db, id, "dropped", e) == -1)
		return -1;
	return db_run(db, e,
	    "UPDATE ledger SET state = 'filed', reason = ?"
	    " WHERE (mailbox, uidvalidity, uid) IN"
	    " (SELECT mailbox, uidvalidity, uid FROM held WHERE id = ?)",
	    "ti", reason, id);
}

int
held_drop(struct db *db, int64_t id, struct err *e)
{
	return drop(db, id, "dropped by hand", e);
}

int
held_question(struct db *db, int64_t id, int64_t serial, struct err *e)
{
	return db_run(db, e, "UPDATE held SET question = ? WHERE id = ?", "ii",
	    serial, id);
}

int
held_replace(struct db *db, int64_t ticket, int64_t serial, const char *agent,
    struct err *e)
{
	int64_t id = 0;
	bool found = false;

	if (db_number(db, &id, &found, e,
		"SELECT id FROM held WHERE state = 'held' AND ticket = ?"
		" AND question = ? AND agent = ? AND question <> 0",
		"iit", ticket, serial, agent) == -1)
		return -1;
	return found ? drop(db, id, "another answer took its place", e) : 0;
}
