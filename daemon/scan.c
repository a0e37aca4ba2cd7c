/*
 * The scanner in front of libetpan's IMAP parser.  It must never believe in a
 * literal where libetpan sees a line, nor the other way round: bytes that one
 * of the two skips could hide anything from the other.  So where libetpan is
 * generous (blanks in "{ 5 }", text after "{5}", a bare LF behind it), this
 * scanner refuses.  Promises not to copy, allocate or look back.
 */
#include "daemon/scan.h"

#include <stdbool.h>
#include <string.h>

#include "parser/limits.h"

#define LITERAL_DIGITS_MAX 10 /* 4294967295; libetpan wraps without a word */

/* What may follow "* " (RFC 3501 7, RFC 5161).
 * Anything else libetpan either does not know or parses badly: NAMESPACE reads
 * past its buffer. */
static const struct word {
	const char *word;
	bool text; /* words for people follow */
} words[] = {
	{ "ok", true },
	{ "no", true },
	{ "bad", true },
	{ "bye", true },
	{ "preauth", true },
	{ "capability", false },
	{ "flags", false },
	{ "list", false },
	{ "search", false },
	{ "status", false },
	{ "enabled", false },
};

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

static char
lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c + 'a' - 'A');
	return c;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* The line goes on after its kind is known; c is the byte behind it. */
static int
begin(struct scan *s, bool text, char c)
{
	s->depth = 0;
	s->digits = 0;
	s->word = 0;
	s->state = c == '\n' ? SCAN_START
	    : !text          ? SCAN_RESULT
	    : c == '['       ? SCAN_CODE
			     : SCAN_TEXT;
	if (c == '\n')
		s->head_n = s->line = 0;
	return 0;
}

/* "* WORD" or "* 17" is complete: the byte behind it has come. */
static int
untagged(struct scan *s, char c, struct err *e)
{
	const char *word = s->head + 2;
	size_t n = s->head_n - 2;

	if (n > 0 && is_digit(word[0]))
		return begin(s, false, c);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].word) == n &&
		    memcmp(words[i].word, word, n) == 0)
			return begin(s, words[i].text, c);
	return refuse(s, e, "a response that was not asked for");
}

/* One byte while the kind of the line is not known. */
static int
start(struct scan *s, char c, struct err *e)
{
	char l = lower(c);

	if (s->head_n == 0 && l != '*' && l != '+' && !is_digit(l) &&
	    !is_letter(l))
		return refuse(s, e, "a line that is no IMAP response");
	if (s->head_n > 0 && s->head[0] != '*')
		return begin(s, true, c); /* "+", or a tag */
	if (s->head_n == 1 && l != ' ')
		return refuse(s, e, "a line that is no IMAP response");
	if (s->head_n >= 2 && (l == ' ' || l == '\r' || l == '\n'))
		return untagged(s, c, e);
	if (s->head_n == sizeof(s->head))
		return refuse(s, e, "a response that was not asked for");
	s->head[s->head_n++] = l;
	return 0;
}

static int
text(struct scan *s, char c)
{
	if (c == '[')
		s->state = SCAN_CODE;
	else if (c == '\n')
		return begin(s, true, c);
	return 0;
}

/*
 * libetpan frees a list that it has not got when the first word behind
 * "PERMANENTFLAGS (" is no flag.  flags spells the way there: the word, blanks,
 * "(", blanks, then perhaps "\\", then this.
 */
static const char flags[] = "permanentflags(";
#define FLAGS_OPEN  (sizeof(flags) - 1) /* behind the "(" */
#define FLAGS_SLASH (sizeof(flags))     /* behind "(\\" */

static bool
is_atom(char c)
{
	return c > ' ' && c < 0x7f && strchr("(){%*\"\\]", c) == NULL;
}

static int
flag_byte(struct scan *s, char c, struct err *e)
{
	char l = lower(c);

	if (s->word < FLAGS_OPEN) {
		if (l == flags[s->word])
			s->word++;
		else if (c != ' ' || flags[s->word] != '(')
			s->word = l == flags[0];
		return 0;
	}
	if (s->word == FLAGS_OPEN && c == ' ')
		return 0;
	if (s->word == FLAGS_OPEN && c == '\\') {
		s->word = FLAGS_SLASH;
		return 0;
	}
	if (!is_atom(c) && c != (s->word == FLAGS_SLASH ? '*' : ')'))
		return refuse(s, e, "PERMANENTFLAGS that are no flags");
	s->word = 0;
	return 0;
}

/*
 * From the first "[" to the end of the line: where the code ends depends on
 * quoting, so this does not ask.  Inside of a code libetpan would accept a
 * literal (BADCHARSET); nobody sends one.
 */
static int
code(struct scan *s, char c, struct err *e)
{
	bool brace = s->digits != 0; /* "{" and blanks stand before c */

	if (brace && (is_digit(c) || c == '-'))
		return refuse(s, e, "a literal inside of a response code");
	s->digits = c == '{' || (brace && c == ' ');
	if (c == '(' && ++s->depth > IMAP_NESTING_MAX)
		return refuse(s, e, "parentheses nested too deep");
	if (c == ')' && s->depth > 0)
		s->depth--;
	if (c == '\n' && s->word < FLAGS_OPEN)
		return begin(s, true, c);
	return flag_byte(s, c, e);
}

static int
result(struct scan *s, char c, struct err *e)
{
	if (c == '"')
		s->state = SCAN_QUOTED;
	else if (c == '{') {
		s->state = SCAN_DIGITS;
		s->digits = 0;
		s->size = 0;
	} else if (c == '(' && ++s->depth > IMAP_NESTING_MAX)
		return refuse(s, e, "parentheses nested too deep");
	else if (c == ')' && s->depth > 0)
		s->depth--;
	else if (c == '\n')
		return begin(s, false, c);
	return 0;
}

static int
quoted(struct scan *s, char c, struct err *e)
{
	if (s->state == SCAN_ESCAPE)
		s->state = SCAN_QUOTED;
	else if (c == '\\')
		s->state = SCAN_ESCAPE;
	else if (c == '"')
		s->state = SCAN_RESULT;
	if (c == '\n' || c == '\r')
		return refuse(s, e, "a quoted string without an end");
	return 0;
}

/* "{17}" CR LF and nothing else. */
static int
literal(struct scan *s, char c, struct err *e)
{
	if (s->state == SCAN_DIGITS && is_digit(c)) {
		if (++s->digits > LITERAL_DIGITS_MAX)
			return refuse(s, e, "a literal of more than 10 digits");
		s->size = s->size * 10 + (uint64_t)(c - '0');
		return 0;
	}
	if (s->state == SCAN_DIGITS && c == '}' && s->digits > 0)
		s->state = SCAN_BRACE;
	else if (s->state == SCAN_BRACE && c == '\r')
		s->state = SCAN_CR;
	else if (s->state == SCAN_CR && c == '\n')
		s->state = s->size > 0 ? SCAN_LITERAL : SCAN_RESULT;
	else
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
	case SCAN_START:
		return start(s, c, e);
	case SCAN_TEXT:
		return text(s, c);
	case SCAN_CODE:
		return code(s, c, e);
	case SCAN_RESULT:
		return result(s, c, e);
	case SCAN_QUOTED:
	case SCAN_ESCAPE:
		return quoted(s, c, e);
	case SCAN_DIGITS:
	case SCAN_BRACE:
	case SCAN_CR:
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
			s->state = SCAN_RESULT;
	}
	return 0;
}
