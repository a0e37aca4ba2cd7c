/*
 * The rules: conditions, actions, order, limits, whys; the tests in the sample
 * configuration; what building refuses.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/files.h"
#include "daemon/zones.h"
#include "rules/evaluate.h"
#include "rules/rule_lint.h"
#include "rules/routing.h"
#include "rules/rule_test.h"
#include "tests/test.h"

static int64_t
cpu(void)
{
	return (int64_t)clock() * 1000000 / CLOCKS_PER_SEC;
}

/* A configuration of one file in memory. */
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

/* With the zones and holidays of this machine. */
static int
build_book(struct arena *a, const struct conf *c, struct conf_report *rep,
    struct rulebook **out)
{
	struct hours_source hours = zones_source(a, c);

	return rulebook_build(a, c, &hours, rep, out);
}

#define PEOPLE                                                             \
	"address support@example.com\ntimezone Europe/Berlin\n"            \
	"agent ana \"Ana Silva\" { email ana@example.com }\n"              \
	"agent bob { email bob@example.com }\n"                            \
	"team desk { members ana bob }\nteam network { members ana }\n"    \
	"vip ceo@example.com @kunde.example\n"                             \
	"org kunde \"Kunde GmbH\" { domain kunde.example }\n"              \
	"calendar office { hours mon-fri 08:00-18:00 }\n"                  \
	"sla fast { calendar office\n critical 1h 1h 1h\n high 1h 1h 1h\n" \
	" normal 1h 1h 1h\n low 1h 1h 1h\n }\n"

struct bench {
	struct arena arena;
	struct conf *conf;
	struct rulebook *book;
	struct matcher *matcher;
	struct buf report;
	struct decision d;
	struct evaluation v;
};

static int
build(struct bench *b, const char *rules)
{
	char *text = arena_printf(&b->arena, "%s%s", PEOPLE, rules);
	struct conf_source src = { .read = give, .ctx = text };
	struct conf_report rep;

	buf_init(&b->report, 1 << 20);
	rep = (struct conf_report){ .text = &b->report };
	b->matcher = matcher_new(cpu);
	if (conf_load(&b->arena, "test.conf", &src, &b->conf, &rep) == -1 ||
	    build_book(&b->arena, b->conf, &rep, &b->book) == -1)
		return -1;
	return 0;
}

static void
done(struct bench *b)
{
	matcher_free(b->matcher);
	buf_done(&b->report);
	arena_done(&b->arena);
	*b = (struct bench){ 0 };
}

/* Monday, 23 November 2026, 10:00 in Berlin */
#define MONDAY INT64_C(1795424400)

static void
ask(struct bench *b, const char *mail, struct facts *more)
{
	struct ticket t = ticket_blank;
	struct mail *m = arena_alloc(&b->arena, sizeof(*m));
	struct facts f = { .mailbox = "", .now = MONDAY };
	struct err e = { 0 };

	if (more != NULL)
		f = *more;
	mail_parse(&b->arena, mail, strlen(mail), m);
	if (m->subject != NULL)
		t.subject = m->subject;
	if (m->from_addr != NULL)
		t.requester = m->from_addr;
	f.mail = m;
	if (f.ticket == NULL)
		f.ticket = &t;
	f.size = (int64_t)strlen(mail);
	f.matcher = b->matcher;
	decision_init(&b->d, &b->arena, 0, "mail");
	rules_evaluate(b->book, &f, &b->d, &b->v, &e);
}

static bool
matches(const char *when, const char *mail)
{
	struct bench b = { 0 };
	char *rules = arena_printf(
	    &b.arena, "rule r {\n %s\n tag x\n}\n", when);
	bool yes;

	if (build(&b, rules) == -1) {
		printf("# %s\n", buf_text(&b.report));
		done(&b);
		return false;
	}
	ask(&b, mail, NULL);
	yes = b.v.results[0].verdict == VERDICT_YES;
	done(&b);
	return yes;
}

