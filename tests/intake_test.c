/* What becomes of a mail: loop guard, fate, decision.  No database. */
#include "rules/intake.h"
#include "tests/test.h"

static struct arena a;
static struct conf *conf;

struct fate_row {
	const char *name;
	enum mail_class class;
	const char *from;
	size_t hops;
	bool own;
	enum conf_lists lists;
	enum fate fate;
};

static const struct fate_row fates[] = {
	{ "a person", CLASS_HUMAN, "m@example.org", 3, false, LISTS_NEW,
	    FATE_TICKET },
	{ "our own mail", CLASS_HUMAN, "m@example.org", 3, true, LISTS_NEW,
	    FATE_LOOP },
	{ "a mail in circles", CLASS_HUMAN, "m@example.org", 51, false,
	    LISTS_NEW, FATE_LOOP },
	{ "no sender", CLASS_HUMAN, NULL, 1, false, LISTS_NEW, FATE_HELD },
	{ "our address as sender", CLASS_HUMAN, "Support+x@desk.example", 1,
	    false, LISTS_NEW, FATE_SILENT },
	{ "a delivery report", CLASS_DSN, NULL, 1, false, LISTS_NEW,
	    FATE_EVENT },
	{ "an out of office", CLASS_AUTO_REPLY, "m@example.org", 1, false,
	    LISTS_NEW, FATE_EVENT },
	{ "a read receipt", CLASS_RECEIPT, "m@example.org", 1, false, LISTS_NEW,
	    FATE_EVENT },
	{ "monitoring", CLASS_GENERATED, "nagios@example.org", 1, false,
	    LISTS_NEW, FATE_SILENT },
	{ "another desk", CLASS_PEER, "desk@example.org", 1, false, LISTS_NEW,
	    FATE_SILENT },
	{ "a list", CLASS_BULK, "l@example.org", 1, false, LISTS_NEW,
	    FATE_SILENT },
	{ "a list, held", CLASS_BULK, "l@example.org", 1, false, LISTS_HELD,
	    FATE_HELD },
	{ "a list, ignored", CLASS_BULK, "l@example.org", 1, false,
	    LISTS_IGNORE, FATE_FILED },
};

static void
test_fates(void)
{
	for (size_t i = 0; i < sizeof(fates) / sizeof(fates[0]); i++) {
		const struct fate_row *r = &fates[i];
		struct conf_mailbox mb = { .lists = r->lists };
		struct mail m = { .class = r->class,
			.from_addr = r->from,
			.received_n = r->hops };
		const char *why;

		test_ok(loop_fate(conf, &mb, &m, r->own, &why) == r->fate &&
			(r->fate == FATE_TICKET) == (why == NULL),
		    "fate of %s", r->name);
	}
}

struct ack_row {
	const char *name, *to;
	bool quiet, known;
	enum conf_ack ack;
	int64_t once_per;
	struct loop_counts n;
	bool goes;
};

#define TO "m@example.org"

static const struct ack_row acks[] = {
	{ "a plain mail", TO, false, false, ACK_ALL, 600, { 0 }, true },
	{ "silence asked for", TO, true, false, ACK_ALL, 600, { 0 }, false },
	{ "an address that cannot be", "m@exa mple", false, false, ACK_ALL, 600,
	    { 0 }, false },
	{ "ourselves", "support@desk.example", false, false, ACK_ALL, 600,
	    { 0 }, false },
	{ "a stranger where only known ones are answered", TO, false, false,
	    ACK_KNOWN, 600, { 0 }, false },
	{ "a known one there", TO, false, true, ACK_KNOWN, 600, { 0 }, true },
	{ "a moment after the last", TO, false, false, ACK_ALL, 600,
	    { .sender_since_once_per = 1 }, false },
	{ "19 today", TO, false, false, ACK_ALL, 600, { .sender_day = 19 },
	    true },
	{ "20 today", TO, false, false, ACK_ALL, 600, { .sender_day = 20 },
	    false },
	{ "10 mails of any kind today", TO, false, false, ACK_ALL, 600,
	    { .address_day = 10 }, false },
	{ "30 to the domain this hour", TO, false, false, ACK_ALL, 600,
	    { .domain_hour = 30 }, false },
	{ "30 to a free mailer", "m@gmail.com", false, false, ACK_ALL, 600,
	    { .domain_hour = 30 }, true },
	{ "60 in the last minute", TO, false, false, ACK_ALL, 600,
	    { .all_minute = 60 }, false },
	{ "1000 in the last hour", TO, false, false, ACK_ALL, 600,
	    { .all_hour = 1000 }, false },
	{ "no spacing at all", TO, false, false, ACK_ALL, 0,
	    { .sender_since_once_per = 1,
		.domain_hour = 99,
		.all_minute = 99,
		.all_hour = 9999 },
	    true },
	{ "no spacing, but a loop with one address", TO, false, false, ACK_ALL,
	    0, { .address_day = 10 }, false },
};

