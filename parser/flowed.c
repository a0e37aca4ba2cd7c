/* format=flowed (RFC 3676), read. */
#include "parser/flowed.h"

#include <string.h>

#include "parser/buf.h"

struct line {
	const char *text;
	size_t n;
	size_t depth; /* of ">" */
	bool soft;    /* goes on in the next line */
};

bool
flowed_dashed(const char *s, size_t n)
{
	while (n > 0 && s[n - 1] == ' ')
		n--;
	return n > 6 && memcmp(s, "---", 3) == 0 &&
	    memcmp(s + n - 3, "---", 3) == 0;
}

/* The line at s; returns the start of the next. */
static const char *
read_line(const char *s, struct line *l)
{
	const char *nl = strchr(s, '\n');
	const char *end = nl == NULL ? s + strlen(s) : nl;

	l->depth = 0;
	while (s < end && *s == '>') {
		s++;
		l->depth++;
	}
	if (s < end && *s == ' ')
		s++;
	l->text = s;
	l->n = (size_t)(end - s);
	/* "-- " is a signature's line, never soft */
	l->soft = l->n > 0 && end[-1] == ' ' &&
	    !(l->n == 3 && memcmp(s, "-- ", 3) == 0) && !flowed_dashed(s, l->n);
	return nl == NULL ? end : nl + 1;
}

static void
add_prefix(struct buf *out, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		buf_char(out, '>');
	if (depth > 0)
		buf_char(out, ' ');
}

char *
flowed_unwrap(struct arena *a, const char *s, bool delsp)
{
	size_t n = strlen(s);
	bool open = false; /* the last line was soft */
	size_t depth = 0;
	struct buf out;
	char *text;

	buf_init(&out, 0);
	while (*s != '\0') {
		struct line l;

		s = read_line(s, &l);
		if (open && l.depth != depth)
			buf_char(&out, '\n');
		if (!open || l.depth != depth)
			add_prefix(&out, l.depth);
		depth = l.depth;
		open = l.soft && *s != '\0';
		buf_add(&out, l.text, l.n - (l.soft && delsp && open));
		if (!open)
			buf_char(&out, '\n');
	}
	if (n > 0 && out.len > 0 && s[-1] != '\n')
		out.len--;
	text = arena_memdup(a, buf_text(&out), out.len);
	buf_done(&out);
	return text;
}
