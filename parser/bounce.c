/*
 * Delivery status notifications: RFC 3464, and as far as it goes those of
 * qmail, Exim, Exchange and others that are only text.  What the returned
 * message holds is read for its Message-ID and nothing else.
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/msgid.h"
#include "parser/reader.h"
#include "parser/utf8.h"

#define RECIPIENTS_MAX 100

/* Nobody but a mail system sends as this. */
static const char *const robots[] = { "mailer-daemon", "mailerdaemon",
	"post_master" };

/* Mail systems, and sometimes the people behind them. */
static const char *const daemons[] = { "postmaster", "poostmaster", "mdaemon",
	"maildaemon", "mail delivery", "system administrator",
	"mail administrator", "<>" };

/* What the subjects of bounces begin with or hold, folded. */
static const char *const subjects[] = { "delivery status", "undeliver",
	"returned mail", "delivery failed", "delivery failure", "delivery fail",
	"failure notice", "failed delivery", "mail system error",
	"mail failure", "could not be delivered", "not be delivered",
	"delivery has failed", "delayed mail", "could not send",
	"error sending your mail", "unzustellbar", "nicht zugestellt",
	"unzustellbarkeit", "non remis", "non distribue", "mancata consegna",
	"no se pudo entregar", "no entregado", "onbestelbaar", "niet bezorgd",
	"nie dostarczono", "не доставлено", "недоставленное", "未達", "退信",
	"配信不能", "delivery problem", "message not delivered",
	"mail could not be delivered", "delivery notification" };

/* What bounces in words say, folded and on one line. */
static const char *const phrases[] = { "could not be delivered",
	"did not reach the following recipient", "was not delivered to",
	"delivery to the following", "unable to deliver your message",
	"had delivery problems", "had permanent fatal errors",
	"no such user here", "undeliverable" };

/* Words of servers that an address does not exist, folded. */
static const char *const dead_address[] = { "user unknown", "unknown user",
	"no such user", "no such recipient", "no such mailbox",
	"no such address", "no such person", "user not found",
	"user does not exist", "does not exist", "doesn't exist",
	"unknown recipient", "recipient unknown", "recipient not found",
	"invalid recipient", "invalid mailbox", "unknown address",
	"address unknown", "bad address syntax", "unrouteable address",
	"mailbox not found", "mailbox unknown", "unknown mailbox",
	"not a valid mailbox", "no mailbox here", "no mail box here",
	"not our customer", "this user doesn't have", "unknown local part",
	"account not found", "account does not exist", "addressee unknown",
	"recipient address rejected: user", "address rejected: user unknown",
	"host unknown", "unknown host", "host not found", "domain not found",
	"no such domain", "unknown domain", "domain does not exist",
	"domain name not found", "no mx record", "mailbox unavailable",
	"recipient address rejected: access denied",
	"recipient address rejected.", "invalid user address",
	"no valid recipients", "name service error for name", "no longer valid",
	"has moved", "not listed in", "no account by that name",
	"не существует", "has no account" };

/* Words that what failed was something else after all. */
static const char *const not_dead[] = { "quota", "mailbox full",
	"mailbox is full", "over limit", "temporarily", "spam", "blocked",
	"blacklist", "blocklist", "too large", "relay access", "relaying",
	"to relay", "policy", "virus", "sender rejected",
	"in reply to end of data", "preferences", "sender address rejected",
	"sender domain", "dmarc", "spf" };

static bool
any_of(const char *folded, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(folded, list[i]) != NULL)
			return true;
	return false;
}
#define ANY_OF(text, list) any_of(text, list, sizeof(list) / sizeof(*(list)))

static bool
sent_by(const struct mail_reader *r, const char *const *names, size_t n)
{
	const char *from = mail_field(&r->m, "From");

	for (size_t i = 0; from != NULL && i < n; i++)
		if (ascii_find(from, names[i]) != NULL)
			return true;
	return false;
}
#define SENT_BY(r, names) sent_by(r, names, sizeof(names) / sizeof(*(names)))

/* Text on one line and folded: phrases may be broken over lines. */
static const char *
flatten(struct arena *a, const char *s)
{
	return utf8_fold(a, utf8_line(a, s, 16384));
}

