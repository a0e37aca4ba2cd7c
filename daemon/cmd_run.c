/* deskd run: the service, in the foreground. */
#include "daemon/cmd.h"
#include "daemon/log.h"
#include "daemon/run.h"

extern const struct cmd cmd_run;

static int
run_run(struct context *c, int argc, char **argv)
{
	if (argc > 1)
		return cmd_usage(&cmd_run, "unknown word '%s'", argv[1]);
	log_open("run",
	    c->verbose > 0 ? LOG_DEBUG
		: c->quiet ? LOG_WARN
			   : LOG_INFO);
	return run_daemon(c);
}

const struct cmd cmd_run = {
	.name = "run",
	.args = "",
	.about = "the service, in the foreground",
	.needs = OWN_CONF,
	.run = run_run,
	.help =
	    "Starts and watches one fetch for each mailbox, one work, and one "
	    "send if the\nconfiguration has an smtp block.\n"
	    "\n"
	    "  SIGTERM  stop within 10 seconds; a second one: at once\n"
	    "  SIGHUP   read the configuration again, check it and test its "
	    "rules; one with a\n           mistake changes nothing\n"
	    "  SIGUSR1  say in the log how the loops are\n"
	    "  SIGUSR2  look for mail now\n"
	    "\n"
	    "Whatever is in force is kept in the database.  When the files "
	    "have a mistake at\nthe start, the last configuration that was "
	    "in force takes their place; the log,\nthe status of the service "
	    "and a mail to the admins say so.\n"
	    "\n"
	    "Exit codes: 0 stopped, 75 another deskd runs here, 78 a mistake "
	    "in the\nconfiguration and none that was in force before, or a "
	    "database newer than this\nprogram.\n",
};
