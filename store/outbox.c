/*
 * The outbox: letters in, the next one out, and every move between the states
 * of STATES.md.  It knows no network and decides no schedule: the send loop
 * says what came of a letter and when it may go again.
 */
#include "store/outbox.h"

#include <string.h>

#include <zstd.h>

#include "parser/address.h"
#include "parser/hash.h"
#include "parser/limits.h"
#include "store/raw.h"

/* How long a letter that waits for its next try holds back later ones for the
 * same ticket and recipient (RELIABILITY 4.4). */
#define BLOCK_SECONDS 14400

/* Found in flight at the third start: let the others go first. */
#define SUSPECT_SECONDS 300

/* Letters are small: 1 packs them as well as 3. */
#define OUTBOX_LEVEL 1

#define COLUMNS                                                             \
	"o.id, o.ticket, o.kind, o.auto, o.sender, o.recipient,"            \
	" o.message_id, o.size, o.created, o.next_at, o.tries, o.unknowns," \
	" o.state, o.phase, o.reply, o.done, o.thread, o.serial, o.agent,"  \
	" o.revision"

/* The words of the partial indexes, or SQLite would not use them. */
#define WAITING "o.state IN ('pending', 'sending')"

const char *const letter_kind_names[LETTER_KINDS] = { "ack", "reply", "notify",
	"alert" };

static enum letter_kind
kind_named(const char *word)
{
	for (int i = 0; i < LETTER_KINDS; i++)
		if (strcmp(word, letter_kind_names[i]) == 0)
			return (enum letter_kind)i;
	return LETTER_NOTIFY; /* of a newer deskd: the common schedule */
}

static enum letter_thread
thread_named(const char *word)
{
	int i = word_index(letter_thread_names, LETTER_THREADS, word);

	return i < 0 ? THREAD_NONE : (enum letter_thread)i;
}

/* The last gate before SMTP puts these words into a command (M9). */
static int
check(const struct letter *l, struct err *e)
{
	if (!address_valid(l->recipient))
		return err_set(e, ERR_REJECT,
		    "a letter's recipient is not a valid address");
	if (l->sender[0] != '\0' && !address_valid(l->sender))
		return err_set(e, ERR_REJECT,
		    "a letter's envelope sender is not a valid address");
	if (l->size == 0 || l->size > LETTER_MAX)
		return err_set(e, ERR_REJECT,
		    "a letter of %zu bytes, allowed are %d", l->size,
		    LETTER_MAX);
	return 0;
}

static int
insert(struct db *db, const struct letter *l, const void *data, size_t n,
    struct err *e)
{
	uint8_t sum[HASH_SIZE];
	struct hash h;
	struct arena a = { 0 };
	const char *budget = address_budget(&a, l->recipient);
	const char *domain = address_key(&a, address_domain(l->recipient));
	int64_t due = l->not_before > 0 ? l->not_before : l->created;
	int rc;

	hash_init(&h);
	hash_add(&h, l->data, l->size);
	hash_end(&h, sum);
	rc = db_run(db, e,
	    "INSERT INTO outbox(ticket, kind, auto, sender, recipient,"
	    " budget_key, domain, message_id, data, size, sha256, created,"
	    " next_at, thread, serial, agent, revision, inside)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    "ititttttbibiititii", l->ticket, letter_kind_names[l->kind],
	    (int64_t)l->automatic, l->sender, l->recipient, budget, domain,
	    l->message_id, data, n, (int64_t)l->size, sum, sizeof(sum),
	    l->created, due, letter_thread_names[l->thread], l->serial,
	    l->agent == NULL ? "" : l->agent, l->revision, (int64_t)l->inside);
	arena_done(&a);
	return rc;
}

int
outbox_add(struct db *db, const struct letter *l, int64_t *id, struct err *e)
{
	struct arena a = { 0 };
	size_t cap = ZSTD_compressBound(l->size), n;
	void *packed;
	int rc;

	if (check(l, e) == -1)
		return -1;
	packed = arena_alloc(&a, cap);
	n = ZSTD_compress(packed, cap, l->data, l->size, OUTBOX_LEVEL);
	if (ZSTD_isError(n))
		rc = err_set(e, ERR_BUG, "zstd: %s", ZSTD_getErrorName(n));
	else
		rc = insert(db, l, packed, n, e);
	arena_done(&a);
	if (rc == 0 && id != NULL)
		*id = db_last_id(db);
	return rc;
}

