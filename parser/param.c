/*
 * Parameters of MIME fields (RFC 2045 5.1, RFC 2231).  See param.h.
 */
#include "parser/param.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/buf.h"
#include "parser/limits.h"
#include "parser/utf8.h"
#include "parser/word.h"

static const char *
skip_blanks(const char *p, const char *end)
{
	size_t depth = 0;

	for (; p < end; p++) {
		if (*p == '(')
			depth++;
		else if (*p == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !ascii_blank(*p))
			break;
		else if (depth > 0 && *p == '\\' && p + 1 < end)
			p++;
	}
	return p;
}

static char *
lower(struct arena *a, const char *s, size_t n)
{
	char *out = arena_memdup(a, s, n);

	for (char *p = out; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	return out;
}

/* The main value: a word and perhaps "/word", up to ";" . */
static const char *
read_value(struct arena *a, const char *p, const char *end, const char **out)
{
	struct buf b;

	buf_init(&b, 256);
	for (;;) {
		p = skip_blanks(p, end);
		if (p == end || *p == ';')
			break;
		/* a missing ";" before the first parameter */
		if (b.len > 0 && *p != '/' && b.data[b.len - 1] != '/')
			break;
		while (p < end && !ascii_blank(*p) && *p != ';' && *p != '(') {
			if (*p != '"')
				buf_char(&b, *p);
			p++;
		}
	}
	*out = lower(a, buf_text(&b), b.len);
	buf_done(&b);
	return p;
}

/* Take "*", "*0", "*0*" off a name of n bytes. */
static size_t
read_suffix(const char *s, size_t n, struct param *out)
{
	const char *star = memchr(s, '*', n);
	int v = 0;

	out->index = -1;
	out->extended = n > 0 && s[n - 1] == '*';
	if (star == NULL)
		return n;
	for (const char *p = star + 1; p < s + n && *p >= '0' && *p <= '9'; p++)
		v = v < 10000 ? v * 10 + (*p - '0') : v;
	if (star + 1 < s + n && star[1] >= '0' && star[1] <= '9')
		out->index = v;
	return (size_t)(star - s);
}

/* "quoted"; one that never ends stops at the next ";". */
static const char *
read_quoted(struct arena *a, const char *p, const char *end, struct param *out)
{
	char *v = arena_alloc(a, (size_t)(end - p) + 1);
	const char *from = ++p;
	size_t n = 0;

	for (; p < end && *p != '"'; p++) {
		/* a backslash quotes only what needs it: C:\dir\file */
		if (*p == '\\' && p + 1 < end && (p[1] == '"' || p[1] == '\\'))
			p++;
		v[n++] = *p;
	}
	if (p == end) {
		p = memchr(from, ';', (size_t)(end - from));
		p = p == NULL ? end : p;
		n = (size_t)(p - from);
		memcpy(v, from, n);
	} else {
		p++;
	}
	out->value = v;
	out->n = n;
	return p;
}

/* Up to ";".  Blanks belong to it: name=my file.txt */
static const char *
read_plain(const char *p, const char *end, struct param *out)
{
	const char *from = p;

	while (p < end && *p != ';') {
		size_t n = *p == '=' ? word_length(p, (size_t)(end - p)) : 0;

		p += n > 0 ? n : 1;
	}
	out->value = from;
	out->n = (size_t)(p - from);
	while (out->n > 0 && ascii_blank(out->value[out->n - 1]))
		out->n--;
	if (out->n > 1 && from[0] == '\'' && from[out->n - 1] == '\'') {
		out->value++;
		out->n -= 2;
	}
	return p;
}

static const char *
read_param(struct arena *a, const char *p, const char *end, struct params *ps)
{
	const char *name = p;
	struct param x = { 0 };
	size_t n;

	while (
	    p < end && *p != '=' && *p != ';' && !ascii_blank(*p) && *p != '(')
		p++;
	n = (size_t)(p - name);
	p = skip_blanks(p, end);
	if (p == end || *p != '=' || n == 0)
		return p < end && *p == '=' ? p + 1 : p;
	p = skip_blanks(p + 1, end);
	n = read_suffix(name, n, &x);
	if (p < end && *p == '"')
		p = read_quoted(a, p, end, &x);
	else
		p = read_plain(p, end, &x);
	if (ps->n == MAIL_PARAMS_MAX) {
		ps->over = true;
		return p;
	}
	x.name = lower(a, name, n);
	ps->list = arena_grow(a, ps->list, ps->n, &ps->cap, sizeof(x));
	ps->list[ps->n++] = x;
	return p;
}

void
param_parse(struct arena *a, const char *s, size_t n, struct params *out)
{
	const char *p = s, *end = s + n;

	*out = (struct params){ 0 };
	p = read_value(a, p, end, &out->value);
	while (p < end && !out->over) {
		p = skip_blanks(p, end);
		if (p < end && *p == ';')
			p++;
		else if (p < end)
			p = read_param(a, p, end, out);
	}
}

static const struct param *
find(const struct params *p, const char *name, int index, int extended)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->list[i].index == index &&
		    (extended < 0 || p->list[i].extended == (extended != 0)) &&
		    strcmp(p->list[i].name, name) == 0)
			return &p->list[i];
	return NULL;
}

