/* deskd ledger: every mail that was ever shown to us and what became of it.
 * Looks only. */
#include <stdio.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/document.h"
#include "daemon/print.h"
#include "daemon/reconcile.h"
#include "parser/near.h"
#include "store/inbound.h"

extern const struct cmd cmd_ledger;

/* The words of RELIABILITY I1 in lower case, and the one before work. */
static const char *const states[] = { "stored", "new", "append", "variant",
	"event", "filed", "dup_of", "held", "oversize", "loop_held", "own",
	"vanished", NULL };
#define STATES (sizeof(states) / sizeof(states[0]) - 1)

static size_t
state_index(const char *state)
{
	size_t i = 0;

	while (states[i] != NULL && strcmp(states[i], state) != 0)
		i++;
	return i;
}

static void
json_rows(struct document *d, struct context *c, const struct ledger_row *rows,
    size_t n)
{
	struct json *j = &d->j;

	json_array(j, "rows");
	for (size_t i = 0; i < n; i++) {
		const struct ledger_row *r = &rows[i];

		json_object(j, NULL);
		json_text(j, "mailbox", r->mailbox);
		json_int(j, "uidvalidity", r->uidvalidity);
		json_int(j, "uid", r->uid);
		json_text(j, "state", r->state);
		if (r->ticket != 0)
			json_int(j, "ticket", r->ticket);
		else
			json_text(j, "ticket", NULL);
		json_text(
		    j, "tag", r->ticket != 0 ? cmd_tag(c, r->ticket) : NULL);
		json_text(j, "reason", r->reason);
		json_bool(j, "marked", r->marked);
		json_object_end(j);
		document_part(d);
	}
	json_array_end(j);
}

static void
table_rows(struct context *c, const struct print *p,
    const struct ledger_row *rows, size_t n)
{
	static const struct column columns[] = {
		{ "MAILBOX", false, false },
		{ "UIDVALIDITY", true, false },
		{ "UID", true, false },
		{ "STATE", false, false },
		{ "TICKET", false, false },
		{ "REASON", false, true },
	};
	struct table t;

	table_init(
	    &t, &c->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n; i++) {
		const struct ledger_row *r = &rows[i];

		table_cell(&t, r->mailbox, STYLE_NONE);
		table_cell(&t, arena_printf(&c->arena, "%u", r->uidvalidity),
		    STYLE_NONE);
		table_cell(
		    &t, arena_printf(&c->arena, "%u", r->uid), STYLE_NONE);
		table_cell(&t, r->state, print_style_of(r->state));
		table_cell(&t, r->ticket != 0 ? cmd_tag(c, r->ticket) : "",
		    STYLE_NONE);
		table_cell(&t, r->reason, STYLE_NONE);
	}
	table_print(&t, p);
}

/* "1,204 mails: 801 new, 390 append, 13 dup_of" */
static void
print_sum(struct context *c, const struct ledger_row *rows, size_t n)
{
	int64_t count[STATES + 1] = { 0 };
	const char *sep = ": ";

	for (size_t i = 0; i < n; i++)
		count[state_index(rows[i].state)]++;
	printf("%s %s", print_number(&c->arena, (int64_t)n),
	    n == 1 ? "mail" : "mails");
	for (size_t i = 0; i < STATES; i++)
		if (count[i] > 0) {
			printf("%s%s %s", sep,
			    print_number(&c->arena, count[i]), states[i]);
			sep = ", ";
		}
	putchar('\n');
}

/* Keep the rows of one state. */
static size_t
choose(struct ledger_row *rows, size_t n, const char *state)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (state == NULL || strcmp(rows[i].state, state) == 0)
			rows[kept++] = rows[i];
	return kept;
}

struct ledger_options {
	const char *mailbox, *state;
	bool sum, reconcile;
};

static int
show_ledger(struct context *c, const struct ledger_options *o,
    const struct ledger_row *rows, size_t n)
{
	struct print p;
	struct document d;
	int rc = 0;

	if (!c->json) {
		print_init(&p, c);
		if (!o->sum && !o->reconcile)
			table_rows(c, &p, rows, n);
		print_sum(c, rows, n);
		return o->reconcile ? reconcile_run(c, o->mailbox, NULL) : 0;
	}
	document_open(&d);
	json_rows(&d, c, rows, n);
	if (o->reconcile)
		rc = reconcile_run(c, o->mailbox, &d.j);
	document_close(&d);
	return rc;
}

static int
wrong_state(const char *state)
{
	const char *near = near_word(state, states);

	if (near != NULL)
		return cmd_usage(&cmd_ledger,
		    "no state '%s'; did you mean '%s'?", state, near);
	return cmd_usage(&cmd_ledger,
	    "no state '%s'; deskd help ledger "
	    "lists them",
	    state);
}

static int
ledger_run(struct context *c, int argc, char **argv)
{
	struct ledger_options o = {
		.mailbox = opt_value(&argc, argv, "--mailbox"),
		.state = opt_value(&argc, argv, "--state"),
		.sum = opt_flag(&argc, argv, "--sum"),
		.reconcile = opt_flag(&argc, argv, "--reconcile"),
	};
	const char *odd = opt_unknown(argc, argv);
	struct ledger_row *rows = NULL;
	struct err e = { 0 };
	size_t n = 0;

	if (odd != NULL || argc > 1)
		return cmd_usage(&cmd_ledger, "unknown word '%s'",
		    odd != NULL ? odd : argv[1]);
	if (o.state != NULL && state_index(o.state) == STATES)
		return wrong_state(o.state);
	if (ledger_list(c->db, &c->arena, o.mailbox, &rows, &n, &e) == -1)
		return cmd_fail(&e);
	return show_ledger(c, &o, rows, choose(rows, n, o.state));
}

const struct cmd cmd_ledger = {
	.name = "ledger",
	.args = "[--mailbox NAME] [--state STATE] [--sum] [--reconcile]",
	.about = "every mail ever shown to us and what became of it",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = ledger_run,
	.help =
	    "  --mailbox NAME  only this one; imported mail is in 'import'\n"
	    "  --state STATE   only this state\n"
	    "  --sum           only how many in which state\n"
	    "  --reconcile     compare with the mail servers; exit code 1 when "
	    "a mail there\n"
	    "                  is in no state here\n"
	    "\n"
	    "States: stored (ours, not worked yet), new (made a ticket), append "
	    "(joined one),\n"
	    "variant (joined one, a mail like it was there), event (a bounce or "
	    "the like of\n"
	    "one), filed (no ticket, see the reason), dup_of (we had it "
	    "already), held (waits\n"
	    "for a human: deskd held), oversize (only its beginning is here), "
	    "loop_held (a\n"
	    "loop was stopped), own (our own mail), vanished (gone before we "
	    "had it).\n"
	    "\n"
	    "  deskd ledger --sum\n"
	    "  deskd ledger --mailbox support --state held\n"
	    "  deskd ledger --reconcile\n",
};
