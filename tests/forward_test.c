/*
 * parser/forward.c, forward_block.c: whose mail a person passes on, in the
 * forms of many mail programs and languages, and what is no forward.
 */
#include "parser/date_words.h"
#include "parser/mail.h"
#include "tests/test.h"

static struct arena a;

static struct mail
parse(const char *subject, const char *body)
{
	char *raw = arena_printf(&a,
	    "From: Ann <ann@example.org>\nTo: help@example.org\n"
	    "Date: Mon, 23 Nov 2026 10:00:00 +0100\nSubject: %s\n"
	    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n%s",
	    subject, body);
	struct mail m;

	mail_parse(&a, raw, strlen(raw), &m);
	return m;
}

static bool
same(const char *x, const char *y)
{
	return x == NULL || y == NULL ? x == y : strcmp(x, y) == 0;
}

/* Bob's mail about bills, to Carl; and Ann's words. */
static void
is_bobs(const char *what, const struct mail *m)
{
	test_ok(m->forward, "%s: a forward", what);
	test_ok(same(m->forward_from, "bob@example.com"), "%s: from %s", what,
	    m->forward_from == NULL ? "-" : m->forward_from);
	test_ok(same(m->forward_subject, "Bills"), "%s: subject %s", what,
	    m->forward_subject == NULL ? "-" : m->forward_subject);
	test_ok(same(m->forward_comment, "please pay"), "%s: comment [%s]",
	    what, m->forward_comment == NULL ? "-" : m->forward_comment);
}

