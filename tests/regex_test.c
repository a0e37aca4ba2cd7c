/* Patterns over hostile text: three answers, bounded time, named groups. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "parser/limits.h"
#include "rules/regex.h"
#include "tests/test.h"

static int64_t
cpu(void)
{
	return (int64_t)clock() * 1000000 / CLOCKS_PER_SEC;
}

static enum regex_end
match(const char *pattern, const char *flags, const char *text, size_t n,
    struct regex_place *where)
{
	struct arena a = { 0 };
	struct conf_pattern bad = { 0 };
	struct regex *r = regex_compile(&a, pattern, flags, &bad);
	struct matcher *m = matcher_new(cpu);
	enum regex_end end = regex_match(m, r, text, n, where);

	matcher_free(m);
	arena_done(&a);
	return end;
}

/* What lies behind the first slice is found, at its place. */
static void
slices(void)
{
	static char text[16000];
	struct regex_place where = { 0 };

	for (size_t at = 990; at < 1010; at++) {
		memset(text, 'a', sizeof(text));
		memcpy(text + at, "\xc3\xa9 vpn ", 7);
		test_ok(match("\\bvpn\\b", "i", text, sizeof(text), &where) ==
			    REGEX_YES &&
			where.at == at + 3 && where.length == 3,
		    "a word at %zu", at + 3);
		test_ok(match("\xc3\xa9.", "", text, sizeof(text), &where) ==
			    REGEX_YES &&
			where.at == at && where.length == 3,
		    "a character of two bytes at %zu", at);
	}
	test_ok(match("b", "", text, sizeof(text), NULL) == REGEX_NO,
	    "nothing to find");
	test_ok(match("^a", "", text, sizeof(text), &where) == REGEX_YES &&
		where.at == 0,
	    "the beginning is the beginning");
	test_ok(match("^a", "", "b\na", 3, NULL) == REGEX_NO, "and only that");
	test_ok(match("x$", "", "", 0, NULL) == REGEX_NO, "an empty text");
	test_ok(match("(a+)+\\z", "", text, 50, NULL) != REGEX_NO,
	    "a match is found though there are many ways");
}

static void
hostile(void)
{
	static const char *const patterns[] = { "a*a*a*[bc]", "(a+)+b",
		"(a|aa)+$b", "(.*a){12}b", "^(a?){30}a{30}b", "(a*)*b",
		"(?:a|a|a|a)*b", "(\\w+\\s*)+:", "a.*a.*a.*a.*b",
		"((a{1,50}){1,50}){1,50}b" };
	static char text[PATTERN_FIELD_MAX];

	memset(text, 'a', sizeof(text));
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		int64_t since = cpu(), took;
		enum regex_end end = match(
		    patterns[i], "", text, sizeof(text), NULL);

		took = (cpu() - since) / 1000;
		test_ok(end != REGEX_YES && took < 200,
		    "/%s/ over 64 KiB: %s after %lld ms", patterns[i],
		    end == REGEX_NO ? "no" : "limit", (long long)took);
	}
}

/* All matches of a mail share one budget. */
static void
budget(void)
{
	struct arena a = { 0 };
	struct conf_pattern bad = { 0 };
	struct regex *slow = regex_compile(&a, "a*a*a*[bc]", "", &bad);
	struct regex *quick = regex_compile(&a, "x", "", &bad);
	struct matcher *m = matcher_new(cpu);
	static char text[16 << 10];
	int64_t since = cpu();

	memset(text, 'a', sizeof(text));
	for (int i = 0; i < 100; i++)
		regex_match(m, slow, text, sizeof(text), NULL);
	test_ok((cpu() - since) / 1000 < 300,
	    "a hundred slow patterns cost what one may cost: %lld ms",
	    (long long)(cpu() - since) / 1000);
	test_ok(regex_match(m, quick, "x", 1, NULL) == REGEX_LIMIT,
	    "after that nothing can be said");
	matcher_start(m, PATTERN_MAIL_US);
	test_ok(regex_match(m, quick, "x", 1, NULL) == REGEX_YES,
	    "until the next mail");
	matcher_free(m);
	arena_done(&a);
}

/* With the cheap clock: a wait is no work, work is never missed. */
static int64_t fake_cpu, fake_wall, cpu_asked;

static int64_t
slow_clock(void)
{
	cpu_asked++;
	return fake_cpu;
}

/* Each look at the wall is so much later than the one before. */
static int64_t wall_step, cpu_step;

static int64_t
quick_clock(void)
{
	fake_cpu += cpu_step;
	return fake_wall += wall_step;
}

static void
walls(void)
{
	static const struct {
		int64_t wall, cpu; /* of a match */
		bool ends;         /* 1 000 of them are more than a mail may */
		int64_t asked;     /* no more than this */
	} table[] = {
		{ 10, 10, false, 2 },       /* short: nobody asks for CPU */
		{ 49, 1, false, 2 },        /* each counts as it looks */
		{ 40000, 20, false, 1100 }, /* a busy machine */
		{ 4000, 4000, true, 1100 }, /* a slow pattern */
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct arena a = { 0 };
		struct conf_pattern bad = { 0 };
		struct regex *r = regex_compile(&a, "x", "", &bad);
		struct matcher *m = matcher_new(slow_clock);
		enum regex_end end = REGEX_YES;

		cpu_asked = 0;
		wall_step = table[i].wall;
		cpu_step = table[i].cpu;
		matcher_wall(m, quick_clock);
		for (int k = 0; k < 1000 && end == REGEX_YES; k++)
			end = regex_match(m, r, "x", 1, NULL);
		test_ok((end == REGEX_LIMIT) == table[i].ends &&
			cpu_asked <= table[i].asked,
		    "matches of %lld us, %lld of them CPU: %s",
		    (long long)table[i].wall, (long long)table[i].cpu,
		    end == REGEX_LIMIT ? "too much" : "within the budget");
		matcher_free(m);
		arena_done(&a);
	}
}

static void
groups(void)
{
	struct arena a = { 0 };
	struct conf_pattern bad = { 0 };
	struct regex *r = regex_compile(&a,
	    "(?<state>UP|DOWN) (?:on (?<host>\\S+))?(?<none>z)?", "i", &bad);
	struct matcher *m = matcher_new(NULL);
	const char *text = "it is down on db1.example.com now";
	const char *const *names;
	size_t n = regex_names(r, &names);
	struct regex_place w = { 0 };

	test_ok(n == 3, "three names");
	test_ok(regex_match(m, r, text, strlen(text), &w) == REGEX_YES,
	    "it matches");
	for (size_t i = 0; i < n; i++) {
		bool took = regex_group(m, r, i, &w);
		char *got = took ? arena_strndup(&a, text + w.at, w.length)
				 : arena_strdup(&a, "");

		test_text(got,
		    strcmp(names[i], "state") == 0      ? "down"
			: strcmp(names[i], "host") == 0 ? "db1.example.com"
							: "",
		    "group %s", names[i]);
	}
	matcher_free(m);
	arena_done(&a);
}

int
main(void)
{
	slices();
	hostile();
	budget();
	walls();
	groups();
	return test_end();
}
