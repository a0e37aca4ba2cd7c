/*
 * The demo's configuration: the people, the hours and the rules of conf/ as
 * they are shipped, and a deskd.conf of its own with the ports of its servers.
 * Promises to write nowhere but into the demo's folder.
 */
#include "daemon/demo.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build/sample.h"

static const char conf_text[] =
    "# The configuration of deskd demo.  One desk, one mailbox, one relay.\n"
    "name       \"Example IT Support\"\n"
    "address    support@example.com\n"
    "admin      dieter@example.com\n"
    "timezone   UTC\n"
    "languages  en de fr es\n"
    "state      \"%s\"\n"
    "\n"
    "mailbox support {\n"
    "    imap   imap://127.0.0.1:%d plain   # TLS everywhere but on loopback\n"
    "    user   support\n"
    "    auth   password file:\"%s\"\n"
    "    poll   10s idle\n"
    "    after  flag\n"
    "}\n"
    "\n"
    "smtp {\n"
    "    relay    smtp://127.0.0.1:%d plain\n"
    "    bounces  off\n"
    "}\n"
    "\n"
    "tickets {\n"
    "    id           \"EX-{{number}}\"\n"
    "    acknowledge  all once-per 0s\n"
    "    send-delay   0s\n"
    "}\n"
    "\n"
    "include people.conf\n"
    "include sla.conf\n"
    "include rules.d/*.conf\n";

static int
make_folder(const char *path, struct err *e)
{
	return mkdir(path, 0700) == 0 ? 0
				      : err_set(e, ERR_RETRY, "%s: %m", path);
}

static int
write_file(const char *path, const char *text, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	size_t n = strlen(text);

	if (fd == -1)
		return err_set(e, ERR_RETRY, "%s: %m", path);
	if (write(fd, text, n) != (ssize_t)n) {
		close(fd);
		return err_set(e, ERR_RETRY, "%s: %m", path);
	}
	return close(fd) == 0 ? 0 : err_set(e, ERR_RETRY, "%s: %m", path);
}

/* All that conf/deskd.conf includes. */
static int
write_sample(struct demo *d, struct err *e)
{
	if (make_folder(arena_printf(d->arena, "%s/rules.d", d->dir), e) == -1)
		return -1;
	for (size_t i = 0; sample_texts[i][0] != NULL; i++)
		if (write_file(arena_printf(d->arena, "%s/%s", d->dir,
				   sample_texts[i][0]),
			sample_texts[i][1], e) == -1)
			return -1;
	return 0;
}

/* All of it is deskd's, the secret too: the servers may not read it. */
int
demo_conf_write(struct demo *d, struct err *e)
{
	char *password = arena_printf(d->arena, "%s/password", d->dir);
	char *line = arena_printf(d->arena, "%s\n", d->password);

	d->conf = arena_printf(d->arena, "%s/deskd.conf", d->dir);
	d->state = arena_printf(d->arena, "%s/state", d->dir);
	if (make_folder(d->state, e) == -1 ||
	    write_file(password, line, e) == -1 || write_sample(d, e) == -1)
		return -1;
	return write_file(d->conf,
	    arena_printf(d->arena, conf_text, d->state, d->imap_port, password,
		d->smtp_port),
	    e);
}
