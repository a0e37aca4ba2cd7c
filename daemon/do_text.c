/*
 * What is written on the command line, piped in, or typed in an editor, and the
 * files that go along.  Nobody is believed about what is in them: bytes that
 * are no text, and too many of them, are refused before anything is done.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/do.h"
#include "daemon/files.h"
#include "parser/ascii.h"
#include "parser/limits.h"
#include "parser/utf8.h"

#define DO_FILES_MAX 100 /* files of one letter */

static int
no_input(const struct err *e)
{
	fprintf(stderr, "deskd: %s\n", e->text);
	return EX_NOINPUT;
}

/* The text as it is kept, without blank lines around it. */
static int
take(struct context *c, const char *s, size_t n, const char **text)
{
	char *clean;
	size_t len;

	if (!utf8_valid(s, n)) {
		fprintf(stderr, "deskd: the text is not UTF-8\n");
		return EX_DATAERR;
	}
	if (n > MAIL_TEXT_MAX) {
		fprintf(stderr, "deskd: the text is larger than %d bytes\n",
		    MAIL_TEXT_MAX);
		return EX_DATAERR;
	}
	clean = utf8_from(&c->arena, "utf-8", s, n, NULL);
	(void)utf8_neutral(clean);
	for (len = strlen(clean); len > 0 && ascii_blank(clean[len - 1]); len--)
		clean[len - 1] = '\0';
	while (*clean == '\n')
		clean++;
	*text = clean;
	return 0;
}

/* Read one byte more than is allowed, so that too long is seen as that. */
static int
take_fd(struct context *c, int fd, const char *name, const char **text)
{
	struct err e = { 0 };
	char *s;
	size_t n;

	if (files_read_fd(&c->arena, fd, MAIL_TEXT_MAX, &s, &n, &e) == 0)
		return take(c, s, n, text);
	fprintf(stderr, "deskd: %s: %s\n", name, e.text);
	return EX_DATAERR;
}

static int
take_file(struct context *c, const char *path, const char **text)
{
	int fd, rc;

	if (strcmp(path, "-") == 0)
		return take_fd(c, STDIN_FILENO, "standard input", text);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd == -1) {
		fprintf(stderr, "deskd: %s: %m\n", path);
		return EX_NOINPUT;
	}
	rc = take_fd(c, fd, path, text);
	close(fd);
	return rc;
}

static const char *
editor(void)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	const char *visual = getenv("VISUAL"), *plain = getenv("EDITOR");

	return visual != NULL && *visual != '\0' ? visual
	    : plain != NULL && *plain != '\0'    ? plain
						 : "vi";
}

/* "vim -u NONE" is a command, so a shell reads it; the path is an argument of
 * its own.  true: it ended well. */
static bool
edit(struct context *c, const char *path)
{
	const char *line = arena_printf(&c->arena, "%s \"$1\"", editor());
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", line, "deskd", path, (char *)NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int
take_edited(struct context *c, const char **text)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	const char *tmp = getenv("TMPDIR");
	char *path = arena_printf(&c->arena, "%s/deskd-XXXXXX",
	    tmp != NULL && *tmp != '\0' ? tmp : "/tmp");
	int fd = mkstemp(path), rc;

	if (fd == -1) {
		fprintf(stderr, "deskd: %s: %m\n", path);
		return EX_CANTCREAT;
	}
	close(fd);
	rc = edit(c, path) ? take_file(c, path, text) : EX_NOINPUT;
	if (rc == EX_NOINPUT)
		fprintf(
		    stderr, "deskd: '%s' failed; nothing is done\n", editor());
	unlink(path);
	return rc;
}

int
do_read_text(struct context *c, const struct cmd *cmd,
    const struct do_source *from, const char **text)
{
	int rc = 0;

	*text = "";
	if (from->said != NULL && from->file != NULL)
		return cmd_usage(cmd, "-m and --file exclude each other");
	if (from->must == DO_TEXT_NONE &&
	    (from->said != NULL || from->file != NULL))
		return cmd_usage(cmd, "no text goes with it");
	if (from->said != NULL)
		rc = take(c, from->said, strlen(from->said), text);
	else if (from->file != NULL)
		rc = take_file(c, from->file, text);
	else if (from->must != DO_TEXT_MUST)
		return 0;
	else if (isatty(STDIN_FILENO))
		rc = take_edited(c, text);
	else
		rc = take_file(c, "-", text);
	if (rc != 0 || **text != '\0')
		return rc;
	fprintf(stderr, "deskd: the text is empty; nothing is done\n");
	return EX_NOINPUT;
}

/* By the end of the name; what is not known is only bytes. */
static const char *
type_of(const char *name)
{
	static const char *const types[][2] = {
		{ ".pdf", "application/pdf" },
		{ ".png", "image/png" },
		{ ".jpg", "image/jpeg" },
		{ ".jpeg", "image/jpeg" },
		{ ".gif", "image/gif" },
		{ ".txt", "text/plain" },
		{ ".log", "text/plain" },
		{ ".csv", "text/csv" },
		{ ".html", "text/html" },
		{ ".json", "application/json" },
		{ ".zip", "application/zip" },
		{ ".docx",
		    "application/vnd.openxmlformats-officedocument."
		    "wordprocessingml.document" },
		{ ".xlsx",
		    "application/vnd.openxmlformats-officedocument."
		    "spreadsheetml.sheet" },
	};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && i < sizeof(types) / sizeof(types[0]);
	     i++)
		if (strcasecmp(dot, types[i][0]) == 0)
			return types[i][1];
	return "application/octet-stream";
}

static int
read_one(struct context *c, const char *path, uint64_t *room,
    struct compose_part *out)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	struct err e = { 0 };
	char *bytes;
	size_t n;

	if (files_read(&c->arena, path, (size_t)*room, &bytes, &n, &e) == -1)
		return no_input(&e);
	*room -= n;
	*out = (struct compose_part){
		.name = utf8_line(&c->arena,
		    utf8_from(&c->arena, "utf-8", name, strlen(name), NULL),
		    MAIL_NAME_MAX),
		.type = type_of(name),
		.data = bytes,
		.size = n
	};
	/* Text of another kind is only bytes: nobody would read it right. */
	if (strncmp(out->type, "text/", 5) != 0)
		return 0;
	if (utf8_valid(bytes, n))
		out->charset = "utf-8";
	else
		out->type = "application/octet-stream";
	return 0;
}

int
do_read_files(struct context *c, const char *const *paths, size_t n,
    uint64_t most, struct parts *out)
{
	struct compose_part *list = arena_calloc(
	    &c->arena, n + 1, sizeof(*list));

	*out = (struct parts){ .list = list, .n = n };
	if (n > DO_FILES_MAX) {
		fprintf(stderr, "deskd: more than %d files\n", DO_FILES_MAX);
		return EX_DATAERR;
	}
	for (size_t i = 0; i < n; i++) {
		int rc = read_one(c, paths[i], &most, &list[i]);

		if (rc != 0)
			return rc;
	}
	return 0;
}
