/*
 * What comes out of the box, when the mail in it has taken the box over: the
 * frame of a mail with some bytes changed, or any bytes at all.  What is taken
 * for a mail is one in all its parts, and packs into the very same bytes.
 * Input: one byte N; N times place (2 bytes) and byte; then a mail.  N of 255:
 * the rest is a frame.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/frame.h"
#include "parser/limits.h"
#include "parser/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_text(const char *s)
{
	assert(s == NULL || utf8_valid(s, strlen(s)));
}

static void
check_people(const struct address *list, size_t n)
{
	assert(n <= MAIL_ADDRESSES_MAX);
	for (size_t i = 0; i < n; i++) {
		check_text(list[i].name);
		assert(address_readable(list[i].addr));
	}
}

static void
check_mail(const struct mail *m)
{
	check_people(m->to, m->to_n);
	check_people(m->cc, m->cc_n);
	check_people(m->reply_to, m->reply_to_n);
	check_text(m->subject);
	check_text(m->message_id);
	assert(m->text != NULL && m->new_text != NULL);
	check_text(m->text);
	check_text(m->new_text);
	assert(m->fields_n <= MAIL_FIELDS_MAX && m->parts_n <= MAIL_PARTS_MAX);
	for (size_t i = 0; i < m->fields_n; i++)
		assert(m->fields[i].name != NULL && m->fields[i].value != NULL);
	for (size_t i = 0; i < m->references_n; i++)
		assert(m->references[i] != NULL);
	for (size_t i = 0; i < m->parts_n; i++) {
		assert(m->parts[i].parent < (int)i);
		assert(m->parts[i].type != NULL);
		check_text(m->parts[i].name);
	}
	assert(mail_class_name(m->class) != NULL);
}

static bool
unpack(struct arena *a, const void *p, size_t n)
{
	struct mail m = { .received_n = 77 };
	struct err e = { 0 };
	struct buf again;

	if (frame_unpack(a, p, n, &m, &e) == -1) {
		assert(e.kind == ERR_REJECT && m.received_n == 77);
		return false;
	}
	check_mail(&m);
	buf_init(&again, 0);
	frame_pack(&m, &again);
	assert(again.len == n && memcmp(again.data, p, n) == 0);
	buf_done(&again);
	return true;
}

/* A mail, packed, with n bytes changed. */
static void
change(struct arena *a, const uint8_t *data, size_t size, size_t n)
{
	struct mail m;
	struct buf b;

	mail_parse(a, data + 3 * n, size - 3 * n, &m);
	buf_init(&b, 0);
	frame_pack(&m, &b);
	assert(unpack(a, b.data, b.len));
	for (; n > 0; n--, data += 3)
		b.data[(size_t)(data[0] << 8 | data[1]) % b.len] =
		    (char)data[2];
	unpack(a, b.data, b.len);
	buf_done(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };

	if (size == 0)
		return 0;
	if (data[0] == 255)
		unpack(&a, data + 1, size - 1);
	else if (size - 1 >= 3 * (size_t)data[0])
		change(&a, data + 1, size - 1, data[0]);
	arena_done(&a);
	return 0;
}
