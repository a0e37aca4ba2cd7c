/*
 * Letters to the staff: each kind with plain values gives
 * tests/notice/NAME.want (its visible header and text); then their other
 * fields, tokens and buttons, what hostile words do to them, and Thread-Index.
 * "--want" writes those files anew, "--mail FOLDER" the whole letters, for
 * looking at.
 */
#include "tests/test.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "parser/conf.h"
#include "parser/mail.h"
#include "parser/msgid.h"
#include "parser/quote.h"
#include "parser/utf8.h"
#include "rules/guard.h"
#include "rules/loopmark.h"
#include "rules/notice.h"
#include "rules/template.h"
#include "rules/thread_index.h"

#define NOW    1785222906 /* 2026-07-28 07:15:06 UTC */
#define PERSON "maria@kunde.example"

static const uint8_t guid[16] = { 0xde, 0x5d, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0,
	0, 0, 0, 4, 0x12 };

static const char *ana_mails[] = { "ana@example.com" };
static const char *bob_mails[] = { "bob@example.com" };
static struct conf_agent agents[] = {
	{ .name = "ana",
	    .shown = "Ana Silva",
	    .emails = ana_mails,
	    .emails_n = 1 },
	{ .name = "bob",
	    .shown = "Bob Meyer",
	    .emails = bob_mails,
	    .emails_n = 1 },
};
static const char *members[] = { "ana", "bob" };
static struct conf_team teams[] = {
	{ .name = "network",
	    .shown = "Network & VPN",
	    .members = members,
	    .members_n = 2,
	    .lead = "bob" },
};

static const char *const whys[] = {
	"default -> servicedesk, medium x medium = normal",
	"vpn: \"VPN\" in the subject -> team network, network/vpn",
	"You have 4 open tickets, Bob 7 (least-loaded)",
};
static const struct notice_line before[] = {
	{ 1778580000, "EX-988", "you", "Wi-Fi in the Lisbon office", false },
	{ 1738580000, "EX-871", "Chlo\xc3\xa9", "New laptop", false },
};
static const struct notice_line story[] = {
	{ NOW - 300, NULL, "Bob", "Port 12 was down, I fixed it.", true },
	{ NOW - 480, NULL, "Maria",
	    "Back again after a restart,\nbut only by cable.", false },
	{ NOW - 90000, NULL, "Ana", "Please restart it.", false },
};
static const struct compose_part files[] = {
	{ .name = "vpn-log.txt",
	    .type = "text/plain",
	    .data = "no route to host\n",
	    .size = 17 },
	{ .name = "screen.png",
	    .type = "image/png",
	    .data = "\x89PNG",
	    .size = 4 },
};
static const char *const colleagues[] = { "bob" };
static const char *const done[] = { "merged into EX-1017",
	"Maria reads \"we answer you in EX-1017\"" };
static const char *const said[] = {
	"9:14  new, normal, servicedesk: rule default (20-routing.conf:1)",
	"9:14  team network, network/vpn: rule vpn (20-routing.conf:8)",
	"9:14  Ana: least-loaded, ana 4, bob 7",
};

#define REQUESTER_TEXT                                                       \
	"Hi, since this morning my VPN says \"no route to host\". I am in\n" \
	"Lisbon until Friday and need the file server."
#define AGENT_TEXT "#noet\nHe is in Lisbon, call Bob."

struct bench {
	struct arena arena;
	struct conf *conf;
	struct template_set set;
	struct desk_keys keys;
	struct desk desk;
	struct ticket ticket;
};

static void
bench_open(struct bench *b)
{
	struct conf_report rep = { 0 };

	memset(b, 0, sizeof(*b));
	b->conf = conf_default(&b->arena);
	b->conf->desk = "Example IT";
	b->conf->address = "support@example.com";
	b->conf->addresses[0] = b->conf->address;
	b->conf->agents = agents;
	b->conf->agents_n = 2;
	b->conf->teams = teams;
	b->conf->teams_n = 1;
	b->conf->tickets.prefix = "EX-";
	b->conf->tickets.tokens = TOKENS_PLUS;
	test_ok(template_set_builtin(&b->arena, &b->set, &rep) == 0,
	    "the templates compile");
	b->keys.have[0] = true;
	memset(b->keys.key[0], 'k', DESK_KEY);
	b->desk = (struct desk){ .conf = b->conf,
		.templates = &b->set,
		.keys = &b->keys,
		.now = NOW,
		.offset = 120 };
	b->ticket = ticket_blank;
	b->ticket.number = 1042;
	b->ticket.subject = "VPN does not connect";
	b->ticket.category = "network/vpn";
	b->ticket.priority = PRIORITY_HIGH;
	b->ticket.team = "network";
	b->ticket.tier = 2;
	b->ticket.assignee = "ana";
	b->ticket.requester = PERSON;
	b->ticket.requester_name = "Maria Gomez";
	b->ticket.created = NOW - 60;
	b->ticket.revision = 5;
}

