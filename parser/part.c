/*
 * Parts: what a header section says about its body, and the body's bytes,
 * decoded, hashed and, where they are text to show or a delivery status, kept
 * within limits.  No attachment is ever held in memory.
 */
#include <string.h>
#include <strings.h>

#include "parser/param.h"
#include "parser/reader.h"
#include "parser/utf8.h"

#define NAME_READ   ((size_t)MAIL_NAME_MAX * 8)
#define STATUS_MAX  (64 << 10) /* a delivery status of a thousand recipients */
#define HEADERS_MAX (64 << 10) /* read of a returned or forwarded message */

bool
part_is(const struct part *p, const char *type)
{
	return strcmp(p->type, type) == 0;
}

static bool
starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* "type/subtype" of RFC 2045 tokens? */
static bool
type_valid(const char *s)
{
	const char *slash = strchr(s, '/');

	if (slash == NULL || slash == s || slash[1] == '\0' || strlen(s) > 127)
		return false;
	for (const char *p = s; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || strchr("()<>@,;:\\\"[]?=", *p) ||
		    (*p == '/' && p != slash))
			return false;
	return true;
}

/* What an invalid type most likely was: RFC 2045 5.2 says text/plain. */
static const char *
type_guess(struct mail_reader *r, const char *value)
{
	if (*value != '\0')
		reader_defect(r, "a Content-Type that is none: read as text");
	if (strcmp(value, "html") == 0 || strcmp(value, "text/htm") == 0)
		return "text/html";
	if (starts(value, "multipart"))
		return "multipart/mixed";
	if (starts(value, "application"))
		return "application/octet-stream";
	return "text/plain";
}

static bool
has_word(const char *value, const char *word)
{
	size_t n = strlen(word);

	while (*value != '\0' && strchr(" \t\"'", *value) != NULL)
		value++;
	return strncasecmp(value, word, n) == 0 &&
	    (value[n] == '\0' || strchr(" \t;\"'(", value[n]) != NULL);
}

static char
encoding_of(struct mail_reader *r, const char *value)
{
	static const struct {
		const char *name;
		char encoding;
	} known[] = {
		{ "7bit", 0 },
		{ "8bit", 0 },
		{ "binary", 0 },
		{ "base64", 'b' },
		{ "quoted-printable", 'q' },
		{ "x-uuencode", 'u' },
		{ "uuencode", 'u' },
		{ "x-uue", 'u' },
	};

	if (value == NULL || *value == '\0')
		return 0;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (has_word(value, known[i].name))
			return known[i].encoding;
	reader_defect(r, "an unknown Content-Transfer-Encoding: read as it is");
	return 0;
}

/* A part in the making, with what does not outlive it. */
struct draft {
	struct part p;
	struct params type, disposition;
	bool attachment; /* the disposition says so */
};

static char *
content_id(struct mail_reader *r, const char *value)
{
	const char *open = strchr(value, '<'), *close;
	char *id;

	if (open != NULL)
		value = open + 1;
	close = strchr(value, '>');
	id = arena_memdup(r->a, value,
	    close != NULL ? (size_t)(close - value) : strlen(value));
	id = utf8_line(r->a, utf8_from(r->a, NULL, id, strlen(id), NULL), 200);
	return id[0] == '\0' ? NULL : id;
}

static char *
part_name(struct mail_reader *r, const struct draft *d)
{
	char *name = param_text(
	    r->a, &d->disposition, "filename", r->hint, NAME_READ);

	if (name == NULL || *name == '\0')
		name = param_text(r->a, &d->type, "name", r->hint, NAME_READ);
	return name == NULL ? NULL : param_file_name(r->a, name);
}

