/* parser/bounce.c: what became of a mail, from reports of every shape. */
#include <stdbool.h>

#include "parser/mail.h"
#include "tests/test.h"

static struct arena a;

static struct mail
parse(const char *fields, const char *body)
{
	char *raw = arena_printf(
	    &a, "From: ann@example.com\n%s\n\n%s", fields, body);
	struct mail m;

	mail_parse(&a, raw, strlen(raw), &m);
	return m;
}

#define REPORT                                                          \
	"Content-Type: multipart/report; report-type=delivery-status; " \
	"boundary=b"

static void
status(const char *text, const char *want, bool hard, const char *to)
{
	char *body = arena_printf(&a,
	    "--b\n\nsorry\n--b\nContent-Type: message/delivery-status\n\n"
	    "Reporting-MTA: dns; mx.example.com\n\n%s\n--b\nContent-Type: "
	    "message/rfc822\n\nMessage-ID: <x@example.com>\n\nhi\n--b--\n",
	    text);
	struct mail m = parse(REPORT, body);
	const struct bounce *b = &m.bounce;

	test_ok(m.class == CLASS_DSN && b->hard == hard &&
		strcmp(b->status == NULL ? "" : b->status, want) == 0 &&
		b->recipients_n == (to == NULL ? 0 : 1) &&
		(to == NULL || strcmp(b->recipients[0], to) == 0) &&
		b->message_id != NULL &&
		strcmp(b->message_id, "x@example.com") == 0,
	    "%s %s %s", b->status == NULL ? "-" : b->status,
	    b->hard ? "hard" : "soft", to == NULL ? "-" : to);
}

static void
reports(void)
{
	status("Final-Recipient: rfc822; a@b.example\nAction: failed\n"
	       "Status: 5.1.1\n",
	    "5.1.1", true, "a@b.example");
	status("Final-Recipient: rfc822;<a@b.example>\nAction: failed\n"
	       "Status: 5.2.2 (mailbox full)\n",
	    "5.2.2", false, "a@b.example");
	status("Original-Recipient: rfc822; a@b.example\nAction: delayed\n"
	       "Status: 4.4.1\n",
	    "4.4.1", false, "a@b.example");
	/* the server's own words say more */
	status("Final-Recipient: rfc822; a@b.example\nAction: failed\n"
	       "Status: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n",
	    "5.1.1", true, "a@b.example");
	status("Final-Recipient: rfc822; a@b.example\nAction: failed\n"
	       "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.7.1 blocked\n",
	    "5.7.1", false, "a@b.example");
	status("Final-Recipient: rfc822; a@b.example\nAction: failed\n"
	       "Status: 5.0.0\nDiagnostic-Code: smtp; 550 No such user\n",
	    "5.0.0", true, "a@b.example");
	/* a sender that is refused is no dead recipient */
	status("Final-Recipient: rfc822; a@b.example\nAction: failed\n"
	       "Status: 5.1.8\n",
	    "5.1.8", false, "a@b.example");
	/* one that was delivered is not the one that failed */
	status("Final-Recipient: rfc822; ok@b.example\nAction: delivered\n"
	       "Status: 2.0.0\n\nFinal-Recipient: rfc822; a@b.example\n"
	       "Action: failed\nStatus: 5.1.2\n",
	    "5.1.2", true, "a@b.example");
	status("Final-Recipient: rfc822; not an address\nAction: failed\n"
	       "Status: nonsense\n",
	    "", false, NULL);
}

