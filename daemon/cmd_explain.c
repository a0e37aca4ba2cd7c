/*
 * deskd explain: what would become of a mail, step by step, with the
 * configuration as it is now.  The mail is a file, or the first one of a
 * ticket.  Looks only: nothing is stored, counted or sent.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/mail_read.h"
#include "daemon/print_rules.h"
#include "daemon/when.h"
#include "daemon/work_act.h"
#include "daemon/work_private.h"
#include "daemon/document.h"

extern const struct cmd cmd_explain;

#define VALUE_WIDE 14 /* columns of a value that others are lined up with */

struct explaining {
	struct context *c;
	struct work work;
	struct inbound in;
	struct parcel parcel;
	struct work_decision decision;
	int64_t ticket; /* whose first mail it is; 0: a file */
	int64_t at;     /* of --at */
	bool acts;      /* an agent may act by it */
	struct act_result act;
};

/* A file: as if it came now.  The database is asked when there is one. */
static int
take_file(struct explaining *x, const char *path, struct err *e)
{
	x->in = (struct inbound){ .mailbox_name = "", .received = clock_now() };
	if (x->c->conf->mailboxes_n > 0)
		x->in.mailbox_name = x->c->conf->mailboxes[0].name;
	x->parcel.as_new = x->c->db == NULL;
	return mail_read_file(
	    &x->c->arena, path, &x->parcel.mail, &x->in.size, e);
}

/* What an agent's mail would do, if it may do anything. */
static int
look_agent(struct explaining *x, struct err *e)
{
	const struct hand *h = x->decision.hand;

	x->parcel.ticket = h->ticket.number;
	x->acts = !h->held && !h->calls &&
	    (h->answer.authority == AUTHORITY_EXECUTE ||
		h->answer.authority == AUTHORITY_TICKET ||
		h->answer.authority == AUTHORITY_NOTE);
	if (!x->acts)
		return 0;
	return work_act_look(
	    &x->work, &x->parcel, &x->decision, x->in.received, &x->act, e);
}

static const char *
agent_text(struct explaining *x)
{
	const struct hand *h = x->decision.hand;
	struct arena *a = &x->c->arena;

	if (h->calls)
		return "a new ticket that an agent opens for somebody else";
	if (h->held)
		return "the answer to a question about a held mail";
	if (!x->acts)
		return "held: it may not act for an agent";
	if (x->act.asks)
		return arena_printf(
		    a, "held, and the agent is asked: %s", x->act.problem);
	return arena_printf(a, "%s, in ticket %s",
	    x->act.answers    ? "an answer to the requester"
		: x->act.note ? "an internal note"
			      : "commands, nothing goes to the requester",
	    cmd_tag(x->c, h->ticket.number));
}

/* The mail that a ticket began with came again: that it is there already is no
 * answer to somebody who tries rules. */
static int
decide(struct explaining *x, struct err *e)
{
	struct message *list = NULL;
	size_t n = 0;
	int64_t ticket;

	if (work_decide(&x->work, &x->parcel, &x->decision, e) == -1)
		return -1;
	if (x->parcel.result.end == INTAKE_AGENT)
		return look_agent(x, e);
	ticket = x->parcel.ticket;
	if (x->parcel.result.end != INTAKE_FILE || ticket == 0 ||
	    strcmp(x->parcel.result.state, "dup_of") != 0)
		return 0;
	if (messages_list(x->c->db, &x->c->arena, ticket, &list, &n, e) == -1)
		return -1;
	if (n == 0 || x->parcel.mail.message_id == NULL ||
	    strcmp(list[0].message_id, x->parcel.mail.message_id) != 0)
		return 0;
	x->parcel.as_new = true;
	x->parcel.ticket = 0;
	if (work_decide(&x->work, &x->parcel, &x->decision, e) == -1)
		return -1;
	x->decision.in.choice.why = arena_printf(&x->c->arena,
	    "ticket %s began with it; told as if it came now",
	    cmd_tag(x->c, ticket));
	return 0;
}

/* The first mail of a ticket: as if the ticket began now with it. */
static int
take_ticket(struct explaining *x, struct err *e)
{
	struct message *list = NULL;
	size_t n = 0;

	x->parcel.as_new = true;
	if (messages_list(x->c->db, &x->c->arena, x->ticket, &list, &n, e) ==
	    -1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (list[i].raw == 0)
			continue;
		x->in = (struct inbound){ .raw = list[i].raw,
			.mailbox_name = "",
			.received = list[i].received };
		return mail_read_raw(x->c->db, &x->c->arena, list[i].raw,
		    &x->parcel.mail, &x->in.size, e);
	}
	return err_set(e, ERR_REJECT, "ticket %s has no mail to explain",
	    cmd_tag(x->c, x->ticket));
}

/* What it comes to. */

struct line {
	const char *name, *value, *why;
};

