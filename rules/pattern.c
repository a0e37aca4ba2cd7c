/*
 * Judging patterns before a mail meets them.  The interpreter is used, not
 * the JIT: the shipped unit allows no executable memory, and limits count the
 * same everywhere.  Promises to leave nothing allocated.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "rules/pattern.h"

#include <pcre2.h>
#include <stdbool.h>
#include <string.h>

#include "parser/limits.h"

static uint32_t
options_of(const char *flags)
{
	static const struct {
		char letter;
		uint32_t option;
	} table[] = { { 'i', PCRE2_CASELESS }, { 'm', PCRE2_MULTILINE },
		{ 's', PCRE2_DOTALL }, { 'x', PCRE2_EXTENDED } };
	uint32_t set = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF |
	    PCRE2_NEVER_BACKSLASH_C;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strchr(flags, table[i].letter) != NULL)
			set |= table[i].option;
	return set;
}

/* NULL: out->error and out->at say why. */
static pcre2_code *
compile(struct arena *a, const char *text, const char *flags,
    struct conf_pattern *out)
{
	pcre2_compile_context *c = pcre2_compile_context_create(NULL);
	pcre2_code *code = NULL;
	unsigned char why[200];
	PCRE2_SIZE at = 0;
	int rc = PCRE2_ERROR_NOMEMORY;

	if (c != NULL) {
		pcre2_set_max_pattern_length(c, CONF_PATTERN_MAX);
		pcre2_set_parens_nest_limit(c, PATTERN_NESTING_MAX);
		code = pcre2_compile((PCRE2_SPTR)text, strlen(text),
		    options_of(flags), &rc, &at, c);
		pcre2_compile_context_free(c);
	}
	if (code != NULL)
		return code;
	pcre2_get_error_message(rc, why, sizeof(why));
	out->error = arena_strdup(a, (const char *)why);
	out->at = at == PCRE2_UNSET ? 0 : at;
	return NULL;
}

struct match {
	pcre2_code *code;
	pcre2_match_data *found;
	pcre2_match_context *limits;
};

static int
try(const struct match *m, const char *subject, size_t n)
{
	return pcre2_match(
	    m->code, (PCRE2_SPTR)subject, n, 0, 0, m->found, m->limits);
}

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
}

/* The worst text; stops at the first that is too slow. */
static void
measure(struct arena *a, const struct match *m, const char *own,
    const struct pattern_trial *trial, struct conf_pattern *out)
{
	size_t n = sizeof(evil) / sizeof(evil[0]);
	char *text = arena_alloc(a, trial->most);

	for (size_t i = 0; i < 2 * (n + 1) && out->slow == NULL; i++) {
		int64_t since, took;
		int rc;

		repeat(text, trial->most, i / 2 < n ? evil[i / 2] : own,
		    i % 2 == 0 ? "" : own);
		since = trial->clock();
		rc = try(m, text, trial->most);
		took = (trial->clock() - since) / 1000;
		if (rc < PCRE2_ERROR_PARTIAL)
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
	struct match m = { 0 };

	*out = (struct conf_pattern){ 0 };
	m.code = compile(a, text, flags, out);
	if (m.code == NULL)
		return;
	m.found = pcre2_match_data_create_from_pattern(m.code, NULL);
	m.limits = pcre2_match_context_create(NULL);
	if (m.found == NULL || m.limits == NULL) {
		out->error = "out of memory";
	} else {
		pcre2_set_match_limit(m.limits, PATTERN_MATCH_MAX);
		pcre2_set_depth_limit(m.limits, PATTERN_DEPTH_MAX);
		pcre2_set_heap_limit(m.limits, PATTERN_HEAP_KIB);
		out->empty = try(&m, "", 0) >= 0;
		if (trial->clock != NULL && trial->most > 0)
			measure(a, &m, own_letters(a, text), trial, out);
	}
	pcre2_match_context_free(m.limits);
	pcre2_match_data_free(m.found);
	pcre2_code_free(m.code);
}
