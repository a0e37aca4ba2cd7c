/* Cells of tables: beside each other, or below.  See html_cell.h. */
#include "parser/html_cell.h"

#define LONG_CELL 80 /* bytes: nobody reads two such on one line */

static struct html_table *
top(struct html_cells *c)
{
	return &c->list[c->n < HTML_TABLES_MAX ? c->n : HTML_TABLES_MAX];
}

void
html_cells_open(struct html_cells *c)
{
	c->n++;
	if (c->n <= HTML_TABLES_MAX)
		*top(c) = (struct html_table){ .cells = 0 };
}

void
html_cells_close(struct html_cells *c)
{
	struct html_table inner = *top(c);

	if (c->n == 0)
		return;
	c->n--;
	if (c->n >= HTML_TABLES_MAX || !inner.any)
		return;
	top(c)->lines |= inner.split;
	top(c)->split |= inner.split;
	top(c)->fresh = false;
	top(c)->any = true;
}

void
html_cells_row(struct html_cells *c)
{
	struct html_table *t = top(c);

	t->cells = 0;
	t->arranged = false;
	t->fresh = false;
}

enum html_cell_place
html_cells_cell(struct html_cells *c, size_t at)
{
	struct html_table *t = top(c);
	bool was_long = t->lines || (!t->fresh && at - t->from > LONG_CELL);
	size_t before = t->cells++;

	t->arranged |= before > 0 && was_long;
	t->fresh = true;
	t->lines = false;
	t->from = at;
	return before == 0 ? CELL_FIRST : was_long ? CELL_BELOW : CELL_BESIDE;
}

void
html_cells_text(struct html_cells *c, bool line, size_t at)
{
	struct html_table *t = top(c);

	if (t->fresh) {
		t->from = at;
	} else if (line) {
		t->lines = true;
		t->arranged = true;
	}
	t->split |= line && t->any;
	t->any = true;
	t->fresh = false;
}

bool
html_cells_fresh(const struct html_cells *c)
{
	return c->n > 0 && c->n <= HTML_TABLES_MAX && c->list[c->n].fresh;
}

bool
html_cells_plain(const struct html_cells *c)
{
	const struct html_table *t =
	    &c->list[c->n <= HTML_TABLES_MAX ? c->n : 0];

	return t->cells > 1 && !t->arranged;
}