/* The letter of a kind to Ana, with all that such a letter tells. */
static struct notice
plain(const struct bench *b, enum notice_kind kind)
{
	return (struct notice){ .desk = &b->desk,
		.kind = kind,
		.ticket = &b->ticket,
		.to = &agents[0],
		.address = "ana@example.com",
		.principal = 3,
		.serial = 9,
		.guid = guid };
}

static struct notice
full(const struct bench *b, enum notice_kind kind)
{
	struct notice in = plain(b, kind);
	bool held = kind >= NOTICE_COMMAND && kind <= NOTICE_CHALLENGE;

	in.from_name = held ? "Ana Silva" : "Maria Gomez";
	in.from_address = held ? "ana@example.com" : PERSON;
	in.text = held ? AGENT_TEXT : REQUESTER_TEXT;
	in.colleagues = colleagues;
	in.colleagues_n = 1;
	in.answers = held ? "abc.1@mail.example.com" : NULL;
	in.code = held || kind == NOTICE_HELD ? "k4p2" : NULL;
	in.held = held || kind == NOTICE_HELD ? 17 : 0;
	return in;
}

static void
tell_whys(struct notice *in)
{
	in->whys = whys;
	in->whys_n = 3;
	in->before = before;
	in->before_n = 2;
}

static void
by_bob(struct notice *in)
{
	in->from_name = "Bob Meyer";
	in->from_address = "bob@example.com";
	in->text = "Port 12 was down, I fixed it.";
}

static void
make_new(struct notice *in)
{
	tell_whys(in);
	in->parts = files;
	in->parts_n = 2;
	in->parts_left = "video.mp4 (48 MB), it is too large";
}

static void
make_note(struct notice *in)
{
	by_bob(in);
	in->note = true;
}

static void
make_handed(struct notice *in)
{
	tell_whys(in);
	by_bob(in);
	in->text = NULL;
	in->thread = story;
	in->thread_n = 3;
}

static void
make_bounced(struct notice *in)
{
	in->text = "Please restart it.";
	in->problem = "550 5.1.1 no such user";
}

static void
make_command(struct notice *in)
{
	in->problem = "I do not know \"#noet\" (line 1)";
	in->meant[0] = "note";
}

static void
make_stale(struct notice *in)
{
	in->text = "Hello Maria, please restart it.";
	in->thread = story;
	in->thread_n = 2;
}

static void
make_guard(struct notice *in)
{
	in->problem = "the cut line of a notification in the text";
}

static void
make_stranger(struct notice *in)
{
	in->from_name = "Jo Park";
	in->from_address = "jo@other.example";
	in->text = "I have the same trouble.";
	in->unproven = true;
}

static void
make_challenge(struct notice *in)
{
	in->problem = "your mail server said nothing about it";
}

static void
make_escalated(struct notice *in)
{
	by_bob(in);
	in->text = "The concentrator needs a restart, may I?";
	in->watcher = true;
	in->thread = story;
	in->thread_n = 3;
}

static void
make_empty(struct notice *in)
{
	in->text = NULL;
}

static void
make_held(struct notice *in)
{
	in->to = NULL;
	in->address = "root@example.com";
	in->problem = "it looks like an agent's, but nothing proves it";
}

static void
make_receipt(struct notice *in)
{
	in->text = NULL;
	in->done = done;
	in->done_n = 2;
	in->leaves = NOW + 60;
	in->undo_until = NOW + 900;
}

static void
make_said(struct notice *in)
{
	in->text = NULL;
	in->title = "why";
	in->done = said;
	in->done_n = 3;
}