static size_t
result_lines(struct explaining *x, struct line *out)
{
	static const struct {
		const char *name;
		const char *const *words;
		enum change_kind kind;
		bool many;
	} kinds[] = {
		{ "type", type_names, CHANGE_TYPE, false },
		{ "impact", level_names, CHANGE_IMPACT, false },
		{ "urgency", level_names, CHANGE_URGENCY, false },
		{ "priority", priority_names, CHANGE_PRIORITY, false },
		{ "category", NULL, CHANGE_CATEGORY, false },
		{ "team", NULL, CHANGE_TEAM, false },
		{ "assignee", NULL, CHANGE_ASSIGNEE, false },
		{ "requester", NULL, CHANGE_REQUESTER, false },
		{ "subject", NULL, CHANGE_SUBJECT, false },
		{ "status", status_names, CHANGE_STATUS, false },
		{ "tag", NULL, CHANGE_TAG, true },
		{ "participant", NULL, CHANGE_PARTICIPANT, true },
		{ "key", NULL, CHANGE_KEY, true },
	};
	const struct decision *d = &x->decision.d;
	size_t n = 0;

	/* Of a field the last change is the result; of lists all are. */
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (size_t i = 0, from = n; i < d->n; i++) {
			const struct change *c = &d->list[i];

			if (c->kind != kinds[k].kind)
				continue;
			if (!kinds[k].many)
				n = from;
			out[n++] = (struct line){ kinds[k].name,
				kinds[k].words != NULL
				    ? kinds[k].words[c->value]
				    : c->text,
				c->why };
		}
	return n;
}

static const char *
end_text(struct explaining *x)
{
	const struct intake_result *r = &x->parcel.result;
	struct arena *a = &x->c->arena;

	if (r->end == INTAKE_AGENT)
		return agent_text(x);
	if (r->end == INTAKE_HOLD)
		return "held: no ticket, a person decides";
	if (r->end == INTAKE_FILE)
		return strcmp(r->state, "dup_of") == 0
		    ? arena_printf(a, "nothing: it is in ticket %s already",
			  cmd_tag(x->c, x->parcel.ticket))
		    : "filed: no ticket, the mail is kept";
	if (x->decision.d.ticket != 0)
		return arena_printf(a, "added to ticket %s",
		    cmd_tag(x->c, x->decision.d.ticket));
	return r->acknowledge ? "a new ticket, acknowledged when the budgets "
				"allow"
			      : "a new ticket, not acknowledged";
}

static void
print_head(struct explaining *x, const struct print *p)
{
	const struct mail *m = &x->parcel.mail;
	struct arena *a = &x->c->arena;

	bool named = m->from_name != NULL && *m->from_name != '\0';

	printf("%sMAIL%s    %s%s<%s>\n        ", print_on(p, STYLE_BOLD),
	    print_off(p, STYLE_BOLD), named ? print_line(a, m->from_name) : "",
	    named ? " " : "",
	    print_line(a, m->from_addr == NULL ? "" : m->from_addr));
	print_wrapped(
	    p, print_line(a, m->subject == NULL ? "" : m->subject), 8, 8);
	printf("%sKIND%s    %s%s%s%s%s\n", print_on(p, STYLE_BOLD),
	    print_off(p, STYLE_BOLD), mail_class_name(m->class),
	    m->class_why != NULL ? ": " : "",
	    m->class_why != NULL ? print_line(a, m->class_why) : "",
	    m->language != NULL ? ", language " : "",
	    m->language != NULL ? m->language : "");
	printf("%sTHREAD%s  %s\n", print_on(p, STYLE_BOLD),
	    print_off(p, STYLE_BOLD),
	    print_line(a,
		x->decision.in.choice.why == NULL ? "-"
						  : x->decision.in.choice.why));
}

/* The field, what it is now, and why; a why that is too long goes below. */
static void
print_line_of(struct explaining *x, const struct print *p,
    const struct line *line, int widest)
{
	struct arena *a = &x->c->arena;
	const char *value = print_line(a, line->value);
	const char *why = print_line(a, line->why);
	int pad = widest - print_columns(value);
	int at = 14 + widest + 2;

	printf("  %-11s %s%s%s", line->name, print_on(p, STYLE_BOLD), value,
	    print_off(p, STYLE_BOLD));
	if (p->width > 0 && (pad < 0 || at + print_columns(why) > p->width)) {
		at = 14;
		printf("\n%*s", at, "");
	} else {
		printf("%*s", (pad > 0 ? pad : 0) + 2, "");
	}
	print_wrapped(p, why, at, at);
}

static void
print_lines(struct explaining *x, const struct print *p,
    const struct line *lines, size_t n)
{
	int widest = 0;

	for (size_t i = 0; i < n; i++) {
		int w = print_columns(print_line(&x->c->arena, lines[i].value));

		widest = w > widest && w <= VALUE_WIDE ? w : widest;
	}
	for (size_t i = 0; i < n; i++)
		print_line_of(x, p, &lines[i], widest);
}

