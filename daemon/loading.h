#ifndef DAEMON_LOADING_H
#define DAEMON_LOADING_H

#include "parser/conf.h"
#include "store/bundle.h"

/*
 * A configuration being loaded, from disk or from where it was kept, with all
 * that belongs to it: what is included, templates, holiday files.  Each file
 * that is read is noted, so that the whole can be kept.  Changes nothing, and
 * asks no server.
 *
 * The struct must live as long as the configuration: templates that are read
 * later come through it.
 */
struct loading {
	struct arena *arena;
	struct conf *conf;
	struct bundle files;       /* all that was read, the main file first */
	const struct bundle *kept; /* read from here; NULL: from disk */
	struct conf_source source;
	size_t tests, failed; /* of the rules: loading_try() */
};

/* base is files_conf_source or files_conf_timed; kept may be NULL. */
void loading_init(struct loading *l, struct arena *a,
    const struct conf_source *base, const struct bundle *kept);

/* The files alone.  -1: the report says what is wrong. */
int loading_read(struct loading *l, const char *path, struct conf_report *rep);

/*
 * Then templates and rules are built, the rules looked at and their tests run.
 * This is what `check`, a start and a reload all ask for.  -1: there are
 * errors; all of them are in the report.
 */
int loading_try(struct loading *l, const char *path, struct conf_report *rep);

/*
 * Can nobody else change what was read: the files of the configuration, the
 * templates and their folder (T49)?  Asked of the disk; -1: e says who can.
 */
int loading_safe(const struct loading *l, struct err *e);

/* What is asked for later comes from what was read by now, whatever became of
 * the files on disk. */
void loading_seal(struct loading *l);

#endif
