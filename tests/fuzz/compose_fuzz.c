/*
 * Text, name and subject out of hostile bytes, composed, and read again by our
 * own parser: the same words, 7 bit, CRLF only, no line over 998, no field
 * that was not meant.  Input: subject LF-free up to the first NUL, name up to
 * the second, the rest is the text.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/buf.h"
#include "parser/compose.h"
#include "parser/compose_line.h"
#include "parser/limits.h"
#include "parser/mail.h"
#include "parser/nfc.h"
#include "parser/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes up to the next NUL, as text. */
static char *
word(struct arena *a, const uint8_t **p, size_t *left)
{
	const uint8_t *end = memchr(*p, '\0', *left);
	size_t n = end == NULL ? *left : (size_t)(end - *p);
	char *s = arena_strndup(a, (const char *)*p, n);

	*p += n + (end != NULL);
	*left -= n + (end != NULL);
	return s;
}

/* One line, without blanks at its ends. */
static const char *
line(struct arena *a, const char *s, size_t max)
{
	char *l = utf8_line(a, s, max);
	size_t n;

	l += strspn(l, " ");
	n = strlen(l);
	while (n > 0 && l[n - 1] == ' ')
		l[--n] = '\0';
	return utf8_nfc(a, l);
}

/* The name as a reader takes it: commas alone are none, 'x' is x, and so
 * is "x". */
static const char *
name_read(struct arena *a, const char *shown)
{
	char *name = arena_strdup(a, line(a, shown, MAIL_NAME_MAX));
	size_t n = strlen(name);

	if (strspn(name, " ,") == n)
		return "";
	if (n > 2 && strchr("'\"", name[0]) != NULL && name[n - 1] == name[0]) {
		name[n - 1] = '\0';
		name++;
	}
	return name;
}

/* What a text may look like when it comes back: flowed text loses blanks at
 * line ends and between ">"; empty lines at the ends are nobody's words. */
static const char *
settled(struct arena *a, const char *text, bool flowed)
{
	struct buf b;
	char *out;
	size_t n;

	buf_init(&b, 0);
	while (*text != '\0') {
		size_t len = strcspn(text, "\n"), end = len, mark = 0;
		size_t depth = flowed ? line_quotes(text, len, &mark) : 0;

		while (flowed && end > mark && text[end - 1] == ' ' &&
		    !(end - mark == 3 && memcmp(text + mark, "-- ", 3) == 0))
			end--;
		for (size_t i = 0; i < depth; i++)
			buf_char(&b, '>');
		if (depth > 0 && end > mark)
			buf_char(&b, ' ');
		buf_add(&b, text + mark, end - mark);
		buf_char(&b, '\n');
		text += len + (text[len] == '\n');
	}
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	out += strspn(out, " \t\n");
	n = strlen(out);
	while (n > 0 && strchr(" \t\n", out[n - 1]) != NULL)
		out[--n] = '\0';
	return out;
}

/* Does it show anything?  A reader may leave out what does not. */
static bool
shows(const char *s)
{
	const char *end = s + strlen(s);

	while (s < end) {
		uint32_t c = utf8_next(&s, end);

		if (!utf8_space(c) && !utf8_hidden(c) && c != 0x34f)
			return true;
	}
	return false;
}

static void
check_text(struct arena *a, const struct compose *c, const char *got)
{
	char *want = utf8_from(a, "utf-8", c->text, strlen(c->text), NULL);

	(void)utf8_neutral(want);
	if (strncmp(want, "\xef\xbb\xbf", 3) == 0) /* no reader shows it */
		want += 3;
	if (!shows(want)) {
		assert(!shows(got));
		return;
	}
	assert(strcmp(settled(a, got, c->flowed),
		   settled(a, want, c->flowed)) == 0);
}

static void
check_bytes(const char *mail, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)mail[i];

		assert(c < 0x7f &&
		    (c >= ' ' || c == '\t' || c == '\r' || c == '\n'));
	}
}

/* A file and a picture made of the same bytes are there again. */
static void
check_parts(const struct compose *c, const struct mail *m)
{
	size_t n = 0;

	for (int i = -1; (i = mail_attachment(m, i)) >= 0; n++) {
		uint8_t sum[HASH_SIZE];
		struct hash h;

		assert(n < c->parts_n);
		hash_init(&h);
		hash_add(&h, c->parts[0].data, c->parts[0].size);
		hash_end(&h, sum);
		assert(m->parts[i].size == c->parts[0].size);
		assert(memcmp(m->parts[i].sha256, sum, HASH_SIZE) == 0);
	}
	assert(n == c->parts_n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct compose c = {
		.from = { NULL, "support@example.com" },
		.to = { "Maria Gomez", "maria@kunde.example" },
		.message_id = "EX-1042.1.p3k9x2vd@support.example.com",
		.date = 1785222846,
	};
	const char *fields[] = { "X-Deskd-Test", NULL, NULL };
	struct compose_part parts[2] = { { .charset = "utf-8" },
		{ .type = "image/png", .id = "picture@example.com" } };
	struct mail m = { 0 };
	struct err e = { 0 };
	char *mail, *text;
	size_t n;

	if (size < 1)
		return 0;
	c.html = data[0] & 1;
	c.flowed = data[0] & 2;
	c.parts_n = data[0] >> 2 & 1;
	c.parts_n += data[0] >> 3 & 1;
	data++;
	size--;
	c.subject = word(&a, &data, &size);
	c.from.name = fields[1] = word(&a, &data, &size);
	/* past the parser all text is UTF-8; a soft hyphen would hide blanks
	 * from the stuffing of flowed lines */
	text = utf8_from(&a, "utf-8", (const char *)data, size, NULL);
	(void)utf8_neutral(text);
	c.text = text;
	parts[0].name = parts[1].name = parts[0].type = c.subject;
	parts[0].data = parts[1].data = data;
	parts[0].size = parts[1].size = size;
	c.parts = parts;
	c.fields = fields;
	assert(compose_mail(&a, &c, &mail, &n, &e) == 0);
	check_bytes(mail, n);
	mail_parse(&a, mail, n, &m);
	assert(m.subject != NULL && m.from_addr != NULL);
	assert(strcmp(m.from_addr, "support@example.com") == 0);
	assert(strcmp(m.subject, line(&a, c.subject, MAIL_SUBJECT_MAX)) == 0);
	assert(strcmp(m.from_name == NULL ? "" : m.from_name,
		   name_read(&a, c.from.name)) == 0);
	check_text(&a, &c, m.text);
	assert(mail_field(&m, "Bcc") == NULL);
	assert(m.fields_n == (c.html || c.parts_n > 0 ? 8U : 9U));
	check_parts(&c, &m);
	arena_done(&a);
	return 0;
}
