/*
 * The words that everybody uses, and whose they are: folded, sorted, at most
 * eleven letters.  See language_words.h.
 */
#include "parser/language_words.h"

#include <endian.h>
#include <string.h>

#define WORD_BYTES 12 /* the longest of the table, and a NUL */

const char language_codes[LANGUAGES][3] = { "en", "de", "fr", "es", "it", "pt",
	"nl", "sv", "da", "pl", "cs", "fi", "hu", "tr", "ro", "no", "sk", "hr",
	"sl", "et", "lt", "lv", "id", "vi", "ca" };

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
	RO = 1 << 14,
	NO = 1 << 15,
	SK = 1 << 16,
	HR = 1 << 17,
	SL = 1 << 18,
	ET = 1 << 19,
	LT = 1 << 20,
	LV = 1 << 21,
	ID = 1 << 22,
	VI = 1 << 23,
	CA = 1 << 24
};

static const struct word {
	char text[WORD_BYTES];
	unsigned languages;
} words[] = { { "aan", NL }, { "abbiamo", IT }, { "aber", DE },
	{ "aceasta", RO }, { "acest", RO }, { "acil", TR }, { "aciu", LT },
	{ "ad", DA }, { "ada", ID }, { "af", DA }, { "after", EN },
	{ "aga", ET }, { "again", EN }, { "agora", PT }, { "ahir", CA },
	{ "ahora", ES }, { "ai", FR }, { "ainda", PT }, { "aitah", ET },
	{ "aiuto", IT }, { "aixo", CA }, { "akan", ID }, { "aki", HU },
	{ "ako", SK }, { "al", ES | IT | NL | CA }, { "alates", ET },
	{ "ale", PL | CS | RO | SK }, { "alebo", SK }, { "ali", HR | SL },
	{ "all", EN }, { "alla", IT }, { "alle", DE }, { "alles", DE },
	{ "alors", FR }, { "als", NL }, { "alvast", NL },
	{ "am", EN | DE | RO }, { "ama", TR }, { "amb", CA }, { "ami", HU },
	{ "amikor", HU }, { "amit", HU }, { "an", EN | DE }, { "ancak", TR },
	{ "anche", IT }, { "ancora", IT }, { "and", EN }, { "anda", ID },
	{ "andar", PT }, { "andra", SV }, { "andre", NO }, { "antes", ES },
	{ "any", EN }, { "ao", PT }, { "aos", PT }, { "apakah", ID },
	{ "apres", FR }, { "apua", FI }, { "aquest", CA }, { "aquesta", CA },
	{ "ar", SV | LT | LV }, { "ara", CA }, { "are", EN | RO },
	{ "as", EN | PT }, { "at", EN | DA | NO }, { "att", SV }, { "au", FR },
	{ "auch", DE }, { "auf", DE }, { "aus", DE }, { "aussi", FR },
	{ "aux", FR }, { "av", SV | NO }, { "avant", FR }, { "avec", FR },
	{ "avem", RO }, { "avez", FR }, { "avons", FR }, { "ayer", ES },
	{ "az", HU }, { "azt", HU }, { "bagaimana", ID }, { "ban", VI },
	{ "bana", TR }, { "bara", SV }, { "bardzo", PL }, { "bare", NO },
	{ "be", EN | HU }, { "because", EN }, { "bedankt", NL }, { "been", EN },
	{ "behover", SV }, { "bei", DE }, { "beim", DE }, { "bekomme", DE },
	{ "belum", ID }, { "bem", PT }, { "ben", TR }, { "bene", IT },
	{ "benne", HU }, { "beri", TR }, { "bet", LT | LV },
	{ "bi", HR | SL | VI }, { "bien", FR | ES }, { "bij", NL },
	{ "bija", LV }, { "bine", RO }, { "bir", TR }, { "bis", DE },
	{ "bisa", ID }, { "bitte", DE }, { "biz", TR }, { "bizim", TR },
	{ "ble", NO }, { "blev", DA }, { "blir", NO }, { "bliver", DA },
	{ "bo", PL }, { "boa", PT }, { "bohuzel", CS }, { "bolo", SK },
	{ "bom", PT }, { "bon", CA }, { "bonjour", FR }, { "bonne", FR },
	{ "bra", SV }, { "bu", TR }, { "buenas", ES }, { "buenos", ES },
	{ "buna", RO }, { "buona", IT }, { "buongiorno", IT }, { "bus", LT },
	{ "but", EN }, { "buvo", LT }, { "by", EN | CS }, { "byc", PL },
	{ "byl", CS }, { "byla", CS }, { "bylo", CS }, { "byt", CS | SK },
	{ "c", FR }, { "ca", RO }, { "cac", VI }, { "calismiyor", TR },
	{ "cam", VI }, { "can", EN }, { "cand", RO }, { "cannot", EN },
	{ "car", FR }, { "care", RO }, { "ce", FR }, { "cela", FR },
	{ "cette", FR }, { "chao", VI }, { "che", IT }, { "cho", VI },
	{ "chung", VI }, { "ci", IT }, { "cienu", LV }, { "clave", ES },
	{ "co", CS | SK | VI }, { "cok", TR }, { "com", PT | CA },
	{ "come", IT }, { "comme", FR }, { "como", ES | PT },
	{ "con", ES | IT }, { "consigo", PT }, { "cordiali", IT },
	{ "correo", ES }, { "could", EN }, { "csak", HU }, { "cu", RO },
	{ "cua", VI }, { "cuando", ES }, { "cum", RO }, { "czy", PL },
	{ "d", FR | IT | CA }, { "daca", RO }, { "daha", TR },
	{ "dakujem", SK }, { "dal", IT }, { "dalla", IT },
	{ "dan", NL | HR | SL | ID }, { "dang", VI }, { "dank", DE },
	{ "danke", DE }, { "dann", DE }, { "dans", FR }, { "dar", RO | LT },
	{ "darfor", SV }, { "dari", ID }, { "das", DE | PT }, { "dass", DE },
	{ "dat", NL }, { "deg", NO }, { "degil", TR }, { "dekuji", CS },
	{ "del", ES | IT | LT | CA }, { "della", IT }, { "dem", DE | SV },
	{ "den", DE | SV | DA | CS | NO | SK }, { "dengan", ID },
	{ "depois", PT }, { "depuis", FR }, { "der", DE | DA }, { "dere", NO },
	{ "des", FR | CA }, { "desde", ES | PT }, { "despues", ES },
	{ "det", SV | DA | NO }, { "deze", NL }, { "di", IT | ID },
	{ "dia", PT | CA }, { "dias", ES }, { "did", EN }, { "die", DE | NL },
	{ "diena", LT }, { "diese", DE }, { "dieser", DE }, { "dieses", DE },
	{ "dig", DA }, { "din", RO | NO }, { "dit", NL }, { "dla", PL },
	{ "do", EN | PT | PL | CS | SK }, { "dobar", HR }, { "dober", SL },
	{ "dobre", CS }, { "dobry", PL | CS | SK }, { "doch", DE },
	{ "does", EN }, { "doet", NL }, { "doi", RO }, { "donc", FR },
	{ "donde", ES }, { "dort", DE }, { "dos", PT }, { "dove", IT },
	{ "druhom", SK }, { "du", FR }, { "dunden", TR }, { "duoc", VI },
	{ "dziala", PL }, { "dzieki", PL }, { "dziekuje", PL }, { "dzien", PL },
	{ "e", ES | IT | PT }, { "ea", RO }, { "ed", IT }, { "edelleen", FI },
	{ "ederim", TR }, { "een", NL }, { "efter", DA }, { "egy", HU },
	{ "ei", FI | ET }, { "eilen", FI }, { "eilisen", FI },
	{ "eilsest", ET }, { "ein", DE }, { "eine", DE }, { "einem", DE },
	{ "einen", DE }, { "einer", DE }, { "eines", DE },
	{ "el", ES | HU | CA }, { "elle", FR }, { "eller", SV | DA | NO },
	{ "els", CA }, { "em", PT | CA }, { "enaa", FI }, { "encore", FR },
	{ "entrar", ES | PT | CA }, { "equipamento", PT }, { "equipo", ES },
	{ "er", NL | DA | NO }, { "es", DE | ES | HU | LV | CA }, { "est", FR },
	{ "esta", ES | PT }, { "estamos", PT }, { "este", PT | RO | SK },
	{ "estic", CA }, { "estou", PT }, { "estoy", ES },
	{ "et", FR | DA | NO | ET }, { "ett", SV }, { "etta", FI },
	{ "etter", NO }, { "etwas", DE }, { "eu", PT }, { "ez", HU },
	{ "ezert", HU }, { "ezt", HU }, { "faire", FR }, { "fait", FR },
	{ "far", NO }, { "favor", ES }, { "fazer", PT }, { "feil", NO },
	{ "fejl", DA }, { "fel", SV }, { "fi", RO }, { "fick", SV },
	{ "fik", DA }, { "fikk", NO }, { "foarte", RO }, { "foi", PT },
	{ "fonctionne", FR }, { "for", EN | SV | DA | NO },
	{ "fordi", DA | NO }, { "fortfarande", SV }, { "fortsatt", NO },
	{ "fost", RO }, { "fra", DA | NO }, { "fran", SV }, { "from", EN },
	{ "funciona", ES | PT }, { "fungerar", SV }, { "fungerer", NO },
	{ "funguje", CS }, { "funziona", IT }, { "fur", DE }, { "galite", LT },
	{ "gang", DA }, { "gar", DA | NO }, { "garna", SV }, { "gdy", PL },
	{ "geen", NL }, { "gegen", DE }, { "geht", DE }, { "gerne", DA },
	{ "get", EN }, { "gibi", TR }, { "gibt", DE }, { "gick", SV },
	{ "giornata", IT }, { "gisteren", NL }, { "giup", VI },
	{ "gjerne", NO }, { "gjore", NO }, { "gleich", DE }, { "gli", IT },
	{ "godt", DA | NO }, { "goedemiddag", NL }, { "goedemorgen", NL },
	{ "gore", DA }, { "got", EN }, { "graag", NL }, { "gracias", ES },
	{ "gracies", CA }, { "grazie", IT }, { "groet", NL }, { "groeten", NL },
	{ "gruss", DE }, { "grusse", DE }, { "grussen", DE }, { "gunler", TR },
	{ "guten", DE }, { "ha", ES | HU | CA }, { "haar", NL }, { "habe", DE },
	{ "haben", DE }, { "hace", ES }, { "hacer", ES }, { "hala", TR },
	{ "hallo", DE | NL }, { "halsningar", SV }, { "haluaisin", FI },
	{ "har", SV | DA | NO }, { "has", EN }, { "hat", DE }, { "have", EN },
	{ "hay", ES }, { "he", EN | ES }, { "heb", NL }, { "hebben", NL },
	{ "heeft", NL }, { "hei", FI | NO }, { "hej", SV | DA },
	{ "helaas", NL }, { "hello", EN }, { "hem", NL }, { "hemos", ES },
	{ "her", EN }, { "het", NL }, { "hi", EN | CA }, { "hier", DE | FR },
	{ "hij", NL }, { "hilsen", DA | NO }, { "him", EN }, { "his", EN },
	{ "hjaelp", DA }, { "hjalp", SV }, { "hjelp", NO }, { "hjelpen", NO },
	{ "ho", IT | SK | CA }, { "hoe", NL }, { "hogy", HU },
	{ "hola", ES | CA }, { "hom", VI }, { "hos", DA }, { "how", EN },
	{ "hur", SV }, { "hva", NO }, { "hvad", DA }, { "hvala", HR | SL },
	{ "hvis", DA | NO }, { "hvor", DA | NO }, { "ich", DE }, { "ici", FR },
	{ "icin", TR }, { "ieri", IT | RO }, { "if", EN }, { "igar", SV },
	{ "igen", SV }, { "igjen", NO }, { "ihnen", DE }, { "ihr", DE },
	{ "ihre", DE }, { "ihren", DE }, { "ii", RO }, { "ik", NL },
	{ "ikke", DA | NO }, { "il", FR | IT | RO }, { "ile", TR },
	{ "illetve", HU }, { "im", DE }, { "imi", RO }, { "immer", DE },
	{ "in", EN | DE | IT | NL | RO | SL }, { "inca", RO }, { "ind", DA },
	{ "inget", SV }, { "ini", ID }, { "inn", NO }, { "inte", SV },
	{ "into", EN }, { "ir", LT | LV }, { "is", EN | NL | HU | LT },
	{ "isso", PT }, { "ist", DE }, { "it", EN }, { "itt", HU },
	{ "itu", ID }, { "iyi", TR }, { "iz", HR | SL }, { "j", FR },
	{ "ja", DE | PT | FI | ET }, { "jag", SV }, { "jak", PL | CS },
	{ "jalkeen", FI }, { "jau", LT | LV }, { "je", FR | CS | SK | HR | SL },
	{ "jeg", DA | NO }, { "jen", CS }, { "jer", HR }, { "jeres", DA },
	{ "jesli", PL }, { "jest", PL }, { "jeste", CS }, { "jestem", PL },
	{ "jestesmy", PL }, { "jeszcze", PL }, { "jo", HU }, { "jos", FI | HR },
	{ "journee", FR }, { "jsem", CS }, { "jsme", CS }, { "jsou", CS },
	{ "jste", CS }, { "jucer", HR }, { "juga", ID }, { "jullie", NL },
	{ "jus", LT | LV }, { "just", EN }, { "jusu", LT | LV }, { "juz", PL },
	{ "k", CS | SK }, { "ka", ET | LV }, { "kad", LT }, { "kada", HR },
	{ "kadar", TR }, { "kaip", LT }, { "kaj", SL }, { "kako", HR | SL },
	{ "kami", ID }, { "kan", NL | SV | DA | NO }, { "kann", DE },
	{ "kaptam", HU }, { "kas", ET | LV }, { "kasih", ID }, { "kata", ID },
	{ "kdyz", CS }, { "ke", ID }, { "kein", DE }, { "keine", DE },
	{ "keinen", DE }, { "kell", HU }, { "kemarin", ID }, { "ker", SL },
	{ "kerem", HU }, { "khong", VI }, { "ki", HU | SL }, { "kiitos", FI },
	{ "know", EN }, { "ko", SL }, { "koja", HR }, { "koji", HR },
	{ "komme", DA | NO }, { "kommer", SV | DA | NO }, { "kon", NL },
	{ "konnen", DE }, { "kontot", SV }, { "konu", TR }, { "kops", LV },
	{ "koska", FI }, { "koszi", HU }, { "koszonettel", HU },
	{ "koszonom", HU }, { "ktera", CS }, { "ktery", CS },
	{ "ktora", PL | SK }, { "ktory", PL | SK }, { "kui", ET },
	{ "kuidas", ET }, { "kuin", FI }, { "kun", DA | FI }, { "kunnen", NL },
	{ "kunt", NL }, { "l", FR | IT | CA },
	{ "la", FR | ES | IT | RO | VI | CA }, { "laba", LT }, { "labas", LT },
	{ "labdien", LV }, { "lahko", SL }, { "lai", LV | VI }, { "las", ES },
	{ "le", FR | ES | IT }, { "lehet", HU }, { "leider", DE },
	{ "len", SK }, { "lep", SL }, { "les", FR | CA }, { "lesz", HU },
	{ "leur", FR }, { "levelet", HU }, { "li", HR }, { "lige", DA },
	{ "lijep", HR }, { "lo", ES | IT }, { "long", VI }, { "look", EN },
	{ "loppu", FI }, { "los", ES }, { "lub", PL }, { "ludzu", LV },
	{ "lutfen", TR }, { "ma", FR | IT | PL | RO | NO | ET },
	{ "maalesef", TR }, { "maar", NL }, { "mai", RO }, { "mais", FR | PT },
	{ "mal", DE }, { "mam", PL | SK }, { "mame", CS | SK }, { "mamy", PL },
	{ "man", LT | LV }, { "mange", DA | NO }, { "mano", LT },
	{ "manu", LV }, { "mar", HU }, { "mas", ES | PT }, { "masuk", ID },
	{ "me", EN | ES }, { "mea", RO }, { "med", SV | DA | NO },
	{ "meer", NL }, { "meg", HU | NO }, { "meget", DA }, { "megint", HU },
	{ "mehr", DE }, { "meidan", FI }, { "meie", ET }, { "meil", ET },
	{ "meilla", FI }, { "mein", DE }, { "meine", DE },
	{ "men", SV | DA | NO }, { "merci", FR }, { "merhaba", TR },
	{ "mert", HU }, { "mes", FR | LT | LV }, { "met", NL },
	{ "meu", PT | CA }, { "meus", PT }, { "meva", CA }, { "mia", IT },
	{ "mich", DE }, { "mig", DA }, { "mijn", NL }, { "min", SV | DA | NO },
	{ "mina", FI }, { "mindig", HU }, { "minha", PT }, { "minu", ET },
	{ "minun", FI }, { "mio", IT }, { "mir", DE }, { "mis", ES | ET },
	{ "misiniz", TR }, { "mit", DE | DA }, { "miten", FI },
	{ "mitt", SV | NO }, { "mnie", PL }, { "moet", NL }, { "moga", PL },
	{ "moge", PL }, { "mogu", HR }, { "mohon", ID }, { "moj", PL | SK },
	{ "moje", PL }, { "molim", HR }, { "molto", IT }, { "mon", FR },
	{ "more", EN }, { "morem", SL }, { "mot", VI }, { "mozete", SK | HR },
	{ "mozna", PL }, { "muito", PT }, { "muj", CS }, { "mul", ET },
	{ "multumesc", RO }, { "mums", LT | LV }, { "musu", LT | LV },
	{ "musunuz", TR }, { "mutta", FI }, { "muy", ES }, { "muzete", CS },
	{ "my", EN }, { "mycket", SV }, { "mye", NO }, { "myos", FI },
	{ "n", FR }, { "naar", NL }, { "nach", DE }, { "nadal", PL },
	{ "nam", CS | SK | HR | SL }, { "nao", PT }, { "napot", HU },
	{ "nar", SV | DA | NO }, { "nasil", TR }, { "nasz", PL },
	{ "nasza", PL }, { "nav", LV }, { "nay", VI }, { "nayttaa", FI },
	{ "ne", FR | TR | HR | SL | LT }, { "nebo", CS }, { "necesito", ES },
	{ "necessaire", FR }, { "neden", TR }, { "need", EN },
	{ "negaliu", LT }, { "nein", DE }, { "nekem", HU }, { "nel", IT },
	{ "nella", IT }, { "nem", HU }, { "nema", CS | SK }, { "nemohu", CS },
	{ "nemozem", SK }, { "neni", CS }, { "nerede", TR }, { "nevaru", LV },
	{ "neviem", SK }, { "nevoie", RO }, { "new", EN }, { "nhung", VI },
	{ "ni", ES | SV | SL }, { "nicht", DE }, { "nie", PL | SK },
	{ "niestety", PL }, { "niet", NL }, { "niets", NL }, { "niin", FI },
	{ "nije", HR }, { "nincs", HU }, { "ning", ET },
	{ "no", EN | ES | PT | LV | CA }, { "noch", DE }, { "noe", NO },
	{ "nog", NL }, { "noget", DA }, { "non", IT }, { "nos", FR | ES | PT },
	{ "nossa", PT }, { "nosso", PT }, { "nostra", IT }, { "nostro", IT },
	{ "not", EN }, { "notre", FR }, { "noua", RO }, { "nous", FR },
	{ "novu", HR }, { "now", EN }, { "nu", NL | SV | DA | RO },
	{ "nuestra", ES }, { "nuestro", ES }, { "nun", DE }, { "nuo", LT },
	{ "nuovo", IT }, { "nur", DE }, { "nyt", FI }, { "ob", DE },
	{ "obrigada", PT }, { "obrigado", PT }, { "och", SV }, { "ocksa", SV },
	{ "od", PL | CS | SK | HR | SL }, { "oder", DE }, { "of", EN },
	{ "og", DA | NO }, { "ogsa", DA | NO }, { "ohne", DE }, { "ola", PT },
	{ "olan", TR }, { "olarak", TR }, { "ole", FI | ET }, { "oleme", ET },
	{ "olemme", FI }, { "olen", FI | ET }, { "oli", FI },
	{ "om", NL | SV | NO }, { "oma", ET }, { "omdat", NL },
	{ "on", EN | FR | FI | ET | VI }, { "onde", PT }, { "onder", NL },
	{ "one", EN }, { "onko", FI }, { "only", EN }, { "onnistu", FI },
	{ "ons", NL }, { "ont", FR }, { "ontem", PT }, { "onze", NL },
	{ "ook", NL }, { "op", NL | DA }, { "opp", NO }, { "or", EN },
	{ "oraz", PL }, { "ordenador", ES }, { "os", PT }, { "oss", SV | NO },
	{ "ota", HU }, { "otra", ES }, { "ott", HU }, { "ou", FR | PT },
	{ "our", EN }, { "out", EN }, { "ovat", FI }, { "over", EN | NL },
	{ "pa", SV | DA | NO | SL }, { "paassyt", FI }, { "paasy", FI },
	{ "pacate", RO }, { "pada", ID }, { "pagarbiai", LT }, { "pagi", ID },
	{ "paldies", LV }, { "palju", ET }, { "palun", ET }, { "panstwo", PL },
	{ "par", FR | LV }, { "para", ES | PT }, { "pas", FR }, { "pe", RO },
	{ "pec", LV }, { "pela", PT }, { "pelo", PT }, { "pentru", RO },
	{ "per", IT | CA }, { "perche", IT }, { "pero", ES | CA },
	{ "peux", FR }, { "piano", IT }, { "pie", LV }, { "pitaisi", FI },
	{ "piu", IT }, { "plau", CA }, { "please", EN }, { "plus", FR },
	{ "po", PL | CS | SK | HR | SL | LT }, { "podeu", CA },
	{ "por", ES | PT }, { "porque", ES | PT }, { "poslati", HR },
	{ "posso", IT }, { "pot", RO }, { "potete", IT }, { "pour", FR },
	{ "pouvez", FR }, { "pozdrav", CS | HR | SL }, { "pozdravem", CS },
	{ "pozdravom", SK }, { "pozdrawiam", PL }, { "prasau", LT },
	{ "pre", SK }, { "preciso", PT }, { "pri", CS | SK | SL },
	{ "prijaviti", HR | SL }, { "pro", CS }, { "problema", HU },
	{ "prosbe", PL }, { "prosim", CS | SK | SL }, { "prosime", CS },
	{ "prosimy", PL }, { "prosze", PL }, { "protoze", CS }, { "przez", PL },
	{ "puc", CA }, { "puede", ES }, { "pueden", ES }, { "puedo", ES },
	{ "puis", FR }, { "purtroppo", IT }, { "puteti", RO }, { "pysty", FI },
	{ "qu", FR }, { "qua", VI }, { "quan", CA }, { "quand", FR },
	{ "quando", IT | PT }, { "que", FR | ES | PT | CA }, { "questa", IT },
	{ "questo", IT }, { "qui", FR }, { "regards", EN }, { "rica", TR },
	{ "riesco", IT }, { "right", EN }, { "rog", RO },
	{ "s", FR | CS | SK | SL }, { "sa", SV | RO | SK }, { "saa", FI | ET },
	{ "saan", FI }, { "saate", ET }, { "sajnos", HU }, { "sal", DA },
	{ "saludos", ES }, { "saluti", IT }, { "salve", IT }, { "sam", HR },
	{ "samo", HR | SL }, { "sans", FR }, { "sao", PT }, { "saya", ID },
	{ "saygilar", TR }, { "sayin", TR }, { "schon", DE }, { "sedan", SV },
	{ "see", EN | ET }, { "segitseget", HU }, { "segue", PT },
	{ "segundo", PT }, { "sehr", DE }, { "seit", DE }, { "sejak", ID },
	{ "selam", TR }, { "selamat", ID }, { "sem", PT | HU | SL },
	{ "sen", FI | TR }, { "senha", PT }, { "senza", IT }, { "ser", PT },
	{ "ses", FR }, { "she", EN }, { "should", EN },
	{ "si", FR | IT | RO | CA }, { "siang", ID }, { "sich", DE },
	{ "sidan", SV }, { "sidder", DA }, { "siden", DA | NO },
	{ "sidste", DA }, { "sie", DE | PL }, { "siis", ET }, { "siita", FI },
	{ "simdi", TR }, { "sin", ES }, { "since", EN }, { "sincs", HU },
	{ "sind", DE }, { "sinds", NL }, { "sisse", ET }, { "siste", NO },
	{ "sitten", FI }, { "siz", TR }, { "size", TR }, { "skal", DA | NO },
	{ "skulle", SV }, { "slut", SV }, { "sme", SK }, { "smo", HR | SL },
	{ "so", EN | DE | PT | SL }, { "sobald", DE }, { "sobre", ES | PT },
	{ "solo", ES }, { "som", SV | DA | NO | SK | CA }, { "somente", PT },
	{ "son", FR | ES }, { "sono", IT }, { "sonra", TR }, { "sont", FR },
	{ "soy", ES }, { "stadig", DA }, { "stale", CS },
	{ "ste", SK | HR | SL }, { "steeds", NL }, { "still", EN },
	{ "sto", HR }, { "su", ES | SK | HR | LT }, { "sudah", ID },
	{ "suis", FR }, { "sul", IT }, { "sunt", RO }, { "sur", FR },
	{ "sveiki", LT | LV }, { "szeretnem", HU }, { "szia", HU },
	{ "sziasztok", HU }, { "ta", LV }, { "tack", SV }, { "tady", CS },
	{ "tag", DE }, { "tai", FI | LT }, { "tak", DA }, { "take", CS },
	{ "takk", NO }, { "tama", FI }, { "tambe", CA }, { "tambem", PT },
	{ "tambien", ES }, { "tanan", ET }, { "tarde", PT }, { "tardes", ES },
	{ "tas", LV }, { "te", NL | ET }, { "tegnap", HU }, { "teie", ET },
	{ "tej", PL }, { "tell", EN }, { "tem", PT }, { "tengo", ES },
	{ "ter", PT }, { "tere", ET }, { "terima", ID }, { "terveisin", FI },
	{ "tervitades", ET }, { "tesekkurler", TR }, { "than", EN },
	{ "thank", EN }, { "thanks", EN }, { "that", EN }, { "the", EN },
	{ "them", EN }, { "there", EN }, { "they", EN }, { "think", EN },
	{ "this", EN }, { "tidak", ID }, { "tiene", ES }, { "tienen", ES },
	{ "tiez", SK }, { "tik", LT }, { "tikai", LV }, { "til", DA | NO },
	{ "till", SV }, { "tisztelt", HU }, { "to", EN | PL | CS | SK | LV },
	{ "toate", RO }, { "todavia", ES }, { "todo", ES }, { "todos", ES },
	{ "toen", NL }, { "toi", VI }, { "toimi", FI }, { "toisen", FI },
	{ "tolong", ID }, { "toujours", FR }, { "tout", FR },
	{ "treba", HR | SL }, { "tres", FR }, { "trong", VI }, { "tu", VI },
	{ "tudi", SL }, { "tudnak", HU }, { "tudok", HU }, { "tudom", HU },
	{ "tulee", FI }, { "tum", TR }, { "tylko", PL }, { "tym", PL },
	{ "u", NL | PL | HR }, { "uber", DE }, { "ud", DA }, { "udv", HU },
	{ "udvozlettel", HU }, { "ugy", HU }, { "uit", NL }, { "um", DE | PT },
	{ "uma", PT }, { "un", ES | IT | RO | LV | CA },
	{ "una", ES | IT | CA }, { "und", DE }, { "unde", RO }, { "une", FR },
	{ "uno", IT }, { "uns", DE }, { "unser", DE }, { "unsere", DE },
	{ "unserem", DE }, { "unseren", DE }, { "untuk", ID },
	{ "us", EN | CA }, { "use", EN }, { "used", EN }, { "ut", NO },
	{ "uw", NL }, { "uz", CS | SK | LT | LV }, { "v", CS | SK | SL },
	{ "va", RO | VI }, { "vad", SV }, { "vagy", HU }, { "vai", LV },
	{ "vain", FI }, { "vakar", LT }, { "vakardienas", LV },
	{ "valamint", HU }, { "vam", HR | SL }, { "van", NL | HU },
	{ "vanliga", SV }, { "vao", VI }, { "var", SV | DA | TR | NO },
	{ "varat", LV }, { "vas", HR | SL }, { "vcera", CS | SK },
	{ "vceraj", SL }, { "vcerejska", CS }, { "ve", CS | TR }, { "vec", HR },
	{ "ved", DA | NO }, { "veel", ET }, { "vel", LV }, { "venlig", DA },
	{ "vennlig", NO }, { "vet", NO }, { "vez", ES },
	{ "vi", IT | SV | DA | NO }, { "viela", FI }, { "vielakin", FI },
	{ "vielen", DE }, { "vika", FI }, { "virker", DA | NO },
	{ "visar", SV }, { "viser", DA | NO }, { "vissza", HU }, { "vo", SK },
	{ "voce", PT }, { "voces", PT }, { "voi", FI | ET | VI },
	{ "voici", FR }, { "voiko", FI }, { "voisitteko", FI },
	{ "voitteko", FI }, { "volt", HU }, { "vom", DE }, { "von", DE },
	{ "voor", NL }, { "vor", DE }, { "vores", DA }, { "votre", FR },
	{ "vous", FR }, { "vsechno", CS }, { "vui", VI }, { "w", PL },
	{ "wachtwoord", NL }, { "want", EN }, { "war", DE }, { "was", EN | DE },
	{ "wat", NL }, { "wczoraj", PL }, { "we", EN }, { "weer", NL },
	{ "weil", DE }, { "weiss", DE }, { "weiter", DE }, { "wel", NL },
	{ "wenn", DE }, { "werden", DE }, { "werkt", NL }, { "what", EN },
	{ "when", EN }, { "where", EN }, { "which", EN }, { "who", EN },
	{ "why", EN }, { "wieder", DE }, { "wij", NL }, { "will", EN },
	{ "wir", DE }, { "wird", DE }, { "witam", PL }, { "with", EN },
	{ "wordt", NL }, { "working", EN }, { "works", EN }, { "would", EN },
	{ "wszystko", PL }, { "wurde", DE }, { "xin", VI }, { "y", FR | ES },
	{ "ya", ES }, { "yang", ID }, { "yapamiyorum", TR },
	{ "yesterday", EN }, { "yok", TR }, { "you", EN }, { "your", EN },
	{ "yra", LT }, { "z", PL | CS | SK | SL },
	{ "za", PL | CS | SK | HR | SL }, { "zase", CS | SK },
	{ "ze", PL | CS | SK | SL }, { "zij", NL }, { "zijn", NL },
	{ "ziua", RO }, { "znowu", PL }, { "zou", NL }, { "zu", DE },
	{ "zum", DE }, { "zur", DE }, { "zweiten", DE } };
