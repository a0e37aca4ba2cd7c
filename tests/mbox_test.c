/*
 * The mbox splitter: dialects, quoting, Content-Length, and that no decision
 * depends on where the window or a short read happens to end.
 */
#include <stdlib.h>

#include "parser/buf.h"
#include "parser/limits.h"
#include "parser/mbox.h"
#include "tests/test.h"

/* A file in memory that gives at most `step` bytes at once. */
struct file {
	const char *p;
	size_t n, step;
};

static int64_t
file_read(void *ctx, uint64_t at, void *p, size_t n, struct err *e)
{
	const struct file *f = ctx;

	(void)e;
	if (at >= f->n)
		return 0;
	if (n > f->n - at)
		n = (size_t)(f->n - at);
	if (f->step > 0 && n > f->step)
		n = f->step;
	memcpy(p, f->p + at, n);
	return (int64_t)n;
}

/* Everything in one text: "[date@offset|bytes]" for each mail. */
static int
split(struct file *f, uint64_t at, struct buf *out)
{
	struct mbox_source src = { .read = file_read, .ctx = f };
	struct arena a = { 0 };
	struct mbox_mail mail;
	struct err e = { 0 };
	struct mbox m;
	const char *p;
	size_t n;
	int rc;

	buf_clear(out);
	mbox_init(&m, &a, &src, at);
	while ((rc = mbox_next(&m, &mail, &e)) == 1) {
		buf_printf(out, "[%lld@%llu|", (long long)mail.date,
		    (unsigned long long)mail.at);
		while (mbox_piece(&m, &p, &n, &e) == 0 && n > 0)
			buf_add(out, p, n);
		buf_char(out, ']');
	}
	if (rc == -1)
		buf_str(out, "error");
	arena_done(&a);
	return rc;
}

#define F  "From ana@example.com Tue Nov 21 10:00:00 2023\n"
#define T  "1700560800"
#define A  "From: a@example.com\n\n"
#define FC "From ana@example.com Tue Nov 21 10:00:00 2023\r\n"

