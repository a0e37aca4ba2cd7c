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
