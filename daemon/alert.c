/* The letter about letters that failed.  See the header. */
#include "daemon/alert.h"

#include <string.h>

#include "daemon/announce.h"
#include "store/outbox.h"
#include "store/tickets.h"

#define ALERT_LETTERS_SHOWN 50
#define ALERT_RECIPIENTS    50

/* All failures that one person is told of, in one letter. */
struct notice {
	const char *to;
	const struct letter **failed;
	size_t n, cap;
};

struct alert {
	struct db *db;
	const struct conf *conf;
	struct arena *arena;
	int64_t now;
	struct announce by;
	struct notice notices[ALERT_RECIPIENTS];
	size_t n;
};

int
alert_last(struct db *db, int64_t *when, struct err *e)
{
	return meta_get(db, "alerted", when, e);
}

int
alert_due(
    struct db *db, struct arena *a, int64_t last, bool *due, struct err *e)
{
	struct letter *failed;
	size_t n;

	if (outbox_failed(db, a, last, &failed, &n, e) == -1)
		return -1;
	*due = n > 0;
	return 0;
}

/* The lead's first address, or NULL. */
static int
find_lead(struct alert *x, int64_t ticket, const char **to, struct err *e)
{
	struct ticket t = { .team = "" };
	const struct conf_agent *lead = NULL;

	*to = NULL;
	if (ticket != 0 && tickets_load(x->db, x->arena, ticket, &t, e) == -1)
		return -1;
	for (size_t i = 0; i < x->conf->teams_n && t.team != NULL; i++) {
		const struct conf_team *team = &x->conf->teams[i];

		if (strcmp(team->name, t.team) == 0 && team->lead != NULL)
			lead = conf_agent(x->conf, team->lead);
	}
	if (lead != NULL && lead->emails_n > 0)
		*to = lead->emails[0];
	return 0;
}

/* Too many leads at once: the admins get what is left. */
static bool
tell(struct alert *x, const char *to, const struct letter *l)
{
	struct notice *w = x->notices;

	while (w < x->notices + x->n && !address_same(w->to, to))
		w++;
	if (w == x->notices + ALERT_RECIPIENTS)
		return false;
	if (w == x->notices + x->n) {
		*w = (struct notice){ .to = to };
		x->n++;
	}
	w->failed = arena_grow(
	    x->arena, w->failed, w->n, &w->cap, sizeof(const struct letter *));
	w->failed[w->n++] = l;
	return true;
}

static int
sort_out(struct alert *x, const struct letter *l, struct err *e)
{
	const char *lead;

	if (find_lead(x, l->ticket, &lead, e) == -1)
		return -1;
	if (lead != NULL && tell(x, lead, l))
		return 0;
	for (size_t i = 0; i < x->conf->admins_n; i++)
		tell(x, x->conf->admins[i], l);
	return 0;
}

/* The text. */

static const char *
number(const struct alert *x, int64_t n)
{
	return arena_printf(x->arena, "%lld", (long long)n);
}

/* "EX-1042"; NULL: the letter is of no ticket. */
static const char *
tag(const struct alert *x, const struct letter *l)
{
	if (l->ticket == 0)
		return NULL;
	return ticket_tag(x->arena, x->conf->tickets.prefix, l->ticket);
}

/* One row of the list. */
static const struct value *
describe(const struct alert *x, const struct letter *l)
{
	static const char *const words[LETTER_KINDS] = {
		[LETTER_ACK] = "acknowledgement",
		[LETTER_REPLY] = "answer",
		[LETTER_NOTIFY] = "notification",
		[LETTER_ALERT] = "alert",
	};
	bool dead = strcmp(l->state, "dead") == 0;
	const struct value values[] = {
		{ .name = "number", .text = number(x, l->id) },
		{ .name = "kind", .text = words[l->kind] },
		{ .name = "recipient", .text = l->recipient },
		{ .name = "tag", .text = tag(x, l) },
		{ .name = "dead", .text = dead ? "yes" : NULL },
		{ .name = "tries", .text = number(x, l->tries + dead) },
		{ .name = "answer", .text = l->reply },
		{ .name = "unknown", .text = l->unknowns > 0 ? "yes" : NULL },
		{ 0 },
	};

	return arena_memdup(x->arena, values, sizeof(values));
}

static int
write_mail(
    struct alert *x, const struct notice *w, struct letter *l, struct err *e)
{
	size_t shown = w->n < ALERT_LETTERS_SHOWN ? w->n : ALERT_LETTERS_SHOWN;
	struct value *rows = arena_calloc(x->arena, shown, sizeof(*rows));
	const struct letter *first = w->failed[0];
	bool many = w->n > 1;
	const struct value values[] = {
		{ .name = "desk.name", .text = x->conf->desk },
		{ .name = "desk.address", .text = x->conf->address },
		{ .name = "ticket.tag", .text = many ? NULL : tag(x, first) },
		{ .name = "letter.number", .text = number(x, first->id) },
		{ .name = "letter.recipient", .text = first->recipient },
		{ .name = "count", .text = number(x, (int64_t)w->n) },
		{ .name = "many", .text = many ? "yes" : NULL },
		{ .name = "letters", .rows = rows, .rows_n = shown },
		{ .name = "more",
		    .text = w->n == shown
			? NULL
			: number(x, (int64_t)(w->n - shown)) },
		{ 0 },
	};
	struct announcement m = {
		.template = "alert", .event = "letter-dead", .values = values
	};

	for (size_t i = 0; i < shown; i++)
		rows[i].child = describe(x, w->failed[i]);
	return announce_write(&x->by, &m, l, e);
}

/* Of one ticket, or of none when they are of several. */
static int64_t
common_ticket(const struct notice *w)
{
	for (size_t i = 1; i < w->n; i++)
		if (w->failed[i]->ticket != w->failed[0]->ticket)
			return 0;
	return w->failed[0]->ticket;
}

static int
put(struct alert *x, size_t i, struct err *e)
{
	struct notice *w = &x->notices[i];
	struct decision d;
	struct letter l = {
		.ticket = common_ticket(w),
		.recipient = w->to,
	};
	struct change *c;

	if (write_mail(x, w, &l, e) == -1)
		return -1;
	if (l.ticket == 0)
		return outbox_add(x->db, &l, NULL, e);
	decision_init(&d, x->arena, l.ticket, "deskd");
	c = decision_add(&d, CHANGE_LETTER, 0, NULL, "a letter failed");
	c->letter = &l;
	return tickets_apply(x->db, &d, NULL, x->now, e);
}

static int
write_all(struct alert *x, struct err *e)
{
	struct letter *failed;
	int64_t last;
	size_t n;

	if (alert_last(x->db, &last, e) == -1 ||
	    outbox_failed(x->db, x->arena, last, &failed, &n, e) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (sort_out(x, &failed[i], e) == -1)
			return -1;
	for (size_t i = 0; i < x->n; i++)
		if (put(x, i, e) == -1)
			return -1;
	return meta_set(x->db, "alerted", x->now > last ? x->now : last + 1, e);
}

int
alert_write(struct db *db, const struct conf *c, const char *dir, int64_t now,
    int *told, struct err *e)
{
	struct arena a = { 0 };
	struct alert x = { .db = db, .conf = c, .arena = &a, .now = now };
	int rc = announce_open(&x.by, &a, c, dir, now, e);

	if (rc == 0)
		rc = db_begin(db, e);
	if (rc == 0) {
		rc = write_all(&x, e);
		if (rc == 0)
			rc = db_commit(db, e);
		else
			db_rollback(db);
	}
	if (rc == 0)
		*told = (int)x.n;
	arena_done(&a);
	return rc;
}
