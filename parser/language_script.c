/*
 * Languages by their script, and where several share one by letters that only
 * some of them write.  See language_words.h.
 */
#include <stdbool.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/language_words.h"
#include "parser/utf8.h"

#define LETTERS_MIN 6 /* of another script */

enum script {
	SCRIPT_LATIN,
	SCRIPT_CYRILLIC,
	SCRIPT_ARABIC,
	SCRIPT_HAN,
	SCRIPT_KANA,
	SCRIPT_OTHER /* from here on one language each */
};

static const struct range {
	uint32_t from, to; /* sorted */
	enum script script;
	const char *code;
} ranges[] = {
	{ 0xc0, 0x24f, SCRIPT_LATIN, NULL },
	{ 0x370, 0x3ff, SCRIPT_OTHER, "el" },
	{ 0x400, 0x52f, SCRIPT_CYRILLIC, NULL },
	{ 0x530, 0x58f, SCRIPT_OTHER, "hy" },
	{ 0x590, 0x5ff, SCRIPT_OTHER, "he" },
	{ 0x600, 0x6ff, SCRIPT_ARABIC, NULL },
	{ 0x980, 0x9ff, SCRIPT_OTHER, "bn" },
	{ 0xa80, 0xaff, SCRIPT_OTHER, "gu" },
	{ 0xb80, 0xbff, SCRIPT_OTHER, "ta" },
	{ 0xc00, 0xc7f, SCRIPT_OTHER, "te" },
	{ 0xc80, 0xcff, SCRIPT_OTHER, "kn" },
	{ 0xd00, 0xd7f, SCRIPT_OTHER, "ml" },
	{ 0xd80, 0xdff, SCRIPT_OTHER, "si" },
	{ 0xe00, 0xe7f, SCRIPT_OTHER, "th" },
	{ 0xe80, 0xeff, SCRIPT_OTHER, "lo" },
	{ 0x1000, 0x109f, SCRIPT_OTHER, "my" },
	{ 0x10a0, 0x10ff, SCRIPT_OTHER, "ka" },
	{ 0x1780, 0x17ff, SCRIPT_OTHER, "km" },
	{ 0x1e00, 0x1eff, SCRIPT_LATIN, NULL },
	{ 0x3040, 0x30ff, SCRIPT_KANA, NULL },
	{ 0x4e00, 0x9fff, SCRIPT_HAN, NULL },
	{ 0xac00, 0xd7af, SCRIPT_OTHER, "ko" },
};
#define RANGES (sizeof(ranges) / sizeof(*ranges))

/* What only some languages of a script write: the first that is found. */
static const struct own {
	enum script script;
	const char *code;
	const char *letters;
} owns[] = {
	{ SCRIPT_CYRILLIC, "be", "ў" },
	{ SCRIPT_CYRILLIC, "mk", "ѓќѕ" },
	{ SCRIPT_CYRILLIC, "sr", "ђћјљњџ" },
	{ SCRIPT_CYRILLIC, "uk", "іїєґ" },
	{ SCRIPT_CYRILLIC, "ru", "ыэё" },
	{ SCRIPT_ARABIC, "ur", "ٹڈڑںے" },
	{ SCRIPT_ARABIC, "fa", "پچژگکی" },
};

static const struct range *
range_of(uint32_t c)
{
	for (size_t i = 0; i < RANGES && ranges[i].from <= c; i++)
		if (c <= ranges[i].to)
			return &ranges[i];
	return NULL;
}

static bool
has_letter(const char *text, const char *letters)
{
	const char *end = letters + strlen(letters);

	while (letters < end) {
		char letter[5] = "";
		const char *from = letters;

		(void)utf8_next(&letters, end);
		memcpy(letter, from, (size_t)(letters - from));
		if (strstr(text, letter) != NULL)
			return true;
	}
	return false;
}

