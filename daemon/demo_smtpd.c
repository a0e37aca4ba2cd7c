/*
 * The demo's SMTP server (RFC 5321): enough of the protocol for deskd and for
 * any mail client, no more.  It knows the people of the demo, delivers into
 * their Maildirs, and refuses everybody else: nothing can leave this machine
 * through it.  One process a connection.  No TLS and no login: it listens on
 * the loopback address only.
 */
#include "daemon/demo.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "parser/date.h"
#include "parser/limits.h"

#define SMTPD_IDLE_MS    (5 * 60 * 1000) /* RFC 5321 4.5.3.2.7 */
#define SMTPD_LINE_MAX   2000
#define SMTPD_RECIPIENTS 100 /* RFC 5321 4.5.3.1.8 */

struct session {
	struct demo *d;
	int fd;
	char in[16384]; /* read, not yet used: from at to end */
	size_t at, end;
	char line[SMTPD_LINE_MAX + 1];
	char helo[256], sender[ADDRESS_MAX + 1];
	bool has_sender;
	const struct demo_box *to[SMTPD_RECIPIENTS];
	size_t to_n;
	struct buf text;
};

__attribute__((format(printf, 2, 3))) static int
say(struct session *s, const char *fmt, ...)
{
	char line[600];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n > sizeof(line) - 3)
		return -1;
	line[n] = '\r';
	line[n + 1] = '\n';
	return send(s->fd, line, (size_t)n + 2, MSG_NOSIGNAL) == n + 2 ? 0 : -1;
}

/* More bytes; -1: the peer is gone or silent. */
static int
fill(struct session *s)
{
	struct pollfd f = { .fd = s->fd, .events = POLLIN };
	ssize_t n;

	if (poll(&f, 1, SMTPD_IDLE_MS) != 1)
		return -1;
	n = recv(s->fd, s->in, sizeof(s->in), 0);
	if (n <= 0)
		return -1;
	s->at = 0;
	s->end = (size_t)n;
	return 0;
}

/* One command line without its end; too long is cut. */
static int
read_line(struct session *s)
{
	size_t n = 0;

	for (;;) {
		char c;

		if (s->at == s->end && fill(s) == -1)
			return -1;
		c = s->in[s->at++];
		if (c == '\n')
			break;
		if (n < SMTPD_LINE_MAX)
			s->line[n++] = c;
	}
	while (n > 0 && s->line[n - 1] == '\r')
		n--;
	s->line[n] = '\0';
	return 0;
}

/* Where in a line the text is. */
enum text_at {
	AT_START,
	AT_TEXT,
	AT_CR,
	AT_DOT,    /* a dot began the line; it is left out */
	AT_DOT_CR, /* and a CR came: perhaps the end */
	AT_END
};

/* CRLF . CRLF ends the text, dots are unstuffed (RFC 5321 4.5.2).  A bare LF
 * is no line end here. */
static enum text_at
take(struct buf *text, enum text_at at, char c)
{
	if (at == AT_START && c == '.')
		return AT_DOT;
	if (at == AT_DOT && c == '\r')
		return AT_DOT_CR;
	if (at == AT_DOT_CR && c == '\n')
		return AT_END;
	if (at == AT_DOT_CR)
		buf_char(text, '\r');
	buf_char(text, c);
	if (c == '\r')
		return AT_CR;
	return at == AT_CR && c == '\n' ? AT_START : AT_TEXT;
}

static int
read_text(struct session *s)
{
	enum text_at at = AT_START;

	while (at != AT_END) {
		if (s->at == s->end && fill(s) == -1)
			return -1;
		at = take(&s->text, at, s->in[s->at++]);
	}
	return 0;
}

static void
clear(struct session *s)
{
	s->has_sender = false;
	s->to_n = 0;
	buf_clear(&s->text);
}

/* "FROM:<a@b> SIZE=1" -> "a@b". */
static bool
path_of(const char *s, const char *word, char *out, size_t size)
{
	size_t n = strlen(word), len;

	if (strncasecmp(s, word, n) != 0)
		return false;
	s += n;
	s += strspn(s, " ");
	if (*s++ != '<')
		return false;
	len = strcspn(s, ">");
	if (s[len] != '>' || len >= size)
		return false;
	memcpy(out, s, len);
	out[len] = '\0';
	return true;
}

static int
do_helo(struct session *s, const char *rest)
{
	clear(s);
	snprintf(s->helo, sizeof(s->helo), "%s", rest);
	return say(s, "250 mail.example.com");
}

static int
do_ehlo(struct session *s, const char *rest)
{
	clear(s);
	snprintf(s->helo, sizeof(s->helo), "%s", rest);
	return say(s, "250-mail.example.com") == -1 ||
		say(s, "250-PIPELINING") == -1 ||
		say(s, "250-SIZE %d", MAIL_MAX) == -1 ||
		say(s, "250-8BITMIME") == -1 ||
		say(s, "250 ENHANCEDSTATUSCODES") == -1
	    ? -1
	    : 0;
}

