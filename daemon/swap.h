#ifndef DAEMON_SWAP_H
#define DAEMON_SWAP_H

#include "daemon/cmd.h"
#include "daemon/loading.h"

/*
 * Which configuration the service works with.  What stands on disk is read,
 * checked and its rules tested as `check` does it; it comes into force whole or
 * not at all.  What came into force is kept in the database, where the loops
 * take it from and where a start finds it again when the files are broken.
 *
 * The database is opened for a moment each time, the files are only read.
 */
struct swap {
	struct arena arena; /* of all that is below */
	struct loading *loading;
	struct conf *conf; /* NULL: refused */
	int64_t id;        /* it is kept by this number; 0: it is not */
	int64_t since;     /* of one that was kept before */
	/* Why the files were refused; NULL: they were not. */
	const char *report; /* all messages */
	const char *first;  /* the first line of them */
	int errors;
};

/* Read c->conf_path.  -1: refused. */
int swap_read(struct swap *s, const struct context *c);
/* Of one that was refused: a line in the log. */
void swap_say(const struct swap *s, const char *instead);
/*
 * At the start: slots[0] is what stands on disk.  Where that is refused,
 * slots[1] is the newest configuration that the service had and that can still
 * be read.  Chooses the state folder too.  Returns an exit code: 78, after the
 * report went to stderr, when there is neither.
 */
int swap_start(struct swap slots[2], struct context *c);
/* Keep it: s->id.  Where that fails the loops have to read the files. */
void swap_keep(struct swap *s, const struct context *c);

/*
 * Write down that c->conf (kept as c->conf_id) is in force, and of s->report,
 * if there is one, why it is not what stands on disk.  Of a refusal the admins
 * get a letter, but not of the same one within SWAP_TELL_SECONDS.
 */
#define SWAP_TELL_SECONDS 900
void swap_record(
    const struct swap *s, const struct context *c, const char *occasion);

/* Give back the memory; the configuration goes with it. */
void swap_done(struct swap *s);

#endif
