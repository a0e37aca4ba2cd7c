/*
 * The demo's IMAP server: Dovecot with a configuration of its own, on a
 * loopback port, as an ordinary user; and the Maildirs it serves, into which
 * mail is delivered as a mail server does it.
 */
#include "daemon/demo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/files.h"
#include "parser/limits.h"

/*
 * Everything inside the folder, nothing as root, no chroot: as an ordinary
 * user Dovecot can do neither.  What the two languages of Dovecot have in
 * common stands in the middle.
 */
static const char conf_23[] = "disable_plaintext_auth = no\n"
			      "mail_location = maildir:%1$s/mail/%%u\n"
			      "passdb {\n"
			      "  driver = passwd-file\n"
			      "  args = scheme=PLAIN %1$s/passwd\n"
			      "}\n"
			      "userdb {\n"
			      "  driver = static\n"
			      "  args = uid=%2$d gid=%3$d home=%1$s/mail/%%u\n"
			      "}\n";

static const char conf_24[] = "auth_allow_cleartext = yes\n"
			      "mail_driver = maildir\n"
			      "mail_path = %1$s/mail/%%{user}\n"
			      "passdb passwd-file {\n"
			      "  passwd_file_path = %1$s/passwd\n"
			      "}\n"
			      "userdb static {\n"
			      "  fields {\n"
			      "    uid = %2$d\n"
			      "    gid = %3$d\n"
			      "    home = %1$s/mail/%%{user}\n"
			      "  }\n"
			      "}\n";

static const char conf_both[] = "base_dir = %1$s/run\n"
				"state_dir = %1$s/run\n"
				"log_path = %1$s/dovecot.log\n"
				"instance_name = deskd-demo\n"
				"protocols = imap\n"
				"listen = 127.0.0.1\n"
				"ssl = no\n"
				"auth_mechanisms = plain login\n"
				"default_internal_user = %2$s\n"
				"default_internal_group = %3$s\n"
				"default_login_user = %2$s\n"
				"first_valid_uid = 1\n"
				"mail_uid = %4$d\n"
				"mail_gid = %5$d\n"
				"mail_fsync = never\n"
				"namespace inbox {\n"
				"  inbox = yes\n"
				"  separator = /\n"
				"}\n"
				"service anvil {\n"
				"  chroot =\n"
				"}\n"
				"service imap-login {\n"
				"  chroot =\n"
				"  inet_listener imap {\n"
				"    port = %6$d\n"
				"  }\n"
				"  inet_listener imaps {\n"
				"    port = 0\n"
				"  }\n"
				"}\n";

