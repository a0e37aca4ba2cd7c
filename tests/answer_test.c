/*
 * Letters to a requester: an agent's answer has his words, his name and a short
 * quote, and of his own mail nothing else; deskd's own letters say what they
 * are.  With "--show" all kinds in all languages are printed, to be looked at.
 */
#include "tests/test.h"

#include <stdlib.h>

#include "parser/mail.h"
#include "parser/msgid.h"
#include "rules/answer.h"

static struct template_set templates;
static struct desk_keys keys;

static struct conf
desk_conf(void)
{
	static const char *own[] = { "support@example.com" };
	static const char *tongues[] = { "en", "de", "fr", "es" };
	static struct conf_team teams[] = {
		{ .name = "network", .shown = "Network & VPN" },
		{ .name = "desk", .signature = "Example IT\nMon to Fri 8-18" }
	};
	struct conf c = {
		.desk = "Example IT Support",
		.address = "support@example.com",
		.addresses = own,
		.addresses_n = 1,
		.languages = tongues,
		.languages_n = 4,
		.teams = teams,
		.teams_n = 2,
	};

	c.smtp.from = "{{agent.first_name}} ({{desk.name}})";
	c.tickets.prefix = "EX-";
	return c;
}

static const char *refs[] = { "root@kunde.example",
	"EX-1042.1.p3k9x2vd@example.com" };
static const struct conf_agent ana = { .name = "ana", .shown = "Ana Silva" };
static struct ticket ticket;
static struct conf conf;
static struct desk desk;

static struct answer
plain(enum answer_kind kind)
{
	return (struct answer){
		.desk = &desk,
		.kind = kind,
		.ticket = &ticket,
		.agent = &ana,
		.to = { "Maria Gomez", "maria@kunde.example" },
		.serial = 7,
		.text = "Hello Maria,\n\nplease close AnyConnect and start it "
			"again.\n",
		.message_id = "CAF2Xq.7714@mail.kunde.example",
		.references = refs,
		.references_n = 2,
		.thread_index = "AQHdHmCt3l0AAAAAQACAAAAAAAAEEg==",
		.thread_topic = "VPN does not connect",
		.quote = "Hi, since this morning my VPN says \"no route to "
			 "host\".\nI am in Lisbon.\n",
		.quote_name = "Maria Gomez",
		.quote_date = 1785222846,
	};
}

static int
make(struct arena *a, const struct answer *in, struct note_out *out)
{
	struct err e = { 0 };
	int rc = answer_make(a, in, out, &e);

	if (rc == -1)
		printf("# %s\n", e.text);
	return rc;
}

/* The header field of that name, unfolded; "" when there is none. */
static char *
header(struct arena *a, const struct note_out *n, const char *name)
{
	struct mail m = { 0 };
	const char *value;

	mail_parse(a, n->data, n->size, &m);
	value = mail_field(&m, name);
	return arena_strdup(a, value == NULL ? "" : value);
}

static bool
holds(struct arena *a, const struct note_out *n, const char *words)
{
	struct mail m = { 0 };

	mail_parse(a, n->data, n->size, &m);
	return strstr(n->text, words) != NULL ||
	    (m.html != NULL && strstr(m.html, words) != NULL);
}

static const char *
html_of(struct arena *a, const struct note_out *n)
{
	struct mail m = { 0 };

	mail_parse(a, n->data, n->size, &m);
	return m.html == NULL ? "" : m.html;
}

