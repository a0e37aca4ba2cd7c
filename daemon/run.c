/* The parent: children, signals, systemd.  See the header. */
#include "daemon/run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/child.h"
#include "daemon/clock.h"
#include "daemon/files.h"
#include "daemon/log.h"
#include "daemon/notify.h"
#include "daemon/swap.h"
#include "daemon/wake.h"
#include "parser/utf8.h"

#define STOP_MS      10000 /* then SIGKILL, which is always safe */
#define CHILDREN_MAX 64

enum stopping {
	STOP_NO,
	STOP_RELOAD, /* the children go, then come again */
	STOP_END
};

struct run {
	struct context *c;
	struct swap slots[2];
	struct swap *now;  /* in force; the children below point into it */
	struct swap *next; /* to come into force when the children are gone */
	struct child children[CHILDREN_MAX];
	size_t n;
	int signals;
	enum stopping stopping;
	bool again;       /* SIGHUP came during a reload */
	int64_t kill_at;  /* steady ms; while stopping */
	int64_t watchdog; /* ms between two; -1: not asked for */
	int64_t watch_at;
	char refused[300]; /* the first mistake of what was refused, or "" */
	char status[900];  /* what systemd was told last */
};

/* Children. */

static void
add_child(struct run *r, const char *verb, const char *word)
{
	if (r->n == CHILDREN_MAX) {
		log_line(LOG_ERROR, "%s is not run: at most %d loops",
		    word == NULL ? verb : word, CHILDREN_MAX);
		return;
	}
	child_init(&r->children[r->n++], &r->now->arena, r->c, verb, word);
}

static void
list_children(struct run *r)
{
	const struct conf *conf = r->c->conf;

	r->n = 0;
	add_child(r, "work", NULL);
	if (conf->has_smtp)
		add_child(r, "send", NULL);
	for (size_t i = 0; i < conf->mailboxes_n; i++)
		add_child(r, "fetch", conf->mailboxes[i].name);
}

static size_t
alive(const struct run *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->children[i].pid != 0;
	return n;
}

static void
start_due(struct run *r)
{
	int64_t now = clock_steady();

	for (size_t i = 0; i < r->n && r->stopping == STOP_NO; i++)
		if (r->children[i].pid == 0 && now >= r->children[i].start_at)
			child_start(&r->children[i], now);
}

static void
signal_all(struct run *r, int sig)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->children[i].pid != 0)
			kill(r->children[i].pid, sig);
}

static void
stop_children(struct run *r, enum stopping why)
{
	r->stopping = why;
	r->kill_at = clock_steady() + STOP_MS;
	signal_all(r, SIGTERM);
}

static void
reap(struct run *r)
{
	int64_t now = clock_steady();
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < r->n; i++)
			if (r->children[i].pid == pid)
				child_ended(&r->children[i], status, now);
}

/* systemd. */

/* "fetch support, work, send in 4 s" */
static void
tell_status(struct run *r)
{
	char text[sizeof(r->status)];
	int64_t now = clock_steady();
	size_t n = 0;

	for (size_t i = 0; i < r->n && n < sizeof(text) - 1; i++) {
		const struct child *ch = &r->children[i];
		const char *between = i == 0 ? "" : ", ";
		int len = ch->pid != 0 || r->stopping != STOP_NO
		    ? snprintf(
			  text + n, sizeof(text) - n, "%s%s", between, ch->name)
		    : snprintf(text + n, sizeof(text) - n,
			  "%s%s starts again in %lld s", between, ch->name,
			  (long long)(ch->start_at - now + 999) / 1000);

		n += len < 0 ? 0 : (size_t)len;
	}
	if (r->refused[0] != '\0' && n < sizeof(text))
		snprintf(text + n, sizeof(text) - n,
		    "; configuration refused: %s", r->refused);
	if (strcmp(text, r->status) == 0)
		return;
	memcpy(r->status, text, sizeof(text));
	notify_send("STATUS=%s%s",
	    r->stopping == STOP_END          ? "stopping: "
		: r->stopping == STOP_RELOAD ? "reloading: "
					     : "running: ",
	    text);
}

