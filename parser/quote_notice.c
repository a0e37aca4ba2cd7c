/*
 * What a house puts around all its mails: notices of confidence, scanners of
 * viruses, banners of the gateway.  See quote_words.h.  Everything is folded.
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/quote_words.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* How a paragraph of such a notice begins. */
static const char *const begins[] = { "this e", "this m", "this comm",
	"this trans", "this inf", "this doc", "the info", "the content",
	"the message", "the materials", "the e-mail", "the email", "confid",
	"disclaimer", "privileg", "legal", "important", "notice",
	"note:", "if you", "any ", "e-mail", "email", "internet",
	"please consider", "consider", "before printing", "think ", "save ",
	"p please", "virus", "scanned", "unless", "although", "warning",
	"diese ", "der inhalt", "die in dies", "die inform", "wenn sie",
	"sollten sie", "falls sie", "vertraul", "rechtlich", "hinweis",
	"haftungs", "bitte denken", "bitte prufen", "bevor sie", "ce mess",
	"ce cour", "ce mail", "cet e", "le present", "la presente",
	"le contenu", "les inform", "avis", "si vous", "pensez",
	"merci de penser", "l'absence", "l'integrite", "este ", "esta ",
	"el contenido", "la informacion", "aviso", "si usted", "si ha recibido",
	"se voce", "se nao", "caso voce", "as inform", "o conteudo", "antes de",
	"por favor", "piensa", "pense", "le informazioni", "il contenuto",
	"questo", "questa", "ai sensi", "se avete", "se ha ricevuto", "qualora",
	"prima di", "rispetta", "dit ", "deze", "de inhoud", "de inform",
	"indien", "als u", "detta", "den har", "om du", "tank pa", "denne",
	"dette", "hvis du", "taenk pa", "tama", "jos et", "ta wiad",
	"ta koresp", "niniejsz", "tresc", "jesli", "wiadomosc", "informacje",
	"tento", "tato", "toto", "informace", "pokud", "obsah", "ak ", "ez az",
	"ez a ", "jelen", "a jelen", "amennyiben", "acest", "informatiile",
	"daca", "это ", "данное", "настоящее", "содерж", "информация", "если",
	"це ", "цей ", "цей лист", "якщо", "това", "настоящото", "ова", "ova ",
	"ovaj", "to sporocilo", "ako ", "bu e", "bu mesaj", "bu ilet",
	"το παρον", "αυτο το", "to παρον", "本邮件", "此邮件", "本電郵",
	"本電子郵件", "此電郵", "本メール", "このメール", "この電子メール",
	"이 메일", "본 메일", "이 이메일", "본 이메일", "הודעה זו", "דואר",
	"هذه ال", "هذا ال", "تحتوي", "aquest", "kaesolev", "see e-", "si e-",
	"sis e-", "email ini", "pesan ini" };

/* A notice speaks of the mail that it stands in, and of four things. */
static const char *const mails[] = { "message", "mail", "communication",
	"transmission", "nachricht", "courriel", "courrier", "mensaje",
	"correo", "comunicacion", "mensagem", "messaggio", "comunicazione",
	"bericht", "meddelande", "meddelelse", "viesti", "wiadomosc",
	"korespondenc", "zprav", "sprav", "uzenet", "mesaj", "сообщени",
	"письм", "повідомлен", "съобщен", "e-posta", "ileti", "邮件", "郵件",
	"電郵", "メール", "메일", "μηνυμα", "הודעה", "رسال", "poruk",
	"sporocil", "missatge", "pesan", "kiri" };

static const char *const secret[] = { "confiden", "privileged", "vertraulich",
	"geschutzt", "riservat", "vertrouwelijk", "konfid", "fortrolig",
	"luottamuks", "poufn", "duvern", "dovern", "bizalmas", "конфиденц",
	"конфіденц", "gizli", "保密", "机密", "機密", "秘密", "기밀", "비밀",
	"povjerljiv", "poverljiv", "zaupn", "εμπιστευτ", "поверителн", "חסוי",
	"סודי", "سري", "konfident", "rahasia", "legally protected" };
static const char *const receiver[] = { "intended", "solely for", "addressee",
	"addressed", "named recipient", "person named", "named person",
	"empfanger", "adressat", "destinataire", "destinatari", "destinad",
	"geadresseerde", "bestemd voor", "avsett", "avsedd", "mottagare",
	"beregnet", "modtager", "mottaker", "vastaanottaj", "adresat",
	"cimzett", "адресат", "отримувач", "получател", "alici", "收件人",
	"仅限", "僅供", "受信者", "宛先", "수신", "παραληπτ", "primatelj",
	"prejemnik", "הנמען", "לנמען", "المرسل إليه", "المستلم", "penerima" };
static const char *const error[] = { "in error", "by mistake", "erroneous",
	"irrtumlich", "versehentlich", "par erreur", "por error", "por engano",
	"por erro", "per errore", "ten onrechte", "abusievelijk", "foutief",
	"ved en fejl", "ved en feil", "av misstag", "erehdyks", "pomylk",
	"omylem", "omylom", "tevedes", "din eroare", "по ошибке", "ошибочно",
	"помилков", "погрешка", "yanlis", "错收", "误收", "誤", "실수", "잘못",
	"pogresk", "greskom", "pomot", "בטעות", "بالخطأ", "عن طريق الخطأ",
	"per error" };
