/*
 * The scenes of the demo in which agents work, from nothing but their mail
 * programs: read, answer, note, hand over, solve, and a mail that somebody
 * forged.  Each thing said of them is checked, most of all what Maria gets.
 */
#include "daemon/demo_play.h"

#include <string.h>

/* What no letter to a requester may hold, whatever agents are shown. */
static const char *const internal[] = { "support+", "support%2B", "[internal]",
	"reply above this line", "WHY YOU", "bob", "EX-desk", "X-Deskd-Team",
	NULL };

static bool
is_clean(const struct play *p)
{
	for (const char *const *w = internal; *w != NULL; w++)
		if (play_says(p->raw, *w) || play_says(p->got.text, *w))
			return false;
	return true;
}

static bool
is_event(const struct mail *m, const char *event)
{
	const char *value = mail_field(m, "X-Deskd-Event");

	return value != NULL && strcmp(value, event) == 0;
}

/* Maria's mail program shows it in the conversation that she began. */
static bool
is_hers(const struct play *p)
{
	for (size_t i = 0; i < p->got.references_n; i++)
		if (strcmp(p->got.references[i], p->request_id) == 0)
			return true;
	return false;
}

int
play_agent_told(struct play *p, struct err *e)
{
	struct demo *d = p->d;

	demo_headline(
	    d, "Ana has it in her mail program.  She has no other program.");
	if (play_receive(p, "ana", true, e) == -1)
		return -1;
	p->notice = p->got;
	demo_check(d, is_event(&p->got, "assigned"),
	    "the first line says what to do; Maria's words follow untouched");
	demo_check(d,
	    p->got.reply_to_n == 1 &&
		play_says(p->got.reply_to[0].addr, "support+"),
	    "her answer goes to an address made for her and this ticket alone");
	demo_check(d, !is_hers(p) && play_says(p->got.subject, play_tag(p)),
	    "it has nothing in common with what Maria's mail program sees");
	return 0;
}

int
play_agent_answers(struct play *p, struct err *e)
{
	struct demo *d = p->d;
	struct draft w = { .user = "ana",
		.answers = &p->notice,
		.quote = true,
		.text =
		    "Hello Maria,\n\nplease close the VPN program, start it "
		    "again and tell me what\nit says under \"About\".\n\n"
		    "Ana\n" };

	demo_headline(d, "Ana replies, as to any mail.");
	if (play_write(p, &w, e) == -1 ||
	    play_receive(p, "maria", true, e) == -1 || play_settle(p, e) == -1)
		return -1;
	p->ack = p->got;
	demo_check(d, play_says(p->got.text, "it says under \"About\"."),
	    "Maria has Ana's words");
	demo_check(d, is_clean(p),
	    "and nothing that was not meant for her: no note, no button, no "
	    "token");
	demo_check(d,
	    is_hers(p) && mail_field(&p->got, "Auto-Submitted") == NULL,
	    "it stands in her conversation, as a mail from a person");
	demo_check(d, strcmp(p->fact.status, "waiting") == 0,
	    "the ticket waits for her");
	demo_check(d, play_nothing(p, "ana"), "Ana is not bothered again");
	return 0;
}

/* What was asked is answered by one tap: the link with these words. */
static const char *
button(const struct mail *m, const char *words)
{
	const char *at = strstr(m->text, words);

	at = at != NULL ? strstr(at, "<mailto:") : NULL;
	return at != NULL ? at + 1 : NULL;
}

int
play_agent_typo(struct play *p, struct err *e)
{
	struct demo *d = p->d;
	const char *link;
	struct draft w = { .user = "ana",
		.answers = &p->notice,
		.quote = true,
		.text = "#noet\nThat version is three years old. Somebody must "
			"have forgotten her.\n" };

	demo_headline(d,
	    "Ana wants to note something for her colleagues, and mistypes "
	    "#note.");
	if (play_write(p, &w, e) == -1 ||
	    play_receive(p, "ana", true, e) == -1 || play_settle(p, e) == -1)
		return -1;
	link = button(&p->got, "as a note");
	demo_check(d, p->fact.held == 1 && play_nothing(p, "maria"),
	    "nothing was sent, nothing was lost: it waits, and she is asked");
	demo_check(d, link != NULL, "one tap answers");
	if (link == NULL)
		return 0;
	demo_say(d, "\n   She taps \"Yes, keep it as a note\", and sends:\n\n");
	if (play_tap(p, "ana", link, e) == -1 || play_settle(p, e) == -1)
		return -1;
	demo_check(d, play_noted(p, "three years old") && p->fact.held == 0,
	    "it is a note, and nothing waits");
	demo_check(d, play_nothing(p, "maria"), "Maria has got nothing");
	return 0;
}

