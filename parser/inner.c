/*
 * What is wrapped in a leaf: the entity that an S/MIME part signs (RFC 8551
 * 3.5.2), the files of a winmail.dat, a message under a transfer encoding.
 * Its parts become parts of the mail, its text the mail's text.  A message or
 * an entity is read by a reader of its own, a few deep at most.
 *
 * Also what a person is told where there is nothing to read: encrypted parts,
 * parts of a longer mail, files that are kept elsewhere.
 */
#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/cms.h"
#include "parser/lzfu.h"
#include "parser/param.h"
#include "parser/reader.h"
#include "parser/tnef.h"
#include "parser/utf8.h"

enum inner_kind {
	INNER_NONE,
	INNER_CMS,
	INNER_TNEF,
	INNER_MESSAGE
};

struct inner {
	enum inner_kind kind;
	bool enveloped; /* the type says that it is encrypted */
	bool refused;   /* too deep, or no room for one more part */
	struct cms cms;
	struct tnef tnef;
	struct mail_reader *reader; /* of what is inside, or NULL */
};

/* Types, and names that tell where the type is application/octet-stream. */
static const struct {
	const char *type, *name;
	enum inner_kind kind;
} wrapped[] = {
	{ "application/pkcs7-mime", ".p7m", INNER_CMS },
	{ "application/x-pkcs7-mime", ".p7m", INNER_CMS },
	{ "application/pkcs7", NULL, INNER_CMS },
	{ "application/x-pkcs7", NULL, INNER_CMS },
	{ "application/ms-tnef", "winmail.dat", INNER_TNEF },
	{ "application/vnd.ms-tnef", "win.dat", INNER_TNEF },
	{ "application/x-ms-tnef", NULL, INNER_TNEF },
};

static bool
name_ends(const char *name, const char *end)
{
	size_t n = name == NULL ? 0 : strlen(name);
	size_t k = end == NULL ? 0 : strlen(end);

	return k > 0 && n >= k && strcasecmp(name + n - k, end) == 0;
}

static enum inner_kind
kind_of(const struct mail_reader *r, const struct draft *d)
{
	const struct part *p = &d->p;
	char *number;

	for (size_t i = 0; i < sizeof(wrapped) / sizeof(*wrapped); i++)
		if (part_is(p, wrapped[i].type) ||
		    (part_is(p, "application/octet-stream") &&
			name_ends(p->name, wrapped[i].name)))
			return wrapped[i].kind;
	if (d->attachment || r->stack_n > 0)
		return INNER_NONE;
	if (part_message(p))
		return p->encoding != 0 ? INNER_MESSAGE : INNER_NONE;
	if (!part_is(p, "message/partial"))
		return INNER_NONE;
	number = param_text(r->a, &d->type, "number", NULL, 20);
	return number != NULL && strcmp(number, "1") == 0 ? INNER_MESSAGE
							  : INNER_NONE;
}

struct inner *
inner_open(struct mail_reader *r, const struct draft *d)
{
	enum inner_kind kind = kind_of(r, d);
	struct inner *in;
	char *type;
	size_t files = r->parts_max - r->m.parts_n;
	size_t text = r->text_max - r->text_kept;

	if (kind == INNER_NONE || r->depth == MAIL_HEADERS)
		return NULL;
	in = arena_alloc(r->a, sizeof(*in));
	in->kind = kind;
	type = param_text(r->a, &d->type, "smime-type", NULL, 40);
	in->enveloped = type != NULL &&
	    (strcasecmp(type, "enveloped-data") == 0 ||
		strcasecmp(type, "authEnveloped-data") == 0);
	cms_init(&in->cms);
	if (kind == INNER_TNEF)
		tnef_init(&in->tnef, r->a,
		    text < TNEF_TEXT_MAX ? text : TNEF_TEXT_MAX,
		    files < TNEF_FILES_MAX ? files : TNEF_FILES_MAX);
	return in;
}

