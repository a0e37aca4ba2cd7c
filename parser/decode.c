/*
 * Base64, quoted-printable and uuencode, incremental and by table.  libetpan
 * has decoders too, but they want a whole body in memory and its base64 takes
 * longer than all other work on a mail together.
 */
#include "parser/decode.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/uu.h"

#define OUT_SIZE 4096

enum {
	SKIP = 64,
	PAD = 65
};

/* clang-format off */
static const uint8_t base64[256] = {
	64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,
	64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,
	64,64,64,64,64,64,64,64,64,64,64,62,64,64,64,63,
	52,53,54,55,56,57,58,59,60,61,64,64,64,65,64,64,
	64, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,10,11,12,13,14,
	15,16,17,18,19,20,21,22,23,24,25,64,64,64,64,64,
	64,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,
	41,42,43,44,45,46,47,48,49,50,51,64,64,64,64,64,
	64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,
	64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,
	64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,
	64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,
	64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,
	64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,
	64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,
	64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,64,
};
/* clang-format on */

/* Decoded bytes on their way to the sink. */
struct out {
	const struct decode_sink *sink;
	size_t n;
	char bytes[OUT_SIZE];
};

static void
flush(struct out *o)
{
	if (o->n > 0)
		o->sink->bytes(o->sink->ctx, o->bytes, o->n);
	o->n = 0;
}

static void
put(struct out *o, const char *p, size_t n)
{
	if (n > OUT_SIZE - o->n)
		flush(o);
	if (n > OUT_SIZE) {
		o->sink->bytes(o->sink->ctx, p, n);
		return;
	}
	memcpy(o->bytes + o->n, p, n);
	o->n += n;
}

static void
put1(struct out *o, char c)
{
	if (o->n == OUT_SIZE)
		flush(o);
	o->bytes[o->n++] = c;
}

void
decode_init(struct decode *d, char encoding)
{
	/* held[] is only read up to held_n */
	d->encoding = encoding;
	d->bits = 0;
	d->n = 0;
	d->held_n = 0;
	d->inside = false;
	d->broken = false;
	d->text = false;
	d->start = true;
	d->seen = false;
	d->padded = false;
	d->footer = false;
}

/* The end of a group: at "=" or at the end.  Two characters are one byte,
 * three are two; a single one is nothing. */
static void
base64_rest(struct decode *d, struct out *o)
{
	uint32_t v = d->bits;

	if (d->n == 1)
		d->broken = true;
	if (d->n == 2)
		put1(o, (char)(v >> 4));
	if (d->n == 3) {
		put1(o, (char)(v >> 10));
		put1(o, (char)(v >> 2));
	}
	d->n = 0;
	d->bits = 0;
}

static void
base64_one(struct decode *d, struct out *o, unsigned char c)
{
	uint8_t v = base64[c];

	if (v == PAD) {
		d->padded = d->seen;
		if (d->n > 0)
			base64_rest(d, o);
		return;
	}
	if (v == SKIP) {
		d->start |= c == '\n';
		if (c != '\r' && c != '\n' && c != ' ' && c != '\t')
			d->broken = true;
		return;
	}
	d->seen = true;
	d->padded = false;
	d->bits = d->bits << 6 | v;
	if (++d->n < 4)
		return;
	put1(o, (char)(d->bits >> 16));
	put1(o, (char)(d->bits >> 8));
	put1(o, (char)d->bits);
	d->n = 0;
	d->bits = 0;
}

/* Whole groups of four while nothing else comes between. */
static const unsigned char *
base64_groups(struct out *o, const unsigned char *p, const unsigned char *end)
{
	while (end - p >= 4) {
		uint32_t a = base64[p[0]], b = base64[p[1]], c = base64[p[2]],
			 e = base64[p[3]], v;

		if (((a | b | c | e) & 64) != 0)
			break;
		if (o->n > OUT_SIZE - 3)
			flush(o);
		v = a << 18 | b << 12 | c << 6 | e;
		o->bytes[o->n] = (char)(v >> 16);
		o->bytes[o->n + 1] = (char)(v >> 8);
		o->bytes[o->n + 2] = (char)v;
		o->n += 3;
		p += 4;
	}
	return p;
}

/* May this line be the first of a footer?  That is known at its end. */
static bool
base64_doubt(const struct decode *d, unsigned char c)
{
	if (!d->seen || ascii_blank((char)c))
		return false;
	return d->padded || (d->n == 0 && base64[c] == SKIP);
}

