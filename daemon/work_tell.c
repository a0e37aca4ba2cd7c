/*
 * Who of the staff is told, and what stands in their letters besides what was
 * written: why him, what this requester asked before, who could take it.
 */
#include <stdio.h>
#include <string.h>

#include "daemon/work_post.h"
#include "parser/limits.h"
#include "rules/phrase.h"
#include "store/outbox.h"

#define TELL_BEFORE     3  /* earlier tickets that are shown */
#define TELL_THREAD     10 /* entries of the conversation that are handed on */
#define TELL_COLLEAGUES 3

struct telling {
	struct post *post;
	struct notice_line *before, *thread;
	size_t before_n, thread_n;
	enum tell_event event;
};

/* The requester's other tickets, the newest first. */
static int
find_before(struct telling *x, struct err *e)
{
	struct work *w = x->post->w;
	const struct ticket *t = &x->post->after;
	struct ticket_filter f = { .requester = t->requester,
		.newest = true,
		.limit = TELL_BEFORE + 1 };
	struct ticket *list;
	size_t n = 0;

	if (*t->requester == '\0')
		return 0;
	if (tickets_list(w->db, &w->arena, &f, &list, &n, e) == -1)
		return -1;
	x->before = arena_calloc(&w->arena, n + 1, sizeof(*x->before));
	for (size_t i = 0; i < n && x->before_n < TELL_BEFORE; i++)
		if (list[i].number != t->number)
			x->before[x->before_n++] = (struct notice_line){
				.time = list[i].created,
				.tag = ticket_tag(&w->arena,
				    w->conf->tickets.prefix, list[i].number),
				.who = *list[i].assignee == '\0'
				    ? NULL
				    : list[i].assignee,
				.text = list[i].subject
			};
	return 0;
}

const char *
post_speaker(struct work *w, const struct party_words *m)
{
	const struct conf_agent *agent = conf_agent_by_address(
	    w->conf, m->sender);

	return agent != NULL     ? agent->shown
	    : *m->name != '\0'   ? m->name
	    : *m->sender != '\0' ? m->sender
				 : w->conf->desk;
}

static int
find_thread(struct telling *x, struct err *e)
{
	struct work *w = x->post->w;
	struct post *p = x->post;
	struct party_words *list;
	size_t n = 0;

	if (p->before == NULL)
		return 0;
	if (party_words(w->db, &w->arena,
		&(struct party_ask){ p->after.number, TELL_THREAD }, &list, &n,
		e) == -1)
		return -1;
	x->thread = arena_calloc(&w->arena, n + 2, sizeof(*x->thread));
	/* What is written in this very moment is not in the database yet. */
	if (p->by != NULL && p->text != NULL && *p->text != '\0')
		x->thread[x->thread_n++] = (struct notice_line){ .time = p->now,
			.who = p->by->shown,
			.note = x->event == TELL_NOTE,
			.text = p->text };
	for (size_t i = 0; i < n; i++)
		x->thread[x->thread_n++] =
		    (struct notice_line){ .time = list[i].received,
			    .who = post_speaker(w, &list[i]),
			    .note = list[i].direction == DIRECTION_NOTE,
			    .text = list[i].text };
	return 0;
}

/* Others of the team, to give it to with one tap. */
static size_t
colleagues(struct post *x, const struct conf_agent *to, const char ***out)
{
	const struct conf_team *team = conf_team(x->w->conf, x->after.team);
	size_t n = 0;

	*out = arena_calloc(&x->w->arena, TELL_COLLEAGUES, sizeof(**out));
	for (size_t i = 0; team != NULL && i < team->members_n; i++)
		if (n < TELL_COLLEAGUES &&
		    (to == NULL || strcmp(team->members[i], to->name) != 0))
			(*out)[n++] = team->members[i];
	return n;
}

/* What changed and why, for WHY YOU. */
static const char *
why_line(struct arena *a, const char *language, const struct change *c)
{
	static const struct {
		enum change_kind kind;
		enum phrase as;
	} told[] = {
		{ CHANGE_TEAM, WORD_WHY_TEAM },
		{ CHANGE_ASSIGNEE, WORD_WHY_OWNER },
		{ CHANGE_CATEGORY, WORD_WHY_CATEGORY },
		{ CHANGE_PRIORITY, WORD_WHY_PRIORITY },
	};

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (told[i].kind == c->kind && c->why != NULL)
			return phrase(a, language, told[i].as,
			    c->kind == CHANGE_PRIORITY
				? phrase_priority(
				      language, (enum priority)c->value)
				: c->text,
			    phrase_again(a, language, c->why), NULL);
	return NULL;
}

static void
find_whys(struct post *x, const char *language, struct notice *n)
{
	struct arena *a = &x->w->arena;
	const char **whys = arena_calloc(a, x->d->n + 1, sizeof(*whys));
	const char *one;

	for (size_t i = 0; i < x->d->n; i++)
		if ((one = why_line(a, language, &x->d->list[i])) != NULL)
			whys[n->whys_n++] = one;
	n->whys = whys;
}

