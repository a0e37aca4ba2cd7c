/* deskd replay: what rules would have done to stored mail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/clock.h"
#include "daemon/document.h"
#include "daemon/files.h"
#include "daemon/print.h"
#include "daemon/replay.h"
#include "daemon/when.h"
#include "rules/rule_private.h"

extern const struct cmd cmd_replay;

#define SLOW_ROWS 10 /* patterns shown */

static struct conf *
load_other(struct context *c, const char *rules)
{
	struct conf_source src = files_conf_source;
	struct conf_report rep = { 0 };
	struct conf *out = NULL;
	struct buf text;

	src.rules = rules;
	buf_init(&text, 1 << 20);
	rep.text = &text;
	if (conf_load(&c->arena, c->conf_path, &src, &out, &rep) == -1) {
		fputs(buf_text(&text), stderr);
		out = NULL;
	}
	buf_done(&text);
	return out;
}

/* Most tickets first. */
static int
by_count(const void *a, const void *b)
{
	const struct replay_change *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n ? 1 : -1)
			    : (int)x->field - (int)y->field;
}

static const char *
shown(const char *text)
{
	return *text == '\0' ? "none" : text;
}

static char *
examples(struct context *c, const struct replay_change *x)
{
	char *out = arena_strdup(&c->arena, "");

	for (int i = 0; i < 3 && i < x->n; i++)
		out = arena_printf(&c->arena, "%s%s%s", out, i > 0 ? " " : "",
		    print_line(&c->arena, x->examples[i]));
	return out;
}

static void
print_changes(struct replay *r, const struct print *p)
{
	static const struct column columns[] = { { "TICKETS", true, false },
		{ "FIELD", false, false }, { "FROM", false, true },
		{ "TO", false, true }, { "EXAMPLES", false, false } };
	struct arena *a = &r->c->arena;
	struct table t;

	if (r->n == 0) {
		printf("Nothing would change.\n");
		return;
	}
	table_init(&t, a, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < r->n; i++) {
		const struct replay_change *x = &r->list[i];

		table_cell(&t, print_number(a, x->n), STYLE_NONE);
		table_cell(&t, replay_names[x->field], STYLE_NONE);
		table_cell(&t, shown(x->old), STYLE_NONE);
		table_cell(&t, shown(x->new), STYLE_BOLD);
		table_cell(&t, examples(r->c, x), STYLE_NONE);
	}
	table_print(&t, p);
}

static void
print_rules(struct replay *r, const struct print *p)
{
	static const struct column columns[] = { { "HITS", true, false },
		{ "SHARE", true, false }, { "RULE", false, false },
		{ "PLACE", false, true } };
	struct arena *a = &r->c->arena;
	const struct rulebook *b = r->rules.book;
	int64_t all = r->tickets + r->ruled;
	struct table t;

	table_init(&t, a, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < b->n; i++) {
		double share = all == 0
		    ? 0
		    : 100.0 * (double)r->rules.hits[i] / (double)all;

		table_cell(&t, print_number(a, r->rules.hits[i]), STYLE_NONE);
		table_cell(&t, arena_printf(a, "%.1f %%", share), STYLE_NONE);
		table_cell(&t, b->rules[i].name, STYLE_BOLD);
		table_cell(
		    &t, rulebook_place(a, b, b->rules[i].node), STYLE_NONE);
	}
	table_print(&t, p);
}

/* Patterns by what they cost. */
struct pattern_row {
	const struct rule *rule;
	const struct value_test *value;
	const struct regex_cost *cost;
};

static int
by_cost(const void *a, const void *b)
{
	const struct pattern_row *x = a, *y = b;

	return x->cost->total == y->cost->total ? 0
	    : x->cost->total < y->cost->total   ? 1
						: -1;
}

