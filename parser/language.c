/*
 * Language by script, and for the Latin ones by the words everybody uses.
 * Meant for choosing the language of an answer: wrong is worse than unknown.
 */
#include "parser/language.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/utf8.h"

#define LOOKED_AT       1500 /* bytes */
#define WORDS_LOOKED_AT 100
#define SURE_WORDS      4
#define WORD_BYTES      12 /* the longest of the table, and a NUL */

static const char codes[][3] = { "en", "de", "fr", "es", "it", "pt", "nl", "sv",
	"da", "pl", "cs", "fi", "hu", "tr", "ro" };
#define LANGUAGES (sizeof(codes) / sizeof(*codes))

enum {
	EN = 1 << 0,
	DE = 1 << 1,
	FR = 1 << 2,
	ES = 1 << 3,
	IT = 1 << 4,
	PT = 1 << 5,
	NL = 1 << 6,
	SV = 1 << 7,
	DA = 1 << 8,
	PL = 1 << 9,
	CS = 1 << 10,
	FI = 1 << 11,
	HU = 1 << 12,
	TR = 1 << 13,
	RO = 1 << 14
};

/* Sorted; the words that everybody uses, folded, and whose they are. */
static const struct word {
	char text[WORD_BYTES];
	unsigned languages;
} words[] = {
	{ "a", CS | HU },
	{ "acest", RO },
	{ "af", DA },
	{ "ai", FR },
	{ "al", ES | IT },
	{ "ale", PL | CS },
	{ "als", NL },
	{ "am", RO },
	{ "ama", TR },
	{ "anche", IT },
	{ "and", EN },
	{ "ao", PT },
	{ "ar", SV },
	{ "are", EN },
	{ "as", PT },
	{ "at", DA },
	{ "att", SV },
	{ "au", FR },
	{ "auch", DE },
	{ "auf", DE },
	{ "av", SV },
	{ "avec", FR },
	{ "az", HU },
	{ "bardzo", PL },
	{ "be", EN },
	{ "bedankt", NL },
	{ "been", EN },
	{ "bei", DE },
	{ "ben", TR },
	{ "bij", NL },
	{ "bir", TR },
	{ "bitte", DE },
	{ "bom", PT },
	{ "bonjour", FR },
	{ "bu", TR },
	{ "buna", RO },
	{ "buongiorno", IT },
	{ "but", EN },
	{ "by", CS },
	{ "ca", RO },
	{ "can", EN },
	{ "care", RO },
	{ "ce", FR },
	{ "cette", FR },
	{ "che", IT },
	{ "ci", IT },
	{ "cok", TR },
	{ "com", PT },
	{ "come", IT },
	{ "como", ES | PT },
	{ "con", ES | IT },
	{ "csak", HU },
	{ "cu", RO },
	{ "czy", PL },
	{ "da", IT | PT | TR },
	{ "daha", TR },
	{ "danke", DE },
	{ "dans", FR },
	{ "dar", RO },
	{ "das", DE },
	{ "dat", NL },
	{ "de", PT | NL | SV | HU | TR | RO },
	{ "degil", TR },
	{ "dekuji", CS },
	{ "del", ES | IT },
	{ "della", IT },
	{ "dem", DE },
	{ "den", DE | SV | DA | CS },
	{ "depuis", FR },
	{ "der", DE | DA },
	{ "des", FR },
	{ "desde", ES },
	{ "det", SV | DA },
	{ "di", IT },
	{ "die", DE },
	{ "din", RO },
	{ "dit", NL },
	{ "dla", PL },
	{ "do", PT | PL | CS },
	{ "dobry", PL | CS },
	{ "du", FR },
	{ "dziekuje", PL },
	{ "dzien", PL },
	{ "e", IT | PT },
	{ "een", NL },
	{ "egy", HU },
	{ "ei", FI },
	{ "ein", DE },
	{ "eine", DE },
	{ "el", ES },
	{ "eller", SV | DA },
	{ "em", PT },
	{ "en", ES | NL | SV | DA | FI },
	{ "er", NL | DA },
	{ "es", DE | ES | HU },
	{ "est", FR },
	{ "esta", ES | PT },
	{ "este", RO },
	{ "estou", PT },
	{ "et", FR | DA },
	{ "ett", SV },
	{ "etta", FI },
	{ "eu", PT },
	{ "ezt", HU },
	{ "favor", ES },
	{ "fi", RO },
	{ "for", EN | SV | DA },
	{ "fra", DA },
	{ "fran", SV },
	{ "from", EN },
	{ "fur", DE },
	{ "geen", NL },
	{ "gibi", TR },
	{ "gracias", ES },
	{ "grazie", IT },
	{ "ha", HU },
	{ "haben", DE },
	{ "hallo", DE | NL },
	{ "har", SV | DA },
	{ "has", EN },
	{ "have", EN },
	{ "heb", NL },
	{ "hei", FI },
	{ "hej", SV | DA },
	{ "het", NL },
	{ "ho", IT },
	{ "hogy", HU },
	{ "hola", ES },
	{ "hvor", DA },
	{ "i", EN | PL },
	{ "ich", DE },
	{ "icin", TR },
	{ "ihr", DE },
	{ "ik", NL },
	{ "ikke", DA },
	{ "il", IT },
	{ "ile", TR },
	{ "in", RO },
	{ "inte", SV },
	{ "is", EN | NL | HU },
	{ "ist", DE },
	{ "it", EN },
	{ "ja", FI },
	{ "jag", SV },
	{ "jak", PL | CS },
	{ "je", FR | CS },
	{ "jeg", DA },
	{ "jeres", DA },
	{ "jest", PL },
	{ "jestem", PL },
	{ "jos", FI },
	{ "jsem", CS },
	{ "jsme", CS },
	{ "juz", PL },
	{ "kadar", TR },
	{ "kan", NL | SV | DA },
	{ "kann", DE },
	{ "kell", HU },
	{ "kerem", HU },
	{ "kiitos", FI },
	{ "koszonom", HU },
	{ "kun", FI },
	{ "la", FR | ES | IT | RO },
	{ "las", ES },
	{ "le", FR | IT },
	{ "lehet", HU },
	{ "les", FR },
	{ "los", ES },
	{ "lutfen", TR },
	{ "ma", IT },
	{ "maar", NL },
	{ "mai", RO },
	{ "mais", FR | PT },
	{ "mam", PL },
	{ "mame", CS },
	{ "mar", HU },
	{ "mas", ES | PT },
	{ "me", ES },
	{ "med", SV | DA },
	{ "meg", HU },
	{ "mein", DE },
	{ "men", SV | DA },
	{ "merci", FR },
	{ "merhaba", TR },
	{ "met", NL },
	{ "meu", PT },
	{ "mi", ES | IT | CS | TR },
	{ "mijn", NL },
	{ "min", SV | DA },
	{ "mina", FI },
	{ "minha", PT },
	{ "mit", DE | DA },
	{ "miten", FI },
	{ "mitt", SV },
	{ "moj", PL },
	{ "moje", PL },
	{ "mon", FR },
	{ "mozna", PL },
	{ "muj", CS },
	{ "multumesc", RO },
	{ "mutta", FI },
	{ "muy", ES },
	{ "my", EN },
	{ "myos", FI },
	{ "na", PL | CS },
	{ "naar", NL },
	{ "nam", CS },
	{ "nao", PT },
	{ "nar", SV | DA },
	{ "nasil", TR },
	{ "ne", FR | TR },
	{ "nekem", HU },
	{ "nel", IT },
	{ "nem", HU },
	{ "nemohu", CS },
	{ "neni", CS },
	{ "nicht", DE },
	{ "nie", PL },
	{ "niet", NL },
	{ "niin", FI },
	{ "no", ES | PT },
	{ "noch", DE },
	{ "nog", NL },
	{ "non", IT },
	{ "nos", ES | PT },
	{ "not", EN },
	{ "nous", FR },
	{ "nu", RO },
	{ "nyt", FI },
	{ "o", PT | RO },
	{ "obrigado", PT },
	{ "och", SV },
	{ "od", PL | CS },
	{ "of", EN },
	{ "og", DA },
	{ "ola", PT },
	{ "olarak", TR },
	{ "olen", FI },
	{ "oli", FI },
	{ "om", SV },
	{ "on", EN | FI },
	{ "op", NL },
	{ "os", PT },
	{ "our", EN },
	{ "ovat", FI },
	{ "pa", SV | DA },
	{ "para", ES | PT },
	{ "pas", FR },
	{ "pe", RO },
	{ "pentru", RO },
	{ "per", IT },
	{ "pero", ES },
	{ "piu", IT },
	{ "please", EN },
	{ "plus", FR },
	{ "po", PL | CS },
	{ "por", ES | PT },
	{ "pour", FR },
	{ "pozdrawiam", PL },
	{ "pri", CS },
	{ "pro", CS },
	{ "prosim", CS },
	{ "prosze", PL },
	{ "przez", PL },
	{ "puedo", ES },
	{ "quando", PT },
	{ "que", FR | ES | PT },
	{ "questo", IT },
	{ "qui", FR },
	{ "s", CS },
	{ "sa", SV | RO },
	{ "salve", IT },
	{ "se", ES | PT | CS | FI },
	{ "seit", DE },
	{ "sen", FI },
	{ "si", IT | RO },
	{ "sich", DE },
	{ "sie", DE | PL },
	{ "som", SV | DA },
	{ "sono", IT },
	{ "sonra", TR },
	{ "sont", FR },
	{ "su", ES },
	{ "sul", IT },
	{ "sunt", RO },
	{ "sur", FR },
	{ "tack", SV },
	{ "tai", FI },
	{ "tak", DA },
	{ "tama", FI },
	{ "te", NL },
	{ "tengo", ES },
	{ "tesekkurler", TR },
	{ "that", EN },
	{ "the", EN },
	{ "there", EN },
	{ "this", EN },
	{ "til", DA },
	{ "till", SV },
	{ "tisztelt", HU },
	{ "to", EN | PL | CS },
	{ "tudom", HU },
	{ "u", NL },
	{ "udvozlettel", HU },
	{ "um", PT },
	{ "uma", PT },
	{ "un", ES | IT | RO },
	{ "una", ES | IT },
	{ "und", DE },
	{ "une", FR },
	{ "uz", CS },
	{ "v", CS },
	{ "va", RO },
	{ "van", NL | HU },
	{ "var", SV | TR },
	{ "ve", TR },
	{ "vi", IT | SV | DA },
	{ "voce", PT },
	{ "voi", FI },
	{ "voiko", FI },
	{ "volt", HU },
	{ "von", DE },
	{ "voor", NL },
	{ "votre", FR },
	{ "vous", FR },
	{ "w", PL },
	{ "was", EN },
	{ "we", EN },
	{ "wel", NL },
	{ "wenn", DE },
	{ "werden", DE },
	{ "when", EN },
	{ "wij", NL },
	{ "will", EN },
	{ "wir", DE },
	{ "wird", DE },
	{ "with", EN },
	{ "wordt", NL },
	{ "would", EN },
	{ "y", ES },
	{ "you", EN },
	{ "your", EN },
	{ "z", PL },
	{ "ze", PL | CS },
	{ "zijn", NL },
	{ "zu", DE },
};

