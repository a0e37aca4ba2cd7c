/*
 * Bounces that are only words: qmail, Exim, Exchange, Domino and the many
 * filters and gateways.  It finds whom they are about and the answer of the
 * server among them; what it means is bounce_reason.c's.
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/bounce.h"
#include "parser/reader.h"
#include "parser/utf8.h"

/* Where a report in words goes over into the mail it returns. */
static const char *const marks[] = { "copy of the message",
	"copy of your message", "copy of the original",
	"Original message:", "Original message follows", "Original message -",
	"Original message is", "original message follows",
	"Original mail as follows", "header of the original message",
	"message headers follow", "message header follow",
	"copy of the message header", "Unsent message", "- Returned message",
	"\nReturned message", "Returned message follows",
	"Non-delivered message", "Message non-deliverable",
	"Your original message",
	"\nReceived:", "\nMessage-ID:", "\nReturn-Path:", "\nDKIM-Signature:",
	"\nX-Received:", "\nMIME-Version:" };

const char *
bounce_words(struct mail_reader *r)
{
	char *words = arena_strndup(
	    r->a, r->m.text, strnlen(r->m.text, BOUNCE_WORDS_MAX));

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		const char *at = ascii_find(words, marks[i]);

		if (at != NULL)
			words[at - words] = '\0';
	}
	return words;
}

/* Those who write and get the report are not whom it is about. */
static bool
is_own(const struct mail_reader *r, const char *addr)
{
	static const char *const roles[] = { "postmaster@", "mailer-daemon@",
		"abuse@", "support@", "helpdesk@" };
	const struct mail *m = &r->m;

	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (ascii_starts(addr, roles[i]))
			return true;
	if ((m->from_addr != NULL && address_same(m->from_addr, addr)))
		return true;
	for (size_t i = 0; i < m->to_n; i++)
		if (address_same(m->to[i].addr, addr))
			return true;
	return false;
}

/* The address that these n bytes are, NULL: they are none. */
static const char *
as_address(struct mail_reader *r, const char *s, size_t n)
{
	char *addr;

	while (n > 0 && strchr(".:;,>", s[n - 1]) != NULL)
		n--;
	if (n > ADDRESS_MAX || memchr(s, '@', n) == NULL)
		return NULL;
	addr = arena_strndup(r->a, s, n);
	return address_valid(addr) ? addr : NULL;
}

/* Lines that begin with an address: "<a@example.com>:", " * a@example.com". */
static void
add_lines(struct mail_reader *r, struct bounce_report *s, bool own)
{
	for (const char *p = s->words; *p != '\0';) {
		size_t len = strcspn(p, "\n"), skip = strspn(p, " \t<\"'*>");
		const char *addr = NULL;

		if (skip < len)
			addr = as_address(
			    r, p + skip, strcspn(p + skip, " \t\n<>\"':;,()"));
		if (addr != NULL && is_own(r, addr) == own)
			bounce_add(r, s, addr);
		p += len + (p[len] == '\n');
	}
}

/* The first address anywhere. */
static void
add_first(struct mail_reader *r, struct bounce_report *s)
{
	static const char stops[] = " \t\n<>\"'();,[]";

	for (const char *p = s->words; *p != '\0';) {
		size_t n = strcspn(p, stops);
		const char *addr = as_address(r, p, n);

		if (addr != NULL && !is_own(r, addr)) {
			bounce_add(r, s, addr);
			return;
		}
		p += n + strspn(p + n, stops);
	}
}

void
bounce_addresses(struct mail_reader *r, struct bounce_report *s)
{
	const char *failed = mail_field(&r->m, "X-Failed-Recipients");
	const struct bounce *b = &r->m.bounce;
	struct address *list;
	size_t n;

	if (failed != NULL) {
		n = address_list(r->a, failed, strlen(failed), &list, NULL);
		for (size_t i = 0; i < n; i++)
			bounce_add(r, s, list[i].addr);
	}
	if (b->recipients_n == 0)
		add_lines(r, s, false);
	if (b->recipients_n == 0)
		add_first(r, s);
	if (b->recipients_n == 0)
		add_lines(r, s, true); /* mail to oneself */
	if (b->recipients_n > 0 && s->to == NULL)
		s->to = b->recipients[0];
}

/* A reply code that begins an answer: "550 ...", "550-...", "550, ...". */
static bool
is_reply(const char *text, const char *s)
{
	return (s[0] == '4' || s[0] == '5') && s[1] >= '0' && s[1] <= '7' &&
	    ascii_digit(s[2]) && strchr(" -,:\n", s[3]) != NULL &&
	    (s == text || strchr(" \t\n:([<>\"'", s[-1]) != NULL);
}

/* What the server answered, to the end of the paragraph; NULL: not told. */
const char *
bounce_answer(struct arena *a, const char *words, const char *to)
{
	const char *p = words, *end;
	size_t n;

	if (to != NULL && (p = ascii_find(words, to)) == NULL)
		p = words;
	while (*p != '\0' && !is_reply(words, p))
		p++;
	if (*p == '\0')
		return NULL;
	end = strstr(p, "\n\n");
	n = end == NULL ? strlen(p) : (size_t)(end - p);
	return arena_strndup(a, p, n < BOUNCE_SAID_MAX ? n : BOUNCE_SAID_MAX);
}

static bool
is_delay(struct arena *a, const char *subject, const char *words)
{
	static const char *const in_subject[] = { "delay", "warning",
		"deferred", "verzoger", "retarde", "en retard", "retrasad",
		"atrasad", "ritard", "opozn", "vertraag", "forsenad", "задерж",
		"отлож", "遅延", "延迟", "延遲" };
	static const char *const in_words[] = { "warning message only",
		"do not need to resend", "temporary failure report",
		"delivery attempts will continue", "has not been delivered yet",
		"no action is required on your part",
		"has not yet been delivered" };

	subject = utf8_fold(a, subject);
	words = utf8_fold(a, utf8_line(a, words, BOUNCE_WORDS_MAX));
	for (size_t i = 0; i < sizeof(in_subject) / sizeof(*in_subject); i++)
		if (strstr(subject, in_subject[i]) != NULL)
			return true;
	for (size_t i = 0; i < sizeof(in_words) / sizeof(*in_words); i++)
		if (strstr(words, in_words[i]) != NULL)
			return true;
	return false;
}

void
bounce_text(struct mail_reader *r, struct bounce_report *s)
{
	const char *subject = r->m.subject == NULL ? "" : r->m.subject;

	bounce_addresses(r, s);
	s->told = true;
	s->said = bounce_answer(r->a, s->words, s->to);
	if (s->said != NULL)
		s->status = bounce_code(r->a, s->said);
	if (s->status == NULL)
		s->status = bounce_code(r->a, s->words);
	s->action = is_delay(r->a, subject, s->words) ? BOUNCE_DELAYED
						      : BOUNCE_FAILED;
}
