/*
 * The import: windows of mails into the store, one commit each together with
 * where the files stand, and the work on them.  Knows nothing of file formats.
 */
#include "daemon/import.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/files.h"
#include "daemon/import_private.h"
#include "parser/hash.h"

#define WAIT_MS 250 /* between looks at what another process works */

bool
import_stopping(const struct import *im)
{
	return im->wake != NULL && wake_stopping(im->wake);
}

/* Mails of an mbox are not known before it was read: then what the rest would
 * hold if it were like the part that was. */
void
import_progress(struct import *im, uint64_t in_file)
{
	struct progress *p = &im->progress;
	uint64_t mine;

	p->part = im->before + in_file;
	mine = p->part > p->skipped ? p->part - p->skipped : 0;
	p->of = im->mboxes == 0 || mine == 0 ? im->planned
	    : p->part >= p->all              ? p->done
					     : p->done +
		(uint64_t)((double)(p->all - p->part) * (double)p->done /
		    (double)mine);
	progress_show(p);
}

/* Work. */

/* Whole batches as long as mails come in; at the end (all) whatever waits. */
static int
work_on(struct import *im, bool all, struct err *e)
{
	size_t done = 0;

	if (im->work == NULL) {
		wake_send(im->c->dir, "work");
		return 0;
	}
	while (all ? !import_stopping(im) : im->unworked >= WORK_BATCH_MAILS) {
		if (work_batch(im->work, &done, e) == -1)
			return -1;
		im->unworked -= done < im->unworked ? done : im->unworked;
		if (done == 0)
			return 0;
		progress_show(&im->progress);
	}
	return 0;
}

/* The window: as many mails as work takes at once, for there is no server that
 * would wait meanwhile. */

static int
write_one(struct import *im, const struct import_pending *p, uint32_t *uid,
    bool last, struct err *e)
{
	struct inbound_new n = { .mailbox = im->mailbox,
		.uidvalidity = IMPORT_UIDVALIDITY,
		.mail = &p->raw,
		.oversize = p->oversize,
		.quiet = !im->o->live,
		.marked = true };
	bool fresh;

	if (p->raw.data != NULL) {
		n.uid = ++*uid;
		if (inbound_add(im->c->db, &n, &fresh, e) == -1)
			return -1;
	}
	/* Of several mails of one file the last says where it stands. */
	return last ? imports_set(im->c->db, p->key, &p->row, e) : 0;
}

static int
write_window(struct import *im, struct err *e)
{
	uint32_t uid = 0;

	if (imports_last_uid(im->c->db, im->mailbox, &uid, e) == -1)
		return -1;
	for (size_t i = 0; i < im->pending_n; i++) {
		const struct import_pending *p = &im->pending[i];
		bool last = i + 1 == im->pending_n ||
		    strcmp(p->key, im->pending[i + 1].key) != 0;

		if (write_one(im, p, &uid, last, e) == -1)
			return -1;
	}
	return 0;
}

int
import_commit(struct import *im, struct err *e)
{
	size_t mails = 0;

	for (size_t i = 0; i < im->pending_n; i++)
		mails += im->pending[i].raw.data != NULL;
	if (im->pending_n > 0 && !im->o->dry_run) {
		if (db_begin(im->c->db, e) == -1)
			return -1;
		if (write_window(im, e) == -1) {
			db_rollback(im->c->db);
			return -1;
		}
		if (db_commit(im->c->db, e) == -1)
			return -1;
	}
	im->unworked += mails;
	im->pending_n = im->pending_bytes = 0;
	arena_reset(&im->window);
	return mails > 0 && !im->o->dry_run ? work_on(im, false, e) : 0;
}

void
import_count(struct import *im, uint64_t size)
{
	im->result->mails++;
	im->result->bytes += size;
	im->progress.done++;
}

static struct import_pending *
next_pending(struct import *im, const struct import_file *f,
    const struct import_row *row)
{
	struct import_pending *p = &im->pending[im->pending_n++];

	*p = (struct import_pending){ .key = arena_strdup(&im->window, f->key),
		.row = *row };
	return p;
}