/* A reader for what is inside the open leaf, with what is left of the
 * limits. */
static struct mail_reader *
reader_inside(struct mail_reader *r)
{
	struct mail_reader *in;

	if (r->level == MAIL_INNER_MAX || r->m.parts_n >= r->parts_max) {
		reader_defect(r, "too much wrapped in each other");
		return NULL;
	}
	in = mail_reader_new(r->a, r->depth, NULL);
	in->level = r->level + 1;
	in->text_max = r->text_max - r->text_kept;
	in->html_max = r->html_max - r->html_kept;
	in->parts_max = r->parts_max - r->m.parts_n;
	in->headers_read = r->headers_read;
	in->hint = r->hint;
	return in;
}

static void
reader_bytes(void *ctx, const char *p, size_t n)
{
	struct mail_reader *r = ctx;
	struct inner *in = r->leaf.inner;

	if (in->reader == NULL && !in->refused) {
		in->reader = reader_inside(r);
		in->refused = in->reader == NULL;
	}
	if (in->reader != NULL)
		mime_feed(in->reader, p, n);
}

void
inner_feed(struct mail_reader *r, const char *p, size_t n)
{
	struct cms_sink sink = { .bytes = reader_bytes, .ctx = r };
	struct inner *in = r->leaf.inner;

	if (in->kind == INNER_TNEF)
		tnef_feed(&in->tnef, p, n);
	else if (in->kind == INNER_CMS)
		cms_feed(&in->cms, p, n, &sink);
	else
		reader_bytes(r, p, n);
}

/* Parts, texts and findings of the reader inside become ours. */
static void
take_parts(struct mail_reader *r, const struct mail_reader *in, int part)
{
	int base = (int)r->m.parts_n;

	for (size_t i = 0; i < in->m.parts_n; i++) {
		struct part p = in->m.parts[i];
		int at;

		p.parent = p.parent < 0 ? part : p.parent + base;
		p.inside = p.inside < 0 ? part : p.inside + base;
		at = part_add(r, &p);
		memcpy(r->prints[at], in->prints[i], HASH_SIZE);
	}
	for (size_t i = 0; i < in->pieces_n; i++) {
		struct piece *x = text_add(r, 0, NULL);

		*x = in->pieces[i];
		x->part += base;
	}
	for (size_t i = 0; i < in->m.defects_n; i++)
		reader_defect(r, "%s", in->m.defects[i]);
}

static void
take_reader(struct mail_reader *r, struct mail_reader *in, int part)
{
	mime_end(in);
	take_parts(r, in, part);
	r->text_kept += in->text_kept;
	r->html_kept += in->html_kept;
	r->headers_read = in->headers_read;
	r->m.encrypted = r->m.encrypted || in->m.encrypted;
	r->noted = r->noted || in->noted;
	if (r->hint == NULL)
		r->hint = in->hint;
	if (r->status == NULL) {
		r->status = in->status;
		r->status_n = in->status_n;
	}
	if (r->returned == NULL) {
		r->returned = in->returned;
		r->returned_n = in->returned_n;
	}
	for (size_t i = 0;
	     i < in->calendars_n && r->calendars_n < CALENDARS_MAX; i++)
		r->calendars[r->calendars_n++] = in->calendars[i];
	if (part == 0 && r->report_type == NULL)
		r->report_type = in->report_type;
	buf_done(&in->section);
	buf_done(&in->leaf.kept);
}

/* A line of our own in the text. */
static void
note(struct mail_reader *r, int part, const char *text)
{
	text_add(r, part, text);
	r->noted = true;
}

static void
say(struct mail_reader *r, int part, const char *what)
{
	note(r, part,
	    arena_printf(r->a,
		"[%s deskd cannot read it; the original is kept.]", what));
}

static void
say_encrypted(struct mail_reader *r, int part, const char *how)
{
	if (!r->m.encrypted)
		say(r, part,
		    arena_printf(r->a, "This mail is encrypted (%s).", how));
	r->m.encrypted = true;
}

