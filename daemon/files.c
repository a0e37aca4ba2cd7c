/*
 * What daemon/ reads from disk besides the database: whole files, the files of
 * the configuration, and the locks that keep one loop of a kind.  Secrets are
 * in secret.c.
 */
#include "daemon/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "daemon/templates.h"
#include "daemon/clock.h"
#include "parser/limits.h"
#include "rules/pattern.h"
#include "rules/template.h"

#define PIECE 16384

/* Pipes have no size, so the buffer grows. */
int
files_read_fd(
    struct arena *a, int fd, size_t max, char **data, size_t *n, struct err *e)
{
	size_t cap = PIECE, len = 0;
	char *text = arena_alloc(a, cap + 1), *more;
	ssize_t got;

	while ((got = read(fd, text + len, cap - len)) != 0) {
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return err_set(e, ERR_REJECT, "%m");
		len += (size_t)got;
		if (len > max)
			return err_set(
			    e, ERR_REJECT, "larger than %zu bytes", max);
		if (len < cap)
			continue;
		more = arena_alloc(a, cap * 2 + 1);
		memcpy(more, text, len);
		text = more;
		cap *= 2;
	}
	text[len] = '\0';
	*data = text;
	*n = len;
	return 0;
}

int
files_read(struct arena *a, const char *path, size_t max, char **data,
    size_t *n, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc;
	struct stat st;

	if (fd == -1)
		return err_set(e, ERR_REJECT, "%s: %m", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		rc = err_set(e, ERR_REJECT, "this is a folder");
	else
		rc = files_read_fd(a, fd, max, data, n, e);
	close(fd);
	return rc == 0 ? 0 : err_wrap(e, "%s", path);
}

/* The conf_source. */

static int
source_read(void *ctx, struct arena *a, const char *path, char **data,
    size_t *n, struct err *e)
{
	(void)ctx;
	return files_read(a, path, CONF_FILE_MAX, data, n, e);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A folder that is not there holds nothing; one that is shut may. */
static int
glob_trouble(const char *path, int why)
{
	(void)path;
	return why != ENOENT && why != ENOTDIR;
}

static int
source_glob(void *ctx, struct arena *a, const char *pattern, char ***paths,
    size_t *n, struct err *e)
{
	glob_t g = { 0 };
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): we have no threads */
	int rc = glob(pattern, GLOB_NOSORT, glob_trouble, &g);

	(void)ctx;
	if (rc != 0 && rc != GLOB_NOMATCH) {
		globfree(&g);
		return err_set(e, ERR_REJECT, "%s: cannot be listed: %s",
		    pattern,
		    rc == GLOB_ABORTED ? "a folder cannot be read"
				       : "out of memory");
	}
	*n = rc == 0 ? g.gl_pathc : 0;
	*paths = arena_calloc(a, *n + 1, sizeof(**paths));
	for (size_t i = 0; i < *n; i++)
		(*paths)[i] = arena_strdup(a, g.gl_pathv[i]);
	globfree(&g);
	if (*n > 0)
		qsort(*paths, *n, sizeof(**paths), by_name);
	return 0;
}

static void
source_pattern(void *ctx, struct arena *a, const char *text, const char *flags,
    size_t most, struct conf_pattern *out)
{
	struct pattern_trial trial = { .most = most };

	(void)ctx;
	pattern_judge(a, text, flags, &trial, out);
}

static bool
source_exists(void *ctx, const char *path)
{
	(void)ctx;
	return access(path, F_OK) == 0;
}

#define ZONES "/usr/share/zoneinfo"

/* A machine without the list (a small container) knows no better. */
static bool
source_zone(void *ctx, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	(void)ctx;
	if (strcmp(name, "UTC") == 0 || access(ZONES, F_OK) == -1)
		return true;
	snprintf(path, sizeof(path), ZONES "/%s", name);
	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool
source_language(void *ctx, const char *folder, const char *code)
{
	char path[PATH_MAX];

	(void)ctx;
	if (template_builtin("acknowledge", code) != NULL)
		return true;
	if (folder == NULL)
		return false;
	snprintf(path, sizeof(path), "%s/%s/acknowledge.txt", folder, code);
	return access(path, R_OK) == 0;
}

const struct conf_source files_conf_source = {
	.read = source_read,
	.glob = source_glob,
	.pattern = source_pattern,
	.zone = source_zone,
	.language = source_language,
	.exists = source_exists,
};

static void
timed_pattern(void *ctx, struct arena *a, const char *text, const char *flags,
    size_t most, struct conf_pattern *out)
{
	struct pattern_trial trial = { .most = most, .clock = clock_cpu };

	(void)ctx;
	pattern_judge(a, text, flags, &trial, out);
}

const struct conf_source files_conf_timed = {
	.read = source_read,
	.glob = source_glob,
	.pattern = timed_pattern,
	.zone = source_zone,
	.language = source_language,
	.exists = source_exists,
};

/* May others change it, or is it another account's? */
static int
safe_stat(const char *path, const struct stat *st, struct err *e)
{
	bool folder = S_ISDIR(st->st_mode);

	if (st->st_uid != 0 && st->st_uid != geteuid())
		return err_set(e, ERR_REJECT,
		    "%s: it belongs to another account (uid %u); it must "
		    "belong to root or to the account that runs deskd",
		    path, (unsigned)st->st_uid);
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) == 0 ||
	    (folder && (st->st_mode & S_ISVTX) != 0))
		return 0;
	return err_set(e, ERR_REJECT, "%s: %s can write to it; chmod go-w it",
	    path, (st->st_mode & S_IWOTH) != 0 ? "everybody" : "its group");
}