static void
read_fields(struct mail_reader *r, const struct header *h, struct draft *d)
{
	const char *type = header_get(h, "Content-Type");
	const char *disposition = header_get(h, "Content-Disposition");
	const char *id = header_get(h, "Content-ID");
	bool digest = !r->message && r->stack_n > 0 &&
	    r->stack[r->stack_n - 1].digest;

	param_parse(r->a, type != NULL ? type : "",
	    type != NULL ? strlen(type) : 0, &d->type);
	param_parse(r->a, disposition != NULL ? disposition : "",
	    disposition != NULL ? strlen(disposition) : 0, &d->disposition);
	if (d->type.over || d->disposition.over)
		reader_defect(r, "too many parameters in a MIME field");
	d->p.type = type_valid(d->type.value) ? d->type.value
	    : type == NULL && digest          ? "message/rfc822"
					      : type_guess(r, d->type.value);
	d->p.encoding = encoding_of(
	    r, header_get(h, "Content-Transfer-Encoding"));
	d->attachment = starts(d->disposition.value, "attachment");
	d->p.inline_ = starts(d->disposition.value, "inline") ||
	    (id != NULL && !d->attachment);
	d->p.charset = param_text(r->a, &d->type, "charset", NULL, 100);
	if (d->p.charset != NULL && d->p.charset[0] == '\0')
		d->p.charset = NULL;
	d->p.id = id == NULL ? NULL : content_id(r, id);
	d->p.name = part_name(r, d);
	d->p.parent = r->container;
	d->p.offset = r->at;
}

bool
part_too_many(struct mail_reader *r, size_t n)
{
	if (r->m.parts_n == 0)
		return false;
	r->headers_read += n;
	if (r->m.parts_n < r->parts_max &&
	    r->headers_read <= MAIL_PARTS_HEADERS)
		return false;
	reader_defect(
	    r, "more than %zu parts: the others are not shown", r->m.parts_n);
	return true;
}

static int
add_part(struct mail_reader *r, const struct part *p)
{
	struct mail *m = &r->m;
	size_t cap = r->parts_cap;

	m->parts = arena_grow(
	    r->a, m->parts, m->parts_n, &r->parts_cap, sizeof(*p));
	r->prints = arena_grow(
	    r->a, r->prints, m->parts_n, &cap, sizeof(*r->prints));
	m->parts[m->parts_n] = *p;
	return (int)m->parts_n++;
}

/* Is this leaf one that people read as the mail's text?  A name makes a text
 * an attachment, unless it is the first thing in the mail. */
static bool
is_shown(const struct mail_reader *r, const struct draft *d, int index)
{
	const struct part *p = &d->p;

	if (d->attachment ||
	    (!part_is(p, "text/plain") && !part_is(p, "text/html")))
		return false;
	return p->name == NULL ||
	    (!r->seen_leaf && p->name != NULL && index >= 0);
}

static enum keep
keep_of(const struct part *p, bool shown)
{
	if (shown)
		return KEEP_TEXT;
	if (part_is(p, "message/delivery-status") ||
	    part_is(p, "message/global-delivery-status"))
		return KEEP_STATUS;
	if (part_is(p, "message/rfc822") || part_is(p, "text/rfc822-headers") ||
	    part_is(p, "message/global") ||
	    part_is(p, "message/global-headers") ||
	    part_is(p, "message/rfc822-headers"))
		return KEEP_HEADERS;
	return KEEP_NOTHING;
}

static size_t
keep_max(const struct mail_reader *r, enum keep keep, bool html)
{
	static const size_t fixed[] = {
		[KEEP_STATUS] = STATUS_MAX,
		[KEEP_HEADERS] = HEADERS_MAX,
		[KEEP_NOTHING] = 0,
	};

	if (keep == KEEP_TEXT)
		return html ? r->html_max - r->html_kept
			    : r->text_max - r->text_kept;
	return fixed[keep];
}

static void
open_leaf(struct mail_reader *r, const struct draft *d, int part)
{
	struct leaf *l = &r->leaf;
	const char *format;

	l->open = true;
	l->part = part;
	l->preamble = false;
	l->cut = false;
	l->shown = is_shown(r, d, part);
	l->html = part_is(&d->p, "text/html");
	l->keep = keep_of(&d->p, l->shown);
	l->charset = d->p.charset;
	format = param_text(r->a, &d->type, "format", NULL, 20);
	l->flowed = format != NULL && strcasecmp(format, "flowed") == 0;
	format = param_text(r->a, &d->type, "delsp", NULL, 20);
	l->delsp = format != NULL && strcasecmp(format, "yes") == 0;
	l->words = starts(d->p.type, "text/") && !l->shown;
	l->word_gap = false;
	l->word_any = false;
	decode_init(&l->decode, d->p.encoding);
	hash_init(&l->hash);
	if (l->words)
		hash_init(&l->text_hash);
	buf_clear(&l->kept);
	l->kept.max = keep_max(r, l->keep, l->html);
	if (l->shown && r->hint == NULL && l->charset != NULL)
		r->hint = l->charset;
	if (part >= 0) {
		r->m.parts[part].kind = l->shown ? PART_TEXT : PART_ATTACHMENT;
		r->seen_leaf = true;
	}
}

