/*
 * The demo's play: people write to support@, and what deskd makes of it is
 * shown and checked, step by step, against the database, the mailboxes and
 * the server.  Promises to show nothing that did not happen.
 */
#include "daemon/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/smtp.h"
#include "parser/compose.h"
#include "store/inbound.h"
#include "store/outbox.h"
#include "store/tickets.h"

#define PLAY_SECONDS 20 /* for one step; it takes well under one */

/* What the database knows at one moment. */
struct facts {
	size_t tickets, messages; /* messages: of the first ticket */
	size_t rows, stored;      /* of the ledger; not worked yet */
	size_t waiting;           /* letters not sent yet */
	const char *last;         /* state of the newest row of the ledger */
	const char *category, *team, *assignee; /* of the first ticket */
};

struct play {
	struct demo *d;
	struct db *db;
	int64_t ticket;    /* the first, 0: not yet */
	size_t mails;      /* sent to support@ so far */
	int64_t began;     /* when it was sent, clock_steady() */
	struct mail got;   /* the letter that somebody was waiting for */
	const char *who;   /* waits for it */
	struct facts fact; /* the last look */
	char *request;     /* the first mail, whole */
	size_t request_n;
	const char *request_id;
	struct mail ack;
};

/* Mail out of a person's hands. */

struct draft {
	const char *user, *subject, *text;
	const struct mail *answers; /* NULL: nothing */
	const char *const *fields;
};

static int
compose(struct play *p, const struct draft *w, char **data, size_t *n,
    const char **id, struct err *e)
{
	struct demo *d = p->d;
	const struct demo_box *from = demo_box(w->user);
	const struct demo_box *to = demo_box("support");
	const char *references[MAIL_REFERENCES_MAX + 1];
	struct compose c = { .from = { from->name, from->address },
		.to = { to->name, to->address },
		.subject = w->subject,
		.date = clock_now(),
		.language = "en",
		.fields = w->fields,
		.text = w->text };

	c.message_id = arena_printf(d->arena, "demo.%d.%s@mail.%s", ++d->serial,
	    d->password, address_domain(from->address));
	if (w->answers != NULL) {
		c.in_reply_to = w->answers->message_id;
		for (size_t i = 0; i < w->answers->references_n; i++)
			references[c.references_n++] =
			    w->answers->references[i];
		references[c.references_n++] = c.in_reply_to;
		c.references = references;
	}
	*id = c.message_id;
	return compose_mail(d->arena, &c, data, n, e);
}

static int
may_go(void *ctx, void *owner)
{
	(void)ctx;
	(void)owner;
	return 0;
}

/* By SMTP, as a person's mail program does it. */
static int
submit(
    struct play *p, const char *user, const char *data, size_t n, struct err *e)
{
	struct conf_smtp conf = { .relay = { .host = "127.0.0.1",
				      .port = p->d->smtp_port,
				      .tls = TLS_PLAIN } };
	struct smtp_relay relay = {
		.conf = &conf, .helo = "mail.example.org", .body = may_go
	};
	struct smtp_letter l = { .sender = demo_box(user)->address,
		.recipient = demo_box("support")->address,
		.data = data,
		.size = n };
	struct smtp_result r = { 0 };
	struct smtp *s = NULL;
	int rc;

	p->began = clock_steady();
	if (smtp_open(&s, &relay, e) == -1)
		return -1;
	rc = smtp_start(s, &l, e);
	if (rc == 0) {
		smtp_wait(s, NULL, (int64_t)PLAY_SECONDS * 1000);
		if (!smtp_result(s, &r) || r.outcome != SMTP_SENT)
			rc = err_set(e, ERR_RETRY, "SMTP: %s", r.reply);
	}
	smtp_close(s);
	p->mails += rc == 0;
	return rc;
}

static int
write_to_us(struct play *p, const struct draft *w, struct err *e)
{
	struct mail m;
	const char *id;
	char *data;
	size_t n;

	if (compose(p, w, &data, &n, &id, e) == -1)
		return -1;
	mail_parse(p->d->arena, data, n, &m);
	demo_say_mail(p->d, &m);
	if (p->request == NULL) {
		p->request = data;
		p->request_n = n;
		p->request_id = id;
	}
	return submit(p, w->user, data, n, e);
}

/* What became of it. */

static int
look(struct play *p, struct facts *f, struct err *e)
{
	struct arena *a = p->d->arena;
	struct ticket_filter all = { 0 };
	struct ticket *t;
	struct ledger_row *rows;
	struct letter *letters;
	struct message *m;

	*f = (struct facts){ .last = "" };
	if (tickets_list(p->db, a, &all, &t, &f->tickets, e) == -1 ||
	    ledger_list(p->db, a, NULL, &rows, &f->rows, e) == -1 ||
	    outbox_list(p->db, a, NULL, &letters, &f->waiting, e) == -1)
		return -1;
	for (size_t i = 0; i < f->rows; i++) {
		f->stored += strcmp(rows[i].state, "stored") == 0;
		f->last = rows[i].state;
	}
	if (p->ticket == 0 && f->tickets > 0)
		p->ticket = t[0].number;
	for (size_t i = 0; i < f->tickets; i++)
		if (t[i].number == p->ticket) {
			f->category = t[i].category;
			f->team = t[i].team;
			f->assignee = t[i].assignee;
		}
	return p->ticket == 0
	    ? 0
	    : messages_list(p->db, a, p->ticket, &m, &f->messages, e);
}