static const struct {
	const char *what, *subject, *body;
} forwards[] = {
	{ "Gmail", "Fwd: Bills",
	    "please pay\n\n---------- Forwarded message ---------\n"
	    "From: Bob Ray <bob@example.com>\nDate: Sun, Nov 22, 2026 at "
	    "9:15 PM\nSubject: Bills\nTo: Carl <carl@example.net>\n\n\nHi\n" },
	{ "Gmail, no subject mark", "Look at this",
	    "please pay\n\n---------- Forwarded message ---------\n"
	    "From: Bob Ray <bob@example.com>\nDate: Sun, Nov 22, 2026 at "
	    "9:15 PM\nSubject: Bills\nTo: Carl <carl@example.net>\n\n\nHi\n" },
	{ "Apple", "Fwd: Bills",
	    "please pay\n\nBegin forwarded message:\n\n"
	    "> From: Bob Ray <bob@example.com>\n> Subject: Bills\n"
	    "> Date: 22 November 2026 at 21:15:00 CET\n"
	    "> To: Carl <carl@example.net>\n> \n> Hi\n> Subject: no\n" },
	{ "Thunderbird", "Fwd: Bills",
	    "please pay\n\n\n-------- Forwarded Message --------\n"
	    "Subject: \tBills\nDate: \tSun, 22 Nov 2026 21:15:00 +0100\n"
	    "From: \tBob Ray <bob@example.com>\nTo: \tcarl@example.net\n"
	    "\n\n\nHi\n" },
	{ "Yahoo", "Fw: Bills",
	    "please pay\n\n   ----- Forwarded Message -----\n"
	    "From: Bob Ray <bob@example.com>\nTo: \"carl@example.net\" "
	    "<carl@example.net>\nSent: Sunday, November 22, 2026 at 09:15:00 "
	    "PM GMT+1\nSubject: Bills\n\nHi\n" },
	{ "Outlook", "FW: Bills",
	    "please pay\n\nFrom: Bob Ray <bob@example.com> \nSent: Sunday, 22 "
	    "November 2026 21:15\nTo: Carl <carl@example.net>; "
	    "dora@example.net\nCc: Eve <eve@example.net>\nSubject: Bills\n"
	    "\nHi\n" },
	{ "old Outlook", "FW: Bills",
	    "please pay\n\n-----Original Message-----\n"
	    "From: Bob Ray [mailto:bob@example.com] \n"
	    "Sent: Sunday, November 22, 2026 9:15 PM\nTo: Carl\n"
	    "Subject: Bills\n\nHi\n" },
	{ "Outlook's HTML, bold and double", "[EXTERNAL] FW: Bills",
	    "please pay\n\n*From:* Bob Ray <bob@example.com"
	    "<mailto:bob@example.com>>\n\n*Sent:* Sunday, 22 November 2026 "
	    "21:15\n\n*To:* Carl <carl@example.net>\n\n*Subject:* Bills\n\n"
	    "Hi\n" },
	{ "Roundcube", "Fwd: Bills",
	    "please pay\n\n-------- Original Message --------\n"
	    "Subject: Bills\nDate: 2026-11-22 21:15\n"
	    "From: Bob Ray <bob@example.com>\nTo: carl@example.net\n\nHi\n" },
	{ "Samsung", "Fwd: Bills",
	    "please pay\n\n-------- Original message --------\n"
	    "From: Bob Ray <bob@example.com> \nDate: 22/11/2026  21:15  "
	    "(GMT+01:00) \nTo: carl@example.net \nSubject: Bills \n\nHi\n" },
	{ "long lists", "Fwd: Bills",
	    "please pay\n\nFrom: Bob Ray <bob@example.com>\nSent: Sunday\n"
	    "To: Carl <carl@example.net>,\n Dora <dora@example.net>,\n"
	    " Eve <eve@example.net>\nSubject: Bills\n\nHi\n" },
	{ "a table", "Fwd: Bills",
	    "please pay\n\nFrom:\nBob Ray <bob@example.com>\nSent:\nSunday\n"
	    "To:\nCarl\nSubject:\nBills\n\nHi\n" },
	{ "indented", "Fwd: Bills",
	    "please pay\n\n    From: Bob Ray <bob@example.com>\n"
	    "    Sent: Sunday\n    To: Carl\n    Subject: Bills\n\n    Hi\n" },
	{ "German", "WG: Bills",
	    "please pay\n\nVon: Bob Ray <bob@example.com>\nGesendet: Sonntag, "
	    "22. November 2026 21:15\nAn: Carl\nBetreff: Bills\n\nHi\n" },
	{ "German Gmail", "Fwd: Bills",
	    "please pay\n\n-------- Weitergeleitete Nachricht --------\n"
	    "Betreff: Bills\nDatum: So, 22 Nov 2026 21:15:00 +0100\nVon: Bob "
	    "Ray <bob@example.com>\nAn: carl@example.net\n\nHi\n" },
	{ "French", "TR: Bills",
	    "please pay\n\nDe : Bob Ray <bob@example.com>\nEnvoyé : dimanche "
	    "22 novembre 2026 21:15\nÀ : Carl\nObjet : Bills\n\nHi\n" },
	{ "Spanish", "RV: Bills",
	    "please pay\n\nDe: Bob Ray <bob@example.com>\nEnviado el: "
	    "domingo\nPara: Carl\nAsunto: Bills\n\nHi\n" },
	{ "Portuguese", "ENC: Bills",
	    "please pay\n\nDe: Bob Ray <bob@example.com>\nEnviada em: "
	    "domingo\nPara: Carl\nAssunto: Bills\n\nHi\n" },
	{ "Italian", "I: Bills",
	    "please pay\n\nDa: Bob Ray <bob@example.com>\nInviato: domenica\n"
	    "A: Carl\nOggetto: Bills\n\nHi\n" },
	{ "Dutch", "Doorst: Bills",
	    "please pay\n\nVan: Bob Ray <bob@example.com>\nVerzonden: zondag\n"
	    "Aan: Carl\nOnderwerp: Bills\n\nHi\n" },
	{ "Swedish", "VB: Bills",
	    "please pay\n\nFrån: Bob Ray <bob@example.com>\nSkickat: söndag\n"
	    "Till: Carl\nÄmne: Bills\n\nHi\n" },
	{ "Danish", "VS: Bills",
	    "please pay\n\nFra: Bob Ray <bob@example.com>\nSendt: søndag\n"
	    "Til: Carl\nEmne: Bills\n\nHi\n" },
	{ "Finnish", "VL: Bills",
	    "please pay\n\nLähettäjä: Bob Ray <bob@example.com>\nLähetetty: "
	    "sunnuntai\nVastaanottaja: Carl\nAihe: Bills\n\nHi\n" },
	{ "Polish", "PD: Bills",
	    "please pay\n\nOd: Bob Ray <bob@example.com>\nWysłano: niedziela\n"
	    "Do: Carl\nTemat: Bills\n\nHi\n" },
	{ "Czech", "FW: Bills",
	    "please pay\n\nOd: Bob Ray <bob@example.com>\nOdesláno: neděle\n"
	    "Komu: Carl\nPředmět: Bills\n\nHi\n" },
	{ "Hungarian", "Fw: Bills",
	    "please pay\n\nFeladó: Bob Ray <bob@example.com>\nElküldve: "
	    "vasárnap\nCímzett: Carl\nTárgy: Bills\n\nHi\n" },
	{ "Turkish", "İLT: Bills",
	    "please pay\n\nKimden: Bob Ray <bob@example.com>\nGönderildi: "
	    "pazar\nKime: Carl\nKonu: Bills\n\nHi\n" },
	{ "Romanian", "FW: Bills",
	    "please pay\n\nDe la: Bob Ray <bob@example.com>\nTrimis: duminică\n"
	    "Către: Carl\nSubiect: Bills\n\nHi\n" },
	{ "Russian", "FW: Bills",
	    "please pay\n\nОт: Bob Ray <bob@example.com>\nОтправлено: "
	    "воскресенье\nКому: Carl\nТема: Bills\n\nHi\n" },
	{ "Mail.ru", "Fwd: Bills",
	    "please pay\n\n-------- Пересылаемое сообщение --------\n"
	    "От кого: Bob Ray <bob@example.com>\nКому: carl@example.net\n"
	    "Дата: Воскресенье, 22 ноября 2026\nТема: Bills\n\nHi\n" },
	{ "Ukrainian", "FW: Bills",
	    "please pay\n\nВід: Bob Ray <bob@example.com>\nНадіслано: неділя\n"
	    "Кому: Carl\nТема: Bills\n\nHi\n" },
	{ "Greek", "ΠΡΘ: Bills",
	    "please pay\n\nΑπό: Bob Ray <bob@example.com>\nDate: Κυριακή\n"
	    "Θέμα: Bills\n\nHi\n" },
	{ "Chinese", "转发: Bills",
	    "please pay\n\n发件人: Bob Ray <bob@example.com>\n发送时间: "
	    "2026年11月22日 21:15\n收件人: Carl\n主题: Bills\n\nHi\n" },
	{ "Chinese with wide colons", "轉寄：Bills",
	    "please pay\n\n寄件者：Bob Ray <bob@example.com>\n日期：週日\n"
	    "收件者：Carl\n主旨：Bills\n\nHi\n" },
	{ "Japanese", "転送: Bills",
	    "please pay\n\n差出人: Bob Ray <bob@example.com>\n送信日時: "
	    "2026年11月22日 21:15\n宛先: Carl\n件名: Bills\n\nHi\n" },
	{ "Korean", "전달: Bills",
	    "please pay\n\n보낸 사람: Bob Ray <bob@example.com>\n보낸 날짜: "
	    "일요일\n받는 사람: Carl\n제목: Bills\n\nHi\n" },
};

