/*
 * deskd agent: who works here, and whether their mail acts.  Who agents are is
 * said by the configuration alone; this shows it beside what the database
 * knows, and takes the right to act by mail from somebody at once.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/clock.h"
#include "daemon/cmd.h"
#include "daemon/document.h"
#include "daemon/print.h"
#include "daemon/rows.h"
#include "daemon/zones.h"
#include "parser/near.h"
#include "rules/assign.h"
#include "store/asking.h"
#include "store/people.h"

extern const struct cmd cmd_agent;

struct agent_row {
	const struct conf_agent *agent;
	const struct conf_node *away; /* NULL: here */
	int64_t open;
	bool suspended;
};

/* All agents in the order of the configuration. */
static int
collect(struct context *c, struct agent_row **out, struct err *e)
{
	const struct conf *conf = c->conf;
	const struct ask_team ask = { .conf = conf };
	struct agent_row *list = arena_calloc(
	    &c->arena, conf->agents_n, sizeof(*list));
	struct agent_state *states = NULL;
	size_t n = 0;

	if (ask_states(c->db, &c->arena, &ask, &states, &n, e) == -1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct conf_agent *a = &conf->agents[i];
		const char *name = a->timezone != NULL ? a->timezone
						       : conf->timezone;
		struct zone *zone = NULL;

		if (zones_load(&c->arena, name, &zone, e) == -1 ||
		    people_suspended(c->db, a->name, &list[i].suspended, e) ==
			-1)
			return -1;
		list[i].agent = a;
		list[i].open = states[i].open;
		list[i].away = agent_away(a, clock_now(), zone);
	}
	*out = list;
	return 0;
}

/* Is it a member of this team, or does it lead or manage it? */
static bool
belongs(const struct conf_team *t, const char *agent)
{
	if ((t->lead != NULL && strcmp(t->lead, agent) == 0) ||
	    (t->manager != NULL && strcmp(t->manager, agent) == 0) ||
	    (t->queue_manager != NULL && strcmp(t->queue_manager, agent) == 0))
		return true;
	for (size_t i = 0; i < t->members_n; i++)
		if (strcmp(t->members[i], agent) == 0)
			return true;
	return false;
}

static void
json_agent(struct json *j, const struct conf *conf, const struct agent_row *r)
{
	json_text(j, "name", r->agent->name);
	json_text(j, "shown", r->agent->shown);
	json_array(j, "addresses");
	for (size_t i = 0; i < r->agent->emails_n; i++)
		json_text(j, NULL, r->agent->emails[i]);
	json_array_end(j);
	json_array(j, "teams");
	for (size_t i = 0; i < conf->teams_n; i++)
		if (belongs(&conf->teams[i], r->agent->name))
			json_text(j, NULL, conf->teams[i].name);
	json_array_end(j);
	json_text(j, "away", r->away != NULL ? conf_text(r->away, 0) : NULL);
	json_text(
	    j, "stand_in", r->away != NULL ? conf_text(r->away, 2) : NULL);
	json_bool(j, "suspended", r->suspended);
	json_int(j, "open", r->open);
}

static void
json_agents(struct context *c, const struct agent_row *list)
{
	struct document d;

	document_open(&d);
	json_array(&d.j, "agents");
	for (size_t i = 0; i < c->conf->agents_n; i++) {
		json_object(&d.j, NULL);
		json_agent(&d.j, c->conf, &list[i]);
		json_object_end(&d.j);
		document_part(&d);
	}
	json_array_end(&d.j);
	document_close(&d);
}

static char *
join(struct arena *a, char *list, const char *word)
{
	return list[0] == '\0' ? arena_strdup(a, word)
			       : arena_printf(a, "%s, %s", list, word);
}

static char *
teams_of(struct context *c, const char *agent)
{
	char *out = arena_strdup(&c->arena, "");

	for (size_t i = 0; i < c->conf->teams_n; i++)
		if (belongs(&c->conf->teams[i], agent))
			out = join(&c->arena, out, c->conf->teams[i].name);
	return out;
}

static char *
addresses_of(struct context *c, const struct conf_agent *agent)
{
	char *out = arena_strdup(&c->arena, "");

	for (size_t i = 0; i < agent->emails_n; i++)
		out = join(&c->arena, out, agent->emails[i]);
	return out;
}

/* "2026-08-03..2026-08-21 to chloe" */
static const char *
away_text(struct context *c, const struct conf_node *away)
{
	if (away == NULL)
		return "";
	if (conf_text(away, 2) == NULL)
		return conf_text(away, 0);
	return arena_printf(
	    &c->arena, "%s to %s", conf_text(away, 0), conf_text(away, 2));
}

