/* HTML into libxml2 by pieces, for html.c and rich_read.c.  See the header. */
#include "parser/html_feed.h"

#include <string.h>

#include <libxml/HTMLparser.h>

#include "parser/utf8.h"

#define FEED_SIZE 16384

void
html_feed(const char *html, const struct html_calls *calls, void *ctx)
{
	htmlSAXHandler sax = {
		.startElement = calls->open,
		.endElement = calls->close,
		.characters = calls->text,
		.cdataBlock = calls->text,
		.ignorableWhitespace = calls->text,
	};
	size_t n = strlen(html);
	htmlParserCtxtPtr x = htmlCreatePushParserCtxt(
	    &sax, ctx, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);

	if (x == NULL)
		return;
	/* not HTML_PARSE_NOIMPLIED: pushed, it ends behind the first element */
	htmlCtxtUseOptions(x,
	    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
		HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	while (n > 0) {
		size_t k = utf8_cut(html, n, FEED_SIZE);

		htmlParseChunk(x, html, (int)k, 0);
		html += k;
		n -= k;
	}
	htmlParseChunk(x, NULL, 0, 1);
	htmlFreeParserCtxt(x);
}
