/*
 * Known text as a set of hashes: one for each run of five words, one for each
 * whole line.  See known.h.
 */
#include "parser/known.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/limits.h"
#include "parser/utf8.h"

#define LINE_LEAST  10 /* bytes: "Thanks!" is written by everybody */
#define BLOCK_LEAST 24 /* units: twelve words, or 24 signs of Chinese */
#define WORD_UNITS  2

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

enum sign {
	SIGN_LETTER,
	SIGN_WORD,    /* a word by itself, where words have no blanks */
	SIGN_NOTHING, /* inside of a word: no end of it */
	SIGN_BETWEEN
};

struct signs {
	uint32_t from, to;
	enum sign sign;
};

/* Beyond ASCII, in order; what is not here is a letter. */
static const struct signs signs[] = {
	{ 0x80, 0xa9, SIGN_BETWEEN },
	{ 0xab, 0xac, SIGN_BETWEEN },
	{ 0xad, 0xad, SIGN_NOTHING },
	{ 0xae, 0xb4, SIGN_BETWEEN },
	{ 0xb6, 0xb9, SIGN_BETWEEN },
	{ 0xbb, 0xbf, SIGN_BETWEEN },
	{ 0xd7, 0xd7, SIGN_BETWEEN },
	{ 0xf7, 0xf7, SIGN_BETWEEN },
	{ 0x2bc, 0x2bc, SIGN_NOTHING },
	{ 0x60c, 0x60c, SIGN_BETWEEN },
	{ 0x61b, 0x61f, SIGN_BETWEEN },
	{ 0xe00, 0xeff, SIGN_WORD },
	{ 0x1000, 0x109f, SIGN_WORD },
	{ 0x1780, 0x17ff, SIGN_WORD },
	{ 0x2000, 0x200a, SIGN_BETWEEN },
	{ 0x200b, 0x200f, SIGN_NOTHING },
	{ 0x2010, 0x2017, SIGN_BETWEEN },
	{ 0x2018, 0x2019, SIGN_NOTHING },
	{ 0x201a, 0x2029, SIGN_BETWEEN },
	{ 0x202a, 0x202e, SIGN_NOTHING },
	{ 0x202f, 0x205f, SIGN_BETWEEN },
	{ 0x2060, 0x206f, SIGN_NOTHING },
	{ 0x20a0, 0x2bff, SIGN_BETWEEN },
	{ 0x2e80, 0x2fff, SIGN_WORD },
	{ 0x3000, 0x303f, SIGN_BETWEEN },
	{ 0x3040, 0x9fff, SIGN_WORD },
	{ 0xe000, 0xf8ff, SIGN_BETWEEN },
	{ 0xf900, 0xfaff, SIGN_WORD },
	{ 0xfe00, 0xfe0f, SIGN_NOTHING },
	{ 0xfe30, 0xfe6f, SIGN_BETWEEN },
	{ 0xfeff, 0xfeff, SIGN_NOTHING },
	{ 0xff01, 0xff0f, SIGN_BETWEEN },
	{ 0xff1a, 0xff20, SIGN_BETWEEN },
	{ 0xff3b, 0xff40, SIGN_BETWEEN },
	{ 0xff5b, 0xff65, SIGN_BETWEEN },
	{ 0xfff0, 0xffff, SIGN_BETWEEN },
	{ 0x1f000, 0x1faff, SIGN_BETWEEN },
	{ 0x20000, 0x3ffff, SIGN_WORD },
};

static enum sign
sign_of(uint32_t c)
{
	size_t low = 0, high = sizeof(signs) / sizeof(*signs);

	if (c < 0x80) {
		if (c == '\'')
			return SIGN_NOTHING;
		return ascii_alpha((char)c) || ascii_digit((char)c)
		    ? SIGN_LETTER
		    : SIGN_BETWEEN;
	}
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (c > signs[mid].to)
			low = mid + 1;
		else
			high = mid;
	}
	return low < sizeof(signs) / sizeof(*signs) && c >= signs[low].from
	    ? signs[low].sign
	    : SIGN_LETTER;
}

/* Behind "<a@example.com?subject=x>": a link of a mail without its scheme, as
 * text is made of HTML.  No address of a person has a "?". */
static const char *
skip_mail_link(const char *s, const char *end)
{
	bool at = false, query = false;

	for (const char *p = s + 1;
	     p < end && (unsigned char)*p > ' ' && *p != '<'; p++) {
		if (*p == '>')
			return at && query ? p + 1 : s;
		at |= *p == '@';
		query |= *p == '?';
	}
	return s;
}

/* Behind an address of the web at s; s: there is none.  HTML has them where
 * the text that we sent had not, and the other way round. */
static const char *
skip_link(const char *s, const char *end)
{
	static const char *const links[] = { "http://", "https://", "www.",
		"mailto:", "tel:" };

	if (*s == '<')
		return skip_mail_link(s, end);
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		size_t n = strlen(links[i]);

		if ((size_t)(end - s) < n || strncasecmp(s, links[i], n) != 0)
			continue;
		for (s += n; s < end && (unsigned char)*s > ' ' &&
		     (unsigned char)*s < 0x80 &&
		     strchr("<>()[]\"", *s) == NULL;)
			s++;
		break;
	}
	return s;
}

/* Where the words of a line begin: behind the number in a list. */
static const char *
line_start(const char *s, const char *end)
{
	const char *p = s;

	while (p < end && (ascii_blank(*p) || strchr(">|*_", *p) != NULL))
		p++;
	s = p;
	while (p < end && p - s < 2 && ascii_digit(*p))
		p++;
	return p > s && end - p > 1 && (*p == '.' || *p == ')') &&
		ascii_blank(p[1])
	    ? p + 1
	    : s;
}