static const char mail[] =
    "From: \"Maria Gomez\" <maria@kunde.example>\n"
    "To: Support <support@example.com>, billing@example.com\n"
    "Cc: boss@other.example\nSubject: Caf\xc3\xa9 printer is DOWN, case 4711\n"
    "X-Spam-Flag: YES\nX-Thing: one\nX-Thing: two three\n"
    "X-Coded: =?utf-8?q?St=C3=B6rung?=\n"
    "MIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n"
    "--b\nContent-Type: text/plain; charset=utf-8\n\n"
    "The remote access does not work.\nDer Drucker ist kaputt.\n\n"
    "On Mon, 23 Nov 2026 at 09:00, Bob <bob@example.com> wrote:\n> please try the quoted thing\n"
    "--b\nContent-Type: application/pdf\n"
    "Content-Disposition: attachment; filename=\"Invoice 7.PDF\"\n\n"
    "0123456789\n--b--\n";

/* What a stranger makes long costs each rule a look, no memory. */
static void
test_long(void)
{
	struct bench b = { 0 };
	struct buf rules, text;
	clock_t since;

	buf_init(&rules, 0);
	buf_init(&text, 0);
	for (int i = 0; i < 400; i++)
		buf_printf(&rules,
		    "rule r%d { when text \"x%dx\" \"y%dy\"; tag t }\n"
		    "rule h%d { when header X-Long \"x%dx\"; tag t }\n",
		    i, i, i, i, i);
	buf_printf(&rules, "rule end { when header X-Long /end$/; tag t }\n");
	buf_printf(&text, "From: a@b.example\nX-Long:");
	for (int i = 0; i < 800; i++)
		buf_printf(&text, " %060d\n", i);
	buf_printf(&text, " end\n\n");
	for (int i = 0; i < 20000; i++)
		buf_printf(&text, "%050d\n", i);
	test_ok(build(&b, buf_text(&rules)) == 0, "many rules");
	since = clock();
	ask(&b, buf_text(&text), NULL);
	test_ok((clock() - since) / CLOCKS_PER_SEC < 5,
	    "800 rules of quoted text over a megabyte");
	test_ok(b.v.results[b.v.n - 1].verdict == VERDICT_YES,
	    "a pattern sees the end of a field of 48 KB");
	buf_done(&rules);
	buf_done(&text);
	done(&b);
}

/* A reply is asked about the ticket it belongs to, not about its sender. */
static void
test_reply(void)
{
	static const struct {
		const char *when;
		bool yes;
	} table[] = {
		{ "when requester ceo@example.com", true },
		{ "when requester maria@kunde.example", false },
		{ "when from maria@kunde.example", true },
		{ "when org kunde", false },
		{ "when status waiting", true },
		{ "when team network", true },
		{ "when assignee ana", true },
		{ "when assignee nobody", false },
		{ "when category network", true },
		{ "when category network/vpn", true },
		{ "when category net", false },
		{ "when tier 2", true },
		{ "when tag old", true },
		{ "when tag olde", false },
		{ "when language fr", true },
		{ "when language de", false },
		{ "when urgency low", true },
		{ "when type request", true },
		{ "when priority low normal", true },
	};
	static const char *const tags[] = { "old" };
	static const char reply[] =
	    "From: Maria <maria@kunde.example>\nSubject: Re: it\n\nok\n";

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct bench b = { 0 };
		struct ticket t = ticket_blank;
		struct facts f = { .mailbox = "",
			.now = MONDAY,
			.occasion = OCCASION_REPLY,
			.ticket = &t,
			.tags = tags,
			.tags_n = 1 };

		t.requester = "ceo@example.com";
		t.status = STATUS_WAITING;
		t.team = "network";
		t.assignee = "ana";
		t.category = "network/vpn";
		t.tier = 2;
		t.language = "fr";
		t.urgency = LEVEL_LOW;
		t.type = TYPE_REQUEST;
		build(&b,
		    arena_printf(&b.arena, "rule r { on reply; %s; tag x }\n",
			table[i].when));
		ask(&b, reply, &f);
		test_ok((b.v.results[0].verdict == VERDICT_YES) == table[i].yes,
		    "a reply: %s: %s", table[i].when,
		    table[i].yes ? "yes" : "no");
		done(&b);
	}
}

