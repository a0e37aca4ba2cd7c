/*
 * The mbox splitter: a window that moves over the file, a search for "From " in
 * it, and the decision whether such a line begins a mail.
 */
#define _GNU_SOURCE /* memmem() */
#include "parser/mbox.h"

#include <string.h>

#include "parser/limits.h"
#include "parser/mbox_from.h"

/* Bytes of the window; of them BEHIND stay in front of pos, to see what stands
 * before a line, and AHEAD is what a decision may look at. */
#define WINDOW     ((size_t)MBOX_WINDOW)
#define BEHIND     4
#define AHEAD      ((size_t)4096)
#define QUOTES_MAX 256 /* ">" in front of "From " */

void
mbox_init(
    struct mbox *m, struct arena *a, const struct mbox_source *src, uint64_t at)
{
	*m = (struct mbox){ .src = *src,
		.pos = at,
		.start = at,
		.window = arena_alloc(a, WINDOW) };
}

void
mbox_init_single(struct mbox *m, struct arena *a, const struct mbox_source *src)
{
	mbox_init(m, a, src, 0);
	m->fixed = true;
	m->end = UINT64_MAX;
}

/* The bytes from pos on: how many are in the window. */
static size_t
ahead(const struct mbox *m)
{
	return m->start + m->have > m->pos
	    ? (size_t)(m->start + m->have - m->pos)
	    : 0;
}

static char *
here(const struct mbox *m)
{
	return m->window + (m->pos - m->start);
}

