/*
 * What a person added: quotes, signatures and our own words taken out of a
 * text.  Nothing is made up: each line that is left is a line of the text, in
 * the same order.  Input: a byte of choices, the text, NUL, the text that we
 * sent before.
 */
#define _GNU_SOURCE /* memmem */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/flowed.h"
#include "parser/html.h"
#include "parser/known.h"
#include "parser/language.h"
#include "parser/quote.h"
#include "parser/utf8.h"
#include "rules/confirm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char blanks[] = " \t";

/* Do both lines have the same words? */
static bool
same_line(const char *a, size_t an, const char *b, size_t bn)
{
	for (;;) {
		while (an > 0 && strchr(blanks, *a) != NULL)
			a++, an--;
		while (bn > 0 && strchr(blanks, *b) != NULL)
			b++, bn--;
		if (an == 0 || bn == 0)
			return an == bn;
		if (*a++ != *b++)
			return false;
		an--;
		bn--;
	}
}

/* Some of a line: an introduction may stand in its middle. */
static bool
some_line(const char *part, size_t n, const char *whole, size_t k)
{
	while (n > 0 && strchr(blanks, part[n - 1]) != NULL)
		n--;
	return n > 0 && memmem(whole, k, part, n) != NULL;
}

/* Every line of part stands in whole, in the same order. */
static void
check_part(const char *part, const char *whole)
{
	while (*part != '\0') {
		size_t n = strcspn(part, "\n"), k = strcspn(whole, "\n");
		bool same;

		while (!(same = same_line(part, n, whole, k)) &&
		    !some_line(part, n, whole, k)) {
			assert(whole[k] != '\0');
			whole += k + 1;
			k = strcspn(whole, "\n");
		}
		if (same && n > 0 && strspn(part, blanks) < n)
			whole += k + (whole[k] == '\n');
		part += n + (part[n] == '\n');
	}
}

static void
check_known(struct arena *a, const char *text)
{
	struct known *k = known_new(a, text);
	struct known_line l[100];
	size_t n = 0;

	for (const char *s = text; *s != '\0' && n < 100; n++) {
		size_t len = strcspn(s, "\n");

		l[n] = (struct known_line){ .s = s, .n = len };
		s += len + (s[len] == '\n');
	}
	known_mark(k, a, l, n);
}

static void
check_cut(struct arena *a, struct quote_input *in)
{
	size_t forward;
	char *cut = quote_cut(a, in, &forward);
	char *again = quote_cut(a, in, NULL);

	assert(strcmp(cut, again) == 0);
	assert(utf8_valid(cut, strlen(cut)));
	assert(strlen(cut) <= strlen(in->text));
	assert(forward == QUOTE_NO_FORWARD || forward <= strlen(in->text));
	check_part(cut, in->text);
	(void)confirm_only(a, cut);
	assert(language_guess(a, cut) == language_guess(a, again));
}

/* The first byte says where the quotes are that HTML has marked. */
static void
mark(struct quote_input *in, struct html_range *range, uint8_t at)
{
	size_t n = strlen(in->text);

	range->from = n * (at & 15) / 16;
	range->to = range->from + (n - range->from) * (at >> 4) / 15;
	range->kind = at % 4;
	in->ranges = range;
	in->ranges_n = 1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct html_range range;
	struct quote_input in = { 0 };
	const uint8_t *end;
	size_t n;

	if (size < 2)
		return 0;
	end = memchr(data + 2, '\0', size - 2);
	n = end == NULL ? size - 2 : (size_t)(end - data) - 2;
	in.text = utf8_from(&a, "utf-8", (const char *)data + 2, n, NULL);
	if (data[0] & 1)
		in.text = flowed_unwrap(&a, in.text, false);
	in.forward = (data[0] & 2) != 0;
	in.fresh = (data[0] & 8) != 0;
	check_cut(&a, &in);
	if (end != NULL) {
		in.known = utf8_from(
		    &a, "utf-8", (const char *)end + 1, size - n - 3, NULL);
		check_known(&a, in.known);
		check_cut(&a, &in);
	}
	if (data[0] & 4) {
		mark(&in, &range, data[1]);
		check_cut(&a, &in);
	}
	arena_done(&a);
	return 0;
}