/* Mails have two letters, people write more. */
static void
test_language(void)
{
	static const struct {
		const char *code, *is;
		bool yes;
	} table[] = {
		{ "pt-BR", "pt", true },
		{ "pt-br", "pt", true },
		{ "pt", "pt-BR", true },
		{ "pt-BR", "pt-br", true },
		{ "pt-PT", "pt-br", false },
		{ "pt-BR", "p", false },
		{ "pt-BR", "", false },
		{ "pt", "ptx", false },
		{ "de fr", "fr", true },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct bench b = { 0 };
		struct ticket t = ticket_blank;
		struct facts f = { .mailbox = "", .now = MONDAY, .ticket = &t };

		t.language = table[i].is;
		test_ok(build(&b,
			    arena_printf(&b.arena,
				"rule r { when language %s; tag x }\n",
				table[i].code)) == 0,
		    "language %s", table[i].code);
		ask(&b, "Subject: x\n\nx\n", &f);
		test_ok((b.v.results[0].verdict == VERDICT_YES) == table[i].yes,
		    "'%s' is %s'%s'", table[i].is, table[i].yes ? "" : "not ",
		    table[i].code);
		done(&b);
	}
}

/* The marks of filters. */
static void
test_spam(void)
{
	static const struct {
		const char *field;
		bool yes;
	} table[] = {
		{ "X-Spam-Flag: YES", true },
		{ "X-Spam-Flag: NO", false },
		{ "X-Spam-Status: Yes, score=9.1", true },
		{ "X-Spam-Status: No, score=0.1 YES", false },
		{ "X-Rspamd-Action: add header", true },
		{ "X-Rspamd-Action: no action", false },
		{ "X-Nothing: yes", false },
		{ "X-MS-Exchange-Organization-SCL: 5", true },
		{ "X-MS-Exchange-Organization-SCL: 9", true },
		{ "X-MS-Exchange-Organization-SCL: 4", false },
		{ "X-MS-Exchange-Organization-SCL: -1", false },
		{ "X-MS-Exchange-Organization-SCL: high", false },
		{ "X-Forefront-Antispam-Report: CIP:192.0.2.1;CTRY:;"
		  "LANG:en;SCL:6;SRV:;\n IPV:NLI;SFV:SPM;",
		    true },
		{ "X-Forefront-Antispam-Report: CIP:192.0.2.1;LANG:en;\n"
		  " SCL:1;SRV:;",
		    false },
		{ "X-Forefront-Antispam-Report: BSCL:9;SCL:;X:SCL:9", false },
		{ "X-Forefront-Antispam-Report: scl: 7", true },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct arena a = { 0 };
		char *text = arena_printf(
		    &a, "From: a@b.example\n%s\n\nx\n", table[i].field);

		test_ok(matches("when spam yes", text) == table[i].yes &&
			matches("when spam no", text) != table[i].yes,
		    "%s: %s", table[i].field, table[i].yes ? "spam" : "none");
		arena_done(&a);
	}
}

/* Answers between quoted lines: what is quoted is not what is meant. */
static void
test_between(void)
{
	static const char between[] =
	    "From: maria@kunde.example\nTo: support@example.com\n"
	    "Subject: Re: case 4711\nIn-Reply-To: <q1@example.com>\n\n"
	    "On Mon, 23 Nov 2026 at 09:00, Bob <bob@example.com> wrote:\n"
	    "> Is the printer on?\n\nThe lamp is green.\n\n"
	    "> Did a virus scan find something?\n\nNothing was found.\n";
	static const char fresh[] =
	    "From: maria@kunde.example\nTo: support@example.com\n"
	    "Subject: case 4712\n\nThe window says:\n> disk is full\n"
	    "> call support\nWhat now?\n";

	test_ok(matches("when text has lamp", between), "own words");
	test_ok(matches("when text has found", between), "the last own words");
	test_ok(!matches("when text has virus", between), "words only quoted");
	test_ok(
	    !matches("when text /printer/", between), "the same by pattern");
	test_ok(matches("when body has virus", between), "the body has all");
	test_ok(matches("when text has disk", fresh),
	    "\">\" of a mail that answers none is the writer's");
}

