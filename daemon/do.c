/*
 * One line of the command line, carried out.  The mail of an agent takes the
 * same way in work_act.c; what is not here is what only a mail has: proof,
 * tokens, questions that wait for an answer.  A question is a "no" here.
 */
#include "daemon/do.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/wake.h"
#include "daemon/work_say.h"
#include "parser/limits.h"
#include "parser/utf8.h"
#include "rules/guard.h"

#define LOGIN_MAX 64

/* One ticket in hand. */
struct doing_one {
	struct doing *x;
	struct ticket ticket;
	struct done *out;
	struct post post;
};

/* Whoever used sudo is meant, not the account that it led to. */
static const char *
login_name(struct context *c)
{
	struct arena *a = &c->arena;
	/* NOLINTBEGIN(concurrency-mt-unsafe): one thread */
	const char *name = getenv("SUDO_USER");
	struct passwd *pw = name != NULL && *name != '\0'
	    ? getpwnam(name)
	    : getpwuid((uid_t)c->uid);
	/* NOLINTEND(concurrency-mt-unsafe) */

	if (pw == NULL)
		return arena_printf(a, "cli %ld", c->uid);
	return arena_printf(a, "cli %s", utf8_line(a, pw->pw_name, LOGIN_MAX));
}

static int
choose_agent(struct doing *x, const char *as)
{
	struct arena *a = &x->c->arena;

	x->login = x->who = login_name(x->c);
	if (as == NULL)
		return 0;
	x->agent = conf_agent(x->c->conf, as);
	if (x->agent == NULL)
		x->agent = conf_agent_by_address(x->c->conf, as);
	if (x->agent == NULL) {
		fprintf(stderr, "deskd: there is no agent '%s'\n", as);
		return 1;
	}
	x->who = arena_printf(a, "agent %s", x->agent->name);
	return 0;
}

int
do_open(struct doing *x, struct context *c, bool dry, const char *as)
{
	struct err e = { 0 };
	int rc;

	*x = (struct doing){
		.c = c, .dry = dry, .now = clock_now(), .status = STATUS_COUNT
	};
	x->words.text = x->words.before = "";
	rc = choose_agent(x, as);
	if (rc != 0)
		return rc;
	if (work_prepare(&x->work, c, &e) == -1)
		return cmd_fail(&e);
	return 0;
}

void
do_close(struct doing *x)
{
	if (x->work.db != NULL)
		work_release(&x->work);
}

bool
do_word(struct doing *x, enum command_word word, const char *value)
{
	struct arena *a = &x->c->arena;
	struct command_mail *m = &x->words;
	struct command *list = arena_calloc(a, m->n + 1, sizeof(*list));

	if (!utf8_valid(value, strlen(value)))
		return false;
	if (m->n > 0)
		memcpy(list, m->list, m->n * sizeof(*list));
	list[m->n++] = (struct command){ .word = word,
		.written = arena_printf(a, "#%s", command_names[word]),
		.value = utf8_line(a, value, MAIL_SUBJECT_MAX) };
	m->list = list;
	return true;
}

/* Deciding. */

static int
find_ticket(
    void *ctx, int64_t number, struct ticket *out, bool *found, struct err *e)
{
	struct doing *x = ctx;

	if (tickets_load_survivor(x->work.db, &x->work.arena, number, out, e) ==
	    -1)
		return -1;
	*found = out->number != 0;
	return 0;
}

/* The words behind every change: also who sat there in an agent's name. */
static const char *
spoken_by(struct doing *x)
{
	return x->agent == NULL
	    ? x->who
	    : arena_printf(&x->c->arena, "%s (%s)", x->who, x->login);
}

/* A status that no command of a mail has a word for. */
static void
set_status(struct doing_one *o)
{
	struct doing *x = o->x;

	if (x->status == STATUS_COUNT || x->status == o->ticket.status)
		return;
	decision_add(&o->out->d, CHANGE_STATUS, x->status, NULL,
	    arena_printf(&x->work.arena, "%s: set status %s", spoken_by(x),
		status_names[x->status]));
	o->out->d.act = true;
}

