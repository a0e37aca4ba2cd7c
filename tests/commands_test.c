/* What the commands of one mail mean: each word right and wrong, several
 * together, all or nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/files.h"
#include "daemon/zones.h"
#include "rules/commands.h"
#include "rules/phrase.h"
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

static char desk_conf[] =
    "name \"Example IT\"\naddress support@example.com\n"
    "admin dieter@example.com\nlanguages en de\n"
    "agent ana \"Ana Silva\" { email ana@example.com asilva@example.com }\n"
    "agent bob \"Bob Müller\" { email bob@example.com }\n"
    "agent chloe \"Chloé Bernard\" { email chloe@example.com }\n"
    "agent dieter \"Dieter Krause\" { email dieter@example.com }\n"
    "agent eva \"Eva Lind\" { email eva@example.com }\n"
    "agent jo1 \"Jo Park\" { email jo1@example.com }\n"
    "agent jo2 \"Jo Stone\" { email jo2@example.com }\n"
    "team desk \"Service Desk\" { tier 1; members bob chloe; lead eva;"
    " manager dieter; next-tier network }\n"
    "team network \"Network & VPN\" { tier 2; members ana bob; lead dieter;"
    " manager eva; next-tier platform }\n"
    "team platform { tier 3; members dieter; lead dieter }\n"
    "team acme \"Acme Networks\" { tier 4; address support@acme.example;"
    " lead dieter }\n";

/* Wednesday, 29 July 2026, 10:30 UTC */
#define NOW INT64_C(1785321000)

static struct conf *conf;
static struct rulebook *book;

static int
load(struct arena *a)
{
	struct conf_source src = { .read = give, .ctx = desk_conf };
	struct hours_source hours;
	struct buf text;
	struct conf_report rep = { .text = &text };
	int rc;

	buf_init(&text, 1 << 20);
	rc = conf_load(a, "test.conf", &src, &conf, &rep);
	if (rc == 0) {
		hours = zones_source(a, conf);
		rc = rulebook_build(a, conf, &hours, &rep, &book);
	}
	if (rc == -1)
		printf("# %s\n", buf_text(&text));
	buf_done(&text);
	return rc;
}

/* 1017 is there, 1000 went into it, 1099 is somebody else's, 13 breaks. */
static int
find(void *ctx, int64_t number, struct ticket *out, bool *found, struct err *e)
{
	(void)ctx;
	if (number == 13)
		return err_set(e, ERR_RETRY, "the disk is on fire");
	*found = number == 1017 || number == 1000 || number == 1042 ||
	    number == 1018;
	if (*found)
		out->number = number == 1000 ? 1017 : number;
	return 0;
}

enum state {
	FRESH,   /* network, open, nobody has it */
	BOBS,    /* network, in progress */
	DONE,    /* the same, resolved */
	PINNED,  /* critical, outright */
	WAITS,   /* until tomorrow */
	DESK,    /* team desk, Chloé has it */
	NO_TEAM, /* nobody's */
	GONE     /* merged into 1017 */
};

static struct ticket
ticket(enum state s)
{
	struct ticket t = ticket_blank;

	t.number = 1042;
	t.subject = "VPN";
	t.team = s == NO_TEAM ? "" : s == DESK ? "desk" : "network";
	t.tier = s == NO_TEAM || s == DESK ? 1 : 2;
	t.priority = PRIORITY_NORMAL;
	t.requester = "maria@kunde.example";
	t.category = "network/vpn";
	t.language = "en";
	t.assignee = s == FRESH || s == NO_TEAM ? ""
	    : s == DESK                         ? "chloe"
						: "bob";
	t.status = s == FRESH || s == NO_TEAM ? STATUS_OPEN
	    : s == DONE                       ? STATUS_RESOLVED
	    : s == WAITS                      ? STATUS_WAITING
	    : s == GONE                       ? STATUS_CLOSED
					      : STATUS_IN_PROGRESS;
	if (s == PINNED) {
		t.pinned = true;
		t.priority = PRIORITY_CRITICAL;
	}
	if (s == WAITS)
		t.until = NOW + 86400;
	if (s == GONE)
		t.merged_into = 1017;
	return t;
}

static const char *const kinds[CHANGE_COUNT] = {
	[CHANGE_STATUS] = "status",
	[CHANGE_TYPE] = "type",
	[CHANGE_IMPACT] = "impact",
	[CHANGE_URGENCY] = "urgency",
	[CHANGE_PRIORITY] = "priority",
	[CHANGE_CATEGORY] = "category",
	[CHANGE_TEAM] = "team",
	[CHANGE_TIER] = "tier",
	[CHANGE_ASSIGNEE] = "assignee",
	[CHANGE_REQUESTER] = "requester",
	[CHANGE_SUBJECT] = "subject",
	[CHANGE_LANGUAGE] = "language",
	[CHANGE_UNTIL] = "until",
	[CHANGE_NUDGE] = "nudge",
	[CHANGE_END] = "end",
	[CHANGE_TAG] = "tag",
	[CHANGE_UNTAG] = "untag",
	[CHANGE_PARTICIPANT] = "part",
	[CHANGE_PARTICIPANT_GONE] = "gone",
	[CHANGE_MERGE] = "merge",
	[CHANGE_TIME] = "time",
	[CHANGE_LINK] = "link",
	[CHANGE_EVENT] = "event",
};