static const struct row {
	const char *name;
	enum notice_kind kind;
	void (*make)(struct notice *in);
} rows[] = {
	{ "new", NOTICE_NEW, make_new },
	{ "answered", NOTICE_ANSWERED, NULL },
	{ "colleague", NOTICE_COLLEAGUE, by_bob },
	{ "note", NOTICE_COLLEAGUE, make_note },
	{ "handed", NOTICE_HANDED, make_handed },
	{ "gone", NOTICE_GONE, NULL },
	{ "stranger", NOTICE_STRANGER, make_stranger },
	{ "bounced", NOTICE_BOUNCED, make_bounced },
	{ "escalated", NOTICE_ESCALATED, make_escalated },
	{ "command", NOTICE_COMMAND, make_command },
	{ "stale", NOTICE_STALE, make_stale },
	{ "guard", NOTICE_GUARD, make_guard },
	{ "empty", NOTICE_EMPTY, make_empty },
	{ "old", NOTICE_OLD, NULL },
	{ "challenge", NOTICE_CHALLENGE, make_challenge },
	{ "leaked", NOTICE_LEAKED, make_stranger },
	{ "held", NOTICE_HELD, make_held },
	{ "receipt", NOTICE_RECEIPT, make_receipt },
	{ "said", NOTICE_SAID, make_said },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static char *
file_read(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	char *s = arena_alloc(a, 1 << 16);

	if (f == NULL)
		return NULL;
	s[fread(s, 1, (1 << 16) - 1, f)] = '\0';
	fclose(f);
	return s;
}

static void
file_write(const char *path, const char *data, size_t n)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL)
		return;
	fwrite(data, 1, n, f);
	fclose(f);
}

static void
golden(struct arena *a, const char *path, const char *got, bool rewrite)
{
	const char *want;

	if (rewrite)
		file_write(path, got, strlen(got));
	want = file_read(a, path);
	test_ok(want != NULL && strcmp(got, want) == 0, "%s", path);
	if (want != NULL && strcmp(got, want) != 0)
		printf("# got:\n%s", got);
}

/* Made, and read again by our own parser. */
static const struct mail *
letter(struct arena *a, const struct notice *in, struct note_out *out)
{
	struct mail *m = arena_alloc(a, sizeof(*m));
	struct err e = { 0 };

	memset(out, 0, sizeof(*out));
	test_ok(
	    notice_make(a, in, out, &e) == 0, "a letter is made: %s", e.text);
	mail_parse(a, out->data, out->size, m);
	return m;
}

/* The row as a letter, in a language. */
static const struct mail *
row_letter(struct bench *b, const struct row *r, const char *language,
    struct note_out *out)
{
	struct notice in = full(b, r->kind);

	if (r->make != NULL)
		r->make(&in);
	b->ticket.assignee = r->kind == NOTICE_GONE ||
		r->kind == NOTICE_ESCALATED
	    ? "bob"
	    : "ana";
	b->conf->languages[0] = language;
	return letter(&b->arena, &in, out);
}

static void
test_golden(struct bench *b, bool rewrite, const char *folder)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct note_out out;
		const struct mail *m = row_letter(b, &rows[i], "en", &out);

		golden(&b->arena,
		    arena_printf(
			&b->arena, "tests/notice/%s.want", rows[i].name),
		    arena_printf(&b->arena, "From: %s\nSubject: %s\n\n%s",
			m->from_name, m->subject, out.text),
		    rewrite);
		if (folder != NULL)
			file_write(arena_printf(&b->arena, "%s/%s.eml", folder,
				       rows[i].name),
			    out.data, out.size);
	}
}

/* The first line of each kind, as a locked phone shows it. */
static void
test_languages(struct bench *b, bool rewrite)
{
	static const char *const languages[] = { "en", "de", "fr", "es" };

	for (size_t l = 0; l < sizeof(languages) / sizeof(languages[0]); l++) {
		const char *all = "";

		for (size_t i = 0; i < ROWS; i++) {
			struct note_out out;
			const struct mail *m = row_letter(
			    b, &rows[i], languages[l], &out);

			test_text(mail_field(m, "Content-Language"),
			    languages[l], "%s in %s", rows[i].name,
			    languages[l]);
			test_ok(strstr(out.text, "{{") == NULL &&
				strstr(out.text, "\n\n\n") == NULL &&
				strstr(out.text, "<>") == NULL,
			    "%s in %s has no holes", rows[i].name,
			    languages[l]);
			all = arena_printf(&b->arena, "%s%s\n   %s\n   %.*s\n",
			    all, rows[i].name, m->from_name,
			    (int)strcspn(out.text, "\n"), out.text);
		}
		golden(&b->arena,
		    arena_printf(
			&b->arena, "tests/notice/%s.want", languages[l]),
		    all, rewrite);
	}
	b->conf->languages[0] = "en";
}

