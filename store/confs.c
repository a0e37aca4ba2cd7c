/* Configurations and how they came into force.  See the header. */
#include "store/confs.h"

#include "parser/hash.h"
#include "store/raw.h"

/* With its newlines and lengths a bundle is larger than its files. */
#define PACKED_MAX \
	(BUNDLE_BYTES_MAX + BUNDLE_FILES_MAX * (BUNDLE_PATH_MAX + 32))

static int
insert(struct db *db, const struct bundle *b, int64_t now, struct err *e)
{
	uint8_t sum[HASH_SIZE];
	struct raw_packer *packer = NULL;
	const void *data = NULL;
	struct buf text;
	size_t n = 0;
	int rc;

	bundle_hash(b, sum);
	buf_init(&text, PACKED_MAX);
	rc = b->n == 0 ? 0 : bundle_pack(b, &text, e);
	if (rc == 0 && b->n > 0)
		rc = raw_pack(&packer, buf_text(&text), text.len, &data, &n, e);
	/* Too large to keep is no reason not to work with it. */
	if (rc == 0 || e->kind == ERR_REJECT)
		rc = db_run(db, e,
		    "INSERT INTO conf(sha256, since, files) VALUES(?, ?, ?)",
		    "bib", sum, (size_t)HASH_SIZE, now, data, n);
	raw_pack_done(packer);
	buf_done(&text);
	return rc;
}

int
confs_add(struct db *db, const struct bundle *b, int64_t now, int64_t *id,
    struct err *e)
{
	uint8_t sum[HASH_SIZE];
	bool found = false;

	bundle_hash(b, sum);
	if (db_number(db, id, &found, e, "SELECT id FROM conf WHERE sha256 = ?",
		"b", sum, (size_t)HASH_SIZE) == -1)
		return -1;
	if (found)
		return 0;
	if (insert(db, b, now, e) == -1)
		return -1;
	*id = db_last_id(db);
	return 0;
}

static int
unpack(
    const struct query *q, struct arena *a, struct conf_kept *k, struct err *e)
{
	struct raw_frame f = { .max = PACKED_MAX };
	char *data;
	size_t n;

	if (db_null(q, 1))
		return 0;
	f.data = db_blob(q, 1, &f.n);
	if (raw_unpack(a, &f, &data, &n, e) == -1)
		return -1;
	return bundle_read(a, data, n, &k->bundle, e);
}

int
confs_read(struct db *db, struct arena *a, int64_t id, struct conf_kept *out,
    struct err *e)
{
	struct conf_kept k = { 0 };
	struct query q;
	int rc;

	if (db_query(db, &q, e, "SELECT since, files FROM conf WHERE id = ?",
		"i", id) == -1)
		return -1;
	rc = db_row(&q);
	if (rc == 1) {
		k.id = id;
		k.since = db_int(&q, 0);
		rc = unpack(&q, a, &k, e);
		db_end(&q);
	}
	if (rc == -1)
		return -1;
	*out = k;
	return 0;
}

int
confs_try_add(struct db *db, const struct conf_try *t, struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO conf_try(time, occasion, conf, refused, told)"
	    " VALUES(?, ?, nullif(?, 0), ?, ?)",
	    "ititi", t->time, t->occasion, t->conf, t->refused,
	    (int64_t)t->told);
}

int
confs_try_last(
    struct db *db, struct arena *a, struct conf_try *out, struct err *e)
{
	struct conf_try t = { 0 };
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"SELECT id, time, occasion, conf, refused, told FROM conf_try"
		" ORDER BY id DESC LIMIT 1",
		"") == -1)
		return -1;
	rc = db_row(&q);
	if (rc == 1) {
		t = (struct conf_try){ .id = db_int(&q, 0),
			.time = db_int(&q, 1),
			.occasion = db_copy(&q, 2, a),
			.conf = db_int(&q, 3),
			.refused = db_null(&q, 4) ? NULL : db_copy(&q, 4, a),
			.told = db_int(&q, 5) != 0 };
		db_end(&q);
	}
	if (rc == -1)
		return -1;
	*out = t;
	return 0;
}

int
confs_told(struct db *db, const char *refused, int64_t since, bool *told,
    struct err *e)
{
	int64_t n = 0;

	if (db_number(db, &n, NULL, e,
		"SELECT count(*) FROM conf_try WHERE refused = ? AND told = 1"
		" AND time > ?",
		"ti", refused, since) == -1)
		return -1;
	*told = n > 0;
	return 0;
}

int
confs_had(struct db *db, int64_t *ids, size_t max, size_t *n, struct err *e)
{
	struct query q;
	int rc;

	*n = 0;
	if (db_query(db, &q, e,
		"SELECT conf FROM conf_try WHERE conf IS NOT NULL"
		" GROUP BY conf ORDER BY max(id) DESC LIMIT ?",
		"i", (int64_t)max) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1)
		ids[(*n)++] = db_int(&q, 0);
	return rc;
}

int
confs_since(
    struct db *db, int64_t id, int64_t when, int64_t *since, struct err *e)
{
	*since = 0;
	return db_number(db, since, NULL, e,
	    "SELECT time FROM conf_try WHERE conf = ? AND time <= ? AND id >"
	    " coalesce((SELECT max(id) FROM conf_try WHERE conf <> ?"
	    " AND time <= ?), 0) ORDER BY id LIMIT 1",
	    "iiii", id, when, id, when);
}
