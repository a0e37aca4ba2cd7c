/*
 * Tables of the words that introduce a quote and the small patterns around
 * them.  See quote_words.h.  Everything is folded: lower case, no accents on
 * Latin and Greek letters.
 */
#include "parser/quote_words.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/utf8.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* Words of writing; with a blank in front where they could end another. */
static const char *const verbs[] = { " wrote", "a ecrit", "ecrivait",
	" schrieb", "escribio", "ha escrito", "ha escrit", "ha scritto",
	"scrisse", "schreef", "geschreven", "geschrieben", "escreveu",
	"escribiu", " skrev", "skrifadi", "kirjoitti", "kirjutas", "napisal",
	"napisana przez", "pisze", "napsal", "napisao", " irta", "yazdi",
	"a scris", "missatge de", "rakstija", " rase", "menulis", "da viet",
	"idatzi zuen", "написа", "напиша", "пишет", "писал", "сообщил", " пише",
	"写道", "寫道", "のメッセージ", "書きました", "のメール", "작성",
	"쓴 글", "썼습니다", "εγραψε", "כתב", "كتب", "كتابة", "نوشت", "เขียน",
	"लिखा" };

/* The same without a date beside them. */
static const char *const near_verbs[] = { " writes", " says", "quoting ",
	"zitat von ", "citando ", "citat av ", "citeren ", "selon ", "ecrit" };

static const char *const starts[] = { "on ", "le ", "am ", "el ", "il ", "op ",
	"em ", "en ", "den ", "pa ", "pe ", "o ", "as ", "at ", "no dia ",
	"w dniu ", "dne ", "dna ", "dana ", "v ", "v v ", "в ", "на ", "a(z) ",
	"在", "于 ", "於 ", "στις ", "vao ", "pada ", "kuupaev ", "thann ",
	"ב-", "ב־", "בתאריך", "في ", "ในวันที่", "wiadomosc napisana",
	"missatge de ", "quoting ", "zitat von ", "--- on ", "- on ", "- le ",
	"in article " };

/* Who tells of his own writing, and of whom a person tells. */
static const char *const telling[] = { " i ", " we ", " ich ", " wir ",
	" j'ai ", " je vous ", " nous ", " ho scritto", " he escrito", " yo ",
	" ik ", " jag ", " jeg ", "my mail", " my " };
static const char *const third[] = { "he ", "she ", "they ", "it ", "er ",
	"sie ", "il a ", "elle ", "someone ", "somebody " };

static const char *const messages[] = { "message", "nachricht", "mensaje",
	"mensagem", "messaggio", "bericht", "meddelande", "meddelelse",
	"besked", "melding", "wiadomosc", "zprava", "sprava", "uzenet",
	"viesti", "ileti", "mesaj", "poruka", "sporocilo", "missatge", "e-post",
	"сообщение", "письмо", "лист", "повідомлення", "съобщение", "μηνυμα",
	"הודעה", "الرسالة", "رسالة", "邮件", "郵件", "メッセージ", "メール",
	"메시지", "이메일", "ข้อความ", "thu goc", "pesan asli" };

static const char *const forwards[] = { "forwarded message",
	"begin forwarded message", "weitergeleitete nachricht",
	"anfang der weitergeleiteten", "message transfere",
	"debut du message reexpedie", "debut du message transfere",
	"mensaje reenviado", "mensagem encaminhada", "messaggio inoltrato",
	"inizio messaggio inoltrato", "doorgestuurd bericht",
	"begin doorgestuurd bericht", "vidarebefordrat", "vidarebefordrade",
	"videresendt", "videresendte", "wiadomosc przekazana",
	"przekazana wiadomosc", "preposlana zprava", "preposlana sprava",
	"пересылаемое сообщение", "пересланное сообщение",
	"переслане повідомлення", "forwarded by", "weitergeleitet von",
	"transmis par", "reenviado por", "inoltrato da", "转发的邮件",
	"转发邮件信息", "轉寄的郵件", "轉寄郵件", "転送メッセージ",
	"転送されたメッセージ", "전달된 메시지", "mensaje original reenviado",
	"edelleenlahetetty", "valitetty viesti", "iletilen ileti",
	"yonlendirilen ileti", "tovabbitott uzenet", "mesaj redirectionat",
	"mesaj transmis", "προωθημενο μηνυμα", "препратено съобщение",
	"proslijedena poruka", "posredovano sporocilo", "missatge reenviat",
	"הודעה שהועברה", "رسالة معاد توجيهها", "الرسالة المعاد توجيهها" };

