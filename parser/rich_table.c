/*
 * Which tables of an HTML text are tables: mail is full of those that only
 * arrange the page.
 */
#include "parser/limits.h"
#include "parser/rich_private.h"

/* One open table while they are looked at. */
struct table {
	struct rich_event *event;
	size_t cells, most; /* of a row, with words */
	bool words;         /* in the cell that is open */
	bool nested;        /* a table with words stands in it */
};

static bool
any_kept(const struct rich_doc *d, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if ((d->flags[i] & RICH_KEPT) != 0)
			return true;
	return false;
}

void
rich_find_tables(struct rich_doc *d)
{
	struct table open[RICH_DEPTH_MAX], *t = NULL;
	size_t n = 0, lost = 0, at = 0;

	for (size_t i = 0; i < d->events_n; i++) {
		struct rich_event *e = &d->events[i];

		if (t != NULL && !t->words)
			t->words = any_kept(d, at, e->at);
		at = e->at;
		if (e->kind == RICH_OPEN && e->tag == RICH_TABLE) {
			e->kept = false;
			if (n == RICH_DEPTH_MAX) {
				lost++;
				continue;
			}
			t = &open[n++];
			*t = (struct table){ .event = e };
		} else if (e->kind == RICH_CLOSE && e->tag == RICH_TABLE) {
			if (lost > 0) {
				lost--;
				continue;
			}
			if (t == NULL)
				continue;
			t->event->kept = t->most > 1 && !t->nested;
			if (n > 1 && t->most > 0)
				open[n - 2].nested = true;
			t = --n > 0 ? &open[n - 1] : NULL;
		} else if (t != NULL && e->kind == RICH_OPEN &&
		    e->tag == RICH_TR) {
			t->cells = 0;
			t->words = false;
		} else if (t != NULL &&
		    (e->tag == RICH_TD || e->tag == RICH_TH)) {
			if (e->kind == RICH_CLOSE && t->words &&
			    ++t->cells > t->most)
				t->most = t->cells;
			t->words = false;
		}
	}
}
