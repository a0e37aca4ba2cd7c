/*
 * Every rule from the top.  Fields are settled at the end, so that a ticket's
 * history shows what won and not what was overruled; the account of each rule
 * keeps both.
 */
#include "rules/evaluate.h"

#include <string.h>

#include "parser/address.h"
#include "parser/limits.h"
#include "parser/utf8.h"
#include "rules/rule_private.h"

const char *const verdict_names[VERDICT_COUNT] = {
	[VERDICT_NO] = "no",
	[VERDICT_YES] = "yes",
	[VERDICT_SKIPPED] = "skipped",
};

/* Fields that a later rule may set again: only the last value is a change. */
struct setting {
	bool set;
	const char *why;
};

struct evaluating {
	struct asking ask;
	struct decision *d;
	struct evaluation *out;
	struct setting fields[ACTION_COUNT];
	const struct rule *rule;
	struct rule_result *result;
	bool stop;
	size_t suggest_cap, notify_cap;
};

enum priority
rules_priority(const struct rulebook *b, enum level impact, enum level urgency)
{
	return b->matrix[impact][urgency];
}

enum priority
rules_priority_now(const struct asking *k)
{
	const struct ticket *t = &k->ticket;

	return t->pinned ? t->priority
			 : rules_priority(k->book, t->impact, t->urgency);
}

/* Conditions. */

/*
 * One clause: does it hold?  Where a limit was met nobody can say; then the
 * answer is the one that keeps a mail back in a rule that holds, and the one
 * that does nothing in any other (T32).
 */
static bool
clause_holds(struct evaluating *x, const struct clause *c)
{
	enum answer all = ANSWER_NO;

	for (size_t i = 0; i < c->n && all != ANSWER_YES; i++) {
		const struct condition *one = &c->conditions[i];
		enum answer a;

		x->ask.why = NULL;
		a = one->aspect->test(&x->ask, one);
		if (a != ANSWER_NO)
			all = a;
	}
	if (all == ANSWER_LIMIT) {
		x->result->limited = true;
		return x->rule->restricts;
	}
	return (all == ANSWER_YES) != c->unless;
}

static void
add_why(struct evaluating *x, const struct clause *c)
{
	const char *had = x->result->why;
	const char *more = c->unless || x->ask.why == NULL ? NULL : x->ask.why;

	if (more != NULL)
		x->result->why = had == NULL
		    ? more
		    : arena_printf(x->ask.arena, "%s, %s", had, more);
}

static bool
rule_holds(struct evaluating *x)
{
	const struct rule *r = x->rule;

	x->ask.groups_n = 0;
	for (size_t i = 0; i < r->clauses_n; i++) {
		if (!clause_holds(x, &r->clauses[i])) {
			x->result->failed = &r->clauses[i];
			x->result->why = NULL;
			return false;
		}
		add_why(x, &r->clauses[i]);
	}
	if (x->result->why == NULL)
		x->result->why = r->clauses_n == 0 ? "always"
		    : x->result->limited ? "a limit was met; it holds mail back"
					 : "nothing speaks against it";
	return true;
}

/* Actions. */

/* "rule vpn (20-routing.conf:9): text "VPN"" */
static const char *
why_of(const struct evaluating *x, const struct action *a)
{
	return arena_printf(x->ask.arena, "rule %s (%s): %s", x->rule->name,
	    rulebook_place(x->ask.arena, x->ask.book, a->node), x->result->why);
}

static void
step(struct evaluating *x, const struct action *a, const char *old,
    const char *new)
{
	struct rule_step *s = &x->result->steps[x->result->steps_n++];

	*s = (struct rule_step){ a, old, new, NULL };
}

/* A field was set: old is what it was. */
static void
done(struct evaluating *x, const struct action *a, const char *old)
{
	x->fields[a->kind] = (struct setting){ true, why_of(x, a) };
	step(x, a, old, a->text);
}

static void
set_type(struct evaluating *x, const struct action *a)
{
	enum type *field = &x->ask.ticket.type;
	const char *old = type_names[*field];

	*field = (enum type)a->value;
	done(x, a, old);
}

