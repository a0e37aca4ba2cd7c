/*
 * Phrases in the language of who reads them.  See the header; the words stand
 * in the tables of phrase_*.c.
 */
#include "rules/phrase.h"

#include <string.h>

#include "parser/buf.h"
#include "rules/phrase_private.h"
#include "rules/template.h"

static const char *const languages[PHRASE_LANGUAGES] = { "en", "de", "fr",
	"es" };

/* -1: no phrases in it. */
static int
column(const char *language)
{
	for (int i = 0; language != NULL && i < PHRASE_LANGUAGES; i++)
		if (language_serves(languages[i], language, strlen(language)))
			return i;
	return -1;
}

const char *
phrase_language(const struct conf *c, const struct conf_agent *agent)
{
	if (agent != NULL && column(agent->language) >= 0)
		return agent->language;
	for (size_t i = 0; i < c->languages_n; i++)
		if (column(c->languages[i]) >= 0)
			return c->languages[i];
	return languages[0];
}

int
phrase_column(const char *language)
{
	int i = column(language);

	return i < 0 ? 0 : i;
}

static const struct phrase_row *
find(const struct phrase_row *rows, size_t n, enum phrase p)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == p)
			return &rows[i];
	return NULL;
}

static const struct phrase_row *
row_of(enum phrase p)
{
	return p < DONE_PRIORITY ? find(phrase_problems, phrase_problems_n, p)
	    : p < WORD_OPEN      ? find(phrase_dones, phrase_dones_n, p)
	    : p < WHY_STRANGER   ? find(phrase_words, phrase_words_n, p)
				 : find(phrase_whys, phrase_whys_n, p);
}

const char *
phrase_plain(const char *language, enum phrase p)
{
	const struct phrase_row *row = row_of(p);

	return row == NULL ? "" : row->text[phrase_column(language)];
}

/* The next place for a value, or NULL. */
static const char *
place(const char *s)
{
	while ((s = strchr(s, '{')) != NULL &&
	    !(s[1] >= '0' && s[1] <= '2' && s[2] == '}'))
		s++;
	return s;
}

static char *
fill(struct arena *a, const char *text, const char *const values[3])
{
	struct buf b;
	const char *p, *value;
	char *out;

	buf_init(&b, 0);
	for (; (p = place(text)) != NULL; text = p + 3) {
		buf_add(&b, text, (size_t)(p - text));
		value = values[p[1] - '0'];
		buf_str(&b, value == NULL ? "" : value);
	}
	buf_str(&b, text);
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return out;
}

char *
phrase_fill(struct arena *a, const char *text, const char *zero,
    const char *one, const char *two)
{
	const char *const values[3] = { zero, one, two };

	return fill(a, text, values);
}

char *
phrase(struct arena *a, const char *language, enum phrase p, const char *zero,
    const char *one, const char *two)
{
	return phrase_fill(a, phrase_plain(language, p), zero, one, two);
}

/* Is the text the pattern with values?  Each is as short as it can be, the one
 * at the end is all that is left. */
static bool
takes_apart(struct arena *a, const char *pattern, const char *text,
    const char *values[3])
{
	const char *p, *next, *end;
	size_t n;

	while ((p = place(pattern)) != NULL) {
		n = (size_t)(p - pattern);
		if (strncmp(text, pattern, n) != 0)
			return false;
		text += n;
		pattern = p + 3;
		next = place(pattern);
		n = next == NULL ? strlen(pattern) : (size_t)(next - pattern);
		end = n == 0 ? text + strlen(text)
			     : strstr(text, arena_strndup(a, pattern, n));
		if (end == NULL || end == text)
			return false;
		values[p[1] - '0'] = arena_strndup(
		    a, text, (size_t)(end - text));
		text = end;
	}
	return strcmp(pattern, text) == 0;
}

/* Values that are reasons or names themselves; all others are as they are. */
static const struct {
	enum phrase id;
	bool value[3];
} nested[] = {
	{ WHY_GUARD, { true, true, false } },
	{ WHY_MATRIX, { true, true, false } },
	{ WHY_MATRIX_AT, { true, true, false } },
	{ WHY_RULE, { false, false, true } },
};

/* The row of a reason, with its values; NULL: it is none. */
static const struct phrase_row *
reason(struct arena *a, const char *english, const char *values[3])
{
	for (size_t i = 0; i < phrase_whys_n; i++)
		if (takes_apart(a, phrase_whys[i].text[0], english, values))
			return &phrase_whys[i];
	return NULL;
}

/* A reason inside of another, or the name of something. */
static const char *
inner(struct arena *a, int column, const char *english)
{
	const char *values[3] = { NULL };
	const struct phrase_row *row = reason(a, english, values);

	if (row != NULL)
		return fill(a, row->text[column], values);
	for (size_t i = 0; i < phrase_words_n; i++)
		if (strcmp(phrase_words[i].text[0], english) == 0)
			return phrase_words[i].text[column];
	return english;
}

const char *
phrase_again(struct arena *a, const char *language, const char *english)
{
	const char *values[3] = { NULL };
	const struct phrase_row *row;
	int i = column(language);

	if (english == NULL || i <= 0)
		return english;
	row = reason(a, english, values);
	if (row == NULL)
		return english;
	for (size_t k = 0; k < sizeof(nested) / sizeof(nested[0]); k++)
		for (int v = 0; v < 3 && nested[k].id == row->id; v++)
			if (nested[k].value[v] && values[v] != NULL)
				values[v] = inner(a, i, values[v]);
	return fill(a, row->text[i], values);
}

const char *
phrase_status(const char *language, enum status s)
{
	return phrase_plain(language, WORD_OPEN + s);
}

const char *
phrase_type(const char *language, enum type t)
{
	return phrase_plain(language, WORD_INCIDENT + t);
}

const char *
phrase_level(const char *language, enum level l)
{
	return phrase_plain(language, WORD_LOW + l);
}

const char *
phrase_priority(const char *language, enum priority p)
{
	return phrase_plain(language, WORD_PRIORITY_CRITICAL + p);
}
