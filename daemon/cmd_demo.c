/*
 * deskd demo: a desk with real servers on this machine, for a few seconds or,
 * with --stay, to play with.  Two processes: the outer one only waits and
 * cleans up, the inner one plays.  Whichever is killed, the other ends the
 * servers and removes the folder; the servers die with the inner one.
 */
#include "daemon/demo.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/files.h"

extern const struct cmd cmd_demo;

struct wish {
	bool stay, quiet;
};

static int
start_desk(struct demo *d, struct err *e)
{
	const char *const argv[] = { "/proc/self/exe", "-c", d->conf, "run",
		NULL };

	return demo_spawn(d, argv, "deskd.log", false, &d->desk, e);
}

static void
welcome(struct demo *d)
{
	printf("A helpdesk on this machine, with real servers:\n\n"
	       "   imap://127.0.0.1:%d   Dovecot, with mailboxes for",
	    d->imap_port);
	for (const struct demo_box *b = demo_boxes; b->user != NULL; b++)
		printf(" %s", b->user);
	printf("\n   smtp://127.0.0.1:%d   delivers into them\n"
	       "   deskd run             reads support@example.com there\n",
	    d->smtp_port);
	fflush(stdout);
}

/* One line for the shell; ana's answers go to Reply-To unasked. */
static void
with_mutt(struct demo *d, const char *user)
{
	const struct demo_box *b = demo_box(user);

	printf("\n   As %s, with mutt:\n\n"
	       "   mutt -n -F /dev/null -e 'set ssl_starttls=no "
	       "ssl_force_tls=no from=%s realname=\"%s\" record=\"\" "
	       "reply_to=yes smtp_url=smtp://127.0.0.1:%d/; "
	       "ignore *; unignore from date to subject' \\\n"
	       "       -f imap://%s:%s@127.0.0.1:%d/INBOX\n",
	    b->name, b->address, b->name, d->smtp_port, user, d->password,
	    d->imap_port);
}

static void
how_to_join(struct demo *d)
{
	printf("\nEverything stays up until Ctrl-C.  Join in:\n\n"
	       "   IMAP 127.0.0.1 port %d, SMTP 127.0.0.1 port %d, both "
	       "without TLS\n"
	       "   password of everybody: %s\n\n",
	    d->imap_port, d->smtp_port, d->password);
	for (const struct demo_box *b = demo_boxes; b->user != NULL; b++)
		printf("   %-8s  %s <%s>\n", b->user, b->name, b->address);
	with_mutt(d, "maria");
	with_mutt(d, "ana");
	printf(
	    "\n   Write to support@example.com as Maria.  As Ana reply to what "
	    "you are told;\n   #resolve, #note or #help in the first line "
	    "steer the ticket.\n\n"
	    "   The desk's own view:\n\n"
	    "   export DESKD_CONF=%s\n"
	    "   deskd list\n\n"
	    "   State folder: %s\n"
	    "   Logs: %s/*.log\n\n",
	    d->conf, d->state, d->dir);
	fflush(stdout);
}

static void
verdict(struct demo *d, int64_t began)
{
	if (d->failed != 0)
		printf("\n%d of %d checks failed.\n", d->failed, d->checks);
	else if (d->quiet)
		printf("deskd demo: %d checks good\n", d->checks);
	else
		printf("\nAll %d checks good, in %.1f seconds.\n", d->checks,
		    (double)(clock_steady() - began) / 1000);
	fflush(stdout);
}

/* What went wrong, and what deskd run had to say last. */
static void
complain(struct demo *d, const struct err *e)
{
	char *text, *path = arena_printf(d->arena, "%s/deskd.log", d->dir);
	size_t n, at, lines = 0;
	struct err none;

	fprintf(stderr, "deskd demo: %s\n", e->text);
	if (files_read(d->arena, path, 16 << 20, &text, &n, &none) == -1)
		return;
	for (at = n; at > 0 && lines < 12; at--)
		lines += text[at - 1] == '\n' && at < n;
	fprintf(stderr, "\nThe end of its log:\n%s", text + at);
}

