/*
 * Open pieces, one after another.  A day is cut where the clock changes, so
 * that within a cut the wall and the moment differ by one number.  Promises no
 * end of its own: the caller says how far to look.
 */
#include "rules/hours_private.h"

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The day, or what the change of the clock has left of it, that holds w->at. */
static void
take_day(struct hours_walk *w)
{
	int64_t wall;

	if (w->at >= w->change) {
		w->offset = zone_offset(w->hours->zone, w->at);
		w->change = zone_next_change(w->hours->zone, w->at);
	}
	wall = w->at + w->offset;
	w->day = (wall >= 0 ? wall : wall - (DAY_SECONDS - 1)) / DAY_SECONDS;
	w->base = w->day * DAY_SECONDS - w->offset;
	w->until = least(w->base + DAY_SECONDS, w->change);
	w->n = hours_spans(w->hours, w->day, &w->spans);
	w->next = 0;
}

void
hours_walk_begin(
    struct hours_walk *w, const struct hours *h, int64_t from, int64_t end)
{
	*w = (struct hours_walk){
		.hours = h, .at = from, .end = end, .change = INT64_MIN
	};
	if (from < end)
		take_day(w);
}

bool
hours_walk_next(struct hours_walk *w, struct open_piece *out)
{
	while (w->at < w->end) {
		while (w->next < w->n) {
			const struct span *s = &w->spans[w->next++];
			int64_t from = w->base + (int64_t)s->from * 60;
			int64_t to = w->base + (int64_t)s->to * 60;

			if (from < w->at)
				from = w->at;
			to = least(least(to, w->until), w->end);
			if (from >= to)
				continue;
			w->at = to;
			*out = (struct open_piece){ from, to, w->day };
			return true;
		}
		w->at = w->until;
		if (w->at < w->end)
			take_day(w);
	}
	return false;
}
