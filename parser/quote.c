/*
 * What a person added to a mail.  Lines are looked at from the top: quoted
 * lines, the line that introduces them, a quoted header, a signature.  Each of
 * these takes away what is known to belong to it and no more.
 */
#include "parser/quote.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/buf.h"
#include "parser/known.h"
#include "parser/limits.h"
#include "parser/quote_words.h"
#include "parser/utf8.h"

#define LINE_LOOKED_AT 400 /* longer ones are prose */

struct line {
	const char *s;
	size_t n;
	bool blank, quoted, drop;
	bool colon; /* ends with one: most lines do not, and need no look */
};

struct cut {
	const struct quote_input *in;
	struct arena scratch; /* folded lines, given back often */
	struct line *lines;
	size_t n;
	size_t kept;               /* lines kept so far that are not blank */
	size_t quoted;             /* quoted lines in all */
	const struct known *known; /* NULL: nothing */
	bool answered;    /* something shows that this answers a mail */
	size_t folded_at; /* the line that `folded` is of, from 1 */
	const char *folded;
	size_t forward;
};

static const char *
fold_line(struct cut *c, const char *s, size_t n)
{
	if (c->scratch.used > (128 << 10)) {
		arena_reset(&c->scratch);
		c->folded_at = 0;
	}
	return utf8_fold(&c->scratch, arena_strndup(&c->scratch, s, n));
}

/* The line folded; "" when it is too long to be anything but prose. */
static const char *
folded(struct cut *c, size_t i)
{
	const struct line *l = &c->lines[i];

	if (l->n > LINE_LOOKED_AT)
		return "";
	if (c->folded_at != i + 1) {
		c->folded = fold_line(c, l->s, l->n);
		c->folded_at = i + 1;
	}
	return c->folded;
}

static bool
in_range(const struct quote_input *in, size_t offset)
{
	for (size_t i = 0; i < in->ranges_n; i++)
		if (offset >= in->ranges[i].from && offset < in->ranges[i].to)
			return true;
	return false;
}

/* ">" at the start, what HTML marked, or what we sent ourselves. */
static bool
is_quoted(const struct cut *c, const struct line *l)
{
	size_t i = 0;

	while (i < l->n && i < 3 && l->s[i] == ' ')
		i++;
	if (i < l->n && l->s[i] == '>')
		return true;
	return in_range(c->in, (size_t)(l->s - c->in->text)) ||
	    (c->known != NULL && known_line(c->known, l->s, l->n));
}

/* Behind blanks and the marks of bold and italic text. */
static bool
ends_with_colon(const struct line *l)
{
	size_t n = l->n;

	while (n > 0 && strchr(" \t\r*_", l->s[n - 1]) != NULL)
		n--;
	return n > 0 &&
	    (l->s[n - 1] == ':' ||
		(n > 2 && memcmp(l->s + n - 3, "\xef\xbc\x9a", 3) == 0));
}

static void
split(struct cut *c, struct arena *a)
{
	const char *s = c->in->text;
	size_t cap = 0;

	while (*s != '\0' && c->n < QUOTE_LINES_MAX) {
		size_t n = strcspn(s, "\n");
		struct line *l;

		c->lines = arena_grow(a, c->lines, c->n, &cap, sizeof(*l));
		l = &c->lines[c->n++];
		l->s = s;
		l->n = n;
		l->blank = strspn(s, " \t\r\xc2\xa0") >= n;
		l->quoted = !l->blank && is_quoted(c, l);
		l->colon = !l->blank && ends_with_colon(l);
		c->quoted += l->quoted;
		s += n + (s[n] == '\n');
	}
}

static size_t
next_text(const struct cut *c, size_t i)
{
	while (i < c->n && c->lines[i].blank)
		i++;
	return i;
}

