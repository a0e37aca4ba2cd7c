/*
 * The blocks agent and team: who works on tickets, and how a team is led.
 * Promises that an address belongs to one agent only, since it may come to
 * decide who is allowed to act.
 */
#include <string.h>

#include "parser/address.h"
#include "parser/conf_private.h"

/* "mon 07:00" */
static bool
is_time(struct conf_check *k, const struct conf_arg *arg)
{
	int minute;

	if (arg->form != FORM_PATTERN &&
	    conf_time(arg->text, strlen(arg->text), &minute))
		return true;
	conf_bad(
	    k, arg, "write 08:30", "'%.80s' is not a time of day", arg->text);
	return false;
}

static bool
is_weekdays(struct conf_check *k, const struct conf_arg *arg)
{
	if (arg->form != FORM_PATTERN && conf_weekdays(arg->text))
		return true;
	conf_bad(k, arg, "write mon-fri, or mon,wed",
	    "'%.80s' are not days of the week", arg->text);
	return false;
}

/* agent */

/* 2026-08-03..2026-08-21 [to AGENT] */
static void
want_away(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const words[] = { "to", NULL };

	conf_is_dates(k, &n->args[0]);
	if (n->args_n > 1 &&
	    conf_is_word(k, &n->args[1], words, "a value of 'away'") &&
	    conf_is_count(k, n, 3, 3, s->like))
		conf_is_plain(k, &n->args[2]);
}

static void
cross_away(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	(void)block;
	if (n->args_n > 2)
		conf_refer(k, "agent", &n->args[2], n->args[2].text);
}

/* Is it what people write to, or the login of a mailbox? */
static bool
is_desk(struct conf_check *k, const char *addr)
{
	const struct conf_node *n = conf_child(k->root, "address"), *user;
	const char *own = n != NULL ? conf_text(n, 0) : NULL;

	if (own != NULL && address_same(own, addr))
		return true;
	for (n = conf_child(k->root, "mailbox"); n != NULL; n = conf_after(n)) {
		user = conf_child(n, "user");
		own = user != NULL ? conf_text(user, 0) : NULL;
		if (own != NULL && address_same(own, addr))
			return true;
	}
	return false;
}

static void
cross_email(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	for (size_t i = 0; i < n->args_n; i++) {
		const struct conf_arg *arg = &n->args[i];
		const struct conf_node *old;

		if (arg->form == FORM_PATTERN || !address_valid(arg->text))
			continue;
		if (is_desk(k, arg->text))
			conf_bad(k, arg,
			    "an agent needs an address of their own",
			    "this is the desk's own address");
		old = conf_title_add(k, "address",
		    address_key(k->talk->arena, arg->text), block);
		if (old != NULL)
			conf_bad(k, arg, NULL,
			    "agent '%.80s' has it already (%s)",
			    old->args_n > 0 ? old->args[0].text : "",
			    conf_where(k->talk, &old->place));
	}
}

static void
put_language(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	conf_put_text(a, n, s, base);
}

static const char *const notify_words[] = { "tickets", "escalations", "digest",
	"reports", "all", "none", NULL };

/* Not a word of tickets: only his own concern him. */
static void
put_notify(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_agent *agent = base;

	(void)a;
	(void)s;
	agent->quiet = true;
	for (size_t i = 0; i < n->args_n; i++)
		if (strcmp(n->args[i].text, "tickets") == 0 ||
		    strcmp(n->args[i].text, "all") == 0)
			agent->quiet = false;
}

const struct conf_setting conf_agent_rows[] = {
	ROW("email", 1, 50, CONF_ONCE | CONF_MUST, "email ana@example.com",
	    .check = conf_want_addresses, .cross = cross_email,
	    PUTS(conf_put_texts, conf_agent, emails)),
	ROW("language", 1, 20, CONF_ONCE, "language en",
	    .check = conf_want_codes, PUT(put_language, conf_agent, language)),
	ROW("skills", 1, CONF_MANY, CONF_ONCE, "skills network vpn",
	    .check = conf_want_text, PUTS(conf_put_texts, conf_agent, skills)),
	ROW("timezone", 1, 1, CONF_ONCE, "timezone Europe/Lisbon",
	    .check = conf_want_zone, PUT(conf_put_text, conf_agent, timezone)),
	ROW("max-open", 1, 1, CONF_ONCE, "max-open 15",
	    .check = conf_want_number,
	    PUT(conf_put_number, conf_agent, max_open)),
	ROW("notify", 1, 6, CONF_ONCE, "notify escalations digest",
	    .check = conf_want_words, .words = notify_words, .put = put_notify),
	ROW("away", 1, 3, 0, "away 2026-08-03..2026-08-21 to chloe",
	    .check = want_away, .cross = cross_away),
	ROW("calendar", 1, 1, CONF_ONCE, "calendar office",
	    .check = conf_want_text, .refers = "calendar",
	    PUT(conf_put_text, conf_agent, calendar)),
	ROW("signature", 1, 1, CONF_ONCE | CONF_LATER, "signature \"Ana\"",
	    .check = conf_want_text),
	{ 0 },
};

/* team */

static int
tier_of(const struct conf_node *team)
{
	const struct conf_node *n = conf_child(team, "tier");
	const char *text = n != NULL ? conf_text(n, 0) : NULL;
	int64_t v = 1;

	if (text != NULL)
		conf_number(text, 1, 4, &v);
	return (int)v;
}

static void
want_tier(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const struct conf_arg *arg = &n->args[0];
	int64_t v;

	(void)s;
	if (arg->form == FORM_PATTERN || !conf_number(arg->text, 1, 4, &v))
		conf_bad(k, arg,
		    "1 service desk, 2 specialists, 3 engineers, "
		    "4 a vendor",
		    "'%.80s' is not a tier", arg->text);
}

