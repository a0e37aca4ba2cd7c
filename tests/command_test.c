/* Lines for us in an agent's text: which are, and what is left. */
#include "parser/buf.h"
#include "parser/command.h"
#include "tests/test.h"

/* "resolve; assign(ana); ?#noet [middle close] | text" */
static const char *
shown(struct arena *a, const char *own)
{
	struct command_mail m;
	struct buf b;
	char *out;

	buf_init(&b, 0);
	command_split(a, own, &m);
	for (size_t i = 0; i < m.n; i++) {
		const struct command *c = &m.list[i];

		buf_str(&b, i > 0 ? "; " : "");
		if (c->word == COMMAND_COUNT)
			buf_printf(&b, "?%s", c->written);
		else
			buf_str(&b, command_names[c->word]);
		if (*c->value != '\0')
			buf_printf(&b, "(%s)", c->value);
	}
	if (m.middle != NULL)
		buf_printf(&b, " [middle %s %zu]",
		    command_names[m.middle->word], m.middle->line);
	if (*m.text != '\0')
		buf_printf(&b, "%s| %s", b.len > 0 ? " " : "", m.text);
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return out;
}

static const struct {
	const char *own, *want;
} cases[] = {
	/* The vectors of the design. */
	{ "#Close.", "close" },
	{ "# close", "close" },
	{ "\xef\xbc\x83"
	  "close",
	    "close" },
	{ "#\xe2\x80\x8b"
	  "close",
	    "close" },
	{ "#close\xc2\xa0", "close" },
	{ "#assign: \xe2\x80\x9c"
	  "ana\xe2\x80\x9d",
	    "assign(ana)" },
	{ "#prio high\n#note\nHe is in Lisbon.",
	    "priority(high); note | He is in Lisbon." },
	{ "#erledigt", "resolve" },
	{ "#Priorität hoch", "priority(hoch)" },
	{ "/resolve", "resolve" },
	{ "/etc/hosts is wrong", "| /etc/hosts is wrong" },
	{ "/var is full", "| /var is full" },
	{ "#hold 2d waits for Acme", "hold(2d waits for Acme)" },
	{ "#tier next", "tier(next)" },
	{ "#cloes", "?#cloes" },
	{ "#reslove", "?#reslove" },
	{ "#hlep", "?#hlep" },
	{ "#noet\nHe is in Lisbon, call Bob.",
	    "?#noet | He is in Lisbon, call Bob." },
	{ "/noet\nHe is in Lisbon.", "?/noet | He is in Lisbon." },
	{ "#close the ticket please", "close(the ticket please)" },
	{ "#1042 is the same problem", "| #1042 is the same problem" },
	{ "Hello\n#close", "close | Hello" },
	{ "#WeAreHiring\nHello", "?#WeAreHiring | Hello" },
	{ "# Heading in Markdown\ntext", "?#Heading(in Markdown) | text" },
	{ "#assign", "assign" },
	{ "\n \n  #take\n\nPlease try again.", "take | Please try again." },
	{ "#note some text\nand more\nlines",
	    "note(some text) | and more\nlines" },

	/* Four languages, with and without accents. */
	{ "#Gelöst", "resolve" },
	{ "#GELÖST", "resolve" },
	{ "#geloest", "resolve" },
	{ "#résolu", "resolve" },
	{ "#resuelto", "resolve" },
	{ "#schließen", "close" },
	{ "#fermer", "close" },
	{ "#cerrar", "close" },
	{ "#Notiz nur intern", "note(nur intern)" },
	{ "#interne", "note" },
	{ "#nota llamar a Bob", "note(llamar a Bob)" },
	{ "#warten 3 Tage", "wait(3 Tage)" },
	{ "#attendre demain", "wait(demain)" },
	{ "#esperar 2d", "wait(2d)" },
	{ "#zuweisen bob", "assign(bob)" },
	{ "#équipe network", "team(network)" },
	{ "#eskalieren Server steht", "escalate(Server steht)" },
	{ "#Betreff: VPN “neu”", "subject(VPN “neu”)" },
	{ "#asunto \"La VPN\"", "subject(La VPN)" },
	{ "#sprache de", "lang(de)" },
	{ "#hilfe warten", "help(warten)" },
	{ "#open", "reopen" },
	{ "#status", "show" },
	{ "#search printer, 2nd floor", "find(printer, 2nd floor)" },
	{ "#заметка\nон в Лиссабоне", "?#заметка | он в Лиссабоне" },

	/* Words that are not built yet do nothing: they are unknown. */
	{ "#kb vpn-reset", "?#kb(vpn-reset)" },
	{ "#canned hello", "?#canned(hello)" },
	{ "#problem new", "?#problem(new)" },
	{ "#broadcast\nAll is well.", "?#broadcast | All is well." },
	{ "#remind fri", "?#remind(fri)" },

	/* Keyboards and programs. */
	{ "#close;", "close" },
	{ "#close...", "close" },
	{ "#Close .", "close" },
	{ "\xef\xbb\xbf#close", "close" },
	{ "#\xef\xb8\x8f\xe2\x83\xa3"
	  "close",
	    "close" }, /* the key with a "#" on it */
	{ "\xef\xbc\x83\xef\xbd\x83\xef\xbd\x8c\xef\xbd\x8f\xef\xbd\x93"
	  "\xef\xbd\x85",
	    "close" },
	{ "#\xc2\xa0"
	  "close",
	    "close" },
	{ "#  note\nsecret", "note | secret" },
	{ "#cl\xc2\xad"
	  "ose",
	    "close" },
	{ "#assign=ana", "assign(ana)" },
	{ "#assign = ana", "assign(ana)" },
	{ "#assign : ana", "assign(ana)" },
	{ "#assign @ana.", "assign(@ana)" },
	{ "#assign 'Ana Silva'", "assign(Ana Silva)" },
	{ "#assign « Ana Silva »", "assign(Ana Silva)" },
	{ "#assign \xe2\x80\x9e"
	  "Ana Silva\xe2\x80\x9c",
	    "assign(Ana Silva)" },
	{ "#assign ana\xc2\xa0silva", "assign(ana silva)" },
	{ "#assign \"", "assign(\")" },
	{ "#type\xc2\xa0"
	  "incident",
	    "type(incident)" },
	{ "#wait 10.8.", "wait(10.8.)" },
	{ "#note He said “no”.", "note(He said “no”.)" },
	{ "#note “all of it”", "note(“all of it”)" },
	{ "*#note*\nHe is in Lisbon.", "note | He is in Lisbon." },
	{ "*#note* He is in Lisbon.", "note(He is in Lisbon.)" },
	{ "**#assign bob**", "assign(bob)" },
	{ "_#resolve_", "resolve" },
	{ "#*close*", "| #*close*" },
	{ "\t#take\t\n#prio\thigh", "take; priority(high)" },
	{ "#take\r\n", "take" },

	/* A reason that the mail program wrapped stays one. */
	{ "#hold 2d waits for the contract of Acme Networks, which Dieter must\n"
	  "sign; the price is\nHello Maria,",
	    "hold(2d waits for the contract of Acme Networks, which Dieter "
	    "must sign; the price is) | Hello Maria," },
	{ "#escalate all of the second floor is without network, they have a\n"
	  "demonstration for the board at noon, and both Bob and Dieter "
	  "will be\ngone for the week\n\nHello",
	    "escalate(all of the second floor is without network, they have a "
	    "demonstration for the board at noon, and both Bob and Dieter "
	    "will be gone for the week) | Hello" },
	{ "#hold 2d waits for Acme\nHello Maria,",
	    "hold(2d waits for Acme) | Hello Maria," },
	{ "#hold 2d waits for the contract of Acme Networks, which Dieter must\n"
	  "#take\nHello",
	    "hold(2d waits for the contract of Acme Networks, which Dieter "
	    "must); take | Hello" },
	{ "#hold a line of a program that wraps nothing at all, and so it is very long "
	  "already here\nHello Maria,",
	    "hold(a line of a program that wraps nothing at all, and so it is very "
	    "long already here) | Hello Maria," },

	/* What hides a note must not let it go. */
	{ "#note!\nsecret", "?#note! | secret" },
	{ "#note/secret", "?#note/secret" },
	{ "#note,secret", "?#note,secret" },
	{ "#note(secret)", "?#note(secret)" },
	{ "#note\xe2\x80\x94secret", "?#note-secret" },
	{ "#not\nsecret", "?#not | secret" },
	{ "# Nota:\nsecreto", "note | secreto" },
	{ "- #note\nsecret", " [middle note 1] | - #note\nsecret" },
	{ "\xe2\x80\xa2 #note secret",
	    " [middle note 1] | \xe2\x80\xa2 #note secret" },

	/* The middle. */
	{ "Hello\n#close\nBye", " [middle close 2] | Hello\n#close\nBye" },
	{ "Hello\n#close the ticket please\nBye",
	    " [middle close 2] | Hello\n#close the ticket please\nBye" },
	{ "#take\nHello\n#note he is away\nBye",
	    "take [middle note 3] | Hello\n#note he is away\nBye" },
	{ "Hello\n# note he is away\nBye",
	    " [middle note 2] | Hello\n# note he is away\nBye" },
	{ "Hello\n#note he is away",
	    " [middle note 2] | Hello\n#note he is away" },
	{ "Hello\n/resolve\nBye",
	    " [middle resolve 2] | Hello\n/resolve\nBye" },
	{ "Hello\n\n#resolve\n\nAna Silva\nExample IT",
	    " [middle resolve 3] | Hello\n\n#resolve\n\nAna Silva\nExample IT" },
	{ "Please write #close to us.\nOr #note.",
	    "| Please write #close to us.\nOr #note." },
	{ "Hello\n#cloes\nBye", "| Hello\n#cloes\nBye" },
	{ "Try this:\n\n# install it\napt install x\n# open the port\nufw 22",
	    "| Try this:\n\n# install it\napt install x\n# open the port\n"
	    "ufw 22" },
	{ "Run\n#!/bin/sh\n#include <stdio.h>\n/usr/bin/time\n/find all files",
	    "| Run\n#!/bin/sh\n#include <stdio.h>\n/usr/bin/time\n"
	    "/find all files" },
	{ "Read on:\n## Close\n### Note\ntext",
	    "| Read on:\n## Close\n### Note\ntext" },
	{ "#!/bin/sh\nexit 0", "| #!/bin/sh\nexit 0" },
	{ "//close\n", "| //close" },
	{ "Hello\n# do not edit\n#do k4p2 send",
	    "| Hello\n# do not edit\n#do k4p2 send" },
	{ "#do k4p2 note", "do(k4p2 note)" },

	/* The end. */
	{ "Hello\n\n#close\n\n", "close | Hello" },
	{ "Hello\n#erledigt.\n# prio hoch", "resolve; priority(hoch) | Hello" },
	{ "#take\nHello\n#tag vpn", "take; tag(vpn) | Hello" },
	{ "Hello\n#note", "note | Hello" },
	{ "Hello\n#WeAreHiring", "| Hello\n#WeAreHiring" },
	{ "Hello\n#close\n#WeAreHiring",
	    " [middle close 2] | Hello\n#close\n#WeAreHiring" },
	{ "Hello\n#assign", "assign | Hello" },
	{ "Hello\n#close the ticket please",
	    "close(the ticket please) | Hello" },
	{ "Look into\n/home", "| Look into\n/home" },
	{ "Look into\n/time", "| Look into\n/time" },
	{ "Do\n# open the port", "| Do\n# open the port" },
	{ "Hello\n/close", "close | Hello" },

	/* Paths and fractions on top. */
	{ "/etc is full", "| /etc is full" },
	{ "/tmp: no space", "| /tmp: no space" },
	{ "/dev/null", "| /dev/null" },
	{ "/home\n/usr\n/opt\n/bin", "| /home\n/usr\n/opt\n/bin" },
	{ "/note: secret", "note(secret)" },
	{ "/ resolve", "| / resolve" },
	{ "/1", "| /1" },
	{ "/", "| /" },
	{ "#", "| #" },
	{ "# ", "| # " },
	{ "#\n#close", "close | #" },
	{ "#-close", "| #-close" },
	{ "", "" },
	{ "\n\n \n", "" },
	{ "just text", "| just text" },
	{ "\n\n  text\nmore \n\n", "|   text\nmore " },
};

