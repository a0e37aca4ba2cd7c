/*
 * Templates, first half: text to a list of nodes.  All that can be wrong with a
 * template is found here, with its place, so that rendering cannot fail over
 * one.  Values are never looked at.
 */
#include "rules/template.h"

#include <string.h>

#include "parser/limits.h"
#include "parser/near.h"
#include "rules/template_node.h"

/* A template while it is compiled. */
struct source {
	struct arena *arena;
	const char *name, *text;
	const char *const *known;
	struct nodes *nodes;
	size_t open[TEMPLATE_DEPTH_MAX]; /* nodes of the sections around */
	size_t depth;
	struct err *err;
};

/* Set the error with the place: characters, not bytes, count as columns. */
static int
fail(struct source *s, size_t at, const char *what, const char *word)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at; i++) {
		if (s->text[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)s->text[i] & 0xc0) != 0x80) {
			column++;
		}
	}
	return err_set(s->err, ERR_REJECT, "%s:%zu:%zu: error: %s%s", s->name,
	    line, column, what, word);
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

/* A name that this template may use. */
static int
check_name(struct source *s, size_t at, const char *name)
{
	const char *meant;

	if (!is_name(name))
		return fail(s, at, "not a name: ", name);
	for (const char *const *k = s->known; k != NULL; k++) {
		if (*k == NULL)
			break;
		if (strcmp(*k, name) == 0)
			return 0;
	}
	if (s->known == NULL)
		return 0;
	meant = near_word(name, s->known);
	return fail(s, at,
	    arena_printf(s->arena, "unknown variable '%s'", name),
	    meant == NULL
		? ""
		: arena_printf(s->arena, ", did you mean '%s'?", meant));
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
		return fail(s, at, "write {{indent 4 name}}", "");
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
		return fail(
		    s, at, "write {{plural name \"one\" \"many\"}}", "");
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
		return fail(s, at, "write {{button \"words\" name}}", "");
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
	if (check_name(s, at, name) == -1)
		return -1;
	if (s->depth == TEMPLATE_DEPTH_MAX)
		return fail(s, at, "sections are nested too deeply", "");
	s->open[s->depth++] = s->nodes->n;
	n = node_add(s, kind, at);
	n->name = name;
	return 0;
}

/* {{/name}}; the "?" may be repeated. */
static int
tag_close(struct source *s, size_t at, char *name)
{
	size_t len = strlen(name);
	struct node *n;

	if (s->depth == 0)
		return fail(s, at, "no section is open here: /", name);
	n = &s->nodes->list[s->open[--s->depth]];
	if (len > 0 && name[len - 1] == '?' && n->kind != NODE_SECTION)
		name[len - 1] = '\0';
	if (strcmp(n->name, name) != 0)
		return fail(
		    s, at, "the section that is open here is: ", n->name);
	n->end = s->nodes->n;
	return 0;
}

static int
tag_value(struct source *s, size_t at, const char *tag)
{
	const char *bar = strchr(tag, '|');
	size_t len = bar == NULL ? strlen(tag) : (size_t)(bar - tag);
	char *name;
	struct node *n;

	while (len > 0 && tag[len - 1] == ' ')
		len--;
	name = arena_strndup(s->arena, tag, len);
	if (check_name(s, at, name) == -1)
		return -1;
	n = node_add(s, NODE_VALUE, at);
	n->name = name;
	n->first = bar == NULL ? "" : bar + 1;
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
static int
compile_tag(struct source *s, size_t at, size_t after, bool alone)
{
	char *tag = arena_strndup(s->arena, s->text + at + 2, after - at - 4);
	struct node *n;

	if (tag_read(s, at, tag) == -1)
		return -1;
	n = &s->nodes->list[s->nodes->n - 1];
	/* Its line end comes with its text, and goes without. */
	if (alone && n->kind == NODE_INDENT && n->from == at)
		n->second = "\n";
	return 0;
}

/* The bytes [from, to) of the source to nodes. */
static int
compile_range(struct source *s, size_t from, size_t to)
{
	while (from < to) {
		const char *mark = strstr(s->text + from, "{{"), *close;
		size_t at = mark == NULL ? to : (size_t)(mark - s->text), after;
		size_t begin = at, end;
		bool alone;

		if (at >= to)
			break;
		close = strstr(mark, "}}");
		after = close == NULL ? to + 1 : (size_t)(close - s->text) + 2;
		if (after > to || memchr(mark, '\n', after - at) != NULL)
			return fail(s, at, "'{{' without '}}' on its line", "");
		end = after;
		alone = stands_alone(s->text, from, &begin, &end, to);
		text_add(s, from, begin);
		if (compile_tag(s, at, after, alone) == -1)
			return -1;
		from = end;
	}
	text_add(s, from, to);
	if (s->depth > 0)
		return fail(s, s->nodes->list[s->open[s->depth - 1]].from,
		    "this section has no end: ",
		    s->nodes->list[s->open[s->depth - 1]].name);
	return 0;
}

/* One header line [from, to); only Subject is known. */
static int
compile_header(struct source *s, size_t from, size_t to, struct template *t)
{
	static const char subject[] = "Subject:";
	size_t n = sizeof(subject) - 1;

	if (to - from < n || strncmp(s->text + from, subject, n) != 0)
		return fail(s, from,
		    "before the first empty line only 'Subject: ...' may "
		    "stand",
		    "");
	if (t->subject.n > 0)
		return fail(s, from, "there is a second subject", "");
	from += n;
	from += strspn(s->text + from, " ");
	if (from >= to)
		return fail(s, to, "the subject is empty", "");
	s->nodes = &t->subject;
	return compile_range(s, from, to);
}

int
template_compile(struct arena *a, const char *name, const char *text,
    const char *const *known, struct template **out, struct err *e)
{
	struct source s = {
		.arena = a, .name = name, .known = known, .err = e
	};
	struct template *t = arena_alloc(a, sizeof(*t));
	size_t at = 0, n;

	if (strlen(text) > TEMPLATE_FILE_MAX)
		return err_set(e, ERR_REJECT, "%s: error: larger than %d KB",
		    name, TEMPLATE_FILE_MAX >> 10);
	s.text = arena_strdup(a, text);
	while ((n = strcspn(s.text + at, "\n")) > 0) {
		if (compile_header(&s, at, at + n, t) == -1)
			return -1;
		at += n + (s.text[at + n] == '\n');
	}
	if (t->subject.n == 0)
		return fail(&s, 0, "the first line must be 'Subject: ...'", "");
	at += s.text[at] == '\n';
	s.nodes = &t->text;
	if (compile_range(&s, at, strlen(s.text)) == -1)
		return -1;
	*out = t;
	return 0;
}