/* As many bytes as there are, up to n: a source may give less at once. */
static int64_t
read_at(struct mbox *m, uint64_t at, char *p, size_t n, struct err *e)
{
	size_t have = 0;

	while (have < n) {
		int64_t got = m->src.read(
		    m->src.ctx, at + have, p + have, n - have, e);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (int64_t)have;
}

/* Make sure that at least `want` bytes stand at pos, or all there are. */
static int
fill(struct mbox *m, size_t want, struct err *e)
{
	uint64_t from = m->pos > BEHIND ? m->pos - BEHIND : 0;
	int64_t n;

	if (ahead(m) >= want || m->eof)
		return 0;
	if (from > m->start) {
		size_t gone = (size_t)(from - m->start);

		memmove(m->window, m->window + gone, m->have - gone);
		m->start = from;
		m->have -= gone;
	}
	n = read_at(
	    m, m->start + m->have, m->window + m->have, WINDOW - m->have, e);
	if (n < 0)
		return -1;
	m->have += (size_t)n;
	m->eof = m->have < WINDOW;
	return 0;
}

/* Move pos anywhere; the window follows. */
static int
seek(struct mbox *m, uint64_t to, struct err *e)
{
	if (to < m->start || to > m->start + m->have) {
		m->start = to > BEHIND ? to - BEHIND : 0;
		m->have = 0;
		m->eof = false;
	}
	m->pos = to;
	return m->have == 0 ? fill(m, WINDOW, e) : fill(m, AHEAD, e);
}

/* An empty line that ends at p (which is at least `back` bytes into the
 * window): its length, 0 when there is none. */
static size_t
empty_before(const char *p, size_t back)
{
	if (back >= 2 && p[-1] == '\n' && p[-2] == '\n')
		return 1;
	if (back >= 3 && p[-1] == '\n' && p[-2] == '\r' && p[-3] == '\n')
		return 2;
	return 0;
}

/* The first mail that begins at pos or in the next `limit` bytes, with the
 * empty line before it.  NULL: none. */
static const char *
find_mail(const struct mbox *m, size_t limit, size_t *blank)
{
	const char *p = here(m), *last = p + limit;
	const char *end = m->window + m->have;
	int64_t date;

	while ((p = memmem(p, (size_t)(end - p), "From ", 5)) != NULL &&
	    p < last) {
		size_t back = (size_t)(p - m->window);

		if (back > 0 && p[-1] == '\n') {
			*blank = empty_before(p, back);
			if (mbox_begins(
				p, (size_t)(end - p), *blank > 0, &date))
				return p;
		}
		p++;
	}
	return NULL;
}

/* The first quoted "From " line that begins in the next n bytes: at its first
 * ">".  The line itself may reach further. */
static const char *
find_quoted(const struct mbox *m, size_t n)
{
	const char *first = here(m), *p = first;
	const char *end = first +
	    (n + QUOTES_MAX < ahead(m) ? n + QUOTES_MAX : ahead(m));

	while ((p = memmem(p, (size_t)(end - p), ">From ", 6)) != NULL) {
		const char *line = p;

		while (line > first && line[-1] == '>')
			line--;
		if (line >= first + n)
			return NULL;
		if (line > m->window && line[-1] == '\n')
			return line;
		p++;
	}
	return NULL;
}

/* Content-Length. */

/* Is the mail over at this offset: 1, 0, -1 on error?  A length may or may not
 * count the last line's end, and an empty line may follow. */
static int
is_end(struct mbox *m, uint64_t at, struct err *e)
{
	char peek[MBOX_LINE_LONG + 100];
	int64_t date, n;
	size_t skip = 1, have;

	/* One byte before: an offset past the end of the file is no end. */
	n = read_at(m, at - 1, peek, sizeof(peek), e);
	if (n <= 0)
		return (int)n;
	have = (size_t)n;
	for (int i = 0; i < 2; i++) {
		skip += skip < have && peek[skip] == '\r';
		skip += skip < have && peek[skip] == '\n';
	}
	return skip == have ||
	    mbox_begins(peek + skip, have - skip, true, &date);
}

/* A header longer than the window has no length that we would believe. */
static int
read_length(struct mbox *m, struct err *e)
{
	const char *p;
	uint64_t length = 0;
	int rc;

	for (size_t want = 4 * AHEAD;; want = WINDOW - BEHIND) {
		if (fill(m, want, e) == -1)
			return -1;
		p = here(m);
		if (mbox_length(&p, m->window + m->have, &length) == 1)
			break;
		if (p < m->window + m->have || m->eof ||
		    want == WINDOW - BEHIND)
			return 0;
	}
	m->end = m->start + (uint64_t)(p - m->window) + length;
	rc = is_end(m, m->end, e);
	m->fixed = rc == 1;
	return rc == -1 ? -1 : 0;
}

/* Mails. */

/* The whole file is one mail. */
static bool
single(const struct mbox *m)
{
	return m->fixed && m->end == UINT64_MAX;
}

/* Past empty lines, which stand between mails. */
static int
skip_empty(struct mbox *m, struct err *e)
{
	for (;;) {
		if (fill(m, AHEAD, e) == -1)
			return -1;
		if (ahead(m) == 0 || (*here(m) != '\n' && *here(m) != '\r'))
			return 0;
		m->pos++;
	}
}

int
mbox_next(struct mbox *m, struct mbox_mail *out, struct err *e)
{
	const char *p;
	size_t n;
	int64_t date = 0;

	while (m->inside)
		if (mbox_piece(m, &p, &n, e) == -1)
			return -1;
	if ((single(m) ? fill(m, AHEAD, e) : skip_empty(m, e)) == -1)
		return -1;
	if (ahead(m) == 0)
		return 0;
	if (!single(m) && !mbox_begins(here(m), ahead(m), true, &date))
		return err_set(e, ERR_REJECT,
		    "no \"From \" line at byte %llu: not an mbox",
		    (unsigned long long)m->pos);
	*out = m->mail = (struct mbox_mail){ .at = m->pos, .date = date };
	return mbox_rewind(m, e) == -1 ? -1 : 1;
}

int
mbox_rewind(struct mbox *m, struct err *e)
{
	if (seek(m, m->mail.at, e) == -1)
		return -1;
	m->inside = true;
	if (single(m))
		return 0;
	m->fixed = m->last = false;
	m->pos += mbox_line(here(m), ahead(m));
	m->known = m->pos;
	return read_length(m, e);
}

/* A piece of a mail whose end is known. */
static void
piece_fixed(struct mbox *m, const char **p, size_t *n)
{
	uint64_t left = m->end - m->pos;

	*p = here(m);
	*n = ahead(m) < left ? ahead(m) : (size_t)left;
	m->pos += *n;
	m->inside = *n > 0;
}

/*
 * How far from pos on the bytes belong to this mail: up to the next mail, to
 * the end of the file, or as far as that can be said with what is in the
 * window.
 */
static void
look_ahead(struct mbox *m)
{
	size_t limit = m->eof ? ahead(m) : ahead(m) - AHEAD;
	size_t end = limit;
	const char *p = here(m), *mail;

	m->blank = 0;
	mail = find_mail(m, limit + BEHIND, &m->blank);
	if (mail != NULL)
		end = (size_t)(mail - p);
	else if (m->eof)
		m->blank = empty_before(p + end, (size_t)(p - m->window) + end);
	else
		m->blank = 0;
	end -= m->blank < end ? m->blank : end;
	m->last = (mail != NULL || m->eof) && end <= limit;
	m->known = m->pos + (end < limit ? end : limit);
}

/* The next piece ends where a ">" is left out, or where look_ahead() said. */
static void
piece_search(struct mbox *m, const char **p, size_t *n)
{
	const char *quoted;

	if (m->pos >= m->known)
		look_ahead(m);
	*p = here(m);
	*n = (size_t)(m->known - m->pos);
	quoted = find_quoted(m, *n);
	if (quoted != NULL) {
		*n = (size_t)(quoted - *p);
		m->pos += *n + 1;
		return;
	}
	m->pos += *n;
	if (m->last) {
		m->pos += m->blank;
		m->inside = false;
	}
}

int
mbox_piece(struct mbox *m, const char **p, size_t *n, struct err *e)
{
	*n = 0;
	while (m->inside && *n == 0) {
		if (fill(m, 2 * AHEAD, e) == -1)
			return -1;
		if (m->fixed)
			piece_fixed(m, p, n);
		else
			piece_search(m, p, n);
	}
	return 0;
}

uint64_t
mbox_at(const struct mbox *m)
{
	return m->pos;
}
