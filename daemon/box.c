/*
 * The outside of the box: starting it, keeping both pipes moving, the wall
 * clock, and what is left of a batch when it dies.
 */
#define _GNU_SOURCE /* pipe2, F_SETPIPE_SZ */
#include "daemon/box.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/box_private.h"
#include "daemon/clock.h"
#include "daemon/files.h"
#include "parser/buf.h"
#include "parser/frame.h"
#include "parser/limits.h"

/* A box that was taken over could lie about the mails after it; that many at
 * most.  Starting one costs as much as parsing two hundred mails. */
#define BOX_MAILS 4000
/* So often in a row it may be killed by somebody else before that is held
 * against the mail. */
#define BOX_KILLS    5
#define BOX_SEND     65536 /* bytes that wait for others */
#define BOX_START_MS 20000 /* it takes 20 */

struct box {
	pid_t pid; /* 0: none */
	int to, from;
	int64_t wall, deadline;
	size_t mails; /* this box has been given */
	struct arena *a;
	struct box_result *results;
	size_t begun, done; /* of the batch */
	bool sending;       /* between box_begin() and box_end() */
	struct buf in;      /* of an answer that is not complete yet */
	struct buf out;     /* not sent yet: small mails go together */
	size_t sent;        /* mails of the batch that were sent whole */
	int killed;         /* by somebody else, since the last answer */
};

extern char **environ;

struct box *
box_new(void)
{
	struct box *b = calloc(1, sizeof(*b));

	if (b == NULL)
		abort();
	buf_init(&b->in, BOX_FRAME_MAX + 65536);
	buf_init(&b->out, 0);
	return b;
}

/*
 * End the child; how it ended, in words.  NULL: there was none, or somebody
 * killed it and no mail is to blame: nothing in the box ends by SIGKILL, its
 * limits have other signals.  The kernel may, when memory is short all over;
 * then it will again, and the mail is blamed after all.
 */
static const char *
stop(struct box *b, bool late)
{
	int status = 0;

	if (b->pid == 0)
		return NULL;
	close(b->to);
	close(b->from);
	if (late)
		kill(b->pid, SIGKILL);
	while (waitpid(b->pid, &status, 0) == -1 && errno == EINTR)
		continue;
	b->pid = 0;
	b->mails = 0;
	buf_clear(&b->in);
	buf_clear(&b->out);
	if (late)
		return "reading it took too long";
	if (WIFSIGNALED(status) &&
	    (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGTERM) &&
	    b->killed++ < BOX_KILLS)
		return NULL;
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS
		    ? "it made the reader do what it must not"
		    : WTERMSIG(status) == SIGABRT
		    ? "reading it needed too much memory"
		    : "it made the reader crash";
	return "the reader ended before it was done";
}

void
box_free(struct box *b)
{
	if (b == NULL)
		return;
	(void)stop(b, false);
	buf_done(&b->in);
	buf_done(&b->out);
	free(b);
}

static int
spawn(struct box *b, const int in[2], const int out[2], struct err *e)
{
	char *argv[] = { (char[]){ "deskd" }, (char[]){ "box" }, NULL };
	posix_spawn_file_actions_t acts;
	char self[FILES_SELF_SIZE];
	int rc;

	posix_spawn_file_actions_init(&acts);
	posix_spawn_file_actions_adddup2(&acts, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&acts, out[1], STDOUT_FILENO);
	rc = posix_spawn(&b->pid, files_self(self), &acts, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&acts);
	if (rc == 0)
		return 0;
	b->pid = 0;
	return err_set(
	    e, ERR_RETRY, "cannot start the reader of mails (error %d)", rc);
}

/*
 * The child says that it is locked in and listens.  Before that no mail was
 * given to it and none is to blame: what keeps it from starting would keep it
 * from reading every mail.
 */
static int
greet(struct box *b, struct err *e)
{
	int64_t until = clock_steady() + BOX_START_MS, left;
	struct pollfd f = { .fd = b->from, .events = POLLIN };
	struct box_head h = { .word = BOX_END };
	const char *why;

	while ((left = until - clock_steady()) > 0) {
		if (poll(&f, 1, (int)left) == 1 &&
		    read(b->from, &h, sizeof(h)) != -1)
			break;
	}
	if (h.word == BOX_READY)
		return 0;
	why = stop(b, left <= 0) == NULL ? "it was killed"
	    : left <= 0                  ? "it says nothing"
					 : "it ended at once";
	return err_set(
	    e, ERR_RETRY, "the reader of mails does not start: %s", why);
}

static int
start(struct box *b, struct err *e)
{
	int in[2], out[2], rc;

	if (pipe2(in, O_CLOEXEC) == -1)
		return err_set(e, ERR_RETRY, "no pipe to the reader: %m");
	if (pipe2(out, O_CLOEXEC) == -1) {
		close(in[0]);
		close(in[1]);
		return err_set(e, ERR_RETRY, "no pipe from the reader: %m");
	}
	rc = spawn(b, in, out, e);
	close(in[0]);
	close(out[1]);
	b->to = in[1];
	b->from = out[0];
	if (rc == -1) {
		close(b->to);
		close(b->from);
		return -1;
	}
	(void)fcntl(b->to, F_SETPIPE_SZ, 1 << 20);
	(void)fcntl(b->from, F_SETPIPE_SZ, 1 << 20);
	fcntl(b->to, F_SETFL, O_NONBLOCK);
	fcntl(b->from, F_SETFL, O_NONBLOCK);
	return greet(b, e);
}

