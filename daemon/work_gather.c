/*
 * What the database knows about a mail of anybody: which tickets it may belong
 * to, whether its sender floods us, and the one word that a requester's tap
 * sends.
 */
#include <string.h>

#include "daemon/work_private.h"
#include "parser/ascii.h"
#include "parser/command.h"
#include "parser/limits.h"
#include "store/people.h"

#define MARKS_MAX 4 /* of one subject that are tried */

/* Is the sender flooding us, and which ticket takes it?  (RELIABILITY 5.4) */
static int
gather_flood(struct work *w, struct parcel *p, struct intake *in,
    int64_t *flood_key, struct err *e)
{
	int64_t hour = 0, day = 0, at = p->in->received;
	const char *from;

	if (p->mail.from_addr == NULL || p->in->quiet)
		return 0;
	from = address_key(&w->arena, p->mail.from_addr);
	if (match_opened(w->db, from, at - 3600, &hour, e) == -1)
		return -1;
	if (hour >= FLOOD_SENDER_HOUR / 2 &&
	    match_opened(w->db, from, at - 86400, &day, e) == -1)
		return -1;
	in->flood = hour >= FLOOD_SENDER_HOUR || day >= FLOOD_SENDER_DAY;
	if (!in->flood)
		return 0;
	return match_flood(
	    w->db, from, at - 86400, &in->flood_ticket, flood_key, e);
}

/* Made for this ticket and this person alone, so it is the stronger sign. */
bool
work_marked(struct work *w, const struct mail *m, const struct mark *k)
{
	const char *s = m->subject == NULL ? NULL : strchr(m->subject, '~');

	for (int n = 0; s != NULL && n < MARKS_MAX; s = strchr(s + 1, '~'), n++)
		if (strlen(s) > TOKEN_SHORT &&
		    token_short_proves(&w->keys,
			arena_strndup(&w->arena, s + 1, TOKEN_SHORT),
			k->purpose, k->ticket, k->address))
			return true;
	return false;
}

/* One of our links was tapped: the ticket is certain, whatever else the mail
 * says of it. */
static int
choose_marked(struct work *w, const struct mail *m, struct intake *in,
    const struct thread_moment *when, struct err *e)
{
	int64_t number = m->subject == NULL
	    ? 0
	    : mail_subject_ticket(m->subject, w->marks.prefix);
	struct candidate c = {
		.step = STEP_TOKEN, .takes_part = true, .what = "a link of ours"
	};

	const struct mark k = { TOKEN_REQUESTER, number, m->from_addr };

	if (number == 0 || m->from_addr == NULL || !work_marked(w, m, &k))
		return 0;
	if (tickets_load_survivor(w->db, &w->arena, number, &c.ticket, e) == -1)
		return -1;
	if (c.ticket.number != 0)
		thread_choose(&w->arena, &c, 1, when, &in->choice);
	return 0;
}

/* "#works", from a link; a requester's own "#close" on top says the same.  All
 * other lines of a requester are text. */
static bool
says_works(struct work *w, const struct mail *m, const struct intake *in)
{
	bool marked = in->choice.step == STEP_TOKEN;
	struct command_mail words;
	const char *own = m->new_text;

	while (ascii_blank(*own))
		own++;
	if (*own != '#')
		return false;
	command_split(&w->arena, own, &words);
	return words.n > 0 &&
	    (words.list[0].word == COMMAND_CLOSE ||
		(marked && words.list[0].word == COMMAND_WORKS));
}

/* A person put it into a ticket by hand. */
static int
choose_released(
    struct work *w, const struct parcel *p, struct intake *in, struct err *e)
{
	struct ticket t;

	if (p->in->release_ticket == 0)
		return 0;
	if (tickets_load_survivor(
		w->db, &w->arena, p->in->release_ticket, &t, e) == -1)
		return -1;
	if (t.number == 0)
		return 0;
	in->choice = (struct thread_choice){ .how = p->in->release_as != NULL &&
			strcmp(p->in->release_as, "note") == 0
		    ? THREAD_NOTE
		    : THREAD_APPEND,
		.step = STEP_TOKEN,
		.ticket = t,
		.why = "a person put it there" };
	return 0;
}

static int
count_cc(struct work *w, struct intake *in, struct err *e)
{
	int64_t n = 0;

	if (in->choice.how == THREAD_APPEND &&
	    db_number(w->db, &n, NULL, e,
		"SELECT count(*) FROM participant WHERE ticket = ?"
		" AND role = 'cc'",
		"i", in->choice.ticket.number) == -1)
		return -1;
	in->cc_n = (size_t)n;
	return 0;
}

static int
find_language(
    struct work *w, const struct mail *m, struct intake *in, struct err *e)
{
	const char *language = "";

	if (m->from_addr != NULL &&
	    people_language(w->db, &w->arena,
		address_key(&w->arena, m->from_addr), &language, e) == -1)
		return -1;
	in->language = *language == '\0' ? NULL : language;
	return 0;
}

/* A sender who is not who he says gets into a ticket by our own marks alone
 * (MAIL 1). */
static bool
doubt(struct work *w, const struct parcel *p, struct intake *in)
{
	const char *why;

	in->proof = w->conf->auth.named
	    ? proof_of(&w->arena, w->conf, &p->mail, &why)
	    : PROOF_NONE;
	return (in->proof == PROOF_FAIL || in->proof == PROOF_FORGED) &&
	    in->choice.step != STEP_TOKEN && in->choice.step != STEP_OWN_ID &&
	    p->in->release_ticket == 0;
}

/* Everything that rules/ needs to know of the database. */
int
work_gather(struct work *w, struct parcel *p, struct intake *in,
    int64_t *flood_key, struct err *e)
{
	struct candidate *list = NULL;
	size_t n = 0;
	struct thread_moment m = { .now = p->in->received,
		.reopen_within = w->conf->tickets.reopen_within,
		.duplicate_window = w->conf->tickets.duplicate_window };
	struct match_ask ask = { .mail = &p->mail,
		.marks = &w->marks,
		.since = m.now - m.duplicate_window };

	if (match_candidates(w->db, &w->arena, &ask, &list, &n, e) == -1)
		return -1;
	thread_choose(&w->arena, list, n, &m, &in->choice);
	if (choose_marked(w, &p->mail, in, &m, e) == -1 ||
	    choose_released(w, p, in, e) == -1)
		return -1;
	if (doubt(w, p, in))
		in->choice = (struct thread_choice){ .how = THREAD_NEW,
			.step = STEP_NEW,
			.why = "the border server says that its sender is "
			       "forged, so it gets into no ticket" };
	if (find_language(w, &p->mail, in, e) == -1 || count_cc(w, in, e) == -1)
		return -1;
	in->works = p->mail.class == CLASS_HUMAN && says_works(w, &p->mail, in);
	if (p->mail.class == CLASS_DSN &&
	    match_letter(w->db, &w->marks, p->mail.bounce.message_id,
		&in->letter_ticket, e) == -1)
		return -1;
	/* Which ticket an agent's out-of-office is about. */
	if (p->mail.class == CLASS_AUTO_REPLY && p->mail.from_addr != NULL &&
	    conf_agent_by_address(w->conf, p->mail.from_addr) != NULL &&
	    match_letter(w->db, &w->marks, p->mail.in_reply_to,
		&in->letter_ticket, e) == -1)
		return -1;
	if (in->choice.how == THREAD_NEW || in->choice.how == THREAD_FOLLOW_UP)
		return gather_flood(w, p, in, flood_key, e);
	return 0;
}
