/* Word lists: whole words, folded, phrases, scripts without blanks. */
#include <string.h>

#include "rules/words.h"
#include "tests/test.h"

static const struct {
	const char *phrase, *text, *found; /* "": not there */
} cases[] = {
	{ "vpn", "My VPN is down", "VPN" },
	{ "vpn", "openvpn and vpns", "" },
	{ "vpn", "vpn", "vpn" },
	{ "vpn", "a(vpn)", "vpn" },
	{ "vpn", "a_vpn-b", "vpn" },
	{ "cafe", "Das Caf\xc3\xa9 ist zu", "Caf\xc3\xa9" },
	{ "Fu\xc3\x9f", "FUSS oder Fuss", "FUSS" },
	{ "remote access", "no remote\r\n   access here",
	    "remote\r\n   access" },
	{ "remote access", "remote-access", "remote-access" },
	{ "remote access", "remote and access", "" },
	{ "remote access", "remote            access", "" },
	{ "remote access", "access remote", "" },
	{ "remote access", "a remote remote access", "remote access" },
	{ "nichts geht", "Hier geht nichts. Geht nicht", "nichts. Geht" },
	{ "\xe5\xaf\x86\xe7\xa0\x81",
	    "\xe6\x88\x91\xe7\x9a\x84\xe5\xaf\x86"
	    "\xe7\xa0\x81\xe5\xbf\x98\xe4\xba\x86",
	    "\xe5\xaf\x86\xe7\xa0\x81" },
	{ "\xd0\xbf\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c",
	    "\xd0\x9f\xd0\x90\xd0\xa0\xd0\x9e\xd0\x9b\xd0\xac!",
	    "\xd0\x9f\xd0\x90\xd0\xa0\xd0\x9e\xd0\x9b\xd0\xac" },
	{ "802.1x", "the 802.1X port", "802.1X" },
	{ "a b c d e f g h", "x a b c d e f g h y", "a b c d e f g h" },
};

static void
each(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = { 0 };
		struct words *w = words_new(&a);
		struct words_place place;
		const char *text = cases[i].text, *got = "";

		test_ok(words_add(w, cases[i].phrase) == 0, "%s is a phrase",
		    cases[i].phrase);
		words_find(w, text, strlen(text), &place);
		if (place.length > 0)
			got = arena_strndup(&a, text + place.at, place.length);
		test_text(
		    got, cases[i].found, "%s in: %s", cases[i].phrase, text);
		arena_done(&a);
	}
}

static void
many(void)
{
	struct arena a = { 0 };
	struct words *w = words_new(&a);
	struct words_place *places;
	size_t found = 0;
	char phrase[40];

	for (int i = 0; i < 3000; i++) {
		snprintf(phrase, sizeof(phrase), "word%d next", i);
		words_add(w, phrase);
	}
	test_ok(words_count(w) == 3000, "3000 phrases");
	test_ok(words_add(w, "WORD7, next") == 7,
	    "the same once more is no new one");
	test_ok(words_add(w, "...") == -1, "no word is no phrase");
	test_ok(
	    words_add(w, "1 2 3 4 5 6 7 8 9") == -1, "nine words are too many");
	places = arena_calloc(&a, words_count(w), sizeof(*places));
	words_find(w, "word2999 next word1 next", 24, places);
	for (size_t i = 0; i < words_count(w); i++)
		found += places[i].length > 0;
	test_ok(found == 2 && places[1].at == 14 && places[2999].at == 0,
	    "two of 3000 are found");
	test_ok(words_covers(w, words_add(w, "remote"),
		    words_add(w, "my remote access")),
	    "a word covers its phrase");
	test_ok(!words_covers(
		    w, words_add(w, "remote access"), words_add(w, "remote")),
	    "a phrase does not cover its word");
	arena_done(&a);
}

int
main(void)
{
	each();
	many();
	return test_end();
}
