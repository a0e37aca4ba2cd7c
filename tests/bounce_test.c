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
	m = parse("Subject: Re: Undeliverable: x", "what does that mean?\n");
	test_ok(m.class == CLASS_HUMAN, "a person who asks about one");
	m = parse("Subject: x", "I got 550 5.1.1 user unknown\n");
	test_ok(m.class == CLASS_HUMAN, "or quotes one");
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
	languages();
	forwards();
	arena_done(&a);
	return test_end();
}
