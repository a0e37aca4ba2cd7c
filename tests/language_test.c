/*
 * parser/language.c: short texts as people write them to a desk, in many
 * languages, and texts of which nothing sure can be said.
 */
#include "parser/language.h"
#include "parser/mail.h"
#include "tests/test.h"

static const struct {
	const char *want, *text;
} sure[] = {
	{ "en",
	    "Hi, I cannot log in to the portal since yesterday. Can you "
	    "please reset my password?" },
	{ "en", "The printer on the second floor is out of toner again." },
	{ "de",
	    "Guten Tag, ich kann mich seit gestern nicht mehr anmelden. "
	    "Können Sie bitte mein Passwort zurücksetzen?" },
	{ "de", "Der Drucker im zweiten Stock hat schon wieder keinen Toner." },
	{ "fr",
	    "Bonjour, je ne peux plus me connecter depuis hier. "
	    "Pouvez-vous réinitialiser mon mot de passe ?" },
	{ "fr",
	    "L'imprimante du deuxième étage n'a plus de toner, merci de "
	    "faire le nécessaire." },
	{ "es",
	    "Hola, desde ayer no puedo entrar en el portal. ¿Pueden "
	    "restablecer mi contraseña?" },
	{ "es", "La impresora de la segunda planta está otra vez sin tóner." },
	{ "pt",
	    "Olá, desde ontem não consigo entrar no portal. Podem repor a "
	    "minha senha?" },
	{ "pt", "Bom dia, a impressora do segundo andar está sem toner." },
	{ "it",
	    "Buongiorno, da ieri non riesco più ad accedere al portale. "
	    "Potete reimpostare la mia password?" },
	{ "it",
	    "La stampante del secondo piano è di nuovo senza toner, grazie "
	    "per l'aiuto." },
	{ "nl",
	    "Goedemorgen, ik kan sinds gisteren niet meer inloggen. Kunnen "
	    "jullie mijn wachtwoord resetten?" },
	{ "nl", "De printer op de tweede verdieping heeft geen toner meer." },
	{ "sv",
	    "Hej, jag kan inte logga in sedan igår. Kan ni återställa mitt "
	    "lösenord?" },
	{ "sv",
	    "Skrivaren på andra våningen har slut på toner igen och det är "
	    "bråttom." },
	{ "da",
	    "Hej, jeg kan ikke logge ind siden i går. Kan I nulstille mit "
	    "password? Det haster meget." },
	{ "da",
	    "Printeren på anden sal er løbet tør for toner, og jeg ved ikke "
	    "hvad jeg skal gøre ved det nu." },
	{ "no",
	    "Hei, jeg får ikke logget inn siden i går. Kan dere "
	    "tilbakestille passordet mitt? Takk for hjelpen." },
	{ "no",
	    "Skriveren i andre etasje er tom for toner igjen, og jeg vet "
	    "ikke hva jeg skal gjøre." },
	{ "fi",
	    "Hei, en ole päässyt kirjautumaan eilisen jälkeen. Voitteko "
	    "nollata salasanani? Kiitos." },
	{ "fi",
	    "Toisen kerroksen tulostin ei toimi, koska väriaine on loppu." },
	{ "pl",
	    "Dzień dobry, od wczoraj nie mogę się zalogować. Czy mogą "
	    "Państwo zresetować moje hasło?" },
	{ "pl", "Drukarka na drugim piętrze znowu nie ma tonera." },
	{ "cs",
	    "Dobrý den, od včerejška se nemohu přihlásit. Můžete mi prosím "
	    "obnovit heslo?" },
	{ "cs", "Tiskárna ve druhém patře už zase nemá toner, děkuji." },
	{ "sk",
	    "Dobrý deň, od včera sa neviem prihlásiť. Môžete mi prosím "
	    "obnoviť heslo? Ďakujem." },
	{ "sk",
	    "Tlačiareň na druhom poschodí už zase nemá toner, môžete ho "
	    "vymeniť?" },
	{ "hu",
	    "Jó napot, tegnap óta nem tudok belépni. Vissza tudnák állítani "
	    "a jelszavamat? Köszönöm." },
	{ "hu",
	    "A második emeleti nyomtatóból megint kifogyott a festék, és nem "
	    "tudom kicserélni." },
	{ "ro",
	    "Bună ziua, de ieri nu mă mai pot conecta. Puteți să îmi "
	    "resetați parola? Mulțumesc." },
	{ "ro",
	    "Imprimanta de la etajul doi nu mai are toner și avem nevoie de "
	    "ea." },
	{ "tr",
	    "Merhaba, dünden beri giriş yapamıyorum. Şifremi sıfırlar "
	    "mısınız? Teşekkürler." },
	{ "tr",
	    "İkinci kattaki yazıcının toneri bitti, bu çok acil bir konu." },
	{ "hr",
	    "Dobar dan, od jučer se ne mogu prijaviti. Možete li mi poslati "
	    "novu lozinku? Hvala." },
	{ "sl",
	    "Pozdravljeni, od včeraj se ne morem prijaviti. Ali mi lahko "
	    "ponastavite geslo? Hvala." },
	{ "et",
	    "Tere, ma ei saa alates eilsest sisse logida. Kas te saate minu "
	    "parooli lähtestada? Aitäh." },
	{ "lt",
	    "Laba diena, nuo vakar negaliu prisijungti. Ar galite atkurti "
	    "mano slaptažodį? Ačiū." },
	{ "lv",
	    "Labdien, kopš vakardienas nevaru pieslēgties. Vai varat "
	    "atjaunot manu paroli? Paldies." },
	{ "id",
	    "Selamat pagi, saya tidak bisa masuk sejak kemarin. Tolong reset "
	    "kata sandi saya, terima kasih." },
	{ "vi",
	    "Xin chào, tôi không đăng nhập được từ hôm qua. Vui lòng đặt lại "
	    "mật khẩu cho tôi." },
	{ "ca",
	    "Bon dia, des d'ahir no puc entrar al portal. Em podeu canviar "
	    "la contrasenya amb urgència? Gràcies." },
	{ "ru", "Здравствуйте, не работает принтер на втором этаже." },
	{ "uk", "Добрий день, з учорашнього дня не можу увійти, допоможіть." },
	{ "bg", "Паролата е сменена, но пощата на лаптопа още не се отваря." },
	{ "bg", "Моля, отворете ми достъп и към папката на отдела." },
	{ "ru", "Добрый день, нет доступа к папке отдела, что делать?" },
	{ "ru", "Объект закрыт, но у нас нет ключа." },
	{ "bg", "Здравейте, принтерът на втория етаж не работи от вчера." },
	{ "sr",
	    "Добар дан, штампач на другом спрату не ради, њему треба "
	    "тонер." },
	{ "be",
	    "Добры дзень, прынтар на другім паверсе не працуе ўжо тыдзень." },
	{ "el", "Καλημέρα, ο εκτυπωτής του δεύτερου ορόφου δεν λειτουργεί." },
	{ "el", "Ευχαριστώ πολύ, πότε θα έρθει ο τεχνικός;" },
	{ "ja", "二階のプリンターが動きません。確認をお願いします。" },
	{ "zh", "您好，二楼的打印机坏了，请帮忙处理一下。" },
	{ "ko", "안녕하세요, 이층 프린터가 작동하지 않습니다." },
	{ "ar", "مرحبا، الطابعة في الطابق الثاني لا تعمل منذ أمس" },
	{ "fa",
	    "سلام، چاپگر طبقه دوم از دیروز کار نمی‌کند، لطفا کمک کنید" },
	{ "he", "שלום, המדפסת בקומה השנייה לא עובדת מאתמול" },
	{ "th", "สวัสดีครับ เครื่องพิมพ์ชั้นสองใช้งานไม่ได้" },
	{ "ka", "გამარჯობა, პრინტერი არ მუშაობს გუშინდელი დღიდან" },
	{ "hy", "Բարև ձեզ, տպիչը երեկվանից չի աշխատում" },
};

