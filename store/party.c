/* Who takes part, and what was said.  See the header. */
#include "store/party.h"

#include <string.h>

#include "rules/ticket.h"

/* Ids that the requester's side has seen: of an agent's answer that is the id
 * of our letter, never that of his own mail. */
#define IDS                                                       \
	"SELECT id, coalesce((SELECT o.message_id FROM outbox o"  \
	" WHERE o.id = message.letter), message_id) AS seen"      \
	" FROM message WHERE ticket = ?1 AND direction <> 'note'" \
	" AND message_id <> '' AND class NOT IN ('forward', 'call', 'command')"

#define THREAD_FIRST 1
#define THREAD_LAST  9

int
party_list(struct db *db, struct arena *a, int64_t ticket, struct party **out,
    size_t *n, struct err *e)
{
	struct party *list = NULL;
	size_t cap = 0;
	struct query q;
	int rc, role;

	*n = 0;
	if (db_query(db, &q, e,
		"SELECT address, name, role FROM participant WHERE ticket = ?"
		" ORDER BY address LIMIT ?",
		"ii", ticket, (int64_t)PARTY_MAX) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		role = word_index(part_role_names, ROLE_COUNT, db_text(&q, 2));
		list = arena_grow(a, list, *n, &cap, sizeof(*list));
		list[(*n)++] = (struct party){ .address = db_copy(&q, 0, a),
			.name = db_copy(&q, 1, a),
			.role = role < 0 ? ROLE_CC : (enum part_role)role };
	}
	*out = list;
	return rc;
}

int
party_words(struct db *db, struct arena *a, const struct party_ask *ask,
    struct party_words **out, size_t *n, struct err *e)
{
	struct party_words *list = NULL;
	size_t cap = 0;
	struct query q;
	int rc, way;

	*n = 0;
	if (db_query(db, &q, e,
		"SELECT id, received, sender, sender_name, direction,"
		" substr(coalesce(new_text, text), 1, ?) FROM message"
		" WHERE ticket = ? AND class = 'human'"
		" ORDER BY id DESC LIMIT ?",
		"iii", (int64_t)PARTY_TEXT, ask->ticket,
		(int64_t)ask->most) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		way = word_index(
		    direction_names, DIRECTION_COUNT, db_text(&q, 4));
		list = arena_grow(a, list, *n, &cap, sizeof(*list));
		list[(*n)++] = (struct party_words){ .id = db_int(&q, 0),
			.received = db_int(&q, 1),
			.sender = db_copy(&q, 2, a),
			.name = db_copy(&q, 3, a),
			.direction = way < 0 ? DIRECTION_NOTE
					     : (enum direction)way,
			.text = db_copy(&q, 5, a) };
	}
	*out = list;
	return rc;
}

/* The last mail of the requester's side: of him who is the requester now, or of
 * one in Cc.  What anybody else wrote is not shown to them. */
static int
last_mail(struct db *db, struct arena *a, const struct ticket *t,
    struct party_thread *out, struct err *e)
{
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"SELECT message_id, sender_name, date, thread_index,"
		" substr(coalesce(new_text, text), 1, ?1) FROM message"
		" WHERE ticket = ?2 AND direction = 'in'"
		" AND class NOT IN ('forward', 'call')"
		" AND (lower(sender) = ?3 OR lower(sender) IN (SELECT address"
		"  FROM participant WHERE ticket = ?2 AND role <> 'watcher'))"
		" ORDER BY id DESC LIMIT 1",
		"iit", (int64_t)PARTY_TEXT, t->number, t->requester) == -1)
		return -1;
	rc = db_row(&q);
	if (rc != 1)
		return rc;
	out->message_id = db_copy(&q, 0, a);
	out->name = db_copy(&q, 1, a);
	out->date = db_int(&q, 2);
	out->thread_index = db_copy(&q, 3, a);
	out->text = db_copy(&q, 4, a);
	db_end(&q);
	return 0;
}

int
party_thread(struct db *db, struct arena *a, const struct ticket *t,
    struct party_thread *out, struct err *e)
{
	struct query q;
	int rc;

	*out = (struct party_thread){ 0 };
	if (last_mail(db, a, t, out, e) == -1 ||
	    db_query(db, &q, e,
		"SELECT seen FROM (SELECT * FROM (" IDS
		" ORDER BY id LIMIT ?2) UNION SELECT * FROM (" IDS
		" ORDER BY id DESC LIMIT ?3)) ORDER BY id",
		"iii", t->number, (int64_t)THREAD_FIRST,
		(int64_t)THREAD_LAST) == -1)
		return -1;
	out->ids = arena_calloc(
	    a, THREAD_FIRST + THREAD_LAST, sizeof(*out->ids));
	while ((rc = db_row(&q)) == 1)
		out->ids[out->ids_n++] = db_copy(&q, 0, a);
	return rc;
}
