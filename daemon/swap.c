/* A configuration comes into force, or does not.  See the header. */
#include "daemon/swap.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/announce.h"
#include "daemon/clock.h"
#include "daemon/files.h"
#include "daemon/log.h"
#include "daemon/print.h"
#include "daemon/wake.h"
#include "parser/utf8.h"
#include "store/confs.h"

#define REPORT_MAX  (1 << 20)
#define REFUSED_MAX (16 << 10) /* bytes of a report that are kept */
#define ERRORS_TOLD 5
#define EARLIER_MAX 20 /* configurations that a start tries */

static void
refuse(struct swap *s, const struct conf_report *rep)
{
	const char *text = buf_text(rep->text);

	s->conf = NULL;
	s->errors = rep->errors;
	s->report = arena_strdup(&s->arena, text);
	s->first = arena_strndup(&s->arena, text, strcspn(text, "\n"));
}

int
swap_read(struct swap *s, const struct context *c)
{
	struct conf_report rep = { 0 };
	struct err e = { 0 };
	struct buf text;
	int rc;

	*s = (struct swap){ 0 };
	s->loading = arena_alloc(&s->arena, sizeof(*s->loading));
	buf_init(&text, REPORT_MAX);
	rep.text = &text;
	loading_init(s->loading, &s->arena, &files_conf_source, NULL);
	rc = loading_try(s->loading, c->conf_path, &rep);
	s->conf = s->loading->conf;
	/* Whoever can write to it can make us run commands (T49). */
	if (s->conf != NULL && loading_safe(s->loading, &e) == -1) {
		rep.errors++;
		buf_printf(&text, "%s\n", e.text);
		rc = -1;
	}
	if (rc == -1)
		refuse(s, &rep);
	else
		loading_seal(s->loading);
	buf_done(&text);
	return rc;
}

/* From the database. */

/* 1: it cannot be read any more (an older deskd wrote it). */
static int
read_kept(struct swap *s, struct db *db, int64_t id, struct err *e)
{
	struct conf_kept *k = arena_alloc(&s->arena, sizeof(*k));
	struct loading *l = arena_alloc(&s->arena, sizeof(*l));
	struct conf_report rep = { 0 };

	if (confs_read(db, &s->arena, id, k, e) == -1)
		return e->kind == ERR_RETRY ? -1 : 1;
	if (k->bundle.n == 0)
		return 1;
	loading_init(l, &s->arena, &files_conf_source, &k->bundle);
	if (loading_read(l, k->bundle.list[0].path, &rep) == -1)
		return 1;
	s->loading = l;
	s->conf = l->conf;
	s->id = id;
	s->since = k->since;
	return 0;
}

static int
fall_back(struct swap *s, const struct context *c, struct err *e)
{
	int64_t ids[EARLIER_MAX];
	struct db *db = NULL;
	size_t n = 0;
	int rc;

	if (db_open(&db, c->dir, DB_OPEN, e) == -1)
		return e->kind == ERR_REJECT ? 1 : -1;
	rc = confs_had(db, ids, EARLIER_MAX, &n, e);
	if (rc == 0)
		rc = 1;
	for (size_t i = 0; i < n && rc == 1; i++)
		rc = read_kept(s, db, ids[i], e);
	db_close(db);
	return rc;
}

/* A typo and a restart must not stop the mail (T68). */
static int
start_with_kept(const struct swap *broken, struct swap *s, struct context *c)
{
	struct err e = { 0 };
	int rc;

	fputs(broken->report, stderr);
	cmd_choose_dir(
	    c, conf_state(&c->arena, c->conf_path, &files_conf_source));
	rc = fall_back(s, c, &e);
	if (rc == -1)
		return cmd_fail(&e);
	if (rc == 1)
		return EX_CONFIG;
	swap_say(broken, "the last good one takes its place");
	log_line(LOG_ERROR,
	    "started with configuration %lld of %s; mend the files, then "
	    "'deskd reload'",
	    (long long)s->id, print_time(&c->arena, s->since));
	return 0;
}

int
swap_start(struct swap slots[2], struct context *c)
{
	if (swap_read(&slots[0], c) == -1)
		return start_with_kept(&slots[0], &slots[1], c);
	cmd_use_conf(c, slots[0].conf);
	cmd_choose_dir(c, slots[0].conf->state);
	return 0;
}

void
swap_say(const struct swap *s, const char *instead)
{
	log_line(LOG_ERROR,
	    "configuration refused, %s: %s (%d %s; 'deskd check' shows all)",
	    instead, s->first, s->errors, s->errors == 1 ? "error" : "errors");
}

static int
keep(struct swap *s, struct db *db, struct err *e)
{
	int64_t id = 0;

	if (db_begin(db, e) == -1)
		return -1;
	if (confs_add(db, &s->loading->files, clock_now(), &id, e) == -1) {
		db_rollback(db);
		return -1;
	}
	if (db_commit(db, e) == -1)
		return -1;
	s->id = id;
	return 0;
}

