/*
 * The splitter: raw bytes in pieces of any size to header sections and bodies
 * (RFC 2045, 2046).  One pass, no recursion over the structure, a stack of at
 * most MAIL_DEPTH_MAX boundaries.  Only lines that begin with "--" are ever
 * looked at as lines; everything else of a body goes on in the spans it came
 * in.  What it gives does not depend on where the pieces were cut.
 *
 * It does not know what a part means: that is part.c.
 */
#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/reader.h"

/* Nested bodies without a blank line before them that are read again. */
#define REPLAY_MAX 3

static size_t
trim_end(const char *s, size_t n)
{
	while (n > 0 &&
	    (s[n - 1] == '\n' || s[n - 1] == '\r' || s[n - 1] == ' ' ||
		s[n - 1] == '\t'))
		n--;
	return n;
}

/* A multipart that names no boundary: its first line "--word" is it. */
static void
adopt_boundary(struct mail_reader *r, const char *s, size_t n)
{
	struct level *top = &r->stack[r->stack_n - 1];

	if (top->boundary != NULL || n < 3 || memchr(s, ' ', n) != NULL ||
	    memcmp(s, "---", 3) == 0)
		return;
	top->boundary = arena_memdup(r->a, s + 2, n - 2);
	top->boundary_n = n - 2;
}

/* The innermost level whose delimiter this line is, -1: none. */
static int
find_level(const struct mail_reader *r, const char *s, size_t n)
{
	for (size_t i = r->stack_n; i-- > 0;)
		if (r->stack[i].boundary != NULL &&
		    r->stack[i].boundary_n == n &&
		    memcmp(r->stack[i].boundary, s, n) == 0)
			return (int)i;
	return -1;
}

/* Is the line in line[] a delimiter?  -1: no. */
static int
match_line(struct mail_reader *r, bool *closing)
{
	const char *s = r->line;
	size_t n = trim_end(s, r->line_n);
	int level;

	*closing = false;
	if (r->stack_n == 0 || n < 3 || r->line_n == LINE_MAX_BYTES ||
	    s[0] != '-' || s[1] != '-')
		return -1;
	adopt_boundary(r, s, n);
	level = find_level(r, s + 2, n - 2);
	if (level >= 0 || n < 5 || memcmp(s + n - 2, "--", 2) != 0)
		return level;
	*closing = true;
	return find_level(r, s + 2, n - 4);
}

static void
begin_section(struct mail_reader *r, int container, bool message)
{
	r->state = IN_HEADER;
	r->container = container;
	r->message = message;
	r->line_n = 0;
	r->section_lines = 0;
	buf_clear(&r->section);
}

static void
begin_body(struct mail_reader *r)
{
	r->state = IN_BODY;
	r->line_state = LINE_START;
	r->line_n = 0;
	r->eol_n = 0;
}

/* A delimiter of this level: what was open inside ends. */
static void
end_at(struct mail_reader *r, int level, bool closing)
{
	leaf_end(r, r->stack[level].part);
	r->stack_n = (size_t)level + 1;
	if (!closing) {
		begin_section(r, r->stack[level].part, false);
		return;
	}
	/* The outermost stays: what looks like a part after the end is one. */
	if (level > 0)
		r->stack_n--;
	begin_body(r);
}

void
mime_push(struct mail_reader *r, const char *boundary, size_t n, int part)
{
	struct level *l = &r->stack[r->stack_n++];

	*l = (struct level){ .part = part };
	n = n > MAIL_BOUNDARY_MAX ? 0 : n;
	while (n > 0 && ascii_blank(boundary[n - 1]))
		n--;
	if (n == 0)
		return;
	l->boundary = arena_memdup(r->a, boundary, n);
	l->boundary_n = n;
}

