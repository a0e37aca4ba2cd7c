/*
 * What a quote begins with: attributions, quoted headers, signatures.  Finds
 * and changes nothing.  See quote_private.h.
 */
#include "parser/quote_private.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/buf.h"
#include "parser/quote_words.h"
#include "parser/utf8.h"

#define LINE_LOOKED_AT    400 /* longer ones are prose */
#define ATTRIBUTION_LINES 5
#define GAPS_MAX          2 /* blank lines inside an attribution */

const char *
quote_fold(struct quote_cut *c, const char *s, size_t n)
{
	char *folded;

	if (c->scratch.used > (128 << 10)) {
		arena_reset(&c->scratch);
		c->folded_at = 0;
	}
	folded = utf8_fold(&c->scratch, arena_strndup(&c->scratch, s, n));
	words_plain(folded);
	return folded;
}

const char *
quote_folded(struct quote_cut *c, size_t i)
{
	const struct quote_line *l = &c->lines[i];

	if (l->n > LINE_LOOKED_AT)
		return "";
	if (c->folded_at != i + 1) {
		c->folded = quote_fold(c, l->s, l->n);
		c->folded_at = i + 1;
	}
	return c->folded;
}

const char *
quote_joined(struct quote_cut *c, size_t i, size_t k, size_t max)
{
	const struct quote_line *l = &c->lines[i];
	struct buf b;
	const char *s;

	if (k == 1 && l->n <= LINE_LOOKED_AT)
		return quote_folded(c, i);
	buf_init(&b, max);
	for (size_t j = 0; j < k; j++) {
		if (j > 0)
			buf_char(&b, ' ');
		buf_add(&b, l[j].s, l[j].n);
	}
	s = b.over ? "" : quote_fold(c, buf_text(&b), b.len);
	buf_done(&b);
	return s;
}

size_t
quote_next_text(const struct quote_cut *c, size_t i)
{
	while (i < c->n && c->lines[i].blank)
		i++;
	return i;
}

/* Does the line end as a sentence does, not as "3 mar. 2026 г." */
static bool
ends_sentence(const struct quote_line *l)
{
	size_t n = l->n, letters = 0;

	while (n > 0 && (l->s[n - 1] == ' ' || l->s[n - 1] == '\r'))
		n--;
	if (n == 0 || strchr("!?;", l->s[n - 1]) != NULL)
		return true;
	if (l->s[n - 1] != '.')
		return false;
	for (n--; n > 0 && l->s[n - 1] != ' ' && letters < 5; n--)
		letters += ((unsigned char)l->s[n - 1] & 0xc0) != 0x80;
	return letters >= 5 || letters == 0;
}

/*
 * May lines i to i + k - 1 be one attribution?  Not when the writer's own line
 * stands before one that is complete without it.
 */
static bool
begins_here(struct quote_cut *c, size_t i, size_t k)
{
	const struct quote_line *l = &c->lines[i];
	bool date = words_whole_date(quote_folded(c, i));
	bool name = memchr(l->s, '<', l->n) != NULL;

	for (size_t j = 1; j < k; j++) {
		const char *later;

		if (words_opening(quote_folded(c, i + j)) < OPENS_DATE)
			continue;
		later = quote_joined(
		    c, i + j, k - j, (size_t)LINE_LOOKED_AT * 2);
		if (words_attribution(later) != ATTRIBUTION_SURE ||
		    (name && strchr(later, '@') == NULL))
			continue;
		if (!date || words_whole_date(later))
			return false;
	}
	return true;
}

/* Is what follows line i marked as quoted: ">", "|", or "AL>"? */
static bool
quote_follows(const struct quote_cut *c, size_t i)
{
	size_t after = quote_next_text(c, i), n = 0;
	const struct quote_line *l = &c->lines[after];

	if (after == c->n)
		return false;
	while (n < l->n && n < 4 && ascii_alpha(l->s[n]))
		n++;
	return l->quoted || l->s[0] == '|' || (n < l->n && l->s[n] == '>');
}