static void
add_percent(struct buf *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%' && i + 2 < n && ascii_hex(s[i + 1]) >= 0 &&
		    ascii_hex(s[i + 2]) >= 0) {
			buf_char(out,
			    (char)(ascii_hex(s[i + 1]) << 4 |
				ascii_hex(s[i + 2])));
			i += 2;
		} else {
			buf_char(out, s[i]);
		}
	}
}

/* Take "charset'language'" off the first segment; *charset has 64 bytes. */
static void
add_first(struct buf *out, const struct param *x, char *charset)
{
	const char *tick = memchr(x->value, '\'', x->n), *second = NULL;
	size_t n = tick == NULL ? 0 : (size_t)(tick - x->value);

	if (tick != NULL)
		second = memchr(tick + 1, '\'', x->n - n - 1);
	if (second == NULL || n > 63) {
		add_percent(out, x->value, x->n);
		return;
	}
	memcpy(charset, x->value, n);
	charset[n] = '\0';
	second++;
	add_percent(out, second, x->n - (size_t)(second - x->value));
}

/* The segment of the lowest index from `from` on; NULL: none. */
static const struct param *
next_segment(const struct params *p, const char *name, int from)
{
	const struct param *found = NULL;

	for (size_t i = 0; i < p->n; i++) {
		const struct param *x = &p->list[i];

		if (x->index >= from && strcmp(x->name, name) == 0 &&
		    (found == NULL || x->index < found->index))
			found = x;
	}
	return found;
}

/* All segments "name*0", "name*1*" ... in the order of their numbers, which
 * some programs begin at 1 and others lose one of. */
static bool
add_segments(struct buf *out, const struct params *p, const char *name,
    char *charset, bool *extended)
{
	const struct param *x;
	int from = 0;

	while ((x = next_segment(p, name, from)) != NULL) {
		if (x->extended && from == 0)
			add_first(out, x, charset);
		else if (x->extended)
			add_percent(out, x->value, x->n);
		else
			buf_add(out, x->value, x->n);
		*extended |= x->extended;
		from = x->index + 1;
	}
	return from > 0;
}

/* "utf-8''gr%C3%BC.txt" where no star said so: a charset that is known, and
 * two ticks. */
static bool
looks_extended(const struct param *x)
{
	const char *tick = memchr(x->value, '\'', x->n);
	size_t n = tick == NULL ? 0 : (size_t)(tick - x->value);
	char charset[32];

	if (n == 0 || n >= sizeof(charset) || n + 1 == x->n ||
	    memchr(tick + 1, '\'', x->n - n - 1) == NULL ||
	    memchr(x->value, '%', x->n) == NULL)
		return false;
	memcpy(charset, x->value, n);
	charset[n] = '\0';
	return charset_known(charset);
}

char *
param_text(struct arena *a, const struct params *p, const char *name,
    const char *hint, size_t max)
{
	const struct param *x = find(p, name, -1, 1);
	char charset[64] = "", *text = NULL;
	bool extended = x != NULL, found = true;
	struct buf b;

	buf_init(&b, MAIL_FIELD_MAX);
	if (x != NULL)
		add_first(&b, x, charset);
	else if (!add_segments(&b, p, name, charset, &extended)) {
		x = find(p, name, -1, 0);
		found = x != NULL;
		extended = found && looks_extended(x);
		if (extended)
			add_first(&b, x, charset);
		else if (found)
			buf_add(&b, x->value, x->n);
	}
	/* name*="=?utf-8?Q?...?=" is neither: decoded as the word it is */
	if (found && extended && charset[0] == '\0' &&
	    word_length(buf_text(&b), b.len) > 0)
		extended = false;
	if (found && extended)
		text = utf8_line(a,
		    utf8_from(a, charset[0] != '\0' ? charset : hint,
			buf_text(&b), b.len, NULL),
		    max);
	else if (found)
		text = word_decode(a, buf_text(&b), b.len, hint, max);
	buf_done(&b);
	return text;
}

const char *
param_bytes(
    struct arena *a, const struct params *p, const char *name, size_t *n)
{
	const struct param *x = find(p, name, -1, -1);
	char charset[64] = "";
	bool extended = false;
	const char *out = NULL;
	struct buf b;

	if (x != NULL && !x->extended) {
		*n = x->n;
		return x->value;
	}
	buf_init(&b, MAIL_FIELD_MAX);
	if (x != NULL)
		add_first(&b, x, charset);
	if (x != NULL || add_segments(&b, p, name, charset, &extended)) {
		*n = b.len;
		out = arena_memdup(a, buf_text(&b), b.len);
	}
	buf_done(&b);
	return out;
}

char *
param_file_name(struct arena *a, const char *text)
{
	char *name = utf8_line(a, text, (size_t)MAIL_NAME_MAX * 4), *o = name;
	size_t n;

	for (const char *p = name; *p != '\0'; p++) {
		if (o == name && (*p == '.' || *p == '-' || *p == ' '))
			continue;
		*o++ = *p;
		if (*p == '/' || *p == '\\')
			o = name; /* what stood before was a folder */
	}
	*o = '\0';
	n = strlen(name);
	if (n > MAIL_NAME_MAX) {
		/* keep the ending: people go by it */
		const char *dot = strrchr(name, '.');
		size_t tail = dot == NULL ? 0 : strlen(dot);

		if (tail > 20)
			tail = 0;
		n = utf8_cut(name, n, MAIL_NAME_MAX - tail);
		memmove(name + n, name + strlen(name) - tail, tail + 1);
	}
	return name[0] == '\0' ? NULL : name;
}
