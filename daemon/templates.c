/* An admin's templates take the place of the built-in ones, file by file. */
#include "daemon/templates.h"

#include <string.h>

#include "parser/conf_tree.h"
#include "parser/limits.h"
#include "parser/near.h"

#define REPLY      "template:"
#define REPORT_MAX (64 << 10)

struct reading {
	struct arena *arena;
	const struct conf *conf;
	const struct rulebook *book;
	struct conf_report *rep;
	struct template_set *set;
	bool failed; /* what the report knows */
};

/* DIR/en/acknowledge.txt; -1: it cannot be read. */
static int
file_load(struct reading *l, const char *language,
    const struct template_kind *k, struct err *e)
{
	const struct conf_source *from = l->conf->source;
	struct template_source src = { .kind = k };
	char *text;
	size_t n;

	src.path = arena_printf(
	    l->arena, "%s/%s/%s.txt", l->conf->templates, language, k->name);
	if (!from->exists(from->ctx, src.path))
		return 0;
	if (from->read(from->ctx, l->arena, src.path, &text, &n, e) == -1)
		return -1;
	if (n > TEMPLATE_FILE_MAX)
		return err_set(e, ERR_REJECT, "%s: larger than %d bytes",
		    src.path, TEMPLATE_FILE_MAX);
	src.text = text;
	l->failed |= template_set_add(l->set, language, &src, l->rep) == -1;
	return 0;
}

/* Is there a folder, and who could look into it? */
static bool
has_folder(const struct conf *c)
{
	return c->templates != NULL && c->source != NULL &&
	    c->source->exists != NULL;
}

static int
kind_load(struct reading *l, const struct template_kind *k, struct err *e)
{
	const struct conf *c = l->conf;

	for (size_t i = 0; has_folder(c) && i < c->languages_n; i++)
		if (file_load(l, c->languages[i], k, e) == -1)
			return -1;
	return 0;
}

/* Templates that rules reply with. */

/* The template of an action, or NULL. */
static const char *
reply_of(const struct action *a)
{
	if (a->kind != ACTION_REPLY || a->text == NULL ||
	    strncmp(a->text, REPLY, strlen(REPLY)) != 0)
		return NULL;
	return a->text + strlen(REPLY);
}

static bool
replies(const struct rule *r, const char *name)
{
	for (size_t i = 0; i < r->actions_n; i++) {
		const char *own = reply_of(&r->actions[i]);

		if (own != NULL && strcmp(own, name) == 0)
			return true;
	}
	return false;
}

struct names {
	struct arena *arena;
	const char **list; /* NULL-terminated */
	size_t n, cap;
};

static void
name_add(struct names *out, const char *name)
{
	/* Room for the name, then for the end. */
	for (size_t i = 0; i < 2; i++)
		out->list = arena_grow(out->arena, out->list, out->n + i,
		    &out->cap, sizeof(*out->list));
	out->list[out->n++] = name;
	out->list[out->n] = NULL;
}

/* What an acknowledgement may use, and the groups of every rule that replies
 * with it. */
static const struct template_kind *
kind_of_reply(const struct reading *l, const char *name)
{
	const struct template_kind *like = template_kind("acknowledge");
	struct template_kind *k = arena_alloc(l->arena, sizeof(*k));
	struct names known = { .arena = l->arena };

	for (const char *const *n = like->known; *n != NULL; n++)
		name_add(&known, *n);
	for (size_t i = 0; i < l->book->n; i++) {
		const struct rule *r = &l->book->rules[i];
		const char *const *groups;
		size_t n;

		if (!replies(r, name))
			continue;
		groups = rule_groups(l->arena, r, &n);
		for (size_t g = 0; g < n; g++)
			name_add(&known,
			    arena_printf(l->arena, "match.%s", groups[g]));
	}
	*k = (struct template_kind){
		.name = name, .known = known.list, .later = like->later
	};
	return k;
}

static bool
is_loaded(const struct template_set *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->list[i].kind->name, name) == 0)
			return true;
	return false;
}

/* Who writes in any language is answered with the first one's. */
static void
check_first(struct reading *l, const struct action *a, const char *name)
{
	const struct conf *c = l->conf;
	const char *first = c->languages_n > 0 ? c->languages[0] : "en";

	if (template_set_find(l->set, name, &first, 1, NULL) != NULL)
		return;
	conf_complain(l->arena, l->rep, true, &a->node->args[0].place,
	    arena_printf(
		l->arena, "write %s/%s/%s.txt", c->templates, first, name),
	    "there is no template '%.80s' in '%.20s', the first of "
	    "'languages'",
	    name, first);
	l->failed = true;
}