static void
programs(void)
{
	for (size_t i = 0; i < sizeof(forwards) / sizeof(*forwards); i++) {
		struct mail m = parse(forwards[i].subject, forwards[i].body);

		is_bobs(forwards[i].what, &m);
	}
}

static void
details(void)
{
	struct mail m = parse(forwards[5].subject, forwards[5].body);

	test_ok(same(m.forward_name, "Bob Ray") && m.forward_to_n == 2 &&
		same(m.forward_to[1].addr, "dora@example.net") &&
		m.forward_cc_n == 1 && same(m.forward_cc[0].name, "Eve"),
	    "who had got it");
	test_ok(m.forward_date == 1795378500,
	    "its date in the zone of the one who forwards");
	m = parse(forwards[3].subject, forwards[3].body);
	test_ok(m.forward_date == 1795378500, "its date with a zone");
	m = parse(forwards[10].subject, forwards[10].body);
	test_ok(m.forward_to_n == 3 && m.forward_date == 0,
	    "a list on three lines, a date that is none");
	m = parse("Fwd: x",
	    "-------- Пересылаемое сообщение --------\n22.11.2026, 21:15, "
	    "\"Bob\" <bob@example.com>:\n\nHi\n");
	test_ok(m.forward && same(m.forward_from, "bob@example.com") &&
		same(m.forward_comment, ""),
	    "Yandex");
	m = parse("Fwd: x",
	    "see\n\n----- Forwarded message from Bob Ray <bob@example.com> "
	    "-----\n\nHi\n");
	test_ok(m.forward && same(m.forward_from, "bob@example.com") &&
		same(m.forward_comment, "see"),
	    "mutt");
	m = parse("Fwd: x",
	    "see\n\nOn 22 Nov 2026, at 21:15, Bob <bob@example.com> wrote:\n\n"
	    "> Hi\n");
	test_ok(m.forward && same(m.forward_from, "bob@example.com"),
	    "an attribution under a subject that says so");
	m = parse("FW: Bills",
	    "please pay\n\n-- \nAnn\n\nFrom: Bob\nSent: x\nTo: y\n"
	    "Subject: Bills\n\nHi\n");
	test_ok(m.forward && m.forward_from == NULL &&
		same(m.forward_name, "Bob") &&
		same(m.forward_comment, "please pay"),
	    "a name without an address, a signature above");
	m = parse("Bills",
	    "From: Bob <bob@example.com>\nSent: Sunday\nTo: Carl\n"
	    "Subject: Bills\n\nHi\n");
	test_ok(m.forward && same(m.forward_from, "bob@example.com"),
	    "a quoted header on top of all, no mark");
}

