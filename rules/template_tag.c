/*
 * Templates: one tag to a node.  All that can be wrong with a tag is found
 * here, with its place.  What stands around tags is in template.c.
 */
#include "rules/template_source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parser/near.h"

/* Where n bytes at a byte stand: characters, not bytes, count as columns. */
static struct conf_place
place_of(const struct source *s, size_t at, size_t n)
{
	struct conf_place p = {
		.file = &s->file, .at = at, .line = 1, .column = 1
	};

	for (size_t i = 0; i < at; i++) {
		if (s->text[i] == '\n') {
			p.line++;
			p.column = 1;
			p.line_at = i + 1;
		} else if (((unsigned char)s->text[i] & 0xc0) != 0x80) {
			p.column++;
		}
	}
	for (size_t i = at; i < at + n && s->text[i] != '\0'; i++)
		p.width += ((unsigned char)s->text[i] & 0xc0) != 0x80;
	return p;
}

int
template_fail(
    struct source *s, size_t at, const char *hint, const char *fmt, ...)
{
	struct conf_place p = place_of(s, at, s->tag_n);
	char what[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	conf_complain(s->arena, s->rep, true, &p, hint, "%s", what);
	s->errors++;
	return -1;
}

struct node *
template_node(struct source *s, enum node_kind kind, size_t at)
{
	struct nodes *l = s->nodes;
	struct node *n;

	l->list = arena_grow(s->arena, l->list, l->n, &l->cap, sizeof(*n));
	n = &l->list[l->n++];
	*n = (struct node){ .kind = kind, .from = at };
	return n;
}

static bool
is_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789._-");

	return n > 0 && s[n] == '\0' && *s >= 'a' && *s <= 'z';
}

