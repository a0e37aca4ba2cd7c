/*
 * Known text as a set of hashes: one for each run of five words, one for each
 * whole line.  See known.h.
 */
#include "parser/known.h"

#include <stdint.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/limits.h"

#define LINE_LEAST 10 /* bytes: "Thanks!" is written by everybody */

struct known {
	uint64_t *set; /* open addressing; 0 is free */
	size_t mask;
};

static void
insert(struct known *k, uint64_t h)
{
	size_t i;

	h += h == 0;
	for (i = h & k->mask; k->set[i] != 0; i = (i + 1) & k->mask)
		if (k->set[i] == h)
			return;
	k->set[i] = h;
}

static bool
contains(const struct known *k, uint64_t h)
{
	h += h == 0;
	for (size_t i = h & k->mask; k->set[i] != 0; i = (i + 1) & k->mask)
		if (k->set[i] == h)
			return true;
	return false;
}

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

/* The next word of a line as a number; 0: there is none.  Marks of quotes and
 * of emphasis are no words. */
static uint64_t
next_word(const char **p, const char *end)
{
	uint64_t h = 0xcbf29ce484222325u;
	const char *s = *p;

	while (s < end && (ascii_blank(*s) || strchr(">|*_", *s) != NULL))
		s++;
	*p = s;
	if (s == end)
		return 0;
	while (*p < end && !ascii_blank(**p) && **p != '*') {
		h = (h ^ (unsigned char)ascii_lower(**p)) * 0x100000001b3u;
		++*p;
	}
	return h | 1;
}

/* The last words, and the hash over all of a line. */
struct walk {
	uint64_t last[KNOWN_RUN];
	size_t words;
	uint64_t line;
};

static uint64_t
run_hash(const struct walk *w)
{
	uint64_t h = 1;

	for (size_t i = 0; i < KNOWN_RUN; i++)
		h = mix(h, w->last[(w->words + i) % KNOWN_RUN]);
	return h;
}

static bool
walk_word(struct walk *w, const char **p, const char *end)
{
	uint64_t h = next_word(p, end);

	if (h == 0)
		return false;
	w->last[w->words++ % KNOWN_RUN] = h;
	w->line = mix(w->line, h);
	return true;
}

struct known *
known_new(struct arena *a, const char *text)
{
	struct known *k = arena_alloc(a, sizeof(*k));
	size_t n = strlen(text), size = 64;
	struct walk w = { 0 };

	n = n < KNOWN_MAX ? n : KNOWN_MAX;
	while (size < n) /* a word has two bytes at least; each line one more */
		size *= 2;
	k->set = arena_calloc(a, size, sizeof(*k->set));
	k->mask = size - 1;
	for (const char *p = text, *end = text + n; p < end;) {
		size_t len = strcspn(p, "\n");
		const char *nl = p + len < end ? p + len : end;

		w.line = 0;
		while (walk_word(&w, &p, nl))
			if (w.words >= KNOWN_RUN)
				insert(k, run_hash(&w));
		if (len >= LINE_LEAST)
			insert(k, w.line);
		p = nl + (nl < end);
	}
	return k;
}

bool
known_line(const struct known *k, const char *s, size_t n)
{
	const char *end = s + n, *p = s;
	struct walk w = { 0 };
	bool all = true;

	while (walk_word(&w, &p, end))
		if (w.words >= KNOWN_RUN)
			all &= contains(k, run_hash(&w));
	if (w.words >= KNOWN_RUN)
		return all;
	return n >= LINE_LEAST && w.words > 0 && contains(k, w.line);
}
