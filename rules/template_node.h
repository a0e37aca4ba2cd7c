#ifndef RULES_TEMPLATE_NODE_H
#define RULES_TEMPLATE_NODE_H

#include <stdbool.h>
#include <stddef.h>

/* Private to template: a compiled template is a flat list; a section knows
 * where it ends. */
enum node_kind {
	NODE_TEXT,
	NODE_VALUE,
	NODE_SECTION,
	NODE_INVERSE,
	NODE_ANY,
	NODE_INDENT,
	NODE_PLURAL,
	NODE_BUTTON
};

struct node {
	enum node_kind kind;
	const char *text; /* NODE_TEXT: these n bytes */
	size_t n;
	const char *name;
	const char *first;  /* fallback, "one", or the button's words */
	const char *second; /* "many"; a line end behind an indented text */
	size_t indent;
	size_t end;  /* of a section: the node after its last */
	size_t from; /* where it stands in the source, for messages */
};

struct nodes {
	struct node *list;
	size_t n, cap;
};

struct template
{
	struct nodes subject, text;
};

#endif
