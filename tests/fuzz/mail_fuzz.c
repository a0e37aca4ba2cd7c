/*
 * The mail reader on any bytes, at every depth.  What it promises: it never
 * fails, all text is clean, what comes out does not depend on how the bytes
 * were cut, and the memory is bounded.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/limits.h"
#include "parser/mail.h"
#include "parser/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_line(const char *s)
{
	if (s == NULL)
		return;
	assert(utf8_valid(s, strlen(s)));
	for (; *s != '\0'; s++)
		assert((unsigned char)*s >= ' ' && *s != 0x7f);
}

static void
check_addresses(const struct address *list, size_t n)
{
	assert(n <= MAIL_ADDRESSES_MAX);
	for (size_t i = 0; i < n; i++) {
		check_line(list[i].name);
		assert(address_readable(list[i].addr));
	}
}

static void
check_part(const struct part *p, size_t size)
{
	check_line(p->name);
	check_line(p->type);
	check_line(p->charset);
	check_line(p->id);
	assert(p->offset + p->raw_size <= size);
	if (p->name != NULL) {
		assert(p->name[0] != '.' && p->name[0] != '\0');
		assert(strpbrk(p->name, "/\\") == NULL);
		assert(strlen(p->name) <= MAIL_NAME_MAX);
	}
}

static void
check_kinds(const struct mail *m)
{
	check_line(m->forward_from);
	check_line(m->forward_name);
	check_line(m->forward_subject);
	check_line(m->forward_message_id);
	check_addresses(m->forward_to, m->forward_to_n);
	check_addresses(m->forward_cc, m->forward_cc_n);
	check_line(m->report.type);
	check_line(m->report.message_id);
	check_line(m->report.recipient);
	check_line(m->list.id);
	check_line(m->list.addr);
	check_line(m->calendar_method);
	for (size_t i = 0; i < m->calendar_n; i++)
		check_line(m->calendar[i]);
}

static void
check(const struct mail *m, size_t size)
{
	assert(utf8_valid(m->text, strlen(m->text)));
	assert(utf8_valid(m->new_text, strlen(m->new_text)));
	if (m->html != NULL)
		assert(utf8_valid(m->html, strlen(m->html)));
	assert(strlen(m->text) <= MAIL_TEXT_MAX);
	assert(m->parts_n >= 1 && m->parts_n <= MAIL_PARTS_MAX);
	if (m->from_addr != NULL)
		assert(address_readable(m->from_addr));
	check_line(m->from_name);
	check_line(m->subject);
	check_line(m->message_id);
	check_line(m->in_reply_to);
	check_line(m->class_why);
	check_kinds(m);
	check_addresses(m->to, m->to_n);
	check_addresses(m->cc, m->cc_n);
	check_addresses(m->reply_to, m->reply_to_n);
	for (size_t i = 0; i < m->references_n; i++)
		check_line(m->references[i]);
	for (size_t i = 0; i < m->parts_n; i++) {
		int inside = m->parts[i].inside;

		assert(m->parts[i].parent < (int)i && inside < (int)i);
		check_part(&m->parts[i],
		    inside < 0 ? size : (size_t)m->parts[inside].size);
	}
	for (size_t i = 0; i < m->bounce.recipients_n; i++)
		assert(address_readable(m->bounce.recipients[i]));
	assert(m->bounce.action < BOUNCE_ACTION_COUNT);
	assert(m->bounce.reason < BOUNCE_REASON_COUNT);
	assert(!m->bounce.hard || m->bounce.action == BOUNCE_FAILED);
	assert(m->defects_n <= MAIL_DEFECTS_MAX);
}

/* Fed in pieces whose sizes the bytes themselves choose. */
static void
parse_pieces(struct arena *a, const uint8_t *p, size_t n, enum mail_depth depth,
    struct mail *m)
{
	struct mail_reader *r = mail_reader_new(a, depth, NULL);

	for (size_t i = 0; i < n;) {
		size_t k = (size_t)(p[i] % 7) * (p[i] % 7) + 1;

		k = k < n - i ? k : n - i;
		mail_reader_feed(r, p + i, k);
		i += k;
	}
	mail_reader_end(r, m);
}

static void
check_same(const struct mail *a, const struct mail *b)
{
	assert(strcmp(a->text, b->text) == 0);
	assert(strcmp(a->new_text, b->new_text) == 0);
	assert(a->class == b->class && a->parts_n == b->parts_n);
	assert(a->fields_n == b->fields_n && a->defects_n == b->defects_n);
	assert(memcmp(a->fingerprint, b->fingerprint, HASH_SIZE) == 0);
	for (size_t i = 0; i < a->parts_n; i++) {
		assert(a->parts[i].size == b->parts[i].size);
		assert(a->parts[i].offset == b->parts[i].offset);
		assert(a->parts[i].raw_size == b->parts[i].raw_size);
		assert(memcmp(a->parts[i].sha256, b->parts[i].sha256,
			   HASH_SIZE) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct mail m, pieces, half;

	mail_parse(&a, data, size, &m);
	check(&m, size);
	parse_pieces(&a, data, size, MAIL_FULL, &pieces);
	check_same(&m, &pieces);
	parse_pieces(&a, data, size, MAIL_HALF, &half);
	check(&half, size);
	parse_pieces(&a, data, size, MAIL_HEADERS, &half);
	check(&half, size);
	assert(half.parts_n == 1 && half.parts[0].size == size);
	arena_done(&a);
	return 0;
}
