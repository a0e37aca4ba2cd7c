/* Log, clock and wake: what every loop stands on. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/wake.h"
#include "tests/test.h"

/* What log_line() writes, as one string. */
static const char *
caught(void (*say)(void))
{
	static char out[8192];
	int pipefd[2], saved = dup(2);
	ssize_t n;

	if (pipe(pipefd) == -1)
		return "";
	dup2(pipefd[1], 2);
	say();
	dup2(saved, 2);
	close(pipefd[1]);
	n = read(pipefd[0], out, sizeof(out) - 1);
	out[n < 0 ? 0 : n] = '\0';
	close(pipefd[0]);
	close(saved);
	return out;
}

static void
say_plain(void)
{
	log_open("fetch support", LOG_INFO);
	log_line(LOG_DEBUG, "not shown");
	log_line(LOG_WARN, "uid=%d got \n\x1b[2J", 7);
}

static void
say_long(void)
{
	char big[5000];

	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	log_line(LOG_ERROR, "%s", big);
}

static void
say_journal(void)
{
	struct stat st;
	char name[64];

	fstat(2, &st);
	snprintf(name, sizeof(name), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", name, 1);
	log_open("work", LOG_INFO);
	log_line(LOG_NOTE, "hello");
	setenv("JOURNAL_STREAM", "1:2", 1);
	log_open("work", LOG_INFO);
	log_line(LOG_NOTE, "again");
}

static void
test_log(void)
{
	const char *s;

	test_text(caught(say_plain), "fetch support: uid=7 got   [2J\n",
	    "one line, no control bytes, debug left out");
	s = caught(say_long);
	test_ok(strlen(s) < 4096 && s[strlen(s) - 1] == '\n',
	    "a long line is cut and still a line");
	test_text(caught(say_journal), "<5>work: hello\nwork: again\n",
	    "the priority only when stderr is the journal");
	test_text(log_quote("a\x1b[2J\"\\\xc3\xa4"),
	    "\"a\\x1b[2J\\\"\\\\\\xc3\\xa4\"", "foreign text is escaped");
	test_text(log_quote(NULL), "\"\"", "no text");
	s = log_quote("first");
	for (int i = 0; i < 7; i++)
		log_quote("other");
	test_text(s, "\"first\"", "eight results are valid at a time");
}

static void
test_clock(void)
{
	int64_t a = clock_steady(), low = 99, high = -99;
	unsigned char x[32] = { 0 }, y[32] = { 0 };

	test_ok(clock_now() > 1700000000, "the time is after this was written");
	test_ok(clock_steady() >= a, "the steady clock goes forward");
	chance_bytes(x, sizeof(x));
	chance_bytes(y, sizeof(y));
	test_ok(memcmp(x, y, sizeof(x)) != 0, "chance differs");
	for (int i = 0; i < 1000; i++) {
		int64_t v = chance_between(-2, 2);

		low = v < low ? v : low;
		high = v > high ? v : high;
	}
	test_ok(low == -2 && high == 2, "chance_between reaches both ends");
	test_ok(chance_between(5, 5) == 5, "chance_between of one number");
	chance_between(INT64_MIN, INT64_MAX);
}

static void
test_wake(const char *dir)
{
	struct err e = { 0 };
	struct wake *w = NULL;
	char path[200];
	int64_t t;

	wake_send(dir, "work"); /* nobody there: nothing happens */
	test_ok(wake_open(&w, dir, "work", &e) == 0, "open: %s", e.text);
	test_ok(wake_wait(w, 0) == WAKE_TIME, "no nudge yet");
	for (int i = 0; i < 100000; i++) /* more than a pipe holds */
		wake_send(dir, "work");
	test_ok(wake_wait(w, -1) == WAKE_LOOK, "a nudge wakes");
	test_ok(wake_wait(w, 0) == WAKE_TIME, "all nudges are eaten at once");
	t = clock_steady();
	test_ok(wake_wait(w, 50) == WAKE_TIME && clock_steady() - t >= 49,
	    "waits its time");
	test_ok(!wake_stopping(w), "not stopping");
	kill(getpid(), SIGTERM);
	test_ok(wake_stopping(w), "SIGTERM asks to stop");
	test_ok(wake_wait(w, -1) == WAKE_STOP, "and ends a wait");
	test_ok(wake_wait(w, -1) == WAKE_STOP, "each later one too");
	wake_close(w);
	wake_close(NULL);
	snprintf(path, sizeof(path), "%s/work.wake", dir);
	unlink(path);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	test_ok(wake_open(&w, dir, "work", &e) == -1 && e.kind == ERR_REJECT,
	    "a plain file in its place is refused");
	unlink(path);
}

int
main(void)
{
	char dir[] = "/tmp/deskd-basics-XXXXXX";

	test_log();
	test_clock();
	if (mkdtemp(dir) != NULL) {
		test_wake(dir);
		rmdir(dir);
	}
	return test_end();
}