static void
field_is(const struct mail *m, const char *name, const char *want)
{
	const char *got = mail_field(m, name);

	if (want == NULL)
		test_ok(got == NULL, "no %s", name);
	else
		test_text(got == NULL ? "" : got, want, "%s: %s", name, want);
}

/* MAIL 2, third column. */
static void
test_fields(struct bench *b)
{
	struct notice in = plain(b, NOTICE_NEW);
	struct note_out out;
	const struct mail *m;
	struct msgid_own own = { 0 };
	struct token t = { 0 };
	const char *token;

	in.from_name = "Maria Gomez";
	in.from_address = PERSON;
	in.text = "Hello";
	m = letter(&b->arena, &in, &out);
	test_text(m->from_name, "Maria Gomez via Example IT", "From name");
	test_text(m->from_addr, "support@example.com", "From is the desk's");
	test_text(out.recipient, "ana@example.com", "to Ana");
	test_text(
	    out.sender, "support@example.com", "a bounce comes back to us");
	field_is(m, "To", "Ana Silva <ana@example.com>");
	field_is(m, "Subject", "[EX-1042] VPN does not connect");
	field_is(m, "In-Reply-To", "<EX-1042.desk@example.com>");
	field_is(m, "References", "<EX-1042.desk@example.com>");
	field_is(m, "Thread-Topic", "[EX-1042] VPN does not connect");
	field_is(m, "Thread-Index", "AQHdHmCt3l0AAAAAQACAAAAAAAAEEgAACPQJ");
	field_is(m, "List-Id",
	    "\"Network & VPN tickets\" <network.support.example.com>");
	field_is(m, "Precedence", "list");
	field_is(m, "Auto-Submitted", "auto-generated");
	field_is(m, "X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN");
	field_is(m, "X-Deskd-Ticket", "EX-1042");
	field_is(m, "X-Deskd-Event", "assigned");
	field_is(m, "X-Deskd-Team", "network");
	field_is(m, "X-Deskd-Tier", "2");
	field_is(m, "X-Deskd-Type", "incident");
	field_is(m, "X-Deskd-Priority", "high");
	field_is(m, "X-Deskd-Category", "network/vpn");
	field_is(m, "X-Deskd-Status", "open");
	field_is(m, "X-Deskd-Due", NULL);
	field_is(m, "Importance", NULL);
	field_is(m, "X-Deskd-Hops", "1");
	test_ok(loop_is_ours(&b->arena, &b->keys, m), "is known again as ours");
	test_ok(msgid_own(&b->keys, "EX-", out.message_id, &own) &&
		own.ticket == 1042 && own.kind == 's' && own.serial == 9,
	    "Message-ID: %s", out.message_id);
	test_ok(m->reply_to_n == 1, "one Reply-To");
	test_text(m->reply_to[0].name, "EX-1042", "its name");
	token = token_of_address(
	    &b->arena, "support@example.com", m->reply_to[0].addr);
	test_ok(token != NULL && token_read(token, &t) &&
		token_proves(&b->keys, token, "example.com", "ana@example.com"),
	    "its token is for Ana");
	test_ok(t.purpose == TOKEN_AGENT && t.ticket == 1042 &&
		t.principal == 3 && t.sequence == 5 && t.day == token_day(NOW),
	    "and says what it is for");
}

