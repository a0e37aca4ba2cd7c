/* JSON out (RFC 8259).  Text is UTF-8 already; what is not becomes U+FFFD. */
#include "parser/json.h"

#include <string.h>

#include "parser/date.h"
#include "parser/utf8.h"

void
json_init(struct json *j, struct buf *out)
{
	*j = (struct json){ .out = out };
}

static void
escape(struct buf *out, uint32_t c)
{
	static const char *const names[] = {
		['\b'] = "\\b",
		['\t'] = "\\t",
		['\n'] = "\\n",
		['\f'] = "\\f",
		['\r'] = "\\r",
		['"'] = "\\\"",
		['\\'] = "\\\\",
	};
	char put[4];

	if (c < sizeof(names) / sizeof(*names) && names[c] != NULL)
		buf_str(out, names[c]);
	else if (c < 0x20 || c == 0x7f)
		buf_printf(out, "\\u%04x", (unsigned)c);
	else
		buf_add(out, put, utf8_put(put, c));
}

static bool
plain(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7f &&
	    c != '"' && c != '\\';
}

static void
quote(struct buf *out, const char *s)
{
	const char *end = s + strlen(s);

	buf_char(out, '"');
	while (s < end) {
		const char *p = s;

		while (p < end && plain(*p))
			p++;
		buf_add(out, s, (size_t)(p - s));
		s = p;
		if (s < end)
			escape(out, utf8_next(&s, end));
	}
	buf_char(out, '"');
}

/* The comma, the line and the key before a value. */
static void
lead(struct json *j, const char *key)
{
	if (j->comma)
		buf_char(j->out, ',');
	if (key != NULL) {
		quote(j->out, key);
		buf_char(j->out, ':');
	}
	j->comma = true;
}

static void
open_with(struct json *j, const char *key, char c)
{
	lead(j, key);
	buf_char(j->out, c);
	j->depth++;
	j->comma = false;
}

static void
close_with(struct json *j, char c)
{
	buf_char(j->out, c);
	j->depth--;
	j->comma = true;
	if (j->depth == 0)
		buf_char(j->out, '\n');
}

void
json_object(struct json *j, const char *key)
{
	open_with(j, key, '{');
}

void
json_object_end(struct json *j)
{
	close_with(j, '}');
}

void
json_array(struct json *j, const char *key)
{
	open_with(j, key, '[');
}

void
json_array_end(struct json *j)
{
	close_with(j, ']');
}

void
json_text(struct json *j, const char *key, const char *value)
{
	lead(j, key);
	if (value == NULL)
		buf_str(j->out, "null");
	else
		quote(j->out, value);
}

void
json_int(struct json *j, const char *key, int64_t value)
{
	lead(j, key);
	buf_printf(j->out, "%lld", (long long)value);
}

void
json_bool(struct json *j, const char *key, bool value)
{
	lead(j, key);
	buf_str(j->out, value ? "true" : "false");
}

void
json_raw(struct json *j, const char *key, const char *json)
{
	lead(j, key);
	buf_str(j->out, json);
}

void
json_time(struct json *j, const char *key, int64_t when)
{
	char text[DATE_SIZE];

	if (when != 0)
		date_rfc3339(when, text);
	json_text(j, key, when == 0 ? NULL : text);
}
