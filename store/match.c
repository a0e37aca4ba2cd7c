/* Finding what a mail may belong to. */
#include "store/match.h"

#include <string.h>

#include "parser/buf.h"
#include "parser/decode.h"
#include "parser/msgid.h"
#include "store/tickets.h"

/* Bytes of a Thread-Index that say whose it is, and what fills up a group. */
#define INDEX_HEAD  24
#define INDEX_CHARS 32 /* that many in base64 */

/* Among mails with this Message-ID: one with the same content is a copy, one
 * whose envelope agrees is a variant.  The id alone says nothing (T05). */
static int
copy_by_id(struct db *db, const struct mail *m, enum copy *copy,
    int64_t *ticket, struct err *e)
{
	struct query q;
	size_t n;
	int rc;

	if (db_query(db, &q, e,
		"SELECT m.ticket, m.fingerprint, m.envelope, m.direction = 'in'"
		" FROM msgid i JOIN message m ON m.id = i.message"
		" WHERE i.hash = ? AND i.message <> 0 LIMIT 20",
		"i", db_hash(db, "msgid", m->message_id, NULL)) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		const void *p = db_blob(&q, 1, &n);

		if (n == HASH_SIZE && memcmp(p, m->fingerprint, n) == 0) {
			*copy = COPY_DUPLICATE;
			*ticket = db_int(&q, 0);
			db_end(&q);
			return 0;
		}
		if (db_int(&q, 2) != hash_short(m->envelope_print) ||
		    db_int(&q, 3) == 0)
			continue;
		*copy = COPY_VARIANT;
		*ticket = db_int(&q, 0);
	}
	return rc;
}

int
match_copy(struct db *db, const struct mail *m, enum copy *copy,
    int64_t *ticket, struct err *e)
{
	bool found = false;

	*copy = COPY_NONE;
	if (m->message_id != NULL)
		return copy_by_id(db, m, copy, ticket, e);
	if (db_number(db, ticket, &found, e,
		"SELECT ticket FROM message WHERE message_id = ''"
		" AND print = ? AND print <> 0 AND fingerprint = ?",
		"ib", hash_short(m->fingerprint), m->fingerprint,
		(size_t)HASH_SIZE) == -1)
		return -1;
	if (found)
		*copy = COPY_DUPLICATE;
	return 0;
}

static int64_t
person_of(struct db *db, struct arena *a, const struct mail *m)
{
	const char *from = m->from_addr == NULL ? ""
						: address_key(a, m->from_addr);

	return db_hash(db, "person", from, NULL);
}

int64_t
match_key(
    struct db *db, struct arena *a, const struct mail *m, const char *prefix)
{
	const char *subject = mail_subject_key(
	    a, m->subject == NULL ? "" : m->subject, prefix);

	return db_hash(db, "key", subject, NULL);
}

struct matching {
	struct db *db;
	struct arena *a;
	const char *sender; /* "" when there is none */
	struct candidate *list;
	size_t n, cap;
	struct err *e;
};

static int
takes_part(struct matching *x, const struct ticket *t, bool *yes)
{
	int64_t one;

	*yes = *x->sender != '\0' && strcmp(t->requester, x->sender) == 0;
	if (*yes || *x->sender == '\0')
		return 0;
	return db_number(x->db, &one, yes, x->e,
	    "SELECT 1 FROM participant WHERE ticket = ? AND address = ?", "it",
	    t->number, x->sender);
}

static int
add(struct matching *x, enum thread_step step, int64_t number, const char *what)
{
	struct candidate c = { .step = step, .what = what };

	if (tickets_load_survivor(x->db, x->a, number, &c.ticket, x->e) == -1)
		return -1;
	if (c.ticket.number == 0)
		return 0;
	if (takes_part(x, &c.ticket, &c.takes_part) == -1)
		return -1;
	x->list = arena_grow(x->a, x->list, x->n, &x->cap, sizeof(*x->list));
	x->list[x->n++] = c;
	return 0;
}

