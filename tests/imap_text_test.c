/* Words of IMAP commands. */
#include <stdlib.h>

#include "daemon/imap_text.h"
#include "tests/test.h"

static void
test_sets(void)
{
	uint32_t uids[] = { 1, 2, 3, 5, 7, 8, 4294967294u, 4294967295u };
	uint32_t many[3000];
	struct buf b;
	size_t n;

	buf_init(&b, 0);
	n = imap_set(&b, uids, 8, 8000);
	test_text(buf_text(&b), "1:3,5,7:8,4294967294:4294967295", "a set");
	test_ok(n == 8, "all taken");
	buf_clear(&b);
	test_ok(
	    imap_set(&b, uids, 1, 8000) == 1 && strcmp(buf_text(&b), "1") == 0,
	    "one UID");
	for (uint32_t i = 0; i < 3000; i++)
		many[i] = 1000000000 + 2 * i;
	buf_clear(&b);
	n = imap_set(&b, many, 3000, 8000);
	test_ok(b.len <= 8000 && n > 500 && n < 3000,
	    "no more than fits: %zu in %zu bytes", n, b.len);
	buf_done(&b);
}

static const struct {
	const char *name;
	char delimiter;
	const char *word;
} folders[] = {
	{ "INBOX", '/', "\"INBOX\"" },
	{ "Archive/Helpdesk", '.', "\"Archive.Helpdesk\"" },
	{ "a\"b\\c", '/', "\"a\\\"b\\\\c\"" },
	{ "R&D", '/', "\"R&-D\"" },
	{ "Entw\xc3\xbcrfe", '/', "\"Entw&APw-rfe\"" },
	/* RFC 3501 5.1.3: its own example */
	{ "~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac"
	  "\xe8\xaa\x9e",
	    '/', "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"" },
	{ "\xf0\x9f\x98\x80", '/', "\"&2D3eAA-\"" },
};

static void
test_folders(void)
{
	struct err e = { 0 };
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		buf_clear(&b);
		test_ok(imap_folder(
			    &b, folders[i].name, folders[i].delimiter, &e) == 0,
		    "%s: %s", folders[i].name, e.text);
		test_text(buf_text(&b), folders[i].word, "%s", folders[i].word);
	}
	test_ok(imap_folder(&b, "a\r\nX LOGOUT", '/', &e) == -1 &&
		e.kind == ERR_REJECT,
	    "no line breaks: %s", e.text);
	test_ok(imap_folder(&b, "a\xff", '/', &e) == -1, "no bad UTF-8");
	test_ok(imap_quoted(&b, "p\xc3\xa4ss", &e) == -1, "quoted is ASCII");
	buf_done(&b);
}

static void
test_base64(void)
{
	static const char *const cases[][2] = { { "", "" }, { "f", "Zg==" },
		{ "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "\xff\xff\xff", "////" } };
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&b);
		imap_base64(&b, cases[i][0], strlen(cases[i][0]));
		test_text(buf_text(&b), cases[i][1], "base64 %s", cases[i][1]);
	}
	buf_done(&b);
}

int
main(void)
{
	test_sets();
	test_folders();
	test_base64();
	return test_end();
}
