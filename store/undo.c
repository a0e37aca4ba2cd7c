/*
 * Taking back an act: its lines of history say what each field was before, the
 * ticket says what it is now.  Finds what to do; tickets_apply() does it.  What
 * hangs on a ticket is in undo_part.c.
 */
#include "store/undo_private.h"

#include <stdlib.h>
#include <string.h>

#include "parser/date.h"
#include "store/tickets.h"

#define WHY "undo"

void
undo_keep(struct undoing *x, const char *text)
{
	x->kept = arena_grow(
	    x->a, x->kept, x->out->kept_n, &x->kept_cap, sizeof(*x->kept));
	x->kept[x->out->kept_n++] = text;
	x->out->kept = x->kept;
}

struct change *
undo_back(
    struct undoing *x, enum change_kind kind, int64_t value, const char *text)
{
	return decision_add(x->d, kind, value, text, WHY);
}

/* An act that did something: a mail that only asked is none, and no undo is. */
#define DID_SOMETHING                                                \
	" AND NOT EXISTS(SELECT 1 FROM event"                        \
	"  WHERE act = v.act AND what = 'undo')"                     \
	" AND EXISTS(SELECT 1 FROM event AS l WHERE l.act = v.act"   \
	"  AND (l.what NOT IN ('message', 'notify', 'alert', 'ack')" \
	"   OR l.what = 'message' AND EXISTS(SELECT 1 FROM message"  \
	"    WHERE id = l.ref AND direction = 'note'"                \
	"    AND class NOT IN ('command', 'withdrawn'))))"

/* The newest act of `who` here that nobody has taken back. */
static int
find_act(
    struct db *db, const struct undo_ask *ask, struct undo *out, struct err *e)
{
	struct query q;
	int rc;

	if (db_query(db, &q, e,
		"SELECT act, time FROM event AS v WHERE ticket = ? AND who = ?"
		" AND time >= ? AND act IS NOT NULL AND NOT EXISTS"
		"  (SELECT 1 FROM event WHERE what = 'undo' AND ref = v.act)" DID_SOMETHING
		" ORDER BY id DESC LIMIT 1",
		"iti", ask->ticket, ask->who, ask->since) == -1)
		return -1;
	rc = db_row(&q);
	if (rc != 1)
		return rc;
	out->act = db_int(&q, 0);
	out->time = db_int(&q, 1);
	db_end(&q);
	return 0;
}

/* Of a merge both tickets have lines: what is to be set back is the one that
 * was merged. */
static int
load_ticket(struct undoing *x, int64_t ticket)
{
	int64_t merged = ticket;

	if (db_number(x->db, &merged, &x->merges, x->e,
		"SELECT ticket FROM event WHERE act = ?"
		" AND what = 'merged-into' LIMIT 1",
		"i", x->out->act) == -1)
		return -1;
	return tickets_load(x->db, x->a, merged, &x->t, x->e);
}

static int
load_lines(struct undoing *x)
{
	size_t cap = 0;
	struct query q;
	int rc;

	if (db_query(x->db, &q, x->e,
		"SELECT id, what, old, new, ref,"
		" iif(what IN ('until', 'nudge', 'end'), unixepoch(old), 0)"
		" FROM event WHERE act = ? AND ticket = ? ORDER BY id",
		"ii", x->out->act, x->t.number) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		x->lines = arena_grow(
		    x->a, x->lines, x->n, &cap, sizeof(*x->lines));
		x->lines[x->n++] = (struct line){ .id = db_int(&q, 0),
			.what = db_copy(&q, 1, x->a),
			.old = db_null(&q, 2) ? NULL : db_copy(&q, 2, x->a),
			.new = db_null(&q, 3) ? NULL : db_copy(&q, 3, x->a),
			.ref = db_int(&q, 4),
			.when = db_int(&q, 5) };
	}
	return rc;
}

/* Fields. */

