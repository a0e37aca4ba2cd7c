/* The scanner in front of libetpan: what passes, what is refused. */
#include <stdlib.h>

#include "daemon/scan.h"
#include "parser/limits.h"
#include "tests/test.h"

static const struct {
	const char *name, *bytes;
	const char *why; /* NULL: passes */
} cases[] = {
	{ "a plain answer", "* OK hello\r\n1 OK done\r\n", NULL },
	{ "kinds in any case", "* cApability IMAP4rev1\r\n* Flags ()\r\n",
	    NULL },
	{ "numbers", "* 17 EXISTS\r\n* 0 RECENT\r\n* 3 EXPUNGE\r\n", NULL },
	{ "go on", "+ idling\r\n+\r\n", NULL },
	{ "a bye", "* BYE good night {5}\r\n", NULL },
	{ "an empty OK", "* OK\r\n", NULL },
	{ "a literal", "* 1 FETCH (UID 5 BODY[] {5}\r\n((\"\n{)\r\n", NULL },
	{ "an empty literal", "* 1 FETCH (BODY[] {0}\r\n)\r\n", NULL },
	{ "two literals", "* 1 FETCH (BODY[] {1}\r\nx BODY[] {2}\r\nyz)\r\n",
	    NULL },
	{ "quoted brackets", "* LIST (\\X) \"/\" \"a(((\\\"{5}\"\r\n", NULL },
	{ "text may have braces", "* OK it costs {5} ((((\r\n", NULL },
	{ "code and braces", "1 NO [SERVERBUG] failed {\"a\":1}\r\n", NULL },
	{ "search", "* SEARCH 1 2 3\r\n* SEARCH\r\n", NULL },
	{ "11 digits", "* 1 FETCH (BODY[] {42949673170}\r\n", "10 digits" },
	{ "2^32 + 21", "* 1 FETCH (BODY[] {4294967317}\r\n", "larger" },
	{ "over the budget", "* 1 FETCH (BODY[] {101}\r\n", "larger" },
	{ "blank in a literal", "* 1 FETCH (BODY[] { 5}\r\n", "well formed" },
	{ "blank behind", "* 1 FETCH (BODY[] {5} \r\n", "well formed" },
	{ "minus", "* 1 FETCH (BODY[] {-5}\r\n", "well formed" },
	{ "plus", "* 1 FETCH (BODY[] {5+}\r\n", "well formed" },
	{ "no digits", "* 1 FETCH (BODY[] {}\r\n", "well formed" },
	{ "bare LF", "* 1 FETCH (BODY[] {5}\n", "well formed" },
	{ "text behind", "* 1 FETCH (BODY[] {5}x\r\n", "well formed" },
	{ "in a code", "* OK [COPYUID {5}\r\n", "response code" },
	{ "quoted in a code", "* OK [UIDNEXT \"]\" 5] x\r\n", "response code" },
	{ "an unknown code", "* OK [INPROGRESS (\"]{5}\" {5}] x\r\n", NULL },
	{ "a code without end", "* OK [X (\r\n* OK [UIDNEXT 5\r\n", NULL },
	{ "a tab in a code", "* OK [UIDNEXT\t5] x\r\n", "well formed" },
	{ "codes of many kinds",
	    "* OK [UIDVALIDITY 7] x\r\n* OK [HIGHESTMODSEQ 9] x\r\n"
	    "* NO [] x\r\n1 OK [CAPABILITY IMAP4rev1 IDLE] x\r\n"
	    "2 OK [COPYUID 1 2:3 5:6] x\r\n3 NO [TRYCREATE] x\r\n",
	    NULL },
	{ "bad charset", "1 NO [BADCHARSET] x\r\n", "BADCHARSET" },
	{ "badly charset", "1 NO [BadCharSets (x)] x\r\n", "BADCHARSET" },
	{ "bad charset, going on", "+ [BADCHARSET (x)]\r\n", "BADCHARSET" },
	{ "an alert", "* OK [ALERT] disk full\r\n", NULL },
	{ "an empty alert", "* OK [ALERT]\r\n", "without words" },
	{ "a blank alert", "* NO [alert ]  \t \r\n", "without words" },
	{ "an empty parse", "* OK  [PARSE]\r\n", "without words" },
	{ "an alert behind a tab", "* OK \t[ALERT]\r\n", "without words" },
	{ "flags", "* OK [PERMANENTFLAGS (\\* a)] x\r\n", NULL },
	{ "other flags", "* OK [permanentflags  ( \\Seen a)] x\r\n", NULL },
	{ "a keyword first", "* OK [PERMANENTFLAGS ($a \\*)] x\r\n", NULL },
	{ "no flags", "* OK [PERMANENTFLAGS ()] x\r\n", NULL },
	{ "almost flags", "* OK [PERMANENTFLAGSX (*] x\r\n", "no flags" },
	{ "bad flags", "* OK [PERMANENTFLAGS (\\)*)] x\r\n", "no flags" },
	{ "a star", "* OK [PERMANENTFLAGS (*)] x\r\n", "no flags" },
	{ "a tab for a blank", "* OK [PERMANENTFLAGS\t(*)] x\r\n",
	    "well formed" },
	{ "a quoted flag", "* OK [PERMANENTFLAGS (a \"b\")] x\r\n",
	    "no flags" },
	{ "a literal behind ]", "* OK [PERMANENTFLAGS (\\* a] {5}\r\n",
	    "no flags" },
	{ "flags without end", "* OK [PERMANENTFLAGS (\\* a] x\r\n",
	    "no flags" },
	{ "a flag with ]", "* OK [PERMANENTFLAGS (\\* a])] {5}\r\n", NULL },
	{ "flags in words", "* OK x [PERMANENTFLAGS (*\r\n", NULL },
	{ "the end", "* OK [PERMANENTFLAGS (\r\n", "no flags" },
	{ "a bare end", "* OK [PERMANENTFLAGS (\n", "no flags" },
	{ "a bare end in a flag", "* OK [PERMANENTFLAGS (\\\n", "no flags" },
	{ "a quoted string without end", "* LIST () \"/\r\n",
	    "without an end" },
	{ "escaped end", "* LIST () \"\\\r\n", "without an end" },
	{ "a folder", "* LIST (\\Noselect \\X) \"/\" \"a b\"\r\n", NULL },
	{ "other folders",
	    "* LIST () NIL INBOX\r\n* LIST ( ) \".\" {1}\r\nx\r\n", NULL },
	{ "more of a folder", "* LIST () \"/\" a (\"OLDNAME\" (\"b\"))\r\n",
	    "well formed" },
	{ "namespace", "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n", "asked for" },
	{ "status", "* STATUS a (UIDNEXT 5)\r\n", "asked for" },
	{ "unknown", "* XYZ\r\n", "asked for" },
	{ "long kind", "* AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n", "asked for" },
	{ "two blanks", "*  NAMESPACE\r\n", "asked for" },
	{ "a number and a word", "* 5 QUOTA\r\n", "asked for" },
	{ "a number of letters", "* 5a EXISTS\r\n", "asked for" },
	{ "more than a number", "* 5 EXISTS 6\r\n", "well formed" },
	{ "a quoted number", "* SEARCH 1 \"2\"\r\n", "well formed" },
	{ "flags of a folder", "* FLAGS (\\Seen a] \\*)\r\n", NULL },
	{ "quoted flags", "* FLAGS (\"a\")\r\n", "well formed" },
	{ "all of a mail",
	    "* 1 FETCH (UID 5 RFC822.SIZE 17 FLAGS (\\Seen) MODSEQ (9)"
	    " INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" BODY[] {2}\r\n"
	    "ab BODY[]<0> \"x\" BODY[] NIL)\r\n",
	    NULL },
	{ "blanks in it", "* 1 FETCH ( UID 5  FLAGS () ) \r\n", NULL },
	{ "an envelope", "* 1 FETCH (ENVELOPE (\"x\"", "not asked for" },
	{ "a structure", "* 1 FETCH (BODYSTRUCTURE (((", "not asked for" },
	{ "a short structure", "* 1 FETCH (BODY ((", "not asked for" },
	{ "a part", "* 1 FETCH (BODY[1.2] {5}\r\n", "not asked for" },
	{ "a literal as number", "* 1 FETCH (UID {5}\r\n", "well formed" },
	{ "a literal as flag", "* 1 FETCH (FLAGS ({5}\r\n", "well formed" },
	{ "a literal as date", "* 1 FETCH (INTERNALDATE {5}\r\n",
	    "well formed" },
	{ "a number without digits", "* 1 FETCH (UID )\r\n", "well formed" },
	{ "two bodies at once", "* 1 FETCH (BODY[] NIL\"x\"", "well formed" },
	{ "a tag and no answer", "1 FETCH x\r\n", "asked for" },
	{ "a tag alone", "1\r\n", "no IMAP response" },
	{ "CR without LF", "* OK a\rb\r\n", "CR without LF" },
	{ "bare line ends", "* OK a\n1 OK b\n", NULL },
	{ "blank first", " * 1 FETCH\r\n", "no IMAP response" },
	{ "empty line", "\r\n", "no IMAP response" },
	{ "star alone", "*X\r\n", "no IMAP response" },
	{ "NUL first", "\x01", "no IMAP response" },
};

