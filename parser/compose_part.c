/*
 * Files and pictures of a mail.  It does not look into them: what may leave is
 * decided before.
 */
#include "parser/compose_part.h"

#include <string.h>
#include <strings.h>

#include "parser/encode.h"
#include "parser/param.h"

#define TYPE_WORD_MAX 80 /* real ones of office files are 70 long */
#define UNKNOWN_TYPE  "application/octet-stream"

/* The bytes at s of a word that needs no quotes: RFC 6838 4.2, without what
 * some readers stumble over. */
static size_t
word_length(const char *s)
{
	return strspn(s,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "-.+_");
}

/* "image/png", or what says that nothing is known. */
static const char *
type_safe(const char *type)
{
	static const char *const opened[] = { "message/", "multipart/" };
	size_t n, k;

	if (type == NULL)
		return UNKNOWN_TYPE;
	for (size_t i = 0; i < sizeof(opened) / sizeof(*opened); i++)
		if (strncasecmp(type, opened[i], strlen(opened[i])) == 0)
			return UNKNOWN_TYPE;
	n = word_length(type);
	if (n == 0 || n > TYPE_WORD_MAX || type[n] != '/')
		return UNKNOWN_TYPE;
	k = word_length(type + n + 1);
	if (k == 0 || k > TYPE_WORD_MAX || type[n + 1 + k] != '\0')
		return UNKNOWN_TYPE;
	return type;
}

/* RFC 2978 2.3, the shape of it. */
static bool
charset_valid(const char *s)
{
	size_t n = s == NULL ? 0 : word_length(s);

	return n > 0 && n <= 40 && s[n] == '\0';
}

static void
put_type(struct arena *a, struct buf *out, const struct compose_part *p,
    const char *name)
{
	const char *type = type_safe(p->type);
	struct encode f;

	encode_open(&f, a, out, "Content-Type");
	encode_token(&f, type, strlen(type));
	if (strncasecmp(type, "text/", 5) == 0 && charset_valid(p->charset))
		encode_param(&f, "charset", p->charset);
	if (name != NULL) /* for readers older than RFC 2183 */
		encode_param(&f, "name", name);
	encode_close(&f);
}

static void
put_disposition(
    struct arena *a, struct buf *out, const char *name, bool inline_)
{
	const char *how = inline_ ? "inline" : "attachment";
	struct encode f;

	encode_open(&f, a, out, "Content-Disposition");
	encode_token(&f, how, strlen(how));
	if (name != NULL)
		encode_param(&f, "filename", name);
	encode_close(&f);
}

void
compose_part_put(struct arena *a, struct buf *out, const struct compose_part *p,
    bool inline_)
{
	const char *name = p->name == NULL ? NULL : param_file_name(a, p->name);
	struct encode f;

	put_type(a, out, p, name);
	put_disposition(a, out, name, inline_);
	if (inline_) {
		const char *id = arena_printf(a, "<%s>", p->id);

		encode_open(&f, a, out, "Content-ID");
		encode_token(&f, id, strlen(id));
		encode_close(&f);
	}
	buf_str(out, "Content-Transfer-Encoding: base64\r\n\r\n");
	encode_base64(out, p->data, p->size);
}
