/* Names of people.  Better no name than a wrong one. */
#include "rules/person.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "parser/utf8.h"

#define NAME_MAX_BYTES  100
#define NAME_WORDS_MAX  6
#define WORD_CHARS_MAX  25
#define SCRIPTS_FROM    0x1100 /* Hangul, Kana, Han: family name first */
#define SYMBOLS_FROM    0x2000 /* punctuation, arrows, dingbats */
#define SYMBOLS_TO      0x2e7f
#define PICTURES_FROM   0x1f000 /* emoji */
#define FULL_WIDTH_FROM 0xff00

static const char *const titles[] = { "dr", "prof", "mr", "mrs", "ms", "miss",
	"mx", "sir", "herr", "frau", "m", "mme", "mlle", "sr", "sra", "srta",
	"don", "ing", "dipl-ing", "mag", "pan", "pani", NULL };

/* Behind a comma these are no first names. */
static const char *const suffixes[] = { "jr", "sr", "ii", "iii", "iv", "phd",
	"md", "msc", "mba", "bsc", "ma", "ba", "esq", "cpa", "rn", NULL };

/* Who has one of these words in the name is no person. */
static const char *const groups[] = { "gmbh", "ag", "kg", "ohg", "ug", "inc",
	"ltd", "llc", "llp", "plc", "corp", "co", "sa", "sarl", "sas", "sl",
	"srl", "spa", "bv", "nv", "ab", "oy", "team", "support", "service",
	"services", "helpdesk", "desk", "it", "info", "office", "sales",
	"admin", "administrator", "noreply", "no-reply", "newsletter",
	"billing", "accounting", "postmaster", "webmaster", "root", "mailer",
	"daemon", "system", "monitoring", "alerts", "notification",
	"notifications", "vertrieb", "buchhaltung", "empfang", "rechnung",
	"via", NULL };

struct words {
	const char *list[NAME_WORDS_MAX];
	size_t n;
};

/* Is word in list, whatever its case and full stops? */
static bool
in_list(struct arena *a, const char *const *list, const char *word)
{
	char *w = arena_strdup(a, word), *to = w;

	for (const char *p = w; *p != '\0'; p++)
		if (*p != '.')
			*to++ = *p;
	*to = '\0';
	for (; *list != NULL; list++)
		if (strcasecmp(*list, w) == 0)
			return true;
	return false;
}

/* Letters of any script, with "-", an apostrophe or a full stop between. */
static bool
is_name_word(const char *s)
{
	const char *p = s, *end = s + strlen(s);
	size_t letters = 0, chars = 0;

	while (p < end) {
		uint32_t c = utf8_next(&p, end);

		chars++;
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= 0xc0 && c < SYMBOLS_FROM && c != 0xd7 && c != 0xf7) ||
		    (c > SYMBOLS_TO && c < PICTURES_FROM &&
			c < FULL_WIDTH_FROM))
			letters++;
		else if (c != '-' && c != '\'' && c != '.' && c != 0x2019)
			return false;
		/* "evil.example" is no name; "J.R." and "St." are. */
		if (c == '.' && p < end && chars > 3)
			return false;
	}
	return letters > 0 && chars <= WORD_CHARS_MAX;
}

/* Without "(IT)", "[x]" and quotes around; "" when a bracket stays open. */
static char *
without_brackets(struct arena *a, const char *s)
{
	char *out = arena_strdup(a, s), *to = out;
	int depth = 0;

	for (; *s != '\0'; s++) {
		if (*s == '(' || *s == '[')
			depth++;
		else if (depth > 0 && (*s == ')' || *s == ']'))
			depth--;
		else if (depth == 0 && *s != '"')
			*to++ = *s;
	}
	*to = '\0';
	if (depth > 0)
		*out = '\0';
	return out;
}

/* "Gomez, Maria" -> "Maria Gomez"; "Maria Gomez, PhD" -> "Maria Gomez". */
static const char *
in_order(struct arena *a, char *s)
{
	char *comma = strchr(s, ','), *rest;

	if (comma == NULL)
		return s;
	*comma = '\0';
	rest = comma + 1 + strspn(comma + 1, " ");
	if (*rest == '\0' || in_list(a, suffixes, rest))
		return s;
	if (strchr(rest, ',') != NULL)
		return "";
	return arena_printf(a, "%s %s", rest, s);
}

/* The words of a name, titles left out; n is 0 when it is nobody's name.
 * *titled: a title stood there. */
static struct words
name_words(struct arena *a, const char *shown, bool *titled)
{
	struct words w = { .n = 0 };
	const char *s;

	*titled = false;
	if (shown == NULL || strlen(shown) > NAME_MAX_BYTES)
		return w;
	s = in_order(
	    a, without_brackets(a, utf8_line(a, shown, NAME_MAX_BYTES)));
	for (s += strspn(s, " "); *s != '\0'; s += strspn(s, " ")) {
		size_t n = strcspn(s, " ");
		const char *word = arena_strndup(a, s, n);

		s += n;
		if (w.n == 0 && in_list(a, titles, word)) {
			*titled = true;
			continue;
		}
		if (w.n == NAME_WORDS_MAX || !is_name_word(word) ||
		    in_list(a, groups, word))
			return (struct words){ .n = 0 };
		w.list[w.n++] = word;
	}
	return w;
}

char *
person_name(struct arena *a, const char *shown)
{
	bool titled;
	struct words w = name_words(a, shown, &titled);
	char *name = arena_strdup(a, w.n == 0 ? "" : w.list[0]);

	/* "Frau Gomez" would become a bare "Gomez". */
	if (w.n == 1 && titled)
		return arena_strdup(a, "");
	for (size_t i = 1; i < w.n; i++)
		name = arena_printf(a, "%s %s", name, w.list[i]);
	return name;
}

static bool
is_capitals(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++) {
		if (*s >= 'a' && *s <= 'z')
			return false;
		n += *s >= 'A' && *s <= 'Z';
	}
	return n > 1;
}

/* "MARIA" -> "Maria"; only plain letters, others need more than a table. */
static char *
calm(struct arena *a, const char *s)
{
	char *out = arena_strdup(a, s);

	for (char *p = out; *p != '\0'; p++)
		if ((unsigned char)*p > 0x7e)
			return out;
	for (char *p = out; is_capitals(out) && p[0] != '\0' && p[1] != '\0';)
		for (p++; *p != '\0'; p++)
			if (*p >= 'A' && *p <= 'Z' && p[-1] != '-')
				*p = (char)(*p + 'a' - 'A');
	return out;
}

/* Too short to be more than an initial, or written family name first? */
static bool
is_first_name(const char *s)
{
	const char *p = s, *end = s + strlen(s);
	size_t chars = 0;

	while (p < end) {
		uint32_t c = utf8_next(&p, end);

		if (c == '.' || c >= SCRIPTS_FROM)
			return false;
		chars++;
	}
	return chars > 1;
}

char *
person_first_name(struct arena *a, const char *shown)
{
	bool titled;
	struct words w = name_words(a, shown, &titled);
	const char *first = w.n == 0 ? "" : w.list[0];

	if (w.n == 1 && titled)
		return arena_strdup(a, "");
	/* "GOMEZ Maria", as the French write it. */
	if (w.n == 2 && is_capitals(first) && !is_capitals(w.list[1]))
		first = w.list[1];
	if (!is_first_name(first))
		return arena_strdup(a, "");
	return calm(a, first);
}