/* Text before the first delimiter says nothing, but when no delimiter ever
 * comes it is all there is. */
static void
open_preamble(struct mail_reader *r, int part)
{
	struct draft d = { .p = r->m.parts[part] };

	d.p.type = "text/plain";
	d.p.name = NULL;
	d.p.encoding = 0;
	open_leaf(r, &d, -1);
	r->leaf.preamble = true;
	r->leaf.preamble_of = part;
}

static void
open_multipart(struct mail_reader *r, const struct draft *d, int part)
{
	size_t n = 0;
	const char *boundary = param_bytes(r->a, &d->type, "boundary", &n);
	const char *report = NULL;

	if (n == 0 || n > MAIL_BOUNDARY_MAX)
		reader_defect(r, "a multipart without a usable boundary");
	if (part_is(&d->p, "multipart/report"))
		report = param_text(r->a, &d->type, "report-type", NULL, 100);
	if (part == 0 && report != NULL)
		r->report_type = report;
	mime_push(r, boundary, n, part);
	r->stack[r->stack_n - 1].digest = part_is(&d->p, "multipart/digest");
	r->m.parts[part].kind = PART_CONTAINER;
	r->m.parts[part].name = NULL;
	open_preamble(r, part);
}

void
part_begin(struct mail_reader *r, const struct header *h, bool whole)
{
	struct draft d = { 0 };
	bool multipart;
	int part;

	if (r->m.parts_n == 0) {
		r->m.fields = h->fields;
		r->m.fields_n = h->n;
	}
	read_fields(r, h, &d);
	part = add_part(r, &d.p);
	multipart = starts(d.p.type, "multipart/");
	if (multipart && r->stack_n < r->depth_max) {
		open_multipart(r, &d, part);
		return;
	}
	if (multipart)
		reader_defect(
		    r, "multiparts nested more than %zu deep", r->depth_max);
	/* A message that is nothing but a message: read that one's text. */
	if (whole && r->stack_n == 0 && part_is(&d.p, "message/rfc822") &&
	    !d.attachment && d.p.encoding == 0 && r->messages < r->depth_max) {
		r->messages++;
		r->m.parts[part].kind = PART_CONTAINER;
		mime_enter_message(r, part);
		return;
	}
	open_leaf(r, &d, part);
}

/*
 * The print of a text does not see white space (RELIABILITY 4.1): a blank
 * between words, none at the ends.  Collected, since hashing word by word takes
 * longer than hashing.
 */
static void
hash_words(struct hash *h, bool *gap, bool *any, const char *p, size_t n)
{
	const char *end = p + n;
	char out[1024];
	size_t k = 0;

	for (; p < end; p++) {
		if ((unsigned char)*p <= ' ') {
			*gap = true;
			continue;
		}
		if (*gap && *any)
			out[k++] = ' ';
		*gap = false;
		*any = true;
		out[k++] = *p;
		if (k >= sizeof(out) - 2) {
			hash_add(h, out, k);
			k = 0;
		}
	}
	hash_add(h, out, k);
}

static void
keep_bytes(struct leaf *l, const char *p, size_t n)
{
	size_t room = l->kept.max - l->kept.len;

	l->cut |= n > room;
	if (room > 0)
		buf_add(&l->kept, p, n < room ? n : room);
}

/* Decoded bytes of the open leaf. */
static void
leaf_bytes(void *ctx, const char *p, size_t n)
{
	struct mail_reader *r = ctx;
	struct leaf *l = &r->leaf;

	if (l->part >= 0) {
		r->m.parts[l->part].size += n;
		hash_add(&l->hash, p, n);
	}
	if (l->words)
		hash_words(&l->text_hash, &l->word_gap, &l->word_any, p, n);
	if (l->keep != KEEP_NOTHING)
		keep_bytes(l, p, n);
}

