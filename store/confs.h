#ifndef STORE_CONFS_H
#define STORE_CONFS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/bundle.h"
#include "store/db.h"

/*
 * The configurations that were ever in force, with all their files, and each
 * try of the service to put one in force.  A configuration is kept once, by the
 * hash of its files (see bundle.h for their form, packed with zstd).  What
 * writes stands in the caller's transaction.
 */
int confs_add(struct db *db, const struct bundle *b, int64_t now, int64_t *id,
    struct err *e);

struct conf_kept {
	int64_t id;
	int64_t since;        /* when it was kept first */
	struct bundle bundle; /* n 0: its files were not kept */
};
/* out->id is 0 when there is none of that number. */
int confs_read(struct db *db, struct arena *a, int64_t id,
    struct conf_kept *out, struct err *e);

/* One try to put a configuration in force. */
struct conf_try {
	int64_t id, time;
	const char *occasion; /* "start", "reload" */
	int64_t conf;         /* what is in force since; 0: it is not kept */
	const char *refused;  /* why the files on disk are not it, or NULL */
	bool told;            /* the admins were written to */
};
int confs_try_add(struct db *db, const struct conf_try *t, struct err *e);
/* The newest; out->id is 0 when there was none. */
int confs_try_last(
    struct db *db, struct arena *a, struct conf_try *out, struct err *e);
/* Were the admins told of the very same since then? */
int confs_told(struct db *db, const char *refused, int64_t since, bool *told,
    struct err *e);

/* The configurations that the service had, the last one first, at most max;
 * *n is how many. */
int confs_had(
    struct db *db, int64_t *ids, size_t max, size_t *n, struct err *e);
/* When the configuration came into force that was so at `when`; 0: the service
 * never took it, a loop by hand did. */
int confs_since(
    struct db *db, int64_t id, int64_t when, int64_t *since, struct err *e);

#endif