/* Lines i to i + k - 1 as one, folded. */
static const char *
joined(struct cut *c, size_t i, size_t k)
{
	const struct line *l = &c->lines[i];
	struct buf b;
	const char *s;

	if (k == 1)
		return folded(c, i);
	buf_init(&b, (size_t)LINE_LOOKED_AT * 2);
	for (size_t j = 0; j < k; j++) {
		if (j > 0)
			buf_char(&b, ' ');
		buf_add(&b, l[j].s, l[j].n);
	}
	s = b.over ? "" : fold_line(c, buf_text(&b), b.len);
	buf_done(&b);
	return s;
}

/* How many lines from i on are an attribution; 0: it is none. */
static size_t
attribution(struct cut *c, size_t i)
{
	bool sure, end = false;

	for (size_t k = 0; k < 4 && i + k < c->n && !c->lines[i + k].blank; k++)
		end |= c->lines[i + k].colon ||
		    memchr(c->lines[i + k].s, '>', c->lines[i + k].n) != NULL;
	if (!end || !words_attribution_start(folded(c, i)))
		return 0;
	for (size_t k = 1; k <= 4 && i + k <= c->n; k++) {
		const struct line *l = &c->lines[i + k - 1];
		size_t after;

		if (l->blank || l->n > LINE_LOOKED_AT)
			return 0;
		/* its own address may be broken off to a line with ">" */
		if (l->quoted && k > 1 && l->n > 20)
			return 0;
		if (!words_attribution(joined(c, i, k), &sure))
			continue;
		after = next_text(c, i + k);
		if (sure ||
		    (after < c->n &&
			(c->lines[after].quoted ||
			    c->lines[after].s[0] == '|')))
			return k;
	}
	return 0;
}

static bool
has_colon(const struct line *l)
{
	return memchr(l->s, ':', l->n) != NULL ||
	    memchr(l->s, '\xef', l->n) != NULL;
}

static bool
has_address_or_time(const char *s)
{
	if (strchr(s, '@') != NULL)
		return true;
	for (; *s != '\0'; s++)
		if (*s == ':' && ascii_digit(s[1]) && ascii_digit(s[2]))
			return true;
	return false;
}

/*
 * A quoted header ("From: ... Sent: ... To: ... Subject: ...") that starts at
 * i: how many lines it has, 0 when it is none.  A person may well write "From:
 * Berlin, To: Paris", so it takes a subject, or an address and a time.
 */
static size_t
header_block(struct cut *c, size_t i)
{
	unsigned seen = 0, proof = 0;
	size_t k = 0, end = 0, other = 0, words = 0;

	if (!has_colon(&c->lines[i]) || words_header(folded(c, i)) == WORD_NONE)
		return 0;
	for (; i + k < c->n && k < 12 && other < 2; k++) {
		const char *s = folded(c, i + k), *value;
		enum header_word w = words_header(s);

		if (w == WORD_NONE) {
			other += !c->lines[i + k].blank || words > 1;
			continue;
		}
		other = 0;
		words += (seen & 1u << w) == 0;
		seen |= 1u << w;
		value = words_value(s);
		proof += has_address_or_time(value);
		end = k + 1;
	}
	if ((seen & (1u << WORD_FROM | 1u << WORD_DATE)) == 0)
		return 0;
	if (words >= 3 && ((seen & 1u << WORD_SUBJECT) != 0 || proof > 0))
		return end;
	return words == 2 && proof >= 2 ? end : 0;
}

/* "-- " (RFC 3676 4.3), and the same without the blank. */
static bool
is_signature(const struct line *l)
{
	size_t n = l->n;

	while (n > 0 && (l->s[n - 1] == ' ' || l->s[n - 1] == '\r'))
		n--;
	return (n == 2 && memcmp(l->s, "--", 2) == 0) ||
	    (n == 2 && memcmp(l->s, "__", 2) == 0);
}

