/*
 * The only place that makes bytes for SMTP.  What comes in may be hostile in
 * every text field; what goes out is 7 bit, CRLF only, and has exactly the
 * header fields that are written here.
 */
#include "parser/compose.h"

#include <string.h>

#include "parser/buf.h"
#include "parser/compose_part.h"
#include "parser/date.h"
#include "parser/encode.h"
#include "parser/hash.h"
#include "parser/limits.h"
#include "parser/utf8.h"

#define LINE_MAX_BYTES  998 /* RFC 5322 2.1.1, without CRLF */
#define REFERENCES_LAST 9   /* kept of a chain besides the first: MAIL 1 */
#define BOUNDARY_BITS   120

/* One mail while it is written. */
struct draft {
	struct arena *arena;
	struct buf out;
	const struct compose *c;
};

/* An id that may stand between < and > (RFC 5322 3.6.4, read generously). */
static bool
id_valid(const char *id)
{
	size_t n = id == NULL ? 0 : strlen(id);

	if (n == 0 || n > MAIL_ID_MAX)
		return false;
	for (; *id != '\0'; id++)
		if (*id <= ' ' || *id > '~' || *id == '<' || *id == '>')
			return false;
	return true;
}

/* RFC 5646, the shape of it: letters, digits and "-". */
static bool
language_valid(const char *s)
{
	size_t n = s == NULL
	    ? 0
	    : strspn(s,
		  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		  "0123456789-");

	return n >= 2 && n <= 35 && s[n] == '\0';
}

/* RFC 5322 3.6.8 */
static bool
field_name_valid(const char *s)
{
	size_t n = strlen(s);

	for (const char *p = s; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || *p == ':')
			return false;
	return n > 0 && n <= 60;
}

static void
put_text(struct draft *d, const char *name, const char *value, bool long_words)
{
	struct encode f;

	encode_open(&f, d->arena, &d->out, name);
	encode_text(&f, value, long_words);
	encode_close(&f);
}

/* A field of checked words. */
static void
put_token(struct draft *d, const char *name, const char *token)
{
	struct encode f;

	encode_open(&f, d->arena, &d->out, name);
	encode_token(&f, token, strlen(token));
	encode_close(&f);
}

static void
put_addresses(
    struct draft *d, const char *name, const struct address *list, size_t n)
{
	struct encode f;

	if (n == 0)
		return;
	encode_open(&f, d->arena, &d->out, name);
	for (size_t i = 0; i < n; i++) {
		const char *end = i + 1 < n ? "," : "", *shown, *word;

		shown = list[i].name == NULL ? "" : list[i].name;
		shown = utf8_line(d->arena, shown, MAIL_NAME_MAX);
		encode_phrase(&f, shown);
		word = shown[strspn(shown, " ")] == '\0'
		    ? arena_printf(d->arena, "%s%s", list[i].addr, end)
		    : arena_printf(d->arena, "<%s>%s", list[i].addr, end);
		encode_token(&f, word, strlen(word));
	}
	encode_close(&f);
}

static void
put_id(struct draft *d, const char *name, const char *id)
{
	if (id_valid(id))
		put_token(d, name, arena_printf(d->arena, "<%s>", id));
}

/* The first id and the last nine: a thread of a hundred mails still has its
 * root, and the line does not grow for ever. */
static void
put_references(struct draft *d)
{
	const char **ids;
	struct encode f;
	size_t n = 0;

	ids = arena_calloc(d->arena, d->c->references_n + 1, sizeof(*ids));
	for (size_t i = 0; i < d->c->references_n; i++)
		if (id_valid(d->c->references[i]))
			ids[n++] = d->c->references[i];
	if (n == 0)
		return;
	encode_open(&f, d->arena, &d->out, "References");
	for (size_t i = 0; i < n; i++) {
		const char *word;

		if (i > 0 && i + REFERENCES_LAST < n)
			continue;
		word = arena_printf(d->arena, "<%s>", ids[i]);
		encode_token(&f, word, strlen(word));
	}
	encode_close(&f);
}

static void
put_header(struct draft *d)
{
	const struct compose *c = d->c;
	char date[DATE_SIZE];

	put_addresses(d, "From", &c->from, 1);
	put_addresses(d, "To", &c->to, 1);
	put_addresses(d, "Cc", c->cc, c->cc_n);
	if (c->reply_to != NULL && c->reply_to_name != NULL)
		put_addresses(d, "Reply-To",
		    &(struct address){ c->reply_to_name, c->reply_to }, 1);
	else if (c->reply_to != NULL)
		put_token(d, "Reply-To", c->reply_to);
	put_text(d, "Subject",
	    utf8_line(d->arena, c->subject == NULL ? "" : c->subject,
		MAIL_SUBJECT_MAX),
	    false);
	date_rfc5322(c->date, c->zone, date);
	put_token(d, "Date", date);
	put_id(d, "Message-ID", c->message_id);
	put_id(d, "In-Reply-To", c->in_reply_to);
	put_references(d);
	if (language_valid(c->language))
		put_token(d, "Content-Language", c->language);
	for (const char *const *f = c->fields; f != NULL && *f != NULL; f += 2)
		put_text(d, f[0], f[1] == NULL ? "" : f[1], true);
	put_token(d, "MIME-Version", "1.0");
}

