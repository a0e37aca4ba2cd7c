/*
 * Templates, second half: nodes and values to text, in one pass.  What a value
 * holds is copied, never read as a template (T29).
 */
#include "rules/template.h"

#include <stdlib.h>
#include <string.h>

#include "parser/buf.h"
#include "parser/limits.h"
#include "parser/utf8.h"
#include "rules/template_node.h"

/* The values in sight: those of the innermost row first. */
struct scope {
	const struct value *values; /* NULL-name-terminated */
	const struct scope *outer;
};

struct render {
	struct buf out;
	const struct nodes *nodes;
	size_t steps; /* left: rows in rows in rows cannot run for ever */
};

static const struct value *
find(const struct scope *s, const char *name)
{
	for (; s != NULL; s = s->outer)
		for (const struct value *v = s->values;
		     v != NULL && v->name != NULL; v++)
			if (strcmp(v->name, name) == 0)
				return v;
	return NULL;
}

/* The text of a value, "" when it has none. */
static const char *
text_of(const struct value *v)
{
	return v == NULL || v->text == NULL ? "" : v->text;
}

static bool
is_any(const struct value *v)
{
	return v != NULL && (v->rows_n > 0 || *text_of(v) != '\0');
}

static void
put_indented(struct render *r, const char *s, size_t columns)
{
	while (*s != '\0') {
		size_t n = strcspn(s, "\n");

		for (size_t i = 0; n > 0 && i < columns; i++)
			buf_char(&r->out, ' ');
		buf_add(&r->out, s, n);
		s += n;
		if (*s == '\n') {
			buf_char(&r->out, '\n');
			s++;
		}
	}
}

/* A node that is not a section. */
static void
put_leaf(struct render *r, const struct node *n, const struct scope *scope)
{
	const struct value *v = n->name == NULL ? NULL : find(scope, n->name);
	const char *text = text_of(v);

	switch (n->kind) {
	case NODE_TEXT:
		buf_add(&r->out, n->text, n->n);
		return;
	case NODE_VALUE:
		buf_str(&r->out, *text == '\0' ? n->first : text);
		return;
	case NODE_INDENT:
		put_indented(r, text, n->indent);
		if (n->second != NULL && *text != '\0')
			buf_str(&r->out, n->second);
		return;
	case NODE_PLURAL:
		buf_str(&r->out,
		    strtol(text, NULL, 10) == 1 ? n->first : n->second);
		return;
	case NODE_BUTTON:
		if (*text != '\0')
			buf_printf(&r->out, "\"%s\" <%s>", n->first, text);
		return;
	case NODE_SECTION:
	case NODE_INVERSE:
	case NODE_ANY:
		return;
	}
}

static void put_range(
    struct render *r, size_t from, size_t to, const struct scope *scope);

/* A section at node i; its depth was limited when it was compiled. */
static void
put_section(struct render *r, size_t i, const struct scope *scope)
{
	const struct node *n = &r->nodes->list[i];
	const struct value *v = find(scope, n->name);
	struct scope inner = { .outer = scope };

	if (is_any(v) == (n->kind == NODE_INVERSE))
		return;
	if (n->kind != NODE_SECTION || v->rows_n == 0) {
		put_range(r, i + 1, n->end, scope);
		return;
	}
	for (size_t row = 0; row < v->rows_n && !r->out.over; row++) {
		inner.values = v->rows[row].child;
		put_range(r, i + 1, n->end, &inner);
	}
}

static void
put_range(struct render *r, size_t from, size_t to, const struct scope *scope)
{
	for (size_t i = from; i < to && !r->out.over; i++) {
		const struct node *n = &r->nodes->list[i];

		if (r->steps-- == 0) {
			r->steps = 0;
			r->out.over = true;
		} else if (n->kind == NODE_SECTION || n->kind == NODE_INVERSE ||
		    n->kind == NODE_ANY) {
			put_section(r, i, scope);
			i = n->end - 1;
		} else {
			put_leaf(r, n, scope);
		}
	}
}

/* The text of nodes, in the arena; NULL: too long. */
static char *
render(struct arena *a, const struct nodes *nodes, const struct value *values)
{
	struct render r = { .nodes = nodes, .steps = TEMPLATE_STEPS_MAX };
	struct scope scope = { .values = values };
	char *s = NULL;

	buf_init(&r.out, TEMPLATE_OUT_MAX);
	put_range(&r, 0, nodes->n, &scope);
	if (!r.out.over)
		s = arena_strdup(a, buf_text(&r.out));
	buf_done(&r.out);
	return s;
}

int
template_render(struct arena *a, const struct template *t,
    const struct value *values, char **subject, char **text, struct err *e)
{
	char *s = render(a, &t->subject, values);
	char *b = render(a, &t->text, values), *body;
	size_t n;

	if (s == NULL || b == NULL)
		return err_set(e, ERR_REJECT,
		    "a template gives more than %d KB", TEMPLATE_OUT_MAX >> 10);
	/* No empty lines at either end, whatever was missing there. */
	b += strspn(b, "\n");
	n = strlen(b);
	while (n > 0 && strchr(" \t\n", b[n - 1]) != NULL)
		n--;
	body = arena_alloc(a, n + 2);
	memcpy(body, b, n);
	if (n > 0)
		body[n] = '\n';
	*subject = utf8_line(a, s, MAIL_SUBJECT_MAX);
	*text = body;
	return 0;
}