static const struct {
	const char *name, *file, *want;
} cases[] = {
	{ "two mails", F A "one\n\n" F A "two\n\n",
	    "[" T "@0|" A "one\n][" T "@72|" A "two\n]" },
	{ "no empty line at the end", F A "one\n", "[" T "@0|" A "one\n]" },
	{ "no line end at the end", F A "one", "[" T "@0|" A "one]" },
	{ "empty lines of the mail stay", F A "one\n\n\n\n" F A "two\n",
	    "[" T "@0|" A "one\n\n\n][" T "@74|" A "two\n]" },
	{ "no empty line between", F A "one\n" F A "two\n",
	    "[" T "@0|" A "one\n][" T "@71|" A "two\n]" },
	{ "CRLF", FC "From: a\r\n\r\none\r\n\r\n" FC "From: b\r\n\r\ntwo\r\n",
	    "[" T "@0|From: a\r\n\r\none\r\n][" T
	    "@65|From: b\r\n\r\ntwo\r\n]" },
	{ "quoted once (mboxo)", F A "x\n\n>From me\n",
	    "[" T "@0|" A "x\n\nFrom me\n]" },
	{ "quoted twice (mboxrd)", F A ">>From me\n>From you\n",
	    "[" T "@0|" A ">From me\nFrom you\n]" },
	{ "not at the line's start", F A "a >From me\n",
	    "[" T "@0|" A "a >From me\n]" },
	{ "unquoted, no date, no field", F A "x\n\nFrom here on\nwe go\n",
	    "[" T "@0|" A "x\n\nFrom here on\nwe go\n]" },
	{ "unquoted, a word with a colon after it",
	    F A "x\n\nFrom here on\nNote: a\n",
	    "[" T "@0|" A "x\n\nFrom here on\nNote: a\n]" },
	{ "no date, but a header", F A "x\n\nFrom \nFrom: b\n\ny\n",
	    "[" T "@0|" A "x\n][0@70|From: b\n\ny\n]" },
	{ "a date, no header, no empty line", F A "x\n" F "text\n",
	    "[" T "@0|" A "x\n" F "text\n]" },
	{ "a zone after the year",
	    "From a@b Tue Nov 21 11:00:00 2023 +0100\n" A "x\n",
	    "[" T "@0|" A "x\n]" },
	{ "a zone before the year",
	    "From 17@xxx Tue Nov 21 10:00:00 +0000 2023\n" A "x\n",
	    "[" T "@0|" A "x\n]" },
	{ "Thunderbird's line", "From - Tue Nov 21 10:00:00 2023\n" A "x\n",
	    "[" T "@0|" A "x\n]" },
	{ "Content-Length is right",
	    F "Content-Length: 57\n\nx\n\n" F ">From q\n\n" F A "y\n",
	    "[" T "@0|Content-Length: 57\n\nx\n\n" F ">From q\n][" T "@124|" A
	    "y\n]" },
	{ "Content-Length counts the empty line",
	    F "Content-Length: 3\n\nx\n\n" F A "y\n",
	    "[" T "@0|Content-Length: 3\n\nx\n\n][" T "@68|" A "y\n]" },
	{ "Content-Length is too small",
	    F "Content-Length: 1\n\nabc\n\n" F A "y\n",
	    "[" T "@0|Content-Length: 1\n\nabc\n][" T "@70|" A "y\n]" },
	{ "Content-Length is past the end",
	    F "Content-Length: 999\n\nabc\n\n" F A "y\n",
	    "[" T "@0|Content-Length: 999\n\nabc\n][" T "@72|" A "y\n]" },
	{ "Content-Length of the last mail", F "Content-Length: 2\n\nx\n",
	    "[" T "@0|Content-Length: 2\n\nx\n]" },
	{ "Content-Length is huge",
	    F "Content-Length: 99999999999999999999999\n\nx\n",
	    "[" T "@0|Content-Length: 99999999999999999999999\n\nx\n]" },
	{ "Content-Length is no number", F "Content-Length: -5\n\nx\n",
	    "[" T "@0|Content-Length: -5\n\nx\n]" },
	{ "Content-Length in the body does not count",
	    F A "Content-Length: 1\n\nabc\n",
	    "[" T "@0|" A "Content-Length: 1\n\nabc\n]" },
	{ "no body", F "From: a\n\n" F "From: b\n",
	    "[" T "@0|From: a\n][" T "@55|From: b\n]" },
	{ "nothing between two", F F A "x\n", "[" T "@0|][" T "@46|" A "x\n]" },
	{ "an empty mail", F "\n" F A "x\n", "[" T "@0|][" T "@47|" A "x\n]" },
	{ "empty lines first", "\n\r\n\n" F A "x\n", "[" T "@4|" A "x\n]" },
	{ "an empty file", "", "" },
	{ "only empty lines", "\n\n\n", "" },
	{ "no mbox", "hello\n", "error" },
	{ "only the line", F, "[" T "@0|]" },
};

static void
test_cases(void)
{
	struct buf out;

	buf_init(&out, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t step = 0; step < 3; step++) {
			struct file f = { cases[i].file, strlen(cases[i].file),
				step * 7 };

			split(&f, 0, &out);
			test_text(buf_text(&out), cases[i].want,
			    "%s (reads of %zu)", cases[i].name, f.step);
			if (strcmp(buf_text(&out), cases[i].want) != 0)
				printf("# %s\n", buf_text(&out));
		}
	buf_done(&out);
}

/*
 * Three mails with a quoted line and an empty line at the end, the first as
 * long as the window, byte by byte longer: whatever edge falls wherever, the
 * result is the same.
 */
static void
test_edges(void)
{
	const size_t edges[] = { MBOX_WINDOW, MBOX_WINDOW - 4096,
		MBOX_WINDOW - 4100, MBOX_WINDOW - 8192, 2 * MBOX_WINDOW };
	struct buf file, want, out;
	int bad = 0, n = 0;

	buf_init(&file, 0);
	buf_init(&want, 0);
	buf_init(&out, 0);
	for (size_t k = 0; k < sizeof(edges) / sizeof(edges[0]); k++)
		for (size_t d = 0; d < 170; d++, n++) {
			struct file f;
			size_t fill = edges[k] - 150 + d;

			buf_clear(&file);
			buf_str(&file, F A);
			for (size_t i = 0; i < fill; i++)
				buf_char(&file, i % 61 == 60 ? '\n' : 'x');
			buf_str(&file,
			    "\n>>From me\nlast\r\n\r\n" F A "two\n\n" F A
			    ">From three\n\n");
			buf_clear(&want);
			buf_str(&want, "[" T "@0|" A);
			buf_add(&want, buf_text(&file) + strlen(F A), fill);
			buf_printf(&want,
			    "\n>From me\nlast\r\n][" T "@%zu|" A "two\n][" T
			    "@%zu|" A "From three\n]",
			    strlen(F A) + fill + 19,
			    strlen(F A F A) + fill + 19 + 5);
			f = (struct file){ file.data, file.len,
				d % 3 == 0 ? 0 : 1000 + d };
			split(&f, 0, &out);
			bad += strcmp(buf_text(&out), buf_text(&want)) != 0;
		}
	test_ok(
	    bad == 0, "%d of %d files whose edges meet the window", n - bad, n);
	buf_done(&file);
	buf_done(&want);
	buf_done(&out);
}