/* The inner process. */
static int
inner(struct context *c, const struct wish *w, char *dir)
{
	struct demo d = {
		.c = c, .arena = &c->arena, .dir = dir, .quiet = w->quiet
	};
	int64_t began = clock_steady();
	struct err e = { 0 };
	int rc;

	print_init(&d.print, c);
	rc = demo_open(&d, &e);
	if (rc == 0)
		rc = start_desk(&d, &e);
	if (rc == 0 && !d.quiet)
		welcome(&d);
	if (rc == 0)
		rc = demo_play(&d, &e);
	if (rc == 0)
		verdict(&d, began);
	else if (!d.stop)
		complain(&d, &e);
	if (rc == 0 && w->stay) {
		how_to_join(&d);
		while (!demo_stopping(&d, -1))
			;
		puts("\nEnding.");
	}
	demo_close(&d);
	demo_remove(dir);
	return rc == 0 && d.failed == 0 ? 0 : 1;
}

/* The outer process. */

static volatile sig_atomic_t inner_pid;

/* A signal to us alone is passed on; Ctrl-C reaches both by itself. */
static void
pass_on(int sig)
{
	int saved = errno;

	kill((pid_t)inner_pid, sig);
	errno = saved;
}

/* Both wait with them until they can clean up: the inner process reads them
 * from a descriptor (demo_open()), the outer one when it has somebody to tell.
 */
static void
block_signals(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(how, &set, NULL);
}

static void
catch_signals(void)
{
	struct sigaction sa = { .sa_handler = pass_on, .sa_flags = SA_RESTART };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	block_signals(SIG_UNBLOCK);
}

/*
 * The inner process is gone.  What it left behind has become our child
 * (PR_SET_CHILD_SUBREAPER) and is ending, since its parent died: wait.
 */
static void
reap(void)
{
	int64_t until = clock_steady() + 10000;

	while (clock_steady() < until) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid == -1 && errno == ECHILD)
			return;
		if (pid == 0)
			poll(NULL, 0, 10);
	}
}

static int
outer(struct context *c, const struct wish *w, char *dir)
{
	pid_t parent = getpid(), pid;
	int status = 0;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	fflush(stdout);
	pid = fork();
	if (pid == -1) {
		fprintf(stderr, "deskd demo: fork: %m\n");
		return EX_OSERR;
	}
	if (pid == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGTERM) == -1 ||
		    getppid() != parent)
			_exit(1);
		exit(inner(c, w, dir)); /* NOLINT(concurrency-mt-unsafe) */
	}
	inner_pid = pid;
	catch_signals();
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	reap();
	demo_remove(dir);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int
run(struct context *c, int argc, char **argv)
{
	struct wish w = { .stay = opt_flag(&argc, argv, "--stay"),
		.quiet = opt_flag(&argc, argv, "--check") };
	const char *odd = opt_unknown(argc, argv), *tmp;
	char *dir;

	if (odd != NULL)
		return cmd_usage(&cmd_demo, "unknown option '%s'", odd);
	if (argc > 1)
		return cmd_usage(&cmd_demo, "no argument is needed");
	if (demo_dovecot_find() == NULL) {
		fprintf(stderr,
		    "deskd demo: Dovecot is needed and not installed:\n"
		    "    Debian, Ubuntu:  apt-get install dovecot-imapd\n"
		    "    Fedora:          dnf install dovecot\n"
		    "    Arch:            pacman -S dovecot\n");
		return EX_UNAVAILABLE;
	}
	block_signals(SIG_BLOCK);
	tmp = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe) */
	dir = arena_printf(&c->arena, "%s/deskd-demo-XXXXXX",
	    tmp != NULL && tmp[0] == '/' ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL) {
		fprintf(stderr, "deskd demo: %s: %m\n", dir);
		return EX_CANTCREAT;
	}
	return outer(c, &w, dir);
}

const struct cmd cmd_demo = {
	.name = "demo",
	.args = "[--stay | --check]",
	.about = "the whole thing on this machine, with people who write",
	.run = run,
	.help =
	    "Starts a private IMAP server (Dovecot), a private SMTP server and\n"
	    "deskd run on loopback ports, plays a conversation through them and\n"
	    "checks each step.  Needs no account, no configuration and no root;\n"
	    "leaves nothing behind.\n\n"
	    "  --stay   leave it up afterwards, to join in with a mail client\n"
	    "  --check  say nothing but the verdict: a self test of the machine\n",
};
