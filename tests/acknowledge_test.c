/*
 * The acknowledgement: who gets it, in which language, with which fields; names
 * that are no names; the mark by which our own mail is known again.
 */
#include "tests/test.h"

#include <stdlib.h>

#include "parser/compose.h"
#include "parser/msgid.h"
#include "rules/acknowledge.h"
#include "rules/letter.h"
#include "rules/loopguard.h"
#include "rules/loopmark.h"
#include "rules/person.h"

static const struct desk_keys keys = {
	.key = { [3] = "a key of thirty-two bytes, fixed" },
	.have = { [3] = true },
	.first = 3,
};

static void
test_names(struct arena *a)
{
	static const struct {
		const char *shown, *first, *name;
	} rows[] = {
		{ "Maria Gomez", "Maria", "Maria Gomez" },
		{ "Gomez, Maria", "Maria", "Maria Gomez" },
		{ "\"Gomez, Maria\"", "Maria", "Maria Gomez" },
		{ "Maria Gomez, PhD", "Maria", "Maria Gomez" },
		{ "Dr. Maria Gomez (IT)", "Maria", "Maria Gomez" },
		{ "Frau Gomez", "", "" },
		{ "Maria", "Maria", "Maria" },
		{ "J. Smith", "", "J. Smith" },
		{ "J Smith", "", "J Smith" },
		{ "MARIA GOMEZ", "Maria", "MARIA GOMEZ" },
		{ "GOMEZ Maria", "Maria", "GOMEZ Maria" },
		{ "ANNE-MARIE DUPONT", "Anne-Marie", "ANNE-MARIE DUPONT" },
		{ "Jos\xc3\xa9 Garc\xc3\xad"
		  "a L\xc3\xb3pez",
		    "Jos\xc3\xa9",
		    "Jos\xc3\xa9 Garc\xc3\xad"
		    "a L\xc3\xb3pez" },
		{ "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd "
		  "\xd0\x9f\xd0\xb5\xd1\x82\xd1\x80\xd0\xbe\xd0\xb2",
		    "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd",
		    "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd "
		    "\xd0\x9f\xd0\xb5\xd1\x82\xd1\x80\xd0\xbe\xd0\xb2" },
		{ "\xe4\xbd\x90\xe8\x97\xa4 \xe5\xa4\xaa\xe9\x83\x8e", "",
		    "\xe4\xbd\x90\xe8\x97\xa4 \xe5\xa4\xaa\xe9\x83\x8e" },
		{ "O'Neill, Sinead", "Sinead", "Sinead O'Neill" },
		{ "", "", "" },
		{ " ", "", "" },
		{ "maria@kunde.example", "", "" },
		{ "maria.gomez", "", "" },
		{ "Kunde GmbH", "", "" },
		{ "IT Support", "", "" },
		{ "Support Team Acme", "", "" },
		{ "Win a prize http://evil.example", "", "" },
		{ "www.evil.example", "", "" },
		{ "evil.example", "", "" },
		{ "Call 555 1234", "", "" },
		{ "Maria\r\nBcc: x", "", "" },
		{ "Maria {{ticket.tag}}", "", "" },
		{ "<script>", "", "" },
		{ "Maria \xf0\x9f\x94\xa5", "", "" },
		{ "a b c d e f g", "", "" },
		{ "Maria (open", "", "" },
		{ "a, b, c", "", "" },
		{ ",", "", "" },
		{ ", Maria", "Maria", "Maria" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		test_text(person_first_name(a, rows[i].shown), rows[i].first,
		    "first name %zu", i);
		test_text(
		    person_name(a, rows[i].shown), rows[i].name, "name %zu", i);
	}
	test_text(person_first_name(a, NULL), "", "no name");
}

static void
test_loop(struct arena *a)
{
	char *mark = loop_mark(
	    a, &keys, "example.com", "EX-1042.1.p3k9x2vd@example.com");
	struct field f = { "x-deskd-loop", mark };
	struct mail m = { .fields = &f, .fields_n = 1 };
	struct desk_keys other = keys, rotated = keys;
	char *at;

	test_ok(strncmp(mark,
		    "v1; host=example.com; id=EX-1042.1.p3k9x2vd; "
		    "mac=",
		    49) == 0,
	    "the mark: %s", mark);
	test_ok(loop_is_ours(a, &keys, &m), "is known again");
	memcpy(other.key[3], "another key", 12);
	test_ok(!loop_is_ours(a, &other, &m), "needs the key");
	memcpy(rotated.key[0], "another key", 12);
	rotated.have[0] = true;
	rotated.first = 0;
	test_ok(loop_is_ours(a, &rotated, &m), "an older key still proves");
	for (at = mark; *at != '\0'; at++) {
		char was = *at;

		*at = was == 'x' ? 'y' : 'x';
		if (loop_is_ours(a, &keys, &m))
			break;
		*at = was;
	}
	test_ok(
	    *at == '\0', "no byte of it may change (%zu)", (size_t)(at - mark));
	f.value = "v1; host=example.com; id=EX-1042.1.p3k9x2vd; mac=";
	test_ok(!loop_is_ours(a, &keys, &m), "an empty mac");
	f.value = "";
	test_ok(!loop_is_ours(a, &keys, &m), "an empty field");
	m.fields_n = 0;
	test_ok(!loop_is_ours(a, &keys, &m), "no field");
}

static void
test_hops(const struct conf *c)
{
	static const struct {
		const char *value;
		int want;
	} rows[] = { { "0", 0 }, { "3", 3 }, { "5", 5 }, { "6", 6 }, { "x", 0 },
		{ "-1", 0 }, { "99999999999999999999", 99 }, { "7 x", 7 } };
	struct field f = { HOPS_FIELD, NULL };
	struct mail m = { .fields = &f, .fields_n = 1 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *why = NULL;

		f.value = rows[i].value;
		test_ok(loop_hops(&m) == rows[i].want, "hops \"%s\"",
		    rows[i].value);
		m.from_addr = "maria@kunde.example";
		test_ok((loop_fate(c, NULL, &m, false, &why) == FATE_LOOP) ==
			(rows[i].want > 5),
		    "hops \"%s\": a loop or not", rows[i].value);
	}
}

/* The sample of MS-OXOMSG, checked against a real Outlook header. */
static void
test_index(struct arena *a)
{
	static const char root[] = "AQHdHmCt3l0AAAAAQACAAAAAAAAEEg==";
	int64_t start = 1785222846;

	test_text(thread_index_child(a, root, start + 60, 0),
	    "AQHdHmCt3l0AAAAAQACAAAAAAAAEEgAACPQA", "a minute later");
	test_ok(
	    strlen(thread_index_child(a, "AQHdHmCt3l0AAAAAQACAAAAAAAAEEgAACPQA",
		start + 90, 1)) == 44,
	    "a child of a child");
	test_text(thread_index_child(a, root, start - 1000, 0),
	    "AQHdHmCt3l0AAAAAQACAAAAAAAAEEgAAAAAA", "a clock that is behind");
	test_ok(thread_index_child(a, root, start + 100000000, 0) != NULL,
	    "three years later");
	test_ok(thread_index_child(a, NULL, start, 0) == NULL, "none");
	test_ok(thread_index_child(a, "", start, 0) == NULL, "empty");
	test_ok(thread_index_child(a, "AQHdHmCt", start, 0) == NULL, "short");
	test_ok(thread_index_child(
		    a, "AQHdHmCt3l0AAAAAQACAAAAAAAAEEgAA", start, 0) == NULL,
	    "two bytes too many");
	test_ok(thread_index_child(
		    a, "AAHdHmCt3l0AAAAAQACAAAAAAAAEEg==", start, 0) == NULL,
	    "another first byte");
	test_ok(
	    thread_index_child(a, "\r\nBcc: x@example.org", start, 0) == NULL,
	    "no index at all");
}

static struct conf
desk(void)
{
	static const char *own[] = { "support@example.com" };
	static const char *tongues[] = { "en", "de", "fr" };
	static struct conf_team teams[] = { { .name = "network",
	    .shown = "Network & VPN" } };
	struct conf c = {
		.desk = "Example IT Support",
		.address = "support@example.com",
		.addresses = own,
		.addresses_n = 1,
		.languages = tongues,
		.languages_n = 3,
		.teams = teams,
		.teams_n = 1,
	};

	c.tickets.prefix = "EX-";
	return c;
}

static const struct ticket ticket = {
	.number = 1042,
	.subject = "VPN does not connect",
	.team = "network",
};

static struct field mail_fields[8];

static struct mail
letter(void)
{
	static const char *refs[] = { "root@kunde.example",
		"second@kunde.example" };
	struct mail m = {
		.from_addr = "maria@kunde.example",
		.from_name = "Gomez, Maria",
		.subject = "VPN does not connect",
		.message_id = "CAF2Xq.7714@mail.kunde.example",
		.references = refs,
		.references_n = 2,
		.fields = mail_fields,
	};

	return m;
}

static struct template_set templates;

static int
make(struct arena *a, const struct conf *c, const struct mail *m, bool fixed,
    struct note_out *out)
{
	struct acknowledge in = {
		.conf = c,
		.templates = &templates,
		.ticket = &ticket,
		.mail = m,
		.serial = 1,
		.keys = &keys,
		.now = 1785222846,
		.zone = 120,
		.fixed = fixed,
	};
	struct err e = { 0 };
	int rc = acknowledge_make(a, &in, out, &e);

	if (rc == -1)
		printf("# %s\n", e.text);
	return rc;
}

/* The header field of that name, unfolded; "" when there is none. */
static char *
header(struct arena *a, const struct note_out *n, const char *name)
{
	const char *end = strstr(n->data, "\r\n\r\n") + 2;
	const char *mark = arena_printf(a, "\r\n%s: ", name);
	const char *s = strstr(n->data, mark);
	char *value, *to;

	if (strncmp(n->data, mark + 2, strlen(mark) - 2) == 0)
		s = n->data - 2;
	if (s == NULL || s >= end)
		return arena_strdup(a, "");
	s += strlen(mark);
	value = to = arena_alloc(a, (size_t)(end - s) + 1);
	for (; s[0] != '\r' || s[2] == ' '; s++)
		if (*s != '\r' && *s != '\n')
			*to++ = *s;
	*to = '\0';
	return value;
}

static void
test_header(struct arena *a)
{
	struct conf c = desk();
	struct mail m = letter();
	struct note_out n = { 0 };
	struct msgid_own own;

	m.fields_n = 2;
	mail_fields[0] = (struct field){ "Thread-Index",
		"AQHdHmCt3l0AAAAAQACAAAAAAAAEEg==" };
	mail_fields[1] = (struct field){ "Thread-Topic",
		"=?utf-8?q?VPN_does_not_connect?=" };
	test_ok(make(a, &c, &m, false, &n) == 0, "it is made");
	test_ok(compose_check(n.data, n.size, NULL) == 0, "it may be sent");
	test_text(n.sender, "", "envelope sender");
	test_text(n.recipient, "maria@kunde.example", "recipient");
	test_text(header(a, &n, "From"),
	    "Example IT Support <support@example.com>", "From");
	test_text(header(a, &n, "To"), "\"Gomez, Maria\" <maria@kunde.example>",
	    "To");
	test_text(header(a, &n, "Subject"),
	    "Re: VPN does not connect [EX-1042]", "Subject");
	test_text(
	    header(a, &n, "Date"), "Tue, 28 Jul 2026 09:14:06 +0200", "Date");
	test_text(header(a, &n, "Message-ID"),
	    arena_printf(a, "<%s>", n.message_id), "Message-ID");
	test_ok(msgid_own(&keys, "EX-", n.message_id, &own) &&
		own.ticket == 1042 && own.serial == 1 && own.kind == 0,
	    "is ours: %s", n.message_id);
	test_text(header(a, &n, "In-Reply-To"),
	    "<CAF2Xq.7714@mail.kunde.example>", "In-Reply-To");
	test_text(header(a, &n, "References"),
	    "<root@kunde.example> <second@kunde.example> "
	    "<CAF2Xq.7714@mail.kunde.example>",
	    "References");
	test_text(header(a, &n, "Thread-Topic"), "VPN does not connect",
	    "Thread-Topic");
	test_text(header(a, &n, "Thread-Index"),
	    "AQHdHmCt3l0AAAAAQACAAAAAAAAEEgAAAAMB", "Thread-Index");
	test_text(
	    header(a, &n, "Auto-Submitted"), "auto-replied", "Auto-Submitted");
	test_text(header(a, &n, "X-Auto-Response-Suppress"),
	    "OOF, AutoReply, RN, NRN", "X-Auto-Response-Suppress");
	test_text(header(a, &n, "Content-Language"), "en", "Content-Language");
	test_text(header(a, &n, "X-Deskd-Ticket"), "EX-1042", "Ticket");
	test_text(header(a, &n, "X-Deskd-Event"), "acknowledged", "Event");
	test_text(header(a, &n, "X-Deskd-Hops"), "1", "Hops");
	test_text(header(a, &n, "Reply-To"), "", "no Reply-To");
	test_text(header(a, &n, "Precedence"), "", "no Precedence");
	test_ok(strncmp(header(a, &n, "Content-Type"), "multipart/alternative;",
		    22) == 0,
	    "text and HTML");
	test_ok(strstr(n.text, "Hello Maria,") != NULL &&
		strstr(n.text, "EX-1042") != NULL &&
		strstr(n.text, "Network & VPN") != NULL &&
		strstr(n.text, "To add something, just reply to this mail.") !=
		    NULL,
	    "the text");
}

/* What it carries is recognised when it comes back. */
static void
test_comes_back(struct arena *a)
{
	struct conf c = desk();
	struct mail m = letter();
	struct note_out n = { 0 };

	m.fields_n = 1;
	mail_fields[0] = (struct field){ HOPS_FIELD, "4" };
	make(a, &c, &m, false, &n);
	test_text(header(a, &n, HOPS_FIELD), "5", "hops are counted");
	mail_fields[0] = (struct field){ LOOP_FIELD,
		header(a, &n, LOOP_FIELD) };
	test_ok(loop_is_ours(a, &keys, &m), "the mark comes back");
}

static void
test_subjects(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "VPN", "Re: VPN [EX-1042]" },
		{ "Re: VPN", "Re: VPN [EX-1042]" },
		{ "AW: RE[2]: Re: VPN", "Re: VPN [EX-1042]" },
		{ "Re: VPN [EX-1042]", "Re: VPN [EX-1042]" },
		{ "[EX-77] Re: VPN [ex-78]", "Re: VPN [EX-1042]" },
		{ "Fwd: VPN", "Re: Fwd: VPN [EX-1042]" },
		{ "Remote: access", "Re: Remote: access [EX-1042]" },
		{ "[OTHER-7] x", "Re: [OTHER-7] x [EX-1042]" },
		{ "Re[", "Re: Re[ [EX-1042]" },
		{ "re(", "Re: re( [EX-1042]" },
		{ "[EX-", "Re: [EX- [EX-1042]" },
		{ "[EX-]", "Re: [EX-] [EX-1042]" },
	};
	struct conf c = desk();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		test_text(letter_subject(a, &c, rows[i][0], "EX-1042"),
		    rows[i][1], "subject %zu", i);
	c.tickets.subject_tag = TAG_LEFT;
	test_text(letter_subject(a, &c, "VPN", "EX-1042"), "[EX-1042] Re: VPN",
	    "the tag on the left");
	c.tickets.subject_tag = TAG_NONE;
	test_text(letter_subject(a, &c, "VPN", "EX-1042"), "Re: VPN", "no tag");
}

