/* parser/html.c: HTML to text that people read. */
#include <stdbool.h>

#include "parser/html.h"
#include "parser/limits.h"
#include "tests/test.h"

static struct arena a;

static void
text(const char *html, const char *want)
{
	char *got = html_text(&a, html);
	bool same = strcmp(got, want) == 0;

	test_ok(same, "%.*s", (int)strcspn(html, "\n"), html);
	if (!same)
		printf("# got [%s]\n", got);
}

static void
shapes(void)
{
	text("<p>one</p><p>two</p>", "one\n\ntwo");
	text("<div>one</div><div>two</div>", "one\ntwo");
	text("one<br>two<br><br><br>three", "one\ntwo\n\nthree");
	text("  much \n white\t space  ", "much white space");
	text("<div>a</div><div><br></div><div>b</div>", "a\n\nb");
	text("a&nbsp;&lt;b&gt; &amp;amp; &euro; &#228; &#xe4;",
	    "a <b> &amp; € ä ä");
	text("<ul><li>one<li>two<ul><li>deep</li></ul></ul>x",
	    "- one\n- two\n  - deep\n\nx");
	text("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two");
	text("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
	    "a  b\nc");
	text("<blockquote type=cite><p>one</p><p>two</p></blockquote>x",
	    "> one\n>\n> two\n\nx");
	text("<blockquote>a<blockquote>b</blockquote></blockquote>",
	    "> a\n>> b");
	text("<blockquote style=\"border:none\">moved</blockquote>", "moved");
	text("<a href=\"https://example.com/x\">here</a>",
	    "here <https://example.com/x>");
	text("<a href=\"https://example.com/\">example.com</a>", "example.com");
	text("<a href=\"mailto:ann@example.com\">Ann</a>",
	    "Ann <ann@example.com>");
	text("<a href=\"javascript:x()\">run</a>", "run");
	text("<pre>a\n  b\n</pre>", "a\n  b");
	text("<script>alert(1)</script><style>p{}</style><title>t</title>x",
	    "x");
	text("a<script>x</script>b<!-- hidden -->c", "abc");
	text("<!--[if mso]>no<![endif]-->yes", "yes");
	text("open <!-- comment", "open comment");
	text("if a < b and c > d", "if a < b and c > d");
	text("<p class=MsoNormal>a</p><p class=MsoNormal>b</p>", "a\nb");
	text("<html><body>one</body></html>two<p>three", "one\n\ntwo\n\nthree");
	text("", "");
	text("<img src=x>", "");
	text("&#0;&#1;&#x202e;x", "\xe2\x80\xaex");
}

static void
quotes(void)
{
	struct html_result x;

	html_read(&a,
	    "Reply<div class=\"gmail_quote\">On x:<blockquote>old</blockquote>"
	    "</div>after",
	    &x);
	test_text(x.text, "Reply\nOn x:\n> old\nafter", "text with a quote");
	test_ok(
	    x.quotes_n == 1 && x.quotes[0].from == 5 && x.quotes[0].to == 17,
	    "where the quote is: %zu to %zu", x.quotes[0].from, x.quotes[0].to);
	html_read(&a, "no quote", &x);
	test_ok(x.quotes_n == 0, "none");
}

/* What makes other converters take seconds or gigabytes: FACTS 5. */
static void
bounds(void)
{
	static char big[1 << 20];
	const char *deep = "<div>";
	size_t n = 0;

	while (n < sizeof(big) - 10)
		n += (size_t)snprintf(big + n, 10, "%s", deep);
	strcpy(big + n - 5, "end");
	test_text(html_text(&a, big), "end", "200 000 open elements");
	n = (size_t)snprintf(big, 20, "a<p ");
	while (n < sizeof(big) - 20)
		n += (size_t)snprintf(big + n, 20, "x%zu=y ", n);
	strcpy(big + n, ">z");
	test_text(html_text(&a, big), "az", "100 000 attributes");
	memset(big, '<', sizeof(big) - 1);
	test_ok(strlen(html_text(&a, big)) > 0, "a million <");
	for (n = 0; n < sizeof(big) - 10;)
		n += (size_t)snprintf(big + n, 10, "<!--");
	test_ok(html_text(&a, big) != NULL, "a quarter million <!--");
	for (n = 0; n < sizeof(big) - 20;)
		n += (size_t)snprintf(big + n, 20, "<blockquote>x");
	test_ok(strlen(html_text(&a, big)) < 4 * sizeof(big),
	    "80 000 quotes in quotes");
	for (n = 0; n < sizeof(big) - 20;)
		n += (size_t)snprintf(big + n, 20, "<a href=\"");
	test_ok(html_text(&a, big) != NULL, "100 000 open quotes");
}

int
main(void)
{
	shapes();
	quotes();
	bounds();
	arena_done(&a);
	return test_end();
}
