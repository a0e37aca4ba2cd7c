/* Warnings about rules.  See the header. */
#include "rules/rule_lint.h"

#include <string.h>

/* The last action of that kind in a rule, or NULL. */
static const struct action *
sets(const struct rule *r, enum action_kind kind)
{
	const struct action *found = NULL;

	for (size_t i = 0; i < r->actions_n; i++)
		if (r->actions[i].kind == kind)
			found = &r->actions[i];
	return found;
}

/* "remote access" beside remote: never decides. */
static void
lint_list(struct arena *a, const struct condition *c, struct conf_report *rep)
{
	for (size_t i = 0; i < c->values_n; i++)
		for (size_t j = 0; j < c->values_n; j++) {
			const struct value_test *x = &c->values[i];
			const struct value_test *y = &c->values[j];

			if (i == j || x->kind != VALUE_WORDS ||
			    y->kind != VALUE_WORDS ||
			    (x->phrase == y->phrase && i > j) ||
			    !words_covers(c->words, x->phrase, y->phrase))
				continue;
			conf_complain(a, rep, false, &y->arg->place,
			    "leave one of them out",
			    x->phrase == y->phrase
				? "'%.80s' stands twice in this list"
				: "'%.80s' is found by a shorter entry of "
				  "this list already",
			    y->arg->text);
			break;
		}
}

/* The first place of each shared phrase, by rule. */
struct owner {
	const struct rule *rule;
	const struct conf_arg *arg;
};

/* Does a rule that comes first overrule nothing because a later one with the
 * same word sets the same field? */
static void
lint_phrase(struct arena *a, const struct rulebook *b, const struct owner *old,
    const struct rule *r, const struct value_test *v, struct conf_report *rep)
{
	static const enum action_kind kinds[] = { ACTION_CATEGORY,
		ACTION_TEAM };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct action *x = sets(old->rule, kinds[i]);
		const struct action *y = sets(r, kinds[i]);

		if (x == NULL || y == NULL || strcmp(x->text, y->text) == 0)
			continue;
		conf_complain(a, rep, false, &v->arg->place,
		    "the later rule wins where both match",
		    "'%.80s' stands in rule '%.80s' (%s) too, which sets "
		    "another %s",
		    v->arg->text, old->rule->name,
		    rulebook_place(a, b, old->rule->node),
		    action_names[kinds[i]]);
		return;
	}
}

static bool
stops(const struct rule *r)
{
	return sets(r, ACTION_STOP) != NULL;
}

/* A rule of one clause: its words alone decide. */
static void
lint_rule(struct arena *a, const struct rulebook *b, const struct rule *r,
    struct owner *owners, struct conf_report *rep)
{
	for (size_t i = 0; i < r->clauses_n; i++)
		for (size_t j = 0; j < r->clauses[i].n; j++) {
			const struct condition *c =
			    &r->clauses[i].conditions[j];

			lint_list(a, c, rep);
			if (r->clauses_n != 1 || r->clauses[i].unless ||
			    c->words != b->words || stops(r))
				continue;
			for (size_t k = 0; k < c->values_n; k++) {
				const struct value_test *v = &c->values[k];
				struct owner *o;

				if (v->kind != VALUE_WORDS)
					continue;
				o = &owners[v->phrase];
				if (o->rule == NULL)
					*o = (struct owner){ r, v->arg };
				else if (o->rule != r)
					lint_phrase(a, b, o, r, v, rep);
			}
		}
}

void
rule_lint(struct arena *a, const struct rulebook *b, struct conf_report *rep)
{
	struct owner *owners = arena_calloc(
	    a, words_count(b->words), sizeof(*owners));

	for (size_t i = 0; i < b->n; i++)
		lint_rule(a, b, &b->rules[i], owners, rep);
}
