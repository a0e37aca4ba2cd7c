/* Choosing the ticket of a mail from the candidates that the store found. */
#include "rules/thread.h"

static const char *const step_text[] = {
	[STEP_TOKEN] = "written to %s, an address that we gave out",
	[STEP_OWN_ID] = "answers our mail %s",
	[STEP_FOREIGN_ID] = "answers %s, a mail of this ticket",
	[STEP_ANCESTOR] = "a mail of this ticket answers it (%s)",
	[STEP_TAG] = "%s in the subject, and the sender takes part",
	[STEP_INDEX] =
	    "in Outlook's conversation of %s, and the sender takes part",
	[STEP_SUBJECT] = "same sender and subject as %s a moment ago",
	[STEP_NEW] = "%s",
};

/*
 * May this candidate decide at all?  A tag, a Thread-Index, a subject and a
 * forward reference prove nothing, so they only count for somebody who is in
 * the ticket already.
 */
static bool
counts(const struct candidate *c, const struct thread_moment *m)
{
	int64_t age = m->now - c->ticket.updated;

	switch (c->step) {
	case STEP_TOKEN:
	case STEP_OWN_ID:
	case STEP_FOREIGN_ID:
		return true;
	case STEP_ANCESTOR:
	case STEP_TAG:
	case STEP_INDEX:
		return c->takes_part;
	case STEP_SUBJECT:
		return c->takes_part && c->ticket.status != STATUS_CLOSED &&
		    age <= m->duplicate_window && age >= -m->duplicate_window;
	case STEP_NEW:
		break;
	}
	return false;
}

/* The stronger step first; among equals the ticket the sender takes part in, so
 * that a stranger cannot draw a mail to himself by using its id before. */
static int
rank(const struct candidate *c)
{
	return 2 * (int)c->step + !c->takes_part;
}

static const char *
explain(struct arena *a, const struct candidate *c)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return arena_printf(a, step_text[c->step], c->what);
#pragma GCC diagnostic pop
}

void
thread_choose(struct arena *a, const struct candidate *list, size_t n,
    const struct thread_moment *m, struct thread_choice *out)
{
	const struct candidate *best = NULL;

	*out = (struct thread_choice){ .how = THREAD_NEW,
		.step = STEP_NEW,
		.why = "no ticket known by id, tag or subject" };
	for (size_t i = 0; i < n; i++)
		if (counts(&list[i], m) &&
		    (best == NULL || rank(&list[i]) < rank(best)))
			best = &list[i];
	if (best == NULL)
		return;
	out->step = best->step;
	out->ticket = best->ticket;
	out->why = explain(a, best);
	if (!best->takes_part)
		out->how = THREAD_NOTE;
	else if (!ticket_reopens(&best->ticket, m->now, m->reopen_within))
		out->how = THREAD_FOLLOW_UP;
	else
		out->how = THREAD_APPEND;
}
