/*
 * Address lists: RFC 5322 3.4 and what is sent instead.  The fields are read
 * by hand and not by libetpan's grammar, since that drops a whole From at the
 * first fault, recurses on every "(" and takes "Bob" for an address.  One pass,
 * no recursion.  What stands in an encoded word is never read as an address
 * (T01): it is decoded after the list was taken apart.
 */
#include "parser/address.h"

#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/buf.h"
#include "parser/charset_guess.h"
#include "parser/limits.h"
#include "parser/utf8.h"
#include "parser/word.h"

#define NAME_MAX_BYTES 400

/* One entry of the list, as far as it was read. */
struct entry {
	struct buf shown;   /* words before and after <>, quotes taken off */
	struct buf comment; /* what stood in ( ) */
	struct buf angle;   /* what stood in the last < > that has an @ */
	bool has_angle;
	bool quoted; /* some of the words */
};

struct list {
	struct arena *a;
	const char *hint;
	struct address *out;
	size_t n, cap, bad;
	struct entry e;
};

/* Behind "quoted text"; an open quote goes to the end. */
static const char *
read_quoted(struct buf *out, const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		buf_char(out, *p);
	}
	return p < end ? p + 1 : end;
}

/* A quote that is opened and not closed before the address is a letter. */
static bool
quote_closes(const char *p, const char *end)
{
	for (p++; p < end; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '"')
			return true;
	}
	return false;
}

/* Behind (a comment (in a comment)); RFC 5322 3.2.2.  Depth is only counted. */
static const char *
read_comment(struct buf *out, const char *p, const char *end)
{
	size_t depth = 1;

	if (out->len > 0)
		buf_char(out, ' ');
	for (p++; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
		buf_char(out, *p);
	}
	return end;
}

/* Behind <...>.  An open bracket ends at the next comma, as at the end; but a
 * source route (RFC 5322 4.4) has commas. */
static const char *
read_angle(struct entry *e, const char *p, const char *end)
{
	const char *from = ++p;
	bool quoted = false, route = p < end && *p == '@';

	for (; p < end && (quoted || (*p != '>' && (route || *p != ',')));
	     p++) {
		if (*p == '"')
			quoted = !quoted;
		/* <one <two>: the first was no address */
		if (*p == '<' && !quoted) {
			buf_char(&e->shown, ' ');
			buf_add(&e->shown, from, (size_t)(p - from));
			from = p + 1;
		}
	}
	if (memchr(from, '@', (size_t)(p - from)) != NULL || !e->has_angle) {
		buf_clear(&e->angle);
		buf_add(&e->angle, from, (size_t)(p - from));
		e->has_angle = true;
	} else {
		buf_char(&e->shown, ' ');
		buf_add(&e->shown, from, (size_t)(p - from));
	}
	return p < end && *p == '>' ? p + 1 : p;
}

/* Behind "quoted"@ at s; NULL: there stands no such thing. */
static const char *
quoted_local(const char *s, const char *end)
{
	if (s == end || *s != '"')
		return NULL;
	for (s++; s < end && *s != '"'; s++)
		if (*s == '\\' && s + 1 < end)
			s++;
	return end - s > 1 && s[1] == '@' ? s + 2 : NULL;
}

/* Does it need no quotes? */
static bool
local_plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!ascii_alpha(s[i]) && !ascii_digit(s[i]) &&
		    strchr("._+-", s[i]) == NULL)
			return false;
	return n > 0;
}

/* Copy without blanks; "quoted"@ keeps them, and loses quotes that it does not
 * need. */
static size_t
copy_address(char *out, const char *s, const char *end)
{
	const char *behind = quoted_local(s, end);
	size_t len = 0;

	if (behind != NULL) {
		size_t n = (size_t)(behind - s) - 1;

		if (local_plain(s + 1, n - 2))
			memcpy(out, s + 1, len = n - 2);
		else
			memcpy(out, s, len = n);
		out[len++] = '@';
		s = behind;
	}
	for (; s < end; s++)
		if (!ascii_blank(*s))
			out[len++] = *s;
	out[len] = '\0';
	return len;
}

/* In UTF-8, whatever it came in. */
static char *
readable(struct arena *a, char *addr, size_t n)
{
	if (address_valid(addr))
		return addr;
	if (!utf8_valid(addr, n))
		addr = utf8_from(a, NULL, addr, n, NULL);
	return address_readable(addr) ? addr : NULL;
}