/*
 * The box is gone.  The mail it was reading is the guilty one; those behind it
 * in the pipe are not.
 */
static void
die(struct box *b, bool late)
{
	const char *why = stop(b, late);

	if (b->done < b->begun && why != NULL) {
		b->results[b->done].end = BOX_DEAD;
		b->results[b->done].why = why;
		b->done++;
	}
	for (; b->done < b->begun; b->done++)
		b->results[b->done].end = BOX_AGAIN;
}

/* Whole answers out of what has come; false: that was no answer of ours. */
static bool
unpack(struct box *b)
{
	struct box_head h;
	size_t at = 0;

	while (b->in.len - at >= sizeof(h)) {
		struct box_result *r = &b->results[b->done];

		memcpy(&h, b->in.data + at, sizeof(h));
		if (h.word != BOX_MAIL || h.n > BOX_FRAME_MAX ||
		    b->done >= b->begun - b->sending)
			return false;
		if (b->in.len - at - sizeof(h) < h.n)
			break;
		if (frame_unpack(b->a, b->in.data + at + sizeof(h), h.n,
			&r->mail, NULL) == -1)
			return false;
		r->end = BOX_DONE;
		b->killed = 0;
		b->done++;
		at += sizeof(h) + h.n;
	}
	if (at > 0)
		b->deadline = clock_steady() + b->wall;
	memmove(b->in.data, b->in.data + at, b->in.len - at);
	b->in.len -= at;
	return true;
}

/* Read what is there.  false: the box is gone and buried. */
static bool
drain(struct box *b)
{
	char piece[65536];
	ssize_t n;

	while ((n = read(b->from, piece, sizeof(piece))) > 0) {
		if (buf_add(&b->in, piece, (size_t)n) == -1 || !unpack(b)) {
			die(b, true);
			return false;
		}
		if ((size_t)n < sizeof(piece))
			return true; /* that was all */
	}
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return true;
	die(b, false);
	return false;
}

/* Wait until the box takes more (out) or says something.  false: it is gone. */
static bool
turn(struct box *b, bool out)
{
	struct pollfd f[] = { { .fd = b->from, .events = POLLIN },
		{ .fd = out ? b->to : -1, .events = POLLOUT } };

	do {
		int64_t left = b->deadline - clock_steady();

		/* What has come counts, however late we look. */
		if (poll(f, 2, left < 0 ? 0 : (int)left) == 0) {
			die(b, true);
			return false;
		}
		if (f[0].revents == 0)
			continue;
		/* If we share a core let it go on: one look for many mails. */
		sched_yield();
		if (!drain(b))
			return false;
	} while (out && f[1].revents == 0);
	return true;
}

/* The mail that is read now has its time from when the last of it was sent; a
 * large one is given time for each of its pieces. */
static void
send(struct box *b, const char *s, size_t n)
{
	if (b->sent <= b->done)
		b->deadline = clock_steady() + b->wall;
	while (n > 0 && b->pid != 0) {
		ssize_t w = write(b->to, s, n);

		if (w > 0) {
			s += w;
			n -= (size_t)w;
		} else if (!turn(b, true)) {
			return;
		}
	}
}

static void
flush(struct box *b)
{
	if (b->out.len > 0)
		send(b, b->out.data, b->out.len);
	buf_clear(&b->out);
	b->sent = b->begun - b->sending;
}

static void
put(struct box *b, const void *p, size_t n)
{
	if (b->out.len + n > BOX_SEND)
		flush(b);
	if (n > BOX_SEND)
		send(b, p, n);
	else if (b->pid != 0)
		buf_add(&b->out, p, n);
}

void
box_start(
    struct box *b, int64_t wall, struct arena *a, struct box_result *results)
{
	b->wall = wall;
	b->a = a;
	b->results = results;
	b->begun = b->done = b->sent = 0;
	b->sending = false;
}

int
box_begin(
    struct box *b, enum mail_depth depth, const char *known, struct err *e)
{
	struct box_head h = { .word = BOX_BEGIN,
		.depth = (uint16_t)depth,
		.n = known == NULL ? 0 : (uint32_t)strlen(known) };

	if (b->mails >= BOX_MAILS) {
		box_finish(b);
		(void)stop(b, false);
	}
	if (b->pid == 0 && start(b, e) == -1)
		return -1;
	b->mails++;
	b->begun++;
	b->sending = true;
	put(b, &h, sizeof(h));
	if (h.n > 0)
		put(b, known, h.n);
	return 0;
}

void
box_feed(void *box, const void *p, size_t n)
{
	struct box *b = box;
	const char *s = p;

	while (n > 0 && b->pid != 0) {
		uint32_t now = n > FETCH_WHOLE_MAX ? FETCH_WHOLE_MAX
						   : (uint32_t)n;
		struct box_head h = { .word = BOX_DATA, .n = now };

		put(b, &h, sizeof(h));
		put(b, s, now);
		s += now;
		n -= now;
	}
}

void
box_end(struct box *b)
{
	struct box_head h = { .word = BOX_END };

	b->sending = false;
	put(b, &h, sizeof(h));
}

void
box_send(struct box *b)
{
	flush(b);
}

void
box_finish(struct box *b)
{
	flush(b);
	while (b->pid != 0 && b->done < b->begun && turn(b, false))
		continue;
}

void
box_idle(struct box *b)
{
	if (b->mails > BOX_MAILS / 4)
		(void)stop(b, false);
}
