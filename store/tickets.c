/* Reading tickets: one, many, their tags, links, messages and history. */
#include "store/tickets.h"

#include "parser/buf.h"

#define TICKET_COLUMNS                                                         \
	"number, subject, type, status, impact, urgency, priority, category,"  \
	" team, tier, assignee, requester, requester_name, language, created," \
	" updated, resolved, closed, merged_into, serial, revision, pinned,"   \
	" staff_serial, vendor_serial, until, nudge, end_at"

/* A word of ours back to its number; a word we do not know is the first. */
static int
word(const char *const *names, int count, const char *text)
{
	int i = word_index(names, count, text);

	return i < 0 ? 0 : i;
}

static void
read_ticket(const struct query *q, struct arena *a, struct ticket *t)
{
	*t = (struct ticket){ .number = db_int(q, 0),
		.subject = db_copy(q, 1, a),
		.type = (enum type)word(type_names, TYPE_COUNT, db_text(q, 2)),
		.status = (enum status)word(
		    status_names, STATUS_COUNT, db_text(q, 3)),
		.impact = (enum level)word(
		    level_names, LEVEL_COUNT, db_text(q, 4)),
		.urgency = (enum level)word(
		    level_names, LEVEL_COUNT, db_text(q, 5)),
		.priority = (enum priority)word(
		    priority_names, PRIORITY_COUNT, db_text(q, 6)),
		.category = db_copy(q, 7, a),
		.team = db_copy(q, 8, a),
		.tier = (int)db_int(q, 9),
		.assignee = db_copy(q, 10, a),
		.requester = db_copy(q, 11, a),
		.requester_name = db_copy(q, 12, a),
		.language = db_copy(q, 13, a),
		.created = db_int(q, 14),
		.updated = db_int(q, 15),
		.resolved = db_int(q, 16),
		.closed = db_int(q, 17),
		.merged_into = db_int(q, 18),
		.serial = db_int(q, 19),
		.revision = db_int(q, 20),
		.pinned = db_int(q, 21) != 0,
		.staff_serial = db_int(q, 22),
		.vendor_serial = db_int(q, 23),
		.until = db_int(q, 24),
		.nudge = db_int(q, 25),
		.end = db_int(q, 26) };
}

int
tickets_load(struct db *db, struct arena *a, int64_t number, struct ticket *out,
    struct err *e)
{
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"SELECT " TICKET_COLUMNS " FROM ticket WHERE number = ?", "i",
		number) == -1)
		return -1;
	rc = db_row(&q);
	if (rc == 0)
		*out = (struct ticket){ 0 };
	if (rc == 1) {
		read_ticket(&q, a, out);
		db_end(&q);
	}
	return rc == -1 ? -1 : 0;
}

int
tickets_load_survivor(struct db *db, struct arena *a, int64_t number,
    struct ticket *out, struct err *e)
{
	/* Merging refuses circles; the count is for a damaged table. */
	for (int hops = 0; hops < 100; hops++) {
		if (tickets_load(db, a, number, out, e) == -1)
			return -1;
		if (out->merged_into == 0)
			return 0;
		number = out->merged_into;
	}
	return err_set(e, ERR_BUG, "tickets are merged in a circle");
}

int
tickets_next_number(struct db *db, int64_t *number, struct err *e)
{
	return meta_get(db, "next_ticket", number, e);
}

int
tickets_take_number(struct db *db, int64_t *number, struct err *e)
{
	if (meta_get(db, "next_ticket", number, e) == -1)
		return -1;
	return meta_set(db, "next_ticket", *number + 1, e);
}

/*
 * One statement serves every filter: a test that is NULL or 0 does not count.
 * The requester may be an address, "@domain", or a part of address or name.
 */
