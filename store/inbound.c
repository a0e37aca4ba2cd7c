/*
 * Mail on its way in: mailboxes, the moment a mail becomes ours, the work list.
 */
#include "store/inbound.h"

#include "parser/limits.h"
#include "store/raw.h"

/* A mail tried more often than this lets all others pass. */
#define PATIENT_TRIES 2

/* Work may die of a kill or of the power; only when it dies over the same mail
 * more often than this is the mail to blame. */
#define PATIENT_DEATHS 8

int
mailbox_find(
    struct db *db, const char *name, struct mailbox_row *out, struct err *e)
{
	struct query q;
	int rc;

	*out = (struct mailbox_row){ 0 };
	if (db_query(db, &q, e,
		"SELECT id, uidvalidity, last_uid, scanned, polled"
		" FROM mailbox WHERE name = ?",
		"t", name) == -1)
		return -1;
	rc = db_row(&q);
	if (rc != 1)
		return rc;
	*out = (struct mailbox_row){ .id = db_int(&q, 0),
		.uidvalidity = (uint32_t)db_int(&q, 1),
		.last_uid = (uint32_t)db_int(&q, 2),
		.scanned = db_int(&q, 3),
		.polled = db_int(&q, 4) };
	db_end(&q);
	return 0;
}

int
mailbox_get(
    struct db *db, const char *name, struct mailbox_row *out, struct err *e)
{
	if (db_run(db, e,
		"INSERT INTO mailbox(name) VALUES(?) ON CONFLICT DO NOTHING",
		"t", name) == -1)
		return -1;
	return mailbox_find(db, name, out, e);
}

int
mailbox_epoch(
    struct db *db, int64_t mailbox, uint32_t uidvalidity, struct err *e)
{
	if (db_run(db, e,
		"UPDATE ledger SET marked = 1"
		" WHERE mailbox = ? AND uidvalidity <> ? AND marked = 0",
		"ii", mailbox, (int64_t)uidvalidity) == -1)
		return -1;
	return db_run(db, e,
	    "UPDATE mailbox SET uidvalidity = ?, last_uid = 0, scanned = 0"
	    " WHERE id = ?",
	    "ii", (int64_t)uidvalidity, mailbox);
}

int
mailbox_seen(struct db *db, int64_t mailbox, uint32_t last_uid, int64_t now,
    struct err *e)
{
	return db_run(db, e,
	    "UPDATE mailbox SET last_uid = max(last_uid, ?), polled = ?"
	    " WHERE id = ?",
	    "iii", (int64_t)last_uid, now, mailbox);
}

int
mailbox_scanned(struct db *db, int64_t mailbox, int64_t now, struct err *e)
{
	return db_run(db, e, "UPDATE mailbox SET scanned = ? WHERE id = ?",
	    "ii", now, mailbox);
}

/* The raw row of a mail: the one we have already, or a new one. */
static int
store_raw(
    struct db *db, const struct inbound_new *n, int64_t *raw, struct err *e)
{
	const struct raw_new *m = n->mail != NULL ? n->mail : n->finish;
	int64_t have = 0;

	if (m == NULL) {
		*raw = n->raw;
		return 0;
	}
	if (raw_find(db, m->sha256, m->size, &have, e) == -1)
		return -1;
	if (have != 0) {
		*raw = have;
		return n->finish != NULL ? raw_remove(db, n->raw, e) : 0;
	}
	if (n->finish != NULL) {
		*raw = n->raw;
		return raw_finish(db, n->raw, m, e);
	}
	return raw_add(db, m, raw, e);
}

int
inbound_add(
    struct db *db, const struct inbound_new *n, bool *fresh, struct err *e)
{
	struct ledger_key key = { .mailbox = n->mailbox,
		.uidvalidity = n->uidvalidity,
		.uid = n->uid };
	int64_t raw = 0;
	bool has = false;

	if (ledger_has(db, &key, &has, e) == -1)
		return -1;
	if (has) {
		*fresh = false;
		return n->finish != NULL ? raw_remove(db, n->raw, e) : 0;
	}
	if (store_raw(db, n, &raw, e) == -1)
		return -1;
	if (db_run(db, e,
		"INSERT INTO ledger(mailbox, uidvalidity, uid, state, raw,"
		" marked) VALUES(?, ?, ?, 'stored', ?, ?)",
		"iiiii", n->mailbox, (int64_t)n->uidvalidity, (int64_t)n->uid,
		raw, (int64_t)n->marked) == -1)
		return -1;
	*fresh = true;
	return db_run(db, e,
	    "INSERT INTO inbound(raw, mailbox, uidvalidity, uid, oversize,"
	    " quiet) VALUES(?, ?, ?, ?, ?, ?)",
	    "iiiiii", raw, n->mailbox, (int64_t)n->uidvalidity, (int64_t)n->uid,
	    (int64_t)n->oversize, (int64_t)n->quiet);
}

