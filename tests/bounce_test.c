/* parser/class.c, bounce.c: what kind of sender, and what became of a mail. */
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

static void class(const char *fields, enum mail_class want)
{
	struct mail m = parse(fields, "text\n");

	test_ok(m.class == want && (m.class_why != NULL) == (want != 0),
	    "%.*s -> %s (%s)", (int)strcspn(fields, "\n"), fields,
	    mail_class_name(m.class), m.class_why == NULL ? "-" : m.class_why);
}

static void
classes(void)
{
	class("Subject: help", CLASS_HUMAN);
	class("Auto-Submitted: no", CLASS_HUMAN);
	class("auto-submitted: No (really)", CLASS_HUMAN);
	class("Auto-Submitted: auto-replied", CLASS_AUTO_REPLY);
	class("Auto-Submitted: (x) Auto-Replied; owner=a", CLASS_AUTO_REPLY);
	class("Auto-Submitted: auto-generated", CLASS_GENERATED);
	class("Auto-Submitted: auto-notified", CLASS_GENERATED);
	class("Precedence: auto_reply", CLASS_AUTO_REPLY);
	class("Precedence: bulk", CLASS_BULK);
	class("Precedence: list", CLASS_BULK);
	class("X-Precedence: junk", CLASS_BULK);
	class("Precedence: normal", CLASS_HUMAN);
	class("X-Autoreply: yes", CLASS_AUTO_REPLY);
	class("X-Autoreply: no", CLASS_HUMAN);
	class("X-Autoreply: false", CLASS_HUMAN);
	class("X-Autorespond:", CLASS_HUMAN);
	class("Delivered-To: autoresponder", CLASS_AUTO_REPLY);
	class("Delivered-To: ann@example.com", CLASS_HUMAN);
	class("X-MS-Exchange-Inbox-Rules-Loop: a@b\nAuto-Submitted: x",
	    CLASS_AUTO_REPLY);
	/* alone it may be a person's mail that a rule passed on */
	class("X-MS-Exchange-Inbox-Rules-Loop: a@b", CLASS_GENERATED);
	class("List-Id: <a.example.com>", CLASS_BULK);
	class("List-Unsubscribe: <mailto:x@example.com>", CLASS_BULK);
	class("Feedback-ID: 1:2:3", CLASS_BULK);
	class("Feedback-ID: 12345678:user:proton", CLASS_HUMAN);
	class("X-Loop: a@example.com", CLASS_PEER);
	class("X-Zendesk-From-Account-Id: 1", CLASS_PEER);
	class("X-RT-Loop-Prevention: x", CLASS_PEER);
	class("X-JIRA-FingerPrint: x\nPrecedence: bulk", CLASS_PEER);
	class("Auto-Submitted: auto-replied\nX-Loop: x", CLASS_AUTO_REPLY);
	class("Auto-Submitted: auto-generated\nPrecedence: bulk", CLASS_BULK);
	class("Auto-Submitted: no\nPrecedence: bulk", CLASS_BULK);
	class("Return-Path: <>", CLASS_AUTO_REPLY);
	class("Return-Path: <ann@example.com>", CLASS_HUMAN);
	class("Subject: Automatic reply: VPN", CLASS_AUTO_REPLY);
	class("Subject: Abwesenheitsnotiz: VPN", CLASS_AUTO_REPLY);
	class("Subject: =?utf-8?Q?R=C3=A9ponse_automatique?= : VPN",
	    CLASS_AUTO_REPLY);
	class("Subject: Re: Automatic reply: VPN", CLASS_HUMAN);
	class("Subject: Out of office does not work", CLASS_HUMAN);
	class("Content-Type: multipart/report; report-type=feedback-report; "
	      "boundary=b",
	    CLASS_COMPLAINT);
	class("Content-Type: multipart/report; boundary=b; "
	      "report-type=\"disposition-notification\"",
	    CLASS_RECEIPT);
	class("Content-Type: multipart/report; report-type=delivery-status; "
	      "boundary=b\nAuto-Submitted: auto-replied",
	    CLASS_DSN);
	class("Content-Type: multipart/report; report-type=x-delivery-status; "
	      "boundary=b",
	    CLASS_HUMAN);
}

