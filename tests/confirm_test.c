/* Nothing but a short yes or thanks, in several languages. */
#include "rules/confirm.h"
#include "tests/test.h"

static const struct row {
	const char *text;
	bool yes;
} rows[] = {
	{ "Thanks!", true },
	{ "thank you very much", true },
	{ "Yes, it works now.", true },
	{ "  OK \n", true },
	{ "Danke, es funktioniert wieder!", true },
	{ "Vielen Dank für die Hilfe", true },
	{ "Merci beaucoup, ça marche", true },
	{ "Gracias, ya funciona.", true },
	{ "Erledigt, danke", true },
	{ "", false },
	{ "Hello", false },
	{ "now", false },
	{ "Is it fixed?", false },
	{ "Thanks, but it does not work", false },
	{ "It works, however only by cable", false },
	{ "no", false },
	{ "Danke, aber es geht nicht", false },
	{ "thanks thanks thanks thanks thanks thanks thanks thanks thanks "
	  "thanks thanks",
	    false },
};

#define ANSWER                                                                    \
	"From: ann@example.org\nSubject: Re: VPN\nIn-Reply-To: <q@x.example>\n\n" \
	"On Mon, 23 Nov 2026 at 09:00, Bob <bob@example.com> wrote:\n"

static const struct row mails[] = {
	{ ANSWER
	    "> We changed it.\n\nThanks\n\n> Ann, all works.\n\nIt works\n",
	    true },
	{ ANSWER "> Does it fail?\n\nYes\n\n> Still now?\n\nYes\n", false },
	{ ANSWER "> We changed it.\n\nThanks\n\n> See above.\n\nwhere\n",
	    false },
	{ "From: ann@example.org\nSubject: Re: VPN\nIn-Reply-To: <q@x.example>"
	  "\n\nThanks\n\nOn Mon, 23 Nov 2026 at 09:00, Bob <bob@example.com> "
	  "wrote:\n> Fixed?\n",
	    true },
};

int
main(void)
{
	struct arena a = { 0 };
	struct mail m;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		test_ok(confirm_only(&a, rows[i].text) == rows[i].yes,
		    "row %zu is %s", i, rows[i].yes ? "yes" : "more");
	for (size_t i = 0; i < sizeof(mails) / sizeof(mails[0]); i++) {
		mail_parse(&a, mails[i].text, strlen(mails[i].text), &m);
		test_ok(confirm_mail(&a, &m) == mails[i].yes, "mail %zu is %s",
		    i, mails[i].yes ? "yes" : "more");
	}
	arena_done(&a);
	return test_end();
}
