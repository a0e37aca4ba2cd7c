/*
 * The inside of the box: lock the door, then read mails and write what they
 * say.  Promises to open nothing: after lock() a system call that is not on
 * the list kills the process.
 */
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/box.h"
#include "daemon/box_private.h"
#include "parser/frame.h"
#include "parser/limits.h"
#include "parser/utf8.h"

#define BOX_ADDRESS_SPACE ((rlim_t)512 << 20)
#define BOX_STACK         ((rlim_t)8 << 20)

/* Sanitizers reserve terabytes and make system calls of their own: the plain
 * build is the one that is locked, and tested to be. */
#if defined(__SANITIZE_ADDRESS__)
#define BOX_OPEN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define BOX_OPEN 1
#endif
#endif

#ifdef BOX_OPEN
static int
lock(void)
{
	return 0;
}
#else
static int
limit(int what, rlim_t most)
{
	struct rlimit r = { most, most };

	return setrlimit((__rlimit_resource_t)what, &r);
}

/* RELIABILITY 7: what parsing needs, and nothing else; and what abort() needs,
 * which is how memory ends. */
static const int calls[] = { SCMP_SYS(close), SCMP_SYS(munmap),
	SCMP_SYS(mremap), SCMP_SYS(brk), SCMP_SYS(madvise),
	SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn), SCMP_SYS(clock_gettime),
	SCMP_SYS(getrandom), SCMP_SYS(futex), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(getpid), SCMP_SYS(gettid) };

/* Those that depend on what they are asked for. */
static int
allow_some(scmp_filter_ctx f)
{
	const struct {
		int call;
		unsigned n;
		struct scmp_arg_cmp want[2];
	} some[] = {
		{ SCMP_SYS(read), 1,
		    { SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO, 0) } },
		{ SCMP_SYS(write), 1,
		    { SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO, 0) } },
		{ SCMP_SYS(write), 1,
		    { SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO, 0) } },
		{ SCMP_SYS(mmap), 1,
		    { SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) } },
		{ SCMP_SYS(tgkill), 2,
		    { SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0),
			SCMP_A2(SCMP_CMP_EQ, SIGABRT, 0) } },
	};
	int rc = 0;

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]) && rc == 0; i++)
		rc = seccomp_rule_add_array(
		    f, SCMP_ACT_ALLOW, some[i].call, some[i].n, some[i].want);
	return rc;
}

static int
filter(void)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc = f == NULL ? -1 : 0;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]) && rc == 0; i++)
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0);
	if (rc == 0)
		rc = allow_some(f);
	if (rc == 0)
		rc = seccomp_load(f);
	if (f != NULL)
		seccomp_release(f);
	return rc;
}