static void
test_text_kind(struct arena *a)
{
	struct answer in = plain(ANSWER_TEXT);
	struct note_out n = { 0 };
	struct msgid_own own;

	test_ok(make(a, &in, &n) == 0, "an answer");
	test_ok(compose_check(n.data, n.size, NULL) == 0, "it may be sent");
	test_text(n.recipient, "maria@kunde.example", "to her");
	test_text(header(a, &n, "From"),
	    "\"Ana (Example IT Support)\" <support@example.com>", "From");
	test_text(
	    header(a, &n, "To"), "Maria Gomez <maria@kunde.example>", "To");
	test_text(header(a, &n, "Subject"),
	    "Re: VPN does not connect [EX-1042]", "Subject");
	test_text(header(a, &n, "Auto-Submitted"), "", "a person wrote it");
	test_text(header(a, &n, "X-Auto-Response-Suppress"), "",
	    "and may be answered by machines");
	test_text(header(a, &n, "X-Deskd-Event"), "", "no event");
	test_text(header(a, &n, "Reply-To"), "", "no Reply-To");
	test_text(header(a, &n, "Precedence"), "", "no Precedence");
	test_text(header(a, &n, "X-Deskd-Ticket"), "EX-1042", "Ticket");
	test_text(header(a, &n, "Content-Language"), "en", "language");
	test_text(header(a, &n, "References"),
	    "<root@kunde.example> <EX-1042.1.p3k9x2vd@example.com> "
	    "<CAF2Xq.7714@mail.kunde.example>",
	    "the chain");
	test_text(header(a, &n, "In-Reply-To"),
	    "<CAF2Xq.7714@mail.kunde.example>", "what is answered");
	test_ok(strlen(header(a, &n, "Thread-Index")) == 36 &&
		strncmp(header(a, &n, "Thread-Index"),
		    "AQHdHmCt3l0AAAAAQACAAAAAAAAEEg", 30) == 0,
	    "the index goes on");
	test_ok(*header(a, &n, "X-Deskd-Loop") != '\0', "the loop mark");
	test_ok(msgid_own(&keys, "EX-", n.message_id, &own) &&
		own.ticket == 1042 && own.serial == 7 && own.kind == 0,
	    "the id is ours");
	test_text(n.text,
	    "Hello Maria,\n\nplease close AnyConnect and start it again.\n\n"
	    "Ana Silva\nExample IT Support\n\n"
	    "On 28 July 2026 at 07:14, Maria Gomez wrote:\n"
	    "> Hi, since this morning my VPN says \"no route to host\".\n"
	    "> I am in Lisbon.\n",
	    "the text");
	test_ok(strstr(html_of(a, &n),
		    "<p>Ana Silva<br>\nExample IT "
		    "Support</p>") != NULL &&
		strstr(html_of(a, &n), "<blockquote") != NULL,
	    "the HTML");
}

static void
test_sign(struct arena *a)
{
	static const struct {
		const char *text;
		bool sign;
	} rows[] = {
		{ "Please restart it.", true },
		{ "Please restart it.\n\nAna", false },
		{ "Please restart it.\n\nAna Silva", false },
		{ "Please restart it.\n\nana silva\nExample IT", false },
		{ "Please restart it.\n\nBest,\nANA S.", false },
		{ "Please restart it.\n\n- Ana", false },
		{ "Please restart it.\n\nAna Silva (IT)\nPhone 1234\nRoom 5",
		    false },
		{ "Please restart it.\n\nAnastasia will call you.", true },
		{ "Ana", false },
		{ "Ana here.\n\nOne\ntwo\nthree", true },
		{ "I asked Ana", true },
		{ "", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct answer in = plain(ANSWER_TEXT);
		struct note_out n = { 0 };

		in.text = rows[i].text;
		in.quote = NULL;
		test_ok(make(a, &in, &n) == 0 &&
			(strstr(n.text, "Ana Silva\nExample IT Support") !=
			    NULL) == rows[i].sign,
		    "sign-off %zu", i);
	}
}

static void
test_quote(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "one\n", "> one\n" },
		{ "\n\n  \none\n\n\ntwo\n\n", "> one\n>\n> two\n" },
		{ "new\n> old\n> older\nmore\n", "> new\n> more\n" },
		{ "1\n2\n3\n4\n5\n6\n7\n8\n",
		    "> 1\n> 2\n> 3\n> 4\n> 5\n> 6\n> 7\n> 8\n" },
		{ "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
		    "> 1\n> 2\n> 3\n> 4\n> 5\n> 6\n> 7\n> 8\n> [...]\n" },
	};
	struct answer in = plain(ANSWER_TEXT);
	struct note_out n = { 0 };
	char *at = NULL, *big = arena_alloc(a, 5001);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		in.quote = rows[i][0];
		test_ok(make(a, &in, &n) == 0 &&
			(at = strstr(n.text, "wrote:\n")) != NULL,
		    "quote %zu is made", i);
		test_text(at + 7, rows[i][1], "quote %zu", i);
	}
	memset(big, 'x', 5000);
	in.quote = big;
	test_ok(make(a, &in, &n) == 0 && strlen(n.text) < 800 &&
		strstr(n.text, "x [...]\n") != NULL,
	    "a long line is cut");
	in.quote = "> only old\n";
	test_ok(make(a, &in, &n) == 0 && strstr(n.text, "wrote:") == NULL,
	    "nothing new: no quote");
	in.quote = "Hi";
	in.quote_name = "http://evil.example";
	test_ok(make(a, &in, &n) == 0 &&
		strstr(n.text, "maria@kunde.example wrote:\n> Hi") != NULL,
	    "a name that is none is not repeated");
}