static void
print_text(struct explaining *x)
{
	const struct intake_result *r = &x->parcel.result;
	struct arena *a = &x->c->arena;
	struct line *lines = arena_calloc(
	    a, x->decision.d.n + 1, sizeof(*lines));
	size_t n = result_lines(x, lines);
	struct print p;

	print_init(&p, x->c);
	print_head(x, &p);
	printf(
	    "%sRULES%s\n", print_on(&p, STYLE_BOLD), print_off(&p, STYLE_BOLD));
	if (r->routed != NULL)
		print_evaluation(
		    a, &p, x->work.ruling.book, &r->routed->evaluation);
	else
		printf("  not asked\n");
	printf("%sRESULT%s  %s\n", print_on(&p, STYLE_BOLD),
	    print_off(&p, STYLE_BOLD), end_text(x));
	if (r->reason != NULL) {
		printf("        ");
		print_wrapped(&p, print_line(a, r->reason), 8, 8);
	}
	if (r->end == INTAKE_APPLY || x->acts)
		print_lines(x, &p, lines, n);
}

static void
print_json(struct explaining *x)
{
	const struct intake_result *r = &x->parcel.result;
	struct line *lines = arena_calloc(
	    &x->c->arena, x->decision.d.n + 1, sizeof(*lines));
	size_t n = result_lines(x, lines);
	struct document d;

	document_open(&d);
	json_text(&d.j, "class", mail_class_name(x->parcel.mail.class));
	json_text_or_null(&d.j, "class_why", x->parcel.mail.class_why);
	json_text_or_null(&d.j, "thread", x->decision.in.choice.why);
	json_text(&d.j, "state", r->state);
	json_text_or_null(&d.j, "reason", r->reason);
	json_text(&d.j, "result", end_text(x));
	if (r->routed != NULL)
		json_evaluation(&d.j, &x->c->arena, x->work.ruling.book,
		    &r->routed->evaluation);
	json_array(&d.j, "changes");
	for (size_t i = 0; i < n && (r->end == INTAKE_APPLY || x->acts); i++) {
		json_object(&d.j, NULL);
		json_text(&d.j, "what", lines[i].name);
		json_text(&d.j, "to", lines[i].value);
		json_text(&d.j, "why", lines[i].why);
		json_object_end(&d.j);
	}
	json_array_end(&d.j);
	document_close(&d);
}

/* A file if there is one of that name, else a ticket. */
static int
take(struct explaining *x, const char *word, struct err *e)
{
	int64_t ticket = cmd_ticket(x->c, word);

	if (ticket == 0 || access(word, F_OK) == 0)
		return take_file(x, word, e);
	if (x->c->db == NULL)
		return err_set(e, ERR_REJECT,
		    "there is no database in %s, and no file %s", x->c->dir,
		    word);
	x->ticket = ticket;
	return take_ticket(x, e);
}

static int
explain_run(struct context *c, int argc, char **argv)
{
	const char *at = opt_value(&argc, argv, "--at");
	struct explaining x = { .c = c };
	struct err e = { 0 };
	int rc;

	if (argc != 2)
		return cmd_usage(
		    &cmd_explain, "name one mail file or one ticket");
	if (at != NULL && !when_parse(at, clock_now(), &x.at))
		return cmd_usage(&cmd_explain,
		    "'%s' is no moment; write 2026-08-04T03:00, 03:00 or mon",
		    at);
	x.parcel.in = &x.in;
	if (access(arena_printf(&c->arena, "%s/deskd.db", c->dir), F_OK) == 0 &&
	    db_open(&c->db, c->dir, DB_OPEN, &e) == -1)
		return cmd_fail(&e);
	if (work_prepare(&x.work, c, &e) == -1)
		return cmd_fail(&e);
	rc = take(&x, argv[1], &e);
	if (at != NULL)
		x.in.received = x.at;
	if (rc == 0)
		rc = decide(&x, &e);
	if (rc == 0 && c->json)
		print_json(&x);
	else if (rc == 0)
		print_text(&x);
	work_release(&x.work);
	return rc == 0 ? 0 : cmd_fail(&e);
}

const struct cmd cmd_explain = {
	.name = "explain",
	.args = "[--at WHEN] FILE|TICKET",
	.about = "what would become of a mail, rule by rule",
	.needs = TAKES_CONF | IN_STATE,
	.run = explain_run,
	.help =
	    "Every step with the configuration as it is now: what kind of mail "
	    "it is,\nwhich ticket it belongs to, each rule with yes or no, the "
	    "words it matched\nor the line that did not hold, and what changes. "
	    " FILE is a mail as it came\n(- is standard input).  For a ticket "
	    "its first mail is taken, as if it came\nnow.  Nothing is changed."
	    "  What really happened is in 'deskd why'.\n\n"
	    "  --at WHEN   as if it came then: 2026-08-04T03:00, 03:00, mon\n\n"
	    "  deskd explain message.eml\n"
	    "  deskd explain EX-1042\n",
};
