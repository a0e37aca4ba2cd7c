/*
 * The keys of the desk: read, made at the first start, added and taken away.
 * Promises that no key gets into a message or a log, and that whoever reads the
 * file sees all of it or what it was before.
 */
#include "daemon/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/files.h"
#include "parser/ascii.h"
#include "parser/hash.h"

#define DIGITS    (2 * (size_t)DESK_KEY)
#define LINE_SIZE (DIGITS + sizeof("-2147483648 \n"))

/* "ID HEX": the key, or -1. */
static int
read_line(const char *s, uint8_t key[DESK_KEY], int *slot)
{
	char *end;
	unsigned long id;

	if (!ascii_digit(*s))
		return -1;
	id = strtoul(s, &end, 10);
	if (id >= DESK_KEYS || *end != ' ')
		return -1;
	s = end + strspn(end, " ");
	for (size_t i = 0; i < DESK_KEY; i++, s += 2) {
		int high = ascii_hex(s[0]),
		    low = high == -1 ? -1 : ascii_hex(s[1]);

		if (low == -1)
			return -1;
		key[i] = (uint8_t)(high << 4 | low);
	}
	*slot = (int)id;
	return s[strspn(s, " \t\r")] == '\0' ? 0 : -1;
}

/* One more key, the first of them makes. */
static int
take_line(const char *line, struct desk_keys *k, bool *any)
{
	uint8_t key[DESK_KEY];
	int slot;

	if (read_line(line, key, &slot) == -1 || k->have[slot])
		return -1;
	memcpy(k->key[slot], key, DESK_KEY);
	explicit_bzero(key, sizeof(key));
	k->have[slot] = true;
	if (!*any)
		k->first = slot;
	*any = true;
	return 0;
}

/* All lines must be good.  The text is wiped. */
static int
read_keys(const struct secret_text *s, struct desk_keys *out, struct err *e)
{
	struct desk_keys k = { 0 };
	int number = 0, rc = 0;
	bool any = false;

	if (strlen(s->text) != s->n)
		return err_set(
		    e, ERR_REJECT, "%s: it has a NUL byte", s->where);
	for (char *line = s->text, *end; line != NULL && rc == 0; line = end) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		number++;
		if (line[strspn(line, " \t\r")] != '\0' && line[0] != '#')
			rc = take_line(line, &k, &any);
	}
	if (rc == -1)
		err_set(e, ERR_REJECT,
		    "%s:%d: not a key, or one whose ID stood before; a line "
		    "is: ID (0 to 15), a blank, 64 hexadecimal digits",
		    s->where, number);
	else if (!any)
		rc = err_set(
		    e, ERR_REJECT, "%s: there is no key in it", s->where);
	else
		*out = k;
	explicit_bzero(s->text, s->n);
	explicit_bzero(&k, sizeof(k));
	return rc;
}

static int
write_all(int fd, const char *s, size_t n)
{
	while (n > 0) {
		ssize_t did = write(fd, s, n);

		if (did == -1 && errno == EINTR)
			continue;
		if (did <= 0)
			return -1;
		s += did;
		n -= (size_t)did;
	}
	return 0;
}

/* The folder that has this file. */
static int
sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX] = ".";
	int fd, rc;

	if (slash != NULL)
		snprintf(
		    dir, sizeof(dir), "%.*s", (int)(slash - path + 1), path);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

/* The only one at its name. */
static int
put_first(const char *aside, const char *path)
{
	return link(aside, path) == 0 || errno == EEXIST ? 0 : -1;
}

/*
 * The text is written aside, synced and then put at its name, by put_first() or
 * rename(): whoever reads that name sees whole keys, and of several first
 * makers only one succeeds.
 */
static int
write_keys(const char *path, const char *text,
    int (*place)(const char *aside, const char *path), struct err *e)
{
	char aside[PATH_MAX];
	int fd, rc = -1;

	if (snprintf(aside, sizeof(aside), "%s.%ld", path, (long)getpid()) >=
	    (int)sizeof(aside))
		return err_set(e, ERR_REJECT, "%s: the path is too long", path);
	unlink(aside); /* of a process that died here and had our number */
	fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return err_set(e, ERR_RETRY, "%s: %m", aside);
	if (write_all(fd, text, strlen(text)) == 0 && fsync(fd) == 0 &&
	    place(aside, path) == 0 && sync_folder(path) == 0)
		rc = 0;
	else
		err_set(e, ERR_RETRY, "%s: %m", path);
	close(fd);
	unlink(aside);
	return rc;
}

/* A fresh key as the line of a file. */
static void
new_line(int id, char out[LINE_SIZE])
{
	char digits[DIGITS + 1];
	uint8_t key[DESK_KEY];

	chance_bytes(key, sizeof(key));
	hash_hex(key, sizeof(key), digits);
	snprintf(out, LINE_SIZE, "%d %s\n", id, digits);
	explicit_bzero(key, sizeof(key));
	explicit_bzero(digits, sizeof(digits));
}

static int
make_keys(const char *path, struct err *e)
{
	char text[256], line[LINE_SIZE];
	int rc;

	new_line(1, line);
	snprintf(text, sizeof(text),
	    "# The keys of deskd's tokens and Message-IDs: ID and key, the\n"
	    "# one to use first.  Keep it secret; it is not in any backup.\n"
	    "%s",
	    line);
	rc = write_keys(path, text, put_first, e);
	explicit_bzero(text, sizeof(text));
	explicit_bzero(line, sizeof(line));
	return rc;
}