static void
set_level(struct evaluating *x, const struct action *a)
{
	struct ticket *t = &x->ask.ticket;
	enum level *field = a->kind == ACTION_IMPACT ? &t->impact : &t->urgency;
	const char *old = level_names[*field];

	*field = (enum level)a->value;
	done(x, a, old);
}

static void
set_tier(struct evaluating *x, const struct action *a)
{
	struct ticket *t = &x->ask.ticket;
	const char *old = arena_printf(x->ask.arena, "%d", t->tier);

	t->tier = (int)a->value;
	done(x, a, old);
}

/* A priority outright, or (value -1) back to the matrix. */
static void
set_priority(struct evaluating *x, const struct action *a)
{
	struct ticket *t = &x->ask.ticket;
	const char *old = priority_names[rules_priority_now(&x->ask)];

	t->pinned = a->value >= 0;
	if (t->pinned)
		t->priority = (enum priority)a->value;
	done(x, a, old);
}

static const char **
text_field(struct evaluating *x, enum action_kind kind)
{
	struct ticket *t = &x->ask.ticket;

	return kind == ACTION_CATEGORY ? &t->category
	    : kind == ACTION_TEAM      ? &t->team
	    : kind == ACTION_AGENT     ? &t->assignee
	    : kind == ACTION_SUBJECT   ? &t->subject
				       : &t->requester;
}

/* set requester "host db1": no address, so nobody is written to. */
static void
set_text(struct evaluating *x, const struct action *a)
{
	const char **field = text_field(x, a->kind);
	const char *text = utf8_line(
	    x->ask.arena, gap_fill(&x->ask, a->text), MAIL_SUBJECT_MAX / 4);

	if (*text == '\0')
		return;
	if (a->kind == ACTION_REQUESTER && !address_valid(text)) {
		x->ask.ticket.requester_name = text;
	} else if (a->kind == ACTION_REQUESTER) {
		x->ask.ticket.requester_name = "";
		text = address_key(x->ask.arena, text);
	}
	step(x, a, *field, text);
	*field = text;
	x->fields[a->kind] = (struct setting){ true, why_of(x, a) };
}

static void
add_tag(struct evaluating *x, const struct action *a)
{
	const char *text = utf8_line(
	    x->ask.arena, gap_fill(&x->ask, a->text), CONF_NAME_MAX);
	struct asking *k = &x->ask;

	if (*text == '\0')
		return;
	for (size_t i = 0; i < k->tags_n; i++)
		if (strcmp(k->tags[i], text) == 0)
			return;
	k->tags = arena_grow(
	    k->arena, k->tags, k->tags_n, &k->tags_cap, sizeof(*k->tags));
	k->tags[k->tags_n++] = text;
	decision_add(x->d, CHANGE_TAG, 0, text, why_of(x, a));
	step(x, a, NULL, text);
}

/* An agent by name, or anybody by address. */
static void
add_person(struct evaluating *x, const struct action *a)
{
	const struct conf_agent *agent = conf_agent(x->ask.book->conf, a->text);
	const char *addr = agent != NULL ? agent->emails[0] : a->text;
	struct change *c;

	c = decision_add(x->d, CHANGE_PARTICIPANT,
	    a->kind == ACTION_WATCH ? ROLE_WATCHER : ROLE_CC,
	    address_key(x->ask.arena, addr), why_of(x, a));
	c->text2 = agent != NULL ? agent->shown : NULL;
	step(x, a, NULL, a->text);
}

/* For the template; the next rule has groups of its own. */
static void
keep_groups(struct evaluating *x)
{
	size_t n = x->ask.groups_n;

	x->out->groups = arena_calloc(x->ask.arena, n, sizeof(*x->out->groups));
	for (size_t i = 0; i < n; i++)
		x->out->groups[i] = x->ask.groups[i];
	x->out->groups_n = n;
}

static void
keep_one(struct evaluating *x, const struct action *a)
{
	struct said *out = a->kind == ACTION_SLA ? &x->out->sla
	    : a->kind == ACTION_REPLY            ? &x->out->reply
						 : &x->out->merge;
	const char *old = out->text;

	*out = (struct said){ gap_fill(&x->ask, a->text), why_of(x, a) };
	if (a->kind == ACTION_REPLY)
		keep_groups(x);
	step(x, a, old, out->text);
}

