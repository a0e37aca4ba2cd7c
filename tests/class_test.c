/*
 * parser/class.c, class_signs.c, class_words.c, report.c: machines by their
 * words and senders, and people who write nearly the same.  Header fields and
 * bounces are bounce_test.c's.
 */
#include "parser/mail.h"
#include "tests/test.h"

static struct arena a;

static struct mail
parse(const char *fields, const char *body)
{
	char *raw = arena_printf(&a,
	    "%s\nMIME-Version: 1.0\nContent-Type: text/plain; "
	    "charset=utf-8\n\n%s",
	    fields, body);
	struct mail m;

	mail_parse(&a, raw, strlen(raw), &m);
	return m;
}

static void
subject(const char *text, enum mail_class want)
{
	struct mail m = parse(
	    arena_printf(&a, "From: ann@example.com\nSubject: %s", text),
	    "text\n");

	test_ok(m.class == want && (m.class_why != NULL) == (want != 0),
	    "%s -> %s", text, mail_class_name(m.class));
}

static void
absent(void)
{
	static const char *const sure[] = { "Automatic reply: x",
		"Out of Office AutoReply: x", "Automatische Antwort: x",
		"Abwesenheitsnotiz: x", "Réponse automatique : x",
		"Respuesta automática: x", "Risposta automatica: x",
		"Resposta automática: x", "Automatisch antwoord: x",
		"Autosvar: x", "Automatiskt svar: x", "Frånvarobesked: x",
		"Fraværsbesked: x", "Automaattinen vastaus: x",
		"Sjálfvirkt svar: x", "Odpowiedź automatyczna: x",
		"Automatyczna odpowiedź: x", "Automatická odpověď: x",
		"Automatická odpoveď: x", "Automatski odgovor: x",
		"Samodejni odgovor: x", "Automatikus válasz: x",
		"Otomatik Yanıt: x", "Răspuns automat: x",
		"Automatinis atsakymas: x", "Automātiska atbilde: x",
		"Automaatvastus: x", "Автоматический ответ: x",
		"Автоматична відповідь: x", "Автоматичен отговор: x",
		"Αυτόματη απάντηση: x", "自動応答: x", "自动答复：x",
		"自動回覆: x", "자동 회신: x", "رد تلقائي: x",
		"תשובה אוטומטית: x", "Trả lời tự động: x", "ตอบกลับอัตโนมัติ: x",
		"Balasan otomatis: x",
		"AUTO: Ann Lee is out of the office (returning 12/01/2026)" };
	static const char *const people[] = { "Re: Automatic reply: x",
		"Automatic reply does not work",
		"Out of office: how to set it?", "Absence: 3 days next week",
		"Abwesenheit: 3. bis 5. Mai", "Urlaub: Antrag",
		"Bob is out of the office, who has his key?",
		"auto: the barrier of the garage is stuck",
		"Fwd: Automatic reply: x", "Autosvaret virker ikke" };
	struct mail m;

	for (size_t i = 0; i < sizeof(sure) / sizeof(*sure); i++)
		subject(sure[i], CLASS_AUTO_REPLY);
	for (size_t i = 0; i < sizeof(people) / sizeof(*people); i++)
		subject(people[i], CLASS_HUMAN);
	m = parse("From: ann@example.com\nIn-Reply-To: <x@example.org>\n"
		  "Subject: Absence : x",
	    "Bonjour,\nje suis absent du bureau jusqu'au 3 mai.\n");
	test_ok(m.class == CLASS_AUTO_REPLY, "with a reference and the words");
	m = parse("From: ann@example.com\nIn-Reply-To: <x@example.org>\n"
		  "Subject: Absence: x",
	    "Please book it for me.\n");
	test_ok(m.class == CLASS_HUMAN, "with a reference and other words");
}