static void
read_inbound(const struct query *q, struct arena *a, struct inbound *in)
{
	*in = (struct inbound){ .id = db_int(q, 0),
		.raw = db_int(q, 1),
		.mailbox = db_int(q, 2),
		.uidvalidity = (uint32_t)db_int(q, 3),
		.uid = (uint32_t)db_int(q, 4),
		.oversize = db_int(q, 5) != 0,
		.quiet = db_int(q, 6) != 0,
		.tries = (int)db_int(q, 7),
		.size = (uint64_t)db_int(q, 8),
		.received = db_int(q, 9),
		.mailbox_name = db_copy(q, 10, a),
		.released = db_int(q, 11) != 0,
		.release_as = db_copy(q, 12, a),
		.release_agent = db_copy(q, 13, a),
		.release_ticket = db_int(q, 14) };
}

/* Is this one more for the batch?  A mail that was tried, or that was in flight
 * when work died, comes alone. */
static bool
fits(const struct inbound *list, size_t n, uint64_t bytes, uint64_t max_bytes,
    int tries, int64_t alone)
{
	if (n == 0)
		return true;
	return list[0].tries == 0 && list[0].id > alone && tries == 0 &&
	    bytes <= max_bytes;
}

int
inbound_next(struct db *db, struct arena *a, const struct inbound_room *room,
    struct inbound **out, size_t *n, struct err *e)
{
	struct inbound *list = arena_calloc(a, room->mails, sizeof(*list));
	uint64_t bytes = 0;
	int64_t alone;
	int rc;

	*n = 0;
	*out = list;
	rc = meta_get(db, "alone", &alone, e);
	for (int hard = 0; hard <= 1 && *n == 0 && rc == 0; hard++) {
		struct query q;

		if (db_query(db, &q, e,
			"SELECT i.id, i.raw, i.mailbox, i.uidvalidity, i.uid,"
			" i.oversize, i.quiet, i.tries, r.size, r.received,"
			" m.name, i.released, i.release_as,"
			" i.release_agent, i.release_ticket"
			" FROM inbound i JOIN raw r ON r.id = i.raw"
			" JOIN mailbox m ON m.id = i.mailbox"
			" WHERE (i.tries > ?) = ? ORDER BY i.id LIMIT ?",
			"iii", (int64_t)PATIENT_TRIES, (int64_t)hard,
			(int64_t)room->mails) == -1)
			return -1;
		while ((rc = db_row(&q)) == 1) {
			bytes += (uint64_t)db_int(&q, 8);
			if (!fits(list, *n, bytes, room->bytes,
				(int)db_int(&q, 7), alone)) {
				db_end(&q);
				rc = 0;
				break;
			}
			read_inbound(&q, a, &list[(*n)++]);
		}
	}
	return rc;
}

/* One more death of work over the same mail; past patience it is charged. */
static int
count_death(struct db *db, int64_t head, bool same, struct err *e)
{
	int64_t deaths = 0;

	if (same && meta_get(db, "deaths", &deaths, e) == -1)
		return -1;
	deaths += same;
	if (deaths > PATIENT_DEATHS && inbound_try(db, head, e) == -1)
		return -1;
	return meta_set(db, "deaths", deaths, e);
}

int
inbound_start(struct db *db, struct err *e)
{
	static const struct inbound_room batch = { WORK_BATCH_MAILS,
		WORK_BATCH_BYTES };
	struct arena a = { 0 };
	struct inbound *in = NULL;
	int64_t head, last, was = 0;
	size_t n = 0;
	int rc = meta_get(db, "working", &was, e);

	if (rc == 0)
		rc = inbound_next(db, &a, &batch, &in, &n, e);
	head = n > 0 ? in[0].id : -1;
	last = n > 0 && was != 0 ? in[n - 1].id : 0;
	arena_done(&a);
	if (rc == -1 || count_death(db, head, was == head && n > 0, e) == -1 ||
	    meta_set(db, "alone", last, e) == -1)
		return -1;
	return meta_set(db, "working", head, e);
}

int
inbound_stop(struct db *db, struct err *e)
{
	return meta_set(db, "working", 0, e);
}

int
inbound_try(struct db *db, int64_t id, struct err *e)
{
	return db_run(db, e,
	    "UPDATE inbound SET tries = tries + 1 WHERE id = ?", "i", id);
}

int
inbound_done(struct db *db, const struct inbound *in, const char *state,
    int64_t ticket, const char *reason, struct err *e)
{
	if (db_run(db, e,
		"UPDATE ledger SET state = ?, ticket = nullif(?, 0),"
		" reason = ? WHERE mailbox = ? AND uidvalidity = ? AND uid = ?",
		"titiii", state, ticket, reason, in->mailbox,
		(int64_t)in->uidvalidity, (int64_t)in->uid) == -1)
		return -1;
	return db_run(db, e, "DELETE FROM inbound WHERE id = ?", "i", in->id);
}
