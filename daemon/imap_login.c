/*
 * Logging in.  Only here does a password go out, and only after link_open()
 * has verified whom we talk to.  Done by hand, not by curl or SASL: so the
 * server's words can be read, and they decide whether trying again makes sense.
 */
#include "daemon/imap_session.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/files.h"
#include "daemon/imap_text.h"
#include "daemon/log.h"

/* RFC 5530: answers that speak of the server, not of the password. */
static const char *const passing[] = { "[UNAVAILABLE]", "[INUSE]", "[LIMIT]",
	"[SERVERBUG]" };

static int
refused(struct imap *im, const char *answer, struct err *e)
{
	enum err_kind kind = ERR_REJECT;
	const char *code = strchr(answer, '[');

	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		if (code != NULL &&
		    strncasecmp(code, passing[i], strlen(passing[i])) == 0)
			kind = ERR_RETRY;
	return err_set(e, kind, "%s port %d: login as %s refused: %s",
	    im->mailbox->imap.host, im->mailbox->imap.port,
	    log_quote(im->mailbox->user), log_quote(answer));
}

/* Read up to the answer of the command, or to a "+" when that is wanted. */
static int
answer(struct imap *im, bool go_on, struct err *e)
{
	const char *line, *rest;

	while ((line = imap_line(im, e)) != NULL) {
		if (go_on && line[0] == '+')
			return 0;
		rest = imap_tagged(im, line);
		if (rest != NULL && !go_on && strncasecmp(rest, "OK", 2) == 0)
			return 0;
		if (rest != NULL || strncasecmp(line, "* BYE", 5) == 0) {
			im->broken = true;
			return refused(im, rest != NULL ? rest : line + 2, e);
		}
	}
	return -1;
}

/* AUTHENTICATE PLAIN (RFC 4616): any byte but NUL may be in user and password.
 */
static int
plain(struct imap *im, const char *password, struct err *e)
{
	size_t user_n = strlen(im->mailbox->user), n = strlen(password);
	struct buf secret, line;
	int rc;

	buf_init(&secret, 0);
	buf_init(&line, 0);
	/* Room first: growing would leave copies behind in the heap. */
	buf_printf(&secret, "%*s", (int)(user_n + n + 2), "");
	buf_printf(&line, "%*s", (int)(2 * (user_n + n + 2) + 4), "");
	buf_clear(&secret);
	buf_clear(&line);
	buf_char(&secret, '\0');
	buf_str(&secret, im->mailbox->user);
	buf_char(&secret, '\0');
	buf_str(&secret, password);
	imap_base64(&line, secret.data, secret.len);
	rc = imap_begin(im, "AUTHENTICATE PLAIN", e);
	if (rc == 0)
		rc = answer(im, true, e);
	if (rc == 0)
		rc = imap_send(im, line.data, e);
	explicit_bzero(secret.data, secret.cap);
	explicit_bzero(line.data, line.cap);
	buf_done(&secret);
	buf_done(&line);
	return rc == 0 ? answer(im, false, e) : -1;
}

/* LOGIN, for servers without AUTH=PLAIN. */
static int
login_words(struct imap *im, const char *password, struct err *e)
{
	size_t n = strlen(im->mailbox->user) + strlen(password);
	struct buf line;
	int rc;

	buf_init(&line, 0);
	buf_printf(&line, "%*s", (int)(2 * n + 16), "");
	buf_clear(&line);
	buf_str(&line, "LOGIN ");
	rc = imap_quoted(&line, im->mailbox->user, e);
	buf_char(&line, ' ');
	if (rc == 0)
		rc = imap_quoted(&line, password, e);
	if (rc == -1)
		err_wrap(e, "user or password");
	else
		rc = imap_begin(im, line.data, e);
	explicit_bzero(line.data, line.cap);
	buf_done(&line);
	return rc == 0 ? answer(im, false, e) : -1;
}

int
imap_login(struct imap *im, const char *password, struct err *e)
{
	mailstream *s = link_stream(im->link);
	int rc;

	if (imap_has(im, IMAP_PLAIN))
		rc = plain(im, password, e);
	else if (!imap_has(im, IMAP_NO_LOGIN))
		rc = login_words(im, password, e);
	else
		return err_set(e, ERR_REJECT,
		    "%s port %d: the server takes no passwords",
		    im->mailbox->imap.host, im->mailbox->imap.port);
	explicit_bzero(s->write_buffer, s->buffer_max_size);
	if (rc == -1)
		return -1;
	im->session->imap_state = MAILIMAP_STATE_AUTHENTICATED;
	return imap_capability(im, e);
}

int
imap_connect(struct imap **out, const struct conf_mailbox *m,
    const struct wake *w, int64_t timeout_ms, struct err *e)
{
	struct arena a = { 0 };
	char *password = NULL;
	int rc = imap_open(out, m, w, timeout_ms, e);

	if (rc == -1)
		return -1;
	/* Read anew each time: a rotated secret works without a restart. */
	rc = secret_read(&a, &m->password, &password, e);
	if (rc == -1)
		err_wrap(e, "password of mailbox %s", m->name);
	else
		rc = imap_login(*out, password, e);
	if (password != NULL)
		explicit_bzero(password, strlen(password));
	arena_done(&a);
	if (rc == -1) {
		imap_close(*out);
		*out = NULL;
	}
	return rc;
}

int64_t
imap_patience(void)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
	const char *s = getenv("DESKD_TIMEOUT_MS");
	long ms = s == NULL ? 0 : strtol(s, NULL, 10);

	return ms > 0 && ms < 3600000 ? ms : 60000;
}