static const char *const reply_above[] = { "reply above this line",
	"reply above the line", "reply above the dotted line",
	"type your reply above", "write above this line", "respond above this",
	"reply above this text", "oberhalb dieser zeile", "uber dieser zeile",
	"uber dieser linie", "oberhalb dieser linie",
	"au-dessus de cette ligne", "encima de esta linea",
	"por encima de esta linea", "arriba de esta linea", "acima desta linha",
	"sopra questa riga", "sopra questa linea", "boven deze regel",
	"boven deze lijn", "ovanfor denna rad", "over denne linje",
	"taman rivin ylapuolelle", "powyzej tej linii", "nad timto radkem",
	"выше этой строки", "выше этой линии", "вище цього рядка",
	"bu satirin ustune", "请在此行上方", "在此行以上", "この行より上" };

bool
words_in(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(s, list[i]) != NULL)
			return true;
	return false;
}

bool
words_start(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (*s == *list[i] && strncmp(s, list[i], strlen(list[i])) == 0)
			return true;
	return false;
}

/* What stands for the character of a few bytes; '\0': nothing does; -1: it
 * stays as it is. */
static int
plain_char(const unsigned char *s, size_t *n)
{
	*n = 2;
	if (s[0] == 0xc2 && s[1] == 0xa0)
		return ' ';
	if (s[0] == 0xd9 && s[1] >= 0xa0 && s[1] <= 0xa9)
		return '0' + s[1] - 0xa0; /* Arabic */
	if (s[0] == 0xdb && s[1] >= 0xb0 && s[1] <= 0xb9)
		return '0' + s[1] - 0xb0; /* Persian */
	*n = 3;
	if (s[0] == 0xe2 && s[1] == 0x80 &&
	    ((s[2] >= 0x8b && s[2] <= 0x8f) || (s[2] >= 0xaa && s[2] <= 0xae)))
		return '\0';
	if (s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9)
		return '\0';
	if ((s[0] == 0xe2 && s[1] == 0x80 && s[2] == 0xaf) ||
	    (s[0] == 0xe3 && s[1] == 0x80 && s[2] == 0x80))
		return ' ';
	if (s[0] == 0xef && s[1] == 0xbc && s[2] >= 0x81 && s[2] <= 0xbf)
		return '!' + s[2] - 0x81; /* full width */
	return -1;
}

void
words_plain(char *s)
{
	char *out;

	s += utf8_ascii(s, s + strlen(s));
	out = s;
	while (*s != '\0') {
		size_t n = 1;
		int c = (unsigned char)*s < 0x80
		    ? -1
		    : plain_char((const unsigned char *)s, &n);

		if (c > 0)
			*out++ = (char)c;
		if (c >= 0)
			s += n;
		else
			*out++ = *s++;
	}
	*out = '\0';
}

bool
words_date(const char *s)
{
	for (; *s != '\0'; s++) {
		size_t n = strspn(s, "0123456789");

		if (n == 0)
			continue;
		if (n == 4 &&
		    (strncmp(s, "19", 2) == 0 || strncmp(s, "20", 2) == 0))
			return true;
		if (n <= 2 && s[n] != '\0' && strchr(":./-", s[n]) != NULL &&
		    ascii_digit(s[n + 1 + (s[n + 1] == ' ')]))
			return true;
		s += n - 1;
	}
	return false;
}

