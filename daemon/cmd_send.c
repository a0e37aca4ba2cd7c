/* deskd send: the loop that delivers letters, by hand or as a child. */
#include <stdio.h>
#include <sys/resource.h>
#include <sysexits.h>

#include "daemon/child.h"
#include "daemon/cmd.h"
#include "daemon/files.h"
#include "daemon/log.h"
#include "daemon/send.h"

extern const struct cmd cmd_send;

static int
open_all(struct context *c, struct send_setting *s, struct err *e)
{
	const struct conf_smtp *smtp = &c->conf->smtp;
	char *password = NULL;
	int lock; /* open as long as we live */

	if (files_lock(c->dir, "send", &lock, e) == -1 ||
	    wake_open(&s->wake, c->dir, "send", e) == -1)
		return -1;
	if (smtp->user != NULL && smtp->password.kind != SECRET_NONE &&
	    secret_read(&c->arena, &smtp->password, &password, e) == -1)
		return err_wrap(e, "password of %s", smtp->relay.host);
	s->password = password;
	return 0;
}

static int
send_cmd_run(struct context *c, int argc, char **argv)
{
	struct send_setting s = { .db = c->db, .conf = c->conf, .dir = c->dir };
	struct rlimit no_core = { 0, 0 }; /* it would hold the password */
	struct err e = { 0 };
	int rc;

	if (child_begin(&argc, argv) == -1)
		return EX_TEMPFAIL;
	s.until_idle = opt_flag(&argc, argv, "--until-idle");
	if (argc > 1)
		return cmd_usage(&cmd_send, "unknown word '%s'", argv[1]);
	log_open("send",
	    c->verbose > 0 ? LOG_DEBUG
		: c->quiet ? LOG_WARN
			   : LOG_INFO);
	if (!c->conf->has_smtp) {
		fprintf(stderr,
		    "deskd: %s has no smtp block: nothing can be sent\n",
		    c->conf_path);
		return EX_CONFIG;
	}
	(void)setrlimit(RLIMIT_CORE, &no_core);
	if (open_all(c, &s, &e) == -1) {
		wake_close(s.wake);
		return cmd_fail(&e);
	}
	rc = send_run(&s, &e);
	wake_close(s.wake);
	if (rc == 0)
		return 0;
	cmd_fail(&e);
	return rc == 1            ? EX_UNAVAILABLE
	    : e.kind == ERR_RETRY ? EX_TEMPFAIL
				  : EX_SOFTWARE;
}

const struct cmd cmd_send = {
	.name = "send",
	.args = "[--until-idle]",
	.about = "the loop that delivers letters, by hand",
	.needs = NEEDS_CONF | NEEDS_DB,
	.run = send_cmd_run,
	.help =
	    "Gives the letters of the outbox to the relay of the smtp block, "
	    "and waits for\nmore until it is stopped.\n"
	    "\n"
	    "  --until-idle  end when nothing is due now; letters that wait "
	    "for a later try\n                stay.  69: the relay takes "
	    "nothing\n",
};