static void
keep_merge(struct evaluating *x, const struct action *a)
{
	const char *why;

	if (gap_tells(&x->ask, a->text)) {
		keep_one(x, a);
		return;
	}
	why = arena_printf(x->ask.arena, "the key \"%s\" is empty", a->text);
	step(x, a, NULL, NULL);
	x->result->steps[x->result->steps_n - 1].refused = why;
	decision_add(x->d, CHANGE_EVENT, 0, "not-merged",
	    arena_printf(x->ask.arena, "%s; %s", why_of(x, a), why));
}

static void
keep_more(struct evaluating *x, const struct action *a)
{
	bool suggest = a->kind == ACTION_SUGGEST;
	struct said **list = suggest ? &x->out->suggest : &x->out->notify;
	size_t *n = suggest ? &x->out->suggest_n : &x->out->notify_n;
	size_t *cap = suggest ? &x->suggest_cap : &x->notify_cap;

	*list = arena_grow(x->ask.arena, *list, *n, cap, sizeof(**list));
	(*list)[(*n)++] = (struct said){ a->text, why_of(x, a) };
	step(x, a, NULL, a->text);
}

/* What one rule holds back no other may drop (T32). */
static void
end_here(struct evaluating *x, const struct action *a)
{
	const char *text = a->text != NULL
	    ? utf8_line(x->ask.arena, gap_fill(&x->ask, a->text),
		  MAIL_SUBJECT_MAX / 4)
	    : NULL;

	step(x, a, NULL, text);
	if (a->kind == ACTION_DROP && x->out->end == EVALUATION_HOLD)
		return;
	x->out->end = a->kind == ACTION_DROP ? EVALUATION_DROP
					     : EVALUATION_HOLD;
	x->out->reason = (struct said){ text, why_of(x, a) };
}

static void
write_log(struct evaluating *x, const struct action *a)
{
	struct change *c;

	c = decision_add(x->d, CHANGE_EVENT, 0, "log", why_of(x, a));
	c->text2 = gap_fill(&x->ask, a->text);
	step(x, a, NULL, c->text2);
}

static void
stop(struct evaluating *x, const struct action *a)
{
	x->stop = true;
	step(x, a, NULL, NULL);
}

static void (*const acts[ACTION_COUNT])(
    struct evaluating *x, const struct action *a) = {
	[ACTION_TYPE] = set_type,
	[ACTION_IMPACT] = set_level,
	[ACTION_URGENCY] = set_level,
	[ACTION_PRIORITY] = set_priority,
	[ACTION_CATEGORY] = set_text,
	[ACTION_TEAM] = set_text,
	[ACTION_TIER] = set_tier,
	[ACTION_AGENT] = set_text,
	[ACTION_REQUESTER] = set_text,
	[ACTION_SUBJECT] = set_text,
	[ACTION_TAG] = add_tag,
	[ACTION_WATCH] = add_person,
	[ACTION_CC] = add_person,
	[ACTION_SLA] = keep_one,
	[ACTION_SUGGEST] = keep_more,
	[ACTION_REPLY] = keep_one,
	[ACTION_NOTIFY] = keep_more,
	[ACTION_MERGE] = keep_merge,
	[ACTION_HOLD] = end_here,
	[ACTION_DROP] = end_here,
	[ACTION_LOG] = write_log,
	[ACTION_STOP] = stop,
};

static void
ask_rule(struct evaluating *x, const struct rule *r, struct rule_result *result)
{
	x->rule = r;
	x->result = result;
	result->rule = r;
	result->verdict = VERDICT_SKIPPED;
	if (x->stop || (r->occasions & 1u << x->ask.facts->occasion) == 0)
		return;
	result->verdict = rule_holds(x) ? VERDICT_YES : VERDICT_NO;
	x->out->limits += result->limited;
	if (result->verdict == VERDICT_NO)
		return;
	result->steps = arena_calloc(
	    x->ask.arena, r->actions_n, sizeof(*result->steps));
	for (size_t i = 0; i < r->actions_n; i++)
		acts[r->actions[i].kind](x, &r->actions[i]);
}

