/* Many files in one row of bytes.  See the header. */
#include "store/bundle.h"

#include <stdbool.h>
#include <string.h>

static const char magic[] = "deskd configuration 1\n";

void
bundle_init(struct bundle *b, struct arena *a)
{
	*b = (struct bundle){ .arena = a };
}

const struct bundle_file *
bundle_find(const struct bundle *b, const char *path)
{
	for (size_t i = 0; i < b->n; i++)
		if (strcmp(b->list[i].path, path) == 0)
			return &b->list[i];
	return NULL;
}

/* The main file stays where it is. */
static size_t
place_of(const struct bundle *b, const char *path)
{
	size_t i = b->n;

	while (i > 1 && strcmp(b->list[i - 1].path, path) > 0)
		i--;
	return i;
}

void
bundle_add(struct bundle *b, const char *path, const char *data, size_t n)
{
	size_t at = place_of(b, path);
	struct bundle_file *f;

	if (bundle_find(b, path) != NULL)
		return;
	b->list = arena_grow(
	    b->arena, b->list, b->n, &b->cap, sizeof(*b->list));
	f = &b->list[at];
	memmove(f + 1, f, (b->n - at) * sizeof(*f));
	*f = (struct bundle_file){ .path = arena_strdup(b->arena, path),
		.data = arena_memdup(b->arena, data, n),
		.n = n };
	b->n++;
}

static bool
is_path(const char *s, size_t n)
{
	return n > 0 && n < BUNDLE_PATH_MAX && memchr(s, '\0', n) == NULL &&
	    memchr(s, '\n', n) == NULL;
}

int
bundle_pack(const struct bundle *b, struct buf *out, struct err *e)
{
	size_t bytes = 0;

	if (b->n > BUNDLE_FILES_MAX)
		return err_set(e, ERR_REJECT, "too many files to keep");
	buf_str(out, magic);
	for (size_t i = 0; i < b->n; i++) {
		const struct bundle_file *f = &b->list[i];

		bytes += f->n;
		if (!is_path(f->path, strlen(f->path)) ||
		    bytes > BUNDLE_BYTES_MAX)
			return err_set(
			    e, ERR_REJECT, "%.100s: cannot be kept", f->path);
		buf_printf(
		    out, "%zu %zu\n%s\n", strlen(f->path), f->n, f->path);
		buf_add(out, f->data, f->n);
		buf_char(out, '\n');
	}
	return 0;
}

void
bundle_hash(const struct bundle *b, uint8_t out[HASH_SIZE])
{
	struct hash h;

	hash_init(&h);
	for (size_t i = 0; i < b->n; i++) {
		uint64_t n = b->list[i].n;

		hash_str(&h, b->list[i].path);
		hash_add(&h, &n, sizeof(n));
		hash_add(&h, b->list[i].data, b->list[i].n);
	}
	hash_end(&h, out);
}

/* Reading. */

struct reader {
	const char *p, *end;
};

/* Digits without a leading zero, then c. */
static bool
number(struct reader *r, char c, size_t *out)
{
	const char *from = r->p;
	size_t v = 0;

	while (r->p < r->end && *r->p >= '0' && *r->p <= '9' && r->p - from < 9)
		v = v * 10 + (size_t)(*r->p++ - '0');
	if (r->p == from || (*from == '0' && r->p - from > 1) ||
	    r->p == r->end || *r->p != c)
		return false;
	r->p++;
	*out = v;
	return true;
}

/* n bytes and a newline. */
static bool
piece(struct reader *r, size_t n, const char **out)
{
	if ((size_t)(r->end - r->p) <= n || r->p[n] != '\n')
		return false;
	*out = r->p;
	r->p += n + 1;
	return true;
}

/* In order, and none twice: what bundle_pack() would not write is none. */
static bool
file(struct reader *r, struct bundle *b, size_t *bytes)
{
	size_t path_n, n;
	const char *path, *data, *copy;

	if (!number(r, ' ', &path_n) || !number(r, '\n', &n) ||
	    !piece(r, path_n, &path) || !is_path(path, path_n) ||
	    !piece(r, n, &data))
		return false;
	*bytes += n;
	copy = arena_strndup(b->arena, path, path_n);
	if (*bytes > BUNDLE_BYTES_MAX || b->n == BUNDLE_FILES_MAX ||
	    (b->n > 1 && strcmp(b->list[b->n - 1].path, copy) >= 0) ||
	    (b->n > 0 && strcmp(b->list[0].path, copy) == 0))
		return false;
	b->list = arena_grow(
	    b->arena, b->list, b->n, &b->cap, sizeof(*b->list));
	b->list[b->n++] = (struct bundle_file){ copy,
		arena_memdup(b->arena, data, n), n };
	return true;
}

int
bundle_read(struct arena *a, const char *data, size_t n, struct bundle *out,
    struct err *e)
{
	struct reader r = { data, data + n };
	struct bundle b;
	size_t bytes = 0;

	bundle_init(&b, a);
	if (n < sizeof(magic) - 1 ||
	    memcmp(data, magic, sizeof(magic) - 1) != 0)
		return err_set(
		    e, ERR_REJECT, "this is no configuration that was kept");
	r.p += sizeof(magic) - 1;
	do {
		if (!file(&r, &b, &bytes))
			return err_set(e, ERR_REJECT,
			    "a configuration that was kept is damaged");
	} while (r.p < r.end);
	*out = b;
	return 0;
}

char *
bundle_line(struct arena *a, const struct bundle_file *f, int line)
{
	const char *p = f->data, *end = f->data + f->n, *stop;

	for (; line > 1 && p < end; line--) {
		stop = memchr(p, '\n', (size_t)(end - p));
		p = stop == NULL ? end : stop + 1;
	}
	if (line < 1 || p >= end)
		return NULL;
	stop = memchr(p, '\n', (size_t)(end - p));
	if (stop == NULL)
		stop = end;
	if (stop > p && stop[-1] == '\r')
		stop--;
	return arena_strndup(a, p, (size_t)(stop - p));
}
