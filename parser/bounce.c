/*
 * Delivery status notifications (RFC 3464): whom they are about, what became
 * of the mail and what the server said.  What the returned message holds is
 * read for its Message-ID and nothing else.  Why, is bounce_reason.c's.
 */
#include "parser/bounce.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/msgid.h"
#include "parser/reader.h"
#include "parser/utf8.h"
#include "parser/word.h"

#define GROUPS_MAX 100 /* recipients of one report that are read */

void
bounce_add(struct mail_reader *r, struct bounce_report *s, const char *addr)
{
	struct bounce *b = &r->m.bounce;

	if (b->recipients_n == BOUNCE_RECIPIENTS_MAX)
		return;
	for (size_t i = 0; i < b->recipients_n; i++)
		if (address_same(b->recipients[i], addr))
			return;
	b->recipients = arena_grow(r->a, b->recipients, b->recipients_n,
	    &s->cap, sizeof(*b->recipients));
	b->recipients[b->recipients_n++] = addr;
}

/* "rfc822; ann@example.com" (RFC 3464 2.3.1); the address, or NULL. */
static const char *
add_recipient(struct mail_reader *r, struct bounce_report *s, const char *value)
{
	struct address *list;
	const char *semi = strchr(value, ';');

	value = semi == NULL ? value : semi + 1;
	if (address_list(r->a, value, strlen(value), &list, NULL) == 0)
		return NULL;
	bounce_add(r, s, list[0].addr);
	return list[0].addr;
}

/* Behind "5.1.1" (RFC 3463), NULL: there is none here. */
static const char *
skip_code(const char *s)
{
	if (strchr("245", *s) == NULL || s[1] != '.')
		return NULL;
	s++;
	for (int i = 0; i < 2; i++) {
		size_t n = *s == '.' ? strspn(s + 1, "0123456789") : 0;

		if (n < 1 || n > 3)
			return NULL;
		s += 1 + n;
	}
	return s;
}

/* Is there a reply code before s, as in "550 5.1.1", "550-'5.1.1"? */
static bool
after_reply(const char *start, const char *s)
{
	while (s > start && strchr(" -'#(", s[-1]) != NULL)
		s--;
	return s - start >= 3 && ascii_digit(s[-1]) && ascii_digit(s[-2]) &&
	    (s[-3] == '4' || s[-3] == '5');
}

/* "5.0.0" says nothing, "4.4.7" only that the queue gave up. */
static bool
is_summary(const char *code)
{
	return strcmp(code + 1, ".0.0") == 0 || strcmp(code + 1, ".4.7") == 0;
}

/* Best is one right behind a reply code.  The address of a host is none. */
const char *
bounce_code(struct arena *a, const char *text)
{
	const char *best = NULL, *s = text;

	for (char before = ' '; *s != '\0'; before = *s++) {
		const char *end, *code;

		if (ascii_digit(before) || before == '.' ||
		    ascii_alpha(before) || *s == '2')
			continue;
		end = skip_code(s);
		if (end == NULL || ascii_alpha(*end) || ascii_digit(*end) ||
		    (*end == '.' && ascii_digit(end[1])) || *end == '-')
			continue;
		code = arena_strndup(a, s, (size_t)(end - s));
		if (!is_summary(code) && after_reply(text, s))
			return code;
		if (best == NULL || strcmp(best + 1, ".0.0") == 0)
			best = code;
	}
	return best;
}

/* "smtp; 550 5.1.1 ..." without its type and what the reporter put before the
 * answer, in whatever charset it came. */
static const char *
diagnostic(struct mail_reader *r, const char *value)
{
	size_t n = strcspn(value, "; \t");
	const char *answer;

	if (value[n] == ';')
		value += n + 1;
	value += strspn(value, " \t");
	n = strlen(value);
	if (strstr(value, "\033$") != NULL)
		return utf8_from(r->a, "iso-2022-jp", value, n, NULL);
	value = word_decode(r->a, value, n, r->hint, BOUNCE_SAID_MAX);
	answer = bounce_answer(r->a, value, NULL);
	return answer != NULL ? answer : value;
}