static void
table_agents(struct context *c, const struct agent_row *list)
{
	static const struct column columns[] = {
		{ "NAME", false, false },
		{ "OPEN", true, false },
		{ "SHOWN AS", false, false },
		{ "TEAMS", false, false },
		{ "AWAY", false, false },
		{ "MAIL", false, false },
		{ "ADDRESSES", false, true },
	};
	struct table t;
	struct print p;

	print_init(&p, c);
	table_init(
	    &t, &c->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < c->conf->agents_n; i++) {
		const struct agent_row *r = &list[i];

		table_cell(&t, r->agent->name, STYLE_BOLD);
		table_cell(&t, print_number(&c->arena, r->open), STYLE_NONE);
		table_cell(&t, r->agent->shown, STYLE_NONE);
		table_cell(&t, teams_of(c, r->agent->name), STYLE_NONE);
		table_cell(&t, away_text(c, r->away), STYLE_YELLOW);
		table_cell(&t, r->suspended ? "suspended" : "", STYLE_ALARM);
		table_cell(&t, addresses_of(c, r->agent), STYLE_NONE);
	}
	table_print(&t, &p);
}

static int
agent_list_run(struct context *c, int argc, char **argv)
{
	struct agent_row *list = NULL;
	struct err e = { 0 };

	if (argc > 1)
		return cmd_usage(&cmd_agent, "unknown word '%s'", argv[1]);
	if (collect(c, &list, &e) == -1)
		return cmd_fail(&e);
	if (c->json)
		json_agents(c, list);
	else
		table_agents(c, list);
	if (c->conf->agents_n == 0 && !c->json && !c->quiet)
		fprintf(stderr, "the configuration names no agents\n");
	return 0;
}

/* By name or address; NULL: said that there is none. */
static const struct conf_agent *
find_agent(const struct context *c, const char *word)
{
	const struct conf_agent *agent = conf_agent(c->conf, word);
	const char **names, *near;
	struct arena a = { 0 };

	if (agent == NULL)
		agent = conf_agent_by_address(c->conf, word);
	if (agent != NULL)
		return agent;
	names = arena_calloc(&a, c->conf->agents_n + 1, sizeof(*names));
	for (size_t i = 0; i < c->conf->agents_n; i++)
		names[i] = c->conf->agents[i].name;
	near = near_word(word, names);
	fprintf(stderr, "deskd: there is no agent '%s'%s%s%s\n",
	    print_line(&a, word), near != NULL ? "; did you mean '" : "",
	    near != NULL ? near : "", near != NULL ? "'?" : "");
	arena_done(&a);
	return NULL;
}

static int
suspend(struct context *c, const char *agent, bool on, bool *was, struct err *e)
{
	if (db_begin(c->db, e) == -1)
		return -1;
	if (people_suspended(c->db, agent, was, e) == -1 ||
	    people_suspend(c->db, agent, on, clock_now(), e) == -1) {
		db_rollback(c->db);
		return -1;
	}
	return db_commit(c->db, e);
}

static int
change(struct context *c, int argc, char **argv, bool on)
{
	const struct conf_agent *agent;
	struct err e = { 0 };
	bool was = false;

	if (argc != 2)
		return cmd_usage(
		    &cmd_agent, "who? 'deskd agent list' shows their names");
	agent = find_agent(c, argv[1]);
	if (agent == NULL)
		return 1;
	if (suspend(c, agent->name, on, &was, &e) == -1)
		return cmd_fail(&e);
	if (c->quiet)
		return 0;
	if (was == on)
		printf("%s %s already.\n", agent->name,
		    on ? "is suspended" : "acts by mail");
	else if (on)
		printf("No mail acts for %s from now on; what comes is held.  "
		       "Tickets and letters stay\nas they are.  Back with: "
		       "deskd agent resume %s\n",
		    agent->name, agent->name);
	else
		printf("Mail acts for %s again: answers to letters that go out "
		       "from now on, not to\nthose of before.\n",
		    agent->name);
	return 0;
}

static int
agent_suspend_run(struct context *c, int argc, char **argv)
{
	return change(c, argc, argv, true);
}

static int
agent_resume_run(struct context *c, int argc, char **argv)
{
	return change(c, argc, argv, false);
}

static int
agent_run(struct context *c, int argc, char **argv)
{
	static const struct row_verb verbs[] = {
		{ "list", agent_list_run },
		{ "suspend", agent_suspend_run },
		{ "resume", agent_resume_run },
		{ NULL, NULL },
	};

	return rows_run(c, &cmd_agent, verbs, argc, argv);
}

const struct cmd cmd_agent = {
	.name = "agent",
	.args = "[list | suspend NAME | resume NAME]",
	.about = "who works here, and whether their mail acts",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = agent_run,
	.help =
	    "  list     agents, what they have open, teams, who is away or "
	    "suspended\n"
	    "  suspend  no mail acts in this name, at once: for a mailbox in "
	    "other hands\n"
	    "  resume   it does again; letters that went out before stay "
	    "without effect\n"
	    "\n"
	    "NAME may be one of the addresses.  Who is an agent stands in the "
	    "configuration.\nNothing has to be started again.\n"
	    "\n"
	    "  deskd agent\n"
	    "  deskd agent suspend ana\n",
};