/* A part: its own header and the text in quoted-printable. */
static void
put_part(struct draft *d, const char *type, const char *text)
{
	struct encode f;

	encode_open(&f, d->arena, &d->out, "Content-Type");
	encode_token(&f, type, strlen(type));
	encode_param(&f, "charset", "utf-8");
	if (d->c->flowed && strcmp(type, "text/plain") == 0)
		encode_param(&f, "format", "flowed");
	encode_close(&f);
	put_token(d, "Content-Transfer-Encoding", "quoted-printable");
	buf_str(&d->out, "\r\n");
	encode_qp(&d->out, text, strlen(text));
}

/*
 * "=_" cannot occur in quoted-printable or base64, so the boundary cannot occur
 * in a part; made from the Message-ID, so the same letter gives the same bytes.
 */
static const char *
boundary_make(struct draft *d, const char *kind)
{
	uint8_t sum[HASH_SIZE];
	char word[BOUNDARY_BITS / 5 + 1];
	struct hash h;

	hash_init(&h);
	hash_str(&h, "boundary");
	hash_str(&h, kind);
	hash_str(&h, d->c->message_id);
	hash_end(&h, sum);
	hash_base32(sum, BOUNDARY_BITS, word);
	return arena_printf(d->arena, "=_%s", word);
}

/* The header of a multipart: what is written next is before its first part. */
static const char *
multipart_open(struct draft *d, const char *kind, const char *start)
{
	const char *boundary = boundary_make(d, kind);
	const char *type = arena_printf(d->arena, "multipart/%s", kind);
	struct encode f;

	encode_open(&f, d->arena, &d->out, "Content-Type");
	encode_token(&f, type, strlen(type));
	if (start != NULL) /* RFC 2387 3.1: the type of the first part */
		encode_param(&f, "type", start);
	encode_param(&f, "boundary", boundary);
	encode_close(&f);
	return boundary;
}

static void
multipart_next(struct draft *d, const char *boundary)
{
	buf_printf(&d->out, "\r\n--%s\r\n", boundary);
}

static void
multipart_close(struct draft *d, const char *boundary)
{
	buf_printf(&d->out, "\r\n--%s--\r\n", boundary);
}

/* Can the HTML show it? */
static bool
is_picture(const struct compose_part *p)
{
	return p->id != NULL && id_valid(p->id);
}

/* The text, and the HTML beside it; html may be NULL. */
static void
put_words(struct draft *d, const char *plain, const char *html)
{
	const char *boundary;

	if (html == NULL) {
		put_part(d, "text/plain", plain);
		return;
	}
	boundary = multipart_open(d, "alternative", NULL);
	multipart_next(d, boundary);
	put_part(d, "text/plain", plain);
	multipart_next(d, boundary);
	put_part(d, "text/html", html);
	multipart_close(d, boundary);
}

/* The pictures stand beside the alternative, not in its second part: so those
 * who read the text find them, too. */
static void
put_pictures(
    struct draft *d, const char *plain, const char *html, size_t pictures)
{
	const struct compose *c = d->c;
	const char *boundary;

	if (pictures == 0) {
		put_words(d, plain, html);
		return;
	}
	boundary = multipart_open(d, "related", "multipart/alternative");
	multipart_next(d, boundary);
	put_words(d, plain, html);
	for (size_t i = 0; i < c->parts_n; i++) {
		if (!is_picture(&c->parts[i]))
			continue;
		multipart_next(d, boundary);
		compose_part_put(d->arena, &d->out, &c->parts[i], true);
	}
	multipart_close(d, boundary);
}

static void
put_files(struct draft *d, const char *plain, const char *html, size_t pictures)
{
	const struct compose *c = d->c;
	const char *boundary;

	if (pictures == c->parts_n) {
		put_pictures(d, plain, html, pictures);
		return;
	}
	boundary = multipart_open(d, "mixed", NULL);
	multipart_next(d, boundary);
	put_pictures(d, plain, html, pictures);
	for (size_t i = 0; i < c->parts_n; i++) {
		if (pictures > 0 && is_picture(&c->parts[i]))
			continue;
		multipart_next(d, boundary);
		compose_part_put(d->arena, &d->out, &c->parts[i], false);
	}
	multipart_close(d, boundary);
}

static const char *
html_make(struct draft *d, const char *text)
{
	const struct compose *c = d->c;
	const char *html = NULL, *rich;

	if (c->html && c->rich != NULL) {
		rich = utf8_from(
		    d->arena, "utf-8", c->rich, strlen(c->rich), NULL);
		html = compose_page(d->arena, rich, c->language, c->subject);
	}
	if (c->html && html == NULL)
		html = compose_letter(d->arena, text, c);
	return html;
}

