/*
 * One mail: the reader that others hold, the fields of the outermost header,
 * fingerprints.  The structure is mime.c and part.c, the text text.c.
 */
#include "parser/mail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/date.h"
#include "parser/language.h"
#include "parser/msgid.h"
#include "parser/quote.h"
#include "parser/reader.h"
#include "parser/rich.h"
#include "parser/trace.h"
#include "parser/utf8.h"
#include "parser/word.h"

void
reader_defect(struct mail_reader *r, const char *fmt, ...)
{
	struct mail *m = &r->m;
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < m->defects_n; i++)
		if (strcmp(m->defects[i], text) == 0)
			return;
	if (m->defects_n == MAIL_DEFECTS_MAX)
		return;
	m->defects = arena_grow(r->a, m->defects, m->defects_n, &r->defects_cap,
	    sizeof(*m->defects));
	m->defects[m->defects_n++] = arena_strdup(r->a, text);
}

struct mail_reader *
mail_reader_new(struct arena *a, enum mail_depth depth, const char *known)
{
	struct mail_reader *r = arena_alloc(a, sizeof(*r));
	size_t half = depth == MAIL_HALF ? 2 : 1;

	r->a = a;
	r->depth = depth;
	r->known = known;
	r->text_max = MAIL_TEXT_MAX / half;
	r->html_max = MAIL_HTML_MAX / half;
	r->parts_max = MAIL_PARTS_MAX / half;
	r->depth_max = MAIL_DEPTH_MAX / half;
	r->fields_max = MAIL_FIELDS_MAX / half;
	r->stack = arena_calloc(a, MAIL_DEPTH_MAX, sizeof(*r->stack));
	r->container = -1;
	r->message = true;
	buf_init(&r->section, MAIL_HEADER_MAX / half);
	buf_init(&r->leaf.kept, 0);
	hash_init(&r->whole);
	return r;
}

static void
to_splitter(void *ctx, const char *p, size_t n)
{
	mime_feed(ctx, p, n);
}

void
mail_reader_feed(struct mail_reader *r, const void *p, size_t n)
{
	if (r->depth == MAIL_HEADERS) {
		hash_add(&r->whole, p, n);
		r->whole_n += n;
		if (r->state == IN_BODY)
			return;
	}
	line_end_feed(&r->line_end, p, n,
	    &(struct line_end_sink){ .bytes = to_splitter, .ctx = r });
}

/* Behind field i, the next field of that name; -1: there is none. */
static int
next_field(const struct mail *m, const char *name, int i)
{
	for (i++; (size_t)i < m->fields_n; i++)
		if (ascii_same(m->fields[i].name, name))
			return i;
	return -1;
}

const char *
mail_field(const struct mail *m, const char *name)
{
	int i = next_field(m, name, -1);

	return i < 0 ? NULL : m->fields[i].value;
}

/* All addresses of all fields of that name. */
static size_t
read_addresses(struct mail_reader *r, const char *name, struct address **out)
{
	struct address *all = NULL;
	size_t n = 0;

	for (int i = -1; (i = next_field(&r->m, name, i)) >= 0;) {
		const char *value = r->m.fields[i].value;
		struct address *list, *both;
		size_t bad,
		    k = address_read(
			r->a, value, strlen(value), r->hint, &list, &bad);

		if (bad > 0)
			reader_defect(
			    r, "%s: %zu without a valid address", name, bad);
		if (k > MAIL_ADDRESSES_MAX - n)
			k = MAIL_ADDRESSES_MAX - n;
		if (k == 0)
			continue;
		both = arena_calloc(r->a, n + k, sizeof(*both));
		if (n > 0)
			memcpy(both, all, n * sizeof(*both));
		memcpy(both + n, list, k * sizeof(*both));
		all = both;
		n += k;
	}
	*out = all;
	return n;
}

