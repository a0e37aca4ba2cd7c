/*
 * Why a mail did not arrive and whether its address is dead, from the status
 * code (RFC 3463), what the server said, when it said so, and the words for
 * people.  It reads no mail: bounce.c and the others bring the evidence.
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/bounce.h"
#include "parser/utf8.h"

const char *
bounce_action_name(enum bounce_action a)
{
	static const char *const names[BOUNCE_ACTION_COUNT] = { "failed",
		"delayed", "delivered" };

	return a < BOUNCE_ACTION_COUNT ? names[a] : "failed";
}

const char *
bounce_reason_name(enum bounce_reason r)
{
	static const char *const names[BOUNCE_REASON_COUNT] = { "unknown",
		"unknown_user", "unknown_host", "moved", "no_mail",
		"mailbox_full", "too_big", "disabled", "refused", "sender",
		"relaying", "blocked", "auth", "spam", "virus", "content",
		"policy", "rate", "expired", "network", "system", "syntax" };

	return r < BOUNCE_REASON_COUNT ? names[r] : "unknown";
}

static bool
is_dead(enum bounce_reason r)
{
	return r >= BOUNCE_UNKNOWN_USER && r <= BOUNCE_NO_MAIL;
}

/*
 * Codes that mean one thing, without their class: RFC 3463, RFC 7293, RFC
 * 7372, RFC 7505, and what Microsoft 365 and Gmail made of the numbers above.
 * One that ends in "*" is the start of one.
 */
static const struct code {
	const char *tail;
	enum bounce_reason reason;
} codes[] = {
	{ "1.1", BOUNCE_UNKNOWN_USER },
	{ "1.2", BOUNCE_UNKNOWN_HOST },
	{ "1.3", BOUNCE_UNKNOWN_USER },
	{ "1.6", BOUNCE_MOVED },
	{ "1.7", BOUNCE_SENDER },
	{ "1.8", BOUNCE_SENDER },
	{ "1.10", BOUNCE_NO_MAIL },
	{ "1.20", BOUNCE_SENDER },
	{ "1.351", BOUNCE_UNKNOWN_USER },
	{ "2.1", BOUNCE_DISABLED },
	{ "2.2", BOUNCE_MAILBOX_FULL },
	{ "2.3", BOUNCE_TOO_BIG },
	{ "2.122", BOUNCE_RATE },
	{ "3.4", BOUNCE_TOO_BIG },
	{ "4.4", BOUNCE_UNKNOWN_HOST },
	{ "4.5", BOUNCE_RATE },
	{ "4.6", BOUNCE_NETWORK },
	{ "4.7", BOUNCE_EXPIRED },
	{ "4.300", BOUNCE_EXPIRED },
	{ "4.310", BOUNCE_UNKNOWN_HOST },
	{ "4.316", BOUNCE_EXPIRED },
	{ "5.3", BOUNCE_RATE },
	{ "7.9", BOUNCE_POLICY },
	{ "7.13", BOUNCE_DISABLED },
	{ "7.17", BOUNCE_MOVED },
	{ "7.18", BOUNCE_MOVED },
	{ "7.20", BOUNCE_AUTH },
	{ "7.21", BOUNCE_AUTH },
	{ "7.22", BOUNCE_AUTH },
	{ "7.23", BOUNCE_AUTH },
	{ "7.24", BOUNCE_AUTH },
	{ "7.25", BOUNCE_BLOCKED },
	{ "7.26", BOUNCE_AUTH },
	{ "7.27", BOUNCE_SENDER },
	{ "7.28", BOUNCE_RATE },
	{ "7.29", BOUNCE_AUTH },
	{ "7.509", BOUNCE_AUTH },
	{ "7.60*", BOUNCE_BLOCKED },
	{ "7.61*", BOUNCE_BLOCKED },
	{ "7.62*", BOUNCE_BLOCKED },
	{ "7.63*", BOUNCE_BLOCKED },
	{ "7.64*", BOUNCE_BLOCKED },
	{ "7.7*", BOUNCE_RATE },
};

/* Where only the subject of the code is known. */
static const enum bounce_reason subjects[] = {
	['1' - '0'] = BOUNCE_UNKNOWN_USER,
	['2' - '0'] = BOUNCE_REFUSED,
	['3' - '0'] = BOUNCE_SYSTEM,
	['4' - '0'] = BOUNCE_NETWORK,
	['5' - '0'] = BOUNCE_SYNTAX,
	['6' - '0'] = BOUNCE_CONTENT,
	['7' - '0'] = BOUNCE_POLICY,
};

