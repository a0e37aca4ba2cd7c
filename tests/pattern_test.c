/* Patterns: what is refused, what is warned about, and that judging ends. */
#include <stdlib.h>
#include <time.h>

#include "parser/limits.h"
#include "rules/pattern.h"
#include "tests/test.h"

static int64_t
cpu(void)
{
	return (int64_t)clock() * 1000000 / CLOCKS_PER_SEC;
}

static struct conf_pattern
judge(struct arena *a, const char *text, const char *flags, size_t most)
{
	struct pattern_trial trial = { most, most == 0 ? NULL : cpu };
	struct conf_pattern out;

	pattern_judge(a, text, flags, &trial, &out);
	return out;
}

static void
test_compile(void)
{
	static const struct {
		const char *text, *flags;
		int at; /* of the error; -1: good */
		bool empty;
	} table[] = {
		{ "x", "", -1, false },
		{ "x*", "", -1, true },
		{ "^$", "", -1, true },
		{ "\\bvpn\\b", "i", -1, false },
		{ "a(b", "", 3, false },
		{ "*a", "", 0, false },
		{ "\xc3\xa9{2}[", "", 6, false },
		{ "a\\Cb", "", 3, false },
		{ "x # comment", "x", -1, false },
		{ "(?<n>a)(?<n>b)", "", 12, false },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct arena a = { 0 };
		struct conf_pattern p = judge(
		    &a, table[i].text, table[i].flags, 0);

		test_ok((p.error != NULL) == (table[i].at >= 0) &&
			(p.error == NULL || (int)p.at == table[i].at) &&
			p.empty == table[i].empty,
		    "/%s/%s: %s at %zu", table[i].text, table[i].flags,
		    p.error != NULL ? p.error : "good", p.at);
		arena_done(&a);
	}
}

static void
test_limits(void)
{
	struct arena a = { 0 };
	char deep[300] = "", *big = arena_alloc(&a, CONF_PATTERN_MAX + 2);

	memset(deep, '(', PATTERN_NESTING_MAX + 1);
	deep[PATTERN_NESTING_MAX + 1] = 'x';
	memset(deep + PATTERN_NESTING_MAX + 2, ')', PATTERN_NESTING_MAX + 1);
	test_ok(judge(&a, deep, "", 0).error != NULL, "too many parentheses");
	memset(big, 'x', CONF_PATTERN_MAX + 1);
	test_ok(judge(&a, big, "", 0).error != NULL, "too long: %s",
	    judge(&a, big, "", 0).error);
	big[CONF_PATTERN_MAX] = '\0';
	test_ok(judge(&a, big, "", 0).error == NULL, "as long as may be");
	arena_done(&a);
}

static void
test_slow(void)
{
	static const char *const slow[] = { "(a+)+$", "(a|a)*b", "(.*)*x",
		"(\\w+\\s?)*$", "a*a*a*[bc]", "^(([a-z])+.)+[A-Z]([a-z])+$" };
	static const char *const fast[] = { "\\bvpn\\b", "^urgent",
		"\\b(?:pass ?wor[dt]|kennwort)\\b.{0,40}\\b(?:reset|forgot)",
		"case[ #:]+(?<number>\\d{6,10})" };

	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		struct arena a = { 0 };
		struct conf_pattern p = judge(
		    &a, slow[i], "i", PATTERN_TEXT_MAX);

		test_ok(p.slow != NULL, "/%s/: %s", slow[i],
		    p.slow != NULL ? p.slow : "not found out");
		arena_done(&a);
	}
	for (size_t i = 0; i < sizeof(fast) / sizeof(fast[0]); i++) {
		struct arena a = { 0 };
		struct conf_pattern p = judge(
		    &a, fast[i], "is", PATTERN_TEXT_MAX);

		test_ok(p.error == NULL && p.slow == NULL, "/%s/ is fast: %s",
		    fast[i], p.slow != NULL ? p.slow : "");
		arena_done(&a);
	}
}

int
main(void)
{
	test_compile();
	test_limits();
	test_slow();
	return test_end();
}