/* The section is over; *rest: what of it turned out to be body. */
static void
read_section(struct mail_reader *r, struct buf *rest)
{
	struct header h;
	size_t n = r->section.len;

	if (part_too_many(r, n)) {
		begin_body(r);
		return;
	}
	header_parse(r->a, buf_text(&r->section), n, r->fields_max, &h);
	if (h.n == 0 && r->section_lines > 0)
		h.used = 0; /* no header at all */
	if (r->m.parts_n == 0)
		r->m.torn = r->section.over || h.cut || h.over || h.junk ||
		    h.nul || h.used < n;
	if (r->section.over || h.cut)
		reader_defect(
		    r, "a header field or section is too long and was cut");
	if (h.over)
		reader_defect(r, "too many header fields");
	if (h.junk)
		reader_defect(r, "lines in the header that are no fields");
	if (h.nul)
		reader_defect(r, "NUL or bare CR in the header");
	if (h.used < n) {
		reader_defect(r, "no blank line between header and body");
		*rest = r->section;
		buf_init(&r->section, MAIL_HEADER_MAX);
		memmove(rest->data, rest->data + h.used, n - h.used);
		rest->len = n - h.used;
	}
	r->at -= n - h.used;
	begin_body(r);
	part_begin(r, &h, h.used == n);
	r->at += n - h.used;
}

static void
end_section(struct mail_reader *r)
{
	struct buf rest = { 0 };

	read_section(r, &rest);
	if (rest.len > 0 && r->replays < REPLAY_MAX) {
		r->replays++;
		r->at -= rest.len;
		mime_feed(r, rest.data, rest.len);
		r->replays--;
	}
	buf_done(&rest);
}

/* One line of a header section stands in line[], as far as it fits. */
static void
section_line(struct mail_reader *r)
{
	size_t n = r->line_n;
	bool closing;
	int level;

	r->line_n = 0;
	while (n > 0 && (r->line[n - 1] == '\n' || r->line[n - 1] == '\r'))
		n--;
	if (n == 0) {
		/* blank lines before the first field of all are nothing */
		if (r->container >= 0 || r->section_lines > 0)
			end_section(r);
		else
			buf_clear(&r->section);
		return;
	}
	r->line_n = n;
	level = match_line(r, &closing);
	r->line_n = 0;
	if (level < 0) {
		r->section_lines++;
		return;
	}
	r->section.len = r->section_start;
	end_section(r);
	end_at(r, level, closing);
}

/* Add to a buffer what fits, so that the cut does not depend on the pieces. */
static void
add_capped(struct buf *b, const char *p, size_t n)
{
	size_t room = b->max - b->len;

	if (n <= room) {
		buf_add(b, p, n);
		return;
	}
	buf_add(b, p, room);
	b->over = true;
}

static const char *
feed_header(struct mail_reader *r, const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));
	size_t n = (size_t)((nl == NULL ? end : nl + 1) - p);
	size_t room = LINE_MAX_BYTES - r->line_n;

	if (r->line_n == 0)
		r->section_start = r->section.len;
	memcpy(r->line + r->line_n, p, n < room ? n : room);
	r->line_n += n < room ? n : room;
	if (!r->section.over)
		add_capped(&r->section, p, n);
	r->at += n;
	if (nl != NULL)
		section_line(r);
	return p + n;
}

/* The line end that was held back belongs to the body after all. */
static void
flush_eol(struct mail_reader *r)
{
	if (r->eol_n > 0)
		leaf_feed(r, r->eol, r->eol_n);
	r->eol_n = 0;
}

/* The bytes in line[] are no delimiter. */
static void
release_line(struct mail_reader *r, size_t n)
{
	flush_eol(r);
	leaf_feed(r, r->line, n);
	r->line_n = 0;
	r->line_state = LINE_REST;
}

/* A complete line that begins with "--". */
static void
held_line(struct mail_reader *r)
{
	size_t n = r->line_n, end = n;
	bool closing;
	int level = match_line(r, &closing);

	if (level >= 0) {
		r->line_n = 0;
		end_at(r, level, closing);
		return;
	}
	if (end > 0 && r->line[end - 1] == '\n')
		end--;
	if (end < n && end > 0 && r->line[end - 1] == '\r')
		end--;
	release_line(r, end);
	r->eol_n = n - end;
	memcpy(r->eol, r->line + end, r->eol_n);
	r->line_state = LINE_START;
}

static const char *
feed_held(struct mail_reader *r, const char *p)
{
	if (r->line_n == LINE_MAX_BYTES || (r->line_n == 1 && *p != '-')) {
		release_line(r, r->line_n);
		return p;
	}
	r->line[r->line_n++] = *p;
	r->at++;
	if (*p == '\n')
		held_line(r);
	return p + 1;
}

