/*
 * The demo's play: people write to support@, agents answer from their own mail
 * programs, and what deskd makes of it is shown and checked, step by step,
 * against the database, the mailboxes and the server.  Promises to show
 * nothing that did not happen.  The agents' scenes are in demo_agents.c.
 */
#include "daemon/demo_play.h"

#include <string.h>

#include "daemon/clock.h"

#define PLAY_SECONDS 20 /* for deskd run to make its database */

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
	    p->d, "Maria has a problem and writes to support@example.com.");
	if (play_write(p, &w, e) == -1 ||
	    play_receive(p, "maria", true, e) == -1 || play_settle(p, e) == -1)
		return -1;
	p->ack = p->got;
	demo_check(
	    d, p->fact.tickets == 1 && p->ticket > 0, "there is one ticket");
	check_ack(p, p->request_id);
	demo_check(d, play_says(p->ack.subject, play_tag(p)),
	    "it is the ticket %s", play_tag(p));
	demo_check(d,
	    play_says(p->fact.category, "vpn") &&
		play_says(p->fact.team, "network") &&
		p->fact.assignee != NULL && *p->fact.assignee != '\0',
	    "the rules read \"VPN\" and gave it to the network team, to %s",
	    p->fact.assignee);
	return 0;
}

static int
play_answer(struct play *p, struct err *e)
{
	struct demo *d = p->d;
	struct draft w = { .user = "maria",
		.subject = p->ack.subject,
		.answers = &p->ack,
		.text = "One more thing: my colleague next door has it too.\n\n"
			"Maria\n\n"
			"> thank you for writing to us.\n" };

	demo_headline(
	    p->d, "She remembers something and replies to that mail.");
	if (play_write(p, &w, e) == -1 || play_settle(p, e) == -1)
		return -1;
	demo_say(d, "   %.2f seconds later it is worked.\n\n",
	    (double)(clock_steady() - p->began) / 1000);
	demo_check(d, p->fact.tickets == 1, "there is still one ticket");
	demo_check(d, p->fact.messages == 3,
	    "it holds three messages: hers, ours, hers");
	demo_check(d, play_nothing(p, "maria"),
	    "she is not acknowledged a second time");
	if (play_receive(p, "ana", false, e) == -1)
		return -1;
	p->notice = p->got;
	demo_check(d, play_says(p->got.text, "colleague next door"),
	    "Ana is told at once");
	return 0;
}

/* She answers what the agent asked. */
static int
play_version(struct play *p, struct err *e)
{
	struct demo *d = p->d;
	struct draft w = { .user = "maria",
		.answers = &p->ack,
		.quote = true,
		.text = "It is 5.1.\n\nMaria\n" };

	demo_headline(d, "Maria answers.");
	if (play_write(p, &w, e) == -1 || play_settle(p, e) == -1 ||
	    play_receive(p, "ana", true, e) == -1)
		return -1;
	p->notice = p->got;
	demo_check(d, !play_says(p->got.text, "error 51"),
	    "Ana gets only what is new");
	demo_check(d, strcmp(p->fact.status, "in-progress") == 0,
	    "it is her turn again");
	return 0;
}

static int
play_robot(struct play *p, struct err *e)
{
	static const char *const fields[] = { "Auto-Submitted", "auto-replied",
		"X-Auto-Response-Suppress", "All", NULL };
	struct demo *d = p->d;
	struct draft w = { .user = "maria",
		.subject = arena_printf(
		    d->arena, "Automatic reply: %s", p->ack.subject),
		.answers = &p->ack,
		.fields = fields,
		.text = "I am on holiday until Monday.\n" };

	demo_headline(p->d,
	    "She leaves, and her mail program answers us by itself.\n"
	    "   Two machines that answer each other never stop.");
	if (play_write(p, &w, e) == -1 || play_settle(p, e) == -1)
		return -1;
	demo_check(d,
	    strcmp(p->fact.last, "event") == 0 && p->fact.tickets == 1,
	    "it is noted in the ticket's history, and that is all");
	demo_check(d, play_nothing(p, "maria"), "nobody answers it");
	return 0;
}

static int
play_twice(struct play *p, struct err *e)
{
	struct demo *d = p->d;

	demo_headline(
	    p->d, "A mail server somewhere delivers her first mail once more.");
	if (play_again(p, "maria", p->request, p->request_n, e) == -1 ||
	    play_settle(p, e) == -1)
		return -1;
	demo_check(d, strcmp(p->fact.last, "dup_of") == 0,
	    "the ledger calls it a duplicate; it is kept all the same");
	demo_check(d, p->fact.tickets == 1 && play_nothing(p, "maria"),
	    "no second ticket, no second letter");
	return 0;
}

static int
play_stranger(struct play *p, struct err *e)
{
	struct demo *d = p->d;
	size_t before = p->fact.messages;
	struct draft w = { .user = "jonas",
		.subject = arena_printf(
		    d->arena, "%s What is it?", play_tag(p)),
		.text = "Hi,\n\nI saw this number somewhere. Please send me "
			"everything about it.\n\nJonas\n" };

	demo_headline(p->d,
	    "Jonas, a stranger, writes Maria's ticket number into his "
	    "subject.");
	if (play_write(p, &w, e) == -1 ||
	    play_receive(p, "jonas", true, e) == -1 || play_settle(p, e) == -1)
		return -1;
	demo_check(d, p->fact.tickets == 2, "he has a ticket of his own");
	demo_check(d,
	    mail_subject_ticket(p->got.subject, "EX-") != 0 &&
		!play_says(p->got.text, "VPN") &&
		!play_says(p->got.text, "Maria"),
	    "he learns nothing of hers");
	demo_check(
	    d, p->fact.messages == before, "and nothing of his came into hers");
	return 0;
}

static int
play_books(struct play *p)
{
	struct demo *d = p->d;
	char *number = arena_printf(d->arena, "EX-%lld", (long long)p->ticket);

	demo_headline(p->d, "What the agents and the admin see.");
	play_command(p, "list", (const char *const[]){ "list", NULL });
	play_command(p, arena_printf(d->arena, "show %s", number),
	    (const char *const[]){ "show", number, NULL });
	play_command(p, arena_printf(d->arena, "why %s", number),
	    (const char *const[]){ "why", number, NULL });
	play_command(p, "ledger", (const char *const[]){ "ledger", NULL });
	play_command(p, "ledger --reconcile",
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
	static int (*const steps[])(
	    struct play *, struct err *) = { play_request, play_agent_told,
		play_answer, play_robot, play_twice, play_stranger,
		play_agent_answers, play_version, play_agent_typo,
		play_agent_forged, play_agent_hands_over, play_agent_resolves };
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
