/* From an event to a line of a configuration.  See the header. */
#include "daemon/blame.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/files.h"
#include "parser/ascii.h"
#include "parser/limits.h"

const char *const blame_now_names[NOW_COUNT] = {
	[NOW_SAME] = "same",
	[NOW_MOVED] = "moved",
	[NOW_CHANGED] = "changed",
	[NOW_GONE] = "gone",
	[NOW_NO_FILE] = "no-file",
};

/* "rule vpn (rules.d/20.conf:9): text "VPN"".  What a mail says comes after
 * this and cannot be taken for it. */
static void
read_place(struct arena *a, const char *why, struct blame *b)
{
	const char *open = strstr(why, " ("), *close, *colon;
	char *end;
	long line;

	close = open == NULL ? NULL : strstr(open, "): ");
	if (close == NULL)
		return;
	for (colon = close; colon > open && *colon != ':';)
		colon--;
	line = colon == open ? 0 : strtol(colon + 1, &end, 10);
	if (line <= 0 || line > INT32_MAX || end != close)
		return;
	b->rule = arena_strndup(a, why, (size_t)(open - why));
	b->file = arena_strndup(a, open + 2, (size_t)(colon - open - 2));
	b->line = (int)line;
}

static int
find_conf(
    struct blamer *b, int64_t id, const struct conf_kept **out, struct err *e)
{
	struct conf_kept *k;

	for (size_t i = 0; i < b->n; i++)
		if (b->confs[i].id == id) {
			*out = &b->confs[i];
			return 0;
		}
	b->confs = arena_grow(
	    b->arena, b->confs, b->n, &b->cap, sizeof(*b->confs));
	k = &b->confs[b->n];
	if (confs_read(b->db, b->arena, id, k, e) == -1)
		return -1;
	k->id = id;
	b->n++;
	*out = k;
	return 0;
}

/* A why names files from the folder of the main one. */
static const struct bundle_file *
find_file(struct arena *a, const struct bundle *files, const char *name)
{
	const char *main = files->list[0].path, *slash = strrchr(main, '/');
	const struct bundle_file *f = NULL;

	if (slash != NULL)
		f = bundle_find(files,
		    arena_printf(
			a, "%.*s/%s", (int)(slash - main), main, name));
	return f != NULL ? f : bundle_find(files, name);
}

/* The block. */

static char *
trimmed(struct arena *a, const struct bundle_file *f, int line)
{
	char *s = bundle_line(a, f, line);
	size_t n;

	if (s == NULL)
		return NULL;
	while (ascii_blank(*s))
		s++;
	n = strlen(s);
	while (n > 0 && ascii_blank(s[n - 1]))
		s[--n] = '\0';
	return s;
}

/* Does a block begin on it?  They stand at the margin. */
static bool
begins(const char *line)
{
	return *line != '\0' && !ascii_blank(*line) && *line != '}' &&
	    *line != '#';
}

static int
block_head(struct arena *a, const struct bundle_file *f, int line)
{
	for (int i = line; i > 0; i--)
		if (begins(bundle_line(a, f, i)))
			return i;
	return line;
}

/* Up to its "}", or before the next one begins. */
static int
block_end(struct arena *a, const struct bundle_file *f, int head)
{
	int i = head;
	const char *s;

	while ((s = bundle_line(a, f, i + 1)) != NULL && !begins(s)) {
		i++;
		if (*s == '}')
			break;
	}
	return i;
}

/* The present. */

static void
look_now(struct arena *a, struct blame *b)
{
	const char *head = trimmed(a, b->kept, b->head);
	const char *text = trimmed(a, b->kept, b->line), *s;
	struct bundle_file f = { .path = b->path };
	struct err e = { 0 };
	char *data;

	b->now = NOW_NO_FILE;
	if (files_read(a, b->path, CONF_FILE_MAX, &data, &f.n, &e) == -1)
		return;
	f.data = data;
	b->now = NOW_GONE;
	for (int i = 1; (s = trimmed(a, &f, i)) != NULL; i++) {
		int end;

		if (strcmp(s, head) != 0)
			continue;
		b->now = NOW_CHANGED;
		end = block_end(a, &f, i);
		for (int j = i; j <= end; j++)
			if (strcmp(trimmed(a, &f, j), text) == 0) {
				b->now = j == b->line ? NOW_SAME : NOW_MOVED;
				b->now_line = j;
				return;
			}
	}
}

int
blame_event(
    struct blamer *b, const struct event *v, struct blame *out, struct err *e)
{
	struct blame x = { .event = v };
	const struct conf_kept *k = NULL;

	read_place(b->arena, v->why, &x);
	if (x.line > 0 && v->conf != 0) {
		if (find_conf(b, v->conf, &k, e) == -1 ||
		    confs_since(b->db, v->conf, v->time, &x.since, e) == -1)
			return -1;
		if (x.since == 0)
			x.since = k->since;
	}
	if (k != NULL && k->bundle.n > 0)
		x.kept = find_file(b->arena, &k->bundle, x.file);
	if (x.kept != NULL)
		x.text = bundle_line(b->arena, x.kept, x.line);
	if (x.kept != NULL && x.text != NULL) {
		x.path = x.kept->path;
		x.head = block_head(b->arena, x.kept, x.line);
		x.end = block_end(b->arena, x.kept, x.head);
		look_now(b->arena, &x);
	}
	*out = x;
	return 0;
}
