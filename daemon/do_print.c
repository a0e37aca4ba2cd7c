/* What came of a line of the command line, or with --dry-run would come of it,
 * for people and for programs. */
#include <stdio.h>
#include <string.h>

#include "daemon/do.h"
#include "daemon/print.h"
#include "daemon/print_ticket.h"
#include "store/outbox.h"

/* How a change is shown: its name and the words of its value. */
static const struct kind {
	const char *name;
	const char *const *words; /* NULL: its text */
	bool number, moment, ticket;
} kinds[CHANGE_COUNT] = {
	[CHANGE_NEW] = { .name = "subject" },
	[CHANGE_STATUS] = { .name = "status", .words = status_names },
	[CHANGE_TYPE] = { .name = "type", .words = type_names },
	[CHANGE_IMPACT] = { .name = "impact", .words = level_names },
	[CHANGE_URGENCY] = { .name = "urgency", .words = level_names },
	[CHANGE_PRIORITY] = { .name = "priority", .words = priority_names },
	[CHANGE_CATEGORY] = { .name = "category" },
	[CHANGE_TEAM] = { .name = "team" },
	[CHANGE_TIER] = { .name = "tier", .number = true },
	[CHANGE_ASSIGNEE] = { .name = "assignee" },
	[CHANGE_REQUESTER] = { .name = "requester" },
	[CHANGE_SUBJECT] = { .name = "subject" },
	[CHANGE_LANGUAGE] = { .name = "language" },
	[CHANGE_UNTIL] = { .name = "until", .moment = true },
	[CHANGE_NUDGE] = { .name = "nudge", .moment = true },
	[CHANGE_END] = { .name = "end", .moment = true },
	[CHANGE_TAG] = { .name = "tag" },
	[CHANGE_UNTAG] = { .name = "untag" },
	[CHANGE_PARTICIPANT] = { .name = "participant" },
	[CHANGE_PARTICIPANT_GONE] = { .name = "no participant" },
	[CHANGE_MESSAGE] = { .name = "message", .words = direction_names },
	[CHANGE_WORDS] = { .name = "message", .words = direction_names },
	[CHANGE_WITHDRAW] = { .name = "withdrawn", .number = true },
	[CHANGE_MOVE] = { .name = "moved", .number = true },
	[CHANGE_MERGE] = { .name = "merged-into", .ticket = true },
	[CHANGE_UNMERGE] = { .name = "unmerged", .ticket = true },
	[CHANGE_TIME] = { .name = "time", .number = true },
	[CHANGE_KEY] = { .name = "key" },
	[CHANGE_LINK] = { .name = "link", .ticket = true },
	[CHANGE_UNLINK] = { .name = "unlink", .ticket = true },
	[CHANGE_EVENT] = { .name = "event" },
	[CHANGE_LETTER] = { .name = "letter" },
	[CHANGE_LETTER_BACK] = { .name = "letter-back", .number = true },
};

static const char *
value_of(struct doing *x, const struct change *c)
{
	const struct kind *k = &kinds[c->kind];
	struct arena *a = &x->c->arena;

	if (c->letter != NULL)
		return c->letter->recipient;
	if (k->words != NULL)
		return k->words[c->value];
	if (k->moment)
		return print_time(a, c->value);
	if (k->ticket)
		return cmd_tag(x->c, c->value);
	if (k->number)
		return arena_printf(a, "%lld", (long long)c->value);
	return c->text == NULL || *c->text == '\0' ? "-" : c->text;
}

static void
dry_text(struct doing *x, const struct print *p, const struct done *d)
{
	struct arena *a = &x->c->arena;

	printf("%s%s%s  nothing is done; this would be:\n",
	    print_on(p, STYLE_BOLD),
	    d->number == 0 ? "new" : cmd_tag(x->c, d->number),
	    print_off(p, STYLE_BOLD));
	for (size_t i = 0; i < d->lines_n; i++)
		printf("  %s\n", print_line(a, d->lines[i]));
	for (size_t i = 0; i < d->d.n; i++) {
		const struct change *c = &d->d.list[i];

		printf("  %-14s %s%s%s  ", kinds[c->kind].name,
		    print_on(p, STYLE_BOLD), print_line(a, value_of(x, c)),
		    print_off(p, STYLE_BOLD));
		print_wrapped(
		    p, print_line(a, c->why == NULL ? "" : c->why), 20, 20);
	}
}