static void
attached(void)
{
	static const char body[] =
	    "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
	    "--b\nContent-Type: text/plain\n\n%s\n--b\n"
	    "Content-Type: message/rfc822\n\nFrom: =?utf-8?Q?B=C3=B6b?= "
	    "<bob@example.com>\nTo: carl@example.net\nSubject: Bills\n"
	    "Date: Sun, 22 Nov 2026 21:15:00 +0100\nMessage-ID: "
	    "<b1@example.com>\n\nHi\n--b--\n";
	static const struct {
		const char *subject, *text;
		bool want;
	} rows[] = {
		{ "Fwd: Bills", "please pay", true },
		{ "a mail", "", true },
		{ "a mail", "I cannot open the mail that is attached", false },
	};

	for (size_t i = 0; i < 3; i++) {
		char *raw = arena_printf(&a, body, rows[i].text);
		struct mail m;

		raw = arena_printf(&a, "From: ann@example.org\nSubject: %s\n%s",
		    rows[i].subject, raw);
		mail_parse(&a, raw, strlen(raw), &m);
		test_ok(m.forward == rows[i].want, "attached, %s: %s",
		    rows[i].subject, rows[i].want ? "yes" : "no");
		if (!m.forward)
			continue;
		test_ok(same(m.forward_from, "bob@example.com") &&
			same(m.forward_name, "Böb") &&
			same(m.forward_message_id, "b1@example.com") &&
			m.forward_date == 1795378500 &&
			same(m.forward_comment, rows[i].text),
		    "its fields");
	}
}

