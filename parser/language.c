/*
 * Language by script, and for the Latin ones by the words everybody uses.
 * Meant for choosing the language of an answer: wrong is worse than unknown.
 */
#include "parser/language.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "parser/utf8.h"

#define LOOKED_AT  4000 /* bytes */
#define WORD_SIZE  16
#define SURE_WORDS 4

struct language {
	const char *code;
	const char *words; /* folded, a blank before and after each */
};

static const struct language languages[] = {
	{ "en",
	    " the and to of is that it for you with have this not are "
	    "was please can my on be from your we will has but there "
	    "when our would i been " },
	{ "de",
	    " der die und ist nicht das ich es sie mit auf den ein fur "
	    "dem von zu wir haben bitte eine ihr auch wenn kann sich "
	    "noch bei mein werden wird seit hallo danke " },
	{ "fr",
	    " le la les et est je ne pas vous que nous des une pour "
	    "dans mon ce avec sur du qui bonjour votre au merci sont "
	    "mais plus cette depuis ai " },
	{ "es",
	    " el la los que y es no en un por una para con del me mi "
	    "se su hola gracias pero como mas esta las muy puedo "
	    "tengo nos desde favor al " },
	{ "it",
	    " il che di e non la un per una sono con mi del ho le da "
	    "si come buongiorno grazie ma questo nel della al ci sul "
	    "anche piu vi salve " },
	{ "pt",
	    " o que nao de e um para com uma eu os no se por meu em da "
	    "as do voce obrigado ola mas esta ao mais minha como "
	    "quando nos bom estou " },
	{ "nl",
	    " de het een en ik niet van is dat op te met voor er zijn "
	    "naar mijn u kan wij dit maar bij wel geen als hallo "
	    "bedankt nog wordt heb " },
	{ "sv",
	    " och att det jag inte en som ar pa for med har av till "
	    "den om kan vi mitt hej tack men ett min sa fran eller "
	    "var nar de " },
	{ "da",
	    " og at det jeg ikke en som er pa for med har af til den "
	    "kan vi mit hej tak men et min fra eller hvor nar der "
	    "jeres " },
	{ "pl",
	    " nie sie na jest w z i do to ze jak mam prosze dzien "
	    "dobry czy po od moje dla juz bardzo jestem moj dziekuje "
	    "ale przez mozna pozdrawiam " },
	{ "cs",
	    " je se na ze to a v nemohu dobry den prosim jsem mi ale s "
	    "pro po jak do neni muj by pri dekuji mame jsme uz nam od " },
	{ "fi",
	    " on ja ei se etta en mutta kun olen oli voi jos tai niin "
	    "mina kiitos hei ovat myos miten nyt voiko tama sen " },
	{ "hu",
	    " a az es nem is hogy egy van ezt de meg koszonom kerem ha "
	    "csak mar lehet nekem udvozlettel tisztelt tudom kell "
	    "volt " },
	{ "tr",
	    " bir ve bu icin ile de da var cok ben daha ne gibi "
	    "merhaba tesekkurler ama olarak degil mi sonra kadar "
	    "lutfen nasil " },
	{ "ro",
	    " si nu de in la am sa este cu pe un o ca mai din pentru "
	    "va multumesc buna dar sunt care fi acest " },
};
#define LANGUAGES (sizeof(languages) / sizeof(*languages))

struct scripts {
	size_t latin, cyrillic, ukrainian, greek, kana, hangul, han, arabic,
	    hebrew, thai;
};

static void
count_script(struct scripts *s, uint32_t c)
{
	if (c < 0x250)
		s->latin += (c | 0x20) >= 'a' && (c < 0x80 || c > 0xbf);
	else if (c >= 0x370 && c < 0x400)
		s->greek++;
	else if (c >= 0x400 && c < 0x530) {
		s->cyrillic++;
		s->ukrainian += c == 0x456 || c == 0x457 || c == 0x454;
	} else if (c >= 0x590 && c < 0x600)
		s->hebrew++;
	else if (c >= 0x600 && c < 0x700)
		s->arabic++;
	else if (c >= 0xe00 && c < 0xe80)
		s->thai++;
	else if (c >= 0x3040 && c < 0x3100)
		s->kana++;
	else if (c >= 0x4e00 && c < 0xa000)
		s->han++;
	else if (c >= 0xac00 && c < 0xd7b0)
		s->hangul++;
}

/* A script that belongs to one language; NULL: Latin, or too little text. */
static const char *
by_script(const char *text, size_t n)
{
	const char *p = text, *end = text + n;
	struct scripts s = { 0 };
	size_t other;

	while (p < end)
		count_script(&s, utf8_next(&p, end));
	other = s.cyrillic + s.greek + s.kana + s.hangul + s.han + s.arabic +
	    s.hebrew + s.thai;
	if (other < 6 || other < s.latin / 4)
		return NULL;
	if (s.kana > 2)
		return "ja";
	if (s.hangul > other / 2)
		return "ko";
	if (s.han > other / 2)
		return "zh";
	if (s.cyrillic > other / 2)
		return s.ukrainian * 50 > s.cyrillic ? "uk" : "ru";
	if (s.greek > other / 2)
		return "el";
	if (s.arabic > other / 2)
		return "ar";
	if (s.hebrew > other / 2)
		return "he";
	return s.thai > other / 2 ? "th" : NULL;
}

static bool
in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* Count a word (with a blank on both sides) for each language that has it. */
static void
count_word(size_t *hits, const char *word)
{
	for (size_t i = 0; i < LANGUAGES; i++)
		hits[i] += strstr(languages[i].words, word) != NULL;
}

static const char *
by_words(const char *s)
{
	size_t hits[LANGUAGES] = { 0 }, words = 0, best = 0, second = 0;

	while (*s != '\0') {
		char word[WORD_SIZE + 3] = " ";
		size_t n = 0;

		while (in_word(s[n]))
			n++;
		if (n > 0 && n <= WORD_SIZE) {
			memcpy(word + 1, s, n);
			word[n + 1] = ' ';
			count_word(hits, word);
		}
		words += n > 0;
		s += n > 0 ? n : 1;
	}
	for (size_t i = 1; i < LANGUAGES; i++)
		best = hits[i] > hits[best] ? i : best;
	for (size_t i = 0; i < LANGUAGES; i++)
		if (i != best && hits[i] > second)
			second = hits[i];
	if (hits[best] < SURE_WORDS || hits[best] * 6 < words ||
	    hits[best] * 2 < second * 3)
		return NULL;
	return languages[best].code;
}

const char *
language_guess(struct arena *a, const char *text)
{
	size_t n = utf8_cut(text, strlen(text), LOOKED_AT);
	const char *code = by_script(text, n);

	return code != NULL ? code
			    : by_words(utf8_fold(a, arena_strndup(a, text, n)));
}
