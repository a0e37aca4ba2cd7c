/* Reading a configuration whole, and trying it.  See the header. */
#include "daemon/loading.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "daemon/files.h"
#include "daemon/ruling.h"
#include "daemon/templates.h"
#include "rules/rule_lint.h"
#include "rules/rule_test.h"
#include "rules/template.h"

/* The source: what was kept, or the disk, and then notes of what was read. */

static int
take_kept(struct loading *l, struct arena *a, const char *path, char **data,
    size_t *n, struct err *e)
{
	const struct bundle_file *f = bundle_find(l->kept, path);

	if (f == NULL)
		return err_set(e, ERR_REJECT,
		    "%s: it was not kept with the configuration", path);
	*data = arena_memdup(a, f->data, f->n);
	*n = f->n;
	return 0;
}

static int
source_read(void *ctx, struct arena *a, const char *path, char **data,
    size_t *n, struct err *e)
{
	struct loading *l = ctx;
	int rc = l->kept != NULL
	    ? take_kept(l, a, path, data, n, e)
	    : files_conf_source.read(NULL, a, path, data, n, e);

	if (rc == 0)
		bundle_add(&l->files, path, *data, *n);
	return rc;
}

/* As glob(3) does it.  Paths of a bundle are in order. */
static int
source_glob(void *ctx, struct arena *a, const char *pattern, char ***paths,
    size_t *n, struct err *e)
{
	struct loading *l = ctx;

	if (l->kept == NULL)
		return files_conf_source.glob(NULL, a, pattern, paths, n, e);
	*n = 0;
	*paths = arena_calloc(a, l->kept->n + 1, sizeof(**paths));
	for (size_t i = 1; i < l->kept->n; i++)
		if (fnmatch(pattern, l->kept->list[i].path,
			FNM_PATHNAME | FNM_PERIOD) == 0)
			(*paths)[(*n)++] = arena_strdup(
			    a, l->kept->list[i].path);
	return 0;
}

static bool
source_exists(void *ctx, const char *path)
{
	struct loading *l = ctx;

	return l->kept != NULL ? bundle_find(l->kept, path) != NULL
			       : files_conf_source.exists(NULL, path);
}

static bool
source_language(void *ctx, const char *folder, const char *code)
{
	char path[BUNDLE_PATH_MAX];

	if (template_builtin("acknowledge", code) != NULL)
		return true;
	snprintf(path, sizeof(path), "%s/%s/acknowledge.txt",
	    folder == NULL ? "" : folder, code);
	return folder != NULL && source_exists(ctx, path);
}

void
loading_init(struct loading *l, struct arena *a, const struct conf_source *base,
    const struct bundle *kept)
{
	*l = (struct loading){ .arena = a, .kept = kept, .source = *base };
	bundle_init(&l->files, a);
	l->source.ctx = l;
	l->source.read = source_read;
	l->source.glob = source_glob;
	l->source.exists = source_exists;
	l->source.language = source_language;
}

void
loading_seal(struct loading *l)
{
	l->kept = &l->files;
}

int
loading_read(struct loading *l, const char *path, struct conf_report *rep)
{
	return conf_load(l->arena, path, &l->source, &l->conf, rep);
}

static void
complain(struct conf_report *rep, const char *path, const struct err *e)
{
	rep->errors++;
	if (path != NULL)
		buf_printf(rep->text, "%s: error: %s\n", path, e->text);
	else
		buf_printf(rep->text, "%s\n", e->text);
}

/* A template's message has its own place.  book NULL: the rules are wrong, so
 * nobody knows what they would reply with. */
static void
try_templates(
    struct loading *l, const struct rulebook *book, struct conf_report *rep)
{
	struct template_set set;
	struct err e = { 0 };
	int errors = rep->errors;

	if (templates_load(l->arena, l->conf, book, rep, &set, &e) == -1) {
		if (rep->errors == errors)
			complain(rep, NULL, &e);
	} else if (book != NULL)
		templates_lint(l->arena, l->conf, &set, rep);
}

static void
try_rules(struct loading *l, const char *path, struct conf_report *rep)
{
	struct rule_tests tests = { .rep = rep };
	struct ruling r;
	struct err e = { 0 };
	int errors = rep->errors;

	if (ruling_load(&r, l->arena, l->conf, rep, &e) == -1) {
		if (rep->errors == errors)
			complain(rep, path, &e);
		try_templates(l, NULL, rep);
		return;
	}
	try_templates(l, r.book, rep);
	rule_lint(l->arena, r.book, rep);
	tests.book = r.book;
	tests.matcher = r.matcher;
	tests.zone = r.zone;
	rule_tests_run(l->arena, &tests);
	l->tests = tests.run;
	l->failed = tests.failed;
	ruling_free(&r);
}

int
loading_try(struct loading *l, const char *path, struct conf_report *rep)
{
	if (loading_read(l, path, rep) == -1)
		return -1;
	try_rules(l, path, rep);
	return rep->errors > 0 ? -1 : 0;
}

/* Is it in the folder of templates? */
static bool
is_template(const struct conf *c, const char *path)
{
	size_t n = c->templates == NULL ? 0 : strlen(c->templates);

	return n > 0 && strncmp(path, c->templates, n) == 0 && path[n] == '/';
}

/* Of the folder itself only when something was read from it: most have none.
 * That of a language is looked at with each of its files. */
int
loading_safe(const struct loading *l, struct err *e)
{
	const struct bundle *b = &l->files;
	bool any = false;

	if (files_conf_safe(l->conf, e) == -1)
		return -1;
	for (size_t i = 0; i < b->n; i++) {
		if (!is_template(l->conf, b->list[i].path))
			continue;
		any = true;
		if (files_safe(b->list[i].path, e) == -1)
			return -1;
	}
	return any ? files_safe(l->conf->templates, e) : 0;
}
