/*
 * deskd rules: the rules as they are read, how often each matched since the
 * database began, and those that never did.  Looks only.
 */
#include <stdio.h>
#include <string.h>

#include "daemon/document.h"
#include "daemon/print_rules.h"
#include "daemon/ruling.h"
#include "store/asking.h"

extern const struct cmd cmd_rules;

struct listing {
	struct context *c;
	struct ruling ruling;
	struct rule_hits *hits;
	size_t n;
	bool unused; /* only those without a hit */
};

static struct rule_hits
hits_of(const struct listing *l, const char *rule)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->hits[i].rule, rule) == 0)
			return l->hits[i];
	return (struct rule_hits){ .rule = rule };
}

static void
print_text(struct listing *l)
{
	static const struct column columns[] = { { "RULE", false, false },
		{ "HITS", true, false }, { "LIMITS", true, false },
		{ "LAST", true, false }, { "TITLE", false, true },
		{ "PLACE", false, false } };
	const struct rulebook *b = l->ruling.book;
	struct arena *a = &l->c->arena;
	struct table t;
	struct print p;
	size_t shown = 0;

	print_init(&p, l->c);
	table_init(&t, a, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < b->n; i++) {
		const struct rule *r = &b->rules[i];
		struct rule_hits h = hits_of(l, r->name);

		if (l->unused && h.hits > 0)
			continue;
		shown++;
		table_cell(&t, r->name, STYLE_BOLD);
		table_cell(&t, print_number(a, h.hits), STYLE_NONE);
		table_cell(&t, h.limits == 0 ? "" : print_number(a, h.limits),
		    STYLE_YELLOW);
		table_cell(&t, h.last == 0 ? "" : print_age(&p, a, h.last),
		    STYLE_NONE);
		table_cell(&t, r->shown == NULL ? "" : r->shown, STYLE_NONE);
		table_cell(&t, rulebook_place(a, b, r->node), STYLE_NONE);
	}
	if (shown > 0)
		table_print(&t, &p);
	else
		printf("%s\n",
		    b->n == 0 ? "There are no rules."
			      : "Every rule has matched.");
}

static void
print_json(struct listing *l)
{
	const struct rulebook *b = l->ruling.book;
	struct document d;

	document_open(&d);
	json_array(&d.j, "rules");
	for (size_t i = 0; i < b->n; i++) {
		const struct rule *r = &b->rules[i];
		struct rule_hits h = hits_of(l, r->name);

		if (l->unused && h.hits > 0)
			continue;
		json_object(&d.j, NULL);
		json_text(&d.j, "rule", r->name);
		json_text_or_null(&d.j, "title", r->shown);
		json_text(
		    &d.j, "place", rulebook_place(&l->c->arena, b, r->node));
		json_int(&d.j, "hits", h.hits);
		json_int(&d.j, "limits", h.limits);
		if (h.last != 0)
			json_time(&d.j, "last", h.last);
		json_object_end(&d.j);
	}
	json_array_end(&d.j);
	document_close(&d);
}

static int
rules_run(struct context *c, int argc, char **argv)
{
	struct listing l = { .c = c };
	struct err e = { 0 };

	if (argc > 2 ||
	    (argc == 2 && strcmp(argv[1], "hits") != 0 &&
		strcmp(argv[1], "unused") != 0))
		return cmd_usage(
		    &cmd_rules, "unknown word '%s'", argv[argc - 1]);
	l.unused = argc == 2 && strcmp(argv[1], "unused") == 0;
	if (rule_hits_list(c->db, &c->arena, &l.hits, &l.n, &e) == -1 ||
	    ruling_load(&l.ruling, &c->arena, c->conf, NULL, &e) == -1)
		return cmd_fail(&e);
	if (c->json)
		print_json(&l);
	else
		print_text(&l);
	ruling_free(&l.ruling);
	return 0;
}

const struct cmd cmd_rules = {
	.name = "rules",
	.args = "[hits | unused]",
	.about = "the rules in their order and how often each matched",
	.needs = NEEDS_CONF | NEEDS_DB,
	.run = rules_run,
	.help =
	    "  hits    all rules (the default): matches, limits that were met, "
	    "the last match\n"
	    "  unused  only those that never matched\n\n"
	    "Counted for mail as it is worked, since the database began; a "
	    "rule that is\nrenamed begins anew.  What other rules would have "
	    "done: deskd replay.\n",
};
