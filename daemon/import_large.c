/*
 * Mails that do not fit into the buffer: piece by piece into the store, each in
 * a small transaction of its own, and the mail is ours with the last one.
 */
#include <string.h>

#include "daemon/import_private.h"
#include "parser/hash.h"
#include "store/raw.h"

/* The mail that is only half there, for the next run to remove. */
#define UNFINISHED "unfinished.import"

/* The next piece into the buffer; *n is 0 at the end. */
static int
next_piece(struct import *im, struct mbox *m, size_t *n, struct err *e)
{
	const char *p;
	size_t got;

	/* What is left of the last bytes the splitter gave. */
	*n = 0;
	while (*n + MBOX_WINDOW <= FETCH_PIECE) {
		if (mbox_piece(m, &p, &got, e) == -1)
			return -1;
		if (got == 0)
			return 0;
		memcpy(im->buffer + *n, p, got);
		*n += got;
	}
	return 0;
}

static int
store_piece(struct import *im, int64_t *raw, int64_t received, int number,
    size_t n, struct err *e)
{
	const void *packed;
	size_t packed_n;
	int rc = 0;

	if (raw_pack(&im->packer, im->buffer, n, &packed, &packed_n, e) == -1 ||
	    db_begin(im->c->db, e) == -1)
		return -1;
	if (number == 0)
		rc = raw_begin(im->c->db, received, raw, e);
	if (number == 0 && rc == 0)
		rc = meta_set(im->c->db, UNFINISHED, *raw, e);
	if (rc == 0)
		rc = raw_piece(im->c->db, *raw, number, packed, packed_n, e);
	if (rc == 0)
		return db_commit(im->c->db, e);
	db_rollback(im->c->db);
	return -1;
}

static int
finish_large(struct import *im, const struct import_file *f,
    const struct import_row *row, int64_t raw, const struct raw_new *whole,
    struct err *e)
{
	struct inbound_new n = { .mailbox = im->mailbox,
		.uidvalidity = IMPORT_UIDVALIDITY,
		.raw = raw,
		.finish = whole,
		.quiet = !im->o->live,
		.marked = true };
	uint32_t uid = 0;
	bool fresh;

	if (db_begin(im->c->db, e) == -1)
		return -1;
	if (imports_last_uid(im->c->db, im->mailbox, &uid, e) == 0) {
		n.uid = uid + 1;
		if (inbound_add(im->c->db, &n, &fresh, e) == 0 &&
		    meta_set(im->c->db, UNFINISHED, 0, e) == 0 &&
		    imports_set(im->c->db, f->key, row, e) == 0)
			return db_commit(im->c->db, e);
	}
	db_rollback(im->c->db);
	return -1;
}

int
import_add_large(struct import *im, const struct import_file *f,
    const struct import_row *row, const struct import_large *l, struct err *e)
{
	struct raw_new whole = { .size = l->size, .received = l->received };
	struct import_row done = *row;
	int64_t raw = 0;
	struct hash h;
	size_t n;

	import_count(im, l->size);
	if (im->o->dry_run)
		return 0;
	if (import_commit(im, e) == -1)
		return -1;
	hash_init(&h);
	for (int i = 0;; i++) {
		if (next_piece(im, l->m, &n, e) == -1)
			return -1;
		if (n == 0)
			break;
		hash_add(&h, im->buffer, n);
		if (store_piece(im, &raw, l->received, i, n, e) == -1)
			return -1;
	}
	hash_end(&h, whole.sha256);
	if (f->single)
		done.print = hash_short(whole.sha256);
	im->unworked++;
	return finish_large(im, f, &done, raw, &whole, e);
}

/* What an import that was killed left behind. */
int
import_sweep(struct db *db, struct err *e)
{
	int64_t raw = 0;

	if (meta_get(db, UNFINISHED, &raw, e) == -1)
		return -1;
	if (raw != 0 && raw_remove(db, raw, e) == -1)
		return -1;
	return raw != 0 ? meta_set(db, UNFINISHED, 0, e) : 0;
}
