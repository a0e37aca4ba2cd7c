/* Warnings about rules.  See the header. */
#include "rules/rule_lint.h"

#include <string.h>

#include "parser/language.h"
#include "parser/limits.h"
#include "rules/rule_private.h"

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

/* A language that no mail is ever found to have. */
static void
lint_languages(
    struct arena *a, const struct condition *c, struct conf_report *rep)
{
	for (size_t i = 0; i < c->values_n; i++) {
		const struct value_test *v = &c->values[i];

		if (v->kind != VALUE_LANGUAGE ||
		    language_guessable(v->text, strcspn(v->text, "-_")))
			continue;
		conf_complain(a, rep, false, &v->arg->place,
		    strncmp(v->text, "nb", 2) == 0 ||
			    strncmp(v->text, "nn", 2) == 0
			? "Norwegian is 'no' here"
			: "two letters, as ISO 639-1 has them, like: en",
		    "no mail is ever found to be in '%.20s'", v->arg->text);
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
			lint_languages(a, c, rep);
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

/* Patterns. */

/* Texts that have nothing in common. */
static const char *const unlike[] = { "abc", "42",
	"\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82",
	"\xe6\x97\xa5\xe6\x9c\xac" };

static bool
matches_all(struct matcher *m, const struct regex *r)
{
	for (size_t i = 0; i < sizeof(unlike) / sizeof(unlike[0]); i++) {
		matcher_start(m, PATTERN_MAIL_US);
		if (regex_match(m, r, unlike[i], strlen(unlike[i]), NULL) !=
		    REGEX_YES)
			return false;
	}
	return true;
}

/* Of a text that every mail has; whether a field is there is a fair question.
 */
static bool
is_text(const struct condition *c)
{
	return c->aspect->test == condition_view;
}

static bool
takes_all(struct matcher *m, const struct condition *c)
{
	for (size_t i = 0; i < c->values_n && is_text(c); i++)
		if (c->values[i].regex != NULL &&
		    matches_all(m, c->values[i].regex))
			return true;
	return false;
}

/* What matches the empty text was found when the file was read. */
static void
lint_patterns(struct arena *a, struct matcher *m, const struct condition *c,
    struct conf_report *rep)
{
	for (size_t i = 0; i < c->values_n && is_text(c); i++) {
		const struct regex *r = c->values[i].regex;

		if (r == NULL || !matches_all(m, r) ||
		    regex_match(m, r, "", 0, NULL) == REGEX_YES)
			continue;
		conf_complain(a, rep, false, &c->values[i].arg->place,
		    "say what must stand there",
		    "this pattern matches almost every text");
	}
}

/* Does it take every mail and end the list?  Those without any condition were
 * found when the file was read. */
static bool
ends_all(struct matcher *m, const struct rule *r)
{
	if (!stops(r) || r->clauses_n == 0)
		return false;
	for (size_t i = 0; i < r->clauses_n; i++) {
		const struct clause *c = &r->clauses[i];
		bool all = false;

		for (size_t j = 0; j < c->n && !c->unless; j++)
			all |= takes_all(m, &c->conditions[j]);
		if (!all)
			return false;
	}
	return true;
}

static void
lint_reach(struct arena *a, const struct rulebook *b, struct matcher *m,
    struct conf_report *rep)
{
	unsigned ended = 0;
	const struct rule *by = NULL;

	for (size_t i = 0; i < b->n; i++) {
		const struct rule *r = &b->rules[i];

		if (by != NULL && (r->occasions & ~ended) == 0)
			conf_complain(a, rep, false, &r->node->place, NULL,
			    "never reached: rule '%.80s' (%s) matches every "
			    "mail and stops",
			    by->name, rulebook_place(a, b, by->node));
		else if (ends_all(m, r)) {
			ended |= r->occasions;
			by = r;
		}
	}
}

static void
lint_matching(
    struct arena *a, const struct rulebook *b, struct conf_report *rep)
{
	struct matcher *m = matcher_new(NULL);

	if (m == NULL)
		return;
	for (size_t i = 0; i < b->n; i++)
		for (size_t j = 0; j < b->rules[i].clauses_n; j++)
			for (size_t k = 0; k < b->rules[i].clauses[j].n; k++)
				lint_patterns(a, m,
				    &b->rules[i].clauses[j].conditions[k], rep);
	lint_reach(a, b, m, rep);
	matcher_free(m);
}

void
rule_lint(struct arena *a, const struct rulebook *b, struct conf_report *rep)
{
	struct owner *owners = arena_calloc(
	    a, words_count(b->words), sizeof(*owners));

	for (size_t i = 0; i < b->n; i++)
		lint_rule(a, b, &b->rules[i], owners, rep);
	lint_matching(a, b, rep);
}
