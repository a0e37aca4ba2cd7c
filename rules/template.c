/*
 * Templates, first half: text to a list of nodes.  All that can be wrong with a
 * template is found here, with its place, so that rendering cannot fail over
 * one.  Values are never looked at.
 */
#include "rules/template_source.h"

#include <string.h>

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
	n = template_node(s, NODE_TEXT, from);
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
	if (template_tag(s, at, tag) == -1 || s->nodes->n == 0)
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
		template_fail(s, n->from,
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
			template_fail(
			    s, at, NULL, "'{{' without '}}' on its line");
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
		template_fail(s, from, "an empty line begins the text",
		    "before the first empty line only '%s ...' may stand",
		    header);
		return;
	}
	if (t->subject.n > 0) {
		template_fail(s, from, NULL, "there is a second %s",
		    s->kind->from ? "sender" : "subject");
		return;
	}
	from += n;
	from += strspn(s->text + from, " ");
	if (from >= to) {
		s->tag_n = 1;
		template_fail(s, to, NULL, "the %s is empty",
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
		template_fail(s, 0, NULL, "the first line must be '%s ...'",
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
		return template_fail(&s, 0, NULL, "a template may have %d KB",
		    TEMPLATE_FILE_MAX >> 10);
	at = compile_headers(&s, t);
	s.nodes = &t->text;
	compile_range(&s, at, s.file.n);
	if (s.errors > 0)
		return -1;
	*out = t;
	return 0;
}
