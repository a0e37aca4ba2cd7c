/*
 * deskd outbox: letters that wait, were given up, or went.  Shows them, sends
 * one once more, or takes one off the list; the row itself stays for ever.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/cmd.h"
#include "daemon/document.h"
#include "daemon/print.h"
#include "daemon/rows.h"
#include "daemon/wake.h"
#include "store/outbox.h"

extern const struct cmd cmd_outbox;

static void
json_letter(struct json *j, struct context *c, const struct letter *l)
{
	json_int(j, "id", l->id);
	if (l->ticket != 0)
		json_int(j, "ticket", l->ticket);
	else
		json_text(j, "ticket", NULL);
	json_text(j, "tag", l->ticket != 0 ? cmd_tag(c, l->ticket) : NULL);
	json_text(j, "kind", letter_kind_names[l->kind]);
	json_bool(j, "automatic", l->automatic);
	json_text(j, "sender", l->sender);
	json_text(j, "to", l->recipient);
	json_text(j, "message_id", l->message_id);
	json_int(j, "size", (int64_t)l->size);
	json_text(j, "state", l->state);
	json_text_or_null(j, "phase", l->phase);
	json_int(j, "tries", l->tries);
	json_int(j, "unknowns", l->unknowns);
	json_time(j, "created", l->created);
	json_time(j, "next", strcmp(l->state, "pending") == 0 ? l->next_at : 0);
	json_time(j, "done", l->done);
	json_text_or_null(j, "reply", l->reply);
}

static void
json_list(struct context *c, const struct letter *list, size_t n)
{
	struct document d;

	document_open(&d);
	json_array(&d.j, "rows");
	for (size_t i = 0; i < n; i++) {
		json_object(&d.j, NULL);
		json_letter(&d.j, c, &list[i]);
		json_object_end(&d.j);
		document_part(&d);
	}
	json_array_end(&d.j);
	document_close(&d);
}

/* "in 5m" for a letter that waits for a time, else nothing. */
static const char *
next_try(const struct print *p, struct arena *a, const struct letter *l)
{
	int64_t wait = l->next_at - p->now;

	if (strcmp(l->state, "pending") != 0)
		return "";
	if (wait <= 0)
		return "now";
	if (wait < 120)
		return arena_printf(a, "in %llds", (long long)wait);
	if (wait < 7200)
		return arena_printf(a, "in %lldm", (long long)(wait / 60));
	return arena_printf(a, "in %lldh", (long long)(wait / 3600));
}

static enum print_style
state_style(const struct letter *l)
{
	if (strcmp(l->state, "dead") == 0)
		return STYLE_ALARM;
	if (strcmp(l->state, "sent") == 0)
		return STYLE_GREEN;
	return l->tries > 0 ? STYLE_YELLOW : STYLE_NONE;
}

static void
table_row(struct context *c, struct table *t, const struct print *p,
    const struct letter *l)
{
	struct arena *a = &c->arena;

	table_cell(t, arena_printf(a, "%lld", (long long)l->id), STYLE_BOLD);
	table_cell(t, l->ticket != 0 ? cmd_tag(c, l->ticket) : "", STYLE_NONE);
	table_cell(t, letter_kind_names[l->kind], STYLE_NONE);
	table_cell(t, l->recipient, STYLE_NONE);
	table_cell(t, l->state, state_style(l));
	table_cell(t, print_age(p, a, l->created), STYLE_NONE);
	table_cell(t, l->tries == 0 ? "" : arena_printf(a, "%d", l->tries),
	    STYLE_NONE);
	table_cell(t, next_try(p, a, l), STYLE_NONE);
	table_cell(t, l->reply, STYLE_NONE);
}

static void
table_list(struct context *c, const struct letter *list, size_t n)
{
	static const struct column columns[] = {
		{ "ID", true, false },
		{ "TICKET", false, false },
		{ "KIND", false, false },
		{ "TO", false, false },
		{ "STATE", false, false },
		{ "AGE", true, false },
		{ "TRIES", true, false },
		{ "NEXT", false, false },
		{ "LAST ANSWER", false, true },
	};
	struct table t;
	struct print p;

	print_init(&p, c);
	table_init(
	    &t, &c->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n; i++)
		table_row(c, &t, &p, &list[i]);
	table_print(&t, &p);
}