static void
test_languages(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "de", "Am 28. Juli 2026 um 07:14 Uhr schrieb Maria Gomez:" },
		{ "fr", "Le 28 juillet 2026 à 07:14, Maria Gomez a écrit :" },
		{ "es",
		    "El 28 de julio de 2026 a las 07:14, Maria Gomez "
		    "escribió:" },
		{ "de-AT", "schrieb Maria Gomez:" },
		{ "it", "Maria Gomez wrote:" },
		{ "", "Maria Gomez wrote:" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct answer in = plain(ANSWER_TEXT);
		struct note_out n = { 0 };

		in.language = rows[i][0];
		test_ok(
		    make(a, &in, &n) == 0 && strstr(n.text, rows[i][1]) != NULL,
		    "in '%s'", rows[i][0]);
	}
}

static void
test_rich(struct arena *a)
{
	static const struct compose_part parts[] = {
		{ "a.png", "image/png", "ii_1@agents-laptop", "x", 1, NULL },
		{ "logo.png", "image/png", "logo@agents-laptop", "y", 1, NULL },
		{ "log.txt", "text/plain", NULL, "z", 1, NULL },
	};
	struct answer in = plain(ANSWER_TEXT);
	struct note_out n = { 0 };
	const char *html;

	in.rich = "<p>Hello Maria,</p>\n<p>please <b>close</b> AnyConnect "
		  "<img src=\"cid:ii_1@agents-laptop\"> and start it "
		  "again.<img src=\"cid:gone@agents-laptop\"></p>\n";
	in.parts = parts;
	in.parts_n = 3;
	test_ok(make(a, &in, &n) == 0, "with formatting and pictures");
	html = html_of(a, &n);
	test_ok(strstr(html,
		    "<p>please <b>close</b> AnyConnect <img "
		    "src='cid:EX-1042.7.") != NULL,
	    "formatting and a picture stay");
	test_ok(strstr(html, "again.</p>") != NULL,
	    "a picture that is not there goes");
	test_ok(!holds(a, &n, "agents-laptop") &&
		strstr(n.data, "agents-laptop") == NULL,
	    "no id of the agent's computer");
	test_ok(strstr(n.data, "Content-ID: <EX-1042.7.") != NULL,
	    "the picture has an id of ours");
	test_ok(
	    strstr(html, "<p>Ana Silva<br>\nExample IT Support</p>") != NULL &&
		strstr(html, "wrote:") != NULL,
	    "sign-off and quote stand below");
	test_ok(strstr(html, "<p>Hello Maria,</p>\n<p>please close") == NULL,
	    "the words stand there once");
	in.rich = NULL;
	test_ok(make(a, &in, &n) == 0 && strstr(n.data, "Content-ID") == NULL &&
		strstr(n.data, "filename=\"a.png\"") != NULL,
	    "without HTML a picture is a file");
}