static void
suppress(void)
{
	struct mail m;

	m = parse("X-Auto-Response-Suppress: OOF, AutoReply", "");
	test_ok(m.no_ack && m.class == CLASS_HUMAN, "a wish, not a robot");
	m = parse("X-Auto-Response-Suppress: All", "");
	test_ok(m.no_ack, "All");
	m = parse("X-Auto-Response-Suppress: RN, NRN", "");
	test_ok(!m.no_ack, "about receipts only");
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

/* What a server said in a report, and what that means. */
static void
said(const char *diagnostic, const char *status, const char *reason, bool hard)
{
	char *body = arena_printf(&a,
	    "--b\n\nsorry\n--b\nContent-Type: message/delivery-status\n\n"
	    "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; "
	    "a@b.example\nAction: failed\nStatus: %s\nDiagnostic-Code: %s\n\n"
	    "--b--\n",
	    status, diagnostic);
	const struct bounce b = parse(REPORT, body).bounce;

	test_ok(strcmp(bounce_reason_name(b.reason), reason) == 0 &&
		b.hard == hard && b.action == BOUNCE_FAILED,
	    "%.40s -> %s, %s", diagnostic, bounce_reason_name(b.reason),
	    b.hard ? "hard" : "soft");
}

static void
reasons(void)
{
	/* the address is dead */
	said("smtp; 550 5.1.1 <a@b.example>... User unknown", "5.1.1",
	    "unknown_user", true);
	said("smtp; 550-5.1.1 The email account that you tried to reach does\n"
	     " not exist. Please try 550-5.1.1 double-checking",
	    "5.1.1", "unknown_user", true);
	said("smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not "
	     "found by SMTP address lookup",
	    "5.1.10", "unknown_user", true);
	said("smtp; 550 5.4.1 Recipient address rejected: Access denied. "
	     "AS(201806281) [XX1.eop.example]",
	    "5.4.1", "unknown_user", true);
	said("smtp; 550 5.1.351 Remote server returned unknown recipient or "
	     "mailbox unavailable -> 550 no mailbox",
	    "5.1.351", "unknown_user", true);
	said("smtp; 450 4.1.1 <a@b.example>: Recipient address rejected: User "
	     "unknown in virtual alias table",
	    "4.1.1", "unknown_user", true);
	said("smtp; 553 sorry, this recipient is in my badrecipientto list "
	     "(#5.7.1)",
	    "5.7.1", "policy", false);
	said("X-Postfix; unknown user: \"ann\"", "5.1.1", "unknown_user", true);
	said("X-Postfix; Host or domain name not found. Name service error for "
	     "name=b.example type=MX: Host not found",
	    "5.4.4", "unknown_host", true);
	said("smtp; 556 5.1.10 domain has a null MX record", "5.1.10",
	    "no_mail", true);
	said("X-Postfix; Domain b.example does not accept mail (nullMX)",
	    "5.1.0", "no_mail", true);
	said("smtp; 551 5.1.6 recipient has moved", "5.1.6", "moved", true);
	said("X-Notes; User Ann Bee (a@b.example) not listed in Domino "
	     "Directory",
	    "5.0.0", "unknown_user", true);
	/* and here it is not, whatever the code */
	said("smtp; 550 5.1.1 <a@b.example> 192.0.2.7 has sent to too many "
	     "recipients this hour",
	    "5.1.1", "rate", false);
	said("smtp; 550 5.1.1 Refused due to recipient preferences", "5.1.1",
	    "refused", false);
	said("smtp; 550 5.7.1 IP address blacklisted by recipient", "5.1.1",
	    "blocked", false);
	said("smtp; 553 5.1.8 <x@y.example>... Domain of sender address "
	     "x@y.example does not exist",
	    "5.1.8", "sender", false);
	said("smtp; 550 Verification failed for <x@y.example> no such user; "
	     "sender verify failed",
	    "5.0.0", "sender", false);
	said("smtp; 552 5.2.2 The email account that you tried to reach is "
	     "over quota",
	    "5.2.2", "mailbox_full", false);
	said("smtp; 550 5.2.1 The email account that you tried to reach is "
	     "disabled",
	    "5.2.1", "disabled", false);
	said("smtp; 554 30 Sorry, your message to a@b.example cannot be "
	     "delivered. This mailbox is disabled (554.30).",
	    "5.0.0", "disabled", false);
	said("smtp; 552 5.3.4 Message size exceeds fixed limit", "5.3.4",
	    "too_big", false);
	said("smtp; 554 5.7.1 <a@b.example>: Relay access denied", "5.7.1",
	    "relaying", false);
	said("smtp; 553 sorry, that domain isn't in my list of allowed "
	     "rcpthosts (#5.7.1)",
	    "5.7.1", "relaying", false);
	said("smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.7] "
	     "blocked using bl.example.net",
	    "5.7.1", "blocked", false);
	said("smtp; 550 5.7.26 Unauthenticated email from y.example is not "
	     "accepted due to domain's DMARC policy",
	    "5.7.26", "auth", false);
	said(
	    "smtp; 554 5.7.1 Message rejected as spam", "5.7.1", "spam", false);
	said("smtp; 554 5.7.0 virus found: EICAR", "5.7.0", "virus", false);
	said("smtp; 550 5.6.0 Lone CR or LF in headers (see RFC2822 section "
	     "2.2)",
	    "5.6.0", "content", false);
	said("smtp; 554 5.7.1 <a@b.example>: Recipient address rejected: "
	     "Access denied",
	    "5.7.1", "policy", false);
	said("smtp; 421 4.7.0 [TS01] Messages from 192.0.2.7 temporarily "
	     "deferred due to user complaints",
	    "4.7.0", "policy", false);
	said("X-Postfix; connect to b.example[192.0.2.7]:25: Connection timed "
	     "out",
	    "4.4.1", "expired", false);
	said("smtp; 554 4.4.7 Message expired: unable to deliver in 840 "
	     "minutes.<421 4.4.2 Connection dropped>",
	    "4.4.7", "network", false);
	said("smtp; 554 5.4.6 Too many hops", "5.4.6", "network", false);
	said("x-unix; procmail: Couldn't create \"/var/mail/a\": No such user",
	    "5.1.1", "system", false);
	said("smtp; 550 5.7.606 Access denied, banned sending IP [192.0.2.7]",
	    "5.7.606", "blocked", false);
	said("smtp; 550 5.7.64 TenantAttribution; Relay Access Denied",
	    "5.7.64", "relaying", false);
	said("smtp; 550 5.1.1 not sent: the address is on the suppression "
	     "list",
	    "5.1.1", "policy", false);
	said("smtp; 450 4.2.1 The user you are trying to contact is receiving "
	     "mail too quickly",
	    "4.2.1", "rate", false);
	said("smtp; 550 Go away", "5.0.0", "unknown", false);
	/* words inside addresses, hosts and links are none */
	said("smtp; 550 5.1.1 <spam@quota.example>: no such user, see "
	     "https://policy.example/blocked#virus",
	    "5.1.1", "unknown_user", true);
	said("smtp; 550 5.1.1 mx.spamhaus.example: user unknown", "5.1.1",
	    "unknown_user", true);
	/* another charset than the rest of the report */
	said("X-Notes; \033$B%G%#%l%/%H%j$K$O8+$D$+$j$^$;$s\033(B", "5.0.0",
	    "unknown_user", true);
}

/* The same words mean another thing when the text was refused. */
static void
stages(void)
{
	static const struct {
		const char *words, *reason;
		bool hard;
	} cases[] = {
		{ "<a@b.example>: host mx.b.example[192.0.2.7] said:\n"
		  "    550 No such user (in reply to RCPT TO command)",
		    "unknown_user", true },
		{ "<a@b.example>: host mx.b.example[192.0.2.7] said:\n"
		  "    550 No such user (in reply to end of DATA\n    command)",
		    "refused", false },
		{ "  a@b.example\n    SMTP error from remote mail server after "
		  "MAIL FROM:<me@example.com>:\n    550 no such user",
		    "sender", false },
		{ "  a@b.example\n    host mx.b.example: SMTP error from remote "
		  "mail server after initial connection:\n    550 unknown user",
		    "blocked", false },
		{ "<a@b.example>:\n192.0.2.7 does not like recipient.\n"
		  "Remote host said: 550 No such user",
		    "unknown_user", true },
		{ "<a@b.example>:\n192.0.2.7 failed after I sent the message.\n"
		  "Remote host said: 554 no such user",
		    "refused", false },
		{ "<a@b.example>\n    (reason: 550 unknown user)\n\n"
		  "... while talking to mx.b.example.:\n>>> DATA\n"
		  "<<< 550 unknown user\n<<< 503 5.0.0 Need RCPT (recipient)",
		    "unknown_user", true },
		/* who it came from is not told: a filter's own words */
		{ "The filter could not deliver to a@b.example: unknown user",
		    "unknown_user", false },
		{ "<a@b.example>: 550 : User unknown", "refused", false },
		{ "Sent >>> RCPT TO: <a@b.example>\nReceived <<< 550 "
		  "<a@b.example>: User unknown",
		    "unknown_user", true },
		{ "  a@b.example\n    all relevant MX records point to "
		  "non-existent hosts",
		    "unknown_host", true },
		{ "  a@b.example\n    retry time not reached for any host after "
		  "a long failure period",
		    "expired", false },
		{ "<a@b.example>:\nSorry, I couldn't find a mail exchanger or "
		  "IP address. (#5.4.4)",
		    "unknown_host", true },
		{ "   ----- The following addresses had delivery problems -----"
		  "\n   a@b.example\n\n   ----- Non-delivered information "
		  "-----\n   The recipient's mailbox exceeded the local limit.",
		    "mailbox_full", false },
		{ "a@b.example\nYour message couldn't be delivered.\n\nRemote "
		  "Server returned '550 5.4.310 DNS domain b.example does not "
		  "exist'",
		    "unknown_host", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct mail m = parse(
		    "From: MAILER-DAEMON@mx.example.com\n"
		    "Return-Path: <>\nSubject: failure notice",
		    cases[i].words);
		const struct bounce *b = &m.bounce;

		test_ok(m.class == CLASS_DSN && b->hard == cases[i].hard &&
			strcmp(bounce_reason_name(b->reason),
			    cases[i].reason) == 0 &&
			b->recipients_n == 1 &&
			strcmp(b->recipients[0], "a@b.example") == 0,
		    "words %zu -> %s, %s", i, bounce_reason_name(b->reason),
		    b->hard ? "hard" : "soft");
	}
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

static void
languages(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "Hello, my printer does not work since this morning, can you "
		  "help me please?",
		    "en" },
		{ "Hallo, mein Drucker geht seit heute nicht mehr, können Sie "
		  "bitte helfen?",
		    "de" },
		{ "Bonjour, mon imprimante ne fonctionne pas depuis ce matin, "
		  "pouvez-vous m'aider ?",
		    "fr" },
		{ "Hola, no puedo entrar en la cuenta y no sé qué hacer con "
		  "mi clave",
		    "es" },
		{ "Здравствуйте, не работает принтер", "ru" },
		{ "Добрий день, не працює мій принтер і її немає", "uk" },
		{ "プリンターが動きません。お願いします。", "ja" },
		{ "打印机坏了，请帮忙看看", "zh" },
		{ "프린터가 작동하지 않습니다", "ko" },
		{ "ok", NULL },
		{ "", NULL },
		{ "VPN 1.2.3 error 0x80", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct mail m = parse(
		    "Content-Type: text/plain; charset=utf-8", cases[i].text);

		test_text(m.language == NULL ? "-" : m.language,
		    cases[i].want == NULL ? "-" : cases[i].want, "%s",
		    cases[i].want == NULL ? "not sure" : cases[i].want);
	}
}

static void
forwards(void)
{
	struct mail m;

	m = parse("Subject: Fwd: x",
	    "FYI\n\n---------- Forwarded message ---------\nFrom: Bob "
	    "<bob@example.com>\nDate: today\nSubject: bills\n\ntext\n");
	test_ok(m.forward && strcmp(m.forward_from, "bob@example.com") == 0 &&
		strcmp(m.forward_subject, "bills") == 0,
	    "a forward");
	m = parse("Subject: WG: x",
	    "zK\n\nVon: Bob [mailto:bob@example.com]\nGesendet: heute\nAn: Ann\n"
	    "Betreff: Rechnung\n\ntext\n");
	test_ok(m.forward && strcmp(m.forward_from, "bob@example.com") == 0 &&
		strcmp(m.forward_subject, "Rechnung") == 0,
	    "by its subject");
	m = parse("Subject: Fwd: x\nContent-Type: multipart/mixed; boundary=b",
	    "--b\n\nlook\n--b\nContent-Type: message/rfc822\n\nFrom: "
	    "bob@example.com\nSubject: =?utf-8?Q?=C3=A4?=\n\nx\n--b--\n");
	test_ok(m.forward && strcmp(m.forward_subject, "ä") == 0, "attached");
	m = parse("Subject: Re: x",
	    "thanks\n\nOn 3 May 2026 10:11, Bob wrote:\n> ---------- Forwarded "
	    "message ---------\n> From: c@example.com\n");
	test_ok(!m.forward, "an answer to one is none");
}

int
main(void)
{
	classes();
	suppress();
	reports();
	words();
	reasons();
	stages();
	actions();
	shapes();
	notifications();
	sizes();
	languages();
	forwards();
	arena_done(&a);
	return test_end();
}
