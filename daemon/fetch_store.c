/* Writing what was fetched: one commit a window, and none without room. */
#include "daemon/fetch_state.h"

#include <sys/statvfs.h>

#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/wake.h"

#define ROOM_MIN     ((uint64_t)512 << 20) /* T62 */
#define ROOM_MAILS   10                    /* times the largest mail */
#define COMMIT_TRIES 3                     /* each waits for the lock */
#define OLD          86400                 /* seconds: no letters (T70) */

int
fetch_commit(struct fetch *f,
    int (*run)(struct fetch *f, void *ctx, struct err *e), void *ctx,
    struct err *e)
{
	struct db *db = f->c->db;

	for (int i = 0; i < COMMIT_TRIES; i++) {
		int rc = db_begin(db, e);

		if (rc == 0) {
			rc = ledger_marked(db, f->row.id, f->row.uidvalidity,
			    f->settled, f->settled_n, e);
			if (rc == 0 && run != NULL)
				rc = run(f, ctx, e);
			if (rc == 0)
				rc = db_commit(db, e);
			if (rc == -1)
				db_rollback(db);
		}
		if (rc == 0) {
			f->settled_n = 0;
			return 0;
		}
		if (e->kind != ERR_RETRY || wake_stopping(f->wake))
			break;
	}
	return err_wrap(e, "database");
}

int64_t
fetch_received(const struct want *w)
{
	return w->date != 0 ? w->date : clock_now();
}

/*
 * Mail that waited for us and is older than a day makes no letters (T69, T70):
 * a first start on a full mailbox must not write to a year of requesters.  What
 * comes while we look is new, whatever date the server gives it.
 */
static bool
is_quiet(const struct fetch *f, const struct want *w)
{
	return w->uid < f->backlog && fetch_received(w) < clock_now() - OLD;
}

struct inbound_new
fetch_inbound(const struct fetch *f, const struct want *w)
{
	return (struct inbound_new){ .mailbox = f->row.id,
		.uidvalidity = f->row.uidvalidity,
		.uid = w->uid,
		.quiet = is_quiet(f, w),
		.marked = !fetch_must_mark(f) };
}

int
fetch_room(struct fetch *f, struct err *e)
{
	uint64_t want = (uint64_t)f->c->conf->tickets.max_size * ROOM_MAILS;
	uint64_t have;
	struct statvfs st;

	if (want < ROOM_MIN)
		want = ROOM_MIN;
	if (statvfs(f->c->dir, &st) == -1)
		return err_set(e, ERR_RETRY, "%s: %m", f->c->dir);
	have = (uint64_t)st.f_bavail * st.f_frsize;
	if (have >= want) {
		f->disk_said = false;
		return 0;
	}
	err_set(e, ERR_RETRY,
	    "%s has only %llu MiB free of the %llu it needs; the mail stays on "
	    "the server until there is room",
	    f->c->dir, (unsigned long long)(have >> 20),
	    (unsigned long long)(want >> 20));
	if (!f->disk_said)
		log_err(LOG_ERROR, e);
	f->disk_said = true;
	return -1;
}
