/*
 * Tables of words and the small patterns around them.  See quote_words.h.
 * Everything is folded: lower case, no accents on Latin and Greek letters.
 */
#include "parser/quote_words.h"

#include "parser/ascii.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* Words of writing; with a blank in front where they could end another. */
static const char *const verbs[] = { "wrote", " a ecrit", "ecrivait",
	" schrieb", " escribio", " ha escrito", " ha escrit", " ha scritto",
	" scrisse", " schreef", " geschreven", " escreveu", " skrev",
	" skrifadi", " kirjoitti", " napisal", " pisze", " napsal", " napisao",
	" irta", " yazdi", " sent", " posted", " said", " a scris", " написав",
	" написала", " написал", " пишет", " писал", " сообщил", " пише",
	"写道", "寫道", "のメッセージ", "は書きました", "のメール", "작성",
	"님이 작성", " εγραψε", " viet", "כתב", "كتب" };

static const char *const starts[] = { "on ", "le ", "am ", "el ", "il ", "op ",
	"em ", "den ", "pa ", "w dniu ", "dne ", "dana ", "в ", "a(z) ", "在 ",
	"于 ", "στις ", "vao ", "- on ", "- le " };

struct header_entry {
	enum header_word word;
	const char *text;
};

static const struct header_entry headers[] = {
	{ WORD_FROM, "from" },
	{ WORD_FROM, "von" },
	{ WORD_FROM, "de" },
	{ WORD_FROM, "da" },
	{ WORD_FROM, "van" },
	{ WORD_FROM, "fra" },
	{ WORD_FROM, "fran" },
	{ WORD_FROM, "od" },
	{ WORD_FROM, "от" },
	{ WORD_FROM, "от кого" },
	{ WORD_FROM, "від" },
	{ WORD_FROM, "felado" },
	{ WORD_FROM, "lahettaja" },
	{ WORD_FROM, "kimden" },
	{ WORD_FROM, "gonderen" },
	{ WORD_FROM, "de la" },
	{ WORD_FROM, "απο" },
	{ WORD_FROM, "发件人" },
	{ WORD_FROM, "寄件者" },
	{ WORD_FROM, "差出人" },
	{ WORD_FROM, "보낸 사람" },
	{ WORD_DATE, "sent" },
	{ WORD_DATE, "date" },
	{ WORD_DATE, "gesendet" },
	{ WORD_DATE, "datum" },
	{ WORD_DATE, "envoye" },
	{ WORD_DATE, "envoye le" },
	{ WORD_DATE, "message du" },
	{ WORD_DATE, "enviado" },
	{ WORD_DATE, "enviado el" },
	{ WORD_DATE, "enviada" },
	{ WORD_DATE, "enviada em" },
	{ WORD_DATE, "fecha" },
	{ WORD_DATE, "data" },
	{ WORD_DATE, "inviato" },
	{ WORD_DATE, "inviata" },
	{ WORD_DATE, "verzonden" },
	{ WORD_DATE, "skickat" },
	{ WORD_DATE, "sendt" },
	{ WORD_DATE, "dato" },
	{ WORD_DATE, "wyslano" },
	{ WORD_DATE, "wyslane" },
	{ WORD_DATE, "odeslano" },
	{ WORD_DATE, "elkuldve" },
	{ WORD_DATE, "lahetetty" },
	{ WORD_DATE, "gonderildi" },
	{ WORD_DATE, "tarih" },
	{ WORD_DATE, "trimis" },
	{ WORD_DATE, "отправлено" },
	{ WORD_DATE, "дата" },
	{ WORD_DATE, "надіслано" },
	{ WORD_DATE, "发送时间" },
	{ WORD_DATE, "日期" },
	{ WORD_DATE, "送信日時" },
	{ WORD_DATE, "日時" },
	{ WORD_DATE, "보낸 날짜" },
	{ WORD_TO, "to" },
	{ WORD_TO, "an" },
	{ WORD_TO, "a" },
	{ WORD_TO, "para" },
	{ WORD_TO, "aan" },
	{ WORD_TO, "till" },
	{ WORD_TO, "til" },
	{ WORD_TO, "do" },
	{ WORD_TO, "komu" },
	{ WORD_TO, "cimzett" },
	{ WORD_TO, "vastaanottaja" },
	{ WORD_TO, "kime" },
	{ WORD_TO, "catre" },
	{ WORD_TO, "кому" },
	{ WORD_TO, "收件人" },
	{ WORD_TO, "收件者" },
	{ WORD_TO, "宛先" },
	{ WORD_TO, "받는 사람" },
	{ WORD_CC, "cc" },
	{ WORD_CC, "kopie" },
	{ WORD_CC, "copie" },
	{ WORD_CC, "copie a" },
	{ WORD_CC, "kopia" },
	{ WORD_CC, "копия" },
	{ WORD_CC, "抄送" },
	{ WORD_CC, "reply-to" },
	{ WORD_CC, "reply to" },
	{ WORD_CC, "importance" },
	{ WORD_CC, "wichtigkeit" },
	{ WORD_SUBJECT, "subject" },
	{ WORD_SUBJECT, "betreff" },
	{ WORD_SUBJECT, "objet" },
	{ WORD_SUBJECT, "sujet" },
	{ WORD_SUBJECT, "asunto" },
	{ WORD_SUBJECT, "assunto" },
	{ WORD_SUBJECT, "oggetto" },
	{ WORD_SUBJECT, "onderwerp" },
	{ WORD_SUBJECT, "amne" },
	{ WORD_SUBJECT, "emne" },
	{ WORD_SUBJECT, "temat" },
	{ WORD_SUBJECT, "predmet" },
	{ WORD_SUBJECT, "targy" },
	{ WORD_SUBJECT, "aihe" },
	{ WORD_SUBJECT, "konu" },
	{ WORD_SUBJECT, "subiect" },
	{ WORD_SUBJECT, "тема" },
	{ WORD_SUBJECT, "θεμα" },
	{ WORD_SUBJECT, "主题" },
	{ WORD_SUBJECT, "主旨" },
	{ WORD_SUBJECT, "件名" },
	{ WORD_SUBJECT, "제목" },
};

