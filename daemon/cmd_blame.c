/*
 * deskd blame: which line of which configuration set a field of a ticket, as
 * the line stood then and whether it still does.  Looks only.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/blame.h"
#include "daemon/print_ticket.h"
#include "parser/ascii.h"

extern const struct cmd cmd_blame;

#define BLOCK_SHOWN 10 /* lines of a block that is shown whole */
#define LINES_ABOVE 2  /* of the line, in a longer one */

/* What rules, and only one event at a time, can set; and what adds up. */
static const struct blame_field {
	const char *name;
	bool many;
} fields[] = {
	{ "type", false },
	{ "impact", false },
	{ "urgency", false },
	{ "priority", false },
	{ "category", false },
	{ "team", false },
	{ "tier", false },
	{ "assignee", false },
	{ "requester", false },
	{ "subject", false },
	{ "status", false },
	{ "tag", true },
	{ "participant", true },
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

struct blaming {
	struct context *c;
	struct ticket_read r;
	const struct blame_field *field; /* NULL: all */
	struct blame *list;
	size_t n, cap;
};

static int
add(struct blaming *x, struct blamer *b, const struct event *v, struct err *e)
{
	x->list = arena_grow(
	    &x->c->arena, x->list, x->n, &x->cap, sizeof(*x->list));
	if (blame_event(b, v, &x->list[x->n], e) == -1)
		return -1;
	x->n++;
	return 0;
}

/* The last event of a field, or all of one that adds up. */
static int
gather(struct blaming *x, struct blamer *b, const struct blame_field *f,
    struct err *e)
{
	const struct event *last = NULL;

	for (size_t i = 0; i < x->r.events_n; i++) {
		const struct event *v = &x->r.events[i];

		if (strcmp(v->what, f->name) != 0)
			continue;
		last = v;
		if (f->many && add(x, b, v, e) == -1)
			return -1;
	}
	return last == NULL || f->many ? 0 : add(x, b, last, e);
}

static int
gather_all(struct blaming *x, struct err *e)
{
	struct blamer b = { .arena = &x->c->arena, .db = x->c->db };

	for (size_t i = 0; i < FIELDS; i++)
		if ((x->field == NULL || x->field == &fields[i]) &&
		    gather(x, &b, &fields[i], e) == -1)
			return -1;
	return 0;
}

/* Text. */

static void
print_change(struct blaming *x, const struct print *p, const struct event *v)
{
	struct arena *a = &x->c->arena;
	const char *old = print_line(a, v->old), *new = print_line(a, v->new);

	printf("%s%s%s  ", print_on(p, STYLE_BOLD), print_line(a, v->what),
	    print_off(p, STYLE_BOLD));
	if (*old != '\0')
		printf("%s -> ", old);
	printf("%s  %s  (%s)\n", *new == '\0' ? "none" : new,
	    print_time(a, v->time), print_line(a, v->who));
	if (*v->why != '\0')
		printf("    %s\n", print_line(a, v->why));
}

static void
print_source_line(struct arena *a, const struct blame *b, int line)
{
	printf("    %5d | %s\n", line,
	    print_block(a, bundle_line(a, b->kept, line)));
}

/* Under the words of the line, without the blanks around them. */
static void
print_caret(struct arena *a, const struct print *p, const char *text)
{
	size_t blanks = 0, n = strlen(text);
	char *below;

	while (ascii_blank(text[blanks]))
		blanks++;
	while (n > blanks && ascii_blank(text[n - 1]))
		n--;
	below = arena_strndup(a, text, blanks);
	text = print_line(a, arena_strndup(a, text + blanks, n - blanks));
	printf("          | %s%s", below, print_on(p, STYLE_GREEN));
	for (int i = print_columns(text); i > 0; i--)
		putchar('^');
	printf("%s\n", print_off(p, STYLE_GREEN));
}

static void
print_block_of(struct arena *a, const struct print *p, const struct blame *b)
{
	bool whole = b->end - b->head < BLOCK_SHOWN;
	int from = whole ? b->head : b->line - LINES_ABOVE;

	if (from > b->head + 1) {
		print_source_line(a, b, b->head);
		printf("          | ...\n");
	} else {
		from = b->head;
	}
	for (int i = from; i <= b->line || (whole && i <= b->end); i++) {
		print_source_line(a, b, i);
		if (i == b->line)
			print_caret(a, p, b->text);
	}
}

static void
print_now(struct arena *a, const struct blame *b)
{
	const char *path = print_line(a, b->path);

	if (b->now == NOW_SAME)
		printf("    %s still says so.\n", path);
	else if (b->now == NOW_MOVED)
		printf("    %s still says so, now on line %d.\n", path,
		    b->now_line);
	else if (b->now == NOW_CHANGED)
		printf(
		    "    %s has this block, but no longer this line.\n", path);
	else if (b->now == NOW_GONE)
		printf("    %s no longer has this block.\n", path);
	else
		printf("    %s cannot be read now.\n", path);
}

static void
print_blame(struct blaming *x, const struct print *p, const struct blame *b)
{
	struct arena *a = &x->c->arena;

	print_change(x, p, b->event);
	if (b->line == 0) {
		printf("    No line of a configuration did this.\n");
		return;
	}
	if (b->text == NULL) {
		printf("    The files of that configuration were not kept.\n");
		return;
	}
	printf("    Configuration %lld, in force since %s:\n\n",
	    (long long)b->event->conf, print_time(a, b->since));
	print_block_of(a, p, b);
	printf("\n");
	print_now(a, b);
}

static void
print_text(struct blaming *x)
{
	struct print p;

	print_init(&p, x->c);
	printf("%s%s%s  %s\n", print_on(&p, STYLE_BOLD),
	    cmd_tag(x->c, x->r.view.t.number), print_off(&p, STYLE_BOLD),
	    print_line(&x->c->arena, x->r.view.t.subject));
	for (size_t i = 0; i < x->n; i++) {
		printf("\n");
		print_blame(x, &p, &x->list[i]);
	}
	if (x->n == 0)
		printf("\nNothing has set %s%s since the ticket was made.\n",
		    x->field == NULL ? "a field" : "its ",
		    x->field == NULL ? "" : x->field->name);
}

/* JSON. */

static void
json_place(struct json *j, const struct blame *b)
{
	if (b->line == 0)
		return;
	json_text(j, "rule", b->rule);
	json_text(j, "place", b->file);
	json_int(j, "line", b->line);
	json_int(j, "configuration", b->event->conf);
	if (b->since != 0)
		json_time(j, "since", b->since);
	if (b->text == NULL)
		return;
	json_text(j, "file", b->path);
	json_text(j, "text", b->text);
	json_text(j, "now", blame_now_names[b->now]);
	if (b->now == NOW_SAME || b->now == NOW_MOVED)
		json_int(j, "now_line", b->now_line);
}

static void
print_json(struct blaming *x)
{
	struct document d;
	struct json *j = &d.j;

	document_open(&d);
	json_int(j, "number", x->r.view.t.number);
	json_text(j, "tag", cmd_tag(x->c, x->r.view.t.number));
	json_array(j, "fields");
	for (size_t i = 0; i < x->n; i++) {
		const struct event *v = x->list[i].event;

		json_object(j, NULL);
		json_text(j, "field", v->what);
		json_text(j, "from", v->old);
		json_text(j, "to", v->new);
		json_time(j, "time", v->time);
		json_text(j, "who", v->who);
		json_text_or_null(j, "why", v->why);
		json_place(j, &x->list[i]);
		json_object_end(j);
		document_part(&d);
	}
	json_array_end(j);
	document_close(&d);
}

/* The second word, taken off the line. */
static int
take_field(struct blaming *x, int *argc, char **argv)
{
	if (*argc < 3)
		return 0;
	for (size_t i = 0; i < FIELDS && x->field == NULL; i++)
		if (strcmp(fields[i].name, argv[2]) == 0)
			x->field = &fields[i];
	if (x->field == NULL)
		return cmd_usage(&cmd_blame, "'%s' is no field", argv[2]);
	for (int i = 2; i < *argc; i++)
		argv[i] = argv[i + 1];
	--*argc;
	return 0;
}

static int
blame_run(struct context *c, int argc, char **argv)
{
	struct blaming x = { .c = c };
	struct err e = { 0 };
	int rc = take_field(&x, &argc, argv);

	if (rc == 0)
		rc = ticket_read(c, &cmd_blame, argc, argv, READ_EVENTS, &x.r);
	if (rc != 0)
		return rc;
	if (gather_all(&x, &e) == -1)
		return cmd_fail(&e);
	if (c->json)
		print_json(&x);
	else
		print_text(&x);
	return 0;
}

const struct cmd cmd_blame = {
	.name = "blame",
	.args = "TICKET [FIELD]",
	.about = "which line of which configuration set a field of a ticket",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = blame_run,
	.help =
	    "Shows who or what set the field last, the line of the "
	    "configuration that was in\nforce then, since when it was, and "
	    "whether the file still says so.  Without a\nFIELD: all of them.\n"
	    "\n"
	    "FIELD is type, impact, urgency, priority, category, team, tier, "
	    "assignee,\nrequester, subject, status, tag or participant.\n"
	    "\n"
	    "  deskd blame EX-1042 priority\n",
};
