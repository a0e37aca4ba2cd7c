/* Uuencoded files in a text.  See uu.h. */
#include "parser/uu.h"

#include <string.h>

#include "parser/ascii.h"

int
uu_read_line(const char *s, size_t n, char *out)
{
	size_t want, groups;
	char *o = out;

	if (n == 0 || s[0] < ' ' || s[0] > '`')
		return -1;
	want = (size_t)(s[0] - ' ') & 63;
	if (want >
	    (n - 1) / 4 * 3 + 3) /* what is missing was blanks, not much */
		want = (n - 1) / 4 * 3 + 3;
	groups = (want + 2) / 3;
	/* Some programs add a check character, others cut trailing blanks. */
	if (n > 1 + groups * 4 + 1)
		return -1;
	for (size_t i = 0; i < groups; i++) {
		uint32_t v = 0;

		for (size_t k = 0; k < 4; k++) {
			size_t at = 1 + i * 4 + k;
			char c = (char)(at < n ? s[at] : ' ');

			if (c < ' ' || c > '`')
				return -1;
			v = v << 6 | ((uint32_t)(c - ' ') & 63);
		}
		*o++ = (char)(v >> 16);
		*o++ = (char)(v >> 8);
		*o++ = (char)v;
	}
	return (int)want;
}

void
uu_init(struct uu *u)
{
	u->state = UU_TEXT;
	u->long_line = false;
	u->n = u->begin_n = 0;
	u->at = u->begin_at = 0;
}

/* A line without its end. */
static size_t
trimmed(const char *s, size_t n)
{
	while (n > 0 && (s[n - 1] == '\n' || s[n - 1] == '\r'))
		n--;
	return n;
}

/* "begin 644 name": where the name starts, 0: it is no such line. */
static size_t
begin_name(const char *s, size_t n)
{
	size_t i = 6;

	if (n < 11 || memcmp(s, "begin ", 6) != 0)
		return 0;
	while (i < n && s[i] >= '0' && s[i] <= '7')
		i++;
	if (i < 9 || i > 10 || i + 1 >= n || s[i] != ' ')
		return 0;
	return i + 1;
}

/* Exactly as long as its first character says, a check character aside. */
static bool
is_data(const char *s, size_t n)
{
	char out[64];
	size_t want;

	if (n == 0 || uu_read_line(s, n, out) < 0)
		return false;
	want = ((size_t)(s[0] - ' ') & 63) + 2;
	want = want / 3 * 4 + 1;
	return n == want || n == want + 1;
}

static void
text_line(struct uu *u, const struct uu_sink *s)
{
	size_t n = trimmed(u->line, u->n);

	if (begin_name(u->line, n) > 0) {
		memcpy(u->begin_line, u->line, u->n);
		u->begin_n = u->n;
		u->begin_at = u->at;
		u->state = UU_BEGUN;
		return;
	}
	s->text(s->ctx, u->line, u->n);
}

static void
file_line(struct uu *u, const struct uu_sink *s)
{
	size_t n = trimmed(u->line, u->n);
	char out[64];
	int len;

	if (n == 3 && memcmp(u->line, "end", 3) == 0) {
		s->end(s->ctx, u->at + u->n, true);
		u->state = UU_TEXT;
		return;
	}
	if (n == 0)
		return;
	len = is_data(u->line, n) ? uu_read_line(u->line, n, out) : -1;
	if (len >= 0) {
		s->bytes(s->ctx, out, (size_t)len);
		return;
	}
	s->end(s->ctx, u->at, false);
	u->state = UU_TEXT;
	text_line(u, s);
}

static void
begun_line(struct uu *u, const struct uu_sink *s)
{
	size_t n = trimmed(u->begin_line, u->begin_n);
	size_t name = begin_name(u->begin_line, n);

	if (is_data(u->line, trimmed(u->line, u->n))) {
		s->begin(s->ctx, u->begin_line + name, n - name, u->begin_at);
		u->state = UU_FILE;
		file_line(u, s);
		return;
	}
	s->text(s->ctx, u->begin_line, u->begin_n);
	u->state = UU_TEXT;
	text_line(u, s);
}

static void
whole_line(struct uu *u, const struct uu_sink *s)
{
	if (u->state == UU_TEXT)
		text_line(u, s);
	else if (u->state == UU_BEGUN)
		begun_line(u, s);
	else
		file_line(u, s);
	u->at += u->n;
	u->n = 0;
}

/* A line longer than any of ours is text, and so is what stood before it. */
static void
give_up_line(struct uu *u, const struct uu_sink *s)
{
	if (u->state == UU_BEGUN)
		s->text(s->ctx, u->begin_line, u->begin_n);
	if (u->state == UU_FILE)
		s->end(s->ctx, u->at, false);
	u->state = UU_TEXT;
	s->text(s->ctx, u->line, u->n);
	u->at += u->n;
	u->n = 0;
	u->long_line = true;
}

/* The rest of a line that is text, as far as this piece goes. */
static size_t
rest_of_line(struct uu *u, const char *p, size_t n, const struct uu_sink *s)
{
	const char *nl = memchr(p, '\n', n);
	size_t k = nl == NULL ? n : (size_t)(nl - p) + 1;

	s->text(s->ctx, p, k);
	u->at += k;
	u->long_line = nl == NULL;
	return k;
}

void
uu_feed(struct uu *u, const char *p, size_t n, const struct uu_sink *s)
{
	const char *end = p + n;

	while (p < end) {
		if (u->long_line) {
			p += rest_of_line(u, p, (size_t)(end - p), s);
			continue;
		}
		/* most lines of a text do not begin with a "b" */
		if (u->state == UU_TEXT && u->n == 0 && *p != 'b') {
			u->long_line = true;
			continue;
		}
		u->line[u->n++] = *p++;
		if (p[-1] == '\n')
			whole_line(u, s);
		else if (u->n == UU_LINE_MAX)
			give_up_line(u, s);
	}
}

void
uu_end(struct uu *u, const struct uu_sink *s)
{
	if (u->n > 0)
		whole_line(u, s);
	if (u->state == UU_BEGUN)
		s->text(s->ctx, u->begin_line, u->begin_n);
	if (u->state == UU_FILE)
		s->end(s->ctx, u->at, false);
	u->state = UU_TEXT;
}
