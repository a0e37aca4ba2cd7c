/*
 * Batches: read and parse outside of any transaction, decide and apply inside
 * one.  If a batch fails, its mails are worked one by one, so that one bad mail
 * costs nobody else anything.
 */
#include "daemon/work.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/templates.h"
#include "daemon/wake.h"
#include "daemon/work_private.h"
#include "parser/limits.h"
#include "store/confs.h"

/* Which rung of the ladder a mail is on (RELIABILITY 4.3).  The first two are
 * whole: a batch shares its first try, and a kill is nobody's fault. */
static enum mail_depth
depth_of(int tries)
{
	return tries < 2 ? MAIL_FULL : tries == 2 ? MAIL_HALF : MAIL_HEADERS;
}

#define WALL_FIRST 5000 /* ms for one mail */
#define WALL_AGAIN 20000

static bool
hopeless(const struct parcel *p)
{
	return p->in->tries >= WORK_TRIES_MAX;
}

/* Hand the raw mails to the box, which parses one while the next is read. */
static int
feed_box(struct work *w, struct parcel *list, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct parcel *p = &list[i];
		int rc;

		if (hopeless(p))
			continue;
		if (box_begin(w->box, depth_of(p->in->tries), NULL, e) == -1)
			return -1;
		rc = raw_read(w->db, p->in->raw, box_feed, w->box, e);
		box_end(w->box);
		if (rc == -1 && e->kind != ERR_BUG)
			return -1;
		if (rc == -1) {
			log_err(LOG_ERROR, e);
			p->unreadable = true;
			p->why = "its bytes are damaged in the database";
		}
	}
	return 0;
}

/* The box died of this mail: that is a try, counted before the next one.  (A
 * mail that is only read again, by rebuild, is not inbound.) */
static int
charge(struct work *w, struct parcel *p, const char *why, struct err *e)
{
	p->later = p->blamed = true;
	log_line(LOG_WARN, "mailbox=%s uid=%u try=%d: %s", p->in->mailbox_name,
	    p->in->uid, p->in->tries + 1, why);
	if (p->in->id == 0)
		return 0;
	if (db_begin(w->db, e) == -1)
		return -1;
	if (inbound_try(w->db, p->in->id, e) == -1) {
		db_rollback(w->db);
		return -1;
	}
	return db_commit(w->db, e);
}

static int
take_results(struct work *w, struct parcel *list, size_t n,
    const struct box_result *r, struct err *e)
{
	bool again = false; /* what stands behind keeps its place (I9) */

	for (size_t i = 0; i < n; i++) {
		struct parcel *p = &list[i];

		if (hopeless(p)) {
			p->unreadable = true;
			p->why = "could not be read, however simply it was "
				 "tried; it is kept as it came";
			continue;
		}
		if (r->end == BOX_DEAD && charge(w, p, r->why, e) == -1)
			return -1;
		again |= r->end == BOX_AGAIN;
		p->later |= again;
		p->mail = r->mail;
		r++;
	}
	return 0;
}

int
work_feed(struct work *w, struct arena *a, struct parcel *list, size_t n,
    struct box_result **results, struct err *e)
{
	*results = arena_calloc(a, n, sizeof(**results));
	box_start(w->box, list[0].in->tries < 2 ? WALL_FIRST : WALL_AGAIN, a,
	    *results);
	if (feed_box(w, list, n, e) == -1) {
		box_finish(w->box);
		return -1;
	}
	box_send(w->box);
	return 0;
}

int
work_take(struct work *w, struct parcel *list, size_t n,
    const struct box_result *results, struct err *e)
{
	box_finish(w->box);
	return take_results(w, list, n, results, e);
}

int
work_parse(struct work *w, struct parcel *list, size_t n, struct err *e)
{
	struct box_result *r;

	if (work_feed(w, &w->arena, list, n, &r, e) == -1)
		return -1;
	return work_take(w, list, n, r, e);
}

/* Parse a batch; the parcels that are ready come first afterwards. */
static int
parse(struct work *w, struct parcel *list, size_t *n, struct err *e)
{
	size_t ready = 0;

	if (work_parse(w, list, *n, e) == -1)
		return -1;
	for (size_t i = 0; i < *n; i++)
		if (!list[i].later)
			list[ready++] = list[i];
	*n = ready;
	if (work_known(w, list, ready, e) == -1)
		return -1;
	return work_parts(w, list, ready, e);
}

static void
log_parcel(const struct work *w, const struct parcel *p)
{
	const struct mail *m = &p->mail;
	const char *tag = p->ticket == 0 ? "-" : cmd_tag(w->c, p->ticket);

	if (p->in->quiet && w->c->verbose == 0)
		return;
	log_line(LOG_INFO, "ticket=%s mail=%s from=%s mailbox=%s uid=%u %s%s%s",
	    tag, log_quote(m->message_id), log_quote(m->from_addr),
	    p->in->mailbox_name, p->in->uid,
	    p->result.state == NULL ? "held" : p->result.state,
	    p->result.reason == NULL ? "" : ": ",
	    p->result.reason == NULL ? "" : p->result.reason);
}

static const struct {
	const char *state;
	size_t offset;
} counters[] = {
	{ "new", offsetof(struct work_counts, new) },
	{ "append", offsetof(struct work_counts, append) },
	{ "oversize", offsetof(struct work_counts, append) },
	{ "variant", offsetof(struct work_counts, copies) },
	{ "dup_of", offsetof(struct work_counts, copies) },
	{ "event", offsetof(struct work_counts, events) },
	{ "filed", offsetof(struct work_counts, filed) },
	{ "held", offsetof(struct work_counts, held) },
	{ "loop_held", offsetof(struct work_counts, held) },
};