/* A loop that runs by hand is alive, if not as our child.  This notices
 * children that cannot be started; one that hangs, or dies again and again, is
 * started by us and looks alive from here. */
static bool
healthy(const struct run *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->children[i].pid == 0 && !r->children[i].elsewhere)
			return false;
	return true;
}

static void
feed_watchdog(struct run *r)
{
	int64_t now = clock_steady();

	if (r->watchdog == -1 || now < r->watch_at)
		return;
	r->watch_at = now + r->watchdog;
	if (r->stopping != STOP_NO || healthy(r))
		notify_send("WATCHDOG=1");
}

/* Signals. */

/* For the status line, until another is read. */
static void
note_refused(struct run *r, const struct swap *s)
{
	snprintf(r->refused, sizeof(r->refused), "%.*s",
	    (int)utf8_cut(s->first, strlen(s->first), sizeof(r->refused) - 1),
	    s->first);
}

/* What is refused changes nothing. */
static void
reload(struct run *r)
{
	struct swap *s = r->now == &r->slots[0] ? &r->slots[1] : &r->slots[0];

	notify_reloading();
	if (swap_read(s, r->c) == -1) {
		note_refused(r, s);
		swap_say(s, "the old one stays");
		swap_record(s, r->c, "reload");
		swap_done(s);
		notify_send("READY=1");
	} else {
		log_line(LOG_NOTE, "configuration read again");
		swap_keep(s, r->c);
		r->next = s;
		stop_children(r, STOP_RELOAD);
	}
}

static void
nudge_fetch(struct run *r)
{
	char name[300];

	for (size_t i = 0; i < r->c->conf->mailboxes_n; i++) {
		snprintf(name, sizeof(name), "fetch-%s",
		    r->c->conf->mailboxes[i].name);
		wake_send(r->c->dir, name);
	}
}

static void
log_children(const struct run *r)
{
	int64_t now = clock_steady();

	for (size_t i = 0; i < r->n; i++) {
		const struct child *ch = &r->children[i];

		if (ch->pid != 0)
			log_line(LOG_NOTE, "%s runs, process %ld, for %lld s",
			    ch->name, (long)ch->pid,
			    (long long)(now - ch->started) / 1000);
		else
			log_line(LOG_NOTE, "%s starts again in %lld s",
			    ch->name, (long long)(ch->start_at - now) / 1000);
	}
}

static void
on_end(struct run *r)
{
	if (r->stopping == STOP_END) {
		log_line(LOG_NOTE, "told twice to stop: at once");
		r->kill_at = clock_steady();
		return;
	}
	log_line(LOG_INFO, "told to stop");
	notify_send("STOPPING=1");
	if (r->stopping == STOP_RELOAD)
		r->stopping = STOP_END; /* they are on their way already */
	else
		stop_children(r, STOP_END);
}

static void
read_signals(struct run *r)
{
	struct signalfd_siginfo info;

	while (read(r->signals, &info, sizeof(info)) == sizeof(info)) {
		int sig = (int)info.ssi_signo;

		if (sig == SIGTERM || sig == SIGINT)
			on_end(r);
		else if (sig == SIGHUP && r->stopping == STOP_NO)
			reload(r);
		else if (sig == SIGHUP)
			r->again = true;
		else if (sig == SIGUSR1)
			log_children(r);
		else if (sig == SIGUSR2)
			nudge_fetch(r);
	}
}

static int
open_signals(struct run *r, struct err *e)
{
	static const int wanted[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2,
		SIGCHLD };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		sigaddset(&set, wanted[i]);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 ||
	    (r->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)) == -1)
		return err_set(e, ERR_RETRY, "signals: %m");
	return 0;
}

/* The loop. */

static void
wake_at(int64_t *ms, int64_t moment, int64_t now)
{
	int64_t wait = moment <= now ? 0 : moment - now;

	if (*ms == -1 || wait < *ms)
		*ms = wait;
}

