/* One entry of a conversation: the row, its ids, and the search index. */
#include "store/message.h"

#include <string.h>

#include "parser/buf.h"
#include "parser/json.h"

/* References kept as ancestors: a longer chain is known by its end. */
#define ANCESTORS_MAX 20

/* The attachments as JSON text, or NULL when there are none. */
static const char *
attachments(struct arena *a, const struct mail *m)
{
	char hex[2 * HASH_SIZE + 1];
	struct json j;
	struct buf b;
	const char *text = NULL;

	buf_init(&b, 1 << 20);
	json_init(&j, &b);
	json_array(&j, NULL);
	for (int i = mail_attachment(m, -1); i >= 0;
	     i = mail_attachment(m, i)) {
		const struct part *p = &m->parts[i];

		json_object(&j, NULL);
		json_text(&j, "name", p->name);
		json_text(&j, "type", p->type);
		json_int(&j, "size", (int64_t)p->size);
		hash_hex(p->sha256, HASH_SIZE, hex);
		json_text(&j, "sha256", hex);
		json_bool(&j, "inline", p->inline_);
		json_object_end(&j);
	}
	json_array_end(&j);
	if (b.len > 2 && !b.over)
		text = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return text;
}

static int
add_id(struct db *db, const char *id, int64_t ticket, int64_t message,
    struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO msgid(hash, ticket, message) VALUES(?, ?, ?)", "iii",
	    db_hash(db, "msgid", id, NULL), ticket, message);
}

/* An id that a mail of this ticket names, unless it is here already. */
static int
add_ancestor(struct db *db, const char *id, int64_t ticket, struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO msgid(hash, ticket, message) SELECT ?1, ?2, 0"
	    " WHERE NOT EXISTS"
	    " (SELECT 1 FROM msgid WHERE hash = ?1 AND ticket = ?2)",
	    "ii", db_hash(db, "msgid", id, NULL), ticket);
}

/* Its own id, and those it names: they may come later. */
static int
add_ids(struct db *db, int64_t ticket, int64_t message, const struct mail *m,
    struct err *e)
{
	size_t first = m->references_n > ANCESTORS_MAX
	    ? m->references_n - ANCESTORS_MAX
	    : 0;

	if (m->message_id != NULL &&
	    add_id(db, m->message_id, ticket, message, e) == -1)
		return -1;
	if (m->in_reply_to != NULL &&
	    add_ancestor(db, m->in_reply_to, ticket, e) == -1)
		return -1;
	for (size_t i = first; i < m->references_n; i++)
		if (add_ancestor(db, m->references[i], ticket, e) == -1)
			return -1;
	return 0;
}

/*
 * The index is written last and in one piece: FTS5 puts out what it has
 * gathered whenever SQLite opens a savepoint, which many a statement does, and
 * a batch of 256 mails would leave 256 small pieces to be merged later.
 */
static int
index_public(struct db *db, int64_t first, struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO search(rowid, subject, body)"
	    " SELECT id, subject, body FROM search_public WHERE id >= ?",
	    "i", first);
}

static int
index_notes(struct db *db, int64_t first, struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO search_note(rowid, subject, body)"
	    " SELECT id, subject, body FROM search_staff WHERE id >= ?",
	    "i", first);
}

/* What people read of a mail: its text, and below it what a calendar in it
 * says of who, when and where. */
static const char *
with_calendar(struct arena *a, const struct mail *m, const char *text)
{
	struct buf b;
	char *out;

	if (m->calendar_n == 0 || strstr(text, m->calendar[0]) != NULL)
		return text;
	buf_init(&b, 0);
	buf_str(&b, text);
	while (b.len > 0 && b.data[b.len - 1] == '\n')
		b.data[--b.len] = '\0';
	for (size_t i = 0; i < m->calendar_n; i++) {
		buf_str(&b, b.len == 0 ? "" : i == 0 ? "\n\n" : "\n");
		buf_str(&b, m->calendar[i]);
	}
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return out;
}

static struct mail
as_shown(struct arena *a, const struct mail *m)
{
	struct mail shown = *m;

	shown.text = with_calendar(a, m, m->text);
	shown.new_text = with_calendar(a, m, m->new_text);
	return shown;
}

static int
add_row(struct db *db, int64_t ticket, const struct message_as *as,
    const struct origin *o, const char *list, struct err *e)
{
	const struct mail *m = o->mail;
	bool same = as->text != NULL || strcmp(m->text, m->new_text) == 0;
	bool kept = as->text != NULL || as->class != NULL;

	return db_run(db, e,
	    "INSERT INTO message(ticket, direction, raw, class, sender,"
	    " sender_name, date, received, message_id, subject, text,"
	    " new_text, attachments, print, envelope, fingerprint, kept,"
	    " thread_index)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    "itittt"
	    "iitttt"
	    "tiibit",
	    ticket, as->direction, o->raw,
	    as->class != NULL ? as->class : mail_class_name(m->class),
	    m->from_addr == NULL ? "" : m->from_addr,
	    m->from_name == NULL ? "" : m->from_name,
	    m->date == 0 ? o->received : m->date, o->received,
	    m->message_id == NULL ? "" : m->message_id,
	    m->subject == NULL ? "" : m->subject,
	    as->text != NULL ? as->text : m->text, same ? NULL : m->new_text,
	    list, hash_short(m->fingerprint),
	    m->message_id == NULL ? (int64_t)0 : hash_short(m->envelope_print),
	    m->fingerprint, (size_t)HASH_SIZE, (int64_t)kept,
	    mail_field(m, "Thread-Index"));
}

