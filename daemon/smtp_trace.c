/* What happened to a letter, read from the wire; see the header. */
#include "daemon/smtp_trace.h"

const char *const smtp_stage_names[SMTP_STAGES] = { "connecting", "RSET",
	"MAIL", "RCPT", "DATA", "body", "final dot" };

const char *const smtp_outcome_names[SMTP_OUTCOMES] = { "sent", "retry",
	"route", "rejected", "unknown", "stale", "back" };

void
smtp_trace_start(struct smtp_trace *t, bool reused)
{
	*t = (struct smtp_trace){ .reused = reused };
}

void
smtp_trace_enter(struct smtp_trace *t, enum smtp_stage stage)
{
	t->stage = stage;
	t->code = 0;
	t->more = false;
	t->text_n = 0;
	t->text[0] = '\0';
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
bool
smtp_trace_reply(struct smtp_trace *t, const char *line, size_t n)
{
	bool coded, whole;

	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		n--;
	coded = n >= 3 && digits(line);
	whole = coded && (n == 3 || line[3] == ' ');
	if (!t->more) {
		t->text_n = 0;
		t->text[0] = '\0';
	}
	keep(t, line, n);
	t->more = coded && n >= 4 && line[3] == '-';
	if (whole)
		t->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 +
		    (line[2] - '0');
	return whole;
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

/* Before the body an old connection may just have been closed on us. */
static bool
went_stale(const struct smtp_trace *t)
{
	return t->reused && t->stage < SMTP_BODY &&
	    (t->code == 421 || t->stage <= SMTP_RESET ||
		(t->stage == SMTP_MAIL && t->code == 0));
}

enum smtp_outcome
smtp_classify(const struct smtp_trace *t)
{
	if (t->stage == SMTP_DOT)
		return after_dot(t->code);
	if (t->back)
		return SMTP_BACK;
	if (went_stale(t))
		return SMTP_STALE;
	if (t->stage <= SMTP_RESET ||
	    (t->stage == SMTP_MAIL && is_login(t->code)))
		return SMTP_ROUTE;
	/* In the body too: no final dot went out. */
	return t->code / 100 == 5 ? SMTP_REJECTED : SMTP_RETRY;
}