static void
count(struct work *w, const struct parcel *p)
{
	w->counts.mails++;
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		if (strcmp(counters[i].state, p->result.state) == 0)
			++*(size_t *)(void *)((char *)&w->counts +
			    counters[i].offset);
}

/* Somebody waits for what a commit has brought. */
static void
tell(struct work *w, const struct parcel *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct conf_mailbox *mb = conf_mailbox(
		    w->conf, list[i].in->mailbox_name);

		count(w, &list[i]);
		log_parcel(w, &list[i]);
		if (mb != NULL && mb->reject_folder != NULL && i + 1 == n)
			wake_send(w->c->dir,
			    arena_printf(&w->arena, "fetch-%s", mb->name));
	}
	if (w->letters)
		wake_send(w->c->dir, "send");
	w->letters = false;
}

static int
apply(struct work *w, struct parcel *list, size_t n, struct err *e)
{
	int64_t now = clock_now();
	int rc = 0;

	if (db_begin(w->db, e) == -1)
		return -1;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = work_mail(w, &list[i], now, e);
	if (rc == 0)
		rc = ruling_flush(&w->ruling, w->db, e);
	if (rc == 0)
		rc = db_commit(w->db, e);
	else
		db_rollback(w->db);
	ruling_forget(&w->ruling);
	if (rc == 0)
		tell(w, list, n);
	else
		w->letters = false;
	return rc;
}

static int
apply_singly(struct work *w, struct parcel *list, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (apply(w, &list[i], 1, e) == 0)
			continue;
		if (e->kind == ERR_RETRY)
			return -1;
		if (charge(w, &list[i], e->text, e) == -1)
			return -1;
	}
	return 0;
}

int
work_batch(struct work *w, size_t *done, struct err *e)
{
	static const struct inbound_room room = { WORK_BATCH_MAILS,
		WORK_BATCH_BYTES };
	struct inbound *in = NULL;
	struct parcel *list;
	size_t n = 0, ready;
	int rc;

	*done = 0;
	arena_reset(&w->arena);
	if (inbound_next(w->db, &w->arena, &room, &in, &n, e) == -1)
		return -1;
	if (n == 0)
		return 0;
	list = arena_calloc(&w->arena, n, sizeof(*list));
	for (size_t i = 0; i < n; i++)
		list[i].in = &in[i];
	ready = n;
	if (parse(w, list, &ready, e) == -1)
		return -1;
	rc = ready == 0 ? 0 : apply(w, list, ready, e);
	if (rc == -1 && e->kind != ERR_RETRY) {
		log_err(LOG_WARN, e);
		rc = apply_singly(w, list, ready, e);
	}
	if (rc == 0)
		*done = n;
	w->since_idle += n;
	return rc;
}

int
work_until_idle(struct work *w,
    void (*progress)(void *ctx, const struct work_counts *n), void *ctx,
    struct err *e)
{
	size_t done;

	do {
		if (work_batch(w, &done, e) == -1)
			return -1;
		if (progress != NULL)
			progress(ctx, &w->counts);
	} while (done > 0);
	return 0;
}

void
work_idle(struct work *w)
{
	if (w->since_idle >= WORK_BATCH_MAILS) {
		arena_done(&w->arena);
		db_idle(w->db);
	}
	box_idle(w->box);
	w->since_idle = 0;
}

/* Each event names the configuration that was in force. */
static int
remember_conf(struct work *w, struct err *e)
{
	static const struct bundle none; /* no file: the defaults */
	const struct bundle *files = w->c->files == NULL ? &none : w->c->files;
	int64_t id = w->c->conf_id;

	if (id == 0 && confs_add(w->db, files, clock_now(), &id, e) == -1)
		return -1;
	return meta_set(w->db, "conf", id, e);
}

static int
start(struct work *w, struct err *e)
{
	if (db_begin(w->db, e) == -1)
		return -1;
	if (remember_conf(w, e) == -1 || inbound_start(w->db, e) == -1) {
		db_rollback(w->db);
		return -1;
	}
	return db_commit(w->db, e);
}

int
work_prepare(struct work *w, struct context *c, struct err *e)
{
	*w = (struct work){ .c = c, .db = c->db, .conf = c->conf, .lock = -1 };
	if ((c->db != NULL &&
		secret_desk_keys(&c->arena, c->conf, c->dir, &w->keys, e) ==
		    -1) ||
	    ruling_load(&w->ruling, &c->arena, c->conf, NULL, e) == -1)
		return -1;
	if (templates_load(&c->arena, c->conf, w->ruling.book, NULL,
		&w->templates, e) == -1) {
		ruling_free(&w->ruling);
		return -1;
	}
	w->box = box_new();
	w->marks = (struct desk_marks){ .keys = &w->keys,
		.prefix = c->conf->tickets.prefix };
	return 0;
}

void
work_release(struct work *w)
{
	box_free(w->box);
	ruling_free(&w->ruling);
	arena_done(&w->arena);
}

int
work_open(struct work **out, struct context *c, struct err *e)
{
	struct work *w = arena_alloc(&c->arena, sizeof(*w));
	int lock;

	if (files_lock(c->dir, "work", &lock, e) == -1)
		return -1;
	if (work_prepare(w, c, e) == -1) {
		close(lock);
		return -1;
	}
	w->lock = lock;
	if (start(w, e) == -1) {
		work_release(w);
		close(lock);
		return -1;
	}
	*out = w;
	return 0;
}

void
work_close(struct work *w)
{
	struct err e = { 0 };

	if (w == NULL)
		return;
	if (db_begin(w->db, &e) == 0 &&
	    (inbound_stop(w->db, &e) == -1 || db_commit(w->db, &e) == -1))
		db_rollback(w->db);
	work_release(w);
	close(w->lock);
}