/* How many lines may it take, and is there an end in them at all? */
static size_t
attribution_room(const struct quote_cut *c, size_t i, bool gaps)
{
	size_t k, blanks = 0, end = 0;

	for (k = 0;
	     k < ATTRIBUTION_LINES + (gaps ? GAPS_MAX + 1 : 0) && i + k < c->n;
	     k++) {
		const struct quote_line *l = &c->lines[i + k];

		if (l->blank && (!gaps || ++blanks > GAPS_MAX))
			break;
		if (l->n > LINE_LOOKED_AT)
			break;
		/* Its own address may be broken off to a line with ">", or to
		 * one that stood in a mail before. */
		if (l->quoted && k > 0 &&
		    (!l->colon || (l->marked && l->n > 20)))
			break;
		if (l->ends)
			end = k + 1;
		if (ends_sentence(l) && !l->blank)
			break;
	}
	return k > 0 && quote_follows(c, i + k) ? k : end;
}

/* Most lines are no attribution, and that has to be seen at once. */
static bool
end_near(const struct quote_cut *c, size_t i)
{
	for (size_t k = 0; k <= ATTRIBUTION_LINES + GAPS_MAX && i + k < c->n;
	     k++)
		if (c->lines[i + k].ends || c->lines[i + k].quoted)
			return true;
	return false;
}

size_t
quote_attribution(struct quote_cut *c, size_t i)
{
	const char *first;
	enum opening opens;
	bool gap = false;
	size_t room;

	if (c->lines[i].pointed && words_date(quote_folded(c, i)))
		return 1;
	if (c->lines[i].blank || !end_near(c, i) ||
	    attribution_room(c, i, true) == 0)
		return 0;
	first = quote_folded(c, i);
	opens = words_opening(first);
	if (opens == OPENS_NOT)
		return 0;
	room = attribution_room(c, i, opens == OPENS_WORD && words_date(first));
	for (size_t k = 1; k <= room; k++) {
		enum attribution x;

		gap |= c->lines[i + k - 1].blank;
		if (c->lines[i + k - 1].blank)
			continue;
		x = words_attribution(
		    quote_joined(c, i, k, (size_t)LINE_LOOKED_AT * 2));
		if (x == ATTRIBUTION_NONE || (gap && x != ATTRIBUTION_SURE))
			continue;
		if (x == ATTRIBUTION_NEAR &&
		    (c->in->fresh || !quote_follows(c, i + k)))
			continue;
		return begins_here(c, i, k) ? k : 0;
	}
	return 0;
}

static bool
has_colon(const struct quote_line *l)
{
	return memchr(l->s, ':', l->n) != NULL ||
	    memchr(l->s, '\xef', l->n) != NULL;
}

/* The value of a field as mail programs write it: an address, a time. */
static bool
is_proof(enum header_word w, const char *value)
{
	if (w == WORD_FROM || w == WORD_TO)
		return strchr(value, '@') != NULL;
	if (w != WORD_DATE)
		return false;
	for (; *value != '\0'; value++)
		if ((*value == ':' || *value == '.') && ascii_digit(value[1]) &&
		    ascii_digit(value[2]))
			return true;
	return false;
}

struct fields {
	unsigned seen;
	size_t words, proof;
};

static bool
has_field(const struct fields *f, enum header_word w)
{
	return (f->seen & 1u << w) != 0;
}

static bool
is_header(const struct fields *f)
{
	if (!has_field(f, WORD_FROM) && !has_field(f, WORD_DATE))
		return false;
	if (f->words >= 3 && f->proof > 0)
		return has_field(f, WORD_SUBJECT) || f->proof >= 2;
	return f->words >= 4 || (f->words == 2 && f->proof >= 2);
}

/*
 * "From: ... Sent: ... To: ... Subject: ...".  A person may well write "From:
 * Berlin, To: Paris", so it takes what only a mail program writes.
 */
