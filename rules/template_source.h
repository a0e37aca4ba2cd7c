#ifndef RULES_TEMPLATE_SOURCE_H
#define RULES_TEMPLATE_SOURCE_H

#include "parser/conf_tree.h"
#include "parser/limits.h"
#include "rules/template.h"
#include "rules/template_node.h"

/* The inside of template.c and template_tag.c; nobody else includes this. */

/* A template while it is compiled. */
struct source {
	struct arena *arena;
	struct conf_file file; /* for messages */
	const char *text;
	const struct template_kind *kind;
	const char *language;
	struct conf_report *rep;
	struct nodes *nodes;
	size_t open[TEMPLATE_DEPTH_MAX]; /* nodes of the sections around */
	size_t depth;
	size_t tag_n; /* bytes of the tag in hand */
	int errors;
};

/* An error at the tag in hand; always -1. */
__attribute__((format(printf, 4, 5))) int template_fail(
    struct source *s, size_t at, const char *hint, const char *fmt, ...);

struct node *template_node(struct source *s, enum node_kind kind, size_t at);

/* What stands between {{ and }}. */
int template_tag(struct source *s, size_t at, char *tag);

#endif