static void
test_acks(void)
{
	for (size_t i = 0; i < sizeof(acks) / sizeof(acks[0]); i++) {
		const struct ack_row *r = &acks[i];
		struct mail m = { .no_ack = r->quiet };
		const char *why;

		conf->tickets.acknowledge = r->ack;
		conf->tickets.once_per = r->once_per;
		why = loop_ack_refused(conf, &m, r->to, r->known, &r->n);
		test_ok((why == NULL) == r->goes, "acknowledging %s (%s)",
		    r->name, why == NULL ? "yes" : why);
	}
}

static const struct change *
find(const struct decision *d, enum change_kind kind)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].kind == kind)
			return &d->list[i];
	return NULL;
}

/* A mail to a ticket in some status: which status does it lead to? */
static void
move(const char *name, enum status from, const char *assignee, const char *text,
    int to)
{
	struct mail m = { .from_addr = TO, .text = text, .new_text = text };
	struct intake in = { .conf = conf,
		.mail = &m,
		.choice = { .how = THREAD_APPEND,
		    .ticket = {
			.number = 7, .status = from, .assignee = assignee } } };
	struct intake_result r;
	struct decision d;
	const struct change *c;

	decision_init(&d, &a, 0, "mail");
	intake_decide(&in, &d, &r, NULL);
	c = find(&d, CHANGE_STATUS);
	test_ok(d.ticket == 7 && strcmp(r.state, "append") == 0 &&
		(to < 0 ? c == NULL : c != NULL && c->value == to),
	    "%s", name);
}

static void
test_status(void)
{
	move("open stays", STATUS_OPEN, "", "more", -1);
	move("on-hold stays", STATUS_ON_HOLD, "ana", "more", -1);
	move("waiting goes on with its agent", STATUS_WAITING, "ana", "more",
	    STATUS_IN_PROGRESS);
	move("waiting without an agent opens", STATUS_WAITING, "", "more",
	    STATUS_OPEN);
	move("resolved opens again", STATUS_RESOLVED, "ana", "still broken",
	    STATUS_IN_PROGRESS);
	move("thanks closes", STATUS_RESOLVED, "ana", "Thanks, it works!",
	    STATUS_CLOSED);
	move("closed opens again", STATUS_CLOSED, "", "thanks", STATUS_OPEN);
}

static void
test_new(void)
{
	struct address cc[2] = { { "Jo", "JO@example.org" },
		{ "", "support@desk.example" } };
	struct mail m = { .from_addr = "M@Example.org",
		.from_name = "Maria",
		.subject = "VPN",
		.cc = cc,
		.cc_n = 2,
		.text = "",
		.new_text = "" };
	struct intake in = { .conf = conf, .mail = &m };
	struct intake_result r;
	const struct change *c;
	struct decision d;

	in.choice.why = "no ticket";
	decision_init(&d, &a, 0, "mail");
	intake_decide(&in, &d, &r, NULL);
	test_ok(strcmp(r.state, "new") == 0 && r.acknowledge &&
		d.list[0].kind == CHANGE_NEW,
	    "a new ticket, acknowledged");
	c = find(&d, CHANGE_REQUESTER);
	test_ok(c != NULL && strcmp(c->text, "m@example.org") == 0,
	    "its requester in lower case");
	c = find(&d, CHANGE_PARTICIPANT);
	test_ok(c != NULL && strcmp(c->text, "jo@example.org") == 0,
	    "who stands in Cc takes part, the desk does not");
	in.choice.how = THREAD_FOLLOW_UP;
	in.choice.ticket.number = 3;
	decision_init(&d, &a, 0, "mail");
	intake_decide(&in, &d, &r, NULL);
	c = find(&d, CHANGE_LINK);
	test_ok(c != NULL && c->value == 3 && d.ticket == 0,
	    "a follow-up is a new ticket with a link");
	in.choice.how = THREAD_NEW;
	in.flood = true;
	in.flood_ticket = 9;
	decision_init(&d, &a, 0, "mail");
	intake_decide(&in, &d, &r, NULL);
	test_ok(d.ticket == 9 && !r.acknowledge,
	    "a flood goes into one ticket, unanswered");
}