static void
read_from(struct mail_reader *r)
{
	struct mail *m = &r->m;
	struct address *from;
	const char *value;

	m->from_n = read_addresses(r, "From", &from);
	if (m->from_n > 0) {
		m->from_addr = from[0].addr;
		m->from_name = from[0].name[0] == '\0' ? NULL : from[0].name;
		if (address_mixed(m->from_addr))
			reader_defect(
			    r, "From: letters of two scripts in one address");
		return;
	}
	value = mail_field(m, "From");
	if (value == NULL)
		return;
	m->from_name = word_decode(
	    r->a, value, strcspn(value, "<"), r->hint, 400);
	if (m->from_name[0] == '\0')
		m->from_name = NULL;
}

static void
read_ids(struct mail_reader *r)
{
	struct mail *m = &r->m;
	const char *value, **ids;
	size_t n;

	value = mail_field(m, "Message-ID");
	if (value != NULL && msgid_list(r->a, value, strlen(value), &ids) > 0)
		m->message_id = ids[0];
	value = mail_field(m, "In-Reply-To");
	if (value != NULL) {
		n = msgid_list(r->a, value, strlen(value), &ids);
		m->in_reply_to = n > 0 ? ids[n - 1] : NULL;
	}
	value = mail_field(m, "References");
	if (value != NULL)
		m->references_n = msgid_list(
		    r->a, value, strlen(value), &m->references);
}

/* When a server took it: behind the last ";" of the newest Received that says
 * so (RFC 5322 3.6.7).  false: none does. */
static bool
date_received(struct mail *m)
{
	for (int i = -1; (i = next_field(m, "Received", i)) >= 0;) {
		const char *value = m->fields[i].value;
		const char *s = value == NULL ? NULL : strrchr(value, ';');

		if (s != NULL &&
		    date_parse(s + 1, strlen(s + 1), &m->date, &m->date_zone))
			return true;
	}
	return false;
}

/* Its own Date counts for the fingerprint, since every copy has that one. */
static void
read_date(struct mail_reader *r)
{
	struct mail *m = &r->m;
	const char *value = mail_field(m, "Date");

	if (value != NULL && !utf8_valid(value, strlen(value)))
		value = utf8_from(r->a, r->hint, value, strlen(value), NULL);
	if (value != NULL &&
	    date_parse(value, strlen(value), &m->date, &m->date_zone)) {
		r->own_date = m->date;
		return;
	}
	if (value != NULL)
		reader_defect(r, "a Date that is none");
	if (date_received(m))
		reader_defect(r, "the date is that of a Received field");
}

static void
read_fields(struct mail_reader *r)
{
	struct mail *m = &r->m;
	const char *value;

	read_from(r);
	m->to_n = read_addresses(r, "To", &m->to);
	m->cc_n = read_addresses(r, "Cc", &m->cc);
	m->reply_to_n = read_addresses(r, "Reply-To", &m->reply_to);
	value = mail_field(m, "Subject");
	if (value != NULL)
		m->subject = word_decode(
		    r->a, value, strlen(value), r->hint, MAIL_SUBJECT_MAX);
	read_ids(r);
	read_date(r);
	for (int i = -1; (i = next_field(m, "Received", i)) >= 0;)
		m->received_n++;
	trace_read(r->a, m);
}

/* RELIABILITY 4.1.  Strings are hashed with their NUL, so that no two lists of
 * values run together. */
static void
read_prints(struct mail_reader *r)
{
	struct mail *m = &r->m;
	char date[32];
	const char *value = mail_field(m, "Date");
	struct hash h;

	snprintf(date, sizeof(date), "%lld", (long long)r->own_date);
	hash_init(&h);
	hash_str(&h, m->message_id);
	hash_str(&h, m->from_addr);
	hash_str(&h, r->own_date != 0 ? date : value);
	hash_str(&h, m->subject);
	hash_end(&h, m->envelope_print);
	hash_init(&h);
	hash_add(&h, m->envelope_print, HASH_SIZE);
	for (size_t i = 0; i < m->parts_n; i++)
		if (m->parts[i].kind != PART_CONTAINER) {
			hash_str(&h, m->parts[i].type);
			hash_add(&h, r->prints[i], HASH_SIZE);
		}
	hash_end(&h, m->fingerprint);
}

