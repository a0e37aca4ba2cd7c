/*
 * A mail that a person passes on: whose it was, what it was about, and where
 * the words of the one who passes it on end.  A reply that quotes the mail it
 * answers is none, whatever the quote begins with.
 */
#include <string.h>

#include "parser/date_words.h"
#include "parser/forward_block.h"
#include "parser/msgid.h"
#include "parser/quote.h"
#include "parser/quote_words.h"
#include "parser/reader.h"
#include "parser/utf8.h"
#include "parser/word.h"

#define LINES_LOOKED_AT 400 /* a comment above is seldom longer */

/* What speaks for a forward before the text is looked at. */
struct hint {
	bool marked; /* the subject says so */
	bool nordic; /* "VS": a forward in Denmark, an answer in Finland */
	bool answer; /* the subject or a field says that it is an answer */
};

static void
set_date(struct mail_reader *r, const char *value)
{
	if (value != NULL)
		(void)date_words(
		    r->a, value, r->m.date_zone, &r->m.forward_date);
}

static const char *
some(const char *s)
{
	return s == NULL || *s == '\0' ? NULL : s;
}

static void
take_block(struct mail_reader *r, const struct block *b)
{
	struct mail *m = &r->m;

	m->forward_from = b->from_addr;
	m->forward_name = b->from_name;
	m->forward_subject = some(b->subject);
	m->forward_to = b->to;
	m->forward_to_n = b->to_n;
	m->forward_cc = b->cc;
	m->forward_cc_n = b->cc_n;
	set_date(r, b->date);
}

/* What stands above the forwarded mail, without a signature. */
static void
take_comment(struct mail_reader *r, size_t end)
{
	struct quote_input in = {
		.text = arena_strndup(r->a, r->m.text, end),
	};

	r->m.forward_comment = quote_cut(r->a, &in, NULL);
}

/* HTML may mark what is passed on as a quote, which is then no new text; but
 * it is what the mail is about. */
static void
keep_forwarded(struct mail_reader *r)
{
	if (strcmp(r->m.new_text, r->m.forward_comment) == 0)
		r->m.new_text = r->m.text;
}

static size_t
line_start(const char *text, size_t at)
{
	while (at > 0 && text[at - 1] != '\n')
		at--;
	return at;
}

/* "03.05.2026, 10:11, "Bob" <bob@example.com>:" below the line that says so,
 * or "Forwarded message from Bob <bob@example.com>" in that line. */
static void
from_lines(struct mail_reader *r, size_t at)
{
	const char *p = r->m.text + line_start(r->m.text, at);
	struct block_line l;

	for (int i = 0; i < 4 && *p != '\0' && r->m.forward_from == NULL; i++) {
		const char *open, *close;

		p = block_line(r->a, p, &l);
		open = strchr(l.s, '<');
		close = open == NULL ? NULL : strchr(open, '>');
		if (close == NULL)
			continue;
		open = arena_strndup(
		    r->a, open + 1, (size_t)(close - open) - 1);
		if (address_valid(open))
			r->m.forward_from = open;
	}
}

/* A line said that a forwarded mail follows; it ends at `at`. */
static void
read_announced(struct mail_reader *r, size_t at)
{
	struct block b;

	block_read(r->a, r->m.text + at, &b);
	take_block(r, &b);
	if (r->m.forward_from == NULL && r->m.forward_name == NULL)
		from_lines(r, at);
	take_comment(r, line_start(r->m.text, at));
}

/* Is this enough to be the header of a mail? */
static bool
is_header(const struct block *b, const struct hint *hint, bool top)
{
	bool from = b->from_addr != NULL || b->from_name != NULL;

	if (!hint->marked && !(hint->nordic && b->danish))
		return top && b->from_addr != NULL && b->subject != NULL &&
		    b->fields >= 3;
	return from &&
	    (b->fields >= 3 || (b->fields == 2 && b->from_addr != NULL));
}

/* A quoted header without such a line: below the words of a person when the
 * subject is marked, else only on top. */