/* The last resort: reply codes (RFC 5321, RFC 7504, and older habits). */
static const struct reply {
	const char *code;
	enum bounce_reason reason;
} replies[] = {
	{ "521", BOUNCE_BLOCKED },
	{ "556", BOUNCE_NO_MAIL },
	{ "522", BOUNCE_MAILBOX_FULL },
	{ "552", BOUNCE_MAILBOX_FULL },
	{ "452", BOUNCE_SYSTEM },
	{ "523", BOUNCE_TOO_BIG },
	{ "525", BOUNCE_DISABLED },
	{ "530", BOUNCE_AUTH },
	{ "535", BOUNCE_AUTH },
	{ "571", BOUNCE_POLICY },
	{ "421", BOUNCE_NETWORK },
	{ "450", BOUNCE_SYSTEM },
	{ "451", BOUNCE_SYSTEM },
	{ "50", BOUNCE_SYNTAX },
	{ "555", BOUNCE_SYNTAX },
};

/* What the server was asked when it refused. */
enum stage {
	STAGE_UNKNOWN,
	STAGE_CONNECT,
	STAGE_MAIL,
	STAGE_RCPT,
	STAGE_DATA
};

/* How mail programs put it, folded. */
static const struct asked {
	enum stage stage;
	const char *words;
} asked[] = {
	{ STAGE_CONNECT, "after initial connection" },
	{ STAGE_CONNECT, "refused to talk to me" },
	{ STAGE_CONNECT, "in reply to ehlo" },
	{ STAGE_CONNECT, "in reply to helo" },
	{ STAGE_CONNECT, "after ehlo" },
	{ STAGE_CONNECT, "after helo" },
	{ STAGE_CONNECT, "my name was rejected" },
	{ STAGE_CONNECT, "like our ehlo" },
	{ STAGE_CONNECT, "like our helo" },
	{ STAGE_MAIL, "in reply to mail from" },
	{ STAGE_MAIL, "after mail from" },
	{ STAGE_MAIL, "after mail command" },
	{ STAGE_MAIL, "sender was rejected" },
	{ STAGE_MAIL, "like our mail from" },
	{ STAGE_MAIL, ">>> mail from" },
	{ STAGE_MAIL, "[mail_from]" },
	{ STAGE_RCPT, "in reply to rcpt to" },
	{ STAGE_RCPT, "after rcpt" },
	{ STAGE_RCPT, "does not like recipient" },
	{ STAGE_RCPT, "rcpt to response" },
	{ STAGE_RCPT, "like our rcpt to" },
	{ STAGE_RCPT, ">>> rcpt to" },
	{ STAGE_RCPT, "[rcpt_to]" },
	{ STAGE_RCPT, "smtp:rcpt" },
	{ STAGE_RCPT, "(rcpt)" },
	{ STAGE_RCPT, "(rcpt to)" },
	{ STAGE_RCPT, "(state 14)" },
	{ STAGE_RCPT, "recipient address rejected" },
	{ STAGE_RCPT, "has rejected address" },
	{ STAGE_DATA, "in reply to end of data" },
	{ STAGE_DATA, "in reply to data" },
	{ STAGE_DATA, "in reply to bdat" },
	{ STAGE_DATA, "after end of data" },
	{ STAGE_DATA, "after data" },
	{ STAGE_DATA, "for text command" },
	{ STAGE_DATA, "after text command" },
	{ STAGE_DATA, "after i sent the message" },
	{ STAGE_DATA, "like our data" },
	{ STAGE_DATA, "like our final data" },
	{ STAGE_DATA, ">>> data" },
	{ STAGE_DATA, ">>> ." },
	{ STAGE_DATA, "smtp command data" },
	{ STAGE_DATA, "(data)" },
	{ STAGE_DATA, "[data]" },
	{ STAGE_DATA, "(state 17)" },
	{ STAGE_DATA, "(state 18)" },
};

/* sendmail sends RCPT and DATA at once (RFC 2920) and shows only the last, but
 * also how it went on when no RCPT had been taken. */
static const char *const no_rcpt[] = { "need rcpt", "no valid recipients",
	"valid rcpt command", "no recipients specified" };

/* The first of these that the text has, from where it names the recipient. */
static enum stage
find_stage(struct arena *a, const char *text, const char *to)
{
	enum stage stage = STAGE_UNKNOWN;
	const char *first = NULL, *at;

	text = utf8_fold(a, utf8_line(a, text, BOUNCE_WORDS_MAX));
	for (size_t i = 0; i < sizeof(no_rcpt) / sizeof(*no_rcpt); i++)
		if (strstr(text, no_rcpt[i]) != NULL)
			return STAGE_RCPT;
	at = to == NULL ? NULL : strstr(text, utf8_fold(a, to));
	if (at != NULL) /* ">>> RCPT TO:<ann@example.com>" */
		text = at - text > 16 ? at - 16 : text;
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		at = strstr(text, asked[i].words);
		if (at != NULL && (first == NULL || at < first)) {
			first = at;
			stage = asked[i].stage;
		}
	}
	return stage;
}

static enum bounce_reason
code_reason(const char *status)
{
	const char *tail = status == NULL ? "" : status + 2;

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		size_t n = strcspn(codes[i].tail, "*");

		if (strncmp(tail, codes[i].tail, n) == 0 &&
		    (codes[i].tail[n] == '*') == (tail[n] != '\0'))
			return codes[i].reason;
	}
	return BOUNCE_UNKNOWN;
}

