/*
 * deskd held: mail that waits for a human.  Shows what is there, gives a mail
 * back to work, or closes the matter; the raw mail stays in any case.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/cmd.h"
#include "daemon/document.h"
#include "daemon/held.h"
#include "daemon/print.h"
#include "daemon/rows.h"
#include "daemon/wake.h"
#include "store/inbound.h"
#include "store/tickets.h"

extern const struct cmd cmd_held;

void
json_held(struct json *j, struct context *c, const struct held *h)
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
	json_text_or_null(j, "kind", h->kind);
	if (h->ticket != 0)
		json_int(j, "ticket", h->ticket);
	else
		json_raw(j, "ticket", "null");
	json_text(j, "tag", h->ticket != 0 ? cmd_tag(c, h->ticket) : NULL);
	json_text_or_null(j, "agent", h->agent);
	json_text_or_null(j, "code", h->code);
	json_text_or_null(j, "problem", h->problem);
}

static void
json_list(struct context *c, const struct held *list, size_t n)
{
	struct document d;

	document_open(&d);
	json_array(&d.j, "rows");
	for (size_t i = 0; i < n; i++) {
		json_object(&d.j, NULL);
		json_held(&d.j, c, &list[i]);
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
		{ "KIND", false, false },
		{ "TICKET", false, false },
		{ "AGENT", false, false },
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
		table_cell(&t, list[i].kind, STYLE_NONE);
		table_cell(&t,
		    list[i].ticket == 0 ? "" : cmd_tag(c, list[i].ticket),
		    STYLE_NONE);
		table_cell(&t, list[i].agent, STYLE_NONE);
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
		json_list(c, list, n);
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
release(struct db *db, int64_t id, const void *how, struct err *e)
{
	struct held_way way = *(const struct held_way *)how;
	struct arena a = { 0 };
	struct ticket t;
	int rc = 0;

	if (way.ticket != 0) {
		rc = tickets_load_survivor(db, &a, way.ticket, &t, e);
		if (rc == 0 && t.number == 0)
			rc = err_set(e, ERR_REJECT, "there is no ticket %lld",
			    (long long)way.ticket);
		if (rc == 0)
			way.ticket = t.number;
		arena_done(&a);
	}
	return rc == -1 ? -1 : held_release(db, id, &way, e);
}

/* Where the option stands, to find the word behind its value; 0: nowhere. */
static int
option_at(int argc, char **argv, const char *name)
{
	size_t n = strlen(name);

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strncmp(argv[i], name, n) == 0 &&
		    (argv[i][n] == '\0' || argv[i][n] == '='))
			return i;
	return 0;
}

/* "--as agent NAME": the name is the word that follows; it is taken off the
 * line, too. */
static int
release_agent(
    struct context *c, int *argc, char **argv, int at, struct held_way *way)
{
	if (at >= *argc)
		return cmd_usage(&cmd_held, "as which agent?");
	way->agent = argv[at];
	memmove(&argv[at], &argv[at + 1], (size_t)(*argc - at) * sizeof(*argv));
	--*argc;
	if (conf_agent(c->conf, way->agent) != NULL)
		return 0;
	fprintf(stderr, "deskd: there is no agent '%s'\n",
	    print_line(&c->arena, way->agent));
	return 1;
}

static int
release_way(struct context *c, int *argc, char **argv, struct held_way *way)
{
	static const char *const words[] = { "requester", "agent", "note",
		NULL };
	int at = option_at(*argc, argv, "--as");
	const char *as = opt_value(argc, argv, "--as");
	const char *into = opt_value(argc, argv, "--into");
	int i = 0;

	*way = (struct held_way){ .as = as == NULL ? "" : as };
	while (as != NULL && words[i] != NULL && strcmp(as, words[i]) != 0)
		i++;
	if (as != NULL && words[i] == NULL)
		return cmd_usage(&cmd_held,
		    "as '%s'? write requester, agent NAME or note", as);
	if (into != NULL && (way->ticket = cmd_ticket(c, into)) == 0)
		return cmd_usage(&cmd_held,
		    "'%s' is no ticket; write 1042 or %s", into,
		    cmd_tag(c, 1042));
	if (as != NULL && strcmp(as, "note") == 0 && into == NULL)
		return cmd_usage(&cmd_held,
		    "a note in which ticket? add --into %s", cmd_tag(c, 1042));
	return strcmp(way->as, "agent") == 0
	    ? release_agent(c, argc, argv, at, way)
	    : 0;
}

static int
held_release_run(struct context *c, int argc, char **argv)
{
	struct held_way way;
	const struct row_change r = { .cmd = &cmd_held,
		.done = "released, next to be worked",
		.change_how = release,
		.how = &way };
	int rc = release_way(c, &argc, argv, &way);

	if (rc == 0)
		rc = rows_change(c, &r, argc, argv);
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
	static const struct row_change r = {
		.cmd = &cmd_held, .done = "filed", .change = drop
	};
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
	.args = "[list [--all] | show [--raw] ID | release [--as requester | "
		"agent NAME | note] [--into TICKET] ID... | drop [--yes] "
		"ID...]",
	.about = "mail that waits for a human",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = held_run,
	.help = "  list     what waits, with the reason; --all: also what was "
		"released or dropped\n"
		"  show     one of them; --raw: its bytes, unchanged\n"
		"  release  back to work as ordinary mail: neither a rule nor "
		"what held it\n           holds it again; a mail without a "
		"sender is never answered\n"
		"           --as requester: it is no agent's, whatever it "
		"looks like\n"
		"           --as agent NAME: it is his, you vouch for it\n"
		"           --as note: only an internal note, with --into\n"
		"           --into TICKET: it belongs there\n"
		"  drop     file it without a ticket; the raw mail stays\n"
		"\n"
		"  deskd held\n"
		"  deskd held show 17\n"
		"  deskd held release 17 18\n"
		"  deskd held release 17 --as agent ana --into EX-1042\n",
};
