#ifndef STORE_RAW_H
#define STORE_RAW_H

#include "parser/arena.h"
#include "store/inbound.h"

/* Raw mail for the rest of store/; the public half is in inbound.h. */

/* One zstd frame back to bytes; more than max is damage, not memory. */
int raw_unpack(struct arena *a, const void *data, size_t n, size_t max,
    char **out, size_t *out_n, struct err *e);

int raw_add(struct db *db, const struct raw_new *m, int64_t *id, struct err *e);
int raw_finish(
    struct db *db, int64_t raw, const struct raw_new *m, struct err *e);
int raw_remove(struct db *db, int64_t raw, struct err *e);

#endif