static void
test_conditions(void)
{
	static const struct {
		const char *when;
		bool yes;
	} table[] = {
		{ "when subject has printer", true },
		{ "when subject has PRINTER drucker", true },
		{ "when subject has print", false },
		{ "when subject has cafe", true },
		{ "when subject has \"printer is down\"", true },
		{ "when body has \"remote access\"", true },
		{ "when body has quoted", true },
		{ "when text has quoted", false },
		{ "when text has printer", true },
		{ "when text has drucker", true },
		{ "when subject \"er is do\"", true },
		{ "when subject \"er is do.\"", false },
		{ "when subject /case (?<n>\\d+)/", true },
		{ "when subject /CASE/", false },
		{ "when subject /CASE/i", true },
		{ "when subject has nothing /case/", true },
		{ "when from maria@kunde.example", true },
		{ "when from MARIA@Kunde.example", true },
		{ "when from @kunde.example", true },
		{ "when from @unde.example", false },
		{ "when from \"gomez\"", true },
		{ "when from /^maria gomez </i", true },
		{ "when from vip", true },
		{ "when requester vip", true },
		{ "when requester @other.example", false },
		{ "when org kunde", true },
		{ "when to billing@example.com", true },
		{ "when to boss@other.example", false },
		{ "when cc boss@other.example", true },
		{ "when sender maria@kunde.example", true },
		{ "when header X-Thing /^two/", true },
		{ "when header x-thing \"ONE\"", true },
		{ "when header X-Thing has three", true },
		{ "when header X-Other /./", false },
		{ "when header X-Coded \"st\xc3\xb6rung\"", true },
		{ "when header X-Coded /^St\xc3\xb6rung$/", true },
		{ "when header Subject has cafe", true },
		{ "when attachment *.pdf", true },
		{ "when attachment *.doc *.pdf", true },
		{ "when attachment application/pdf", true },
		{ "when attachment application/*", true },
		{ "when attachment has invoice", true },
		{ "when attachment >5", true },
		{ "when attachment >5K", false },
		{ "when attachment <5K", true },
		{ "when size >100", true },
		{ "when size >1M", false },
		{ "when size <1M", true },
		{ "when spam yes", true },
		{ "when spam no", false },
		{ "when priority normal", true },
		{ "when priority critical high", false },
		{ "when impact medium", true },
		{ "when type incident", true },
		{ "when status open", true },
		{ "when tier 1", true },
		{ "when assignee nobody", true },
		{ "when hours open office", true },
		{ "when hours off", false },
		{ "when similar 2 within 1h", false },
		{ "unless subject has printer", false },
		{ "unless subject has scanner", true },
		{ "when subject has printer\n unless from vip", false },
		{ "when subject has printer\n when body has drucker", true },
		{ "when subject has printer\n when body has scanner", false },
		{ "any {\n subject has scanner\n body has drucker\n }", true },
		{ "any {\n subject has scanner\n body has fax\n }", false },
		{ "", true },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		test_ok(matches(table[i].when, mail) == table[i].yes, "%s: %s",
		    table[i].when, table[i].yes ? "yes" : "no");
}

static const char *
changed(const struct decision *d, enum change_kind kind, const char **why)
{
	const char *found = "";

	for (size_t i = 0; i < d->n; i++) {
		if (d->list[i].kind != kind)
			continue;
		found = d->list[i].text != NULL ? d->list[i].text : "";
		if (why != NULL)
			*why = d->list[i].why;
	}
	return found;
}

static int64_t
number(const struct decision *d, enum change_kind kind)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].kind == kind)
			return d->list[i].value;
	return -1;
}

