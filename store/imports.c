/* Where an import stands and what became of its mails. */
#include "store/imports.h"

#include <stddef.h>
#include <string.h>

int
imports_get(struct db *db, const char *path, struct import_row *out,
    bool *found, struct err *e)
{
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"SELECT position, size, print, updated FROM import"
		" WHERE path = ?",
		"t", path) == -1)
		return -1;
	rc = db_row(&q);
	if (rc == -1)
		return -1;
	*found = rc == 1;
	if (rc == 1) {
		*out = (struct import_row){
			.position = (uint64_t)db_int(&q, 0),
			.size = (uint64_t)db_int(&q, 1),
			.print = db_int(&q, 2),
			.updated = db_int(&q, 3),
		};
		db_end(&q);
	}
	return 0;
}

int
imports_set(struct db *db, const char *path, const struct import_row *row,
    struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO import(path, position, size, print, updated)"
	    " VALUES(?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
	    " position = excluded.position, size = excluded.size,"
	    " print = excluded.print, updated = excluded.updated",
	    "tiiii", path, (int64_t)row->position, (int64_t)row->size,
	    row->print, row->updated);
}

int
imports_last_uid(struct db *db, int64_t mailbox, uint32_t *uid, struct err *e)
{
	int64_t last = 0;

	if (db_number(db, &last, NULL, e,
		"SELECT coalesce(max(uid), 0) FROM ledger"
		" WHERE mailbox = ? AND uidvalidity = ?",
		"ii", mailbox, (int64_t)IMPORT_UIDVALIDITY) == -1)
		return -1;
	*uid = (uint32_t)last;
	return 0;
}

static const struct {
	const char *state;
	size_t member;
} members[] = {
	{ "stored", offsetof(struct import_sum, stored) },
	{ "new", offsetof(struct import_sum, new) },
	{ "append", offsetof(struct import_sum, append) },
	{ "variant", offsetof(struct import_sum, append) },
	{ "oversize", offsetof(struct import_sum, append) },
	{ "dup_of", offsetof(struct import_sum, copies) },
	{ "event", offsetof(struct import_sum, events) },
	{ "filed", offsetof(struct import_sum, filed) },
	{ "own", offsetof(struct import_sum, filed) },
	{ "held", offsetof(struct import_sum, held) },
	{ "loop_held", offsetof(struct import_sum, held) },
};

static void
add(struct import_sum *sum, const char *state, int64_t n)
{
	sum->mails += n;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (strcmp(members[i].state, state) == 0)
			*(int64_t *)(void *)((char *)sum +
			    members[i].member) += n;
}

int
imports_sum(struct db *db, int64_t mailbox, uint32_t after,
    struct import_sum *out, struct err *e)
{
	struct import_sum sum = { 0 };
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"SELECT state, count(*) FROM ledger WHERE mailbox = ?"
		" AND uidvalidity = ? AND uid > ? GROUP BY state",
		"iii", mailbox, (int64_t)IMPORT_UIDVALIDITY,
		(int64_t)after) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1)
		add(&sum, db_text(&q, 0), db_int(&q, 1));
	if (rc == 0)
		*out = sum;
	return rc;
}
