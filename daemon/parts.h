#ifndef DAEMON_PARTS_H
#define DAEMON_PARTS_H

#include <stdint.h>

#include "parser/compose.h"
#include "parser/mail.h"
#include "store/db.h"

/*
 * The attachments of a mail, decoded, to go along with a letter.  Of what the
 * box said of them only places in the raw mail are used, held to its size.
 */
struct parts {
	struct compose_part *list;
	size_t n;
	/* What cannot come along ("movie.mp4 (31 MB)"), or NULL: too large
	 * together, or inside of something that was itself packed. */
	const char *left;
};

struct parts_ask {
	int64_t raw;
	const struct mail *mail;
	uint64_t most; /* bytes of all together */
};
/* Not inside a transaction. */
int parts_load(struct db *db, struct arena *a, const struct parts_ask *ask,
    struct parts *out, struct err *e);

#endif