static const char *
value_of(struct arena *a, const struct change *c)
{
	struct civil w = zone_civil(NULL, c->value);

	switch ((int)c->kind) {
	case CHANGE_STATUS:
		return status_names[c->value];
	case CHANGE_TYPE:
		return type_names[c->value];
	case CHANGE_IMPACT:
	case CHANGE_URGENCY:
		return level_names[c->value];
	case CHANGE_PRIORITY:
		return priority_names[c->value];
	case CHANGE_PARTICIPANT:
		return part_role_names[c->value];
	case CHANGE_UNTIL:
	case CHANGE_NUDGE:
	case CHANGE_END:
		return c->value == 0
		    ? "never"
		    : arena_printf(a, "%d-%02d-%02d %02d:%02d", w.year, w.month,
			  w.day, w.minute / 60, w.minute % 60);
	default:
		return c->value == 0
		    ? ""
		    : arena_printf(a, "%lld", (long long)c->value);
	}
}

static const char *
changes(struct arena *a, const struct decision *d)
{
	const char *all = "";

	for (size_t i = 0; i < d->n; i++) {
		const struct change *c = &d->list[i];
		const char *v = value_of(a, c);

		all = arena_printf(a, "%s%s%s%s%s%s%s%s%s", all,
		    i > 0 ? "; " : "", kinds[c->kind], *v == '\0' ? "" : " ", v,
		    c->text == NULL || *c->text == '\0' ? "" : " ",
		    c->text == NULL ? "" : c->text,
		    c->text2 == NULL || *c->text2 == '\0' ? "" : " / ",
		    c->text2 == NULL ? "" : c->text2);
	}
	return all;
}

struct run {
	struct arena a;
	struct ticket t;
	struct command_mail m;
	struct decision d;
	struct commands_answer out;
	struct commands_ask ask;
	struct err e;
	int rc;
};

static void
run(struct run *r, enum state s, const char *mail, bool restricted)
{
	*r = (struct run){ .t = ticket(s) };
	r->ask = (struct commands_ask){ .conf = conf,
		.book = book,
		.agent = conf_agent(conf, "ana"),
		.who = "agent ana",
		.ticket = &r->t,
		.now = NOW,
		.restricted = restricted,
		.find = find };
	command_split(&r->a, mail, &r->m);
	decision_init(&r->d, &r->a, 1042, "agent ana");
	decision_add(&r->d, CHANGE_EVENT, 0, "before", "test");
	r->rc = commands_decide(&r->ask, &r->m, &r->d, &r->out, &r->e);
}

