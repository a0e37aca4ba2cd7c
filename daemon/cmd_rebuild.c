/* deskd rebuild: all that comes from raw mail, derived again. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/log.h"
#include "daemon/progress.h"
#include "daemon/work_private.h"
#include "parser/limits.h"
#include "store/rebuild.h"

struct rebuilding {
	struct work *w;
	struct progress progress;
	int64_t kept;
};

/* A mail that cannot be read any more keeps what was known of it. */
static int
renew(struct rebuilding *x, const struct rebuild_row *rows,
    const struct parcel *list, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i].unreadable) {
			x->kept++;
			continue;
		}
		if (rebuild_message(x->w->db, &x->w->arena, &rows[i],
			&list[i].mail, e) == -1)
			return -1;
	}
	return 0;
}

/* Down the ladder, as work goes: a mail that needed a simpler reading then
 * needs it again, and those behind it in the box are read after it. */
static int
parse_window(struct work *w, struct parcel *list, struct inbound *in, size_t n,
    struct err *e)
{
	struct parcel *todo = arena_calloc(&w->arena, n, sizeof(*todo));
	size_t *at = arena_calloc(&w->arena, n, sizeof(*at)), k;

	do {
		k = 0;
		for (size_t i = 0; i < n; i++)
			if (list[i].later) {
				in[i].tries += list[i].blamed;
				list[i].later = list[i].blamed = false;
				at[k] = i;
				todo[k++] = list[i];
			}
		if (k > 0 && work_parse(w, todo, k, e) == -1)
			return -1;
		for (size_t i = 0; i < k; i++)
			list[at[i]] = todo[i];
	} while (k > 0);
	return 0;
}

/* One window of messages; *after moves to its last. */
static int
window(struct rebuilding *x, int64_t *after, bool *more, struct err *e)
{
	struct work *w = x->w;
	struct rebuild_window next = { .after = *after,
		.max = WORK_BATCH_MAILS };
	struct rebuild_row *rows = NULL;
	struct parcel *list;
	struct inbound *in;
	size_t n = 0;

	arena_reset(&w->arena);
	if (rebuild_next(w->db, &w->arena, &next, &rows, &n, e) == -1)
		return -1;
	*more = n > 0;
	if (n == 0)
		return 0;
	list = arena_calloc(&w->arena, n, sizeof(*list));
	in = arena_calloc(&w->arena, n, sizeof(*in));
	for (size_t i = 0; i < n; i++) {
		in[i].raw = rows[i].raw;
		in[i].mailbox_name = "rebuild";
		list[i].in = &in[i];
		list[i].later = true;
	}
	if (parse_window(w, list, in, n, e) == -1 ||
	    work_known(w, list, n, e) == -1 || renew(x, rows, list, n, e) == -1)
		return -1;
	*after = rows[n - 1].message;
	x->progress.done += n;
	x->progress.part += n;
	progress_show(&x->progress);
	return 0;
}

static int
rebuild(struct rebuilding *x, struct err *e)
{
	struct db *db = x->w->db;
	int64_t after = 0;
	bool more = true;
	int rc;

	if (db_begin(db, e) == -1)
		return -1;
	rc = rebuild_start(db, e);
	while (rc == 0 && more)
		rc = window(x, &after, &more, e);
	if (rc == 0)
		rc = rebuild_finish(db, e);
	if (rc == 0)
		return db_commit(db, e);
	db_rollback(db);
	return -1;
}

static int
rebuild_run(struct context *c, int argc, char **argv)
{
	struct rebuilding x = { 0 };
	struct err e = { 0 };
	int64_t all = 0;
	int run, rc;

	if (argc > 1)
		return cmd_usage(cmd_find("rebuild"), "unknown '%s'", argv[1]);
	log_open("rebuild", LOG_WARN);
	if (files_lock(c->dir, "run", &run, &e) == -1 ||
	    work_open(&x.w, c, &e) == -1) {
		err_wrap(&e, "stop deskd first");
		return cmd_fail(&e);
	}
	rc = db_number(c->db, &all, NULL, &e,
	    "SELECT count(*) FROM message WHERE raw IS NOT NULL", "");
	progress_start(&x.progress, c, "rebuild", false);
	x.progress.of = x.progress.all = (uint64_t)all;
	if (rc == 0)
		rc = rebuild(&x, &e);
	progress_clear(&x.progress);
	work_close(x.w);
	close(run);
	if (rc == -1)
		return cmd_fail(&e);
	if (!c->quiet)
		printf("%lld messages derived again from their mails, %lld "
		       "kept as they were\n",
		    (long long)x.progress.done - (long long)x.kept,
		    (long long)x.kept);
	return 0;
}

const struct cmd cmd_rebuild = {
	.name = "rebuild",
	.args = "",
	.about = "derive texts, ids and the search index again from raw mail",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = rebuild_run,
	.help = "After an upgrade that reads mail better, or when derived "
		"tables are in doubt.\nFacts stay: which ticket a mail went to "
		"and why, events, letters.  One\ntransaction: interrupted, "
		"nothing has changed.  deskd must be stopped.\n",
};