static char *
default_path(struct arena *a, const char *dir)
{
	return arena_printf(a, "%s/token-keys", dir);
}

int
secret_desk_keys(struct arena *a, const struct conf *c, const char *dir,
    struct desk_keys *out, struct err *e)
{
	struct conf_secret s = c->token_keys;
	struct secret_text text = { 0 };

	if (s.kind == SECRET_NONE) {
		char *path = default_path(a, dir);

		if (access(path, F_OK) == -1 && errno == ENOENT &&
		    make_keys(path, e) == -1)
			return -1;
		s = (struct conf_secret){ .kind = SECRET_FILE, .value = path };
	}
	if (secret_whole(a, &s, &text, e) == -1)
		return -1;
	return read_keys(&text, out, e);
}

int
keys_file(struct arena *a, const struct conf *c, const char *dir, char **path,
    struct err *e)
{
	static const char *const kept[] = {
		[SECRET_CREDENTIAL] = "a credential of the service",
		[SECRET_COMMAND] = "what a command prints",
		[SECRET_ENV] = "a variable of the environment",
	};
	enum secret_kind kind = c->token_keys.kind;
	const char *name = c->token_keys.value;
	char real[PATH_MAX];

	if (kind == SECRET_NONE)
		name = default_path(a, dir);
	else if (kind != SECRET_FILE)
		return err_set(e, ERR_REJECT,
		    "the keys are %s ('token-keys'), which deskd cannot change; "
		    "do it where they come from: a new line 'ID HEX' before "
		    "the others, or an old one taken away",
		    kept[kind]);
	if (realpath(name, real) == NULL)
		return err_set(e, ERR_REJECT, "%s: %m%s", name,
		    errno == ENOENT && kind == SECRET_NONE
			? "; the first start makes it"
			: "");
	*path = arena_strdup(a, real);
	return 0;
}

/* The whole file, known to be good, and what is in it. */
static int
load_file(struct arena *a, const char *path, struct secret_text *text,
    struct desk_keys *k, struct err *e)
{
	struct conf_secret s = { .kind = SECRET_FILE, .value = path };
	struct secret_text copy;

	if (secret_whole(a, &s, text, e) == -1)
		return -1;
	copy = *text;
	copy.text = arena_strndup(a, text->text, text->n);
	return read_keys(&copy, k, e);
}

/* The line behind this one. */
static const char *
next_line(const char *p)
{
	p += strcspn(p, "\n");
	return p + (*p != '\0');
}

/* The first line with a key, with this one when id is not -1. */
static const char *
find_line(const char *p, int id)
{
	while (*p != '\0' &&
	    (!ascii_digit(*p) ||
		(id != -1 && strtoul(p, NULL, 10) != (unsigned long)id)))
		p = next_line(p);
	return p;
}

/* A number that nothing has; the next ones first, so that it is long until an
 * old one comes again.  -1: none. */
static int
free_id(const struct desk_keys *k)
{
	for (int i = 1; i < DESK_KEYS; i++)
		if (!k->have[(k->first + i) % DESK_KEYS])
			return (k->first + i) % DESK_KEYS;
	return -1;
}

/* The text with a line (or nothing) at this place, and from there what begins
 * at rest. */
struct splice {
	const char *at, *line, *rest;
};

static int
replace(struct arena *a, const char *path, struct secret_text *text,
    const struct splice *s, struct err *e)
{
	char *whole = arena_printf(a, "%.*s%s%s", (int)(s->at - text->text),
	    text->text, s->line, s->rest);
	int rc = write_keys(path, whole, rename, e);

	explicit_bzero(whole, strlen(whole));
	explicit_bzero(text->text, text->n);
	return rc;
}

int
keys_rotate(struct arena *a, const char *path, int *id, struct err *e)
{
	struct secret_text text = { 0 };
	struct desk_keys k = { 0 };
	char line[LINE_SIZE];
	const char *at;
	int free, rc;

	if (load_file(a, path, &text, &k, e) == -1)
		return -1;
	free = free_id(&k);
	explicit_bzero(&k, sizeof(k));
	if (free == -1) {
		explicit_bzero(text.text, text.n);
		return err_set(e, ERR_REJECT,
		    "all %d numbers are taken; take the oldest key away first: "
		    "deskd key revoke ID",
		    DESK_KEYS);
	}
	new_line(free, line);
	at = find_line(text.text, -1);
	rc = replace(a, path, &text, &(struct splice){ at, line, at }, e);
	explicit_bzero(line, sizeof(line));
	if (rc == 0)
		*id = free;
	return rc;
}

int
keys_revoke(struct arena *a, const char *path, int id, struct err *e)
{
	struct secret_text text = { 0 };
	struct desk_keys k = { 0 };
	int n = 0, rc;
	bool have;

	if (load_file(a, path, &text, &k, e) == -1)
		return -1;
	for (int i = 0; i < DESK_KEYS; i++)
		n += k.have[i];
	have = id >= 0 && id < DESK_KEYS && k.have[id];
	explicit_bzero(&k, sizeof(k));
	if (!have)
		rc = err_set(e, ERR_REJECT, "there is no key %d", id);
	else if (n == 1)
		rc = err_set(e, ERR_REJECT,
		    "key %d is the only one; first make another: deskd key "
		    "rotate",
		    id);
	else {
		const char *at = find_line(text.text, id);

		rc = replace(a, path, &text,
		    &(struct splice){ at, "", next_line(at) }, e);
	}
	return rc;
}
