/* A list of changes, each with its why.  Touches nothing. */
#include "rules/decision.h"

const char *const direction_names[DIRECTION_COUNT] = {
	[DIRECTION_IN] = "in",
	[DIRECTION_OUT] = "out",
	[DIRECTION_NOTE] = "note",
};

const char *const part_role_names[ROLE_COUNT] = {
	[ROLE_REQUESTER] = "requester",
	[ROLE_CC] = "cc",
	[ROLE_WATCHER] = "watcher",
};

const char *const letter_thread_names[LETTER_THREADS] = {
	[THREAD_NONE] = "",
	[THREAD_REQUESTER] = "requester",
	[THREAD_STAFF] = "staff",
	[THREAD_VENDOR] = "vendor",
};

void
decision_init(
    struct decision *d, struct arena *a, int64_t ticket, const char *who)
{
	*d = (struct decision){ .arena = a, .ticket = ticket, .who = who };
}

struct change *
decision_add(struct decision *d, enum change_kind kind, int64_t value,
    const char *text, const char *why)
{
	struct change *c;

	d->list = arena_grow(
	    d->arena, d->list, d->n, &d->cap, sizeof(*d->list));
	c = &d->list[d->n++];
	*c = (struct change){
		.kind = kind, .value = value, .text = text, .why = why
	};
	return c;
}

/* Status and what hangs on it: moments are of the status that was, those of the
 * new one are set after it. */
static void
status_of(struct ticket *t, const struct change *c)
{
	if ((int64_t)t->status != c->value)
		t->until = t->nudge = t->end = 0;
	t->status = (enum status)c->value;
}

static void
text_of(struct ticket *t, const struct change *c)
{
	const char **const fields[] = {
		[CHANGE_NEW] = &t->subject,
		[CHANGE_CATEGORY] = &t->category,
		[CHANGE_TEAM] = &t->team,
		[CHANGE_ASSIGNEE] = &t->assignee,
		[CHANGE_REQUESTER] = &t->requester,
		[CHANGE_SUBJECT] = &t->subject,
		[CHANGE_LANGUAGE] = &t->language,
	};
	size_t n = sizeof(fields) / sizeof(fields[0]);

	if ((size_t)c->kind >= n || fields[c->kind] == NULL)
		return;
	*fields[c->kind] = c->text == NULL ? "" : c->text;
	if (c->kind == CHANGE_REQUESTER)
		t->requester_name = c->text2 == NULL ? "" : c->text2;
}

static void
number_of(struct ticket *t, const struct change *c)
{
	switch ((int)c->kind) {
	case CHANGE_STATUS:
		status_of(t, c);
		break;
	case CHANGE_TYPE:
		t->type = (enum type)c->value;
		break;
	case CHANGE_IMPACT:
		t->impact = (enum level)c->value;
		break;
	case CHANGE_URGENCY:
		t->urgency = (enum level)c->value;
		break;
	case CHANGE_PRIORITY:
		t->priority = (enum priority)c->value;
		t->pinned = c->text != NULL;
		break;
	case CHANGE_TIER:
		t->tier = (int)c->value;
		break;
	case CHANGE_UNTIL:
		t->until = c->value;
		break;
	case CHANGE_NUDGE:
		t->nudge = c->value;
		break;
	case CHANGE_END:
		t->end = c->value;
		break;
	case CHANGE_MERGE:
		t->merged_into = c->value;
		t->status = STATUS_CLOSED;
		break;
	default:
		break;
	}
}

void
decision_ticket(
    const struct decision *d, const struct ticket *before, struct ticket *out)
{
	*out = *before;
	for (size_t i = 0; i < d->n; i++) {
		text_of(out, &d->list[i]);
		number_of(out, &d->list[i]);
	}
}
