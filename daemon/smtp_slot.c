/*
 * One connection to the relay: what libcurl is told of it, how it is made, seen
 * to be alive and closed.  Says nothing of letters.
 */
#include "daemon/smtp_slot.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/clock.h"
#include "daemon/tls.h"

/*
 * How long each stage may take (RFC 5321 4.5.3.2).  Too short a wait after the
 * dot makes duplicates.  The body starts anew with each piece the system takes.
 */
static const int stage_seconds[SMTP_STAGES] = {
	[SMTP_LINK] = 120,
	[SMTP_RESET] = 300,
	[SMTP_MAIL] = 300,
	[SMTP_RCPT] = 300,
	[SMTP_DATA] = 300,
	[SMTP_BODY] = 180,
	[SMTP_DOT] = 600,
};

#define GOODBYE_MS 1000

void
slot_deadline(struct slot *t, enum smtp_stage stage)
{
	int64_t ms = t->smtp->patience;

	if (ms == 0)
		ms = stage_seconds[stage] * INT64_C(1000);
	t->deadline = clock_steady() + ms;
}

/* The lines of greeting, EHLO and login. */
static size_t
on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct slot *t = ctx;

	if (size * n >= 8 && p[0] == '2' && strncasecmp(p + 4, "SIZE", 4) == 0)
		t->sizes = true;
	(void)smtp_trace_reply(&t->hello, p, size * n);
	return size * n;
}

/* The name that EHLO gives stands in the path. */
static CURLcode
set_url(CURL *c, const struct smtp_relay *r)
{
	const struct conf_server *v = &r->conf->relay;
	bool six = strchr(v->host, ':') != NULL; /* an IPv6 literal */
	char url[800];
	int n = snprintf(url, sizeof(url), "%s://%s%s%s:%d/%s",
	    v->tls == TLS_IMPLICIT ? "smtps" : "smtp", six ? "[" : "", v->host,
	    six ? "]" : "", v->port, r->helo);

	if (n < 0 || (size_t)n >= sizeof(url))
		return CURLE_URL_MALFORMAT;
	return curl_easy_setopt(c, CURLOPT_URL, url);
}

#define SET(opt, value) (rc != CURLE_OK ? rc : curl_easy_setopt(c, opt, value))

/* QUICK_EXIT: do not wait for a name server when we give up. */
static CURLcode
set_options(struct slot *t, CURL *c, const struct smtp_relay *r)
{
	const char *password = r->password == NULL ? "" : r->password;
	CURLcode rc = set_url(c, r);

	rc = SET(CURLOPT_CONNECT_ONLY, 1L);
	rc = SET(CURLOPT_QUICK_EXIT, 1L);
	rc = SET(CURLOPT_CONNECTTIMEOUT, (long)stage_seconds[SMTP_LINK]);
	rc = SET(CURLOPT_PRIVATE, t);
	rc = SET(CURLOPT_HEADERFUNCTION, on_header);
	rc = SET(CURLOPT_HEADERDATA, t);
	if (r->conf->user != NULL) {
		rc = SET(CURLOPT_USERNAME, r->conf->user);
		rc = SET(CURLOPT_PASSWORD, password);
		rc = SET(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
	}
	return rc;
}

int
slot_open(struct slot *t, struct smtp *s, struct err *e)
{
	t->smtp = s;
	t->easy = curl_easy_init();
	if (t->easy == NULL)
		return err_set(e, ERR_RETRY, "out of memory");
	if (tls_setup(t->easy, &s->relay.conf->relay, "smtps", t->error, e) ==
	    -1)
		return -1;
	if (set_options(t, t->easy, &s->relay) != CURLE_OK)
		return err_set(e, ERR_BUG, "libcurl: an option is refused");
	return 0;
}

/* The end of a connection, without a word. */
void
slot_cut(struct slot *t)
{
	if (t->link != LINK_NONE)
		curl_multi_remove_handle(t->smtp->multi, t->easy);
	t->link = LINK_NONE;
}

int
slot_link(struct slot *t, struct err *e)
{
	slot_cut(t);
	t->sizes = t->carried = t->reset = false;
	t->error[0] = '\0';
	smtp_trace_start(&t->hello, false);
	slot_deadline(t, SMTP_LINK);
	if (curl_multi_add_handle(t->smtp->multi, t->easy) != CURLM_OK)
		return err_set(e, ERR_RETRY, "out of memory");
	t->link = LINK_MAKING;
	return 0;
}

/* QUIT, and the answer if it comes soon (RFC 5321 4.1.1.10). */
void
slot_hang_up(struct slot *t)
{
	struct pollfd f = { .fd = t->fd, .events = POLLIN };
	size_t n;

	if (curl_easy_send(t->easy, "QUIT\r\n", 6, &n) == CURLE_OK)
		(void)poll(&f, 1, GOODBYE_MS);
	slot_cut(t);
}

/* A server that says something, or closes, while nobody asked, is no partner
 * for the next letter. */
bool
slot_alive(struct slot *t)
{
	char byte;
	size_t n;

	return curl_easy_recv(t->easy, &byte, 1, &n) == CURLE_AGAIN;
}