static bool
is_in(const char *const *list, const char *name)
{
	for (; list != NULL && *list != NULL; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

/* A name that this template may use. */
static int
check_name(struct source *s, size_t at, const char *name)
{
	const struct template_kind *k = s->kind;
	const char *meant;

	if (!is_name(name))
		return template_fail(s, at, NULL, "not a name: %.80s", name);
	if (k->known == NULL || is_in(k->known, name) || is_in(k->later, name))
		return 0;
	meant = near_word(name, k->known);
	if (meant == NULL && k->later != NULL)
		meant = near_word(name, k->later);
	return template_fail(s, at,
	    meant == NULL ? NULL
			  : arena_printf(s->arena, "did you mean '%s'?", meant),
	    "unknown variable '%.80s'", name);
}

/*
 * What stands for a moment that nobody knows yet, where the template says
 * nothing: "by {{sla.resolution.local}}" promises no more than it should, and
 * is a sentence.
 */
static const char *
moment_words(const struct source *s, const char *name)
{
	static const char *const words[][2] = {
		{ "de", "zum vereinbarten Zeitpunkt" },
		{ "es", "el plazo acordado" },
		{ "fr", "le d\xc3\xa9lai convenu" },
		{ "en", "the agreed time" },
	};
	size_t last = sizeof(words) / sizeof(words[0]) - 1, i = 0;
	const char *language = s->language == NULL ? "" : s->language;

	if (!is_in(s->kind->later, name) || strncmp(name, "sla.", 4) != 0)
		return NULL;
	while (i < last &&
	    !language_serves(words[i][0], language, strlen(language)))
		i++;
	return words[i][1];
}

/* A value that cannot be there yet, and nothing that stands in for it. */
static void
warn_later(struct source *s, size_t at, const char *name)
{
	struct conf_place p;

	if (!is_in(s->kind->later, name))
		return;
	for (size_t i = 0; i < s->depth; i++)
		if (is_in(s->kind->later, s->nodes->list[s->open[i]].name))
			return;
	p = place_of(s, at, s->tag_n);
	conf_complain(s->arena, s->rep, false, &p,
	    arena_printf(s->arena,
		"give it a fallback, {{%s|...}}, or a section around it", name),
	    "'%.80s' has no value in this version: nothing is printed", name);
}

/* One word or "quoted text" of a tag; moves *p, to the end when there is none
 * or it is not well formed: then NULL. */
static const char *
tag_word(struct source *s, const char **p)
{
	const char *from = *p + strspn(*p, " "), *end;
	bool quoted = *from == '"';
	size_t n;

	from += quoted;
	n = strcspn(from, quoted ? "\"" : " \"");
	end = from + n + (quoted && from[n] == '"');
	/* Quotes end where they began, and the next word needs a blank. */
	if ((quoted ? end == from + n : n == 0) ||
	    (*end != '\0' && *end != ' ')) {
		*p += strlen(*p);
		return NULL;
	}
	*p = end;
	return arena_strndup(s->arena, from, n);
}

/* {{indent 4 name}} */
static int
tag_indent(struct source *s, size_t at, const char *p)
{
	const char *width = tag_word(s, &p), *name = tag_word(s, &p);
	size_t columns = 0;
	struct node *n;

	if (width != NULL && strspn(width, "0123456789") == strlen(width) &&
	    strlen(width) <= 2)
		for (const char *d = width; *d != '\0'; d++)
			columns = columns * 10 + (size_t)(*d - '0');
	if (name == NULL || columns == 0 || columns > TEMPLATE_INDENT_MAX ||
	    p[strspn(p, " ")] != '\0')
		return template_fail(s, at, "write {{indent 4 name}}",
		    "'indent' takes a number up to %d and a name",
		    TEMPLATE_INDENT_MAX);
	if (check_name(s, at, name) == -1)
		return -1;
	n = template_node(s, NODE_INDENT, at);
	n->name = name;
	n->indent = columns;
	return 0;
}

/* {{plural name "one" "many"}} */
static int
tag_plural(struct source *s, size_t at, const char *p)
{
	const char *name = tag_word(s, &p), *one = tag_word(s, &p);
	const char *many = tag_word(s, &p);
	struct node *n;

	if (many == NULL || p[strspn(p, " ")] != '\0')
		return template_fail(s, at,
		    "write {{plural name \"one\" \"many\"}}",
		    "'plural' takes a name and two words");
	if (check_name(s, at, name) == -1)
		return -1;
	n = template_node(s, NODE_PLURAL, at);
	n->name = name;
	n->first = one;
	n->second = many;
	return 0;
}

/* {{button "words" name}}: the value is a link. */
static int
tag_button(struct source *s, size_t at, const char *p)
{
	const char *words = tag_word(s, &p), *name = tag_word(s, &p);
	struct node *n;

	if (name == NULL || p[strspn(p, " ")] != '\0')
		return template_fail(s, at, "write {{button \"words\" name}}",
		    "'button' takes words and a name");
	if (check_name(s, at, name) == -1)
		return -1;
	n = template_node(s, NODE_BUTTON, at);
	n->name = name;
	n->first = words;
	return 0;
}

/* {{#name}} {{^name}} {{#name?}} */
static int
tag_open(struct source *s, size_t at, enum node_kind kind, char *name)
{
	size_t len = strlen(name);
	struct node *n;

	if (len > 0 && name[len - 1] == '?') {
		name[len - 1] = '\0';
		if (kind == NODE_SECTION)
			kind = NODE_ANY;
	}
	if (s->depth == TEMPLATE_DEPTH_MAX) {
		s->errors += TEMPLATE_ERRORS_MAX; /* all else would be wrong */
		return template_fail(
		    s, at, NULL, "sections are nested too deeply");
	}
	s->open[s->depth++] = s->nodes->n;
	n = template_node(s, kind, at);
	n->name = name;
	n->n = s->tag_n;
	return check_name(s, at, name);
}

/* {{/name}}; the "?" may be repeated. */
static int
tag_close(struct source *s, size_t at, char *name)
{
	size_t len = strlen(name), depth = s->depth;
	struct node *n;

	if (len > 0 && name[len - 1] == '?')
		name[len - 1] = '\0';
	while (depth > 0 &&
	    strcmp(s->nodes->list[s->open[depth - 1]].name, name) != 0)
		depth--;
	if (depth == 0)
		return template_fail(s, at,
		    s->depth == 0
			? NULL
			: arena_printf(s->arena, "write {{/%s}}",
			      s->nodes->list[s->open[s->depth - 1]].name),
		    "no section '%.80s' is open here", name);
	n = &s->nodes->list[s->open[depth - 1]];
	n->end = s->nodes->n;
	if (depth < s->depth) {
		n = &s->nodes->list[s->open[s->depth - 1]];
		s->depth = depth - 1;
		return template_fail(s, at,
		    arena_printf(s->arena, "write {{/%s}} before it", n->name),
		    "section '%.80s' is still open here", n->name);
	}
	s->depth--;
	return 0;
}

static int
tag_value(struct source *s, size_t at, const char *tag)
{
	const char *bar = strchr(tag, '|'), *fallback;
	size_t len = bar == NULL ? strlen(tag) : (size_t)(bar - tag);
	char *name;
	struct node *n;

	while (len > 0 && tag[len - 1] == ' ')
		len--;
	name = arena_strndup(s->arena, tag, len);
	if (check_name(s, at, name) == -1)
		return -1;
	fallback = bar != NULL ? bar + 1 : moment_words(s, name);
	if (fallback == NULL)
		warn_later(s, at, name);
	n = template_node(s, NODE_VALUE, at);
	n->name = name;
	n->first = fallback == NULL ? "" : fallback;
	return 0;
}

static const struct {
	const char *word;
	int (*read)(struct source *s, size_t at, const char *rest);
} functions[] = {
	{ "indent ", tag_indent },
	{ "plural ", tag_plural },
	{ "button ", tag_button },
};

/* Blanks at the ends mean nothing, but a fallback is kept as it was written. */
static char *
tag_trim(char *tag)
{
	size_t n;

	tag += strspn(tag, " ");
	n = strlen(tag);
	while (n > 0 && tag[n - 1] == ' ' && strchr(tag, '|') == NULL)
		tag[--n] = '\0';
	return tag;
}

int
template_tag(struct source *s, size_t at, char *tag)
{
	tag = tag_trim(tag);
	if (*tag == '#')
		return tag_open(s, at, NODE_SECTION, tag + 1);
	if (*tag == '^')
		return tag_open(s, at, NODE_INVERSE, tag + 1);
	if (*tag == '/')
		return tag_close(s, at, tag + 1);
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (strncmp(
			tag, functions[i].word, strlen(functions[i].word)) == 0)
			return functions[i].read(
			    s, at, tag + strlen(functions[i].word));
	return tag_value(s, at, tag);
}