static void
read_row(struct query *q, struct arena *a, struct letter *l)
{
	*l = (struct letter){
		.id = db_int(q, 0),
		.ticket = db_int(q, 1),
		.kind = kind_named(db_text(q, 2)),
		.automatic = db_int(q, 3) != 0,
		.sender = db_copy(q, 4, a),
		.recipient = db_copy(q, 5, a),
		.message_id = db_copy(q, 6, a),
		.size = (size_t)db_int(q, 7),
		.created = db_int(q, 8),
		.not_before = db_int(q, 9),
		.next_at = db_int(q, 9),
		.tries = (int)db_int(q, 10),
		.unknowns = (int)db_int(q, 11),
		.state = db_copy(q, 12, a),
		.phase = db_copy(q, 13, a),
		.reply = db_copy(q, 14, a),
		.done = db_int(q, 15),
		.thread = thread_named(db_text(q, 16)),
		.serial = db_int(q, 17),
		.agent = db_copy(q, 18, a),
		.revision = db_int(q, 19),
	};
}

static int
read_rows(struct query *q, struct arena *a, struct letter **out, size_t *n)
{
	struct letter *list = NULL;
	size_t used = 0, cap = 0;
	int rc;

	while ((rc = db_row(q)) == 1) {
		list = arena_grow(a, list, used, &cap, sizeof(*list));
		read_row(q, a, &list[used++]);
	}
	if (rc == -1)
		return -1;
	*out = list;
	*n = used;
	return 0;
}

/*
 * When something that waits now may go: at its own time, or when the letter
 * before it has blocked it long enough.
 */
static int
find_next_due(struct db *db, int64_t now, int64_t *when, struct err *e)
{
	*when = 0;
	return db_number(db, when, NULL, e,
	    "SELECT min(CASE WHEN o.created + ?1 > ?2"
	    " THEN min(o.next_at, o.created + ?1) ELSE o.next_at END)"
	    " FROM outbox o WHERE " WAITING
	    " AND o.state = 'pending' AND o.next_at > ?2",
	    "ii", (int64_t)BLOCK_SECONDS, now);
}

int
outbox_due(struct db *db, struct arena *a, int64_t now, size_t max,
    struct letters *out, struct err *e)
{
	struct letters got = { 0 };
	struct query q;

	if (db_query(db, &q, e,
		"SELECT " COLUMNS " FROM outbox o WHERE " WAITING
		" AND o.state = 'pending' AND o.next_at <= ?1"
		" AND NOT EXISTS(SELECT 1 FROM outbox p"
		"  WHERE p.ticket = o.ticket AND p.recipient = o.recipient"
		"  AND p.id < o.id AND p.state IN ('pending', 'sending')"
		"  AND p.created > ?1 - ?2)"
		" ORDER BY o.next_at, o.id LIMIT ?3",
		"iii", now, (int64_t)BLOCK_SECONDS, (int64_t)max) == -1)
		return -1;
	if (read_rows(&q, a, &got.list, &got.n) == -1 ||
	    find_next_due(db, now, &got.next_due, e) == -1)
		return -1;
	*out = got;
	return 0;
}

/* A move is only good from the states that its statement names. */
static int
moved(struct db *db, int64_t id, int rc, struct err *e)
{
	if (rc == 0 && db_changes(db) == 0)
		return err_set(e, ERR_REJECT,
		    "letter %lld: there is none, or it has another state now",
		    (long long)id);
	return rc;
}

int
outbox_claim(struct db *db, int64_t id, struct err *e)
{
	return moved(db, id,
	    db_run(db, e,
		"UPDATE outbox SET state = 'sending', phase = 'connect'"
		" WHERE id = ? AND state = 'pending'",
		"i", id),
	    e);
}

int
outbox_body(struct db *db, int64_t id, struct err *e)
{
	return moved(db, id,
	    db_run(db, e,
		"UPDATE outbox SET state = 'sending', phase = 'body'"
		" WHERE id = ? AND state IN ('pending', 'sending')",
		"i", id),
	    e);
}

