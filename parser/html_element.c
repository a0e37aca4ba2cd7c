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

/* How mail programs wrap the mail that is answered. */
bool
html_answered(const char *name, const xmlChar **attrs)
{
	static const char *const classes[] = { "gmail_quote", "yahoo_quoted",
		"protonmail_quote", "tutanota_quote", "zmail_extra",
		"moz-cite-prefix", "gmx_quote", "mail_quote",
		"freemail_quote" };
	static const char *const ids[] = { "OLK_SRC_BODY_SECTION",
		"mail-editor-reference-message-container", "yahoo_quoted" };
	const char *class = html_attribute(attrs, "class");
	const char *id = html_attribute(attrs, "id");
	const char *type = html_attribute(attrs, "type");

	if (strcmp(name, "blockquote") == 0 && html_has(type, "cite"))
		return true;
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (html_has(class, classes[i]))
			return true;
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		if (html_has(id, ids[i]))
			return true;
	return false;
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
