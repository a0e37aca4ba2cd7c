#ifndef TESTS_CONF_H
#define TESTS_CONF_H

/* What the tests of the configuration share: a report as text, and files that
 * stand in memory. */
#include <stdlib.h>
#include <string.h>

#include "daemon/files.h"
#include "parser/conf.h"

/* Load and give the whole report as text. */
static inline int
load(struct arena *a, const char *path, const struct conf_source *src,
    struct conf **c, struct conf_report *rep, char **text)
{
	struct buf out;
	int rc;

	buf_init(&out, 1 << 20);
	*rep = (struct conf_report){ .text = &out };
	rc = conf_load(a, path, src, c, rep);
	conf_summary(&out, path, rep);
	*text = arena_strdup(a, buf_text(&out));
	buf_done(&out);
	rep->text = NULL;
	return rc;
}

static inline const char *
slurp(struct arena *a, const char *path)
{
	struct err e = { 0 };
	char *text;
	size_t n;

	if (files_read(a, path, 1 << 20, &text, &n, &e) == -1)
		return "(the .want file cannot be read)";
	return text;
}

/* Files of a table instead of the disk. */
struct shelf {
	struct {
		const char *path;
		char *text;
		size_t n;
	} file[16];
	size_t count;
};

static inline int
shelf_read(void *ctx, struct arena *a, const char *path, char **data, size_t *n,
    struct err *e)
{
	const struct shelf *s = ctx;

	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->file[i].path, path) == 0) {
			*data = arena_memdup(a, s->file[i].text, s->file[i].n);
			*n = s->file[i].n;
			return 0;
		}
	return err_set(e, ERR_REJECT, "%s: no such file", path);
}

/* "rules.d/" + anything: enough for what the sample asks. */
static inline int
shelf_glob(void *ctx, struct arena *a, const char *pattern, char ***paths,
    size_t *n, struct err *e)
{
	const struct shelf *s = ctx;
	size_t len = strcspn(pattern, "*?[");

	(void)e;
	*n = 0;
	*paths = arena_calloc(a, s->count + 1, sizeof(**paths));
	for (size_t i = 0; i < s->count; i++)
		if (strncmp(s->file[i].path, pattern, len) == 0)
			(*paths)[(*n)++] = arena_strdup(a, s->file[i].path);
	return 0;
}

static inline void
shelf_add(struct shelf *s, struct arena *a, const char *path, const char *text)
{
	s->file[s->count].path = path;
	s->file[s->count].text = arena_strdup(a, text);
	s->file[s->count++].n = strlen(text);
}

/* One file of that text; the report. */
static inline const char *
report(struct arena *a, const char *text, struct conf **c)
{
	struct shelf s = { 0 };
	struct conf_source src = {
		.read = shelf_read, .glob = shelf_glob, .ctx = &s
	};
	struct conf_report rep;
	char *out;

	shelf_add(&s, a, "x.conf", text);
	*c = NULL;
	load(a, "x.conf", &src, c, &rep, &out);
	return out;
}

#endif
