/*
 * Tests of the rules.  A test's mail has just what it says: no header it does
 * not name, so that a rule cannot match by accident.
 */
#include "rules/rule_test.h"

#include <stdlib.h>
#include <string.h>

#include "parser/address.h"
#include "rules/evaluate.h"

struct trying {
	struct arena *arena;
	struct rule_tests *tests;
	const struct conf_node *block;
	struct mail mail;
	struct facts facts;
	struct ticket ticket;
	struct decision decision;
	struct evaluation result;
	bool failed;
};

/* The mail. */

static const char *
text_of(const struct trying *t, const char *name, const char *otherwise)
{
	const struct conf_node *n = conf_child(t->block, name);

	return n == NULL ? otherwise : n->args[0].text;
}

static size_t
people(struct trying *t, const char *name, struct address **out)
{
	const struct conf_node *n = conf_child(t->block, name);

	if (n == NULL)
		return 0;
	*out = arena_calloc(t->arena, n->args_n, sizeof(**out));
	for (size_t i = 0; i < n->args_n; i++)
		(*out)[i] = (struct address){ "", n->args[i].text };
	return n->args_n;
}

static void
headers(struct trying *t)
{
	const struct conf_node *n = conf_child(t->block, "header");
	size_t cap = 0;

	for (; n != NULL; n = conf_after(n)) {
		t->mail.fields = arena_grow(t->arena, t->mail.fields,
		    t->mail.fields_n, &cap, sizeof(*t->mail.fields));
		t->mail.fields[t->mail.fields_n++] =
		    (struct field){ n->args[0].text, n->args[1].text };
	}
}

static void
attachments(struct trying *t)
{
	const struct conf_node *n = conf_child(t->block, "attachment");
	size_t cap = 0;

	for (; n != NULL; n = conf_after(n))
		for (size_t i = 0; i < n->args_n; i++) {
			t->mail.parts = arena_grow(t->arena, t->mail.parts,
			    t->mail.parts_n, &cap, sizeof(*t->mail.parts));
			t->mail.parts[t->mail.parts_n++] =
			    (struct part){ .kind = PART_ATTACHMENT,
				    .type = "application/octet-stream",
				    .name = n->args[i].text,
				    .parent = -1 };
		}
}

/* "2026-08-04 03:00", checked by the reader. */
static int64_t
moment(const struct trying *t)
{
	const char *s = text_of(t, "at", "2026-01-07 12:00");
	struct civil c = { .year = (int)strtol(s, NULL, 10),
		.month = (int)strtol(s + 5, NULL, 10),
		.day = (int)strtol(s + 8, NULL, 10),
		.minute = (int)strtol(s + 11, NULL, 10) * 60 +
		    (int)strtol(s + 14, NULL, 10) };

	return zone_moment(t->tests->zone, &c);
}

static void
make_mail(struct trying *t)
{
	struct mail *m = &t->mail;
	const char *body = text_of(t, "body", "");

	m->from_addr = text_of(t, "from", "requester@example.com");
	m->from_name = "";
	m->subject = text_of(t, "subject", "");
	m->text = m->new_text = body;
	m->language = text_of(t, "language", NULL);
	m->to_n = people(t, "to", &m->to);
	m->cc_n = people(t, "cc", &m->cc);
	headers(t);
	attachments(t);
	t->ticket = ticket_blank;
	t->ticket.subject = m->subject;
	t->ticket.requester = address_key(t->arena, m->from_addr);
	if (m->language != NULL)
		t->ticket.language = m->language;
	t->facts = (struct facts){ .occasion = OCCASION_NEW,
		.mail = m,
		.ticket = &t->ticket,
		.mailbox = text_of(t, "mailbox", ""),
		.size = (int64_t)strlen(body),
		.now = moment(t),
		.matcher = t->tests->matcher };
}

/* What came of it. */

static const struct rule_step *
last_step(const struct trying *t, const char *what, const struct rule **rule)
{
	const struct rule_step *found = NULL;

	for (size_t i = 0; i < t->result.n; i++)
		for (size_t j = 0; j < t->result.results[i].steps_n; j++) {
			const struct rule_step *s =
			    &t->result.results[i].steps[j];

			if (s->refused != NULL ||
			    strcmp(action_names[s->action->kind], what) != 0)
				continue;
			found = s;
			*rule = t->result.results[i].rule;
		}
	return found;
}

static void
fail(struct trying *t, const struct conf_arg *arg, const char *what,
    const char *got)
{
	const struct rule *rule = NULL;
	const struct rule_step *s = last_step(t, what, &rule);
	const struct ticket *k = &t->result.ticket;
	char *hint = s == NULL && strcmp(what, "priority") == 0
	    ? arena_printf(t->arena, "impact %s x urgency %s",
		  level_names[k->impact], level_names[k->urgency])
	    : s == NULL
	    ? arena_printf(t->arena, "no rule set it")
	    : arena_printf(t->arena, "rule %s did that (%s)", rule->name,
		  rulebook_place(t->arena, t->tests->book, s->action->node));

	t->failed = true;
	conf_complain(t->arena, t->tests->rep, true, &arg->place, hint,
	    *got == '\0' ? "test '%.80s': %s is not set%.0s, not '%.80s'"
			 : "test '%.80s': %s is '%.80s', not '%.80s'",
	    t->block->args[0].text, what, got, arg->text);
}