static const char *const messages[] = { "message", "nachricht", "mensaje",
	"mensagem", "messaggio", "bericht", "meddelande", "besked", "melding",
	"wiadomosc", "zprava", "uzenet", "viesti", "ileti", "mesaj",
	"сообщение", "письмо", "лист", "邮件", "郵件", "メッセージ", "메시지" };

static const char *const forwards[] = { "forwarded message",
	"begin forwarded message", "weitergeleitete nachricht",
	"anfang der weitergeleiteten", "message transfere",
	"debut du message reexpedie", "debut du message transfere",
	"mensaje reenviado", "mensagem encaminhada", "messaggio inoltrato",
	"inizio messaggio inoltrato", "doorgestuurd bericht", "vidarebefordrat",
	"videresendt", "wiadomosc przekazana", "przekazana wiadomosc",
	"preposlana zprava", "пересылаемое сообщение", "пересланное сообщение",
	"forwarded by", "转发的邮件", "转发邮件信息", "転送メッセージ",
	"전달된 메시지", "mensaje original reenviado", "edelleenlahetetty",
	"iletilen ileti" };

static const char *const reply_above[] = { "reply above this line",
	"type your reply above", "write above this line", "respond above this",
	"antworten sie oberhalb dieser zeile", "antwort oberhalb dieser zeile",
	"uber dieser linie", "repondre au-dessus de cette ligne",
	"responda encima de esta linea", "escriba su respuesta por encima" };

