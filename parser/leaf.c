/*
 * The bytes of a leaf: decoded, hashed and, where they are text to show, a
 * delivery status or the head of a returned message, kept within limits.  No
 * attachment is ever held in memory.
 */
#include <endian.h>
#include <string.h>
#include <strings.h>

#include "parser/charset_guess.h"
#include "parser/param.h"
#include "parser/reader.h"
#include "parser/utf8.h"
#include "parser/word.h"

#define NAME_READ   ((size_t)MAIL_NAME_MAX * 8)
#define STATUS_MAX  (64 << 10) /* a delivery status of a thousand recipients */
#define HEADERS_MAX (64 << 10) /* read of a returned or forwarded message */

/* What stands beside the root of a multipart/related belongs to it and is no
 * text of its own (RFC 2387 3; RFC 8621 4.1.4).  Where "start" names the root,
 * text.c knows it once all parts are there. */
static bool
is_related(const struct mail_reader *r, const struct part *p, int part)
{
	return part > 0 && p->parent >= 0 && part != p->parent + 1 &&
	    r->pieces_n > 0 && r->stack_n > 0 &&
	    r->stack[r->stack_n - 1].start == NULL &&
	    part_is(&r->m.parts[p->parent], "multipart/related");
}

/* Is this leaf one that people read as the mail's text?  A name makes a text
 * an attachment, unless it is the first thing in the mail. */
static bool
is_shown(const struct mail_reader *r, const struct draft *d, int part)
{
	const struct part *p = &d->p;

	if (d->attachment || is_related(r, p, part) ||
	    (!part_is(p, "text/plain") && !part_is(p, "text/html")))
		return false;
	return p->name == NULL || !r->seen_leaf;
}

/* A calendar by its type, or by its name when the type says nothing. */
static bool
is_calendar(const struct part *p)
{
	static const char *const types[] = { "text/calendar", "application/ics",
		"text/x-vcalendar", "application/icalendar", "text/ics" };
	size_t n = p->name == NULL ? 0 : strlen(p->name);

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (part_is(p, types[i]))
			return true;
	return n > 4 && part_is(p, "application/octet-stream") &&
	    (strcasecmp(p->name + n - 4, ".ics") == 0 ||
		strcasecmp(p->name + n - 4, ".vcs") == 0);
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
	if (part_is(p, "message/feedback-report") ||
	    part_is(p, "message/disposition-notification"))
		return KEEP_NOTICE;
	if (is_calendar(p))
		return KEEP_CALENDAR;
	return KEEP_NOTHING;
}

static size_t
keep_max(const struct mail_reader *r, enum keep keep, bool html)
{
	static const size_t fixed[] = {
		[KEEP_STATUS] = STATUS_MAX,
		[KEEP_HEADERS] = HEADERS_MAX,
		[KEEP_CALENDAR] = CALENDAR_MAX,
		[KEEP_NOTICE] = STATUS_MAX,
		[KEEP_NOTHING] = 0,
	};

	if (keep == KEEP_TEXT)
		return html ? r->html_max - r->html_kept
			    : r->text_max - r->text_kept;
	return fixed[keep];
}