static const struct {
	enum state state;
	const char *mail, *want; /* changes, or "? problem" */
} cases[] = {
	/* How it stands. */
	{ BOBS, "#resolve", "status resolved" },
	{ BOBS, "#close", "status closed" },
	{ DONE, "#close", "status closed" },
	{ DONE, "#resolve", "" },
	{ BOBS, "#close the ticket please",
	    "? #close takes no value, but \"the ticket please\" stands behind "
	    "it (line 1)" },
	{ BOBS, "#note he is away", "" },
	{ BOBS, "#wait", "status waiting" },
	{ BOBS, "#wait 3d", "status waiting; until 2026-08-01 10:30" },
	{ BOBS, "#warten freitag 9:00",
	    "status waiting; until 2026-07-31 09:00" },
	{ BOBS, "#wait 2026-08-10", "status waiting; until 2026-08-10 08:00" },
	{ BOBS, "#wait 10.8.", "status waiting; until 2026-08-10 08:00" },
	{ BOBS, "#wait nudge 2d close 7d",
	    "status waiting; nudge 2026-07-31 10:30; end 2026-08-05 10:30" },
	{ BOBS, "#wait fri nudge 1d close mon 12:00",
	    "status waiting; until 2026-07-31 08:00; nudge 2026-07-30 10:30; "
	    "end 2026-08-03 12:00" },
	{ WAITS, "#wait", "until never" },
	{ WAITS, "#wait 2d", "until 2026-07-31 10:30" },
	{ DONE, "#wait 2d", "status waiting; until 2026-07-31 10:30" },
	{ BOBS, "#wait whenever",
	    "? I do not know when \"whenever\" is (line 1); \"3d\", \"fri "
	    "9:00\" or \"2026-08-10\" would do" },
	{ BOBS, "#wait 3d please",
	    "? I do not know when \"3d please\" is (line 1); \"3d\", \"fri "
	    "9:00\" or \"2026-08-10\" would do" },
	{ BOBS, "#wait nudge",
	    "? I do not know when \"\" is (line 1); \"3d\", \"fri 9:00\" or "
	    "\"2026-08-10\" would do" },
	{ BOBS, "#wait 2026-07-01",
	    "? \"2026-07-01\" is over: it was Wednesday, 1 July 2026, 08:00 (line 1)" },
	{ BOBS, "#wait nudge 3d close 2d",
	    "? it would be closed before anybody asks again (line 1)" },
	{ BOBS, "#wait nudge 3d nudge 2d",
	    "? #wait stands there twice (line 1)" },
	{ BOBS, "#hold", "status on-hold" },
	{ BOBS, "#hold 2d waits for Acme",
	    "status on-hold; until 2026-07-31 10:30" },
	{ BOBS, "#hold waits for Acme", "status on-hold" },
	{ BOBS, "#hold 2026-07-01 Acme",
	    "? \"2026-07-01\" is over: it was Wednesday, 1 July 2026, 08:00 (line 1)" },
	{ DONE, "#reopen", "status in-progress" },
	{ DONE, "#open", "status in-progress" },
	{ BOBS, "#reopen", "" },
	{ BOBS, "#spam", "tag spam; status closed" },

	/* Who has it. */
	{ FRESH, "#take", "assignee ana; status in-progress" },
	{ BOBS, "#take", "assignee ana" },
	{ DONE, "#take", "assignee ana; status in-progress" },
	{ FRESH, "#take\n#resolve", "assignee ana; status resolved" },
	{ FRESH, "#wait 2d\n#take",
	    "status waiting; until 2026-07-31 10:30; assignee ana" },
	{ BOBS, "#drop", "assignee; status open" },
	{ BOBS, "#assign ana", "assignee ana" },
	{ BOBS, "#assign @ana", "assignee ana" },
	{ BOBS, "#assign ANA", "assignee ana" },
	{ BOBS, "#assign Ana Silva", "assignee ana" },
	{ BOBS, "#assign asilva@example.com", "assignee ana" },
	{ BOBS, "#assign @Ana Silva<mailto:ana@example.com>", "assignee ana" },
	{ BOBS, "#assign Ana Silva <Ana@Example.com>", "assignee ana" },
	{ BOBS, "#assign Chloé", "assignee chloe" },
	{ BOBS, "#assign Chloe", "assignee chloe" },
	{ FRESH, "#assign muller",
	    "? \"muller\" is neither an agent nor a team (line 1)" },
	{ BOBS, "#assign anna",
	    "? \"anna\" is neither an agent nor a team (line 1); is it ana?" },
	{ BOBS, "#assign jo", "? \"jo\" may be any of jo1, jo2 (line 1)" },
	{ BOBS, "#assign Jo Park", "assignee jo1" },
	{ BOBS, "#assign",
	    "? #assign needs a value (line 1), as in \"#assign "
	    "bob\"" },
	{ BOBS, "#assign bob", "" },
	{ DONE, "#assign ana", "assignee ana; status in-progress" },
	{ DONE, "#assign ana\n#close", "assignee ana; status closed" },
	{ BOBS, "#assign desk", "team desk; tier 1" },
	{ BOBS, "#assign Service Desk", "team desk; tier 1" },
	{ BOBS, "#team desk", "team desk; tier 1" },
	{ DESK, "#team network",
	    "team network; tier 2; assignee; status open" },
	{ DESK, "#team network\n#assign ana",
	    "team network; tier 2; assignee ana" },
	{ DESK, "#assign ana\n#team Network & VPN",
	    "assignee ana; team network; tier 2" },
	{ DESK, "#team network\n#resolve",
	    "team network; tier 2; status resolved; assignee" },
	{ BOBS, "#team network", "" },
	{ BOBS, "#team netwrok",
	    "? \"netwrok\" is not a team (line 1); is it network?" },
	{ BOBS, "#team bob",
	    "? \"bob\" is not a team (line 1): desk, network, platform" },
	{ BOBS, "#team acme",
	    "? \"acme\" is not a team (line 1): desk, network, platform" },
	{ BOBS, "#tier next", "team platform; tier 3; assignee; status open" },
	{ BOBS, "#tier 3", "team platform; tier 3; assignee; status open" },
	{ BOBS, "#tier 1", "team desk; tier 1" },
	{ BOBS, "#tier 2", "" },
	{ DESK, "#tier 3", "team platform; tier 3; assignee; status open" },
	{ BOBS, "#tier 4",
	    "? \"4\" is not a value of #tier: 1, 2, 3, next (line 1)" },
	{ BOBS, "#tier 3\n#tier next", "? #tier stands there twice (line 2)" },
	{ NO_TEAM, "#tier next",
	    "? the ticket has no team whose tiers could be followed (line 1): "
	    "use #team" },
	{ BOBS, "#escalate the floor is down",
	    "event escalated / the floor is down" },
	{ BOBS, "#escalate", "event escalated" },

	/* Who takes part. */
	{ BOBS, "#cc Jo@Example.org", "part cc jo@example.org" },
	{ BOBS, "#cc a@example.org, b@example.org",
	    "part cc a@example.org; part cc b@example.org" },
	{ BOBS, "#cc a@example.org b@example.org",
	    "part cc a@example.org; part cc b@example.org" },
	{ BOBS, "#cc Jo Park <jo@example.org>",
	    "part cc jo@example.org / Jo Park" },
	{ BOBS, "#cc jo@example.org<mailto:jo@example.org>",
	    "part cc jo@example.org" },
	{ BOBS, "#cc jo@", "? \"jo@\" is not an address of mail (line 1)" },
	{ BOBS, "#cc a@example.org, bad",
	    "? \"a@example.org, bad\" is not an address of mail (line 1)" },
	{ BOBS, "#cc bob@example.com",
	    "? bob@example.com is an agent (line 1); \"#watch bob\" keeps "
	    "agents informed" },
	{ BOBS, "#cc bob",
	    "? bob is an agent (line 1); \"#watch bob\" keeps agents "
	    "informed" },
	{ BOBS, "#cc support@example.com",
	    "? support@example.com is our own address (line 1)" },
	{ BOBS, "#cc support+x@example.com",
	    "? support+x@example.com is our own address (line 1)" },
	{ BOBS, "#uncc jo@example.org", "gone jo@example.org" },
	{ BOBS, "#uncc maria@kunde.example",
	    "? maria@kunde.example is the requester (line 1); #requester "
	    "names another" },
	{ BOBS, "#watch", "part watcher ana@example.com / Ana Silva" },
	{ BOBS, "#watch bob", "part watcher bob@example.com / Bob Müller" },
	{ BOBS, "#watch @bob, Chloé",
	    "part watcher bob@example.com / Bob Müller; part watcher "
	    "chloe@example.com / Chloé Bernard" },
	{ BOBS, "#watch jo@example.org",
	    "? \"jo@example.org\" is not an agent (line 1), and others do not "
	    "see notes; #cc lets somebody take part" },
	{ BOBS, "#requester Jo Park <jo@example.org>",
	    "requester jo@example.org / Jo Park" },
	{ BOBS, "#requester jo",
	    "? \"jo\" is not an address of mail (line 1)" },
	{ BOBS, "#requester support@example.com",
	    "? support@example.com is our own address (line 1)" },

	/* What it is. */
	{ BOBS, "#priority high", "priority high pinned" },
	{ BOBS, "#prio hoch", "priority high pinned" },
	{ BOBS, "#priorité haute", "priority high pinned" },
	{ BOBS, "#prioridad alta", "priority high pinned" },
	{ BOBS, "#p kritisch", "priority critical pinned" },
	{ PINNED, "#priority critical", "" },
	{ PINNED, "#priority matrix", "priority normal" },
	{ BOBS, "#priority matrix", "" },
	{ BOBS, "#priority hihg",
	    "? \"hihg\" is not a value of #priority: critical, high, normal, "
	    "low, matrix (line 1)" },
	{ BOBS, "#impact high", "impact high; priority high" },
	{ BOBS, "#impact high\n#urgency high",
	    "impact high; urgency high; priority critical" },
	{ BOBS, "#urgency low", "urgency low; priority low" },
	{ BOBS, "#impact medium", "" },
	{ PINNED, "#impact low", "impact low" },
	{ PINNED, "#impact low\n#priority matrix", "impact low; priority low" },
	{ BOBS, "#priority low\n#impact high",
	    "priority low pinned; impact high" },
	{ BOBS, "#impact huge",
	    "? \"huge\" is not a value of #impact: low, medium, high (line 1)" },
	{ BOBS, "#urgency",
	    "? #urgency needs a value (line 1), as in \"#urgency high\"" },
	{ BOBS, "#type request", "type request" },
	{ BOBS, "#type anfrage", "type request" },
	{ BOBS, "#type Störung", "" },
	{ BOBS, "#tipo solicitud", "type request" },
	{ BOBS, "#type demand",
	    "? \"demand\" is not a value of #type: incident, request, problem, "
	    "change (line 1)" },
	{ BOBS, "#category network / WLAN", "category network/wlan" },
	{ BOBS, "#category network/vpn", "" },
	{ BOBS, "#category a//b",
	    "? \"a//b\" is not a category (line 1); \"network/vpn\" would be "
	    "one" },
	{ BOBS, "#category my printer is broken",
	    "? \"my printer is broken\" is not a category (line 1); "
	    "\"network/vpn\" would be one" },
	{ BOBS, "#tag router lisbon", "tag router; tag lisbon" },
	{ BOBS, "#tag #router, größe", "tag router; tag größe" },
	{ BOBS, "#untag router", "untag router" },
	{ BOBS, "#tag a/b",
	    "? \"a/b\" is no tag (line 1): letters, digits, \"-\", \"_\" and "
	    "\".\" are" },
	{ BOBS, "#tag a\n#tag b", "tag a; tag b" },
	{ BOBS, "#subject VPN breaks off", "subject VPN breaks off" },
	{ BOBS, "#betreff “VPN bricht ab”", "subject VPN bricht ab" },
	{ BOBS, "#subject VPN", "" },
	{ BOBS, "#lang de", "language de" },
	{ BOBS, "#lang Deutsch", "language de" },
	{ BOBS, "#lang EN", "" },
	{ BOBS, "#lang pt",
	    "? \"pt\" is not a language here (line 1): en, de" },
	{ BOBS, "#time 20m", "time 1200" },
	{ BOBS, "#time 1h30m", "time 5400" },
	{ BOBS, "#time 1h 30", "time 5400" },
	{ BOBS, "#time 1:30", "time 5400" },
	{ BOBS, "#time 1.5h", "time 5400" },
	{ BOBS, "#time 1,5 Stunden", "time 5400" },
	{ BOBS, "#time 90", "time 5400" },
	{ BOBS, "#time 2 hours 5 min", "time 7500" },
	{ BOBS, "#time 0",
	    "? \"0\" is no time that somebody works in a day (line 1); \"20m\" "
	    "or \"1h30m\" would do" },
	{ BOBS, "#time 25h",
	    "? \"25h\" is no time that somebody works in a day (line 1); "
	    "\"20m\" or \"1h30m\" would do" },
	{ BOBS, "#time 3 dogs",
	    "? \"3 dogs\" is no time that somebody works in a day (line 1); "
	    "\"20m\" or \"1h30m\" would do" },
	{ BOBS, "#time 99999999999999999999h",
	    "? \"99999999999999999999h\" is no time that somebody works in a "
	    "day (line 1); \"20m\" or \"1h30m\" would do" },

	/* Other tickets. */
	{ BOBS, "#merge 1017", "merge 1017" },
	{ BOBS, "#merge EX-1017", "merge 1017" },
	{ BOBS, "#dup [ex-1017]", "merge 1017" },
	{ BOBS, "#merge #1000", "merge 1017" },
	{ BOBS, "#merge 1042", "? EX-1042 is this ticket (line 1)" },
	{ BOBS, "#merge 1099",
	    "? there is no EX-1099, or it is not yours to see (line 1)" },
	{ BOBS, "#merge it", "? \"it\" is no number of a ticket (line 1)" },
	{ BOBS, "#merge 1017 1018",
	    "? \"1017 1018\" is no number of a ticket (line 1)" },
	{ BOBS, "#merge 9999999999999999999",
	    "? \"9999999999999999999\" is no number of a ticket (line 1)" },
	{ GONE, "#merge 1018",
	    "? EX-1042 is merged into EX-1017 already (line 1)" },
	{ BOBS, "#link 1017", "link 1017 related" },
	{ BOBS, "#link 1017, EX-1018", "link 1017 related; link 1018 related" },
	{ BOBS, "#link 1042", "? EX-1042 is this ticket (line 1)" },
	{ BOBS, "#unmerge x", "? \"x\" is no number of a ticket (line 1)" },
	{ BOBS, "#show 1099",
	    "? there is no EX-1099, or it is not yours to see (line 1)" },
	{ BOBS, "#new\n#requester jo@example.org\n#source phone\n#prio high",
	    "requester jo@example.org; priority high pinned" },
	{ BOBS, "#new",
	    "? #new does not say who it is for: add \"#requester "
	    "maria@example.org\"" },
	{ BOBS, "#source phone", "? #source goes only with #new (line 1)" },

	/* Several. */
	{ FRESH, "#take\n#prio high\n#tag vpn",
	    "assignee ana; priority high pinned; tag vpn; "
	    "status in-progress" },
	{ BOBS, "#resolve\n#close",
	    "? #resolve and #close contradict each other (line 2)" },
	{ BOBS, "#resolve\n#resolve",
	    "? #resolve stands there twice (line 2)" },
	{ BOBS, "#take\n#assign bob",
	    "? #take and #assign contradict each other (line 2)" },
	{ BOBS, "#take\n#drop",
	    "? #take and #drop contradict each other (line 2)" },
	{ BOBS, "#drop\n#wait 3d",
	    "? #drop and #wait contradict each other (line 2)" },
	{ BOBS, "#team desk\n#tier next",
	    "? #team and #tier contradict each other (line 2)" },
	{ BOBS, "#merge 1017\n#resolve",
	    "? #merge and #resolve contradict each other (line 2)" },
	{ BOBS, "#prio high\n#prio low",
	    "? #priority stands there twice (line 2)" },
	{ BOBS, "#why\n#show",
	    "? #why and #show contradict each other (line 2)" },
	{ BOBS, "#undo\n#take",
	    "? #undo stands alone: no other command goes with it" },
	{ BOBS, "#take\n#split",
	    "? #split stands alone: no other command goes with it" },

	/* All or nothing. */
	{ BOBS, "#take\n#prio hihg\n#tag x",
	    "? \"hihg\" is not a value of #priority: critical, high, normal, "
	    "low, matrix (line 2)" },
	{ BOBS, "#take\n#noet\nHe is away.",
	    "? I do not know \"#noet\" (line 2)" },
	{ BOBS, "#assign nobody\n#noet", "? I do not know \"#noet\" (line 2)" },
	{ BOBS, "#rate happy", "? I do not know \"#rate\" (line 1)" },
	{ BOBS, "#works", "? I do not know \"#works\" (line 1)" },
	{ BOBS, "#kb vpn-reset", "? I do not know \"#kb\" (line 1)" },
	{ BOBS, "#do k4p2", "? I do not know \"#do\" (line 1)" },
	{ BOBS, "Just text.", "" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct run r;
		const char *got, *want = cases[i].want;

		run(&r, cases[i].state, cases[i].mail, false);
		got = r.out.problem != NULL
		    ? arena_printf(&r.a, "? %s", r.out.problem)
		    : changes(&r.a, &r.d) + strlen("event before");
		got += got[0] == ';' ? 2 : 0;
		test_text(got, want, "%zu: %.*s", i,
		    (int)strcspn(cases[i].mail, "\n"), cases[i].mail);
		if (strcmp(got, want) != 0)
			printf("# got  %s\n# want %s\n", got, want);
		if (*want == '?')
			test_ok(r.d.n == 1 && !r.out.challenge,
			    "and the decision is as it was");
		arena_done(&r.a);
	}
}