static void
alerts(void)
{
	static const char *const alerts[] = {
		"** PROBLEM Service Alert: web1/HTTP is CRITICAL **",
		"** RECOVERY Host Alert: web1 is UP **",
		"[PROBLEM] Ping on web1 is CRITICAL!",
		"[RECOVERY] Host web1 is UP!",
		"Check_MK: web1/CPU load OK -> WARN",
		"[FIRING:1] DiskFull (web1 node critical)",
		"[Alerting] CPU panel", "Cron <root@web1> /usr/bin/backup",
		"Anacron job 'cron.daily' on web1",
		"SMART error (CurrentPendingSector) detected on host: web1",
		"DegradedArray event on /dev/md0:web1",
		"Logwatch for web1 (Linux)", "monit alert -- Timeout nginx",
		"web1 UPS smart1500 Power Failure !!!",
		"UPS rack@localhost on battery", "Monitor is DOWN: shop",
		"ALARM: \"cpu-high\" in EU (Frankfurt)",
		"Fired:Sev2 Azure Monitor Alert cpu on web1",
		"[PRTG Network Monitor (WEB1)] Ping Down (No response)",
		"[Fail2Ban] sshd: banned 192.0.2.7 from web1",
		"OSSEC Notification - web1 - Alert level 7",
		"unattended-upgrades result for web1: SUCCESS",
		"Bacula: Backup OK of web1-fd Full",
		"vzdump backup status (web1): backup successful",
		"*** SECURITY information for web1 ***",
		"Scanned from a Xerox Multifunction Printer",
		"Message from \"RNP002673AABBCC\"", "Message from KM_C258"
	};
	static const char *const people[] = { "[PROBLEM] my printer is broken",
		"Problem: no VPN",
		"Re: [FIRING:1] DiskFull (web1 node critical)",
		"Cron does not run", "UPS parcel is lost", "Monitor is down",
		"[Resolved] thank you", "Alert: strange mail from my bank",
		"Scanned documents cannot be opened",
		"Message from my boss: what about the toner?" };

	for (size_t i = 0; i < sizeof(alerts) / sizeof(*alerts); i++)
		subject(alerts[i], CLASS_GENERATED);
	for (size_t i = 0; i < sizeof(people) / sizeof(*people); i++)
		subject(people[i], CLASS_HUMAN);
}

static void
texts(void)
{
	struct mail m;

	m = parse("From: watch@example.com\nSubject: Problem: high load",
	    "Problem started at 10:11:12 on 2026.11.23\nProblem name: high "
	    "load\nHost: web1\nSeverity: High\n\nOriginal problem ID: 4711\n");
	test_ok(m.class == CLASS_GENERATED &&
		strcmp(m.class_why, "text as written by: Zabbix") == 0,
	    "Zabbix");
	m = parse("From: am@example.com\nSubject: [RESOLVED] DiskFull",
	    "1 alert for alertname=DiskFull\nView in AlertManager\n");
	test_ok(m.class == CLASS_GENERATED, "Alertmanager");
	m = parse("From: ann@example.com\nSubject: Problem: high load",
	    "Problem started at ten. What is the original problem?\n");
	test_ok(m.class == CLASS_HUMAN, "a person about a problem");
	m = parse("From: nagios@example.com\nReturn-Path: <>\n"
		  "Subject: ** PROBLEM Host Alert: web1 is DOWN **",
	    "x\n");
	test_ok(m.class == CLASS_GENERATED, "an alert without a sender");
}

static void
from(const char *fields, enum mail_class want)
{
	struct mail m = parse(fields, "text\n");

	const char *last = strrchr(fields, '\n');

	test_ok(m.class == want, "%s -> %s (%s)",
	    last == NULL ? fields : last + 1, mail_class_name(m.class),
	    m.class_why == NULL ? "-" : m.class_why);
}

