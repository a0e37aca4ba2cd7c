/* Words that are more than changes of one ticket.  See the header. */
#include "daemon/work_say.h"
#include "daemon/work_hold.h"

#include <string.h>

#include "rules/phrase.h"
#include "parser/limits.h"
#include "store/inbound.h"
#include "store/undo.h"

#define SAY_EVENTS 40 /* lines of #why and #show */
#define SAY_FOUND  10

static const char *
tag_of(struct say *s, int64_t number)
{
	return ticket_tag(
	    &s->work->arena, s->work->conf->tickets.prefix, number);
}

/* One more line of what was done. */
static void
said(struct say *s, enum phrase p, const char *zero, const char *one)
{
	struct commands_answer *r = s->said;
	const char **list = arena_calloc(
	    &s->work->arena, r->done_n + 1, sizeof(*list));

	for (size_t i = 0; i < r->done_n; i++)
		list[i] = r->done[i];
	list[r->done_n++] = phrase(
	    &s->work->arena, s->language, p, zero, one, NULL);
	r->done = list;
	r->hidden = true;
}

/* There is nothing to do. */
static int
nothing(struct say *s, enum phrase p, const char *zero)
{
	said(s, p, zero, NULL);
	s->nothing = true;
	return 0;
}

int
work_undo(struct say *s, struct err *e)
{
	struct work *w = s->work;
	int64_t since = s->now - w->conf->tickets.undo;
	struct undo_ask ask = { .ticket = s->ticket->number, .who = s->d->who };
	struct undo u = { 0 };
	struct decision d;

	if (w->conf->tickets.send_delay > w->conf->tickets.undo)
		since = s->now - w->conf->tickets.send_delay;
	ask.since = since;
	s->d->act = false;
	decision_init(&d, &w->arena, s->ticket->number, s->d->who);
	if (undo_find(w->db, &w->arena, &ask, &d, &u, e) == -1)
		return -1;
	if (u.act == 0)
		return nothing(s, DONE_UNDO_NOTHING, NULL);
	said(s,
	    u.letter         ? DONE_UNDO_LETTER
		: u.too_late ? DONE_UNDO_LATE
		: d.n > 0    ? DONE_UNDO
			     : DONE_UNDO_EMPTY,
	    NULL, NULL);
	for (size_t i = 0; i < u.kept_n; i++)
		said(s, DONE_KEPT,
		    phrase_again(&w->arena, s->language, u.kept[i]), NULL);
	if (d.n > 0 && tickets_apply(w->db, &d, NULL, s->now, e) == -1)
		return -1;
	return 0;
}

/* The requester's newest mail, that is to be a ticket of its own. */
static int
newest_mail(struct say *s, struct party_words *out, struct err *e)
{
	struct party_words *list = NULL;
	size_t n = 0;

	*out = (struct party_words){ 0 };
	if (party_words(s->work->db, &s->work->arena,
		&(struct party_ask){ s->ticket->number, PARTY_MAX }, &list, &n,
		e) == -1)
		return -1;
	for (size_t i = 0; i < n && out->id == 0; i++)
		if (list[i].direction == DIRECTION_IN)
			*out = list[i];
	return 0;
}

int
work_split(struct say *s, struct err *e)
{
	struct work *w = s->work;
	const struct ticket *t = s->ticket;
	struct party_words m;
	struct decision d;
	struct change *c;
	const char *why;

	if (newest_mail(s, &m, e) == -1)
		return -1;
	if (m.id == 0)
		return nothing(s, DONE_SPLIT_NOTHING, NULL);
	why = arena_printf(
	    &w->arena, "split from %s by %s", tag_of(s, t->number), s->d->who);
	decision_init(&d, &w->arena, 0, s->d->who);
	decision_add(&d, CHANGE_NEW, 0, t->subject, why);
	c = decision_add(&d, CHANGE_REQUESTER, 0, m.sender, why);
	c->text2 = m.name;
	if (*t->team != '\0')
		decision_add(&d, CHANGE_TEAM, 0, t->team, why);
	if (*t->assignee != '\0')
		decision_add(&d, CHANGE_ASSIGNEE, 0, t->assignee, why);
	decision_add(&d, CHANGE_MOVE, m.id, NULL, why);
	decision_add(&d, CHANGE_LINK, t->number, "related", why);
	if (tickets_apply(w->db, &d, NULL, s->now, e) == -1)
		return -1;
	c = decision_add(s->d, CHANGE_EVENT, 0, "split", s->d->who);
	c->text2 = tag_of(s, d.ticket);
	said(s, DONE_SPLIT, c->text2, NULL);
	return 0;
}

