/* What agents' commands do to a ticket, and taking it back. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "store/match.h"
#include "store/outbox.h"
#include "store/tickets.h"
#include "store/undo.h"
#include "tests/test.h"

#define NOW INT64_C(1800000000)

static char dir[] = "/tmp/deskd-undo-XXXXXX";
static struct db *db;
static struct err e;
static struct arena a;
static int64_t clock_ = NOW;

static void
must(int rc, const char *what)
{
	if (rc == -1) {
		test_ok(0, "%s: %s", what, e.text);
		exit(test_end());
	}
}

static int64_t
number(const char *sql, int64_t one)
{
	int64_t v = -1;

	must(db_number(db, &v, NULL, &e, sql, "i", one), sql);
	return v;
}

static int
apply_mail(struct decision *d, const struct mail *m, int64_t *message)
{
	struct origin o = { .mail = m, .received = ++clock_ };
	int rc;

	o.raw = m == NULL ? 0 : number("SELECT ?", 1);
	must(db_begin(db, &e), "begin");
	rc = tickets_apply(db, d, m == NULL ? NULL : &o, ++clock_, &e);
	if (rc == -1)
		db_rollback(db);
	else
		must(db_commit(db, &e), "commit");
	if (message != NULL)
		*message = o.message;
	return rc;
}

static int
apply(struct decision *d)
{
	return apply_mail(d, NULL, NULL);
}

static struct ticket
load(int64_t nr)
{
	struct ticket t;

	must(tickets_load(db, &a, nr, &t, &e), "load");
	return t;
}

static struct decision
act_of(const char *who, int64_t nr)
{
	struct decision d;

	decision_init(&d, &a, nr, who);
	d.act = true;
	return d;
}

static int64_t
new_ticket(const char *subject, const char *address, const char *name)
{
	struct decision d;

	decision_init(&d, &a, 0, "mail");
	decision_add(&d, CHANGE_NEW, 0, subject, "a test");
	decision_add(&d, CHANGE_REQUESTER, 0, address, "a test")->text2 = name;
	decision_add(&d, CHANGE_PARTICIPANT, ROLE_REQUESTER, address, NULL)
	    ->text2 = name;
	decision_add(&d, CHANGE_TEAM, 0, "desk", "a test");
	must(apply(&d), "new");
	return d.ticket;
}

/* What who did last, taken back; the number of changes. */
static struct undo
undo(int64_t nr, const char *who)
{
	struct decision d;
	struct undo u;

	must(db_begin(db, &e), "begin");
	must(undo_find(db, &a, &(struct undo_ask){ nr, who, NOW }, &d, &u, &e),
	    "find");
	if (u.act != 0)
		must(tickets_apply(db, &d, NULL, ++clock_, &e), "undo");
	must(db_commit(db, &e), "commit");
	return u;
}

static bool
has(int64_t nr, const char *sql, const char *text)
{
	int64_t one;
	bool found = false;

	must(db_number(db, &one, &found, &e, sql, "it", nr, text), sql);
	return found;
}

#define HAS_TAG  "SELECT 1 FROM tag WHERE ticket = ? AND tag = ?"
#define HAS_PART "SELECT 1 FROM participant WHERE ticket = ? AND address = ?"
#define HAS_LINK "SELECT 1 FROM link WHERE ticket = ? AND kind = ?"

static size_t
found(const char *words)
{
	struct search s = { words, true, 10 };
	struct hit *hits;
	size_t n;

	must(search_messages(db, &a, &s, &hits, &n, &e), "search");
	return n;
}

/* Everything that a row of the ticket has. */
static bool
same_fields(const struct ticket *x, const struct ticket *y)
{
	return x->type == y->type && x->status == y->status &&
	    x->impact == y->impact && x->urgency == y->urgency &&
	    x->priority == y->priority && x->pinned == y->pinned &&
	    x->tier == y->tier && x->until == y->until &&
	    x->nudge == y->nudge && x->end == y->end &&
	    x->resolved == y->resolved && x->closed == y->closed &&
	    x->merged_into == y->merged_into &&
	    strcmp(x->subject, y->subject) == 0 &&
	    strcmp(x->category, y->category) == 0 &&
	    strcmp(x->team, y->team) == 0 &&
	    strcmp(x->assignee, y->assignee) == 0 &&
	    strcmp(x->requester, y->requester) == 0 &&
	    strcmp(x->requester_name, y->requester_name) == 0 &&
	    strcmp(x->language, y->language) == 0;
}

