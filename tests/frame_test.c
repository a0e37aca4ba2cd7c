/* A mail out of the box: the same, or refused. */
#include <stdlib.h>

#include "parser/frame.h"
#include "tests/test.h"

static const char raw[] =
    "From: \"Maria Gomez\" <maria@example.org>\r\n"
    "To: support@example.com, Jo <jo@example.com>\r\n"
    "Subject: =?utf-8?q?VPN_l=C3=A4uft_nicht?=\r\n"
    "Message-ID: <a.1@example.org>\r\n"
    "References: <x@example.org> <y@example.org>\r\n"
    "Date: Tue, 28 Jul 2026 09:14:06 +0200\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
    "--b\r\nContent-Type: image/png; name=a.png\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n";

static void
test_same(struct arena *a, const struct buf *b)
{
	struct err e = { 0 };
	struct mail m;
	struct buf again;

	test_ok(frame_unpack(a, b->data, b->len, &m, &e) == 0, "unpacks");
	test_text(m.from_addr, "maria@example.org", "its sender");
	test_text(m.subject, "VPN läuft nicht", "its subject");
	test_ok(m.references_n == 2 && m.to_n == 2 && m.parts_n == 3 &&
		strcmp(m.parts[2].name, "a.png") == 0 && m.date != 0,
	    "its lists");
	buf_init(&again, 0);
	frame_pack(&m, &again);
	test_ok(again.len == b->len && memcmp(again.data, b->data, b->len) == 0,
	    "packed again it is the same bytes");
	buf_done(&again);
}

/* Whatever byte is changed or lost, nothing breaks and nothing is believed. */
static void
test_hostile(struct arena *a, const struct buf *b)
{
	struct mail m;
	size_t cut = 0;
	int refused = 0;

	for (size_t i = 0; i < b->len; i++) {
		cut += frame_unpack(a, b->data, i, &m, NULL) == -1;
		arena_reset(a);
	}
	test_ok(cut == b->len, "cut anywhere, it is refused");
	for (size_t i = 0; i < b->len; i++)
		for (int bit = 0; bit < 8; bit++) {
			b->data[i] ^= (char)(1 << bit);
			if (frame_unpack(a, b->data, b->len, &m, NULL) == -1)
				refused++;
			else
				(void)mail_attachment(&m, -1);
			b->data[i] ^= (char)(1 << bit);
			arena_reset(a);
		}
	test_ok(refused > 1000, "%d of the changed ones are refused", refused);
}

/* What a report tells goes through whole. */
static void
test_bounce(struct arena *a)
{
	static const char report[] =
	    "From: MAILER-DAEMON@example.org\r\nContent-Type: "
	    "multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
	    "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
	    "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; "
	    "a@b.example\r\nAction: delayed\r\nStatus: 4.2.2\r\n--b--\r\n";
	struct mail m, got;
	struct buf b;

	mail_parse(a, report, sizeof(report) - 1, &m);
	buf_init(&b, 0);
	frame_pack(&m, &b);
	test_ok(frame_unpack(a, b.data, b.len, &got, NULL) == 0 &&
		got.bounce.action == BOUNCE_DELAYED &&
		got.bounce.reason == BOUNCE_MAILBOX_FULL &&
		strcmp(got.bounce.status, "4.2.2") == 0 &&
		got.bounce.recipients_n == 1,
	    "a bounce with its action and reason");
	buf_clear(&b);
	m.bounce.reason = BOUNCE_REASON_COUNT;
	frame_pack(&m, &b);
	test_ok(frame_unpack(a, b.data, b.len, &got, NULL) == -1,
	    "a reason that does not exist is refused");
	buf_clear(&b);
	m.bounce.reason = BOUNCE_UNKNOWN;
	m.bounce.action = BOUNCE_ACTION_COUNT;
	frame_pack(&m, &b);
	test_ok(
	    frame_unpack(a, b.data, b.len, &got, NULL) == -1, "nor an action");
	buf_done(&b);
}

int
main(void)
{
	struct arena a = { 0 }, work = { 0 };
	struct mail m;
	struct buf b;

	mail_parse(&a, raw, sizeof(raw) - 1, &m);
	buf_init(&b, 0);
	frame_pack(&m, &b);
	test_same(&a, &b);
	test_hostile(&work, &b);
	test_bounce(&a);
	buf_done(&b);
	arena_done(&work);
	arena_done(&a);
	return test_end();
}