static void
test_languages(struct arena *a)
{
	static const struct {
		const char *name, *value, *guess, *want;
	} rows[] = {
		{ "X", "", NULL, "en" },
		{ "X", "", "de", "de" },
		{ "X", "", "pl", "en" },
		{ "X", "", "es", "en" }, /* there is a template, but the desk
		                            does not list it */
		{ "Content-Language", "fr", "de", "fr" },
		{ "Content-Language", "fr-CA", NULL, "fr" },
		{ "Content-Language", "pl, de", NULL, "de" },
		{ "Accept-Language", "pl;q=1, de-AT;q=0.5", "fr", "de" },
		{ "Content-Language", "", "fr", "fr" },
		{ "Content-Language", "\";,,;-", "fr", "fr" },
	};
	struct conf c = desk();
	struct mail m = letter();
	struct note_out n = { 0 };

	m.fields_n = 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		mail_fields[0] = (struct field){ rows[i].name, rows[i].value };
		m.language = rows[i].guess;
		make(a, &c, &m, false, &n);
		test_text(header(a, &n, "Content-Language"), rows[i].want,
		    "language %zu", i);
	}
}

static void
test_recipients(struct arena *a)
{
	static struct address to[] = { { "Desk", "support@example.com" },
		{ "Jo", "jo@kunde.example" } };
	struct conf c = desk();
	struct mail m = letter();
	struct note_out n = { 0 };

	m.reply_to = to;
	m.reply_to_n = 2;
	test_ok(make(a, &c, &m, false, &n) == 0, "Reply-To");
	test_text(n.recipient, "jo@kunde.example", "Reply-To that is not ours");
	m.reply_to_n = 1;
	make(a, &c, &m, false, &n);
	test_text(n.recipient, "maria@kunde.example", "else From");
	m.from_addr = "support@example.com";
	test_ok(make(a, &c, &m, false, &n) == -1, "never to ourselves");
	m.from_addr = NULL;
	test_ok(make(a, &c, &m, false, &n) == -1, "never to nobody");
}

