/* Rules as `explain` shows them: each with yes or no, why, and what it did. */
#include "daemon/print_rules.h"

#include <stdio.h>
#include <string.h>

#include "parser/utf8.h"

/* One argument as it was typed. */
static char *
typed(struct arena *a, const struct conf_arg *arg)
{
	const char *s = arg->place.file->text + arg->place.at, *p = s;
	const char *end = arg->place.file->text + arg->place.file->n;

	for (int i = 0; i < arg->place.width && p < end; i++)
		utf8_next(&p, end);
	return arena_strndup(a, s, (size_t)(p - s));
}

/* A setting as it was typed, on one line, without what else stands on its
 * lines: "when subject has vpn", "any { to a@b; subject has c }". */
static char *
setting_line(struct arena *a, const struct conf_node *n)
{
	char *out = arena_strdup(a, n->name);
	const struct conf_node *s;

	for (size_t i = 0; i < n->args_n; i++)
		out = arena_printf(a, "%s %s", out, typed(a, &n->args[i]));
	for (s = n->child; s != NULL; s = s->next)
		out = arena_printf(a, "%s%s %s", out,
		    s == n->child ? " {" : ";", setting_line(a, s));
	return print_line(a, n->block ? arena_printf(a, "%s }", out) : out);
}

#define DEEP      10 /* column of what a rule did */
#define CUT_LEAST 24 /* columns that are still worth a text */

static const char *const marks[VERDICT_COUNT] = {
	[VERDICT_NO] = "no",
	[VERDICT_YES] = "yes",
	[VERDICT_SKIPPED] = "-",
};

/* "asked on reply, agent" */
static const char *
when_asked(struct arena *a, const struct rule *r)
{
	const char *out = NULL;

	for (int i = 0; i < OCCASION_COUNT; i++)
		if ((r->occasions & 1u << i) != 0)
			out = arena_printf(a, "%s %s",
			    out == NULL ? "only asked on" : out,
			    occasion_names[i]);
	return out == NULL ? "never asked" : out;
}

/* Why it matched, or the line that did not hold. */
static const char *
because(struct arena *a, const struct rule_result *r, const struct rule *ender)
{
	if (r->verdict == VERDICT_SKIPPED && ender != NULL)
		return arena_printf(a, "behind the stop of %s", ender->name);
	if (r->verdict == VERDICT_SKIPPED)
		return when_asked(a, r->rule);
	if (r->verdict == VERDICT_YES)
		return arena_printf(a, "%s%s", print_line(a, r->why),
		    r->limited ? "; a limit was met" : "");
	return arena_printf(a, "%s%s", setting_line(a, r->failed->node),
	    r->limited ? "  (a limit was met)" : "");
}

static bool
stops(const struct rule_result *r)
{
	for (size_t i = 0; i < r->steps_n; i++)
		if (r->steps[i].action->kind == ACTION_STOP)
			return true;
	return false;
}

static void
print_step(struct arena *a, const struct rule_step *s)
{
	const char *name = action_names[s->action->kind];

	printf("          ");
	if (s->refused != NULL)
		printf("%s nothing: %s\n", name, print_line(a, s->refused));
	else if (s->new == NULL)
		printf("%s\n", name);
	else if (s->old == NULL || *s->old == '\0' ||
	    strcmp(s->old, s->new) == 0)
		printf("%s %s\n", name, print_line(a, s->new));
	else
		printf("%s %s -> %s\n", name, print_line(a, s->old),
		    print_line(a, s->new));
}

/*
 * One line a rule.  What did not hold is cut to the width, since a glance is
 * enough; what did is told in full, on a line of its own when it is long.
 */
static void
print_result(struct arena *a, const struct print *p, const struct rulebook *b,
    const struct rule_result *r, const struct rule *ender)
{
	bool yes = r->verdict == VERDICT_YES;
	enum print_style style = yes ? STYLE_GREEN : STYLE_NONE;
	const char *place = rulebook_place(a, b, r->rule->node);
	const char *why = because(a, r, ender);
	int at = 7 + print_columns(r->rule->name) + 3 + print_columns(place) +
	    3;

	printf("  %s%-4s%s %s%s%s  (%s)", print_on(p, style), marks[r->verdict],
	    print_off(p, style), print_on(p, STYLE_BOLD), r->rule->name,
	    print_off(p, STYLE_BOLD), place);
	if (p->width > 0 && at + print_columns(why) > p->width &&
	    (yes || at > p->width - CUT_LEAST)) {
		printf("\n%*s", DEEP, "");
		at = DEEP;
	} else {
		printf("  ");
	}
	if (!yes && p->width > 0)
		why = print_cut(p, a, why, p->width - at);
	print_wrapped(p, why, at, DEEP);
}

void
print_evaluation(struct arena *a, const struct print *p,
    const struct rulebook *b, const struct evaluation *v)
{
	const struct rule *ender = NULL;

	for (size_t i = 0; i < v->n; i++) {
		const struct rule_result *r = &v->results[i];

		print_result(a, p, b, r, ender);
		for (size_t s = 0; s < r->steps_n; s++)
			print_step(a, &r->steps[s]);
		if (stops(r))
			ender = r->rule;
	}
}

static void
json_optional(struct json *j, const char *key, const char *text)
{
	if (text != NULL)
		json_text(j, key, text);
}

static void
json_result(struct json *j, struct arena *a, const struct rulebook *b,
    const struct rule_result *r)
{
	json_object(j, NULL);
	json_text(j, "rule", r->rule->name);
	json_text(j, "place", rulebook_place(a, b, r->rule->node));
	json_text(j, "verdict", verdict_names[r->verdict]);
	json_optional(j, "why", r->why);
	if (r->failed != NULL)
		json_text(j, "failed", setting_line(a, r->failed->node));
	json_bool(j, "limited", r->limited);
	json_array(j, "steps");
	for (size_t i = 0; i < r->steps_n; i++) {
		const struct rule_step *s = &r->steps[i];

		json_object(j, NULL);
		json_text(j, "what", action_names[s->action->kind]);
		json_optional(j, "from", s->old);
		json_optional(j, "to", s->new);
		json_optional(j, "refused", s->refused);
		json_text(j, "place", rulebook_place(a, b, s->action->node));
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

void
json_evaluation(struct json *j, struct arena *a, const struct rulebook *b,
    const struct evaluation *v)
{
	json_array(j, "rules");
	for (size_t i = 0; i < v->n; i++)
		json_result(j, a, b, &v->results[i]);
	json_array_end(j);
}
