/* Mails that rules were asked about.  See the header. */
#include "store/replay.h"

#include "store/tickets.h"

/* Mails without a ticket, because of a rule. */
#define RULED                                                 \
	" FROM ledger AS l INDEXED BY ledger_ruled"           \
	" JOIN raw AS r ON r.id = l.raw"                      \
	" JOIN mailbox AS b ON b.id = l.mailbox"              \
	" WHERE l.ruled = 1 AND l.state IN ('held', 'filed')" \
	" AND r.received >= ?"

int
replay_count(struct db *db, int64_t since, int64_t *n, struct err *e)
{
	return db_number(db, n, NULL, e,
	    "SELECT (SELECT count(*) FROM ticket WHERE created >= ?) +"
	    " (SELECT count(*)" RULED ")",
	    "ii", since, since);
}

/* A change of a person or a clock; the first mail's own events are "mail". */
#define TOUCHED                                                           \
	"EXISTS(SELECT 1 FROM event AS v WHERE v.ticket = t.number"       \
	" AND v.who <> 'mail' AND v.what IN ('team', 'category', 'type'," \
	" 'priority', 'impact', 'urgency'))"

static int
read_tickets(struct db *db, struct arena *a, const struct replay_window *w,
    struct replay_row *list, size_t *n, struct err *e)
{
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"SELECT t.number, m.raw, m.received, coalesce(b.name, ''),"
		" coalesce(l.ruled, 0) OR " TOUCHED ", r.size"
		" FROM ticket AS t"
		" JOIN message AS m ON m.id = (SELECT min(id) FROM message"
		" WHERE ticket = t.number AND raw IS NOT NULL)"
		" JOIN raw AS r ON r.id = m.raw"
		" LEFT JOIN ledger AS l ON l.ticket = t.number"
		" AND l.raw = m.raw AND l.state <> 'dup_of'"
		" LEFT JOIN mailbox AS b ON b.id = l.mailbox"
		" WHERE t.number > ? AND t.created >= ?"
		" ORDER BY t.number LIMIT ?",
		"iii", w->ticket, w->since, (int64_t)w->max) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1)
		list[(*n)++] = (struct replay_row){
			.ticket.number = db_int(&q, 0),
			.raw = db_int(&q, 1),
			.received = db_int(&q, 2),
			.mailbox = db_copy(&q, 3, a),
			.touched = db_int(&q, 4) != 0,
			.size = db_int(&q, 5),
		};
	return rc;
}

static int
read_ruled(struct db *db, struct arena *a, struct replay_window *w,
    struct replay_row *list, size_t *n, struct err *e)
{
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"SELECT l.mailbox, l.uidvalidity, l.uid, l.state = 'held',"
		" r.id, r.received, r.size, b.name" RULED
		" AND (l.mailbox, l.uidvalidity, l.uid) > (?, ?, ?)"
		" ORDER BY l.mailbox, l.uidvalidity, l.uid LIMIT ?",
		"iiiii", w->since, w->mailbox, w->uidvalidity, w->uid,
		(int64_t)w->max) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		w->mailbox = db_int(&q, 0);
		w->uidvalidity = db_int(&q, 1);
		w->uid = db_int(&q, 2);
		list[(*n)++] = (struct replay_row){
			.end = db_int(&q, 3) != 0 ? REPLAY_HELD
						  : REPLAY_DROPPED,
			.ticket = ticket_blank,
			.raw = db_int(&q, 4),
			.received = db_int(&q, 5),
			.size = db_int(&q, 6),
			.mailbox = db_copy(&q, 7, a),
			.uid = w->uid,
		};
	}
	return rc;
}

int
replay_next(struct db *db, struct arena *a, struct replay_window *w,
    struct replay_row **out, size_t *n, struct err *e)
{
	struct replay_row *list = arena_calloc(a, w->max, sizeof(*list));

	*n = 0;
	*out = list;
	if (!w->tickets_done && read_tickets(db, a, w, list, n, e) == -1)
		return -1;
	w->tickets_done = *n == 0;
	if (w->tickets_done)
		return read_ruled(db, a, w, list, n, e);
	for (size_t i = 0; i < *n; i++)
		if (tickets_load(
			db, a, list[i].ticket.number, &list[i].ticket, e) == -1)
			return -1;
	w->ticket = list[*n - 1].ticket.number;
	return 0;
}
