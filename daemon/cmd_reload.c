/*
 * deskd reload: check first, then tell the service to read its configuration
 * again, and wait for what it makes of it.  A configuration with a mistake
 * never reaches the service.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "daemon/clock.h"
#include "daemon/cmd.h"
#include "daemon/files.h"
#include "daemon/print.h"
#include "store/confs.h"

extern const struct cmd cmd_reload, cmd_check;

#define WAIT_MS 30000 /* the loops have 10 s to end */
#define LOOK_NS 50000000

/* The answer is a row of the database. */
static int
look(const struct context *c, struct arena *a, struct conf_try *out)
{
	struct db *db = NULL;
	struct err e = { 0 };
	int rc = db_open(&db, c->dir, DB_OPEN, &e);

	if (rc == 0)
		rc = confs_try_last(db, a, out, &e);
	db_close(db);
	return rc == 0 ? 0 : cmd_fail(&e);
}

static int
answer(struct context *c, const struct conf_try *t)
{
	if (t->refused != NULL) {
		fputs(t->refused, stdout);
		printf("The service refused it and keeps the configuration "
		       "that it had.\n");
		return EX_CONFIG;
	}
	if (c->quiet)
		return 0;
	printf("The new configuration is in force since %s",
	    print_time(&c->arena, t->time));
	if (t->conf != 0)
		printf(" (number %lld)", (long long)t->conf);
	printf(".\n");
	return 0;
}

static int
await(struct context *c, int64_t before)
{
	static const struct timespec pause = { .tv_nsec = LOOK_NS };
	int64_t end = clock_steady() + WAIT_MS;

	do {
		struct conf_try t = { 0 };
		int rc;

		nanosleep(&pause, NULL);
		rc = look(c, &c->arena, &t);
		if (rc != 0)
			return rc;
		if (t.id > before)
			return answer(c, &t);
	} while (clock_steady() < end);
	fprintf(stderr,
	    "deskd: the service was told, but it has not answered within %d s; "
	    "its log says more\n",
	    WAIT_MS / 1000);
	return EX_TEMPFAIL;
}

static int
signal_service(struct context *c, long pid)
{
	struct conf_try before = { 0 };
	int rc = look(c, &c->arena, &before);

	if (rc != 0)
		return rc;
	if (kill((pid_t)pid, SIGHUP) == -1) {
		fprintf(stderr, "deskd: process %ld cannot be told: %s%s\n",
		    pid,
		    errno == EPERM ? "it is another account's" : "it has ended",
		    errno == EPERM ? "; as root: systemctl reload deskd" : "");
		return errno == EPERM ? EX_NOPERM : EX_TEMPFAIL;
	}
	return await(c, before.id);
}

static int
reload_run(struct context *c, int argc, char **argv)
{
	char *check[] = { argv[0], NULL };
	struct err e = { 0 };
	long pid;
	int rc;

	if (argc > 1)
		return cmd_usage(&cmd_reload, "unknown word '%s'", argv[1]);
	rc = cmd_check.run(c, 1, check);
	if (rc == 0)
		rc = cmd_load_conf(c, NEEDS_CONF);
	if (rc != 0)
		return rc;
	cmd_choose_dir(c, c->conf->state);
	if (files_lock_pid(c->dir, "run", &pid, &e) == -1) {
		cmd_fail(&e);
		return EX_NOPERM;
	}
	if (pid > 0)
		return signal_service(c, pid);
	fprintf(stderr,
	    "deskd: no service runs on %s; the next start reads the files\n",
	    c->dir);
	return EX_UNAVAILABLE;
}

const struct cmd cmd_reload = {
	.name = "reload",
	.args = "",
	.about = "check the configuration, then put it in force",
	.needs = OWN_CONF,
	.run = reload_run,
	.help =
	    "Does what 'deskd check' does.  When there is no error, the "
	    "service is told to\nread its configuration again (SIGHUP to the "
	    "process that holds run.lock in the\nstate folder), and what it "
	    "makes of it is said: the whole of it is in force, or\nnothing of "
	    "it.  Mail that is being worked or sent is finished first.\n\n"
	    "Exit codes: 0 in force, 69 no service runs, 75 no answer, 77 not "
	    "allowed,\n78 errors: nothing has changed.\n",
};