/* Inside a line: go on to the first line that begins with "-". */
static const char *
feed_rest(struct mail_reader *r, const char *p, const char *end)
{
	const char *q = p, *nl;
	size_t n;

	for (;;) {
		nl = memchr(q, '\n', (size_t)(end - q));
		if (nl == NULL || nl + 1 == end || nl[1] == '-')
			break;
		q = nl + 1;
	}
	n = (size_t)((nl == NULL ? end : nl) - p);
	r->eol_n = 0;
	if (n > 0 && p[n - 1] == '\r')
		r->eol[r->eol_n++] = p[--n];
	leaf_feed(r, p, n);
	r->line_state = r->eol_n > 0 ? LINE_CR : LINE_REST;
	if (nl != NULL) {
		r->eol[r->eol_n++] = '\n';
		r->line_state = LINE_START;
	}
	r->at += (size_t)((nl == NULL ? end : nl + 1) - p);
	return nl == NULL ? end : nl + 1;
}

static const char *
feed_body(struct mail_reader *r, const char *p, const char *end)
{
	if (r->stack_n == 0) { /* no delimiter can come any more */
		leaf_feed(r, p, (size_t)(end - p));
		r->at += (size_t)(end - p);
		return end;
	}
	switch (r->line_state) {
	case LINE_START:
		if (*p == '-') {
			r->line_state = LINE_HELD;
			r->line_n = 0;
			return p;
		}
		flush_eol(r);
		r->line_state = LINE_REST;
		return p;
	case LINE_HELD:
		return feed_held(r, p);
	case LINE_CR:
		if (*p == '\n') {
			r->eol[r->eol_n++] = '\n';
			r->line_state = LINE_START;
			r->at++;
			return p + 1;
		}
		flush_eol(r);
		r->line_state = LINE_REST;
		return p;
	case LINE_REST:
		break;
	}
	return feed_rest(r, p, end);
}

void
mime_feed(struct mail_reader *r, const char *p, size_t n)
{
	const char *end = p + n;

	while (p < end)
		p = r->state == IN_HEADER ? feed_header(r, p, end)
					  : feed_body(r, p, end);
}

void
mime_enter_message(struct mail_reader *r, int part)
{
	begin_section(r, part, true);
}

static void
finish(struct mail_reader *r)
{
	/* the end of a section read again may be a section in turn */
	for (int i = 0; i <= REPLAY_MAX && r->state == IN_HEADER; i++) {
		if (r->line_n > 0)
			section_line(r);
		if (r->state == IN_HEADER &&
		    (r->section.len > 0 || r->m.parts_n == 0))
			end_section(r);
	}
	if (r->state == IN_BODY && r->line_state == LINE_HELD)
		held_line(r);
	flush_eol(r);
}

/* Does a text begin with a delimiter and the header of a part? */
static bool
begins_part(const char *s, size_t n)
{
	const char *nl;

	while (n > 0 && (*s == '\n' || *s == '\r')) {
		s++;
		n--;
	}
	nl = memchr(s, '\n', n);
	return nl != NULL && s[0] == '-' && s[1] == '-' &&
	    (size_t)(s + n - nl) > 8 && strncasecmp(nl + 1, "Content-", 8) == 0;
}

/* The whole of a multipart was preamble, since its header names a boundary that
 * is not the one in use: what is kept of it is read once more. */
static bool
read_again(struct mail_reader *r)
{
	struct level *top = r->stack_n == 0 ? NULL : &r->stack[r->stack_n - 1];
	struct buf text = r->leaf.kept;

	if (top == NULL || top->boundary == NULL || !r->leaf.open ||
	    !r->leaf.preamble || r->leaf.preamble_of != top->part ||
	    r->leaf.cut || !begins_part(buf_text(&text), text.len))
		return false;
	reader_defect(r, "a boundary that is never used: another was found");
	buf_init(&r->leaf.kept, 0);
	r->leaf.open = false;
	top->boundary = NULL;
	r->at -= text.len;
	begin_body(r);
	mime_feed(r, text.data, text.len);
	buf_done(&text);
	return true;
}

void
mime_end(struct mail_reader *r)
{
	finish(r);
	if (read_again(r))
		finish(r);
	leaf_end(r, -1);
}
