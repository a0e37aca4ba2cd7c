/*
 * deskd template: which words of letters are in force, and what a letter made
 * of them looks like.  Looks only: nothing is stored or sent.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/clock.h"
#include "daemon/document.h"
#include "daemon/preview_notice.h"
#include "daemon/print.h"
#include "daemon/rows.h"
#include "daemon/ruling.h"
#include "daemon/templates.h"
#include "daemon/when.h"
#include "parser/near.h"
#include "rules/acknowledge.h"
#include "store/tickets.h"

extern const struct cmd cmd_template;

#define REPORT_MAX (64 << 10)

struct templating {
	struct context *c;
	struct ruling ruling;
	struct template_set set;
};

/* Rules and templates; an exit code, 0 when all is well. */
static int
load(struct templating *x, struct context *c)
{
	struct buf text;
	struct conf_report rep = { .text = &text };
	struct err e = { 0 };
	int rc;

	*x = (struct templating){ .c = c };
	if (ruling_load(&x->ruling, &c->arena, c->conf, NULL, &e) == -1) {
		cmd_fail(&e);
		return EX_CONFIG;
	}
	buf_init(&text, REPORT_MAX);
	rc = templates_load(
	    &c->arena, c->conf, x->ruling.book, &rep, &x->set, &e);
	if (rc == -1)
		fputs(buf_text(&text), stderr);
	buf_done(&text);
	if (rc == 0)
		return 0;
	cmd_fail(&e);
	ruling_free(&x->ruling);
	return EX_CONFIG;
}

/* list */

/* What serves a language of the desk: its own, or what stands in for it. */
struct row {
	const char *name, *language;
	const struct template_entry *entry;
	bool own;
};

static struct row
row_of(const struct templating *x, const char *name, const char *language)
{
	const struct conf *c = x->c->conf;
	struct row r = { .name = name, .language = language };

	r.entry = template_set_entry(&x->set, name, language);
	r.own = r.entry != NULL;
	for (size_t i = 0; r.entry == NULL && i < c->languages_n; i++)
		r.entry = template_set_entry(&x->set, name, c->languages[i]);
	if (r.entry == NULL)
		r.entry = template_set_entry(&x->set, name, "en");
	return r;
}

static struct row *
rows_of(const struct templating *x, size_t *n)
{
	const struct conf *c = x->c->conf;
	struct row *list = arena_calloc(
	    &x->c->arena, x->set.n * c->languages_n, sizeof(*list));

	*n = 0;
	for (size_t i = 0; i < x->set.n; i++) {
		const char *name = x->set.list[i].kind->name;
		bool seen = false;

		for (size_t k = 0; k < *n; k++)
			seen |= strcmp(list[k].name, name) == 0;
		for (size_t k = 0; !seen && k < c->languages_n; k++)
			list[(*n)++] = row_of(x, name, c->languages[k]);
	}
	return list;
}

static void
list_text(const struct templating *x, const struct row *list, size_t n)
{
	static const struct column columns[] = { { "TEMPLATE", false, false },
		{ "LANGUAGE", false, false }, { "FROM", false, true } };
	struct arena *a = &x->c->arena;
	struct table t;
	struct print p;

	print_init(&p, x->c);
	table_init(&t, a, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n; i++) {
		const struct template_entry *e = list[i].entry;

		table_cell(&t, list[i].name, STYLE_BOLD);
		table_cell(&t, list[i].language, STYLE_NONE);
		if (list[i].own)
			table_cell(&t, e->path == NULL ? "built in" : e->path,
			    STYLE_NONE);
		else
			table_cell(&t,
			    arena_printf(a, "none, the one in '%s' is used",
				e->language),
			    STYLE_YELLOW);
	}
	table_print(&t, &p);
}

static void
list_json(const struct row *list, size_t n)
{
	struct document d;

	document_open(&d);
	json_array(&d.j, "templates");
	for (size_t i = 0; i < n; i++) {
		json_object(&d.j, NULL);
		json_text(&d.j, "template", list[i].name);
		json_text(&d.j, "language", list[i].language);
		json_text(&d.j, "used", list[i].entry->language);
		json_text_or_null(&d.j, "file", list[i].entry->path);
		json_object_end(&d.j);
	}
	json_array_end(&d.j);
	document_close(&d);
}

static int
template_list_run(struct context *c, int argc, char **argv)
{
	struct templating x;
	struct row *list;
	size_t n;
	int rc;

	if (argc > 1)
		return cmd_usage(&cmd_template, "unknown word '%s'", argv[1]);
	rc = load(&x, c);
	if (rc != 0)
		return rc;
	list = rows_of(&x, &n);
	if (c->json)
		list_json(list, n);
	else
		list_text(&x, list, n);
	ruling_free(&x.ruling);
	return 0;
}

/* preview */

struct preview {
	const char *name, *language, *ticket;
	int64_t at;
	struct note_out out;
	const char *from; /* the sender's name, where it is the template's */
	const char *used; /* the language it came out in */
	bool missing;     /* there is no such ticket */
};