static const char *const destroy[] = { "delete", "destroy", "notify",
	"prohibited", "unauthori", "disclos", "distribut", "liable", "loschen",
	"vernichten", "unbefugt", "gestattet", "informieren", "detruire",
	"supprimer", "interdit", "divulgation", "elimin", "borr", "prohibid",
	"apag", "proibid", "cancell", "distrugg", "vietat", "verwijder",
	"vernietig", "radera", "slette", "poista", "usun", "smaz", "vymaz",
	"torol", "stergeti", "удал", "уничтож", "видал", "изтрий", "silin",
	"删除", "刪除", "削除", "삭제", "izbris", "obris", "διαγρα", "למחוק",
	"حذف", "hapus" };

/* What scanners and friends of trees say of themselves. */
static const char *const machines[] = { "has been scanned", "was scanned",
	"been checked for virus", "scanned for virus", "virus-free",
	"antivirus", "anti-virus", "auf viren gepr", "frei von viren",
	"virenfrei", "absence de virus", "libre de virus", "privo di virus",
	"virus-vrij", "gecontroleerd op virussen", "sin virus", "bez wirus",
	"проверено на", "проверен на вирус", "email security system",
	"mimecast", "mailscanner", "messagelabs", "proofpoint" };
static const char *const trees[] = { "environment", "umwelt", "environnement",
	"medio ambiente", "meio ambiente", "ambiente", "milieu", "miljo",
	"ymparisto", "srodowisk", "zivotni prostredi", "before you print",
	"a tree", "natur" };
static const char *const prints[] = { "print", "ausdruck", "drucken", "imprim",
	"stampa", "afdruk", "skriv", "tulosta", "wydruk", "drukowan", "tisk",
	"tlac" };

static const char *const headings[] = { "disclaimer", "confidentiality notice",
	"confidentiality", "legal notice", "legal disclaimer",
	"email disclaimer", "important notice", "haftungsausschluss",
	"vertraulichkeitshinweis", "avis de confidentialite", "aviso legal",
	"aviso de confidencialidad", "clausula" };

static size_t
text_end(const char *s)
{
	size_t n = strlen(s);

	while (n > 0 && strchr(" *|-", s[n - 1]) != NULL)
		n--;
	return n;
}

static bool
is_link(const char *s)
{
	static const char *const links[] = { "http://", "https://", "www.",
		"<http://", "<https://" };

	return words_start(s, links, COUNT(links)) &&
	    strcspn(s, " ") == strlen(s);
}

/* Behind rules, stars and the like. */
static const char *
skip_marks(const char *s)
{
	while (*s != '\0' && (unsigned char)*s < 0x80 && !ascii_alpha(*s) &&
	    *s != '<')
		s++;
	return s;
}

static bool
is_heading(const char *s)
{
	size_t n = strcspn(s, ":.*");

	for (size_t i = 0; i < COUNT(headings); i++)
		if (n == strlen(headings[i]) &&
		    strncmp(s, headings[i], n) == 0 && strlen(s) <= n + 4)
			return true;
	return is_link(s) || *s == '\0';
}

bool
words_notice_start(const char *s)
{
	s = skip_marks(s);
	return words_start(s, begins, COUNT(begins)) || is_heading(s);
}

enum notice
words_notice(const char *s)
{
	bool known, itself;
	int kinds;

	s = skip_marks(s);
	if (is_heading(s))
		return NOTICE_HEAD;
	if (!words_start(s, begins, COUNT(begins)))
		return NOTICE_NONE;
	itself = words_in(s, mails, COUNT(mails));
	known = words_in(s, receiver, COUNT(receiver));
	kinds = known + words_in(s, secret, COUNT(secret)) +
	    words_in(s, error, COUNT(error)) +
	    words_in(s, destroy, COUNT(destroy));
	if ((itself && ((known && kinds >= 2) || kinds >= 3)) ||
	    words_in(s, machines, COUNT(machines)) ||
	    (words_in(s, trees, COUNT(trees)) &&
		words_in(s, prints, COUNT(prints))))
		return NOTICE_SURE;
	return kinds > 0 ? NOTICE_PART : NOTICE_NONE;
}

static const char *const banners[] = { "caution", "[external", "external",
	"warning", "this email", "this message", "this e-mail", "achtung",
	"attention", "[extern", "atencion", "attenzione", "let op", "cuidado",
	"you don't often get", "[you don't often", "sie erhalten nicht",
	"vous n'obtenez pas", "no suele recibir",
	"some people who received this" };

bool
words_banner_start(const char *s)
{
	return words_start(s + strspn(s, " *|-"), banners, COUNT(banners));
}

/* "[EXTERNAL]" and nothing else, or a warning that says what not to do. */
bool
words_banner(const char *s)
{
	static const char *const outside[] = { "from outside",
		"originated outside", "outside of the", "outside the organi",
		"outside your organi", "external email", "external e-mail",
		"external sender", "external source", "extern", "often get",
		"nicht oft", "nicht haufig", "pas souvent", "no suele" };
	static const char *const advice[] = { "click", "links", "attachments",
		"klicken", "anhang", "anlagen", "cliquez", "piece", "clic",
		"adjunto", "enlace", "allegati", "bijlagen", "aka.ms/learn",
		"originated from outside", "recognize the sender" };
	size_t n;

	if (!words_banner_start(s))
		return false;
	s += strspn(s, " *|-");
	n = text_end(s);
	if (n > 600 || !words_in(s, outside, COUNT(outside)))
		return false;
	return words_in(s, advice, COUNT(advice)) ||
	    (*s == '[' && n < 40 && strchr(s, ']') == s + n - 1);
}