static void
test_order(void)
{
	struct bench b = { 0 };
	const char *why = "";

	test_ok(build(&b,
		    "rule one { assign team network; set impact high; tag a }\n"
		    "rule two {\n when text has drucker\n assign team desk\n"
		    " tag a b\n set category printer\n}\n"
		    "rule three { when team desk; when priority high\n"
		    " set urgency high; watch bob; sla fast }\n"
		    "rule four { when category printer; when tag b\n"
		    " set subject \"P: printer\"; stop }\n"
		    "rule five { tag never }\n") == 0,
	    "five rules");
	ask(&b, mail, NULL);
	test_text(changed(&b.d, CHANGE_TEAM, &why), "desk", "the later wins");
	test_text(why, "rule two (test.conf:19): text \"Drucker\"",
	    "and says why: %s", why);
	test_ok(number(&b.d, CHANGE_IMPACT) == LEVEL_HIGH &&
		number(&b.d, CHANGE_URGENCY) == LEVEL_HIGH &&
		number(&b.d, CHANGE_PRIORITY) == PRIORITY_CRITICAL,
	    "the matrix is asked while rules run and at the end");
	changed(&b.d, CHANGE_PRIORITY, &why);
	test_text(why, "priority-matrix (built in): impact high x urgency high",
	    "the priority says so");
	test_text(changed(&b.d, CHANGE_SUBJECT, NULL), "P: printer",
	    "a rule tests what another has set");
	test_text(changed(&b.d, CHANGE_PARTICIPANT, NULL), "bob@example.com",
	    "a watcher by name");
	test_text(b.v.sla.text, "fast", "the sla is kept for its time");
	test_ok(b.v.results[4].verdict == VERDICT_SKIPPED, "stop ends");
	test_ok(b.v.end == EVALUATION_TICKET && b.v.limits == 0, "a ticket");
	done(&b);
}

static void
test_pin(void)
{
	struct bench b = { 0 };

	build(&b,
	    "rule a { set priority low }\nrule b { set impact high }\n"
	    "rule c { when priority low; tag pinned }\n");
	ask(&b, mail, NULL);
	test_ok(
	    number(&b.d, CHANGE_PRIORITY) == PRIORITY_LOW && b.v.ticket.pinned,
	    "a priority outright stays");
	test_text(
	    changed(&b.d, CHANGE_PRIORITY, NULL), "pinned", "and is marked so");
	test_text(changed(&b.d, CHANGE_TAG, NULL), "pinned", "rules see it");
	done(&b);
	build(&b,
	    "rule a { set priority low }\nrule b { set impact high }\n"
	    "rule c { set priority matrix }\n");
	ask(&b, mail, NULL);
	test_ok(number(&b.d, CHANGE_PRIORITY) == PRIORITY_HIGH,
	    "back to the matrix");
	done(&b);
}

static void
test_groups(void)
{
	struct bench b = { 0 };

	build(&b,
	    "rule m {\n when subject /case (?<case>\\d+)(?<none>z)?/\n"
	    " merge open tickets \"case {{match.case}}{{match.none}}\"\n"
	    " set requester \"case {{match.case}}\"\n"
	    " set category c{{match.case}}\n log \"{{match.case}} seen\"\n}\n");
	ask(&b, mail, NULL);
	test_text(b.v.merge.text, "case 4711", "a group in a key");
	test_text(changed(&b.d, CHANGE_REQUESTER, NULL), "case 4711",
	    "a requester that is no person");
	test_text(changed(&b.d, CHANGE_CATEGORY, NULL), "c4711",
	    "a group in a category");
	done(&b);
	test_ok(
	    build(&b, "rule m { when subject has x; tag {{match.host}} }\n") ==
		    -1 &&
		strstr(buf_text(&b.report),
		    "there is no 'match.host' in rule 'm'") != NULL,
	    "a group that no pattern gives is an error");
	done(&b);
	test_ok(build(&b, "rule m { when subject has \"...\"; tag x }\n") == -1,
	    "a phrase without a word is an error");
	done(&b);
}