static void
words(void)
{
	struct mail m;

	m = parse("From: MAILER-DAEMON@mx.example.com\nReturn-Path: <>\n"
		  "Subject: failure notice",
	    "Hi. This is the qmail-send program.\n\n<a@b.example>:\n"
	    "Remote host said: 550 5.1.1 sorry, no mailbox here\n\n"
	    "--- Below this line is a copy of the message.\n\n"
	    "Message-ID: <y@example.com>\n");
	/* the first From of parse() is Ann's: a person, but a null sender */
	test_ok(m.class == CLASS_DSN && m.bounce.hard &&
		strcmp(m.bounce.status, "5.1.1") == 0 &&
		strcmp(m.bounce.recipients[0], "a@b.example") == 0 &&
		strcmp(m.bounce.message_id, "y@example.com") == 0,
	    "qmail");
	m = parse("Return-Path: <>\nX-Failed-Recipients: a@b.example",
	    "A message could not be delivered.\n  a@b.example\n    mailbox is "
	    "full: quota exceeded\n");
	test_ok(m.class == CLASS_DSN && !m.bounce.hard &&
		strcmp(m.bounce.recipients[0], "a@b.example") == 0,
	    "Exim");
	m = parse("Return-Path: <>\nSubject: Undeliverable: x",
	    "did not reach the following recipient(s):\n\nb@c.example\n");
	test_ok(m.class == CLASS_DSN, "Exchange");
	m = parse("Return-Path: <>\nSubject: Zustellung verz=?utf-8?Q?=C3=B6?="
		  "gert\nX-Failed-Recipients: a@b.example",
	    "a@b.example\n  noch nicht\n");
	test_ok(m.class == CLASS_DSN && m.bounce.action == BOUNCE_DELAYED,
	    "a delay in German");
	m = parse("Subject: Re: Undeliverable: x", "what does that mean?\n");
	test_ok(m.class == CLASS_HUMAN, "a person who asks about one");
	m = parse("Subject: x", "I got 550 5.1.1 user unknown\n");
	test_ok(m.class == CLASS_HUMAN, "or quotes one");
}

static struct mail
report_of(const char *groups)
{
	return parse(REPORT,
	    arena_printf(&a,
		"--b\n\nsorry\n--b\nContent-Type: message/delivery-status\n\n"
		"Reporting-MTA: dns; mx.example.com\n\n%s\n--b--\n",
		groups));
}

static void
actions(void)
{
	struct mail m;

	m = report_of(
	    "Final-Recipient: rfc822; a@b.example\nAction: delivered\n"
	    "Status: 2.0.0\nDiagnostic-Code: smtp; 250 ok\n");
	test_ok(m.bounce.action == BOUNCE_DELIVERED && !m.bounce.hard &&
		m.bounce.reason == BOUNCE_UNKNOWN && m.bounce.status == NULL &&
		m.bounce.recipients_n == 1,
	    "a report of success is no failure");
	m = parse("Content-Type: multipart/report; boundary=b",
	    "--b\n\nsorry\n--b\nContent-Type: message/delivery-status\n\n"
	    "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: "
	    "5.1.1\n--b--\n");
	test_ok(m.class == CLASS_DSN && m.bounce.hard,
	    "a report that forgets its type");
	m = parse("Subject: Fwd: Undelivered\nContent-Type: multipart/mixed; "
		  "boundary=b",
	    "--b\n\nwhat is this?\n--b\nContent-Type: message/"
	    "delivery-status\n\nFinal-Recipient: rfc822; a@b.example\nAction: "
	    "failed\nStatus: 5.1.1\n--b--\n");
	test_ok(m.class == CLASS_HUMAN, "a person who passes one on");
	m = report_of("Final-Recipient: rfc822; a@b.example\nAction: relayed\n"
		      "Status: 2.1.9\n");
	test_ok(m.bounce.action == BOUNCE_DELIVERED, "nor is a relayed one");
	m = report_of("Final-Recipient: rfc822; a@b.example\nAction: delayed\n"
		      "Status: 4.4.1\nDiagnostic-Code: smtp; 450 4.1.1 user "
		      "unknown\n");
	test_ok(m.bounce.action == BOUNCE_DELAYED && !m.bounce.hard,
	    "a delay is not hard, whatever is said");
	m = report_of("Final-Recipient: rfc822; a@b.example\nAction: delayed\n"
		      "Status: 4.4.1\n\nFinal-Recipient: rfc822; c@b.example\n"
		      "Action: failed\nStatus: 5.1.1\n\nFinal-Recipient: "
		      "rfc822; d@b.example\nAction: failed\nStatus: 5.2.2\n");
	test_ok(m.bounce.action == BOUNCE_FAILED && m.bounce.hard &&
		m.bounce.recipients_n == 2 &&
		strcmp(m.bounce.recipients[0], "c@b.example") == 0 &&
		strcmp(m.bounce.recipients[1], "d@b.example") == 0,
	    "failures before delays, the first of them told");
	m = report_of("Final-Recipient: rfc822; a@b.example\nAction: failed\n"
		      "Status: 5.2.1 (mailbox disabled)\nDiagnostic-Code: smtp;"
		      "550 5.2.1 not here\nX-PowerMTA-BounceCategory: "
		      "bad-mailbox\n");
	test_ok(m.bounce.reason == BOUNCE_UNKNOWN_USER && m.bounce.hard,
	    "the reporter's own sorting");
}