/* Nothing internal leaves by this way either. */
static void
guard(struct doing_one *o)
{
	struct doing *x = o->x;
	struct guard g = { .conf = x->work.conf,
		.keys = &x->work.keys,
		.agent = x->agent,
		.text = o->out->r.text,
		.parts = x->parts.list,
		.parts_n = x->parts.n };
	struct guard_find found = { 0 };

	guard_look(&x->work.arena, &g, &found);
	if (found.what != NULL)
		x->refused = arena_printf(&x->work.arena,
		    "it would go to the requester, but %s stands in %s",
		    found.what, found.where);
}

static int
decide(struct doing_one *o, struct err *e)
{
	struct doing *x = o->x;
	struct act_result *r = &o->out->r;
	struct act in = { .ask = { .conf = x->work.conf,
			      .book = x->work.ruling.book,
			      .agent = x->agent,
			      .who = spoken_by(x),
			      .ticket = &o->ticket,
			      .zone = ruling_zone(&x->work.ruling, x->agent),
			      .now = x->now,
			      .find = find_ticket,
			      .ctx = x },
		.words = &x->words,
		.files = x->parts.n > 0 };

	*r = (struct act_result){ .text = "" };
	if ((x->words.n > 0 || *x->words.text != '\0' || in.files) &&
	    act_decide(&in, &o->out->d, r, e) == -1)
		return -1;
	if (r->asks)
		x->refused = r->problem;
	else
		set_status(o);
	if (x->refused == NULL && r->answers)
		guard(o);
	return 0;
}

/* Rules may have a say in what agents do. */
static int
ask_rules(struct doing_one *o, struct err *e)
{
	struct work *w = &o->x->work;
	struct ruling_ask ask = { .ruling = &w->ruling,
		.db = w->db,
		.arena = &w->arena,
		.now = o->x->now };
	struct routing_source src = ruling_source(&ask);
	struct routing r = { .book = w->ruling.book,
		.matcher = w->ruling.matcher,
		.src = &src,
		.occasion = OCCASION_AGENT,
		.mailbox = "",
		.now = o->x->now,
		.released = true };
	struct routed routed;
	struct ticket after;

	decision_ticket(&o->out->d, &o->ticket, &after);
	return routing_more(&r, NULL, &after, &o->out->d, &routed, e);
}

/* Letters. */

/* Files leave with the letter; the history keeps their names. */
static void
name_files(struct doing_one *o)
{
	const struct parts *p = &o->x->parts;

	for (size_t i = 0; o->out->r.answers && i < p->n; i++)
		decision_add(
		    &o->out->d, CHANGE_EVENT, 0, "attached", spoken_by(o->x))
		    ->text2 = arena_printf(&o->x->work.arena, "%s (%zu bytes)",
		    p->list[i].name, p->list[i].size);
}

static void
say_who(struct doing *x, struct post *p)
{
	p->by = x->agent;
	p->receipt = true; /* he sees it on his screen */
	p->from_name = x->agent != NULL ? x->agent->shown
					: x->login + strlen("cli ");
	p->from_address = x->agent != NULL ? x->agent->emails[0] : NULL;
}

static int
send_all(struct doing_one *o, struct err *e)
{
	const struct act_result *r = &o->out->r;
	enum tell_event event = r->answers ? TELL_ANSWER
	    : r->note                      ? TELL_NOTE
					   : TELL_CHANGE;
	const struct post_answer words = {
		.agent = o->x->agent, .text = r->text, .parts = &o->x->parts
	};

	if (post_open(&o->post, &o->x->work, &o->out->d, &o->ticket, o->x->now,
		e) == -1)
		return -1;
	say_who(o->x, &o->post);
	o->post.text = r->text;
	if (r->answers)
		o->post.parts = &o->x->parts;
	if (post_said(&o->post, r, &words, &o->out->leaves, e) == -1)
		return -1;
	name_files(o);
	return post_tell(&o->post, event, r->said.escalate != NULL, e);
}

