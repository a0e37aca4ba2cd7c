/* deskd show, thread: one ticket, its fields or its whole conversation.  Looks
 * only. */
#include <stdio.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/print_ticket.h"
#include "parser/quote.h"

extern const struct cmd cmd_show, cmd_thread;

/* show prints the ticket with all of it; thread only names it. */
static void
json_document(struct context *c, const struct ticket_read *r, bool whole)
{
	struct document d;

	document_open(&d);
	if (whole) {
		json_ticket(&d.j, c, &r->view);
	} else {
		json_int(&d.j, "number", r->view.t.number);
		json_text(&d.j, "tag", cmd_tag(c, r->view.t.number));
		json_text(&d.j, "subject", r->view.t.subject);
	}
	json_messages(&d, r);
	if (whole)
		json_events(&d, r);
	document_close(&d);
}

/* Text. */

static char *
person(struct arena *a, const char *name, const char *addr)
{
	name = print_line(a, name);
	addr = print_line(a, addr);
	if (name[0] == '\0' || strcmp(name, addr) == 0)
		return arena_strdup(a, addr);
	return addr[0] == '\0' ? arena_strdup(a, name)
			       : arena_printf(a, "%s <%s>", name, addr);
}

static void
field(const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		printf("  %-10s %s\n", name, value);
}

static char *
links_text(struct context *c, const struct ticket_tags *more)
{
	char *out = arena_strdup(&c->arena, "");

	for (size_t i = 0; i < more->links_n; i++)
		out = arena_printf(&c->arena, "%s%s%s %s", out,
		    i > 0 ? ", " : "", more->links[i].kind,
		    cmd_tag(c, more->links[i].other));
	return out;
}

static char *
tags_text(struct context *c, const struct ticket_tags *more)
{
	char *out = arena_strdup(&c->arena, "");

	for (size_t i = 0; i < more->tags_n; i++)
		out = arena_printf(&c->arena, "%s%s%s", out, i > 0 ? " " : "",
		    print_line(&c->arena, more->tags[i]));
	return out;
}

static char *
team_text(struct context *c, const struct ticket *t)
{
	return arena_printf(&c->arena, "%s (tier %d), %s",
	    t->team[0] == '\0' ? "none" : print_line(&c->arena, t->team),
	    t->tier,
	    t->assignee[0] == '\0' ? "nobody has it"
				   : print_line(&c->arena, t->assignee));
}

static void
show_fields(
    struct context *c, const struct print *p, const struct ticket_view *v)
{
	const struct ticket *t = &v->t;
	const char *status = status_names[t->status];
	const char *priority = priority_names[t->priority];
	struct arena *a = &c->arena;

	printf("%s%s%s  %s\n\n", print_on(p, STYLE_BOLD), cmd_tag(c, t->number),
	    print_off(p, STYLE_BOLD), print_line(a, t->subject));
	printf("  %-10s %s%s%s\n", "status",
	    print_on(p, print_style_of(status)), status,
	    print_off(p, print_style_of(status)));
	printf("  %-10s %s%s%s (impact %s, urgency %s)\n", "priority",
	    print_on(p, print_style_of(priority)), priority,
	    print_off(p, print_style_of(priority)), level_names[t->impact],
	    level_names[t->urgency]);
	field("type", type_names[t->type]);
	field("category", print_line(a, t->category));
	field("tags", tags_text(c, &v->more));
	field("team", team_text(c, t));
	field("requester", person(a, t->requester_name, t->requester));
	field("language", t->language);
	field("created", print_time(a, t->created));
	field("updated", print_time(a, t->updated));
	if (t->until != 0)
		field("until", print_time(a, t->until));
	if (t->nudge != 0)
		field("nudge", print_time(a, t->nudge));
	if (t->end != 0)
		field("ends", print_time(a, t->end));
	if (t->resolved != 0)
		field("resolved", print_time(a, t->resolved));
	if (t->closed != 0)
		field("closed", print_time(a, t->closed));
	if (t->merged_into != 0)
		field("merged",
		    arena_printf(a, "into %s", cmd_tag(c, t->merged_into)));
	field("links", links_text(c, &v->more));
}

/* The first line that says something, for the overview of messages. */
static char *
first_line(struct arena *a, const char *text)
{
	text += strspn(text, " \t\n");
	return arena_strndup(a, text, strcspn(text, "\n"));
}

/* Of a mail that only gave orders, and of what was taken back, a word. */
static const char *
overview(struct arena *a, const struct message *m)
{
	const char *own = quote_own(a, m->new_text);

	if (strcmp(m->class, "withdrawn") == 0)
		return "(withdrawn)";
	if (strcmp(m->class, "command") == 0)
		return arena_printf(a, "(command) %s", first_line(a, own));
	return first_line(a, own);
}

static enum print_style
overview_style(const struct message *m)
{
	return strcmp(m->class, "withdrawn") == 0 ||
		strcmp(m->class, "command") == 0
	    ? STYLE_DIM
	    : STYLE_NONE;
}

