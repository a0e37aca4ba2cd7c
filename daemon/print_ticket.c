/* A list of tickets on standard output, and one ticket read as a whole. */
#include "daemon/print_ticket.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static void
json_tickets(struct context *c, const struct ticket_view *v, size_t n)
{
	struct document d;

	document_open(&d);
	json_array(&d.j, "tickets");
	for (size_t i = 0; i < n; i++) {
		json_object(&d.j, NULL);
		json_ticket(&d.j, c, &v[i]);
		json_object_end(&d.j);
		document_part(&d);
	}
	json_array_end(&d.j);
	document_close(&d);
}

static void
table_row(
    struct table *t, struct context *c, struct print *p, struct ticket_view *v)
{
	const char *status = status_names[v->t.status];
	const char *priority = priority_names[v->t.priority];
	const char *text = v->t.subject;

	if (v->hit != NULL)
		text = arena_printf(&c->arena, "%s: %s", text, v->hit->snippet);
	table_cell(t, cmd_tag(c, v->t.number), STYLE_BOLD);
	table_cell(t, status, print_style_of(status));
	table_cell(t, priority, print_style_of(priority));
	table_cell(t, v->t.team, STYLE_NONE);
	table_cell(t, v->t.assignee, STYLE_NONE);
	table_cell(t, print_age(p, &c->arena, v->t.updated), STYLE_NONE);
	table_cell(t, text, STYLE_NONE);
}

static void
table_tickets(struct context *c, struct ticket_view *v, size_t n)
{
	static const struct column columns[] = {
		{ "TICKET", false, false },
		{ "STATUS", false, false },
		{ "PRIORITY", false, false },
		{ "TEAM", false, false },
		{ "AGENT", false, false },
		{ "CHANGED", true, false },
		{ "SUBJECT", false, true },
	};
	struct table t;
	struct print p;

	print_init(&p, c);
	table_init(
	    &t, &c->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n; i++)
		table_row(&t, c, &p, &v[i]);
	table_print(&t, &p);
}

/* Where the words of a search stand; hits are in order, best first. */
static const struct hit *
find_hit(const struct ticket_filter *f, int64_t number)
{
	for (size_t i = 0; i < f->hits_n; i++)
		if (f->hits[i].ticket == number)
			return &f->hits[i];
	return NULL;
}

static int
search(struct context *c, struct ticket_filter *f, struct err *e)
{
	struct search words = { f->words, true, SEARCH_MAX };
	struct hit *hits = NULL;

	if (f->words == NULL)
		return 0;
	if (search_messages(c->db, &c->arena, &words, &hits, &f->hits_n, e) ==
	    -1)
		return -1;
	f->hits = hits;
	return 0;
}

/* All in one read, so that the rows agree with each other. */
static int
collect(struct context *c, struct ticket_filter *f, struct ticket_view **out,
    size_t *n, struct err *e)
{
	struct ticket *t = NULL;
	struct ticket_view *v;

	if (search(c, f, e) == -1 ||
	    tickets_list(c->db, &c->arena, f, &t, n, e) == -1)
		return -1;
	*out = v = arena_calloc(&c->arena, *n + 1, sizeof(*v));
	for (size_t i = 0; i < *n; i++) {
		v[i].t = t[i];
		v[i].hit = find_hit(f, t[i].number);
		if (c->json &&
		    tickets_tags(
			c->db, &c->arena, t[i].number, &v[i].more, e) == -1)
			return -1;
	}
	return 0;
}

int
print_tickets(struct context *c, struct ticket_filter *f)
{
	struct ticket_view *v = NULL;
	struct err e = { 0 };
	size_t n = 0, limit = (size_t)f->limit;
	bool more;
	int rc;

	f->limit += f->limit > 0; /* one more tells that there are more */
	rc = db_read_begin(c->db, &e);
	if (rc == 0) {
		rc = collect(c, f, &v, &n, &e);
		db_read_end(c->db);
	}
	if (rc == -1)
		return cmd_fail(&e);
	more = limit > 0 && n > limit;
	n = more ? limit : n;
	if (c->json)
		json_tickets(c, v, n);
	else
		table_tickets(c, v, n);
	if (n == 0 && !c->quiet && !c->json)
		fprintf(stderr, "no ticket\n");
	if (more && !c->quiet)
		fprintf(stderr, "the first %zu; --limit 0 shows all\n", limit);
	return n == 0 && f->words != NULL;
}

/* One ticket. */

static int
read_parts(
    struct context *c, unsigned what, struct ticket_read *r, struct err *e)
{
	int64_t number = r->view.t.number;

	if ((what & READ_TAGS) != 0 &&
	    tickets_tags(c->db, &c->arena, number, &r->view.more, e) == -1)
		return -1;
	if ((what & READ_MESSAGES) != 0 &&
	    messages_list(c->db, &c->arena, number, &r->messages,
		&r->messages_n, e) == -1)
		return -1;
	if ((what & READ_EVENTS) != 0 &&
	    events_list(
		c->db, &c->arena, number, &r->events, &r->events_n, e) == -1)
		return -1;
	return 0;
}

static int
argument(struct context *c, const struct cmd *cmd, int argc, char **argv,
    int64_t *number)
{
	const char *odd = opt_unknown(argc, argv);

	if (odd != NULL)
		return cmd_usage(cmd, "unknown option '%s'", odd);
	if (argc != 2)
		return cmd_usage(
		    cmd, "name one ticket, such as %s", cmd_tag(c, 1042));
	*number = cmd_ticket(c, argv[1]);
	if (*number == 0)
		return cmd_usage(cmd, "'%s' is no ticket; write 1042 or %s",
		    argv[1], cmd_tag(c, 1042));
	return 0;
}

int
ticket_read(struct context *c, const struct cmd *cmd, int argc, char **argv,
    unsigned what, struct ticket_read *out)
{
	struct err e = { 0 };
	int64_t number = 0;
	int rc = argument(c, cmd, argc, argv, &number);

	if (rc != 0)
		return rc;
	*out = (struct ticket_read){ 0 };
	rc = db_read_begin(c->db, &e);
	if (rc == 0) {
		rc = (what & READ_SURVIVOR) != 0
		    ? tickets_load_survivor(
			  c->db, &c->arena, number, &out->view.t, &e)
		    : tickets_load(c->db, &c->arena, number, &out->view.t, &e);
		if (rc == 0 && out->view.t.number != 0)
			rc = read_parts(c, what, out, &e);
		db_read_end(c->db);
	}
	if (rc == -1)
		return cmd_fail(&e);
	if (out->view.t.number == 0) {
		fprintf(stderr, "deskd: there is no ticket %s\n",
		    cmd_tag(c, number));
		return 1;
	}
	if (out->view.t.number != number && !c->quiet)
		fprintf(stderr, "%s is merged into %s\n", cmd_tag(c, number),
		    cmd_tag(c, out->view.t.number));
	return 0;
}
