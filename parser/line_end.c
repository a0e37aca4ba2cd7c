/* Lines that end in CR alone.  See line_end.h. */
#include "parser/line_end.h"

#include <string.h>

#define PIECE 4096

/* n times the same byte. */
static void
repeat(const struct line_end_sink *sink, char c, size_t n)
{
	char bytes[64];

	memset(bytes, c, sizeof(bytes));
	while (n > 0) {
		size_t now = n < sizeof(bytes) ? n : sizeof(bytes);

		sink->bytes(sink->ctx, bytes, now);
		n -= now;
	}
}

/* Up to the first line end behind a text.  Returns where to go on. */
static const char *
find_kind(struct line_end *l, const char *p, const char *end,
    const struct line_end_sink *sink)
{
	const char *from = p;

	for (; p < end && l->kind == LINE_ENDS_UNKNOWN; p++) {
		if (*p == '\r' && l->text) {
			if (l->held == 0)
				sink->bytes(
				    sink->ctx, from, (size_t)(p - from));
			l->held++;
			from = p + 1;
			continue;
		}
		if (l->held > 0 || (*p == '\n' && l->text))
			l->kind = *p == '\n' ? LINE_ENDS_LF : LINE_ENDS_CR;
		if (l->kind != LINE_ENDS_UNKNOWN)
			break;
		l->text |= *p != '\r' && *p != '\n';
	}
	if (l->held == 0)
		sink->bytes(sink->ctx, from, (size_t)(p - from));
	if (l->kind == LINE_ENDS_UNKNOWN)
		return end;
	repeat(sink, l->kind == LINE_ENDS_CR ? '\n' : '\r', l->held);
	l->held = 0;
	return p;
}

/* Each CR that no LF follows becomes one. */
static void
change(struct line_end *l, const char *p, const char *end,
    const struct line_end_sink *sink)
{
	char out[PIECE];

	while (p < end) {
		size_t n = 0;

		for (; p < end && n < sizeof(out) - 1; p++) {
			if (l->held > 0)
				out[n++] = *p == '\n' ? '\r' : '\n';
			l->held = *p == '\r';
			if (*p != '\r')
				out[n++] = *p;
		}
		sink->bytes(sink->ctx, out, n);
	}
}

void
line_end_feed(struct line_end *l, const char *p, size_t n,
    const struct line_end_sink *sink)
{
	const char *end = p + n;

	if (l->kind == LINE_ENDS_UNKNOWN)
		p = find_kind(l, p, end, sink);
	if (l->kind == LINE_ENDS_CR)
		change(l, p, end, sink);
	else if (p < end)
		sink->bytes(sink->ctx, p, (size_t)(end - p));
}

void
line_end_end(struct line_end *l, const struct line_end_sink *sink)
{
	repeat(sink, '\n', l->held);
	l->held = 0;
}