/* What a person released is not held again, and never answered. */
static void
test_released(void)
{
	struct mail m = { .subject = "VPN", .text = "", .new_text = "" };
	struct intake in = { .conf = conf,
		.mail = &m,
		.fate = FATE_HELD,
		.fate_why = "no From address that could be read" };
	struct intake_result r;
	const struct change *c;
	struct decision d;

	in.choice.why = "no ticket";
	decision_init(&d, &a, 0, "mail");
	intake_decide(&in, &d, &r, NULL);
	test_ok(r.end == INTAKE_HOLD, "without From it is held");
	in.released = true;
	decision_init(&d, &a, 0, "mail");
	intake_decide(&in, &d, &r, NULL);
	test_ok(r.end == INTAKE_APPLY && strcmp(r.state, "new") == 0 &&
		!r.acknowledge,
	    "released it is a ticket, not acknowledged");
	test_text(r.reason,
	    "a person released it; it was held: no From address that could be "
	    "read",
	    "the ledger says why");
	c = find(&d, CHANGE_REQUESTER);
	test_ok(c != NULL && strcmp(c->text, "") == 0 &&
		strcmp(c->text2, "unknown sender") == 0,
	    "nobody is its requester");
	m.from_name = "Maria";
	in.fate = FATE_LOOP;
	decision_init(&d, &a, 0, "mail");
	intake_decide(&in, &d, &r, NULL);
	c = find(&d, CHANGE_REQUESTER);
	test_ok(r.end == INTAKE_APPLY && !r.acknowledge &&
		strcmp(c->text2, "Maria") == 0,
	    "so is a loop; a name without an address is kept");
}

static void
test_events(void)
{
	struct mail m = { .class = CLASS_AUTO_REPLY,
		.from_addr = TO,
		.text = "",
		.new_text = "" };
	struct intake in = { .conf = conf,
		.mail = &m,
		.fate = FATE_EVENT,
		.fate_why = "Auto-Submitted" };
	struct intake_result r;
	struct decision d;

	decision_init(&d, &a, 0, "mail");
	intake_decide(&in, &d, &r, NULL);
	test_ok(r.end == INTAKE_FILE && d.n == 0,
	    "an out of office opens no ticket");
	in.choice.how = THREAD_APPEND;
	in.choice.step = STEP_OWN_ID;
	in.choice.ticket.number = 7;
	decision_init(&d, &a, 0, "mail");
	intake_decide(&in, &d, &r, NULL);
	test_ok(d.ticket == 7 && strcmp(r.state, "event") == 0 &&
		find(&d, CHANGE_STATUS) == NULL && !r.acknowledge,
	    "in answer to us it is a note and changes nothing");
	in.choice.step = STEP_SUBJECT;
	decision_init(&d, &a, 0, "mail");
	intake_decide(&in, &d, &r, NULL);
	test_ok(r.end == INTAKE_FILE,
	    "an equal subject does not lead a machine into a ticket");
}

int
main(void)
{
	static const char *own[] = { "support@desk.example" };

	conf = conf_default(&a);
	conf->address = own[0];
	conf->addresses = own;
	conf->addresses_n = 1;
	test_fates();
	test_acks();
	test_status();
	test_new();
	test_released();
	test_events();
	arena_done(&a);
	return test_end();
}