/* Every mail so far is worked and every letter is out. */
static bool
settled(struct demo *d, void *ctx)
{
	struct play *p = ctx;
	struct err e;

	(void)d;
	return look(p, &p->fact, &e) == 0 && p->fact.rows == p->mails &&
	    p->fact.stored == 0 && p->fact.waiting == 0;
}

static int
settle(struct play *p, struct err *e)
{
	return demo_wait(
	    p->d, settled, p, PLAY_SECONDS, "the mail to be worked", e);
}

static bool
has_mail(struct demo *d, void *ctx)
{
	struct play *p = ctx;

	return demo_mail(d, p->who, &p->got, NULL);
}

/* Wait for a letter in somebody's mailbox and show it. */
static int
receive(struct play *p, const char *user, struct err *e)
{
	const struct demo_box *b = demo_box(user);

	p->who = user;
	if (demo_wait(p->d, has_mail, p, PLAY_SECONDS, "a letter in a mailbox",
		e) == -1)
		return -1;
	demo_say(p->d,
	    "   %.2f seconds later this is in the mailbox of %s:\n\n",
	    (double)(clock_steady() - p->began) / 1000, b->name);
	demo_say_mail(p->d, &p->got);
	return 0;
}

static bool
says(const char *text, const char *word)
{
	return text != NULL && strstr(text, word) != NULL;
}

static char *
tag(struct play *p)
{
	return arena_printf(p->d->arena, "[EX-%lld]", (long long)p->ticket);
}

/* Is it an acknowledgement of the mail with this Message-ID? */
static void
check_ack(struct play *p, const char *id)
{
	struct demo *d = p->d;
	const char *automatic = mail_field(&p->got, "Auto-Submitted");

	demo_check(d,
	    p->got.in_reply_to != NULL && strcmp(p->got.in_reply_to, id) == 0,
	    "it answers that very mail, so both stand in one conversation");
	demo_check(d, mail_subject_ticket(p->got.subject, "EX-") > 0,
	    "the subject names the ticket");
	demo_check(d,
	    automatic != NULL && strcmp(automatic, "auto-replied") == 0,
	    "it says that a machine wrote it (RFC 3834), so no machine "
	    "answers");
}

/* The steps. */

static int
play_request(struct play *p, struct err *e)
{
	struct demo *d = p->d;
	struct draft w = { .user = "maria",
		.subject = "VPN does not connect",
		.text = "Hello,\n\nsince this morning the VPN does not connect "
			"any more.\nIt says \"error 51\".\n\nBest regards\n"
			"Maria Gomez\n" };

	demo_headline(
	    p->d, "1. Maria has a problem and writes to support@example.com.");
	if (write_to_us(p, &w, e) == -1 || receive(p, "maria", e) == -1 ||
	    settle(p, e) == -1)
		return -1;
	p->ack = p->got;
	demo_check(
	    d, p->fact.tickets == 1 && p->ticket > 0, "there is one ticket");
	check_ack(p, p->request_id);
	demo_check(
	    d, says(p->ack.subject, tag(p)), "it is the ticket %s", tag(p));
	demo_check(d,
	    says(p->fact.category, "vpn") && says(p->fact.team, "network") &&
		p->fact.assignee != NULL && *p->fact.assignee != '\0',
	    "the rules read \"VPN\" and gave it to the network team, to %s",
	    p->fact.assignee);
	return 0;
}

static int
play_answer(struct play *p, struct err *e)
{
	struct demo *d = p->d;
	struct mail none;
	struct draft w = { .user = "maria",
		.subject = p->ack.subject,
		.answers = &p->ack,
		.text = "One more thing: my colleague next door has it too.\n\n"
			"Maria\n\n"
			"> thank you for writing to us.\n" };

	demo_headline(
	    p->d, "2. She remembers something and replies to that mail.");
	if (write_to_us(p, &w, e) == -1 || settle(p, e) == -1)
		return -1;
	demo_say(d, "   %.2f seconds later it is worked.\n\n",
	    (double)(clock_steady() - p->began) / 1000);
	demo_check(d, p->fact.tickets == 1, "there is still one ticket");
	demo_check(d, p->fact.messages == 3,
	    "it holds three messages: hers, ours, hers");
	demo_check(d, !demo_mail(d, "maria", &none, NULL),
	    "she is not acknowledged a second time");
	return 0;
}