/* Groups of a pattern show their own names. */
static void
sample_groups(struct templating *x, const char *name, struct acknowledge *in)
{
	const struct template_entry *e = x->set.list;
	struct arena *a = &x->c->arena;
	struct group *groups;
	size_t n = 0;

	while (strcmp(e->kind->name, name) != 0)
		e++;
	for (const char *const *k = e->kind->known; *k != NULL; k++)
		n++;
	groups = arena_calloc(a, n, sizeof(*groups));
	in->groups = groups;
	for (size_t i = 0; i < n; i++) {
		const char *known = e->kind->known[i];

		if (strncmp(known, "match.", 6) == 0)
			groups[in->groups_n++] = (struct group){ known + 6,
				arena_printf(a, "[%s]", known + 6) };
	}
}

/* A plain ticket of somebody, or the one that is named. */
static int
take_ticket(
    struct templating *x, struct preview *p, struct ticket *t, struct err *e)
{
	struct context *c = x->c;
	int64_t number;

	*t = ticket_blank;
	t->number = 1042;
	t->subject = "VPN does not connect";
	t->requester = "maria.gomez@kunde.example";
	t->requester_name = "Maria Gomez";
	if (c->conf->teams_n > 0)
		t->team = c->conf->teams[0].name;
	if (p->ticket == NULL)
		return 0;
	number = cmd_ticket(c, p->ticket);
	if (number == 0)
		return err_set(
		    e, ERR_REJECT, "'%.80s' is no ticket", p->ticket);
	if (db_open(&c->db, c->dir, DB_OPEN, e) == -1)
		return -1;
	if (tickets_load(c->db, &c->arena, number, t, e) == -1)
		return -1;
	p->missing = t->number == 0;
	return p->missing ? err_set(e, ERR_REJECT, "there is no ticket %s",
				cmd_tag(c, number))
			  : 0;
}

static int
preview_letter(struct templating *x, struct preview *p, struct err *e)
{
	struct ticket t;
	struct mail m = { 0 };
	struct acknowledge in = { .conf = x->c->conf,
		.templates = &x->set,
		.ticket = &t,
		.mail = &m,
		.now = p->at,
		.template = p->name,
		.book = x->ruling.book,
		.desk = x->ruling.zone,
		.language = p->language };

	if (take_ticket(x, p, &t, e) == -1)
		return -1;
	m.from_addr = *t.requester == '\0' ? NULL : t.requester;
	m.from_name = t.requester_name;
	m.language = t.language;
	sample_groups(x, p->name, &in);
	return acknowledge_words(&x->c->arena, &in, &p->out, &p->used, e);
}

/* What the staff reads is about deskd, not about a ticket. */
static int
preview_staff(struct templating *x, struct preview *p,
    const struct value *values, struct err *e)
{
	const struct template *t = template_set_for(
	    &x->set, p->name, x->c->conf, p->language, &p->used);
	char *subject, *text;

	if (template_render(&x->c->arena, t, values, &subject, &text, e) == -1)
		return -1;
	p->out.subject = subject;
	p->out.text = text;
	return 0;
}

static int
preview_alert(struct templating *x, struct preview *p, struct err *e)
{
	const char *tag = cmd_tag(x->c, 1042);
	const struct value letter[] = {
		{ .name = "number", .text = "17" },
		{ .name = "kind", .text = "acknowledgement" },
		{ .name = "recipient", .text = "maria.gomez@kunde.example" },
		{ .name = "tag", .text = tag },
		{ .name = "dead", .text = "yes" },
		{ .name = "tries", .text = "1" },
		{ .name = "answer", .text = "550 5.1.1 no such mailbox" },
		{ 0 },
	};
	const struct value rows[] = { { .child = letter } };
	const struct value values[] = {
		{ .name = "desk.name", .text = x->c->conf->desk },
		{ .name = "desk.address", .text = x->c->conf->address },
		{ .name = "ticket.tag", .text = tag },
		{ .name = "letter.number", .text = "17" },
		{ .name = "letter.recipient",
		    .text = "maria.gomez@kunde.example" },
		{ .name = "count", .text = "1" },
		{ .name = "letters", .rows = rows, .rows_n = 1 },
		{ 0 },
	};

	return preview_staff(x, p, values, e);
}

static int
preview_refused(struct templating *x, struct preview *p, struct err *e)
{
	struct arena *a = &x->c->arena;
	const struct value values[] = {
		{ .name = "desk.name", .text = x->c->conf->desk },
		{ .name = "desk.address", .text = x->c->conf->address },
		{ .name = "file", .text = x->c->conf_path },
		{ .name = "number", .text = "17" },
		{ .name = "since", .text = print_time(a, p->at) },
		{ .name = "count", .text = "1" },
		{ .name = "report",
		    .text = arena_printf(a,
			"%s:9:19: error: there is no team 'netwrok'\n"
			"    9 |     assign  team netwrok\n"
			"      |                  ^^^^^^^ did you mean 'network'?",
			x->c->conf_path) },
		{ 0 },
	};

	return preview_staff(x, p, values, e);
}

