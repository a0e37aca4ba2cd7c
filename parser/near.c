/* Which word was meant: Damerau's distance with adjacent swaps. */
#include "parser/near.h"

#include <string.h>

#define NEAR_MAX 30 /* letters of a word worth correcting */

/* The cheapest way to the cell (i, j) of the table. */
static int
step(const char *a, const char *b, int i, int j, int (*row)[NEAR_MAX + 2])
{
	const int *before = row[(i + 2) % 3], *old = row[(i + 1) % 3];
	int d = before[j - 1] + (a[i - 1] != b[j - 1]);

	if (before[j] + 1 < d)
		d = before[j] + 1;
	if (row[i % 3][j - 1] + 1 < d)
		d = row[i % 3][j - 1] + 1;
	if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
	    old[j - 2] + 1 < d)
		d = old[j - 2] + 1;
	return d;
}

int
near_distance(const char *a, const char *b)
{
	int row[3][NEAR_MAX + 2] = { { 0 } };
	size_t n = strlen(a), m = strlen(b);

	if (n > NEAR_MAX || m > NEAR_MAX)
		return 99;
	for (int j = 0; j <= (int)m; j++)
		row[0][j] = j;
	for (int i = 1; i <= (int)n; i++) {
		row[i % 3][0] = i;
		for (int j = 1; j <= (int)m; j++)
			row[i % 3][j] = step(a, b, i, j, row);
	}
	return row[n % 3][m];
}

const char *
near_word(const char *word, const char *const *list)
{
	int best = strlen(word) > 3 ? 3 : 2;
	const char *found = NULL;

	for (; *list != NULL; list++) {
		int d = near_distance(word, *list);

		if (d < best) {
			best = d;
			found = *list;
		}
	}
	return found;
}
