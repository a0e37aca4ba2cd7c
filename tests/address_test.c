/* parser/address.c: address lists as the standard and as the world have them.
 */
#include "parser/address.h"
#include "parser/limits.h"
#include "tests/test.h"

static struct arena a;

static void
valid(void)
{
	static const struct {
		const char *addr;
		bool valid;
	} cases[] = {
		{ "ann@example.com", true },
		{ "o'neil+tag@example.com", true },
		{ "a.b@sub.example.co.uk", true },
		{ "ann%x@relay.example", true },
		{ "a_b@my_host.example", true },
		{ "", false },
		{ "ann", false },
		{ "@example.com", false },
		{ "ann@", false },
		{ "ann@@example.com", false },
		{ "a@b@example.com", false },
		{ "ann@example..com", false },
		{ "ann@.example.com", false },
		{ "ann@example.com.", false },
		{ ".ann@example.com", false },
		{ "a..b@example.com", false },
		{ "ann@-example.com", false },
		{ "ann@example-.com", false },
		{ "ann ex@example.com", false },
		{ "ann@exam ple.com", false },
		{ "ann\r\n@example.com", false },
		{ "ann<@example.com", false },
		{ "\"ann\"@example.com", false },
		{ "ann@[192.0.2.1]", false },
		{ "j\xc3\xb6rg@example.com", false },
		{ "ann@m\xc3\xbcller.example", false },
		{ "ann(x)@example.com", false },
		{ "ann;x@example.com", false },
		{ "ann\x7f@example.com", false },
	};
	char local[80];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		test_ok(address_valid(cases[i].addr) == cases[i].valid,
		    "address_valid case %zu", i);
	memset(local, 'a', 64);
	strcpy(local + 64, "@b.example");
	test_ok(address_valid(local), "64 bytes before the @");
	memset(local, 'a', 65);
	strcpy(local + 65, "@b.example");
	test_ok(!address_valid(local), "not 65");
}

