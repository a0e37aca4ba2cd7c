/*
 * What machines say about a mail beside its class: feedback reports (RFC 5965),
 * disposition notifications (RFC 8098), and the names of mailing lists (RFC
 * 2369, 2919).  Delivery status is bounce.c's.
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/msgid.h"
#include "parser/reader.h"
#include "parser/utf8.h"

#define WORD_SHOWN 80

/* The first address in a value, NULL when there is none. */
static const char *
first_address(struct mail_reader *r, const char *value)
{
	struct address *list;

	if (value == NULL ||
	    address_list(r->a, value, strlen(value), &list, NULL) == 0)
		return NULL;
	return list[0].addr;
}

/* "rfc822; ann@example.com" */
static const char *
typed_address(struct mail_reader *r, const char *value)
{
	const char *semi = value == NULL ? NULL : strchr(value, ';');

	return first_address(r, semi == NULL ? value : semi + 1);
}

static const char *
first_id(struct mail_reader *r, const char *value)
{
	const char **ids;

	if (value == NULL || msgid_list(r->a, value, strlen(value), &ids) == 0)
		return NULL;
	return ids[0];
}

/* One word, in lower case. */
static const char *
word(struct mail_reader *r, const char *value, size_t n)
{
	char *s = arena_strndup(r->a, value, n);

	s = utf8_line(
	    r->a, utf8_from(r->a, NULL, s, strlen(s), NULL), WORD_SHOWN);
	for (char *p = s; *p != '\0'; p++)
		*p = ascii_lower(*p);
	return *s == '\0' ? NULL : s;
}

/* "manual-action/MDN-sent-manually; displayed" */
static const char *
disposition(struct mail_reader *r, const char *value)
{
	const char *semi = strchr(value, ';');

	value = semi == NULL ? value : semi + 1;
	value += strspn(value, " \t");
	return word(r, value, strcspn(value, " \t/,;"));
}

/* The mail that somebody complains about comes with the report. */
static void
read_original(struct mail_reader *r)
{
	struct report *n = &r->m.report;
	struct header h;

	if (r->returned == NULL)
		return;
	header_parse(r->a, r->returned, r->returned_n, MAIL_FIELDS_MAX, &h);
	if (n->message_id == NULL)
		n->message_id = first_id(r, header_get(&h, "Message-ID"));
	if (n->recipient == NULL)
		n->recipient = first_address(r, header_get(&h, "To"));
}

static void
read_complaint(struct mail_reader *r, const struct header *h)
{
	struct report *n = &r->m.report;
	const char *type = header_get(h, "Feedback-Type");

	if (type != NULL)
		n->type = word(r, type, strcspn(type, " \t;,"));
	n->recipient = typed_address(r, header_get(h, "Original-Rcpt-To"));
	if (n->recipient == NULL)
		n->recipient = typed_address(
		    r, header_get(h, "Removal-Recipient"));
	read_original(r);
}

static void
read_receipt(struct mail_reader *r, const struct header *h)
{
	struct report *n = &r->m.report;
	const char *value = header_get(h, "Disposition");

	if (value != NULL)
		n->type = disposition(r, value);
	n->message_id = first_id(r, header_get(h, "Original-Message-ID"));
	n->recipient = typed_address(r, header_get(h, "Final-Recipient"));
	if (n->recipient == NULL)
		n->recipient = typed_address(
		    r, header_get(h, "Original-Recipient"));
}

/* What stands in <> of "A list <a.example.com>"; all of it without. */
static const char *
list_id(struct mail_reader *r, const char *value)
{
	const char *open = strrchr(value, '<');
	const char *id = open == NULL ? value : open + 1;

	return word(r, id, strcspn(id, "> "));
}

/* "<mailto:a@example.com?subject=x>", "list a@example.com; contact ..." */
static const char *
list_address(struct mail_reader *r, const char *value)
{
	const char *from = ascii_find(value, "mailto:");

	from = from != NULL                ? from + 7
	    : ascii_starts(value, "list ") ? value + 5
					   : value;
	value = arena_strndup(r->a, from, strcspn(from, ">?;, "));
	return address_valid(value) ? value : NULL;
}

static void
read_list(struct mail_reader *r)
{
	static const char *const names[] = { "List-Post", "X-Mailing-List",
		"Mailing-List", "X-BeenThere" };
	const char *value = mail_field(&r->m, "List-Id");
	struct mail_list *list = &r->m.list;

	if (value != NULL)
		list->id = list_id(r, value);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		value = mail_field(&r->m, names[i]);
		if (value != NULL && list->addr == NULL)
			list->addr = list_address(r, value);
	}
}

void
report_read(struct mail_reader *r)
{
	enum mail_class class = r->m.class;
	struct header h = { 0 };

	read_list(r);
	if (class != CLASS_COMPLAINT && class != CLASS_RECEIPT)
		return;
	if (r->notice != NULL)
		header_parse(r->a, r->notice, r->notice_n, MAIL_FIELDS_MAX, &h);
	if (class == CLASS_COMPLAINT)
		read_complaint(r, &h);
	else
		read_receipt(r, &h);
}
