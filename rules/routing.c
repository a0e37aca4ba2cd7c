/* Rules, then the team, then the agent.  See the header. */
#include "rules/routing.h"

#include <string.h>

static void
facts_of(const struct routing *r, enum occasion occasion, const struct mail *m,
    const struct ticket *t, struct facts *f)
{
	*f = (struct facts){ .occasion = occasion,
		.mail = m,
		.ticket = t,
		.tags = r->tags,
		.tags_n = r->tags_n,
		.mailbox = r->mailbox,
		.size = r->size,
		.now = r->now,
		.matcher = r->matcher,
		.similar = r->src == NULL ? NULL : r->src->similar,
		.ctx = r->src == NULL ? NULL : r->src->ctx };
}

/* Held or dropped; a mail that a person released is neither. */
static void
end_of(const struct routing *r, struct decision *d, struct routed *out)
{
	const struct evaluation *v = &out->evaluation;
	const char *words = v->reason.text;

	if (r->released || v->end == EVALUATION_TICKET)
		return;
	out->end = v->end == EVALUATION_HOLD ? ROUTED_HOLD : ROUTED_DROP;
	out->why = words == NULL
	    ? v->reason.why
	    : arena_printf(d->arena, "%s: %s", words, v->reason.why);
}

static int
find_merge(const struct routing *r, struct decision *d, struct routed *out,
    struct err *e)
{
	const struct said *key = &out->evaluation.merge;

	if (key->text == NULL || out->end != ROUTED_TICKET)
		return 0;
	if (r->src != NULL &&
	    r->src->merge(r->src->ctx, key->text, &out->ticket, e) == -1)
		return -1;
	if (out->ticket == 0) {
		decision_add(d, CHANGE_KEY, 0, key->text, key->why);
		return 0;
	}
	out->end = ROUTED_MERGED;
	out->why = key->why;
	return 0;
}

/* A ticket that no rule gave a team goes to the first one. */
static const struct conf_team *
team_of(const struct routing *r, struct decision *d, const struct evaluation *v)
{
	const struct conf *c = r->book->conf;

	if (*v->ticket.team != '\0')
		return conf_team(c, v->ticket.team);
	if (c->teams_n == 0)
		return NULL;
	decision_add(d, CHANGE_TEAM, 0, c->teams[0].name,
	    "the first team of the configuration");
	return &c->teams[0];
}

/* What assign_choose() gives back to the two below. */
struct asked {
	const struct routing *routing;
};

static bool
works(void *ctx, const struct conf_agent *agent, int64_t now)
{
	const struct routing *r = ((struct asked *)ctx)->routing;
	const struct hours *h = agent->calendar == NULL
	    ? NULL
	    : rulebook_hours(r->book, agent->calendar);

	return h == NULL || hours_open(h, now);
}

static const struct zone *
zone_of(void *ctx, const struct conf_agent *agent)
{
	const struct routing *r = ((struct asked *)ctx)->routing;

	return r->src == NULL || r->src->zone == NULL
	    ? NULL
	    : r->src->zone(r->src->ctx, agent);
}

static int
choose_agent(const struct routing *r, const struct conf_team *team,
    struct decision *d, const struct evaluation *v, struct err *e)
{
	struct asked asked = { r };
	struct assign in = { .conf = r->book->conf,
		.team = team,
		.category = v->ticket.category,
		.language = v->ticket.language,
		.now = r->now,
		.works = works,
		.zone = zone_of,
		.ctx = &asked };
	const char *who, *why;

	if (v->agent.text != NULL) {
		decision_add(
		    d, CHANGE_ASSIGNEE, 0, v->agent.text, v->agent.why);
		return 0;
	}
	if (team == NULL || r->quiet)
		return 0;
	if (team->assign != ASSIGN_NOBODY && r->src != NULL &&
	    r->src->states(r->src->ctx, team, &in.states, &in.states_n, e) ==
		-1)
		return -1;
	who = assign_choose(d->arena, &in, &why);
	if (who != NULL)
		decision_add(d, CHANGE_ASSIGNEE, 0, who, why);
	else if (team->assign != ASSIGN_NOBODY)
		decision_add(d, CHANGE_EVENT, 0, "queue", why);
	return 0;
}

int
routing_new(const struct routing *r, const struct mail *m,
    const struct ticket *fresh, struct decision *d, struct routed *out,
    struct err *e)
{
	const struct conf_team *team;
	struct facts f;

	*out = (struct routed){ .end = ROUTED_TICKET };
	facts_of(r, OCCASION_NEW, m, fresh, &f);
	if (rules_evaluate(r->book, &f, d, &out->evaluation, e) == -1)
		return -1;
	end_of(r, d, out);
	if (out->end != ROUTED_TICKET)
		return 0;
	if (find_merge(r, d, out, e) == -1)
		return -1;
	if (out->end != ROUTED_TICKET)
		return 0;
	team = team_of(r, d, &out->evaluation);
	if (team != NULL && team->tier != fresh->tier &&
	    out->evaluation.ticket.tier == fresh->tier)
		decision_add(d, CHANGE_TIER, team->tier, NULL,
		    arena_printf(d->arena, "the tier of team %s", team->name));
	return choose_agent(r, team, d, &out->evaluation, e);
}

int
routing_more(const struct routing *r, const struct mail *m,
    const struct ticket *t, struct decision *d, struct routed *out,
    struct err *e)
{
	const struct evaluation *v = &out->evaluation;
	struct facts f;

	*out = (struct routed){ .end = ROUTED_TICKET };
	facts_of(r, r->occasion, m, t, &f);
	if (rules_evaluate(r->book, &f, d, &out->evaluation, e) == -1)
		return -1;
	end_of(r, d, out);
	if (v->agent.text != NULL && out->end == ROUTED_TICKET)
		decision_add(
		    d, CHANGE_ASSIGNEE, 0, v->agent.text, v->agent.why);
	return 0;
}