/* The same bytes in pieces of every size give the same answer. */
static int
scan_pieces(const char *bytes, size_t n, size_t piece, struct err *e)
{
	struct scan s = { 0 };
	int rc = 0;

	scan_allow(&s, 100000, 100);
	for (size_t i = 0; i < n && rc == 0; i += piece)
		rc = scan_bytes(
		    &s, bytes + i, n - i < piece ? n - i : piece, e);
	return rc;
}

static void
test_table(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = strlen(cases[i].bytes);

		for (size_t piece = 1; piece <= n; piece++) {
			struct err e = { 0 };
			int rc = scan_pieces(cases[i].bytes, n, piece, &e);
			int right = cases[i].why == NULL
			    ? rc == 0
			    : rc == -1 && e.kind == ERR_REJECT &&
				strstr(e.text, cases[i].why) != NULL;

			if (!right || piece == n)
				test_ok(right, "%s in pieces of %zu: %s",
				    cases[i].name, piece, e.text);
			if (!right)
				break;
		}
	}
}

/* head, n times c, tail */
static int
scan_many(struct scan *s, const char *head, char c, size_t n, const char *tail,
    struct err *e)
{
	char *mid = malloc(n);
	int rc;

	memset(mid, c, n);
	rc = scan_bytes(s, head, strlen(head), e);
	if (rc == 0)
		rc = scan_bytes(s, mid, n, e);
	if (rc == 0)
		rc = scan_bytes(s, tail, strlen(tail), e);
	free(mid);
	return rc;
}

