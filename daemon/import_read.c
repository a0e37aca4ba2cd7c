/*
 * One file to mails: what kind of file it is, where an earlier run stood in it,
 * and the mails from there on.  A mail that fits is gathered in the buffer; of
 * a larger one the end is looked for first, so that its size is known before a
 * byte of it is stored.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/import_private.h"
#include "daemon/log.h"
#include "parser/date.h"
#include "parser/hash.h"

#define HEAD      (8 << 10) /* what tells the kind of a file */
#define TAIL      512       /* what is hashed of what stands before */
#define FIELD_MAX (2 << 10) /* of a Received field */
#define DAY       INT64_C(86400)
#define YEAR_1990 INT64_C(631152000) /* earlier there was no mail like this */

static int64_t
file_read(void *ctx, uint64_t at, void *p, size_t n, struct err *e)
{
	const struct import_file *f = ctx;
	ssize_t got;

	do
		got = pread(f->fd, p, n, (off_t)at);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		err_set(e, ERR_REJECT, "%s: %m", f->path);
	return got;
}

/* Up to n bytes from an offset on; fewer only at the end of the file. */
static int
read_part(struct import_file *f, uint64_t at, char *p, size_t n, size_t *got,
    struct err *e)
{
	*got = 0;
	while (*got < n) {
		int64_t part = file_read(f, at + *got, p + *got, n - *got, e);

		if (part < 0)
			return -1;
		if (part == 0)
			break;
		*got += (size_t)part;
	}
	return 0;
}

/* A fingerprint of what stands before a position: does it still? */
static int
tail_print(
    struct import_file *f, uint64_t position, int64_t *out, struct err *e)
{
	uint64_t at = position > TAIL ? position - TAIL : 0;
	uint8_t sum[HASH_SIZE];
	char tail[TAIL];
	struct hash h;
	size_t n;

	if (read_part(f, at, tail, (size_t)(position - at), &n, e) == -1)
		return -1;
	hash_init(&h);
	hash_add(&h, tail, n);
	hash_end(&h, sum);
	*out = hash_short(sum);
	return 0;
}

/* When did the mail arrive? */

static bool
sane(int64_t when)
{
	return when >= YEAR_1990 && when <= clock_now() + DAY;
}

/* The date in a field's value: of Received it stands behind the last ";". */
static int64_t
field_date(const char *p, size_t n)
{
	int64_t when = 0;
	int zone;

	for (size_t i = n; i > 0; i--)
		if (p[i - 1] == ';') {
			p += i;
			n -= i;
			break;
		}
	return date_parse(p, n, &when, &zone) && sane(when) ? when : 0;
}

/* One field with its folded lines; 0 at the end of the header. */
static size_t
field_length(const char *p, const char *end)
{
	const char *q = p;

	if (p == end || *p == '\n' || *p == '\r')
		return 0;
	do {
		const char *eol = memchr(q, '\n', (size_t)(end - q));

		if (eol == NULL)
			return (size_t)(end - p);
		q = eol + 1;
	} while (q < end && (*q == ' ' || *q == '\t'));
	return (size_t)(q - p);
}

/* The topmost Received is of the server that had the mailbox; Date is what the
 * sender says; the file's time is when somebody saved it. */
static int64_t
header_date(const char *p, size_t n)
{
	const char *end = p + (n < MAIL_FIELD_MAX ? n : MAIL_FIELD_MAX);
	int64_t date = 0, received = 0;
	size_t len;

	for (; received == 0 && (len = field_length(p, end)) > 0; p += len) {
		size_t part = len < FIELD_MAX ? len : FIELD_MAX;

		if (part > 9 && strncasecmp(p, "received:", 9) == 0)
			received = field_date(p + 9, part - 9);
		else if (date == 0 && part > 5 &&
		    strncasecmp(p, "date:", 5) == 0)
			date = field_date(p + 5, part - 5);
	}
	return received != 0 ? received : date;
}

static int64_t
arrival(const struct import *im, const struct import_file *f, int64_t from)
{
	int64_t when = sane(from) ? from
				  : header_date(im->buffer, im->buffer_n);

	return when != 0 ? when : f->mtime;
}

/* Mails. */

/* Fill the buffer with the mail; *whole says that it fits. */
static int
gather(struct import *im, struct mbox *m, bool *whole, struct err *e)
{
	const char *p;
	size_t n = 0;

	im->buffer_n = 0;
	*whole = true;
	for (;;) {
		size_t room = FETCH_WHOLE_MAX - im->buffer_n;

		if (mbox_piece(m, &p, &n, e) == -1)
			return -1;
		if (n == 0)
			return 0;
		memcpy(im->buffer + im->buffer_n, p, n < room ? n : room);
		im->buffer_n += n < room ? n : room;
		if (n > room) {
			*whole = false;
			return 0;
		}
	}
}

/* To the end of the mail and back: how large is it, where does the next begin?
 */
static int
measure(struct mbox *m, uint64_t *size, uint64_t *next, struct err *e)
{
	const char *p;
	size_t n;

	if (mbox_rewind(m, e) == -1)
		return -1;
	*size = 0;
	do {
		if (mbox_piece(m, &p, &n, e) == -1)
			return -1;
		*size += n;
	} while (n > 0);
	*next = mbox_at(m);
	return 0;
}

