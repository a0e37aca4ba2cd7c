/*
 * A ticket for somebody who called or walked in, from the command line.  Rules
 * are about mails, and there is none: they are not asked, and the team is the
 * one that is named, else the first.
 */
#include <string.h>

#include "daemon/do.h"
#include "parser/limits.h"
#include "parser/utf8.h"
#include "rules/evaluate.h"

struct starting {
	struct doing *x;
	const struct do_new *in;
	struct done *out;
	struct address who;
	const char *why;
	const char **lines;
};

static void
say(struct starting *s, const char *line)
{
	s->lines[s->out->lines_n++] = line;
}

/* "Maria Gomez <maria@example.org>" or the address alone. */
static void
read_requester(struct starting *s)
{
	struct doing *x = s->x;
	const char *text = s->in->requester;
	struct address *list = NULL;
	size_t bad = 0,
	       n = address_list(
		   &x->work.arena, text, strlen(text), &list, &bad);

	if (n != 1 || bad > 0 || !address_valid(list[0].addr))
		x->refused = arena_printf(&x->work.arena,
		    "\"%s\" is not an address of mail",
		    utf8_line(&x->work.arena, text, 80));
	else if (conf_is_own(x->work.conf, list[0].addr))
		x->refused = arena_printf(
		    &x->work.arena, "%s is our own address", list[0].addr);
	else
		s->who = (struct address){ list[0].name,
			address_key(&x->work.arena, list[0].addr) };
}

static void
choose_team(struct starting *s)
{
	struct doing *x = s->x;
	const struct conf *c = x->work.conf;
	const struct conf_team *t = s->in->team != NULL
	    ? conf_team(c, s->in->team)
	    : c->teams_n > 0 ? &c->teams[0]
			     : NULL;
	const char *why = s->in->team != NULL
	    ? s->why
	    : "the first team of the configuration";

	if (t == NULL && s->in->team != NULL)
		x->refused = arena_printf(&x->work.arena,
		    "\"%s\" is not a team",
		    utf8_line(&x->work.arena, s->in->team, 80));
	if (t == NULL)
		return;
	decision_add(&s->out->d, CHANGE_TEAM, 0, t->name, why);
	if (t->tier != ticket_blank.tier)
		decision_add(&s->out->d, CHANGE_TIER, t->tier, NULL, why);
	say(s,
	    arena_printf(&x->work.arena, "team %s%s", t->name,
		s->in->team != NULL ? ""
				    : ", the first: --team names another"));
}

static void
begin(struct starting *s)
{
	struct doing *x = s->x;
	struct decision *d = &s->out->d;
	enum priority p = rules_priority(
	    x->work.ruling.book, ticket_blank.impact, ticket_blank.urgency);
	const char *subject = utf8_line(
	    &x->work.arena, s->in->subject, MAIL_SUBJECT_MAX);

	decision_add(d, CHANGE_NEW, 0, subject, s->why);
	decision_add(d, CHANGE_REQUESTER, 0, s->who.addr, s->why)->text2 =
	    s->who.name;
	if (p != ticket_blank.priority)
		decision_add(d, CHANGE_PRIORITY, p, NULL,
		    "priority-matrix: impact medium x urgency medium");
	choose_team(s);
	if (*x->words.text != '\0')
		decision_add(
		    d, CHANGE_WORDS, DIRECTION_IN, x->words.text, s->why)
		    ->text2 = s->who.addr;
}

/* The letter is that of a mail, so it gets one to answer. */
static int
acknowledge(struct starting *s, struct err *e)
{
	struct doing *x = s->x;
	struct decision *d = &s->out->d;
	struct parcel p = { .mail = { .class = CLASS_HUMAN,
				.from_addr = s->who.addr,
				.from_name = s->who.name,
				.subject = d->list[0].text,
				.text = x->words.text,
				.new_text = x->words.text } };
	int64_t number = 0;

	if (!s->in->acknowledge)
		return 0;
	if (tickets_next_number(x->work.db, &number, e) == -1 ||
	    work_acknowledge(&x->work, &p, d, number, x->now, e) == -1)
		return -1;
	for (size_t i = 0; i < d->n; i++) {
		const struct change *c = &d->list[i];

		if (c->kind == CHANGE_LETTER)
			say(s,
			    arena_printf(&x->work.arena, "%s is acknowledged",
				s->who.addr));
		else if (c->kind == CHANGE_EVENT)
			say(s,
			    arena_printf(&x->work.arena, "not acknowledged: %s",
				c->why));
	}
	return 0;
}

/* Who is called in the notices is the requester: it is his matter. */
static int
tell(struct starting *s, struct err *e)
{
	struct doing *x = s->x;
	struct post post;

	if (post_open(&post, &x->work, &s->out->d, NULL, x->now, e) == -1)
		return -1;
	post.by = x->agent;
	post.receipt = true;
	post.from_name = s->who.name;
	post.from_address = s->who.addr;
	post.text = x->words.text;
	return post_tell(&post, TELL_NEW, false, e);
}

int
do_new(
    struct doing *x, const struct do_new *in, struct done *out, struct err *e)
{
	struct starting s = { .x = x, .in = in, .out = out };

	*out = (struct done){ .number = 0 };
	s.lines = arena_calloc(&x->work.arena, 4, sizeof(*s.lines));
	out->lines = s.lines;
	out->r.text = "";
	s.why = x->agent == NULL
	    ? x->login
	    : arena_printf(&x->work.arena, "%s (%s)", x->who, x->login);
	s.why = arena_printf(&x->work.arena, "%s wrote it down", s.why);
	decision_init(&out->d, &x->work.arena, 0, x->who);
	read_requester(&s);
	if (x->refused == NULL)
		begin(&s);
	if (x->refused != NULL)
		return 0;
	if (acknowledge(&s, e) == -1 || tell(&s, e) == -1 ||
	    tickets_apply(x->work.db, &out->d, NULL, x->now, e) == -1)
		return -1;
	out->number = out->d.ticket;
	return 0;
}