static void
test_state(void)
{
	struct scan s = { 0 };
	struct err e = { 0 };

	scan_allow(&s, 10000, 100);
	test_ok(scan_many(&s, "* 1 FETCH (BODY[] {99}\r\n", '(', 99, ")\r\n",
		    &e) == 0,
	    "what is in a literal does not count");
	test_ok(scan_many(&s, "* OK words ", '(', 1000, "\r\n", &e) == 0,
	    "nor what is in text");
	test_ok(scan_bytes(&s, "* OK a\0b\r\n", 10, &e) == -1 &&
		strstr(e.text, "NUL") != NULL,
	    "a NUL does not pass: %s", e.text);
	test_ok(scan_bytes(&s, "* OK\r\n", 6, &e) == -1,
	    "nothing passes after a refusal");
	s = (struct scan){ 0 };
	scan_allow(&s, 10000, 100);
	test_ok(scan_bytes(&s, "* LIST () \"\0", 12, &e) == -1,
	    "nor a NUL in a quoted string");
	s = (struct scan){ 0 };
	scan_allow(&s, 10000, 100);
	test_ok(scan_many(&s, "* 1 FETCH ", '(', 2, "", &e) == -1,
	    "parentheses are not nested: %s", e.text);
}

static void
test_budget(void)
{
	struct scan s = { 0 };
	struct err e = { 0 };

	scan_allow(&s, (uint64_t)4 * IMAP_LINE_MAX, 10);
	test_ok(scan_many(&s, "* SEARCH", ' ', IMAP_LINE_MAX, "", &e) == -1 &&
		strstr(e.text, "endless line") != NULL,
	    "a line has an end: %s", e.text);
	s = (struct scan){ 0 };
	scan_allow(&s, 30, 10);
	test_ok(scan_bytes(&s, "* 1 EXISTS\r\n* 1 EXISTS\r\n", 24, &e) == 0 &&
		scan_bytes(&s, "* 1 EXISTS\r\n", 12, &e) == -1 &&
		strstr(e.text, "more than was asked for") != NULL,
	    "a flood has an end: %s", e.text);
	s = (struct scan){ 0 };
	scan_allow(&s, 1000, 10);
	test_ok(scan_bytes(&s, "* 1 FETCH (BODY[] {6}\r\n123456 BODY[] {5}\r\n",
		    43, &e) == -1,
	    "all literals share one budget");
	s = (struct scan){ 0 };
	scan_allow(&s, 1000, 10);
	scan_bytes(&s, "* 1 FETCH (BODY[] {6}\r\n123", 26, &e);
	scan_allow(&s, 1000, 13);
	test_ok(
	    scan_bytes(&s, "456 BODY[] {10}\r\n0123456789)\r\n", 30, &e) == 0,
	    "a new budget keeps the place");
	s = (struct scan){ 0 };
	scan_allow(&s, 1000, 10);
	scan_bytes(&s, "* 1 FETCH (BODY[] {6}\r\n123", 26, &e);
	scan_allow(&s, 1000, 2);
	test_ok(scan_bytes(&s, "456", 3, &e) == -1,
	    "and holds for what is left of a literal");
}

int
main(void)
{
	test_table();
	test_state();
	test_budget();
	return test_end();
}
