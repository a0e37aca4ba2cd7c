/*
 * Which bytes of an HTML text are the words of a plain one.  Both become a
 * stream of bytes without blanks; what mail programs write on one side only
 * (marks of lists, <addresses> behind links, [names] of pictures) are spans
 * that may be passed over.  Line by line the plain text is looked for in the
 * other, always forward, so the time is linear; and a budget sees to it.
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/rich_private.h"
#include "parser/utf8.h"

#define SPAN_MAX   2100
#define ANCHOR_MAX 24 /* bytes that are looked for before a line is */
#define NO_BYTE    UINT32_MAX

enum {
	WORD = 1,   /* the first byte of a word */
	LINE = 2,   /* of a line */
	QUOTED = 4, /* ">" */
	MARK = 8,   /* of a list: any is as good as any other */
	PICTURE = 16
};

struct stream {
	char *c;
	uint32_t *from; /* byte of the text, or the event of a picture */
	uint16_t *span; /* bytes that may be passed over from here */
	uint8_t *flags;
	size_t n, cap;
};

struct matching {
	struct rich_doc *d;
	struct stream h, t; /* the HTML, the plain text */
	size_t budget;
};

/* A line of the plain text and where it was found. */
struct place {
	size_t t, t_end, h, h_end;
};

static void
stream_init(struct arena *a, struct stream *s, size_t cap)
{
	*s = (struct stream){ .cap = cap + 1 };
	s->c = arena_alloc(a, s->cap);
	s->from = arena_calloc(a, s->cap, sizeof(*s->from));
	s->span = arena_calloc(a, s->cap, sizeof(*s->span));
	s->flags = arena_alloc(a, s->cap);
}

static void
add(struct stream *s, char c, uint32_t from, unsigned flags)
{
	if (s->n == s->cap)
		return;
	s->c[s->n] = c;
	s->from[s->n] = from;
	s->flags[s->n++] = (uint8_t)flags;
}

/* Marks that stand for bold and italic in plain text count nowhere. */
static bool
is_soft(uint32_t c)
{
	return c == '*' || c == '_' || c == '/';
}

static bool
is_nothing(uint32_t c)
{
	return utf8_hidden(c) || c == 0xad || c == 0x34f;
}

/* The bytes of "- ", "1. ", "o ": a mark of a list at p; 0: none. */
static size_t
mark_length(const char *p, const char *end)
{
	static const char *const marks[] = { "-", "*", "+", "o", "\xc2\xa7",
		"\xc2\xb7", "\xe2\x80\x93", "\xe2\x80\xa2", "\xe2\x80\xa3",
		"\xe2\x96\xaa", "\xe2\x97\x8f", "\xe2\x97\xa6" };
	size_t n = 0;
	const char *q;

	for (size_t i = 0; n == 0 && i < sizeof(marks) / sizeof(*marks); i++)
		if ((size_t)(end - p) > strlen(marks[i]) &&
		    memcmp(p, marks[i], strlen(marks[i])) == 0)
			n = strlen(marks[i]);
	if (n == 0) {
		while (n < 6 && p + n < end && ascii_digit(p[n]))
			n++;
		if (n == 0 && p < end && ascii_alpha(*p))
			n = 1;
		if (n == 0 || p + n >= end || (p[n] != '.' && p[n] != ')'))
			return 0;
		n++;
	}
	q = p + n;
	return q < end && utf8_space(utf8_next(&q, end)) ? n : 0;
}

/* Adds the characters of p to end; returns how many bytes of the stream. */
static size_t
add_all(struct stream *s, const char *p, const char *end, uint32_t from,
    unsigned flags)
{
	size_t was = s->n;

	while (p < end) {
		const char *at = p;
		uint32_t c = utf8_next(&p, end);

		if (utf8_space(c) || is_nothing(c) || is_soft(c))
			continue;
		for (; at < p; at++, flags &= ~(unsigned)(WORD | LINE))
			add(s, *at, from, flags);
	}
	return s->n - was;
}