/* A letter about a ticket to one of the staff. */
static int
preview_told(struct templating *x, struct preview *p, struct err *e)
{
	struct ticket t;
	const struct desk desk = { .conf = x->c->conf,
		.templates = &x->set,
		.book = x->ruling.book,
		.zone = x->ruling.zone,
		.now = p->at };
	struct preview_notice n = { .desk = &desk,
		.kind = notice_kind(p->name),
		.ticket = &t,
		.language = p->language };

	if (take_ticket(x, p, &t, e) == -1 ||
	    preview_notice(&x->c->arena, &n, e) == -1)
		return -1;
	p->out = n.out;
	p->from = n.from;
	p->used = n.used;
	return 0;
}

static void
print_preview(struct context *c, const struct preview *p)
{
	struct document d;

	if (!c->json && p->from != NULL)
		printf("From: %s\n", print_line(&c->arena, p->from));
	if (!c->json) {
		printf("Subject: %s\n\n%s",
		    print_line(&c->arena, p->out.subject),
		    print_block(&c->arena, p->out.text));
		return;
	}
	document_open(&d);
	json_text(&d.j, "template", p->name);
	json_text(&d.j, "language", p->used);
	if (p->from != NULL)
		json_text(&d.j, "from", p->from);
	json_text(&d.j, "subject", p->out.subject);
	json_text(&d.j, "text", p->out.text);
	document_close(&d);
}

/* Is there a template of that name?  Says so when there is none. */
static bool
known(const struct templating *x, const char *name)
{
	const char **names = arena_calloc(
	    &x->c->arena, x->set.n + 1, sizeof(*names));
	const char *near;

	for (size_t i = 0; i < x->set.n; i++) {
		names[i] = x->set.list[i].kind->name;
		if (strcmp(names[i], name) == 0)
			return true;
	}
	near = near_word(name, names);
	fprintf(stderr, "deskd: there is no template '%s'%s%s%s\n",
	    print_line(&x->c->arena, name),
	    near == NULL ? "; 'deskd template list' shows them"
			 : "; did you mean '",
	    near == NULL ? "" : near, near == NULL ? "" : "'?");
	return false;
}

static int (*preview_of(const char *name))(
    struct templating *, struct preview *, struct err *)
{
	return strcmp(name, "alert") == 0       ? preview_alert
	    : strcmp(name, "refused") == 0      ? preview_refused
	    : notice_kind(name) != NOTICE_KINDS ? preview_told
						: preview_letter;
}

static int
preview(struct templating *x, struct preview *p)
{
	struct err e = { 0 };
	int rc;

	if (!known(x, p->name))
		return 1;
	rc = preview_of(p->name)(x, p, &e);
	if (rc == -1) {
		rc = cmd_fail(&e);
		return p->missing ? 1 : rc;
	}
	if (p->language != NULL &&
	    !language_serves(p->used, p->language, strlen(p->language)))
		fprintf(stderr,
		    "deskd: there is none in '%s'; this is the one in '%s'\n",
		    print_line(&x->c->arena, p->language), p->used);
	print_preview(x->c, p);
	return 0;
}

static int
template_preview_run(struct context *c, int argc, char **argv)
{
	struct preview p = { .language = opt_value(&argc, argv, "--lang"),
		.ticket = opt_value(&argc, argv, "--ticket"),
		.at = clock_now() };
	const char *at = opt_value(&argc, argv, "--at");
	struct templating x;
	int rc;

	if (argc != 2)
		return cmd_usage(&cmd_template, "name one template");
	if (at != NULL && !when_parse(at, clock_now(), &p.at))
		return cmd_usage(&cmd_template,
		    "'%s' is no moment; write 2026-08-04T03:00, 03:00 or mon",
		    at);
	p.name = argv[1];
	rc = load(&x, c);
	if (rc != 0)
		return rc;
	rc = preview(&x, &p);
	ruling_free(&x.ruling);
	return rc;
}

static int
template_run(struct context *c, int argc, char **argv)
{
	static const struct row_verb verbs[] = {
		{ "list", template_list_run },
		{ "preview", template_preview_run },
		{ NULL, NULL },
	};

	return rows_run(c, &cmd_template, verbs, argc, argv);
}

const struct cmd cmd_template = {
	.name = "template",
	.args = "[list | preview [--lang CODE] [--ticket TICKET] [--at WHEN] "
		"NAME]",
	.about = "the words of automatic letters, and how a letter looks",
	.needs = TAKES_CONF,
	.run = template_run,
	.help =
	    "  list     each template in each language of the desk and where it "
	    "comes from\n"
	    "  preview  the subject and text of a letter; nothing is stored or "
	    "sent\n\n"
	    "  --lang CODE      in this language\n"
	    "  --ticket TICKET  about this ticket, else with plain values\n"
	    "  --at WHEN        as if it were then: 2026-08-04T03:00, 03:00, "
	    "mon\n\n"
	    "Named groups of a pattern show their own names.  How templates "
	    "are written is\nin deskd.conf(5).\n\n"
	    "  deskd template preview acknowledge --lang de --ticket EX-1042\n",
};
