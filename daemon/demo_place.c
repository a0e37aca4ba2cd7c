/*
 * The demo's ground: a temporary folder, the people in it, processes that die
 * with us, and waiting by watching.  Promises not to touch
 * anything outside the folder.
 */
#include "daemon/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "parser/hash.h"

#define DEMO_END_MS 5000 /* how long a child may take to end */

/*
 * The domain of the desk and one of the world outside (RFC 2606).  The agents
 * are those of conf/people.conf.
 */
const struct demo_box demo_boxes[] = {
	{ "support", "support@example.com", "Example IT Support" },
	{ "maria", "maria@example.org", "Maria Gomez" },
	{ "jonas", "jonas@example.org", "Jonas Weber" },
	{ "ana", "ana@example.com", "Ana Silva" },
	{ "bob", "bob@example.com", "Bob Müller" },
	{ "chloe", "chloe@example.com", "Chloé Bernard" },
	{ "zoe", "zoe@example.com", "Zoë Okafor" },
	{ "dieter", "dieter@example.com", "Dieter Krause" },
	{ "eva", "eva@example.com", "Eva Lindström" },
	{ NULL, NULL, NULL },
};

const struct demo_box *
demo_box(const char *user)
{
	for (const struct demo_box *b = demo_boxes; b->user != NULL; b++)
		if (strcmp(b->user, user) == 0)
			return b;
	return NULL;
}

const struct demo_box *
demo_box_of(const char *address)
{
	const char *at = strrchr(address, '@');
	size_t n = strcspn(address, "+@");

	for (const struct demo_box *b = demo_boxes; b->user != NULL; b++) {
		size_t local = strcspn(b->address, "@");

		if (at != NULL && n == local &&
		    strncasecmp(address, b->address, n) == 0 &&
		    strcasecmp(at, b->address + local) == 0)
			return b;
	}
	return NULL;
}

void
demo_remove(const char *dir)
{
	struct arena a = { 0 };
	char *paths[] = { arena_strdup(&a, dir), NULL };
	FTS *f = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *p;

	while (f != NULL && (p = fts_read(f)) != NULL)
		if (p->fts_info == FTS_DP)
			rmdir(p->fts_accpath);
		else if (p->fts_info != FTS_D)
			unlink(p->fts_accpath);
	if (f != NULL)
		fts_close(f);
	arena_done(&a);
}

/* Processes. */

/* As root the servers run as nobody, who owns their part of the folder. */
static int
choose_rights(struct demo *d, struct err *e)
{
	/* One thread, and the result is copied at once. */
	struct passwd *pw; /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
	struct group *gr;

	d->root = geteuid() == 0;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
	pw = d->root ? getpwnam("nobody") : getpwuid(geteuid());
	if (pw == NULL)
		return err_set(e, ERR_RETRY, "no user %s in the user database",
		    d->root ? "nobody" : "for this process");
	d->uid = pw->pw_uid;
	d->gid = pw->pw_gid;
	snprintf(d->user, sizeof(d->user), "%s", pw->pw_name);
	gr = getgrgid(d->gid); /* NOLINT(concurrency-mt-unsafe) */
	if (gr == NULL)
		return err_set(e, ERR_RETRY, "no group %d", (int)d->gid);
	snprintf(d->group, sizeof(d->group), "%s", gr->gr_name);
	return 0;
}

/* In the child: everything as a fresh program expects it. */
static int
become(struct demo *d, const char *log, bool drop, pid_t parent)
{
	sigset_t none;
	int in = open("/dev/null", O_RDONLY), out = -1;

	setpgid(0, 0);
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (log != NULL)
		out = open(arena_printf(d->arena, "%s/%s", d->dir, log),
		    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (in == -1 || dup2(in, 0) == -1 ||
	    (log != NULL &&
		(out == -1 || dup2(out, 1) == -1 || dup2(out, 2) == -1)))
		return -1;
	if (drop && d->root &&
	    (setgroups(0, NULL) == -1 || setgid(d->gid) == -1 ||
		setuid(d->uid) == -1))
		return -1;
	/* After setuid(), which would clear it (prctl(2)). */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == -1 || getppid() != parent)
		return -1;
	return chdir(d->dir);
}

pid_t
demo_fork(struct demo *d, const char *log, bool drop)
{
	pid_t parent = getpid(), pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0 && become(d, log, drop, parent) == -1)
		_exit(EXIT_FAILURE);
	return pid;
}

int
demo_spawn(struct demo *d, const char *const argv[], const char *log, bool drop,
    pid_t *pid, struct err *e)
{
	char *words[16];
	size_t n = 0;
	pid_t child;

	for (; argv[n] != NULL && n < 15; n++)
		words[n] = arena_strdup(d->arena, argv[n]);
	words[n] = NULL;
	child = demo_fork(d, log, drop);
	if (child == -1)
		return err_set(e, ERR_RETRY, "fork: %m");
	if (child == 0) {
		execv(words[0], words);
		_exit(127);
	}
	*pid = child;
	return 0;
}