/* Without blanks, "mailto:", a source route, quotes around the whole and a dot
 * at the end.  NULL: it is no address. */
static char *
clean_address(struct arena *a, const char *s, size_t n)
{
	char *out = arena_alloc(a, n + 1);
	const char *end = s + n, *colon;

	while (s < end && quoted_local(s, end) == NULL &&
	    (ascii_blank(*s) || strchr("<'\"", *s) != NULL))
		s++;
	while (s < end &&
	    (ascii_blank(end[-1]) || strchr(">'\".", end[-1]) != NULL))
		end--;
	if (end - s > 7 && strncasecmp(s, "mailto:", 7) == 0)
		s += 7;
	colon = memchr(s, ':', (size_t)(end - s));
	if (s < end && *s == '@' && colon != NULL)
		s = colon + 1;
	n = copy_address(out, s, end);
	return readable(a, out, n);
}

/* Blanks before "@" and ".", and behind these, are comments of RFC 5322 4.4:
 * "ann @ example . com". */
static void
close_up(struct buf *words)
{
	char *s = words->data, *o = s;
	bool close = false;

	for (size_t i = 0; i < words->len;) {
		size_t from = i;

		while (i < words->len && ascii_blank(s[i]))
			i++;
		if (i < words->len && (s[i] == '@' || s[i] == '.'))
			close |= i > from;
		else if (i > from && !close)
			*o++ = ' ';
		if (i == words->len)
			break;
		close = s[i] == '@' || (s[i] == '.' && close);
		*o++ = s[i++];
	}
	words->len = (size_t)(o - s);
}

/* An address among the words of a name: "Bob bob@example.com".  It is taken
 * out of the words; *at moves behind it. */
static char *
find_bare(struct arena *a, struct buf *words, size_t *at)
{
	const char *text = buf_text(words), *end = text + words->len, *p;
	const char *s = text + *at;
	char *addr = NULL;

	while (s < end && addr == NULL) {
		p = quoted_local(s, end);
		for (p = p == NULL ? s : p; p < end && !ascii_blank(*p); p++)
			continue;
		if (memchr(s, '@', (size_t)(p - s)) != NULL)
			addr = clean_address(a, s, (size_t)(p - s));
		if (addr == NULL) {
			s = p < end ? p + 1 : end;
			continue;
		}
		memset(words->data + (s - text), ' ', (size_t)(p - s));
		*at = (size_t)(p - text);
	}
	return addr;
}

static void
entry_clear(struct entry *e)
{
	buf_clear(&e->shown);
	buf_clear(&e->comment);
	buf_clear(&e->angle);
	e->has_angle = false;
	e->quoted = false;
}

/* Quotes around a name that were no syntax, as in 'Ann' or ("Ann"). */
static char *
strip_quotes(char *name)
{
	size_t n = strlen(name);

	if (n > 2 && (name[0] == '\'' || name[0] == '"') &&
	    name[n - 1] == name[0]) {
		name[n - 1] = '\0';
		name++;
	}
	return name;
}

static void
add(struct list *l, const char *addr)
{
	if (l->n == MAIL_ADDRESSES_MAX) {
		l->bad++;
		return;
	}
	l->out = arena_grow(l->a, l->out, l->n, &l->cap, sizeof(*l->out));
	l->out[l->n++] = (struct address){ .name = "", .addr = addr };
}

/* May these words be the beginning of a name with a comma in it? */
static bool
half_name(const struct entry *e)
{
	return !e->has_angle && e->shown.len > 0 &&
	    e->shown.len < NAME_MAX_BYTES &&
	    memchr(e->shown.data, '@', e->shown.len) == NULL;
}

/* The address of an entry: in < >, else among the words, else in ( ). */
static char *
find_address(struct list *l, size_t *at)
{
	struct entry *e = &l->e;
	char *addr = NULL;
	size_t from = 0;

	if (e->has_angle)
		addr = clean_address(l->a, buf_text(&e->angle), e->angle.len);
	else if (!e->quoted && e->shown.len > 0)
		close_up(&e->shown);
	if (addr == NULL)
		addr = find_bare(l->a, &e->shown, at);
	if (addr == NULL)
		addr = find_bare(l->a, &e->comment, &from);
	return addr;
}

static bool
says_nothing(const struct buf *words)
{
	return words->len == 0 || strspn(buf_text(words), " ,\t") >= words->len;
}

