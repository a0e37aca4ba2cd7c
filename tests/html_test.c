/* parser/html.c: HTML to text that people read. */
#include <stdbool.h>

#include "parser/html.h"
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
	text("&#0;&#1;&#x202e;x", "x");
}

static void
tables(void)
{
	/* a table of facts: Word puts paragraphs into its cells */
	text("<table><tr><td><p>Name</p></td><td><p>Ann</p></td></tr>"
	     "<tr><td><p>Room</p></td><td><p>12</p></td></tr></table>x",
	    "Name  Ann\nRoom  12\nx");
	/* one that arranges a page */
	text("<table><tr><td><p>Dear Ann,</p><p>the printer</p></td>"
	     "<td><p>News</p></td></tr></table>",
	    "Dear Ann,\n\nthe printer\n\nNews");
	text("<table><tr><td><p>one</p></td></tr><tr><td><p>two</p></td></tr>"
	     "</table>",
	    "one\n\ntwo");
	text("<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td>"
	     "<td>c</td></tr></table>",
	    "a  b  c");
	text("<table><tr><td><table><tr><td>a</td></tr><tr><td>b</td></tr>"
	     "</table></td><td>c</td></tr></table>",
	    "a\nb\nc");
	text(
	    "<table><tr><td>the words of this cell are so many that nobody "
	    "would look for others behind this one</td><td>them</td></tr></table>",
	    "the words of this cell are so many that nobody would look for "
	    "others behind this one\nthem");
	text("<table><tr><th>a<th>b<tr><td>c<td>d</table>", "a  b\nc  d");
	text("<table><tr><td></td><td>a</td><td></td></tr></table>", "a");
	text("<tr><td>a</td><td>b</td></tr>", "a  b");
}

static void
unseen(void)
{
	text("<div style=\"display:none\">preview</div>Hello",
	    "[hidden: preview]\nHello");
	text("a <span style='color:red; display : NONE'>b <span>c</span></span>"
	     " d",
	    "a [hidden: b c] d");
	text("<span style=\"visibility:hidden\">&nbsp;&zwnj; &#847;</span>x",
	    "x");
	text("<p style=\"mso-hide:all\">one<p>two", "[hidden: one]\n\ntwo");
	text("<div style=display:none><div style=display:none>a</div>b</div>c",
	    "[hidden: a\nb]\nc");
	text("<span style=\"display:none\">open", "[hidden: open]");
	text("<div style=\"display:block\">x</div>", "x");
	text("<td style=\"border-style:none;display:inline\">x</td>", "x");
	text("<span><p>a</span></p>b", "a\n\nb");
	text("<style>p{display:none}</style><p>x</p>", "x");
}

static void
pictures(void)
{
	text("<img alt=\"A red lamp\" src=x> blinks", "[A red lamp] blinks");
	text("hi <img alt=\"\xf0\x9f\x98\x80\" src=x>", "hi 😀");
	text("<img alt=image001.png><img alt=\"\"><img alt=' '>x", "x");
	text("<img alt=\"cid:a@b\"><img alt=\"https://example.com/a\">x", "x");
	text("<a href=\"https://example.com/\"><img alt=\"Our shop\"></a>",
	    "[Our shop] <https://example.com/>");
}

static void
numbers(void)
{
	text("<ol start=4><li>a<li>b<li value=9>c</ol>", "4. a\n5. b\n9. c");
	text("<ol start=x><li>a</ol>", "1. a");
	text("<ol><li>a<ol><li>b</ol><li>c</ol>", "1. a\n  1. b\n2. c");
	text("<ul><li><p>a</p></li><li><p>b</p></li></ul>", "- a\n\n- b");
	text("<ol><li>a<ul><li>b</ul></ol>", "1. a\n  - b");
}

/* Character references, and what programs write instead. */
static void
references(void)
{
	text("&#145;a&#146; &#128; &#133;", "‘a’ € …");
	text("&#129;&#x9d;x", "x");
	text("a&shy;b &#8203;c", "ab c");
	text("&amp;nbsp; &unknown; & &copy;", "&nbsp; &unknown; & ©");
	text("AT&T &lt;x&gt;", "AT&T <x>");
	text("&#x1F600; &hellip; &ndash;", "😀 … –");
	text("&#55357;&#56832;x", "x");
	text("<o:p>&nbsp;</o:p><xml><w:View>Normal</w:View></xml>x", " x");
	text("<![if !supportLists]>a<![endif]>b", "ab");
	text("<?xml:namespace prefix = o />a", "a");
	text("<p>a<p>b<br/>c</br>d", "a\n\nb\nc\nd");
	text("a<b>b</b>c <i>d</i>", "abc d");
	text("x<wbr>y", "xy");
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
	tables();
	unseen();
	pictures();
	numbers();
	references();
	quotes();
	bounds();
	arena_done(&a);
	return test_end();
}