/* "10:11", "10.11" */
static bool
has_time(const char *s)
{
	for (; *s != '\0'; s++)
		if (ascii_digit(*s) && (s[1] == ':' || s[1] == '.') &&
		    ascii_digit(s[2]) && ascii_digit(s[3]))
			return true;
	return false;
}

/* A date with its year. */
bool
words_whole_date(const char *s)
{
	for (; *s != '\0'; s++) {
		size_t n = strspn(s, "0123456789"), more;

		if (n == 0)
			continue;
		if (n == 4 &&
		    (strncmp(s, "19", 2) == 0 || strncmp(s, "20", 2) == 0))
			return true;
		if (n <= 2 && (s[n] == '.' || s[n] == '/' || s[n] == '-')) {
			more = n + 1 + strspn(s + n + 1, "0123456789 ");
			if (more > n + 1 && s[more] == s[n] &&
			    ascii_digit(s[more + 1 + (s[more + 1] == ' ')]))
				return true;
		}
		s += n - 1;
	}
	return false;
}

/* Does the line end with a colon, but for blanks and marks of bold text? */
static size_t
text_end(const char *s)
{
	size_t n = strlen(s);

	while (n > 0 && strchr(" \t\r*_", s[n - 1]) != NULL)
		n--;
	return n;
}

static bool
colon_at_end(const char *s)
{
	size_t n = text_end(s);

	return n > 0 && s[n - 1] == ':';
}

enum opening
words_opening(const char *s)
{
	s += strspn(s, " \t*>_");
	if (words_start(s, starts, COUNT(starts)))
		return OPENS_WORD;
	if (ascii_digit(*s))
		return words_date(s) || strlen(s) < 12 ? OPENS_DATE
						       : OPENS_PERHAPS;
	if (strchr(s, '@') != NULL || words_date(s))
		return OPENS_PERHAPS;
	return words_in(s, verbs, COUNT(verbs)) ||
		(colon_at_end(s) && words_in(s, near_verbs, COUNT(near_verbs)))
	    ? OPENS_PERHAPS
	    : OPENS_NOT;
}

/* "wrote" is the last word, or a date follows: "wrote to you:" is told. */
static bool
wrote_ends(const char *s)
{
	const char *p = strstr(s, " wrote");

	if (p == NULL)
		return true;
	p += 6;
	p += strspn(p, " \t*:_");
	return *p == '\0' || *p == '-' || *p == '(' || ascii_digit(*p) ||
	    strncmp(p, "on ", 3) == 0 || strncmp(p, "in ", 3) == 0;
}

/* The address is the last of the line: "... Ann <ann@example.com>:" */
static bool
ends_with_address(const char *s)
{
	const char *at = strrchr(s, '@');

	return at != NULL && strcspn(at, " \t") + 1 >= text_end(at) - 1;
}

/* A date, at most a few words, an address and a colon. */
static bool
date_and_address(const char *s)
{
	size_t words = 0, early = 0;
	const char *p = s, *last = s;

	while (*p != '\0' && !ascii_digit(*p))
		early += *p++ == ' ';
	for (; *p != '\0' && *p != '<' && *p != '@'; p++)
		if (ascii_digit(*p))
			last = p;
	for (p = last; *p != '\0' && *p != '<' && *p != '@'; p++)
		words += *p == ' ';
	return early <= 3 && words <= 6 && has_time(s) && ends_with_address(s);
}

/* Without a date: "Ann Lee wrote:", "Quoting Ann <ann@example.com>:" */
static enum attribution
short_attribution(const char *s, bool verb, bool address)
{
	size_t words = 1;

	for (const char *p = s; *p != '\0'; p++)
		words += *p == ' ' && p[1] != ' ' && p[1] != ':';
	if (!verb && !words_in(s, near_verbs, COUNT(near_verbs)))
		return ATTRIBUTION_NONE;
	if (verb && address && strchr(s, '<') != NULL)
		return ATTRIBUTION_SURE;
	return address || (words <= 7 && !words_start(s, third, COUNT(third)))
	    ? ATTRIBUTION_NEAR
	    : ATTRIBUTION_NONE;
}