static void
test_from(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "{{agent.name}}", "\"Ana Silva\" <support@example.com>" },
		{ "{{team.name|IT}}: {{agent.first_name}}",
		    "\"Network & VPN: Ana\" <support@example.com>" },
		{ "{{x|IT}}", "IT <support@example.com>" },
		{ "{{x}}", "Example IT Support <support@example.com>" },
		{ "{{open", "{{open <support@example.com>" },
		{ "plain", "plain <support@example.com>" },
	};
	struct answer in = plain(ANSWER_TEXT);
	struct note_out n = { 0 };

	ticket.team = "network";
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *got, *want = rows[i][1];

		conf.smtp.from = rows[i][0];
		test_ok(make(a, &in, &n) == 0, "from %zu", i);
		got = header(a, &n, "From");
		test_ok(strcmp(got, want) == 0 ||
			(*want == '"' && strncmp(got, want + 1, 9) == 0),
		    "from %zu: %s", i, got);
	}
	conf.smtp.from = "{{agent.first_name}} ({{desk.name}})";
	in.agent = NULL;
	test_ok(make(a, &in, &n) == 0, "without an agent");
	test_text(header(a, &n, "From"),
	    "Example IT Support <support@example.com>", "it is the desk");
	ticket.team = "desk";
	test_ok(make(a, &in, &n) == 0, "a team with a signature");
	ticket.team = "";
}

static void
test_resolved(struct arena *a)
{
	struct answer in = plain(ANSWER_RESOLVED);
	struct note_out n = { 0 };
	const char *code = token_short(
	    a, &keys, TOKEN_REQUESTER, 1042, "maria@kunde.example");
	const char *link = arena_printf(a,
	    "<mailto:support@example.com?subject=%%5BEX-1042%%5D%%20works%%20~"
	    "%s&body=%%23works>",
	    code);

	in.quote = NULL;
	in.text = "The old profile was broken.\n\nYou have a new one now.\n";
	test_ok(make(a, &in, &n) == 0, "resolved");
	test_text(header(a, &n, "Auto-Submitted"), "auto-generated",
	    "deskd wrote it");
	test_text(header(a, &n, "X-Auto-Response-Suppress"),
	    "OOF, AutoReply, RN, NRN", "no machine shall answer");
	test_text(header(a, &n, "X-Deskd-Event"), "resolved", "the event");
	test_text(header(a, &n, "From"),
	    "Example IT Support <support@example.com>", "from the desk");
	test_ok(strstr(n.text, link) != NULL, "one tap: %s", link);
	test_ok(strstr(n.text,
		    "Hello Maria,\n\nAna marked your ticket "
		    "EX-1042 as solved:\n\n    The old profile was "
		    "broken.\n\n    You have a new one now.\n") != NULL,
	    "with what solved it");
	test_ok(strstr(html_of(a, &n),
		    arena_printf(a,
			"%s&amp;body=%%23works\">"
			"It works</a>",
			code)) != NULL,
	    "a link with words");
	in.text = "Dear Maria,\nit is done.";
	test_ok(make(a, &in, &n) == 0 && strstr(n.text, "Hello Maria") == NULL,
	    "one greeting is enough");
	in.rich = "<p>Dear Maria,<br>\nit is <b>done</b>.</p>\n";
	test_ok(make(a, &in, &n) == 0 &&
		strstr(html_of(a, &n),
		    "<blockquote>\n<p>Dear Maria,<br>\nit is <b>done</b>.</p>\n"
		    "</blockquote>\n") != NULL,
	    "formatting stays");
	in.text = "";
	in.rich = NULL;
	test_ok(make(a, &in, &n) == 0 &&
		strstr(n.text,
		    "Hello Maria,\n\nAna marked your ticket "
		    "EX-1042 as solved.\n") != NULL,
	    "without a word");
	in.agent = NULL;
	test_ok(make(a, &in, &n) == 0 &&
		strstr(n.text, "We marked your ticket") != NULL,
	    "nobody in particular");
}