/* The bytes of "<https://..>", "[cid:..]" or "[image: ..]" at p; 0: none. */
static size_t
aside_length(const char *p, const char *end)
{
	static const char *const opens[] = { "[cid:", "[image:", "[image]",
		"[inline" };
	size_t left = (size_t)(end - p), n;

	if (left > SPAN_MAX)
		left = SPAN_MAX;
	if (*p == '<') {
		for (n = 1; n < left && p[n] != '>'; n++)
			if (ascii_blank(p[n]) || p[n] == '<')
				return 0;
		return n < left && (memchr(p, ':', n) || memchr(p, '@', n))
		    ? n + 1
		    : 0;
	}
	for (size_t i = 0; i < sizeof(opens) / sizeof(*opens); i++)
		if (left > strlen(opens[i]) && ascii_starts(p, opens[i])) {
			const char *close = memchr(p, ']', left);

			return close == NULL ? 0 : (size_t)(close - p) + 1;
		}
	return 0;
}

static void
add_span(
    struct stream *s, const char *p, size_t n, uint32_t from, unsigned flags)
{
	size_t at = s->n, k = add_all(s, p, p + n, from, flags);

	if ((flags & MARK) != 0 && k == 0) { /* "*" is soft elsewhere */
		add(s, *p, from, flags);
		k = 1;
	}
	if (k > 0)
		s->span[at] = (uint16_t)k;
}

/* One line of the plain text. */
static void
add_text_line(struct stream *s, const char *p, const char *end)
{
	unsigned flags = LINE | WORD;
	size_t n;

	while (p < end && (*p == '>' || *p == ' ' || *p == '\t')) {
		if (*p == '>')
			flags |= QUOTED;
		p++;
	}
	n = mark_length(p, end);
	if (n > 0) {
		add_span(s, p, n, NO_BYTE, flags | MARK);
		flags &= ~(unsigned)LINE;
		p += n;
	}
	while (p < end) {
		const char *at = p;
		uint32_t c;

		if ((*p == '<' || *p == '[') &&
		    (n = aside_length(p, end)) > 0) {
			add_span(s, p, n, NO_BYTE, flags);
			p += n;
			flags = (flags & QUOTED) | WORD;
			continue;
		}
		c = utf8_next(&p, end);
		if (utf8_space(c)) {
			flags |= WORD;
			continue;
		}
		if (is_nothing(c) || is_soft(c))
			continue;
		for (; at < p; at++, flags &= QUOTED)
			add(s, *at, NO_BYTE, flags);
	}
}

static void
add_text(struct stream *s, const char *text)
{
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		add_text_line(s, text, text + n);
		text += n + (text[n] == '\n');
	}
}

static void
add_picture(struct stream *s, const struct rich_event *e, size_t i)
{
	size_t at = s->n, n;

	if (e->alt == NULL)
		return;
	/* a sign of feeling stands for itself, without brackets */
	if ((unsigned char)e->alt[0] < 0xe2 || strlen(e->alt) > 16)
		add(s, '[', (uint32_t)i, PICTURE | WORD);
	add_all(s, e->alt, e->alt + strlen(e->alt), (uint32_t)i, PICTURE);
	if (s->n > at && s->c[at] == '[')
		add(s, ']', (uint32_t)i, PICTURE);
	n = s->n - at;
	if (n > 0)
		s->span[at] = (uint16_t)n;
}