void
leaf_open(struct mail_reader *r, const struct draft *d, int part)
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
	l->method = l->keep == KEEP_CALENDAR
	    ? param_text(r->a, &d->type, "method", NULL, 40)
	    : NULL;
	format = param_text(r->a, &d->type, "format", NULL, 20);
	l->flowed = format != NULL && strcasecmp(format, "flowed") == 0;
	format = param_text(r->a, &d->type, "delsp", NULL, 20);
	l->delsp = format != NULL && strcasecmp(format, "yes") == 0;
	l->with_files = l->shown && part >= 0 && d->p.encoding == 0 &&
	    part_is(&d->p, "text/plain");
	if (l->with_files)
		uu_init(&l->uu);
	l->file = -1;
	l->words = strncmp(d->p.type, "text/", 5) == 0 && !l->shown;
	l->word_gap = false;
	l->word_any = false;
	l->attached = d->attachment || !part_is(&d->p, "text/calendar");
	decode_init(&l->decode, d->p.encoding);
	l->decode.text = l->shown;
	hash_init(&l->hash);
	if (l->words)
		hash_init(&l->text_hash);
	l->inner = part >= 0 ? inner_open(r, d) : NULL;
	l->related = r->stack_n > 0 && r->stack[r->stack_n - 1].related;
	l->start = l->related ? r->stack[r->stack_n - 1].start : NULL;
	buf_clear(&l->kept);
	l->kept.max = keep_max(r, l->keep, l->html);
	if (l->shown && r->hint == NULL && charset_tells(l->charset))
		r->hint = l->charset;
	if (part < 0)
		return;
	r->m.parts[part].kind = l->shown ? PART_TEXT
	    : inner_aside(r, d, part)    ? PART_ASIDE
					 : PART_ATTACHMENT;
	r->seen_leaf = true;
	inner_say(r, d, part);
}

/* Eight bytes with a blank where white space is; false: some of it follows on
 * other.  *ink: a letter was last. */
static bool
words8(char *out, const char *s, bool *ink)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t v, white, last;

	memcpy(&v, s, sizeof(v));
	v = le64toh(v);
	white = (((v & ones * 0x7f) + ones * (0x7f - ' ')) | v) & ones * 0x80;
	white = (white ^ ones * 0x80) >> 7;
	last = white << 8 | (uint64_t) !*ink;
	if ((white & last) != 0)
		return false;
	*ink = white >> 56 == 0;
	white *= 0xff;
	v = htole64((v & ~white) | (white & ones * ' '));
	memcpy(out, &v, sizeof(v));
	return true;
}

/* One blank for all white space behind a letter; how long out is then. */
static size_t
one_blank(char *out, const char *p, size_t n, bool *ink)
{
	size_t k = 0, i = 0;

	while (i < n) {
		bool is;

		if (n - i >= 8 && words8(out + k, p + i, ink)) {
			i += 8;
			k += 8;
			continue;
		}
		is = (unsigned char)p[i] > ' ';
		out[k] = (char)(is ? p[i] : ' ');
		k += is | *ink;
		*ink = is;
		i++;
	}
	return k;
}

/*
 * The print of a text does not see white space (RELIABILITY 4.1): a blank
 * between words, none at the ends.  Collected, since hashing word by word takes
 * longer than hashing.
 */
static void
hash_words(struct hash *h, bool *gap, bool *any, const char *p, size_t n)
{
	char out[1024];

	while (n > 0) {
		size_t now = n < sizeof(out) - 1 ? n : sizeof(out) - 1, k = 0;
		bool ink = *any && !*gap; /* behind a letter */

		if (*any && *gap)
			out[k++] = ' ';
		k += one_blank(out + k, p, now, &ink);
		k -= k > 0 && !ink; /* the blank waits for a word */
		hash_add(h, out, k);
		*any |= k > 0;
		*gap = !ink;
		p += now;
		n -= now;
	}
}

/* What is shown has no hash, unless a related may turn it down. */
static bool
may_be_file(const struct leaf *l)
{
	return !l->shown || l->start != NULL;
}

static void
keep_bytes(struct leaf *l, const char *p, size_t n)
{
	size_t room = l->kept.max - l->kept.len;

	if (n > room) {
		l->cut = true;
		if (l->shown &&
		    l->start ==
			NULL) /* what is not in the text is in its print */
			hash_add(&l->hash, p + room, n - room);
	}
	if (room > 0)
		buf_add(&l->kept, p, n < room ? n : room);
}

static void
text_bytes(void *ctx, const char *p, size_t n)
{
	struct mail_reader *r = ctx;

	keep_bytes(&r->leaf, p, n);
}