struct word {
	uint64_t hash;
	size_t units;
};

/* To the first character of a word; NULL: there is none any more. */
static const char *
word_start(const char *s, const char *end)
{
	while (s < end) {
		const char *link = skip_link(s, end), *next = s;
		enum sign x;

		if (link > s) {
			s = link;
			continue;
		}
		x = sign_of(utf8_next(&next, end));
		if (x == SIGN_LETTER || x == SIGN_WORD)
			return s;
		s = next;
	}
	return NULL;
}

static bool
next_word(const char **p, const char *end, struct word *w)
{
	const char *s = word_start(*p, end), *next = s;
	bool begun = false;

	*p = end;
	if (s == NULL)
		return false;
	w->hash = 0xcbf29ce484222325u;
	w->units = WORD_UNITS;
	for (; s < end && w->units == WORD_UNITS; s = next) {
		uint32_t c = utf8_next(&next, end);
		enum sign x = sign_of(c);

		if (x == SIGN_BETWEEN || (x == SIGN_WORD && begun))
			break;
		if (x == SIGN_NOTHING)
			continue;
		c = c < 0x80 ? (unsigned char)ascii_lower((char)c) : c;
		w->hash = (w->hash ^ c) * 0x100000001b3u;
		w->units = x == SIGN_WORD ? 1 : WORD_UNITS;
		begun = true;
	}
	*p = s;
	w->hash |= 1;
	return true;
}

/* The last words, each with its line. */
struct walk {
	uint64_t last[KNOWN_RUN];
	size_t line[KNOWN_RUN];
	size_t words;
};

static void
walk_word(struct walk *w, uint64_t hash, size_t line)
{
	w->last[w->words % KNOWN_RUN] = hash;
	w->line[w->words++ % KNOWN_RUN] = line;
}

static uint64_t
run_hash(const struct walk *w)
{
	uint64_t h = 1;

	for (size_t i = 0; i < KNOWN_RUN; i++)
		h = mix(h, w->last[(w->words + i) % KNOWN_RUN]);
	return h;
}

struct known *
known_new(struct arena *a, const char *text)
{
	struct known *k = arena_alloc(a, sizeof(*k));
	size_t n = strlen(text), size = 64;
	struct walk w = { 0 };

	n = n < KNOWN_MAX ? n : utf8_cut(text, n, KNOWN_MAX);
	while (size < n) /* a word has two bytes at least; each line one more */
		size *= 2;
	k->set = arena_calloc(a, size, sizeof(*k->set));
	k->mask = size - 1;
	for (const char *p = text, *end = text + n; p < end;) {
		size_t len = strcspn(p, "\n");
		const char *nl = p + len < end ? p + len : end;
		uint64_t line = 0;
		struct word x;

		for (p = line_start(p, nl); next_word(&p, nl, &x);) {
			walk_word(&w, x.hash, 0);
			line = mix(line, x.hash);
			if (w.words >= KNOWN_RUN)
				insert(k, run_hash(&w));
		}
		if (len >= LINE_LEAST && line != 0)
			insert(k, line);
		p = nl + (nl < end);
	}
	return k;
}

/* What is found of one line of the mail. */
struct found {
	size_t words, covered, units;
	bool whole; /* one of our lines, and no more */
};

/* A run ends at the last word: those of its words that were not covered are. */
static void
cover(const struct walk *w, struct found *f, size_t *until)
{
	size_t from = w->words - KNOWN_RUN;

	for (size_t i = from > *until ? from : *until; i < w->words; i++)
		f[w->line[i % KNOWN_RUN]].covered++;
	*until = w->words;
}

static void
find(const struct known *k, const struct known_line *l, size_t n,
    struct found *f)
{
	struct walk w = { 0 };
	size_t until = 0;

	for (size_t i = 0; i < n; i++) {
		const char *end = l[i].s + l[i].n;
		const char *p = line_start(l[i].s, end);
		uint64_t line = 0;
		struct word x;

		while (next_word(&p, end, &x)) {
			walk_word(&w, x.hash, i);
			line = mix(line, x.hash);
			f[i].words++;
			f[i].units += x.units;
			if (w.words >= KNOWN_RUN && contains(k, run_hash(&w)))
				cover(&w, f, &until);
		}
		f[i].whole = l[i].n >= LINE_LEAST && line != 0 &&
		    contains(k, line);
	}
}

static bool
is_full(const struct found *f)
{
	return f->words > 0 && f->covered == f->words;
}

/* A stretch of our lines from i on: behind its last one.  Short lines and
 * those without a word belong to it when they stand between. */
static size_t
block_end(const struct found *f, size_t i, size_t n, size_t *units)
{
	size_t end = i;

	*units = 0;
	for (; i < n; i++) {
		if (is_full(&f[i])) {
			*units += f[i].units;
			end = i + 1;
		} else if (f[i].words > 0 && !f[i].whole) {
			break;
		}
	}
	return end;
}

void
known_mark(
    const struct known *k, struct arena *a, struct known_line *l, size_t n)
{
	struct found *f = arena_calloc(a, n > 0 ? n : 1, sizeof(*f));
	size_t units;

	find(k, l, n, f);
	for (size_t i = 0; i < n;) {
		size_t end;

		if (!is_full(&f[i])) {
			i++;
			continue;
		}
		end = block_end(f, i, n, &units);
		for (; i < end; i++)
			l[i].known = units >= BLOCK_LEAST;
	}
}