static const struct one {
	const char *name;
	enum change_kind kind;
	int64_t value;
	const char *text;
} ones[] = {
	{ "status", CHANGE_STATUS, STATUS_ON_HOLD, NULL },
	{ "type", CHANGE_TYPE, TYPE_PROBLEM, NULL },
	{ "impact", CHANGE_IMPACT, LEVEL_HIGH, NULL },
	{ "urgency", CHANGE_URGENCY, LEVEL_LOW, NULL },
	{ "priority", CHANGE_PRIORITY, PRIORITY_CRITICAL, "pinned" },
	{ "priority, only pinned", CHANGE_PRIORITY, PRIORITY_NORMAL, "pinned" },
	{ "category", CHANGE_CATEGORY, 0, "network/vpn" },
	{ "team", CHANGE_TEAM, 0, "network" },
	{ "tier", CHANGE_TIER, 3, NULL },
	{ "assignee", CHANGE_ASSIGNEE, 0, "bob" },
	{ "requester", CHANGE_REQUESTER, 0, "eve@example.org" },
	{ "subject", CHANGE_SUBJECT, 0, "Another" },
	{ "language", CHANGE_LANGUAGE, 0, "de" },
	{ "until", CHANGE_UNTIL, NOW + 86400, NULL },
	{ "nudge", CHANGE_NUDGE, NOW + 1800, NULL },
	{ "end", CHANGE_END, NOW + 864000, NULL },
};

static void
test_fields(void)
{
	int64_t nr = new_ticket("Fields", "maria@example.org", "Maria");
	struct decision d = act_of("agent ana", nr);
	struct ticket before, after, back;

	decision_add(&d, CHANGE_STATUS, STATUS_WAITING, NULL, "#wait");
	decision_add(&d, CHANGE_UNTIL, NOW + 7200, NULL, "#wait");
	decision_add(&d, CHANGE_NUDGE, NOW + 3600, NULL, "#wait");
	must(apply(&d), "wait");
	before = load(nr);
	test_ok(before.until == NOW + 7200 && before.nudge == NOW + 3600 &&
		before.end == 0,
	    "moments are read back");
	for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]); i++) {
		const struct one *o = &ones[i];
		struct undo u;

		d = act_of("agent ana", nr);
		decision_add(&d, o->kind, o->value, o->text, "a test");
		must(apply(&d), o->name);
		after = load(nr);
		test_ok(!same_fields(&before, &after), "%s is set", o->name);
		u = undo(nr, "agent ana");
		back = load(nr);
		test_ok(
		    u.act != 0 && u.kept_n == 0 && same_fields(&before, &back),
		    "%s is as it was", o->name);
	}
	d = act_of("agent ana", nr);
	decision_add(&d, CHANGE_STATUS, STATUS_RESOLVED, NULL, "#resolve");
	must(apply(&d), "resolve");
	after = load(nr);
	test_ok(after.until == 0 && after.nudge == 0,
	    "the moments of waiting go with it");
	undo(nr, "agent ana");
	back = load(nr);
	test_ok(same_fields(&before, &back), "and come back with it");
	d = act_of("agent ana", nr);
	decision_add(&d, CHANGE_STATUS, STATUS_ON_HOLD, NULL, "#hold 2d");
	decision_add(&d, CHANGE_UNTIL, NOW + 99, NULL, "#hold 2d");
	must(apply(&d), "hold");
	after = load(nr);
	test_ok(after.until == NOW + 99 && after.nudge == 0,
	    "another kind of waiting has its own");
}