static void
put_body(struct draft *d)
{
	const struct compose *c = d->c;
	const char *text = c->text == NULL ? "" : c->text, *plain, *html;
	size_t pictures = 0;

	text = utf8_from(d->arena, "utf-8", text, strlen(text), NULL);
	plain = c->flowed ? compose_flow(d->arena, text) : text;
	html = html_make(d, text);
	/* Without HTML nothing can show them where they belong: files. */
	for (size_t i = 0; html != NULL && i < c->parts_n; i++)
		pictures += is_picture(&c->parts[i]);
	put_files(d, plain, html, pictures);
}

static int
check_parts(const struct compose *c, struct err *e)
{
	if (!address_valid(c->from.addr))
		return err_set(e, ERR_REJECT, "From is not a valid address");
	if (!address_valid(c->to.addr))
		return err_set(e, ERR_REJECT, "To is not a valid address");
	for (size_t i = 0; i < c->cc_n; i++)
		if (!address_valid(c->cc[i].addr))
			return err_set(
			    e, ERR_REJECT, "Cc is not a valid address");
	if (c->reply_to != NULL && !address_valid(c->reply_to))
		return err_set(
		    e, ERR_REJECT, "Reply-To is not a valid address");
	if (!id_valid(c->message_id))
		return err_set(e, ERR_REJECT, "the Message-ID is not valid");
	for (const char *const *f = c->fields; f != NULL && *f != NULL; f += 2)
		if (!field_name_valid(f[0]))
			return err_set(
			    e, ERR_REJECT, "a header field has no valid name");
	return 0;
}

int
compose_mail(struct arena *a, const struct compose *c, char **data, size_t *n,
    struct err *e)
{
	struct draft d = { .arena = a, .c = c };
	int rc = 0;

	if (check_parts(c, e) == -1)
		return -1;
	buf_init(&d.out, LETTER_MAX);
	put_header(&d);
	put_body(&d);
	if (d.out.over)
		rc = err_set(e, ERR_REJECT, "the mail is larger than %d MB",
		    LETTER_MAX >> 20);
	else
		rc = compose_check(d.out.data, d.out.len, e);
	if (rc == 0) {
		*data = arena_memdup(a, d.out.data, d.out.len);
		*n = d.out.len;
	}
	buf_done(&d.out);
	return rc;
}

/* What the header section must have. */
static const char *const needed[] = { "From:", "Date:", "Message-ID:" };
#define NEEDED_ALL ((1U << 3) - 1)

/* One header line; sets the bits of the fields that must be there. */
static int
check_header_line(const char *s, size_t n, unsigned *seen, struct err *e)
{
	const char *colon = memchr(s, ':', n);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] > '~' ||
		    ((unsigned char)s[i] < ' ' && s[i] != '\t'))
			return err_set(
			    e, ERR_BUG, "a letter's header is not plain ASCII");
	if (*s == ' ' || *s == '\t') {
		if (*seen == 0 || strspn(s, " \t") >= n)
			return err_set(
			    e, ERR_BUG, "a letter's header is folded wrongly");
		return 0;
	}
	if (colon == NULL || colon == s)
		return err_set(
		    e, ERR_BUG, "a letter's header has a line without a name");
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		size_t k = strlen(needed[i]);

		if (n >= k && strncasecmp(s, needed[i], k) == 0) {
			if (*seen & 1U << i)
				return err_set(e, ERR_BUG,
				    "a letter has two %s", needed[i]);
			*seen |= 1U << i;
		}
	}
	*seen |= 1U << 31; /* a first line was there: folding may follow */
	return 0;
}

/* The line at s, up to CRLF: its length, or -1. */
static int
check_line(const char *s, size_t left, size_t *n, struct err *e)
{
	const char *lf = memchr(s, '\n', left);

	if (lf == NULL || lf == s || lf[-1] != '\r')
		return err_set(e, ERR_BUG, "a letter has a line without CRLF");
	*n = (size_t)(lf - s) - 1;
	if (*n > LINE_MAX_BYTES)
		return err_set(
		    e, ERR_BUG, "a letter has a line of %zu bytes", *n);
	if (memchr(s, '\r', *n) != NULL || memchr(s, '\0', *n) != NULL)
		return err_set(
		    e, ERR_BUG, "a letter has a CR or NUL in a line");
	return 0;
}

int
compose_check(const char *data, size_t n, struct err *e)
{
	const char *s = data, *end = data + n;
	unsigned seen = 0;
	bool header = true;
	size_t len = 0;

	while (s < end) {
		if (check_line(s, (size_t)(end - s), &len, e) == -1)
			return -1;
		if (header && len > 0 &&
		    check_header_line(s, len, &seen, e) == -1)
			return -1;
		if (len == 0)
			header = false;
		s += len + 2;
	}
	if (header || (seen & NEEDED_ALL) != NEEDED_ALL)
		return err_set(e, ERR_BUG,
		    "a letter lacks From, Date, Message-ID or its empty line");
	return 0;
}