static enum bounce_action
read_action(const char *value)
{
	static const struct {
		const char *word;
		enum bounce_action action;
	} words[] = {
		{ "delay", BOUNCE_DELAYED },
		{ "delivered", BOUNCE_DELIVERED },
		{ "relay", BOUNCE_DELIVERED },
		{ "expanded", BOUNCE_DELIVERED },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (value != NULL && ascii_starts(value, words[i].word))
			return words[i].action;
	return BOUNCE_FAILED;
}

/* The words of the server itself are more exact than the summary. */
static const char *
better_code(struct arena *a, const char *status, const char *said)
{
	const char *code = status == NULL ? NULL : bounce_code(a, status);
	const char *better = said == NULL ? NULL : bounce_code(a, said);

	if (better != NULL && (code == NULL || strcmp(better + 1, ".0.0") != 0))
		return better;
	return code;
}

/* One recipient's group of fields.  Failures are told before delays, and these
 * before successes; of equals the first. */
static void
read_group(
    struct mail_reader *r, struct bounce_report *s, const struct header *h)
{
	const char *to = header_get(h, "Final-Recipient");
	const char *action = header_get(h, "Action");
	const char *status = header_get(h, "Status");
	const char *said = header_get(h, "Diagnostic-Code");
	const char *filed = header_get(h, "X-PowerMTA-BounceCategory");
	enum bounce_action act = read_action(action);

	if (to == NULL)
		to = header_get(h, "Original-Recipient");
	if (to == NULL && action == NULL && status == NULL)
		return;
	if (s->told && act > s->action)
		return;
	if (s->told && act < s->action)
		r->m.bounce.recipients_n = 0;
	to = to == NULL ? NULL : add_recipient(r, s, to);
	if (s->told && act == s->action)
		return;
	s->told = true;
	s->action = act;
	s->to = to;
	s->said = said == NULL ? NULL : diagnostic(r, said);
	s->smtp = said != NULL && ascii_starts(said, "smtp") &&
	    s->said[0] == '5';
	s->status = better_code(r->a, status, s->said);
	s->dead = filed != NULL && ascii_starts(filed, "bad-mailbox");
}

/* Behind the blank line that ends a group. */
static const char *
group_end(const char *s, const char *end)
{
	while (s < end) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));

		nl = nl == NULL ? end : nl + 1;
		if (*s == '\n' || (*s == '\r' && nl - s == 2))
			return nl;
		s = nl;
	}
	return end;
}

static void
read_status_part(struct mail_reader *r, struct bounce_report *s)
{
	const char *p = r->status, *end = p + r->status_n;
	int groups = 0;

	while (p < end && groups++ < GROUPS_MAX) {
		const char *next = group_end(p, end);
		struct header h;

		header_parse(r->a, p, (size_t)(next - p), 50, &h);
		read_group(r, s, &h);
		p = next;
	}
}

/* The value of a line "Message-ID: <...>" in a text, quoted or not. */
static const char *
find_id(struct arena *a, const char *text)
{
	static const char name[] = "Message-ID:";
	const char *p = text;

	while ((p = ascii_find(p, name)) != NULL) {
		const char *start = p;

		while (start > text && strchr(" \t>", start[-1]) != NULL)
			start--;
		p += sizeof(name) - 1;
		if (start == text || start[-1] == '\n')
			return arena_strndup(a, p, strcspn(p, "\n"));
	}
	return NULL;
}

/* The Message-ID of the mail that came back: its header is a part, or it
 * stands in the text, or the report answers it. */
static void
read_returned(struct mail_reader *r)
{
	const char *value = NULL, **ids;
	struct header h;

	if (r->returned != NULL) {
		header_parse(r->a, r->returned, r->returned_n, 500, &h);
		value = header_get(&h, "Message-ID");
	}
	if (value == NULL)
		value = find_id(r->a, r->m.text);
	if (value != NULL && msgid_list(r->a, value, strlen(value), &ids) > 0)
		r->m.bounce.message_id = ids[0];
	else if (r->m.in_reply_to != NULL)
		r->m.bounce.message_id = r->m.in_reply_to;
	else if (r->m.references_n > 0)
		r->m.bounce.message_id = r->m.references[r->m.references_n - 1];
}

void
bounce_read(struct mail_reader *r)
{
	struct bounce_report s = { .words = bounce_words(r) };

	if (r->status != NULL)
		read_status_part(r, &s);
	if (!s.told)
		bounce_ses(r, &s);
	if (!s.told)
		bounce_text(r, &s);
	else if (r->m.bounce.recipients_n == 0)
		bounce_addresses(r, &s);
	bounce_judge(r->a, &s, &r->m.bounce);
	if (r->m.bounce.message_id == NULL)
		read_returned(r);
}
