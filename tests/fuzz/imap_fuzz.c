/*
 * What a hostile IMAP server may say: the scanner, and libetpan behind it, as
 * in link.c.  The scanner must say the same whatever the pieces are, and what
 * it lets pass must not bring libetpan down.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/imap_session.h"
#include "daemon/scan.h"

#define LINES    (64 << 10)
#define LITERALS (64 << 10)
#define COMMANDS 4

struct memory {
	const char *p;
	size_t n;
	struct scan scan;
};

static ssize_t
memory_read(mailstream_low *s, void *out, size_t n)
{
	struct memory *m = s->data;

	if (n > m->n)
		n = m->n;
	if (n == 0 || scan_bytes(&m->scan, m->p, n, NULL) == -1)
		return -1;
	memcpy(out, m->p, n);
	m->p += n;
	m->n -= n;
	return (ssize_t)n;
}

static ssize_t
memory_write(mailstream_low *s, const void *p, size_t n)
{
	(void)s;
	(void)p;
	return (ssize_t)n;
}

static int
memory_close(mailstream_low *s)
{
	(void)s;
	return 0;
}

static void
memory_free(mailstream_low *s)
{
	free(s);
}

static mailstream_low_driver driver = {
	.mailstream_read = memory_read,
	.mailstream_write = memory_write,
	.mailstream_close = memory_close,
	.mailstream_get_fd = memory_close,
	.mailstream_free = memory_free,
};

static void
no_progress(size_t now, size_t all, void *ctx)
{
	(void)now;
	(void)all;
	(void)ctx;
}

/* What fetch does with a mail: copy all of it. */
static void
got_mail(void *ctx, const struct imap_mail *m)
{
	size_t *sum = ctx;
	char *copy = malloc(m->body_n + 1);

	if (m->body_n > 0)
		memcpy(copy, m->body, m->body_n);
	free(copy);
	*sum += m->body_n;
	assert(m->date > -400000 && m->date < INT64_C(253403000000));
}

/* Of what nobody asks for, nothing has got through. */
static void
look(const struct mailimap_response_info *info)
{
	assert(info->rsp_status == NULL && info->rsp_badcharset == NULL);
	assert(clist_isempty(info->rsp_mailbox_lsub));
	assert(clist_isempty(info->rsp_fetch_list));
}

static void
talk(const char *p, size_t n)
{
	struct memory m = { .p = p, .n = n };
	mailimap *im = mailimap_new(0, NULL);
	struct mailimap_response *r;
	size_t sum = 0;
	struct imap session = { .each = got_mail, .ctx = &sum };

	scan_allow(&m.scan, LINES, LITERALS);
	im->imap_stream = mailstream_new(
	    mailstream_low_new(&m, &driver), 16384);
	im->imap_connection_info = mailimap_connection_info_new();
	im->imap_selection_info = mailimap_selection_info_new();
	im->imap_state = MAILIMAP_STATE_SELECTED;
	mailimap_set_progress_callback(im, no_progress, no_progress, NULL);
	mailimap_set_msg_att_handler(im, imap_got_mail, &session);
	for (int i = 0; i < COMMANDS; i++) {
		im->imap_tag = i + 1;
		if (mailimap_read_line(im) == NULL ||
		    mailimap_parse_response(im, &r) != MAILIMAP_NO_ERROR)
			break;
		mailimap_response_free(r);
		look(im->imap_response_info);
	}
	assert(sum <= LITERALS + LINES); /* quoted strings are bodies too */
	mailstream_close(im->imap_stream);
	im->imap_stream = NULL;
	mailimap_free(im);
}

/* Where the scan of pieces of this size ends; n: nowhere. */
static size_t
refused_at(const char *p, size_t n, size_t piece)
{
	struct scan s = { 0 };
	size_t at = 0;

	scan_allow(&s, LINES, LITERALS);
	while (at < n) {
		size_t take = n - at < piece ? n - at : piece;

		if (scan_bytes(&s, p + at, take, NULL) == -1)
			return at;
		at += take;
	}
	return n;
}

/* libetpan 1.9.4 loses some bytes with each answer that it cannot parse; the
 * session ends there, so that is no harm and would hide what is. */
int __lsan_is_turned_off(void);

int
__lsan_is_turned_off(void)
{
	return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	size_t whole = refused_at(p, size, size + 1);
	size_t bytes = refused_at(p, size, 1);

	assert((whole == size) == (bytes == size));
	assert(refused_at(p, size, 7) / 7 == bytes / 7 || bytes == size);
	talk(p, size);
	return 0;
}