static void
test_lines(void)
{
	struct command_mail m;
	struct arena a = { 0 };

	command_split(&a, "\n#take\n\n#noet\n\ntext\n\n#close\n", &m);
	test_ok(m.n == 3 && m.list[0].line == 2 && m.list[1].line == 4 &&
		m.list[2].line == 8,
	    "each command knows its line");
	test_text(m.list[1].written, "#noet", "and how it was written");
	test_text(m.before, "\n#take\n\n#noet\n\ntext\n\n#close\n",
	    "the whole is kept");
	arena_done(&a);
}

static void
test_near(void)
{
	static const struct {
		const char *word, *want;
	} near[] = {
		{ "cloes", "close" },
		{ "reslove", "resolve" },
		{ "hlep", "help" },
		{ "noet", "note" },
		{ "NOET", "note" },
		{ "asign", "assign" },
		{ "priorty", "priority" },
		{ "tkae", "take" },
		{ "wiat", "wait" },
		{ "eskaliren", "escalate" },
		{ "gelost", "resolve" },
		{ "gelösst", "resolve" },
		{ "internall", "note" },
		{ "note!", "note" },
	};
	static const char *const far[] = { "WeAreHiring", "Overview", "xy", "",
		"a-word-of-very-many-letters-that-nobody-has", "größenwahn" };
	struct arena a = { 0 };
	enum command_word out[3];

	for (size_t i = 0; i < sizeof(near) / sizeof(*near); i++) {
		size_t n = command_near(&a, near[i].word, out);

		test_text(n > 0 ? command_names[out[0]] : "", near[i].want,
		    "near %s", near[i].word);
	}
	for (size_t i = 0; i < sizeof(far) / sizeof(*far); i++)
		test_ok(command_near(&a, far[i], out) == 0,
		    "nothing is near to %s", far[i]);
	arena_done(&a);
}

