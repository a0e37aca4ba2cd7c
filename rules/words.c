/*
 * One index for all word lists.  A phrase hangs on its last word: when the
 * scan meets that word, the words before it are already known.  Promises to
 * look at each byte of a text once.
 */
#include "rules/words.h"

#include <string.h>

#include "parser/utf8.h"

#define WORD_MAX  64 /* folded bytes; longer words are never asked for */
#define SLOTS_MIN 64

struct word {
	const char *text; /* folded */
	size_t n;
	uint32_t hash;
	int next; /* with the same slot; -1: none */
	int last; /* the first phrase that ends with it; -1: none */
};

struct phrase {
	int words[PHRASE_WORDS_MAX];
	int n;
	int next; /* ending with the same word; -1: none */
};

struct words {
	struct arena *arena;
	struct word *list;
	size_t n, cap;
	int *slots;
	size_t slots_n; /* a power of two */
	struct phrase *phrases;
	size_t phrases_n, phrases_cap;
};

/* One word of a text, folded. */
struct token {
	size_t at, end; /* in the text */
	bool near;      /* the word before it is near */
	uint32_t hash;
	size_t n; /* folded bytes; more than WORD_MAX: too long */
	char text[WORD_MAX + 4];
};

struct scan {
	const char *p, *begin, *end;
};

/* FNV-1a: words are compared byte by byte after it. */
static uint32_t
hash_byte(uint32_t h, char c)
{
	return (h ^ (unsigned char)c) * 16777619u;
}

/* Scripts that are written without blanks between words. */
static bool
alone(uint32_t c)
{
	return (c >= 0x0e00 && c < 0x0f00) || /* Thai, Lao */
	    (c >= 0x3040 && c < 0x3100) ||    /* kana */
	    (c >= 0x3400 && c < 0xa000) ||    /* Han */
	    (c >= 0xac00 && c < 0xd7b0) ||    /* Hangul */
	    (c >= 0xf900 && c < 0xfb00) || c >= 0x20000;
}

static bool
letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z');
	if (c < 0xc0)
		return c == 0xaa || c == 0xb5 || c == 0xba;
	return c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c < 0x2c00) &&
	    !(c >= 0x3000 && c < 0x3040) && !(c >= 0xe000 && c < 0xf900) &&
	    !(c >= 0xfe00 && c < 0xfe70) && !(c >= 0xff00 && c < 0xff10) &&
	    !(c >= 0xff1a && c < 0xff21) && c != 0xfeff && c != 0xfffd;
}

static void
put(struct token *t, uint32_t c)
{
	char out[4];
	size_t n = utf8_fold_char(out, c);

	if (t->n + n > WORD_MAX) {
		t->n = WORD_MAX + 1;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		t->text[t->n++] = out[i];
		t->hash = hash_byte(t->hash, out[i]);
	}
}

/* The next word of the text; false at the end. */
static bool
next_token(struct scan *s, struct token *t)
{
	const char *p = s->p, *was = s->p;
	uint32_t c = 0;

	while (p < s->end) {
		was = p;
		c = utf8_next(&p, s->end);
		if (letter(c))
			break;
		c = 0;
	}
	if (c == 0)
		return false;
	t->near = was - s->p <= WORDS_GAP_MAX;
	t->at = (size_t)(was - s->begin);
	t->hash = 2166136261u;
	t->n = 0;
	put(t, c);
	while (!alone(c) && p < s->end) {
		was = p;
		c = utf8_next(&p, s->end);
		if (!letter(c) || alone(c)) {
			p = was;
			break;
		}
		put(t, c);
	}
	s->p = p;
	t->end = (size_t)(p - s->begin);
	return true;
}

struct words *
words_new(struct arena *a)
{
	struct words *w = arena_alloc(a, sizeof(*w));

	w->arena = a;
	return w;
}

static int
lookup(const struct words *w, const struct token *t)
{
	if (w->slots_n == 0 || t->n > WORD_MAX)
		return -1;
	for (int i = w->slots[t->hash & (w->slots_n - 1)]; i >= 0;
	     i = w->list[i].next)
		if (w->list[i].hash == t->hash && w->list[i].n == t->n &&
		    memcmp(w->list[i].text, t->text, t->n) == 0)
			return i;
	return -1;
}

