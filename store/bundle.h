#ifndef STORE_BUNDLE_H
#define STORE_BUNDLE_H

#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/buf.h"
#include "parser/err.h"
#include "parser/hash.h"

/*
 * All files of one configuration as they were read: the main file first, then
 * what it includes, templates and holidays in the order of their paths.  Paths
 * are those they were opened by.  Packed it reads
 *
 *	deskd configuration 1
 *	16 1204
 *	/etc/deskd.conf
 *	...1204 bytes...
 *	(the next file)
 *
 * the length of the path, that of the bytes, and each of the two with a newline
 * behind it.  The same files always pack into the same bytes.  Knows nothing of
 * what is in them.
 */
#define BUNDLE_FILES_MAX ((size_t)2000)
#define BUNDLE_BYTES_MAX ((size_t)64 << 20)
#define BUNDLE_PATH_MAX  ((size_t)4096)

struct bundle_file {
	const char *path;
	const char *data; /* NUL-terminated */
	size_t n;
};

struct bundle {
	struct arena *arena;
	struct bundle_file *list;
	size_t n, cap;
};

void bundle_init(struct bundle *b, struct arena *a);
/* Copies both.  A path that is there already is left as it is. */
void bundle_add(struct bundle *b, const char *path, const char *data, size_t n);
/* NULL: there is no such file. */
const struct bundle_file *bundle_find(const struct bundle *b, const char *path);

/* -1: more than the limits above allow. */
int bundle_pack(const struct bundle *b, struct buf *out, struct err *e);
void bundle_hash(const struct bundle *b, uint8_t out[HASH_SIZE]);
/* ERR_REJECT: these bytes are no bundle.  At least one file comes out. */
int bundle_read(struct arena *a, const char *data, size_t n, struct bundle *out,
    struct err *e);

/* The line with that number, from 1, without its end; NULL: there is none. */
char *bundle_line(struct arena *a, const struct bundle_file *f, int line);

#endif
