/* Rules over stored mail.  See the header. */
#include "daemon/replay.h"

#include <string.h>

#include "daemon/clock.h"
#include "daemon/progress.h"
#include "daemon/work_private.h"
#include "parser/limits.h"
#include "store/match.h"
#include "store/replay.h"

const char *const replay_names[REPLAY_FIELDS] = {
	[REPLAY_END] = "end",
	[REPLAY_TEAM] = "team",
	[REPLAY_CATEGORY] = "category",
	[REPLAY_TYPE] = "type",
	[REPLAY_IMPACT] = "impact",
	[REPLAY_URGENCY] = "urgency",
	[REPLAY_PRIORITY] = "priority",
};

/* What rules make of a mail. */
struct outcome {
	const char *field[REPLAY_FIELDS];
};

/* Some mails on their way: one pane is read by the box while the rules are
 * asked about the other, so that both of two processors have work. */
struct pane {
	struct arena arena;
	struct replay_row *rows;
	struct parcel *list;
	struct inbound *in;
	struct box_result *results;
	size_t n;
};

/* One of them before the rules. */
struct replaying_mail {
	const struct replay_row *row;
	const struct mail *mail;
};

struct replaying {
	struct replay *r;
	struct work work; /* for its box; it has no lock */
	struct replay_window window;
	struct pane panes[2];
	struct progress progress;
};

static void
fields_of(const struct ticket *t, struct outcome *out)
{
	out->field[REPLAY_TEAM] = t->team;
	out->field[REPLAY_CATEGORY] = t->category;
	out->field[REPLAY_TYPE] = type_names[t->type];
	out->field[REPLAY_IMPACT] = level_names[t->impact];
	out->field[REPLAY_URGENCY] = level_names[t->urgency];
	out->field[REPLAY_PRIORITY] = priority_names[t->priority];
}

static const char *const ends[REPLAY_ENDS] = {
	[REPLAY_TICKET] = "ticket",
	[REPLAY_HELD] = "held",
	[REPLAY_DROPPED] = "dropped",
};

static enum replay_end
end_of(const struct evaluation *v)
{
	return v->end == EVALUATION_HOLD ? REPLAY_HELD
	    : v->end == EVALUATION_DROP  ? REPLAY_DROPPED
					 : REPLAY_TICKET;
}

/* Other tickets are seen as they were when this mail came. */
static int
ask(const struct replaying *x, struct ruling *rules, struct arena *a,
    const struct replaying_mail *mail, struct outcome *out, struct err *e)
{
	const struct replay_row *row = mail->row;
	const struct mail *m = mail->mail;
	struct ticket fresh = ticket_blank;
	struct ruling_ask asked = { .ruling = rules,
		.db = x->work.db,
		.arena = a,
		.key = row->end == REPLAY_TICKET
		    ? row->key
		    : match_key(x->work.db, a, m, x->work.conf->tickets.prefix),
		.now = row->received,
		.below = row->below };
	struct routing_source src = ruling_source(&asked);
	struct evaluation v;
	struct decision d;
	struct facts f = { .mail = m,
		.ticket = &fresh,
		.mailbox = row->mailbox,
		.size = row->size,
		.now = row->received,
		.matcher = rules->matcher,
		.similar = src.similar,
		.ctx = src.ctx };

	fresh.subject = m->subject != NULL ? m->subject : "(no subject)";
	fresh.requester = m->from_addr != NULL ? address_key(a, m->from_addr)
					       : "";
	fresh.requester_name = m->from_name != NULL ? m->from_name : "";
	fresh.language = m->language != NULL ? m->language : "";
	decision_init(&d, a, 0, "replay");
	if (rules_evaluate(rules->book, &f, &d, &v, e) == -1)
		return -1;
	ruling_count(rules, &v, row->received);
	fields_of(&v.ticket, out);
	if (*v.ticket.team == '\0' && rules->conf->teams_n > 0)
		out->field[REPLAY_TEAM] = rules->conf->teams[0].name;
	out->field[REPLAY_END] = ends[end_of(&v)];
	return 0;
}

/* The same change of other mails, or a new one. */
static void
note_change(struct replay *r, const struct replay_change *one, const char *name)
{
	struct arena *a = &r->c->arena;
	struct replay_change *c = NULL;

	for (size_t i = 0; i < r->n && c == NULL; i++)
		if (r->list[i].field == one->field &&
		    strcmp(r->list[i].old, one->old) == 0 &&
		    strcmp(r->list[i].new, one->new) == 0)
			c = &r->list[i];
	if (c == NULL) {
		r->list = arena_grow(a, r->list, r->n, &r->cap, sizeof(*c));
		c = &r->list[r->n++];
		*c = *one;
		c->old = arena_strdup(a, one->old);
		c->new = arena_strdup(a, one->new);
	}
	if (c->n < (int64_t)(sizeof(c->examples) / sizeof(c->examples[0])))
		c->examples[c->n] = arena_strdup(a, name);
	c->n++;
}

