/* parser/word.c, param.c, header.c: the values of header fields. */
#include <stdlib.h>

#include "parser/header.h"
#include "parser/limits.h"
#include "parser/param.h"
#include "parser/word.h"
#include "tests/test.h"

static struct arena a;

static void
word(const char *s, const char *want)
{
	char *got = word_decode(&a, s, strlen(s), NULL, 500);

	test_ok(strcmp(got, want) == 0, "%s -> %s", s, got);
}

static void
words(void)
{
	char *got;

	word("plain", "plain");
	word("=?utf-8?Q?gr=C3=BC=C3=9Fe_an?= alle", "grüße an alle");
	word("=?UTF-8?b?Z3LDvMOfZQ==?=", "grüße");
	word("=?utf-8?B?w6k=?= =?utf-8?B?w6k=?=", "éé");
	word("=?utf-8?B?w6k=?==?utf-8?B?w6k=?=", "éé");
	word("=?utf-8?Q?a?=\t  =?iso-8859-1?Q?=E9?=", "aé");
	/* one character in two words */
	word("=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "é");
	word("=?utf-8?B?w6k?=", "é");
	word("=?utf-8*en?Q?hello?=", "hello");
	word("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本");
	word("a=?utf-8?Q?b?=c", "abc");
	word("=?utf-8?Q?what\?\?=", "what?");
	word("=?utf-8?Q?a b?=", "a b");
	word("=?utf-8?Q?=3D=3Futf-8=3FQ=3FX=3F=3D?=", "=?utf-8?Q?X?=");
	word("=?utf-8?Q?open", "open"); /* cut off */
	word("=?utf-8?Q?gr=C3=BC?", "grü");
	word("=?utf-8?Q?two words", "=?utf-8?Q?two words");
	word("=?utf-8?Q?a?= =?utf-8?B?w6k", "aé");
	word("=?utf-8?Q?no end =?utf-8?Q?end?=", "=?utf-8?Q?no end end");
	word("=?utf-8?B?w6?= =?utf-8?B?k=?=", "é"); /* cut in a group */
	word("=?utf-8?B?w6k?= =?utf-8?B?w6k?=", "éé");
	word("=?utf-8?B?YQ?= =?utf-8?B?Yg?=", "ab");
	word("=?UTF-8?Q?=C3?= =?utf-8?Q?=BC?=", "ü");
	word("=?iso-8859-1?Q?gr=C3=BC?=", "grü");
	word("=?gb2312?B?1tDOxIJ2?=", "中文倂"); /* GBK */
	word("=?ks_c_5601-1987?B?x9Gx2w==?=", "한글");
	word("=?big5?B?pKSk5Q==?=", "中文");
	word("=?koi8-r?Q?=F0=D2=C9?=", "При");
	word("=?windows-1255?B?+ezl7Q==?=", "שלום");
	word("=?iso-2022-jp?B?GyRCRnw=?= =?iso-2022-jp?B?S1wbKEI=?=", "日本");
	word("=?utf-8?q?e=CC=81?=", "é");
	word("\x1b$BF|K\\\x1b(B", "日本");
	word("\xf0\xd2\xc9\xd7\xc5\xd4", "Привет");
	word("a\tb  c", "a b c");
	word("=?unknown-8bit?Q?gr=FC?=", "grü");
	word("=?utf-8?Q?=00?=", "");
	word("=?utf-8?X?a?=", "=?utf-8?X?a?=");
	word("=?utf-7?Q?a+AOQ-?=", "a+AOQ-");
	word("=?utf-8?Q?a=0D=0ABcc:_x=00y?=", "a Bcc: xy");
	word("=?utf-8?Q?a=E2=80=AEb?=", "ab");
	word("=?utf-8?Q\?\?=", "");
	word("gr\xfc\xdf", "grüß");
	word("gr\xc3\xbc", "grü");
	got = word_decode(&a, "\xb3", 1, "iso-8859-2", 10);
	test_text(got, "ł", "the hint reads raw bytes");
}

static void
parse(const char *s, struct params *ps)
{
	param_parse(&a, s, strlen(s), ps);
}

static void
name(const char *s, const char *want)
{
	struct params ps;
	char *got;

	parse(s, &ps);
	got = param_text(&a, &ps, "name", NULL, 500);
	test_ok(strcmp(got == NULL ? "" : got, want) == 0, "%s -> %s", s,
	    got == NULL ? "NULL" : got);
}

static void
params(void)
{
	struct params ps;
	char many[5000] = "x";

	name("x; name=a.txt", "a.txt");
	name("x; name=\"a b.txt\"; b=c", "a b.txt");
	name("x; name=\"a\\\"b\"", "a\"b");
	name("x; name=\"C:\\dir\\f.txt\"", "C:\\dir\\f.txt");
	name("x; name=my file.txt ; b=c", "my file.txt");
	name("x;; ;name=a.txt", "a.txt");
	name("x name=a.txt", "a.txt");
	name("x; name=\"open.txt; b=c", "open.txt");
	name("x; name='a b.txt'", "a b.txt");
	name("x; NAME = (c) a.txt", "a.txt");
	name("x; name*=utf-8''gr%C3%BC%C3%9Fe.txt", "grüße.txt");
	name("x; name*=iso-8859-1'de'gr%FC.txt", "grü.txt");
	name("x; name*0=long; name*1=\" name\"", "long name");
	name("x; name*1=b; name*0=a", "ab");
	name("x; name*0*=utf-8''a%C3; name*1*=%BC; name*2=.txt", "aü.txt");
	name("x; name*0=a; name*2=c", "ac"); /* a gap */
	name("x; name*1=a; name*2=b", "ab");
	name("x; name*2=c; name*1*=b%C3%BC; name*0*=utf-8''a", "abüc");
	name("x; name*0*=utf-8''a; name*0*=utf-8''b", "a"); /* twice */
	name("x; name*10=k; name*9=j; name*0=a", "ajk");
	name("x; name*0=\"=?utf-8?B?w6\"; name*1=\"k=?=\"", "é");
	name("x; name*=\"=?utf-8?Q?=C3=A9?=\"", "é");
	name("x; name*=\"utf-8''b%C3%BC c.txt\"", "bü c.txt");
	name("x; name=\"utf-8''b%C3%BC.txt\"", "bü.txt");
	name("x; name=\"it's 100%, isn't it\"", "it's 100%, isn't it");
	name("x; name*=utf-8'b.txt", "utf-8'b.txt");
	name("x; name*=''b%20c.txt", "b c.txt");
	name("x; name*=no-such''b%FC.txt", "bü.txt");
	name("x; name*=iso-8859-1''gr%C3%BC.txt", "grü.txt"); /* a lie */
	name("x; name*=utf-8''a%2Fb", "a/b");
	name("x; name=b%C3%BC.txt", "b%C3%BC.txt");
	name("x; name=\"=?utf-8?Q?a?=\r\n =?utf-8?Q?b?=\"", "ab");
	name("x; name=\"=?utf-8?Q?a b?=.txt\"", "a b.txt");
	name("x; name=\xd6\xd0\xb9\xfa\xbf\xcd.doc", "中国客.doc");
	name("x; name=\"a\nb\"", "a b");
	name("x; =y; name", "");
	name("x; name=a=b.txt", "a=b.txt");
	name("x, name=a.txt", "a.txt");
	name("x; name=\"a\" \"b\"", "a");
	name("x; name=plain; name*=utf-8''b%C3%BC", "bü");
	name("x; name*=%41%zz", "A%zz");
	name("x; name==?utf-8?Q?gr=C3=BC?=", "grü");
	name("x; name=\"=?utf-8?B?w6k=?=\"", "é");
	name("x; name=\"gr\xfc\"", "grü");
	name("x; name=\"a%0D%0Ab\"", "a%0D%0Ab");
	name("x; name*=utf-8''a%0D%0Ab%00", "a b");
	parse("Text/PLAIN ; Charset=UTF-8", &ps);
	test_text(ps.value, "text/plain", "the value is lower case");
	parse("\"text/html\"", &ps);
	test_text(ps.value, "text/html", "quotes taken off");
	parse("text / plain", &ps);
	test_text(ps.value, "text/plain", "blanks around the slash");
	parse("", &ps);
	test_ok(ps.value[0] == '\0' && ps.n == 0, "nothing");
	for (int i = 0; i < 300; i++)
		snprintf(many + strlen(many), sizeof(many) - strlen(many),
		    ";p%d=v", i);
	parse(many, &ps);
	test_ok(ps.n == MAIL_PARAMS_MAX && ps.over, "too many parameters");
}

static void
file_name(const char *s, const char *want)
{
	char *got = param_file_name(&a, s);

	test_ok(
	    got == NULL ? want == NULL : want != NULL && strcmp(got, want) == 0,
	    "%.*s -> %s", (int)strcspn(s, "\n"), s, got == NULL ? "NULL" : got);
}

static void
file_names(void)
{
	char name[600];
	char *got;

	file_name("a.txt", "a.txt");
	file_name("../../etc/passwd", "passwd");
	file_name("..\\..\\evil.exe", "evil.exe");
	file_name("C:\\Users\\ann\\x.doc", "x.doc");
	file_name("/", NULL);
	file_name("..", NULL);
	file_name(".hidden", "hidden");
	file_name("-rf", "rf");
	file_name("...", NULL);
	file_name("", NULL);
	file_name("a/", NULL);
	file_name("a\nb\x01.txt", "a b.txt");
	file_name("x\xe2\x80\xae"
		  "txt.exe",
	    "xtxt.exe");
	memset(name, 'a', 500);
	strcpy(name + 500, ".pdf");
	got = param_file_name(&a, name);
	test_ok(strlen(got) == MAIL_NAME_MAX &&
		strcmp(got + MAIL_NAME_MAX - 4, ".pdf") == 0,
	    "a long name keeps its ending");
}

/* Nothing is read behind the last byte (sanitizers see it). */
static void
short_junk(void)
{
	static const char junk[] = { 'A', ':', ' ', 'b', '\n', 'F', 'r', 'o',
		'm' };
	char *exact = malloc(sizeof(junk));
	struct header h;

	memcpy(exact, junk, sizeof(junk));
	header_parse(&a, exact, sizeof(junk), 10, &h);
	test_ok(h.n == 1, "a section that ends within its last line");
	free(exact);
}

static void
sections(void)
{
	struct header h;
	static const char raw[] = "From: a\r\nSubject : x\r\n y\r\n"
				  "this is junk\r\nTo:b\r\n\r\n";
	static const char body[] =
	    "From: a\r\nHello Ann,\r\nhow\r\nare you\r\n";
	static const char mbox[] = "From ann Tue Mar 3\nFrom: a\n\n";

	header_parse(&a, raw, sizeof(raw) - 1, 10, &h);
	test_ok(h.n == 3 && h.junk && h.used == sizeof(raw) - 1,
	    "junk between fields is left out");
	test_text(header_get(&h, "subject"), "x y", "unfolded, any case");
	test_text(h.fields[1].name, "Subject", "blank before the colon");
	test_ok(header_get(&h, "Cc") == NULL, "no such field");
	header_parse(&a, body, sizeof(body) - 1, 10, &h);
	test_ok(h.n == 1 && h.used == 9, "where the body begins");
	header_parse(&a, mbox, sizeof(mbox) - 1, 10, &h);
	test_ok(h.n == 1 && !h.junk, "an mbox line is no fault");
	header_parse(&a, raw, sizeof(raw) - 1, 1, &h);
	test_ok(h.n == 1 && h.over, "no more fields than asked for");
	header_parse(&a, "A: b\0c\rd\n", 9, 10, &h);
	test_ok(strcmp(h.fields[0].value, "b c d") == 0 && h.nul,
	    "NUL and CR are blanks");
	short_junk();
}

int
main(void)
{
	words();
	params();
	file_names();
	sections();
	arena_done(&a);
	return test_end();
}
