/*
 * Language by script, and for the Latin ones by the words everybody uses and
 * the letters few of them have.  Meant for choosing the language of an answer:
 * wrong is worse than unknown.  Quoted lines, code and logs do not count.
 */
#include "parser/language.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/language_words.h"
#include "parser/utf8.h"

#define LOOKED_AT       800  /* bytes of words: enough for so many */
#define SCANNED         4000 /* bytes to find them in */
#define WORDS_LOOKED_AT 100
#define LETTERS_COUNTED 3 /* of one language */
#define SURE_HITS       2 /* words */
#define SURE_SCORE      4 /* words and letters */

enum mark {
	MARK_NONE,
	MARK_CODE, /* in no word of any language */
	MARK_DOT,  /* the same when a letter follows */
	MARK_BLANK /* ends a word */
};

static const unsigned char marks[256] = {
	[' '] = MARK_BLANK,
	['\t'] = MARK_BLANK,
	['\r'] = MARK_BLANK,
	['\n'] = MARK_BLANK,
	['0'] = MARK_CODE,
	['1'] = MARK_CODE,
	['2'] = MARK_CODE,
	['3'] = MARK_CODE,
	['4'] = MARK_CODE,
	['5'] = MARK_CODE,
	['6'] = MARK_CODE,
	['7'] = MARK_CODE,
	['8'] = MARK_CODE,
	['9'] = MARK_CODE,
	['@'] = MARK_CODE,
	['/'] = MARK_CODE,
	['\\'] = MARK_CODE,
	['='] = MARK_CODE,
	['<'] = MARK_CODE,
	['>'] = MARK_CODE,
	['{'] = MARK_CODE,
	['}'] = MARK_CODE,
	['['] = MARK_CODE,
	[']'] = MARK_CODE,
	['#'] = MARK_CODE,
	['$'] = MARK_CODE,
	['%'] = MARK_CODE,
	['&'] = MARK_CODE,
	['+'] = MARK_CODE,
	['~'] = MARK_CODE,
	['^'] = MARK_CODE,
	['`'] = MARK_CODE,
	['|'] = MARK_CODE,
	['_'] = MARK_CODE,
	[';'] = MARK_DOT,
	['.'] = MARK_DOT,
	[':'] = MARK_DOT,
	['('] = MARK_DOT,
};

/* How many bytes up to the next blank; *code: it is no word. */
static size_t
token(const char *s, const char *end, bool *code)
{
	size_t n = 0;
	unsigned mark = MARK_NONE;

	*code = false;
	for (;; n++) {
		while (s + n < end &&
		    (mark = marks[(unsigned char)s[n]]) == MARK_NONE)
			n++;
		if (s + n == end || mark == MARK_BLANK)
			return n;
		*code |= mark == MARK_CODE ||
		    (n > 0 && s + n + 1 < end && ascii_alpha(s[n + 1]));
	}
}

/* Somebody else's words, or no words: quoted, ending like a statement. */
static bool
is_foreign(const char *s, size_t n)
{
	while (n > 0 && ascii_blank(*s)) {
		s++;
		n--;
	}
	while (n > 0 && ascii_blank(s[n - 1]))
		n--;
	if (n == 0 || *s == '>' || s[n - 1] == '{' || s[n - 1] == '}')
		return true;
	/* Greek asks with ";" */
	return s[n - 1] == ';' && (memchr(s, '=', n) || memchr(s, '(', n));
}

/* What is left of a text without foreign lines and without code. */
struct own {
	char *text;
	size_t len;
};

/* false: there is no more room. */
static bool
add_line(struct own *o, const char *s, const char *end)
{
	size_t from = o->len, tokens = 0, codes = 0;

	while (s < end) {
		bool code;
		size_t n = token(s, end, &code);

		if (o->len + n + 1 > LOOKED_AT)
			return false;
		if (!code) {
			memcpy(o->text + o->len, s, n);
			o->len += n;
			o->text[o->len++] = ' ';
		}
		tokens += n > 0;
		codes += code;
		s += n + (s + n < end);
	}
	/* logs and traces are half of names and numbers */
	if (tokens > 1 && codes * 2 >= tokens)
		o->len = from;
	return true;
}

