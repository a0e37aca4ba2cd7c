/* What the code says to agents, in four languages. */
#include <stdlib.h>
#include <string.h>

#include "parser/utf8.h"
#include "rules/commands_private.h"
#include "rules/moment.h"
#include "rules/opening.h"
#include "rules/phrase_private.h"
#include "tests/test.h"

static const char *const names[PHRASE_LANGUAGES] = { "en", "de", "fr", "es" };

static const struct {
	const struct phrase_row *rows;
	const size_t *n;
} tables[] = {
	{ phrase_problems, &phrase_problems_n },
	{ phrase_dones, &phrase_dones_n },
	{ phrase_words, &phrase_words_n },
	{ phrase_whys, &phrase_whys_n },
};

/* Which of {0} {1} {2} are there, a bit each; 8: another brace. */
static unsigned
places(const char *s)
{
	unsigned found = 0;

	for (; (s = strpbrk(s, "{}")) != NULL; s += *s == '{' ? 3 : 1)
		if (s[0] == '{' && s[1] >= '0' && s[1] <= '2' && s[2] == '}')
			found |= 1U << (s[1] - '0');
		else
			return 8;
	return found;
}

static bool
is_sentence(enum phrase p)
{
	return p == HELP_INTRO || p == HELP_UNKNOWN;
}

static void
check_row(const struct phrase_row *row)
{
	int id = (int)row->id;

	for (int i = 0; i < PHRASE_LANGUAGES; i++) {
		const char *text = row->text[i];
		size_t n = text == NULL ? 0 : strlen(text);

		test_ok(n > 0 && utf8_valid(text, n), "%d has words in %s", id,
		    names[i]);
		if (n == 0)
			continue;
		test_ok(
		    places(text) == places(row->text[0]) && places(text) < 8,
		    "%d has the same values in %s", id, names[i]);
		test_ok((text[n - 1] == '.') == is_sentence(row->id),
		    "%d is a clause in %s", id, names[i]);
		test_text(phrase_plain(names[i], row->id), text,
		    "%d is found in %s", id, names[i]);
	}
}

static void
test_tables(void)
{
	size_t all = 0;
	bool *seen = calloc(PHRASE_COUNT, sizeof(*seen));

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (size_t i = 0; i < *tables[t].n; i++, all++) {
			const struct phrase_row *row = &tables[t].rows[i];

			test_ok(row->id < PHRASE_COUNT && !seen[row->id],
			    "%d stands there once", (int)row->id);
			if (row->id < PHRASE_COUNT)
				seen[row->id] = true;
			check_row(row);
		}
	test_ok(
	    all == PHRASE_COUNT, "all %d have words: %zu", PHRASE_COUNT, all);
	free(seen);
}

static void
test_fill(void)
{
	struct arena a = { 0 };

	test_text(phrase(&a, "de-AT", PHRASE_UNKNOWN, "3", "#n{0}et", NULL),
	    "\"#n{0}et\" ist unbekannt (Zeile 3)",
	    "values are filled in, and braces in them stay");
	test_text(phrase(&a, "it", DONE_ASSIGN, "Bob", NULL, NULL),
	    "Bob has it", "another language: English");
	test_text(phrase(&a, NULL, DONE_ASSIGN, NULL, NULL, NULL), " has it",
	    "no language and no value");
	for (int s = 0; s < STATUS_COUNT; s++) {
		char *name = arena_strdup(&a, status_names[s]);

		for (char *p = name; (p = strchr(p, '-')) != NULL;)
			*p = ' ';
		test_text(
		    phrase_status("en", (enum status)s), name, "a status");
	}
	for (int t = 0; t < TYPE_COUNT; t++)
		test_text(
		    phrase_type("en", (enum type)t), type_names[t], "a type");
	for (int l = 0; l < LEVEL_COUNT; l++)
		test_text(phrase_level("en", (enum level)l), level_names[l],
		    "a level");
	for (int p = 0; p < PRIORITY_COUNT; p++)
		test_text(phrase_priority("en", (enum priority)p),
		    priority_names[p], "a priority");
	arena_done(&a);
}

static void
test_language(void)
{
	const char *two[] = { "it", "fr" };
	struct conf c = { .languages = two, .languages_n = 2 };
	struct conf_agent ana = { .name = "ana", .language = "es-MX" };

	test_text(phrase_language(&c, &ana), "es-MX", "the agent's");
	ana.language = "nl";
	test_text(
	    phrase_language(&c, &ana), "fr", "the desk's first with words");
	test_text(phrase_language(&c, NULL), "fr", "of who is no agent");
	c.languages_n = 1;
	test_text(phrase_language(&c, &ana), "en", "none of them");
}