static bool
find_block(struct mail_reader *r, const struct hint *hint)
{
	const char *p = r->m.text, *next;
	bool top = true;

	for (int i = 0; i < LINES_LOOKED_AT && *p != '\0'; i++, p = next) {
		bool original;
		struct block_line l;
		struct block b;

		next = block_line(r->a, p, &l);
		if (l.blank)
			continue;
		original = words_original(l.folded);
		if (!original && words_header(l.folded) == WORD_NONE) {
			top = false;
			continue;
		}
		block_read(r->a, original ? next : p, &b);
		if (is_header(&b, hint, top)) {
			take_block(r, &b);
			take_comment(r, (size_t)(p - r->m.text));
			keep_forwarded(r);
			return true;
		}
		top &= original;
	}
	return false;
}

/* "On 3 May Bob <bob@example.com> wrote:" and quoted lines, which under a
 * marked subject introduce what is passed on. */
static bool
find_attribution(struct mail_reader *r)
{
	const char *p = r->m.text, *next;

	for (int i = 0; i < LINES_LOOKED_AT && *p != '\0'; i++, p = next) {
		struct block_line l;
		const char *below;
		size_t n;

		next = block_line(r->a, p, &l);
		n = strlen(l.folded);
		below = next + strspn(next, " \n");
		if (n == 0 || l.folded[n - 1] != ':' || *below != '>' ||
		    strchr(l.s, '<') == NULL)
			continue;
		from_lines(r, (size_t)(p - r->m.text));
		if (r->m.forward_from != NULL) {
			take_comment(r, (size_t)(p - r->m.text));
			return true;
		}
	}
	return false;
}

static const char *
decoded(struct mail_reader *r, const char *value)
{
	return value == NULL ? NULL
			     : some(word_decode(r->a, value, strlen(value),
				   r->hint, MAIL_SUBJECT_MAX));
}

static size_t
addresses(struct mail_reader *r, const struct header *h, const char *name,
    struct address **out)
{
	const char *value = header_get(h, name);

	return value == NULL
	    ? 0
	    : address_read(r->a, value, strlen(value), r->hint, out, NULL);
}

/* A message that is attached: under a subject that says so, or alone. */
static bool
read_attached(struct mail_reader *r, bool marked)
{
	struct mail *m = &r->m;
	struct address *from;
	const char *value, **ids;
	struct header h;

	if (r->returned == NULL ||
	    (!marked && m->text[strspn(m->text, " \t\r\n")] != '\0'))
		return false;
	header_parse(r->a, r->returned, r->returned_n, MAIL_FIELDS_MAX, &h);
	if (addresses(r, &h, "From", &from) > 0) {
		m->forward_from = from[0].addr;
		m->forward_name = some(from[0].name);
	}
	m->forward_subject = decoded(r, header_get(&h, "Subject"));
	m->forward_to_n = addresses(r, &h, "To", &m->forward_to);
	m->forward_cc_n = addresses(r, &h, "Cc", &m->forward_cc);
	set_date(r, header_get(&h, "Date"));
	value = header_get(&h, "Message-ID");
	if (value != NULL && msgid_list(r->a, value, strlen(value), &ids) > 0)
		m->forward_message_id = ids[0];
	m->forward_comment = m->new_text;
	return true;
}

static struct hint
read_hint(struct mail_reader *r)
{
	const struct mail *m = &r->m;
	struct hint hint = { .answer = m->in_reply_to != NULL };
	const char *folded;

	if (m->subject == NULL)
		return hint;
	folded = utf8_fold(r->a, utf8_line(r->a, m->subject, MAIL_SUBJECT_MAX));
	hint.marked = mail_subject_forward(r->a, m->subject);
	hint.nordic = strncmp(folded, "vs:", 3) == 0;
	hint.answer |= !hint.marked &&
	    strcmp(mail_subject_key(r->a, m->subject, ""), folded) != 0;
	return hint;
}

void
forward_read(struct mail_reader *r)
{
	struct hint hint = read_hint(r);

	if (r->forward_at != QUOTE_NO_FORWARD) {
		read_announced(r, r->forward_at);
		r->m.forward = true;
		return;
	}
	if (hint.answer && !hint.marked && !hint.nordic)
		return;
	r->m.forward = find_block(r, &hint) ||
	    (hint.marked && find_attribution(r)) ||
	    read_attached(r, hint.marked);
}
