/*
 * Bytes between libcurl and libetpan.  libetpan's own network code is never
 * entered: it verifies no certificate, counts time-outs per read and dies of
 * descriptors above 1023.  Promises to return -1 at the end of data, because
 * libetpan 1.9.4 reads a literal for ever when it gets 0 (RELIABILITY M2).
 */
#include "daemon/link.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/scan.h"
#include "daemon/tls.h"

#define STREAM_BUFFER 16384 /* a TLS record */

struct link {
	const struct conf_server *server;
	const struct wake *wake;
	CURL *curl;
	curl_socket_t fd; /* only to poll it */
	mailstream *stream;
	struct scan scan;
	int64_t deadline; /* clock_steady() */
	char peek[4096];  /* what link_wait() has read */
	size_t peek_at, peek_n;
	bool failed, stopped, preauth;
	struct err why;
	char said[200]; /* the server's last line while connecting */
	char text[CURL_ERROR_SIZE]; /* libcurl's words */
};

__attribute__((format(printf, 2, 3))) static int
fail(struct link *l, const char *fmt, ...)
{
	va_list ap;

	if (!l->failed) {
		va_start(ap, fmt);
		vsnprintf(l->why.text, sizeof(l->why.text), fmt, ap);
		va_end(ap);
	}
	l->failed = true;
	return -1;
}

static int
poll_time(int64_t ms)
{
	return ms < 0 ? 0 : ms > INT_MAX ? INT_MAX : (int)ms;
}

/* poll() leaves out a descriptor of -1. */
static int
stop_fd(const struct link *l)
{
	return l->wake == NULL ? -1 : wake_stop_fd(l->wake);
}

/* Wait until the socket is ready or the time of the command is over. */
static int
wait_socket(struct link *l, short events)
{
	for (;;) {
		struct pollfd f[] = {
			{ .fd = l->fd, .events = events },
			{ .fd = stop_fd(l), .events = POLLIN },
		};
		int n = poll(f, 2, poll_time(l->deadline - clock_steady()));

		if (n == -1 && errno != EINTR)
			return fail(l, "poll: %m");
		if (n > 0 && f[1].revents != 0) {
			l->stopped = true;
			return fail(l, "asked to stop");
		}
		if (n > 0)
			return 0;
		if (clock_steady() >= l->deadline)
			return fail(l, "the server did not answer in time");
	}
}

/* curl first, poll only when it has nothing: TLS may hold bytes back. */
static ssize_t
receive(struct link *l, void *p, size_t n)
{
	struct err e = { 0 };

	for (;;) {
		size_t got = 0;
		CURLcode rc = curl_easy_recv(l->curl, p, n, &got);

		if (rc == CURLE_AGAIN) {
			if (wait_socket(l, POLLIN) == -1)
				return -1;
			continue;
		}
		if (rc != CURLE_OK)
			return fail(
			    l, "connection lost: %s", curl_easy_strerror(rc));
		if (got == 0)
			return fail(l, "the server closed the connection");
		if (scan_bytes(&l->scan, p, got, &e) == -1)
			return fail(l, "%s", e.text);
		/* A drip of bytes must not outlive the deadline (M3). */
		if (clock_steady() >= l->deadline)
			return fail(l, "the server did not answer in time");
		return (ssize_t)got;
	}
}

static ssize_t
link_read(mailstream_low *s, void *p, size_t n)
{
	struct link *l = s->data;
	size_t have = l->peek_n - l->peek_at;

	if (l->failed)
		return -1;
	if (have == 0)
		return receive(l, p, n);
	if (have > n)
		have = n;
	memcpy(p, l->peek + l->peek_at, have);
	l->peek_at += have;
	return (ssize_t)have;
}

static ssize_t
link_write(mailstream_low *s, const void *p, size_t n)
{
	struct link *l = s->data;

	while (!l->failed) {
		size_t done = 0;
		CURLcode rc = curl_easy_send(l->curl, p, n, &done);

		if (rc == CURLE_OK && done > 0)
			return (ssize_t)done;
		if (rc != CURLE_OK && rc != CURLE_AGAIN)
			return fail(
			    l, "connection lost: %s", curl_easy_strerror(rc));
		if (wait_socket(l, POLLOUT) == -1)
			return -1;
	}
	return -1;
}

static int
link_close_low(mailstream_low *s)
{
	(void)s;
	return 0; /* link_close() does it */
}

static int
link_fd(mailstream_low *s)
{
	struct link *l = s->data;

	return l->fd;
}

static void
link_free_low(mailstream_low *s)
{
	free(s); /* libetpan allocated it */
}

static mailstream_low_driver driver = {
	.mailstream_read = link_read,
	.mailstream_write = link_write,
	.mailstream_close = link_close_low,
	.mailstream_get_fd = link_fd,
	.mailstream_free = link_free_low,
};

/* Lines of the server while curl connects: the last one explains a refusal. */
static size_t
keep_line(char *p, size_t size, size_t n, void *ctx)
{
	struct link *l = ctx;

	snprintf(l->said, sizeof(l->said), "%.*s",
	    (int)(size * n < 150 ? size * n : 150), p);
	l->said[strcspn(l->said, "\r\n")] = '\0';
	if (strncasecmp(l->said, "* PREAUTH", 9) == 0)
		l->preauth = true;
	return size * n;
}

/* curl asks about once a second: a stop request ends the connecting too. */
static int
go_on(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct link *l = ctx;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	l->stopped = l->wake != NULL && wake_stopping(l->wake);
	return l->stopped;
}

