/* deskd work: the loop by hand, or as a child of `deskd run`. */
#include <signal.h>

#include <sysexits.h>
#include <unistd.h>

#include "daemon/child.h"
#include "daemon/cmd.h"
#include "daemon/log.h"
#include "daemon/wake.h"
#include "daemon/work.h"

#define PAUSE_FIRST 1000 /* ms after trouble, doubling */
#define PAUSE_MOST  60000

/* Batches until nothing waits or we are asked to stop. */
static int
work_all(struct work *w, struct wake *wake, struct err *e)
{
	size_t done = 1;

	while (done > 0 && !wake_stopping(wake))
		if (work_batch(w, &done, e) == -1)
			return -1;
	return 0;
}

static int
loop(struct work *w, struct wake *wake)
{
	int64_t pause = -1; /* ms to sleep after trouble; -1: until nudged */

	while (!wake_stopping(wake)) {
		struct err e = { 0 };

		if (work_all(w, wake, &e) == 0) {
			pause = -1;
		} else {
			log_err(LOG_WARN, &e);
			pause = pause <= 0 ? PAUSE_FIRST : pause * 2;
			pause = pause > PAUSE_MOST ? PAUSE_MOST : pause;
		}
		work_idle(w);
		if (wake_wait(wake, pause) == WAKE_STOP)
			break;
	}
	return 0;
}

static int
work_run(struct context *c, int argc, char **argv)
{
	bool until_idle = opt_flag(&argc, argv, "--until-idle");
	struct wake *wake = NULL;
	struct work *w = NULL;
	struct err e = { 0 };
	int rc = 0;

	if (child_begin(&argc, argv) == -1)
		return EX_TEMPFAIL;
	if (argc > 1)
		return cmd_usage(cmd_find("work"), "unknown '%s'", argv[1]);
	log_open("work", c->quiet ? LOG_WARN : LOG_INFO);
	if (wake_open(&wake, c->dir, "work", &e) == -1 ||
	    work_open(&w, c, &e) == -1) {
		wake_close(wake);
		return cmd_fail(&e);
	}
	if (!until_idle)
		rc = loop(w, wake);
	else if (work_all(w, wake, &e) == -1)
		rc = cmd_fail(&e);
	work_close(w);
	wake_close(wake);
	return rc;
}

const struct cmd cmd_work = {
	.name = "work",
	.args = "[--until-idle]",
	.about = "the loop that turns mail into tickets, by hand",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = work_run,
	.help =
	    "Works all mail that was fetched or imported: which ticket it\n"
	    "belongs to, what becomes of it, the acknowledgement.  Without\n"
	    "--until-idle it goes on and waits for more until it is stopped.\n",
};