static int
outbox_list_run(struct context *c, int argc, char **argv)
{
	bool all = opt_flag(&argc, argv, "--all");
	struct letter *list = NULL;
	struct err e = { 0 };
	size_t n = 0;

	if (argc > 1)
		return cmd_usage(&cmd_outbox, "unknown word '%s'", argv[1]);
	if (outbox_list(c->db, &c->arena, all ? "all" : NULL, &list, &n, &e) ==
	    -1)
		return cmd_fail(&e);
	if (c->json)
		json_list(c, list, n);
	else
		table_list(c, list, n);
	if (n == 0 && !c->json && !c->quiet)
		fprintf(stderr,
		    all ? "there are no letters\n"
			: "no letter waits, none was given up\n");
	return 0;
}

static void
show_head(struct context *c, const struct letter *l)
{
	struct arena *a = &c->arena;

	printf("letter   %lld, %s, %s\n", (long long)l->id,
	    letter_kind_names[l->kind], l->state);
	if (l->ticket != 0)
		printf("ticket   %s\n", cmd_tag(c, l->ticket));
	printf("from     <%s>\nto       <%s>\n", print_line(a, l->sender),
	    print_line(a, l->recipient));
	printf("made     %s\n", print_time(a, l->created));
	if (strcmp(l->state, "pending") == 0)
		printf("next     %s\n", print_time(a, l->next_at));
	if (l->done != 0)
		printf("done     %s\n", print_time(a, l->done));
	printf("tries    %d\n", l->tries);
	if (l->unknowns > 0)
		printf("unknown  %d: the server took it and never answered, so "
		       "it may be there twice\n",
		    l->unknowns);
	printf("answer   %s\n\n",
	    l->reply[0] == '\0' ? "-" : print_line(a, l->reply));
}

static void
show_text(struct context *c, const struct letter *l)
{
	char *text = arena_strndup(&c->arena, l->data, l->size);
	size_t k = 0;

	for (size_t i = 0; i < l->size; i++) {
		text[k] = text[i];
		if (text[i] == '\0')
			text[k] = '?';
		k += text[i] != '\r';
	}
	text[k] = '\0';
	fputs(print_block(&c->arena, text), stdout);
}

static void
json_one(struct context *c, const struct letter *l)
{
	struct document d;

	document_open(&d);
	json_letter(&d.j, c, l);
	document_close(&d);
}

static int
outbox_show_run(struct context *c, int argc, char **argv)
{
	bool raw = opt_flag(&argc, argv, "--raw");
	int64_t id = rows_id(&cmd_outbox, argc, argv);
	struct letter l;
	struct err e = { 0 };

	if (id == 0)
		return EX_USAGE;
	if (outbox_load(c->db, &c->arena, id, &l, &e) == -1) {
		cmd_fail(&e);
		return e.kind == ERR_REJECT ? 1 : EX_SOFTWARE;
	}
	if (raw) {
		fwrite(l.data, 1, l.size, stdout);
	} else if (c->json) {
		json_one(c, &l);
	} else {
		show_head(c, &l);
		show_text(c, &l);
	}
	return 0;
}

static int
outbox_retry_run(struct context *c, int argc, char **argv)
{
	static const struct row_change r = { .cmd = &cmd_outbox,
		.done = "to be sent now",
		.change = outbox_again };
	int rc = rows_change(c, &r, argc, argv);

	if (rc == 0)
		wake_send(c->dir, "send");
	return rc;
}

static int
outbox_drop_run(struct context *c, int argc, char **argv)
{
	static const struct row_change r = { .cmd = &cmd_outbox,
		.done = "dropped; 'deskd outbox retry' brings it back",
		.change = outbox_drop };

	return rows_change(c, &r, argc, argv);
}

static int
outbox_run(struct context *c, int argc, char **argv)
{
	static const struct row_verb verbs[] = {
		{ "list", outbox_list_run },
		{ "show", outbox_show_run },
		{ "retry", outbox_retry_run },
		{ "drop", outbox_drop_run },
		{ NULL, NULL },
	};

	return rows_run(c, &cmd_outbox, verbs, argc, argv);
}

const struct cmd cmd_outbox = {
	.name = "outbox",
	.args = "[list [--all] | show [--raw] ID | retry ID... | drop ID...]",
	.about = "letters that wait or were given up",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = outbox_run,
	.help =
	    "  list   what waits and what was given up, with the server's last "
	    "answer;\n         --all: also what was sent or dropped\n"
	    "  show   one of them; --raw: the bytes, unchanged\n"
	    "  retry  once more now, also one that was given up or dropped\n"
	    "  drop   never; it stays in the table and can be brought back\n"
	    "\n"
	    "  deskd outbox\n"
	    "  deskd outbox show 17\n"
	    "  deskd outbox retry 17 18\n",
};