static void
test_variants(struct bench *b)
{
	struct notice in = plain(b, NOTICE_NEW);
	struct note_out out;
	const struct mail *m;

	b->ticket.priority = PRIORITY_CRITICAL;
	b->ticket.assignee = "";
	b->ticket.team = "";
	b->ticket.category = "";
	m = letter(&b->arena, &in, &out);
	field_is(m, "Importance", "high");
	field_is(m, "X-Deskd-Event", "new");
	field_is(m, "X-Deskd-Team", NULL);
	field_is(m, "X-Deskd-Category", NULL);
	field_is(m, "List-Id", "\"Example IT tickets\" <support.example.com>");
	test_ok(strncmp(out.text,
		    "Nobody has it yet: answer Maria, or take it. Critical.\n",
		    55) == 0,
	    "nobody has it: %.20s", out.text);
	test_ok(strstr(out.text, "\"Take it\" <mailto:") != NULL &&
		strstr(out.text, "\"Not for us\"") == NULL,
	    "it can be taken, not given back");
	b->ticket.assignee = "bob";
	m = letter(&b->arena, &in, &out);
	test_ok(strncmp(out.text, "New, Bob has it. Critical.\n", 27) == 0,
	    "somebody else has it: %.20s", out.text);
	test_ok(strstr(out.text, "you watch") == NULL, "he does not watch");
	in.watcher = true;
	letter(&b->arena, &in, &out);
	test_ok(strstr(out.text, "because you watch") != NULL, "he does");
	in.kind = NOTICE_HANDED;
	b->ticket.assignee = "ana";
	m = letter(&b->arena, &in, &out);
	field_is(m, "X-Deskd-Event", "assigned");
	b->ticket.assignee = "";
	m = letter(&b->arena, &in, &out);
	field_is(m, "X-Deskd-Event", "handed");
	in.guid = NULL;
	m = letter(&b->arena, &in, &out);
	field_is(m, "Thread-Index", NULL);
	b->ticket.priority = PRIORITY_HIGH;
	b->ticket.assignee = "ana";
	b->ticket.team = "network";
	b->ticket.category = "network/vpn";
}

/* Answers to held mail stand beside it, in the staff's thread all the same. */
static void
test_held(struct bench *b)
{
	struct notice in = full(b, NOTICE_COMMAND);
	struct note_out out;
	const struct mail *m = letter(&b->arena, &in, &out);
	struct token t = { 0 };
	char *token;

	field_is(m, "In-Reply-To", "<abc.1@mail.example.com>");
	field_is(m, "References", "<EX-1042.desk@example.com>");
	field_is(m, "X-Deskd-Event", "held.command");
	in = full(b, NOTICE_CHALLENGE);
	m = letter(&b->arena, &in, &out);
	token = token_of_address(
	    &b->arena, "support@example.com", m->reply_to[0].addr);
	test_ok(token != NULL && token_read(token, &t) &&
		t.purpose == TOKEN_RELEASE && t.ticket == 17,
	    "a challenge releases one mail");
	b->ticket.number = 0;
	b->ticket.subject = "Who am I?";
	in.held = 18;
	m = letter(&b->arena, &in, &out);
	field_is(m, "Subject", "[held-18] Who am I?");
	field_is(m, "X-Deskd-Ticket", NULL);
	field_is(m, "Thread-Index", NULL);
	test_ok(m->reply_to_n == 1, "without a ticket, too");
	b->ticket.number = 1042;
	b->ticket.subject = "VPN does not connect";
}

static enum token_purpose
purpose(struct bench *b, const struct notice *in)
{
	struct note_out out;
	const struct mail *m = letter(&b->arena, in, &out);
	struct token t = { 0 };
	const char *token = m->reply_to_n == 0
	    ? NULL
	    : token_of_address(
		  &b->arena, "support@example.com", m->reply_to[0].addr);

	return token != NULL && token_read(token, &t) ? t.purpose : 0;
}

static void
test_purposes(struct bench *b)
{
	struct notice in;

	for (int k = 0; k < NOTICE_KINDS; k++) {
		bool inside = k == NOTICE_STRANGER || k == NOTICE_ESCALATED;
		bool release = k == NOTICE_CHALLENGE || k == NOTICE_HELD;

		in = full(b, (enum notice_kind)k);
		test_ok(purpose(b, &in) ==
			(inside           ? TOKEN_NOTE
				: release ? TOKEN_RELEASE
					  : TOKEN_AGENT),
		    "what an answer to kind %d may become", k);
		in.to = NULL;
		test_ok(purpose(b, &in) == (release ? TOKEN_RELEASE : 0),
		    "an admin has no token of a ticket (%d)", k);
	}
	in = full(b, NOTICE_COLLEAGUE);
	in.note = true;
	test_ok(
	    purpose(b, &in) == TOKEN_NOTE, "the answer to a note is a note");
}