/* A foreign Message-ID: the ticket of a mail that bore it, or that named it. */
static int
add_known_id(struct matching *x, const char *id, bool itself)
{
	int64_t hash = db_hash(x->db, "msgid", id, NULL), tickets[8];
	bool seen[8];
	struct query q;
	int n = 0, rc;

	if (db_query(x->db, &q, x->e,
		"SELECT ticket, message FROM msgid WHERE hash = ?"
		" ORDER BY message = 0, message LIMIT 8",
		"i", hash) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		tickets[n] = db_int(&q, 0);
		seen[n++] = db_int(&q, 1) != 0;
	}
	for (int i = 0; i < n && rc == 0; i++)
		rc = add(x,
		    seen[i] && !itself ? STEP_FOREIGN_ID : STEP_ANCESTOR,
		    tickets[i], id);
	return rc;
}

static int
add_id(struct matching *x, const struct desk_marks *k, const char *id)
{
	struct msgid_own own;

	if (msgid_own(k->keys, k->prefix, id, &own))
		return own.kind == 0 ? add(x, STEP_OWN_ID, own.ticket, id) : 0;
	return add_known_id(x, id, false);
}

/* References from the newest, at most as many as message_add() keeps. */
static int
add_references(
    struct matching *x, const struct desk_marks *k, const struct mail *m)
{
	size_t least = m->references_n > 20 ? m->references_n - 20 : 0;

	if (m->in_reply_to != NULL && add_id(x, k, m->in_reply_to) == -1)
		return -1;
	for (size_t i = m->references_n; i-- > least;)
		if ((m->in_reply_to == NULL ||
			strcmp(m->references[i], m->in_reply_to) != 0) &&
		    add_id(x, k, m->references[i]) == -1)
			return -1;
	return 0;
}

/* The same person's tickets of the last days, newest first. */
static int
add_same_subject(
    struct matching *x, const struct mail *m, const char *prefix, int64_t since)
{
	int64_t key = match_key(x->db, x->a, m, prefix), ticket = 0;
	bool found = false;

	if (m->subject == NULL || *x->sender == '\0')
		return 0;
	if (db_number(x->db, &ticket, &found, x->e,
		"SELECT number FROM (SELECT number, key FROM ticket"
		" WHERE person = ? AND created >= ?"
		" ORDER BY created DESC LIMIT 50) WHERE key = ?",
		"iii", person_of(x->db, x->a, m), since, key) == -1)
		return -1;
	if (!found)
		return 0;
	return add(x, STEP_SUBJECT, ticket, ticket_tag(x->a, prefix, ticket));
}

/* Our own Thread-Index, which a reply extends (MS-OXOMSG 2.2.1.3). */
static int
add_index(struct matching *x, const struct mail *m, const char *prefix)
{
	const char *field = mail_field(m, "Thread-Index");
	size_t n = field == NULL ? 0 : strlen(field);
	int64_t ticket = 0;
	struct buf b;
	int rc = 0;

	buf_init(&b, INDEX_HEAD);
	decode_base64(
	    &b, n == 0 ? "" : field, n < INDEX_CHARS ? n : INDEX_CHARS);
	if (b.len >= 6 + TICKET_GUID && b.data[0] == 1)
		rc = tickets_by_guid(
		    x->db, (const uint8_t *)b.data + 6, &ticket, x->e);
	buf_done(&b);
	if (rc == -1 || ticket == 0)
		return rc;
	return add(x, STEP_INDEX, ticket, ticket_tag(x->a, prefix, ticket));
}

/* What anybody can write who has seen one of our mails. */
static int
add_visible(struct matching *x, const struct mail *m, const char *prefix)
{
	int64_t tagged = m->subject == NULL
	    ? 0
	    : mail_subject_ticket(m->subject, prefix);

	if (tagged != 0 &&
	    add(x, STEP_TAG, tagged,
		arena_printf(x->a, "[%s%lld]", prefix, (long long)tagged)) ==
		-1)
		return -1;
	return add_index(x, m, prefix);
}