#define WORDS (sizeof(words) / sizeof(*words))

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
		if ((unsigned char)*p < 0x80)
			p++;
		else
			count_script(&s, utf8_next(&p, end));
	other = s.cyrillic + s.greek + s.kana + s.hangul + s.han + s.arabic +
	    s.hebrew + s.thai;
	for (p = text; other >= 6 && p < end; p++)
		s.latin += ascii_alpha(*p);
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

/* Eight bytes as one number that sorts as they do. */
static uint64_t
key_of(const char *s)
{
	uint64_t v;

	memcpy(&v, s, sizeof(v));
	return be64toh(v);
}

/* Where the words of each letter begin. */
static void
find_letters(size_t from[28])
{
	size_t at = 0;

	for (size_t i = 0; i < 28; i++) {
		while (at < WORDS && (size_t)(words[at].text[0] - 'a') < i)
			at++;
		from[i] = at;
	}
}

/* Whose word this is.  No branch on what is compared: where it goes cannot be
 * foretold, and that costs more than the comparing. */
static unsigned
find_word(const size_t from[28], const char *s, size_t n)
{
	char padded[16] = "";
	size_t letter = (size_t)((unsigned char)*s - 'a'), left;
	const struct word *w;
	uint64_t key;

	if (n >= WORD_BYTES || letter >= 26)
		return 0;
	w = words + from[letter];
	left = from[letter + 1] - from[letter];
	if (left == 0)
		return 0;
	memcpy(padded, s, n);
	key = key_of(padded);
	while (left > 1) {
		size_t half = left / 2;

		w += half * (key_of(w[half].text) <= key);
		left -= half;
	}
	/* no two of the table share more than eight letters */
	return memcmp(w->text, padded, WORD_BYTES) == 0 ? w->languages : 0;
}