/* Cut like a mail that is too large on a server: its beginning is enough to
 * say what it was, the rest stays in the file. */
static int
add_stub(struct import *im, const struct import_file *f,
    const struct import_row *row, int64_t received, struct err *e)
{
	im->buffer_n = FETCH_STUB;
	im->result->oversize++;
	return import_add(im, f, row, received, true, e);
}

static int
add_mail(struct import *im, struct import_file *f, struct mbox *m, int64_t from,
    struct err *e)
{
	struct import_large l = { .m = m };
	struct import_row row = { .size = f->size, .updated = f->mtime };
	bool whole;

	if (gather(im, m, &whole, e) == -1)
		return -1;
	l.received = arrival(im, f, from);
	row.position = mbox_at(m);
	if (!whole && measure(m, &l.size, &row.position, e) == -1)
		return -1;
	if (!f->single && tail_print(f, row.position, &row.print, e) == -1)
		return -1;
	if (whole)
		return import_add(im, f, &row, l.received, false, e);
	if (l.size > im->max_size)
		return add_stub(im, f, &row, l.received, e);
	if (mbox_rewind(m, e) == -1)
		return -1;
	return import_add_large(im, f, &row, &l, e);
}

/*
 * Where to begin: behind what an earlier run read, if that still stands there
 * and a mail begins behind it.  If not, the file was changed, or its last mail
 * was only being written: from the start, and what we have becomes dup_of.
 */
static int
resume_at(struct import_file *f, uint64_t *at, struct err *e)
{
	char head[HEAD];
	int64_t print;
	size_t n;

	*at = 0;
	if (!f->had_row || f->row.position > f->size)
		return 0;
	if (tail_print(f, f->row.position, &print, e) == -1 ||
	    read_part(f, f->row.position, head, sizeof(head), &n, e) == -1)
		return -1;
	if (print == f->row.print &&
	    (mbox_looks(head, n) || strspn(head, "\r\n") >= n))
		*at = f->row.position;
	return 0;
}

static int
read_mails(
    struct import *im, struct import_file *f, struct mbox *m, struct err *e)
{
	struct mbox_mail mail;
	int rc = 0;

	while (!import_stopping(im) && (rc = mbox_next(m, &mail, e)) == 1) {
		if (add_mail(im, f, m, mail.date, e) == -1)
			return -1;
		import_progress(im, mbox_at(m));
	}
	return rc;
}

static int
read_mbox(struct import *im, struct import_file *f, struct err *e)
{
	struct mbox_source src = { .read = file_read, .ctx = f };
	struct import_row row = { .size = f->size, .updated = f->mtime };
	struct mbox m;
	uint64_t at;

	if (resume_at(f, &at, e) == -1)
		return -1;
	im->mboxes++;
	im->progress.skipped += at;
	mbox_init(&m, &im->reading, &src, at);
	if (read_mails(im, f, &m, e) == -1)
		return -1;
	if (import_stopping(im))
		return 0;
	/* The end as a row of its own: an mbox without a new mail has been
	 * read, too. */
	row.position = mbox_at(&m);
	if (tail_print(f, row.position, &row.print, e) == -1)
		return -1;
	return import_add_row(im, f, &row, e);
}

static int
read_single(struct import *im, struct import_file *f, struct err *e)
{
	struct mbox_source src = { .read = file_read, .ctx = f };
	struct mbox m;

	f->single = true;
	mbox_init_single(&m, &im->reading, &src);
	return read_mails(im, f, &m, e);
}

static void
strange(struct import *im, const struct import_file *f, const char *why)
{
	if (im->result->strange++ == 0)
		im->result->strange_path = arena_strdup(&im->c->arena, f->path);
	if (im->c->verbose > 0)
		log_line(LOG_WARN, "%s", why);
}

static int
read_kind(struct import *im, struct import_file *f, struct err *e)
{
	char head[HEAD];
	size_t n;

	if (read_part(f, 0, head, sizeof(head), &n, e) == -1)
		return -1;
	if (n == 0)
		return 0;
	if (mbox_looks(head, n))
		return read_mbox(im, f, e);
	if (f->is_mail || mbox_looks_single(head, n))
		return read_single(im, f, e);
	err_set(e, ERR_REJECT, "%s: is no mail", f->path);
	strange(im, f, e->text);
	im->result->files--;
	return 0;
}

int
import_file(struct import *im, struct import_file *f, struct err *e)
{
	int rc;

	f->fd = open(f->path, O_RDONLY | O_CLOEXEC);
	if (f->fd == -1) {
		err_set(e, ERR_REJECT, "%s: %m", f->path);
		strange(im, f, e->text);
		return 0;
	}
	im->result->files++;
	arena_reset(&im->reading);
	rc = read_kind(im, f, e);
	close(f->fd);
	/* A file that cannot be read to its end is no reason to leave out the
	 * others. */
	if (rc == -1 && e->kind == ERR_REJECT) {
		strange(im, f, e->text);
		return 0;
	}
	return rc;
}
