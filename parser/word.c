/*
 * Encoded words, RFC 2047 and what mail programs make of it: a language after
 * the charset (RFC 2231), no padding, blanks inside, words that touch, one
 * character split over two words.
 */
#include "parser/word.h"

#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/buf.h"
#include "parser/decode.h"
#include "parser/limits.h"
#include "parser/utf8.h"

#define CHARSET_MAX 64

struct word {
	char charset[CHARSET_MAX];
	char encoding; /* 'q' or 'b' */
	const char *text;
	size_t n;
	size_t length; /* of the whole word */
};

/* The next '?' within max bytes. */
static const char *
mark(const char *s, const char *end, size_t max)
{
	if ((size_t)(end - s) > max)
		end = s + max;
	return memchr(s, '?', (size_t)(end - s));
}

/* The end of the encoded text: "?=".  Another "=?" first: it is not ended. */
static const char *
text_end(const char *s, const char *end)
{
	for (; s + 1 < end; s++) {
		if (s[0] == '?' && s[1] == '=')
			return s;
		if (s[0] == '=' && s[1] == '?' && (s + 2 == end || s[2] != '='))
			return NULL;
	}
	return NULL;
}

/* A value that was cut inside of a word: all that follows, if it may be text of
 * one; NULL: it may not. */
static const char *
cut_end(const char *s, const char *end)
{
	if (end - s < 2)
		return NULL;
	for (const char *p = s; p < end; p++)
		if (ascii_blank(*p) ||
		    (*p == '=' && p + 1 < end && p[1] == '?'))
			return NULL;
	while (end > s && (end[-1] == '?' || end[-1] == '='))
		end--;
	return end;
}

/* open: a word without an end counts as well, when it is the last thing. */
static bool
read_word(const char *s, const char *end, struct word *w, bool open)
{
	const char *p, *star, *close;
	size_t n;

	if (end - s < 6 || s[0] != '=' || s[1] != '?')
		return false;
	p = mark(s + 2, end, CHARSET_MAX - 1);
	if (p == NULL || p == s + 2 || end - p < 4 || p[2] != '?')
		return false;
	w->encoding = (char)(p[1] | 0x20);
	if (w->encoding != 'q' && w->encoding != 'b')
		return false;
	star = memchr(s + 2, '*', (size_t)(p - s) - 2);
	n = (size_t)((star != NULL ? star : p) - s) - 2;
	memcpy(w->charset, s + 2, n);
	w->charset[n] = '\0';
	w->text = p + 3;
	close = text_end(w->text, end);
	w->length = (size_t)((close == NULL ? end - 2 : close) - s) + 2;
	if (close == NULL && open)
		close = cut_end(w->text, end);
	if (close == NULL)
		return false;
	w->n = (size_t)(close - w->text);
	return true;
}

size_t
word_length(const char *s, size_t n)
{
	struct word w;

	return read_word(s, s + n, &w, false) ? w.length : 0;
}

static void
add_q(struct buf *out, const struct word *w)
{
	const char *s = w->text, *end = s + w->n;

	for (; s < end; s++) {
		if (*s == '_') {
			buf_char(out, ' ');
		} else if (*s == '=' && end - s > 2 && ascii_hex(s[1]) >= 0 &&
		    ascii_hex(s[2]) >= 0) {
			buf_char(out,
			    (char)(ascii_hex(s[1]) << 4 | ascii_hex(s[2])));
			s += 2;
		} else {
			buf_char(out, *s);
		}
	}
}

/* The bytes of words that follow each other. */
struct run {
	struct buf bytes;
	struct buf base64; /* not decoded yet */
};

static void
flush_base64(struct run *r)
{
	decode_base64(&r->bytes, buf_text(&r->base64), r->base64.len);
	buf_clear(&r->base64);
}

/* Some programs cut base64 where they like and not between its groups.  What
 * only lacks its padding has no bits left over. */
static bool
is_rest(const struct buf *base64, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t left = base64->len % 4;
	const char *last;

	if (left == 0 || (base64->len + n) % 4 != 0 ||
	    base64->data[base64->len - 1] == '=')
		return false;
	last = strchr(digits, base64->data[base64->len - 1]);
	return left == 1 || last == NULL ||
	    (last - digits) % (left == 2 ? 16 : 4) != 0;
}

static void
add_bytes(struct run *r, const struct word *w)
{
	if (w->encoding != 'b' || !is_rest(&r->base64, w->n))
		flush_base64(r);
	if (w->encoding == 'b')
		buf_add(&r->base64, w->text, w->n);
	else
		add_q(&r->bytes, w);
}

static void
add_text(struct arena *a, struct buf *out, const char *charset, const char *s,
    size_t n)
{
	buf_str(out, utf8_from(a, charset, s, n, NULL));
}

/* What stands outside of words: no charset is said. */
static void
add_raw(
    struct arena *a, struct buf *out, const char *hint, const char *s, size_t n)
{
	add_text(a, out, utf8_valid(s, n) ? NULL : hint, s, n);
}

/*
 * A run of words of one charset, with only blanks between: their bytes are
 * joined before the charset is read, since some programs cut a character in
 * two.  Returns behind the last one.
 */
static const char *
add_run(struct arena *a, struct buf *out, struct word *w, const char *s,
    const char *end)
{
	struct run run;
	struct word next;

	buf_init(&run.bytes, MAIL_FIELD_MAX);
	buf_init(&run.base64, MAIL_FIELD_MAX);
	for (;;) {
		const char *p = s += w->length;

		add_bytes(&run, w);
		while (p < end && ascii_blank(*p))
			p++;
		if (!read_word(p, end, &next, true))
			break;
		s = p;
		if (strcasecmp(next.charset, w->charset) != 0)
			break;
		*w = next;
	}
	flush_base64(&run);
	add_text(a, out, w->charset, buf_text(&run.bytes), run.bytes.len);
	buf_done(&run.bytes);
	buf_done(&run.base64);
	return s;
}

char *
word_decode(
    struct arena *a, const char *s, size_t n, const char *hint, size_t max)
{
	const char *end = s + n, *from = s;
	struct buf out;
	struct word w;
	char *line;

	if (memchr(s, '=', n) == NULL && memchr(s, 0x1b, n) == NULL &&
	    utf8_valid(s, n))
		return utf8_line(a, arena_memdup(a, s, n), max);
	buf_init(&out, (size_t)MAIL_FIELD_MAX * 4);
	while (s < end) {
		if (*s != '=' || !read_word(s, end, &w, true)) {
			s++;
			continue;
		}
		add_raw(a, &out, hint, from, (size_t)(s - from));
		from = s = add_run(a, &out, &w, s, end);
	}
	add_raw(a, &out, hint, from, (size_t)(end - from));
	line = utf8_line(a, buf_text(&out), max);
	buf_done(&out);
	return line;
}
