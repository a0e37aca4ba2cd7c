/*
 * Characters to words: the lexical rules of CONFIG 2.  Every word knows its
 * place.  Promises linear time, whatever the bytes are, and knows nothing of
 * blocks or settings.
 */
#include <string.h>

#include "parser/conf_private.h"
#include "parser/limits.h"
#include "parser/utf8.h"

/* How far an end is looked for: a bound, or a long line costs its square. */
#define PATTERN_SCAN  ((size_t)CONF_PATTERN_MAX + 64)
#define VARIABLE_SCAN ((size_t)256)
#define CLASS_SCAN    ((size_t)16) /* [:xdigit:] */

void
conf_lex_init(
    struct conf_lex *l, struct conf_talk *t, const struct conf_file *f)
{
	*l = (struct conf_lex){ .talk = t, .file = f, .line = 1, .column = 1 };
	if (f->n >= 3 && memcmp(f->text, "\xef\xbb\xbf", 3) == 0)
		l->at = l->line_at = l->mark = 3; /* a byte order mark */
}

/* The byte k places on; -1 at the end of the file. */
static int
peek(const struct conf_lex *l, size_t k)
{
	size_t at = l->at + k;

	return at < l->file->n ? (unsigned char)l->file->text[at] : -1;
}

/* Does c end a bare word?  The end of the file does. */
static bool
is_end(int c)
{
	return c <= ' ' || c == ';' || c == '{' || c == '}';
}

static bool
is_line_end(int c)
{
	return c == '\n' || c == -1;
}

