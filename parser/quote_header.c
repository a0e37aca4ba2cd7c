/*
 * The fields of a quoted header in many languages.  See quote_words.h.
 * Everything is folded.
 */
#include <string.h>

#include "parser/quote_words.h"

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
	{ WORD_FROM, "saatja" },
	{ WORD_FROM, "no" },
	{ WORD_FROM, "nuo" },
	{ WORD_FROM, "salje" },
	{ WORD_FROM, "posiljatelj" },
	{ WORD_FROM, "posiljatel" },
	{ WORD_FROM, "odesilatel" },
	{ WORD_FROM, "odosielatel" },
	{ WORD_FROM, "avsandare" },
	{ WORD_FROM, "avsender" },
	{ WORD_FROM, "afsender" },
	{ WORD_FROM, "mittente" },
	{ WORD_FROM, "remitente" },
	{ WORD_FROM, "remetente" },
	{ WORD_FROM, "expediteur" },
	{ WORD_FROM, "absender" },
	{ WORD_FROM, "expeditor" },
	{ WORD_FROM, "изпраща" },
	{ WORD_FROM, "подател" },
	{ WORD_FROM, "отправитель" },
	{ WORD_FROM, "відправник" },
	{ WORD_FROM, "αποστολεας" },
	{ WORD_FROM, "מאת" },
	{ WORD_FROM, "من" },
	{ WORD_FROM, "از" },
	{ WORD_FROM, "จาก" },
	{ WORD_FROM, "tu" },
	{ WORD_FROM, "dari" },
	{ WORD_FROM, "pengirim" },
	{ WORD_FROM, "寄件人" },
	{ WORD_FROM, "送信者" },
	{ WORD_FROM, "发送人" },
	{ WORD_FROM, "发件者" },
	{ WORD_FROM, "보낸사람" },
	{ WORD_DATE, "enviada a" },
	{ WORD_DATE, "enviado a" },
	{ WORD_DATE, "fecha de envio" },
	{ WORD_DATE, "data de envio" },
	{ WORD_DATE, "data invio" },
	{ WORD_DATE, "poslano" },
	{ WORD_DATE, "poslato" },
	{ WORD_DATE, "odoslane" },
	{ WORD_DATE, "odoslana" },
	{ WORD_DATE, "odeslana" },
	{ WORD_DATE, "datuma" },
	{ WORD_DATE, "kelt" },
	{ WORD_DATE, "saadetud" },
	{ WORD_DATE, "kuupaev" },
	{ WORD_DATE, "nosutits" },
	{ WORD_DATE, "issiusta" },
	{ WORD_DATE, "sent at" },
	{ WORD_DATE, "date sent" },
	{ WORD_DATE, "sent on" },
	{ WORD_DATE, "gesendet am" },
	{ WORD_DATE, "verzonden op" },
	{ WORD_DATE, "afsendt" },
	{ WORD_DATE, "lahetysaika" },
	{ WORD_DATE, "paivays" },
	{ WORD_DATE, "paivamaara" },
	{ WORD_DATE, "trimis la" },
	{ WORD_DATE, "изпратено" },
	{ WORD_DATE, "отправлена" },
	{ WORD_DATE, "відправлено" },
	{ WORD_DATE, "время создания" },
	{ WORD_DATE, "σταλθηκε" },
	{ WORD_DATE, "ημερομηνια" },
	{ WORD_DATE, "ημ/νια" },
	{ WORD_DATE, "נשלח" },
	{ WORD_DATE, "תאריך" },
	{ WORD_DATE, "تاريخ الإرسال" },
	{ WORD_DATE, "تم الإرسال" },
	{ WORD_DATE, "أرسلت" },
	{ WORD_DATE, "التاريخ" },
	{ WORD_DATE, "تاريخ" },
	{ WORD_DATE, "ارسال شده" },
	{ WORD_DATE, "ส่งเมื่อ" },
	{ WORD_DATE, "วันที่" },
	{ WORD_DATE, "da gui" },
	{ WORD_DATE, "ngay" },
	{ WORD_DATE, "dikirim" },
	{ WORD_DATE, "tanggal" },
	{ WORD_DATE, "寄件日期" },
	{ WORD_DATE, "傳送日期" },
	{ WORD_DATE, "时间" },
	{ WORD_DATE, "發送日期" },
	{ WORD_DATE, "送信日" },
	{ WORD_DATE, "送信" },
	{ WORD_DATE, "보낸날짜" },
	{ WORD_DATE, "날짜" },
	{ WORD_DATE, "보낸 시간" },
	{ WORD_DATE, "enviat" },
	{ WORD_DATE, "enviat el" },
	{ WORD_DATE, "dagsetning" },
	{ WORD_DATE, "gonderme tarihi" },
	{ WORD_TO, "dla" },
	{ WORD_TO, "za" },
	{ WORD_TO, "prima" },
	{ WORD_TO, "primatelj" },
	{ WORD_TO, "pre" },
	{ WORD_TO, "per a" },
	{ WORD_TO, "adressaat" },
	{ WORD_TO, "kam" },
	{ WORD_TO, "mottagare" },
	{ WORD_TO, "modtager" },
	{ WORD_TO, "mottaker" },
	{ WORD_TO, "destinatario" },
	{ WORD_TO, "destinataire" },
	{ WORD_TO, "empfanger" },
	{ WORD_TO, "destinatar" },
	{ WORD_TO, "получател" },
	{ WORD_TO, "до" },
	{ WORD_TO, "получатель" },
	{ WORD_TO, "одержувач" },
	{ WORD_TO, "προς" },
	{ WORD_TO, "παραληπτης" },
	{ WORD_TO, "אל" },
	{ WORD_TO, "إلى" },
	{ WORD_TO, "الى" },
	{ WORD_TO, "به" },
	{ WORD_TO, "ถึง" },
	{ WORD_TO, "toi" },
	{ WORD_TO, "den" },
	{ WORD_TO, "kepada" },
	{ WORD_TO, "penerima" },
	{ WORD_TO, "받는사람" },
	{ WORD_TO, "받는이" },
	{ WORD_TO, "alici" },
	{ WORD_TO, "saja" },
	{ WORD_CC, "kopi" },
	{ WORD_CC, "kopio" },
	{ WORD_CC, "kopija" },
	{ WORD_CC, "kopie an" },
	{ WORD_CC, "dw" },
	{ WORD_CC, "udw" },
	{ WORD_CC, "masolatot kap" },
	{ WORD_CC, "masolat" },
	{ WORD_CC, "bilgi" },
	{ WORD_CC, "copia" },
	{ WORD_CC, "cc/bcc" },
	{ WORD_CC, "bcc" },
	{ WORD_CC, "cci" },
	{ WORD_CC, "cco" },
	{ WORD_CC, "копие" },
	{ WORD_CC, "копія" },
	{ WORD_CC, "κοιν." },
	{ WORD_CC, "κοινοποιηση" },
	{ WORD_CC, "עותק" },
	{ WORD_CC, "نسخة" },
	{ WORD_CC, "สำเนา" },
	{ WORD_CC, "副本" },
	{ WORD_CC, "參照" },
	{ WORD_CC, "참조" },
	{ WORD_CC, "priority" },
	{ WORD_CC, "prioritat" },
	{ WORD_CC, "importancia" },
	{ WORD_CC, "priorita" },
	{ WORD_CC, "antwort an" },
	{ WORD_CC, "responder a" },
	{ WORD_CC, "repondre a" },
	{ WORD_CC, "attachments" },
	{ WORD_CC, "anlagen" },
	{ WORD_CC, "pieces jointes" },
	{ WORD_CC, "allegati" },
	{ WORD_CC, "bijlagen" },
	{ WORD_CC, "adjuntos" },
	{ WORD_CC, "anexos" },
	{ WORD_CC, "вложения" },
	{ WORD_CC, "秘密抄送" },
	{ WORD_CC, "priorite" },
	{ WORD_CC, "prioriteit" },
	{ WORD_SUBJECT, "tema" },
	{ WORD_SUBJECT, "teema" },
	{ WORD_SUBJECT, "zadeva" },
	{ WORD_SUBJECT, "naslov" },
	{ WORD_SUBJECT, "efni" },
	{ WORD_SUBJECT, "относно" },
	{ WORD_SUBJECT, "предмет" },
	{ WORD_SUBJECT, "otsikko" },
	{ WORD_SUBJECT, "subiectul" },
	{ WORD_SUBJECT, "נושא" },
	{ WORD_SUBJECT, "הנדון" },
	{ WORD_SUBJECT, "الموضوع" },
	{ WORD_SUBJECT, "موضوع" },
	{ WORD_SUBJECT, "เรื่อง" },
	{ WORD_SUBJECT, "หัวเรื่อง" },
	{ WORD_SUBJECT, "chu de" },
	{ WORD_SUBJECT, "subjek" },
	{ WORD_SUBJECT, "perihal" },
	{ WORD_SUBJECT, "主題" },
	{ WORD_SUBJECT, "标题" },
	{ WORD_SUBJECT, "標題" },
	{ WORD_SUBJECT, "題名" },
	{ WORD_SUBJECT, "제 목" },
	{ WORD_SUBJECT, "assumpte" },
	{ WORD_SUBJECT, "gaia" },
};

