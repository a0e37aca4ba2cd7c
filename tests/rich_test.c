/*
 * An agent's formatting: what mail programs make of an answer, at the top,
 * below and between, comes back as HTML of ours with the words of the new text
 * and nothing of what is answered.
 */
#include "tests/test.h"

#include "parser/mail.h"
#include "parser/rich.h"

#define NOTE "SECRETNOTE"

/* Each: HTML, plain text beside it or NULL, what is wanted or NULL. */
static const struct {
	const char *who, *html, *plain, *want;
} rows[] = {
#include "tests/rich_rows.h"
};
#define ROWS_N (sizeof(rows) / sizeof(*rows))

static char *
mail_of(struct arena *a, const char *html, const char *plain)
{
	const char *head = "From: Ana <ana@example.com>\r\n"
			   "To: support@example.com\r\n"
			   "Subject: Re: [EX-1042] VPN\r\n"
			   "In-Reply-To: <x@example.com>\r\n"
			   "Message-ID: <y@example.com>\r\n"
			   "MIME-Version: 1.0\r\n";

	if (plain == NULL)
		return arena_printf(a,
		    "%sContent-Type: text/html; charset=utf-8\r\n\r\n%s\r\n",
		    head, html);
	return arena_printf(a,
	    "%sContent-Type: multipart/alternative; boundary=b\r\n\r\n"
	    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n"
	    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n%s\r\n"
	    "--b--\r\n",
	    head, plain, html);
}

static void
parse(struct arena *a, const char *raw, const char *known, struct mail *m)
{
	struct mail_reader *r = mail_reader_new(a, MAIL_FULL, known);

	mail_reader_feed(r, raw, strlen(raw));
	mail_reader_end(r, m);
}

static void
test_rows(struct arena *a)
{
	for (size_t i = 0; i < ROWS_N; i++) {
		const char *raw = mail_of(a, rows[i].html, rows[i].plain);
		struct mail m = { 0 };

		parse(a, raw, "", &m);
		test_ok(rows[i].want == NULL
			? m.rich == NULL
			: m.rich != NULL && strcmp(m.rich, rows[i].want) == 0,
		    "%zu %s", i, rows[i].who);
		if (m.rich == NULL ? rows[i].want != NULL
				   : rows[i].want == NULL ||
			    strcmp(m.rich, rows[i].want) != 0)
			printf("# new: %s\n# got: %s\n", m.new_text,
			    m.rich == NULL ? "none" : m.rich);
		test_ok(m.rich == NULL || strstr(m.rich, NOTE) == NULL,
		    "%zu %s: no word of a note", i, rows[i].who);
		arena_reset(a);
	}
}

static void
test_only_known(struct arena *a)
{
	struct mail m = { 0 };

	parse(a, mail_of(a, "<p>a <b>b</b></p>", NULL), NULL, &m);
	test_ok(m.rich == NULL, "nothing for a mail that is no answer to us");
}

static void
test_cut(struct arena *a)
{
	const char *rich = rich_make(a,
	    "<div>#note</div><div>#take</div><div>Hello <b>Bob</b></div>"
	    "<div>#close</div>",
	    "#note\n#take\nHello Bob\n#close");

	test_ok(rich != NULL, "with commands");
	test_text(rich_cut(a, rich, "Hello Bob"), "<p>Hello <b>Bob</b></p>\n",
	    "without commands");
	rich = rich_make(
	    a, "<p>one<br>#take<br>two <i>x</i></p>", "one\n#take\ntwo x");
	test_text(rich_cut(a, rich, "one\ntwo x"),
	    "<p>one<br>\ntwo <i>x</i></p>\n", "no hole where a line was");
	test_ok(rich_cut(a, rich, "three") == NULL, "words that are not there");
	test_text(rich_words(a, "<p>a<b>b</b><br>c</p><ul><li>d</li></ul>"),
	    "ab c d", "the words");
}

/* Nothing that acts gets through, whatever it is written in. */
static void
test_hostile(struct arena *a)
{
	static const char *const bad[] = {
		"<b onclick=\"x()\">word</b>",
		"<b style=\"background:url(http://evil.example)\">word</b>",
		"<b><script>x()</script>word</b>",
		"<b><a href=\"javascript:x()\">word</a></b>",
		"<b><a href=\" java\nscript:x()\">word</a></b>",
		"<b><a href=\"data:text/html,x\">word</a></b>",
		"<b><img src=\"http://evil.example/a.png\">word</b>",
		"<b><img src=\"cid:a&quot; onload=&quot;x()\">word</b>",
		"<b><iframe src=x></iframe>word</b>",
		"<b><svg onload=x()>word</svg></b>",
		"<b>w<!-- x -->ord</b>",
		"<b><form action=x><input name=y>word</form></b>",
		"<b><style>b{}</style>word</b>",
		"<b><b><b><b>word",
		"</b></p></table><b>word</i></b>",
		"<table><tr><td><b>word",
		"<b><object data=x>word</object></b>",
		"<b class=x id=y>word</b>",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char *rich = rich_make(a, bad[i], "word");

		test_ok(rich != NULL && strstr(rich, "x()") == NULL &&
			strstr(rich, "evil") == NULL &&
			strstr(rich, "data:") == NULL &&
			strstr(rich, "class") == NULL &&
			strcmp(rich_words(a, rich), "word") == 0,
		    "hostile %zu", i);
	}
}

int
main(void)
{
	struct arena a = { 0 };

	test_rows(&a);
	test_only_known(&a);
	test_cut(&a);
	test_hostile(&a);
	arena_done(&a);
	return test_end();
}