/* Behind the padding what is no base64, else a rule: "__________", "--". */
static bool
base64_footer(const struct decode *d)
{
	size_t n = d->held_n, k = 0;

	while (n > 0 && ascii_blank(d->held[n - 1]))
		n--;
	if (!d->padded) {
		while (k < n && d->held[k] == d->held[0])
			k++;
		return k == n && (n >= 10 || (n == 2 && d->held[0] == '-'));
	}
	while (k < n && base64[(unsigned char)d->held[k]] != SKIP)
		k++;
	return k < n;
}

/*
 * Mailing lists and gateways put their footer in plain text behind whatever
 * stands there.  A line that may begin one stands in held[].
 */
static void
base64_held(struct decode *d, struct out *o)
{
	size_t n = d->held_n;

	d->footer = base64_footer(d);
	d->held_n = 0;
	if (!d->footer) {
		d->start = false;
		for (size_t i = 0; i < n; i++)
			base64_one(d, o, (unsigned char)d->held[i]);
		return;
	}
	d->broken = true;
	if (d->text) {
		put1(o, '\n');
		put(o, d->held, n);
	}
}

static const unsigned char *
base64_hold(struct decode *d, struct out *o, const unsigned char *p)
{
	d->held[d->held_n++] = (char)*p;
	if (*p == '\n' || d->held_n == sizeof(d->held))
		base64_held(d, o);
	return p + 1;
}

static void
feed_base64(struct decode *d, struct out *o, const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + n, *from;

	while (p < end && !d->footer) {
		if (d->held_n > 0 || (d->start && base64_doubt(d, *p))) {
			p = base64_hold(d, o, p);
			continue;
		}
		d->start = d->start && ascii_blank((char)*p);
		from = p;
		if (d->n == 0)
			p = base64_groups(o, p, end);
		d->seen |= p > from;
		d->padded = d->padded && p == from;
		if (p < end)
			base64_one(d, o, *p++);
	}
	if (d->footer && d->text)
		put(o, (const char *)p, (size_t)(end - p));
}

/* What was held back turns out to be text. */
static void
let_go(struct decode *d, struct out *o)
{
	put(o, d->held, d->held_n);
	d->held_n = 0;
}

/* After "=": a line end (blanks before it are forgiven), two digits, or a
 * plain "=" of somebody who does not know better. */
static void
qp_escape(struct decode *d, struct out *o, char c)
{
	char first = (char)(d->held_n > 1 ? d->held[1] : '\0');

	if (c == '\n' && (first == '\0' || first == '\r' || first == ' ')) {
		d->held_n = 0;
	} else if (ascii_hex(first) >= 0 && ascii_hex(c) >= 0) {
		put1(o, (char)(ascii_hex(first) << 4 | ascii_hex(c)));
		d->held_n = 0;
	} else if ((d->held_n == 1 &&
		       (ascii_hex(c) >= 0 || c == '\r' || c == ' ' ||
			   c == '\t')) ||
	    (first == ' ' && (c == ' ' || c == '\t' || c == '\r') &&
		d->held_n < 80)) {
		d->held[d->held_n++] = (char)(c == '\t' ? ' ' : c);
	} else {
		d->broken = true;
		let_go(d, o);
		if (c == '=' || c == ' ' || c == '\t' || c == '\r')
			d->held[d->held_n++] = c;
		else
			put1(o, c);
	}
}

/* Behind blanks or a CR, which count only when the line does not end here. */
static void
qp_blanks(struct decode *d, struct out *o, char c)
{
	if (c == '\n') {
		bool cr = d->held[d->held_n - 1] == '\r';

		d->held_n = 0;
		put(o, cr ? "\r\n" : "\n", cr ? 2 : 1);
	} else if ((c == ' ' || c == '\t' || c == '\r') &&
	    d->held[d->held_n - 1] != '\r' && d->held_n < sizeof(d->held)) {
		d->held[d->held_n++] = c;
	} else {
		let_go(d, o);
		if (c == '=' || c == ' ' || c == '\t' || c == '\r')
			d->held[d->held_n++] = c;
		else
			put1(o, c);
	}
}

/* "=" and what stands behind it; NULL when it is not all there, or odd. */
static const char *
qp_escaped(struct out *o, const char *p, const char *end)
{
	int high, low;

	if (end - p < 3)
		return NULL;
	if (p[1] == '\r' && p[2] == '\n')
		return p + 3;
	if (p[1] == '\n')
		return p + 2;
	high = ascii_hex(p[1]);
	low = ascii_hex(p[2]);
	if (high < 0 || low < 0)
		return NULL;
	put1(o, (char)(high << 4 | low));
	return p + 3;
}