/* What he is told of a ticket that is new to him. */
static void
fill_whole(struct telling *x, const struct tell *t, struct notice *n)
{
	struct post *p = x->post;
	const char **names;

	n->before = x->before;
	n->before_n = x->before_n;
	n->colleagues_n = colleagues(p, t->to, &names);
	n->colleagues = names;
	find_whys(p, phrase_language(p->w->conf, t->to), n);
	if (t->kind == NOTICE_NEW)
		return;
	n->thread = x->thread;
	n->thread_n = x->thread_n;
}

/* Has he been written to too often?  The ticket's history says so then. */
static int
too_many(struct post *p, const struct tell *t, bool *yes, struct err *e)
{
	int64_t n = 0;

	if (outbox_count_address(p->w->db,
		address_budget(&p->w->arena, t->address), p->now - 3600,
		LETTER_NOTIFY, &n, e) == -1)
		return -1;
	*yes = n >= NOTIFY_HOUR;
	if (*yes)
		decision_add(p->d, CHANGE_EVENT, 0, "not-told",
		    "more than 60 letters within an hour")
		    ->text2 = t->address;
	return 0;
}

/* What was written; the lead reads first what he is asked for. */
static const char *
words_for(const struct post *p, const struct tell *t)
{
	bool text = p->text != NULL && *p->text != '\0';

	if (t->kind == NOTICE_GONE || t->kind == NOTICE_HANDED)
		return NULL;
	if (t->kind != NOTICE_ESCALATED || p->asks == NULL || *p->asks == '\0')
		return p->text;
	return text ? arena_printf(&p->w->arena, "%s\n\n%s", p->asks, p->text)
		    : p->asks;
}

static int
tell_one(struct telling *x, const struct tell *t, struct err *e)
{
	struct post *p = x->post;
	struct notice n = { .kind = t->kind,
		.to = t->to,
		.address = t->address,
		.watcher = t->watcher,
		/* To whom it was handed answers the requester. */
		.note = x->event == TELL_NOTE && t->kind == NOTICE_COLLEAGUE,
		.from_name = p->from_name,
		.from_address = p->from_address,
		.unproven = p->unproven };
	bool many = false;

	for (size_t i = 0; i < p->d->n; i++)
		if (p->d->list[i].kind == CHANGE_LINK &&
		    strcmp(p->d->list[i].text, "follow-up-of") == 0) {
			n.follow_up = true;
			n.other = p->d->list[i].value;
		}
	if (too_many(p, t, &many, e) == -1 || many)
		return many ? 0 : -1;
	n.text = words_for(p, t);
	if (n.text != NULL && p->parts != NULL) {
		n.parts = p->parts->list;
		n.parts_n = p->parts->n;
		n.parts_left = p->parts->left;
	}
	if (t->kind == NOTICE_NEW || t->kind == NOTICE_HANDED ||
	    t->kind == NOTICE_ESCALATED)
		fill_whole(x, t, &n);
	return post_notice(p, &n,
	    arena_printf(&p->w->arena, "%s%s",
		t->to == NULL ? t->address : t->to->name,
		t->watcher ? " watches it" : " is told"),
	    e);
}

static int
find_watchers(struct post *x, struct tell_ask *ask, struct err *e)
{
	struct party *list = NULL;
	const char **out;
	size_t n = 0;

	if (x->before != NULL &&
	    party_list(x->w->db, &x->w->arena, x->after.number, &list, &n, e) ==
		-1)
		return -1;
	out = arena_calloc(&x->w->arena, n + x->d->n + 1, sizeof(*out));
	for (size_t i = 0; i < n; i++)
		if (list[i].role == ROLE_WATCHER)
			out[ask->watchers_n++] = list[i].address;
	for (size_t i = 0; i < x->d->n; i++)
		if (x->d->list[i].kind == CHANGE_PARTICIPANT &&
		    x->d->list[i].value == ROLE_WATCHER)
			out[ask->watchers_n++] = x->d->list[i].text;
	ask->watchers = out;
	return 0;
}

int
post_tell(struct post *x, enum tell_event event, bool escalate, struct err *e)
{
	struct telling t = { .post = x, .event = event };
	struct tell_ask ask = { .conf = x->w->conf,
		.event = event,
		.before = x->before,
		.after = &x->after,
		.by = x->by,
		.escalate = escalate,
		.receipt = x->receipt };
	struct tell *list;
	size_t n;

	if (find_watchers(x, &ask, e) == -1)
		return -1;
	n = tell_whom(&x->w->arena, &ask, &list);
	if (n == 0)
		return 0;
	if (find_before(&t, e) == -1 || find_thread(&t, e) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (tell_one(&t, &list[i], e) == -1)
			return -1;
	return 0;
}
