/* Commands about people: who has a ticket, who takes part in it. */
#include <string.h>

#include "parser/address.h"
#include "parser/ascii.h"
#include "rules/commands_private.h"

static const char *
name_of(const struct conf_agent *a)
{
	return a->shown != NULL ? a->shown : a->name;
}

static const char *
title_of(const struct conf_team *t)
{
	return t->shown != NULL ? t->shown : t->name;
}

static bool
is_member(const struct conf_team *t, const char *agent)
{
	for (size_t i = 0; i < t->members_n; i++)
		if (strcmp(t->members[i], agent) == 0)
			return true;
	return false;
}

/* Is the name that of somebody who leads the team? */
static bool
leads(const struct conf_team *t, const char *agent)
{
	const char *const heads[] = { t->lead, t->manager, t->queue_manager };

	for (size_t i = 0; i < 3; i++)
		if (heads[i] != NULL && strcmp(heads[i], agent) == 0)
			return true;
	return false;
}

bool
commands_may(const struct conf *c, const struct conf_agent *agent,
    const struct ticket *t)
{
	const struct conf_team *team = *t->team == '\0' ? NULL
							: conf_team(c, t->team);

	if (agent == NULL || team == NULL ||
	    strcmp(t->assignee, agent->name) == 0 ||
	    is_member(team, agent->name) || leads(team, agent->name))
		return true;
	for (size_t i = 0; i < c->admins_n; i++)
		if (conf_agent_by_address(c, c->admins[i]) == agent)
			return true;
	return false;
}

static void
set_assignee(struct steering *x, const char *name)
{
	if (strcmp(x->t.assignee, name) == 0)
		return;
	commands_change(x, CHANGE_ASSIGNEE, 0, name);
	x->t.assignee = name;
}

void
commands_take(struct steering *x)
{
	const struct conf_agent *me = x->ask->agent;

	if (!commands_claim(x, CLAIM_HAND))
		return;
	if (me == NULL) {
		commands_problem(x, PHRASE_NO_AGENT, NULL, NULL);
		return;
	}
	x->out->status_set = true;
	set_assignee(x, me->name);
	commands_done(x, DONE_TAKE, NULL, NULL);
}

void
commands_drop(struct steering *x)
{
	if (!commands_claim(x, CLAIM_HAND) || !commands_claim(x, CLAIM_STATUS))
		return;
	x->out->status_set = true;
	x->out->hidden |= x->t.status == STATUS_RESOLVED ||
	    x->t.status == STATUS_CLOSED;
	set_assignee(x, "");
	commands_status(x, STATUS_OPEN);
	commands_done(x, DONE_DROP, NULL, NULL);
}

static void
give_team(struct steering *x, const struct conf_team *t)
{
	if (strcmp(x->t.team, t->name) == 0) {
		commands_done(x, DONE_TEAM_ALREADY, title_of(t), NULL);
		return;
	}
	commands_change(x, CHANGE_TEAM, 0, t->name);
	x->t.team = t->name;
	if (x->t.tier != t->tier)
		commands_change(x, CHANGE_TIER, t->tier, NULL);
	x->t.tier = t->tier;
	commands_done(x, DONE_TEAM, title_of(t), NULL);
}

static void
give_agent(struct steering *x, const struct conf_agent *a)
{
	if (!commands_claim(x, CLAIM_HAND))
		return;
	set_assignee(x, a->name);
	commands_done(x, DONE_ASSIGN, name_of(a), NULL);
}

void
commands_assign(struct steering *x)
{
	const char *value = x->now->value, *several, *near;
	const struct conf_agent *a = commands_agent(x, value, &several);
	const struct conf_team *t;

	if (a != NULL) {
		give_agent(x, a);
		return;
	}
	t = several == NULL ? commands_team_named(x, value) : NULL;
	if (t != NULL) {
		if (commands_claim(x, CLAIM_PLACE))
			give_team(x, t);
		return;
	}
	near = several == NULL ? commands_near_name(x, value, true) : NULL;
	if (several != NULL)
		commands_problem(x, PHRASE_SEVERAL, value, several);
	else if (near != NULL)
		commands_problem(x, PHRASE_NOBODY_NEAR, value, near);
	else
		commands_problem(x, PHRASE_NOBODY, value, NULL);
}