static void
show_messages(
    struct context *c, const struct print *p, const struct ticket_read *r)
{
	static const struct column columns[] = {
		{ "MESSAGES", false, false },
		{ "", false, false },
		{ "FROM", false, false },
		{ "TEXT", false, true },
	};
	struct table t;

	table_init(
	    &t, &c->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < r->messages_n; i++) {
		const struct message *m = &r->messages[i];

		table_cell(&t, print_time(&c->arena, m->received), STYLE_NONE);
		table_cell(&t, m->direction,
		    strcmp(m->direction, "note") == 0 ? STYLE_YELLOW
						      : STYLE_NONE);
		table_cell(&t,
		    m->sender_name[0] != '\0' ? m->sender_name : m->sender,
		    STYLE_NONE);
		table_cell(&t, overview(&c->arena, m), overview_style(m));
	}
	putchar('\n');
	table_print(&t, p);
}

static int
show_run(struct context *c, int argc, char **argv)
{
	struct ticket_read r;
	struct print p;
	int rc = ticket_read(c, &cmd_show, argc, argv,
	    READ_TAGS | READ_MESSAGES | READ_EVENTS | READ_SURVIVOR, &r);

	if (rc != 0)
		return rc;
	if (c->json) {
		json_document(c, &r, true);
		return 0;
	}
	print_init(&p, c);
	show_fields(c, &p, &r.view);
	show_messages(c, &p, &r);
	if (!c->quiet)
		printf("\nThe whole conversation: deskd thread %s\n"
		       "Each change and its reason: deskd why %s\n",
		    cmd_tag(c, r.view.t.number), cmd_tag(c, r.view.t.number));
	return 0;
}

const struct cmd cmd_show = {
	.name = "show",
	.args = "TICKET",
	.about = "the fields of a ticket and an overview of its mails",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = show_run,
	.help = "TICKET is written 1042, EX-1042 or [EX-1042].  With --json "
		"one object with\n"
		"messages[] and events[].  Of a merged ticket the one that "
		"lives on is shown;\nwhy has its own history.\n"
		"\n"
		"  deskd show EX-1042\n"
		"  deskd show 1042 --json\n",
};

/* thread */

/* One message's attachments; the read is over, this is text we hold. */
static void
thread_attachments(struct context *c, const struct message *m)
{
	struct attachment *list = NULL;
	struct err e = { 0 };
	size_t n = 0;

	if (attachments_list(c->db, &c->arena, m->attachments, &list, &n, &e) ==
	    -1) {
		cmd_fail(&e);
		return;
	}
	for (size_t i = 0; i < n; i++)
		printf("  [%s, %s, %s]\n",
		    list[i].name[0] == '\0'
			? "no name"
			: print_line(&c->arena, list[i].name),
		    print_line(&c->arena, list[i].type),
		    print_size(&c->arena, list[i].size));
}

static void
thread_message(struct context *c, const struct print *p,
    const struct message *m, const char *subject)
{
	static const struct {
		const char *direction, *word;
	} words[] = {
		{ "in", "from" },
		{ "out", "answer by" },
		{ "note", "internal note by" },
	};
	bool command = strcmp(m->class, "command") == 0;
	const char *word = m->direction;
	char *text = print_block(
	    &c->arena, command ? quote_own(&c->arena, m->new_text) : m->text);
	size_t n;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].direction, m->direction) == 0)
			word = words[i].word;
	if (command)
		word = "command by";
	if (strcmp(m->class, "withdrawn") == 0)
		text = arena_strdup(&c->arena, "(withdrawn)");
	n = strlen(text);
	printf("%s%s  %s %s%s\n", print_on(p, STYLE_BOLD),
	    print_time(&c->arena, m->received), word,
	    m->sender[0] == '\0' ? "this desk"
				 : person(&c->arena, m->sender_name, m->sender),
	    print_off(p, STYLE_BOLD));
	if (strcmp(m->subject, subject) != 0 && m->subject[0] != '\0')
		printf("Subject: %s\n", print_line(&c->arena, m->subject));
	while (n > 0 && text[n - 1] == '\n')
		n--;
	printf("\n%.*s\n", (int)n, text);
	thread_attachments(c, m);
	putchar('\n');
}

static int
thread_run(struct context *c, int argc, char **argv)
{
	struct ticket_read r;
	struct print p;
	int rc = ticket_read(
	    c, &cmd_thread, argc, argv, READ_MESSAGES | READ_SURVIVOR, &r);

	if (rc != 0)
		return rc;
	if (c->json) {
		json_document(c, &r, false);
		return 0;
	}
	print_init(&p, c);
	printf("%s%s%s  %s\n\n", print_on(&p, STYLE_BOLD),
	    cmd_tag(c, r.view.t.number), print_off(&p, STYLE_BOLD),
	    print_line(&c->arena, r.view.t.subject));
	for (size_t i = 0; i < r.messages_n; i++)
		thread_message(c, &p, &r.messages[i], r.view.t.subject);
	return 0;
}

const struct cmd cmd_thread = {
	.name = "thread",
	.args = "TICKET",
	.about = "the whole conversation of a ticket, oldest first",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = thread_run,
	.help = "Internal notes are shown too.\n"
		"\n"
		"  deskd thread EX-1042 | less\n",
};