static char *
own_words(struct arena *a, const char *text)
{
	const char *s = text;
	const char *end = text + utf8_cut(text, strlen(text), SCANNED);
	struct own o = { .text = arena_alloc(a, LOOKED_AT + 8) };
	bool room = true;

	while (s < end && room) {
		const char *line_end = memchr(s, '\n', (size_t)(end - s));

		line_end = line_end == NULL ? end : line_end;
		if (!is_foreign(s, (size_t)(line_end - s)))
			room = add_line(&o, s, line_end);
		s = line_end + (line_end < end);
	}
	o.text[o.len] = '\0';
	return o.text;
}

/* All that speaks for a language: a set of languages each. */
struct evidence {
	unsigned sets[WORDS_LOOKED_AT + 32 * LETTERS_COUNTED];
	size_t n, hits_n; /* the words come first */
	size_t words;     /* that were looked at */
};

static bool
in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static void
find_words(struct evidence *e, const char *s)
{
	size_t from[28];

	language_letters(from);
	while (*s != '\0' && e->words < WORDS_LOOKED_AT) {
		size_t n = 0;

		while (in_word(s[n]))
			n++;
		if (n > 0) {
			unsigned set = language_word(from, s, n);

			e->sets[e->n] = set;
			e->n += set != 0;
			e->words++;
		}
		s += n > 0 ? n : 1;
	}
	e->hits_n = e->n;
}

/* Different letters: one word with an accent says less than two. */
static void
find_letters(struct evidence *e, const char *s)
{
	const char *end = s + strlen(s);
	uint32_t seen[16];
	size_t n = 0;

	while (s < end && n < sizeof(seen) / sizeof(*seen)) {
		uint32_t c;
		unsigned set;
		size_t i = 0;

		s += utf8_ascii(s, end);
		if (s == end)
			return;
		c = utf8_next(&s, end);
		set = language_letter(c);
		while (i < n && seen[i] != c)
			i++;
		if (set == 0 || i < n)
			continue;
		seen[n++] = c;
		e->sets[e->n++] = set;
	}
}

/* How much speaks for each language. */
struct score {
	size_t words[LANGUAGES], letters[LANGUAGES];
};

static void
count(const struct evidence *e, struct score *s)
{
	for (size_t i = 0; i < e->n; i++) {
		size_t *of = i < e->hits_n ? s->words : s->letters;

		for (unsigned set = e->sets[i]; set != 0; set &= set - 1)
			of[__builtin_ctz(set)]++;
	}
}

static size_t
sum(const struct score *s, size_t i)
{
	size_t letters = s->letters[i];

	return s->words[i] +
	    (letters < LETTERS_COUNTED ? letters : LETTERS_COUNTED);
}

/* What speaks for one language and not for the other. */
static size_t
count_only(const struct evidence *e, size_t language, size_t but)
{
	unsigned yes = 1u << language, no = 1u << but;
	size_t n = 0;

	for (size_t i = 0; i < e->n; i++)
		n += (e->sets[i] & (yes | no)) == yes;
	return n;
}

static const char *
by_evidence(const struct evidence *e)
{
	struct score s = { .words = { 0 } };
	size_t best = 0;

	count(e, &s);
	for (size_t i = 1; i < LANGUAGES; i++)
		best = sum(&s, i) > sum(&s, best) ? i : best;
	if (sum(&s, best) < SURE_SCORE || s.words[best] < SURE_HITS ||
	    s.words[best] * 6 < e->words)
		return NULL;
	for (size_t i = 0; i < LANGUAGES; i++)
		if (i != best && sum(&s, i) * 3 >= sum(&s, best) &&
		    count_only(e, best, i) < 2 * count_only(e, i, best) + 2)
			return NULL;
	return language_codes[best];
}

const char *
language_guess(struct arena *a, const char *text)
{
	struct evidence e = { .n = 0 };
	const char *code;
	char *own;

	if (text == NULL)
		return NULL;
	own = own_words(a, text);
	code = language_script(own);
	if (code != NULL)
		return code;
	find_words(&e, utf8_fold(a, own));
	find_letters(&e, own);
	return by_evidence(&e);
}

bool
language_guessable(const char *code, size_t n)
{
	for (size_t i = 0; i < LANGUAGES; i++)
		if (n == 2 && strncasecmp(code, language_codes[i], n) == 0)
			return true;
	return language_of_script(code, n);
}