/* The rung below: nothing but the fields, the whole mail as an attachment. */
static void
headers_only(struct mail_reader *r)
{
	struct part *p = arena_alloc(r->a, sizeof(*p));

	p->kind = PART_ATTACHMENT;
	p->type = "message/rfc822";
	p->name = "mail.eml";
	p->parent = p->inside = -1;
	p->size = p->raw_size = r->whole_n;
	hash_end(&r->whole, p->sha256);
	r->m.parts = p;
	r->m.parts_n = 1;
	r->prints = arena_memdup(r->a, p->sha256, HASH_SIZE);
	r->m.text = r->m.new_text = "";
	reader_defect(r, "only the header was read");
}

static void
read_new_text(struct mail_reader *r)
{
	const char *subject = r->m.subject;
	struct quote_input in = {
		.text = r->m.text,
		.ranges = r->quotes,
		.ranges_n = r->quotes_n,
		.known = r->known,
		.forward = subject != NULL &&
		    mail_subject_forward(r->a, subject),
		.fresh = r->m.in_reply_to == NULL && r->m.references_n == 0 &&
		    (subject == NULL || !mail_subject_marked(r->a, subject)),
	};

	r->m.new_text = quote_cut(r->a, &in, &r->forward_at);
}

/*
 * Only of people, and only of answers in a conversation that is known: what an
 * agent answers is passed on, the first mail of a requester is not, and most
 * mails are spared the time.
 */
static void
read_rich(struct mail_reader *r)
{
	if (r->known != NULL && r->m.class == CLASS_HUMAN &&
	    r->m.html != NULL && !r->m.encrypted && r->m.new_text[0] != '\0')
		r->m.rich = rich_make(r->a, r->m.html, r->m.new_text);
}

/* What the writer himself wrote, as far as that can be told. */
static const char *
language_text(struct mail_reader *r)
{
	if (r->calendar_text)
		return r->calendar_about;
	return r->m.forward ? r->m.new_text : quote_own(r->a, r->m.new_text);
}

void
mail_reader_end(struct mail_reader *r, struct mail *m)
{
	line_end_end(&r->line_end,
	    &(struct line_end_sink){ .bytes = to_splitter, .ctx = r });
	mime_end(r);
	if (r->line_end.kind == LINE_ENDS_CR)
		reader_defect(r, "lines that end in a bare CR");
	read_fields(r);
	if (r->depth == MAIL_HEADERS) {
		headers_only(r);
	} else {
		text_join(r);
		meeting_read(r);
		read_new_text(r);
	}
	class_decide(r);
	if (r->m.class == CLASS_HUMAN && r->depth != MAIL_HEADERS)
		forward_read(r);
	if (!r->noted && !r->m.encrypted)
		r->m.language = language_guess(r->a, language_text(r));
	read_rich(r);
	read_prints(r);
	buf_done(&r->section);
	buf_done(&r->leaf.kept);
	*m = r->m;
}

void
mail_parse(struct arena *a, const void *raw, size_t n, struct mail *m)
{
	struct mail_reader *r = mail_reader_new(a, MAIL_FULL, NULL);

	mail_reader_feed(r, raw, n);
	mail_reader_end(r, m);
}

const char *
mail_own_text(struct arena *a, const struct mail *m)
{
	bool answer = m->in_reply_to != NULL || m->references_n > 0;

	return answer && !m->forward ? quote_own(a, m->new_text) : m->new_text;
}

int
mail_attachment(const struct mail *m, int after)
{
	for (after++; (size_t)after < m->parts_n; after++)
		if (m->parts[after].kind == PART_ATTACHMENT)
			return after;
	return -1;
}

int
mail_leaf(const struct mail *m, int after)
{
	for (after++; (size_t)after < m->parts_n; after++)
		if (m->parts[after].kind == PART_ATTACHMENT ||
		    m->parts[after].kind == PART_ASIDE)
			return after;
	return -1;
}