static void
test_words(void)
{
	struct arena a = { 0 };

	for (int w = 0; w < COMMAND_OPEN; w++)
		test_ok(
		    command_find(&a, command_names[w]) == (enum command_word)w,
		    "%s is itself", command_names[w]);
	test_ok(command_find(&a, "") == COMMAND_COUNT, "no word is none");
	test_ok(command_takes(COMMAND_TAKE) == VALUE_NONE &&
		command_takes(COMMAND_ASSIGN) == VALUE_MUST &&
		command_takes(COMMAND_NOTE) == VALUE_MAYBE,
	    "values are none, must, maybe");
	arena_done(&a);
}

/* Many commands are no reason to send any of them to the requester. */
static void
test_many(void)
{
	struct arena a = { 0 };
	struct command_mail m;
	struct buf b;

	buf_init(&b, 0);
	for (int i = 0; i < 20000; i++)
		buf_str(&b, "/noet\n");
	command_split(&a, buf_text(&b), &m);
	test_ok(m.middle != NULL, "too many on top are asked about");
	buf_clear(&b);
	buf_str(&b, "text\n");
	for (int i = 0; i < 20000; i++)
		buf_str(&b, "#take\n");
	command_split(&a, buf_text(&b), &m);
	test_ok(m.middle != NULL, "too many at the end, too");
	buf_done(&b);
	arena_done(&a);
}

int
main(void)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = shown(&a, cases[i].own);

		test_text(got, cases[i].want, "%zu: %.30s", i,
		    cases[i].own + strspn(cases[i].own, "\n"));
		if (strcmp(got, cases[i].want) != 0)
			printf("# got  %s\n# want %s\n", got, cases[i].want);
	}
	test_lines();
	test_near();
	test_words();
	test_many();
	arena_done(&a);
	return test_end();
}
