/* The ledger: every UID a server ever showed us, and what became of it. */
#include <string.h>

#include "store/inbound.h"

int
ledger_has(
    struct db *db, const struct ledger_key *key, bool *has, struct err *e)
{
	int64_t one;

	return db_number(db, &one, has, e,
	    "SELECT 1 FROM ledger"
	    " WHERE mailbox = ? AND uidvalidity = ? AND uid = ?",
	    "iii", key->mailbox, (int64_t)key->uidvalidity, (int64_t)key->uid);
}

int
ledger_note(struct db *db, const struct ledger_key *key, const char *state,
    const char *reason, struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO ledger(mailbox, uidvalidity, uid, state, reason,"
	    " marked) VALUES(?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING",
	    "iiitt", key->mailbox, (int64_t)key->uidvalidity, (int64_t)key->uid,
	    state, reason);
}

int
ledger_ruled(struct db *db, const struct ledger_key *key, struct err *e)
{
	return db_run(db, e,
	    "UPDATE ledger SET ruled ="
	    " (SELECT value FROM meta WHERE key = 'next_ticket')"
	    " WHERE mailbox = ? AND uidvalidity = ? AND uid = ?",
	    "iii", key->mailbox, (int64_t)key->uidvalidity, (int64_t)key->uid);
}

int
ledger_unmarked(struct db *db, int64_t mailbox, uint32_t uidvalidity,
    bool worked_only, struct ledger_marks *out, struct err *e)
{
	struct query q;
	int rc;

	out->n = 0;
	if (db_query(db, &q, e,
		"SELECT uid, state IN ('held', 'loop_held') FROM ledger"
		" WHERE marked = 0 AND mailbox = ? AND uidvalidity = ?"
		" AND (? = 0 OR state <> 'stored') ORDER BY uid LIMIT ?",
		"iiii", mailbox, (int64_t)uidvalidity, (int64_t)worked_only,
		(int64_t)out->max) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		out->rejected[out->n] = db_int(&q, 1) != 0;
		out->uids[out->n++] = (uint32_t)db_int(&q, 0);
	}
	return rc;
}

int
ledger_marked(struct db *db, int64_t mailbox, uint32_t uidvalidity,
    const uint32_t *uids, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (db_run(db, e,
			"UPDATE ledger SET marked = 1 WHERE mailbox = ?"
			" AND uidvalidity = ? AND uid = ?",
			"iii", mailbox, (int64_t)uidvalidity,
			(int64_t)uids[i]) == -1)
			return -1;
	return 0;
}

static void
read_row(const struct query *q, struct arena *a, struct ledger_row *r)
{
	*r = (struct ledger_row){ .mailbox = db_copy(q, 0, a),
		.uidvalidity = (uint32_t)db_int(q, 1),
		.uid = (uint32_t)db_int(q, 2),
		.state = db_copy(q, 3, a),
		.raw = db_int(q, 4),
		.ticket = db_int(q, 5),
		.reason = db_null(q, 6) ? NULL : db_copy(q, 6, a),
		.marked = db_int(q, 7) != 0 };
}

int
ledger_list(struct db *db, struct arena *a, const char *mailbox,
    struct ledger_row **rows, size_t *n, struct err *e)
{
	struct ledger_row *list = NULL;
	size_t cap = 0;
	struct query q;
	int rc;

	*n = 0;
	if (db_query(db, &q, e,
		"SELECT m.name, l.uidvalidity, l.uid, l.state, l.raw,"
		" l.ticket, l.reason, l.marked FROM ledger l"
		" JOIN mailbox m ON m.id = l.mailbox"
		" WHERE ?1 IS NULL OR m.name = ?1"
		" ORDER BY m.name, l.uidvalidity, l.uid",
		"t", mailbox) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		list = arena_grow(a, list, *n, &cap, sizeof(*list));
		read_row(&q, a, &list[(*n)++]);
	}
	*rows = list;
	return rc;
}
