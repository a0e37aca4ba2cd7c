/*
 * One line of an agent's text: does it look like a command, and what does it
 * say?  What a phone, a keyboard and a mail program make of "#close" is read as
 * "#close".
 */
#include "parser/command_line.h"

#include <string.h>

#include "parser/utf8.h"

#define WRITTEN_MAX 60 /* bytes of a word that are repeated in a question */

static const struct command_look text_line = {
	.name = "", .key = "", .rest = "", .end = ""
};

/* Characters as they are meant: NFKC as far as keyboards go. */

static bool
is_quote(uint32_t c)
{
	return c == 0xab || c == 0xbb || (c >= 0x201c && c <= 0x201f) ||
	    c == 0x2033 || c == 0x301d || c == 0x301e;
}

static uint32_t
plain(uint32_t c)
{
	if (utf8_space(c))
		return ' ';
	if (c >= 0xff01 && c <= 0xff5e) /* full width */
		return c - 0xfee0;
	if (c == 0xfe5f)
		return '#';
	if (is_quote(c))
		return '"';
	if ((c >= 0x2018 && c <= 0x201b) || c == 0x2032)
		return '\'';
	return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 ? '-' : c;
}

/* Nothing to see: hidden characters, and what makes a picture of "#". */
static bool
unseen(uint32_t c)
{
	return (utf8_hidden(c) && !utf8_space(c)) ||
	    (c >= 0xfe00 && c <= 0xfe0f) || c == 0x20e3 || c == 0x34f;
}

/* The next character that is to be seen, 0 at the end; moves *p. */
static uint32_t
next(const char **p, const char *end)
{
	while (*p < end) {
		uint32_t c = utf8_next(p, end);

		if (!unseen(c))
			return plain(c);
	}
	return 0;
}

static uint32_t
peek(const char *p, const char *end)
{
	return next(&p, end);
}

static void
skip(const char **p, const char *end, const char *set)
{
	uint32_t c;

	while (
	    (c = peek(*p, end)) != 0 && c < 0x80 && strchr(set, (int)c) != NULL)
		next(p, end);
}

static bool
is_letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return c == 0xaa || c == 0xba ||
	    (c >= 0xc0 && c != 0xd7 && c != 0xf7 && c < 0x2000) ||
	    (c >= 0x2c00 && c < 0x2e00) || (c >= 0x3041 && c < 0xe000) ||
	    (c >= 0xf900 && c < 0xfe00) || (c >= 0xfe70 && c < 0xff00) ||
	    (c >= 0xff66 && c < 0xffe0) || (c >= 0x10000 && c < 0x1f000) ||
	    (c >= 0x20000 && c < 0xe0000);
}