static void
test_parts(void)
{
	int64_t nr = new_ticket("Parts", "maria@example.org", "Maria");
	int64_t other = new_ticket("Other", "jo@example.org", "Jo");
	struct decision d = act_of("agent ana", nr);

	decision_add(&d, CHANGE_TAG, 0, "vpn", "#tag");
	decision_add(
	    &d, CHANGE_PARTICIPANT, ROLE_WATCHER, "bob@example.com", "#watch")
	    ->text2 = "Bob";
	decision_add(&d, CHANGE_LINK, other, "related", "#link");
	decision_add(&d, CHANGE_TIME, 1200, NULL, "#time 20m");
	must(apply(&d), "parts");
	test_ok(has(nr, HAS_TAG, "vpn") &&
		has(nr, HAS_PART, "bob@example.com") &&
		has(nr, HAS_LINK, "related") &&
		number("SELECT sum(ref) FROM event WHERE ticket = ?"
		       " AND what = 'time'",
		    nr) == 1200,
	    "tag, watcher, link and time are there");
	undo(nr, "agent ana");
	test_ok(!has(nr, HAS_TAG, "vpn") &&
		!has(nr, HAS_PART, "bob@example.com") &&
		!has(nr, HAS_LINK, "related") &&
		number("SELECT sum(ref) FROM event WHERE ticket = ?"
		       " AND what = 'time'",
		    nr) == 0,
	    "and gone again");
	d = act_of("cli root", nr);
	decision_add(&d, CHANGE_TAG, 0, "old", NULL);
	decision_add(&d, CHANGE_PARTICIPANT, ROLE_CC, "cy@example.com", NULL);
	decision_add(&d, CHANGE_LINK, other, "problem-of", NULL);
	must(apply(&d), "parts");
	d = act_of("agent ana", nr);
	decision_add(&d, CHANGE_UNTAG, 0, "old", "#untag");
	decision_add(&d, CHANGE_PARTICIPANT_GONE, 0, "cy@example.com", "#uncc");
	decision_add(&d, CHANGE_UNLINK, other, "problem-of", NULL);
	must(apply(&d), "less");
	test_ok(!has(nr, HAS_TAG, "old") &&
		!has(nr, HAS_PART, "cy@example.com") &&
		!has(nr, HAS_LINK, "problem-of"),
	    "untag, uncc and unlink");
	undo(nr, "agent ana");
	test_ok(has(nr, HAS_TAG, "old") && has(nr, HAS_LINK, "problem-of") &&
		has(nr,
		    "SELECT 1 FROM participant WHERE ticket = ?"
		    " AND address = ? AND role = 'cc'",
		    "cy@example.com"),
	    "and all of it back, in the role it had");
	d = act_of("agent ana", nr);
	decision_add(&d, CHANGE_UNTAG, 0, "never", "#untag");
	decision_add(&d, CHANGE_UNLINK, other, "related", NULL);
	must(apply(&d), "nothing");
	test_ok(number("SELECT count(*) FROM event WHERE ticket = ?"
		       " AND new IS NULL AND old IN ('never', '1002')"
		       " AND who = 'agent ana' AND what = 'related'"
		       " AND act > 3",
		    nr) == 0,
	    "what is not there leaves no line");
}

static void
test_changed_since(void)
{
	int64_t nr = new_ticket("Since", "maria@example.org", "Maria");
	struct decision d = act_of("agent ana", nr);
	struct undo u;

	decision_add(
	    &d, CHANGE_PRIORITY, PRIORITY_HIGH, "pinned", "#priority high");
	decision_add(&d, CHANGE_CATEGORY, 0, "network", "#category network");
	must(apply(&d), "ana");
	d = act_of("agent dieter", nr);
	decision_add(&d, CHANGE_PRIORITY, PRIORITY_LOW, "pinned", "#p low");
	must(apply(&d), "dieter");
	u = undo(nr, "agent ana");
	test_ok(load(nr).priority == PRIORITY_LOW && load(nr).pinned,
	    "what somebody else has set since stays");
	test_ok(u.kept_n == 1 &&
		strcmp(u.kept[0], "priority: dieter has set it since") == 0,
	    "and is named: %s", u.kept_n > 0 ? u.kept[0] : "nothing");
	test_text(load(nr).category, "", "the rest is taken back");
	d = act_of("agent ana", nr);
	decision_add(&d, CHANGE_STATUS, STATUS_WAITING, NULL, "#wait");
	decision_add(&d, CHANGE_UNTIL, NOW + 7200, NULL, "#wait 2h");
	must(apply(&d), "wait");
	d = act_of("agent ana", nr);
	decision_add(&d, CHANGE_STATUS, STATUS_RESOLVED, NULL, "#resolve");
	must(apply(&d), "resolve");
	decision_init(&d, &a, nr, "mail");
	decision_add(&d, CHANGE_STATUS, STATUS_OPEN, NULL, "wrote again");
	must(apply(&d), "open");
	u = undo(nr, "agent ana");
	test_ok(load(nr).status == STATUS_OPEN && load(nr).until == 0 &&
		u.kept_n == 1 &&
		strcmp(u.kept[0], "status: a mail has set it since") == 0,
	    "a mail changed it, its moments do not come back without it");
}

