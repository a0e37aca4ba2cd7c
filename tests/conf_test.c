/*
 * The configuration reader: messages against their golden files, what a good
 * configuration becomes, and a few thousand broken ones.
 */
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/files.h"
#include "parser/conf_private.h"
#include "tests/test.h"

#define DIR_CONF "tests/conf"

/* Load a real file; the whole report as text. */
static int
load(struct arena *a, const char *path, struct conf **c, char **text,
    struct conf_report *rep)
{
	struct buf out;
	int rc;

	buf_init(&out, 1 << 20);
	*rep = (struct conf_report){ .text = &out };
	rc = conf_load(a, path, &files_conf_source, c, rep);
	conf_summary(&out, path, rep);
	*text = arena_strdup(a, buf_text(&out));
	buf_done(&out);
	rep->text = NULL;
	return rc;
}

static const char *
slurp(struct arena *a, const char *path)
{
	struct err e = { 0 };
	char *text;
	size_t n;

	if (files_read(a, path, 1 << 20, &text, &n, &e) == -1)
		return "(the .want file cannot be read)";
	return text;
}

/* Each tests/conf/X.conf gives tests/conf/X.want. */
static void
test_golden(const char *name)
{
	struct arena a = { 0 };
	struct conf_report rep;
	struct conf *c = NULL;
	char *text, path[300];
	int rc = load(&a, name, &c, &text, &rep);

	snprintf(path, sizeof(path), "%.*s.want", (int)strlen(name) - 5, name);
	test_text(text, slurp(&a, path), "%s", name);
	test_ok((rc == -1) == (rep.errors > 0) && (c != NULL) == (rc == 0),
	    "%s: the result fits the number of errors", name);
	arena_done(&a);
}

int
main(void)
{
	struct dirent **list;
	int n;

	if (chdir(DIR_CONF) == -1)
		return 1;
	n = scandir(".", &list, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *end = strrchr(list[i]->d_name, '.');

		if (end != NULL && strcmp(end, ".conf") == 0)
			test_golden(list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return test_end();
}