static size_t
patterns(struct replay *r, struct pattern_row **out)
{
	const struct rulebook *b = r->rules.book;
	size_t n = 0, cap = 0;

	*out = NULL;
	for (size_t i = 0; i < b->n; i++)
		for (size_t j = 0; j < b->rules[i].clauses_n; j++)
			for (size_t k = 0; k < b->rules[i].clauses[j].n; k++) {
				const struct condition *c =
				    &b->rules[i].clauses[j].conditions[k];

				for (size_t v = 0; v < c->values_n; v++) {
					if (c->values[v].regex == NULL)
						continue;
					*out = arena_grow(&r->c->arena, *out, n,
					    &cap, sizeof(**out));
					(*out)[n++] = (struct pattern_row){
						&b->rules[i], &c->values[v],
						regex_cost(c->values[v].regex)
					};
				}
			}
	if (n > 0)
		qsort(*out, n, sizeof(**out), by_cost);
	return n;
}

static void
print_patterns(struct replay *r, const struct print *p)
{
	static const struct column columns[] = {
		{ "MICROSECONDS", true, false }, { "WORST", true, false },
		{ "RULE", false, false }, { "PATTERN", false, true }
	};
	struct arena *a = &r->c->arena;
	struct pattern_row *rows;
	size_t n = patterns(r, &rows);
	struct table t;

	if (n == 0)
		return;
	table_init(&t, a, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n && i < SLOW_ROWS; i++) {
		const struct regex_cost *c = rows[i].cost;
		double mean = c->calls == 0
		    ? 0
		    : (double)c->total / (double)c->calls;

		table_cell(&t, arena_printf(a, "%.1f", mean), STYLE_NONE);
		table_cell(&t, print_number(a, c->worst), STYLE_NONE);
		table_cell(&t, rows[i].rule->name, STYLE_NONE);
		table_cell(&t,
		    arena_printf(a, "/%s/%s", rows[i].value->arg->text,
			rows[i].value->arg->flags),
		    STYLE_NONE);
	}
	printf("\n");
	table_print(&t, p);
}

static void
print_text(struct replay *r)
{
	struct arena *a = &r->c->arena;
	int64_t all = r->tickets + r->ruled;
	struct print p;

	print_init(&p, r->c);
	print_changes(r, &p);
	printf("\n%s ticket%s", print_number(a, r->tickets),
	    r->tickets == 1 ? "" : "s");
	if (r->ruled > 0)
		printf(" and %s mail%s that rules held or dropped",
		    print_number(a, r->ruled), r->ruled == 1 ? "" : "s");
	printf(", %s would change, %s held, %s dropped",
	    print_number(a, r->changed), print_number(a, r->held),
	    print_number(a, r->dropped));
	if (r->skipped > 0)
		printf(", %s left out: a person changed them",
		    print_number(a, r->skipped));
	printf("\n%.0f microseconds of rules a mail\n\n",
	    all == 0 ? 0.0 : (double)r->cpu / (double)all);
	print_rules(r, &p);
	print_patterns(r, &p);
}