int
demo_run(struct demo *d, const char *const words[], bool show)
{
	const char *argv[16] = { "/proc/self/exe", "-c", d->conf };
	struct err e;
	pid_t pid = 0;
	int status, n = 3;

	for (; *words != NULL && n < 15; words++)
		argv[n++] = *words;
	if (demo_spawn(
		d, argv, show ? NULL : "commands.log", false, &pid, &e) == -1)
		return -1;
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Ask a group to end, insist after a while. */
static void
end_group(pid_t *pid)
{
	int64_t until = clock_steady() + DEMO_END_MS;

	if (*pid <= 0)
		return;
	kill(-*pid, SIGTERM);
	while (waitpid(*pid, NULL, WNOHANG) == 0 && clock_steady() < until)
		poll(NULL, 0, 10);
	kill(-*pid, SIGKILL);
	waitpid(*pid, NULL, 0);
	*pid = 0;
}

void
demo_close(struct demo *d)
{
	end_group(&d->desk);
	end_group(&d->dovecot);
	end_group(&d->smtpd);
	if (d->smtp_fd > 0)
		close(d->smtp_fd);
	if (d->watch > 0)
		close(d->watch);
	if (d->signals > 0)
		close(d->signals);
}

/* Waiting. */

static int
open_signals(struct demo *d, struct err *e)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 ||
	    (d->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) == -1)
		return err_set(e, ERR_RETRY, "signals: %m");
	return 0;
}

/* Everything that can move: the Maildirs and the state folder. */
static int
open_watch(struct demo *d, struct err *e)
{
	const uint32_t moves = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE |
	    IN_MODIFY;

	d->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (d->watch == -1 ||
	    inotify_add_watch(d->watch, d->state, moves) == -1)
		return err_set(e, ERR_RETRY, "inotify: %m");
	for (const struct demo_box *b = demo_boxes; b->user != NULL; b++)
		if (inotify_add_watch(d->watch,
			arena_printf(
			    d->arena, "%s/mail/%s/new", d->dir, b->user),
			moves) == -1)
			return err_set(e, ERR_RETRY, "inotify: %m");
	return 0;
}

bool
demo_stopping(struct demo *d, int ms)
{
	struct pollfd f[] = {
		{ .fd = d->signals, .events = POLLIN },
		{ .fd = d->watch > 0 ? d->watch : -1, .events = POLLIN },
	};
	char moved[4096];

	if (poll(f, 2, ms) > 0) {
		if (f[0].revents != 0)
			d->stop = true;
		while (f[1].revents != 0 &&
		    read(d->watch, moved, sizeof(moved)) > 0)
			;
	}
	return d->stop;
}

/* A server that ended takes the reason with it into its log. */
static const char *
who_died(struct demo *d)
{
	static const char *const names[] = { "dovecot", "the SMTP server",
		"deskd run" };
	pid_t *pids[] = { &d->dovecot, &d->smtpd, &d->desk };

	for (int i = 0; i < 3; i++)
		if (*pids[i] > 0 &&
		    waitpid(*pids[i], NULL, WNOHANG) == *pids[i]) {
			*pids[i] = 0;
			return names[i];
		}
	return NULL;
}

int
demo_wait(struct demo *d, bool (*ready)(struct demo *d, void *ctx), void *ctx,
    int seconds, const char *what, struct err *e)
{
	int64_t until = clock_steady() + (int64_t)seconds * 1000;

	while (!ready(d, ctx)) {
		const char *dead = who_died(d);

		if (dead != NULL)
			return err_set(e, ERR_RETRY, "%s has ended", dead);
		if (clock_steady() > until)
			return err_set(e, ERR_RETRY,
			    "waited %d seconds in vain for %s", seconds, what);
		if (demo_stopping(d, 50))
			return err_set(e, ERR_RETRY, "stopped");
	}
	return 0;
}

int
demo_open(struct demo *d, struct err *e)
{
	uint8_t secret[10];

	chance_bytes(secret, sizeof(secret));
	hash_base32(secret, sizeof(secret) * 8, d->password);
	if (choose_rights(d, e) == -1 || open_signals(d, e) == -1)
		return -1;
	/* Dovecot runs as nobody and must get at its part of the folder. */
	if (d->root && chmod(d->dir, 0711) == -1)
		return err_set(e, ERR_RETRY, "%s: %m", d->dir);
	if (demo_dovecot_write(d, e) == -1 || demo_smtpd_start(d, e) == -1 ||
	    demo_conf_write(d, e) == -1 || open_watch(d, e) == -1)
		return -1;
	return demo_dovecot_start(d, e);
}
