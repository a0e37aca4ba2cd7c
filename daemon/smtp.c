/*
 * SMTP over libcurl's multi interface: the multi handle owns the connections,
 * a slot carries one letter, one poll() watches all of them and our own
 * nudges.  See the header for the promises.
 */
#include "daemon/smtp.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "daemon/clock.h"
#include "parser/address.h"
#include "parser/compose.h"

struct slot {
	struct smtp *smtp;
	CURL *easy;
	struct curl_slist *to;
	struct smtp_letter letter;
	size_t handed; /* bytes given to libcurl */
	struct smtp_trace trace;
	int64_t started, deadline; /* steady milliseconds */
	bool busy, ended, fresh;
	char error[CURL_ERROR_SIZE];
	struct smtp_result result;
};

struct smtp {
	struct smtp_relay relay;
	CURLM *multi; /* NULL: no connection */
	bool warm;
	int64_t patience; /* ms for every stage; 0: the table */
	struct slot slots[SMTP_SLOTS];
};

/*
 * How long each stage may take (RFC 5321 4.5.3.2).  Too short a wait after the
 * dot makes duplicates.  The body starts anew with each piece taken by curl.
 */
static const int stage_seconds[SMTP_STAGES] = {
	[SMTP_CONNECT] = 60, /* name, TCP, TLS, greeting */
	[SMTP_GREETED] = 300,
	[SMTP_EHLO] = 300,
	[SMTP_STARTTLS] = 300,
	[SMTP_AUTH] = 300,
	[SMTP_MAIL] = 300,
	[SMTP_RCPT] = 300,
	[SMTP_DATA] = 300,
	[SMTP_BODY] = 180,
	[SMTP_DOT] = 600,
};

#define GOODBYE_SECONDS 2L

static void
set_deadline(struct slot *t)
{
	int64_t ms = t->smtp->patience;

	if (ms == 0)
		ms = stage_seconds[t->trace.stage] * INT64_C(1000);
	t->deadline = clock_steady() + ms;
}

/* What libcurl tells while it works. */

static int
on_wire(CURL *easy, curl_infotype kind, char *p, size_t n, void *ctx)
{
	struct slot *t = ctx;
	enum smtp_stage before = t->trace.stage;

	(void)easy;
	if (kind == CURLINFO_HEADER_OUT)
		smtp_trace_command(&t->trace, p, n);
	else if (kind == CURLINFO_HEADER_IN)
		smtp_trace_reply(&t->trace, p, n);
	if (t->trace.stage != before)
		set_deadline(t);
	return 0;
}

/* The server's words come through on_wire(); libcurl would print them. */
static size_t
on_header(char *p, size_t size, size_t n, void *ctx)
{
	(void)p;
	(void)ctx;
	return size * n;
}

/* The first call is the last moment at which nothing has left (O3). */
static size_t
on_read(char *p, size_t size, size_t n, void *ctx)
{
	struct slot *t = ctx;
	struct smtp_relay *r = &t->smtp->relay;
	size_t want = size * n, left = t->letter.size - t->handed;

	if (t->trace.stage != SMTP_BODY && t->trace.stage != SMTP_DOT) {
		if (r->body(r->ctx, t->letter.owner) == -1) {
			t->trace.back = true;
			return CURL_READFUNC_ABORT;
		}
		smtp_trace_body(&t->trace);
	}
	if (want > left)
		want = left;
	if (want == 0)
		return 0;
	memcpy(p, t->letter.data + t->handed, want);
	t->handed += want;
	if (t->handed == t->letter.size)
		smtp_trace_last_byte(&t->trace);
	set_deadline(t);
	return want;
}

/* Options that are the same for every letter. */

static void
set_server(CURL *c, const struct smtp_relay *r, struct arena *a)
{
	const struct conf_server *v = &r->conf->relay;
	const char *scheme = v->tls == TLS_IMPLICIT ? "smtps" : "smtp";
	bool six = strchr(v->host, ':') != NULL; /* an IPv6 literal */

	curl_easy_setopt(c, CURLOPT_URL,
	    arena_printf(a, "%s://%s%s%s:%d/%s", scheme, six ? "[" : "",
		v->host, six ? "]" : "", v->port, r->helo));
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, scheme);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	/* CURLUSESSL_TRY would go on in clear when STARTTLS is stripped. */
	curl_easy_setopt(c, CURLOPT_USE_SSL,
	    v->tls == TLS_PLAIN ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	if (v->ca_file != NULL) {
		curl_easy_setopt(c, CURLOPT_CAINFO, v->ca_file);
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
	if (r->conf->user != NULL) {
		curl_easy_setopt(c, CURLOPT_USERNAME, r->conf->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD,
		    r->password == NULL ? "" : r->password);
		curl_easy_setopt(
		    c, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
	}
}

static void
set_callbacks(CURL *c, struct slot *t)
{
	curl_easy_setopt(c, CURLOPT_PRIVATE, t);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, on_wire);
	curl_easy_setopt(c, CURLOPT_DEBUGDATA, t);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(c, CURLOPT_READDATA, t);
}

/* Our own deadlines are tighter than these; they only must not be in the way.
 * QUICK_EXIT: do not wait for a name server when we give up. */
static void
set_limits(CURL *c)
{
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 2000L);
	curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, 700L);
}