/* The whole restricted list asks first, and nothing else does. */
static void
test_restricted(void)
{
	static const struct {
		const char *mail;
		bool asks;
	} table[] = {
		{ "#merge 1017", true },
		{ "#split", true },
		{ "#cc jo@example.org", true },
		{ "#requester jo@example.org", true },
		{ "#spam", true },
		{ "#take\n#cc jo@example.org", true },
		{ "#new\n#requester jo@example.org", false },
		{ "#resolve", false },
		{ "#close", false },
		{ "#unmerge", false },
		{ "#uncc jo@example.org", false },
		{ "#watch bob", false },
		{ "#assign bob", false },
		{ "#undo", false },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct run r;

		run(&r, BOBS, table[i].mail, true);
		test_ok(r.out.challenge == table[i].asks &&
			(r.out.problem != NULL) == table[i].asks,
		    "restricted: %zu", i);
		arena_done(&r.a);
	}
}

/* What is wrong all the same is said before anybody is asked. */
static void
test_restricted_more(void)
{
	struct run r;

	run(&r, BOBS, "#merge 1017", true);
	test_ok(r.d.n == 2 && r.d.list[1].kind == CHANGE_MERGE,
	    "the decision is there for who has the yes");
	test_text(r.out.problem, "#merge is done only when you confirm it",
	    "what is asked");
	arena_done(&r.a);
	run(&r, BOBS, "#merge 1042", true);
	test_ok(!r.out.challenge && r.d.n == 1, "a wrong one is just wrong");
	arena_done(&r.a);
}

