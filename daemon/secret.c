/*
 * Secrets: where the configuration says they stand.  Promises that no secret
 * gets into a message, a log or the arguments of a process, and that no shell
 * sees a command.
 */
#define _GNU_SOURCE /* pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/files.h"

#define SECRET_MAX 4096 /* bytes of one; a private key has under 4 KB */

/* The first line becomes the secret. */
static int
first_line(const char *where, char *text, size_t n, struct err *e)
{
	size_t len = strcspn(text, "\r\n");

	if (len == 0 && n > 0 && text[0] != '\0')
		return err_set(e, ERR_REJECT,
		    "%s: its first line is empty; the secret must stand there",
		    where);
	if (len == 0)
		return err_set(e, ERR_REJECT, "%s: it is empty", where);
	if (strlen(text) != n)
		return err_set(e, ERR_REJECT, "%s: it has a NUL byte", where);
	text[len] = '\0';
	return 0;
}

/* Why this open file may not hold a secret; NULL: it may. */
static const char *
not_private(int fd, bool any_owner)
{
	struct stat st;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		return "this is no file";
	if (any_owner)
		return NULL;
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return "others may read this secret; chmod 600 it";
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return "it belongs to another account";
	return NULL;
}

/* The whole of a file that only we and root may read. */
static int
read_private(struct arena *a, const char *path, bool any_owner, char **out,
    size_t *n, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), rc;
	const char *why;

	if (fd == -1) {
		err_set(e, ERR_REJECT, "%s: %m", path);
		return -1;
	}
	why = not_private(fd, any_owner);
	if (why != NULL)
		rc = err_set(e, ERR_REJECT, "%s", why);
	else
		rc = files_read_fd(a, fd, SECRET_MAX, out, n, e);
	close(fd);
	if (rc == 0)
		return 0;
	err_wrap(e, "%s", path);
	return -1;
}

static const char *
credentials_folder(void)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): we have no threads */
	const char *dir = getenv("CREDENTIALS_DIRECTORY");

	return dir != NULL && dir[0] != '\0' ? dir : NULL;
}

bool
secret_elsewhere(const struct conf_secret *s)
{
	return s->kind == SECRET_CREDENTIAL && credentials_folder() == NULL;
}

static int
credential_path(struct arena *a, const char *name, char **path, struct err *e)
{
	const char *dir = credentials_folder();

	if (dir == NULL) {
		err_set(e, ERR_REJECT,
		    "credential:%s can only be read inside the service "
		    "(LoadCredential=%s:... in the unit); $CREDENTIALS_"
		    "DIRECTORY is not set",
		    name, name);
		return -1;
	}
	*path = arena_printf(a, "%s/%s", dir, name);
	return 0;
}

/* Whole content of a credential or a file, systemd vouches for the first. */
static int
read_stored(struct arena *a, const struct conf_secret *s, char **text,
    size_t *n, const char **where, struct err *e)
{
	char *path = NULL;

	if (s->kind == SECRET_FILE) {
		*where = s->value;
		return read_private(a, s->value, false, text, n, e);
	}
	if (credential_path(a, s->value, &path, e) == -1)
		return -1;
	*where = path;
	return read_private(a, path, true, text, n, e);
}

/*
 * The variable stays where it is: a child that is started again must find it
 * too.  Only the loops that need the secret call this.
 */
static int
read_env(
    struct arena *a, const struct conf_secret *s, char **out, struct err *e)
{
	const char *v = getenv(s->value); /* NOLINT(concurrency-mt-unsafe) */

	if (v == NULL || v[0] == '\0')
		return err_set(
		    e, ERR_REJECT, "env:%s: it is not set", s->value);
	if (strlen(v) > SECRET_MAX)
		return err_set(
		    e, ERR_REJECT, "env:%s: it is too long", s->value);
	*out = arena_strdup(a, v);
	return 0;
}

/* The child: signals as a fresh program expects them, a group of its own. */
static void
become(char *const argv[], int out)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	setpgid(0, 0);
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (null != -1 && dup2(null, STDIN_FILENO) != -1 &&
	    dup2(out, STDOUT_FILENO) != -1)
		execvp(argv[0], argv);
	_exit(127);
}