void
part_bytes(struct mail_reader *r, const char *p, size_t n)
{
	struct decode_sink sink = { .bytes = leaf_bytes, .ctx = r };
	struct leaf *l = &r->leaf;

	if (!l->open || n == 0)
		return;
	if (l->part >= 0)
		r->m.parts[l->part].raw_size += n;
	decode_feed(&l->decode, p, n, &sink);
}

/* A charset that HTML names in its head counts where MIME is silent. */
static const char *
meta_charset(struct mail_reader *r, const char *s, size_t n)
{
	const char *end = s + (n < 2048 ? n : 2048);

	for (; end - s > 9; s++) {
		const char *from;

		if ((*s | 0x20) != 'c' || strncasecmp(s, "charset=", 8) != 0)
			continue;
		s += 8;
		s += *s == '"' || *s == '\'';
		for (from = s;
		     s<end && * s> ' ' && strchr("\"'>;/", *s) == NULL; s++)
			continue;
		return arena_memdup(r->a, from, (size_t)(s - from));
	}
	return NULL;
}

/* A text that names no charset has the one of the mail's subject. */
static const char *
subject_charset(struct mail_reader *r)
{
	const char *s = mail_field(&r->m, "Subject"), *end;

	s = s == NULL ? NULL : strstr(s, "=?");
	end = s == NULL ? NULL : strchr(s + 2, '?');
	if (end == NULL || end - s > 64)
		return NULL;
	return arena_strndup(r->a, s + 2, (size_t)(end - s) - 2);
}

/* The text of a leaf that is shown: to UTF-8, and onto the pieces. */
static void
keep_piece(struct mail_reader *r)
{
	struct leaf *l = &r->leaf;
	const char *charset = l->charset;
	struct piece *x;
	bool guessed;

	if (l->cut)
		reader_defect(r, "the text is too long and was cut");
	if (l->html && charset == NULL)
		charset = meta_charset(r, buf_text(&l->kept), l->kept.len);
	if (r->hint == NULL)
		r->hint = charset;
	r->pieces = arena_grow(
	    r->a, r->pieces, r->pieces_n, &r->pieces_cap, sizeof(*x));
	x = &r->pieces[r->pieces_n++];
	x->part = l->preamble ? l->preamble_of : l->part;
	x->html = l->html;
	x->flowed = l->flowed;
	x->delsp = l->delsp;
	if (charset == NULL && !utf8_valid(buf_text(&l->kept), l->kept.len))
		charset = subject_charset(r);
	x->text = utf8_from(
	    r->a, charset, buf_text(&l->kept), l->kept.len, &guessed);
	if (guessed)
		reader_defect(r, "the charset of a text was guessed");
	*(l->html ? &r->html_kept : &r->text_kept) += l->kept.len;
}

static void
keep_print(struct mail_reader *r, uint8_t *sum)
{
	struct leaf *l = &r->leaf;
	bool gap = false, any = false;
	const char *text;

	hash_end(&l->hash, r->m.parts[l->part].sha256);
	memcpy(sum, r->m.parts[l->part].sha256, HASH_SIZE);
	if (l->words) {
		hash_end(&l->text_hash, sum);
	} else if (l->shown && !l->cut) {
		text = r->pieces[r->pieces_n - 1].text;
		hash_init(&l->text_hash);
		hash_words(&l->text_hash, &gap, &any, text, strlen(text));
		hash_end(&l->text_hash, sum);
	}
}

void
part_end(struct mail_reader *r, int container)
{
	struct decode_sink sink = { .bytes = leaf_bytes, .ctx = r };
	struct leaf *l = &r->leaf;
	const char *kept;

	if (!l->open)
		return;
	decode_end(&l->decode, &sink);
	l->open = false;
	if (l->decode.broken)
		reader_defect(r, "a broken transfer encoding");
	if (l->preamble && l->preamble_of == container)
		return; /* its parts begin: it was only a preamble */
	if (l->shown)
		keep_piece(r);
	if (l->part >= 0)
		keep_print(r, r->prints[l->part]);
	kept = buf_text(&l->kept);
	if (l->keep == KEEP_STATUS && r->status == NULL) {
		r->status = arena_memdup(r->a, kept, l->kept.len);
		r->status_n = l->kept.len;
	}
	if (l->keep == KEEP_HEADERS && r->returned == NULL) {
		r->returned = arena_memdup(r->a, kept, l->kept.len);
		r->returned_n = l->kept.len;
	}
}