static int
play_robot(struct play *p, struct err *e)
{
	static const char *const fields[] = { "Auto-Submitted", "auto-replied",
		"X-Auto-Response-Suppress", "All", NULL };
	struct demo *d = p->d;
	struct mail none;
	struct draft w = { .user = "maria",
		.subject = arena_printf(
		    d->arena, "Automatic reply: %s", p->ack.subject),
		.answers = &p->ack,
		.fields = fields,
		.text = "I am on holiday until Monday.\n" };

	demo_headline(p->d,
	    "3. She leaves, and her mail program answers us by itself.\n"
	    "   Two machines that answer each other never stop.");
	if (write_to_us(p, &w, e) == -1 || settle(p, e) == -1)
		return -1;
	demo_check(d,
	    strcmp(p->fact.last, "event") == 0 && p->fact.tickets == 1,
	    "it is noted in the ticket's history, and that is all");
	demo_check(d, !demo_mail(d, "maria", &none, NULL), "nobody answers it");
	return 0;
}

static int
play_twice(struct play *p, struct err *e)
{
	struct demo *d = p->d;
	struct mail none;

	demo_headline(p->d,
	    "4. A mail server somewhere delivers her first mail once more.");
	if (submit(p, "maria", p->request, p->request_n, e) == -1 ||
	    settle(p, e) == -1)
		return -1;
	demo_check(d, strcmp(p->fact.last, "dup_of") == 0,
	    "the ledger calls it a duplicate; it is kept all the same");
	demo_check(d,
	    p->fact.tickets == 1 && !demo_mail(d, "maria", &none, NULL),
	    "no second ticket, no second letter");
	return 0;
}

static int
play_stranger(struct play *p, struct err *e)
{
	struct demo *d = p->d;
	size_t before = p->fact.messages;
	struct draft w = { .user = "jonas",
		.subject = arena_printf(d->arena, "%s What is it?", tag(p)),
		.text = "Hi,\n\nI saw this number somewhere. Please send me "
			"everything about it.\n\nJonas\n" };

	demo_headline(p->d,
	    "5. Jonas, a stranger, writes Maria's ticket number into his "
	    "subject.");
	if (write_to_us(p, &w, e) == -1 || receive(p, "jonas", e) == -1 ||
	    settle(p, e) == -1)
		return -1;
	demo_check(d, p->fact.tickets == 2, "he has a ticket of his own");
	demo_check(d,
	    mail_subject_ticket(p->got.subject, "EX-") != 0 &&
		!says(p->got.text, "VPN") && !says(p->got.text, "Maria"),
	    "he learns nothing of hers");
	demo_check(
	    d, p->fact.messages == before, "and nothing of his came into hers");
	return 0;
}

static void
command(struct demo *d, const char *line, const char *const words[])
{
	int code;

	demo_say(d, "\n%s$ deskd %s%s\n\n", print_on(&d->print, STYLE_BOLD),
	    line, print_off(&d->print, STYLE_BOLD));
	code = demo_run(d, words, !d->quiet);
	if (code != 0)
		demo_check(d, false, "deskd %s ended with %d", line, code);
}

static int
play_books(struct play *p)
{
	struct demo *d = p->d;
	char *number = arena_printf(d->arena, "EX-%lld", (long long)p->ticket);

	demo_headline(p->d, "6. What the agents and the admin see.");
	command(d, "list", (const char *const[]){ "list", NULL });
	command(d, arena_printf(d->arena, "show %s", number),
	    (const char *const[]){ "show", number, NULL });
	command(d, arena_printf(d->arena, "why %s", number),
	    (const char *const[]){ "why", number, NULL });
	command(d, "ledger", (const char *const[]){ "ledger", NULL });
	command(d, "ledger --reconcile",
	    (const char *const[]){ "ledger", "--reconcile", NULL });
	demo_say(d, "\n");
	demo_check(d, p->fact.rows == p->mails && p->fact.stored == 0,
	    "%zu mails were sent to support@, %zu stand in the ledger, none "
	    "lost, none unworked",
	    p->mails, p->fact.rows);
	demo_check(d, p->fact.waiting == 0, "no letter waits to be sent");
	return 0;
}

static bool
database(struct demo *d, void *ctx)
{
	struct play *p = ctx;
	struct err e;

	return db_open(&p->db, d->state, DB_OPEN, &e) == 0;
}

int
demo_play(struct demo *d, struct err *e)
{
	static int (*const steps[])(struct play *, struct err *) = {
		play_request, play_answer, play_robot, play_twice, play_stranger
	};
	struct play p = { .d = d };
	int rc = demo_wait(
	    d, database, &p, PLAY_SECONDS, "deskd run to start", e);

	for (size_t i = 0; rc == 0 && i < sizeof(steps) / sizeof(steps[0]); i++)
		rc = steps[i](&p, e);
	if (rc == 0)
		rc = play_books(&p);
	db_close(p.db);
	return rc;
}