/* A file in a text: a part of its own, whose bytes stand in the text's. */
static void
file_begin(void *ctx, const char *name, size_t n, uint64_t at)
{
	struct mail_reader *r = ctx;
	const struct part *text = &r->m.parts[r->leaf.part];
	struct part p = {
		.kind = PART_ATTACHMENT,
		.type = "application/octet-stream",
		.parent = text->parent,
		.inside = text->inside,
		.offset = text->offset + at,
		.encoding = 'u',
	};

	if (r->m.parts_n >= r->parts_max)
		return;
	p.name = param_file_name(
	    r->a, word_decode(r->a, name, n, r->hint, NAME_READ));
	hash_init(&r->leaf.file_hash);
	r->leaf.file = part_add(r, &p);
}

static void
file_bytes(void *ctx, const char *p, size_t n)
{
	struct mail_reader *r = ctx;

	if (r->leaf.file < 0)
		return;
	r->m.parts[r->leaf.file].size += n;
	hash_add(&r->leaf.file_hash, p, n);
}

static void
file_end(void *ctx, uint64_t at, bool whole)
{
	struct mail_reader *r = ctx;
	struct leaf *l = &r->leaf;
	struct part *p;

	if (!whole)
		reader_defect(r, "a uuencoded file without an end");
	if (l->file < 0)
		return;
	p = &r->m.parts[l->file];
	p->raw_size = r->m.parts[l->part].offset + at - p->offset;
	hash_end(&l->file_hash, p->sha256);
	memcpy(r->prints[l->file], p->sha256, HASH_SIZE);
	l->file = -1;
}

static struct uu_sink
file_sink(struct mail_reader *r)
{
	return (struct uu_sink){
		.text = text_bytes,
		.begin = file_begin,
		.bytes = file_bytes,
		.end = file_end,
		.ctx = r,
	};
}

/* Decoded bytes of the open leaf. */
static void
decoded(void *ctx, const char *p, size_t n)
{
	struct mail_reader *r = ctx;
	struct leaf *l = &r->leaf;

	if (l->part >= 0) {
		r->m.parts[l->part].size += n;
		if (may_be_file(l))
			hash_add(&l->hash, p, n);
	}
	if (l->inner != NULL)
		inner_feed(r, p, n);
	if (l->words)
		hash_words(&l->text_hash, &l->word_gap, &l->word_any, p, n);
	if (l->with_files) {
		struct uu_sink sink = file_sink(r);

		uu_feed(&l->uu, p, n, &sink);
	} else if (l->keep != KEEP_NOTHING) {
		keep_bytes(l, p, n);
	}
}

void
leaf_feed(struct mail_reader *r, const char *p, size_t n)
{
	struct decode_sink sink = { .bytes = decoded, .ctx = r };
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

/* HTML that a script sends without saying so: a document from its first tag to
 * its last. */
static bool
is_html_document(const char *s, size_t n)
{
	static const char *const first[] = { "<html", "<!doctype html" };
	const char *last = "</html>";

	while (n > 0 && (unsigned char)*s <= ' ') {
		s++;
		n--;
	}
	while (n > 0 && (unsigned char)s[n - 1] <= ' ')
		n--;
	if (n < 20 ||
	    strncasecmp(s + n - strlen(last), last, strlen(last)) != 0)
		return false;
	for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++)
		if (strncasecmp(s, first[i], strlen(first[i])) == 0)
			return true;
	return false;
}

