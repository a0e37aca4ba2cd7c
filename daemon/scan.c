/*
 * The scanner in front of libetpan's IMAP parser.  It must never believe in a
 * literal where libetpan sees a line, nor the other way round: bytes that one
 * of the two skips could hide anything from the other.  So where libetpan is
 * generous (blanks in "{ 5 }", text after "{5}", a bare LF behind it), this
 * scanner refuses.  Promises not to copy, allocate or look back.
 */
#include "daemon/scan.h"

#include <string.h>

#include "parser/limits.h"

#define LITERAL_DIGITS_MAX 10 /* 4294967295; libetpan wraps without a word */

static int
refuse(struct scan *s, struct err *e, const char *why)
{
	s->state = SCAN_REFUSED;
	return err_set(e, ERR_REJECT, "the server sends %s", why);
}

void
scan_allow(struct scan *s, uint64_t lines, uint64_t literals)
{
	s->lines = lines;
	s->literals = literals;
}

/* One symbol of a line. */
static int
symbol(struct scan *s, int c, struct err *e)
{
	const char *wrong = scan_line_symbol(&s->now, c);

	if (wrong != NULL)
		return refuse(s, e, wrong);
	s->state = SCAN_LINE;
	if (c == '\n')
		s->line = 0;
	return 0;
}

static int
plain(struct scan *s, char c, struct err *e)
{
	if (c == '\0')
		return refuse(s, e, "a NUL");
	if (c == '\r')
		s->state = SCAN_CR;
	else if (c == '"' && s->now.strings)
		s->state = SCAN_QUOTED;
	else if (c == '{' && s->now.strings) {
		s->state = SCAN_DIGITS;
		s->digits = 0;
		s->size = 0;
	} else
		return symbol(s, (unsigned char)c, e);
	return 0;
}

static int
quoted(struct scan *s, char c, struct err *e)
{
	if (c == '\n' || c == '\r' || c == '\0')
		return refuse(s, e, "a quoted string without an end");
	if (s->state == SCAN_ESCAPE)
		s->state = SCAN_QUOTED;
	else if (c == '\\')
		s->state = SCAN_ESCAPE;
	else if (c == '"')
		return symbol(s, SYMBOL_STRING, e);
	return 0;
}

/* "{17}" CR LF and nothing else. */
static int
literal(struct scan *s, char c, struct err *e)
{
	if (s->state == SCAN_DIGITS && c >= '0' && c <= '9') {
		if (++s->digits > LITERAL_DIGITS_MAX)
			return refuse(s, e, "a literal of more than 10 digits");
		s->size = s->size * 10 + (uint64_t)(c - '0');
		return 0;
	}
	if (s->state == SCAN_DIGITS && c == '}' && s->digits > 0)
		s->state = SCAN_BRACE;
	else if (s->state == SCAN_BRACE && c == '\r')
		s->state = SCAN_LITERAL_END;
	else if (s->state == SCAN_LITERAL_END && c == '\n') {
		if (symbol(s, SYMBOL_LITERAL, e) == -1)
			return -1;
		s->state = s->size > 0 ? SCAN_LITERAL : SCAN_LINE;
	} else
		return refuse(s, e, "a literal that is not well formed");
	if (s->size > s->literals)
		return refuse(s, e, "a literal larger than was asked for");
	return 0;
}

static int
line_byte(struct scan *s, char c, struct err *e)
{
	if (s->lines == 0)
		return refuse(s, e, "more than was asked for");
	s->lines--;
	if (++s->line > IMAP_LINE_MAX)
		return refuse(s, e, "an endless line");
	switch (s->state) {
	case SCAN_LINE:
		return plain(s, c, e);
	case SCAN_CR:
		return c == '\n' ? symbol(s, c, e)
				 : refuse(s, e, "a CR without LF");
	case SCAN_QUOTED:
	case SCAN_ESCAPE:
		return quoted(s, c, e);
	case SCAN_DIGITS:
	case SCAN_BRACE:
	case SCAN_LITERAL_END:
		return literal(s, c, e);
	case SCAN_LITERAL: /* not here: scan_bytes() skips it */
	case SCAN_REFUSED:
		break;
	}
	return refuse(s, e, "more after a refusal");
}

int
scan_bytes(struct scan *s, const char *p, size_t n, struct err *e)
{
	const char *end = p + n;

	while (p < end) {
		size_t skip = (size_t)(end - p);

		if (s->state != SCAN_LITERAL) {
			if (line_byte(s, *p++, e) == -1)
				return -1;
			continue;
		}
		if (skip > s->size)
			skip = (size_t)s->size;
		if (skip > s->literals)
			return refuse(s, e, "more than was asked for");
		p += skip;
		s->size -= skip;
		s->literals -= skip;
		if (s->size == 0)
			s->state = SCAN_LINE;
	}
	return 0;
}