static void
test_modes(struct bench *b)
{
	struct notice in = full(b, NOTICE_NEW);
	struct note_out out;
	const struct mail *m;

	b->conf->tickets.tokens = TOKENS_NONE;
	m = letter(&b->arena, &in, &out);
	test_ok(m->reply_to_n == 0, "without plus addresses no Reply-To");
	test_ok(strstr(out.text,
		    "<mailto:support@example.com?subject=%5BEX-1042%5D%20"
		    "resolve%20~") != NULL &&
		strstr(out.text, "support%2B") == NULL,
	    "and the buttons have a mark in the subject");
	b->conf->tickets.tokens = TOKENS_CATCH_ALL;
	b->conf->tickets.token_domain = "help.example.com";
	m = letter(&b->arena, &in, &out);
	test_ok(m->reply_to_n == 1 &&
		strcmp(m->reply_to[0].addr + TOKEN_CHARS,
		    "@help.example.com") == 0,
	    "a domain for tokens");
	b->conf->tickets.tokens = TOKENS_PLUS;
	b->conf->tickets.commands = COMMANDS_OFF;
	letter(&b->arena, &in, &out);
	test_ok(strstr(out.text, "mailto:") == NULL &&
		strstr(out.text, "#note") == NULL &&
		strstr(out.text, "ANSWER: reply") != NULL,
	    "no commands, no buttons");
	b->conf->tickets.commands = COMMANDS_LEADS;
	letter(&b->arena, &in, &out);
	test_ok(strstr(out.text, "mailto:") == NULL, "Ana leads nobody");
	in.to = &agents[1];
	letter(&b->arena, &in, &out);
	test_ok(strstr(out.text, "mailto:") != NULL, "Bob does");
	b->conf->tickets.commands = COMMANDS_AGENTS;
}

/* Each link of a text: escaped, short, ours, with a token that proves. */
static void
test_buttons(struct bench *b)
{
	size_t n = 0;

	for (size_t i = 0; i < ROWS; i++) {
		struct note_out out;
		const char *p;

		row_letter(b, &rows[i], "en", &out);
		for (p = out.text; (p = strstr(p, "<mailto:")) != NULL; n++) {
			size_t k = strcspn(++p, ">");
			char *link = arena_strndup(&b->arena, p, k);
			char *token = arena_strndup(
			    &b->arena, link + 17, TOKEN_CHARS);

			test_ok(k < 1500 &&
				strspn(link + 7,
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				    "mnopqrstuvwxyz0123456789-._~%@?=&") ==
				    k - 7,
			    "%s: plain characters", rows[i].name);
			test_ok(strncmp(link, "mailto:support%2B", 17) == 0 &&
				token_proves(&b->keys, token, "example.com",
				    rows[i].kind == NOTICE_HELD
					? "root@example.com"
					: "ana@example.com"),
			    "%s: a token of the reader", rows[i].name);
		}
	}
	test_ok(n > 30, "%zu buttons", n);
}

/* One-line values that want to be more than that. */
static void
test_hostile(struct bench *b)
{
	static const char *const evil[] = {
		"x\r\nBcc: evil@evil.example\r\n\r\nbody",
		"{{ticket.tag}}{{#text}}{{/text}}{{",
		"\xe2\x80\xaegpj.exe\xe2\x81\xa6\xef\xbb\xbf",
		"-- reply above this line (ref 0000-0000) --",
		"<script>alert(1)</script>\" <mailto:evil@evil.example>",
		"\x01\x02\x7f%s%n\xff\xfe",
	};
	char *many = arena_alloc(&b->arena, 10001);

	memset(many, 'x', 10000);
	many[10000] = '\0';
	for (size_t i = 0; i <= sizeof(evil) / sizeof(evil[0]); i++) {
		const char *bad = i < sizeof(evil) / sizeof(evil[0]) ? evil[i]
								     : many;

		for (size_t r = 0; r < ROWS; r++) {
			struct notice in = full(b, rows[r].kind);
			const char *const lines[] = { bad, bad };
			const struct notice_line told[] = { { NOW, bad, bad,
			    bad, true } };
			const struct compose_part part = { .name = bad,
				.type = "text/plain",
				.data = "x",
				.size = 1 };
			struct note_out out;
			const struct mail *m;

			b->ticket.subject = bad;
			b->ticket.requester_name = bad;
			in.from_name = in.text = in.problem = in.title = bad;
			in.meant[0] = in.parts_left = bad;
			in.whys = in.done = lines;
			in.whys_n = in.done_n = 2;
			in.before = in.thread = told;
			in.before_n = in.thread_n = 1;
			in.parts = &part;
			in.parts_n = 1;
			m = letter(&b->arena, &in, &out);
			test_ok(mail_field(m, "Bcc") == NULL &&
				m->from_addr != NULL &&
				strcmp(m->from_addr, "support@example.com") ==
				    0 &&
				strncmp(m->subject, "[EX-1042]", 9) == 0,
			    "%s %zu: the header is ours", rows[r].name, i);
			test_ok(utf8_valid(out.text, strlen(out.text)) &&
				strstr(out.text, "\xe2\x80\xae") == NULL &&
				strchr(out.text, '\r') == NULL &&
				strstr(out.text,
				    "\n-- reply above this line (ref ") != NULL,
			    "%s %zu: the text is, too", rows[r].name, i);
		}
	}
	b->ticket.subject = "VPN does not connect";
	b->ticket.requester_name = "Maria Gomez";
}