static void
json_changes(struct json *j, struct replay *r)
{
	json_array(j, "changes");
	for (size_t i = 0; i < r->n; i++) {
		const struct replay_change *x = &r->list[i];

		json_object(j, NULL);
		json_text(j, "field", replay_names[x->field]);
		json_text(j, "from", x->old);
		json_text(j, "to", x->new);
		json_int(j, "tickets", x->n);
		json_array(j, "examples");
		for (int k = 0; k < 3 && k < x->n; k++)
			json_text(j, NULL, x->examples[k]);
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
print_json(struct replay *r)
{
	const struct rulebook *b = r->rules.book;
	struct pattern_row *rows;
	size_t n = patterns(r, &rows);
	struct document d;

	document_open(&d);
	json_int(&d.j, "tickets", r->tickets);
	json_int(&d.j, "ruled", r->ruled);
	json_int(&d.j, "changed", r->changed);
	json_int(&d.j, "held", r->held);
	json_int(&d.j, "dropped", r->dropped);
	json_int(&d.j, "skipped", r->skipped);
	json_int(&d.j, "microseconds", r->cpu);
	json_changes(&d.j, r);
	json_array(&d.j, "rules");
	for (size_t i = 0; i < b->n; i++) {
		json_object(&d.j, NULL);
		json_text(&d.j, "rule", b->rules[i].name);
		json_text(&d.j, "place",
		    rulebook_place(&r->c->arena, b, b->rules[i].node));
		json_int(&d.j, "hits", r->rules.hits[i]);
		json_int(&d.j, "limits", r->rules.limits[i]);
		json_object_end(&d.j);
	}
	json_array_end(&d.j);
	json_array(&d.j, "patterns");
	for (size_t i = 0; i < n; i++) {
		json_object(&d.j, NULL);
		json_text(&d.j, "rule", rows[i].rule->name);
		json_text(&d.j, "pattern", rows[i].value->arg->text);
		json_int(&d.j, "calls", rows[i].cost->calls);
		json_int(&d.j, "microseconds", rows[i].cost->total);
		json_int(&d.j, "worst", rows[i].cost->worst);
		json_object_end(&d.j);
	}
	json_array_end(&d.j);
	document_close(&d);
}

/* --diff: a line for each mail. */
static void
print_mail(struct replay *r, const char *name, const struct replay_change *list,
    size_t n)
{
	struct arena line = { 0 };

	(void)r;
	printf("%s", print_line(&line, name));
	for (size_t i = 0; i < n; i++)
		printf("  %s %s -> %s", replay_names[list[i].field],
		    print_line(&line, shown(list[i].old)),
		    print_line(&line, shown(list[i].new)));
	printf("\n");
	arena_done(&line);
}

static int
run(struct replay *r, const char *rules)
{
	struct context *c = r->c;
	const struct conf *tried = c->conf;
	struct err e = { 0 };
	int rc;

	r->compare = rules != NULL;
	if (rules != NULL)
		tried = load_other(c, rules);
	if (tried == NULL)
		return EX_CONFIG;
	if (ruling_load(&r->rules, &c->arena, tried, NULL, &e) == -1 ||
	    (r->compare &&
		ruling_load(&r->others, &c->arena, c->conf, NULL, &e) == -1))
		return cmd_fail(&e);
	rc = replay_run(r, &e);
	if (r->n > 0)
		qsort(r->list, r->n, sizeof(*r->list), by_count);
	ruling_free(&r->rules);
	ruling_free(&r->others);
	return rc == -1 ? cmd_fail(&e) : 0;
}

static int
replay_command(struct context *c, int argc, char **argv)
{
	const char *since = opt_value(&argc, argv, "--since");
	const char *rules = opt_value(&argc, argv, "--rules");
	bool diff = opt_flag(&argc, argv, "--diff");
	struct replay r = { .c = c };
	int rc;

	if (argc > 1)
		return cmd_usage(&cmd_replay, "unknown word '%s'", argv[1]);
	if (since != NULL && !when_parse(since, clock_now(), &r.since))
		return cmd_usage(&cmd_replay,
		    "'%s' is no moment; write 30d, 2026-08-01 or monday",
		    since);
	if (diff && !c->json)
		r.each = print_mail;
	rc = run(&r, rules);
	if (rc != 0)
		return rc;
	if (c->json)
		print_json(&r);
	else
		print_text(&r);
	return 0;
}

const struct cmd cmd_replay = {
	.name = "replay",
	.args = "[--since 30d] [--rules DIR] [--diff]",
	.about = "what rules would have done to stored mail",
	.needs = NEEDS_CONF | NEEDS_DB,
	.run = replay_command,
	.help =
	    "Puts the first mail of each ticket, and the mails that rules held "
	    "or dropped,\nbefore the rules once more and counts what would come "
	    "out different: fields,\ntickets, examples; then how often each "
	    "rule matched and what each pattern cost.\nNothing is changed.\n\n"
	    "  --since 30d   only tickets created since then\n"
	    "  --rules DIR   try the rules in DIR/*.conf (or one file) in place "
	    "of those\n                of the configuration, and compare with "
	    "these.  Without it the\n                configuration's own rules "
	    "are compared with the tickets as their\n                first mail "
	    "left them\n"
	    "  --diff        a line for each ticket too\n\n"
	    "'similar' sees the tickets that were there when the mail came; "
	    "what rules did\non a reply is left out, and 'merge' is not asked "
	    "again.\n",
};