const char *
demo_dovecot_find(void)
{
	static const char *const places[] = { "/usr/sbin/dovecot",
		"/usr/local/sbin/dovecot", "/usr/bin/dovecot",
		"/opt/homebrew/sbin/dovecot" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

static int
make_folder(struct demo *d, const char *path, struct err *e)
{
	if (mkdir(path, 0700) == -1 ||
	    (d->root && chown(path, d->uid, d->gid) == -1))
		return err_set(e, ERR_RETRY, "%s: %m", path);
	return 0;
}

static int
make_maildirs(struct demo *d, struct err *e)
{
	static const char *const parts[] = { "", "/cur", "/new", "/tmp" };

	for (const struct demo_box *b = demo_boxes; b->user != NULL; b++)
		for (size_t i = 0; i < 4; i++)
			if (make_folder(d,
				arena_printf(d->arena, "%s/mail/%s%s", d->dir,
				    b->user, parts[i]),
				e) == -1)
				return -1;
	return 0;
}

/* A port that is free now.  Dovecot cannot be handed an open socket. */
static int
free_port(int *port, struct err *e)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), rc = -1;

	if (fd != -1 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		rc = getsockname(fd, (struct sockaddr *)&a, &n);
	if (rc == -1)
		err_set(e, ERR_RETRY, "no port on 127.0.0.1: %m");
	else
		*port = ntohs(a.sin_port);
	if (fd != -1)
		close(fd);
	return rc;
}

/* A new file that Dovecot can read; the caller writes and closes it. */
static FILE *
make_file(struct demo *d, const char *name, struct err *e)
{
	const char *path = arena_printf(d->arena, "%s/%s", d->dir, name);
	FILE *f = fopen(path, "wxe");

	if (f != NULL && fchmod(fileno(f), 0600) == 0 &&
	    (!d->root || fchown(fileno(f), d->uid, d->gid) == 0))
		return f;
	err_set(e, ERR_RETRY, "%s: %m", path);
	if (f != NULL)
		fclose(f);
	return NULL;
}

/* Since 2.4 the language is another one, and says so in its first line. */
static bool
speaks_24(struct demo *d)
{
	const char *const argv[] = { demo_dovecot_find(), "--version", NULL };
	const char *name = "version.log";
	struct err e;
	char *text;
	pid_t pid;
	size_t n;

	if (demo_spawn(d, argv, name, false, &pid, &e) == -1 ||
	    waitpid(pid, NULL, 0) != pid ||
	    files_read(d->arena, arena_printf(d->arena, "%s/%s", d->dir, name),
		4096, &text, &n, &e) == -1)
		return false;
	return strncmp(text, "2.", 2) == 0 && strtol(text + 2, NULL, 10) >= 4;
}

static int
write_conf(struct demo *d, struct err *e)
{
	bool new = speaks_24(d);
	FILE *f = make_file(d, "dovecot.conf", e);

	if (f == NULL)
		return -1;
	if (new)
		fputs("dovecot_config_version = 2.4.0\n"
		      "dovecot_storage_version = 2.4.0\n",
		    f);
	fprintf(f, conf_both, d->dir, d->user, d->group, (int)d->uid,
	    (int)d->gid, d->imap_port);
	fprintf(f, new ? conf_24 : conf_23, d->dir, (int)d->uid, (int)d->gid);
	if (fclose(f) != 0 || (f = make_file(d, "passwd", e)) == NULL)
		return -1;
	for (const struct demo_box *b = demo_boxes; b->user != NULL; b++)
		fprintf(f, "%s:{PLAIN}%s::::::\n", b->user, d->password);
	if (fclose(f) != 0 || (f = make_file(d, "dovecot.log", e)) == NULL)
		return -1;
	return fclose(f);
}

int
demo_dovecot_write(struct demo *d, struct err *e)
{
	if (free_port(&d->imap_port, e) == -1 ||
	    make_folder(d, arena_printf(d->arena, "%s/run", d->dir), e) == -1 ||
	    make_folder(d, arena_printf(d->arena, "%s/mail", d->dir), e) ==
		-1 ||
	    make_maildirs(d, e) == -1)
		return -1;
	return write_conf(d, e);
}

/* Does it say "* OK"? */
static bool
greets(struct demo *d, void *ctx)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)d->imap_port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct pollfd f = { .fd = fd, .events = POLLIN };
	char line[5] = "";

	(void)ctx;
	if (fd == -1)
		return false;
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == -1 ||
	    poll(&f, 1, 3000) != 1 || recv(fd, line, 4, MSG_WAITALL) != 4)
		line[0] = '\0';
	close(fd);
	return strcmp(line, "* OK") == 0;
}

/* The last line of a log, for the reason of a failure. */
static const char *
last_line(struct demo *d, const char *name)
{
	char *text, *path = arena_printf(d->arena, "%s/%s", d->dir, name);
	struct err e;
	size_t n;

	if (files_read(d->arena, path, 1 << 20, &text, &n, &e) == -1 || n == 0)
		return "(no log)";
	if (text[n - 1] == '\n')
		text[n - 1] = '\0';
	path = strrchr(text, '\n');
	return path != NULL ? path + 1 : text;
}

