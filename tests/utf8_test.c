/* parser/utf8.c, charset.c, fold.c: the gates that foreign text goes through.
 */
#include <stdlib.h>

#include "parser/ascii.h"
#include "parser/utf8.h"
#include "tests/test.h"

static struct arena a;

static void
valid(void)
{
	static const struct {
		const char *s;
		size_t n;
		bool valid;
	} cases[] = {
		{ "", 0, true },
		{ "plain ascii text", 16, true },
		{ "gr\xc3\xbc\xc3\x9f", 6, true },
		{ "\xf0\x9f\x98\x80", 4, true },
		{ "\xf4\x8f\xbf\xbf", 4, true },
		{ "a\0b", 3, false },
		{ "12345678\0", 9, false },
		{ "\xc0\xaf", 2, false },         /* overlong "/" */
		{ "\xe0\x80\xaf", 3, false },     /* again */
		{ "\xed\xa0\x80", 3, false },     /* a surrogate */
		{ "\xf4\x90\x80\x80", 4, false }, /* above U+10FFFF */
		{ "\xc3", 1, false },
		{ "\xff", 1, false },
		{ "ab\x80", 3, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		test_ok(utf8_valid(cases[i].s, cases[i].n) == cases[i].valid,
		    "utf8_valid case %zu", i);
}

/* Each byte at each of the eight places, with good and bad ones behind it. */
static void
runs(unsigned char low)
{
	size_t wrong = 0;

	for (size_t at = 0; at < 8; at++)
		for (int c = 0; c < 256; c++) {
			char s[9] = "abcdefgh";
			bool good = c >= low && c < 0x7f;

			s[at] = (char)c;
			wrong += ascii_run8(s, low) != (good ? 8 : at);
			memset(s + at + 1, '\xff', 7 - at);
			wrong += ascii_run8(s, low) != (good ? at + 1 : at);
			memset(s + at + 1, '\0', 7 - at);
			wrong += ascii_run8(s, low) != (good ? at + 1 : at);
		}
	test_ok(wrong == 0, "runs of printable ASCII from %d", low);
}

static void
there_and_back(void)
{
	static const uint32_t points[] = { 0x24, 0xa2, 0x20ac, 0x10348,
		0x10ffff };
	char out[4];

	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++) {
		size_t n = utf8_put(out, points[i]);
		const char *p = out;

		test_ok(utf8_next(&p, out + n) == points[i] && p == out + n,
		    "U+%X goes out and comes back", (unsigned)points[i]);
	}
	test_ok(utf8_put(out, 0xd800) == 3 && out[0] == '\xef',
	    "a surrogate is written as U+FFFD");
}

static void
from(const char *charset, const char *in, size_t n, const char *want)
{
	char *got = utf8_from(&a, charset, in, n, NULL);

	test_ok(strcmp(got, want) == 0, "%s, %zu bytes: %s",
	    charset == NULL ? "no charset" : charset, n, got);
}
#define FROM(charset, in, want) from(charset, in, sizeof(in) - 1, want)

static void
charsets(void)
{
	bool guessed;

	FROM("utf-8", "gr\xc3\xbc\xc3\x9f", "grüß");
	FROM("UTF-8//IGNORE", "gr\xc3\xbc", "grü");
	FROM("'utf-8'", "gr\xc3\xbc", "grü");
	FROM("iso-8859-1", "gr\xfc\xdf \x80 \x93x\x94", "grüß € “x”");
	FROM("iso-8859-2",
	    "\xb3\xf3"
	    "d\xbc",
	    "łódź");
	FROM("windows-1251", "\xcf\xf0\xe8", "При");
	FROM("koi8-r", "\xf0\xd2\xc9\xd7\xc5\xd4", "Привет");
	FROM("gb2312", "\xd6\xd0\xce\xc4", "中文");
	FROM("gb2312", "\x82\xe4", "備"); /* GBK, which is what is meant */
	FROM("big5", "\xa4\xa4\xa4\xe5", "中文");
	FROM("ks_c_5601-1987", "\xc7\xd1\xb1\xdb", "한글");
	FROM("shift_jis", "\x93\xfa\x96\x7b", "日本");
	FROM("iso-2022-jp", "\x1b$BF|K\\\x1b(B ok", "日本 ok");
	FROM("iso-2022-jp", "\x1b$B-!\x1b(B", "①"); /* a vendor's */
	FROM("iso-2022-jp", "\x1b(I12\x1b(B", "ｱｲ");
	FROM("windows-874", "\xe4\xb7\xc2", "ไทย");
	FROM("utf-16", "\xff\xfeh\0i\0", "hi");
	FROM("utf-16", "\0h\0i", "hi");
	FROM("utf-16le", "h\0i\0", "hi");
	FROM("utf-7", "a+AOQ-b", "a+AOQ-b"); /* never decoded: T33 */
	FROM("no-such-charset", "gr\xfc", "grü");
	FROM("no-such-charset", "gr\xc3\xbc", "grü");
	FROM(NULL,
	    "gr\xfc\xdf"
	    "e",
	    "grüße");
	FROM("us-ascii", "gr\xc3\xbc", "grü");
	FROM("utf-8", "gr\xfc", "grü"); /* all of it Latin-1 */
	FROM("utf-8", "\xc3\xbc \xff x", "ü \xef\xbf\xbd x"); /* a fault */
	utf8_from(&a, NULL, "gr\xfc", 3, &guessed);
	test_ok(guessed, "a guess is said to be one");
	utf8_from(&a, "utf-8", "gr\xc3\xbc", 4, &guessed);
	test_ok(!guessed, "no guess with the right charset");
}

static void
shapes(void)
{
	FROM(NULL, "\xf0\xd2\xc9\xd7\xc5\xd4 \xcd\xc9\xd2", "Привет мир");
	FROM(NULL, "\xcf\xf0\xe8\xe2\xe5\xf2 \xec\xe8\xf0", "Привет мир");
	FROM(NULL, "\xd7\xaa\xb7\xa2\xa3\xba\xd6\xd0\xb9\xfa", "转发：中国");
	FROM(NULL, "\xb8\xde\xc0\xcf \xb9\xae\xc1\xa6", "메일 문제");
	FROM(NULL,
	    "M\xfcller \xc4rger \xfc"
	    "ber",
	    "Müller Ärger über");
}

/* Declared as what it is not, or with a name that nobody knows. */
static void
declared_wrong(void)
{
	FROM("iso-8859-1", "gr\xc3\xbc\xc3\x9f", "grüß");
	FROM("windows-1252", "\xd0\x9f\xd1\x80\xd0\xb8", "При");
	FROM("iso-8859-1", "CAF\xc9\xbb", "CAFÉ»");
	FROM("iso-8859-1", "\xcf\xf0\xe8\xe2\xe5\xf2 \xec\xe8\xf0",
	    "Привет мир");
	FROM("iso-8859-1", "\xd7\xaa\xb7\xa2\xa3\xba\xd6\xd0\xb9\xfa",
	    "转发：中国");
	FROM("iso-8859-1", "\xe4\xf6\xfc\xc4\xd6\xdc\xdf", "äöüÄÖÜß");
	FROM("iso-8859-1", "\xe4\xf6\xfc\xc4\xd6\xdc\xdf sind einzuf\xfcgen",
	    "äöüÄÖÜß sind einzufügen");
	FROM("us-ascii", "\x1b$BF|K\\\x1b(B ok", "日本 ok");
	FROM(NULL, "\x1b$BF|K\\\x1b(B ok", "日本 ok");
	FROM(NULL, "\x1b[1mbold", "[1mbold"); /* a terminal's escape */
	FROM("x-unknown", "gr\xfc\xdf", "grüß");
	FROM("hz-gb-2312", "~{VPND~} ok ~~", "中文 ok ~");
	FROM("cp-850", "gr\x81", "grü");
	FROM("gb18030", "\x81\x30\x84\x37 \xd6\xd0", "¦ 中");
	FROM("big5", "\xf9\xd6", "碁");   /* an addition of ETEN */
	FROM("euc-kr", "\x8c\x63", "똠"); /* UHC, which is what is meant */
	FROM("koi8-u", "\xa6\xc4\xc5\xd1", "ідея");
	FROM("iso-2022-jp", "\x1b$B|b\x1b(B", "髙"); /* NEC's row 92 */
	FROM("iso-2022-jp", "\x1b$BF|\nK\\", "日\nK\\");
	FROM("shift_jis", "\x87\x40 \xb1", "① ｱ");
	FROM("unicode-1-1-utf-7", "+AOQ-", "+AOQ-");
	test_ok(!charset_known("utf-7") && !charset_known(NULL) &&
		charset_known("US-ASCII") && charset_known("UTF8"),
	    "which names are known");
}

/* No charset at all, in the scripts that can be told apart. */
static void
more_shapes(void)
{
	FROM(NULL, "\xf0\xd2\xc9\xd7\xc5\xd4", "Привет");
	FROM(
	    NULL, "\xa6\xc4\xc5\xd1 \xcd\xa6\xca \xc4\xa6\xcd", "ідея мій дім");
	FROM(NULL,
	    "\xca\xe1\xeb\xe7\xec\xdd\xf1\xe1 \xf3\xe1\xf2 "
	    "\xea\xfd\xf1\xe9\xe5",
	    "Καλημέρα σας κύριε");
	FROM(NULL,
	    "\xf9\xec\xe5\xed \xe0\xf0\xe9 \xf6\xf8\xe9\xea "
	    "\xf2\xe6\xf8\xe4",
	    "שלום אני צריך עזרה");
	FROM(NULL, "\x82\xb1\x82\xf1\x82\xc9\x82\xbf\x82\xcd \x93\xfa\x96\x7b",
	    "こんにちは 日本");
	FROM(NULL, "\xa4\xb3\xa4\xf3\xa4\xcb\xa4\xc1\xa4\xcf \xc6\xfc\xcb\xdc",
	    "こんにちは 日本");
	FROM(NULL,
	    "\xa7\x41\xa6\x6e\xa1\x41\xb3\x6f\xac\x4f\xa4\xa4\xa4\xe5"
	    "\xa4\xba\xae\x65",
	    "你好，這是中文內容");
	FROM(NULL, "\xc4rger \xc4pfel \xc4mter \xc4hnlich \xc4ste",
	    "Ärger Äpfel Ämter Ähnlich Äste");
}

static void
normal(void)
{
	FROM("utf-8", "o\xcc\x88 e\xcc\x81", "ö é");
	FROM("utf-8", "\xe2\x84\xab", "Å"); /* the sign of Angstrom */
	FROM("utf-8", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "한");
	FROM("utf-8", "\xe3\x81\x8b\xe3\x82\x99", "が");
	FROM("utf-8", "a\xcc\xa3\xcc\x82", "ậ");
	FROM("utf-8", "a\xcc\x82\xcc\xa3", "ậ"); /* in the other order */
	FROM("utf-8", "\xe0\xa5\x98",
	    "\xe0\xa4\x95\xe0\xa4\xbc"); /* never put together */
	FROM("utf-8", "\xef\xa4\x80", "豈");
	FROM("utf-8", "\xcc\x88x", "\xcc\x88x"); /* a mark on nothing */
}

static void
cleaning(void)
{
	FROM("utf-8", "a\r\nb\rc\n", "a\nb\nc\n");
	FROM("utf-8", "a\0b\x01\x1b[m\x7f\tc", "ab[m\tc");
	FROM("utf-8",
	    "a\xc2\x85"
	    "b",
	    "ab");
	FROM("utf-8", "\xef\xbb\xbfx", "x");
	FROM("iso-8859-1", "a\0b\x1b", "ab");
	test_text(utf8_line(&a, "  a \r\n\t b\xc2\xa0 c ", 100), "a b c",
	    "white space becomes one blank");
	test_text(utf8_line(&a, "x\xe2\x80\xaegpj\xe2\x80\x8b.exe", 100),
	    "xgpj.exe", "bidi and zero-width characters go");
	test_text(utf8_line(&a,
		      "a\xe2\x80\xa8"
		      "b",
		      100),
	    "a b", "a line separator is a blank");
	test_text(utf8_line(&a, "\xc3\xa4\xc3\xa4\xc3\xa4", 5), "ää",
	    "cut at a character");
	test_text(utf8_line(&a, "\xff", 10), "\xef\xbf\xbd", "a bad byte");
	test_ok(utf8_cut("\xc3\xa4\xc3\xa4", 4, 3) == 2, "utf8_cut");
	test_ok(utf8_cut("ab", 2, 3) == 2, "utf8_cut of a short text");
}

/* Every character: folding what is folded changes nothing. */
static void
folding_twice(void)
{
	uint32_t bad = 0;

	for (uint32_t c = ' '; c <= 0x10ffff && bad == 0; c++) {
		char text[5] = "";
		struct arena b = { 0 };
		char *once;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		text[utf8_put(text, c)] = '\0';
		once = utf8_fold(&b, text);
		if (strcmp(utf8_fold(&b, once), once) != 0)
			bad = c;
		arena_done(&b);
	}
	test_ok(bad == 0, "folding twice is folding once (U+%04X)", bad);
}

static void
folding(void)
{
	test_text(utf8_fold(&a, "GRÜSSE Größe"), "grusse grosse", "German");
	test_text(
	    utf8_fold(&a, "Réponse à l’Éole"), "reponse a l’eole", "French");
	test_text(utf8_fold(&a, "ŁÓDŹ Český Øl"), "lodz cesky ol", "others");
	test_text(utf8_fold(&a, "ПРИВЁТ"), "привет", "Russian");
	test_text(utf8_fold(&a, "ΆΛΦΑ ς"), "αλφα σ", "Greek");
	test_text(utf8_fold(&a, "e\xcc\x81"), "e", "a combining accent");
	test_text(utf8_fold(&a,
		      "a\xc2\xa0"
		      "b"),
	    "a b", "a blank that stays");
	test_text(utf8_fold(&a, "日本"), "日本", "Japanese stays");
}

int
main(void)
{
	struct charset_set *set = charset_preload();

	test_ok(set != NULL, "charsets are loaded before the box is shut");
	valid();
	runs(' ');
	runs('!');
	there_and_back();
	charsets();
	shapes();
	declared_wrong();
	more_shapes();
	normal();
	cleaning();
	folding();
	folding_twice();
	charset_release(set);
	charset_release(NULL);
	arena_done(&a);
	return test_end();
}
