/*
 * Words to a tree: settings, blocks, included files.  Promises to find every
 * mistake of form in one run, and not to judge what a setting means.
 */
#include <string.h>

#include "parser/conf_private.h"
#include "parser/limits.h"

struct tree {
	struct conf_talk *talk;
	const struct conf_source *src;
	struct conf_tree *out;
	struct hash sum;
	size_t files_cap, texts_cap, bytes;
	int nodes;
};

/* Where the next node of a block is to be hung. */
struct tail {
	const struct conf_node **next;
};

struct reading {
	struct tree *tree;
	struct conf_lex lex;
	int depth; /* of blocks */
	bool gave_up;
};

static void read_file(struct tree *t, const char *path,
    const struct conf_file *from, const struct conf_arg *why,
    struct tail *tail);

static void
say(struct reading *r, const struct conf_place *p, const char *hint,
    const char *what)
{
	conf_say(r->tree->talk, CONF_ERROR, p, hint, "%s", what);
}

/* The words of one setting up to its end; what ended it. */
static enum conf_token
read_args(struct reading *r, struct conf_node *n, struct conf_place *end)
{
	struct arena *a = r->tree->talk->arena;
	struct conf_arg arg;
	enum conf_token k;
	size_t cap = 0;

	while ((k = conf_lex_next(&r->lex, &arg)) == TOKEN_WORD) {
		if (n->args_n == CONF_ARGS_MAX) {
			say(r, &arg.place, "split it into several lines",
			    "too many values");
			continue;
		}
		n->args = arena_grow(
		    a, n->args, n->args_n, &cap, sizeof(n->args[0]));
		n->args[n->args_n++] = arg;
	}
	*end = arg.place;
	return k;
}

static bool
good_name(const struct conf_arg *arg)
{
	return arg->form == FORM_WORD &&
	    ((arg->text[0] >= 'a' && arg->text[0] <= 'z') ||
		(arg->text[0] >= 'A' && arg->text[0] <= 'Z'));
}

static void read_block(
    struct reading *r, struct tail *tail, const struct conf_node *open);

/* After "}" nothing but the end of the setting may stand. */
static void
after_block(struct reading *r)
{
	struct conf_lex before = r->lex;
	struct conf_arg arg;
	enum conf_token k = conf_lex_next(&r->lex, &arg);

	if (k == TOKEN_CLOSE)
		conf_lex_back(&r->lex);
	else if (k == TOKEN_WORD || k == TOKEN_OPEN) {
		say(r, &arg.place, "put it on a line of its own, or a ; before",
		    "something follows the }");
		r->lex = before;
	}
}

static bool
is_glob(const char *path)
{
	return strpbrk(path, "*?[") != NULL;
}

char *
conf_unglob(struct arena *a, const char *path)
{
	char *out = arena_alloc(a, strlen(path) * 2 + 1), *p = out;

	for (; *path != '\0'; path++) {
		if (strchr("*?[]\\", *path) != NULL)
			*p++ = '\\';
		*p++ = *path;
	}
	*p = '\0';
	return out;
}

/* A name in an include: relative to the file it stands in, whose folder is no
 * pattern even where the name is one. */
static const char *
path_of(struct arena *a, const char *from, const char *name)
{
	const char *cut = strrchr(from, '/');
	char *folder;

	if (name[0] == '/' || cut == NULL)
		return name;
	folder = arena_strndup(a, from, (size_t)(cut - from));
	return arena_printf(
	    a, "%s/%s", is_glob(name) ? conf_unglob(a, folder) : folder, name);
}

/* "include": its files stand in its place. */
static void
include(struct reading *r, const struct conf_node *n, struct tail *tail)
{
	struct conf_talk *t = r->tree->talk;

	if (n->block || r->depth > 0) {
		say(r, &n->place, "put it at the top level, on its own line",
		    "an 'include' cannot stand here");
		return;
	}
	if (n->args_n == 0)
		say(r, &n->place, "include rules.d/*.conf",
		    "'include' needs a file");
	for (size_t i = 0; i < n->args_n; i++) {
		const struct conf_arg *arg = &n->args[i];

		if (arg->form == FORM_PATTERN) {
			say(r, &arg->place, "put the path into quotes",
			    "this is a pattern, not a path");
			continue;
		}
		if (arg->text[0] == '\0') {
			say(r, &arg->place, NULL, "an empty file name");
			continue;
		}
		read_file(r->tree,
		    path_of(t->arena, r->lex.file->path, arg->text),
		    r->lex.file, arg, tail);
	}
}

