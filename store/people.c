/*
 * Who acts by mail: the small numbers in tokens, what makes tokens dead, what
 * was done with which proof.  Decides nothing: authority.h does.
 */
#include "store/people.h"

#include <string.h>

#include "parser/address.h"
#include "parser/hash.h"

#define PRINCIPAL_MAX ((int64_t)1 << 24)

static int
find(struct db *db, const char *agent, int64_t *id, bool *found, struct err *e)
{
	return db_number(db, id, found, e,
	    "SELECT id FROM principal WHERE name = ?", "t", agent);
}

int
people_principal(struct db *db, const char *agent, int64_t *id, struct err *e)
{
	int64_t got = 0;
	bool found = false;

	if (find(db, agent, &got, &found, e) == -1)
		return -1;
	if (!found) {
		if (db_run(db, e, "INSERT INTO principal(name) VALUES(?)", "t",
			agent) == -1)
			return -1;
		got = db_last_id(db);
	}
	if (got >= PRINCIPAL_MAX)
		return err_set(e, ERR_BUG, "too many agents for tokens");
	*id = got;
	return 0;
}

int
people_agent(struct db *db, struct arena *a, int64_t principal,
    const char **agent, struct err *e)
{
	*agent = NULL;
	return db_word(db, a, agent, e,
	    "SELECT name FROM principal WHERE id = ?", "i", principal);
}

int
people_suspend(
    struct db *db, const char *agent, bool on, int64_t now, struct err *e)
{
	int64_t id = 0;

	if (people_principal(db, agent, &id, e) == -1)
		return -1;
	return db_run(db, e,
	    "UPDATE principal SET suspended = ?1, since = ?2"
	    " WHERE id = ?3 AND suspended <> ?1",
	    "iii", (int64_t)on, now, id);
}

int
people_suspended(struct db *db, const char *agent, bool *yes, struct err *e)
{
	int64_t on = 0;

	if (db_number(db, &on, NULL, e,
		"SELECT suspended FROM principal WHERE name = ?", "t",
		agent) == -1)
		return -1;
	*yes = on != 0;
	return 0;
}

/*
 * A token made a second later for the same revision would be the same token, so
 * the revision grows: what is made from now on lives.
 */
int
people_revoke(struct db *db, int64_t ticket, int64_t principal, int64_t now,
    struct err *e)
{
	if (db_run(db, e,
		"INSERT INTO revoked(ticket, principal, since, sequence)"
		" SELECT number, ?2, ?3, revision FROM ticket"
		" WHERE number = ?1 ON CONFLICT DO UPDATE"
		" SET since = excluded.since, sequence = excluded.sequence",
		"iii", ticket, principal, now) == -1)
		return -1;
	return db_run(db, e,
	    "UPDATE ticket SET revision = revision + 1 WHERE number = ?", "i",
	    ticket);
}

/* Sequences are revisions modulo 2^16. */
static int
revoked_here(struct db *db, const struct token *t, bool *yes, struct err *e)
{
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"SELECT since, sequence FROM revoked"
		" WHERE ticket = ? AND principal = ?",
		"ii", t->ticket, t->principal) == -1)
		return -1;
	rc = db_row(&q);
	if (rc == -1)
		return -1;
	*yes = false;
	if (rc == 1) {
		uint16_t ahead = (uint16_t)(t->sequence - db_int(&q, 1) - 1);

		*yes = t->day < token_day(db_int(&q, 0)) || ahead >= 0x8000;
		db_end(&q);
	}
	return 0;
}

/*
 * Of somebody who was suspended all tokens of before are dead.  A token knows
 * only its day; on that day itself it lives when no letter that bore it is
 * older.
 */
static int
revoked_all(struct db *db, const struct token *t, bool *yes, struct err *e)
{
	int64_t on = 0, since = 0, one;
	bool found = false;

	*yes = false;
	if (db_number(db, &on, NULL, e,
		"SELECT suspended FROM principal WHERE id = ?", "i",
		t->principal) == -1 ||
	    db_number(db, &since, NULL, e,
		"SELECT since FROM principal WHERE id = ?", "i",
		t->principal) == -1)
		return -1;
	if (on == 0 && (since == 0 || t->day > token_day(since)))
		return 0;
	if (on == 0 && t->day == token_day(since) &&
	    db_number(db, &one, &found, e,
		"SELECT 1 WHERE EXISTS(SELECT 1 FROM outbox"
		"  WHERE ticket = ?1 AND revision & 65535 = ?2 AND created >= ?4"
		"  AND agent = (SELECT name FROM principal WHERE id = ?3))"
		" AND NOT EXISTS(SELECT 1 FROM outbox"
		"  WHERE ticket = ?1 AND revision & 65535 = ?2 AND created < ?4"
		"  AND agent = (SELECT name FROM principal WHERE id = ?3))",
		"iiii", t->ticket, (int64_t)t->sequence, t->principal,
		since) == -1)
		return -1;
	*yes = !found;
	return 0;
}