static void
trim(struct buf *words)
{
	while (words->len > 0 && ascii_blank(words->data[words->len - 1]))
		words->len--;
}

/* The entry is complete.  comma: a name without address may belong to the next
 * entry, as in  Doe, John <john@example.com>. */
static void
finish(struct list *l, bool comma)
{
	struct entry *e = &l->e;
	struct buf *words = &e->shown;
	size_t first = l->n, at = 0;
	char *addr;

	if (comma && half_name(e)) {
		buf_str(&e->shown, ", ");
		return;
	}
	addr = find_address(l, &at);
	if (addr == NULL)
		l->bad += e->has_angle ? e->angle.len > 0 : e->shown.len > 0;
	/* "a@example.com b@example.com": the comma was forgotten */
	for (; addr != NULL; addr = e->has_angle || e->quoted
		 ? NULL
		 : find_bare(l->a, &e->shown, &at))
		add(l, addr);
	trim(words);
	if (says_nothing(words))
		words = &e->comment;
	if (l->n > first)
		l->out[first].name = strip_quotes(word_decode(l->a,
		    buf_text(words), words->len, l->hint, NAME_MAX_BYTES));
	entry_clear(e);
}

/* "group name:" goes; what it holds is read as part of the list. */
static bool
group_colon(const struct list *l)
{
	const char *s = buf_text(&l->e.shown);

	return !l->e.has_angle && memchr(s, '@', l->e.shown.len) == NULL &&
	    (l->e.shown.len < 6 ||
		strcasecmp(s + l->e.shown.len - 6, "mailto") != 0);
}

/* "A name", "a local part"@, or a quote that does not close. */
static const char *
read_quote(struct entry *e, const char *p, const char *end)
{
	const char *behind = quoted_local(p, end);

	if (behind != NULL) {
		buf_add(&e->shown, p, (size_t)(behind - p));
		return behind;
	}
	if (!quote_closes(p, end))
		return p + 1;
	e->quoted = true;
	return read_quoted(&e->shown, p, end);
}

static const char *
read_one(struct list *l, const char *p, const char *end)
{
	struct entry *e = &l->e;
	size_t n;

	switch (*p) {
	case '"':
		return read_quote(e, p, end);
	case '(':
		return read_comment(&e->comment, p, end);
	case '<':
		return read_angle(e, p, end);
	case '>': /* one too many */
		return p + 1;
	case ',':
	case ';':
		finish(l, *p == ',');
		return p + 1;
	case ':':
		if (group_colon(l)) {
			entry_clear(e);
			return p + 1;
		}
		break;
	case '\\':
		if (p + 1 < end)
			p++;
		break;
	case '=':
		n = word_length(p, (size_t)(end - p));
		if (n > 0) {
			buf_add(&e->shown, p, n);
			return p + n;
		}
		break;
	default:
		break;
	}
	buf_char(&e->shown, *p);
	return p + 1;
}

size_t
address_list(struct arena *a, const char *value, size_t n, struct address **out,
    size_t *bad)
{
	return address_read(a, value, n, NULL, out, bad);
}

/* Raw text of two bytes a character has "<", "@" and "\" among the second ones:
 * it is read before the list is taken apart. */
static const char *
without_pairs(struct arena *a, const char *value, size_t *n, const char *hint)
{
	const char *text = value, *charset = NULL;

	if (memchr(value, 0x1b, *n) == NULL) {
		if (utf8_valid(value, *n))
			return value;
		charset = charset_tells(hint) ? hint : NULL;
		if (charset == NULL && charset_guess(value, *n, false) == NULL)
			return value;
	}
	text = utf8_from(a, charset, value, *n, NULL);
	*n = strlen(text);
	return text;
}

size_t
address_read(struct arena *a, const char *value, size_t n, const char *hint,
    struct address **out, size_t *bad)
{
	struct list l = { .a = a, .hint = hint };
	const char *p = without_pairs(a, value, &n, hint), *end = p + n;

	buf_init(&l.e.shown, MAIL_FIELD_MAX);
	buf_init(&l.e.comment, MAIL_FIELD_MAX);
	buf_init(&l.e.angle, MAIL_FIELD_MAX);
	while (p < end)
		p = read_one(&l, p, end);
	finish(&l, false);
	buf_done(&l.e.shown);
	buf_done(&l.e.comment);
	buf_done(&l.e.angle);
	*out = l.out;
	if (bad != NULL)
		*bad = l.bad;
	return l.n;
}
