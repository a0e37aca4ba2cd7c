/* The SMTP dialogue for one letter.  See the header. */
#include "daemon/smtp_talk.h"

#include <stdio.h>
#include <string.h>

static void
say(struct talk *t, enum smtp_stage stage, int n)
{
	smtp_trace_enter(&t->trace, stage);
	t->out_at = 0;
	t->out_n = n < 0 ? 0 : (size_t)n;
	t->answer_n = 0;
}

static void
say_mail(struct talk *t)
{
	char size[40] = "";

	if (t->sizes)
		snprintf(size, sizeof(size), " SIZE=%zu", t->letter->size);
	say(t, SMTP_MAIL,
	    snprintf(t->out, sizeof(t->out), "MAIL FROM:<%s>%s\r\n",
		t->letter->sender, size));
}

void
talk_start(struct talk *t, const struct smtp_letter *l, bool sizes, bool reused,
    bool reset)
{
	memset(t, 0, offsetof(struct talk, out));
	t->out_at = t->out_n = t->line_n = t->answer_n = 0;
	t->letter = l;
	t->sizes = sizes;
	smtp_trace_start(&t->trace, reused);
	if (reset)
		say(t, SMTP_RESET,
		    snprintf(t->out, sizeof(t->out), "RSET\r\n"));
	else
		say_mail(t);
}

static void
finish(struct talk *t, bool usable)
{
	t->over = true;
	t->usable = usable;
}

/* What an answer leads to: the next command, the body, or the end. */
static void
answered(struct talk *t)
{
	int class = t->trace.code / 100;

	/* 421 says that the connection goes; a body cut short leaves it in the
	 * middle of nowhere. */
	if (t->trace.code == 421 || t->trace.stage == SMTP_BODY)
		finish(t, false);
	else if (t->trace.stage == SMTP_DOT)
		finish(t, class == 2 || class == 4 || class == 5);
	else if (t->trace.stage == SMTP_DATA && t->trace.code == 354)
		t->asks = true;
	else if (t->trace.stage == SMTP_DATA || class != 2)
		finish(t, class == 4 || class == 5);
	else if (t->trace.stage == SMTP_RESET)
		say_mail(t);
	else if (t->trace.stage == SMTP_MAIL)
		say(t, SMTP_RCPT,
		    snprintf(t->out, sizeof(t->out), "RCPT TO:<%s>\r\n",
			t->letter->recipient));
	else
		say(t, SMTP_DATA, snprintf(t->out, sizeof(t->out), "DATA\r\n"));
}

/* Not allowed: only closing the connection takes DATA back. */
void
talk_body(struct talk *t, bool may)
{
	t->asks = false;
	if (!may) {
		t->trace.back = true;
		finish(t, false);
		return;
	}
	smtp_trace_enter(&t->trace, SMTP_BODY);
	t->out_at = t->out_n = 0;
	t->answer_n = 0;
}

/*
 * The next piece of the body, dots at line starts doubled (RFC 5321 4.5.2).
 * compose_check() has seen to it that lines end in CRLF and nothing else does.
 */
static void
fill(struct talk *t)
{
	static const char end[] = "\r\n.\r\n";
	const char *p = t->letter->data;
	size_t n = 0;

	while (
	    t->at < t->letter->size && n < sizeof(t->out) - sizeof(end) - 1) {
		char c = p[t->at++];

		if (c == '.' && !t->inside)
			t->out[n++] = '.';
		t->out[n++] = c;
		t->inside = c != '\n';
	}
	if (t->at == t->letter->size) {
		size_t skip = t->inside ? 0 : 2; /* its own CRLF is there */

		memcpy(t->out + n, end + skip, sizeof(end) - 1 - skip);
		n += sizeof(end) - 1 - skip;
		smtp_trace_enter(&t->trace, SMTP_DOT);
	}
	t->out_at = 0;
	t->out_n = n;
}

const char *
talk_output(struct talk *t, size_t *n)
{
	if (t->out_at == t->out_n && t->trace.stage == SMTP_BODY)
		fill(t);
	*n = t->over || t->asks ? 0 : t->out_n - t->out_at;
	return t->out + t->out_at;
}

void
talk_sent(struct talk *t, size_t n)
{
	t->out_at += n;
}

static void
break_rules(struct talk *t, const char *why)
{
	t->why = why;
	finish(t, false);
}

/* Before all of the command or the dot is out: a refusal may be meant, a yes
 * cannot be. */
static void
too_early(struct talk *t)
{
	if (t->trace.code / 100 < 4)
		t->trace.code = 0;
	break_rules(t, "the server answers before it is asked");
}

static void
end_line(struct talk *t)
{
	bool whole = smtp_trace_reply(&t->trace, t->line, t->line_n);

	t->line_n = 0;
	if (!whole)
		return;
	if (t->trace.stage != SMTP_BODY && t->out_at < t->out_n)
		too_early(t);
	else
		answered(t);
}

void
talk_input(struct talk *t, const char *p, size_t n)
{
	for (size_t i = 0; i < n && !t->over; i++) {
		if (t->asks) { /* out of step: do not begin the body */
			t->asks = false;
			break_rules(t, "the server answers before it is asked");
			return;
		}
		if (++t->answer_n > TALK_REPLY) {
			break_rules(t, "an answer without end");
			return;
		}
		if (t->line_n < sizeof(t->line))
			t->line[t->line_n++] = p[i];
		if (p[i] == '\n')
			end_line(t);
	}
}