void
commands_team(struct steering *x)
{
	const char *value = x->now->value, *near;
	const struct conf_team *t = commands_team_named(x, value);

	if (!commands_claim(x, CLAIM_PLACE))
		return;
	if (t != NULL) {
		give_team(x, t);
		return;
	}
	near = commands_near_name(x, value, false);
	if (near != NULL)
		commands_problem(x, PHRASE_TEAM_NEAR, value, near);
	else
		commands_problem(x, PHRASE_TEAM, value, commands_team_names(x));
}

/* The first team of that tier along the chain from `from`, or NULL.  The chain
 * has no circle: the tier grows along it. */
static const struct conf_team *
along(const struct conf *c, const struct conf_team *from, int tier)
{
	while (from != NULL && from->tier != tier)
		from = from->next_tier == NULL ? NULL
					       : conf_team(c, from->next_tier);
	return from;
}

/* Back: the first team from which the chain leads to this one. */
static const struct conf_team *
back_to(const struct conf *c, const struct conf_team *to, int tier)
{
	for (size_t i = 0; i < c->teams_n; i++)
		if (c->teams[i].tier == tier &&
		    along(c, &c->teams[i], to->tier) == to)
			return &c->teams[i];
	return NULL;
}

void
commands_tier(struct steering *x)
{
	static const char *const tiers[] = { "1 l1", "2 l2", "3 l3",
		"next naechste nachste suivant siguiente" };
	int which = commands_word(x, tiers, 4);
	const struct conf *c = x->ask->conf;
	const struct conf_team *from = *x->t.team == '\0'
	    ? NULL
	    : conf_team(c, x->t.team);
	const struct conf_team *to;

	if (!commands_claim(x, CLAIM_PLACE))
		return;
	if (which < 0) {
		commands_problem(
		    x, PHRASE_VALUE, x->now->value, "#tier: 1, 2, 3, next");
		return;
	}
	if (from == NULL) {
		commands_problem(x, PHRASE_NO_TEAM, NULL, NULL);
		return;
	}
	if (which == 3)
		to = from->next_tier == NULL ? NULL
					     : conf_team(c, from->next_tier);
	else
		to = which + 1 < from->tier ? back_to(c, from, which + 1)
					    : along(c, from, which + 1);
	if (to != NULL && to->tier < 4)
		give_team(x, to);
	else if (which == 3)
		commands_problem(x, PHRASE_NEXT_TIER, from->name, NULL);
	else
		commands_problem(x, PHRASE_NO_TIER, x->now->value, from->name);
}

/* Who hears of it is the caller's to find; here is said whom that is. */
void
commands_escalate(struct steering *x)
{
	const struct conf *c = x->ask->conf;
	const struct conf_team *t = *x->t.team == '\0'
	    ? NULL
	    : conf_team(c, x->t.team);
	const char *who = t == NULL ? NULL : t->lead;
	const struct conf_agent *called;

	if (who != NULL && x->ask->agent != NULL &&
	    strcmp(who, x->ask->agent->name) == 0)
		who = t->manager;
	called = who == NULL ? NULL : conf_agent(c, who);
	x->out->escalate = x->now->value;
	commands_change(x, CHANGE_EVENT, 0, "escalated")->text2 =
	    *x->now->value == '\0' ? NULL : x->now->value;
	if (called != NULL)
		commands_done(x, DONE_CALLED, name_of(called), NULL);
	else
		commands_done(x, DONE_ADMINS_CALLED, NULL, NULL);
}

/* What follows from who has it now: a team gets no ticket that stays in the
 * hands of somebody else's, and what is in hand is open. */
static void
leave_hand(struct steering *x, const struct conf_team *t)
{
	if (*x->t.assignee == '\0' || t == NULL ||
	    strcmp(x->ask->ticket->team, x->t.team) == 0 ||
	    is_member(t, x->t.assignee))
		return;
	x->now = x->claims[CLAIM_PLACE];
	set_assignee(x, "");
	if (x->claims[CLAIM_STATUS] == NULL &&
	    x->t.status == STATUS_IN_PROGRESS)
		commands_status(x, STATUS_OPEN);
}

