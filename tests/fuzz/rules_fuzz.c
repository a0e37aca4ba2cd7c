/*
 * Any bytes as rules, any bytes as the mail they are asked about.  Input: the
 * configuration up to the first 0xff, then the mail.  What loads is built,
 * looked at, tested and asked, on every occasion; what is decided has a why,
 * clean text and values that exist, the same each time, and a mail that one
 * rule holds is never dropped or let through by another.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/limits.h"
#include "parser/utf8.h"
#include "rules/evaluate.h"
#include "rules/pattern.h"
#include "rules/routing.h"
#include "rules/rule_lint.h"
#include "rules/rule_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW       1785222846
#define TESTS_MAX 4 /* each may cost as much as a mail */

static const char people[] =
    "address support@example.com\ntimezone UTC\nlanguages en de\n"
    "agent ana \"Ana Silva\" { email ana@example.com; skills vpn }\n"
    "agent bob { email bob@example.com; max-open 2 }\n"
    "agent eva { email eva@example.com; away 2026-01-01..2027-01-01 to ana }\n"
    "team desk { members ana bob eva; lead bob; assign round-robin }\n"
    "team network { members ana bob; lead ana; assign skill }\n"
    "vip ceo@example.com @kunde.example\n"
    "org kunde \"Kunde GmbH\" { domain kunde.example }\n"
    "calendar office { hours mon-fri 08:00-18:00 }\n"
    "webhook noc { type json; url https://noc.example.com/; events ticket.* }\n";

struct input {
	const char *text;
	size_t n;
};

static int
give(void *ctx, struct arena *a, const char *path, char **data, size_t *n,
    struct err *e)
{
	const struct input *in = ctx;

	if (strcmp(path, "a.conf") != 0)
		return err_set(e, ERR_REJECT, "%s: no such file", path);
	*n = strlen(people) + in->n;
	*data = arena_alloc(a, *n + 1);
	memcpy(*data, people, strlen(people));
	memcpy(*data + strlen(people), in->text, in->n);
	return 0;
}

static void
judge(void *ctx, struct arena *a, const char *text, const char *flags,
    size_t most, struct conf_pattern *out)
{
	struct pattern_trial trial = { .most = most };

	(void)ctx;
	pattern_judge(a, text, flags, &trial, out);
}

static int
no_zone(void *ctx, struct arena *a, const char *name, struct zone **out,
    struct err *e)
{
	(void)ctx;
	(void)a;
	(void)e;
	(void)name;
	*out = NULL;
	return 0;
}

static int
no_holidays(void *ctx, struct arena *a, const char *path, char **bytes,
    size_t *n, struct err *e)
{
	(void)ctx;
	(void)a;
	(void)bytes;
	(void)n;
	return err_set(e, ERR_REJECT, "%.80s: no such file", path);
}

/* Each look costs a third of what a mail may: three slices, then it is over. */
static int64_t
tick(void)
{
	static int64_t now;

	return now += PATTERN_MAIL_US / 3;
}

static int
similar(void *ctx, int64_t within, int64_t *n, struct err *e)
{
	(void)ctx;
	(void)e;
	assert(within > 0);
	*n = within % 7;
	return 0;
}

static int
merge(void *ctx, const char *key, int64_t *ticket, struct err *e)
{
	(void)ctx;
	(void)e;
	assert(utf8_valid(key, strlen(key)));
	*ticket = strlen(key) % 2 == 0 ? 0 : 1001;
	return 0;
}

static int
states(void *ctx, const struct conf_team *team, const struct agent_state **out,
    size_t *n, struct err *e)
{
	static const struct agent_state list[] = { { "ana", 1, 7 },
		{ "bob", 2, 5 } };

	(void)ctx;
	(void)team;
	(void)e;
	*out = list;
	*n = 2;
	return 0;
}

static void
check_text(const char *s)
{
	if (s != NULL)
		assert(utf8_valid(s, strlen(s)));
}

static void
check_said(const struct said *s)
{
	check_text(s->text);
	if (s->text != NULL)
		assert(s->why != NULL);
	check_text(s->why);
}

/* The most a change may say, by its kind; 0: it has no number. */
static const int ranges[CHANGE_COUNT] = { [CHANGE_STATUS] = STATUS_COUNT,
	[CHANGE_TYPE] = TYPE_COUNT,
	[CHANGE_IMPACT] = LEVEL_COUNT,
	[CHANGE_URGENCY] = LEVEL_COUNT,
	[CHANGE_PRIORITY] = PRIORITY_COUNT,
	[CHANGE_TIER] = 5,
	[CHANGE_PARTICIPANT] = ROLE_COUNT,
	[CHANGE_MESSAGE] = DIRECTION_COUNT };

static void
check_decision(const struct decision *d, const struct conf *c)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct change *k = &d->list[i];

		assert(k->why != NULL && *k->why != '\0');
		check_text(k->why);
		check_text(k->text);
		check_text(k->text2);
		if (ranges[k->kind] > 0)
			assert(k->value >= 0 && k->value < ranges[k->kind]);
		if (k->kind == CHANGE_TEAM)
			assert(conf_team(c, k->text) != NULL);
		if (k->kind == CHANGE_ASSIGNEE)
			assert(conf_agent(c, k->text) != NULL);
		if (k->kind == CHANGE_TAG || k->kind == CHANGE_SUBJECT ||
		    k->kind == CHANGE_CATEGORY)
			assert(
			    *k->text != '\0' && strchr(k->text, '\n') == NULL);
	}
}

