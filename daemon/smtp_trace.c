/* What happened to a letter, read from the wire; see the header. */
#include "daemon/smtp_trace.h"

#include <string.h>
#include <strings.h>

const char *const smtp_stage_names[SMTP_STAGES] = { "connecting", "greeting",
	"EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "body",
	"final dot" };

const char *const smtp_outcome_names[SMTP_OUTCOMES] = { "sent", "retry",
	"route", "rejected", "unknown", "stale", "back" };

/* Base64 has no blank and no ":", so a line of AUTH is none of these; those
 * that are a bare word count only where they can stand. */
static const struct {
	const char *verb;
	enum smtp_stage stage, after;
} verbs[] = {
	{ "EHLO ", SMTP_EHLO, SMTP_STAGES },
	{ "HELO ", SMTP_EHLO, SMTP_STAGES },
	{ "STARTTLS", SMTP_STARTTLS, SMTP_EHLO },
	{ "AUTH ", SMTP_AUTH, SMTP_STAGES },
	{ "MAIL FROM:", SMTP_MAIL, SMTP_STAGES },
	{ "RCPT TO:", SMTP_RCPT, SMTP_STAGES },
	{ "DATA", SMTP_DATA, SMTP_RCPT },
};

void
smtp_trace_start(struct smtp_trace *t, bool kept)
{
	*t = (struct smtp_trace){ .reused = kept };
}

static void
enter(struct smtp_trace *t, enum smtp_stage stage)
{
	t->stage = stage;
	t->code = 0;
	t->more = false;
	t->text_n = 0;
	t->text[0] = '\0';
}

/* A line that is no verb of ours belongs to AUTH or is QUIT. */
void
smtp_trace_command(struct smtp_trace *t, const char *line, size_t n)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		size_t len = strlen(verbs[i].verb);

		if (n < len || strncasecmp(line, verbs[i].verb, len) != 0)
			continue;
		if (verbs[i].stage == SMTP_MAIL)
			t->reused = t->stage == SMTP_CONNECT; /* no greeting */
		if (verbs[i].after == SMTP_STAGES || verbs[i].after == t->stage)
			enter(t, verbs[i].stage);
		return;
	}
}

void
smtp_trace_body(struct smtp_trace *t)
{
	enter(t, SMTP_BODY);
}

void
smtp_trace_last_byte(struct smtp_trace *t)
{
	enter(t, SMTP_DOT);
}

static bool
digits(const char *s)
{
	for (int i = 0; i < 3; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

/* A server's words go into the database, the log and onto a terminal: only
 * printable ASCII, and not much of it (T46). */
static void
keep(struct smtp_trace *t, const char *line, size_t n)
{
	if (t->text_n > 0 && t->text_n < REPLY_MAX)
		t->text[t->text_n++] = ' ';
	for (size_t i = 0; i < n && t->text_n < REPLY_MAX; i++) {
		unsigned char c = (unsigned char)line[i];

		t->text[t->text_n++] = (char)(c >= 0x20 && c < 0x7f ? c : '?');
	}
	t->text[t->text_n] = '\0';
}

/*
 * RFC 5321 4.2.1: three digits, then a blank on the last line, "-" on others.
 * What has no such form is kept as text and counts as no answer.
 */
void
smtp_trace_reply(struct smtp_trace *t, const char *line, size_t n)
{
	bool whole;

	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		n--;
	if (t->stage == SMTP_CONNECT) {
		t->reused = false;
		enter(t, SMTP_GREETED);
	}
	if (!t->more) {
		t->text_n = 0;
		t->text[0] = '\0';
	}
	keep(t, line, n);
	whole = n >= 3 && digits(line) && (n == 3 || line[3] == ' ');
	t->more = n >= 4 && digits(line) && line[3] == '-';
	if (whole)
		t->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 +
		    (line[2] - '0');
}

/* RFC 4954: what MAIL may say when it is the login that is missing. */
static bool
is_login(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

/* Once the dot may be out, only a clear answer says what became of it. */
static enum smtp_outcome
after_dot(int code)
{
	switch (code / 100) {
	case 2:
		return SMTP_SENT;
	case 4:
		return SMTP_RETRY;
	case 5:
		return SMTP_REJECTED;
	default:
		return SMTP_UNKNOWN;
	}
}

enum smtp_outcome
smtp_classify(const struct smtp_trace *t)
{
	if (t->stage == SMTP_DOT)
		return after_dot(t->code);
	if (t->back || t->stopping)
		return SMTP_BACK;
	if (t->stage == SMTP_BODY)
		return SMTP_RETRY; /* no final dot went out */
	if (t->reused &&
	    (t->code == 421 || (t->stage <= SMTP_MAIL && t->code == 0)))
		return SMTP_STALE;
	if (t->stage < SMTP_MAIL)
		return SMTP_ROUTE;
	if (t->stage == SMTP_MAIL && is_login(t->code))
		return SMTP_ROUTE;
	return t->code / 100 == 5 ? SMTP_REJECTED : SMTP_RETRY;
}