/* "Thanks On Tue, 3 Mar ...": the first word is the writer's own. */
static bool
text_in_front(const char *s)
{
	if (!ascii_alpha(*s))
		return false;
	for (int words = 0; words < 3 && *s != '\0'; s++) {
		if (*s == '@' || *s == '<' || ascii_digit(*s))
			return false;
		if (*s != ' ')
			continue;
		words++;
		if (strncmp(s, " wrote ", 7) == 0)
			return false;
		if (strncmp(s, " on ", 4) == 0)
			return true;
	}
	return false;
}

/* "* Ann Lee [2026-05-03 10:11]:", as people of text terminals set it up. */
static bool
date_in_brackets(const char *s)
{
	const char *open = strrchr(s, '[');

	return open != NULL && strstr(open, "]:") != NULL &&
	    words_whole_date(open);
}

enum attribution
words_attribution(const char *s)
{
	bool colon = colon_at_end(s), verb, date = words_date(s);
	bool address = strchr(s, '@') != NULL;

	s += strspn(s, " \t*>_");
	verb = words_in(s, verbs, COUNT(verbs)) && wrote_ends(s);
	if (!colon) /* a mail program that leaves it out */
		return date && address && strlen(s) < 160 &&
			(verb || (ascii_digit(*s) && ends_with_address(s)))
		    ? ATTRIBUTION_NEAR
		    : ATTRIBUTION_NONE;
	if (words_in(s, telling, COUNT(telling)))
		return verb && date && address ? ATTRIBUTION_NEAR
					       : ATTRIBUTION_NONE;
	if (!date)
		return short_attribution(s, verb, address);
	if (text_in_front(s))
		return ATTRIBUTION_NONE;
	if (verb || (address && date_and_address(s)) ||
	    (address && strstr(s, "]:") != NULL))
		return ATTRIBUTION_SURE;
	return has_time(s) &&
		((address && strchr(s, '<') != NULL) || date_in_brackets(s))
	    ? ATTRIBUTION_NEAR
	    : ATTRIBUTION_NONE;
}

/* "--- words ---": the words, when at least two dashes stand on both sides. */
bool
words_dashed(const char *s)
{
	size_t n, lead;

	s += strspn(s, " \t*");
	lead = strspn(s, "-_=");
	n = strlen(s);
	while (n > 0 && strchr(" \t\r*", s[n - 1]) != NULL)
		n--;
	return lead >= 2 && n > lead + 4 && n < 120 + lead * 2 &&
	    strchr("-_=", s[n - 1]) != NULL && strchr("-_=", s[n - 2]) != NULL;
}

bool
words_forward(const char *s)
{
	size_t n = strlen(s);

	return n < 160 && words_in(s, forwards, COUNT(forwards)) &&
	    (words_dashed(s) || colon_at_end(s) || strstr(s, "---") != NULL);
}

bool
words_original(const char *s)
{
	return words_dashed(s) &&
	    (words_in(s, messages, COUNT(messages)) ||
		words_in(s, verbs, COUNT(verbs)) ||
		strstr(s, "original") != NULL);
}

bool
words_reply_above(const char *s)
{
	static const char *const first[] = { "please", "reply", "write", "type",
		"respond", "antwort", "bitte", "responda", "repond" };

	/* it has a rule before it or begins like an order */
	s += strspn(s, " \t*>");
	return strlen(s) < 200 &&
	    (!ascii_alpha(*s) || words_start(s, first, COUNT(first))) &&
	    words_in(s, reply_above, COUNT(reply_above));
}
