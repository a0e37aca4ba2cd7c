/*
 * Paths to files: folders are walked, Maildirs are known by their cur and new,
 * everything is sorted by name, so that two runs see the same order.  Opens no
 * mail.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/import_private.h"

#define WALK_DEPTH_MAX 20 /* folders in folders */

/* A folder's entries of one kind, unsorted.  A hidden file is never mail; a
 * hidden folder may be a mail folder (Maildir++). */
static int
read_folder(struct arena *a, const char *path, const char *prefix, mode_t kind,
    struct import_names *out, struct err *e)
{
	DIR *d = opendir(path);
	struct dirent *entry;
	struct stat st;

	if (d == NULL)
		return err_set(e, ERR_REJECT, "%s: %m", path);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while ((entry = readdir(d)) != NULL) {
		const char *name = entry->d_name;
		int how = kind == S_IFDIR ? AT_SYMLINK_NOFOLLOW : 0;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		    (name[0] == '.' && kind != S_IFDIR) ||
		    fstatat(dirfd(d), name, &st, how) == -1 ||
		    (st.st_mode & S_IFMT) != kind)
			continue;
		out->list = arena_grow(
		    a, out->list, out->n, &out->cap, sizeof(*out->list));
		out->list[out->n++] = arena_printf(a, "%s%s", prefix, name);
		out->bytes += (uint64_t)st.st_size;
	}
	closedir(d);
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The mails of cur/ and new/ are one list, in the order of their names, which
 * begin with the time of delivery. */
static int
by_mail(const void *a, const void *b)
{
	return strcmp(*(char *const *)a + 4, *(char *const *)b + 4);
}

int
import_list(struct arena *a, const struct import_unit *u,
    struct import_names *out, struct err *e)
{
	const char *path = u->path;
	struct stat st;

	*out = (struct import_names){ 0 };
	if (u->kind == UNIT_FILE) {
		out->list = arena_grow(
		    a, NULL, 0, &out->cap, sizeof(*out->list));
		out->list[out->n++] = arena_strdup(a, "");
		if (stat(path, &st) == 0)
			out->bytes = (uint64_t)st.st_size;
		return 0;
	}
	if (u->kind == UNIT_FOLDER &&
	    read_folder(a, path, "", S_IFREG, out, e) == -1)
		return -1;
	if (u->kind == UNIT_MAILDIR &&
	    (read_folder(a, arena_printf(a, "%s/cur", path), "cur/", S_IFREG,
		 out, e) == -1 ||
		read_folder(a, arena_printf(a, "%s/new", path), "new/", S_IFREG,
		    out, e) == -1))
		return -1;
	if (out->n > 1)
		qsort(out->list, out->n, sizeof(*out->list),
		    u->kind == UNIT_MAILDIR ? by_mail : by_name);
	return 0;
}

static bool
is_folder(const char *path, const char *name)
{
	struct arena a = { 0 };
	struct stat st;
	bool yes = stat(arena_printf(&a, "%s/%s", path, name), &st) == 0 &&
	    S_ISDIR(st.st_mode);

	arena_done(&a);
	return yes;
}

static bool
is_maildir(const char *path)
{
	return is_folder(path, "cur") && is_folder(path, "new");
}

/* Counted now, so that a person sees how much there is; listed again when it
 * is its turn, so that names of one folder at a time are held. */
static int
add_unit(struct arena *a, enum unit_kind kind, const char *path,
    struct import_plan *plan, struct err *e)
{
	struct import_unit u = { .kind = kind, .path = path };
	struct import_names names;
	struct arena tmp = { 0 };
	int rc = import_list(&tmp, &u, &names, e);

	if (rc == 0 && names.n > 0) {
		plan->list = arena_grow(
		    a, plan->list, plan->n, &plan->cap, sizeof(*plan->list));
		plan->list[plan->n++] = u;
		plan->files += names.n;
		plan->bytes += names.bytes;
	}
	arena_done(&tmp);
	return rc;
}

/* A Maildir's own folders: only the hidden ones are mail folders. */
static bool
wanted(const char *path, const char *name, bool in_maildir)
{
	struct arena a = { 0 };
	bool yes = name[0] != '.' && !in_maildir;

	if (name[0] == '.')
		yes = is_maildir(arena_printf(&a, "%s/%s", path, name));
	arena_done(&a);
	return yes;
}

static int
walk(struct arena *a, const char *path, int depth, struct import_plan *plan,
    struct err *e)
{
	struct import_names dirs = { 0 };
	bool maildir = is_maildir(path);

	if (depth > WALK_DEPTH_MAX)
		return err_set(
		    e, ERR_REJECT, "%s: too many folders in folders", path);
	if (add_unit(a, maildir ? UNIT_MAILDIR : UNIT_FOLDER, path, plan, e) ==
		-1 ||
	    read_folder(a, path, "", S_IFDIR, &dirs, e) == -1)
		return -1;
	if (dirs.n > 1)
		qsort(dirs.list, dirs.n, sizeof(*dirs.list), by_name);
	for (size_t i = 0; i < dirs.n; i++)
		if (wanted(path, dirs.list[i], maildir) &&
		    walk(a, arena_printf(a, "%s/%s", path, dirs.list[i]),
			depth + 1, plan, e) == -1)
			return -1;
	return 0;
}

static int
add_path(
    struct arena *a, const char *path, struct import_plan *plan, struct err *e)
{
	char *real = realpath(path, NULL), *copy;
	struct stat st;
	int rc;

	if (real == NULL || stat(real, &st) == -1) {
		rc = err_set(e, ERR_REJECT, "%s: %m", path);
		free(real);
		return rc;
	}
	copy = arena_strdup(a, real);
	free(real);
	if (S_ISDIR(st.st_mode))
		return walk(a, copy, 0, plan, e);
	if (!S_ISREG(st.st_mode))
		return err_set(
		    e, ERR_REJECT, "%s: neither a file nor a folder", path);
	return add_unit(a, UNIT_FILE, copy, plan, e);
}

int
import_walk(struct arena *a, char **paths, size_t n, struct import_plan *out,
    struct err *e)
{
	*out = (struct import_plan){ 0 };
	for (size_t i = 0; i < n; i++)
		if (add_path(a, paths[i], out, e) == -1)
			return -1;
	return 0;
}
