/*
 * The lines that mail programs put below a mail by themselves, in many
 * languages: "Sent from my iPhone".  See quote_words.h.  Everything is folded.
 */
#include <string.h>

#include "parser/quote_words.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* How such lines begin. */
static const char *const sent_from[] = { "sent from", "sent via", "sent with",
	"sent using", "sent by", "sent wirelessly", "sent on the go",
	"gesendet von", "gesendet mit", "gesendet uber", "von meinem",
	"von meiner", "diese nachricht wurde von", "diese e-mail wurde von",
	"envoye de", "envoye depuis", "envoye par", "envoye a partir",
	"envoye avec", "envoye sans fil", "provenance :", "enviado desde",
	"enviado do", "enviado de", "enviado a partir", "enviado por",
	"enviado com", "enviado con", "enviado pelo", "enviado via",
	"inviato da", "inviato dal", "inviato con", "verzonden vanaf",
	"verstuurd vanaf", "verzonden met", "verstuurd met", "skickat fran",
	"skickades fran", "sendt fra", "sendt via", "lahetetty", "wyslane z",
	"wyslano z", "wyslano ze", "wyslane ze", "odeslano z", "odeslano ze",
	"odoslane z", "odoslane zo", "trimis de pe", "trimis de la",
	"trimis din", "отправлено с", "отправлено из", "отправлено через",
	"надіслано з", "надіслано із", "відправлено з", "изпратено от",
	"poslano s", "poslano iz", "poslano z", "послато са", "poslato sa",
	"σταλθηκε απο", "εσταλη απο", "enviat des", "saadetud minu",
	"nosutits no", "issiusta is", "נשלח מ", "أرسلت من", "أرسل من",
	"تم الإرسال من", "مرسل من", "ارسال شده از", "发自", "從我的", "从我的",
	"發自", "通过我的", "ส่งจาก", "da gui tu", "duoc gui tu", "gui tu",
	"dikirim dari", "iphoneから送信", "ipadから送信", "나의 iphone",
	"내 iphone", "나의 ipad", "내 ipad", "내 galaxy", "get outlook for",
	"get bluemail", "outlook fur", "outlook voor", "telecharger outlook",
	"obtenir outlook", "obtenez outlook", "obtener outlook",
	"obtenga outlook", "scarica outlook", "ottieni outlook",
	"download outlook", "hamta outlook", "hent outlook", "fa outlook",
	"hanki outlook", "obter o outlook", "obtenha o outlook",
	"baixar o outlook", "pobierz outlook", "pobierz program outlook",
	"ziskejte outlook", "ziskat outlook", "stahnout outlook",
	"скачать outlook", "загрузить outlook", "отримати outlook",
	"завантажити outlook", "laden sie outlook", "holen sie sich outlook",
	"obtineti outlook", "aplikacja outlook", "android icin outlook",
	"ios icin outlook", "获取 outlook", "下载 outlook", "下載 outlook",
	"取得 outlook", "outlook for android を", "outlook for ios を",
	"from my iphone", "from my mobile", "from my blackberry" };

/* How they end in languages that put the verb last. */
static const char *const sent_end[] = { "gesendet", "kuldve", "gonderildi",
	"から送信", "より送信", "에서 보냄", "에서 전송", "发送", "傳送" };

/* One of these has to stand soon after it. */
static const char *const devices[] = { "iphon", "ipad", "ipod", "android",
	"blackberry", "smartphone", "handy", "mobil", "phone", "telefon",
	"telephone", "movil", "tablet", "samsung", "galaxy", "huawei", "xiaomi",
	"redmi", "oppo", "htc", "nexus", "pixel", "nokia", "lumia", "oneplus",
	"windows", "outlook", "mail", "gmail", "yahoo", "thunderbird", "k-9",
	"mailbox", "airmail", "spark", "acompli", "cell", "ti-85", "alcatel",
	"device", "gerat", "puhelim", "proton", "tutanota", "手机", "手機",
	"スマートフォン", "스마트폰", "华为", "小米", "ios", "watch",
	"wireless", "verizon", "web.de", "gmx", "sony", "xperia", "motorola",
	"appareil", "dispositivo", "mail.ru", "почт", "telemovel", "celular",
	"telefoon", "toestel", "enhet", "enhed", "urzadzen", "zarizen",
	"устройств", "телефон", "ezmail", "superhuman", "zoho", "fastmail",
	"bluemail", "tuta" };

/* Is one of the first words of s a device? */
static bool
device_soon(const char *s)
{
	char soon[80] = "";
	size_t n = 0, words = 0;

	for (; *s != '\0' && n < sizeof(soon) - 1; s++) {
		if (*s == ',' || (*s == '.' && s[1] == ' '))
			break;
		words += *s == ' ';
		if (words > 5)
			break;
		soon[n++] = *s;
	}
	soon[n] = '\0';
	return words_in(soon, devices, COUNT(devices));
}

/* "sent from my" and up to five plain words more. */
static bool
sent_from_my(const char *s)
{
	size_t words = 1;

	if (strncmp(s, "sent from my ", 13) != 0)
		return false;
	for (s += 13; *s != '\0'; s++) {
		if (strchr(".,;:!?", *s) != NULL && s[1] != '\0')
			return false;
		words += *s == ' ' && s[1] != ' ' && s[1] != '\0';
	}
	return words <= 5;
}

/* "iPhone'umdan gönderildi": a device first, the verb last, little else. */
static bool
sent_last(const char *s, size_t n)
{
	size_t words = 0;

	while (n > 0 && (s[n - 1] == '.' || s[n - 1] == ' '))
		n--;
	for (size_t i = 0; i < n; i++)
		words += s[i] == ' ';
	if (n > 60 || words > 4 || !words_in(s, devices, COUNT(devices)))
		return false;
	for (size_t i = 0; i < COUNT(sent_end); i++) {
		size_t k = strlen(sent_end[i]);

		if (n > k && strncmp(s + n - k, sent_end[i], k) == 0)
			return true;
	}
	return false;
}

bool
words_mobile(const char *line)
{
	char s[160] = "";
	size_t n = 0;

	if (strlen(line) >= sizeof(s))
		return false;
	line += strspn(line, " \t-_");
	for (; *line != '\0'; line++) {
		char c = *line;

		s[n] = c;
		n += c != '[' && c != ']' && c != '<' && c != '>' &&
		    (c < '(' || c > '*');
	}
	s[n] = '\0';
	if (sent_from_my(s) || sent_last(s, n))
		return true;
	for (size_t i = 0; i < COUNT(sent_from); i++) {
		size_t k = *s == *sent_from[i] ? strlen(sent_from[i]) : 0;

		if (k > 0 && strncmp(s, sent_from[i], k) == 0 &&
		    (device_soon(s) || device_soon(s + k)))
			return true;
	}
	return n < 40 &&
	    (strstr(s, " from mobile") != NULL ||
		strstr(s, "via mobile") != NULL);
}
