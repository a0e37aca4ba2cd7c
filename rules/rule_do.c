/*
 * The actions of a rule, compiled: one row a word.  The reader (conf_rule.c)
 * has checked their form and that teams, agents, sla and webhooks exist.
 */
#include <stdlib.h>
#include <string.h>

#include "rules/rule_private.h"

const char *const action_names[ACTION_COUNT] = {
	[ACTION_TYPE] = "type",
	[ACTION_IMPACT] = "impact",
	[ACTION_URGENCY] = "urgency",
	[ACTION_PRIORITY] = "priority",
	[ACTION_CATEGORY] = "category",
	[ACTION_TEAM] = "team",
	[ACTION_TIER] = "tier",
	[ACTION_AGENT] = "agent",
	[ACTION_REQUESTER] = "requester",
	[ACTION_SUBJECT] = "subject",
	[ACTION_TAG] = "tag",
	[ACTION_WATCH] = "watch",
	[ACTION_CC] = "cc",
	[ACTION_SLA] = "sla",
	[ACTION_SUGGEST] = "suggest",
	[ACTION_REPLY] = "reply",
	[ACTION_NOTIFY] = "notify",
	[ACTION_MERGE] = "merge",
	[ACTION_HOLD] = "hold",
	[ACTION_DROP] = "drop",
	[ACTION_LOG] = "log",
	[ACTION_STOP] = "stop",
};

/* Lines whose every argument is one action. */
static const struct {
	const char *line;
	enum action_kind kind;
} plain[] = {
	{ "tag", ACTION_TAG },
	{ "watch", ACTION_WATCH },
	{ "cc", ACTION_CC },
	{ "suggest", ACTION_SUGGEST },
	{ "reply", ACTION_REPLY },
	{ "sla", ACTION_SLA },
	{ "notify", ACTION_NOTIFY },
	{ "quarantine", ACTION_HOLD },
	{ "hold", ACTION_HOLD },
	{ "log", ACTION_LOG },
};

/* Words that an enumeration takes: `set impact high`. */
static const struct {
	enum action_kind kind;
	int n;
	const char *const *words;
} enumerations[] = {
	{ ACTION_TYPE, TYPE_COUNT, type_names },
	{ ACTION_IMPACT, LEVEL_COUNT, level_names },
	{ ACTION_URGENCY, LEVEL_COUNT, level_names },
	{ ACTION_PRIORITY, PRIORITY_COUNT, priority_names },
};

struct adding {
	struct building *b;
	struct rule *rule;
	const struct conf_node *node;
	size_t cap;
};

struct names {
	struct arena *arena;
	const char **list;
	size_t n, cap;
};

static void
add_names(struct names *out, const struct condition *c)
{
	for (size_t v = 0; v < c->values_n; v++) {
		const char *const *names;
		size_t n = c->values[v].regex == NULL
		    ? 0
		    : regex_names(c->values[v].regex, &names);

		for (size_t i = 0; i < n; i++) {
			if (word_index(out->list, (int)out->n, names[i]) >= 0)
				continue;
			out->list = arena_grow(out->arena, out->list, out->n,
			    &out->cap, sizeof(*out->list));
			out->list[out->n++] = names[i];
		}
	}
}

const char *const *
rule_groups(struct arena *a, const struct rule *r, size_t *n)
{
	struct names out = { .arena = a };

	for (size_t i = 0; i < r->clauses_n; i++)
		for (size_t j = 0; j < r->clauses[i].n && !r->clauses[i].unless;
		     j++)
			add_names(&out, &r->clauses[i].conditions[j]);
	*n = out.n;
	return out.list;
}

static bool
has_group(const struct rule *r, const char *name)
{
	for (size_t i = 0; i < r->clauses_n; i++)
		for (size_t j = 0; j < r->clauses[i].n && !r->clauses[i].unless;
		     j++) {
			const struct condition *c =
			    &r->clauses[i].conditions[j];

			for (size_t v = 0; v < c->values_n; v++) {
				const char *const *names;
				size_t n = c->values[v].regex == NULL
				    ? 0
				    : regex_names(c->values[v].regex, &names);

				for (size_t g = 0; g < n; g++)
					if (strcmp(names[g], name) == 0)
						return true;
			}
		}
	return false;
}

/* {{match.host}}: some pattern of this rule must give it. */
static void
check_variables(const struct adding *x, const struct conf_arg *arg)
{
	const char *p = arg->text, *end;

	while ((p = strstr(p, "{{")) != NULL) {
		char *name;

		end = strstr(p, "}}");
		if (end == NULL)
			end = p + strlen(p);
		name = arena_strndup(x->b->arena, p + 2, (size_t)(end - p - 2));
		p = end;
		if (strncmp(name, "match.", 6) == 0 &&
		    has_group(x->rule, name + 6))
			continue;
		conf_complain(x->b->arena, x->b->rep, true, &arg->place,
		    strncmp(name, "match.", 6) != 0
			? "only {{match.NAME}} may stand here"
			: "a pattern of this rule gives it: /(?<host>\\S+)/ "
			  "gives {{match.host}}",
		    "there is no '%.80s' in rule '%.80s'", name, x->rule->name);
		x->b->failed = true;
	}
}

static struct action *
add(struct adding *x, enum action_kind kind, const struct conf_arg *arg)
{
	struct rule *r = x->rule;
	const char *text = arg == NULL ? NULL : arg->text;
	struct action *a;

	if (arg != NULL)
		check_variables(x, arg);
	r->actions = arena_grow(x->b->arena, r->actions, r->actions_n, &x->cap,
	    sizeof(*r->actions));
	a = &r->actions[r->actions_n++];
	*a = (struct action){ .kind = kind, .node = x->node, .text = text };
	r->restricts |= kind == ACTION_HOLD;
	return a;
}

static void
add_set(struct adding *x)
{
	const char *text = x->node->args[1].text;
	int kind = word_index(
	    action_names, ACTION_COUNT, x->node->args[0].text);
	struct action *a = add(x, (enum action_kind)kind, &x->node->args[1]);

	if (kind == ACTION_TIER)
		a->value = strtoll(text, NULL, 10);
	for (size_t i = 0; i < sizeof(enumerations) / sizeof(enumerations[0]);
	     i++)
		if ((int)enumerations[i].kind == kind)
			a->value = word_index(
			    enumerations[i].words, enumerations[i].n, text);
}

static void
read_line(struct adding *x)
{
	const struct conf_node *n = x->node;

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (strcmp(plain[i].line, n->name) != 0)
			continue;
		for (size_t j = 0; j < n->args_n; j++)
			add(x, plain[i].kind, &n->args[j]);
		if (n->args_n == 0)
			add(x, plain[i].kind, NULL);
		return;
	}
	if (strcmp(n->name, "assign") == 0)
		add(x,
		    strcmp(n->args[0].text, "team") == 0 ? ACTION_TEAM
							 : ACTION_AGENT,
		    &n->args[1]);
	else if (strcmp(n->name, "set") == 0)
		add_set(x);
	else if (strcmp(n->name, "merge") == 0)
		add(x, ACTION_MERGE, &n->args[2]);
	else if (strcmp(n->name, "drop") == 0)
		add(x, ACTION_DROP, NULL);
	else if (strcmp(n->name, "stop") == 0)
		add(x, ACTION_STOP, NULL);
}

void
rule_read_actions(
    struct building *b, const struct conf_node *block, struct rule *r)
{
	struct adding x = { .b = b, .rule = r };

	for (x.node = block->child; x.node != NULL; x.node = x.node->next)
		read_line(&x);
}
