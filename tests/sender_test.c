/* parser/class.c, language.c, forward.c: what kind of sender, which language
 * and whether a mail is passed on. */
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
	languages();
	forwards();
	arena_done(&a);
	return test_end();
}