static void
test_again(void)
{
	static const struct {
		const char *language, *english, *want;
	} table[] = {
		{ "de", "old or replayed", "sie ist alt oder kam zweimal" },
		{ "fr-CA", "looks like an agent", "semble venir d'un agent" },
		{ "en", "looks like an agent", "looks like an agent" },
		{ "it", "looks like an agent", "looks like an agent" },
		{ "es", "550 no such mailbox", "550 no such mailbox" },
		{ "es", "", "" },
		{ "de", "the cut line of a notification stands in the text",
		    "die Trennlinie einer Benachrichtigung im Text" },
		{ "fr", "a token stands in the file a token",
		    "un jeton dans le fichier a token" },
		{ "de", "team network, least-loaded: 3 open",
		    "Team network, die wenigsten: 3 offen" },
		{ "de", "team low, skill: knows network/vpn de, 0 open",
		    "Team low, K\xc3\xb6nnen: kennt network/vpn de, 0 offen" },
		{ "es",
		    "team it, skill: nobody has it; the least loaded, 2 open",
		    "equipo it, conocimientos: nadie los tiene; quien menos "
		    "tiene, 2 abiertos" },
		{ "de", "rule always (20.conf:3): always",
		    "Regel always (20.conf:3): immer" },
		{ "de", "rule vpn (20.conf:3): subject \"VPN\"",
		    "Regel vpn (20.conf:3): subject \"VPN\"" },
		{ "fr",
		    "priority-matrix (90.conf:2): impact low x urgency high",
		    "matrice (90.conf:2) : impact faible x urgence haut" },
		{ "de", "priority-matrix (built in): impact low x urgency high",
		    "Matrix (eingebaut): Auswirkung niedrig x Dringlichkeit "
		    "hoch" },
	};
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		test_text(phrase_again(&a, table[i].language, table[i].english),
		    table[i].want, "%s: %s", table[i].language,
		    table[i].english);
	test_ok(phrase_again(&a, "de", NULL) == NULL, "nothing");
	arena_done(&a);
}

/* What the problem about a time proposes can be read. */
static void
test_moments(void)
{
	static const char *const said[] = { "3d", "fri 9:00", "fr 9:00",
		"vendredi 9:00", "viernes 9:00", "2026-08-10", NULL };
	const struct zone *z = NULL; /* UTC */

	for (const char *const *s = said; *s != NULL; s++) {
		int64_t when = 0;
		size_t used = 0;

		test_ok(moment_read(*s, z, 1785135600, &when, &used) &&
			(*s)[used] == '\0',
		    "\"%s\" is a time", *s);
	}
}

static void
test_dates(void)
{
	static const char *const want[PHRASE_LANGUAGES] = {
		"Saturday, 1 August 2026, 09:05",
		"Samstag, 1. August 2026, 09:05 Uhr",
		"samedi 1er ao\xc3\xbbt 2026 \xc3\xa0 09:05",
		"s\xc3\xa1"
		"bado 1 de agosto de 2026 a las 09:05",
	};
	struct arena a = { 0 };
	const struct zone *z = NULL; /* UTC */

	for (int i = 0; i < PHRASE_LANGUAGES; i++)
		test_text(opening_date(&a, z, names[i], 1785575100), want[i],
		    "a date in %s", names[i]);
	test_text(opening_date(&a, z, "it", 1785575100), "2026-08-01, 09:05",
	    "in another language");
	arena_done(&a);
}

/* The words of #help are those that commands have. */
static void
test_help(void)
{
	struct arena a = { 0 };

	test_ok(commands_helps_n == COMMAND_DO, "every command has a row");
	for (size_t i = 0; i < commands_helps_n; i++)
		for (int l = 0; l < PHRASE_LANGUAGES; l++) {
			const struct help_row *r = &commands_helps[i];

			test_ok(r->usage[l] != NULL && r->alias[l] != NULL &&
				r->does[l] != NULL && *r->does[l] != '\0',
			    "#%s in %s", command_names[r->word], names[l]);
			test_ok(r->alias[l] == NULL || *r->alias[l] == '\0' ||
				command_find(&a, r->alias[l]) == r->word,
			    "#%s is #%s in %s", r->alias[l],
			    command_names[r->word], names[l]);
		}
	test_ok(strstr(commands_help(&a, "de", NULL),
		    "\n  #warten, #wait [wann] ") != NULL,
	    "the reader's own word first");
	test_ok(strstr(commands_help(&a, "fr", "attendre"),
		    "Par exemple :\n\n  #wait") != NULL,
	    "one word in French");
	test_ok(strstr(commands_help(&a, "es", "kb"),
		    "La orden \"kb\" no existe.\n") != NULL,
	    "an unknown one in Spanish");
	arena_done(&a);
}

/* No line is so long that a mail program breaks it. */
static void
test_wide(void)
{
	struct arena a = { 0 };

	for (int l = 0; l < PHRASE_LANGUAGES; l++) {
		int n = 0, longest = 0;

		for (const char *p = commands_help(&a, names[l], NULL);
		     *p != '\0'; p++) {
			n = *p == '\n'                           ? 0
			    : ((unsigned char)*p & 0xc0) == 0x80 ? n
								 : n + 1;
			longest = n > longest ? n : longest;
		}
		test_ok(longest <= 72, "%s: %d letters", names[l], longest);
	}
	arena_done(&a);
}

int
main(void)
{
	test_tables();
	test_fill();
	test_language();
	test_again();
	test_moments();
	test_dates();
	test_help();
	test_wide();
	return test_end();
}