/* A mail without a ticket has no fields to compare. */
static void
compare(struct replay *r, const char *name, const struct outcome *old,
    const struct outcome *new)
{
	const char *ticket = ends[REPLAY_TICKET];
	bool both = strcmp(old->field[REPLAY_END], ticket) == 0 &&
	    strcmp(new->field[REPLAY_END], ticket) == 0;
	struct replay_change list[REPLAY_FIELDS];
	size_t n = 0;

	for (int i = 0; i < (both ? REPLAY_FIELDS : REPLAY_END + 1); i++)
		if (strcmp(old->field[i], new->field[i]) != 0)
			list[n++] = (struct replay_change){
				.field = (enum replay_field)i,
				.old = old->field[i],
				.new = new->field[i]
			};
	for (size_t i = 0; i < n; i++)
		note_change(r, &list[i], name);
	r->changed += n > 0;
	if (n > 0 && r->each != NULL)
		r->each(r, name, list, n);
}

static const char *
name_of(struct replaying *x, struct arena *a, const struct replay_row *row)
{
	return row->end == REPLAY_TICKET
	    ? cmd_tag(x->r->c, row->ticket.number)
	    : arena_printf(a, "%s/%lld", row->mailbox, (long long)row->uid);
}

static int
try(struct replaying *x, struct arena *a, const struct replay_row *row,
    const struct mail *m, struct err *e)
{
	struct replay *r = x->r;
	const struct replaying_mail one = { row, m };
	struct outcome old, new;
	int64_t since = clock_cpu();

	r->tickets += row->end == REPLAY_TICKET;
	r->ruled += row->end != REPLAY_TICKET;
	if (!r->compare && row->touched) {
		r->skipped++;
		return 0;
	}
	if (ask(x, &r->rules, a, &one, &new, e) == -1)
		return -1;
	r->cpu += clock_cpu() - since;
	r->held += strcmp(new.field[REPLAY_END], ends[REPLAY_HELD]) == 0;
	r->dropped += strcmp(new.field[REPLAY_END], ends[REPLAY_DROPPED]) == 0;
	if (r->compare) {
		if (ask(x, &r->others, a, &one, &old, e) == -1)
			return -1;
	} else {
		fields_of(&row->ticket, &old);
		old.field[REPLAY_END] = ends[row->end];
	}
	compare(r, name_of(x, a, row), &old, &new);
	return 0;
}

/* The next mails go to the box.  p->n is 0 when there are no more. */
static int
pane_fill(struct replaying *x, struct pane *p, struct err *e)
{
	struct work *w = &x->work;

	arena_reset(&p->arena);
	if (replay_next(w->db, &p->arena, &x->window, &p->rows, &p->n, e) == -1)
		return -1;
	if (p->n == 0)
		return 0;
	p->list = arena_calloc(&p->arena, p->n, sizeof(*p->list));
	p->in = arena_calloc(&p->arena, p->n, sizeof(*p->in));
	for (size_t i = 0; i < p->n; i++) {
		p->in[i].raw = p->rows[i].raw;
		p->in[i].mailbox_name = "replay";
		p->list[i].in = &p->in[i];
	}
	return work_feed(w, &p->arena, p->list, p->n, &p->results, e);
}

static int
pane_ask(struct replaying *x, struct pane *p, struct err *e)
{
	for (size_t i = 0; i < p->n; i++)
		if (!p->list[i].unreadable && !p->list[i].later &&
		    try(x, &p->arena, &p->rows[i], &p->list[i].mail, e) == -1)
			return -1;
	x->progress.done += p->n;
	x->progress.part += p->n;
	progress_show(&x->progress);
	return 0;
}

static int
panes(struct replaying *x, struct err *e)
{
	struct pane *now = &x->panes[0], *next = &x->panes[1], *done;

	if (pane_fill(x, now, e) == -1)
		return -1;
	while (now->n > 0) {
		if (work_take(&x->work, now->list, now->n, now->results, e) ==
			-1 ||
		    pane_fill(x, next, e) == -1 || pane_ask(x, now, e) == -1)
			return -1;
		done = now;
		now = next;
		next = done;
	}
	return 0;
}

int
replay_run(struct replay *r, struct err *e)
{
	struct replaying x = { .r = r };
	int64_t all = 0;
	int rc = 0;

	x.work = (struct work){ .c = r->c, .db = r->c->db, .conf = r->c->conf };
	x.work.box = box_new();
	x.window = (struct replay_window){ .since = r->since,
		.max = WORK_BATCH_MAILS };
	if (replay_count(r->c->db, r->since, &all, e) == -1)
		rc = -1;
	progress_start(&x.progress, r->c, "replay", false);
	x.progress.of = x.progress.all = (uint64_t)all;
	if (rc == 0)
		rc = panes(&x, e);
	progress_clear(&x.progress);
	box_free(x.work.box);
	arena_done(&x.work.arena);
	arena_done(&x.panes[0].arena);
	arena_done(&x.panes[1].arena);
	return rc;
}