/* The ticket that went into this one last. */
static int
last_merged(struct say *s, int64_t *number, struct err *e)
{
	*number = s->said->apart;
	if (*number != 0)
		return 0;
	return db_number(s->work->db, number, NULL, e,
	    "SELECT number FROM ticket WHERE merged_into = ?"
	    " ORDER BY closed DESC, number DESC LIMIT 1",
	    "i", s->ticket->number);
}

int
work_unmerge(struct say *s, struct err *e)
{
	struct work *w = s->work;
	struct ticket t = { 0 };
	int64_t number = 0;
	struct decision d;

	if (last_merged(s, &number, e) == -1 ||
	    (number != 0 &&
		tickets_load(w->db, &w->arena, number, &t, e) == -1))
		return -1;
	if (t.number == 0 || t.merged_into != s->ticket->number)
		return nothing(
		    s, DONE_UNMERGE_NOTHING, tag_of(s, s->ticket->number));
	decision_init(&d, &w->arena, t.number, s->d->who);
	decision_add(&d, CHANGE_UNMERGE, s->ticket->number, NULL, s->d->who);
	if (tickets_apply(w->db, &d, NULL, s->now, e) == -1)
		return -1;
	said(
	    s, DONE_UNMERGE, tag_of(s, t.number), tag_of(s, s->ticket->number));
	return 0;
}

/* Answers to questions. */

struct lines {
	struct say *say;
	const char **list;
	size_t n, cap;
};

static void
line(struct lines *l, const char *text)
{
	l->list = arena_grow(
	    &l->say->work->arena, l->list, l->n, &l->cap, sizeof(*l->list));
	l->list[l->n++] = text;
}

static const char *
clock_of(struct say *s, int64_t when)
{
	struct civil c = zone_civil(s->work->ruling.zone, when);

	return arena_printf(&s->work->arena, "%04d-%02d-%02d %02d:%02d", c.year,
	    c.month, c.day, c.minute / 60, c.minute % 60);
}

static int
say_why(struct lines *l, int64_t number, struct err *e)
{
	struct say *s = l->say;
	struct arena *a = &s->work->arena;
	struct event *list;
	size_t n = 0;

	if (events_list(s->work->db, a, number, &list, &n, e) == -1)
		return -1;
	for (size_t i = n > SAY_EVENTS ? n - SAY_EVENTS : 0; i < n; i++)
		line(l,
		    arena_printf(a, "%s  %s%s%s  %s%s%s",
			clock_of(s, list[i].time), list[i].what,
			list[i].new == NULL ? "" : " ",
			list[i].new == NULL ? "" : list[i].new, list[i].who,
			*list[i].why == '\0' ? "" : ": ",
			phrase_again(a, s->language, list[i].why)));
	return 0;
}

/* "Bob (note)" */
static const char *
speaker(struct say *s, const struct party_words *m)
{
	const char *name = post_speaker(s->work, m);

	return m->direction == DIRECTION_NOTE
	    ? phrase(&s->work->arena, s->language, WORD_NOTE, name, NULL, NULL)
	    : name;
}

static int
say_show(struct lines *l, int64_t number, struct err *e)
{
	struct say *s = l->say;
	struct arena *a = &s->work->arena;
	struct party_words *list;
	struct ticket t;
	size_t n = 0;

	if (tickets_load_survivor(s->work->db, a, number, &t, e) == -1)
		return -1;
	if (t.number == 0 ||
	    (s->agent != NULL && !commands_may(s->work->conf, s->agent, &t))) {
		line(l, phrase_plain(s->language, WORD_NOT_TO_SEE));
		return 0;
	}
	line(l,
	    arena_printf(a, "%s  %s  %s, %s, %s%s%s", tag_of(s, t.number),
		t.subject, phrase_status(s->language, t.status),
		phrase_priority(s->language, t.priority),
		*t.team == '\0' ? phrase_plain(s->language, WORD_NO_TEAM)
				: t.team,
		*t.assignee == '\0' ? "" : ", ", t.assignee));
	line(l,
	    phrase(a, s->language, WORD_FROM, t.requester_name, t.requester,
		NULL));
	if (party_words(s->work->db, a,
		&(struct party_ask){ t.number, SAY_FOUND }, &list, &n, e) == -1)
		return -1;
	for (size_t i = n; i-- > 0;) {
		line(l, "");
		line(l,
		    arena_printf(a, "%s  %s:", clock_of(s, list[i].received),
			speaker(s, &list[i])));
		line(l, list[i].text);
	}
	return 0;
}