int
outbox_release(struct db *db, int64_t id, struct err *e)
{
	return db_run(db, e,
	    "UPDATE outbox SET state = 'pending', phase = ''"
	    " WHERE id = ? AND state = 'sending'",
	    "i", id);
}

int
outbox_sent(
    struct db *db, int64_t id, int64_t now, const char *reply, struct err *e)
{
	return moved(db, id,
	    db_run(db, e,
		"UPDATE outbox SET state = 'sent', phase = '', done = ?,"
		" reply = ? WHERE id = ? AND state IN ('pending', 'sending')",
		"iti", now, reply, id),
	    e);
}

int
outbox_retry(struct db *db, int64_t id, int64_t when, bool counts,
    const char *reply, struct err *e)
{
	return moved(db, id,
	    db_run(db, e,
		"UPDATE outbox SET state = 'pending', phase = '', next_at = ?,"
		" tries = tries + ?, reply = ?"
		" WHERE id = ? AND state IN ('pending', 'sending')",
		"iiti", when, (int64_t)counts, reply, id),
	    e);
}

int
outbox_unknown(
    struct db *db, int64_t id, int64_t when, const char *reply, struct err *e)
{
	return moved(db, id,
	    db_run(db, e,
		"UPDATE outbox SET state = 'pending', phase = '', next_at = ?,"
		" tries = tries + 1, unknowns = unknowns + 1, reply = ?"
		" WHERE id = ? AND state IN ('pending', 'sending')",
		"iti", when, reply, id),
	    e);
}

int
outbox_give_up(
    struct db *db, int64_t id, int64_t now, const char *reply, struct err *e)
{
	return moved(db, id,
	    db_run(db, e,
		"UPDATE outbox SET state = 'dead', phase = '', done = ?,"
		" reply = ? WHERE id = ? AND state IN ('pending', 'sending')",
		"iti", now, reply, id),
	    e);
}

int
outbox_recover(struct db *db, int64_t now, size_t *unknown, struct err *e)
{
	int64_t n = 0;

	if (db_number(db, &n, NULL, e,
		"SELECT count(*) FROM outbox o WHERE " WAITING
		" AND o.state = 'sending' AND o.phase = 'body'",
		"") == -1)
		return -1;
	if (db_run(db, e,
		"UPDATE outbox AS o SET state = 'pending',"
		" unknowns = unknowns + (phase = 'body'), phase = '',"
		" tries = tries + 1,"
		" next_at = CASE WHEN tries >= 2 THEN ?1 + ?2"
		"  ELSE min(next_at, ?1) END,"
		" reply = 'deskd ended during this try'"
		" WHERE " WAITING " AND o.state = 'sending'",
		"ii", now, (int64_t)SUSPECT_SECONDS) == -1)
		return -1;
	*unknown = (size_t)n;
	return 0;
}

int
outbox_list(struct db *db, struct arena *a, const char *state,
    struct letter **out, size_t *n, struct err *e)
{
	struct query q;
	int rc;

	if (state == NULL)
		rc = db_query(db, &q, e,
		    "SELECT " COLUMNS " FROM outbox o WHERE " WAITING
		    " UNION ALL SELECT " COLUMNS " FROM outbox o"
		    " WHERE o.state = 'dead' ORDER BY 1",
		    "");
	else if (strcmp(state, "all") == 0)
		rc = db_query(db, &q, e,
		    "SELECT " COLUMNS " FROM outbox o ORDER BY o.id", "");
	else
		rc = db_query(db, &q, e,
		    "SELECT " COLUMNS " FROM outbox o WHERE o.state = ?"
		    " ORDER BY o.id",
		    "t", state);
	return rc == -1 ? -1 : read_rows(&q, a, out, n);
}

int
outbox_failed(struct db *db, struct arena *a, int64_t since,
    struct letter **out, size_t *n, struct err *e)
{
	struct query q;

