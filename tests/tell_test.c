/* Who of the staff hears of what. */
#include <string.h>

#include "rules/tell.h"
#include "tests/test.h"

static const char text[] =
    "agent ana { email ana@example.com other@example.com }\n"
    "agent bob { email bob@example.com }\n"
    "agent eva { email eva@example.com; notify escalations }\n"
    "agent dieter { email dieter@example.com }\n"
    "admin root@example.com\n"
    "team network { members ana bob eva; lead dieter; manager eva }\n"
    "team pool { members ana bob; lead dieter; queue-manager bob }\n"
    "team quiet { members eva; lead dieter }\n";

static int
give(void *ctx, struct arena *a, const char *path, char **data, size_t *n,
    struct err *e)
{
	(void)ctx;
	(void)path;
	(void)e;
	*data = arena_strdup(a, text);
	*n = strlen(*data);
	return 0;
}

/* "ana:2 bob:3w", the kinds by number, w: as a watcher */
static const char *
told(struct arena *a, const struct tell_ask *ask)
{
	struct tell *list;
	size_t n = tell_whom(a, ask, &list);
	const char *out = "";

	for (size_t i = 0; i < n; i++)
		out = arena_printf(a, "%s%s%s:%d%s", out, i == 0 ? "" : " ",
		    list[i].to == NULL ? list[i].address : list[i].to->name,
		    (int)list[i].kind, list[i].watcher ? "w" : "");
	return out;
}

static const struct {
	const char *what;
	enum tell_event event;
	const char *team, *owner;         /* after it */
	const char *was_team, *was_owner; /* before; NULL: it is new */
	const char *by, *watcher;
	bool escalate;
	const char *want;
} cases[] = {
	{ "a new ticket: its owner", TELL_NEW, "network", "ana", NULL, NULL,
	    NULL, NULL, false, "ana:0" },
	{ "nobody has it: who could take it, but not who wants no tickets",
	    TELL_NEW, "network", "", NULL, NULL, NULL, NULL, false,
	    "ana:0 bob:0" },
	{ "nobody has it: who hands out the work", TELL_NEW, "pool", "", NULL,
	    NULL, NULL, NULL, false, "bob:0" },
	{ "all are quiet: the lead", TELL_NEW, "quiet", "", NULL, NULL, NULL,
	    NULL, false, "dieter:0" },
	{ "no team: the admins", TELL_NEW, "", "", NULL, NULL, NULL, NULL,
	    false, "root@example.com:0" },
	{ "the requester wrote: the owner", TELL_REQUESTER, "network", "eva",
	    "network", "eva", NULL, NULL, false, "eva:1" },
	{ "and who watches", TELL_REQUESTER, "network", "ana", "network", "ana",
	    NULL, "bob@example.com", false, "ana:1 bob:1w" },
	{ "nobody twice, whatever his address", TELL_REQUESTER, "network",
	    "ana", "network", "ana", NULL, "other@example.com", false,
	    "ana:1" },
	{ "a watcher who is no agent hears nothing", TELL_REQUESTER, "network",
	    "ana", "network", "ana", NULL, "maria@example.org", false,
	    "ana:1" },
	{ "his own answer: nobody", TELL_ANSWER, "network", "ana", "network",
	    "ana", "ana", NULL, false, "" },
	{ "a colleague answered: the owner", TELL_ANSWER, "network", "ana",
	    "network", "ana", "bob", NULL, false, "ana:2" },
	{ "a note in a ticket of nobody: nobody", TELL_NOTE, "network", "",
	    "network", "", "bob", NULL, false, "" },
	{ "handed over: both", TELL_CHANGE, "network", "bob", "network", "ana",
	    "ana", NULL, false, "bob:3 ana:4" },
	{ "taken from somebody: he hears it", TELL_CHANGE, "network", "bob",
	    "network", "ana", "bob", NULL, false, "ana:4" },
	{ "handed over by a third", TELL_CHANGE, "network", "bob", "network",
	    "ana", "dieter", NULL, false, "bob:3 ana:4 dieter:4" },
	{ "to another team", TELL_CHANGE, "pool", "", "network", "ana", "ana",
	    NULL, false, "bob:3" },
	{ "handed over with a note: once", TELL_NOTE, "network", "bob",
	    "network", "ana", "ana", NULL, false, "bob:3 ana:4" },
	{ "nothing but fields: nobody", TELL_CHANGE, "network", "ana",
	    "network", "ana", "ana", "bob@example.com", false, "" },
	{ "help is called: the lead", TELL_CHANGE, "network", "ana", "network",
	    "ana", "ana", NULL, true, "dieter:7w" },
	{ "the lead calls: the manager", TELL_CHANGE, "network", "ana",
	    "network", "ana", "dieter", NULL, true, "eva:7w" },
};

int
main(void)
{
	static const struct conf_source src = { .read = give };
	struct arena a = { 0 };
	struct conf_report rep = { 0 };
	struct conf *c;

	if (conf_load(&a, "desk.conf", &src, &c, &rep) == -1) {
		test_ok(0, "the configuration is good");
		return test_end();
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ticket was = ticket_blank, is = ticket_blank;
		struct tell_ask ask = { .conf = c,
			.event = cases[i].event,
			.before = cases[i].was_team == NULL ? NULL : &was,
			.after = &is,
			.watchers = &cases[i].watcher,
			.watchers_n = cases[i].watcher != NULL,
			.escalate = cases[i].escalate };
		const char *got;

		if (cases[i].by != NULL)
			ask.by = conf_agent(c, cases[i].by);
		was.team = cases[i].was_team;
		was.assignee = cases[i].was_owner;
		is.team = cases[i].team;
		is.assignee = cases[i].owner;
		got = told(&a, &ask);
		test_text(got, cases[i].want, "%s", cases[i].what);
		if (strcmp(got, cases[i].want) != 0)
			printf("# got %s, want %s\n", got, cases[i].want);
	}
	arena_done(&a);
	return test_end();
}