static struct mail
mail(const char *from, const char *id, const char *text)
{
	char *raw = arena_printf(&a,
	    "From: %s\nTo: desk@example.com\nSubject: VPN\n"
	    "Message-ID: <%s>\nDate: Tue, 28 Jul 2026 09:14:06 +0200\n"
	    "\n%s\n",
	    from, id, text);
	struct mail m;

	mail_parse(&a, raw, strlen(raw), &m);
	return m;
}

static void
test_order(void)
{
	int64_t nr = new_ticket("Order", "maria@example.org", "Maria");
	static const char *const who = "agent ana";
	struct decision d;
	struct undo u;
	struct mail m;

	for (int i = 2; i <= 4; i++) {
		d = act_of(who, nr);
		decision_add(&d, CHANGE_TIER, i, NULL, "#tier");
		must(apply(&d), "tier");
	}
	d = act_of("agent bob", nr);
	decision_add(&d, CHANGE_TAG, 0, "bob", "#tag");
	must(apply(&d), "tag");
	undo(nr, who);
	test_ok(load(nr).tier == 3 && has(nr, HAS_TAG, "bob"),
	    "the last one of ana, not of bob");
	undo(nr, who);
	test_ok(load(nr).tier == 2, "twice goes one further back");
	undo(nr, who);
	test_ok(load(nr).tier == 1, "and again");
	u = undo(nr, who);
	test_ok(u.act == 0 && load(nr).tier == 1,
	    "then there is nothing: an undo is not undone");
	d = act_of(who, nr);
	decision_add(&d, CHANGE_TIER, 2, NULL, "#tier");
	must(apply(&d), "tier");
	must(undo_find(
		 db, &a, &(struct undo_ask){ nr, who, clock_ + 1 }, &d, &u, &e),
	    "find");
	test_ok(u.act == 0 && d.n == 0, "too long ago is not offered");
	must(undo_find(db, &a, &(struct undo_ask){ nr, "agent eve", NOW }, &d,
		 &u, &e),
	    "find");
	test_ok(u.act == 0, "what others did is not offered");
	u = undo(nr, who);
	test_ok(u.act != 0 && load(nr).tier == 1, "a new act can be undone");
	d = act_of(who, nr);
	decision_add(&d, CHANGE_TIER, 2, NULL, "#tier");
	must(apply(&d), "tier");
	d = act_of(who, nr);
	decision_add(&d, CHANGE_MESSAGE, DIRECTION_NOTE, NULL, "#why")->text2 =
	    "command";
	m = mail("ana@example.com", "w1@example.com", "#why");
	must(apply_mail(&d, &m, NULL), "why");
	u = undo(nr, who);
	test_ok(u.act != 0 && load(nr).tier == 1,
	    "a mail that only asked is passed over");
	d = act_of(who, nr);
	decision_add(&d, CHANGE_EVENT, 0, "escalated", "#escalate");
	must(apply(&d), "escalate");
	u = undo(nr, who);
	test_ok(u.kept_n == 1 &&
		strcmp(u.kept[0], "escalated: that cannot be taken back") == 0,
	    "what was said to the lead was said");
}

/* Letters. */

static struct letter *
letter(enum letter_kind kind, const char *to)
{
	struct letter *l = arena_calloc(&a, 1, sizeof(*l));

	l->kind = kind;
	l->sender = "";
	l->recipient = to;
	l->message_id = arena_printf(&a, "EX-1.%s@desk.example.com", to);
	l->data = "From: a\r\n\r\nhello\r\n";
	l->size = 18;
	l->created = clock_;
	return l;
}

static void
add_letter(struct decision *d, enum letter_thread thread, struct letter *l,
    const char *text)
{
	decision_add(d, CHANGE_LETTER, thread, text, "a test")->letter = l;
}

