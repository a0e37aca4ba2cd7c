/* An admin's templates take the place of the built-in ones, file by file. */
#include "daemon/templates.h"

#include <unistd.h>

#include "daemon/files.h"
#include "parser/limits.h"

/* DIR/en/acknowledge.txt, when there is one. */
static int
file_load(struct template_set *set, const char *dir, const char *language,
    const struct template_kind *k, struct err *e)
{
	char *path, *text;
	size_t n;

	path = arena_printf(set->arena, "%s/%s/%s.txt", dir, language, k->name);
	if (access(path, F_OK) == -1)
		return 0;
	if (files_read(set->arena, path, TEMPLATE_FILE_MAX, &text, &n, e) == -1)
		return -1;
	return template_set_add(set, k, language, path, text, e);
}

int
templates_load(struct arena *a, const struct conf *c, struct template_set *out,
    struct err *e)
{
	struct template_set set;

	if (template_set_builtin(a, &set, e) == -1)
		return -1;
	for (size_t i = 0; c->templates != NULL && i < c->languages_n; i++)
		for (const struct template_kind *k = template_kinds;
		     k->name != NULL; k++)
			if (file_load(&set, c->templates, c->languages[i], k,
				e) == -1)
				return -1;
	*out = set;
	return 0;
}
