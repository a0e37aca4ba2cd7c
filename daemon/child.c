/* The processes that `deskd run` keeps.  See the header. */
#include "daemon/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/files.h"
#include "daemon/log.h"

#define PAUSE_FIRST 1000
#define PAUSE_MOST  60000
#define LIFE        60000 /* who lives so long starts with a short pause again */

/* Names the parent, so that a child that was orphaned before it could ask for
 * a signal notices. */
#define PARENT "DESKD_PARENT"

extern char **environ;

void
child_init(struct child *ch, struct arena *a, const struct context *c,
    const char *verb, const char *word)
{
	size_t n = 0;

	*ch = (struct child){ .pause = PAUSE_FIRST };
	ch->name = word == NULL ? verb : arena_printf(a, "%s %s", verb, word);
	ch->lock = arena_printf(a, "%s/%s%s%s.lock", c->dir, verb,
	    word == NULL ? "" : "-", word == NULL ? "" : word);
	ch->argv[n++] = c->program;
	if (c->conf_id != 0) {
		ch->argv[n++] = "--conf-id";
		ch->argv[n++] = arena_printf(a, "%lld", (long long)c->conf_id);
	}
	ch->argv[n++] = "-c";
	ch->argv[n++] = c->conf_path;
	ch->argv[n++] = "-d";
	ch->argv[n++] = c->dir;
	if (c->quiet)
		ch->argv[n++] = "-q";
	for (int i = 0; i < c->verbose && i < 2; i++)
		ch->argv[n++] = "-v";
	ch->argv[n++] = verb;
	if (word != NULL)
		ch->argv[n++] = word;
	ch->argv[n++] = "--child";
}

/* Signals as a fresh program expects them, and no standard input. */
static int
prepare(posix_spawnattr_t *attr, posix_spawn_file_actions_t *files)
{
	sigset_t none, usual;

	sigemptyset(&none);
	sigfillset(&usual);
	if (posix_spawnattr_setsigmask(attr, &none) != 0 ||
	    posix_spawnattr_setsigdefault(attr, &usual) != 0 ||
	    posix_spawnattr_setflags(
		attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) != 0)
		return -1;
	return posix_spawn_file_actions_addopen(
		   files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0
	    ? 0
	    : -1;
}

/* The environment of the parent and one word more. */
static char **
child_environ(struct arena *a)
{
	size_t n = 0, kept = 0;
	char **env;

	while (environ[n] != NULL)
		n++;
	env = arena_calloc(a, n + 2, sizeof(*env));
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], PARENT "=", sizeof(PARENT)) != 0)
			env[kept++] = environ[i];
	env[kept] = arena_printf(a, PARENT "=%ld", (long)getpid());
	return env;
}

/* After an upgrade the children stay those of this parent: see files_self(). */
static int
spawn(struct child *ch)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	struct arena a = { 0 };
	char *argv[CHILD_ARGV] = { 0 }, self[FILES_SELF_SIZE];
	int rc;

	for (size_t i = 0; ch->argv[i] != NULL; i++)
		argv[i] = arena_strdup(&a, ch->argv[i]);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_init(&files);
	rc = prepare(&attr, &files) == -1
	    ? ENOMEM
	    : posix_spawn(&ch->pid, files_self(self), &files, &attr, argv,
		  child_environ(&a));
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	arena_done(&a);
	return rc;
}

static void
set_pause(struct child *ch, int64_t now)
{
	if (now - ch->started >= LIFE)
		ch->pause = PAUSE_FIRST;
	ch->start_at = now + ch->pause;
	ch->pause *= 2;
	if (ch->pause > PAUSE_MOST)
		ch->pause = PAUSE_MOST;
}

void
child_start(struct child *ch, int64_t now)
{
	int rc = spawn(ch);

	ch->started = now;
	if (rc == 0) {
		log_line(LOG_INFO, "%s started, process %ld", ch->name,
		    (long)ch->pid);
		return;
	}
	ch->pid = 0;
	set_pause(ch, now);
	errno = rc;
	log_line(LOG_ERROR, "%s cannot be started: %m; next try in %lld s",
	    ch->name, (long long)(ch->start_at - now) / 1000);
}

/* Those that end a program by accident, as kill -l calls them. */
static const char *
signal_word(int sig)
{
	static const struct {
		int sig;
		const char *word;
	} table[] = {
		{ SIGKILL, "KILL" },
		{ SIGTERM, "TERM" },
		{ SIGINT, "INT" },
		{ SIGSEGV, "SEGV" },
		{ SIGBUS, "BUS" },
		{ SIGABRT, "ABRT" },
		{ SIGILL, "ILL" },
		{ SIGFPE, "FPE" },
		{ SIGSYS, "SYS" },
		{ SIGXCPU, "XCPU" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].sig == sig)
			return table[i].word;
	return "unusual";
}

/* What an exit code of ours means (sysexits(3)). */
static const char *
exit_words(int code)
{
	static const struct {
		int code;
		const char *words;
	} table[] = {
		{ EX_OK, "it was told to" },
		{ EX_USAGE, "it did not understand its arguments" },
		{ EX_NOINPUT, "there is no database" },
		{ EX_UNAVAILABLE, "a server does not answer" },
		{ EX_SOFTWARE, "a fault of deskd" },
		{ EX_OSERR, "the system refused something" },
		{ EX_TEMPFAIL, "try later; the line above says why" },
		{ EX_NOPERM, "not allowed" },
		{ EX_CONFIG, "the configuration" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].code == code)
			return table[i].words;
	return "unexpected";
}

/* Does a living process that is not this child say in the lock file that it
 * has the loop?  Numbers are used again, so this is for words only. */
static bool
runs_by_hand(const struct child *ch)
{
	char text[32] = "";
	int fd = open(ch->lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd == -1 ? -1 : read(fd, text, sizeof(text) - 1);
	long pid = n > 0 ? strtol(text, NULL, 10) : 0;

	if (fd != -1)
		close(fd);
	return pid > 0 && pid != (long)ch->pid &&
	    (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

void
child_ended(struct child *ch, int status, int64_t now)
{
	char why[160];
	bool usual = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	if (WIFEXITED(status))
		snprintf(why, sizeof(why), "exit %d: %s", WEXITSTATUS(status),
		    exit_words(WEXITSTATUS(status)));
	else
		snprintf(why, sizeof(why), "killed by signal %d (%s)%s",
		    WTERMSIG(status), signal_word(WTERMSIG(status)),
		    WCOREDUMP(status) ? ", core dumped" : "");
	set_pause(ch, now);
	ch->elsewhere = WIFEXITED(status) &&
	    WEXITSTATUS(status) == EX_TEMPFAIL && runs_by_hand(ch);
	log_line(usual ? LOG_INFO : LOG_WARN,
	    "%s, process %ld, ended after %lld s, %s", ch->name, (long)ch->pid,
	    (long long)(now - ch->started) / 1000, why);
	ch->pid = 0;
}

int
child_begin(int *argc, char **argv)
{
	const char *parent = getenv(PARENT); /* NOLINT(concurrency-mt-unsafe) */

	if (!opt_flag(argc, argv, "--child"))
		return 0;
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == -1)
		return -1;
	/* It may have ended before we could ask. */
	if (parent != NULL && strtol(parent, NULL, 10) != (long)getppid())
		return -1;
	return 0;
}