/* A key that says nothing would be the key of all mails. */
static void
test_empty_key(void)
{
	static const struct {
		const char *when, *key, *made; /* made NULL: no merge */
	} table[] = {
		{ "subject /case (?<a>z)?/", "host {{match.a}}", NULL },
		{ "subject /case(?<a> )/", "host {{match.a}}", NULL },
		{ "subject /(?<a>z)|(?<b>y)|case/", "{{match.a}}-{{match.b}}",
		    NULL },
		{ "subject /(?<a>z)|case (?<b>\\d)/", "{{match.a}}-{{match.b}}",
		    "-4" },
		{ "subject /(?<a>z)?case/", "all alarms", "all alarms" },
		{ "subject /(?<a>z)?case/", " ", NULL },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct bench b = { 0 };
		bool merge = table[i].made != NULL;
		const char *why = "";

		test_ok(
		    build(&b,
			arena_printf(&b.arena,
			    "rule m { when %s; merge open tickets \"%s\" }\n",
			    table[i].when, table[i].key)) == 0,
		    "%s builds", table[i].when);
		ask(&b, mail, NULL);
		test_text(merge ? table[i].made : "no key",
		    b.v.merge.text != NULL ? b.v.merge.text : "no key",
		    "%s gives \"%s\"", table[i].when, table[i].key);
		test_text(changed(&b.d, CHANGE_EVENT, &why),
		    merge ? "" : "not-merged", "the history says so");
		test_ok(merge || strstr(why, "is empty") != NULL, "and why: %s",
		    why);
		test_ok((b.v.results[0].steps[0].refused == NULL) == merge,
		    "and so does the account of the rule");
		done(&b);
	}
}

/* What a stranger may try with a slow pattern. */
static void
test_limits(void)
{
	struct bench b = { 0 };
	char *evil;
	static char as[17000];

	memset(as, 'a', sizeof(as) - 1);
	build(&b,
	    "rule hold { when body /a*a*a*[bc]/; quarantine strange }\n"
	    "rule route { when body /a*a*a*[bc]/; assign team network }\n"
	    "rule not { when subject has x; unless body /a*a*a*[bc]/\n"
	    " quarantine other }\n");
	evil = arena_printf(&b.arena, "Subject: x\n\n%s", as);
	ask(&b, evil, NULL);
	test_ok(b.v.end == EVALUATION_HOLD && b.v.results[0].limited,
	    "a rule that holds does so when it cannot tell");
	test_ok(b.v.results[1].verdict == VERDICT_NO && b.v.results[1].limited,
	    "a rule that grants does not");
	test_ok(b.v.results[2].verdict == VERDICT_YES,
	    "an unless that cannot tell does not free from being held");
	test_ok(b.v.limits == 3, "they are counted");
	test_text(b.v.reason.text, "other", "the last reason is told");
	done(&b);
	build(&b, "rule h { quarantine one }\nrule d { drop quietly }\n");
	ask(&b, mail, NULL);
	test_ok(b.v.end == EVALUATION_HOLD, "what is held is not dropped");
	done(&b);
	build(&b, "rule d { drop quietly }\nrule h { hold one }\n");
	ask(&b, mail, NULL);
	test_ok(b.v.end == EVALUATION_HOLD, "whatever the order");
	done(&b);
}

static void
test_occasions(void)
{
	struct bench b = { 0 };
	struct facts f = {
		.mailbox = "", .now = MONDAY, .occasion = OCCASION_REPLY
	};

	build(&b,
	    "rule a { tag a }\nrule b { on reply; tag b }\n"
	    "rule c { on new reply timer; tag c }\n");
	ask(&b, mail, &f);
	test_ok(b.v.results[0].verdict == VERDICT_SKIPPED &&
		b.v.results[1].verdict == VERDICT_YES &&
		b.v.results[2].verdict == VERDICT_YES,
	    "a rule is asked on its occasions");
	done(&b);
}

/* What the rules of a configuration say of themselves: no error, no warning,
 * and each of their tests holds. */