static int
say_found(struct lines *l, const char *words, struct err *e)
{
	struct say *s = l->say;
	struct arena *a = &s->work->arena;
	struct search q = {
		.words = words, .staff = true, .limit = SAY_FOUND * 5
	};
	int64_t seen[SAY_FOUND];
	struct hit *hits;
	size_t n = 0, found = 0;

	if (search_messages(s->work->db, a, &q, &hits, &n, e) == -1)
		return -1;
	for (size_t i = 0; i < n && found < SAY_FOUND; i++) {
		struct ticket t;
		bool twice = false;

		for (size_t k = 0; k < found; k++)
			twice |= seen[k] == hits[i].ticket;
		if (twice)
			continue;
		if (tickets_load(s->work->db, a, hits[i].ticket, &t, e) == -1)
			return -1;
		if (t.number == 0 ||
		    (s->agent != NULL &&
			!commands_may(s->work->conf, s->agent, &t)))
			continue;
		seen[found++] = t.number;
		line(l,
		    arena_printf(a, "%s  %s  %s", tag_of(s, t.number),
			phrase_status(s->language, t.status), t.subject));
		line(l, arena_printf(a, "    %s", hits[i].snippet));
	}
	if (found == 0)
		line(l, phrase_plain(s->language, WORD_FOUND_NOTHING));
	return 0;
}

static int
gather(struct lines *l, struct notice *n, struct err *e)
{
	struct say *s = l->say;
	const struct commands_answer *r = s->said;

	n->title = r->why     ? "why"
	    : r->show != 0    ? "show"
	    : r->find != NULL ? "find"
			      : "help";
	if (r->why)
		return say_why(l, s->ticket->number, e);
	if (r->show != 0)
		return say_show(
		    l, r->show < 0 ? s->ticket->number : r->show, e);
	if (r->find != NULL)
		return say_found(l, r->find, e);
	n->text = commands_help(&s->work->arena, s->language, r->help_word);
	return 0;
}

static const char *
join(struct lines *l)
{
	struct arena *a = &l->say->work->arena;
	const char *out;
	struct buf b;

	buf_init(&b, MAIL_TEXT_MAX);
	for (size_t i = 0; i < l->n; i++) {
		buf_str(&b, l->list[i]);
		buf_char(&b, '\n');
	}
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return out;
}

int
work_say(struct say *s, struct err *e)
{
	struct lines l = { .say = s };
	struct notice n = { .kind = NOTICE_SAID };
	struct post post;

	if (s->agent == NULL)
		return 0;
	n.to = s->agent;
	n.address = s->agent->emails[0];
	if (gather(&l, &n, e) == -1 ||
	    post_open(&post, s->work, s->d, s->ticket, s->now, e) == -1)
		return -1;
	/* A conversation keeps its lines. */
	if (s->said->show != 0 && !s->said->why)
		n.text = join(&l);
	if (n.text == NULL) {
		n.done = l.list;
		n.done_n = l.n;
	}
	return post_notice(&post, &n, "asked for it by mail", e);
}

/* #do CODE verb */

int
work_do(struct say *s, bool *done, struct err *e)
{
	const char *name = s->agent == NULL ? NULL : s->agent->name;
	const struct hold_verb *v = hold_verb(s->said->verb);
	struct work *w = s->work;
	struct held h = { 0 };

	*done = false;
	if (held_find(w->db, &w->arena, s->said->code, name, &h, e) == -1)
		return -1;
	/* A challenge is answered with its own token and no other (3.4), but
	 * to throw away one's own mail takes less. */
	if (h.id != 0 && v != NULL && v->as != NULL &&
	    strcmp(h.kind, "challenge") == 0)
		v = NULL;
	if (h.id == 0 || v == NULL) {
		said(s, h.id == 0 ? DONE_NOT_HELD : DONE_VERBS, NULL, NULL);
		return 0;
	}
	*done = true;
	said(s, v->line, NULL, NULL);
	return hold_answer(w, &h, v, e);
}