int
people_revoked(struct db *db, const struct token *t, bool *yes, struct err *e)
{
	bool here = false;

	/* In these the number is no ticket's, and nobody's of the desk. */
	if (t->purpose != TOKEN_AGENT && t->purpose != TOKEN_NOTE &&
	    t->purpose != TOKEN_ESCALATE) {
		*yes = false;
		return 0;
	}
	if (revoked_here(db, t, &here, e) == -1)
		return -1;
	if (here) {
		*yes = true;
		return 0;
	}
	return revoked_all(db, t, yes, e);
}

/* As it is read: in any case, with o for 0 and i or l for 1. */
static void
token_sum(const char *token, uint8_t sum[HASH_SIZE])
{
	struct hash h;

	hash_init(&h);
	for (const char *p = token; *p != '\0'; p++) {
		int c = *p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p;
		uint8_t read = (uint8_t)(c == 'o' ? '0'
			: c == 'i' || c == 'l'    ? '1'
						  : c);

		hash_add(&h, &read, 1);
	}
	hash_end(&h, sum);
}

int
people_use(
    struct db *db, const char *token, int64_t now, bool *fresh, struct err *e)
{
	uint8_t sum[HASH_SIZE];

	token_sum(token, sum);
	if (db_run(db, e,
		"INSERT INTO token_used(sha256, time) VALUES(?, ?)"
		" ON CONFLICT DO NOTHING",
		"bi", sum, sizeof(sum), now) == -1)
		return -1;
	*fresh = db_changes(db) > 0;
	return 0;
}

int
people_acted(struct db *db, int64_t principal, const uint8_t *print, bool *yes,
    struct err *e)
{
	int64_t one;

	return db_number(db, &one, yes, e,
	    "SELECT 1 FROM acted WHERE principal = ? AND print = ?", "ib",
	    principal, print, (size_t)HASH_SIZE);
}

int
people_evidence(struct db *db, const struct evidence *v, struct err *e)
{
	uint8_t sum[HASH_SIZE];
	char hex[2 * 3 + 1] = "";

	if (v->token != NULL) {
		token_sum(v->token, sum);
		hash_hex(sum, 3, hex);
	}
	if (v->print != NULL &&
	    db_run(db, e,
		"INSERT INTO acted(principal, print, time) VALUES(?, ?, ?)"
		" ON CONFLICT DO NOTHING",
		"ibi", v->principal, v->print, (size_t)HASH_SIZE,
		v->time) == -1)
		return -1;
	return db_run(db, e,
	    "INSERT INTO evidence(ticket, principal, raw, time, method, token,"
	    " proof) VALUES(?, ?, ?, ?, ?, ?, ?)",
	    "iiiittt", v->ticket, v->principal, v->raw, v->time, v->method, hex,
	    v->proof == NULL ? "" : v->proof);
}

int
people_actions(struct db *db, int64_t principal, int64_t since, int64_t *n,
    int64_t *closes, struct err *e)
{
	if (db_number(db, n, NULL, e,
		"SELECT count(*) FROM evidence"
		" WHERE principal = ? AND time >= ?",
		"ii", principal, since) == -1)
		return -1;
	return db_number(db, closes, NULL, e,
	    "SELECT count(*) FROM event AS v WHERE v.time >= ?2"
	    " AND v.what = 'status' AND v.new = 'closed'"
	    " AND v.who = (SELECT 'agent ' || name FROM principal WHERE id = ?1)"
	    " AND v.ticket IN (SELECT ticket FROM evidence"
	    "  WHERE principal = ?1 AND time >= ?2)",
	    "ii", principal, since);
}

int
people_language(struct db *db, struct arena *a, const char *address,
    const char **language, struct err *e)
{
	*language = "";
	return db_word(db, a, language, e,
	    "SELECT language FROM person WHERE address = ?", "t",
	    address_key(a, address));
}

int
people_set_language(
    struct db *db, const char *address, const char *language, struct err *e)
{
	struct arena a = { 0 };
	int rc = db_run(db, e,
	    "INSERT INTO person(address, language) VALUES(?, ?)"
	    " ON CONFLICT DO UPDATE SET language = excluded.language",
	    "tt", address_key(&a, address), language);

	arena_done(&a);
	return rc;
}
