/* Mails that rules were asked about.  See the header. */
#include "store/replay.h"

#include <string.h>

#include "store/tickets.h"

/* Mails without a ticket, because of a rule. */
#define RULED                                                 \
	" FROM ledger AS l INDEXED BY ledger_ruled"           \
	" JOIN raw AS r ON r.id = l.raw"                      \
	" JOIN mailbox AS b ON b.id = l.mailbox"              \
	" WHERE l.ruled > 0 AND l.state IN ('held', 'filed')" \
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
		" coalesce(l.ruled, 0) <> 0 OR " TOUCHED ","
		" r.size, t.key, t.begun"
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
			.key = db_int(&q, 6),
			.begun = db_int(&q, 7),
			.below = db_int(&q, 0),
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
		" r.id, r.received, r.size, b.name, l.ruled" RULED
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
			.below = db_int(&q, 8),
		};
	}
	return rc;
}

/* Back to what a field was. */
static void
undo(struct ticket *t, const char *what, char *old)
{
	int n;

	if (strcmp(what, "team") == 0)
		t->team = old;
	else if (strcmp(what, "category") == 0)
		t->category = old;
	else if (strcmp(what, "type") == 0 &&
	    (n = word_index(type_names, TYPE_COUNT, old)) >= 0)
		t->type = (enum type)n;
	else if (strcmp(what, "impact") == 0 &&
	    (n = word_index(level_names, LEVEL_COUNT, old)) >= 0)
		t->impact = (enum level)n;
	else if (strcmp(what, "urgency") == 0 &&
	    (n = word_index(level_names, LEVEL_COUNT, old)) >= 0)
		t->urgency = (enum level)n;
	else if (strcmp(what, "priority") == 0 &&
	    (n = word_index(priority_names, PRIORITY_COUNT, old)) >= 0)
		t->priority = (enum priority)n;
	else if (strcmp(what, "pinned") == 0)
		t->pinned = strcmp(old, "yes") == 0;
}

/* The ticket as its first mail left it: rules on replies have changed it since,
 * and they are not asked about that mail.  Newest first. */
static int
load_begun(
    struct db *db, struct arena *a, struct replay_row *row, struct err *e)
{
	int64_t number = row->ticket.number;
	struct query q;
	int rc;

	if (tickets_load(db, a, number, &row->ticket, e) == -1 ||
	    db_query(db, &q, e,
		"SELECT what, coalesce(old, '') FROM event"
		" WHERE ticket = ? AND id > ? ORDER BY id DESC",
		"ii", number, row->begun) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1)
		undo(&row->ticket, db_text(&q, 0), db_copy(&q, 1, a));
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
		if (load_begun(db, a, &list[i], e) == -1)
			return -1;
	w->ticket = list[*n - 1].ticket.number;
	return 0;
}
