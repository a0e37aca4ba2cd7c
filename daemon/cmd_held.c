/*
 * deskd held: mail that waits for a human.  Shows what is there, gives a mail
 * back to work, or closes the matter; the raw mail stays in any case.
 */
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/cmd.h"
#include "daemon/document.h"
#include "daemon/held.h"
#include "daemon/print.h"
#include "daemon/rows.h"
#include "daemon/wake.h"
#include "store/inbound.h"

extern const struct cmd cmd_held;

void
json_held(struct json *j, const struct held *h)
{
	json_int(j, "id", h->id);
	json_text(j, "mailbox", h->mailbox);
	json_int(j, "uidvalidity", h->uidvalidity);
	json_int(j, "uid", h->uid);
	json_time(j, "since", h->since);
	json_text_or_null(j, "from", h->sender);
	json_text_or_null(j, "subject", h->subject);
	json_text(j, "reason", h->reason);
	json_text(j, "state", h->state);
}

static void
json_list(const struct held *list, size_t n)
{
	struct document d;

	document_open(&d);
	json_array(&d.j, "rows");
	for (size_t i = 0; i < n; i++) {
		json_object(&d.j, NULL);
		json_held(&d.j, &list[i]);
		json_object_end(&d.j);
		document_part(&d);
	}
	json_array_end(&d.j);
	document_close(&d);
}

static void
table_list(struct context *c, const struct held *list, size_t n, bool all)
{
	static const struct column columns[] = {
		{ "ID", true, false },
		{ "SINCE", true, false },
		{ "STATE", false, false },
		{ "FROM", false, false },
		{ "REASON", false, false },
		{ "SUBJECT", false, true },
	};
	struct table t;
	struct print p;

	print_init(&p, c);
	table_init(
	    &t, &c->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n; i++) {
		table_cell(&t,
		    arena_printf(&c->arena, "%lld", (long long)list[i].id),
		    STYLE_BOLD);
		table_cell(
		    &t, print_age(&p, &c->arena, list[i].since), STYLE_NONE);
		table_cell(&t, all ? list[i].state : "",
		    print_style_of(list[i].state));
		table_cell(&t, list[i].sender, STYLE_NONE);
		table_cell(&t, list[i].reason, STYLE_NONE);
		table_cell(&t, list[i].subject, STYLE_NONE);
	}
	table_print(&t, &p);
}

static int
held_list_run(struct context *c, int argc, char **argv)
{
	bool all = opt_flag(&argc, argv, "--all");
	struct held *list = NULL;
	struct err e = { 0 };
	size_t n = 0;

	if (argc > 1)
		return cmd_usage(&cmd_held, "unknown word '%s'", argv[1]);
	if (held_list(c->db, &c->arena, all, &list, &n, &e) == -1)
		return cmd_fail(&e);
	if (c->json)
		json_list(list, n);
	else
		table_list(c, list, n, all);
	if (n == 0 && !c->json && !c->quiet)
		fprintf(stderr, "no mail is held\n");
	return 0;
}

static int
held_show_run(struct context *c, int argc, char **argv)
{
	bool raw = opt_flag(&argc, argv, "--raw");
	int64_t id = rows_id(&cmd_held, argc, argv);
	struct held *list = NULL;
	struct err e = { 0 };
	size_t n = 0;

	if (id == 0)
		return EX_USAGE;
	if (held_list(c->db, &c->arena, true, &list, &n, &e) == -1)
		return cmd_fail(&e);
	for (size_t i = 0; i < n; i++)
		if (list[i].id == id)
			return raw ? held_bytes(c, &list[i])
				   : held_show(c, &list[i]);
	fprintf(stderr, "deskd: no held mail %lld\n", (long long)id);
	return 1;
}

static int
release(struct db *db, int64_t id, int64_t now, struct err *e)
{
	(void)now;
	return held_release(db, id, NULL, e);
}

static int
held_release_run(struct context *c, int argc, char **argv)
{
	static const struct row_change r = { &cmd_held,
		"released, next to be worked", release };
	int rc = rows_change(c, &r, argc, argv);

	if (rc == 0)
		wake_send(c->dir, "work");
	return rc;
}

static int
drop(struct db *db, int64_t id, int64_t now, struct err *e)
{
	(void)now;
	return held_drop(db, id, e);
}

/* There is no way back, so a person at a terminal is asked. */
static bool
agreed(int n)
{
	char answer[16];

	fprintf(stderr,
	    "%d held %s will be filed and not come back to this "
	    "list (the raw mail stays).  Go on? [y/N] ",
	    n, n == 1 ? "mail" : "mails");
	return fgets(answer, sizeof(answer), stdin) != NULL &&
	    (answer[0] == 'y' || answer[0] == 'Y');
}

static int
held_drop_run(struct context *c, int argc, char **argv)
{
	static const struct row_change r = { &cmd_held, "filed", drop };
	bool yes = opt_flag(&argc, argv, "--yes");

	if (!yes && argc > 1 && isatty(STDIN_FILENO) && !agreed(argc - 1))
		return 1;
	return rows_change(c, &r, argc, argv);
}

static int
held_run(struct context *c, int argc, char **argv)
{
	static const struct row_verb verbs[] = {
		{ "list", held_list_run },
		{ "show", held_show_run },
		{ "release", held_release_run },
		{ "drop", held_drop_run },
		{ NULL, NULL },
	};

	return rows_run(c, &cmd_held, verbs, argc, argv);
}

const struct cmd cmd_held = {
	.name = "held",
	.args = "[list [--all] | show [--raw] ID | release ID... | drop "
		"[--yes] ID...]",
	.about = "mail that waits for a human",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = held_run,
	.help = "  list     what waits, with the reason; --all: also what was "
		"released or dropped\n"
		"  show     one of them; --raw: its bytes, unchanged\n"
		"  release  back to work as ordinary mail: neither a rule nor "
		"what held it\n           holds it again; a mail without a "
		"sender is never answered\n"
		"  drop     file it without a ticket; the raw mail stays\n"
		"\n"
		"  deskd held\n"
		"  deskd held show 17\n"
		"  deskd held release 17 18\n",
};
