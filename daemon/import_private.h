#ifndef DAEMON_IMPORT_PRIVATE_H
#define DAEMON_IMPORT_PRIVATE_H

#include "daemon/import.h"
#include "daemon/progress.h"
#include "daemon/wake.h"
#include "daemon/work.h"
#include "parser/limits.h"
#include "parser/mbox.h"
#include "store/inbound.h"

/* What the parts of the import share; nobody else includes this. */

/* Where to look: a file, a folder (its own files only), or a Maildir. */
enum unit_kind {
	UNIT_FILE,
	UNIT_FOLDER,
	UNIT_MAILDIR
};
struct import_unit {
	enum unit_kind kind;
	const char *path; /* without symbolic links */
};
struct import_plan {
	struct import_unit *list;
	size_t n, cap;
	uint64_t files, bytes;
};

/* Which units the paths mean, sorted within each path. */
int import_walk(struct arena *a, char **paths, size_t n,
    struct import_plan *out, struct err *e);

/* The files of a unit in their order: relative to its path, "cur/..." and
 * "new/..." in a Maildir; "" for a unit that is a file. */
struct import_names {
	char **list;
	size_t n, cap;
	uint64_t bytes;
};
int import_list(struct arena *a, const struct import_unit *u,
    struct import_names *out, struct err *e);

/* One file while it is read. */
struct import_file {
	const char *path; /* to open */
	const char *key;  /* its name in the table import */
	bool is_mail;     /* by its place or name */
	bool single;      /* it is one mail */
	int fd;
	uint64_t size;
	int64_t mtime;
	struct import_row row; /* of an earlier run */
	bool had_row;
};

/* A mail that waits for the commit of its window. */
struct import_pending {
	struct raw_new raw; /* packed; data NULL: only the row is written */
	bool oversize;
	const char *key;
	struct import_row row;
};

struct import {
	struct context *c;
	const struct import_options *o;
	struct import_result *result;
	struct wake *wake; /* NULL in a dry run */
	struct work *work; /* NULL: another process works */
	struct progress progress;
	struct raw_packer *packer;
	char *buffer; /* FETCH_WHOLE_MAX bytes: the mail in hand */
	size_t buffer_n;

	struct arena reading; /* of the file in hand */
	struct arena window;  /* of the pending mails */
	struct import_pending *pending;
	size_t pending_n;
	size_t pending_bytes;

	int64_t mailbox;
	uint32_t first_uid; /* the last one before this run */
	size_t unworked;
	uint64_t before;   /* bytes of the files that are done */
	uint64_t mboxes;   /* files so far that hold many mails */
	uint64_t max_size; /* a larger mail is cut */
	uint64_t planned;  /* files */
};

/* Read one file to its end or until a signal. */
int import_file(struct import *im, struct import_file *f, struct err *e);

/* A mail in im->buffer, or one that is too large for it: still to be read from
 * m, size known.  row says where the file stands behind it. */
int import_add(struct import *im, const struct import_file *f,
    const struct import_row *row, int64_t received, bool oversize,
    struct err *e);
struct import_large {
	struct mbox *m;
	uint64_t size;
	int64_t received;
};
int import_add_large(struct import *im, const struct import_file *f,
    const struct import_row *row, const struct import_large *l, struct err *e);
/* The file stands elsewhere now, without a mail. */
int import_add_row(struct import *im, const struct import_file *f,
    const struct import_row *row, struct err *e);

/* What is pending becomes ours; then whole batches of it are worked. */
int import_commit(struct import *im, struct err *e);
void import_count(struct import *im, uint64_t size);
/* Remove what an import that was killed left behind. */
int import_sweep(struct db *db, struct err *e);

bool import_stopping(const struct import *im);
/* The file in hand was read so far. */
void import_progress(struct import *im, uint64_t in_file);

#endif