static bool
has_part(const struct mail_reader *r, const char *type)
{
	for (size_t i = 0; i < r->m.parts_n; i++)
		if (part_is(&r->m.parts[i], type))
			return true;
	return false;
}

const char *
bounce_sign(struct mail_reader *r)
{
	const char *path = mail_field(&r->m, "Return-Path");
	bool null = path != NULL && strncmp(path, "<>", 2) == 0;
	bool robot = SENT_BY(r, robots);

	if (robot)
		return "From a mail system";
	if (!null && !SENT_BY(r, daemons))
		return NULL;
	if (mail_field(&r->m, "X-Failed-Recipients") != NULL)
		return "X-Failed-Recipients";
	if (has_part(r, "message/delivery-status"))
		return "message/delivery-status";
	if (r->m.subject != NULL &&
	    ANY_OF(flatten(r->a, r->m.subject), subjects))
		return "a mail system's sender and subject";
	if (null && ANY_OF(flatten(r->a, r->m.text), phrases))
		return "no sender, and the words of a bounce";
	return NULL;
}

/* One field of a status part, unfolded by header_parse(). */
struct status {
	struct bounce *b;
	size_t cap;
	const char *status; /* of the recipient that failed hardest */
	const char *text;   /* what the server said */
	bool failed, delayed;
};

static void
add_recipient(struct mail_reader *r, struct status *s, const char *value)
{
	struct address *list;
	const char *semi = strchr(value, ';');
	struct bounce *b = s->b;

	value = semi == NULL ? value : semi + 1;
	if (address_list(r->a, value, strlen(value), &list, NULL) == 0 ||
	    b->recipients_n == RECIPIENTS_MAX)
		return;
	for (size_t i = 0; i < b->recipients_n; i++)
		if (address_same(b->recipients[i], list[0].addr))
			return;
	b->recipients = arena_grow(r->a, b->recipients, b->recipients_n,
	    &s->cap, sizeof(*b->recipients));
	b->recipients[b->recipients_n++] = list[0].addr;
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

/* The enhanced status code that a text tells, best one right behind a reply
 * code.  The address of a host is none. */
static const char *
find_code(struct arena *a, const char *start)
{
	const char *best = NULL, *s = start;

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
		if (strcmp(code + 1, ".0.0") != 0 && after_reply(start, s))
			return code;
		if (best == NULL || strcmp(best + 1, ".0.0") == 0)
			best = code;
	}
	return best;
}

/* One recipient's group of fields. */
static void
read_group(struct mail_reader *r, struct status *s, const struct header *h)
{
	const char *to = header_get(h, "Final-Recipient");
	const char *action = header_get(h, "Action");
	const char *code = header_get(h, "Status");
	const char *text = header_get(h, "Diagnostic-Code");
	bool failed = action != NULL && ascii_starts(action, "fail");
	const char *better;

	if (to == NULL)
		to = header_get(h, "Original-Recipient");
	if (to == NULL && action == NULL && code == NULL)
		return;
	if (action != NULL && !failed &&
	    (ascii_starts(action, "delivered") ||
		ascii_starts(action, "relay") ||
		ascii_starts(action, "expand")))
		return;
	if (to != NULL)
		add_recipient(r, s, to);
	s->delayed |= action != NULL && ascii_starts(action, "delay");
	if (s->failed)
		return; /* the first that failed is told */
	s->failed = failed;
	if (code != NULL)
		code = find_code(r->a, code);
	/* the words of the server itself are more exact than the summary */
	better = text == NULL ? NULL : find_code(r->a, text);
	if (better != NULL && (code == NULL || strcmp(better + 1, ".0.0") != 0))
		code = better;
	s->status = code;
	s->text = text;
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
read_status_part(struct mail_reader *r, struct status *s)
{
	const char *p = r->status, *end = p + r->status_n;
	int groups = 0;

	while (p < end && groups++ < RECIPIENTS_MAX) {
		const char *next = group_end(p, end);
		struct header h;

		header_parse(r->a, p, (size_t)(next - p), 50, &h);
		read_group(r, s, &h);
		p = next;
	}
}

/* Where a bounce in words goes over into the mail it returns. */
static size_t
words_length(const char *text)
{
	static const char *const marks[] = { "copy of the message",
		"copy of your message", "Original message follows",
		"Original message ---", "message headers follow",
		"Unsent message below", "Returned message follows",
		"\nReceived: ", "\nMessage-ID: ", "\nMessage-Id: " };
	size_t n = strlen(text);

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		const char *at = ascii_find(text, marks[i]);

		if (at != NULL && (size_t)(at - text) < n)
			n = (size_t)(at - text);
	}
	return n;
}

