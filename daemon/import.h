#ifndef DAEMON_IMPORT_H
#define DAEMON_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/cmd.h"
#include "store/imports.h"

/*
 * Mail from files into the same pipeline as mail from a server: mbox, Maildir,
 * single mails, folders of all of these.  Windows of mails share a commit, and
 * where the import stands is part of that commit: killed at any moment it goes
 * on without losing or doubling a mail, and a second run does nothing new.
 *
 * Sends nothing unless `live`.  Parses nothing: that is the work of work.
 */
struct import_options {
	bool dry_run, live, no_progress;
	const char *mailbox; /* its name in the ledger */
};

struct import_result {
	struct import_sum sum; /* what became of the mails; not of a dry run */
	uint64_t mails, bytes; /* read now */
	uint64_t files;        /* with mail in them, the known ones too */
	uint64_t known;        /* files that had been read to the end before */
	uint64_t have;     /* dry run: mails whose bytes are stored already */
	uint64_t oversize; /* larger than max-size: only the beginning */
	uint64_t strange;  /* files that are no mail */
	const char *strange_path; /* the first of them */
	bool stopped;             /* by a signal */
	bool elsewhere;           /* the running service works the mails */
};

/* ERR_REJECT: a path cannot be read.  c->db is NULL in a dry run without a
 * database. */
int import_run(struct context *c, const struct import_options *o, char **paths,
    size_t paths_n, struct import_result *out, struct err *e);

#endif
