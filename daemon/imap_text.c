/* UID sets, quoted strings, names of folders, base64: text for commands. */
#include "daemon/imap_text.h"

#include <string.h>

#include "parser/utf8.h"

#define SET_WORD_MAX 22 /* "4294967295:4294967295," */

size_t
imap_set(struct buf *out, const uint32_t *uids, size_t n, size_t max)
{
	size_t i = 0, start = out->len;

	while (i < n && out->len - start + SET_WORD_MAX <= max) {
		size_t last = i;

		while (last + 1 < n && uids[last + 1] == uids[last] + 1)
			last++;
		if (last == i)
			buf_printf(out, "%s%u", i == 0 ? "" : ",", uids[i]);
		else
			buf_printf(out, "%s%u:%u", i == 0 ? "" : ",", uids[i],
			    uids[last]);
		i = last + 1;
	}
	return i;
}

int
imap_quoted(struct buf *out, const char *s, struct err *e)
{
	for (const char *p = s; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || (unsigned char)*p >= 0x7f)
			return err_set(e, ERR_REJECT,
			    "a control character, or one outside of ASCII");
	buf_char(out, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_char(out, '\\');
		buf_char(out, *s);
	}
	return buf_char(out, '"');
}

static const char base64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
letter(struct buf *out, uint32_t bits, char last)
{
	char c = base64[bits & 63];

	if (c == '/')
		c = last;
	buf_char(out, c);
}

/* n bytes without "="; last stands for the 64th letter. */
static void
encode(struct buf *out, const unsigned char *p, size_t n, char last)
{
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | p[i];
		for (have += 8; have >= 6; have -= 6)
			letter(out, bits >> (have - 6), last);
	}
	if (have > 0)
		letter(out, bits << (6 - have), last);
}

void
imap_base64(struct buf *out, const void *p, size_t n)
{
	encode(out, p, n, '/');
	for (size_t i = n % 3; i != 0 && i < 3; i++)
		buf_char(out, '=');
}

/* c as UTF-16, big end first; returns the bytes. */
static size_t
utf16(unsigned char *out, uint32_t c)
{
	size_t n = 0;

	if (c >= 0x10000) {
		uint32_t high = 0xd800 + ((c - 0x10000) >> 10);

		out[n++] = (unsigned char)(high >> 8);
		out[n++] = (unsigned char)high;
		c = 0xdc00 + ((c - 0x10000) & 0x3ff);
	}
	out[n++] = (unsigned char)(c >> 8);
	out[n++] = (unsigned char)c;
	return n;
}

/* One run of characters outside of ASCII: "&...-". */
static void
shifted(struct buf *out, const char **p, const char *end)
{
	struct buf wide;
	unsigned char two[4];

	buf_init(&wide, 0);
	while (*p < end && (unsigned char)**p >= 0x80) {
		uint32_t c = utf8_next(p, end);

		buf_add(&wide, two, utf16(two, c));
	}
	buf_char(out, '&');
	encode(out, (const unsigned char *)buf_text(&wide), wide.len, ',');
	buf_char(out, '-');
	buf_done(&wide);
}

int
imap_folder(struct buf *out, const char *name, char delimiter, struct err *e)
{
	const char *p = name, *end = name + strlen(name);
	struct buf b;
	int rc;

	if (!utf8_valid(name, strlen(name)))
		return err_set(e, ERR_REJECT, "folder name is not UTF-8");
	buf_init(&b, 0);
	while (p < end) {
		if ((unsigned char)*p >= 0x80) {
			shifted(&b, &p, end);
			continue;
		}
		if (*p == '/' && delimiter != '\0')
			buf_char(&b, delimiter);
		else
			buf_char(&b, *p);
		if (*p++ == '&')
			buf_char(&b, '-');
	}
	rc = imap_quoted(out, buf_text(&b), e);
	buf_done(&b);
	if (rc == -1)
		return err_wrap(e, "folder name");
	return 0;
}