/* The fields as they were settled. */

static void
settle_text(struct evaluating *x, enum action_kind kind, enum change_kind c,
    const char *old)
{
	const char *now = *text_field(x, kind);
	struct change *change;

	if (!x->fields[kind].set || strcmp(now, old) == 0)
		return;
	change = decision_add(x->d, c, 0, now, x->fields[kind].why);
	if (kind == ACTION_REQUESTER)
		change->text2 = x->ask.ticket.requester_name;
}

static void
settle_number(struct evaluating *x, enum action_kind kind, enum change_kind c,
    int64_t old, int64_t now)
{
	if (x->fields[kind].set && old != now)
		decision_add(x->d, c, now, NULL, x->fields[kind].why);
}

static void
settle_priority(struct evaluating *x)
{
	const struct ticket *was = x->ask.facts->ticket;
	struct ticket *t = &x->ask.ticket;
	const struct conf_node *matrix = x->ask.book->matrix_node;
	const char *why = x->fields[ACTION_PRIORITY].why;

	t->priority = rules_priority_now(&x->ask);
	if (t->priority == was->priority && t->pinned == was->pinned)
		return;
	if (!t->pinned)
		why = arena_printf(x->ask.arena,
		    "priority-matrix (%s): impact %s x urgency %s",
		    matrix == NULL
			? "built in"
			: rulebook_place(x->ask.arena, x->ask.book, matrix),
		    level_names[t->impact], level_names[t->urgency]);
	decision_add(x->d, CHANGE_PRIORITY, t->priority,
	    t->pinned ? "pinned" : NULL, why);
}

static void
settle(struct evaluating *x)
{
	const struct ticket *was = x->ask.facts->ticket, *t = &x->ask.ticket;

	settle_number(x, ACTION_TYPE, CHANGE_TYPE, was->type, t->type);
	settle_number(x, ACTION_IMPACT, CHANGE_IMPACT, was->impact, t->impact);
	settle_number(
	    x, ACTION_URGENCY, CHANGE_URGENCY, was->urgency, t->urgency);
	settle_priority(x);
	settle_text(x, ACTION_CATEGORY, CHANGE_CATEGORY, was->category);
	settle_text(x, ACTION_TEAM, CHANGE_TEAM, was->team);
	settle_number(x, ACTION_TIER, CHANGE_TIER, was->tier, t->tier);
	settle_text(x, ACTION_REQUESTER, CHANGE_REQUESTER, was->requester);
	settle_text(x, ACTION_SUBJECT, CHANGE_SUBJECT, was->subject);
	if (x->fields[ACTION_TEAM].set)
		x->out->team = (struct said){ t->team,
			x->fields[ACTION_TEAM].why };
	if (x->fields[ACTION_AGENT].set)
		x->out->agent = (struct said){ t->assignee,
			x->fields[ACTION_AGENT].why };
	x->out->ticket = *t;
}

int
rules_evaluate(const struct rulebook *b, const struct facts *f,
    struct decision *d, struct evaluation *out, struct err *e)
{
	struct evaluating x = { .d = d, .out = out };

	*out = (struct evaluation){ .n = b->n };
	out->results = arena_calloc(d->arena, b->n, sizeof(*out->results));
	x.ask = (struct asking){ .arena = d->arena,
		.book = b,
		.facts = f,
		.e = e,
		.ticket = *f->ticket };
	for (size_t i = 0; i < f->tags_n; i++) {
		x.ask.tags = arena_grow(d->arena, x.ask.tags, x.ask.tags_n,
		    &x.ask.tags_cap, sizeof(*x.ask.tags));
		x.ask.tags[x.ask.tags_n++] = f->tags[i];
	}
	matcher_start(f->matcher, PATTERN_MAIL_US);
	for (size_t i = 0; i < b->n; i++)
		ask_rule(&x, &b->rules[i], &out->results[i]);
	arena_done(&x.ask.scratch);
	if (x.ask.failed)
		return -1;
	settle(&x);
	return 0;
}