static bool
is_name(const char *s)
{
	const char *end = s + strlen(s);

	while (s < end) {
		uint32_t c = utf8_next(&s, end);

		if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}

/* Lines. */

/* The whole of [s, end) as it is meant; raw: only what is hidden goes, and
 * any blank becomes a plain one. */
static char *
cleaned(struct arena *a, const char *s, const char *end, bool raw)
{
	char *out = arena_alloc(a, (size_t)(end - s) * 3 + 1), *p = out;

	while (s < end) {
		uint32_t c = utf8_next(&s, end);

		if (unseen(c))
			continue;
		if (!raw)
			c = plain(c);
		else if (utf8_space(c))
			c = ' ';
		p += utf8_put(p, c);
	}
	*p = '\0';
	return out;
}

static void
trim_end(char *s, const char *set)
{
	size_t n = strlen(s);

	while (n > 0 && strchr(set, s[n - 1]) != NULL)
		n--;
	s[n] = '\0';
}

/* What stands before the marker: blanks, one mark of a list, emphasis as it is
 * left by what makes text of HTML ("*#note*"). */
static void
read_prefix(struct command_look *l, const char **p, const char *end)
{
	const char *mark;

	skip(p, end, " ");
	mark = *p;
	switch (next(&mark, end)) {
	case '-':
	case '*':
	case '+':
	case 0x2022: /* bullets */
	case 0x25aa:
	case 0xb7:
		if (peek(mark, end) == ' ') {
			l->listed = l->loose = true;
			*p = mark;
			skip(p, end, " ");
		}
		break;
	default:
		break;
	}
	mark = *p;
	skip(p, end, "*_`");
	l->emphasis = mark != *p;
}

/* The word: all that stands before a blank, ":" or "=". */
static void
read_word(
    struct arena *a, struct command_look *l, const char *p, const char *end)
{
	const char *from = p, *stop = p;
	uint32_t c;
	char *name;

	while ((c = next(&p, end)) != 0 && c != ' ' && c != ':' && c != '=')
		stop = p;
	l->rest = c == 0 ? end : stop;
	l->end = end;
	name = cleaned(a, from, stop, false);
	trim_end(name, l->emphasis ? ".,;*_`" : ".,;");
	l->name = name;
	l->key = utf8_fold(a, name);
}

struct command_look
command_look(struct arena *a, struct command_line line)
{
	const char *p = line.s, *end = line.s + line.n;
	struct command_look l = text_line;
	uint32_t c;

	read_prefix(&l, &p, end);
	c = next(&p, end);
	if (c != '#' && c != '/')
		return text_line;
	l.marker = (char)c;
	l.loose |= c == '/' || peek(p, end) == ' ';
	if (c == '#')
		skip(&p, end, l.emphasis ? " *_`" : " ");
	if (!is_letter(peek(p, end)))
		return text_line;
	read_word(a, &l, p, end);
	return l;
}

/* A value that is put into quotes is what stands in them. */
static char *
unquoted(char *s)
{
	const char *p = s, *end = s + strlen(s), *inner, *last = s;
	uint32_t open = next(&p, end), c = 0;

	inner = p;
	while (p < end) {
		last = p;
		c = next(&p, end);
	}
	if ((open != '"' && open != '\'') || c != open || last < inner)
		return s;
	s[last - s] = '\0';
	s += inner - s;
	trim_end(s, " ");
	return s + strspn(s, " ");
}

static char *
value_of(struct arena *a, const struct command_look *l, enum command_word w)
{
	const char *p = l->rest;
	uint32_t c;
	char *s;

	skip(&p, l->end, " ");
	c = peek(p, l->end);
	if (c == ':' || c == '=') {
		next(&p, l->end);
		skip(&p, l->end, " ");
	}
	s = cleaned(a, p, l->end, command_raw(w));
	trim_end(s, l->emphasis ? " *_`" : " ");
	if (!command_raw(w))
		trim_end(s, " .,;");
	return w == COMMAND_NOTE ? s : unquoted(s);
}

struct command
command_made(struct arena *a, const struct command_look *l, size_t line)
{
	struct command c = {
		.word = command_folded(l->key), .line = line, .lines = 1
	};
	size_t n = utf8_cut(l->name, strlen(l->name), WRITTEN_MAX);

	c.written = arena_printf(a, "%c%.*s", l->marker, (int)n, l->name);
	c.value = value_of(a, l, c.word);
	return c;
}

/* "/etc/hosts" is text; "/resolve" is none, and "/noet" is asked about. Folders
 * have short names: "/tmp" is no "/typ". */
static bool
slash_counts(const struct command_look *l)
{
	enum command_word near[3];

	return command_folded(l->key) != COMMAND_COUNT ||
	    (is_name(l->name) && command_near_folded(l->key, 4, near) > 0);
}

bool
command_in_top(const struct command_look *l)
{
	return l->marker != 0 && !l->listed &&
	    (l->marker == '#' || slash_counts(l));
}

bool
command_known_below(struct arena *a, const struct command_look *l)
{
	enum command_word w = l->marker == 0 ? COMMAND_COUNT
					     : command_folded(l->key);
	const char *value;

	if (w == COMMAND_COUNT || command_only_top(w))
		return false;
	if (!l->loose || w == COMMAND_NOTE)
		return true;
	value = value_of(a, l, w);
	if (*value == '\0')
		return command_takes(w) != VALUE_MUST;
	return command_takes(w) != VALUE_NONE && strchr(value, ' ') == NULL;
}

bool
command_in_bottom(struct arena *a, const struct command_look *l)
{
	return command_known_below(a, l) && !l->listed &&
	    (command_folded(l->key) != COMMAND_NOTE ||
		*value_of(a, l, COMMAND_NOTE) == '\0');
}

bool
command_blank(struct command_line l)
{
	const char *p = l.s, *end = l.s + l.n;

	skip(&p, end, " ");
	return peek(p, end) == 0;
}

size_t
command_columns(struct command_line l, bool word)
{
	const char *p = l.s, *end = l.s + l.n;
	size_t n = 0;
	uint32_t c;

	while ((c = next(&p, end)) != 0 && !(word && c == ' '))
		n++;
	return n;
}
