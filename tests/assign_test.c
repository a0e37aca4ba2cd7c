/* Who of a team gets a ticket. */
#include <string.h>

#include "rules/assign.h"
#include "tests/test.h"

static int
give(void *ctx, struct arena *a, const char *path, char **data, size_t *n,
    struct err *e)
{
	(void)path;
	(void)e;
	*data = arena_strdup(a, ctx);
	*n = strlen(*data);
	return 0;
}

/* Wednesday, 5 August 2026, 10:00 UTC */
#define NOW INT64_C(1785924000)

static bool
works(void *ctx, const struct conf_agent *agent, int64_t now)
{
	(void)now;
	return strcmp(agent->name, ctx) != 0;
}

static const struct agent_state states[] = {
	{ "ana", 3, 10 },
	{ "bob", 1, 12 },
	{ "eva", 2, 11 },
};

static const struct {
	const char *what, *agents, *team, *category, *language, *off, *who,
	    *why;
} cases[] = {
	{ "round-robin", "agent ana { email ana@example.com }",
	    "members ana bob eva; assign round-robin", "", "", "", "ana",
	    "longest" },
	{ "round-robin, a new one is first",
	    "agent ana { email a@example.com }"
	    "\nagent zoe { email zoe@example.com }",
	    "members ana bob zoe; assign round-robin", "", "", "", "zoe", "" },
	{ "least-loaded", "agent ana { email ana@example.com }",
	    "members ana bob eva; assign least-loaded", "", "", "", "bob",
	    "1 open" },
	{ "away",
	    "agent ana { email ana@example.com\n"
	    " away 2026-08-03..2026-08-21 }",
	    "members ana eva; assign round-robin", "", "", "", "eva", "" },
	{ "the last day of being away",
	    "agent ana { email ana@example.com\n"
	    " away 2026-08-05 }",
	    "members ana; assign round-robin", "", "", "", "", "away 1" },
	{ "back again",
	    "agent ana { email ana@example.com\n"
	    " away 2026-08-01..2026-08-04 }",
	    "members ana; assign round-robin", "", "", "", "ana", "" },
	{ "a stand-in",
	    "agent ana { email ana@example.com\n"
	    " away 2026-08-03..2026-08-21 to bob }",
	    "members ana; assign round-robin", "", "", "", "bob", "" },
	{ "stand-ins in a circle",
	    "agent ana { email ana@example.com\n"
	    " away 2026-08-03..2026-08-21 to zoe }\n"
	    "agent zoe { email zoe@example.com\n"
	    " away 2026-08-03..2026-08-21 to ana }",
	    "members ana; assign round-robin", "", "", "", "", "away 1" },
	{ "max-open", "agent ana { email ana@example.com; max-open 3 }",
	    "members ana; assign least-loaded", "", "", "", "", "max-open 1" },
	{ "below max-open", "agent ana { email ana@example.com; max-open 4 }",
	    "members ana; assign least-loaded", "", "", "", "ana", "" },
	{ "outside of hours", "agent ana { email ana@example.com }",
	    "members ana eva; assign round-robin", "", "", "ana", "eva", "" },
	{ "a skill", "agent ana { email ana@example.com; skills network vpn }",
	    "members ana bob; assign skill", "network/vpn", "", "", "ana",
	    "knows network/vpn" },
	{ "the better skill",
	    "agent ana { email ana@example.com; skills network }\n"
	    "agent zoe { email zoe@example.com; skills VPN network }",
	    "members ana zoe; assign skill", "network/vpn", "", "", "zoe", "" },
	{ "a language", "agent ana { email ana@example.com; language pt en }",
	    "members bob ana; assign skill", "", "pt", "", "ana", "" },
	{ "a language of a country",
	    "agent ana { email ana@example.com; language pt-BR }",
	    "members bob ana; assign skill", "", "pt", "", "ana", "" },
	{ "no skill at all", "agent ana { email ana@example.com }",
	    "members ana bob; assign skill", "printer", "", "", "bob",
	    "nobody has it" },
	{ "the lead", "agent ana { email ana@example.com }",
	    "members bob; lead ana; assign lead", "", "", "", "ana",
	    "lead gives out" },
	{ "no lead", "agent ana { email ana@example.com }",
	    "members bob; assign lead", "", "", "", "", "" },
	{ "by hand", "agent ana { email ana@example.com }",
	    "members ana; assign nobody", "", "", "", "", "by hand" },
	{ "by hand unless said", "agent ana { email ana@example.com }",
	    "members ana", "", "", "", "", "by hand" },
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = { 0 };
		char *text = arena_printf(&a,
		    "address help@example.com\nagent bob { email b@example.com"
		    " }\nagent eva { email e@example.com }\n%s\n"
		    "team t { %s }\n",
		    cases[i].agents, cases[i].team);
		struct conf_source src = { .read = give, .ctx = text };
		struct conf_report rep = { 0 };
		struct conf *c = NULL;
		struct assign in = { .category = cases[i].category,
			.language = cases[i].language,
			.states = states,
			.states_n = 3,
			.now = NOW,
			.works = works };
		const char *why = "", *who;
		char off[10];

		test_ok(conf_load(&a, "t.conf", &src, &c, &rep) == 0, "%s",
		    cases[i].what);
		snprintf(off, sizeof(off), "%s", cases[i].off);
		in.ctx = off;
		in.conf = c;
		in.team = conf_team(c, "t");
		who = assign_choose(&a, &in, &why);
		test_text(who == NULL ? "" : who, cases[i].who, "%s: %s",
		    cases[i].what, why);
		test_ok(strstr(why, cases[i].why) != NULL, "%s: says '%s'",
		    cases[i].what, cases[i].why);
		arena_done(&a);
	}
	return test_end();
}
