/* Who is told.  See the header. */
#include "rules/tell.h"

#include <string.h>

#define TELL_MAX 64 /* people that hear of one event */

struct telling {
	const struct tell_ask *ask;
	struct tell *list;
	size_t n;
};

static void
add_address(
    struct telling *x, const char *address, enum notice_kind kind, bool watcher)
{
	const struct conf_agent *to = conf_agent_by_address(
	    x->ask->conf, address);

	if (to != NULL && to == x->ask->by)
		return;
	if (to != NULL)
		address = to->emails[0];
	for (size_t i = 0; i < x->n; i++)
		if (strcmp(x->list[i].address, address) == 0)
			return;
	if (x->n < TELL_MAX)
		x->list[x->n++] = (struct tell){ to, address, kind, watcher };
}

static void
add_agent(
    struct telling *x, const char *name, enum notice_kind kind, bool watcher)
{
	const struct conf_agent *to = name == NULL || *name == '\0'
	    ? NULL
	    : conf_agent(x->ask->conf, name);

	if (to != NULL && to->emails_n > 0)
		add_address(x, to->emails[0], kind, watcher);
}

/* Nobody has it: who hands out the work of the team, else all who could take
 * it, else its lead; without a team the admins. */
static void
add_queue(struct telling *x, enum notice_kind kind)
{
	const struct conf *c = x->ask->conf;
	const struct conf_team *team = conf_team(c, x->ask->after->team);
	size_t before = x->n;
	bool hands_out;

	if (team != NULL && team->queue_manager != NULL)
		add_agent(x, team->queue_manager, kind, false);
	hands_out = x->n > before;
	for (size_t i = 0; team != NULL && !hands_out && i < team->members_n;
	     i++) {
		const struct conf_agent *to = conf_agent(c, team->members[i]);

		if (to != NULL && !to->quiet)
			add_agent(x, to->name, kind, false);
	}
	if (team != NULL && x->n == before && team->lead != NULL)
		add_agent(x, team->lead, kind, false);
	for (size_t i = 0; team == NULL && i < c->admins_n; i++)
		add_address(x, c->admins[i], kind, false);
}

static void
add_owner(struct telling *x, enum notice_kind kind)
{
	if (*x->ask->after->assignee != '\0')
		add_agent(x, x->ask->after->assignee, kind, false);
	else
		add_queue(x, kind);
}

static bool
same(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

/* It went from hand to hand. */
static void
add_handed(struct telling *x)
{
	const struct ticket *was = x->ask->before, *is = x->ask->after;
	bool hands = !same(was->assignee, is->assignee);

	if (!hands && same(was->team, is->team))
		return;
	if (*is->assignee != '\0' && hands)
		add_agent(x, is->assignee, NOTICE_HANDED, false);
	else if (*is->assignee == '\0' && !same(was->team, is->team))
		add_queue(x, NOTICE_HANDED);
	if (hands && *is->assignee != '\0')
		add_agent(x, was->assignee, NOTICE_GONE, false);
}

/* Who gives away what was his hears in a line that it has arrived. */
static void
add_giver(struct telling *x)
{
	const struct tell_ask *k = x->ask;
	const struct conf_agent *by = k->by;

	if (by == NULL || k->receipt ||
	    same(k->before->assignee, k->after->assignee) ||
	    *k->after->assignee == '\0' ||
	    strcmp(k->after->assignee, by->name) == 0 || x->n == TELL_MAX)
		return;
	x->list[x->n++] = (struct tell){ by, by->emails[0], NOTICE_GONE,
		false };
}

static void
add_lead(struct telling *x, enum notice_kind kind)
{
	const struct tell_ask *k = x->ask;
	const struct conf_team *team = conf_team(k->conf, k->after->team);
	const char *who = team == NULL ? NULL : team->lead;

	if (team != NULL && k->by != NULL && who != NULL &&
	    strcmp(who, k->by->name) == 0)
		who = team->manager;
	if (who != NULL)
		add_agent(x, who, kind, true);
	for (size_t i = 0; who == NULL && i < k->conf->admins_n; i++)
		add_address(x, k->conf->admins[i], kind, true);
}

size_t
tell_whom(struct arena *a, const struct tell_ask *ask, struct tell **out)
{
	/* NOTICE_KINDS: only those whom it was handed to hear of it. */
	static const enum notice_kind kinds[] = {
		[TELL_NEW] = NOTICE_NEW,
		[TELL_REQUESTER] = NOTICE_ANSWERED,
		[TELL_STRANGER] = NOTICE_STRANGER,
		[TELL_ANSWER] = NOTICE_COLLEAGUE,
		[TELL_NOTE] = NOTICE_COLLEAGUE,
		[TELL_BOUNCE] = NOTICE_BOUNCED,
		[TELL_LOST] = NOTICE_KINDS,
		[TELL_CHANGE] = NOTICE_KINDS,
	};
	struct telling x = { .ask = ask };
	enum notice_kind kind = kinds[ask->event];

	x.list = arena_calloc(a, TELL_MAX, sizeof(*x.list));
	if (ask->escalate)
		add_lead(&x, NOTICE_ESCALATED);
	if (ask->event == TELL_LOST)
		add_lead(&x, NOTICE_BOUNCED);
	if (ask->before != NULL)
		add_handed(&x);
	if (ask->event == TELL_ANSWER || ask->event == TELL_NOTE)
		add_agent(&x, ask->after->assignee, kind, false);
	else if (kind != NOTICE_KINDS)
		add_owner(&x, kind);
	for (size_t i = 0; kind != NOTICE_KINDS && i < ask->watchers_n; i++)
		if (conf_agent_by_address(ask->conf, ask->watchers[i]) != NULL)
			add_address(&x, ask->watchers[i], kind, true);
	if (ask->before != NULL)
		add_giver(&x);
	*out = x.list;
	return x.n;
}
