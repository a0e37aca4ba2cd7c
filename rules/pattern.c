/*
 * Judging patterns before a mail meets them.  The interpreter is used, not
 * the JIT: the shipped unit allows no executable memory, and limits count the
 * same everywhere.  Promises to leave nothing allocated.
 */
#include "rules/pattern.h"

#include <string.h>

#include "parser/limits.h"
#include "parser/utf8.h"
#include "rules/regex.h"

/*
 * What patterns stumble over: long runs that almost match.  Each is repeated
 * to full length, once as it is and once with the letters of the pattern at
 * its end (PCRE2 gives up early when one that must be there is not); a last
 * byte spoils the match.
 */
static const char *const evil[] = { "a", "A", "0", "1", " ", "\t", "\n", "\r\n",
	".", "-", "_", "/", "\\", "\"", "'", "<", ">", "=", "@", "a ", "ab",
	"a1", "a.", "a-", "a@a.", "1.", ",a", "x=", "\xc3\xa9", "\xe6\x97\xa5",
	"the quick brown fox jumps over the lazy dog. ",
	"http://www.example.com/a?b=c&" };

/* The letters of the pattern itself, as text: the nearest to a match. */
static char *
own_letters(struct arena *a, const char *pattern)
{
	char *out = arena_alloc(a, strlen(pattern) + 2), *p = out;

	for (; *pattern != '\0'; pattern++)
		if (strchr("\\()[]{}?*+|^$.", *pattern) == NULL)
			*p++ = *pattern;
	if (p == out)
		*p++ = 'x';
	return out;
}

/* Matching wants valid UTF-8: what was cut becomes letters. */
static void
mend(char *s, size_t n)
{
	const char *p = s, *end = s + n;

	while (p < end) {
		char *was = s + (p - s);

		if (utf8_next(&p, end) == 0xfffd && p == was + 1)
			*was = 'a';
	}
}

static void
repeat(char *out, size_t n, const char *unit, const char *own)
{
	size_t tail = strlen(own), done = strlen(unit);

	/* What is there is copied behind itself, twice as much each time. */
	for (size_t i = 0; i < done && i < n; i++)
		out[i] = unit[i];
	for (; done < n; done *= 2)
		memcpy(out + done, out, done < n - done ? done : n - done);
	for (size_t i = 0; tail < n && i < tail; i++)
		out[n - 1 - tail + i] = own[i];
	out[n - 1] = '\x01';
	mend(out, n);
}

/*
 * Milliseconds for one text.  Where that is too much it is asked again: an
 * interrupt or a cold cache is not the pattern's.
 */
static int64_t
cost(struct matcher *m, const struct regex *r, const char *text,
    const struct pattern_trial *trial, enum regex_end *end)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < 3 && least >= PATTERN_SLOW_MS; i++) {
		int64_t since, took;

		matcher_start(m, PATTERN_MAIL_US);
		since = trial->clock();
		*end = regex_match(m, r, text, trial->most, NULL);
		took = (trial->clock() - since) / 1000;
		least = took < least ? took : least;
	}
	return least;
}

/* The worst text; stops at the first that is too slow. */
static void
measure(struct arena *a, struct matcher *m, const struct regex *r,
    const char *own, const struct pattern_trial *trial,
    struct conf_pattern *out)
{
	size_t n = sizeof(evil) / sizeof(evil[0]);
	char *text = arena_alloc(a, trial->most);

	for (size_t i = 0; i < 2 * (n + 1) && out->slow == NULL; i++) {
		enum regex_end end;
		int64_t took;

		repeat(text, trial->most, i / 2 < n ? evil[i / 2] : own,
		    i % 2 == 0 ? "" : own);
		took = cost(m, r, text, trial, &end);
		if (end == REGEX_LIMIT)
			out->slow = "it meets the limit of steps";
		else if (took >= PATTERN_SLOW_MS)
			out->slow = arena_printf(
			    a, "%lld ms on hostile text", (long long)took);
	}
}

void
pattern_judge(struct arena *a, const char *text, const char *flags,
    const struct pattern_trial *trial, struct conf_pattern *out)
{
	struct regex *r;
	struct matcher *m;

	*out = (struct conf_pattern){ 0 };
	r = regex_compile(a, text, flags, out);
	if (r == NULL)
		return;
	m = matcher_new(trial->clock);
	if (m == NULL) {
		out->error = "out of memory";
		return;
	}
	out->empty = regex_match(m, r, "", 0, NULL) == REGEX_YES;
	if (trial->clock != NULL && trial->most > 0)
		measure(a, m, r, own_letters(a, text), trial, out);
	matcher_free(m);
}