const char *
words_value(const char *s)
{
	const char *p = strchr(s, ':');
	const char *wide = strstr(s, "\xef\xbc\x9a");

	if (wide != NULL && (p == NULL || wide < p))
		return wide + 3;
	return p == NULL ? NULL : p + 1;
}

static enum header_word
find(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		if (*headers[i].text == *s &&
		    strncmp(headers[i].text, s, n) == 0 &&
		    headers[i].text[n] == '\0')
			return headers[i].word;
	return WORD_NONE;
}

enum header_word
words_header(const char *s)
{
	const char *value = words_value(s), *end;

	if (value == NULL)
		return WORD_NONE;
	end = value - 1;
	if ((unsigned char)*end >= 0x80)
		end -= 2;
	s += strspn(s, " \t*>|_");
	while (end > s && strchr(" \t*_", end[-1]) != NULL)
		end--;
	return end <= s ? WORD_NONE : find(s, (size_t)(end - s));
}

/* The field whose name ends at this colon: one word or two. */
static enum header_word
field_before(const char *s, const char *colon)
{
	const char *end = colon, *p;

	while (end > s && strchr(" \t*_", end[-1]) != NULL)
		end--;
	p = end;
	for (int words = 0; words < 2 && p > s; words++) {
		enum header_word w;

		while (p > s && strchr(" \t*_|", p[-1]) == NULL)
			p--;
		w = find(p, (size_t)(end - p));
		if (w != WORD_NONE || p == s || p[-1] != ' ')
			return w;
		p--;
	}
	return WORD_NONE;
}

size_t
words_header_line(const char *s)
{
	unsigned seen = 0;
	size_t n = 0;

	if (words_header(s) == WORD_NONE)
		return 0;
	for (const char *p = strchr(s, ':'); p != NULL;
	     p = strchr(p + 1, ':')) {
		enum header_word w = field_before(s, p);

		if (w == WORD_NONE || (seen & 1u << w) != 0)
			continue;
		seen |= 1u << w;
		n++;
	}
	return n;
}