/* One file and its folder, as they are named. */
static int
safe_pair(const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	struct stat st;

	if (stat(path, &st) == -1)
		return err_set(e, ERR_REJECT, "%s: %m", path);
	if (safe_stat(path, &st, e) == -1)
		return -1;
	snprintf(folder, sizeof(folder), "%.*s",
	    slash == NULL       ? 1
		: slash == path ? 1
				: (int)(slash - path),
	    slash == NULL ? "." : path);
	if (stat(folder, &st) == -1)
		return err_set(e, ERR_REJECT, "%s: %m", folder);
	return safe_stat(folder, &st, e);
}

int
files_safe(const char *path, struct err *e)
{
	char real[PATH_MAX];

	if (strlen(path) >= PATH_MAX || realpath(path, real) == NULL)
		return err_set(e, ERR_REJECT, "%s: %m", path);
	if (safe_pair(path, e) == -1)
		return -1;
	return safe_pair(real, e);
}

int
files_conf_safe(const struct conf *c, struct err *e)
{
	for (size_t i = 0; i < c->files_n; i++)
		if (files_safe(c->files[i], e) == -1)
			return -1;
	return 0;
}

/* "process 1234 (run)", as the holder wrote it; nothing else gets through. */
static void
holder(int fd, char *out, size_t size)
{
	char text[64] = "", *name = text;
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	long pid = n > 0 ? strtol(text, &name, 10) : 0;

	snprintf(out, size, "another process");
	if (pid <= 0 || *name++ != ' ')
		return;
	name[strcspn(name, "\n")] = '\0';
	if (name[strspn(name,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789-_.")] == '\0')
		snprintf(out, size, "process %ld (%s)", pid, name);
}

int
files_lock(const char *dir, const char *name, int *fd, struct err *e)
{
	char path[PATH_MAX], who[80], text[64];
	int lock, n;

	n = snprintf(path, sizeof(path), "%s/%s.lock", dir, name);
	if (n < 0 || (size_t)n >= sizeof(path))
		return err_set(e, ERR_REJECT, "%s: the path is too long", dir);
	lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock == -1)
		return err_set(e, ERR_REJECT, "%s: %m", path);
	if (flock(lock, LOCK_EX | LOCK_NB) == -1) {
		n = errno;
		holder(lock, who, sizeof(who));
		close(lock);
		if (n == EWOULDBLOCK)
			return err_set(e, ERR_RETRY,
			    "deskd is already running on %s: %s holds it", dir,
			    who);
		errno = n;
		return err_set(e, ERR_RETRY, "%s: %m", path);
	}
	n = snprintf(text, sizeof(text), "%ld %.39s\n", (long)getpid(), name);
	if (ftruncate(lock, 0) == -1 || pwrite(lock, text, (size_t)n, 0) != n) {
		err_set(e, ERR_RETRY, "%s: %m", path);
		close(lock);
		return -1;
	}
	*fd = lock;
	return 0;
}

int
files_lock_pid(const char *dir, const char *name, long *pid, struct err *e)
{
	char path[PATH_MAX], text[64] = "";
	int fd, n;

	*pid = 0;
	n = snprintf(path, sizeof(path), "%s/%s.lock", dir, name);
	if (n < 0 || (size_t)n >= sizeof(path))
		return err_set(e, ERR_REJECT, "%s: the path is too long", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1 && errno == ENOENT)
		return 0;
	if (fd == -1)
		return err_set(e, ERR_REJECT, "%s: %m", path);
	/* Free: what stands in it is of one that has ended. */
	if (flock(fd, LOCK_SH | LOCK_NB) == -1 && errno == EWOULDBLOCK &&
	    pread(fd, text, sizeof(text) - 1, 0) > 0)
		*pid = strtol(text, NULL, 10);
	close(fd);
	return 0;
}

const char *
files_self(char buf[FILES_SELF_SIZE])
{
	static const char self[] = "/proc/self/exe";
	ssize_t n = readlink(self, buf, FILES_SELF_SIZE - 1);

	/* A replaced file reads "/usr/bin/deskd (deleted)". */
	if (n <= 0)
		return self;
	buf[n] = '\0';
	return access(buf, X_OK) == 0 ? buf : self;
}