static void
dry_json(struct doing *x, const struct done *list, size_t n)
{
	struct document d;

	document_open(&d);
	json_bool(&d.j, "dry_run", true);
	json_array(&d.j, "changes");
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i].d.n; k++) {
			const struct change *c = &list[i].d.list[k];

			json_object(&d.j, NULL);
			json_text_or_null(&d.j, "tag",
			    list[i].number == 0
				? NULL
				: cmd_tag(x->c, list[i].number));
			json_text(&d.j, "what", kinds[c->kind].name);
			json_text(&d.j, "to", value_of(x, c));
			json_text_or_null(&d.j, "why", c->why);
			json_object_end(&d.j);
			document_part(&d);
		}
	json_array_end(&d.j);
	document_close(&d);
}

/* To whom the words go, and until when they can be had back. */
static void
say_letters(struct doing *x, const struct done *d, const char *tag)
{
	struct arena *a = &x->c->arena;
	const char *to = NULL;

	for (size_t i = 0; i < d->d.n; i++) {
		const struct letter *l = d->d.list[i].letter;

		if (l != NULL && l->kind == LETTER_REPLY)
			to = arena_printf(a, "%s%s%s", to == NULL ? "" : to,
			    to == NULL ? "" : ", ", l->recipient);
	}
	if (to == NULL)
		return;
	to = print_line(a, to);
	if (d->leaves > x->now)
		printf("%s  goes to %s at %s; until then 'deskd undo %s' takes "
		       "it back\n",
		    tag, to, print_time(a, d->leaves), tag);
	else
		printf("%s  goes to %s now\n", tag, to);
}

static void
done_text(struct doing *x, const struct print *p, const struct done *d)
{
	const char *tag = arena_printf(&x->c->arena, "%s%s%s",
	    print_on(p, STYLE_BOLD), cmd_tag(x->c, d->number),
	    print_off(p, STYLE_BOLD));

	for (size_t i = 0; i < d->lines_n; i++)
		printf("%s  %s\n", tag, print_line(&x->c->arena, d->lines[i]));
	if (d->r.note)
		printf("%s  noted; the requester does not see it\n", tag);
	say_letters(x, d, cmd_tag(x->c, d->number));
	if (d->lines_n == 0 && d->d.n > 0 && !d->r.note && !d->r.answers)
		printf("%s  %s\n", tag,
		    x->status == STATUS_COUNT ? "done"
					      : status_names[x->status]);
	if (d->lines_n == 0 && d->d.n == 0)
		printf("%s  nothing to change\n", tag);
}

static int
read_one(
    struct doing *x, const struct done *d, struct ticket_view *v, struct err *e)
{
	struct context *c = x->c;

	*v = (struct ticket_view){ .hit = NULL };
	if (tickets_load(c->db, &c->arena, d->number, &v->t, e) == -1)
		return -1;
	return tickets_tags(c->db, &c->arena, d->number, &v->more, e);
}

static void
json_one(struct doing *x, struct json *j, const struct done *d,
    const struct ticket_view *v)
{
	json_ticket(j, x->c, v);
	json_array(j, "done");
	for (size_t i = 0; i < d->lines_n; i++)
		json_text(j, NULL, d->lines[i]);
	json_array_end(j);
	json_time(j, "leaves", d->leaves);
}

/* The tickets as they are now: one object, or "tickets" when several were
 * named. */
static int
done_json(struct doing *x, const struct done *list, size_t n)
{
	struct ticket_view *v = arena_calloc(&x->c->arena, n, sizeof(*v));
	struct document d;
	struct err e = { 0 };

	for (size_t i = 0; i < n; i++)
		if (read_one(x, &list[i], &v[i], &e) == -1)
			return cmd_fail(&e);
	document_open(&d);
	if (n > 1)
		json_array(&d.j, "tickets");
	for (size_t i = 0; i < n; i++) {
		if (n > 1)
			json_object(&d.j, NULL);
		json_one(x, &d.j, &list[i], &v[i]);
		if (n > 1)
			json_object_end(&d.j);
		document_part(&d);
	}
	if (n > 1)
		json_array_end(&d.j);
	document_close(&d);
	return 0;
}

int
do_print(struct doing *x, const struct done *list, size_t n)
{
	struct print p;

	print_init(&p, x->c);
	if (x->c->json && x->dry) {
		dry_json(x, list, n);
		return 0;
	}
	if (x->c->json)
		return done_json(x, list, n);
	for (size_t i = 0; i < n && (x->dry || !x->c->quiet); i++)
		(x->dry ? dry_text : done_text)(x, &p, &list[i]);
	return 0;
}