#define FILTER                                                              \
	" WHERE (?1 IS NULL OR status = ?1)"                                \
	" AND (?2 = 0 OR status <> 'closed') AND (?3 IS NULL OR team = ?3)" \
	" AND (?4 IS NULL OR assignee = ?4)"                                \
	" AND (?5 IS NULL OR requester = ?5"                                \
	"  OR substr(?5, 1, 1) = '@'"                                       \
	"   AND substr(requester, -length(?5)) = ?5"                        \
	"  OR instr(?5, '@') = 0 AND (instr(requester, ?5) > 0"             \
	"   OR instr(lower(requester_name), ?5) > 0))"                      \
	" AND (?6 IS NULL OR EXISTS"                                        \
	"  (SELECT 1 FROM tag WHERE ticket = number AND tag = ?6))"         \
	" AND (?7 IS NULL OR category = ?7 OR"                              \
	"  substr(category, 1, length(?7) + 1) = ?7 || '/')"                \
	" AND (?8 IS NULL OR priority = ?8) AND (?9 IS NULL OR type = ?9)"  \
	" AND created >= ?10 AND (?11 = 0 OR tier = ?11)"

struct listing {
	const char *sql;
	const struct ticket_filter *f;
	const char *found; /* JSON array of numbers, or NULL */
};

static int
list(struct db *db, struct arena *a, const struct listing *l,
    struct ticket **out, size_t *n, struct err *e)
{
	const struct ticket_filter *f = l->f;
	struct ticket *t = NULL;
	size_t cap = 0, got = 0;
	struct query q;
	int rc;

	if (db_query(db, &q, e, l->sql,
		"tittttt"
		"ttiiit",
		f->status, (int64_t)f->live, f->team, f->assignee, f->requester,
		f->tag, f->category, f->priority, f->type, f->since,
		(int64_t)f->tier,
		f->limit > 0 ? (int64_t)f->limit : (int64_t)-1, l->found) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		t = arena_grow(a, t, got, &cap, sizeof(*t));
		read_ticket(&q, a, &t[got++]);
	}
	if (rc == 0) {
		*out = t;
		*n = got;
	}
	return rc;
}

/* The tickets of the hits, best first, as a JSON array for the statement. */
static char *
found_tickets(struct arena *a, const struct hit *hits, size_t n)
{
	struct buf b;
	char *text;

	buf_init(&b, 0);
	buf_char(&b, '[');
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < i && hits[k].ticket != hits[i].ticket)
			k++;
		if (k == i)
			buf_printf(&b, "%s%lld", i > 0 ? "," : "",
			    (long long)hits[i].ticket);
	}
	buf_char(&b, ']');
	text = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return text;
}

int
tickets_list(struct db *db, struct arena *a, const struct ticket_filter *f,
    struct ticket **out, size_t *n, struct err *e)
{
	static const char by_age[] =
	    "SELECT " TICKET_COLUMNS " FROM ticket" FILTER
	    " AND ?13 IS NULL ORDER BY number LIMIT ?12";
	static const char newest[] =
	    "SELECT " TICKET_COLUMNS " FROM ticket" FILTER
	    " AND ?13 IS NULL ORDER BY number DESC LIMIT ?12";
	static const char by_words[] =
	    "SELECT " TICKET_COLUMNS
	    " FROM (SELECT key AS place, value AS found FROM json_each(?13))"
	    " CROSS JOIN ticket ON number = found" FILTER
	    " ORDER BY place LIMIT ?12";
	struct listing l = { .sql = f->newest ? newest : by_age, .f = f };
	struct search words = { f->words, true, SEARCH_MAX };
	struct hit *hits = NULL;
	size_t hits_n = 0;

	if (f->words == NULL)
		return list(db, a, &l, out, n, e);
	if (f->hits == NULL &&
	    search_messages(db, a, &words, &hits, &hits_n, e) == -1)
		return -1;
	l.sql = by_words;
	l.found = f->hits != NULL ? found_tickets(a, f->hits, f->hits_n)
				  : found_tickets(a, hits, hits_n);
	return list(db, a, &l, out, n, e);
}

