/* Content lines of a calendar.  See calendar_line.h. */
#include "parser/calendar_line.h"

#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/utf8.h"

#define NAME_LONG 40 /* no property we want has a longer name */

char *
calendar_unfold(struct arena *a, const char *s, size_t n, size_t *len)
{
	char *out = arena_alloc(a, n + 1);
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		size_t end = i;

		if (s[i] == '\r' && i + 1 < n && s[i + 1] == '\n')
			end = i + 1;
		if ((s[i] == '\r' || s[i] == '\n') && end + 1 < n &&
		    (s[end + 1] == ' ' || s[end + 1] == '\t')) {
			i = end + 1;
			continue;
		}
		out[k++] = s[i];
	}
	out[k] = '\0';
	*len = k;
	return out;
}

/* Behind the parameters, at the colon; quotes hold colons and semicolons. */
static const char *
params_end(const char *s)
{
	bool quoted = false;

	for (; *s != '\0'; s++) {
		if (*s == '"')
			quoted = !quoted;
		else if (*s == ':' && !quoted)
			return s;
	}
	return NULL;
}

bool
property_read(struct arena *a, const char *line, struct property *p)
{
	size_t n = strspn(line,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
	const char *colon;
	char *name;

	if (n == 0 || n > NAME_LONG || (line[n] != ':' && line[n] != ';'))
		return false;
	colon = params_end(line + n);
	if (colon == NULL) /* a quote that is never closed */
		colon = strchr(line + n, ':');
	if (colon == NULL)
		return false;
	name = arena_strndup(a, line, n);
	for (char *c = name; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	p->name = name;
	p->params = line + n;
	p->params_n = (size_t)(colon - (line + n));
	p->value = colon + 1;
	return true;
}

/* RFC 6868: ^n, ^^ and ^' in parameters. */
static char *
param_value(struct arena *a, const char *s, size_t n)
{
	static const char codes[] = "n^'", meanings[] = " ^\"";
	char *copy, *out;

	if (n >= 2 && s[0] == '"' && s[n - 1] == '"') {
		s++;
		n -= 2;
	}
	copy = out = arena_strndup(a, s, n);
	for (const char *p = copy; *p != '\0'; p++) {
		const char *code = *p == '^' && p[1] != '\0'
		    ? strchr(codes, p[1])
		    : NULL;

		p += code != NULL;
		*out++ = *(code == NULL ? p : &meanings[code - codes]);
	}
	*out = '\0';
	return utf8_line(a, copy, CALENDAR_VALUE_MAX);
}

const char *
property_param(struct arena *a, const struct property *p, const char *name)
{
	const char *s = p->params, *end = s + p->params_n;
	size_t n = strlen(name);

	while (s < end) {
		bool quoted = false;
		const char *from = ++s; /* behind the ";" */

		for (; s < end && (quoted || *s != ';'); s++)
			quoted ^= *s == '"';
		if ((size_t)(s - from) > n + 1 && from[n] == '=' &&
		    strncasecmp(from, name, n) == 0) {
			const char *v = param_value(
			    a, from + n + 1, (size_t)(s - from) - n - 1);

			return *v == '\0' ? NULL : v;
		}
	}
	return NULL;
}

/* vCalendar 1.0 writes texts in quoted-printable with a charset of their own.
 */
static const char *
old_text(struct arena *a, const struct property *p)
{
	const char *encoding = property_param(a, p, "ENCODING"), *s = p->value;
	char *copy, *out;

	if (encoding == NULL || strcasecmp(encoding, "QUOTED-PRINTABLE") != 0)
		return p->value;
	copy = out = arena_strdup(a, s);
	for (; *s != '\0'; s++) {
		int high = *s == '=' ? ascii_hex(s[1]) : -1;
		int low = high >= 0 ? ascii_hex(s[2]) : -1;

		if (low < 0) {
			*out++ = *s;
			continue;
		}
		*out++ = (char)(high * 16 + low);
		s += 2;
	}
	return utf8_from(a, property_param(a, p, "CHARSET"), copy,
	    (size_t)(out - copy), NULL);
}

char *
property_text(struct arena *a, const struct property *p)
{
	char *copy = arena_strdup(a, old_text(a, p)), *out = copy;

	for (const char *s = copy; *s != '\0'; s++) {
		bool escape = *s == '\\' && s[1] != '\0';

		s += escape;
		*out++ = *(escape && (*s == 'n' || *s == 'N') ? "\n" : s);
	}
	*out = '\0';
	return copy;
}

/* vCalendar 1.0 goes on behind "=". */
char *
calendar_next(char **at)
{
	char *line = *at, *end = line + strcspn(line, "\n");
	const char *old;

	*at = *end == '\0' ? end : end + 1;
	*end = '\0';
	old = ascii_find(line, "QUOTED-PRINTABLE");
	while (old != NULL && end > line && end[-1] == '=' && **at != '\0') {
		size_t n = strcspn(*at, "\n");
		char *next = (*at)[n] == '\0' ? *at + n : *at + n + 1;

		memmove(--end, *at, n);
		end += n;
		*end = '\0';
		*at = next;
	}
	while (end > line && ascii_blank(end[-1]))
		*--end = '\0';
	return line;
}