static void
read_setting(struct reading *r, const struct conf_arg *name, struct tail *tail)
{
	struct conf_node *n = arena_alloc(r->tree->talk->arena, sizeof(*n));
	struct conf_place end;
	enum conf_token k;

	n->name = name->text;
	n->place = name->place;
	if (!good_name(name))
		say(r, &name->place, NULL,
		    "a setting begins with a name: a letter, then more");
	r->lex.tests = strcmp(n->name, "when") == 0 ||
	    strcmp(n->name, "unless") == 0;
	k = read_args(r, n, &end);
	r->lex.tests = false;
	if (k == TOKEN_CLOSE)
		conf_lex_back(&r->lex);
	if (k == TOKEN_OPEN) {
		struct tail inside = { &n->child };

		n->block = true;
		read_block(r, &inside, n);
	}
	if (strcmp(n->name, "include") == 0) {
		include(r, n, tail);
		return;
	}
	if (r->tree->nodes++ == CONF_NODES_MAX)
		say(r, &n->place, NULL, "too many settings");
	if (r->tree->nodes > CONF_NODES_MAX)
		return;
	*tail->next = n;
	tail->next = &n->next;
}

/* A "{" where no setting is: read on as if it had a name. */
static void
nameless(struct reading *r, const struct conf_place *p)
{
	struct conf_node n = { .name = "", .place = *p };
	struct tail inside = { &n.child };

	say(r, p, "write what it is: mailbox NAME {", "a block without a name");
	read_block(r, &inside, &n);
}

/* Settings up to "}" or, when open is NULL, to the end of the file. */
static void
read_block(struct reading *r, struct tail *tail, const struct conf_node *open)
{
	struct conf_arg arg;
	enum conf_token k;

	if (open != NULL && ++r->depth == CONF_DEPTH_MAX) {
		say(r, &open->place, NULL, "blocks are nested too deeply");
		r->lex.at = r->lex.file->n;
		r->gave_up = true;
	}
	while ((k = conf_lex_next(&r->lex, &arg)) != TOKEN_EOF) {
		if (k == TOKEN_WORD)
			read_setting(r, &arg, tail);
		else if (k == TOKEN_OPEN)
			nameless(r, &arg.place);
		else if (k == TOKEN_CLOSE && open != NULL)
			break;
		else if (k == TOKEN_CLOSE)
			say(r, &arg.place, "no block is open here",
			    "a } too many");
	}
	if (open == NULL)
		return;
	if (k == TOKEN_EOF && r->lex.lost > 0)
		r->lex.lost--; /* the quote is the mistake */
	else if (k == TOKEN_EOF && !r->gave_up)
		say(r, &open->place, "a } for it is missing",
		    "this block is not closed");
	r->depth--;
	if (k != TOKEN_EOF)
		after_block(r);
}

/* The path without "./" and "x/..": good enough to see a circle. */
static char *
plain_path(struct arena *a, const char *path)
{
	char *out = arena_alloc(a, strlen(path) + 2), *p = out;

	while (*path != '\0') {
		size_t n = strcspn(path, "/");
		bool up = n == 2 && path[0] == '.' && path[1] == '.';
		char *last = p;

		while (last > out && last[-1] != '/')
			last--;
		if (up && p > out && strcmp(last, "..") != 0 && last < p) {
			p = last > out ? last - 1 : out;
			*p = '\0';
		} else if (n > 1 || (n == 1 && path[0] != '.')) {
			if (p > out)
				*p++ = '/';
			memcpy(p, path, n);
			p += n;
			*p = '\0';
		}
		path += n + (path[n] == '/');
	}
	return out;
}

/* Is path being read already?  Also counts how deep we are. */
static bool
circle(
    struct tree *t, const struct conf_file *from, const char *path, int *depth)
{
	const char *plain = plain_path(t->talk->arena, path);

	for (*depth = 0; from != NULL; from = from->from, ++*depth)
		if (strcmp(plain_path(t->talk->arena, from->path), plain) == 0)
			return true;
	return false;
}

/* Say why a file cannot be read, at the include that asks for it. */
static void
refuse(struct tree *t, const char *path, const struct conf_arg *why,
    const char *what)
{
	size_t n = strlen(path);

	if (why != NULL) {
		conf_say(
		    t->talk, CONF_ERROR, &why->place, NULL, "%.300s", what);
		return;
	}
	if (strncmp(what, path, n) == 0 && strncmp(what + n, ": ", 2) == 0)
		what += n + 2;
	if (t->talk->rep->errors++ < CONF_ERRORS_SHOWN &&
	    t->talk->rep->text != NULL)
		buf_printf(t->talk->rep->text, "%s: error: %s\n", path, what);
}

static const char *
over_limit(struct tree *t, size_t n)
{
	t->bytes += n;
	if (t->bytes > CONF_BYTES_MAX)
		return "all files together are too large";
	if (t->out->files_n == CONF_FILES_MAX)
		return "too many files are included";
	return NULL;
}

