/* deskd fetch: the fetch loop of one mailbox, by hand or as a child of run. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>

#include "daemon/child.h"
#include "daemon/cmd.h"
#include "daemon/fetch.h"
#include "daemon/log.h"

/* The wall behind all budgets (M4): a hostile server must not take the machine
 * along.  Sanitizers reserve terabytes, so they do without. */
#define MEMORY_MAX ((rlim_t)512 << 20)

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

extern const struct cmd cmd_fetch;

static void
set_limits(void)
{
	struct rlimit core = { 0, 0 };

	setrlimit(RLIMIT_CORE, &core); /* a dump would hold the password */
#ifndef SANITIZED
	struct rlimit memory = { MEMORY_MAX, MEMORY_MAX };

	setrlimit(RLIMIT_AS, &memory);
#endif
}

static int
fetch_cmd_run(struct context *c, int argc, char **argv)
{
	const struct conf_mailbox *m;
	char name[100];
	bool once;

	if (child_begin(&argc, argv) == -1)
		return EX_TEMPFAIL;
	once = opt_flag(&argc, argv, "--once");
	if (opt_unknown(argc, argv) != NULL)
		return cmd_usage(
		    &cmd_fetch, "unknown option '%s'", opt_unknown(argc, argv));
	if (argc != 2)
		return cmd_usage(&cmd_fetch, "name one mailbox");
	m = conf_mailbox(c->conf, argv[1]);
	if (m == NULL) {
		fprintf(stderr, "deskd: no mailbox '%s' in %s\n", argv[1],
		    c->conf_path);
		return EX_USAGE;
	}
	snprintf(name, sizeof(name), "fetch %s", m->name);
	log_open(name,
	    c->quiet             ? LOG_WARN
		: c->verbose > 0 ? LOG_DEBUG
				 : LOG_INFO);
	set_limits();
	return fetch_run(c, m, once);
}

const struct cmd cmd_fetch = {
	.name = "fetch",
	.args = "MAILBOX [--once]",
	.about = "take the mail of one mailbox from its IMAP server",
	.needs = NEEDS_CONF | MAKES_DB,
	.run = fetch_cmd_run,
	.help =
	    "Runs in the foreground until SIGTERM or ^C.  `deskd run` starts one "
	    "for each\nmailbox by itself.\n\n"
	    "--once   end when all is fetched and marked on the server\n\n"
	    "A mail is marked only after it is safe in deskd.db.  Nothing is ever "
	    "deleted and\nno mail becomes read by this.  Exit codes: 0 done, 69 the "
	    "server cannot be\nreached, 75 another fetch runs or the disk is full, "
	    "77 the password is refused.\n",
};