static int
slot_open(struct slot *t, struct smtp *s, struct err *e)
{
	struct arena a = { 0 };

	t->smtp = s;
	t->easy = curl_easy_init();
	if (t->easy == NULL)
		return err_set(e, ERR_RETRY, "out of memory");
	set_server(t->easy, &s->relay, &a);
	set_callbacks(t->easy, t);
	set_limits(t->easy);
	arena_done(&a);
	return 0;
}

int
smtp_open(struct smtp **out, const struct smtp_relay *r, struct err *e)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
	const char *patience = getenv("DESKD_TIMEOUT_MS");
	struct smtp *s = calloc(1, sizeof(*s));

	if (s == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
		free(s);
		return err_set(e, ERR_RETRY, "out of memory");
	}
	s->relay = *r;
	s->patience = patience == NULL ? 0 : strtoll(patience, NULL, 10);
	for (int i = 0; i < SMTP_SLOTS; i++)
		if (slot_open(&s->slots[i], s, e) == -1) {
			smtp_close(s);
			return -1;
		}
	*out = s;
	return 0;
}

/*
 * Closing kept connections says QUIT and waits for the answer as long as the
 * handle added last allows (libcurl 7.88 takes the time from there, measured),
 * so one is added and taken off again with a short time.
 */
void
smtp_hang_up(struct smtp *s)
{
	CURL *c = s->slots[0].easy;

	if (s->multi == NULL || smtp_busy(s) > 0)
		return;
	curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, GOODBYE_SECONDS);
	if (curl_multi_add_handle(s->multi, c) == CURLM_OK)
		curl_multi_remove_handle(s->multi, c);
	curl_multi_cleanup(s->multi);
	set_limits(c);
	s->multi = NULL;
	s->warm = false;
}

void
smtp_close(struct smtp *s)
{
	if (s == NULL)
		return;
	smtp_stop(s);
	for (int i = 0; i < SMTP_SLOTS; i++)
		s->slots[i].ended = false;
	smtp_hang_up(s);
	for (int i = 0; i < SMTP_SLOTS; i++) {
		curl_slist_free_all(s->slots[i].to);
		curl_easy_cleanup(s->slots[i].easy);
	}
	curl_global_cleanup();
	free(s);
}

/* One letter on its way. */

static int
check(const struct smtp_letter *l, struct err *e)
{
	if (!address_valid(l->recipient))
		return err_set(e, ERR_REJECT, "the recipient is not valid");
	if (l->sender[0] != '\0' && !address_valid(l->sender))
		return err_set(e, ERR_REJECT, "the sender is not valid");
	return compose_check(l->data, l->size, e);
}

static int
launch(struct slot *t, struct err *e)
{
	struct smtp *s = t->smtp;

	t->handed = 0;
	t->error[0] = '\0';
	smtp_trace_start(&t->trace, !t->fresh && s->warm);
	set_deadline(t);
	curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, t->fresh ? 1L : 0L);
	if (s->multi == NULL)
		s->multi = curl_multi_init();
	if (s->multi == NULL ||
	    curl_multi_add_handle(s->multi, t->easy) != CURLM_OK)
		return err_set(e, ERR_RETRY, "out of memory");
	return 0;
}

int
smtp_start(struct smtp *s, const struct smtp_letter *l, struct err *e)
{
	struct slot *t = s->slots;
	struct curl_slist *to;

	if (check(l, e) == -1)
		return -1;
	while (t < s->slots + SMTP_SLOTS && (t->busy || t->ended))
		t++;
	if (t == s->slots + SMTP_SLOTS)
		return err_set(e, ERR_RETRY, "all connections are taken");
	to = curl_slist_append(NULL, l->recipient);
	if (to == NULL)
		return err_set(e, ERR_RETRY, "out of memory");
	curl_slist_free_all(t->to);
	t->to = to;
	t->letter = *l;
	t->fresh = false;
	t->started = clock_steady();
	curl_easy_setopt(t->easy, CURLOPT_MAIL_FROM, l->sender);
	curl_easy_setopt(t->easy, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(
	    t->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)l->size);
	if (launch(t, e) == -1)
		return -1;
	t->busy = true;
	return 0;
}

size_t
smtp_busy(const struct smtp *s)
{
	size_t n = 0;

	for (int i = 0; i < SMTP_SLOTS; i++)
		n += s->slots[i].busy || s->slots[i].ended;
	return n;
}