static void
add_doc(struct stream *s, struct rich_doc *d)
{
	size_t k = 0, mark;
	bool line = true, word = true;

	for (const char *p = d->text, *end = p + d->n; p < end;) {
		uint32_t at = (uint32_t)(p - d->text);
		uint8_t *f = d->flags + at;
		unsigned flags;
		const char *was = p;
		uint32_t c;

		for (; k < d->events_n && d->events[k].at <= at; k++) {
			line |= d->events[k].kind == RICH_LINES ||
			    d->events[k].kind == RICH_BREAK;
			if (d->events[k].kind == RICH_PICTURE)
				add_picture(s, &d->events[k], k);
		}
		word |= line;
		flags = (word ? WORD : 0U) |
		    ((*f & RICH_QUOTED) != 0 ? QUOTED : 0U);
		mark = line ? mark_length(p, end) : 0;
		if (mark > 0) {
			size_t from = s->n;

			for (size_t i = 0; i < mark; i++)
				add(s, p[i], at + (uint32_t)i, flags | MARK);
			s->span[from] = (uint16_t)mark;
			p += mark;
			line = false;
			continue;
		}
		c = utf8_next(&p, end);
		if (utf8_space(c)) {
			word = true;
			continue;
		}
		if (is_nothing(c))
			continue;
		line = false;
		if (is_soft(c)) {
			*f |= RICH_SOFT;
			continue;
		}
		for (; was < p; was++, flags &= ~(unsigned)WORD)
			add(s, *was, (uint32_t)(was - d->text), flags);
		word = false;
	}
	for (; k < d->events_n; k++)
		if (d->events[k].kind == RICH_PICTURE)
			add_picture(s, &d->events[k], k);
}

static void
keep(struct matching *m, size_t h, size_t n)
{
	for (size_t i = h; i < h + n; i++)
		if ((m->h.flags[i] & PICTURE) != 0)
			m->d->events[m->h.from[i]].kept = true;
		else
			m->d->flags[m->h.from[i]] |= RICH_KEPT;
}

/* Does the span of one stand in the other at this place? */
static bool
same(const struct stream *a, size_t i, size_t n, const struct stream *b,
    size_t j)
{
	return j + n <= b->n && memcmp(a->c + i, b->c + j, n) == 0;
}

/*
 * Goes along both from t to t_end and from h: where the HTML is then, or
 * SIZE_MAX, they differ.  marks: what is the same is kept.
 */
static size_t
walk(struct matching *m, size_t t, size_t t_end, size_t h, bool marks)
{
	const struct stream *x = &m->t, *y = &m->h;
	size_t n;

	while (t < t_end) {
		size_t ts = x->span[t], hs = h < y->n ? y->span[h] : 0;

		n = 1;
		if (m->budget == 0)
			return SIZE_MAX;
		m->budget--;
		if (ts > 0 && hs > 0 &&
		    (x->flags[t] & y->flags[h] & MARK) != 0) {
			if (marks)
				keep(m, h, hs);
			t += ts;
			h += hs;
			continue;
		}
		if (ts > 0) {
			n = same(x, t, ts, y, h) ? ts : 0;
			if (n == 0) {
				t += ts;
				continue;
			}
		} else if (hs > 0) {
			n = same(y, h, hs, x, t) ? hs : 0;
			if (n == 0) {
				h += hs;
				continue;
			}
		} else if (h == y->n || x->c[t] != y->c[h]) {
			return SIZE_MAX;
		}
		if (marks)
			keep(m, h, n);
		t += n;
		h += n;
	}
	return h;
}

/* The line p->t .. p->t_end somewhere from h on. */
static bool
search(struct matching *m, struct place *p, size_t h, bool strict)
{
	const struct stream *x = &m->t, *y = &m->h;
	size_t from = p->t, n = 0;

	while (from < p->t_end && x->span[from] > 0)
		from += x->span[from];
	while (from + n < p->t_end && x->span[from + n] == 0 && n < ANCHOR_MAX)
		n++;
	for (; n > 0 && h + n <= y->n; h++) {
		if (m->budget == 0)
			return false;
		m->budget--;
		if (y->c[h] != x->c[from] || (y->flags[h] & WORD) == 0 ||
		    memcmp(y->c + h, x->c + from, n) != 0 ||
		    (strict && ((x->flags[from] ^ y->flags[h]) & QUOTED) != 0))
			continue;
		p->h_end = walk(m, from, p->t_end, h, false);
		if (p->h_end == SIZE_MAX ||
		    (p->h_end < y->n && (y->flags[p->h_end] & WORD) == 0))
			continue;
		p->h = h;
		/* a mark of a list or a picture right before is part of it */
		p->t = from;
		return true;
	}
	return false;
}