static const struct place {
	const char *what;
	const char *const *words; /* of an enumeration */
	enum change_kind kind;
	int count;
} fields[] = {
	/* the status first: moments are cleared with it */
	{ "status", status_names, CHANGE_STATUS, STATUS_COUNT },
	{ "until", NULL, CHANGE_UNTIL, 0 },
	{ "nudge", NULL, CHANGE_NUDGE, 0 },
	{ "end", NULL, CHANGE_END, 0 },
	{ "type", type_names, CHANGE_TYPE, TYPE_COUNT },
	{ "impact", level_names, CHANGE_IMPACT, LEVEL_COUNT },
	{ "urgency", level_names, CHANGE_URGENCY, LEVEL_COUNT },
	{ "priority", priority_names, CHANGE_PRIORITY, PRIORITY_COUNT },
	{ "category", NULL, CHANGE_CATEGORY, 0 },
	{ "team", NULL, CHANGE_TEAM, 0 },
	{ "tier", NULL, CHANGE_TIER, 0 },
	{ "assignee", NULL, CHANGE_ASSIGNEE, 0 },
	{ "requester", NULL, CHANGE_REQUESTER, 0 },
	{ "subject", NULL, CHANGE_SUBJECT, 0 },
	{ "language", NULL, CHANGE_LANGUAGE, 0 },
};

static const char *
moment_text(struct arena *a, int64_t when)
{
	char text[DATE_SIZE];

	if (when == 0)
		return "";
	date_rfc3339(when, text);
	return arena_strdup(a, text);
}

/* What the field is now, in the words of its history. */
static const char *
field_now(struct undoing *x, const struct place *f)
{
	const struct ticket *t = &x->t;

	switch ((int)f->kind) {
	case CHANGE_STATUS:
		return status_names[t->status];
	case CHANGE_UNTIL:
		return moment_text(x->a, t->until);
	case CHANGE_NUDGE:
		return moment_text(x->a, t->nudge);
	case CHANGE_END:
		return moment_text(x->a, t->end);
	case CHANGE_TYPE:
		return type_names[t->type];
	case CHANGE_IMPACT:
		return level_names[t->impact];
	case CHANGE_URGENCY:
		return level_names[t->urgency];
	case CHANGE_PRIORITY:
		return priority_names[t->priority];
	case CHANGE_CATEGORY:
		return t->category;
	case CHANGE_TEAM:
		return t->team;
	case CHANGE_TIER:
		return arena_printf(x->a, "%d", t->tier);
	case CHANGE_ASSIGNEE:
		return t->assignee;
	case CHANGE_REQUESTER:
		return t->requester;
	case CHANGE_SUBJECT:
		return t->subject;
	default:
		return t->language;
	}
}

/* Who has changed it after this act. */
int
undo_keep_field(struct undoing *x, const char *what, int64_t after)
{
	const char *who = "somebody";

	if (db_word(x->db, x->a, &who, x->e,
		"SELECT who FROM event WHERE ticket = ? AND what = ?"
		" AND id > ? AND act IS NOT ? ORDER BY id DESC LIMIT 1",
		"itii", x->t.number, what, after, x->out->act) == -1)
		return -1;
	if (strncmp(who, "agent ", 6) == 0)
		who += 6;
	else if (strncmp(who, "cli ", 4) == 0)
		who += 4;
	else if (strcmp(who, "mail") == 0)
		who = "a mail";
	undo_keep(x, arena_printf(x->a, "%s: %s has set it since", what, who));
	return 0;
}

int
undo_name_of(struct undoing *x, const char *address, const char **name)
{
	*name = "";
	return db_word(x->db, x->a, name, x->e,
	    "SELECT name, 0 AS place FROM participant"
	    " WHERE ticket = ?1 AND address = ?2 AND name <> ''"
	    " UNION ALL SELECT sender_name, id FROM message"
	    " WHERE ticket = ?1 AND lower(sender) = ?2"
	    " AND sender_name <> '' ORDER BY 2 LIMIT 1",
	    "it", x->t.number, address);
}