/* A stretch without a line end, whose last byte is neither blank nor CR: only
 * "=" means something.  Returns where that is more than an escape. */
static const char *
qp_stretch(struct out *o, const char *p, const char *to, const char *end)
{
	while (p < to) {
		const char *mark = memchr(p, '=', (size_t)(to - p)), *next;

		put(o, p, (size_t)((mark == NULL ? to : mark) - p));
		if (mark == NULL)
			return to;
		next = qp_escaped(o, mark, end);
		if (next == NULL)
			return mark;
		p = next;
	}
	return p;
}

static bool
qp_held(char c)
{
	return c == '=' || c == ' ' || c == '\t' || c == '\r';
}

/* Where the line ends or, without its end, where the bytes do: blanks and CR
 * before that may be nothing. */
static const char *
qp_line(struct out *o, const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));
	const char *to = nl == NULL ? end : nl, *at;

	if (nl != NULL && to > p && to[-1] == '\r')
		to--;
	while (to > p && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r'))
		to--;
	at = qp_stretch(o, p, to, end);
	if (at != to || nl == NULL ||
	    (at != nl && (nl - at > 1 || *at != '\r')))
		return at;
	put(o, at, (size_t)(nl - at) + 1);
	return nl + 1;
}

static void
feed_qp(struct decode *d, struct out *o, const char *p, size_t n)
{
	const char *end = p + n;

	while (p < end) {
		if (d->held_n > 0) {
			if (d->held[0] == '=')
				qp_escape(d, o, *p++);
			else
				qp_blanks(d, o, *p++);
			continue;
		}
		p = qp_line(o, p, end);
		if (p < end && qp_held(*p))
			d->held[d->held_n++] = *p++;
	}
}

/* A whole line of uuencode stands in held[]. */
static void
uu_line(struct decode *d, struct out *o)
{
	char bytes[64];
	size_t n = d->held_n;
	int len;

	if (n > 0 && d->held[n - 1] == '\r')
		n--;
	d->held_n = 0;
	if (n > 6 && memcmp(d->held, "begin ", 6) == 0) {
		d->inside = true;
		return;
	}
	if (n == 3 && memcmp(d->held, "end", 3) == 0)
		d->inside = false;
	if (!d->inside || n == 0)
		return;
	len = uu_read_line(d->held, n, bytes);
	if (len < 0)
		d->broken = true;
	else
		put(o, bytes, (size_t)len);
}

static void
feed_uu(struct decode *d, struct out *o, const char *p, size_t n)
{
	for (const char *end = p + n; p < end; p++) {
		if (*p == '\n')
			uu_line(d, o);
		else if (d->held_n < sizeof(d->held))
			d->held[d->held_n++] = *p;
	}
}

void
decode_feed(
    struct decode *d, const char *p, size_t n, const struct decode_sink *sink)
{
	struct out o;

	if (d->encoding == 0) {
		sink->bytes(sink->ctx, p, n);
		return;
	}
	o.sink = sink;
	o.n = 0;
	if (d->encoding == 'b')
		feed_base64(d, &o, p, n);
	else if (d->encoding == 'q')
		feed_qp(d, &o, p, n);
	else
		feed_uu(d, &o, p, n);
	flush(&o);
}

void
decode_end(struct decode *d, const struct decode_sink *sink)
{
	struct out o;

	o.sink = sink;
	o.n = 0;
	if (d->encoding == 'b' && d->held_n > 0)
		base64_held(d, &o);
	if (d->encoding == 'b' && d->n > 0)
		base64_rest(d, &o);
	else if (d->encoding == 'q' && d->held_n > 1 && d->held[0] == '=' &&
	    ascii_hex(d->held[1]) >= 0)
		let_go(d, &o);
	else if (d->encoding == 'u' && d->held_n > 0)
		uu_line(d, &o);
	d->held_n = 0;
	flush(&o);
}

static void
to_buf(void *ctx, const char *p, size_t n)
{
	buf_add(ctx, p, n);
}

void
decode_base64(struct buf *out, const char *s, size_t n)
{
	struct decode_sink sink = { .bytes = to_buf, .ctx = out };
	struct decode d;

	decode_init(&d, 'b');
	decode_feed(&d, s, n, &sink);
	decode_end(&d, &sink);
}
