/*
 * Parts: what a header section says about its body.  The bytes of that body
 * are leaf.c's, its delimiters mime.c's.
 */
#include <string.h>
#include <strings.h>

#include "parser/param.h"
#include "parser/reader.h"
#include "parser/utf8.h"
#include "parser/word.h"

#define NAME_HEADER ((size_t)8 << 10) /* of a message, for its subject */
#define NAME_READ   ((size_t)MAIL_NAME_MAX * 8)

bool
part_is(const struct part *p, const char *type)
{
	return strcmp(p->type, type) == 0;
}

bool
part_message(const struct part *p)
{
	return part_is(p, "message/rfc822") || part_is(p, "message/global");
}

static bool
starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

bool
part_type_valid(const char *s)
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

void
part_name_message(
    struct mail_reader *r, struct part *p, const char *head, size_t n)
{
	const char *subject;
	struct header h;
	char *text;

	if (p->name != NULL || !part_message(p))
		return;
	header_parse(r->a, head, n < NAME_HEADER ? n : NAME_HEADER, 50, &h);
	subject = header_get(&h, "Subject");
	if (subject == NULL || *subject == '\0')
		return;
	text = word_decode(r->a, subject, strlen(subject), r->hint, 120);
	p->name = param_file_name(r->a, arena_printf(r->a, "%s.eml", text));
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
	d->p.type = part_type_valid(d->type.value) ? d->type.value
	    : type == NULL && digest               ? "message/rfc822"
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
	d->p.inside = -1;
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

int
part_add(struct mail_reader *r, const struct part *p)
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

/* Text before the first delimiter says nothing, but when no delimiter ever
 * comes it is all there is. */
static void
open_preamble(struct mail_reader *r, int part)
{
	struct draft d = { .p = r->m.parts[part] };

	d.p.type = "text/plain";
	d.p.name = NULL;
	d.p.encoding = 0;
	leaf_open(r, &d, -1);
	r->leaf.preamble = true;
	r->leaf.preamble_of = part;
}

/* RFC 2387 3.2: which of its parts is the text. */
static void
open_related(struct mail_reader *r, const struct draft *d)
{
	char *start = param_text(r->a, &d->type, "start", NULL, 200);
	struct level *l = &r->stack[r->stack_n - 1];

	l->related = true;
	l->start = start == NULL ? NULL : content_id(r, start);
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
	if (part_is(&d->p, "multipart/related"))
		open_related(r, d);
	r->m.parts[part].kind = PART_CONTAINER;
	r->m.parts[part].name = NULL;
	inner_say(r, d, part);
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
	part = part_add(r, &d.p);
	multipart = starts(d.p.type, "multipart/");
	if (multipart && r->stack_n < r->depth_max) {
		open_multipart(r, &d, part);
		return;
	}
	if (multipart)
		reader_defect(
		    r, "multiparts nested more than %zu deep", r->depth_max);
	/* A message that is nothing but a message: read that one's text. */
	if (whole && r->stack_n == 0 && part_message(&d.p) && !d.attachment &&
	    d.p.encoding == 0 && r->messages < r->depth_max) {
		r->messages++;
		r->m.parts[part].kind = PART_CONTAINER;
		mime_enter_message(r, part);
		return;
	}
	leaf_open(r, &d, part);
}