/* A later reader goes on where the first stood; a mail can be read twice. */
static void
test_again(void)
{
	static const char text[] = F A "one\n\n" F A ">From two\n\n";
	struct file f = { text, sizeof(text) - 1, 0 };
	struct mbox_source src = { .read = file_read, .ctx = &f };
	struct arena a = { 0 };
	struct mbox_mail mail;
	struct err e = { 0 };
	struct buf out;
	struct mbox m;
	const char *p;
	size_t n, first = 0, second = 0;

	buf_init(&out, 0);
	mbox_init(&m, &a, &src, 0);
	test_ok(mbox_next(&m, &mail, &e) == 1, "the first mail");
	test_ok(mbox_next(&m, &mail, &e) == 1 && mail.at == 72,
	    "the second, without reading the first");
	while (mbox_piece(&m, &p, &n, &e) == 0 && n > 0)
		first += n;
	test_ok(mbox_rewind(&m, &e) == 0, "back to its start");
	while (mbox_piece(&m, &p, &n, &e) == 0 && n > 0)
		second += n;
	test_ok(first == second && first == strlen(A "From two\n"),
	    "it is the same again");
	test_ok(mbox_at(&m) == sizeof(text) - 1, "it stands at the end");
	split(&f, 72, &out);
	test_text(buf_text(&out), "[" T "@72|" A "From two\n]",
	    "a later reader begins there");
	split(&f, 68, &out);
	test_text(buf_text(&out), "error", "not in the middle of a mail");
	buf_done(&out);
	arena_done(&a);
}

static void
test_single(void)
{
	static const char text[] = A "x\n\n" F ">From y\n\n\n";
	struct file f = { text, sizeof(text) - 1, 5 };
	struct mbox_source src = { .read = file_read, .ctx = &f };
	struct arena a = { 0 };
	struct mbox_mail mail;
	struct err e = { 0 };
	struct buf out;
	struct mbox m;
	const char *p;
	size_t n;

	buf_init(&out, 0);
	mbox_init_single(&m, &a, &src);
	test_ok(mbox_next(&m, &mail, &e) == 1, "a file is one mail");
	while (mbox_piece(&m, &p, &n, &e) == 0 && n > 0)
		buf_add(&out, p, n);
	test_text(buf_text(&out), text, "with all its bytes");
	test_ok(mbox_next(&m, &mail, &e) == 0, "and no other");
	buf_done(&out);
	arena_done(&a);
	test_ok(mbox_looks(F, strlen(F)), "an mbox is known");
	test_ok(!mbox_looks(A, strlen(A)), "a mail is no mbox");
	test_ok(mbox_looks_single(A, strlen(A)), "a mail is known");
	test_ok(!mbox_looks_single("hello world\n", 12), "a text is no mail");
	test_ok(!mbox_looks_single("{\"n\": 1}\n\"m\"\n", 13), "nor is JSON");
	test_ok(!mbox_looks_single("todo: a\nmore: b\n", 16), "nor is a list");
	test_ok(mbox_looks_single("Foo: a\n\tb\nSubject: c\n", 22),
	    "a mail that begins with an odd field is one");
	test_ok(!mbox_looks_single("", 0), "an empty file is none");
}

/* Hostile: quoted lines and From lines without end must not cost squares. */
static void
test_linear(void)
{
	struct buf file, out;
	struct file f;

	buf_init(&file, 0);
	buf_init(&out, 0);
	buf_str(&file, F A);
	for (int i = 0; i < 200000; i++)
		buf_str(&file, ">From \nFrom \n");
	f = (struct file){ file.data, file.len, 0 };
	split(&f, 0, &out);
	test_ok(out.len > 200000 * 12, "400,000 lines with From");
	buf_done(&file);
	buf_done(&out);
}

int
main(void)
{
	test_cases();
	test_edges();
	test_again();
	test_single();
	test_linear();
	return test_end();
}