/* Nothing but a rule: "_____", "-----", "* * *". */
static bool
is_rule(const struct line *l)
{
	size_t marks = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (strchr("-_=*~#", l->s[i]) != NULL)
			marks++;
		else if (l->s[i] != ' ' && l->s[i] != '\t')
			return false;
	}
	return marks >= 3;
}

/*
 * The end of a quoted line that was broken without a ">": between quoted lines,
 * small, and the line before is long and has no end.
 */
static bool
is_wrapped(const struct cut *c, size_t i)
{
	const struct line *l = &c->lines[i], *before;
	char first = *l->s; /* there is a NUL behind the last line */

	if (i == 0 || i + 1 == c->n)
		return false;
	before = l - 1;
	return before->quoted && l[1].quoted && before->n >= 50 &&
	    first >= 'a' && first <= 'z' &&
	    strchr(".!?:", before->s[before->n - 1]) == NULL;
}

/* A rule and then the name of a mailing list. */
static bool
is_list_footer(struct cut *c, size_t i)
{
	if (!is_rule(&c->lines[i]) || c->lines[i].n < 10)
		return false;
	for (size_t k = 1; k <= 3 && i + k < c->n; k++)
		if (strstr(folded(c, i + k), "mailing list") != NULL ||
		    strstr(folded(c, i + k), "unsubscribe") != NULL)
			return true;
	return false;
}

static void
drop(struct cut *c, size_t from, size_t to)
{
	for (; from < to && from < c->n; from++)
		c->lines[from].drop = true;
}

/*
 * Behind an attribution or a quoted header of k lines at i.  When what follows
 * is marked as quoted, only that goes, since answers may stand in between.
 * When it is not, all of it is the answered mail, unless nothing was written
 * above: then it is the answer.
 */
static size_t
after_intro(struct cut *c, size_t i, size_t k)
{
	size_t next = next_text(c, i + k);

	drop(c, i, i + k);
	c->answered = true;
	if (next == c->n || c->lines[next].quoted || c->kept == 0)
		return i + k;
	drop(c, i, c->n);
	return c->n;
}

/* A signature goes on to the next quote or attribution. */
static size_t
after_signature(struct cut *c, size_t i)
{
	size_t from = i;

	for (i++; i < c->n; i++)
		if (!c->lines[i].blank &&
		    (c->lines[i].quoted || attribution(c, i) > 0 ||
			header_block(c, i) > 0 || words_original(folded(c, i))))
			break;
	drop(c, from, i);
	return i;
}

/* A line that begins with neither a letter nor a digit, as separators do. */
static bool
starts_with_mark(const struct line *l)
{
	size_t i = 0;

	while (i < l->n && (l->s[i] == ' ' || l->s[i] == '\t'))
		i++;
	return i < l->n && !ascii_alpha(l->s[i]) && !ascii_digit(l->s[i]);
}

/* A telephone's signature in the middle: by itself and short. */
static bool
is_mobile(struct cut *c, size_t i)
{
	return c->lines[i].n < 80 && c->lines[i - 1].blank &&
	    words_mobile(folded(c, i));
}

/* What stands at i, and how far it reaches; returns the next line to look at.
 */
static size_t
look(struct cut *c, size_t i)
{
	struct line *l = &c->lines[i];
	size_t k;

	if (l->blank)
		return i + 1;
	if (l->s[0] != '>' && (l->colon || starts_with_mark(l)) &&
	    words_forward(folded(c, i))) {
		c->kept++;
		c->forward = (size_t)(l->s + l->n - c->in->text);
		return c->n; /* it is passed on for us to read */
	}
	if (l->quoted) {
		l->drop = true;
		return i + 1;
	}
	if ((k = attribution(c, i)) > 0)
		return after_intro(c, i, k);
	if (c->kept > 0 && starts_with_mark(l) && words_original(folded(c, i)))
		return after_intro(c, i, 1);
	if (c->kept > 0 && !c->in->forward && (k = header_block(c, i)) > 0)
		return after_intro(c, i, k);
	if (c->kept > 0 && words_reply_above(folded(c, i))) {
		drop(c, i, c->n);
		return c->n;
	}
	if (c->kept > 0 && (is_signature(l) || is_mobile(c, i)))
		return after_signature(c, i);
	if (is_wrapped(c, i)) {
		l->drop = true;
		return i + 1;
	}
	if (is_list_footer(c, i)) {
		drop(c, i, c->n);
		return c->n;
	}
	c->kept++;
	return i + 1;
}

