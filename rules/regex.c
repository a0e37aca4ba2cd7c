/*
 * Matching within limits.  PCRE2 counts its steps anew from each starting
 * point, so its own limit bounds nothing: a*a*a*[bc] over 64 KB took seconds
 * without an error.  Here the starting points are taken in slices: many with a
 * small limit, and where that is met few with the large one.  After each slice
 * the clock is asked.  One slice costs at most SLICE_STEPS, about 40 ms.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "rules/regex.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "parser/limits.h"

#define SLICE_STEPS   1000000
#define STARTS_MAX    1000
#define WALL_SHORT_US 50 /* a match that did not wait */
#define STARTS_MIN    (SLICE_STEPS / PATTERN_MATCH_MAX)

struct regex {
	pcre2_code *code;
	const char **names;
	uint32_t *numbers; /* of the groups with these names */
	size_t names_n;
	struct regex_cost *cost;
};

struct matcher {
	pcre2_match_data *found;
	pcre2_match_context *limits;
	int64_t (*clock)(void);
	int64_t (*wall)(void); /* or NULL */
	int64_t left;          /* microseconds */
	int64_t cpu;           /* the clock when it was read last */
};

#define GROUPS_MAX 100 /* whose places are kept */

static uint32_t
options_of(const char *flags)
{
	static const struct {
		char letter;
		uint32_t option;
	} table[] = { { 'i', PCRE2_CASELESS }, { 'm', PCRE2_MULTILINE },
		{ 's', PCRE2_DOTALL }, { 'x', PCRE2_EXTENDED } };
	uint32_t set = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C |
	    PCRE2_USE_OFFSET_LIMIT;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strchr(flags, table[i].letter) != NULL)
			set |= table[i].option;
	return set;
}

static void *
take(size_t n, void *arena)
{
	return arena_alloc(arena, n);
}

static void
leave(void *p, void *arena)
{
	(void)p;
	(void)arena;
}

/* The table of PCRE2: two bytes of number, the name, NUL; sorted by name. */
static void
read_names(struct arena *a, struct regex *r)
{
	uint32_t n = 0, size = 0;
	PCRE2_SPTR table = NULL;

	pcre2_pattern_info(r->code, PCRE2_INFO_NAMECOUNT, &n);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMETABLE, &table);
	r->names = arena_calloc(a, n + 1, sizeof(*r->names));
	r->numbers = arena_calloc(a, n + 1, sizeof(*r->numbers));
	for (uint32_t i = 0; i < n; i++, table += size) {
		r->numbers[i] = (uint32_t)table[0] << 8 | table[1];
		r->names[i] = arena_strdup(a, (const char *)table + 2);
	}
	r->names_n = n;
}

struct regex *
regex_compile(struct arena *a, const char *text, const char *flags,
    struct conf_pattern *bad)
{
	pcre2_general_context *g = pcre2_general_context_create(take, leave, a);
	pcre2_compile_context *c = pcre2_compile_context_create(g);
	struct regex *r = arena_alloc(a, sizeof(*r));
	unsigned char why[200];
	PCRE2_SIZE at = 0;
	int rc = 0;

	pcre2_set_max_pattern_length(c, CONF_PATTERN_MAX);
	pcre2_set_parens_nest_limit(c, PATTERN_NESTING_MAX);
	r->code = pcre2_compile(
	    (PCRE2_SPTR)text, strlen(text), options_of(flags), &rc, &at, c);
	if (r->code == NULL) {
		pcre2_get_error_message(rc, why, sizeof(why));
		bad->error = arena_strdup(a, (const char *)why);
		bad->at = at == PCRE2_UNSET ? 0 : at;
		return NULL;
	}
	read_names(a, r);
	r->cost = arena_alloc(a, sizeof(*r->cost));
	return r;
}

struct matcher *
matcher_new(int64_t (*clock)(void))
{
	struct matcher *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->clock = clock;
	m->found = pcre2_match_data_create(GROUPS_MAX, NULL);
	m->limits = pcre2_match_context_create(NULL);
	if (m->found == NULL || m->limits == NULL) {
		matcher_free(m);
		return NULL;
	}
	pcre2_set_depth_limit(m->limits, PATTERN_DEPTH_MAX);
	pcre2_set_heap_limit(m->limits, PATTERN_HEAP_KIB);
	matcher_start(m, PATTERN_MAIL_US);
	return m;
}

