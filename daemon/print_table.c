/*
 * Tables that fit the width of the terminal.  One column may give way; all
 * others, above all the ticket's number, are always whole.
 */
#include <stdio.h>
#include <string.h>

#include "daemon/print.h"

#define GAP         2  /* blanks between two columns */
#define GIVES_LEAST 10 /* what is left of the column that gives way */
#define CUT_LEAST   4  /* what is left of any other */

void
table_init(struct table *t, struct arena *a, const struct column *columns,
    size_t columns_n)
{
	*t = (struct table){
		.arena = a, .columns = columns, .columns_n = columns_n
	};
}

void
table_cell(struct table *t, const char *text, enum print_style style)
{
	t->cells = arena_grow(
	    t->arena, t->cells, t->n, &t->cap, sizeof(*t->cells));
	t->cells[t->n++] = (struct cell){ .text = print_line(t->arena, text),
		.style = style };
}

/* The width each column wants; 0 for one that is empty in every row. */
static int *
wanted(const struct table *t)
{
	int *w = arena_calloc(t->arena, t->columns_n, sizeof(*w));

	for (size_t i = 0; i < t->n; i++) {
		int n = print_columns(t->cells[i].text);

		if (n > w[i % t->columns_n])
			w[i % t->columns_n] = n;
	}
	for (size_t i = 0; i < t->columns_n; i++) {
		int n = (int)strlen(t->columns[i].head);

		if (w[i] > 0 && n > w[i])
			w[i] = n;
	}
	return w;
}

/* The column to cut by one: that which gives way as long as it has enough,
 * then the widest text.  Never the first, it names the row, and no number. */
static size_t
next_cut(const struct table *t, const int *w)
{
	size_t best = 0;

	for (size_t i = 1; i < t->columns_n; i++) {
		if (t->columns[i].gives && w[i] > GIVES_LEAST)
			return i;
		if (!t->columns[i].right && w[i] > CUT_LEAST &&
		    (best == 0 || w[i] > w[best]))
			best = i;
	}
	return best;
}

static void
fit(const struct table *t, const struct print *p, int *w)
{
	int sum = -GAP;

	for (size_t i = 0; i < t->columns_n; i++)
		sum += w[i] > 0 ? w[i] + GAP : 0;
	while (p->width > 0 && sum > p->width) {
		size_t i = next_cut(t, w);

		if (i == 0)
			return;
		w[i]--;
		sum--;
	}
}

/* One cell; nothing is padded after the last, so no line ends in blanks. */
static void
print_cell(const struct table *t, const struct print *p, const struct cell *c,
    const struct column *col, int width, bool last)
{
	const char *text = print_cut(p, t->arena, c->text, width);
	int pad = width - print_columns(text);

	printf("%*s%s%s%s%*s", col->right ? pad : 0, "", print_on(p, c->style),
	    text, print_off(p, c->style), col->right || last ? 0 : pad, "");
	if (!last)
		printf("%*s", GAP, "");
}

static void
print_row(const struct table *t, const struct print *p, const int *w,
    const struct cell *row)
{
	size_t last = t->columns_n;

	while (last > 0 && (w[last - 1] == 0 || row[last - 1].text[0] == '\0'))
		last--;
	for (size_t i = 0; i < last; i++)
		if (w[i] > 0)
			print_cell(
			    t, p, &row[i], &t->columns[i], w[i], i + 1 == last);
	putchar('\n');
}

void
table_print(const struct table *t, const struct print *p)
{
	int *w = wanted(t);
	struct cell *heads = arena_calloc(
	    t->arena, t->columns_n, sizeof(*heads));

	if (t->n == 0)
		return;
	fit(t, p, w);
	for (size_t i = 0; i < t->columns_n; i++)
		heads[i] = (struct cell){ .text = t->columns[i].head,
			.style = STYLE_BOLD };
	print_row(t, p, w, heads);
	for (size_t i = 0; i + t->columns_n <= t->n; i += t->columns_n)
		print_row(t, p, w, t->cells + i);
}