static void
check_evaluation(const struct evaluation *v)
{
	bool held = false, dropped = false;

	for (size_t i = 0; i < v->n; i++) {
		const struct rule_result *r = &v->results[i];

		check_text(r->why);
		assert((r->verdict == VERDICT_YES) == (r->why != NULL));
		assert((r->verdict == VERDICT_NO) == (r->failed != NULL));
		for (size_t j = 0; j < r->steps_n; j++) {
			enum action_kind kind = r->steps[j].action->kind;

			check_text(r->steps[j].old);
			check_text(r->steps[j].new);
			held |= kind == ACTION_HOLD;
			dropped |= kind == ACTION_DROP;
		}
	}
	assert((v->end == EVALUATION_HOLD) == held);
	assert((v->end == EVALUATION_DROP) == (dropped && !held));
	check_said(&v->reason);
	check_said(&v->merge);
	check_said(&v->agent);
	check_said(&v->team);
	check_said(&v->sla);
	check_said(&v->reply);
	for (size_t i = 0; i < v->suggest_n; i++)
		check_said(&v->suggest[i]);
	for (size_t i = 0; i < v->notify_n; i++)
		check_said(&v->notify[i]);
}

struct asked {
	struct arena *arena;
	struct rulebook *book;
	struct matcher *matcher;
	struct mail mail;
	int64_t size;
};

static void
fresh(const struct mail *m, struct ticket *t)
{
	*t = ticket_blank;
	t->subject = m->subject != NULL ? m->subject : "";
	t->requester = m->from_addr != NULL ? m->from_addr : "";
	t->language = m->language != NULL ? m->language : "";
}

static void
route(struct asked *k, enum occasion occasion, struct decision *d,
    struct routed *out)
{
	static const char *const tags[] = { "vpn", "seen" };
	static const struct routing_source src = {
		.similar = similar, .merge = merge, .states = states
	};
	struct routing r = { .book = k->book,
		.matcher = k->matcher,
		.src = &src,
		.mailbox = "support",
		.size = k->size,
		.now = NOW };
	struct ticket t;
	struct err e = { 0 };
	int rc;

	fresh(&k->mail, &t);
	decision_init(d, k->arena, 0, "mail");
	if (occasion == OCCASION_NEW) {
		decision_add(d, CHANGE_NEW, 0, t.subject, "new");
		rc = routing_new(&r, &k->mail, &t, d, out, &e);
	} else {
		r.tags = tags;
		r.tags_n = 2;
		t.number = 1001;
		r.occasion = occasion;
		rc = routing_more(&r, &k->mail, &t, d, out, &e);
	}
	assert(rc == 0);
	check_evaluation(&out->evaluation);
	check_decision(d, k->book->conf);
	check_text(out->why);
	assert((out->end == ROUTED_TICKET) == (out->why == NULL));
}

/* Two decisions that say the same. */
static void
check_same(const struct decision *a, const struct decision *b)
{
	assert(a->n == b->n);
	for (size_t i = 0; i < a->n; i++)
		assert(a->list[i].kind == b->list[i].kind &&
		    strcmp(a->list[i].why, b->list[i].why) == 0);
}

static void
ask(struct asked *k)
{
	for (int o = 0; o < OCCASION_COUNT; o++) {
		struct decision one, two;
		struct routed r, s;

		route(k, (enum occasion)o, &one, &r);
		route(k, (enum occasion)o, &two, &s);
		assert(r.end == s.end);
		check_same(&one, &two);
	}
}

static void
run_tests(struct asked *k, const struct conf *c, struct conf_report *rep)
{
	struct rule_tests t = {
		.book = k->book, .matcher = k->matcher, .rep = rep
	};
	size_t tests = 0;
	int errors = rep->errors;

	for (const struct conf_node *n = c->root->child; n != NULL; n = n->next)
		tests += strcmp(n->name, "test") == 0;
	if (tests > TESTS_MAX)
		return;
	rule_tests_run(k->arena, &t);
	assert(t.run == tests && t.failed <= t.run);
	assert((rep->errors > errors) == (t.failed > 0));
}

/* The people of this file load, or no rule would ever be asked. */
static void
check_people(void)
{
	static bool done;
	struct arena a = { 0 };
	struct input in = { .text = "" };
	struct conf_source src = { .read = give, .ctx = &in };
	struct conf_report rep = { 0 };
	struct conf *c;

	if (!done)
		assert(conf_load(&a, "a.conf", &src, &c, &rep) == 0);
	done = true;
	arena_done(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct hours_source hours = { .zone = no_zone,
		.holidays = no_holidays };
	struct arena a = { 0 };
	const uint8_t *cut = memchr(data, 0xff, size);
	struct input in = { .text = (const char *)data,
		.n = cut != NULL ? (size_t)(cut - data) : size };
	struct conf_source src = { .read = give, .pattern = judge, .ctx = &in };
	struct buf text;
	struct conf_report rep = { .text = &text };
	struct asked k = { .arena = &a };
	struct conf *c = NULL;

	check_people();
	buf_init(&text, 1 << 20);
	k.matcher = matcher_new(tick);
	assert(k.matcher != NULL);
	if (conf_load(&a, "a.conf", &src, &c, &rep) == 0 &&
	    rulebook_build(&a, c, &hours, &rep, &k.book) == 0) {
		assert(rep.errors == 0);
		rule_lint(&a, k.book, &rep);
		assert(rep.errors == 0);
		run_tests(&k, c, &rep);
		if (cut != NULL) {
			k.size = (int64_t)(size - in.n - 1);
			mail_parse(&a, cut + 1, (size_t)k.size, &k.mail);
			ask(&k);
		}
	} else {
		assert(rep.errors > 0);
	}
	assert(utf8_valid(buf_text(&text), text.len));
	matcher_free(k.matcher);
	buf_done(&text);
	arena_done(&a);
	return 0;
}