/* How many words of a list, written with blanks around, stand in a text. */
static size_t
count_words(const char *text, const char *list)
{
	size_t found = 0;

	while (*text != '\0') {
		char word[40] = " ";
		size_t n = 0;

		while ((unsigned char)text[n] >= 0x80)
			n++;
		if (n > 0 && n < sizeof(word) - 2) {
			memcpy(word + 1, text, n);
			word[n + 1] = ' ';
			found += strstr(list, word) != NULL;
		}
		text += n > 0 ? n : 1;
	}
	return found;
}

/*
 * Cyrillic without a letter of one language alone.  A long text without a
 * letter that Russian is full of is something else; a short one may be
 * Bulgarian, which its small words tell.
 */
static const char *
by_small_words(const char *text, size_t letters)
{
	static const char bulgarian[] =
	    " е се са си ще сме сте съм да или това тази този тези което"
	    " който която които моля още към със във ми ви ни им го й вече"
	    " може има няма бих беше благодаря здравейте Здравейте"
	    " Благодаря Моля ";
	static const char russian[] =
	    " что это как я мне меня мой моя моё мою нас нам вас вам для есть"
	    " нет или его её их ещё уже при после пожалуйста спасибо"
	    " здравствуйте Здравствуйте Спасибо Добрый добрый день очень у к с со из о об но ";
	size_t bg = count_words(text, bulgarian);
	size_t ru = count_words(text, russian);

	if (bg >= 2 && bg > ru)
		return has_letter(text, "щяюйъ") ? "bg" : NULL;
	if (has_letter(text, "ъ"))
		return ru > bg ? "ru" : "bg";
	return letters < 200 && ru >= bg ? "ru" : NULL;
}

static const char *
among(enum script script, const char *text, size_t letters)
{
	for (size_t i = 0; i < sizeof(owns) / sizeof(*owns); i++)
		if (owns[i].script == script &&
		    has_letter(text, owns[i].letters))
			return owns[i].code;
	if (script == SCRIPT_ARABIC)
		return "ar";
	return by_small_words(text, letters);
}

struct counts {
	size_t of[RANGES];
	size_t other, latin;
};

static void
count(struct counts *k, const char *text)
{
	const char *p = text, *end = text + strlen(text);

	while (p < end) {
		const struct range *r;

		p += utf8_ascii(p, end);
		if (p == end)
			break;
		r = range_of(utf8_next(&p, end));
		if (r == NULL)
			continue;
		k->of[r - ranges]++;
		if (r->script == SCRIPT_LATIN)
			k->latin++;
		else
			k->other++;
	}
	for (p = text; k->other >= LETTERS_MIN && p < end; p++)
		k->latin += ascii_alpha(*p);
}

const char *
language_script(const char *text)
{
	struct counts k = { 0 };
	size_t best = 0, most = 0, kana = 0;

	count(&k, text);
	if (k.other < LETTERS_MIN || k.other < k.latin / 4)
		return NULL;
	for (size_t i = 0; i < RANGES; i++) {
		if (ranges[i].script == SCRIPT_KANA)
			kana = k.of[i];
		if (ranges[i].script != SCRIPT_LATIN && k.of[i] > most) {
			most = k.of[i];
			best = i;
		}
	}
	if (kana > 2)
		return "ja";
	if (most <= k.other / 2)
		return NULL;
	if (ranges[best].script == SCRIPT_HAN)
		return "zh";
	if (ranges[best].script == SCRIPT_OTHER)
		return ranges[best].code;
	return among(ranges[best].script, text, most);
}

bool
language_of_script(const char *code, size_t n)
{
	static const char *const more[] = { "ar", "bg", "ja", "zh" };

	if (n != 2)
		return false;
	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++)
		if (strncasecmp(code, more[i], n) == 0)
			return true;
	for (size_t i = 0; i < sizeof(owns) / sizeof(*owns); i++)
		if (strncasecmp(code, owns[i].code, n) == 0)
			return true;
	for (size_t i = 0; i < RANGES; i++)
		if (ranges[i].code != NULL &&
		    strncasecmp(code, ranges[i].code, n) == 0)
			return true;
	return false;
}