static int
set_options(struct link *l, int64_t timeout_ms, struct err *e)
{
	long ms = (long)timeout_ms;

	if (tls_setup(l->curl, l->server, "imaps", l->text, e) == -1)
		return -1;
	curl_easy_setopt(l->curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(l->curl, CURLOPT_CONNECTTIMEOUT_MS, ms);
	curl_easy_setopt(l->curl, CURLOPT_HEADERFUNCTION, keep_line);
	curl_easy_setopt(l->curl, CURLOPT_HEADERDATA, l);
	curl_easy_setopt(l->curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(l->curl, CURLOPT_XFERINFOFUNCTION, go_on);
	curl_easy_setopt(l->curl, CURLOPT_XFERINFODATA, l);
	return 0;
}

/* A PREAUTH session belongs to whom the server likes, not to our user. */
static int
check_greeting(const struct link *l, struct err *e)
{
	if (!l->preauth)
		return 0;
	return err_set(e, ERR_RETRY,
	    "%s port %d: the server logs us in without asking who we are",
	    l->server->host, l->server->port);
}

static int
connect_server(struct link *l, int64_t timeout_ms, struct err *e)
{
	CURLcode rc;

	l->curl = curl_easy_init();
	if (l->curl == NULL)
		return err_set(e, ERR_RETRY, "libcurl: out of memory");
	if (set_options(l, timeout_ms, e) == -1)
		return -1;
	rc = curl_easy_perform(l->curl);
	if (rc == CURLE_WEIRD_SERVER_REPLY && l->said[0] != '\0')
		return err_set(e, ERR_RETRY, "%s port %d: the server says %s",
		    l->server->host, l->server->port, log_quote(l->said));
	if (rc != CURLE_OK)
		return tls_failed(l->curl, rc, l->server, l->text, e);
	rc = curl_easy_getinfo(l->curl, CURLINFO_ACTIVESOCKET, &l->fd);
	if (rc != CURLE_OK || l->fd == CURL_SOCKET_BAD)
		return err_set(e, ERR_RETRY,
		    "%s port %d: the connection is gone", l->server->host,
		    l->server->port);
	return check_greeting(l, e);
}

static int
open_stream(struct link *l, struct err *e)
{
	mailstream_low *low = mailstream_low_new(l, &driver);

	if (low != NULL)
		l->stream = mailstream_new(low, STREAM_BUFFER);
	if (l->stream == NULL) {
		free(low);
		return err_set(e, ERR_RETRY, "out of memory");
	}
	return 0;
}

int
link_open(struct link **out, const struct conf_server *s, const struct wake *w,
    int64_t timeout_ms, struct err *e)
{
	struct link *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return err_set(e, ERR_RETRY, "out of memory");
	l->server = s;
	l->wake = w;
	if (connect_server(l, timeout_ms, e) == -1 || open_stream(l, e) == -1) {
		link_close(l);
		return -1;
	}
	*out = l;
	return 0;
}

void
link_close(struct link *l)
{
	if (l == NULL)
		return;
	if (l->stream != NULL)
		mailstream_close(l->stream);
	curl_easy_cleanup(l->curl); /* never blocks: FACTS 2 */
	free(l);
}

mailstream *
link_stream(struct link *l)
{
	return l->stream;
}

void
link_allow(
    struct link *l, uint64_t lines, uint64_t literals, int64_t timeout_ms)
{
	scan_allow(&l->scan, lines, literals);
	link_time(l, timeout_ms);
}

void
link_time(struct link *l, int64_t timeout_ms)
{
	l->deadline = clock_steady() + timeout_ms;
}

/* What curl or TLS hold already. */
static enum link_event
peek(struct link *l)
{
	struct err e = { 0 };
	size_t got = 0;
	CURLcode rc = curl_easy_recv(l->curl, l->peek, sizeof(l->peek), &got);

	if (rc == CURLE_AGAIN)
		return LINK_TIME;
	if (rc != CURLE_OK)
		fail(l, "connection lost: %s", curl_easy_strerror(rc));
	else if (got == 0)
		fail(l, "the server closed the connection");
	else if (scan_bytes(&l->scan, l->peek, got, &e) == -1)
		fail(l, "%s", e.text);
	l->peek_at = 0;
	l->peek_n = l->failed ? 0 : got;
	return l->failed ? LINK_GONE : LINK_READY;
}

/* Wait for socket, nudge, stop or the end of the time. */
static enum link_event
poll_all(struct link *l, int64_t ms)
{
	struct pollfd f[] = {
		{ .fd = l->fd, .events = POLLIN },
		{ .fd = stop_fd(l), .events = POLLIN },
		{ .fd = l->wake == NULL ? -1 : wake_fd(l->wake),
		    .events = POLLIN },
	};
	int n = poll(f, 3, poll_time(ms));

	if (n == -1 && errno != EINTR) {
		fail(l, "poll: %m");
		return LINK_GONE;
	}
	if (n <= 0)
		return LINK_TIME;
	if (f[1].revents != 0) {
		l->stopped = true;
		return LINK_STOP;
	}
	return f[0].revents != 0 ? LINK_READY : LINK_NUDGE;
}

enum link_event
link_wait(struct link *l, int64_t ms)
{
	int64_t end = clock_steady() + ms;

	if (l->failed)
		return LINK_GONE;
	if (l->stream->read_buffer_len > 0 || l->peek_at < l->peek_n)
		return LINK_READY;
	for (;;) {
		int64_t left = end - clock_steady();
		enum link_event ev = peek(l);

		if (ev != LINK_TIME)
			return ev;
		if (left <= 0)
			return LINK_TIME;
		ev = poll_all(l, left);
		if (ev != LINK_READY && ev != LINK_TIME)
			return ev;
	}
}

const char *
link_why(const struct link *l)
{
	return l->why.text;
}

bool
link_stopped(const struct link *l)
{
	return l->stopped;
}