/* The first and the last line of the act about it; false: there is none. */
static bool
span(const struct undoing *x, const char *what, const struct line **first,
    const struct line **last)
{
	*first = *last = NULL;
	for (size_t i = 0; i < x->n; i++)
		if (strcmp(x->lines[i].what, what) == 0) {
			*last = &x->lines[i];
			if (*first == NULL)
				*first = *last;
		}
	return *first != NULL;
}

/* A matrix priority goes back to the matrix, a pinned one is pinned again. */
static const char *
pin_before(const struct undoing *x)
{
	const struct line *first, *last;

	if (!span(x, "pinned", &first, &last))
		return x->t.pinned ? "pinned" : NULL;
	return first->old != NULL && strcmp(first->old, "yes") == 0 ? "pinned"
								    : NULL;
}

static int
set_field(struct undoing *x, const struct place *f, const struct line *first)
{
	const char *old = first->old == NULL ? "" : first->old;
	int64_t value = 0;
	struct change *c;

	if (f->words != NULL) {
		value = word_index(f->words, f->count, old);
		if (value < 0)
			return 0;
		old = f->kind == CHANGE_PRIORITY ? pin_before(x) : NULL;
	} else if (f->kind == CHANGE_TIER) {
		value = strtol(old, NULL, 10);
	} else if (f->kind == CHANGE_UNTIL || f->kind == CHANGE_NUDGE ||
	    f->kind == CHANGE_END) {
		value = first->when;
	}
	c = undo_back(x, f->kind, value, old);
	return f->kind == CHANGE_REQUESTER ? undo_name_of(x, old, &c->text2)
					   : 0;
}

static int
undo_field(struct undoing *x, const struct place *f)
{
	const struct line *first, *last;
	bool moment = f->kind == CHANGE_UNTIL || f->kind == CHANGE_NUDGE ||
	    f->kind == CHANGE_END;

	if (!span(x, f->what, &first, &last) || (moment && x->status_kept))
		return 0;
	if (strcmp(field_now(x, f), last->new == NULL ? "" : last->new) == 0)
		return set_field(x, f, first);
	x->status_kept |= f->kind == CHANGE_STATUS;
	return undo_keep_field(x, f->what, last->id);
}

/* It was pinned or set free, and stayed what it was. */
static void
undo_pin(struct undoing *x)
{
	const struct line *first, *last;

	if (span(x, "pinned", &first, &last) &&
	    !span(x, "priority", &first, &last))
		undo_back(x, CHANGE_PRIORITY, x->t.priority, pin_before(x));
}

static int
undo_fields(struct undoing *x)
{
	/* Merging and unmerging set the status themselves. */
	for (size_t i = x->merges ? 4 : 0;
	     i < sizeof(fields) / sizeof(fields[0]); i++)
		if (undo_field(x, &fields[i]) == -1)
			return -1;
	undo_pin(x);
	return 0;
}

int
undo_find(struct db *db, struct arena *a, const struct undo_ask *ask,
    struct decision *d, struct undo *out, struct err *e)
{
	struct undo found = { 0 };
	struct decision made;
	struct undoing x = {
		.db = db, .a = a, .d = &made, .out = &found, .e = e
	};
	struct change *c;

	if (find_act(db, ask, &found, e) == -1)
		return -1;
	if (found.act != 0 &&
	    (load_ticket(&x, ask->ticket) == -1 || load_lines(&x) == -1))
		return -1;
	decision_init(
	    &made, a, found.act != 0 ? x.t.number : ask->ticket, ask->who);
	if (found.act != 0) {
		if (undo_fields(&x) == -1 || undo_parts(&x) == -1)
			return -1;
		c = undo_back(&x, CHANGE_EVENT, found.act, "undo");
		c->text2 = moment_text(a, found.time);
	}
	*d = made;
	*out = found;
	return 0;
}