static int
read_links(struct db *db, struct arena *a, int64_t number,
    struct ticket_tags *out, struct err *e)
{
	size_t cap = 0;
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"SELECT kind, other FROM link WHERE ticket = ?"
		" ORDER BY kind, other",
		"i", number) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		out->links = arena_grow(
		    a, out->links, out->links_n, &cap, sizeof(*out->links));
		out->links[out->links_n].kind = db_copy(&q, 0, a);
		out->links[out->links_n++].other = db_int(&q, 1);
	}
	return rc;
}

int
tickets_tags(struct db *db, struct arena *a, int64_t number,
    struct ticket_tags *out, struct err *e)
{
	size_t cap = 0;
	struct query q;
	int rc;

	*out = (struct ticket_tags){ 0 };
	if (db_query(db, &q, e,
		"SELECT tag FROM tag WHERE ticket = ? ORDER BY tag", "i",
		number) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		out->tags = arena_grow(
		    a, out->tags, out->tags_n, &cap, sizeof(*out->tags));
		out->tags[out->tags_n++] = db_copy(&q, 0, a);
	}
	return rc == -1 ? -1 : read_links(db, a, number, out, e);
}

static void
read_message(const struct query *q, struct arena *a, struct message *m)
{
	*m = (struct message){ .id = db_int(q, 0),
		.ticket = db_int(q, 1),
		.direction = db_copy(q, 2, a),
		.raw = db_int(q, 3),
		.letter = db_int(q, 4),
		.class = db_copy(q, 5, a),
		.sender = db_copy(q, 6, a),
		.sender_name = db_copy(q, 7, a),
		.date = db_int(q, 8),
		.received = db_int(q, 9),
		.message_id = db_copy(q, 10, a),
		.subject = db_copy(q, 11, a),
		.text = db_copy(q, 12, a),
		.attachments = db_null(q, 14) ? NULL : db_copy(q, 14, a) };
	m->new_text = db_null(q, 13) ? m->text : db_copy(q, 13, a);
}

int
messages_list(struct db *db, struct arena *a, int64_t ticket,
    struct message **out, size_t *n, struct err *e)
{
	struct message *list = NULL;
	size_t cap = 0;
	struct query q;
	int rc;

	*n = 0;
	if (db_query(db, &q, e,
		"SELECT id, ticket, direction, raw, letter, class, sender,"
		" sender_name, date, received, message_id, subject,"
		" iif(class = 'withdrawn', '', text),"
		" iif(class = 'withdrawn', NULL, new_text),"
		" iif(class = 'withdrawn', NULL, attachments)"
		" FROM message WHERE ticket IN (WITH RECURSIVE one(number) AS"
		"  (SELECT ?1 UNION SELECT t.number FROM ticket AS t"
		"   JOIN one ON t.merged_into = one.number"
		"   WHERE t.merged_into <> 0) SELECT number FROM one)"
		" ORDER BY id",
		"i", ticket) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		list = arena_grow(a, list, *n, &cap, sizeof(*list));
		read_message(&q, a, &list[(*n)++]);
	}
	*out = list;
	return rc;
}

int
events_list(struct db *db, struct arena *a, int64_t ticket, struct event **out,
    size_t *n, struct err *e)
{
	struct event *list = NULL;
	size_t cap = 0;
	struct query q;
	int rc;

	*n = 0;
	if (db_query(db, &q, e,
		"SELECT id, ticket, time, who, what, old, new, why, conf,"
		" act, ref"
		" FROM event WHERE ticket = ? ORDER BY id",
		"i", ticket) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		list = arena_grow(a, list, *n, &cap, sizeof(*list));
		list[(*n)++] = (struct event){ .id = db_int(&q, 0),
			.ticket = db_int(&q, 1),
			.time = db_int(&q, 2),
			.who = db_copy(&q, 3, a),
			.what = db_copy(&q, 4, a),
			.old = db_null(&q, 5) ? NULL : db_copy(&q, 5, a),
			.new = db_null(&q, 6) ? NULL : db_copy(&q, 6, a),
			.why = db_copy(&q, 7, a),
			.conf = db_int(&q, 8),
			.act = db_int(&q, 9),
			.ref = db_int(&q, 10) };
	}
	*out = list;
	return rc;
}