int
demo_dovecot_start(struct demo *d, struct err *e)
{
	const char *const argv[] = { demo_dovecot_find(), "-F", "-c",
		arena_printf(d->arena, "%s/dovecot.conf", d->dir), NULL };

	if (demo_spawn(d, argv, "dovecot.log", true, &d->dovecot, e) == -1)
		return -1;
	if (demo_wait(d, greets, NULL, 10, "Dovecot's greeting", e) == 0)
		return 0;
	return d->stop
	    ? -1
	    : err_wrap(e, "Dovecot: %s", last_line(d, "dovecot.log"));
}

/* Maildirs. */

/* LF as mail servers store it; Dovecot gives CRLF to its clients. */
static int
write_mail(int fd, const char *data, size_t n)
{
	struct buf b;
	size_t done = 0;

	buf_init(&b, 0);
	for (size_t i = 0; i < n; i++)
		if (data[i] != '\r' || i + 1 == n || data[i + 1] != '\n')
			buf_char(&b, data[i]);
	while (done < b.len) {
		ssize_t w = write(fd, b.data + done, b.len - done);

		if (w == -1 && errno != EINTR)
			break;
		done += w > 0 ? (size_t)w : 0;
	}
	n = b.len;
	buf_done(&b);
	return done == n ? 0 : -1;
}

int
demo_deliver(struct demo *d, const struct demo_box *b, const char *data,
    size_t n, struct err *e)
{
	char *name, *from, *to;
	int fd;

	/* Names sort by time; no two are alike. */
	name = arena_printf(d->arena, "%lld.M%013lldP%dQ%d.demo",
	    (long long)clock_now(), (long long)clock_steady(), (int)getpid(),
	    d->serial++);
	from = arena_printf(
	    d->arena, "%s/mail/%s/tmp/%s", d->dir, b->user, name);
	to = arena_printf(d->arena, "%s/mail/%s/new/%s", d->dir, b->user, name);
	fd = open(from, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return err_set(e, ERR_RETRY, "%s: %m", from);
	if (write_mail(fd, data, n) == -1 ||
	    (geteuid() == 0 && fchown(fd, d->uid, d->gid) == -1)) {
		close(fd);
		unlink(from);
		return err_set(e, ERR_RETRY, "%s: %m", from);
	}
	if (close(fd) == -1 || rename(from, to) == -1)
		return err_set(e, ERR_RETRY, "%s: %m", to);
	return 0;
}

/* The first name after `after` in a folder; NULL: none. */
static char *
name_after(struct demo *d, const char *folder, const char *after)
{
	DIR *dir = opendir(folder);
	struct dirent *f;
	char *best = NULL;

	if (dir == NULL)
		return NULL;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread, one stream */
	while ((f = readdir(dir)) != NULL)
		if (f->d_name[0] != '.' &&
		    (after == NULL || strcmp(f->d_name, after) > 0) &&
		    (best == NULL || strcmp(f->d_name, best) < 0))
			best = arena_strdup(d->arena, f->d_name);
	closedir(dir);
	return best;
}

/*
 * Only new/: the people of the play do not open their mailboxes by IMAP, so
 * nothing moves to cur/.
 */
bool
demo_mail(struct demo *d, const char *user, struct mail *m, char **raw)
{
	const struct demo_box *b = demo_box(user);
	char **seen = &d->seen[b - demo_boxes], *name, *data;
	char *folder = arena_printf(d->arena, "%s/mail/%s/new", d->dir, user);
	struct err e;
	size_t n;

	name = name_after(d, folder, *seen);
	if (name == NULL ||
	    files_read(d->arena, arena_printf(d->arena, "%s/%s", folder, name),
		MAIL_MAX, &data, &n, &e) == -1)
		return false;
	*seen = name;
	mail_parse(d->arena, data, n, m);
	if (raw != NULL)
		*raw = data;
	return true;
}