/* How the lines begin that mail programs of telephones add. */
static const char *const sent_from[] = { "sent from", "sent via", "sent with",
	"sent using", "sent by", "sent wirelessly", "sent on the go",
	"gesendet von", "gesendet mit", "gesendet uber", "von meinem",
	"diese nachricht wurde von", "envoye de", "envoye depuis", "envoye par",
	"envoye a partir", "envoye avec", "envoye sans fil", "enviado desde",
	"enviado do", "enviado de", "enviado a partir", "enviado por",
	"enviado com", "inviato da", "verzonden vanaf", "verstuurd vanaf",
	"verzonden met", "skickat fran", "sendt fra", "lahetetty", "wyslane z",
	"wyslano z", "odeslano z", "отправлено с", "отправлено из",
	"надіслано з", "发自我的", "从我的", "發自我的", "從我的",
	"iphoneから送信", "ipadから送信", "나의 iphone", "내 iphone",
	"get outlook for", "outlook fur", "telecharger outlook",
	"obtenir outlook", "obtener outlook", "scarica outlook",
	"download outlook", "hamta outlook", "hent outlook", "ottieni outlook",
	"obter o outlook", "pobierz outlook", "скачать outlook",
	"from my iphone", "from my mobile", "from my blackberry" };

/* One of these has to stand soon after it. */
static const char *const devices[] = { "iphone", "ipad", "ipod", "android",
	"blackberry", "smartphone", "handy", "mobil", "phone", "telefon",
	"telephone", "movil", "tablet", "samsung", "galaxy", "huawei", "xiaomi",
	"htc", "nexus", "pixel", "nokia", "lumia", "oneplus", "windows",
	"outlook", "mail", "gmail", "yahoo", "thunderbird", "k-9", "mailbox",
	"airmail", "spark", "acompli", "cell", "ti-85", "alcatel", "device",
	"gerat", "puhelim", "proton", "tutanota", "手机", "手機", "ios",
	"watch", "wireless", "verizon", "web.de", "gmx", "sony", "xperia",
	"motorola", "appareil", "dispositivo" };

static bool
any_in(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(s, list[i]) != NULL)
			return true;
	return false;
}

static bool
any_start(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strncmp(s, list[i], strlen(list[i])) == 0)
			return true;
	return false;
}

/* "10:11", "2026", "3.5.", "2026-05-03": digits as a date or a time has. */
static bool
has_date(const char *s)
{
	for (; *s != '\0'; s++) {
		size_t n = strspn(s, "0123456789");

		if (n == 0)
			continue;
		if (n == 4 &&
		    (strncmp(s, "19", 2) == 0 || strncmp(s, "20", 2) == 0))
			return true;
		if (n <= 2 && strchr(":./-", s[n]) != NULL && s[n] != '\0' &&
		    ascii_digit(s[n + 1]))
			return true;
		s += n - 1;
	}
	return false;
}

/* The end of a line without blanks, and how long its colon is. */
static size_t
colon_at_end(const char *s)
{
	size_t n = strlen(s);

	while (n > 0 && strchr(" \t*_", s[n - 1]) != NULL)
		n--;
	if (n > 0 && s[n - 1] == ':')
		return 1;
	return n > 2 && strncmp(s + n - 3, "\xef\xbc\x9a", 3) == 0 ? 3 : 0;
}

bool
words_attribution_start(const char *s)
{
	s += strspn(s, " \t*>");
	return ascii_digit(*s) || any_start(s, starts, COUNT(starts)) ||
	    strchr(s, '@') != NULL || has_date(s);
}

bool
words_attribution(const char *s, bool *sure)
{
	bool colon = colon_at_end(s) > 0, verb, date = has_date(s);
	bool address = strchr(s, '@') != NULL;

	s += strspn(s, " \t*");
	verb = any_in(s, verbs, COUNT(verbs));
	*sure = colon &&
	    ((date && (verb || address)) || (verb && strchr(s, '<') != NULL));
	if (colon && verb && (date || address))
		return true;
	/* "26.06.2014, 14:41, "Ann" <ann@example.com>:", also without colon */
	return date && address && (ascii_digit(*s) || ascii_alpha(*s)) &&
	    (colon ? ascii_digit(*s) || strstr(s, "от ") != NULL
		   : ascii_digit(*s) && strchr(s, '>') != NULL &&
			strlen(s) < 120);
}

