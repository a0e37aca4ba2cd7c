/*
 * Header sections: lines to unfolded fields, whatever stands between them.
 */
#include "parser/header.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/limits.h"

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Is this line (n bytes, with or without its end) the start of a field? */
static bool
is_field(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] > ' ' && s[i] < 0x7f && s[i] != ':')
		i++;
	if (i == 0)
		return false;
	while (i < n && blank(s[i])) /* "Subject : x" (RFC 5322 4.5) */
		i++;
	return i < n && s[i] == ':';
}

/* The line that starts at s: bytes with its end. */
static size_t
line_length(const char *s, const char *end)
{
	const char *nl = memchr(s, '\n', (size_t)(end - s));

	return nl == NULL ? (size_t)(end - s) : (size_t)(nl - s) + 1;
}

/* From a line's start over all lines that continue it. */
static const char *
field_end(const char *s, const char *end)
{
	s += line_length(s, end);
	while (s < end && blank(*s))
		s += line_length(s, end);
	return s;
}

/* One line of a value, without its end; the blank at the start of the next
 * stays.  Returns its bytes. */
static size_t
add_line(char *out, const char *s, size_t n, struct header *h)
{
	if (n > 0 && s[n - 1] == '\n')
		n -= n > 1 && s[n - 2] == '\r' ? 2 : 1;
	memcpy(out, s, n);
	if (memchr(s, '\0', n) == NULL && memchr(s, '\r', n) == NULL)
		return n;
	h->nul = true;
	for (size_t i = 0; i < n; i++)
		if (out[i] == '\0' || out[i] == '\r')
			out[i] = ' ';
	return n;
}

/* Copy a value: folds become blanks, no NUL, CR or LF, trimmed. */
static char *
unfold(struct arena *a, const char *s, size_t n, struct header *h)
{
	char *out;
	size_t len = 0;

	if (n > MAIL_FIELD_MAX) {
		n = MAIL_FIELD_MAX;
		h->cut = true;
	}
	out = arena_alloc(a, n + 1);
	while (
	    n > 0 && (s[n - 1] == '\n' || s[n - 1] == '\r' || blank(s[n - 1])))
		n--;
	while (n > 0 && (blank(*s) || *s == '\r' || *s == '\n' || *s == '\0')) {
		h->nul |= *s == '\0' || (*s == '\r' && s[1] != '\n');
		s++;
		n--;
	}
	while (n > 0) {
		size_t k = line_length(s, s + n);

		len += add_line(out + len, s, k, h);
		s += k;
		n -= k;
	}
	while (len > 0 && blank(out[len - 1]))
		len--;
	out[len] = '\0';
	return out;
}

static void
add_field(struct arena *a, struct header *h, const char *s, const char *end,
    size_t max)
{
	const char *colon = memchr(s, ':', (size_t)(end - s));
	const char *name_end = colon;
	struct field *f;

	if (h->n == max) {
		h->over = true;
		return;
	}
	while (blank(name_end[-1]))
		name_end--;
	h->fields = arena_grow(a, h->fields, h->n, &h->cap, sizeof(*f));
	f = &h->fields[h->n++];
	f->name = arena_memdup(a, s, (size_t)(name_end - s));
	f->value = unfold(a, colon + 1, (size_t)(end - colon) - 1, h);
}

/* Is a field among the next lines?  Only a few are looked at, so that a body
 * without a blank line before it is not taken for junk. */
static bool
field_follows(const char *s, const char *end)
{
	for (int i = 0; i < 3 && s < end; i++) {
		size_t n = line_length(s, end);

		if (is_field(s, n))
			return true;
		s += n;
	}
	return false;
}

/* The bytes need no NUL behind them. */
static bool
begins(const char *p, const char *end, const char *with)
{
	size_t n = strlen(with);

	return (size_t)(end - p) >= n && memcmp(p, with, n) == 0;
}

void
header_parse(
    struct arena *a, const char *s, size_t n, size_t max, struct header *h)
{
	const char *p = s, *end = s + n, *next;

	*h = (struct header){ 0 };
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	for (; p < end; p = next) {
		if (is_field(p, line_length(p, end))) {
			next = field_end(p, end);
			add_field(a, h, p, next, max);
			continue;
		}
		next = p + line_length(p, end);
		if (*p == '\r' || *p == '\n')
			continue;
		if (!blank(*p) && !field_follows(next, end) && next < end)
			break;
		/* mbox "From " and ">From " are expected; all else is junk */
		if (!begins(p, end, "From ") && !begins(p, end, ">From "))
			h->junk = true;
	}
	h->used = (size_t)(p - s);
}

const char *
header_get(const struct header *h, const char *name)
{
	for (size_t i = 0; i < h->n; i++)
		if (ascii_same(h->fields[i].name, name))
			return h->fields[i].value;
	return NULL;
}
