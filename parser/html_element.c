/*
 * What the elements of HTML mean for text, and which of them mail programs put
 * around the mail that is answered.
 */
#include "parser/html_element.h"

#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/html_clean.h"

struct element {
	const char *name;
	unsigned flags;
};

static const struct element elements[] = {
	{ "p", BLOCK | PARAGRAPH },
	{ "div", BLOCK },
	{ "br", VOID },
	{ "tr", BLOCK },
	{ "td", CELL },
	{ "th", CELL },
	{ "table", BLOCK },
	{ "tbody", BLOCK },
	{ "li", BLOCK },
	{ "ul", BLOCK },
	{ "ol", BLOCK },
	{ "dl", BLOCK | PARAGRAPH },
	{ "dt", BLOCK },
	{ "dd", BLOCK },
	{ "h1", BLOCK | PARAGRAPH },
	{ "h2", BLOCK | PARAGRAPH },
	{ "h3", BLOCK | PARAGRAPH },
	{ "h4", BLOCK | PARAGRAPH },
	{ "h5", BLOCK | PARAGRAPH },
	{ "h6", BLOCK | PARAGRAPH },
	{ "blockquote", BLOCK },
	{ "pre", BLOCK | PARAGRAPH | PRE },
	{ "hr", BLOCK | VOID },
	{ "script", SKIP },
	{ "style", SKIP },
	{ "title", SKIP },
	{ "xml", SKIP }, /* what Word keeps about itself */
	{ "template", SKIP },
	{ "address", BLOCK },
	{ "article", BLOCK },
	{ "aside", BLOCK },
	{ "caption", BLOCK },
	{ "center", BLOCK },
	{ "fieldset", BLOCK },
	{ "figure", BLOCK },
	{ "footer", BLOCK },
	{ "form", BLOCK },
	{ "header", BLOCK },
	{ "main", BLOCK },
	{ "nav", BLOCK },
	{ "option", BLOCK },
	{ "section", BLOCK },
	{ "body", BLOCK },
	{ "html", BLOCK },
};

unsigned
html_flags(const char *name)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(*elements); i++)
		if (elements[i].name[0] == name[0] &&
		    strcmp(elements[i].name, name) == 0)
			return elements[i].flags;
	return 0;
}

const char *
html_attribute(const xmlChar **attrs, const char *name)
{
	for (size_t i = 0; attrs != NULL && attrs[i] != NULL; i += 2)
		if (strcmp((const char *)attrs[i], name) == 0)
			return attrs[i + 1] == NULL
			    ? ""
			    : (const char *)attrs[i + 1];
	return NULL;
}

bool
html_has(const char *text, const char *part)
{
	return text != NULL && ascii_find(text, part) != NULL;
}

/* How mail programs mark the mail that is answered and what they add. */
struct html_sign {
	const char *attribute, *value;
	bool whole; /* the value is just this, else it has it somewhere */
	enum html_kind kind;
};

static const struct html_sign signs[] = {
	{ "class", "gmail_quote", false, HTML_BOX },
	{ "class", "gmail_attr", false, HTML_QUOTE },
	{ "class", "protonmail_quote", false, HTML_BOX },
	{ "class", "yahoo_quoted", false, HTML_QUOTE },
	{ "class", "tutanota_quote", false, HTML_QUOTE },
	{ "class", "zmail_extra", false, HTML_BOX },
	{ "class", "moz-cite-prefix", false, HTML_QUOTE },
	{ "class", "gmx_quote", false, HTML_QUOTE },
	{ "class", "mail_quote", false, HTML_QUOTE },
	{ "class", "freemail_quote", false, HTML_QUOTE },
	{ "class", "spark_quote", false, HTML_QUOTE },
	{ "class", "front-blockquote", false, HTML_QUOTE },
	{ "class", "OutlookMessageHeader", true, HTML_DIVIDER },
	{ "class", "gmail_signature", false, HTML_SIGNATURE },
	{ "class", "moz-signature", false, HTML_SIGNATURE },
	{ "class", "protonmail_signature_block", false, HTML_SIGNATURE },
	{ "id", "OLK_SRC_BODY_SECTION", true, HTML_QUOTE },
	{ "id", "mail-editor-reference-message-container", true, HTML_QUOTE },
	{ "id", "yahoo_quoted", false, HTML_QUOTE },
	{ "id", "isReplyContent", true, HTML_QUOTE },
	{ "id", "reply-intro", true, HTML_QUOTE },
	{ "id", "divRplyFwdMsg", true, HTML_DIVIDER },
	{ "id", "stopSpelling", true, HTML_DIVIDER },
	{ "id", "ms-outlook-mobile-signature", true, HTML_SIGNATURE },
	{ "name", "quote", true, HTML_BOX },
	{ "name", "messageReplySection", true, HTML_BOX },
	{ "data-marker", "__HEADERS__", true, HTML_DIVIDER },
	{ "data-marker", "__QUOTED_TEXT__", true, HTML_QUOTE },
	/* Outlook's own, with its two colours */
	{ "style", "border-top:solid #e1e1e1", false, HTML_DIVIDER },
	{ "style", "border-top:solid #b5c4df", false, HTML_DIVIDER },
};

static const struct html_sign *
find_in(const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (strcmp(signs[i].attribute, name) == 0 &&
		    (signs[i].whole ? strcmp(value, signs[i].value) == 0
				    : html_has(value, signs[i].value)))
			return &signs[i];
	return NULL;
}

/* Most elements of most mails have none: the words that all rows share are
 * looked for first. */
static const struct html_sign *
find_sign(const xmlChar **attrs)
{
	for (; *attrs != NULL; attrs += 2) {
		const char *name = (const char *)attrs[0];
		const char *value = (const char *)attrs[1];
		const struct html_sign *x;

		if (value == NULL || strchr("cinds", name[0]) == NULL ||
		    (name[0] == 's' &&
			!html_has(value, "border-top:solid #")) ||
		    (name[0] == 'c' && strncmp(value, "Mso", 3) == 0))
			continue;
		x = find_in(name, value);
		if (x != NULL)
			return x;
	}
	return NULL;
}

bool
html_answered(const char *name, const xmlChar **attrs, enum html_kind *kind)
{
	const struct html_sign *x;

	if (attrs == NULL)
		return false;
	*kind = HTML_QUOTE;
	if (strcmp(name, "blockquote") == 0)
		return html_has(html_attribute(attrs, "type"), "cite");
	x = find_sign(attrs);
	if (x != NULL)
		*kind = x->kind;
	return x != NULL;
}

/* A quote, or only something moved to the right? */
bool
html_indent(const xmlChar **attrs)
{
	const char *style = html_attribute(attrs, "style");

	return html_attribute(attrs, "type") == NULL &&
	    (html_has(style, "border:none") || html_has(style, "border: none"));
}

bool
html_hidden(const xmlChar **attrs)
{
	const char *style = html_attribute(attrs, "style");

	return html_attribute(attrs, "hidden") != NULL ||
	    (style != NULL && html_hides(style, strlen(style)));
}

bool
html_alt(const char *alt)
{
	size_t n = strlen(alt), tail;
	const char *dot = strrchr(alt, '.');

	if (alt[strspn(alt, " \t\n")] == '\0' || n > 200 ||
	    strncasecmp(alt, "cid:", 4) == 0 || strstr(alt, "://") != NULL)
		return false;
	/* a file name tells nobody anything */
	tail = dot == NULL ? 0 : strlen(dot + 1);
	return strchr(alt, ' ') != NULL || tail < 3 || tail > 4;
}