static const char *
team_of(const struct trying *t)
{
	const struct conf *c = t->tests->book->conf;

	return t->result.team.text != NULL ? t->result.team.text
	    : c->teams_n > 0               ? c->teams[0].name
					   : "";
}

static const char *
field_of(const struct trying *t, const char *name)
{
	const struct ticket *k = &t->result.ticket;

	const struct {
		const char *name, *value;
	} table[] = {
		{ "type", type_names[k->type] },
		{ "impact", level_names[k->impact] },
		{ "urgency", level_names[k->urgency] },
		{ "priority", priority_names[k->priority] },
		{ "category", k->category },
		{ "requester",
		    k->requester_name[0] != '\0' ? k->requester_name
						 : k->requester },
		{ "subject", k->subject },
		{ "tier", arena_printf(t->arena, "%d", k->tier) },
		{ "team", team_of(t) },
		{ "agent", k->assignee },
		{ "sla", t->result.sla.text != NULL ? t->result.sla.text : "" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i].value;
	return "";
}

/* "it has vpn urgent" */
static const char *
tags_of(const struct trying *t)
{
	const char *out = NULL;

	for (size_t i = 0; i < t->decision.n; i++)
		if (t->decision.list[i].kind == CHANGE_TAG)
			out = arena_printf(t->arena, "%s %.80s",
			    out == NULL ? "it has" : out,
			    t->decision.list[i].text);
	return out == NULL ? "no rule set one" : out;
}

static void
expect_tags(struct trying *t, const struct conf_node *n)
{
	for (size_t i = 1; i < n->args_n; i++) {
		bool found = false;

		for (size_t j = 0; j < t->decision.n; j++)
			found |= t->decision.list[j].kind == CHANGE_TAG &&
			    strcmp(t->decision.list[j].text, n->args[i].text) ==
				0;
		if (found)
			continue;
		t->failed = true;
		conf_complain(t->arena, t->tests->rep, true, &n->args[i].place,
		    tags_of(t), "test '%.80s': there is no tag '%.80s'",
		    t->block->args[0].text, n->args[i].text);
	}
}

/* All that match, and no other, in any order. */
static void
expect_rules(struct trying *t, const struct conf_node *n)
{
	for (size_t i = 1; i < n->args_n; i++) {
		bool found = false;

		for (size_t j = 0; j < t->result.n; j++)
			found |= t->result.results[j].verdict == VERDICT_YES &&
			    strcmp(t->result.results[j].rule->name,
				n->args[i].text) == 0;
		if (found)
			continue;
		t->failed = true;
		conf_complain(t->arena, t->tests->rep, true, &n->args[i].place,
		    NULL, "test '%.80s': rule '%.80s' does not match",
		    t->block->args[0].text, n->args[i].text);
	}
	for (size_t j = 0; j < t->result.n; j++) {
		const struct rule_result *r = &t->result.results[j];
		bool named = r->verdict != VERDICT_YES;

		for (size_t i = 1; i < n->args_n; i++)
			named |= strcmp(r->rule->name, n->args[i].text) == 0;
		if (named)
			continue;
		t->failed = true;
		conf_complain(t->arena, t->tests->rep, true, &n->args[0].place,
		    r->why, "test '%.80s': rule '%.80s' matches too",
		    t->block->args[0].text, r->rule->name);
	}
}

static void
expect_action(struct trying *t, const struct conf_node *n)
{
	for (size_t i = 1; i < n->args_n; i++) {
		const char *word = n->args[i].text;
		const struct rule *rule = NULL;

		if (strcmp(word, "quarantine") == 0)
			word = "hold";
		if (last_step(t, word, &rule) != NULL)
			continue;
		t->failed = true;
		conf_complain(t->arena, t->tests->rep, true, &n->args[i].place,
		    t->result.end == EVALUATION_HOLD       ? "the mail is held"
			: t->result.end == EVALUATION_DROP ? "it is dropped"
							   : "it is a ticket",
		    "test '%.80s': no rule does '%.80s'",
		    t->block->args[0].text, n->args[i].text);
	}
}

static void
expect(struct trying *t, const struct conf_node *n)
{
	const char *what = n->args[0].text;
	const char *got;

	if (strcmp(what, "tag") == 0) {
		expect_tags(t, n);
	} else if (strcmp(what, "rules") == 0) {
		expect_rules(t, n);
	} else if (strcmp(what, "action") == 0) {
		expect_action(t, n);
	} else {
		got = field_of(t, what);
		if (strcmp(got, n->args[1].text) != 0)
			fail(t, &n->args[1], what, got);
	}
}

static void
run(struct arena *a, struct rule_tests *tests, const struct conf_node *block)
{
	struct trying t = { .arena = a, .tests = tests, .block = block };
	const struct conf_node *n = conf_child(block, "expect");
	struct err e = { 0 };

	make_mail(&t);
	decision_init(&t.decision, a, 0, "test");
	/* Without a way to ask for similar tickets nothing can fail. */
	if (rules_evaluate(tests->book, &t.facts, &t.decision, &t.result, &e) ==
	    -1)
		return;
	for (; n != NULL; n = conf_after(n))
		expect(&t, n);
	tests->run++;
	tests->failed += t.failed;
}

void
rule_tests_run(struct arena *a, struct rule_tests *t)
{
	const struct conf_node *n = NULL;

	t->run = t->failed = 0;
	if (t->book->conf->root != NULL)
		n = conf_child(t->book->conf->root, "test");
	for (; n != NULL; n = conf_after(n))
		run(a, t, n);
}
