/*
 * Changes of what stands in the ticket's row: gathered in memory, written once
 * by apply.c.  Setting what is so already is no change and leaves no event.
 */
#include <stdio.h>
#include <string.h>

#include "parser/date.h"
#include "store/apply_private.h"

static int
set_text(struct applying *x, const char **field, const char *what,
    const struct change *c)
{
	const char *old = *field;

	if (old != NULL && strcmp(old, c->text) == 0)
		return 0;
	*field = c->text;
	return apply_say(
	    x, what, old == NULL || *old == '\0' ? NULL : old, c->text, c->why);
}

int
apply_text(struct applying *x, const struct change *c)
{
	switch ((int)c->kind) {
	case CHANGE_CATEGORY:
		return set_text(x, &x->t.category, "category", c);
	case CHANGE_TEAM:
		return set_text(x, &x->t.team, "team", c);
	case CHANGE_SUBJECT:
		return set_text(x, &x->t.subject, "subject", c);
	default:
		return set_text(x, &x->t.language, "language", c);
	}
}

static int
set_moment(
    struct applying *x, enum change_kind kind, int64_t when, const char *why)
{
	const char *what = kind == CHANGE_UNTIL ? "until"
	    : kind == CHANGE_NUDGE              ? "nudge"
						: "end";
	int64_t *field = kind == CHANGE_UNTIL ? &x->t.until
	    : kind == CHANGE_NUDGE            ? &x->t.nudge
					      : &x->t.end;
	char old[DATE_SIZE], new[DATE_SIZE];
	bool was = *field != 0;

	if (*field == when)
		return 0;
	date_rfc3339(*field, old);
	date_rfc3339(when, new);
	*field = when;
	return apply_say(
	    x, what, was ? old : NULL, when != 0 ? new : NULL, why);
}

int
apply_moment(struct applying *x, const struct change *c)
{
	return set_moment(x, c->kind, c->value, c->why);
}

/* The moments belong to the status that was: what the new one needs is set
 * after it. */
static int
clear_moments(struct applying *x, const char *why)
{
	if (set_moment(x, CHANGE_UNTIL, 0, why) == -1 ||
	    set_moment(x, CHANGE_NUDGE, 0, why) == -1)
		return -1;
	return set_moment(x, CHANGE_END, 0, why);
}

int
apply_status(struct applying *x, const struct change *c)
{
	const char *old = status_names[x->t.status];

	if ((int64_t)x->t.status == c->value)
		return 0;
	x->t.status = (enum status)c->value;
	if (x->t.status == STATUS_RESOLVED)
		x->t.resolved = x->now;
	else if (x->t.status == STATUS_CLOSED)
		x->t.closed = x->now;
	else
		x->t.resolved = x->t.closed = 0;
	if (apply_say(x, "status", old, status_names[x->t.status], c->why) ==
	    -1)
		return -1;
	return clear_moments(x, c->why);
}

int
apply_type(struct applying *x, const struct change *c)
{
	const char *old = type_names[x->t.type];

	if ((int64_t)x->t.type == c->value)
		return 0;
	x->t.type = (enum type)c->value;
	return apply_say(x, "type", old, type_names[c->value], c->why);
}

int
apply_level(struct applying *x, const struct change *c)
{
	bool impact = c->kind == CHANGE_IMPACT;
	enum level *field = impact ? &x->t.impact : &x->t.urgency;
	const char *old = level_names[*field];

	if ((int64_t)*field == c->value)
		return 0;
	*field = (enum level)c->value;
	return apply_say(x, impact ? "impact" : "urgency", old,
	    level_names[c->value], c->why);
}

int
apply_priority(struct applying *x, const struct change *c)
{
	static const char *const words[] = { "no", "yes" };
	const char *old = priority_names[x->t.priority];
	bool pinned = c->text != NULL, was = x->t.pinned;

	x->t.pinned = pinned;
	/* Only whoever takes it back needs to know; what begins so, was never
	 * otherwise. */
	if (pinned != was && !x->fresh &&
	    apply_say(x, "pinned", words[was], words[pinned], c->why) == -1)
		return -1;
	if ((int64_t)x->t.priority == c->value)
		return 0;
	x->t.priority = (enum priority)c->value;
	return apply_say(x, "priority", old, priority_names[c->value], c->why);
}

int
apply_tier(struct applying *x, const struct change *c)
{
	char old[8], new[8];

	if (x->t.tier == (int)c->value)
		return 0;
	snprintf(old, sizeof(old), "%d", x->t.tier);
	snprintf(new, sizeof(new), "%d", (int)c->value);
	x->t.tier = (int)c->value;
	return apply_say(x, "tier", old, new, c->why);
}

int
apply_requester(struct applying *x, const struct change *c)
{
	x->t.requester_name = c->text2 == NULL ? "" : c->text2;
	return set_text(x, &x->t.requester, "requester", c);
}

/* The team is set before: its next ticket is somebody else's turn. */
int
apply_assignee(struct applying *x, const struct change *c)
{
	if (*c->text != '\0' &&
	    db_run(x->db, x->e,
		"INSERT INTO turn(team, agent, ticket) VALUES(?, ?, ?)"
		" ON CONFLICT DO UPDATE SET ticket = excluded.ticket",
		"tti", x->t.team, c->text, x->t.number) == -1)
		return -1;
	return set_text(x, &x->t.assignee, "assignee", c);
}

int
apply_new(struct applying *x, const struct change *c)
{
	x->fresh = true;
	x->t.subject = c->text;
	return apply_say(x, "new", NULL, NULL, c->why);
}

int
apply_only_event(struct applying *x, const struct change *c)
{
	const struct happened h = {
		.what = c->text, .new = c->text2, .why = c->why, .ref = c->value
	};

	return apply_event(x, &h);
}