static const char *const unsure[] = { "", " ", "ok", "OK, danke", "Thanks!",
	"Ann Lee", "VPN 1.2.3 error 0x80", "https://example.com/the/of/and/is",
	"SELECT the FROM of WHERE it = 1 AND is = 2;",
	"for (int i = 0; i < n; i++) { a[i] = to[i]; } if (is) return as;",
	"2026-11-23 10:00:00 ERROR [main] com.example.On.the.Of: is=to\n"
	"2026-11-23 10:00:01 ERROR [main] com.example.On.the.Of: is=to\n",
	"/usr/bin/the /of/to /and/is on_the_of to@example.com",
	"Printer Toner Modell 4711", "Lorem ipsum dolor sit amet consectetur",
	"Hello, bitte der Drucker does not work, aber ich cannot print and "
	"the toner ist leer und it is the fault von dem printer" };

static void
check(struct arena *a, const char *want, const char *text)
{
	const char *got = language_guess(a, text);

	test_text(got == NULL ? "-" : got, want, "%s: %.*s", want,
	    (int)strcspn(text, "\n"), text);
}

static void
quotes(struct arena *a)
{
	check(a, "de",
	    "> Can you please tell us when the printer will be there?\n"
	    "> We have to know it for the plan of the week.\n"
	    "Ja, der Drucker kommt am Montag und wird gleich aufgestellt.\n");
	check(a, "de",
	    "Hallo, ich bekomme beim Start diese Meldung und weiß nicht weiter:\n"
	    "\n"
	    "java.io.IOException: file=/the/of (is on the host:443)\n"
	    "    at com.example.The.of(The.java:12)\n"
	    "    at com.example.Is.to(Is.java:99)\n");
	check(a, "fr",
	    "Voici l'erreur que nous avons sur le serveur :\n"
	    "[error] 17#17: *1 connect() failed (111: refused) to=the-of\n");
}

static void
mails(struct arena *a)
{
	static const char raw[] =
	    "From: ann@example.org\nSubject: Re: x\nIn-Reply-To: <x@y.z>\n"
	    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
	    "Merci beaucoup, cela fonctionne pour nous depuis ce matin.\n\n"
	    "On Mon, 23 Nov 2026 at 10:00, Desk <help@example.com> wrote:\n"
	    "> We have changed the setting that was wrong and it is now as\n"
	    "> you wanted it to be. Please tell us when this is not so.\n";
	struct mail m;

	mail_parse(a, raw, sizeof(raw) - 1, &m);
	test_text(m.language == NULL ? "-" : m.language, "fr",
	    "the new text counts, not the quote");
}

int
main(void)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(sure) / sizeof(*sure); i++)
		check(&a, sure[i].want, sure[i].text);
	for (size_t i = 0; i < sizeof(unsure) / sizeof(*unsure); i++)
		check(&a, "-", unsure[i]);
	quotes(&a);
	mails(&a);
	test_text(language_guess(&a, NULL) == NULL ? "-" : "?", "-", "no text");
	arena_done(&a);
	return test_end();
}