void
swap_keep(struct swap *s, const struct context *c)
{
	struct db *db = NULL;
	struct err e = { 0 };
	int rc;

	if (s->id != 0)
		return;
	rc = db_open(&db, c->dir, DB_OPEN, &e);
	if (rc == 0)
		rc = keep(s, db, &e);
	db_close(db);
	if (rc == 0)
		return;
	err_wrap(&e, "the configuration could not be kept");
	log_err(LOG_ERROR, &e);
}

/* The letter. */

/* A message begins at the margin; its line and caret stand to the right. */
static const char *
next_message(const char *p)
{
	do {
		p += strcspn(p, "\n");
		p += *p == '\n';
	} while (*p == ' ');
	return p;
}

/* The first errors of a report, without the warnings between them. */
static char *
first_errors(struct arena *a, const char *report, int *told)
{
	char *out = arena_strdup(a, "");

	*told = 0;
	while (*report != '\0' && *told < ERRORS_TOLD) {
		const char *end = next_message(report);
		char *one = arena_strndup(a, report, (size_t)(end - report));
		size_t line = strcspn(one, "\n");
		const char *warning = strstr(one, ": warning: ");

		report = end;
		if (warning != NULL && warning < one + line)
			continue;
		if (strncmp(one, "... and ", 8) == 0)
			break;
		out = arena_printf(a, "%s%s", out, one);
		++*told;
	}
	out[strlen(out) - (*told > 0)] = '\0'; /* its last line end */
	return print_block(a, out);
}

static const char *
number(struct arena *a, int64_t n)
{
	return n <= 0 ? NULL : arena_printf(a, "%lld", (long long)n);
}

/* One letter to each admin, by the configuration that is in force. */
static int
write_letters(const struct swap *s, const struct context *c, struct db *db,
    const struct conf_try *t, struct err *e)
{
	struct arena a = { 0 };
	int told, rc;
	const char *report = first_errors(&a, s->report, &told);
	struct conf_kept kept = { 0 };
	struct announce by;

	rc = announce_open(&by, &a, c->conf, c->dir, t->time, e);
	if (rc == 0 && t->conf != 0)
		rc = confs_read(db, &a, t->conf, &kept, e);
	for (size_t i = 0; i < c->conf->admins_n && rc == 0; i++) {
		const struct value values[] = {
			{ .name = "desk.name", .text = c->conf->desk },
			{ .name = "desk.address", .text = c->conf->address },
			{ .name = "file", .text = c->conf_path },
			{ .name = "start",
			    .text = strcmp(t->occasion, "start") == 0 ? "yes"
								      : NULL },
			{ .name = "number", .text = number(&a, t->conf) },
			{ .name = "since", .text = print_time(&a, kept.since) },
			{ .name = "count", .text = number(&a, s->errors) },
			{ .name = "report", .text = report },
			{ .name = "more",
			    .text = number(&a, s->errors - told) },
			{ 0 },
		};
		struct announcement m = { .template = "refused",
			.event = "config-refused",
			.values = values };
		struct letter l = { .recipient = c->conf->admins[i] };

		rc = announce_write(&by, &m, &l, e);
		if (rc == 0)
			rc = outbox_add(db, &l, NULL, e);
	}
	arena_done(&a);
	return rc;
}

static int
write_refusal(const struct swap *s, const struct context *c, struct db *db,
    struct conf_try *t, struct err *e)
{
	bool told = false;

	if (confs_told(db, t->refused, t->time - SWAP_TELL_SECONDS, &told, e) ==
	    -1)
		return -1;
	if (told || !c->conf->has_smtp || c->conf->admins_n == 0)
		return 0;
	t->told = true;
	return write_letters(s, c, db, t, e);
}

static int
write_all(const struct swap *s, const struct context *c, struct db *db,
    struct conf_try *t, struct err *e)
{
	int rc;

	if (db_begin(db, e) == -1)
		return -1;
	rc = t->refused == NULL ? 0 : write_refusal(s, c, db, t, e);
	if (rc == 0)
		rc = confs_try_add(db, t, e);
	if (rc == 0)
		return db_commit(db, e);
	db_rollback(db);
	return -1;
}

void
swap_record(const struct swap *s, const struct context *c, const char *occasion)
{
	struct arena a = { 0 };
	struct conf_try t = { .time = clock_now(),
		.occasion = occasion,
		.conf = c->conf_id,
		.refused = s->report == NULL
		    ? NULL
		    : arena_strndup(&a, s->report,
			  utf8_cut(
			      s->report, strlen(s->report), REFUSED_MAX)) };
	struct db *db = NULL;
	struct err e = { 0 };
	int rc = db_open(&db, c->dir, DB_OPEN, &e);

	if (rc == 0)
		rc = write_all(s, c, db, &t, &e);
	db_close(db);
	arena_done(&a);
	if (rc == -1) {
		err_wrap(&e,
		    "which configuration is in force could not be "
		    "written down");
		log_err(LOG_ERROR, &e);
	} else if (t.told) {
		wake_send(c->dir, "send");
	}
}

void
swap_done(struct swap *s)
{
	arena_done(&s->arena);
	*s = (struct swap){ 0 };
}
