/*
 * Bytes that may travel (RFC 2045, 2047, 2231, 5322).  Nothing here knows what
 * a ticket or a letter is, and nothing trusts its caller about line breaks.
 */
#include "parser/encode.h"

#include <stdint.h>
#include <string.h>

#include "parser/limits.h"
#include "parser/utf8.h"

#define WORD_MAX       75 /* an encoded word, RFC 2047 2 */
#define WORD_FRAME     12 /* "=?UTF-8?Q?" and "?=" */
#define WORD_ROOM_MIN  28 /* less room than this: begin a new line */
#define PLAIN_MAX      70 /* longer ASCII words are encoded, to be broken */
#define PLAIN_LONG_MAX 900

static const char hex[] = "0123456789ABCDEF";
static const char base64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

static bool
is_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z');
}

/* One of the bytes of set, which must not contain NUL. */
static bool
in_set(const char *set, unsigned char c)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* RFC 2047 5 (3): what may stand for itself even inside a phrase. */
static bool
is_word_safe(unsigned char c)
{
	return is_alnum(c) || in_set("!*+-/", c);
}

/* RFC 5322 3.2.3 */
static bool
is_atext(unsigned char c)
{
	return is_alnum(c) || in_set("!#$%&'*+-/=?^_`{|}~", c);
}

/* Printable ASCII that no reader takes for an encoded word. */
static bool
is_plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c > 0x7e)
			return false;
		if (c == '=' && i + 1 < n && s[i + 1] == '?')
			return false;
	}
	return true;
}

void
encode_open(
    struct encode *f, struct arena *a, struct buf *out, const char *name)
{
	*f = (struct encode){ .arena = a, .out = out };
	f->column = strlen(name) + 1;
	buf_str(out, name);
	buf_char(out, ':');
}

void
encode_close(struct encode *f)
{
	buf_str(f->out, "\r\n");
	f->column = 0;
}

static void
fold(struct encode *f)
{
	buf_str(f->out, "\r\n ");
	f->column = 1;
}

void
encode_token(struct encode *f, const char *token, size_t n)
{
	if (f->column + 1 + n > ENCODE_COLUMNS) {
		fold(f);
	} else {
		buf_char(f->out, ' ');
		f->column++;
	}
	buf_add(f->out, token, n);
	f->column += n;
}

static void
put_hex(struct buf *out, char mark, unsigned char c)
{
	buf_char(out, mark);
	buf_char(out, hex[c >> 4]);
	buf_char(out, hex[c & 15]);
}

static void
put_base64(struct buf *out, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16;
		char four[4];

		if (i + 1 < n)
			v |= (uint32_t)p[i + 1] << 8;
		if (i + 2 < n)
			v |= p[i + 2];
		four[0] = base64[v >> 18];
		four[1] = base64[v >> 12 & 63];
		four[2] = base64[i + 1 < n ? v >> 6 & 63 : 64];
		four[3] = base64[i + 2 < n ? v & 63 : 64];
		buf_add(out, four, sizeof(four));
	}
}

/* Columns that n bytes take in the "Q" or the "B" encoding. */
static size_t
word_cost(const char *s, size_t n, char how)
{
	size_t cost = 0;

	if (how == 'B')
		return (n + 2) / 3 * 4;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		cost += c == ' ' || is_word_safe(c) ? 1 : 3;
	}
	return cost;
}

static void
word_put(struct buf *out, const char *s, size_t n, char how)
{
	buf_printf(out, "=?UTF-8?%c?", how);
	for (size_t i = 0; how == 'Q' && i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == ' ')
			buf_char(out, '_');
		else if (is_word_safe(c))
			buf_char(out, (char)c);
		else
			put_hex(out, '=', c);
	}
	if (how == 'B')
		put_base64(out, (const unsigned char *)s, n);
	buf_str(out, "?=");
}

/* The longest run of whole characters that costs at most max columns. */
static size_t
word_fit(const char *s, size_t n, char how, size_t max)
{
	const char *p = s;
	size_t fit = 0, cost = 0;

	while (p < s + n) {
		const char *from = p;

		utf8_next(&p, s + n);
		cost = how == 'B'
		    ? word_cost(s, (size_t)(p - s), how)
		    : cost + word_cost(from, (size_t)(p - from), how);
		if (cost > max)
			break;
		fit = (size_t)(p - s);
	}
	return fit;
}

/* Text as encoded words; blanks between two of them are dropped by readers, so
 * the blanks of the text stand inside. */
static void
put_words(struct encode *f, const char *s, size_t n)
{
	char how = word_cost(s, n, 'Q') <= word_cost(s, n, 'B') ? 'Q' : 'B';

	while (n > 0) {
		size_t room = f->column + 1 < ENCODE_COLUMNS
		    ? ENCODE_COLUMNS - f->column - 1
		    : 0;
		size_t fit;

		if (room < WORD_ROOM_MIN) {
			fold(f);
			room = WORD_MAX;
		} else {
			buf_char(f->out, ' ');
			f->column++;
		}
		if (room > WORD_MAX)
			room = WORD_MAX;
		fit = word_fit(s, n, how, room - WORD_FRAME);
		word_put(f->out, s, fit, how);
		f->column += WORD_FRAME + word_cost(s, fit, how);
		s += fit;
		n -= fit;
	}
}

/* Where the word at s ends. */
static size_t
word_length(const char *s)
{
	return strcspn(s, " ");
}