	if (db_query(db, &q, e,
		"SELECT " COLUMNS " FROM outbox o WHERE o.state = 'dead'"
		" AND o.kind <> 'alert' AND o.done > ?1"
		" UNION ALL SELECT " COLUMNS " FROM outbox o WHERE " WAITING
		" AND o.kind = 'reply' AND EXISTS(SELECT 1 FROM event v"
		"  WHERE v.ticket = o.ticket AND v.time > ?1"
		"  AND v.what = 'letter-late' AND v.new = CAST(o.id AS TEXT))"
		" ORDER BY 1",
		"i", since) == -1)
		return -1;
	return read_rows(&q, a, out, n);
}

/* The bytes must be those that were put in: size and sha256 say so. */
static int
unpack(struct query *q, struct arena *a, struct letter *l, struct err *e)
{
	uint8_t sum[HASH_SIZE];
	struct hash h;
	struct raw_frame f = { .max = LETTER_MAX };
	size_t n, sum_n;
	char *data;

	f.data = db_blob(q, 20, &f.n);
	if (raw_unpack(a, &f, &data, &n, e) == -1)
		return err_wrap(e, "letter %lld", (long long)l->id);
	hash_init(&h);
	hash_add(&h, data, n);
	hash_end(&h, sum);
	if (n != l->size ||
	    memcmp(db_blob(q, 21, &sum_n), sum, sizeof(sum)) != 0)
		return err_set(e, ERR_BUG,
		    "letter %lld: the bytes are not those that were stored",
		    (long long)l->id);
	l->data = data;
	return 0;
}

int
outbox_load(struct db *db, struct arena *a, int64_t id, struct letter *out,
    struct err *e)
{
	struct letter l;
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"SELECT " COLUMNS ", o.data, o.sha256 FROM outbox o"
		" WHERE o.id = ?",
		"i", id) == -1)
		return -1;
	rc = db_row(&q);
	if (rc == -1)
		return -1;
	if (rc == 0)
		return err_set(
		    e, ERR_REJECT, "there is no letter %lld", (long long)id);
	read_row(&q, a, &l);
	rc = unpack(&q, a, &l, e);
	db_end(&q);
	if (rc == 0)
		*out = l;
	return rc;
}

int
outbox_again(struct db *db, int64_t id, int64_t now, struct err *e)
{
	return moved(db, id,
	    db_run(db, e,
		"UPDATE outbox SET state = 'pending', phase = '', next_at = ?,"
		" done = 0 WHERE id = ?"
		" AND state IN ('pending', 'dead', 'dropped')",
		"ii", now, id),
	    e);
}

int
outbox_drop(struct db *db, int64_t id, int64_t now, struct err *e)
{
	return moved(db, id,
	    db_run(db, e,
		"UPDATE outbox SET state = 'dropped', phase = '', done = ?"
		" WHERE id = ? AND state IN ('pending', 'dead')",
		"ii", now, id),
	    e);
}

int
outbox_take_back(struct db *db, int64_t id, int64_t now, struct err *e)
{
	if (db_run(db, e,
		"UPDATE outbox SET state = 'dropped', phase = '', done = ?"
		" WHERE id = ? AND state = 'pending' AND unknowns = 0",
		"ii", now, id) == -1)
		return -1;
	if (db_changes(db) == 0)
		return err_set(e, ERR_REJECT, "letter %lld has left already",
		    (long long)id);
	return 0;
}

int
outbox_count_address(struct db *db, const char *budget_key, int64_t since,
    enum letter_kind kind, int64_t *n, struct err *e)
{
	bool any = kind == LETTER_KINDS;

	return db_number(db, n, NULL, e,
	    "SELECT count(*) FROM outbox WHERE budget_key = ?"
	    " AND created >= ? AND auto = 1 AND (? OR kind = ?)",
	    "tiit", budget_key, since, (int64_t)any,
	    any ? "" : letter_kind_names[kind]);
}

int
outbox_count_domain(
    struct db *db, const char *domain, int64_t since, int64_t *n, struct err *e)
{
	return db_number(db, n, NULL, e,
	    "SELECT count(*) FROM outbox WHERE domain = ?"
	    " AND created >= ? AND auto = 1 AND kind = 'ack'",
	    "ti", domain, since);
}

int
outbox_count_all(struct db *db, int64_t since, int64_t *n, struct err *e)
{
	return db_number(db, n, NULL, e,
	    "SELECT count(*) FROM outbox WHERE created >= ? AND auto = 1", "i",
	    since);
}
