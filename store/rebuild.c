/* Deriving messages again from raw mail. */
#include "store/rebuild.h"

#include "store/message.h"

int
rebuild_start(struct db *db, struct err *e)
{
	return db_run(db, e, "DELETE FROM msgid", "");
}

int
rebuild_next(struct db *db, struct arena *a, const struct rebuild_window *w,
    struct rebuild_row **out, size_t *n, struct err *e)
{
	struct query q;
	int rc;

	*n = 0;
	*out = arena_calloc(a, w->max, sizeof(**out));
	if (db_query(db, &q, e,
		"SELECT id, ticket, raw, received FROM message"
		" WHERE id > ? AND raw IS NOT NULL ORDER BY id LIMIT ?",
		"ii", w->after, (int64_t)w->max) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1)
		(*out)[(*n)++] = (struct rebuild_row){ .message = db_int(&q, 0),
			.ticket = db_int(&q, 1),
			.raw = db_int(&q, 2),
			.received = db_int(&q, 3) };
	return rc;
}

int
rebuild_message(struct db *db, struct arena *a, const struct rebuild_row *row,
    const struct mail *m, struct err *e)
{
	struct origin o = { .mail = m,
		.raw = row->raw,
		.received = row->received,
		.message = row->message };

	return message_renew(db, a, row->ticket, &o, e);
}

int
rebuild_finish(struct db *db, struct err *e)
{
	if (db_run(db, e, "INSERT INTO search(search) VALUES('rebuild')", "") ==
	    -1)
		return -1;
	return db_run(db, e,
	    "INSERT INTO search_note(search_note) VALUES('rebuild')", "");
}
