/*
 * The keys of the desk: read, and made at the first start.  Promises that no
 * key gets into a message or a log, and that the file is always whole.
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

static int
sync_folder(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd == -1)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

/*
 * The file is written aside, synced and then linked to its name: whoever reads
 * that name sees a whole key, and of several makers only the first succeeds.
 */
static int
make_keys(const char *dir, const char *path, struct err *e)
{
	char aside[PATH_MAX], text[256], digits[2 * DESK_KEY + 1];
	uint8_t key[DESK_KEY];
	int fd, n, rc = -1;

	if (snprintf(aside, sizeof(aside), "%s.%ld", path, (long)getpid()) >=
	    (int)sizeof(aside))
		return err_set(e, ERR_REJECT, "%s: the path is too long", dir);
	unlink(aside); /* of a process that died here and had our number */
	fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return err_set(e, ERR_RETRY, "%s: %m", aside);
	chance_bytes(key, sizeof(key));
	hash_hex(key, sizeof(key), digits);
	n = snprintf(text, sizeof(text),
	    "# The keys of deskd's tokens and Message-IDs: ID and key, the\n"
	    "# one to use first.  Keep it secret; it is not in any backup.\n"
	    "1 %s\n",
	    digits);
	if (write_all(fd, text, (size_t)n) == 0 && fsync(fd) == 0 &&
	    (link(aside, path) == 0 || errno == EEXIST) &&
	    sync_folder(dir) == 0)
		rc = 0;
	else
		err_set(e, ERR_RETRY, "%s: %m", path);
	close(fd);
	unlink(aside);
	explicit_bzero(key, sizeof(key));
	explicit_bzero(text, sizeof(text));
	explicit_bzero(digits, sizeof(digits));
	return rc;
}

int
secret_desk_keys(struct arena *a, const struct conf *c, const char *dir,
    struct desk_keys *out, struct err *e)
{
	struct conf_secret s = c->token_keys;
	struct secret_text text = { 0 };

	if (s.kind == SECRET_NONE) {
		char *path = arena_printf(a, "%s/token-keys", dir);

		if (access(path, F_OK) == -1 && errno == ENOENT &&
		    make_keys(dir, path, e) == -1)
			return -1;
		s = (struct conf_secret){ .kind = SECRET_FILE, .value = path };
	}
	if (secret_whole(a, &s, &text, e) == -1)
		return -1;
	return read_keys(&text, out, e);
}
