/*
 * Templates, first half: text to a list of nodes.  All that can be wrong with a
 * template is found here, with its place, so that rendering cannot fail over
 * one.  Values are never looked at.
 */
#include "rules/template.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parser/conf_tree.h"
#include "parser/limits.h"
#include "parser/near.h"
#include "rules/template_node.h"

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

/* An error at the tag in hand; always -1. */
__attribute__((format(printf, 4, 5))) static int
fail(struct source *s, size_t at, const char *hint, const char *fmt, ...)
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

static struct node *
node_add(struct source *s, enum node_kind kind, size_t at)
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
		return fail(s, at, NULL, "not a name: %.80s", name);
	if (k->known == NULL || is_in(k->known, name) || is_in(k->later, name))
		return 0;
	meant = near_word(name, k->known);
	if (meant == NULL && k->later != NULL)
		meant = near_word(name, k->later);
	return fail(s, at,
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
		return fail(s, at, "write {{indent 4 name}}",
		    "'indent' takes a number up to %d and a name",
		    TEMPLATE_INDENT_MAX);
	if (check_name(s, at, name) == -1)
		return -1;
	n = node_add(s, NODE_INDENT, at);
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
		return fail(s, at, "write {{plural name \"one\" \"many\"}}",
		    "'plural' takes a name and two words");
	if (check_name(s, at, name) == -1)
		return -1;
	n = node_add(s, NODE_PLURAL, at);
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
		return fail(s, at, "write {{button \"words\" name}}",
		    "'button' takes words and a name");
	if (check_name(s, at, name) == -1)
		return -1;
	n = node_add(s, NODE_BUTTON, at);
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
		return fail(s, at, NULL, "sections are nested too deeply");
	}
	s->open[s->depth++] = s->nodes->n;
	n = node_add(s, kind, at);
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
		return fail(s, at,
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
		return fail(s, at,
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
	n = node_add(s, NODE_VALUE, at);
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

/* What stands between {{ and }}. */
static int
tag_read(struct source *s, size_t at, char *tag)
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

/* Is the tag at [*begin, *end) a section mark or an indented text that stands
 * alone on its line (which is not read before least)?  Then the whole line. */
static bool
stands_alone(
    const char *text, size_t least, size_t *begin, size_t *end, size_t to)
{
	const char *tag = text + *begin + 2 + strspn(text + *begin + 2, " ");
	size_t from = *begin, after = *end;

	if (*tag != '#' && *tag != '^' && *tag != '/' &&
	    strncmp(tag, "indent ", 7) != 0)
		return false;
	while (
	    from > least && (text[from - 1] == ' ' || text[from - 1] == '\t'))
		from--;
	if (from > 0 && text[from - 1] != '\n')
		return false;
	after += strspn(text + after, " \t");
	if (after < to && text[after] != '\n')
		return false;
	*begin = from;
	*end = after < to ? after + 1 : to;
	return true;
}

static void
text_add(struct source *s, size_t from, size_t to)
{
	struct node *n;

	if (from >= to)
		return;
	n = node_add(s, NODE_TEXT, from);
	n->text = s->text + from;
	n->n = to - from;
}

/* The tag at [at, after). */
static void
compile_tag(struct source *s, size_t at, size_t after, bool alone)
{
	char *tag = arena_strndup(s->arena, s->text + at + 2, after - at - 4);
	struct node *n;

	s->tag_n = after - at;
	if (tag_read(s, at, tag) == -1 || s->nodes->n == 0)
		return;
	n = &s->nodes->list[s->nodes->n - 1];
	/* Its line end comes with its text, and goes without. */
	if (alone && n->kind == NODE_INDENT && n->from == at)
		n->second = "\n";
}

/* Sections that nothing closed. */
static void
compile_end(struct source *s)
{
	for (size_t i = 0; i < s->depth; i++) {
		const struct node *n = &s->nodes->list[s->open[i]];

		s->tag_n = n->n;
		fail(s, n->from,
		    arena_printf(s->arena, "it ends with {{/%s}}", n->name),
		    "this section has no end: %.80s", n->name);
	}
	s->depth = 0;
}

/* The bytes [from, to) of the source to nodes. */
static void
compile_range(struct source *s, size_t from, size_t to)
{
	while (from < to && s->errors < TEMPLATE_ERRORS_MAX) {
		const char *mark = strstr(s->text + from, "{{"), *close;
		size_t at = mark == NULL ? to : (size_t)(mark - s->text), after;
		size_t begin = at, end, line;
		bool alone;

		if (at >= to)
			break;
		line = at + strcspn(mark, "\n");
		close = strstr(mark, "}}");
		after = close == NULL ? to + 1 : (size_t)(close - s->text) + 2;
		if (after > to || after > line) {
			s->tag_n = 2;
			fail(s, at, NULL, "'{{' without '}}' on its line");
			from = line;
			continue;
		}
		end = after;
		alone = stands_alone(s->text, from, &begin, &end, to);
		text_add(s, from, begin);
		compile_tag(s, at, after, alone);
		from = end;
	}
	if (s->errors >= TEMPLATE_ERRORS_MAX)
		return;
	text_add(s, from, to);
	compile_end(s);
}

/* The one header line of a kind. */
static const char *
header_of(const struct source *s)
{
	return s->kind->from ? "From:" : "Subject:";
}

/* One header line [from, to). */
static void
compile_header(struct source *s, size_t from, size_t to, struct template *t)
{
	const char *header = header_of(s);
	size_t n = strlen(header);

	s->tag_n = strcspn(s->text + from, ": \n");
	if (to - from < n || strncmp(s->text + from, header, n) != 0) {
		fail(s, from, "an empty line begins the text",
		    "before the first empty line only '%s ...' may stand",
		    header);
		return;
	}
	if (t->subject.n > 0) {
		fail(s, from, NULL, "there is a second %s",
		    s->kind->from ? "sender" : "subject");
		return;
	}
	from += n;
	from += strspn(s->text + from, " ");
	if (from >= to) {
		s->tag_n = 1;
		fail(s, to, NULL, "the %s is empty",
		    s->kind->from ? "sender" : "subject");
		return;
	}
	s->nodes = &t->subject;
	compile_range(s, from, to);
}

/* The header; the byte where the text begins. */
static size_t
compile_headers(struct source *s, struct template *t)
{
	size_t at = 0, n;

	while ((n = strcspn(s->text + at, "\n")) > 0 &&
	    s->errors < TEMPLATE_ERRORS_MAX) {
		compile_header(s, at, at + n, t);
		at += n + (s->text[at + n] == '\n');
	}
	if (t->subject.n == 0 && s->errors == 0) {
		s->tag_n = 1;
		fail(s, 0, NULL, "the first line must be '%s ...'",
		    header_of(s));
	}
	return at + (s->text[at] == '\n');
}

int
template_compile(struct arena *a, const struct template_source *src,
    struct conf_report *rep, struct template **out)
{
	struct source s = { .arena = a,
		.kind = src->kind,
		.language = src->language,
		.rep = rep };
	struct template *t = arena_alloc(a, sizeof(*t));
	size_t at;

	s.text = arena_strdup(a, src->text);
	s.file = (struct conf_file){
		.path = src->path, .text = s.text, .n = strlen(s.text)
	};
	if (s.file.n > TEMPLATE_FILE_MAX)
		return fail(&s, 0, NULL, "a template may have %d KB",
		    TEMPLATE_FILE_MAX >> 10);
	at = compile_headers(&s, t);
	s.nodes = &t->text;
	compile_range(&s, at, s.file.n);
	if (s.errors > 0)
		return -1;
	*out = t;
	return 0;
}
