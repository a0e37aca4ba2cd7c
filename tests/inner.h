#ifndef TESTS_INNER_H
#define TESTS_INNER_H

/* What the tests of wrapped mails share: bytes into base64 into a mail. */
#include <stdbool.h>
#include <string.h>

#include "parser/buf.h"
#include "parser/mail.h"

static inline struct mail
parse_bytes(struct arena *a, const char *p, size_t n)
{
	struct mail m;

	mail_parse(a, p, n, &m);
	return m;
}

/* A header, then these bytes in base64. */
static inline struct mail
parse_base64(struct arena *a, const char *head, const struct buf *body)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)buf_text(body);
	struct mail m;
	struct buf b;

	buf_init(&b, 0);
	buf_str(&b, head);
	buf_str(&b, "Content-Transfer-Encoding: base64\n\n");
	for (size_t i = 0; i < body->len; i += 3) {
		size_t left = body->len - i;
		unsigned v = (unsigned)p[i] << 16 |
		    (left > 1 ? (unsigned)p[i + 1] << 8 : 0) |
		    (left > 2 ? p[i + 2] : 0);

		buf_char(&b, digits[v >> 18]);
		buf_char(&b, digits[v >> 12 & 63]);
		buf_char(&b, left > 1 ? digits[v >> 6 & 63] : '=');
		buf_char(&b, left > 2 ? digits[v & 63] : '=');
		if (i % 57 == 54)
			buf_char(&b, '\n');
	}
	m = parse_bytes(a, b.data, b.len);
	buf_done(&b);
	return m;
}

static inline bool
has_defect(const struct mail *m, const char *part)
{
	for (size_t i = 0; i < m->defects_n; i++)
		if (strstr(m->defects[i], part) != NULL)
			return true;
	return false;
}

#endif