/* What was written comes out as it was; only far too much is cut. */
static void
test_text_kept(struct bench *b)
{
	static const char text[] = "a  b\n\n    $ ip route | grep {{x}}\n"
				   "> quoted\n-- reply above this line (ref\n"
				   "1. one";
	struct notice in = full(b, NOTICE_ANSWERED);
	char *many = arena_alloc(&b->arena, 2000001), *line = many;
	struct note_out out;

	in.text = text;
	letter(&b->arena, &in, &out);
	test_ok(strstr(out.text, text) != NULL, "untouched");
	for (size_t i = 0; i < 200000; i++, line += 10)
		memcpy(line, "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \n", 10);
	*line = '\0';
	in.text = many;
	letter(&b->arena, &in, &out);
	test_ok(strlen(out.text) < 120000 &&
		utf8_valid(out.text, strlen(out.text)) &&
		strstr(out.text, "this is its beginning") != NULL,
	    "two million bytes are cut");
}

/* No text, however long its lines or however short, keeps a letter from being
 * made. */
static void
test_too_much(struct bench *b)
{
	static const char *const shapes[] = { "a\n", "\n", "x", "> ",
		"\xf0\x9f\x94\xa5\n" };
	struct notice_line told[60];

	for (size_t k = 0; k < sizeof(shapes) / sizeof(shapes[0]); k++) {
		size_t n = strlen(shapes[k]);
		char *many = arena_alloc(&b->arena, 70001 * n);

		for (size_t i = 0; i < 70000; i++)
			memcpy(many + i * n, shapes[k], n);
		many[(size_t)70000 * n] = '\0';
		for (size_t i = 0; i < 60; i++)
			told[i] = (struct notice_line){ NOW - 5, many, many,
				many, true };
		for (size_t i = 0; i < ROWS; i++) {
			struct notice in = full(b, rows[i].kind);
			struct note_out out;
			struct err e = { 0 };

			if (rows[i].make != NULL)
				rows[i].make(&in);
			in.text = in.from_name = in.problem = many;
			in.thread = in.before = told;
			in.thread_n = in.before_n = 60;
			test_ok(notice_make(&b->arena, &in, &out, &e) == 0,
			    "%s of much text %zu: %s", rows[i].name, k, e.text);
		}
	}
}

/* Behind the first line the cut line, at the end the mark: with one ref. */
static void
test_marks(struct bench *b)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct note_out out;
		const char *cut, *ref;
		size_t n;

		row_letter(b, &rows[i], "en", &out);
		cut = strchr(out.text, '\n') + 2;
		n = strlen(out.text);
		test_ok(strncmp(cut, GUARD_CUT, strlen(GUARD_CUT)) == 0,
		    "%s: the cut line stands below the first", rows[i].name);
		ref = arena_strndup(&b->arena, cut + strlen(GUARD_CUT), 9);
		test_ok(token_is_ref(&b->keys, ref), "its reference is ours");
		test_text(out.text + n - 26,
		    arena_printf(&b->arena, "\n%s ref %s\n", GUARD_MARK, ref),
		    "%s: the last line is a mark", rows[i].name);
	}
}

/* An answer whose program marks nothing of what it quotes: what we said is
 * taken off it all the same, and what is left is the agent's. */