void
matcher_free(struct matcher *m)
{
	if (m == NULL)
		return;
	pcre2_match_data_free(m->found);
	pcre2_match_context_free(m->limits);
	free(m);
}

void
matcher_start(struct matcher *m, int64_t budget)
{
	m->left = budget;
	if (m->wall != NULL)
		m->cpu = m->clock();
}

void
matcher_wall(struct matcher *m, int64_t (*wall)(void))
{
	m->wall = m->clock != NULL ? wall : NULL;
	matcher_start(m, m->left);
}

/* Starting points from `at`, at most `starts` bytes of them. */
static int
slice(struct matcher *m, const struct regex *r, const char *text, size_t n,
    size_t at, size_t starts)
{
	pcre2_set_match_limit(m->limits, (uint32_t)(SLICE_STEPS / starts));
	pcre2_set_offset_limit(m->limits, at + starts - 1);
	return pcre2_match(r->code, (PCRE2_SPTR)text, n, at, PCRE2_NO_UTF_CHECK,
	    m->found, m->limits);
}

static int64_t
now_of(const struct matcher *m)
{
	return m->wall != NULL ? m->wall() : m->clock != NULL ? m->clock() : 0;
}

/*
 * To ask for CPU time is a system call and cost more than most matches; time
 * on the wall is read from memory, and nobody uses more CPU than that.  Where
 * it is long, we may only have been made to wait, so the CPU clock is asked.
 * What it shows since it was read last is too much by what was done in between,
 * never too little.
 */
static int64_t
used(struct matcher *m, int64_t took)
{
	int64_t cpu, since;

	if (m->wall == NULL || took < WALL_SHORT_US)
		return took;
	cpu = m->clock();
	since = cpu - m->cpu;
	m->cpu = cpu;
	return since < took ? since : took;
}

static bool
spend(struct matcher *m, int64_t *since)
{
	int64_t now;

	if (m->clock == NULL)
		return true;
	now = now_of(m);
	m->left -= used(m, now - *since);
	*since = now;
	return m->left > 0;
}

static void
tell(const struct matcher *m, struct regex_place *where)
{
	PCRE2_SIZE *o = pcre2_get_ovector_pointer(m->found);

	if (where == NULL)
		return;
	where->at = o[0];
	where->length = o[1] > o[0] ? o[1] - o[0] : 0;
}

static enum regex_end
match(struct matcher *m, const struct regex *r, const char *text, size_t n,
    struct regex_place *where)
{
	size_t at = 0, starts = STARTS_MAX;
	int64_t since = now_of(m);

	while (at <= n) {
		int rc = slice(m, r, text, n, at, starts);
		bool time = spend(m, &since);

		if (rc >= 0) {
			tell(m, where);
			return REGEX_YES;
		}
		if (rc == PCRE2_ERROR_MATCHLIMIT && starts > STARTS_MIN &&
		    time) {
			starts = starts / 10 > STARTS_MIN ? starts / 10
							  : STARTS_MIN;
			continue;
		}
		if (rc != PCRE2_ERROR_NOMATCH || !time)
			return REGEX_LIMIT;
		at += starts;
		while (at < n && ((unsigned char)text[at] & 0xc0) == 0x80)
			at++;
		starts = starts * 2 < STARTS_MAX ? starts * 2 : STARTS_MAX;
	}
	return REGEX_NO;
}

enum regex_end
regex_match(struct matcher *m, const struct regex *r, const char *text,
    size_t n, struct regex_place *where)
{
	int64_t left = m->left, took;
	enum regex_end end;

	if (m->clock != NULL && left <= 0)
		return REGEX_LIMIT;
	end = match(m, r, text, n, where);
	took = left - m->left;
	r->cost->calls++;
	r->cost->total += took;
	if (took > r->cost->worst)
		r->cost->worst = took;
	return end;
}

const struct regex_cost *
regex_cost(const struct regex *r)
{
	return r->cost;
}

size_t
regex_names(const struct regex *r, const char *const **names)
{
	*names = r->names;
	return r->names_n;
}

bool
regex_group(const struct matcher *m, const struct regex *r, size_t i,
    struct regex_place *where)
{
	PCRE2_SIZE *o = pcre2_get_ovector_pointer(m->found);
	size_t g = r->numbers[i];

	if (g >= GROUPS_MAX || o[2 * g] == PCRE2_UNSET)
		return false;
	where->at = o[2 * g];
	where->length = o[2 * g + 1] - o[2 * g];
	return true;
}