static int
do_mail(struct session *s, const char *rest)
{
	clear(s);
	if (!path_of(rest, "FROM:", s->sender, sizeof(s->sender)))
		return say(s, "501 5.5.4 MAIL FROM:<address>");
	s->has_sender = true;
	return say(s, "250 2.1.0 ok");
}

static int
do_rcpt(struct session *s, const char *rest)
{
	const struct demo_box *b;
	char address[ADDRESS_MAX + 1];

	if (!s->has_sender)
		return say(s, "503 5.5.1 MAIL first");
	if (!path_of(rest, "TO:", address, sizeof(address)))
		return say(s, "501 5.5.4 RCPT TO:<address>");
	b = demo_box_of(address);
	if (b == NULL)
		return say(s, "550 5.1.1 no such mailbox in this demo");
	if (s->to_n == SMTPD_RECIPIENTS)
		return say(s, "452 4.5.3 too many recipients");
	s->to[s->to_n++] = b;
	return say(s, "250 2.1.5 ok, for %s", b->name);
}

static int
deliver(struct session *s)
{
	struct err e = { 0 };
	struct buf all;
	char when[DATE_SIZE];

	date_rfc5322(clock_now(), 0, when);
	for (size_t i = 0; i < s->to_n; i++) {
		int rc;

		buf_init(&all, LETTER_MAX);
		buf_printf(&all,
		    "Return-Path: <%s>\r\nDelivered-To: %s\r\n"
		    "Received: from %.100s ([127.0.0.1])\r\n"
		    "\tby mail.example.com with ESMTP; %s\r\n",
		    s->sender, s->to[i]->address, s->helo, when);
		buf_add(&all, s->text.data, s->text.len);
		rc = all.over
		    ? -1
		    : demo_deliver(s->d, s->to[i], all.data, all.len, &e);
		buf_done(&all);
		if (rc == -1)
			return -1;
	}
	return 0;
}

static int
do_data(struct session *s, const char *rest)
{
	int rc;

	(void)rest;
	if (s->to_n == 0)
		return say(s, "503 5.5.1 MAIL and RCPT first");
	if (say(s, "354 go on, end with a dot") == -1 || read_text(s) == -1)
		return -1;
	rc = s->text.over      ? say(s, "552 5.3.4 too large")
	    : deliver(s) == -1 ? say(s, "451 4.3.0 not stored")
			       : say(s, "250 2.0.0 delivered");
	clear(s);
	return rc;
}

static int
do_rset(struct session *s, const char *rest)
{
	(void)rest;
	clear(s);
	return say(s, "250 2.0.0 ok");
}

static int
do_noop(struct session *s, const char *rest)
{
	(void)rest;
	return say(s, "250 2.0.0 ok");
}

static int
do_quit(struct session *s, const char *rest)
{
	(void)rest;
	say(s, "221 2.0.0 bye");
	return -1;
}

static const struct {
	const char *verb;
	int (*act)(struct session *s, const char *rest);
} verbs[] = {
	{ "EHLO", do_ehlo },
	{ "HELO", do_helo },
	{ "MAIL", do_mail },
	{ "RCPT", do_rcpt },
	{ "DATA", do_data },
	{ "RSET", do_rset },
	{ "NOOP", do_noop },
	{ "QUIT", do_quit },
};

static int
command(struct session *s)
{
	size_t n = strcspn(s->line, " ");
	const char *rest = s->line + n + (s->line[n] == ' ');

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (n == 4 && strncasecmp(s->line, verbs[i].verb, 4) == 0)
			return verbs[i].act(s, rest);
	return say(s, "500 5.5.2 no such command");
}

static void
serve(struct demo *d, int fd)
{
	struct session s = { .d = d, .fd = fd };

	buf_init(&s.text, MAIL_MAX);
	if (say(&s, "220 mail.example.com ESMTP deskd demo") == 0)
		while (read_line(&s) == 0 && command(&s) == 0)
			;
	buf_done(&s.text);
	close(fd);
}

static void
accept_all(struct demo *d)
{
	signal(SIGCHLD, SIG_IGN); /* nobody waits for the sessions */
	for (;;) {
		int fd = accept(d->smtp_fd, NULL, NULL);
		pid_t pid;

		if (fd == -1) {
			poll(NULL, 0, errno == EINTR ? 0 : 100);
			continue;
		}
		pid = demo_fork(d, NULL, false);
		if (pid == 0) {
			close(d->smtp_fd);
			serve(d, fd);
			_exit(0);
		}
		close(fd);
	}
}

int
demo_smtpd_start(struct demo *d, struct err *e)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);

	d->smtp_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (d->smtp_fd == -1 ||
	    bind(d->smtp_fd, (struct sockaddr *)&a, sizeof(a)) == -1 ||
	    listen(d->smtp_fd, 20) == -1 ||
	    getsockname(d->smtp_fd, (struct sockaddr *)&a, &n) == -1)
		return err_set(e, ERR_RETRY, "a port for SMTP: %m");
	d->smtp_port = ntohs(a.sin_port);
	d->smtpd = demo_fork(d, "smtpd.log", true);
	if (d->smtpd == -1)
		return err_set(e, ERR_RETRY, "fork: %m");
	if (d->smtpd == 0)
		accept_all(d);
	return 0;
}