static void
read_one(struct tree *t, const char *path, const struct conf_file *from,
    const struct conf_arg *why, struct tail *tail)
{
	struct conf_file *f = arena_alloc(t->talk->arena, sizeof(*f));
	struct reading r = { .tree = t };
	struct err e = { 0 };
	const char *limit;
	char *text = NULL;
	size_t n = 0;

	if (t->src->read(t->src->ctx, t->talk->arena, path, &text, &n, &e) ==
	    -1) {
		refuse(t, path, why, e.text);
		return;
	}
	limit = over_limit(t, n);
	if (limit != NULL) {
		refuse(t, path, why, limit);
		return;
	}
	*f = (struct conf_file){ path, text, n, from };
	hash_add(&t->sum, text, n);
	t->out->files = arena_grow(t->talk->arena, t->out->files,
	    t->out->files_n, &t->files_cap, sizeof(*t->out->files));
	t->out->texts = arena_grow(t->talk->arena, t->out->texts,
	    t->out->files_n, &t->texts_cap, sizeof(void *));
	t->out->files[t->out->files_n] = path;
	t->out->texts[t->out->files_n++] = f;
	conf_lex_scan(t->talk, f);
	conf_lex_init(&r.lex, t->talk, f);
	read_block(&r, tail, NULL);
}

static void
read_file(struct tree *t, const char *path, const struct conf_file *from,
    const struct conf_arg *why, struct tail *tail)
{
	char **paths = NULL;
	struct err e = { 0 };
	size_t n = 0;
	int depth;

	if (circle(t, from, path, &depth)) {
		refuse(t, path, why, "this file is being read already");
	} else if (depth > CONF_INCLUDE_DEPTH) {
		refuse(t, path, why, "files include each other too deeply");
	} else if (why == NULL || !is_glob(why->text)) {
		read_one(t, path, from, why, tail);
	} else if (t->src->glob(t->src->ctx, t->talk->arena, path, &paths, &n,
		       &e) == -1) {
		refuse(t, path, why, e.text);
	} else {
		for (size_t i = 0; i < n; i++)
			if (circle(t, from, paths[i], &depth))
				refuse(t, path, why,
				    "this would include the file itself");
			else
				read_one(t, paths[i], from, why, tail);
	}
}

/* Other rules in place of those that are there. */
static void
replace_rules(struct tree *t, struct conf_node *root)
{
	const char *path = t->src->rules;
	const struct conf_node *n = root->child;
	struct tail tail = { &root->child };
	struct err e = { 0 };
	char **paths = NULL;
	size_t n_paths = 0;

	for (; n != NULL; n = n->next) {
		struct conf_node *kept;

		if (strcmp(n->name, "rule") == 0 ||
		    strcmp(n->name, "test") == 0)
			continue;
		kept = arena_memdup(t->talk->arena, n, sizeof(*n));
		*tail.next = kept;
		tail.next = &kept->next;
	}
	*tail.next = NULL;
	if (strlen(path) > 5 && strcmp(path + strlen(path) - 5, ".conf") == 0) {
		read_one(t, path, NULL, NULL, &tail);
		return;
	}
	path = arena_printf(
	    t->talk->arena, "%s/*.conf", conf_unglob(t->talk->arena, path));
	if (t->src->glob(
		t->src->ctx, t->talk->arena, path, &paths, &n_paths, &e) == -1)
		refuse(t, path, NULL, e.text);
	else if (n_paths == 0)
		refuse(t, path, NULL, "there are no rules");
	for (size_t i = 0; i < n_paths; i++)
		read_one(t, paths[i], NULL, NULL, &tail);
}

void
conf_tree_read(struct conf_talk *t, const struct conf_source *src,
    const char *path, struct conf_tree *out)
{
	struct tree tree = { .talk = t, .src = src, .out = out };
	struct conf_node *root = arena_alloc(t->arena, sizeof(*root));
	struct tail tail = { &root->child };

	*out = (struct conf_tree){ .root = root };
	root->name = "";
	root->block = true;
	hash_init(&tree.sum);
	read_file(&tree, arena_strdup(t->arena, path), NULL, NULL, &tail);
	if (src->rules != NULL)
		replace_rules(&tree, root);
	hash_end(&tree.sum, out->sha256);
}

const struct conf_node *
conf_child(const struct conf_node *block, const char *name)
{
	const struct conf_node *n = block->child;

	while (n != NULL && strcmp(n->name, name) != 0)
		n = n->next;
	return n;
}

const struct conf_node *
conf_after(const struct conf_node *n)
{
	const char *name = n->name;

	for (n = n->next; n != NULL; n = n->next)
		if (strcmp(n->name, name) == 0)
			break;
	return n;
}

const char *
conf_text(const struct conf_node *n, size_t i)
{
	return i < n->args_n ? n->args[i].text : NULL;
}
