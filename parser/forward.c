/*
 * A mail that a person forwards: whose it was and what it was about, from the
 * lines that mail programs put before it, or from a message that is attached.
 */
#include <string.h>

#include "parser/address.h"
#include "parser/quote.h"
#include "parser/quote_words.h"
#include "parser/reader.h"
#include "parser/utf8.h"
#include "parser/word.h"

#define LINES_LOOKED_AT 400 /* a comment above is seldom longer */
#define BLOCK_LINES     14

/* One line of the text, and its folded form. */
struct text_line {
	char *s;
	const char *folded;
};

static const char *
read_line(struct arena *a, const char *p, struct text_line *l)
{
	size_t n = strcspn(p, "\n");

	l->s = arena_strndup(a, p, n < 400 ? n : 400);
	l->folded = utf8_fold(a, l->s);
	return p[n] == '\n' ? p + n + 1 : p + n;
}

static void
set_from(struct mail_reader *r, const char *value)
{
	struct address *list;

	if (r->m.forward_from == NULL &&
	    address_list(r->a, value, strlen(value), &list, NULL) > 0)
		r->m.forward_from = list[0].addr;
}

/* "From: [mailto:ann@example.com]", "From: <ann@example.com<mailto:...>>" */
static const char *
plain_value(struct arena *a, const char *value)
{
	char *s = utf8_line(a, value, 400), *at;

	while ((at = strpbrk(s, "[]*")) != NULL)
		*at = ' ';
	at = strstr(s, "<mailto:");
	if (at != NULL && at > s)
		*at = '\0';
	return utf8_line(a, s, 400);
}

/* The quoted header that starts at p: how many of its fields were found. */
static int
read_block(struct mail_reader *r, const char *p)
{
	int found = 0, other = 0;

	for (int i = 0; i < BLOCK_LINES && *p != '\0' && other < 3; i++) {
		enum header_word w;
		struct text_line l;
		const char *value;

		p = read_line(r->a, p, &l);
		if (l.s[0] == '\0' || l.s[0] == '\r')
			continue;
		w = words_header(l.folded);
		if (w == WORD_NONE) {
			other++;
			continue;
		}
		found++;
		value = plain_value(r->a, words_value(l.s));
		if (w == WORD_FROM)
			set_from(r, value);
		if (w == WORD_SUBJECT && r->m.forward_subject == NULL)
			r->m.forward_subject = value;
	}
	return found;
}

/* Under a subject that says so a quoted header is enough. */
static bool
find_block(struct mail_reader *r)
{
	const char *p = r->m.text, *next;
	struct text_line l;

	for (int i = 0; i < LINES_LOOKED_AT && *p != '\0'; i++, p = next) {
		next = read_line(r->a, p, &l);
		if (words_header(l.folded) == WORD_FROM &&
		    read_block(r, p) >= 3)
			return true;
	}
	return false;
}

/* A message that is attached, under a subject that says so. */
static bool
read_attached(struct mail_reader *r)
{
	struct header h;
	const char *value;

	if (r->returned == NULL)
		return false;
	header_parse(r->a, r->returned, r->returned_n, 500, &h);
	value = header_get(&h, "From");
	if (value != NULL)
		set_from(r, value);
	value = header_get(&h, "Subject");
	if (value != NULL)
		r->m.forward_subject = word_decode(
		    r->a, value, strlen(value), r->hint, MAIL_SUBJECT_MAX);
	return true;
}

void
forward_read(struct mail_reader *r)
{
	bool subject = r->m.subject != NULL &&
	    mail_subject_forward(r->a, r->m.subject);

	if (r->forward_at != QUOTE_NO_FORWARD) {
		read_block(r, r->m.text + r->forward_at);
		r->m.forward = true;
	} else if (subject) {
		r->m.forward = find_block(r) || read_attached(r);
	}
}