/* An answer of ana to the requester and a copy; its message. */
static int64_t
answer(int64_t nr, const char *text)
{
	struct decision d = act_of("agent ana", nr);
	struct mail m = mail("Ana <ana@example.com>",
	    arena_printf(&a, "%s@example.com", text), "> old words of others");
	struct letter *bob = letter(LETTER_NOTIFY, "bob@example.com");
	int64_t id = 0;

	bob->agent = "bob";
	bob->revision = 7;
	decision_add(&d, CHANGE_MESSAGE, DIRECTION_OUT, text, "answered");
	add_letter(&d, THREAD_REQUESTER,
	    letter(LETTER_REPLY, "maria@example.org"), text);
	add_letter(
	    &d, THREAD_NONE, letter(LETTER_REPLY, "cc@example.org"), NULL);
	add_letter(&d, THREAD_STAFF, bob, NULL);
	decision_add(&d, CHANGE_STATUS, STATUS_WAITING, NULL, "answered");
	must(apply_mail(&d, &m, &id), "answer");
	return id;
}

static void
test_letters(void)
{
	int64_t nr = new_ticket("Letters", "maria@example.org", "Maria");
	struct message *list;
	struct letter *out;
	struct ticket t;
	struct undo u;
	size_t n;
	int64_t id = answer(nr, "Quokka restarts");

	t = load(nr);
	test_ok(t.serial == 1 && t.staff_serial == 1 && t.revision == 1,
	    "each thread counts for itself, a copy takes no number");
	must(messages_list(db, &a, nr, &list, &n, &e), "messages");
	test_ok(n == 1 && list[0].id == id && list[0].letter != 0 &&
		strcmp(list[0].direction, "out") == 0,
	    "the agent's mail and its letter are one entry");
	test_text(list[0].text, "Quokka restarts", "of what went out");
	test_text(list[0].sender, "ana@example.com", "by her");
	test_text(list[0].sender_name, "Ana", "with her name");
	must(outbox_list(db, &a, "pending", &out, &n, &e), "outbox");
	test_ok(n == 3 && out[0].thread == THREAD_REQUESTER &&
		out[0].serial == 1 && out[1].thread == THREAD_NONE &&
		out[2].thread == THREAD_STAFF && out[2].serial == 1 &&
		out[2].revision == 7,
	    "letters know their thread");
	test_text(out[2].agent, "bob", "and whose they are");
	test_ok(list[0].letter == out[0].id && found("quokka") == 1,
	    "the entry has the requester's letter and is found");
	u = undo(nr, "agent ana");
	test_ok(u.letter && !u.too_late, "in time the answer is taken back");
	test_ok(number("SELECT count(*) FROM outbox WHERE ticket = ?"
		       " AND state = 'dropped'",
		    nr) == 3,
	    "with its copies");
	must(messages_list(db, &a, nr, &list, &n, &e), "messages");
	test_ok(n == 1 && strcmp(list[0].class, "withdrawn") == 0 &&
		list[0].text[0] == '\0' && list[0].new_text[0] == '\0',
	    "the entry stays without its words");
	test_ok(found("quokka") == 0, "and is not found");
	test_ok(load(nr).status == STATUS_OPEN, "the status is as it was");
	answer(nr, "Wombat restarts");
	must(outbox_list(db, &a, "pending", &out, &n, &e), "outbox");
	must(db_begin(db, &e), "begin");
	must(outbox_sent(db, out[0].id, clock_, "250", &e), "sent");
	must(db_commit(db, &e), "commit");
	u = undo(nr, "agent ana");
	test_ok(u.too_late && u.letter,
	    "what left has left, a copy that waits is taken back");
	test_ok(found("wombat") == 1, "the answer stands");
	test_ok(load(nr).status == STATUS_OPEN, "the rest is taken back");
}

static void
test_letter_back(void)
{
	int64_t nr = new_ticket("Back", "maria@example.org", "Maria");
	struct decision d = act_of("agent ana", nr);
	int64_t id;

	add_letter(&d, THREAD_REQUESTER,
	    letter(LETTER_REPLY, "maria@example.org"), "Numbat");
	must(apply(&d), "letter");
	test_ok(found("numbat") == 1, "a letter without a mail is an entry");
	id = number("SELECT id FROM outbox WHERE ticket = ?", nr);
	must(db_begin(db, &e), "begin");
	must(outbox_unknown(db, id, clock_, "lost", &e), "unknown");
	must(db_commit(db, &e), "commit");
	decision_init(&d, &a, nr, "agent ana");
	decision_add(&d, CHANGE_LETTER_BACK, id, NULL, "#undo");
	test_ok(apply(&d) == -1 && e.kind == ERR_REJECT,
	    "what may have left is not taken back: %s", e.text);
	test_ok(found("numbat") == 1, "and nothing of it is done");
	decision_init(&d, &a, nr, "agent ana");
	decision_add(&d, CHANGE_LETTER_BACK, 4711, NULL, "#undo");
	test_ok(apply(&d) == -1 && e.kind == ERR_REJECT, "no such letter: %s",
	    e.text);
}

