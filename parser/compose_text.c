/*
 * Plain text that every reader may wrap to its own width: format=flowed
 * (RFC 3676).  A paragraph that stands on one line of the text is sent as
 * several, each but the last ending with a blank; who does not know flowed sees
 * an ordinary wrapped text.  No line of the text is ever joined to another.
 */
#include "parser/compose.h"

#include <string.h>

#include "parser/buf.h"
#include "parser/compose_line.h"
#include "parser/flowed.h"

#define FLOW_COLUMNS 72 /* RFC 3676 4.2 says 66 to 78 */

size_t
line_columns(const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

size_t
line_quotes(const char *s, size_t n, size_t *mark)
{
	size_t depth = 0, i = 0;

	while (i < n && s[i] == '>') {
		depth++;
		i++;
		if (i + 1 < n && s[i] == ' ' && s[i + 1] == '>')
			i++;
	}
	if (depth > 0 && i < n && s[i] == ' ')
		i++;
	*mark = i;
	return depth;
}

/*
 * How much of the n bytes at s goes on one line of at most max columns: up to
 * and with the last blank that fits, all of it when it fits, or up to the first
 * blank when a word is too long.
 */
static size_t
flow_fit(const char *s, size_t n, size_t max)
{
	size_t best = 0;

	if (line_columns(s, n) <= max)
		return n;
	for (size_t i = 0; i + 1 < n; i++) {
		if (s[i] != ' ' || s[i + 1] == ' ')
			continue;
		/* "-- " alone on a line means a signature follows. */
		if (i == 2 && memcmp(s, "--", 2) == 0)
			continue;
		if (s[0] == '-' && flowed_dashed(s, i + 1))
			continue;
		if (best > 0 && line_columns(s, i + 1) > max)
			break;
		best = i + 1;
	}
	return best > 0 ? best : n;
}

/* RFC 3676 4.4: what must not begin a line gets a blank in front. */
static bool
needs_stuffing(const char *s, size_t n)
{
	return n > 0 &&
	    (*s == ' ' || *s == '>' || (n >= 5 && memcmp(s, "From ", 5) == 0));
}

/* One line of the text, without its LF; depth ">" were taken off it. */
static void
flow_line(struct buf *out, const char *s, size_t n, size_t depth)
{
	size_t max = depth < FLOW_COLUMNS / 2 ? FLOW_COLUMNS - depth
					      : FLOW_COLUMNS / 2;

	while (
	    n > 0 && s[n - 1] == ' ' && !(n == 3 && memcmp(s, "-- ", 3) == 0))
		n--;
	do {
		size_t fit = flow_fit(s, n, max);

		for (size_t i = 0; i < depth; i++)
			buf_char(out, '>');
		if (n > 0 && (depth > 0 || needs_stuffing(s, n)))
			buf_char(out, ' ');
		buf_add(out, s, fit);
		buf_char(out, '\n');
		s += fit;
		n -= fit;
	} while (n > 0);
}

char *
compose_flow(struct arena *a, const char *text)
{
	struct buf b;
	char *flowed;

	buf_init(&b, 0);
	while (*text != '\0') {
		size_t n = strcspn(text, "\n"), mark;
		size_t depth = line_quotes(text, n, &mark);

		flow_line(&b, text + mark, n - mark, depth);
		text += n + (text[n] == '\n');
	}
	flowed = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return flowed;
}
