/*
 * Text, name and subject out of hostile bytes, composed, and read again by our
 * own parser: the same words, 7 bit, CRLF only, no line over 998, no field
 * that was not meant.  Input: subject LF-free up to the first NUL, name up to
 * the second, the rest is the text.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/compose.h"
#include "parser/limits.h"
#include "parser/mail.h"
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
	return l;
}

/* The name as a reader takes it: commas alone are none, 'x' is x. */
static const char *
name_read(struct arena *a, const char *shown)
{
	char *name = arena_strdup(a, line(a, shown, MAIL_NAME_MAX));
	size_t n = strlen(name);

	if (strspn(name, " ,") == n)
		return "";
	if (n > 2 && name[0] == '\'' && name[n - 1] == '\'') {
		name[n - 1] = '\0';
		name++;
	}
	return name;
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
	struct mail m = { 0 };
	struct err e = { 0 };
	char *mail;
	size_t n;

	if (size < 1)
		return 0;
	c.html = data[0] & 1;
	c.flowed = data[0] & 2;
	data++;
	size--;
	c.subject = word(&a, &data, &size);
	c.from.name = fields[1] = word(&a, &data, &size);
	c.text = arena_strndup(&a, (const char *)data, size);
	c.fields = fields;
	assert(compose_mail(&a, &c, &mail, &n, &e) == 0);
	check_bytes(mail, n);
	mail_parse(&a, mail, n, &m);
	assert(m.subject != NULL && m.from_addr != NULL);
	assert(strcmp(m.from_addr, "support@example.com") == 0);
	assert(strcmp(m.subject, line(&a, c.subject, MAIL_SUBJECT_MAX)) == 0);
	assert(strcmp(m.from_name == NULL ? "" : m.from_name,
		   name_read(&a, c.from.name)) == 0);
	assert(mail_field(&m, "Bcc") == NULL);
	assert(m.fields_n == (c.html ? 8U : 9U));
	arena_done(&a);
	return 0;
}
