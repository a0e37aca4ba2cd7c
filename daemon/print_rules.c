/* Rules as `explain` shows them: each with yes or no, why, and what it did. */
#include "daemon/print_rules.h"

#include <stdio.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/utf8.h"

char *
print_conf_line(struct arena *a, const struct conf_node *n)
{
	const char *s = n->place.file->text + n->place.at;
	const char *end = n->place.file->text + n->place.file->n, *stop;
	size_t len = strcspn(s, "\r\n");

	if ((size_t)(end - s) < len)
		len = (size_t)(end - s);
	stop = memchr(s, '#', len);
	while (stop != NULL && stop > s && !ascii_blank(stop[-1])) {
		size_t rest = len - (size_t)(stop + 1 - s);

		stop = memchr(stop + 1, '#', rest);
	}
	if (stop != NULL)
		len = (size_t)(stop - s);
	while (len > 0 && ascii_blank(s[len - 1]))
		len--;
	return print_line(a, utf8_line(a, arena_strndup(a, s, len), len));
}

static const char *const marks[VERDICT_COUNT] = {
	[VERDICT_NO] = "no",
	[VERDICT_YES] = "yes",
	[VERDICT_SKIPPED] = "-",
};

/* Why it matched, or the line that did not hold. */
static const char *
because(struct arena *a, const struct rule_result *r)
{
	if (r->verdict == VERDICT_SKIPPED)
		return "not asked: another occasion, or behind a stop";
	if (r->verdict == VERDICT_YES)
		return print_line(a, r->why);
	return arena_printf(a, "%s%s", print_conf_line(a, r->failed->node),
	    r->limited ? "  (a limit was met)" : "");
}

static void
print_step(struct arena *a, const struct rule_step *s)
{
	const char *name = action_names[s->action->kind];

	printf("          ");
	if (s->new == NULL)
		printf("%s\n", name);
	else if (s->old == NULL || *s->old == '\0' ||
	    strcmp(s->old, s->new) == 0)
		printf("%s %s\n", name, print_line(a, s->new));
	else
		printf("%s %s -> %s\n", name, print_line(a, s->old),
		    print_line(a, s->new));
}

void
print_evaluation(struct arena *a, const struct print *p,
    const struct rulebook *b, const struct evaluation *v)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct rule_result *r = &v->results[i];
		enum print_style style = r->verdict == VERDICT_YES ? STYLE_GREEN
								   : STYLE_NONE;

		printf("  %s%-4s%s %s%s%s  (%s)  %s\n", print_on(p, style),
		    marks[r->verdict], print_off(p, style),
		    print_on(p, STYLE_BOLD), r->rule->name,
		    print_off(p, STYLE_BOLD),
		    rulebook_place(a, b, r->rule->node), because(a, r));
		for (size_t s = 0; s < r->steps_n; s++)
			print_step(a, &r->steps[s]);
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
		json_text(j, "failed", print_conf_line(a, r->failed->node));
	json_bool(j, "limited", r->limited);
	json_array(j, "steps");
	for (size_t i = 0; i < r->steps_n; i++) {
		const struct rule_step *s = &r->steps[i];

		json_object(j, NULL);
		json_text(j, "what", action_names[s->action->kind]);
		json_optional(j, "from", s->old);
		json_optional(j, "to", s->new);
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
