/* Which line of an mbox begins a mail, and which fields only mail has. */
#include "parser/mbox_from.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "parser/date.h"
#include "parser/mbox.h"

size_t
mbox_line(const char *p, size_t n)
{
	const char *end = memchr(p, '\n', n);

	return end == NULL ? n : (size_t)(end - p) + 1;
}

/* "Tue Nov 21 10:00:00 2023" somewhere in the line; its zone may follow. */
static int64_t
from_date(const char *p, size_t n)
{
	static const char days[] = "MonTueWedThuFriSatSun";
	int64_t when = 0;
	int zone = 0;

	for (size_t i = 4; i + 20 <= n; i++) {
		if (p[i] != ' ' || p[i + 4] == ':')
			continue;
		for (size_t d = 0; d < 21; d += 3)
			if (memcmp(p + i + 1, days + d, 3) == 0 &&
			    (p[i + 4] == ' ' || p[i + 4] == ',') &&
			    date_parse(p + i + 1, n - i - 1, &when, &zone))
				return when;
	}
	return 0;
}

/* The name of a field and its colon (RFC 5322 2.2): its length, else 0. */
static size_t
field_name(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && i < 76 && p[i] > 32 && p[i] < 127 && p[i] != ':')
		i++;
	return i > 0 && i < n && p[i] == ':' ? i : 0;
}

/* Fields with which mail really begins.  "Note: ..." in a text is none. */
static bool
known_field(const char *p, size_t n)
{
	static const char *const names[] = { "received", "return-path", "from",
		"to", "date", "subject", "message-id", "mime-version",
		"delivered-to", "reply-to", "sender", "content-type", "status",
		"envelope-to", "dkim-signature", "authentication-results",
		"arc-seal", "list-id", "cc" };
	size_t len = field_name(p, n);

	if (len > 2 && (p[0] == 'X' || p[0] == 'x') && p[1] == '-')
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len &&
		    strncasecmp(p, names[i], len) == 0)
			return true;
	return false;
}

static bool
is_from(const char *p, size_t n)
{
	return n >= 5 && memcmp(p, "From ", 5) == 0;
}

bool
mbox_begins(const char *p, size_t n, bool empty, int64_t *date)
{
	size_t len = mbox_line(p, n);

	if (!is_from(p, n) || len > MBOX_LINE_LONG)
		return false;
	*date = from_date(p, len);
	if (*date != 0 && empty)
		return true;
	return (*date != 0 || empty) && known_field(p + len, n - len);
}

/* "12345" up to the line's end. */
static bool
digits(const char *p, size_t n, uint64_t *out)
{
	uint64_t v = 0;
	size_t i = 0;

	while (i < n && (p[i] == ' ' || p[i] == '\t'))
		i++;
	if (i == n || !isdigit((unsigned char)p[i]))
		return false;
	for (; i < n && isdigit((unsigned char)p[i]); i++) {
		if (v > UINT64_MAX / 16)
			return false;
		v = v * 10 + (uint64_t)(p[i] - '0');
	}
	*out = v;
	return true;
}

int
mbox_length(const char **p, const char *end, uint64_t *length)
{
	static const char name[] = "content-length:";
	bool found = false;

	while (*p < end) {
		const char *line = *p;
		size_t n = mbox_line(line, (size_t)(end - line));

		*p += n;
		if (*line == '\n' || (*line == '\r' && n <= 2))
			return found;
		if (n >= sizeof(name) &&
		    strncasecmp(line, name, sizeof(name) - 1) == 0)
			found = digits(line + sizeof(name) - 1,
			    n - sizeof(name) + 1, length);
	}
	return 0;
}

bool
mbox_looks(const char *p, size_t n)
{
	int64_t date;

	while (n > 0 && (*p == '\n' || *p == '\r')) {
		p++;
		n--;
	}
	return mbox_begins(p, n, true, &date);
}

/* Fields up to an empty line, and one of them such that only mail has it. */
bool
mbox_looks_single(const char *p, size_t n)
{
	const char *end = p + n;

	for (size_t len; p < end; p += len) {
		size_t left = (size_t)(end - p);

		len = mbox_line(p, left);
		if (known_field(p, left))
			return true;
		if (field_name(p, left) == 0 && *p != ' ' && *p != '\t')
			return false;
	}
	return false;
}