void
commands_settle_hand(struct steering *x)
{
	const struct conf_team *t = *x->t.team == '\0'
	    ? NULL
	    : conf_team(x->ask->conf, x->t.team);
	const struct command *hand = x->claims[CLAIM_HAND];

	if (hand == NULL) {
		leave_hand(x, t);
		return;
	}
	x->now = hand;
	if (hand->word == COMMAND_ASSIGN && t != NULL &&
	    !is_member(t, x->t.assignee) && !leads(t, x->t.assignee))
		commands_done(x, DONE_OUTSIDE,
		    name_of(conf_agent(x->ask->conf, x->t.assignee)),
		    title_of(t));
	if (x->claims[CLAIM_STATUS] != NULL)
		return;
	commands_reopen(x);
	if (hand->word == COMMAND_TAKE)
		commands_status(x, STATUS_IN_PROGRESS);
}

/* People who take part. */

static void
add_part(
    struct steering *x, enum part_role role, const char *addr, const char *name)
{
	commands_change(
	    x, CHANGE_PARTICIPANT, role, address_key(x->arena, addr))
	    ->text2 = name == NULL || *name == '\0' || strcmp(name, addr) == 0
	    ? NULL
	    : name;
}

void
commands_cc(struct steering *x)
{
	struct address *list;
	size_t n = commands_addresses(x, &list);
	const char *several;
	const struct conf_agent *a = commands_agent(x, x->now->value, &several);

	if (a != NULL) { /* "#cc bob" is no address, but clear */
		x->out->problem = NULL;
		commands_problem(x, PHRASE_AGENT_CC, x->now->value, a->name);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		a = conf_agent_by_address(x->ask->conf, list[i].addr);
		if (conf_is_own(x->ask->conf, list[i].addr))
			commands_problem(x, PHRASE_OWN, list[i].addr, NULL);
		else if (a != NULL)
			commands_problem(
			    x, PHRASE_AGENT_CC, list[i].addr, a->name);
		add_part(x, ROLE_CC, list[i].addr, list[i].name);
		commands_done(x, DONE_CC, list[i].addr, NULL);
	}
	x->out->hidden = true;
}

void
commands_uncc(struct steering *x)
{
	struct address *list;
	size_t n = commands_addresses(x, &list);

	for (size_t i = 0; i < n; i++) {
		if (address_same(list[i].addr, x->t.requester))
			commands_problem(
			    x, PHRASE_IS_REQUESTER, list[i].addr, NULL);
		commands_change(x, CHANGE_PARTICIPANT_GONE, 0,
		    address_key(x->arena, list[i].addr));
		commands_done(x, DONE_UNCC, list[i].addr, NULL);
	}
	x->out->hidden = true;
}

static void
watch(struct steering *x, const struct conf_agent *a)
{
	add_part(x, ROLE_WATCHER, a->emails[0], name_of(a));
	commands_done(x, DONE_WATCH, name_of(a), NULL);
}

/* All of it is one name, else there are several. */
void
commands_watch(struct steering *x)
{
	const char *s = x->now->value, *several, *word;
	const struct conf_agent *a = *s == '\0'
	    ? x->ask->agent
	    : commands_agent(x, s, &several);

	if (a != NULL) {
		watch(x, a);
		return;
	}
	if (*s == '\0')
		commands_problem(x, PHRASE_NO_AGENT, NULL, NULL);
	while ((word = commands_next(x->arena, &s)) != NULL) {
		a = commands_agent(x, word, &several);
		if (a != NULL)
			watch(x, a);
		else if (several != NULL)
			commands_problem(x, PHRASE_SEVERAL, word, several);
		else
			commands_problem(x, PHRASE_WATCH, word, NULL);
	}
}

void
commands_requester(struct steering *x)
{
	struct address *list;
	const char *addr;

	if (commands_addresses(x, &list) == 0)
		return;
	addr = address_key(x->arena, list[0].addr);
	if (conf_is_own(x->ask->conf, addr)) {
		commands_problem(x, PHRASE_OWN, addr, NULL);
		return;
	}
	x->out->requester = addr;
	x->out->hidden = true;
	commands_change(x, CHANGE_REQUESTER, 0, addr)->text2 = list[0].name;
	x->t.requester = addr;
	commands_done(x, DONE_REQUESTER, addr, NULL);
}