void
encode_text(struct encode *f, const char *text, bool long_words)
{
	size_t max = long_words ? PLAIN_LONG_MAX : PLAIN_MAX;
	const char *s = utf8_line(f->arena, text, MAIL_FIELD_MAX);

	for (s += strspn(s, " "); *s != '\0'; s += strspn(s, " ")) {
		size_t n = word_length(s), end = 0, gap = 0;

		if (n <= max && is_plain(s, n)) {
			encode_token(f, s, n);
			s += n;
			continue;
		}
		/* Neighbours that need encoding go together. */
		while (n > max || !is_plain(s + end + gap, n)) {
			end += gap + n;
			gap = strspn(s + end, " ");
			n = word_length(s + end + gap);
		}
		put_words(f, s, end);
		s += end;
	}
}

/* All words of the name are atoms (RFC 5322 3.2.3)? */
static bool
is_atoms(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s != ' ' && !is_atext((unsigned char)*s))
			return false;
	return true;
}

/* s in quotes, with backslashes before " and \ (RFC 5322 3.2.4). */
static const char *
quoted(struct arena *a, const char *s)
{
	char *q = arena_alloc(a, 2 * strlen(s) + 3), *p = q;

	*p++ = '"';
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			*p++ = '\\';
		*p++ = *s;
	}
	*p = '"';
	return q;
}

void
encode_phrase(struct encode *f, const char *name)
{
	const char *s = utf8_line(f->arena, name, MAIL_NAME_MAX), *q;
	size_t n;

	s += strspn(s, " ");
	n = strlen(s);
	while (n > 0 && s[n - 1] == ' ')
		n--;
	s = arena_strndup(f->arena, s, n);
	if (n > PLAIN_MAX - 2 || !is_plain(s, n)) {
		put_words(f, s, n);
		return;
	}
	if (!is_atoms(s)) {
		q = quoted(f->arena, s);
		encode_token(f, q, strlen(q));
		return;
	}
	for (; *s != '\0'; s += strspn(s, " ")) {
		encode_token(f, s, word_length(s));
		s += word_length(s);
	}
}

/* RFC 2231 attribute-char */
static bool
is_param_safe(unsigned char c)
{
	return is_alnum(c) || in_set("!#$&+-.^_`{|}~", c);
}

/* One "; name*N*=..." with as much of s as fits on a line; returns how much. */
static size_t
param_piece(struct encode *f, const char *name, int piece, const char *s)
{
	size_t room, used = 0, n = strlen(s);
	const char *p = s;

	buf_char(f->out, ';');
	fold(f);
	buf_printf(
	    f->out, "%s*%d*=%s", name, piece, piece == 0 ? "UTF-8''" : "");
	f->column += strlen(name) + 4 + (piece > 9) + (piece == 0 ? 7 : 0);
	room = ENCODE_COLUMNS - 1 - f->column;
	while (p < s + n) {
		const char *from = p;
		size_t cost = 0;

		utf8_next(&p, s + n);
		for (const char *c = from; c < p; c++)
			cost += is_param_safe((unsigned char)*c) ? 1 : 3;
		if (cost > room)
			return (size_t)(from - s);
		for (const char *c = from; c < p; c++, used++) {
			if (is_param_safe((unsigned char)*c))
				buf_char(f->out, *c);
			else
				put_hex(f->out, '%', (unsigned char)*c);
		}
		room -= cost;
		f->column += cost;
	}
	return n;
}

void
encode_param(struct encode *f, const char *name, const char *value)
{
	const char *s = utf8_line(f->arena, value, MAIL_NAME_MAX), *q;
	size_t n = strlen(s), taken;
	int piece = 0;

	if (n + strlen(name) < 60 && is_plain(s, n)) {
		q = arena_printf(f->arena, "%s=%s", name, quoted(f->arena, s));
		buf_char(f->out, ';');
		f->column++;
		encode_token(f, q, strlen(q));
		return;
	}
	do {
		taken = param_piece(f, name, piece++, s);
		s += taken;
	} while (*s != '\0' && taken > 0);
}

/* Must the byte at p (before end) be written as =XX, at this column? */
static bool
qp_hides(const char *p, const char *end, size_t column)
{
	unsigned char c = (unsigned char)*p;

	if (c == ' ' || c == '\t')
		return p + 1 == end || p[1] == '\n';
	if (c < 0x20 || c > 0x7e || c == '=')
		return true;
	if (column > 0)
		return false;
	return c == '.' || (end - p >= 5 && memcmp(p, "From ", 5) == 0);
}

void
encode_qp(struct buf *out, const char *text, size_t n)
{
	const char *end = text + n;
	size_t column = 0;

	for (const char *p = text; p < end; p++) {
		bool hide, last = p + 1 == end || p[1] == '\n';
		size_t cost;

		if (*p == '\n') {
			buf_str(out, "\r\n");
			column = 0;
			continue;
		}
		hide = qp_hides(p, end, column);
		cost = hide ? 3 : 1;
		/* The last byte of a line needs no room for the "=". */
		if (column + cost + (last ? 0 : 1) > ENCODE_COLUMNS) {
			buf_str(out, "=\r\n");
			column = 0;
			hide = qp_hides(p, end, 0);
			cost = hide ? 3 : 1;
		}
		if (hide)
			put_hex(out, '=', (unsigned char)*p);
		else
			buf_char(out, *p);
		column += cost;
	}
	if (column > 0)
		buf_str(out, "\r\n");
}

void
encode_base64(struct buf *out, const void *p, size_t n)
{
	const unsigned char *s = p;
	size_t line = (size_t)ENCODE_COLUMNS / 4 * 3;

	for (; n > 0; s += line, n -= line) {
		if (line > n)
			line = n;
		put_base64(out, s, line);
		buf_str(out, "\r\n");
	}
}

char *
encode_base64_word(struct arena *a, const void *p, size_t n)
{
	struct buf b;
	char *word;

	buf_init(&b, 0);
	put_base64(&b, p, n);
	word = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return word;
}