static int
reply_load(struct reading *l, const struct action *a, struct err *e)
{
	const char *name = reply_of(a);
	const struct template_kind *built_in;
	int errors = l->rep->errors;

	if (name == NULL)
		return 0;
	built_in = template_kind(name);
	if (built_in != NULL && built_in->staff) {
		conf_complain(l->arena, l->rep, true, &a->node->args[0].place,
		    "name one of your own",
		    "the template '%s' is for the staff", name);
		l->failed = true;
		return 0;
	}
	if (!is_loaded(l->set, name) &&
	    kind_load(l, kind_of_reply(l, name), e) == -1)
		return -1;
	if (l->rep->errors == errors)
		check_first(l, a, name);
	return 0;
}

static int
load(struct reading *l, struct err *e)
{
	const struct template_kind *k = template_kinds;

	if (template_set_builtin(l->arena, l->set, l->rep) == -1)
		return err_set(e, ERR_BUG, "a built-in template is wrong");
	for (; k->name != NULL; k++)
		if (kind_load(l, k, e) == -1)
			return -1;
	for (size_t i = 0; l->book != NULL && i < l->book->n; i++) {
		const struct rule *r = &l->book->rules[i];

		for (size_t j = 0; j < r->actions_n; j++)
			if (reply_load(l, &r->actions[j], e) == -1)
				return -1;
	}
	return l->failed
	    ? err_set(e, ERR_REJECT, "the templates are wrong; see above")
	    : 0;
}

int
templates_load(struct arena *a, const struct conf *c,
    const struct rulebook *book, struct conf_report *rep,
    struct template_set *out, struct err *e)
{
	struct buf text;
	struct conf_report own = { .text = &text };
	struct template_set set = { .arena = a };
	struct reading l = { .arena = a,
		.conf = c,
		.book = book,
		.rep = rep != NULL ? rep : &own,
		.set = &set };
	const char *first;
	int rc;

	buf_init(&text, REPORT_MAX);
	rc = load(&l, e);
	/* A warning may stand before it. */
	first = strstr(buf_text(&text), ": error: ");
	if (rc == -1 && rep == NULL && first != NULL) {
		while (first > buf_text(&text) && first[-1] != '\n')
			first--;
		err_set(
		    e, ERR_REJECT, "%.*s", (int)strcspn(first, "\n"), first);
	}
	buf_done(&text);
	if (rc == 0)
		*out = set;
	return rc;
}

/* Files that nothing uses. */

static void
warn_unused(struct arena *a, const struct template_set *set, const char *path,
    const char *name, struct conf_report *rep)
{
	struct names known = { .arena = a };
	const char *meant;

	for (size_t i = 0; i < set->n; i++)
		name_add(&known, set->list[i].kind->name);
	meant = near_word(name, known.list);
	rep->warnings++;
	if (rep->text == NULL)
		return;
	buf_printf(
	    rep->text, "%s: warning: no letter uses this template", path);
	if (meant != NULL)
		buf_printf(rep->text, "; did you mean '%s'?", meant);
	else
		buf_printf(rep->text,
		    "; a rule names it with reply template:%s", name);
	buf_char(rep->text, '\n');
}

static void
lint_file(struct arena *a, const char *path, const struct template_set *set,
    struct conf_report *rep)
{
	const char *file = strrchr(path, '/') + 1;

	for (size_t i = 0; i < set->n; i++)
		if (set->list[i].path != NULL &&
		    strcmp(set->list[i].path, path) == 0)
			return;
	warn_unused(a, set, path,
	    arena_strndup(a, file, strlen(file) - strlen(".txt")), rep);
}

/* The pattern is asked of the source: a configuration that was kept holds no
 * file that nothing used. */
void
templates_lint(struct arena *a, const struct conf *c,
    const struct template_set *set, struct conf_report *rep)
{
	const struct conf_source *from = c->source;

	for (size_t i = 0; has_folder(c) && i < c->languages_n; i++) {
		struct err e = { 0 };
		char **paths;
		size_t n;

		if (from->glob(from->ctx, a,
			arena_printf(a, "%s/*.txt",
			    conf_unglob(a,
				arena_printf(a, "%s/%s", c->templates,
				    c->languages[i]))),
			&paths, &n, &e) == -1)
			continue;
		for (size_t k = 0; k < n; k++)
			lint_file(a, paths[k], set, rep);
	}
}