static void
test_quoted(struct bench *b)
{
	static const char own[] = "Hello Maria,\n\nplease restart the client."
				  "\n\nAna";

	for (size_t i = 0; i < ROWS; i++) {
		struct note_out out;
		struct quote_input in = { .known = NULL };

		row_letter(b, &rows[i], "en", &out);
		in.known = out.text;
		in.text = arena_printf(&b->arena, "%s\n\n%s", own, out.text);
		test_text(quote_cut(&b->arena, &in, NULL), own,
		    "%s quoted without a mark", rows[i].name);
	}
}

/* What of a letter is below its first sentence does not pass the guard, from
 * whichever end it is quoted. */
static void
test_guarded(struct bench *b)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct note_out out;
		struct guard g = {
			.conf = b->conf, .keys = &b->keys, .agent = &agents[0]
		};
		struct guard_find find;
		const char *text, *half;

		row_letter(b, &rows[i], "en", &out);
		text = strstr(out.text, GUARD_CUT);
		half = arena_strndup(&b->arena, text, strlen(GUARD_CUT) + 13);
		g.text = arena_printf(&b->arena, "Hello\n\n> %s", half);
		guard_look(&b->arena, &g, &find);
		test_ok(find.what != NULL, "%s: its beginning is held: %s",
		    rows[i].name, find.what == NULL ? "no" : find.what);
		g.text = arena_printf(
		    &b->arena, "Hello\n\n%s", out.text + strlen(out.text) - 25);
		guard_look(&b->arena, &g, &find);
		test_ok(find.what != NULL, "%s: its end is held: %s",
		    rows[i].name, find.what == NULL ? "no" : find.what);
	}
}

/* The formatting of the writer, inside what is ours. */
static void
test_rich(struct bench *b)
{
	struct notice in = full(b, NOTICE_NEW);
	struct note_out out;
	const struct mail *m;
	const char *html;
	struct err e = { 0 };

	in.text = "Hello Ana";
	in.rich = "<p>Hello <b>Ana</b></p>";
	m = letter(&b->arena, &in, &out);
	test_ok(strstr(m->text, "Hello Ana\n   -- Maria") != NULL,
	    "the text part has the text");
	html = out.data;
	test_ok(strstr(html, "<div><p>Hello <b>Ana</b></p></div>") != NULL &&
		strstr(html, "text XW62") == NULL &&
		strstr(html, "reply above this line") != NULL,
	    "the HTML part has it as it was formatted");
	in.text = "";
	test_ok(notice_make(&b->arena, &in, &out, &e) == 0 &&
		strstr(out.data, "<b>Ana") == NULL,
	    "no text, no formatting");
}

static void
test_double(struct bench *b)
{
	struct notice in = full(b, NOTICE_NEW);
	struct note_out out;
	const struct mail *m;

	in.from_name = "ANA SILVA";
	m = letter(&b->arena, &in, &out);
	test_text(m->from_name, "ANA SILVA (external) via Example IT",
	    "a stranger with an agent's name");
	in.from_address = "ana@example.com";
	m = letter(&b->arena, &in, &out);
	test_text(m->from_name, "ANA SILVA via Example IT", "the agent");
}

static void
test_thread_index(struct arena *a)
{
	static const char want[] = "AQHdHmCt3l0AAAAAQACAAAAAAAAEEg==";
	char *root = thread_index_root(a, guid, 1785222846);

	test_text(root, want, "the root of MAIL 1");
	test_text(thread_index_child(a, root, 1785222846 + 60, 0),
	    "AQHdHmCt3l0AAAAAQACAAAAAAAAEEgAACPQA", "its child");
}

int
main(int argc, char **argv)
{
	bool rewrite = argc > 1 && strcmp(argv[1], "--want") == 0;
	const char *folder = argc > 2 && strcmp(argv[1], "--mail") == 0
	    ? argv[2]
	    : NULL;
	struct bench b;

	bench_open(&b);
	test_thread_index(&b.arena);
	test_golden(&b, rewrite, folder);
	test_languages(&b, rewrite);
	test_fields(&b);
	test_variants(&b);
	test_held(&b);
	test_purposes(&b);
	test_modes(&b);
	test_buttons(&b);
	test_hostile(&b);
	test_text_kept(&b);
	test_too_much(&b);
	test_marks(&b);
	test_quoted(&b);
	test_guarded(&b);
	test_rich(&b);
	test_double(&b);
	arena_done(&b.arena);
	return test_end();
}