static void
test_answers(void)
{
	struct run r;

	run(&r, BOBS, "#note he is away\nCall Bob.", false);
	test_ok(r.out.note && !r.out.status_set && r.out.n == 1, "a note");
	test_text(r.out.note_text, "he is away", "and its line");
	arena_done(&r.a);
	run(&r, BOBS, "#resolve", false);
	test_ok(r.out.resolved && r.out.ends && r.out.status_set &&
		!r.out.closed && !r.out.hidden,
	    "resolved");
	test_text(r.d.list[1].why, "agent ana: #resolve", "the why");
	arena_done(&r.a);
	run(&r, DONE, "#close", false);
	test_ok(r.out.closed && r.out.ends && !r.out.resolved, "closed");
	arena_done(&r.a);
	run(&r, DONE, "#take", false);
	test_ok(r.out.hidden && r.out.status_set, "opened again: a receipt");
	arena_done(&r.a);
	run(&r, DONE, "#wait 2d", false);
	test_ok(r.out.hidden, "by waiting, too");
	arena_done(&r.a);
	run(&r, BOBS, "#tag a\n#tag b", false);
	test_ok(r.out.hidden && r.out.done_n == 2, "two of them: a receipt");
	test_text(r.out.done[1], "tag b", "its second line");
	arena_done(&r.a);
	run(&r, BOBS, "#hold 2d waits for Acme", false);
	test_text(r.d.list[1].why, "agent ana: #hold 2d waits for Acme",
	    "the reason is in the why");
	test_text(r.out.done[0],
	    "on hold until Friday, 31 July 2026, 10:30: waits for Acme",
	    "and in the receipt");
	arena_done(&r.a);
	run(&r, BOBS, "#impact high", false);
	test_text(r.d.list[2].why,
	    "agent ana: #impact high, priority-matrix: impact high x urgency "
	    "medium",
	    "why the priority");
	arena_done(&r.a);
	run(&r, BOBS, "#assign chloe", false);
	test_text(r.out.done[1],
	    "Chloé Bernard is not in Network & VPN; the ticket stays there",
	    "somebody of another team");
	arena_done(&r.a);
	run(&r, BOBS, "#escalate the floor is down", false);
	test_text(r.out.escalate, "the floor is down", "escalated");
	test_text(r.out.done[0], "Dieter Krause is called", "to the lead");
	arena_done(&r.a);
}