static void
cms_over(struct mail_reader *r, struct inner *in, int part)
{
	struct cms *c = &in->cms;

	cms_end(c);
	if (c->kind == CMS_ENCRYPTED || (c->kind == CMS_NONE && in->enveloped))
		say_encrypted(r, part, "S/MIME");
	else if (c->kind == CMS_COMPRESSED)
		say(r, part, "This mail is compressed (S/MIME).");
	else if (c->broken)
		reader_defect(r, "a broken S/MIME part");
	if (in->reader == NULL)
		return;
	take_reader(r, in->reader, part);
	if (c->whole)
		r->m.parts[part].kind = PART_CONTAINER;
}

static void
take_file(struct mail_reader *r, const struct tnef_file *f, int part)
{
	struct part p = {
		.kind = PART_ATTACHMENT,
		.type = "application/octet-stream",
		.name = f->name,
		.id = f->id != NULL && *f->id != '\0' ? f->id : NULL,
		.inline_ = f->id != NULL && *f->id != '\0',
		.parent = part,
		.inside = part,
		.offset = f->at,
		.raw_size = f->size,
		.size = f->size,
	};
	int at;

	if (f->message)
		p.type = "application/ms-tnef";
	else if (f->type != NULL && part_type_valid(f->type))
		p.type = f->type;
	memcpy(p.sha256, f->sha256, HASH_SIZE);
	at = part_add(r, &p);
	memcpy(r->prints[at], p.sha256, HASH_SIZE);
}

/* The text of a winmail.dat, in case that the mail has no other. */
static void
take_text(struct mail_reader *r, int part, const char *text, bool html)
{
	size_t *kept = html ? &r->html_kept : &r->text_kept;
	size_t max = html ? r->html_max : r->text_max, n;
	struct piece *x;
	char *own;

	if (text == NULL || *text == '\0')
		return;
	n = utf8_cut(text, strlen(text), max - *kept);
	own = arena_strndup(r->a, text, n);
	if (utf8_neutral(own))
		reader_defect(r, DEFECT_TURNS);
	x = text_add(r, part, own);
	x->html = html;
	x->spare = true;
	*kept += n;
}

/* The text as RTF only: a file, since it is read by no program of ours. */
static void
take_rtf(struct mail_reader *r, const struct tnef *t, int part)
{
	struct part p = { .kind = PART_ATTACHMENT,
		.type = "application/rtf",
		.name = "message.rtf",
		.parent = part,
		.inside = part,
		.offset = t->rtf_at,
		.raw_size = t->rtf_n,
		.encoding = 'z' };
	struct hash h;
	struct buf rtf;
	int at;

	if (t->rtf == NULL || r->pieces_n > 0 || r->m.parts_n >= r->parts_max)
		return;
	buf_init(&rtf, RTF_MAX);
	if (lzfu_read(&rtf, t->rtf, t->rtf_n) == 0 && !rtf.over) {
		hash_init(&h);
		hash_add(&h, buf_text(&rtf), rtf.len);
		hash_end(&h, p.sha256);
		p.size = rtf.len;
		at = part_add(r, &p);
		memcpy(r->prints[at], p.sha256, HASH_SIZE);
	}
	buf_done(&rtf);
}

static void
tnef_over(struct mail_reader *r, struct inner *in, int part)
{
	struct tnef *t = &in->tnef;
	struct part *p;

	tnef_end(t);
	for (size_t i = 0; i < t->files_n; i++)
		take_file(r, &t->files[i], part);
	take_text(r, part, t->text, false);
	take_text(r, part, t->html, true);
	if (!t->cut)
		take_rtf(r, t, part);
	p = &r->m.parts[part];
	if (t->broken)
		reader_defect(r, "a broken winmail.dat");
	else if (t->over || t->cut)
		reader_defect(r, "not all of a winmail.dat is shown");
	else
		p->kind = r->m.parts_n > (size_t)part + 1 ? PART_CONTAINER
							  : PART_ASIDE;
}