static bool
place_line(struct matching *m, struct place *p, size_t h)
{
	size_t end = walk(m, p->t, p->t_end, h, false);

	if (end != SIZE_MAX) {
		p->h = h;
		p->h_end = end;
		return true;
	}
	return search(m, p, h, true) || search(m, p, h, false);
}

/* All lines, each behind the one before. */
static bool
place_all(struct matching *m, struct place *list, size_t n)
{
	size_t h = 0;

	for (size_t i = 0; i < n; i++) {
		if (!place_line(m, &list[i], h))
			return false;
		h = list[i].h_end;
	}
	return true;
}

/*
 * A short line may have been found too early, say in the quote above the
 * answer: lines that stand right before the next ones as well, belong there.
 */
static void
pull(struct matching *m, struct place *list, size_t n)
{
	const struct stream *y = &m->h;
	size_t last, first, len, at, delta;

	for (size_t end = n; end > 1; end = first) {
		last = end - 1;
		for (first = last;
		     first > 0 && list[first - 1].h_end == list[first].h;
		     first--)
			;
		if (end == n)
			continue;
		len = list[last].h_end - list[first].h;
		at = list[end].h;
		if (at < len + list[first].h || m->budget < len)
			continue;
		m->budget -= len;
		at -= len;
		if (memcmp(y->c + at, y->c + list[first].h, len) != 0 ||
		    ((y->flags[at] & QUOTED) != 0 &&
			(y->flags[list[first].h] & QUOTED) == 0))
			continue;
		delta = at - list[first].h;
		for (size_t i = first; i <= last; i++) {
			list[i].h += delta;
			list[i].h_end += delta;
		}
	}
}

/* Marks around words stay with their word, others between words that stay. */
static void
keep_soft(struct rich_doc *d)
{
	bool before = false, blank = true;

	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t k = 0; k < d->n; k++) {
			size_t i = pass == 0 ? k : d->n - 1 - k;
			uint8_t *f = &d->flags[i];

			if (ascii_blank(d->text[i])) {
				blank = true;
			} else if ((*f & RICH_SOFT) != 0) {
				if (before && !blank)
					*f |= RICH_KEPT;
			} else {
				before = (*f & RICH_KEPT) != 0;
				blank = false;
			}
		}
		before = false;
		blank = true;
	}
}

static bool
match(struct arena *a, struct matching *m, bool whole)
{
	struct stream *t = &m->t;
	struct place *list;
	size_t n = 0, end;

	if (t->n == 0)
		return false;
	if (whole) {
		end = walk(m, 0, t->n, 0, true);
		while (end < m->h.n && m->h.span[end] > 0)
			end += m->h.span[end];
		return end == m->h.n;
	}
	list = arena_calloc(a, t->n, sizeof(*list));
	for (size_t i = 0; i < t->n; i++) {
		if (i == 0 || (t->flags[i] & LINE) != 0)
			list[n++].t = i;
		list[n - 1].t_end = i + 1;
	}
	if (!place_all(m, list, n))
		return false;
	pull(m, list, n);
	for (size_t i = 0; i < n; i++)
		if (walk(m, list[i].t, list[i].t_end, list[i].h, true) ==
		    SIZE_MAX)
			return false;
	return true;
}

bool
rich_match(
    struct arena *a, struct rich_doc *d, const char *new_text, bool whole)
{
	struct matching m = { .d = d };
	size_t room = d->n;

	for (size_t i = 0; i < d->events_n; i++)
		if (d->events[i].alt != NULL)
			room += strlen(d->events[i].alt) + 2;
	stream_init(a, &m.h, room);
	stream_init(a, &m.t, strlen(new_text));
	add_doc(&m.h, d);
	add_text(&m.t, new_text);
	m.budget = 64 * (m.h.n + m.t.n) + 10000;
	if (!match(a, &m, whole))
		return false;
	keep_soft(d);
	return true;
}