/* The agent reads his own language, the record stays English. */
static void
test_languages(void)
{
	static const struct {
		const char *language, *mail, *asked, *done;
	} table[] = {
		{ "de", "#noet\nHallo", "\"#noet\" ist unbekannt (Zeile 1)",
		    NULL },
		{ "fr-CA", "#wait 2026-07-01",
		    "\"2026-07-01\" est pass\xc3\xa9 : c'\xc3\xa9tait "
		    "mercredi 1er juillet 2026 \xc3\xa0 08:00 (ligne 1)",
		    NULL },
		{ "es", "#assign bob", NULL, "lo tiene Bob M\xc3\xbcller" },
		{ "de", "#warten 2d nudge 1d", NULL,
		    "wartend bis Freitag, 31. Juli 2026, 10:30 Uhr, Nachfrage "
		    "Donnerstag, 30. Juli 2026, 10:30 Uhr" },
		{ "it", "#tag a", NULL, "tag a" },
	};
	struct commands_answer out;
	struct run r;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		run(&r, BOBS, table[i].mail, false);
		out = r.out;
		r.d.n = 0;
		r.ask.language = table[i].language;
		test_ok(commands_decide(&r.ask, &r.m, &r.d, &r.out, &r.e) == 0,
		    "decided for %s", table[i].language);
		if (table[i].asked != NULL) {
			test_text(r.out.asked, table[i].asked, "asked in %s",
			    table[i].language);
			test_text(
			    r.out.problem, out.problem, "kept in English");
			test_text(out.asked, out.problem, "as in English");
		} else
			test_text(r.out.done_n > 0 ? r.out.done[0] : "",
			    table[i].done, "told in %s", table[i].language);
		arena_done(&r.a);
	}
}