static void
senders(void)
{
	from("From: no-reply@example.com", CLASS_GENERATED);
	from("From: Shop <noreply+17@example.com>", CLASS_GENERATED);
	from("From: do_not.reply@example.com", CLASS_GENERATED);
	from("From: ne-pas-repondre@example.fr", CLASS_GENERATED);
	from("From: zabbix@example.com", CLASS_GENERATED);
	from("From: Scan.To.Mail@example.com", CLASS_GENERATED);
	from("From: no-reply@example.com\nReply-To: ann@example.com",
	    CLASS_HUMAN);
	from("From: no-reply@example.com\nReply-To: noreply@example.com",
	    CLASS_GENERATED);
	from(
	    "From: no-reply@example.com\nList-Id: <a.example.com>", CLASS_BULK);
	from("From: nora.reply@example.com", CLASS_HUMAN);
	from("From: alerta@example.com", CLASS_HUMAN);
	from("From: a@example.com\nX-Autogenerated: Forward", CLASS_HUMAN);
	from("From: a@example.com\nX-Autogenerated: Reply", CLASS_AUTO_REPLY);
	from("From: a@example.com\nX-Cron-Env: <SHELL=/bin/sh>",
	    CLASS_GENERATED);
	from("From: a@example.com\nX-Mailer: Canon iR-ADV C3525",
	    CLASS_GENERATED);
	from("From: a@example.com\nX-Mailer: Canonical", CLASS_HUMAN);
	from("From: a@example.com\nX-OTRS-Loop: x", CLASS_PEER);
	from("From: a@example.com\nX-BeenThere: l@example.com", CLASS_BULK);
}

#define REPORT(type)                                             \
	"From: a@example.com\nMIME-Version: 1.0\nContent-Type: " \
	"multipart/report; boundary=b" type "\n\n--b\n\nwords\n--b\n"

static struct mail
raw(const char *text)
{
	struct mail m;

	mail_parse(&a, text, strlen(text), &m);
	return m;
}

static bool
same(const char *x, const char *y)
{
	return x == NULL || y == NULL ? x == y : strcmp(x, y) == 0;
}

static void
reports(void)
{
	static const char complaint[] =
	    "Content-Type: message/feedback-report\n\nFeedback-Type: Abuse\n"
	    "User-Agent: x/1\nVersion: 1\n"
	    "Original-Rcpt-To: <bob@example.net>\n\n--b\nContent-Type: "
	    "message/rfc822\n\nMessage-ID: <m1@example.org>\nTo: "
	    "c@example.net\nSubject: y\n\nz\n--b--\n";
	struct mail m;

	m = raw(arena_printf(
	    &a, "%s%s", REPORT("; report-type=feedback-report"), complaint));
	test_ok(m.class == CLASS_COMPLAINT && same(m.report.type, "abuse") &&
		same(m.report.message_id, "m1@example.org") &&
		same(m.report.recipient, "bob@example.net"),
	    "a complaint");
	m = raw(arena_printf(&a, "%s%s", REPORT(""), complaint));
	test_ok(m.class == CLASS_COMPLAINT, "one without its report-type");
	m = raw(REPORT(
	    "; report-type=disposition-notification") "Content-Type: message/disposition-notification\n\n"
						      "Final-Recipient: rfc822;bob@example.net\n"
						      "Original-Message-ID: <m2@example.org>\n"
						      "Disposition: automatic-action/MDN-sent-automatically; "
						      "Deleted/error\n\n--b--\n");
	test_ok(m.class == CLASS_RECEIPT && same(m.report.type, "deleted") &&
		same(m.report.message_id, "m2@example.org") &&
		same(m.report.recipient, "bob@example.net"),
	    "a receipt");
	m = raw(REPORT("; report-type=feedback-report") "nothing\n--b--\n");
	test_ok(m.class == CLASS_COMPLAINT && m.report.type == NULL &&
		m.report.message_id == NULL,
	    "a complaint about nothing");
}

static void
lists(void)
{
	struct mail m;

	m = parse("From: a@example.com\nList-Id: Our users "
		  "<Users.lists.example.com>\n"
		  "List-Post: <mailto:users@example.com?x=y>",
	    "");
	test_ok(same(m.list.id, "users.lists.example.com") &&
		same(m.list.addr, "users@example.com"),
	    "a list");
	m = parse("From: a@example.com\nMailing-List: list l@example.com; "
		  "contact l-owner@example.com",
	    "");
	test_ok(m.class == CLASS_BULK && m.list.id == NULL &&
		same(m.list.addr, "l@example.com"),
	    "an old one");
	m = parse("From: a@example.com\nList-Post: NO\nList-Id: <>", "");
	test_ok(m.list.id == NULL && m.list.addr == NULL, "nothing in it");
}

int
main(void)
{
	absent();
	alerts();
	texts();
	senders();
	reports();
	lists();
	arena_done(&a);
	return test_end();
}