static void
hang(struct words *w, int i)
{
	size_t slot = w->list[i].hash & (w->slots_n - 1);

	w->list[i].next = w->slots[slot];
	w->slots[slot] = i;
}

static void
grow_slots(struct words *w)
{
	w->slots_n = w->slots_n == 0 ? SLOTS_MIN : w->slots_n * 2;
	w->slots = arena_calloc(w->arena, w->slots_n, sizeof(*w->slots));
	for (size_t i = 0; i < w->slots_n; i++)
		w->slots[i] = -1;
	for (size_t i = 0; i < w->n; i++)
		hang(w, (int)i);
}

static int
add_word(struct words *w, const struct token *t)
{
	int i = lookup(w, t);

	if (i >= 0)
		return i;
	w->list = arena_grow(
	    w->arena, w->list, w->n, &w->cap, sizeof(*w->list));
	w->list[w->n] = (struct word){ .text = arena_memdup(
					   w->arena, t->text, t->n),
		.n = t->n,
		.hash = t->hash,
		.next = -1,
		.last = -1 };
	if (w->n >= w->slots_n)
		grow_slots(w);
	hang(w, (int)w->n);
	return (int)w->n++;
}

static bool
same(const struct phrase *a, const struct phrase *b)
{
	return a->n == b->n &&
	    memcmp(a->words, b->words, (size_t)a->n * sizeof(a->words[0])) == 0;
}

int
words_add(struct words *w, const char *phrase)
{
	struct scan s = { phrase, phrase, phrase + strlen(phrase) };
	struct phrase p = { .n = 0 };
	struct word *last;
	struct token t;

	while (next_token(&s, &t)) {
		if (p.n == PHRASE_WORDS_MAX || t.n > WORD_MAX)
			return -1;
		p.words[p.n++] = add_word(w, &t);
	}
	if (p.n == 0)
		return -1;
	last = &w->list[p.words[p.n - 1]];
	for (int i = last->last; i >= 0; i = w->phrases[i].next)
		if (same(&w->phrases[i], &p))
			return i;
	p.next = last->last;
	w->phrases = arena_grow(w->arena, w->phrases, w->phrases_n,
	    &w->phrases_cap, sizeof(*w->phrases));
	w->phrases[w->phrases_n] = p;
	last->last = (int)w->phrases_n;
	return (int)w->phrases_n++;
}

size_t
words_count(const struct words *w)
{
	return w->phrases_n;
}

/* The last few words of the text, as a ring. */
struct past {
	int word;
	bool near;
	size_t at;
};

#define PAST 8 /* a power of two, at least PHRASE_WORDS_MAX */

/* Where phrase p begins when the word at n ends it; (size_t)-1: it does not. */
static size_t
ends_here(const struct phrase *p, const struct past *past, size_t n)
{
	if ((size_t)p->n > n + 1)
		return (size_t)-1;
	for (int i = 1; i < p->n; i++) {
		const struct past *before = &past[(n - (size_t)i) % PAST];

		if (!past[(n - (size_t)i + 1) % PAST].near ||
		    before->word != p->words[p->n - 1 - i])
			return (size_t)-1;
	}
	return past[(n - (size_t)(p->n - 1)) % PAST].at;
}

void
words_find(const struct words *w, const char *text, size_t n,
    struct words_place *places)
{
	struct scan s = { text, text, text + n };
	struct past past[PAST];
	struct token t;

	memset(places, 0, w->phrases_n * sizeof(*places));
	for (size_t i = 0; next_token(&s, &t); i++) {
		int word = lookup(w, &t);

		past[i % PAST] = (struct past){ word, t.near, t.at };
		if (word < 0)
			continue;
		for (int p = w->list[word].last; p >= 0;
		     p = w->phrases[p].next) {
			size_t at;

			if (places[p].length != 0)
				continue;
			at = ends_here(&w->phrases[p], past, i);
			if (at != (size_t)-1)
				places[p] = (struct words_place){ (uint32_t)at,
					(uint32_t)(t.end - at) };
		}
	}
}

bool
words_covers(const struct words *w, int a, int b)
{
	const struct phrase *x = &w->phrases[a], *y = &w->phrases[b];

	for (int i = 0; i + x->n <= y->n; i++)
		if (memcmp(x->words, y->words + i,
			(size_t)x->n * sizeof(x->words[0])) == 0)
			return true;
	return false;
}