static void
readable(void)
{
	static const struct {
		const char *addr;
		bool readable, mixed;
	} cases[] = {
		{ "ann@example.com", true, false },
		{ "jörg@müller.example", true, false },
		{ "用户@例え.example", true, false },
		{ "help@suppоrt.example", true, true }, /* a Cyrillic o */
		{ "ann@пример.example", true, false },
		{ "ann@[192.0.2.1]", true, false },
		{ "ann@[IPv6:2001:db8::1]", true, false },
		{ "\"ann b\"@example.com", true, false },
		{ "\"ceo@bank.example\"@example.com", true, false },
		{ "ann..b.@phone.example", true, false },
		{ "ann@[<script>]", false, false },
		{ "ann@[]", false, false },
		{ "ann b@example.com", false, false },
		{ "a@b@example.com", false, false },
		{ "\"a\"b\"@example.com", false, false },
		{ "\"a\r\nb\"@example.com", false, false },
		{ "ann@example..com", false, false },
		{ "ann@ex\xe2\x80\xae.com", false, false }, /* bidi */
		{ "ann\xc2\xa0@example.com", false, false },
		{ "j\xf6rg@example.com", false, false }, /* no UTF-8 */
		{ "ann", false, false },
		{ "", false, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		test_ok(address_readable(cases[i].addr) == cases[i].readable &&
			address_mixed(cases[i].addr) == cases[i].mixed,
		    "address_readable case %zu", i);
}

/* want: "name|addr;name|addr" */
static void
list(const char *value, const char *want)
{
	struct address *got;
	char text[500] = "";
	size_t bad, n = address_list(&a, value, strlen(value), &got, &bad);

	for (size_t i = 0; i < n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%s|%s", i > 0 ? ";" : "", got[i].name, got[i].addr);
	test_ok(strcmp(text, want) == 0, "%s -> %s", value, text);
}

static void
lists(void)
{
	list("ann@example.com", "|ann@example.com");
	list("Ann <ann@example.com>", "Ann|ann@example.com");
	list("\"Doe, John\" <john@example.com>", "Doe, John|john@example.com");
	list("Doe, John <john@example.com>", "Doe, John|john@example.com");
	list("Doe, John <j@example.com>, ann@example.com",
	    "Doe, John|j@example.com;|ann@example.com");
	list("ann@example.com (Ann Example)", "Ann Example|ann@example.com");
	list("(a (b) c) ann@example.com", "a (b) c|ann@example.com");
	list("A <a@example.com>; B <b@example.com>",
	    "A|a@example.com;B|b@example.com");
	list("team: a@example.com, B <b@example.com>;, c@example.com",
	    "|a@example.com;B|b@example.com;|c@example.com");
	list("undisclosed-recipients:;", "");
	list("<ann@example.com", "|ann@example.com");
	list("Ann <ann@example.com, Bob <bob@example.com>",
	    "Ann|ann@example.com;Bob|bob@example.com");
	list("Ann ann@example.com", "Ann|ann@example.com");
	list("<mailto:ann@example.com>", "|ann@example.com");
	list("<@relay.example,@b.example:ann@example.com>", "|ann@example.com");
	list("Ann <<ann@example.com>>", "Ann|ann@example.com");
	list("Ann <Ann Example> <ann@example.com>", "Ann|ann@example.com");
	list("'Ann' <ann@example.com>", "Ann|ann@example.com");
	list("\"Ann <ann@example.com>", "Ann|ann@example.com");
	list("<ann@example.com.>", "|ann@example.com");
	list("< ann @ example.com >", "|ann@example.com");
	list("=?utf-8?Q?J=C3=B6rg_M=2C_B?= <j@example.com>",
	    "Jörg M, B|j@example.com");
	list("\"=?utf-8?B?SsO2cmc=?=\" <j@example.com>", "Jörg|j@example.com");
	list("J\xf6rg <j@example.com>", "Jörg|j@example.com");
	list(
	    "Ann \\\"The\\\" <ann@example.com>", "Ann \"The\"|ann@example.com");
	list("ann@example.com,,; ,bob@example.com,",
	    "|ann@example.com;|bob@example.com");
	list("Bob", "");
	list("<>", "");
	list("", "");
	/* an address in an encoded word is a name: T01 */
	list("=?utf-8?Q?ceo=40bank.example?= <eve@evil.example>",
	    "ceo@bank.example|eve@evil.example");
	list("=?utf-8?Q?ceo=40bank.example?=", "");
	list("\"ceo@bank.example\" <eve@evil.example>",
	    "ceo@bank.example|eve@evil.example");
	/* line breaks never get through: T27 */
	list("=?utf-8?Q?Ann=0D=0ABcc:_x?= <ann@example.com>",
	    "Ann Bcc: x|ann@example.com");
}

/* What is sent though no standard has it, or none has it any more. */
static void
wild(void)
{
	list("J\xc3\xb6rg <j\xc3\xb6rg@m\xc3\xbcller.example>",
	    "Jörg|jörg@müller.example");
	list("<j\xf6rg@example.com>", "|jörg@example.com"); /* Latin-1 */
	list("ann@[192.0.2.1], Bob <bob@[IPv6:2001:db8::1]>",
	    "|ann@[192.0.2.1];Bob|bob@[IPv6:2001:db8::1]");
	list("\"ann b\"@example.com", "|\"ann b\"@example.com");
	list("Ann <\"ann b\"@example.com>", "Ann|\"ann b\"@example.com");
	list("\"ann.b\"@example.com", "|ann.b@example.com");
	list("ann @ example.com", "|ann@example.com");
	list("ann@example   . com, bob . b @ example . org",
	    "|ann@example.com;|bob.b@example.org");
	list("Dr. Bob bob@example.com.", "Dr. Bob|bob@example.com");
	list("\"Ann @ Work\" ann@example.com", "Ann @ Work|ann@example.com");
	list("a@example.com b@example.com", "|a@example.com;|b@example.com");
	list("<Ann Example> ann@example.com", "|ann@example.com");
	list("Ann Example ann@example.com>", "Ann Example|ann@example.com");
	list("Ann [Example, Ltd.] <ann@example.com>",
	    "Ann [Example, Ltd.]|ann@example.com");
	list("Ann (Example) <ann@example.com>", "Ann|ann@example.com");
	list("Ann \"The Boss\" Example <ann@example.com>",
	    "Ann The Boss Example|ann@example.com");
	list("\"Example, Ann\" <ann@example.com>, Example, Bob "
	     "<bob@example.com>",
	    "Example, Ann|ann@example.com;Example, Bob|bob@example.com");
	list("a: b: ann@example.com;;, bob@example.com",
	    "|ann@example.com;|bob@example.com");
	list("ann@example.com (Ann (home) \\) Example)",
	    "Ann (home) ) Example|ann@example.com");
	list("=?utf-8?Q?Ann?= =?utf-8?Q?_Example?= <ann@example.com>",
	    "Ann Example|ann@example.com");
	list("=?utf-8?Q?=22Example=2C_Ann=22?= <ann@example.com>",
	    "Example, Ann|ann@example.com");
	/* raw text whose second bytes are "@", a backslash or a quote */
	list(
	    "\x1b$BF|K\\!\"\x1b(B <ann@example.com>", "日本、|ann@example.com");
	list("\x83\x5c\x83\x40\x82\xa0\x82\xa2\x82\xa4 <ann@example.com>",
	    "ソァあいう|ann@example.com");
	list("\xd6\xd0\xb9\xfa\xbf\xcd\xbb\xa7 <ann@example.com>",
	    "中国客户|ann@example.com");
	list("ann@xn--mller-kva.example", "|ann@xn--mller-kva.example");
	list("u..n.@phone.example", "|u..n.@phone.example");
}

static void
bounds(void)
{
	static char many[64 << 10];
	struct address *got;
	size_t n = 0, bad;

	while (n < sizeof(many) - 20)
		n += (size_t)snprintf(many + n, 20, "a%zu@example.com,", n);
	n = address_list(&a, many, n, &got, &bad);
	test_ok(n == MAIL_ADDRESSES_MAX && bad > 1000,
	    "%zu addresses kept, %zu counted", n, bad);
	memset(many, '(', sizeof(many));
	test_ok(address_list(&a, many, sizeof(many), &got, &bad) == 0,
	    "64 Ki of open comments");
	memset(many, ',', sizeof(many));
	test_ok(address_list(&a, many, sizeof(many), &got, &bad) == 0,
	    "64 Ki of commas");
}

static void
keys(void)
{
	test_text(address_key(&a, "Ann.X+t@Example.COM"), "ann.x+t@example.com",
	    "the key is lower case");
	test_text(address_budget(&a, "Ann.X+t@Example.com"),
	    "ann.x@example.com", "the budget's key has no tag");
	test_text(address_budget(&a, "A.n.n+t@Gmail.com"), "ann@gmail.com",
	    "nor dots at Gmail");
	test_text(address_domain("a@b.example"), "b.example", "domain");
	test_text(address_domain("x"), "", "no domain");
	test_ok(address_same("A@b.example", "a@B.example"), "same");
	test_ok(!address_same("a@b.example", "a@c.example"), "not the same");
}

int
main(void)
{
	valid();
	readable();
	lists();
	wild();
	bounds();
	keys();
	arena_done(&a);
	return test_end();
}