static void
no_forwards(void)
{
	static const struct {
		const char *subject, *body;
	} rows[] = {
		{ "Re: Bills",
		    "please pay\n\nFrom: Bob <bob@example.com>\n"
		    "Sent: Sunday\nTo: Carl\nSubject: Bills\n\n"
		    "Hi\n" },
		{ "RE: FW: Bills",
		    "please pay\n\n-----Original Message-----\n"
		    "From: Bob <bob@example.com>\nSent: Sunday\nTo: Carl\n"
		    "Subject: FW: Bills\n\nHi\n" },
		{ "AW: WG: Bills",
		    "bitte\n\nVon: Bob <bob@example.com>\nGesendet: heute\n"
		    "An: Carl\nBetreff: WG: Bills\n" },
		{ "VS: Bills",
		    "kiitos\n\nLähettäjä: Bob <bob@example.com>\n"
		    "Lähetetty: eilen\nVastaanottaja: Carl\n"
		    "Aihe: Bills\n" },
		{ "My trip",
		    "From: Berlin\nTo: Paris\nDate: 3 May\nplease "
		    "book\n" },
		{ "From our form",
		    "From: Bob <bob@example.com>\nSubject: Bills\n\nText: Hi\n" },
		{ "Fwd: nothing inside", "I wanted to forward something\n" },
		{ "Forwarding does not work", "What can I do?\n" },
		{ "Re: Bills",
		    "thanks\n\nOn 22 Nov 2026 Bob <bob@example.com> "
		    "wrote:\n> ---------- Forwarded message "
		    "---------\n> From: c@example.com\n" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mail m = parse(rows[i].subject, rows[i].body);

		test_ok(!m.forward && m.forward_from == NULL, "no forward: %s",
		    rows[i].subject);
	}
}

static void
dates(void)
{
	static const char *const same_moment[] = {
		"Sonntag, 22. November 2026 21:15",
		"dimanche 22 novembre 2026 21:15",
		"domingo, 22 de noviembre de 2026 21:15",
		"domenica 22 novembre 2026 21:15",
		"zondag 22 november 2026 21:15",
		"den 22 november 2026 21:15",
		"sunnuntai 22. marraskuuta 2026 21.15",
		"niedziela, 22 listopada 2026 21:15",
		"neděle 22. listopadu 2026 21:15",
		"2026. november 22., vasárnap 21:15",
		"22 Kasım 2026 Pazar 21:15",
		"duminică, 22 noiembrie 2026 21:15",
		"22 ноября 2026 г. 21:15",
		"воскресенье, 22 ноября 2026, 23:15 +03:00",
		"неділя, 22 листопада 2026 р. 21:15",
		"Κυριακή, 22 Νοεμβρίου 2026 9:15 μμ",
		"2026年11月22日(日) 21:15",
		"2026年11月22日 星期日 下午9:15",
		"2026년 11월 22일 일요일 오후 9:15",
		"2026. 11. 22. 21:15",
		"Sunday, November 22, 2026 9:15 PM",
		"Sun, Nov 22, 2026 at 9:15\xe2\x80\xafPM",
		"22/11/2026 21:15",
		"11/22/2026 9:15 PM",
		"22.11.2026, 21:15",
		"22-11-2026 21:15",
		"2026-11-22 21:15",
		"22 Nov 2026 21h15",
		"22 November 2026 at 21:15:00 CET",
		"22 November 2026 15:15 (GMT-05:00)",
		"Sun, 22 Nov 2026 20:15:00 +0000",
		"2026-11-22T20:15:00Z",
	};
	static const char *const none[] = { "", "today", "3/4/2026 21:15",
		"31.02.2026 21:15", "22 Smarch 2026", "99999999999999999999",
		"2026", "22.11.", "年月日" };
	int64_t when = 0;

	for (size_t i = 0; i < sizeof(same_moment) / sizeof(*same_moment); i++)
		test_ok(date_words(&a, same_moment[i], 60, &when) &&
			when == 1795378500,
		    "%s", same_moment[i]);
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		test_ok(
		    !date_words(&a, none[i], 60, &when) && when == 1795378500,
		    "no date: '%s'", none[i]);
}

int
main(void)
{
	programs();
	details();
	attached();
	no_forwards();
	dates();
	arena_done(&a);
	return test_end();
}