/* Read until the end or the deadline; what does not fit is dropped. */
static int
collect(int fd, int64_t until, char *out, size_t size)
{
	char junk[512];
	size_t n = 0;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = until - clock_steady();
		bool full = n == size - 1;
		ssize_t got;

		if (left <= 0 ||
		    (poll(&p, 1, (int)left) == -1 && errno != EINTR))
			return -1;
		if (p.revents == 0)
			continue;
		got = full ? read(fd, junk, sizeof(junk))
			   : read(fd, out + n, size - 1 - n);
		if (got == 0)
			break;
		if (got == -1 && errno != EINTR && errno != EAGAIN)
			return -1;
		n += got > 0 && !full ? (size_t)got : 0;
	}
	out[n] = '\0';
	return 0;
}

/* Its exit status, or -1 when the deadline came first; then it is killed. */
static int
reap(pid_t pid, int64_t until)
{
	static const struct timespec nap = { .tv_nsec = 5000000 };
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_steady() >= until) {
			kill(-pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		nanosleep(&nap, NULL);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* All that argv prints. */
static int
read_command(struct arena *a, char *const argv[], int64_t limit_ms, char **out,
    struct err *e)
{
	int64_t until = clock_steady() + limit_ms;
	char text[SECRET_MAX + 1] = "";
	int fd[2], got, code;
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC) == -1)
		return err_set(e, ERR_RETRY, "command %s: %m", argv[0]);
	pid = fork();
	if (pid == 0)
		become(argv, fd[1]);
	close(fd[1]);
	if (pid == -1) {
		close(fd[0]);
		return err_set(e, ERR_RETRY, "command %s: %m", argv[0]);
	}
	setpgid(pid, pid); /* whoever comes first: the group exists */
	got = collect(fd[0], until, text, sizeof(text));
	code = reap(pid, got == -1 ? 0 : until);
	close(fd[0]);
	if (code == -1)
		err_set(e, ERR_RETRY, "command %s: it took more than %lld ms",
		    argv[0], (long long)limit_ms);
	else if (code == 127)
		err_set(e, ERR_RETRY, "command %s: it cannot be run", argv[0]);
	else if (code != 0)
		err_set(e, ERR_RETRY, "command %s: it failed with %d", argv[0],
		    code);
	else
		*out = arena_strdup(a, text);
	explicit_bzero(text, sizeof(text));
	return code == 0 ? 0 : -1;
}

int
secret_command(struct arena *a, char *const argv[], int64_t limit_ms,
    char **out, struct err *e)
{
	char *text = arena_strdup(a, "");

	if (read_command(a, argv, limit_ms, &text, e) == -1 ||
	    first_line(argv[0], text, strlen(text), e) == -1)
		return -1;
	*out = text;
	return 0;
}

int
secret_whole(struct arena *a, const struct conf_secret *s,
    struct secret_text *out, struct err *e)
{
	struct secret_text got = { .text = arena_strdup(a, "") };
	int rc = -1;

	switch (s->kind) {
	case SECRET_CREDENTIAL:
	case SECRET_FILE:
		rc = read_stored(a, s, &got.text, &got.n, &got.where, e);
		break;
	case SECRET_ENV:
		got.where = "env";
		rc = read_env(a, s, &got.text, e);
		got.n = strlen(got.text);
		break;
	case SECRET_COMMAND:
		got.where = s->argv[0];
		rc = read_command(a, s->argv, SECRET_COMMAND_MS, &got.text, e);
		got.n = strlen(got.text);
		break;
	case SECRET_NONE:
		err_set(e, ERR_BUG, "there is no secret to read");
		break;
	}
	if (rc == 0)
		*out = got;
	return rc;
}

int
secret_read(
    struct arena *a, const struct conf_secret *s, char **out, struct err *e)
{
	struct secret_text got = { .text = arena_strdup(a, "") };

	if (secret_whole(a, s, &got, e) == -1 ||
	    first_line(got.where, got.text, got.n, e) == -1)
		return -1;
	*out = got.text;
	return 0;
}