/* Words that are more than changes of this ticket. */
static int
special(struct doing_one *o, bool *was, struct err *e)
{
	struct commands_answer *said = &o->out->r.said;
	struct say s = { .work = &o->x->work,
		.ticket = &o->ticket,
		.agent = o->x->agent,
		.said = said,
		.now = o->x->now,
		.d = &o->out->d };
	int rc;

	*was = said->undo || said->split || said->unmerge;
	if (!*was)
		return 0;
	rc = said->undo   ? work_undo(&s, e)
	    : said->split ? work_split(&s, e)
			  : work_unmerge(&s, e);
	if (rc == 0 && s.nothing && said->done_n > 0)
		o->x->refused = said->done[said->done_n - 1];
	return rc;
}

static int
run(struct doing_one *o, struct err *e)
{
	struct doing *x = o->x;
	bool was = false;

	if (decide(o, e) == -1)
		return -1;
	if (x->refused != NULL)
		return 0;
	if (ask_rules(o, e) == -1 || special(o, &was, e) == -1)
		return -1;
	if (x->refused != NULL)
		return 0;
	if (!was && o->out->d.n > 0 && send_all(o, e) == -1)
		return -1;
	o->out->lines = o->out->r.said.done;
	o->out->lines_n = o->out->r.said.done_n;
	return tickets_apply(x->work.db, &o->out->d, NULL, x->now, e);
}

static bool
is_word(const struct doing *x, enum command_word word)
{
	return x->words.n == 1 && x->words.list[0].word == word;
}

/* A merged ticket stands for the one that lives on, but where it is itself what
 * is taken out again. */
static int
load(struct doing_one *o, int64_t number, struct err *e)
{
	struct doing *x = o->x;
	struct work *w = &x->work;
	struct ticket *t = &o->ticket;

	if (tickets_load(w->db, &w->arena, number, t, e) == -1)
		return -1;
	if (t->number == 0) {
		x->refused = arena_printf(
		    &w->arena, "there is no ticket %s", cmd_tag(x->c, number));
		return 0;
	}
	if (t->merged_into == 0)
		return 0;
	if (is_word(x, COMMAND_UNMERGE)) {
		struct command *c = &x->words.list[0];

		c->value = cmd_tag(x->c, number);
		return tickets_load(w->db, &w->arena, t->merged_into, t, e);
	}
	/* Which two it is about is clear already. */
	if (is_word(x, COMMAND_MERGE))
		return 0;
	return tickets_load_survivor(w->db, &w->arena, number, t, e);
}

int
do_ticket(struct doing *x, int64_t number, struct done *out, struct err *e)
{
	struct doing_one o = { .x = x, .out = out };

	*out = (struct done){ .number = number };
	if (load(&o, number, e) == -1)
		return -1;
	if (x->refused != NULL)
		return 0;
	if (o.ticket.number != number && !is_word(x, COMMAND_UNMERGE)) {
		if (!x->c->quiet)
			fprintf(stderr, "%s is merged into %s\n",
			    cmd_tag(x->c, number),
			    cmd_tag(x->c, o.ticket.number));
		out->number = o.ticket.number;
	}
	decision_init(&out->d, &x->work.arena, o.ticket.number, x->who);
	return run(&o, e);
}

/* All of a line. */

static int
carry_out(struct doing *x, const struct do_each *each, struct done *list,
    struct err *e)
{
	if (db_begin(x->work.db, e) == -1)
		return -1;
	for (size_t i = 0; i < each->n && x->refused == NULL; i++)
		if (each->one(x, each, i, &list[i], e) == -1) {
			db_rollback(x->work.db);
			return -1;
		}
	if (x->refused == NULL && !x->dry)
		return db_commit(x->work.db, e);
	db_rollback(x->work.db);
	return 0;
}

int
do_all(struct doing *x, const struct do_each *each)
{
	struct done *list = arena_calloc(
	    &x->c->arena, each->n + 1, sizeof(*list));
	struct err e = { 0 };

	if (carry_out(x, each, list, &e) == -1) {
		int rc = cmd_fail(&e);

		return e.kind == ERR_REJECT ? 1 : rc;
	}
	if (x->refused != NULL) {
		fprintf(stderr, "deskd: %s\n", x->refused);
		return 1;
	}
	if (x->work.letters && !x->dry)
		wake_send(x->c->dir, "send");
	return do_print(x, list, each->n);
}
