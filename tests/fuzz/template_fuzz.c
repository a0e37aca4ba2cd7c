/*
 * Any bytes as a template, any bytes as its values: it compiles or says where
 * not, the result keeps its limit, and a value is never read as a template.
 * Input: the template up to the first NUL, then the value of "a".
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/limits.h"
#include "rules/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const known[] = { "a", "b", "rows", "none", "outer", NULL };

static const char *const later[] = { "soon", NULL };

static void
check(struct arena *a, const struct template *t, const char *value)
{
	const struct value row[] = { { .name = "b", .text = value }, { 0 } };
	const struct value rows[] = { { .child = row }, { .child = row } };
	struct value values[] = { { .name = "a", .text = value },
		{ .name = "rows", .rows = rows, .rows_n = 2 },
		{ .name = "outer", .text = "" }, { 0 } };
	char *subject, *text, *subject2, *text2;
	struct err e = { 0 };

	if (template_render(a, t, values, &subject, &text, &e) == -1) {
		assert(e.kind == ERR_REJECT);
		return;
	}
	assert(strlen(text) <= TEMPLATE_OUT_MAX + 1);
	assert(strchr(subject, '\n') == NULL && strchr(subject, '\r') == NULL);
	assert(template_render(a, t, values, &subject2, &text2, &e) == 0);
	assert(strcmp(text, text2) == 0 && strcmp(subject, subject2) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	const uint8_t *end = memchr(data, '\0', size);
	size_t n = end == NULL ? size : (size_t)(end - data);
	const struct template_kind kind = { "x", known, later, false, false };
	struct template_source src = { "x.txt", NULL, &kind, NULL };
	struct template *t;
	struct buf report;
	struct conf_report rep = { .text = &report };

	buf_init(&report, 1 << 20);
	src.text = arena_strndup(&a, (const char *)data, n);
	if (template_compile(&a, &src, &rep, &t) == 0) {
		assert(rep.errors == 0);
		check(&a, t, "{{a}}{{#rows}}");
		if (n < size)
			check(&a, t,
			    arena_strndup(
				&a, (const char *)data + n + 1, size - n - 1));
	} else {
		assert(rep.errors > 0);
		assert(strncmp(buf_text(&report), "x.txt:", 6) == 0);
	}
	buf_done(&report);
	arena_done(&a);
	return 0;
}
