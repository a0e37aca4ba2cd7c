#ifndef STORE_RAW_H
#define STORE_RAW_H

#include "parser/arena.h"
#include "store/inbound.h"

/* Raw mail for the rest of store/; the public half is in inbound.h. */

/* One zstd frame as it is stored. */
struct raw_frame {
	const void *data;
	size_t n;
	size_t max; /* bytes it may unpack to; more is damage, not memory */
};

/* Back to bytes, in the arena. */
int raw_unpack(struct arena *a, const struct raw_frame *f, char **out,
    size_t *out_n, struct err *e);

int raw_add(struct db *db, const struct raw_new *m, int64_t *id, struct err *e);
int raw_finish(
    struct db *db, int64_t raw, const struct raw_new *m, struct err *e);
int raw_remove(struct db *db, int64_t raw, struct err *e);

#endif
