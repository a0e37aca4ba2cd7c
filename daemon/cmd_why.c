/* deskd why: each change of a ticket with its reason.  Looks only. */
#include <stdio.h>

#include "daemon/cmd.h"
#include "daemon/print_ticket.h"

extern const struct cmd cmd_why;

static void
json_why(struct context *c, const struct ticket_read *r)
{
	struct document d;

	document_open(&d);
	json_int(&d.j, "number", r->view.t.number);
	json_text(&d.j, "tag", cmd_tag(c, r->view.t.number));
	json_text(&d.j, "subject", r->view.t.subject);
	json_events(&d, r);
	document_close(&d);
}

/* "status open -> waiting", "tag vpn", "new VPN does not connect" */
static char *
change_text(struct arena *a, const struct event *v)
{
	char *what = print_line(a, v->what);
	char *old = print_line(a, v->old), *new = print_line(a, v->new);

	if (old[0] == '\0' && new[0] == '\0')
		return what;
	if (old[0] == '\0')
		return arena_printf(a, "%s %s", what, new);
	return arena_printf(
	    a, "%s %s -> %s", what, old, new[0] == '\0' ? "none" : new);
}

static void
print_event(struct context *c, const struct print *p, const struct event *v)
{
	struct arena *a = &c->arena;

	printf("%s  %s%s%s  (%s)\n", print_time(a, v->time),
	    print_on(p, STYLE_BOLD), change_text(a, v),
	    print_off(p, STYLE_BOLD), print_line(a, v->who));
	if (v->why[0] == '\0')
		return;
	printf("    ");
	print_wrapped(p, print_line(a, v->why), 4, 4);
}

static int
why_run(struct context *c, int argc, char **argv)
{
	struct ticket_read r;
	struct print p;
	int indent, rc = ticket_read(c, &cmd_why, argc, argv, READ_EVENTS, &r);

	if (rc != 0)
		return rc;
	if (c->json) {
		json_why(c, &r);
		return 0;
	}
	print_init(&p, c);
	indent = print_columns(cmd_tag(c, r.view.t.number)) + 2;
	printf("%s%s%s  ", print_on(&p, STYLE_BOLD),
	    cmd_tag(c, r.view.t.number), print_off(&p, STYLE_BOLD));
	print_wrapped(
	    &p, print_line(&c->arena, r.view.t.subject), indent, indent);
	printf("\n");
	for (size_t i = 0; i < r.events_n; i++)
		print_event(c, &p, &r.events[i]);
	return 0;
}

const struct cmd cmd_why = {
	.name = "why",
	.args = "TICKET",
	.about = "every change of a ticket with who, when and why, oldest "
		 "first",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = why_run,
	.help = "What was recorded when it happened; nothing is worked out "
		"again.\n"
		"\n"
		"  deskd why EX-1042\n",
};