static void
test_others(struct arena *a)
{
	struct answer in = plain(ANSWER_MERGED);
	struct note_out n = { 0 };

	in.text = "";
	in.quote = NULL;
	in.other = 1017;
	test_ok(make(a, &in, &n) == 0 && strstr(n.text, "EX-1042") != NULL &&
		strstr(n.text, "EX-1017") != NULL,
	    "merged names both");
	in.kind = ANSWER_HANDED;
	ticket.team = "network";
	test_ok(
	    make(a, &in, &n) == 0 && strstr(n.text, "Network & VPN") != NULL,
	    "handed names the team");
	ticket.team = "";
	test_text(header(a, &n, "Auto-Submitted"), "auto-generated",
	    "deskd wrote it");
	in.to.addr = "nobody";
	test_ok(make(a, &in, &n) == -1, "not to what is no address");
}

/* T27: hostile words in every slot add no field and no recipient. */
static void
test_hostile(struct arena *a)
{
	static const char *const bad[] = { "a\r\nBcc: x@evil.example",
		"a\nBcc: x@evil.example\n\nx", "{{ticket.tag}}{{#x}}",
		"\xff\xfe\x80", "\"><script>alert(1)</script>", "",
		"=?utf-8?q?=0D=0ABcc:_x?=" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct answer in = plain(i % 2 ? ANSWER_TEXT : ANSWER_RESOLVED);
		const char *was = ticket.subject;
		struct note_out n = { 0 };
		const char *chain[] = { bad[i], "a@b.example" };
		struct compose_part part = { bad[i], bad[i], bad[i], "x", 1,
			bad[i] };

		ticket.subject = bad[i];
		in.to.name = in.text = in.quote = in.quote_name = bad[i];
		in.message_id = in.thread_topic = in.thread_index = bad[i];
		in.references = chain;
		in.references_n = 2;
		in.parts = &part;
		in.parts_n = 1;
		in.language = bad[i];
		test_ok(make(a, &in, &n) == 0, "hostile %zu is made", i);
		test_text(header(a, &n, "Bcc"), "", "hostile %zu: no Bcc", i);
		test_ok(strstr(html_of(a, &n), "<script") == NULL,
		    "hostile %zu: no script", i);
		test_ok(i != 2 || in.kind != ANSWER_TEXT ||
			strstr(n.text, bad[i]) != NULL,
		    "hostile %zu: a value is no template", i);
		ticket.subject = was;
	}
}

static int
show(struct arena *a)
{
	static const char *const languages[] = { "en", "de", "fr", "es" };

	for (int kind = 0; kind < ANSWER_KINDS; kind++)
		for (size_t l = 0; l < 4; l++) {
			struct answer in = plain((enum answer_kind)kind);
			struct note_out n;

			in.language = languages[l];
			in.other = 1017;
			if (kind != ANSWER_TEXT)
				in.quote = NULL;
			if (make(a, &in, &n) == -1)
				return 1;
			printf("=== %d %s\n%s\n--- html\n%s\n", kind,
			    languages[l], n.text, html_of(a, &n));
		}
	return 0;
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 }, t = { 0 };
	struct conf_report rep = { 0 };
	int rc = 0;

	if (template_set_builtin(&t, &templates, &rep) == -1)
		return 1;
	memset(keys.key[0], 7, DESK_KEY);
	keys.have[0] = true;
	conf = desk_conf();
	ticket = ticket_blank;
	ticket.number = 1042;
	ticket.subject = "VPN does not connect";
	desk = (struct desk){ .conf = &conf,
		.templates = &templates,
		.keys = &keys,
		.now = 1785226446,
		.offset = 120 };
	if (argc > 1 && strcmp(argv[1], "--show") == 0) {
		rc = show(&a);
	} else {
		test_text_kind(&a);
		test_sign(&a);
		test_quote(&a);
		test_languages(&a);
		test_rich(&a);
		test_from(&a);
		test_resolved(&a);
		test_others(&a);
		test_hostile(&a);
	}
	arena_done(&a);
	arena_done(&t);
	return argc > 1 ? rc : test_end();
}