int
import_add_row(struct import *im, const struct import_file *f,
    const struct import_row *row, struct err *e)
{
	next_pending(im, f, row);
	return im->pending_n == WORK_BATCH_MAILS ? import_commit(im, e) : 0;
}

static int
look_up(
    struct import *im, const uint8_t sum[HASH_SIZE], size_t n, struct err *e)
{
	int64_t raw = 0;

	if (im->c->db != NULL && raw_find(im->c->db, sum, n, &raw, e) == -1)
		return -1;
	im->result->have += raw != 0;
	return 0;
}

int
import_add(struct import *im, const struct import_file *f,
    const struct import_row *row, int64_t received, bool oversize,
    struct err *e)
{
	struct import_pending *p;
	struct hash h;
	const void *packed;
	size_t n;
	uint8_t sum[HASH_SIZE];

	hash_init(&h);
	hash_add(&h, im->buffer, im->buffer_n);
	hash_end(&h, sum);
	if (f->single && f->had_row && f->row.print == hash_short(sum)) {
		struct import_row same = *row;

		same.print = f->row.print; /* only its time has changed */
		im->result->known++;
		return import_add_row(im, f, &same, e);
	}
	import_count(im, im->buffer_n);
	if (im->o->dry_run)
		return look_up(im, sum, im->buffer_n, e);
	if (raw_pack(&im->packer, im->buffer, im->buffer_n, &packed, &n, e) ==
	    -1)
		return -1;
	p = next_pending(im, f, row);
	if (f->single)
		p->row.print = hash_short(sum);
	p->oversize = oversize;
	p->raw = (struct raw_new){ .size = im->buffer_n,
		.received = received,
		.data = arena_memdup(&im->window, packed, n),
		.data_n = n };
	memcpy(p->raw.sha256, sum, sizeof(sum));
	im->pending_bytes += n;
	if (im->pending_n == WORK_BATCH_MAILS ||
	    im->pending_bytes >= FETCH_WINDOW_BYTES)
		return import_commit(im, e);
	return 0;
}

/* Files. */

/* A Maildir's mail keeps its name up to ":2,"; it moves from new/ to cur/ and
 * its flags change, the mail does not. */
static char *
key_of(struct arena *a, const struct import_unit *u, const char *name)
{
	if (u->kind == UNIT_FILE)
		return arena_strdup(a, u->path);
	if (u->kind == UNIT_FOLDER)
		return arena_printf(a, "%s/%s", u->path, name);
	name += 4;
	return arena_printf(
	    a, "%s/%.*s", u->path, (int)strcspn(name, ":"), name);
}

static bool
is_eml(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && strcmp(name + n - 4, ".eml") == 0;
}

/* Everything of it was read, and it has not changed since. */
static bool
unchanged(const struct import_unit *u, const struct import_file *f)
{
	if (!f->had_row || f->row.position < f->row.size)
		return false;
	return u->kind == UNIT_MAILDIR ||
	    (f->row.size == f->size && f->row.updated == f->mtime);
}

static int
import_name(struct import *im, const struct import_unit *u, const char *name,
    struct err *e)
{
	struct arena a = { 0 };
	struct import_file f = { .key = key_of(&a, u, name),
		.path = u->kind == UNIT_FILE
		    ? u->path
		    : arena_printf(&a, "%s/%s", u->path, name),
		.is_mail = u->kind == UNIT_MAILDIR || is_eml(name) ||
		    (u->kind == UNIT_FILE && is_eml(u->path)) };
	struct stat st = { 0 };
	int rc = 0;

	if (im->c->db != NULL)
		rc = imports_get(im->c->db, f.key, &f.row, &f.had_row, e);
	if (rc == 0 && stat(f.path, &st) == 0) {
		f.size = (uint64_t)st.st_size;
		f.mtime = st.st_mtime;
		if (unchanged(u, &f)) {
			im->result->known++;
			im->result->files++;
			im->progress.skipped += f.size;
		} else {
			rc = import_file(im, &f, e);
		}
	}
	im->before += f.size;
	import_progress(im, 0);
	arena_done(&a);
	return rc;
}