static const char *
by_words(const char *s)
{
	size_t hits[LANGUAGES] = { 0 }, all = 0, best = 0, second = 0;
	size_t from[28];

	find_letters(from);
	while (*s != '\0' && all < WORDS_LOOKED_AT) {
		size_t n = 0;
		unsigned mask;

		while (in_word(s[n]))
			n++;
		mask = n > 0 ? find_word(from, s, n) : 0;
		for (; mask != 0; mask &= mask - 1)
			hits[__builtin_ctz(mask)]++;
		all += n > 0;
		s += n > 0 ? n : 1;
	}
	for (size_t i = 1; i < LANGUAGES; i++)
		best = hits[i] > hits[best] ? i : best;
	for (size_t i = 0; i < LANGUAGES; i++)
		if (i != best && hits[i] > second)
			second = hits[i];
	if (hits[best] < SURE_WORDS || hits[best] * 6 < all ||
	    hits[best] * 2 < second * 3)
		return NULL;
	return codes[best];
}

const char *
language_guess(struct arena *a, const char *text)
{
	const char *code;
	size_t n;

	if (text == NULL)
		return NULL;
	n = utf8_cut(text, strlen(text), LOOKED_AT);
	code = by_script(text, n);
	return code != NULL ? code
			    : by_words(utf8_fold(a, arena_strndup(a, text, n)));
}