static void
index_later(struct db *db, const char *direction, int64_t id)
{
	db_before_commit(db,
	    strcmp(direction, "note") == 0 ? index_notes : index_public, id);
}

int
message_add(struct db *db, struct arena *a, int64_t ticket,
    const struct message_as *as, struct origin *o, struct err *e)
{
	const struct mail *m = o->mail;
	struct mail shown = as_shown(a, m);
	struct origin row = *o;

	row.mail = &shown;
	if (add_row(db, ticket, as, &row, attachments(a, m), e) == -1)
		return -1;
	o->message = db_last_id(db);
	if (add_ids(db, ticket, o->message, m, e) == -1)
		return -1;
	index_later(db, as->direction, o->message);
	return 0;
}

int
message_add_words(struct db *db, struct message *m, struct err *e)
{
	if (db_run(db, e,
		"INSERT INTO message(ticket, direction, sender, date, received,"
		" subject, text, kept) VALUES(?, ?, ?, ?, ?, ?, ?, 1)",
		"ittiitt", m->ticket, m->direction, m->sender, m->date,
		m->received, m->subject, m->text) == -1)
		return -1;
	m->id = db_last_id(db);
	index_later(db, m->direction, m->id);
	return 0;
}

/* An index of external content forgets a text when it is told that text. */
int
message_withdraw(struct db *db, int64_t id, struct err *e)
{
	if (db_settle(db, e) == -1 ||
	    db_run(db, e,
		"INSERT INTO search(search, rowid, subject, body)"
		" SELECT 'delete', id, subject, body FROM search_public"
		" WHERE id = ?",
		"i", id) == -1 ||
	    db_run(db, e,
		"INSERT INTO search_note(search_note, rowid, subject, body)"
		" SELECT 'delete', id, subject, body FROM search_staff"
		" WHERE id = ?",
		"i", id) == -1)
		return -1;
	return db_run(db, e,
	    "UPDATE message SET class = 'withdrawn', kept = 1 WHERE id = ?",
	    "i", id);
}

static int
move_id(struct db *db, const struct message *m, int64_t to, struct err *e)
{
	if (*m->message_id == '\0')
		return 0;
	return db_run(db, e,
	    "UPDATE msgid SET ticket = ? WHERE hash = ? AND message = ?", "iii",
	    to, db_hash(db, "msgid", m->message_id, NULL), m->id);
}

int
message_move(struct db *db, int64_t id, int64_t from, int64_t to, struct err *e)
{
	struct message m = { .id = id, .message_id = "" };
	struct arena a = { 0 };
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"UPDATE message SET ticket = ? WHERE id = ?"
		" RETURNING message_id, raw",
		"ii", to, id) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		m.message_id = db_copy(&q, 0, &a);
		m.raw = db_int(&q, 1);
	}
	if (rc == 0)
		rc = move_id(db, &m, to, e);
	arena_done(&a);
	if (rc == -1)
		return -1;
	return db_run(db, e,
	    "UPDATE ledger SET ticket = ? WHERE ticket = ? AND raw = ?", "iii",
	    to, from, m.raw);
}

int
message_renew(struct db *db, struct arena *a, int64_t ticket,
    const struct origin *o, struct err *e)
{
	struct mail shown = as_shown(a, o->mail);
	const struct mail *m = &shown;
	bool same = strcmp(m->text, m->new_text) == 0;

	if (db_run(db, e,
		"UPDATE message SET class = iif(kept, class, ?), sender = ?,"
		" sender_name = ?, date = ?, message_id = ?, subject = ?,"
		" text = iif(kept, text, ?), new_text = iif(kept, new_text, ?),"
		" attachments = ?, print = ?, envelope = ?, fingerprint = ?"
		" WHERE id = ?",
		"ttti"
		"ttttt"
		"iibi",
		mail_class_name(m->class),
		m->from_addr == NULL ? "" : m->from_addr,
		m->from_name == NULL ? "" : m->from_name,
		m->date == 0 ? o->received : m->date,
		m->message_id == NULL ? "" : m->message_id,
		m->subject == NULL ? "" : m->subject, m->text,
		same ? NULL : m->new_text, attachments(a, m),
		hash_short(m->fingerprint),
		m->message_id == NULL ? (int64_t)0
				      : hash_short(m->envelope_print),
		m->fingerprint, (size_t)HASH_SIZE, o->message) == -1)
		return -1;
	return add_ids(db, ticket, o->message, m, e);
}

/* Automatic letters are shown, but not found: nobody searches for them.  The
 * view that is indexed leaves them out. */
int
message_add_letter(struct db *db, const struct letter *l, int64_t id,
    const char *subject, const char *text, struct err *e)
{
	if (db_run(db, e,
		"INSERT INTO message(ticket, direction, letter, class, sender,"
		" date, received, message_id, subject, text)"
		" VALUES(?, 'out', ?, ?, ?, ?, ?, ?, ?, ?)",
		"iittiittt", l->ticket, id, l->automatic ? "ack" : "human",
		l->sender, l->created, l->created, l->message_id,
		subject == NULL ? "" : subject, text) == -1)
		return -1;
	if (!l->automatic)
		db_before_commit(db, index_public, db_last_id(db));
	return 0;
}