void
inner_end(struct mail_reader *r)
{
	struct inner *in = r->leaf.inner;
	int part = r->leaf.part;

	if (in->kind == INNER_CMS) {
		cms_over(r, in, part);
	} else if (in->kind == INNER_TNEF) {
		tnef_over(r, in, part);
	} else if (in->reader != NULL) {
		take_reader(r, in->reader, part);
		if (part_message(&r->m.parts[part]))
			r->m.parts[part].kind = PART_CONTAINER;
	}
}

/* Inside a multipart of that type? */
static bool
is_in(const struct mail_reader *r, const char *type)
{
	return r->container >= 0 && part_is(&r->m.parts[r->container], type);
}

static bool
is_signature(const struct mail_reader *r, const struct part *p)
{
	if (r->container < 0)
		return false;
	if (part_is(p, "application/pgp-signature") ||
	    part_is(p, "application/pkcs7-signature") ||
	    part_is(p, "application/x-pkcs7-signature"))
		return true;
	return is_in(r, "multipart/signed") &&
	    part_is(p, "application/octet-stream") &&
	    (name_ends(p->name, ".p7s") || name_ends(p->name, ".asc") ||
		name_ends(p->name, ".sig"));
}

bool
inner_aside(struct mail_reader *r, const struct draft *d, int part)
{
	if (is_signature(r, &d->p)) {
		r->m.parts[part].signature = true;
		return true;
	}
	return (r->container >= 0 &&
		   part_is(&d->p, "application/pgp-encrypted")) ||
	    (is_in(r, "multipart/appledouble") &&
		part_is(&d->p, "application/applefile"));
}

/* RFC 2046 5.2.2. */
static void
say_partial(struct mail_reader *r, const struct draft *d, int part)
{
	const char *n = param_text(r->a, &d->type, "number", NULL, 10);
	const char *all = param_text(r->a, &d->type, "total", NULL, 10);

	if (r->container >= 0)
		return;
	note(r, part,
	    arena_printf(r->a,
		"[This mail is part %s%s%s of a longer one. deskd does not"
		" join such parts; this one is kept.]",
		n == NULL ? "?" : n, all == NULL ? "" : " of ",
		all == NULL ? "" : all));
}

/* RFC 2017 3.1: the white space of a URL is only there to fold it. */
static void
squeeze(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++)
		if (!ascii_blank(*s))
			*to++ = *s;
	*to = '\0';
}

/* RFC 2046 5.2.3. */
static void
say_external(struct mail_reader *r, const struct draft *d, int part)
{
	static const char *const names[] = { "url", "site", "server",
		"directory", "name" };
	struct buf where;
	char *value;

	buf_init(&where, 4000);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		value = param_text(r->a, &d->type, names[i], NULL, 700);
		if (value == NULL || *value == '\0')
			continue;
		if (i == 0)
			squeeze(value);
		buf_printf(&where, "%s%s: %s", where.len > 0 ? ", " : "",
		    names[i], value);
	}
	note(r, part,
	    arena_printf(r->a,
		"[A file of this mail is kept elsewhere (%s). deskd does not"
		" fetch it.]",
		where.len == 0 ? "?" : buf_text(&where)));
	buf_done(&where);
}

static void
say_pgp(struct mail_reader *r, const struct draft *d, int part)
{
	(void)d;
	say_encrypted(r, part, "PGP");
}

void
inner_say(struct mail_reader *r, const struct draft *d, int part)
{
	static const struct {
		const char *type;
		void (*say)(
		    struct mail_reader *r, const struct draft *d, int part);
	} said[] = {
		{ "multipart/encrypted", say_pgp },
		{ "application/pgp-encrypted", say_pgp },
		{ "message/partial", say_partial },
		{ "message/external-body", say_external },
	};

	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
		if (part_is(&d->p, said[i].type) && r->depth != MAIL_HEADERS)
			said[i].say(r, d, part);
}