/* The tier grows along the chain, so it has no circle. */
static void
cross_next_tier(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	const struct conf_node *next;

	next = conf_refer(k, "team", &n->args[0], n->args[0].text);
	if (next != NULL && tier_of(next) <= tier_of(block))
		conf_bad(k, &n->args[0], "name a team of a higher tier",
		    "team '%.80s' is tier %d, this one is tier %d",
		    n->args[0].text, tier_of(next), tier_of(block));
}

/* 08:30 mon-fri */
static void
want_digest(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	is_time(k, &n->args[0]);
	if (n->args_n > 1)
		is_weekdays(k, &n->args[1]);
}

/* weekly mon 07:00, monthly 07:00 */
static void
want_report(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const words[] = { "weekly", "monthly", NULL };
	bool weekly = strcmp(n->args[0].text, "weekly") == 0;

	if (!conf_is_word(k, &n->args[0], words, "a value of 'report'") ||
	    !conf_is_count(k, n, weekly ? 3 : 2, weekly ? 3 : 2, s->like))
		return;
	if (weekly)
		is_weekdays(k, &n->args[1]);
	is_time(k, &n->args[n->args_n - 1]);
}

static const char *const assign_words[] = {
	[ASSIGN_NOBODY] = "nobody",
	[ASSIGN_ROUND_ROBIN] = "round-robin",
	[ASSIGN_LEAST_LOADED] = "least-loaded",
	[ASSIGN_SKILL] = "skill",
	[ASSIGN_LEAD] = "lead",
	NULL,
};

const struct conf_setting conf_team_rows[] = {
	ROW("tier", 1, 1, CONF_ONCE, "tier 2", .check = want_tier,
	    PUT(conf_put_number, conf_team, tier)),
	ROW("next-tier", 1, 1, CONF_ONCE, "next-tier platform",
	    .check = conf_want_text, .cross = cross_next_tier,
	    PUT(conf_put_text, conf_team, next_tier)),
	ROW("members", 1, CONF_MANY, CONF_ONCE, "members ana bob",
	    .check = conf_want_text, .refers = "agent",
	    PUTS(conf_put_texts, conf_team, members)),
	ROW("lead", 1, 1, CONF_ONCE, "lead ana", .check = conf_want_text,
	    .refers = "agent", PUT(conf_put_text, conf_team, lead)),
	ROW("manager", 1, 1, CONF_ONCE, "manager eva", .check = conf_want_text,
	    .refers = "agent", PUT(conf_put_text, conf_team, manager)),
	ROW("address", 1, 1, CONF_ONCE, "address support@acme.example",
	    .check = conf_want_addresses,
	    PUT(conf_put_text, conf_team, address)),
	ROW("queue-manager", 1, 1, CONF_ONCE, "queue-manager zoe",
	    .check = conf_want_text, .refers = "agent",
	    PUT(conf_put_text, conf_team, queue_manager)),
	ROW("unassigned-after", 1, 1, CONF_ONCE | CONF_LATER,
	    "unassigned-after 20m", .check = conf_want_durations),
	ROW("assign", 1, 1, CONF_ONCE, "assign round-robin",
	    .check = conf_want_words, .words = assign_words,
	    PUT(conf_put_word, conf_team, assign)),
	ROW("sla", 1, 1, CONF_ONCE | CONF_LATER, "sla standard",
	    .check = conf_want_text, .refers = "sla",
	    PUT(conf_put_text, conf_team, sla)),
	ROW("digest", 1, 2, CONF_ONCE | CONF_LATER, "digest 08:30 mon-fri",
	    .check = want_digest),
	ROW("report", 1, 3, CONF_ONCE | CONF_LATER, "report weekly mon 07:00",
	    .check = want_report),
	ROW("categories", 1, CONF_MANY, CONF_LATER, "categories network vpn",
	    .check = conf_want_text),
	ROW("case-number", 1, 1, CONF_ONCE | CONF_LATER,
	    "case-number /\\bcase (?<number>\\d+)/i",
	    .check = conf_want_pattern),
	ROW("remind", 1, 1, CONF_ONCE | CONF_LATER, "remind 2d",
	    .check = conf_want_durations),
	ROW("language", 1, 1, CONF_ONCE | CONF_LATER, "language en",
	    .check = conf_want_codes),
	ROW("signature", 1, 1, CONF_ONCE, "signature \"Your network team\"",
	    .check = conf_want_text, PUT(conf_put_text, conf_team, signature)),
	{ 0 },
};

/* A vendor has an address and no members; all others the other way round. */
void
conf_cross_team(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	bool vendor = tier_of(n) == 4;
	const struct conf_node *members = conf_child(n, "members");
	const struct conf_node *address = conf_child(n, "address");

	(void)block;
	if (vendor && address == NULL)
		conf_say(k->talk, CONF_ERROR, &n->place, "tier 4 is a vendor",
		    "'team %.80s' lacks 'address'", n->args[0].text);
	if (vendor && members != NULL)
		conf_say(k->talk, CONF_ERROR, &members->place,
		    "tier 4 is a vendor, not colleagues",
		    "a team of tier 4 has no members");
	if (!vendor && members == NULL)
		conf_say(k->talk, CONF_ERROR, &n->place, NULL,
		    "'team %.80s' lacks 'members'", n->args[0].text);
	if (!vendor && address != NULL)
		conf_say(k->talk, CONF_ERROR, &address->place,
		    "only a vendor, tier 4, has one",
		    "a team of tier %d has no address", tier_of(n));
}