static void
test_conf(const char *path, size_t rules, size_t tests)
{
	struct arena a = { 0 };
	struct buf text;
	struct conf_report rep = { .text = &text };
	struct conf *c = NULL;
	struct rule_tests t = { .matcher = matcher_new(cpu), .rep = &rep };
	struct zone *z = NULL;
	struct err e = { 0 };
	struct rulebook *book = NULL;

	buf_init(&text, 1 << 20);
	test_ok(conf_load(&a, path, &files_conf_source, &c, &rep) == 0,
	    "%s loads", path);
	test_ok(c != NULL && build_book(&a, c, &rep, &book) == 0 &&
		zones_load(&a, c->timezone, &z, &e) == 0,
	    "its rules are built");
	if (book != NULL) {
		t.book = book;
		t.zone = z;
		rule_lint(&a, book, &rep);
		rule_tests_run(&a, &t);
		test_ok(book->n == rules, "%zu rules", book->n);
	}
	test_ok(t.run == tests && t.failed == 0 && rep.errors == 0 &&
		rep.warnings == 0,
	    "its %zu tests hold: %s", t.run, buf_text(&text));
	matcher_free(t.matcher);
	buf_done(&text);
	arena_done(&a);
}

/* Every kind of expectation that does not hold, and what is said. */
static void
test_failing(void)
{
	struct bench b = { 0 };
	struct conf_report rep = { 0 };
	struct rule_tests t = { 0 };
	static const char *const lines[] = {
		"test 'x': team is 'desk', not 'network'",
		"no rule set it",
		"test 'x': urgency is 'low', not 'high'",
		"rule a did that (test.conf:16)",
		"test 'x': there is no tag 'vpn'",
		"test 'x': rule 'b' does not match",
		"test 'x': rule 'a' matches too",
		"test 'x': no rule does 'drop'",
		"the mail is held",
	};

	build(&b,
	    "rule a { set urgency low; hold why }\n"
	    "rule b { when subject has vpn; assign team network }\n"
	    "test \"x\" { subject hello; expect team network\n"
	    " expect urgency high; expect tag vpn; expect rules b\n"
	    " expect action drop; expect impact medium }\n");
	rep.text = &b.report;
	t = (struct rule_tests){
		.book = b.book, .matcher = b.matcher, .rep = &rep
	};
	rule_tests_run(&b.arena, &t);
	test_ok(t.run == 1 && t.failed == 1 && rep.errors == 6,
	    "one test fails, in six ways: %d", rep.errors);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		test_ok(strstr(buf_text(&b.report), lines[i]) != NULL,
		    "it says: %s", lines[i]);
	done(&b);
}

/* A ticket is of the tier of its team, unless a rule says otherwise. */
static void
test_tier(void)
{
	static const struct {
		const char *rules;
		int64_t tier; /* -1: no change */
	} table[] = {
		{ "team lab { tier 3; members ana }\n"
		  "rule r { assign team lab }\n",
		    3 },
		{ "team lab { tier 3; members ana }\n"
		  "rule r { assign team lab; set tier 2 }\n",
		    2 },
		{ "rule r { assign team network }\n", -1 },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct bench b = { 0 };
		struct mail m = { .subject = "x", .text = "", .new_text = "" };
		struct routing r = { .mailbox = "", .now = MONDAY };
		struct routed out;
		struct err e = { 0 };

		test_ok(build(&b, table[i].rules) == 0, "rules %zu", i);
		r.book = b.book;
		r.matcher = b.matcher;
		decision_init(&b.d, &b.arena, 0, "mail");
		routing_new(&r, &m, &ticket_blank, &b.d, &out, &e);
		test_ok(number(&b.d, CHANGE_TIER) == table[i].tier, "tier %lld",
		    (long long)table[i].tier);
		done(&b);
	}
}

int
main(void)
{
	test_conditions();
	test_between();
	test_order();
	test_pin();
	test_groups();
	test_empty_key();
	test_limits();
	test_occasions();
	test_tier();
	test_reply();
	test_spam();
	test_language();
	test_long();
	test_conf("tests/conf/sample/deskd.conf", 13, 3);
	test_conf("conf/deskd.conf", 28, 63);
	test_failing();
	return test_end();
}