int
play_agent_forged(struct play *p, struct err *e)
{
	struct demo *d = p->d;
	struct facts before = p->fact;
	char *guess = arena_strdup(d->arena, p->notice.reply_to[0].addr);
	char *digit;
	struct draft w = { .user = "jonas",
		.from = demo_box("ana")->address,
		.to = guess,
		.subject = p->notice.subject,
		.text = "#close\nYour problem is solved, goodbye.\n" };

	/* Right but for one character. */
	digit = guess + strcspn(guess, "@") - 2;
	*digit = *digit == '7' ? '8' : '7';
	demo_headline(
	    d, "Jonas writes in Ana's name, to an address that he guessed.");
	if (play_write(p, &w, e) == -1 || play_settle(p, e) == -1)
		return -1;
	demo_check(d,
	    strcmp(p->fact.status, before.status) == 0 &&
		p->fact.messages == before.messages &&
		p->fact.tickets == before.tickets,
	    "nothing has changed: a name proves nothing");
	demo_check(d, play_nothing(p, "maria") && play_nothing(p, "jonas"),
	    "nobody outside has got anything");
	demo_check(d, p->fact.held == before.held + 1, "the mail is kept");
	play_command(
	    p, "held list", (const char *const[]){ "held", "list", NULL });
	demo_say(d, "\n");
	if (play_receive(p, "ana", true, e) == -1)
		return -1;
	demo_check(d, is_event(&p->got, "held.challenge"),
	    "Ana is asked whether it is hers, at her own address");
	return 0;
}

/* The next letter about Maria's ticket: Bob has others, too. */
static int
receive_hers(struct play *p, const char *user, struct err *e)
{
	do
		if (play_receive(p, user, false, e) == -1)
			return -1;
	while (!play_says(p->got.subject, play_tag(p)));
	demo_say(p->d, "   And this is in the mailbox of %s:\n\n",
	    demo_box(user)->name);
	demo_say_mail(p->d, &p->got);
	return 0;
}

int
play_agent_hands_over(struct play *p, struct err *e)
{
	struct demo *d = p->d;
	struct draft w = { .user = "ana",
		.answers = &p->notice,
		.quote = true,
		.text = "#assign bob\n#note You know the old version, don't "
			"you?\n" };

	demo_headline(d, "Ana gives it to Bob, who reads German.");
	if (play_write(p, &w, e) == -1 || play_settle(p, e) == -1 ||
	    receive_hers(p, "bob", e) == -1)
		return -1;
	p->notice = p->got;
	demo_check(d, strcmp(p->fact.assignee, "bob") == 0, "it is Bob's");
	demo_check(d,
	    play_says(p->got.text, "error 51") &&
		play_says(p->got.text, "three years old") &&
		play_says(p->got.text, "5.1"),
	    "he has the whole conversation, with the notes");
	demo_check(d, play_nothing(p, "maria"), "Maria need not know");
	return 0;
}

int
play_agent_resolves(struct play *p, struct err *e)
{
	struct demo *d = p->d;
	struct draft solved = { .user = "bob",
		.answers = &p->notice,
		.quote = true,
		.text = "#resolve\nHello Maria,\n\nyou have the new version "
			"now. Please try it.\n\nBob\n" };
	struct draft thanks = {
		.user = "maria", .answers = &p->got, .text = "Thank you!\n"
	};

	demo_headline(d, "Bob solves it.");
	if (play_write(p, &solved, e) == -1 ||
	    play_receive(p, "maria", true, e) == -1 || play_settle(p, e) == -1)
		return -1;
	demo_check(d,
	    strcmp(p->fact.status, "resolved") == 0 &&
		play_says(p->got.text, "you have the new version") &&
		!play_says(p->got.text, "#resolve"),
	    "Maria has his words, and a way to say no");
	if (play_write(p, &thanks, e) == -1 || play_settle(p, e) == -1)
		return -1;
	demo_check(d, strcmp(p->fact.status, "closed") == 0,
	    "she says thanks: the ticket is closed, by her");
	demo_check(d, play_nothing(p, "maria"), "and nobody thanks her back");
	return 0;
}