static void
test_notes(void)
{
	int64_t nr = new_ticket("Notes", "maria@example.org", "Maria");
	struct decision d = act_of("agent ana", nr);
	struct mail m = mail("ana@example.com", "n1@example.com",
	    "#note He is in Lisbon\n\n> the whole history");
	struct message *list;
	int64_t id;
	size_t n;

	decision_add(
	    &d, CHANGE_MESSAGE, DIRECTION_NOTE, "Capybara in Lisbon", "#note");
	must(apply_mail(&d, &m, &id), "note");
	test_ok(found("capybara") == 1 && found("history") == 0,
	    "only the words of the note are found");
	test_ok(load(nr).revision == 1, "a note is news");
	undo(nr, "agent ana");
	must(messages_list(db, &a, nr, &list, &n, &e), "messages");
	test_ok(n == 1 && strcmp(list[0].class, "withdrawn") == 0 &&
		list[0].text[0] == '\0' && found("capybara") == 0,
	    "withdrawn it is neither shown nor found");
	must(db_begin(db, &e), "begin");
	must(db_run(db, &e,
		 "INSERT INTO search_note(search_note)"
		 " VALUES('integrity-check')",
		 ""),
	    "the index agrees");
	must(db_commit(db, &e), "commit");
	decision_init(&d, &a, nr, "agent ana");
	decision_add(&d, CHANGE_WITHDRAW, id, NULL, "again");
	test_ok(
	    apply(&d) == -1 && e.kind == ERR_REJECT, "only once: %s", e.text);

	d = act_of("agent ana", nr);
	m = mail("ana@example.com", "n2@example.com", "#priority axolotl");
	decision_add(&d, CHANGE_MESSAGE, DIRECTION_NOTE, NULL, "commands")
	    ->text2 = "command";
	decision_add(&d, CHANGE_TIER, 2, NULL, "#tier 2");
	must(apply_mail(&d, &m, &id), "command");
	test_ok(found("axolotl") == 0 && load(nr).revision == 1,
	    "nothing but commands is not found and no news");
	undo(nr, "agent ana");
	test_ok(load(nr).tier == 1 &&
		number("SELECT count(*) FROM message WHERE id = ?"
		       " AND class = 'command'",
		    id) == 1,
	    "its entry is not taken back");

	d = act_of("cli root", nr);
	decision_add(&d, CHANGE_WORDS, DIRECTION_NOTE, "Tapir seen", NULL)
	    ->text2 = "root";
	must(apply(&d), "words");
	test_ok(found("tapir") == 1 && load(nr).revision == 2,
	    "words without a mail are a note, too");
	undo(nr, "cli root");
	test_ok(found("tapir") == 0, "and can be withdrawn");

	/* In one transaction: before the index was written. */
	must(db_begin(db, &e), "begin");
	d = act_of("cli root", nr);
	decision_add(&d, CHANGE_WORDS, DIRECTION_NOTE, "Dugong seen", NULL);
	must(tickets_apply(db, &d, NULL, ++clock_, &e), "words");
	id = number("SELECT max(id) FROM message WHERE ticket = ?", nr);
	decision_init(&d, &a, nr, "cli root");
	decision_add(&d, CHANGE_WITHDRAW, id, NULL, "at once");
	must(tickets_apply(db, &d, NULL, ++clock_, &e), "withdraw");
	must(db_commit(db, &e), "commit");
	test_ok(found("dugong") == 0, "withdrawn at once it is never found");
	must(db_begin(db, &e), "begin");
	must(db_run(db, &e,
		 "INSERT INTO search_note(search_note)"
		 " VALUES('integrity-check')",
		 ""),
	    "the index agrees");
	must(db_commit(db, &e), "commit");
}

