#ifndef DAEMON_MAIL_READ_H
#define DAEMON_MAIL_READ_H

#include <stdint.h>

#include "parser/arena.h"
#include "parser/err.h"
#include "parser/mail.h"
#include "store/db.h"

/*
 * One mail through the box: from a file ("-": standard input) or from the
 * database.  *size is its bytes.  ERR_REJECT: it cannot be read.
 */
int mail_read_file(struct arena *a, const char *path, struct mail *m,
    uint64_t *size, struct err *e);
int mail_read_raw(struct db *db, struct arena *a, int64_t raw, struct mail *m,
    uint64_t *size, struct err *e);

#endif