#define WORDS (sizeof(words) / sizeof(*words))

/* Eight bytes as one number that sorts as they do. */
static uint64_t
key_of(const char *s)
{
	uint64_t v;

	memcpy(&v, s, sizeof(v));
	return be64toh(v);
}

void
language_letters(size_t from[28])
{
	size_t low = 0;

	for (size_t i = 0; i < 28; i++) {
		size_t high = WORDS;

		while (low < high) {
			size_t mid = (low + high) / 2;

			if ((size_t)(words[mid].text[0] - 'a') < i)
				low = mid + 1;
			else
				high = mid;
		}
		from[i] = low;
	}
}

/* No branch on what is compared: where it goes cannot be
 * foretold, and that costs more than the comparing. */
unsigned
language_word(const size_t from[28], const char *s, size_t n)
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

/* Letters beyond ASCII that few languages write. */
static const struct letter {
	uint16_t c;
	unsigned languages;
} letters[] = {
	{ 0xbf, ES },
	{ 0xdf, DE },
	{ 0xe3, PT | VI },
	{ 0xe4, DE | SV | FI | SK | ET },
	{ 0xe5, SV | DA | NO },
	{ 0xe6, DA | NO },
	{ 0xe7, FR | PT | TR | CA },
	{ 0xe8, FR | IT | CA },
	{ 0xea, FR | PT | VI },
	{ 0xec, IT | VI },
	{ 0xee, FR | RO },
	{ 0xf1, ES },
	{ 0xf4, FR | SK | VI },
	{ 0xf5, PT | ET | VI },
	{ 0xf8, DA | NO },
	{ 0xf9, FR | IT },
	{ 0xfb, FR },
	{ 0x101, LV },
	{ 0x103, RO | VI },
	{ 0x105, PL | LT },
	{ 0x107, PL | HR },
	{ 0x10d, CS | SK | HR | SL | LT | LV },
	{ 0x10f, CS | SK },
	{ 0x111, HR | VI },
	{ 0x113, LV },
	{ 0x117, LT },
	{ 0x119, PL | LT },
	{ 0x11b, CS },
	{ 0x11f, TR },
	{ 0x12b, LV },
	{ 0x12f, LT },
	{ 0x131, TR },
	{ 0x137, LV },
	{ 0x13c, LV },
	{ 0x13e, SK },
	{ 0x142, PL },
	{ 0x144, PL },
	{ 0x146, LV },
	{ 0x148, CS | SK },
	{ 0x151, HU },
	{ 0x159, CS },
	{ 0x15b, PL },
	{ 0x15f, TR | RO },
	{ 0x163, RO },
	{ 0x165, CS | SK },
	{ 0x16b, LT | LV },
	{ 0x16f, CS },
	{ 0x171, HU },
	{ 0x173, LT },
	{ 0x17a, PL },
	{ 0x17c, PL },
	{ 0x1a1, VI },
	{ 0x1b0, VI },
	{ 0x219, RO },
	{ 0x21b, RO },
};

unsigned
language_letter(uint32_t c)
{
	size_t low = 0, high = sizeof(letters) / sizeof(*letters);

	if (c >= 0x1ea0 && c <= 0x1ef9) /* tones over hats */
		return VI;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (letters[mid].c == c)
			return letters[mid].languages;
		if (letters[mid].c < c)
			low = mid + 1;
		else
			high = mid;
	}
	return 0;
}