/* Two tickets. */

static void
test_merge(void)
{
	int64_t one = new_ticket("One", "maria@example.org", "Maria");
	int64_t two = new_ticket("Two", "jo@example.org", "Jo");
	int64_t three = new_ticket("Three", "lee@example.org", "Lee");
	struct decision d = act_of("agent ana", one);
	struct mail m = mail("maria@example.org", "m1@example.org", "Hello");
	struct message *list;
	struct ticket before, t, u;
	size_t n;

	decision_add(&d, CHANGE_STATUS, STATUS_WAITING, NULL, "#wait");
	decision_add(&d, CHANGE_UNTIL, NOW + 7200, NULL, "#wait");
	must(apply(&d), "wait");
	decision_init(&d, &a, one, "mail");
	decision_add(&d, CHANGE_MESSAGE, DIRECTION_IN, NULL, NULL);
	must(apply_mail(&d, &m, NULL), "mail");
	before = load(one);
	d = act_of("agent ana", one);
	decision_add(&d, CHANGE_MERGE, two, NULL, "#merge");
	must(apply(&d), "merge");
	t = load(one);
	u = load(two);
	test_ok(t.status == STATUS_CLOSED && t.merged_into == two &&
		has(one, HAS_LINK, "merged-into"),
	    "merged it is closed and linked");
	test_ok(has(two,
		    "SELECT 1 FROM participant WHERE ticket = ?"
		    " AND address = ? AND role = 'cc'",
		    "maria@example.org"),
	    "its requester is copied in the other");
	test_ok(u.revision > before.revision && u.status == STATUS_OPEN,
	    "to answer the other one must have seen it");
	must(messages_list(db, &a, two, &list, &n, &e), "messages");
	test_ok(n == 1, "its mails are shown there");
	d = act_of("agent bob", two);
	decision_add(&d, CHANGE_MERGE, one, NULL, "#merge");
	test_ok(apply(&d) == -1 && e.kind == ERR_REJECT, "not in a circle: %s",
	    e.text);
	d = act_of("agent bob", one);
	decision_add(&d, CHANGE_MERGE, three, NULL, "#merge");
	test_ok(
	    apply(&d) == -1 && e.kind == ERR_REJECT, "not twice: %s", e.text);
	d = act_of("agent bob", two);
	decision_add(&d, CHANGE_UNMERGE, three, NULL, "#unmerge");
	test_ok(apply(&d) == -1 && e.kind == ERR_REJECT,
	    "what is not merged: %s", e.text);
	d = act_of("agent ana", one);
	decision_add(&d, CHANGE_UNMERGE, two, NULL, "#unmerge");
	must(apply(&d), "unmerge");
	t = load(one);
	test_ok(same_fields(&before, &t) &&
		!has(one, HAS_LINK, "merged-into") &&
		!has(two, HAS_PART, "maria@example.org"),
	    "unmerging is exact");
	must(messages_list(db, &a, two, &list, &n, &e), "messages");
	test_ok(n == 0, "its mails are its own again");
	undo(one, "agent ana");
	test_ok(load(one).merged_into == two, "undoing that merges again");
	/* Asked in the one that lives on, where the agent is now. */
	undo(two, "agent ana");
	t = load(one);
	test_ok(same_fields(&before, &t) &&
		!has(two, HAS_PART, "maria@example.org"),
	    "undoing the merge unmerges, from the other, too");
}

static void
test_merge_chain(void)
{
	int64_t one = new_ticket("One", "maria@example.org", "Maria");
	int64_t two = new_ticket("Two", "jo@example.org", "Jo");
	int64_t three = new_ticket("Three", "jo@example.org", "Jo");
	struct decision d = act_of("agent ana", two);

	decision_add(&d, CHANGE_MERGE, three, NULL, "#merge");
	must(apply(&d), "merge");
	test_ok(!has(three, HAS_PART, "cc"), "a requester is not copied twice");
	test_ok(number("SELECT count(*) FROM participant WHERE ticket = ?",
		    three) == 1,
	    "who asked in both is there once");
	d = act_of("agent ana", one);
	decision_add(&d, CHANGE_MERGE, two, NULL, "#merge");
	must(apply(&d), "merge");
	test_ok(load(one).merged_into == three,
	    "into a merged one is into the one that lives on");
	d = act_of("agent ana", one);
	decision_add(&d, CHANGE_MERGE, 4711, NULL, "#merge");
	test_ok(apply(&d) == -1 && e.kind == ERR_REJECT, "no such: %s", e.text);
}

