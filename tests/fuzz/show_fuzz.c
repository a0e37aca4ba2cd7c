/*
 * Foreign text on its way out: to a terminal, to the log, into IMAP commands,
 * header fields and greetings.  Nothing of it may act there, and where there
 * is a way back, what comes back is what went in.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "daemon/imap_text.h"
#include "daemon/log.h"
#include "daemon/print.h"
#include "daemon/when.h"
#include "parser/decode.h"
#include "parser/encode.h"
#include "parser/header.h"
#include "parser/limits.h"
#include "parser/nfc.h"
#include "parser/param.h"
#include "parser/utf8.h"
#include "parser/word.h"
#include "rules/acknowledge.h"
#include "rules/person.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No escape sequence, no bell, no text that runs backwards. */
static void
check_harmless(const char *s, const char *may)
{
	const char *end = s + strlen(s);

	assert(utf8_valid(s, strlen(s)));
	while (s < end) {
		uint32_t c = utf8_next(&s, end);

		assert(c >= ' ' || (c != 0 && strchr(may, (int)c) != NULL));
		assert(c < 0x7f || c > 0x9f);
		assert(c < 0x202a || c > 0x202e);
		assert(c < 0x2066 || c > 0x2069);
	}
}

static void
terminal(struct arena *a, const char *s)
{
	struct print p = { .utf8 = true };
	char *line = print_line(a, s);

	check_harmless(line, "");
	check_harmless(print_block(a, s), "\n\t");
	check_harmless(log_quote(s), "");
	assert(strlen(line) <= 8 * strlen(s) + 1);
	for (int width = 1; width < 80; width += 13)
		assert(print_columns(print_cut(&p, a, line, width)) <= width);
}

static void
imap(const char *s)
{
	struct err e = { 0 };
	struct buf b;

	buf_init(&b, 0);
	if (imap_quoted(&b, s, &e) == 0) {
		assert(b.data[0] == '"' && b.data[b.len - 1] == '"');
		for (size_t i = 0; i < b.len; i++)
			assert(b.data[i] >= ' ' && b.data[i] < 0x7f);
	}
	buf_clear(&b);
	if (imap_folder(&b, s, '.', &e) == 0)
		for (size_t i = 0; i < b.len; i++)
			assert(b.data[i] >= ' ' && b.data[i] < 0x7f);
	buf_done(&b);
}

/* Lines of a header field: 7 bit, folded, none empty. */
static void
check_field(const struct buf *b)
{
	const char *p = b->data, *end = b->data + b->len;

	assert(b->len > 2 && memcmp(end - 2, "\r\n", 2) == 0);
	for (; p < end; p++) {
		assert((*p >= ' ' && *p < 0x7f) || *p == '\r' || *p == '\n');
		if (*p == '\r')
			assert(p[1] == '\n' &&
			    (p + 2 == end || p[2] == ' ' || p[2] == '\t'));
	}
}

/* A line of clean text without blanks at its ends, as a person writes one. */
static char *
clean(struct arena *a, const char *s)
{
	char *line = utf8_line(a, s, 200);
	size_t n;

	line += strspn(line, " ");
	n = strlen(line);
	while (n > 0 && line[n - 1] == ' ')
		line[--n] = '\0';
	return utf8_nfc(a, line);
}

static void
field(struct arena *a, const char *s)
{
	struct params ps;
	struct encode f;
	struct header h;
	struct buf b;
	char *line = clean(a, s), *name;

	buf_init(&b, 0);
	encode_open(&f, a, &b, "Subject");
	encode_text(&f, line, false);
	encode_close(&f);
	check_field(&b);
	header_parse(a, b.data, b.len, b.len, &h);
	assert(header_get(&h, "Subject") != NULL);
	assert(strcmp(word_decode(a, header_get(&h, "Subject"),
			  strlen(header_get(&h, "Subject")), NULL, 1000),
		   line) == 0);
	buf_clear(&b);
	encode_open(&f, a, &b, "Content-Disposition");
	encode_token(&f, "attachment", 10);
	encode_param(&f, "filename", line);
	encode_close(&f);
	check_field(&b);
	param_parse(a, strchr(b.data, ':') + 1,
	    b.len - (size_t)(strchr(b.data, ':') + 1 - b.data), &ps);
	name = param_text(a, &ps, "filename", NULL, 1000);
	assert(strcmp(name == NULL ? "" : name, line) == 0);
	buf_done(&b);
}

static void
to_buf(void *ctx, const char *p, size_t n)
{
	buf_add(ctx, p, n);
}

/* Base64, and there and back. */
static void
base64(const void *p, size_t n)
{
	struct decode_sink sink = { .bytes = to_buf };
	struct decode d;
	struct buf out, back;

	buf_init(&out, 0);
	buf_init(&back, 0);
	encode_base64(&out, p, n);
	sink.ctx = &back;
	decode_init(&d, 'b');
	decode_feed(&d, buf_text(&out), out.len, &sink);
	decode_end(&d, &sink);
	assert(back.len == n && (n == 0 || memcmp(back.data, p, n) == 0));
	buf_done(&out);
	buf_done(&back);
}

static void
names(struct arena *a, const char *s)
{
	char *name = person_name(a, s), *first = person_first_name(a, s);

	check_harmless(name, "");
	check_harmless(first, "");
	assert(strlen(first) <= strlen(name) || *name == '\0');
	assert(strpbrk(first, "<>@\"/:\n") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	int64_t when = 0;
	char *text = utf8_from(&a, "utf-8", (const char *)data, size, NULL);
	char *raw = arena_strndup(&a, (const char *)data, size);
	char *child;

	terminal(&a, raw);
	imap(raw);
	field(&a, text);
	base64(data, size);
	names(&a, text);
	if (when_parse(text, 1785222846, &when))
		assert(when > -62135596800 && when < 253402300800);
	child = thread_index_child(&a, raw, 1785222846, 1);
	if (child != NULL)
		check_harmless(child, "");
	arena_done(&a);
	return 0;
}