size_t
quote_header(struct quote_cut *c, size_t i)
{
	struct fields f = { 0 };
	size_t k = 0, end = 0, other = 0;

	if (!has_colon(&c->lines[i]) ||
	    words_header(quote_folded(c, i)) == WORD_NONE)
		return 0;
	if (words_header_line(quote_folded(c, i)) >= 3)
		return 1;
	for (; i + k < c->n && k < 14 && other < 3; k++) {
		const struct quote_line *l = &c->lines[i + k];
		const char *s = quote_folded(c, i + k);
		enum header_word w = words_header(s);

		if (w == WORD_NONE) {
			/* names on a second line, and blanks in between */
			other += (!l->blank && l->s[0] != ' ') || f.words > 1;
			continue;
		}
		other = 0;
		f.words += (f.seen & 1u << w) == 0;
		f.seen |= 1u << w;
		f.proof += is_proof(w, words_value(s));
		end = k + 1;
	}
	return is_header(&f) ? end : 0;
}

size_t
quote_header_below(struct quote_cut *c, size_t i)
{
	size_t next, k;

	if (c->lines[i].s[0] != '-' || !words_dashed(quote_folded(c, i)))
		return quote_header(c, i);
	next = quote_next_text(c, i + 1);
	k = next < c->n ? quote_header(c, next) : 0;
	return k == 0 ? 0 : next + k - i;
}

/* "Xx: Ann" in whatever language: a short word and a colon. */
static bool
looks_like_field(const struct quote_line *l)
{
	size_t n = strcspn(l->s, ":\n"), from = strspn(l->s, " \t*|");

	return n < l->n && n > from && n - from <= 40;
}

bool
quote_divider(struct quote_cut *c, size_t i)
{
	const struct quote_input *in = c->in;
	size_t at = (size_t)(c->lines[i].s - in->text), fields = 0, before;

	if (in->ranges_n == 0)
		return false;
	for (before = i; before > 0 && c->lines[before - 1].blank;)
		before--;
	before = before == 0 ? 0
			     : (size_t)(c->lines[before - 1].s - in->text) + 1;
	for (size_t r = 0; r < in->ranges_n; r++) {
		const struct html_range *x = &in->ranges[r];

		if (x->kind != HTML_DIVIDER || x->from > at || x->from < before)
			continue;
		for (size_t k = 0, j = i; k < 4 && j < c->n; k++) {
			fields += looks_like_field(&c->lines[j]);
			j = quote_next_text(c, j + 1);
		}
		return fields >= 2;
	}
	return false;
}

bool
quote_signature(const struct quote_line *l)
{
	size_t n = l->n;

	while (n > 0 && (l->s[n - 1] == ' ' || l->s[n - 1] == '\r'))
		n--;
	return (n == 2 && memcmp(l->s, "--", 2) == 0) ||
	    (n == 2 && memcmp(l->s, "__", 2) == 0);
}

bool
quote_rule(const struct quote_line *l)
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

/* Between quoted lines, small, and the line before is long and has no end. */
bool
quote_wrapped(const struct quote_cut *c, size_t i)
{
	const struct quote_line *l = &c->lines[i], *before;
	char first = *l->s; /* there is a NUL behind the last line */

	if (i == 0 || i + 1 == c->n)
		return false;
	before = l - 1;
	return before->quoted && l[1].quoted && before->n >= 50 &&
	    first >= 'a' && first <= 'z' &&
	    strchr(".!?:", before->s[before->n - 1]) == NULL;
}

bool
quote_list_footer(struct quote_cut *c, size_t i)
{
	static const char *const words[] = { "mailing list", "unsubscribe",
		"google groups", "mailinglist", "mailman" };

	if (!quote_rule(&c->lines[i]) || c->lines[i].n < 10)
		return false;
	for (size_t k = 1; k <= 3 && i + k < c->n; k++)
		if (words_in(quote_folded(c, i + k), words,
			sizeof(words) / sizeof(*words)))
			return true;
	return false;
}

bool
quote_mobile(struct quote_cut *c, size_t i)
{
	return c->lines[i].n < 110 && c->lines[i - 1].blank &&
	    words_mobile(quote_folded(c, i));
}