static int
import_unit(struct import *im, const struct import_unit *u, struct err *e)
{
	struct arena a = { 0 };
	struct import_names names;
	int rc = import_list(&a, u, &names, e);

	for (size_t i = 0; rc == 0 && i < names.n && !import_stopping(im); i++)
		rc = import_name(im, u, names.list[i], e);
	arena_done(&a);
	return rc;
}

/* Begin and end. */

static int
open_mailbox(struct import *im, struct err *e)
{
	struct mailbox_row box;

	if (import_sweep(im->c->db, e) == -1 ||
	    mailbox_get(im->c->db, im->o->mailbox, &box, e) == -1)
		return -1;
	im->mailbox = box.id;
	return imports_last_uid(im->c->db, box.id, &im->first_uid, e);
}

/* One import at a time; beside a running service it only stores. */
static int
open_store(struct import *im, struct err *e)
{
	struct err busy = { 0 };
	int lock;

	if (files_lock(im->c->dir, "import", &lock, e) == -1 ||
	    wake_open(&im->wake, im->c->dir, "import", e) == -1 ||
	    db_begin(im->c->db, e) == -1)
		return -1;
	if (open_mailbox(im, e) == -1) {
		db_rollback(im->c->db);
		return -1;
	}
	if (db_commit(im->c->db, e) == -1)
		return -1;
	if (work_open(&im->work, im->c, &busy) == 0)
		return 0;
	im->work = NULL;
	im->result->elsewhere = true;
	if (busy.kind == ERR_RETRY)
		return 0;
	*e = busy;
	return -1;
}

/* The service has the mails; see them through. */
static int
wait_for_work(struct import *im, struct err *e)
{
	for (;;) {
		if (imports_sum(im->c->db, im->mailbox, im->first_uid,
			&im->result->sum, e) == -1)
			return -1;
		if (im->work != NULL || im->result->sum.stored == 0 ||
		    wake_wait(im->wake, WAIT_MS) == WAKE_STOP)
			return 0;
		progress_show(&im->progress);
	}
}

static int
import_plan(struct import *im, const struct import_plan *plan, struct err *e)
{
	im->progress.all = plan->bytes;
	im->planned = plan->files;
	for (size_t i = 0; i < plan->n && !import_stopping(im); i++)
		if (import_unit(im, &plan->list[i], e) == -1)
			return -1;
	/* Not after a signal either: what is in the window is read, and to
	 * store it takes a moment. */
	if (import_commit(im, e) == -1)
		return -1;
	if (im->o->dry_run)
		return 0;
	if (work_on(im, true, e) == -1)
		return -1;
	return wait_for_work(im, e);
}

int
import_run(struct context *c, const struct import_options *o, char **paths,
    size_t paths_n, struct import_result *out, struct err *e)
{
	struct import *im = arena_alloc(&c->arena, sizeof(*im));
	struct import_plan plan;
	int rc;

	*out = (struct import_result){ 0 };
	*im = (struct import){ .c = c, .o = o, .result = out };
	im->max_size = (uint64_t)c->conf->tickets.max_size;
	im->buffer = arena_alloc(&c->arena, FETCH_WHOLE_MAX);
	im->pending = arena_calloc(
	    &c->arena, WORK_BATCH_MAILS + 1, sizeof(*im->pending));
	if (import_walk(&c->arena, paths, paths_n, &plan, e) == -1)
		return -1;
	progress_start(&im->progress, c, "import", o->no_progress);
	rc = o->dry_run ? 0 : open_store(im, e);
	if (rc == 0)
		rc = import_plan(im, &plan, e);
	progress_clear(&im->progress);
	out->stopped = import_stopping(im);
	work_close(im->work);
	wake_close(im->wake);
	raw_pack_done(im->packer);
	arena_done(&im->window);
	arena_done(&im->reading);
	return rc;
}
