/*
 * Letters on their way to the relay.  A slot is one connection (smtp_slot.h)
 * and at most one letter; libcurl's multi handle links new ones while the
 * dialogues of others go on; one poll() watches all of them and our own nudges.
 */
#include "daemon/smtp.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/clock.h"
#include "daemon/smtp_slot.h"
#include "daemon/tls.h"
#include "parser/address.h"
#include "parser/compose.h"

int
smtp_open(struct smtp **out, const struct smtp_relay *r, struct err *e)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
	const char *patience = getenv("DESKD_TIMEOUT_MS");
	struct smtp *s = calloc(1, sizeof(*s));

	if (s == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != 0 ||
	    (s->multi = curl_multi_init()) == NULL) {
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

void
smtp_hang_up(struct smtp *s)
{
	for (int i = 0; i < SMTP_SLOTS; i++)
		if (s->slots[i].link == LINK_IDLE)
			slot_hang_up(&s->slots[i]);
}

void
smtp_close(struct smtp *s)
{
	if (s == NULL)
		return;
	smtp_stop(s, true);
	smtp_hang_up(s);
	for (int i = 0; i < SMTP_SLOTS; i++)
		curl_easy_cleanup(s->slots[i].easy);
	curl_multi_cleanup(s->multi);
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

static void
begin_talk(struct slot *t)
{
	talk_start(&t->talk, &t->letter, t->sizes, t->carried, t->reset);
	t->link = LINK_TALKING;
	t->events = POLLOUT;
	slot_deadline(t, t->talk.trace.stage);
}

static struct slot *
find_slot(struct smtp *s)
{
	struct slot *best = NULL;

	for (int i = 0; i < SMTP_SLOTS; i++) {
		struct slot *t = &s->slots[i];

		if (t->busy || t->ended)
			continue;
		if (t->link == LINK_IDLE && slot_alive(t))
			return t;
		slot_cut(t);
		if (best == NULL)
			best = t;
	}
	return best;
}

int
smtp_start(struct smtp *s, const struct smtp_letter *l, struct err *e)
{
	struct slot *t;

	if (check(l, e) == -1)
		return -1;
	t = find_slot(s);
	if (t == NULL)
		return err_set(e, ERR_RETRY, "all connections are taken");
	t->letter = *l;
	t->started = clock_steady();
	if (t->link == LINK_IDLE)
		begin_talk(t);
	else if (slot_link(t, e) == -1)
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

size_t
smtp_idle(const struct smtp *s)
{
	size_t n = 0;

	for (int i = 0; i < SMTP_SLOTS; i++)
		n += s->slots[i].link == LINK_IDLE;
	return n;
}

size_t
smtp_connected(const struct smtp *s)
{
	size_t n = smtp_idle(s);

	for (int i = 0; i < SMTP_SLOTS; i++)
		n += s->slots[i].link == LINK_TALKING;
	return n;
}

int64_t
smtp_oldest(const struct smtp *s)
{
	int64_t now = clock_steady(), oldest = now;

	for (int i = 0; i < SMTP_SLOTS; i++) {
		const struct slot *t = &s->slots[i];

		if (t->link == LINK_TALKING && t->started < oldest)
			oldest = t->started;
	}
	return now - oldest;
}

/* The words for a human: the server's, if it had any in this stage. */
static void
say(struct slot *t, const struct smtp_trace *trace, const char *why)
{
	char *out = t->result.reply;
	const char *stage = smtp_stage_names[trace->stage];

	if (trace->code > 0 && why == NULL)
		snprintf(out, REPLY_MAX + 1, "%s", trace->text);
	else if (trace->text_n > 0)
		snprintf(out, REPLY_MAX + 1, "%s: %s (the server said: %.300s)",
		    stage, why == NULL ? "no answer" : why, trace->text);
	else
		snprintf(out, REPLY_MAX + 1, "%s: %s", stage,
		    why == NULL ? "no answer" : why);
}

/* why is NULL when the server's words say it all. */
static void
settle(struct slot *t, const struct smtp_trace *trace, const char *why)
{
	struct err e;

	t->result = (struct smtp_result){
		.owner = t->letter.owner,
		.outcome = smtp_classify(trace),
		.stage = trace->stage,
		.code = trace->code,
		.ms = clock_steady() - t->started,
	};
	say(t, trace, why);
	if (t->link == LINK_TALKING && t->talk.over && t->talk.usable) {
		t->link = LINK_IDLE;
		t->carried = true;
		t->reset = trace->stage < SMTP_DOT;
	} else {
		slot_cut(t);
	}
	if (t->result.outcome == SMTP_STALE) {
		if (slot_link(t, &e) == 0)
			return;
		t->result.outcome = SMTP_ROUTE;
	}
	t->busy = false;
	t->ended = true;
}

/* libcurl ended its part. */
static void
linked(struct slot *t, CURLcode rc)
{
	struct err e = { 0 };

	if (rc == CURLE_OK &&
	    curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &t->fd) ==
		CURLE_OK &&
	    t->fd != CURL_SOCKET_BAD) {
		begin_talk(t);
		return;
	}
	if (t->hello.code >= 400) { /* in the server's own words */
		settle(t, &t->hello, NULL);
		return;
	}
	(void)tls_failed(
	    t->easy, rc, &t->smtp->relay.conf->relay, t->error, &e);
	settle(t, &t->hello, e.text);
}

static void
make_links(struct smtp *s)
{
	CURLMsg *msg;
	int left;

	curl_multi_perform(s->multi, &left);
	while ((msg = curl_multi_info_read(s->multi, &left)) != NULL) {
		struct slot *t;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t);
		if (t->link == LINK_MAKING)
			linked(t, msg->data.result);
	}
}

/* The dialogue. */

/* 1: something moved, 0: it would block, -1: the connection is gone. */
static int
talk_out(struct slot *t)
{
	enum smtp_stage before = t->talk.trace.stage;
	size_t n, sent = 0;
	const char *p = talk_output(&t->talk, &n);
	CURLcode rc;

	if (t->talk.trace.stage != before)
		slot_deadline(t, t->talk.trace.stage);
	if (n == 0)
		return 0;
	rc = curl_easy_send(t->easy, p, n, &sent);
	if (rc == CURLE_AGAIN) {
		t->events = POLLIN | POLLOUT;
		return 0;
	}
	if (rc != CURLE_OK)
		return -1;
	talk_sent(&t->talk, sent);
	slot_deadline(t, t->talk.trace.stage);
	return 1;
}

static int
talk_in(struct slot *t)
{
	enum smtp_stage before = t->talk.trace.stage;
	char piece[4096];
	size_t n = 0;
	CURLcode rc = curl_easy_recv(t->easy, piece, sizeof(piece), &n);

	if (rc == CURLE_AGAIN)
		return 0;
	if (rc != CURLE_OK || n == 0)
		return -1;
	talk_input(&t->talk, piece, n);
	if (t->talk.trace.stage != before)
		slot_deadline(t, t->talk.trace.stage);
	return 1;
}

/* Until the outcome is known or both directions would block. */
static void
go_on(struct slot *t)
{
	struct smtp_relay *r = &t->smtp->relay;
	int moved = 1;

	while (moved == 1 && !t->talk.over) {
		if (t->talk.asks)
			talk_body(
			    &t->talk, r->body(r->ctx, t->letter.owner) == 0);
		t->events = POLLIN;
		moved = talk_out(t);
		if (moved == 0 && !t->talk.over)
			moved = talk_in(t);
	}
	if (t->talk.over)
		settle(t, &t->talk.trace, t->talk.why);
	else if (moved == -1)
		settle(t, &t->talk.trace, "the connection was closed");
}

static void
expire(struct slot *t)
{
	if (!t->busy || clock_steady() < t->deadline)
		return;
	settle(t, t->link == LINK_MAKING ? &t->hello : &t->talk.trace,
	    "no answer in time");
}

static void
perform(struct smtp *s)
{
	make_links(s);
	for (int i = 0; i < SMTP_SLOTS; i++) {
		struct slot *t = &s->slots[i];

		if (t->link == LINK_TALKING)
			go_on(t);
		expire(t);
	}
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

static unsigned
watch(const struct smtp *s, const struct wake *w, struct curl_waitfd *f)
{
	unsigned n = 0;

	if (w != NULL) {
		f[n++] = (struct curl_waitfd){ .fd = wake_stop_fd(w),
			.events = CURL_WAIT_POLLIN };
		f[n++] = (struct curl_waitfd){ .fd = wake_fd(w),
			.events = CURL_WAIT_POLLIN };
	}
	for (int i = 0; i < SMTP_SLOTS; i++) {
		const struct slot *t = &s->slots[i];
		short events = 0;

		if (t->link != LINK_TALKING)
			continue;
		events |= (t->events & POLLIN) != 0 ? CURL_WAIT_POLLIN : 0;
		events |= (t->events & POLLOUT) != 0 ? CURL_WAIT_POLLOUT : 0;
		f[n++] = (struct curl_waitfd){ .fd = t->fd, .events = events };
	}
	return n;
}

void
smtp_wait(struct smtp *s, const struct wake *w, int64_t ms)
{
	int64_t end = ms < 0 ? -1 : clock_steady() + ms;

	while (smtp_busy(s) > 0) {
		struct curl_waitfd f[2 + SMTP_SLOTS];
		unsigned n;

		perform(s);
		if (any_ended(s) || (end >= 0 && clock_steady() >= end))
			return;
		n = watch(s, w, f);
		if (curl_multi_poll(s->multi, f, n, pause_ms(s, end), NULL) !=
		    CURLM_OK)
			return;
		if (w != NULL && (f[0].revents != 0 || f[1].revents != 0))
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
smtp_stop(struct smtp *s, bool all)
{
	for (int i = 0; i < SMTP_SLOTS; i++) {
		struct slot *t = &s->slots[i];
		struct smtp_trace *trace = t->link == LINK_MAKING
		    ? &t->hello
		    : &t->talk.trace;

		if (!t->busy || (!all && trace->stage >= SMTP_BODY))
			continue;
		trace->back = true;
		settle(t, trace, "deskd was told to stop");
	}
}