/* T17: whoever forged the mail finds none of its words in the answer. */
static void
test_fixed(struct arena *a)
{
	struct conf c = desk();
	struct mail m = letter();
	struct note_out n = { 0 };

	m.fields_n = 1;
	m.from_name = "CHEAP PILLS";
	mail_fields[0] = (struct field){ "Thread-Topic", "CHEAP PILLS" };
	test_ok(make(a, &c, &m, true, &n) == 0, "the fixed text is made");
	test_text(
	    n.subject, "[EX-1042] We received your message", "fixed subject");
	test_ok(strstr(n.data, "VPN") == NULL, "no word of the subject");
	test_ok(strstr(n.data, "PILLS") == NULL, "no word of the name");
	test_text(header(a, &n, "To"), "maria@kunde.example", "no name in To");
	test_text(header(a, &n, "Auto-Submitted"), "auto-replied",
	    "automatic all the same");
}

int
main(void)
{
	struct arena a = { 0 }, t = { 0 };
	struct conf c = desk();

	struct conf_report rep = { 0 };

	if (template_set_builtin(&t, &templates, &rep) == -1)
		return 1;
	test_names(&a);
	test_loop(&a);
	test_hops(&c);
	test_index(&a);
	test_header(&a);
	test_comes_back(&a);
	test_subjects(&a);
	test_languages(&a);
	test_recipients(&a);
	test_fixed(&a);
	arena_done(&a);
	arena_done(&t);
	return test_end();
}