/* Milliseconds until something is due by itself; -1: nothing ever. */
static int64_t
next_moment(const struct run *r)
{
	int64_t now = clock_steady(), ms = -1;

	for (size_t i = 0; i < r->n && r->stopping == STOP_NO; i++)
		if (r->children[i].pid == 0)
			wake_at(&ms, r->children[i].start_at, now);
	if (r->stopping != STOP_NO)
		wake_at(&ms, r->kill_at, now);
	if (r->watchdog != -1)
		wake_at(&ms, r->watch_at, now);
	return ms;
}

static void
kill_late(struct run *r)
{
	if (r->stopping == STOP_NO || clock_steady() < r->kill_at)
		return;
	for (size_t i = 0; i < r->n; i++)
		if (r->children[i].pid != 0)
			log_line(LOG_WARN, "%s did not end in time: killed",
			    r->children[i].name);
	signal_all(r, SIGKILL);
	r->kill_at = clock_steady() + STOP_MS;
}

/* This one is in force now. */
static void
use(struct run *r, struct swap *s)
{
	if (r->now != NULL)
		swap_done(r->now);
	r->now = s;
	r->next = NULL;
	r->c->conf_id = s->id;
	cmd_use_conf(r->c, s->conf);
	list_children(r);
}

/* All children are gone: true when that was to be the end. */
static bool
all_gone(struct run *r)
{
	if (r->stopping == STOP_NO || alive(r) > 0)
		return false;
	if (r->stopping == STOP_END)
		return true;
	r->stopping = STOP_NO;
	use(r, r->next);
	r->refused[0] = '\0';
	swap_record(r->now, r->c, "reload");
	notify_send("READY=1");
	if (r->again) {
		r->again = false;
		reload(r);
	}
	return false;
}

static void
loop(struct run *r)
{
	struct pollfd f = { .fd = r->signals, .events = POLLIN };

	for (;;) {
		int64_t ms;

		reap(r);
		kill_late(r);
		if (all_gone(r))
			return;
		start_due(r);
		tell_status(r);
		feed_watchdog(r);
		ms = next_moment(r);
		(void)poll(&f, 1, ms > 3600000 ? 3600000 : (int)ms);
		read_signals(r);
	}
}

/* Schema and upgrades, and whether it opens at all, before anybody needs it.
 */
static int
look_at_database(struct context *c)
{
	struct db *db = NULL;
	struct err e = { 0 };

	if (db_open(&db, c->dir, DB_CREATE, &e) == 0) {
		db_close(db);
		return 0;
	}
	cmd_fail(&e);
	return e.kind == ERR_REJECT ? EX_CONFIG
	    : e.kind == ERR_RETRY   ? EX_TEMPFAIL
				    : EX_SOFTWARE;
}

/* The lock file stands in the state folder, so that must be there first. */
static int
take_lock(struct context *c)
{
	struct err e = { 0 };
	int fd; /* open as long as we live: it is the lock */

	if (mkdir(c->dir, 0700) == -1 && errno != EEXIST) {
		err_set(&e, ERR_REJECT, "%s: %m", c->dir);
		cmd_fail(&e);
		return EX_CANTCREAT;
	}
	return files_lock(c->dir, "run", &fd, &e) == 0 ? 0 : cmd_fail(&e);
}

/* The report of a refusal goes with the one that took its place. */
static void
begin(struct run *r)
{
	struct swap *s = r->slots[0].conf != NULL ? &r->slots[0] : &r->slots[1];

	swap_keep(s, r->c);
	use(r, s);
	swap_record(&r->slots[0], r->c, "start");
	if (s != &r->slots[0]) {
		note_refused(r, &r->slots[0]);
		swap_done(&r->slots[0]);
	}
	start_due(r);
	notify_send("READY=1");
}

int
run_daemon(struct context *c)
{
	struct run r = { .c = c, .watchdog = notify_watchdog() };
	struct err e = { 0 };
	int rc = swap_start(r.slots, c);

	if (rc == 0)
		rc = take_lock(c);
	if (rc == 0)
		rc = look_at_database(c);
	if (rc == 0 && open_signals(&r, &e) == -1)
		rc = cmd_fail(&e);
	if (rc == 0) {
		begin(&r);
		loop(&r);
		log_line(LOG_INFO, "stopped");
		close(r.signals);
	}
	swap_done(&r.slots[0]);
	swap_done(&r.slots[1]);
	return rc;
}