bool
smtp_warm(const struct smtp *s)
{
	return s->warm;
}

bool
smtp_connected(const struct smtp *s)
{
	return s->multi != NULL;
}

int64_t
smtp_oldest(const struct smtp *s)
{
	int64_t now = clock_steady(), oldest = now;

	for (int i = 0; i < SMTP_SLOTS; i++) {
		const struct slot *t = &s->slots[i];

		if (t->busy && t->trace.stage >= SMTP_MAIL &&
		    t->started < oldest)
			oldest = t->started;
	}
	return now - oldest;
}

/* The words for a human: the server's, if it had any in this stage. */
static void
say(struct slot *t, const char *why)
{
	char *out = t->result.reply;
	const char *stage = smtp_stage_names[t->trace.stage];

	if (t->trace.code > 0)
		snprintf(out, REPLY_MAX + 1, "%s", t->trace.text);
	else if (t->trace.text_n > 0)
		snprintf(out, REPLY_MAX + 1, "%s: %s (the server said: %.300s)",
		    stage, why, t->trace.text);
	else
		snprintf(out, REPLY_MAX + 1, "%s: %s", stage, why);
}

static void
settle(struct slot *t, const char *why)
{
	long connects = 0;
	struct err e;

	curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &connects);
	if (t->trace.stage == SMTP_CONNECT && connects > 0)
		t->trace.reused = false;
	t->result = (struct smtp_result){
		.owner = t->letter.owner,
		.outcome = smtp_classify(&t->trace),
		.stage = t->trace.stage,
		.ms = clock_steady() - t->started,
	};
	say(t, why);
	if (t->result.outcome == SMTP_STALE) {
		t->fresh = true;
		if (launch(t, &e) == 0)
			return;
		t->result.outcome = SMTP_ROUTE;
	}
	t->busy = false;
	t->ended = true;
}

/* Taking a transfer off before its end closes its connection without QUIT. */
static void
take_off(struct slot *t, const char *why)
{
	curl_multi_remove_handle(t->smtp->multi, t->easy);
	settle(t, why);
}

static void
reap(struct smtp *s)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(s->multi, &left)) != NULL) {
		CURLcode rc = msg->data.result;
		struct slot *t;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t);
		s->warm = rc == CURLE_OK;
		take_off(
		    t, t->error[0] != '\0' ? t->error : curl_easy_strerror(rc));
	}
}

static void
expire(struct smtp *s)
{
	int64_t now = clock_steady();

	for (int i = 0; i < SMTP_SLOTS; i++)
		if (s->slots[i].busy && now >= s->slots[i].deadline)
			take_off(&s->slots[i], "no answer in time");
}

static bool
any_ended(const struct smtp *s)
{
	for (int i = 0; i < SMTP_SLOTS; i++)
		if (s->slots[i].ended)
			return true;
	return false;
}

/* Milliseconds until the first deadline or `end`, whichever comes first. */
static int
pause_ms(const struct smtp *s, int64_t end)
{
	int64_t now = clock_steady(), first = now + 3600000;

	if (end >= 0 && end < first)
		first = end;
	for (int i = 0; i < SMTP_SLOTS; i++)
		if (s->slots[i].busy && s->slots[i].deadline < first)
			first = s->slots[i].deadline;
	return first <= now ? 0 : (int)(first - now);
}

void
smtp_wait(struct smtp *s, const struct wake *w, int64_t ms)
{
	struct curl_waitfd also[] = {
		{ .fd = w == NULL ? -1 : wake_stop_fd(w),
		    .events = CURL_WAIT_POLLIN },
		{ .fd = w == NULL ? -1 : wake_fd(w),
		    .events = CURL_WAIT_POLLIN },
	};
	int64_t end = ms < 0 ? -1 : clock_steady() + ms;
	unsigned also_n = w == NULL ? 0 : 2;
	int running;

	while (s->multi != NULL && smtp_busy(s) > 0) {
		curl_multi_perform(s->multi, &running);
		reap(s);
		expire(s);
		if (any_ended(s) || also[0].revents != 0 ||
		    also[1].revents != 0 || (end >= 0 && clock_steady() >= end))
			return;
		if (curl_multi_poll(s->multi, also, also_n, pause_ms(s, end),
			NULL) != CURLM_OK)
			return;
	}
}

bool
smtp_result(struct smtp *s, struct smtp_result *out)
{
	for (int i = 0; i < SMTP_SLOTS; i++) {
		struct slot *t = &s->slots[i];

		if (!t->ended)
			continue;
		*out = t->result;
		t->ended = false;
		return true;
	}
	return false;
}

void
smtp_stop(struct smtp *s)
{
	for (int i = 0; i < SMTP_SLOTS; i++) {
		struct slot *t = &s->slots[i];

		if (!t->busy)
			continue;
		t->trace.stopping = true;
		take_off(t, "deskd was told to stop");
	}
}