/* Reports that name the recipient and the mail each in their way. */
static void
shapes(void)
{
	static const struct {
		const char *fields, *text, *to, *id, *reason;
	} cases[] = {
		{ "Subject: Undeliverable: x",
		    "Your message\n\n  To:      Ann\n  Subject: x\n\ndid not "
		    "reach the following recipient(s):\n\na@b.example on Thu, 7 "
		    "May 2026 10:00:00 +0200\n    The recipient name is not "
		    "recognized\n",
		    "a@b.example", NULL, "unknown_user" },
		{ "Subject: DELIVERY FAILURE: x",
		    "Your message\n\n  Subject: x\n\nwas not delivered to:\n\n  "
		    "a@b.example\n\nbecause:\n\n  Router: mailbox size limit "
		    "exceeded\n",
		    "a@b.example", NULL, "mailbox_full" },
		{ "Subject: Undeliverable Mail\nX-Mailer: <IMail v7>",
		    "Unknown user: a@b.example\n\nOriginal message follows.\n\n"
		    "Message-ID: <q@example.com>\nTo: a@b.example\n",
		    "a@b.example", "q@example.com", "unknown_user" },
		{ "Subject: Delivery Status Notification (Failure)\n"
		  "In-Reply-To: <r@example.com>\nX-Failed-Recipients: "
		  "a@b.example, c@b.example",
		    "It wasn't delivered because the address couldn't be "
		    "found.\n",
		    "a@b.example", "r@example.com", "unknown_user" },
		{ "Subject: Undelivered Mail Returned to Sender",
		    "There was an error delivering your mail to <a@b.example>.\n\n"
		    "mx.b.example [192.0.2.7] did not like our RCPT TO:\n552 "
		    "5.2.2 mailbox full\n\nOriginal message follows.\n\n"
		    "Received: from x\nMessage-Id: <s@example.com>\n",
		    "a@b.example", "s@example.com", "mailbox_full" },
		{ "Subject: Mail System Error - Returned Mail",
		    "This Message was undeliverable due to the following "
		    "reason:\n\nEach of the following recipients was rejected by "
		    "a remote mail server.\n\n    Recipient: <a@b.example>\n    "
		    "Reason:    5.7.1 blocked by your own policy\n",
		    "a@b.example", NULL, "blocked" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *fields = arena_printf(&a,
		    "From: postmaster@mx.example\nReturn-Path: <>\n%s",
		    cases[i].fields);
		const struct mail m = parse(fields, cases[i].text);
		const struct bounce *b = &m.bounce;

		test_ok(m.class == CLASS_DSN && b->recipients_n > 0 &&
			strcmp(b->recipients[0], cases[i].to) == 0,
		    "shape %zu: %s", i,
		    b->recipients_n > 0 ? b->recipients[0] : "nobody");
		test_text(b->message_id == NULL ? "-" : b->message_id,
		    cases[i].id == NULL ? "-" : cases[i].id, "its id");
		test_text(bounce_reason_name(b->reason), cases[i].reason,
		    "its reason");
	}
}

#define SNS "x-amz-sns-message-id: 1"

static void
notifications(void)
{
	static const char text[] =
	    "{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":"
	    "\"Permanent\",\"bounceSubType\":\"General\","
	    "\"bouncedRecipients\":[{\"emailAddress\":\"a@b.example\","
	    "\"action\":\"failed\",\"status\":\"5.1.1\",\"diagnosticCode\":"
	    "\"smtp; 550 5.1.1 user unknown\"}]},\"mail\":{\"headers\":[{"
	    "\"name\":\"From\",\"value\":\"x@example.com\"},{\"name\":"
	    "\"Message-ID\",\"value\":\"<t@example.com>\"}]}}";
	static const char packed[] =
	    "{\"Type\":\"Notification\",\"Message\":\"{\\\"eventType\\\":"
	    "\\\"Bounce\\\",\\\"bounce\\\":{\\\"bouncedRecipients\\\":[{"
	    "\\\"emailAddress\\\":\\\"a@b.example\\\",\\\"status\\\":"
	    "\\\"5.2.2\\\"}]}}\"}";
	struct mail m = parse(SNS, text);

	test_ok(m.class == CLASS_DSN && m.bounce.hard &&
		m.bounce.recipients_n == 1 &&
		strcmp(m.bounce.recipients[0], "a@b.example") == 0 &&
		strcmp(m.bounce.status, "5.1.1") == 0 &&
		strcmp(m.bounce.message_id, "t@example.com") == 0,
	    "a notification of Amazon SES");
	m = parse(SNS, packed);
	test_ok(m.class == CLASS_DSN && !m.bounce.hard &&
		m.bounce.reason == BOUNCE_MAILBOX_FULL &&
		strcmp(m.bounce.recipients[0], "a@b.example") == 0,
	    "packed in another");
	m = parse("Subject: x", text);
	test_ok(m.class == CLASS_HUMAN, "but not from anybody");
	m = parse(SNS, "{\"notificationType\":\"Complaint\"}");
	test_ok(m.class == CLASS_COMPLAINT, "a complaint");
	m = parse(SNS, "{\"notificationType\":\"Delivery\"}");
	test_ok(m.class != CLASS_DSN && m.class != CLASS_COMPLAINT,
	    "a success is neither");
	m = parse("Content-Type: multipart/mixed; boundary=b",
	    "--b\n\nabuse\n--b\nContent-Type: message/feedback-report\n\n"
	    "Feedback-Type: abuse\n--b--\n");
	test_ok(m.class == CLASS_COMPLAINT, "a complaint without a type");
	m = parse("Content-Type: multipart/mixed; boundary=b",
	    "--b\n\nread\n--b\nContent-Type: message/disposition-notification"
	    "\n\nDisposition: manual-action; displayed\n--b--\n");
	test_ok(m.class == CLASS_RECEIPT, "a receipt without a type");
	m = parse("X-MLServer: fml [fml 4.0]\nReferences: <u@example.com>\n"
		  "Subject: You a@b.example are not member (x ML)",
	    "You are not a member of this list.\n");
	test_ok(m.class == CLASS_DSN && !m.bounce.hard &&
		strcmp(m.bounce.message_id, "u@example.com") == 0,
	    "what a list server did not pass on");
	m = parse("X-MLServer: fml [fml 4.0]\nX-Mail-Count: 7\nSubject: access "
		  "denied",
	    "Why?\n");
	test_ok(m.class != CLASS_DSN, "and what it did");
}

/* Time grows with the size only; the test would take minutes otherwise. */
static void
sizes(void)
{
	static const char *const units[] = { "550 5.1.1 ", "<a@b.example>:\n",
		"Message-ID:\n", "\"name\":\"Message-ID\",",
		"            5.1.1", "\"emailAddress\":\"x", ">>> DATA " };

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		size_t n = strlen(units[i]), times = 900000 / n;
		char *text = arena_alloc(&a, times * n + 2);
		struct mail m;

		text[0] = '{';
		for (size_t k = 0; k < times; k++)
			memcpy(text + 1 + k * n, units[i], n);
		text[1 + times * n] = '\0';
		m = parse(
		    "Return-Path: <>\nX-Failed-Recipients: z@b.example\n" SNS,
		    text);
		test_ok(m.class == CLASS_DSN && m.bounce.recipients_n <= 100,
		    "a megabyte of %.10s", units[i]);
	}
}

int
main(void)
{
	reports();
	words();
	actions();
	shapes();
	notifications();
	sizes();
	arena_done(&a);
	return test_end();
}