static enum bounce_reason
subject_reason(const char *status)
{
	size_t i;

	if (status == NULL || status[3] != '.')
		return BOUNCE_UNKNOWN;
	i = (size_t)(status[2] - '0');
	return i < sizeof(subjects) / sizeof(*subjects) ? subjects[i]
							: BOUNCE_UNKNOWN;
}

static enum bounce_reason
reply_reason(const char *said)
{
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++)
		if (strncmp(said, replies[i].code, strlen(replies[i].code)) ==
		    0)
			return replies[i].reason;
	return BOUNCE_UNKNOWN;
}

/* Is this what the code says, if with other words? */
static bool
code_agrees(const char *status, enum bounce_reason reason)
{
	return is_dead(reason) &&
	    (is_dead(code_reason(status)) ||
		subject_reason(status) == BOUNCE_UNKNOWN_USER);
}

/* What words and code say together.  Words about anything but the address
 * are more exact than a code; about the address a code is. */
static enum bounce_reason
read_words(const char *text, const char *status, bool *sure)
{
	enum bounce_reason code = code_reason(status), r;

	r = phrase_reason(text, PHRASE_PLAIN, NULL);
	if (r != BOUNCE_UNKNOWN)
		return r;
	if (code != BOUNCE_UNKNOWN && !is_dead(code))
		return code;
	r = phrase_reason(text, PHRASE_DEAD, sure);
	if (r == BOUNCE_UNKNOWN)
		r = code;
	if (r == BOUNCE_UNKNOWN) {
		code = subject_reason(status);
		if (code != BOUNCE_NETWORK && code != BOUNCE_SYNTAX &&
		    (code != BOUNCE_REFUSED || status[0] == '5'))
			r = code;
	}
	return r;
}

static enum bounce_reason
find_reason(struct arena *a, const struct bounce_report *s, bool *sure)
{
	const char *raw = s->said == NULL ? "" : s->said;
	const char *said = phrase_text(a, raw, BOUNCE_SAID_MAX);
	const char *words = s->words == NULL
	    ? ""
	    : phrase_text(a, s->words, BOUNCE_WORDS_MAX);
	enum bounce_reason r = BOUNCE_UNKNOWN;

	if (*raw != '\0')
		r = read_words(said, s->status, sure);
	/* what was quoted word for word is not made clearer by the rest */
	if (r == BOUNCE_UNKNOWN && s->smtp)
		r = phrase_reason(said, PHRASE_VAGUE, NULL);
	if (r == BOUNCE_UNKNOWN)
		r = read_words(words, s->status, sure);
	if (r == BOUNCE_UNKNOWN)
		r = phrase_reason(said, PHRASE_VAGUE, NULL);
	if (r == BOUNCE_UNKNOWN)
		r = phrase_reason(words, PHRASE_VAGUE, NULL);
	if (r == BOUNCE_UNKNOWN)
		r = reply_reason(raw);
	return r != BOUNCE_UNKNOWN ? r : subject_reason(s->status);
}

/*
 * Nobody should lose their mail for a word.  Servers say "user unknown" of a
 * sender they do not like, and filters behind them of a mail they do not like:
 * who took the RCPT and refuses the text knows the user.  What is not told by
 * a code has to be the server's own answer, best to RCPT, or what the system
 * found out itself; a filter that tells it in other words is not enough.
 */
void
bounce_judge(struct arena *a, const struct bounce_report *s, struct bounce *b)
{
	enum stage stage = STAGE_UNKNOWN;
	bool sure = false, code;

	b->action = s->action;
	b->status = s->status;
	b->hard = false;
	if (s->action == BOUNCE_DELIVERED) {
		b->reason = BOUNCE_UNKNOWN;
		return;
	}
	b->reason = find_reason(a, s, &sure);
	if (s->dead && !is_dead(b->reason) &&
	    (b->reason == BOUNCE_DISABLED || b->reason == BOUNCE_UNKNOWN))
		b->reason = BOUNCE_UNKNOWN_USER;
	if (!is_dead(b->reason))
		return;
	code = code_agrees(s->status, b->reason);
	if (s->words != NULL)
		stage = find_stage(a, s->words, s->to);
	if (stage == STAGE_UNKNOWN && s->said != NULL)
		stage = find_stage(a, s->said, NULL);
	if (stage == STAGE_MAIL && code_reason(s->status) == BOUNCE_UNKNOWN)
		b->reason = BOUNCE_SENDER;
	else if (stage == STAGE_CONNECT && !code)
		b->reason = BOUNCE_BLOCKED;
	else if (stage == STAGE_DATA && !code && !sure && !s->dead)
		b->reason = BOUNCE_REFUSED;
	else if (s->status == NULL || s->status[0] != '4')
		b->hard = sure || code || s->dead || s->smtp ||
		    stage == STAGE_RCPT;
	else
		b->hard = strncmp(s->status + 1, ".1.", 3) == 0;
	b->hard = b->hard && s->action == BOUNCE_FAILED;
}