/* Lines that are an address: "<a@example.com>:", "  a@example.com". */
static void
read_addresses(struct mail_reader *r, struct status *s, char *words)
{
	const char *failed = mail_field(&r->m, "X-Failed-Recipients");
	struct address *list;
	size_t n;

	if (failed != NULL) {
		n = address_list(r->a, failed, strlen(failed), &list, NULL);
		for (size_t i = 0; i < n; i++)
			add_recipient(r, s, list[i].addr);
	}
	for (char *p = words; s->b->recipients_n == 0 && *p != '\0';) {
		size_t len = strcspn(p, "\n"), k = len;
		size_t skip = strspn(p, " \t<");

		while (k > 0 && strchr(" \t:>\r", p[k - 1]) != NULL)
			k--;
		if (k > skip && k - skip <= ADDRESS_MAX) {
			char *addr = arena_strndup(r->a, p + skip, k - skip);

			if (address_valid(addr))
				add_recipient(r, s, addr);
		}
		p += len + (p[len] == '\n');
	}
}

static void
read_words(struct mail_reader *r, struct status *s)
{
	size_t n = words_length(r->m.text);
	char *words = arena_strndup(r->a, r->m.text, n < 16384 ? n : 16384);
	const char *subject = r->m.subject == NULL ? "" : r->m.subject;

	read_addresses(r, s, words);
	s->text = words;
	s->status = find_code(r->a, words);
	s->delayed = ascii_find(subject, "delay") != NULL ||
	    ascii_find(subject, "warning") != NULL ||
	    ascii_find(subject, "deferred") != NULL;
	s->failed = !s->delayed;
}

/* The Message-ID of the mail that came back: its header is a part, or it
 * stands in the text. */
static void
read_returned(struct mail_reader *r)
{
	const char *s = r->returned, *value = NULL, **ids;
	struct header h;

	if (s != NULL) {
		header_parse(r->a, s, r->returned_n, 500, &h);
		value = header_get(&h, "Message-ID");
	} else {
		s = ascii_find(r->m.text, "\nMessage-ID:");
		if (s != NULL)
			value = arena_strndup(
			    r->a, s + 12, strcspn(s + 12, "\n"));
	}
	if (value != NULL && msgid_list(r->a, value, strlen(value), &ids) > 0)
		r->m.bounce.message_id = ids[0];
}

/* Is the address itself dead?  Full, refused and delayed are not that. */
static bool
is_hard(struct mail_reader *r, const struct status *s)
{
	const char *text = flatten(r->a, s->text != NULL ? s->text : r->m.text);
	const char *code = s->status;

	if (!s->failed || ANY_OF(text, not_dead))
		return false;
	if (code != NULL && strncmp(code + 1, ".1.", 3) == 0)
		return strcmp(code + 4, "7") != 0 && strcmp(code + 4, "8") != 0;
	if (code != NULL && code[0] == '4')
		return false;
	return ANY_OF(text, dead_address);
}

void
bounce_read(struct mail_reader *r)
{
	struct status s = { .b = &r->m.bounce };

	if (r->status != NULL)
		read_status_part(r, &s);
	if (s.status == NULL && !s.failed && !s.delayed)
		read_words(r, &s);
	else if (r->m.bounce.recipients_n == 0)
		read_addresses(r, &s, arena_strdup(r->a, ""));
	r->m.bounce.status = s.status;
	r->m.bounce.hard = is_hard(r, &s);
	read_returned(r);
}