/* "- Roman", "-Ann Example": a name behind a dash, by itself. */
static bool
is_dash_name(const struct cut *c, size_t i)
{
	const struct line *l = &c->lines[i];
	size_t k = 0, words = 1;

	while (k < l->n && k < 2 && l->s[k] == '-')
		k++;
	if (k == 0 || l->n > 30 || i == 0 || !c->lines[i - 1].blank)
		return false;
	while (k < l->n && l->s[k] == ' ')
		k++;
	if (k == l->n)
		return false;
	for (; k < l->n; k++) {
		words += l->s[k] == ' ';
		if (!ascii_alpha(l->s[k]) && (unsigned char)l->s[k] < 0x80 &&
		    strchr(" .'", l->s[k]) == NULL)
			return false;
	}
	return words <= 3;
}

/* From the end of each kept stretch upwards: rules, telephones, names. */
static void
trim_stretches(struct cut *c)
{
	bool at_end = true, named = false;

	for (size_t i = c->n; i-- > 0;) {
		struct line *l = &c->lines[i];

		if (l->drop) {
			at_end = true;
			named = false;
			continue;
		}
		if (l->blank || !at_end)
			continue;
		if (is_rule(l) || words_mobile(folded(c, i)))
			l->drop = true;
		else if (!named && c->kept > 1 && is_dash_name(c, i))
			l->drop = named = true;
		else
			at_end = false;
	}
}

static char *
collect(struct cut *c, struct arena *a, const char *rest)
{
	bool gap = true, blank = true;
	struct buf out;
	char *text, *end;

	buf_init(&out, 0);
	for (size_t i = 0; i < c->n; i++) {
		const struct line *l = &c->lines[i];

		/* one blank line is enough where a quote stood */
		if (l->drop || (l->blank && gap && blank))
			gap = true;
		else {
			buf_add(&out, l->s, l->n);
			buf_char(&out, '\n');
			gap &= l->blank;
			blank = l->blank;
		}
	}
	buf_str(&out, rest);
	text = arena_memdup(a, buf_text(&out), out.len);
	buf_done(&out);
	while (*text == '\n' ||
	    (ascii_blank(*text) && text[strspn(text, " \t\r")] == '\n'))
		text += strcspn(text, "\n") + 1;
	end = text + strlen(text);
	while (end > text && ascii_blank(end[-1]))
		*--end = '\0';
	return text;
}

char *
quote_cut(struct arena *a, const struct quote_input *in, size_t *forward)
{
	struct cut c = { .in = in, .forward = QUOTE_NO_FORWARD };
	const char *rest = "";
	char *text;

	if (in->known != NULL) {
		c.known = known_new(a, in->known);
		c.answered = true;
	}
	split(&c, a);
	if (c.n == QUOTE_LINES_MAX)
		rest = c.lines[c.n - 1].s + c.lines[c.n - 1].n;
	for (size_t i = 0; i < c.n;)
		i = look(&c, i);
	/* one ">" and nothing else that speaks of a quote: it is text */
	if (c.quoted == 1 && !c.answered && in->ranges_n == 0)
		for (size_t i = 0; i < c.n; i++)
			c.lines[i].drop &= !c.lines[i].quoted;
	trim_stretches(&c);
	text = collect(&c, a, rest);
	arena_done(&c.scratch);
	if (forward != NULL)
		*forward = c.forward;
	return text;
}