/* The names that letters use can be written in commands, too. */
static void
test_names(void)
{
	static const char *const languages[] = { "en", "de", "fr", "es" };
	static const struct {
		const char *command;
		enum phrase first;
		int n;
	} table[] = { { "priority", WORD_PRIORITY_CRITICAL, PRIORITY_COUNT },
		{ "impact", WORD_LOW, LEVEL_COUNT },
		{ "type", WORD_INCIDENT, TYPE_COUNT } };
	struct run r;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		for (int k = 0; k < table[i].n * 4; k++) {
			char mail[80];

			snprintf(mail, sizeof(mail), "#%s %s", table[i].command,
			    phrase_plain(languages[k % 4],
				table[i].first + (enum phrase)(k / 4)));
			run(&r, BOBS, mail, false);
			test_ok(r.out.problem == NULL, "%s", mail);
			arena_done(&r.a);
		}
}

static void
test_questions(void)
{
	struct run r;

	run(&r, BOBS, "#show 1000", false);
	test_ok(r.out.show == 1017, "show the survivor");
	arena_done(&r.a);
	run(&r, BOBS, "#show", false);
	test_ok(r.out.show == -1, "show this one");
	arena_done(&r.a);
	run(&r, BOBS, "#find printer, 2nd floor", false);
	test_text(r.out.find, "printer, 2nd floor", "find");
	arena_done(&r.a);
	run(&r, BOBS, "#help wait", false);
	test_text(r.out.help_word, "wait", "help");
	arena_done(&r.a);
	run(&r, BOBS, "#do k4p2 note", false);
	test_text(r.out.code, "k4p2", "do, its code");
	test_text(r.out.verb, "note", "and its verb");
	arena_done(&r.a);
	run(&r, BOBS, "#unmerge EX-1017", false);
	test_ok(r.out.unmerge && r.out.apart == 1017, "unmerge, which");
	arena_done(&r.a);
	run(&r, BOBS, "#unmerge", false);
	test_ok(r.out.unmerge && r.out.apart == 0, "unmerge");
	arena_done(&r.a);
	run(&r, BOBS, "#noet\nHe is away.", false);
	test_text(r.out.meant[0], "note", "what was meant");
	arena_done(&r.a);
	run(&r, BOBS, "#link 13", false);
	test_ok(r.rc == -1 && r.e.kind == ERR_RETRY && r.d.n == 1,
	    "the store is broken");
	arena_done(&r.a);
}

static void
test_admin(void)
{
	struct run r;

	run(&r, BOBS, "", false);
	r.ask.agent = NULL;
	r.ask.who = "cli root";
	command_split(&r.a, "#take", &r.m);
	test_ok(commands_decide(&r.ask, &r.m, &r.d, &r.out, &r.e) == 0 &&
		r.out.problem != NULL,
	    "who is no agent takes nothing");
	command_split(&r.a, "#assign ana", &r.m);
	test_ok(commands_decide(&r.ask, &r.m, &r.d, &r.out, &r.e) == 0 &&
		r.out.problem == NULL && r.d.n == 2,
	    "but may give");
	test_text(r.d.list[1].why, "cli root: #assign ana", "and why");
	arena_done(&r.a);
}