int
match_candidates(struct db *db, struct arena *a, const struct match_ask *ask,
    struct candidate **out, size_t *n, struct err *e)
{
	const struct mail *m = ask->mail;
	const char *prefix = ask->marks->prefix;
	struct matching x = { .db = db,
		.a = a,
		.sender = m->from_addr == NULL ? ""
					       : address_key(a, m->from_addr),
		.e = e };

	if (add_references(&x, ask->marks, m) == -1)
		return -1;
	if (x.n == 0 && m->message_id != NULL &&
	    add_known_id(&x, m->message_id, true) == -1)
		return -1;
	if (x.n == 0 && add_visible(&x, m, prefix) == -1)
		return -1;
	if (x.n == 0 && add_same_subject(&x, m, prefix, ask->since) == -1)
		return -1;
	*out = x.list;
	*n = x.n;
	return 0;
}

int
match_letter(struct db *db, const struct desk_marks *marks, const char *id,
    int64_t *ticket, struct err *e)
{
	struct msgid_own own;
	struct arena a = { 0 };
	struct ticket t;
	int rc;

	*ticket = 0;
	if (id == NULL || !msgid_own(marks->keys, marks->prefix, id, &own))
		return 0;
	rc = tickets_load_survivor(db, &a, own.ticket, &t, e);
	if (rc == 0)
		*ticket = t.number;
	arena_done(&a);
	return rc;
}

static int
read_staff(struct query *q, struct arena *a, struct staff_letter *l)
{
	int rc = db_row(q);

	if (rc != 1)
		return rc;
	*l = (struct staff_letter){ .id = db_int(q, 0),
		.ticket = db_int(q, 1),
		.revision = db_int(q, 2),
		.serial = db_int(q, 3),
		.agent = db_copy(q, 4, a),
		.inside = db_int(q, 5) != 0 };
	db_end(q);
	return 0;
}

int
match_staff(struct db *db, struct arena *a, const struct desk_marks *marks,
    const char *id, struct staff_letter *out, struct err *e)
{
	struct staff_letter l = { 0 };
	struct msgid_own own;
	struct ticket t;
	struct query q;

	if (id != NULL && msgid_own(marks->keys, marks->prefix, id, &own) &&
	    own.kind == 's') {
		if (db_query(db, &q, e,
			"SELECT id, ticket, revision, serial, agent, inside"
			" FROM outbox"
			" WHERE ticket = ? AND thread = 'staff' AND serial = ?"
			" AND message_id = ? COLLATE NOCASE LIMIT 1",
			"iit", own.ticket, own.serial, id) == -1 ||
		    read_staff(&q, a, &l) == -1)
			return -1;
	}
	if (l.id != 0) {
		if (tickets_load_survivor(db, a, l.ticket, &t, e) == -1)
			return -1;
		l.ticket = t.number;
	}
	*out = l;
	return 0;
}

int
match_answered(
    struct db *db, const char *budget_key, bool *known, struct err *e)
{
	int64_t one;

	return db_number(db, &one, known, e,
	    "SELECT 1 FROM outbox WHERE kind = 'reply' AND budget_key = ?"
	    " LIMIT 1",
	    "t", budget_key);
}

int
match_opened(struct db *db, const char *requester, int64_t since, int64_t *n,
    struct err *e)
{
	return db_number(db, n, NULL, e,
	    "SELECT count(*) FROM (SELECT 1 FROM ticket WHERE person = ?"
	    " AND created > ? LIMIT 100)",
	    "ii", db_hash(db, "person", requester, NULL), since);
}

int
match_flood(struct db *db, const char *requester, int64_t since,
    int64_t *ticket, int64_t *key, struct err *e)
{
	*key = db_hash(db, "flood", requester, NULL);
	*ticket = 0;
	return db_number(db, ticket, NULL, e,
	    "SELECT number FROM ticket WHERE person = ? AND created > ?"
	    " AND key = ? ORDER BY created DESC LIMIT 1",
	    "iii", db_hash(db, "person", requester, NULL), since, *key);
}