/* The text of a leaf that is shown: to UTF-8, and onto the pieces. */
static void
keep_piece(struct mail_reader *r)
{
	struct leaf *l = &r->leaf;
	const char *charset = l->charset;
	struct piece *x;
	char *text;
	bool guessed,
	    html = l->html || is_html_document(buf_text(&l->kept), l->kept.len);

	if (l->cut)
		reader_defect(r, "the text is too long and was cut");
	if (html && charset == NULL)
		charset = meta_charset(r, buf_text(&l->kept), l->kept.len);
	if (r->hint == NULL && charset_tells(charset))
		r->hint = charset;
	if (charset == NULL && !utf8_valid(buf_text(&l->kept), l->kept.len))
		charset = subject_charset(r);
	text = utf8_from(
	    r->a, charset, buf_text(&l->kept), l->kept.len, &guessed);
	x = text_add(r, l->preamble ? l->preamble_of : l->part, text);
	x->html = html;
	x->flowed = l->flowed && !html;
	x->delsp = l->delsp;
	x->related = l->related && !l->preamble;
	x->start = l->start;
	if (guessed) {
		reader_defect(r, "the charset of a text was guessed");
		/* a short subject says less than a text */
		if (r->hint == NULL)
			r->hint = charset_guess(
			    buf_text(&l->kept), l->kept.len, false);
	}
	if (charset != NULL && !charset_known(charset))
		reader_defect(r, "a text in a charset that is not read: %s",
		    utf8_line(r->a,
			utf8_from(r->a, NULL, charset, strlen(charset), NULL),
			40));
	if (charset_plain(charset) && !guessed &&
	    utf8_controls(buf_text(&l->kept), l->kept.len))
		reader_defect(r, "control characters in a text: taken out");
	if (utf8_neutral(text))
		reader_defect(r, DEFECT_TURNS);
	*(l->html ? &r->html_kept : &r->text_kept) += l->kept.len;
}

static void
keep_calendar(struct mail_reader *r)
{
	const struct leaf *l = &r->leaf;
	struct calendar_part *c;

	if (r->calendars_n == CALENDARS_MAX)
		return;
	c = &r->calendars[r->calendars_n++];
	c->n = l->kept.len;
	c->bytes = arena_memdup(r->a, buf_text(&l->kept), c->n);
	c->charset = l->charset;
	c->method = l->method;
	c->attached = l->attached;
}

static void
keep_print(struct mail_reader *r, uint8_t *sum)
{
	struct leaf *l = &r->leaf;
	bool gap = false, any = false;
	const char *text;

	hash_end(&l->hash, sum);
	if (may_be_file(l))
		memcpy(r->m.parts[l->part].sha256, sum, HASH_SIZE);
	if (l->words) {
		hash_end(&l->text_hash, sum);
	} else if (l->shown) {
		text = r->pieces[r->pieces_n - 1].text;
		hash_init(&l->text_hash);
		hash_words(&l->text_hash, &gap, &any, text, strlen(text));
		if (l->cut)
			hash_add(&l->text_hash, sum, HASH_SIZE);
		hash_end(&l->text_hash, sum);
	}
}

void
leaf_end(struct mail_reader *r, int container)
{
	struct decode_sink sink = { .bytes = decoded, .ctx = r };
	struct leaf *l = &r->leaf;
	const char *kept;

	if (!l->open)
		return;
	decode_end(&l->decode, &sink);
	if (l->with_files) {
		struct uu_sink files = file_sink(r);

		uu_end(&l->uu, &files);
	}
	l->open = false;
	if (l->decode.broken)
		reader_defect(r, "a broken transfer encoding");
	if (l->preamble && l->preamble_of == container)
		return; /* its parts begin: it was only a preamble */
	if (l->shown)
		keep_piece(r);
	if (l->part >= 0)
		keep_print(r, r->prints[l->part]);
	if (l->part >= 0 && l->keep == KEEP_HEADERS)
		part_name_message(
		    r, &r->m.parts[l->part], buf_text(&l->kept), l->kept.len);
	if (l->inner != NULL)
		inner_end(r);
	kept = buf_text(&l->kept);
	if (l->keep == KEEP_STATUS && r->status == NULL) {
		r->status = arena_memdup(r->a, kept, l->kept.len);
		r->status_n = l->kept.len;
	}
	if (l->keep == KEEP_NOTICE && r->notice == NULL) {
		r->notice = arena_memdup(r->a, kept, l->kept.len);
		r->notice_n = l->kept.len;
	}
	if (l->keep == KEEP_CALENDAR)
		keep_calendar(r);
	if (l->keep == KEEP_HEADERS && r->returned == NULL) {
		r->returned = arena_memdup(r->a, kept, l->kept.len);
		r->returned_n = l->kept.len;
	}
}
