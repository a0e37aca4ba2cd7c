/* An admin's templates take the place of the built-in ones, file by file. */
#include "daemon/templates.h"

#include <stdbool.h>

#include "parser/limits.h"

/* DIR/en/acknowledge.txt, when there is one. */
static int
file_load(struct template_set *set, const struct conf *c, const char *language,
    const struct template_kind *k, struct err *e)
{
	const struct conf_source *src = c->source;
	char *path, *text;
	size_t n;

	path = arena_printf(
	    set->arena, "%s/%s/%s.txt", c->templates, language, k->name);
	if (!src->exists(src->ctx, path))
		return 0;
	if (src->read(src->ctx, set->arena, path, &text, &n, e) == -1)
		return -1;
	if (n > TEMPLATE_FILE_MAX)
		return err_set(e, ERR_REJECT, "%s: larger than %d bytes", path,
		    TEMPLATE_FILE_MAX);
	return template_set_add(set, k, language, path, text, e);
}

int
templates_load(struct arena *a, const struct conf *c, struct template_set *out,
    struct err *e)
{
	struct template_set set;
	bool own = c->templates != NULL && c->source != NULL &&
	    c->source->exists != NULL;

	if (template_set_builtin(a, &set, e) == -1)
		return -1;
	for (size_t i = 0; own && i < c->languages_n; i++)
		for (const struct template_kind *k = template_kinds;
		     k->name != NULL; k++)
			if (file_load(&set, c, c->languages[i], k, e) == -1)
				return -1;
	*out = set;
	return 0;
}