const char *
words_value(const char *s)
{
	const char *p = strchr(s, ':');
	const char *wide = strstr(s, "\xef\xbc\x9a");

	if (wide != NULL && (p == NULL || wide < p))
		return wide + 3;
	return p == NULL ? NULL : p + 1;
}

enum header_word
words_header(const char *s)
{
	const char *value = words_value(s), *end;
	size_t n;

	if (value == NULL)
		return WORD_NONE;
	end = value - 1;
	if ((unsigned char)*end >= 0x80)
		end -= 2;
	s += strspn(s, " \t*>|_");
	while (end > s && strchr(" \t*_", end[-1]) != NULL)
		end--;
	if (end <= s)
		return WORD_NONE;
	n = (size_t)(end - s);
	for (size_t i = 0; i < COUNT(headers); i++)
		if (strlen(headers[i].text) == n &&
		    strncmp(headers[i].text, s, n) == 0)
			return headers[i].word;
	return WORD_NONE;
}

/* "--- words ---": the words, when at least two dashes stand on both sides. */
static bool
dashed(const char *s)
{
	size_t n, lead;

	s += strspn(s, " \t*");
	lead = strspn(s, "-_=");
	n = strlen(s);
	while (n > 0 && strchr(" \t*", s[n - 1]) != NULL)
		n--;
	return lead >= 2 && n > lead + 4 && n < 120 &&
	    strchr("-_=", s[n - 1]) != NULL && strchr("-_=", s[n - 2]) != NULL;
}

bool
words_forward(const char *s)
{
	size_t n = strlen(s);

	return n < 160 && any_in(s, forwards, COUNT(forwards)) &&
	    (dashed(s) || colon_at_end(s) > 0 || strstr(s, "---") != NULL);
}

bool
words_original(const char *s)
{
	return dashed(s) &&
	    (any_in(s, messages, COUNT(messages)) ||
		any_in(s, verbs, COUNT(verbs)) ||
		strstr(s, "original") != NULL);
}

bool
words_reply_above(const char *s)
{
	static const char *const first[] = { "please", "reply", "write", "type",
		"respond", "antwort", "bitte", "responda", "repond" };

	/* it has a rule before it or begins like an order */
	return strlen(s) < 200 &&
	    (!ascii_alpha(*s) || any_start(s, first, COUNT(first))) &&
	    any_in(s, reply_above, COUNT(reply_above));
}

/* Is one of the first words of s a device? */
static bool
device_soon(const char *s)
{
	char soon[64] = "";
	size_t n = 0, words = 0;

	for (; *s != '\0' && n < sizeof(soon) - 1; s++) {
		if (*s == ',' || *s == '.')
			break;
		words += *s == ' ';
		if (words > 5)
			break;
		soon[n++] = *s;
	}
	soon[n] = '\0';
	return any_in(soon, devices, COUNT(devices));
}

/* "sent from my" and up to five plain words more. */
static bool
sent_from_my(const char *s)
{
	size_t words = 1;

	if (strncmp(s, "sent from my ", 13) != 0)
		return false;
	for (s += 13; *s != '\0'; s++) {
		if (strchr(".,;:!?", *s) != NULL)
			return false;
		words += *s == ' ' && s[1] != ' ' && s[1] != '\0';
	}
	return words <= 5;
}

bool
words_mobile(const char *line)
{
	char s[160] = "";
	size_t n = 0;

	if (strlen(line) >= sizeof(s))
		return false;
	line += strspn(line, " \t-_");
	for (; *line != '\0'; line++)
		if (strchr("[]()<>*", *line) == NULL)
			s[n++] = *line;
	s[n] = '\0';
	if (sent_from_my(s))
		return true;
	for (size_t i = 0; i < COUNT(sent_from); i++) {
		size_t k = strlen(sent_from[i]);

		if (strncmp(s, sent_from[i], k) == 0 &&
		    (device_soon(s) || device_soon(s + k)))
			return true;
	}
	return n < 40 &&
	    (strstr(s, " from mobile") != NULL ||
		strstr(s, "via mobile") != NULL);
}
