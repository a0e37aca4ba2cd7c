/* Tickets and the mails that began them.  See the header. */
#include "store/replay.h"

#include "store/tickets.h"

int
replay_count(struct db *db, int64_t since, int64_t *n, struct err *e)
{
	return db_number(db, n, NULL, e,
	    "SELECT count(*) FROM ticket WHERE created >= ?", "i", since);
}

/* A change of a person or a clock; the first mail's own events are "mail". */
#define TOUCHED                                                           \
	"EXISTS(SELECT 1 FROM event AS v WHERE v.ticket = t.number"       \
	" AND v.who <> 'mail' AND v.what IN ('team', 'category', 'type'," \
	" 'priority', 'impact', 'urgency'))"

static int
read_rows(struct db *db, struct arena *a, const struct replay_window *w,
    struct replay_row *list, size_t *n, struct err *e)
{
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"SELECT t.number, m.raw, m.received, coalesce(b.name, ''),"
		" " TOUCHED " FROM ticket AS t"
		" JOIN message AS m ON m.id = (SELECT min(id) FROM message"
		" WHERE ticket = t.number AND raw IS NOT NULL)"
		" LEFT JOIN ledger AS l ON l.ticket = t.number"
		" AND l.raw = m.raw"
		" LEFT JOIN mailbox AS b ON b.id = l.mailbox"
		" WHERE t.number > ? AND t.created >= ?"
		" ORDER BY t.number LIMIT ?",
		"iii", w->after, w->since, (int64_t)w->max) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1)
		list[(*n)++] = (struct replay_row){
			.ticket.number = db_int(&q, 0),
			.raw = db_int(&q, 1),
			.received = db_int(&q, 2),
			.mailbox = db_copy(&q, 3, a),
			.touched = db_int(&q, 4) != 0,
		};
	return rc;
}

int
replay_next(struct db *db, struct arena *a, const struct replay_window *w,
    struct replay_row **out, size_t *n, struct err *e)
{
	struct replay_row *list = arena_calloc(a, w->max, sizeof(*list));

	*n = 0;
	if (read_rows(db, a, w, list, n, e) == -1)
		return -1;
	for (size_t i = 0; i < *n; i++)
		if (tickets_load(
			db, a, list[i].ticket.number, &list[i].ticket, e) == -1)
			return -1;
	*out = list;
	return 0;
}
