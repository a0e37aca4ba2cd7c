/* Which ticket a mail belongs to: a table of candidates and what must win. */
#include "rules/thread.h"
#include "tests/test.h"

#define DAY 86400
#define NOW (1000 * DAY)

struct row {
	const char *name;
	struct candidate list[3];
	size_t n;
	enum thread_how how;
	int64_t ticket;
};

#define T(nr, st, upd, cl)                                                \
	{                                                                 \
		.number = nr, .status = st, .updated = upd, .closed = cl, \
		.subject = "s"                                            \
	}

static const struct row rows[] = {
	{ "nothing known is new", { { 0 } }, 0, THREAD_NEW, 0 },
	{ "our id from a participant appends",
	    { { STEP_OWN_ID, T(7, STATUS_OPEN, NOW, 0), true, "x" } }, 1,
	    THREAD_APPEND, 7 },
	{ "our id from a stranger is a note",
	    { { STEP_OWN_ID, T(7, STATUS_OPEN, NOW, 0), false, "x" } }, 1,
	    THREAD_NOTE, 7 },
	{ "a known id from a stranger is a note",
	    { { STEP_FOREIGN_ID, T(7, STATUS_OPEN, NOW, 0), false, "x" } }, 1,
	    THREAD_NOTE, 7 },
	{ "a tag from a stranger is a new ticket",
	    { { STEP_TAG, T(7, STATUS_OPEN, NOW, 0), false, "x" } }, 1,
	    THREAD_NEW, 0 },
	{ "a tag from a participant appends",
	    { { STEP_TAG, T(7, STATUS_OPEN, NOW, 0), true, "x" } }, 1,
	    THREAD_APPEND, 7 },
	{ "a Thread-Index from a stranger is a new ticket",
	    { { STEP_INDEX, T(7, STATUS_OPEN, NOW, 0), false, "x" } }, 1,
	    THREAD_NEW, 0 },
	{ "a Thread-Index from a participant appends",
	    { { STEP_INDEX, T(7, STATUS_OPEN, NOW, 0), true, "x" } }, 1,
	    THREAD_APPEND, 7 },
	{ "a tag is stronger than a Thread-Index, a subject is weaker",
	    { { STEP_SUBJECT, T(9, STATUS_OPEN, NOW, 0), true, "x" },
		{ STEP_INDEX, T(8, STATUS_OPEN, NOW, 0), true, "x" },
		{ STEP_TAG, T(7, STATUS_OPEN, NOW, 0), true, "x" } },
	    3, THREAD_APPEND, 7 },
	{ "a token is stronger than an id",
	    { { STEP_OWN_ID, T(7, STATUS_OPEN, NOW, 0), true, "x" },
		{ STEP_TOKEN, T(8, STATUS_OPEN, NOW, 0), true, "x" } },
	    2, THREAD_APPEND, 8 },
	{ "a token in the hands of a stranger is a note",
	    { { STEP_TOKEN, T(7, STATUS_OPEN, NOW, 0), false, "x" } }, 1,
	    THREAD_NOTE, 7 },
	{ "an ancestor of a stranger is a new ticket",
	    { { STEP_ANCESTOR, T(7, STATUS_OPEN, NOW, 0), false, "x" } }, 1,
	    THREAD_NEW, 0 },
	{ "the stronger step wins, whatever the order",
	    { { STEP_TAG, T(7, STATUS_OPEN, NOW, 0), true, "x" },
		{ STEP_FOREIGN_ID, T(8, STATUS_OPEN, NOW, 0), true, "x" },
		{ STEP_OWN_ID, T(9, STATUS_OPEN, NOW, 0), true, "x" } },
	    3, THREAD_APPEND, 9 },
	{ "same subject inside the window",
	    { { STEP_SUBJECT, T(7, STATUS_OPEN, NOW - 1800, 0), true, "x" } },
	    1, THREAD_APPEND, 7 },
	{ "same subject a second too late",
	    { { STEP_SUBJECT, T(7, STATUS_OPEN, NOW - 1801, 0), true, "x" } },
	    1, THREAD_NEW, 0 },
	{ "same subject of a closed ticket is new",
	    { { STEP_SUBJECT, T(7, STATUS_CLOSED, NOW, NOW), true, "x" } }, 1,
	    THREAD_NEW, 0 },
	{ "a ticket just closed opens again",
	    { { STEP_OWN_ID, T(7, STATUS_CLOSED, NOW, NOW - 14 * DAY), true,
		"x" } },
	    1, THREAD_APPEND, 7 },
	{ "a ticket long closed is followed up",
	    { { STEP_OWN_ID, T(7, STATUS_CLOSED, NOW, NOW - 14 * DAY - 1), true,
		"x" } },
	    1, THREAD_FOLLOW_UP, 7 },
};

int
main(void)
{
	const struct thread_moment m = {
		.now = NOW, .reopen_within = 14 * DAY, .duplicate_window = 1800
	};
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct thread_choice c;

		thread_choose(&a, r->list, r->n, &m, &c);
		test_ok(c.how == r->how && c.ticket.number == r->ticket &&
			c.why != NULL,
		    "%s", r->name);
	}
	arena_done(&a);
	return test_end();
}
