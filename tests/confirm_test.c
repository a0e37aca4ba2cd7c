/* Nothing but a short yes or thanks, in several languages. */
#include "rules/confirm.h"
#include "tests/test.h"

static const struct {
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

int
main(void)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		test_ok(confirm_only(&a, rows[i].text) == rows[i].yes,
		    "row %zu is %s", i, rows[i].yes ? "yes" : "more");
	arena_done(&a);
	return test_end();
}