static int
lock(void)
{
	if (limit(RLIMIT_AS, BOX_ADDRESS_SPACE) == -1 ||
	    limit(RLIMIT_STACK, BOX_STACK) == -1 ||
	    limit(RLIMIT_CORE, 0) == -1 || limit(RLIMIT_FSIZE, 0) == -1 ||
	    limit(RLIMIT_NOFILE, 3) == -1 || prctl(PR_SET_DUMPABLE, 0) == -1 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return -1;
	return filter() == 0 ? 0 : -1;
}
#endif

/* Libraries open files at their first use; that use is here. */
static void
warm_up(void)
{
	static const char mail[] = "From: =?iso-8859-1?q?A?= <a@example.org>\n"
				   "Date: Tue, 28 Jul 2026 09:14:06 +0200\n"
				   "Content-Type: text/html; charset=utf-8\n\n"
				   "<p>a<a href='b'>c</a>&eacute;";
	struct arena a = { 0 };
	struct mail m;

	mail_parse(&a, mail, sizeof(mail) - 1, &m);
	arena_done(&a);
}

/*
 * A door for the tests: with DESKD_TEST_FAULT=NAME in the environment a mail
 * that has a field "X-Test-Fault: NAME" meets that end, so that the box can be
 * proven.  NAME with "-once" at its end strikes only at the full parse, with
 * "-twice" also at the one with halved limits.
 */
static void
fault_crash(void)
{
	__builtin_trap();
}

static void
fault_spin(void)
{
	for (volatile unsigned i = 0;; i++)
		continue;
}

static void
fault_memory(void)
{
	struct arena a = { 0 };

	for (;;)
		memset(arena_alloc(&a, 1 << 20), 1, 1 << 20);
}

static void
fault_file(void)
{
	(void)open("/etc/hostname", O_RDONLY);
}

static void
fault_network(void)
{
	(void)socket(AF_INET, SOCK_STREAM, 0);
}

static void
fault_exec(void)
{
	execl("/bin/true", "true", (char *)NULL);
}

static void
fault_fork(void)
{
	if (fork() == 0)
		_exit(0);
}

static void
fault_kill(void)
{
	(void)kill(getppid(), SIGTERM);
}

static void
fault_code(void)
{
	(void)mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void
fault_stderr(void)
{
	char c;

	(void)!read(STDERR_FILENO, &c, 1);
}

static void
fault_lie(void)
{
	struct box_head h = { .word = BOX_MAIL, .n = 3 };

	(void)!write(STDOUT_FILENO, &h, sizeof(h));
	(void)!write(STDOUT_FILENO, "abc", 3);
}

static const struct {
	const char *name;
	void (*strike)(void);
} faults[] = {
	{ "crash", fault_crash },
	{ "spin", fault_spin },
	{ "memory", fault_memory },
	{ "file", fault_file },
	{ "network", fault_network },
	{ "exec", fault_exec },
	{ "fork", fault_fork },
	{ "kill", fault_kill },
	{ "code", fault_code },
	{ "stderr", fault_stderr },
	{ "lie", fault_lie },
};

static void
strike(const char *wanted, const struct mail *m, unsigned depth)
{
	const char *mark = mail_field(m, "X-Test-Fault");
	size_t n;

	if (wanted == NULL || mark == NULL)
		return;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		n = strlen(faults[i].name);
		if (strncmp(wanted, faults[i].name, n) != 0 ||
		    strcmp(mark, wanted) != 0)
			continue;
		if ((strcmp(wanted + n, "-once") == 0 && depth != MAIL_FULL) ||
		    (strcmp(wanted + n, "-twice") == 0 &&
			depth == MAIL_HEADERS))
			continue;
		faults[i].strike();
	}
}

/* What came through the pipe and was not looked at yet. */
struct source {
	size_t at, n;
	char bytes[65536];
};

/* Something to look at; false at the end of the pipe. */
static bool
fill(struct source *in)
{
	ssize_t n;

	if (in->at < in->n)
		return true;
	do
		n = read(STDIN_FILENO, in->bytes, sizeof(in->bytes));
	while (n == -1 && errno == EINTR);
	in->at = 0;
	in->n = n > 0 ? (size_t)n : 0;
	return n > 0;
}

/* All n bytes; false: they do not come. */
static bool
take(struct source *in, void *p, size_t n)
{
	for (char *to = p; n > 0;) {
		size_t k;

		if (!fill(in))
			return false;
		k = in->n - in->at < n ? in->n - in->at : n;
		memcpy(to, in->bytes + in->at, k);
		in->at += k;
		to += k;
		n -= k;
	}
	return true;
}

/* The same, into the reader. */
static bool
take_mail(struct source *in, struct mail_reader *r, size_t n)
{
	while (n > 0) {
		size_t k;

		if (!fill(in))
			return false;
		k = in->n - in->at < n ? in->n - in->at : n;
		mail_reader_feed(r, in->bytes + in->at, k);
		in->at += k;
		n -= k;
	}
	return true;
}

static bool
give(const void *p, size_t n)
{
	for (const char *s = p; n > 0;) {
		ssize_t put = write(STDOUT_FILENO, s, n);

		if (put == -1 && errno != EINTR)
			return false;
		if (put > 0) {
			s += put;
			n -= (size_t)put;
		}
	}
	return true;
}

static bool
answer(const struct mail *m, struct buf *out)
{
	struct box_head h = { .word = BOX_MAIL };

	buf_clear(out);
	buf_add(out, &h, sizeof(h));
	frame_pack(m, out);
	if (out->over)
		return false;
	h.n = (uint32_t)(out->len - sizeof(h));
	memcpy(out->data, &h, sizeof(h));
	return give(out->data, out->len);
}

/* One mail from BEGIN to END; false ends the box. */
static bool
one(struct arena *a, const struct box_head *begin, struct source *in,
    struct buf *out, const char *fault)
{
	struct mail_reader *r;
	struct box_head h = { 0 };
	char *known = NULL;
	struct mail m;

	if (begin->word != BOX_BEGIN || begin->n > 4 * MAIL_TEXT_MAX)
		return false;
	if (begin->n > 0) {
		known = arena_alloc(a, (size_t)begin->n + 1);
		if (!take(in, known, begin->n))
			return false;
	}
	r = mail_reader_new(a, (enum mail_depth)begin->depth, known);
	while (take(in, &h, sizeof(h)) && h.word == BOX_DATA &&
	    take_mail(in, r, h.n))
		continue;
	if (h.word != BOX_END)
		return false;
	mail_reader_end(r, &m);
	strike(fault, &m, begin->depth);
	return answer(&m, out);
}

/* Mail after mail, until the parent has no more. */
static void
serve(struct source *in, const char *fault)
{
	struct arena a = { 0 };
	struct box_head h = { .word = BOX_READY };
	struct buf out;

	buf_init(&out, BOX_FRAME_MAX);
	give(&h, sizeof(h)); /* nobody there: take() sees it too */
	while (take(in, &h, sizeof(h)) && one(&a, &h, in, &out, fault)) {
		if (a.used > MAIL_TEXT_MAX)
			arena_done(&a);
		else
			arena_reset(&a);
	}
	arena_done(&a);
	buf_done(&out);
}

int
box_serve(void)
{
	struct charset_set *set = charset_preload();
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	const char *fault = getenv("DESKD_TEST_FAULT");
	struct source *in = calloc(1, sizeof(*in));
	int rc = EX_OSERR;

	warm_up();
	if (in != NULL && lock() == 0) {
		serve(in, fault);
		rc = 0;
	} else {
		fputs("deskd box: cannot lock itself in; it needs seccomp\n",
		    stderr);
	}
	charset_release(set);
	free(in);
	return rc;
}