static void
test_split(void)
{
	int64_t one = new_ticket("One", "maria@example.org", "Maria");
	struct decision d;
	struct mail m = mail("maria@example.org", "s1@example.org", "Printer");
	struct mail reply = mail("maria@example.org", "s2@example.org", "More");
	static struct desk_keys keys = { .have = { true } };
	static const struct desk_marks marks = { &keys, "EX-" };
	struct match_ask ask = { .mail = &reply, .marks = &marks };
	struct candidate *list;
	struct message *messages;
	int64_t id, two;
	struct undo u;
	size_t n;

	decision_init(&d, &a, one, "mail");
	decision_add(&d, CHANGE_MESSAGE, DIRECTION_IN, NULL, NULL);
	must(apply_mail(&d, &m, &id), "mail");
	two = new_ticket("Printer", "maria@example.org", "Maria");
	d = act_of("agent ana", two);
	decision_add(&d, CHANGE_MOVE, id, NULL, "#split");
	must(apply(&d), "move");
	must(messages_list(db, &a, two, &messages, &n, &e), "messages");
	test_ok(n == 1 && messages[0].id == id, "the mail is in the new one");
	must(messages_list(db, &a, one, &messages, &n, &e), "messages");
	test_ok(n == 0, "and no longer in the old one");
	reply.in_reply_to = "s1@example.org";
	must(match_candidates(db, &a, &ask, &list, &n, &e), "candidates");
	test_ok(
	    n == 1 && list[0].ticket.number == two, "answers to it follow it");
	test_ok(number("SELECT count(*) FROM event WHERE ticket = ?"
		       " AND what = 'message-to'",
		    one) == 1,
	    "both tickets know");
	u = undo(one, "agent ana");
	test_ok(u.act != 0 && u.kept_n == 1, "a split is not taken back: %s",
	    u.kept_n > 0 ? u.kept[0] : "");
	decision_init(&d, &a, two, "agent ana");
	decision_add(&d, CHANGE_MOVE, 4711, NULL, "#split");
	test_ok(apply(&d) == -1 && e.kind == ERR_REJECT, "no such mail: %s",
	    e.text);
}

static void
test_index(void)
{
	int64_t nr = new_ticket("Index", "maria@example.org", "Maria");
	uint8_t guid[TICKET_GUID], other[TICKET_GUID];
	int64_t got = -1, next = 0;

	must(tickets_guid(db, nr, guid, &e), "guid");
	must(tickets_guid(db, nr - 1, other, &e), "guid");
	test_ok(memcmp(guid, other, sizeof(guid)) != 0, "each has its own");
	must(tickets_by_guid(db, guid, &got, &e), "by guid");
	test_ok(got == nr, "a ticket is found by it");
	guid[15] ^= 1;
	must(tickets_by_guid(db, guid, &got, &e), "by guid");
	test_ok(got == 0, "a neighbour is not");
	must(tickets_next_number(db, &next, &e), "next");
	must(tickets_guid(db, next, guid, &e), "guid of the next");
	nr = new_ticket("Next", "maria@example.org", "Maria");
	must(tickets_by_guid(db, guid, &got, &e), "by guid");
	test_ok(got == nr, "it is known before the ticket is there");
}

int
main(void)
{
	char *cmd;

	if (mkdtemp(dir) == NULL)
		return 1;
	must(db_open(&db, dir, DB_CREATE, &e), "open");
	must(db_begin(db, &e), "begin");
	must(db_run(db, &e,
		 "INSERT INTO raw(hash, sha256, size, received)"
		 " VALUES(1, zeroblob(32), 1, 1)",
		 ""),
	    "raw");
	must(db_commit(db, &e), "commit");
	test_fields();
	test_parts();
	test_changed_since();
	test_order();
	test_letters();
	test_letter_back();
	test_notes();
	test_merge();
	test_merge_chain();
	test_split();
	test_index();
	db_close(db);
	arena_done(&a);
	if (asprintf(&cmd, "rm -rf %s", dir) > 0 && system(cmd) == 0)
		free(cmd);
	return test_end();
}
