/*
 * Nudges between the loops: one named pipe each, and signals that become a
 * readable descriptor, so that one poll() sees socket, nudge and stop at the
 * same time.  Promises not to carry anything: a lost nudge loses nothing.
 */
#include "daemon/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/clock.h"

struct wake {
	int pipe, stop;
};

static int
pipe_path(char *out, size_t n, const char *dir, const char *name, struct err *e)
{
	int len = snprintf(out, n, "%s/%s.wake", dir, name);

	if (len < 0 || (size_t)len >= n)
		return err_set(e, ERR_REJECT, "%s: the path is too long", dir);
	return 0;
}

/*
 * The pipe is opened for reading and writing: with a writer of our own it
 * never reports the end of data, which poll() would return at once.
 */
static int
open_pipe(const char *path, int *fd, struct err *e)
{
	struct stat st;

	if (mkfifo(path, 0600) == -1 && errno != EEXIST)
		return err_set(e, ERR_RETRY, "%s: %m", path);
	*fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	if (*fd == -1)
		return err_set(e, ERR_RETRY, "%s: %m", path);
	if (fstat(*fd, &st) == 0 && S_ISFIFO(st.st_mode))
		return 0;
	close(*fd);
	return err_set(
	    e, ERR_REJECT, "%s is not a named pipe; move it away", path);
}

/* SIGTERM and SIGINT wait in a descriptor from now on. */
static int
open_stop(int *fd, struct err *e)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 ||
	    (*fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)) == -1)
		return err_set(e, ERR_RETRY, "signals: %m");
	return 0;
}

int
wake_open(struct wake **out, const char *dir, const char *name, struct err *e)
{
	char path[PATH_MAX];
	int fd = -1, stop = -1;
	struct wake *w;

	if (pipe_path(path, sizeof(path), dir, name, e) == -1 ||
	    open_pipe(path, &fd, e) == -1)
		return -1;
	if (open_stop(&stop, e) == -1) {
		close(fd);
		return -1;
	}
	w = malloc(sizeof(*w));
	if (w == NULL) {
		close(fd);
		close(stop);
		return err_set(e, ERR_RETRY, "out of memory");
	}
	*w = (struct wake){ .pipe = fd, .stop = stop };
	*out = w;
	return 0;
}

void
wake_close(struct wake *w)
{
	if (w == NULL)
		return;
	close(w->pipe);
	close(w->stop);
	free(w);
}

int
wake_fd(const struct wake *w)
{
	return w->pipe;
}

int
wake_stop_fd(const struct wake *w)
{
	return w->stop;
}

/* The signal is left unread: whoever polls the descriptor later sees it too. */
bool
wake_stopping(const struct wake *w)
{
	struct pollfd f = { .fd = w->stop, .events = POLLIN };

	return poll(&f, 1, 0) == 1;
}

static void
eat(int fd)
{
	char junk[256];

	while (read(fd, junk, sizeof(junk)) > 0)
		;
}

/* Milliseconds left, in the range of poll(). */
static int
left(int64_t ms, int64_t since)
{
	int64_t rest;

	if (ms < 0)
		return -1;
	rest = ms - (clock_steady() - since);
	return rest <= 0 ? 0 : rest > INT_MAX ? INT_MAX : (int)rest;
}

enum wake_reason
wake_wait(struct wake *w, int64_t ms)
{
	struct pollfd f[] = {
		{ .fd = w->stop, .events = POLLIN },
		{ .fd = w->pipe, .events = POLLIN },
	};
	int64_t since = clock_steady();

	for (;;) {
		int wait = left(ms, since), n = poll(f, 2, wait);

		if (n == -1 && errno == EINTR)
			continue;
		if (f[0].revents != 0)
			return WAKE_STOP;
		if (n > 0) {
			eat(w->pipe);
			return WAKE_LOOK;
		}
		if (n == 0 && wait != INT_MAX)
			return WAKE_TIME;
	}
}

void
wake_send(const char *dir, const char *name)
{
	char path[PATH_MAX];
	ssize_t n;
	int fd;

	if (pipe_path(path, sizeof(path), dir, name, NULL) == -1)
		return;
	/* ENXIO: nobody listens. */
	fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1)
		return;
	n = write(fd, "", 1); /* EAGAIN: the pipe is full of nudges */
	(void)n;
	close(fd);
}