/* Bytes that begin a character; those are what columns count. */
static int
begins(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

/* The mark only goes forward, so counting columns stays linear. */
static struct conf_place
place(struct conf_lex *l, size_t from, size_t to)
{
	struct conf_place p = { .file = l->file, .at = from, .line = l->line };

	for (; l->mark < from; l->mark++)
		l->column += begins(l->file->text[l->mark]);
	p.line_at = l->line_at;
	p.column = l->column;
	for (size_t i = from; i < to; i++)
		p.width += begins(l->file->text[i]);
	return p;
}

/* The argument reaches to where the lexer is now. */
static void
widen(const struct conf_lex *l, struct conf_arg *out)
{
	for (size_t i = out->place.at; i < l->at; i++)
		out->place.width += begins(l->file->text[i]);
}

static void
fault(struct conf_lex *l, size_t from, size_t to, const char *what,
    const char *hint)
{
	struct conf_place p = place(l, from, to);

	conf_say(l->talk, CONF_ERROR, &p, hint, "%s", what);
}

static void
newline(struct conf_lex *l)
{
	l->at++;
	l->line++;
	l->line_at = l->mark = l->at;
	l->column = 1;
}

/* A backslash that is the last thing on its line? */
static bool
continues(const struct conf_lex *l)
{
	return peek(l, 0) == '\\' &&
	    (is_line_end(peek(l, 1)) ||
		(peek(l, 1) == '\r' && is_line_end(peek(l, 2))));
}

/* Blanks, comments, and ends of lines that a backslash takes away. */
static void
skip_blanks(struct conf_lex *l)
{
	for (;;) {
		int c = peek(l, 0);

		if (c != '\n' && c != -1 && c <= ' ') {
			l->at++;
		} else if (c == '#') {
			while (!is_line_end(peek(l, 0)))
				l->at++;
		} else if (continues(l)) {
			l->at += peek(l, 1) == '\r' ? 2 : 1;
			if (peek(l, 0) == '\n')
				newline(l);
		} else {
			return;
		}
	}
}

/* The byte after the closing quote, 0 when the line ends before it. */
static size_t
quote_end(const struct conf_lex *l, size_t at, int q)
{
	const char *s = l->file->text;

	for (at++; at < l->file->n && s[at] != '\n'; at++) {
		if (s[at] == q)
			return at + 1;
		if (q == '"' && s[at] == '\\' && at + 1 < l->file->n &&
		    s[at + 1] != '\n')
			at++;
	}
	return 0;
}

/* The text between double quotes with its escapes resolved. */
static char *
unescape(struct conf_lex *l, size_t from, size_t to)
{
	static const char letters[] = "\"\\nt", means[] = "\"\\\n\t";
	char *out = arena_alloc(l->talk->arena, to - from + 1), *p = out;
	const char *s = l->file->text, *hit;

	for (size_t i = from; i < to; i++) {
		if (s[i] != '\\' || i + 1 == to) {
			*p++ = s[i];
			continue;
		}
		hit = s[i + 1] == '\0' ? NULL : strchr(letters, s[i + 1]);
		if (hit == NULL)
			fault(l, i, i + 2, "this is not an escape",
			    "only \\\" \\\\ \\n \\t are; 'single quotes' take "
			    "everything as typed");
		else
			*p++ = means[hit - letters];
		i++;
	}
	return out;
}

/* Quoted text, the lexer standing on the quote. */
static char *
quoted(struct conf_lex *l, int q)
{
	size_t from = l->at, end = quote_end(l, from, q);
	char *text;

	if (end == 0) {
		fault(l, from, from + 1, "this quote is not closed",
		    "quoted text ends on the line where it begins");
		for (; !is_line_end(peek(l, 0)); l->at++)
			l->lost += (peek(l, 0) == '}') - (peek(l, 0) == '{');
		return arena_strdup(l->talk->arena, "");
	}
	text = q == '"' ? unescape(l, from + 1, end - 1)
			: arena_strndup(l->talk->arena,
			      l->file->text + from + 1, end - from - 2);
	l->at = end;
	if (!is_end(peek(l, 0)))
		fault(l, end, end + 1, "something follows the closing quote",
		    "put a blank here");
	return text;
}

/* The byte after the "]" that closes the class at i, or end. */
static size_t
class_end(const char *s, size_t i, size_t end)
{
	i++;
	if (i < end && s[i] == '^')
		i++;
	if (i < end && s[i] == ']')
		i++;
	for (; i < end && s[i] != ']'; i++) {
		if (s[i] == '\\')
			i++;
		else if (s[i] == '[' && i + 1 < end && s[i + 1] == ':') {
			size_t most = end - i - 2;
			const char *p = memchr(s + i + 2, ':',
			    most < CLASS_SCAN ? most : CLASS_SCAN);

			if (p != NULL && p + 1 < s + end && p[1] == ']')
				i = (size_t)(p - s) + 1;
		}
	}
	return i < end ? i + 1 : end;
}

/* The slash that ends the pattern, 0 when there is none on the line. */
static size_t
pattern_end(const struct conf_lex *l)
{
	const char *s = l->file->text;
	size_t most = l->file->n - l->at < PATTERN_SCAN ? l->file->n - l->at
							: PATTERN_SCAN;
	const char *nl = memchr(s + l->at, '\n', most);
	size_t end = nl != NULL ? (size_t)(nl - s) : l->at + most;
	size_t i = l->at + 1;

	while (i < end && s[i] != '/') {
		if (s[i] == '[')
			i = class_end(s, i, end);
		else
			i += s[i] == '\\' ? 2 : 1;
	}
	return i < end ? i : 0;
}

/* /.../imsx, if it is one: CONFIG 2 says when a word with "/" is a path. */
static bool
pattern(struct conf_lex *l, struct conf_arg *out)
{
	size_t from = l->at + 1, end = pattern_end(l), i = end + 1;
	const char *s = l->file->text;
	char *p;

	if (end == 0)
		return false;
	while (i < l->file->n && s[i] != '\0' && strchr("imsx", s[i]) != NULL)
		i++;
	if (i < l->file->n && !is_end((unsigned char)s[i]))
		return false;
	out->form = FORM_PATTERN;
	out->flags = arena_strndup(l->talk->arena, s + end + 1, i - end - 1);
	out->text = p = arena_alloc(l->talk->arena, end - from + 1);
	for (size_t k = from; k < end; k++) {
		if (s[k] == '\\' && s[k + 1] != '/')
			*p++ = s[k++]; /* both bytes go to PCRE2 */
		else if (s[k] == '\\')
			k++;
		*p++ = s[k];
	}
	out->place = place(l, l->at, i);
	l->at = i;
	return true;
}

/* Skip "{{...}}" in a word. */
static void
variable(struct conf_lex *l)
{
	size_t i = l->at + 2, n = l->file->n;
	const char *s = l->file->text;

	if (n - l->at > VARIABLE_SCAN)
		n = l->at + VARIABLE_SCAN;
	while (i + 1 < n && s[i] != '\n' && (s[i] != '}' || s[i + 1] != '}'))
		i++;
	if (i + 1 < n && s[i] == '}') {
		l->at = i + 2;
		return;
	}
	fault(l, l->at, l->at + 2, "{{ without }}",
	    "close it with }} on the same line");
	l->at += 2;
}

/*
 * Is the brace under the lexer part of an unfinished pattern, like the one of
 * "/\d{2}"?  Taking it for a block would bury the real mistake under others.
 */
static bool
brace_belongs(const struct conf_lex *l, int *open)
{
	int c = peek(l, 0);

	if (!l->tests || (c != '{' && c != '}') || (c == '}' && *open == 0))
		return false;
	*open += c == '{' ? 1 : -1;
	return true;
}

static void
word(struct conf_lex *l, struct conf_arg *out)
{
	const char *s = l->file->text, *tail = NULL;
	bool slash = l->tests && peek(l, 0) == '/', told = false;
	size_t from = l->at, end = 0;
	int open = 0;

	out->place = place(l, from, from);
	for (;;) {
		int c = peek(l, 0);

		end = l->at;
		if (c == '{' && peek(l, 1) == '{' && !slash) {
			variable(l);
		} else if (slash && brace_belongs(l, &open)) {
			l->at++;
		} else if (is_end(c) || continues(l)) {
			break;
		} else if ((c == '"' || c == '\'') && l->at > from &&
		    s[l->at - 1] == ':') {
			tail = quoted(l, c); /* command:"pass show x" */
			break;
		} else {
			if ((c == '"' || c == '\'') && !told && !slash) {
				fault(l, end, end + 1, "a quote inside a word",
				    "put the whole value into quotes");
				told = true;
			}
			l->at++;
		}
	}
	out->text = arena_strndup(l->talk->arena, s + from, end - from);
	if (tail != NULL)
		out->text = arena_printf(
		    l->talk->arena, "%s%s", out->text, tail);
	if (tail == NULL && end > from && s[end - 1] == '\\')
		fault(l, end - 1, end, "something follows the backslash",
		    "a backslash continues a line only as its last character");
	widen(l, out);
}

/* One byte that is a token by itself. */
static enum conf_token
mark(struct conf_lex *l, struct conf_arg *out, enum conf_token kind)
{
	out->place = place(l, l->at, l->at + 1);
	if (peek(l, 0) == '\n')
		newline(l);
	else
		l->at++;
	return kind;
}

enum conf_token
conf_lex_next(struct conf_lex *l, struct conf_arg *out)
{
	size_t from;
	int c;

	skip_blanks(l);
	*out = (struct conf_arg){ .text = "", .flags = "" };
	from = l->at;
	c = peek(l, 0);
	if (c == -1) {
		out->place = place(l, from, from);
		return TOKEN_EOF;
	}
	if (c == '\n' || c == ';')
		return mark(l, out, TOKEN_END);
	if (c == '{' && peek(l, 1) != '{')
		return mark(l, out, TOKEN_OPEN);
	if (c == '}')
		return mark(l, out, TOKEN_CLOSE);
	if (c == '"' || c == '\'') {
		out->place = place(l, from, from);
		out->form = c == '"' ? FORM_DOUBLE : FORM_SINGLE;
		out->text = quoted(l, c);
		widen(l, out);
	} else if (c != '/' || !pattern(l, out)) {
		word(l, out);
	}
	return TOKEN_WORD;
}

void
conf_lex_back(struct conf_lex *l)
{
	l->at--;
}

/* The length of the character at s, 0 if no text may have it. */
static size_t
good_char(const char *s, const char *end)
{
	unsigned char c = (unsigned char)*s;
	const char *p = s;

	if (c < 0x80)
		return c >= ' ' ? c != 0x7f
				: c == '\t' || c == '\n' || c == '\r';
	utf8_next(&p, end);
	return utf8_valid(s, (size_t)(p - s)) ? (size_t)(p - s) : 0;
}

void
conf_lex_scan(struct conf_talk *t, const struct conf_file *f)
{
	const char *s = f->text, *end = s + f->n;
	struct conf_lex l;
	int told = 0;

	conf_lex_init(&l, t, f);
	for (s += l.at; s < end;) {
		size_t n = good_char(s, end), at = (size_t)(s - f->text);

		if (n == 0 && told != l.line) {
			told = l.line; /* once a line is enough */
			fault(&l, at, at + 1,
			    (unsigned char)*s < 0x80 ? "a control character"
						     : "this is not UTF-8",
			    (unsigned char)*s < 0x80
				? "remove it"
				: "save the file as UTF-8");
		}
		l.at = at;
		if (*s == '\n')
			newline(&l);
		s += n == 0 ? 1 : n;
	}
}