static void
test_may(void)
{
	static const struct {
		enum state state;
		const char *agent;
		bool may;
	} table[] = {
		{ BOBS, "ana", true },    /* member */
		{ BOBS, "bob", true },    /* his */
		{ BOBS, "eva", true },    /* manager */
		{ BOBS, "chloe", false }, /* another team's */
		{ DESK, "chloe", true },
		{ DESK, "ana", false },
		{ DESK, "dieter", true }, /* admin */
		{ BOBS, "jo1", false },
		{ NO_TEAM, "jo1", true },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct ticket t = ticket(table[i].state);

		test_ok(commands_may(conf, conf_agent(conf, table[i].agent),
			    &t) == table[i].may,
		    "%zu: %s", i, table[i].agent);
	}
	{
		struct ticket t = ticket(BOBS);

		t.assignee = "jo1";
		test_ok(commands_may(conf, conf_agent(conf, "jo1"), &t) &&
			commands_may(conf, NULL, &t),
		    "the assignee, and an admin");
	}
}

static void
test_help(void)
{
	struct arena a = { 0 };
	const char *all = commands_help(&a, NULL, NULL);
	size_t longest = 0;

	for (int w = 0; w < COMMAND_DO; w++) {
		const char *one = commands_help(&a, NULL, command_names[w]);

		test_ok(
		    strstr(all,
			arena_printf(&a, "\n  #%s ", command_names[w])) != NULL,
		    "#%s is in the table", command_names[w]);
		test_ok(strstr(one, "For example:") != NULL,
		    "#help %s has an example", command_names[w]);
	}
	for (const char *p = all; *p != '\0';) {
		size_t n = strcspn(p, "\n");

		longest = n > longest ? n : longest;
		p += n + (p[n] == '\n');
	}
	test_ok(longest <= 72, "no line is long: %zu", longest);
	test_ok(strstr(commands_help(&a, NULL, "warten"), "#wait") != NULL,
	    "in another language");
	test_ok(strstr(commands_help(&a, NULL, "kb"),
		    "There is no command \"kb\"") != NULL &&
		strstr(all, "#kb") == NULL && strstr(all, "#do") == NULL,
	    "what is not there");
	arena_done(&a);
}

/* The words behind "Also: " in what the page says of a command. */
static void
test_also(struct arena *a, const char *at, int w)
{
	const char *also = strstr(at, "\nAlso: "), *next = strstr(at, "\n.It ");
	bool good = true;

	if (also == NULL || (next != NULL && next < also))
		return;
	for (const char *p = also + 7; *p != '.';) {
		size_t n = strcspn(p, ",.");
		const char *word = arena_strndup(a, p, n);

		if ((int)command_find(a, word) != w) {
			printf("# %s is not #%s\n", word, command_names[w]);
			good = false;
		}
		p += n;
		p += strspn(p, ", ");
	}
	test_ok(good, "deskd-mail(7): other words for #%s", command_names[w]);
}

/* The man page says of each command what the help says. */
static void
test_page(void)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	char *page;
	size_t n;

	if (files_read(&a, "conf/deskd-mail.7", 1 << 20, &page, &n, &e) == -1) {
		test_ok(0, "deskd-mail(7) can be read: %s", e.text);
		return;
	}
	for (int w = 0; w < COMMAND_DO; w++) {
		const char *line = commands_help(&a, NULL, command_names[w]) +
		    2;
		const char *gap = strstr(line, "  "), *at, *does;
		size_t len;

		len = gap == NULL ? 0 : (size_t)(gap - line);
		len -= len > 0 && line[len - 1] == ' ';
		does = line + len + strspn(line + len, " ");
		at = strstr(
		    page, arena_printf(&a, "\n.It Ic %.*s\n", (int)len, line));
		if (at != NULL)
			at = strchr(at + 1, '\n') + 1;
		test_ok(at != NULL &&
			strncmp(at + 1, does + 1, strcspn(does, "\n") - 1) == 0,
		    "deskd-mail(7) tells of #%s", command_names[w]);
		if (at != NULL)
			test_also(&a, at, w);
	}
	arena_done(&a);
}

/* Every example of the help is right as it stands. */
static void
test_examples(void)
{
	struct arena a = { 0 };

	for (int w = 0; w < COMMAND_DO; w++) {
		const char *example = strstr(
		    commands_help(&a, NULL, command_names[w]), "example:\n\n");
		char *mail, *p;
		struct run r;

		mail = arena_strdup(&a, example + strlen("example:\n\n"));
		if (w == COMMAND_SOURCE)
			mail = arena_printf(
			    &a, "#new\n#requester a@example.org\n%s", mail);
		while ((p = strstr(mail, "1042")) != NULL)
			memcpy(p, "1017", 4);
		run(&r, BOBS, mail, false);
		test_ok(
		    r.out.problem == NULL && r.m.middle == NULL && r.out.n > 0,
		    "the example of #%s: %s", command_names[w],
		    r.out.problem == NULL ? "good" : r.out.problem);
		arena_done(&r.a);
	}
	arena_done(&a);
}

int
main(void)
{
	struct arena a = { 0 };

	test_ok(load(&a) == 0, "the configuration");
	if (conf == NULL || book == NULL)
		return test_end();
	test_cases();
	test_restricted();
	test_restricted_more();
	test_answers();
	test_languages();
	test_names();
	test_questions();
	test_admin();
	test_may();
	test_help();
	test_page();
	test_examples();
	arena_done(&a);
	return test_end();
}
