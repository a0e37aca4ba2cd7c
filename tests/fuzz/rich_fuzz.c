/*
 * HTML and a text that it is to say.  What comes out has the tags of ours only,
 * each closed, no address but safe ones, and the letters and digits of the
 * text: none that it has not.  Input: the text up to the first NUL, then HTML;
 * an empty text stands for all that the HTML says.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/html.h"
#include "parser/limits.h"
#include "parser/rich.h"
#include "parser/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const tags[] = { "<p>", "<br>", "<b>", "<i>", "<u>", "<s>",
	"<ul>", "<ol>", "<li>", "<pre>", "<code>", "<blockquote>", "<table>",
	"<tr>", "<td>", "<th>", "</p>", "</b>", "</i>", "</u>", "</s>", "</a>",
	"</ul>", "</ol>", "</li>", "</pre>", "</code>", "</blockquote>",
	"</table>", "</tr>", "</td>", "</th>" };

/* The bytes of the tag at s. */
static size_t
tag(const char *s)
{
	static const char *const links[] = { "<a href=\"http://",
		"<a href=\"https://", "<a href=\"mailto:", "<a href=\"tel:",
		"<img src=\"cid:", "<ol start=\"" };
	const char *end = strchr(s, '>');

	assert(end != NULL);
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (strncmp(s, tags[i], strlen(tags[i])) == 0)
			return strlen(tags[i]);
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		size_t n = strlen(links[i]);

		if (strncasecmp(s, links[i], n) == 0) {
			n += strcspn(s + n, "\"<>\n");
			assert(s[n] == '"' && s[n + 1] == '>');
			return n + 2;
		}
	}
	abort(); /* a tag that is not ours */
}

static void
check_tags(const char *rich)
{
	char open[64][12];
	size_t depth = 0;

	for (const char *s = rich; *s != '\0'; s++) {
		size_t n, k;

		assert(*s != '>');
		if (*s != '<')
			continue;
		n = tag(s);
		k = strcspn(s + 1 + (s[1] == '/'), " >");
		if (s[1] == '/') {
			assert(depth > 0);
			depth--;
			assert(strlen(open[depth]) == k &&
			    strncmp(open[depth], s + 2, k) == 0);
		} else if (strncmp(s, "<br", 3) != 0 &&
		    strncmp(s, "<img", 4) != 0) {
			assert(depth < 64 && k < sizeof(*open));
			memcpy(open[depth], s + 1, k);
			open[depth++][k] = '\0';
		}
		s += n - 1;
	}
	assert(depth == 0);
}

static bool
counts(char c)
{
	return ascii_alpha(c) || ascii_digit(c);
}

/* Letters and digits of the words stand in the text, in this order. */
static void
check_words(const char *words, const char *text)
{
	for (; *words != '\0'; words++) {
		if (!counts(*words))
			continue;
		while (*text != '\0' && *text != *words)
			text++;
		/* the mark of a list may be another one: "o" for "-" */
		assert(*text != '\0' || words[1] == '\0' || words[1] == ' ' ||
		    words[1] == '.' || words[1] == ')' || ascii_digit(*words));
		text += *text != '\0';
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size == 0 ? NULL : memchr(data, '\0', size);
	size_t n = nul == NULL ? 0 : (size_t)(nul - data) + 1;
	struct arena a = { 0 };
	char *text, *html, *rich, *again;

	if (size > MAIL_HTML_MAX)
		return 0;
	text = utf8_from(&a, "utf-8", (const char *)data, n, NULL);
	html = utf8_from(&a, "utf-8", (const char *)data + n, size - n, NULL);
	if (*text == '\0')
		text = html_text(&a, html);
	rich = rich_make(&a, html, text);
	if (rich != NULL) {
		assert(strlen(rich) <= RICH_MAX);
		assert(utf8_valid(rich, strlen(rich)));
		check_tags(rich);
		check_words(rich_words(&a, rich), text);
		again = rich_cut(&a, rich, text);
		assert(again == NULL || strlen(again) > 0);
		if (again != NULL)
			check_tags(again);
	}
	arena_done(&a);
	return 0;
}
