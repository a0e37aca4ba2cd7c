/* Rules over stored mail.  See the header. */
#include "daemon/replay.h"

#include <string.h>

#include "daemon/clock.h"
#include "daemon/progress.h"
#include "daemon/work_private.h"
#include "parser/limits.h"
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

struct replaying {
	struct replay *r;
	struct work work; /* for its box; it has no lock */
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

static int
ask(struct replaying *x, struct ruling *rules, const struct replay_row *row,
    const struct mail *m, struct outcome *out, struct err *e)
{
	static const char *const ends[] = { "ticket", "held", "dropped" };
	struct arena *a = &x->work.arena;
	struct ticket fresh = ticket_blank;
	struct evaluation v;
	struct decision d;
	struct facts f = { .mail = m,
		.ticket = &fresh,
		.mailbox = row->mailbox,
		.now = row->received,
		.matcher = rules->matcher };

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
	out->field[REPLAY_END] = ends[v.end];
	return 0;
}

/* The same change of other tickets, or a new one. */
static void
note_change(struct replay *r, const struct replay_change *one, int64_t ticket)
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
		c->examples[c->n] = ticket;
	c->n++;
}

static void
compare(struct replay *r, int64_t ticket, const struct outcome *old,
    const struct outcome *new)
{
	struct replay_change list[REPLAY_FIELDS];
	size_t n = 0;

	for (int i = 0; i < REPLAY_FIELDS; i++)
		if (strcmp(old->field[i], new->field[i]) != 0)
			list[n++] = (struct replay_change){
				.field = (enum replay_field)i,
				.old = old->field[i],
				.new = new->field[i]
			};
	/* A mail without a ticket has no fields to compare. */
	if (n > 0 && list[0].field == REPLAY_END)
		n = 1;
	for (size_t i = 0; i < n; i++)
		note_change(r, &list[i], ticket);
	r->changed += n > 0;
	if (n > 0 && r->each != NULL)
		r->each(r, ticket, list, n);
}

static int
try(struct replaying *x, const struct replay_row *row, const struct mail *m,
    struct err *e)
{
	struct replay *r = x->r;
	struct outcome old, new;
	int64_t since = clock_cpu();

	r->tickets++;
	if (!r->compare && row->touched) {
		r->skipped++;
		return 0;
	}
	if (ask(x, &r->rules, row, m, &new, e) == -1)
		return -1;
	r->cpu += clock_cpu() - since;
	r->held += strcmp(new.field[REPLAY_END], "held") == 0;
	r->dropped += strcmp(new.field[REPLAY_END], "dropped") == 0;
	if (r->compare) {
		if (ask(x, &r->others, row, m, &old, e) == -1)
			return -1;
	} else {
		fields_of(&row->ticket, &old);
		old.field[REPLAY_END] = "ticket";
	}
	compare(r, row->ticket.number, &old, &new);
	return 0;
}

static int
window(struct replaying *x, int64_t *after, bool *more, struct err *e)
{
	struct work *w = &x->work;
	struct replay_window next = {
		.since = x->r->since, .after = *after, .max = WORK_BATCH_MAILS
	};
	struct replay_row *rows;
	struct parcel *list;
	struct inbound *in;
	size_t n = 0;

	arena_reset(&w->arena);
	if (replay_next(w->db, &w->arena, &next, &rows, &n, e) == -1)
		return -1;
	*more = n > 0;
	if (n == 0)
		return 0;
	list = arena_calloc(&w->arena, n, sizeof(*list));
	in = arena_calloc(&w->arena, n, sizeof(*in));
	for (size_t i = 0; i < n; i++) {
		in[i].raw = rows[i].raw;
		in[i].mailbox_name = "replay";
		list[i].in = &in[i];
	}
	if (work_parse(w, list, n, e) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!list[i].unreadable && !list[i].later &&
		    try(x, &rows[i], &list[i].mail, e) == -1)
			return -1;
	*after = rows[n - 1].ticket.number;
	x->progress.done += n;
	x->progress.part += n;
	progress_show(&x->progress);
	return 0;
}

int
replay_run(struct replay *r, struct err *e)
{
	struct replaying x = { .r = r };
	int64_t all = 0, after = 0;
	bool more = true;
	int rc = 0;

	x.work = (struct work){ .c = r->c, .db = r->c->db, .conf = r->c->conf };
	x.work.box = box_new();
	if (replay_count(r->c->db, r->since, &all, e) == -1)
		rc = -1;
	progress_start(&x.progress, r->c, "replay", false);
	x.progress.of = x.progress.all = (uint64_t)all;
	while (rc == 0 && more)
		rc = window(&x, &after, &more, e);
	progress_clear(&x.progress);
	box_free(x.work.box);
	arena_done(&x.work.arena);
	return rc;
}
