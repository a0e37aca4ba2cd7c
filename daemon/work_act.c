/*
 * An agent's mail that may act: decide, answer, tell, or ask one question.  It
 * is one transaction like every other mail.
 */
#include "daemon/work_act.h"

#include <string.h>

#include "daemon/work_hold.h"
#include "daemon/work_say.h"
#include "parser/rich.h"
#include "rules/guard.h"
#include "rules/phrase.h"
#include "store/people.h"
#include "store/undo.h"

struct acting {
	struct work *w;
	struct parcel *p;
	struct hand *h;
	const struct conf_agent *agent;
	struct decision d;
	struct post post;
	struct act act;
	struct act_result r;
	struct command_mail words;
	const char *text, *rich; /* of the answer */
	int64_t now, leaves;
	const struct mail *mail;
	struct routing routing; /* of rules that are asked `on agent` */
	struct routed routed;
};

/* A ticket that a command names. */
struct finding {
	struct work *w;
	const struct conf_agent *agent;
};

static int
find_ticket(
    void *ctx, int64_t number, struct ticket *out, bool *found, struct err *e)
{
	struct finding *f = ctx;

	if (tickets_load_survivor(f->w->db, &f->w->arena, number, out, e) == -1)
		return -1;
	*found = out->number != 0 &&
	    (f->agent == NULL || commands_may(f->w->conf, f->agent, out));
	return 0;
}

/* Did anybody but him write since he was written to?  All that is not known to
 * be his own counts. */
static int
others_wrote(struct acting *x, bool *yes, struct err *e)
{
	int64_t since = x->h->revision < 0
	    ? 1
	    : (x->h->ticket.revision - x->h->revision) & 0xffff;
	/* His yes says that it is his, not that it still fits (T10). */
	bool confirmed = x->h->leave == LEAVE_YES &&
	    strcmp(x->h->left_because, "challenge") == 0;
	struct party_words *list = NULL;
	size_t n = 0;

	*yes = false;
	if (since == 0 || x->h->tapped ||
	    (x->h->leave != LEAVE_NONE && !confirmed))
		return 0;
	if (since > PARTY_MAX)
		since = PARTY_MAX;
	if (party_words(x->w->db, &x->w->arena,
		&(struct party_ask){ x->h->ticket.number, (size_t)since },
		&list, &n, e) == -1)
		return -1;
	for (size_t i = 0; i < n && !*yes; i++)
		*yes = conf_agent_by_address(x->w->conf, list[i].sender) !=
		    x->agent;
	return 0;
}

#define AGAIN_LOOK 20 /* entries that are looked at */

/* How often did he write these very words here within a day?  A person says a
 * thing twice; a mail program that does not say it is a robot says it for
 * ever, and two of them never end (T14, T15). */
static int
said_before(struct acting *x, size_t *times, struct err *e)
{
	const char *text = x->mail->new_text;
	struct party_words *list = NULL;
	size_t n = 0;

	*times = 0;
	if (party_words(x->w->db, &x->w->arena,
		&(struct party_ask){ x->h->ticket.number, AGAIN_LOOK }, &list,
		&n, e) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		*times += *list[i].text != '\0' &&
		    list[i].received > x->now - 86400 &&
		    strcmp(list[i].text, text) == 0 &&
		    conf_agent_by_address(x->w->conf, list[i].sender) ==
			x->agent;
	return 0;
}

static int
decide(struct acting *x, struct err *e)
{
	struct finding f = { x->w, x->agent };
	struct hand *h = x->h;
	struct act *in = &x->act;

	*in = (struct act){
		.ask = { .conf = x->w->conf,
		    .book = x->w->ruling.book,
		    .agent = x->agent,
		    .who = x->d.who,
		    .language = phrase_language(x->w->conf, x->agent),
		    .ticket = &h->ticket,
		    .zone = ruling_zone(&x->w->ruling, x->agent),
		    .now = x->now,
		    .restricted = h->answer.authority == AUTHORITY_TICKET,
		    .find = find_ticket,
		    .ctx = &f },
		.mail = x->mail,
		.words = &x->words,
		.note_only = h->answer.authority == AUTHORITY_NOTE ||
		    (h->token != NULL ? h->says.purpose == TOKEN_NOTE
				      : h->inside),
		.files = mail_attachment(x->mail, -1) >= 0,
		.leave = h->leave,
		.left_because = h->left_because
	};
	if (others_wrote(x, &in->others_wrote, e) == -1 ||
	    said_before(x, &in->said_before, e) == -1 ||
	    people_actions(x->w->db, h->principal, x->now - 3600, &in->actions,
		&in->closes, e) == -1)
		return -1;
	return act_decide(in, &x->d, &x->r, e);
}

static struct guard
guard_of(struct acting *x)
{
	return (struct guard){ .conf = x->w->conf,
		.keys = &x->w->keys,
		.agent = x->agent,
		.text = x->text,
		.rich = x->rich,
		.parts = x->p->parts.list,
		.parts_n = x->p->parts.n };
}

/* Nothing internal may leave.  What he allowed to go is what stands above. */
static void
guard_answer(struct acting *x)
{
	struct guard g = guard_of(x);
	struct guard_find found = { 0 };

	guard_look(&x->w->arena, &g, &found);
	if (found.what == NULL)
		return;
	if (x->h->leave == LEAVE_CLEAN) {
		x->text = guard_above(&x->w->arena, &g);
		x->rich = NULL;
		g.text = x->text;
		g.rich = NULL;
		if (x->text != NULL)
			guard_look(&x->w->arena, &g, &found);
		if (x->text != NULL && found.what == NULL)
			return;
	}
	x->d.n = 0;
	x->r.asks = true;
	x->r.question = NOTICE_GUARD;
	x->r.problem = phrase(
	    &x->w->arena, "en", WHY_GUARD, found.what, found.where, NULL);
	x->r.asked = phrase_again(
	    &x->w->arena, x->act.ask.language, x->r.problem);
}

/* A picture that his own words do not show is a logo, or was quoted. */
static void
only_shown(struct acting *x)
{
	struct parts *all = &x->p->parts;
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		const char *id = all->list[i].id;

		if (id == NULL ||
		    strstr(x->rich,
			arena_printf(&x->w->arena, "\"cid:%s\"", id)) != NULL)
			all->list[n++] = all->list[i];
	}
	all->n = n;
}

/* The text that goes, and its formatting if command lines can be taken out of
 * that. */
static void
choose_text(struct acting *x)
{
	const char *rich = x->mail->rich;

	x->text = x->r.text;
	x->rich = NULL;
	if (rich != NULL && strcmp(x->text, x->mail->new_text) == 0)
		x->rich = rich;
	else if (rich != NULL && *x->text != '\0')
		x->rich = rich_cut(&x->w->arena, rich, x->text);
	if (x->rich != NULL)
		only_shown(x);
}

/* The people whom he put into Cc take part from now on, when they are of the
 * requester's house or ours. */
static void
add_people(struct acting *x)
{
	const struct mail *m = x->mail;
	const char *house = address_domain(x->w->conf->address);
	const char *theirs = address_domain(x->h->ticket.requester);

	for (size_t i = 0; i < m->cc_n && i < 10; i++) {
		const char *addr = address_key(&x->w->arena, m->cc[i].addr);
		const char *domain = address_domain(addr);
		struct change *c;

		if (conf_is_own(x->w->conf, addr) ||
		    conf_agent_by_address(x->w->conf, addr) != NULL ||
		    !address_valid(addr) ||
		    (strcmp(domain, house) != 0 && strcmp(domain, theirs) != 0))
			continue;
		c = decision_add(&x->d, CHANGE_PARTICIPANT, ROLE_CC, addr,
		    arena_printf(
			&x->w->arena, "%s put them into Cc", x->agent->name));
		c->text2 = m->cc[i].name;
	}
}

/* A letter that was shown to others: what it bore is of no use any more. */
static int
revoke_shown(struct acting *x, struct err *e)
{
	const struct mail *m = x->mail;
	bool shown = false;

	for (size_t i = 0; i < m->to_n + m->cc_n; i++) {
		const char *addr = i < m->to_n ? m->to[i].addr
					       : m->cc[i - m->to_n].addr;

		shown |= !conf_is_own(x->w->conf, addr) &&
		    conf_agent_by_address(x->w->conf, addr) != x->agent;
	}
	return shown ? work_hand_revoke(x->w, x->h, x->now, e) : 0;
}

static bool
wants_receipt(const struct acting *x)
{
	enum conf_receipts when = x->w->conf->tickets.receipts;

	return when == RECEIPTS_ALWAYS ||
	    (when == RECEIPTS_HIDDEN && x->r.said.hidden);
}

static int
send_receipt(struct acting *x, struct err *e)
{
	const struct commands_answer *said = &x->r.said;
	struct notice n = { .kind = NOTICE_RECEIPT,
		.to = x->agent,
		.address = x->agent->emails[0],
		.done = said->done,
		.done_n = said->done_n,
		.leaves = x->leaves,
		.answers = x->mail->message_id };

	if (!wants_receipt(x))
		return 0;
	if (x->d.act)
		n.undo_until = x->now + x->w->conf->tickets.undo;
	return post_notice(&x->post, &n, "what the mail did", e);
}

/* All letters of the decision. */
static int
send_all(struct acting *x, struct err *e)
{
	const struct commands_answer *said = &x->r.said;
	enum tell_event event = x->r.answers ? TELL_ANSWER
	    : x->r.note                      ? TELL_NOTE
					     : TELL_CHANGE;
	const struct post_answer words = { .agent = x->agent,
		.text = x->text,
		.rich = x->rich,
		.parts = &x->p->parts };

	if (post_open(&x->post, x->w, &x->d, &x->h->ticket, x->now, e) == -1)
		return -1;
	post_mail(&x->post, x->p);
	x->post.text = x->r.text;
	x->post.by = x->agent;
	x->post.asks = said->escalate;
	x->post.receipt = wants_receipt(x);
	if (post_said(&x->post, &x->r, &words, &x->leaves, e) == -1 ||
	    (!said->spam &&
		post_tell(&x->post, event, said->escalate != NULL, e) == -1))
		return -1;
	return send_receipt(x, e);
}

static int
remember(struct acting *x, struct err *e)
{
	const struct hand *h = x->h;
	struct evidence v = { .ticket = x->d.ticket,
		.principal = h->principal,
		.raw = x->p->in->raw,
		.time = x->now,
		.method = h->leave != LEAVE_NONE ? "released"
		    : h->token == NULL           ? "letter+from"
		    : h->ask.proof == PROOF_PASS ? "token+from+dmarc"
						 : "token+from",
		.token = h->token,
		.proof = h->proof_why,
		.print = x->mail->fingerprint };

	if (people_principal(x->w->db, x->agent->name, &v.principal, e) == -1)
		return -1;
	return people_evidence(x->w->db, &v, e);
}

/* "#lang de": for the next tickets of this requester, too. */
static int
remember_language(struct acting *x, struct err *e)
{
	const char *who = x->post.after.requester;

	for (size_t i = 0; i < x->d.n; i++)
		if (x->d.list[i].kind == CHANGE_LANGUAGE && who != NULL &&
		    *who != '\0')
			return people_set_language(
			    x->w->db, who, x->d.list[i].text, e);
	return 0;
}

/* Written as an answer to a question about a mail that waits: in its place. */
static int
replace_held(struct acting *x, struct err *e)
{
	const struct hand *h = x->h;

	if ((!x->r.answers && !x->r.note) || h->letter == 0)
		return 0;
	return held_replace(
	    x->w->db, h->letter_ticket, h->letter, x->agent->name, e);
}

static int
apply(struct acting *x, struct err *e)
{
	struct origin o = { .mail = x->mail,
		.raw = x->p->in->raw,
		.received = x->p->in->received };

	if (tickets_apply(x->w->db, &x->d, &o, x->now, e) == -1 ||
	    remember(x, e) == -1 || replace_held(x, e) == -1 ||
	    remember_language(x, e) == -1)
		return -1;
	x->p->ticket = x->d.ticket;
	x->p->result.state = "append";
	x->p->result.reason = NULL;
	return inbound_done(x->w->db, x->p->in, "append", x->d.ticket, NULL, e);
}

static int
ask(struct acting *x, struct err *e)
{
	struct hold_new q = { .hand = x->h,
		.kind = x->r.question,
		.problem = x->r.problem,
		.asked = x->r.asked };

	memcpy(q.meant, x->r.meant, sizeof(q.meant));
	return work_hold(x->w, x->p, &q, x->now, e);
}

/* Words that need more than a decision of this ticket. */
static int
special(struct acting *x, bool *done, struct err *e)
{
	const struct commands_answer *said = &x->r.said;
	struct say s = { .work = x->w,
		.parcel = x->p,
		.ticket = &x->h->ticket,
		.agent = x->agent,
		.language = x->act.ask.language,
		.said = &x->r.said,
		.now = x->now,
		.d = &x->d };

	*done = false;
	if (said->code != NULL)
		return work_do(&s, done, e);
	if (said->undo)
		return work_undo(&s, e);
	if (said->split)
		return work_split(&s, e);
	if (said->unmerge)
		return work_unmerge(&s, e);
	if (said->why || said->help || said->find != NULL || said->show != 0)
		return work_say(&s, e);
	return 0;
}

/* Rules may have a say in what agents do. */
static int
ask_rules(struct acting *x, struct err *e)
{
	struct ticket after;

	decision_ticket(&x->d, &x->h->ticket, &after);
	return routing_more(&x->routing, x->mail, &after, &x->d, &x->routed, e);
}

static int
run(struct acting *x, struct err *e)
{
	bool done = false;

	if (decide(x, e) == -1)
		return -1;
	if (!x->r.asks && x->r.answers) {
		choose_text(x);
		guard_answer(x);
	}
	if (x->r.asks)
		return ask(x, e);
	if (x->r.answers)
		add_people(x);
	if (ask_rules(x, e) == -1)
		return -1;
	ruling_count(&x->w->ruling, &x->routed.evaluation, x->now);
	if (special(x, &done, e) == -1)
		return -1;
	if (revoke_shown(x, e) == -1 || (!done && send_all(x, e) == -1))
		return -1;
	return apply(x, e);
}

static struct acting
acting_new(
    struct work *w, struct parcel *p, struct work_decision *x, int64_t now)
{
	struct acting a = { .w = w,
		.p = p,
		.h = x->hand,
		.routing = x->routing,
		.agent = x->hand->answer.agent,
		.mail = &p->mail,
		.now = now };

	if (a.agent == NULL)
		a.agent = x->hand->ask.sender;
	a.routing.occasion = OCCASION_AGENT;
	/* What an agent does, no rule holds or drops. */
	a.routing.released = true;
	decision_init(&a.d, &w->arena, x->hand->ticket.number,
	    arena_printf(&w->arena, "agent %s", a.agent->name));
	command_split(&w->arena, mail_own_text(&w->arena, a.mail), &a.words);
	return a;
}

int
work_act(struct work *w, struct parcel *p, struct work_decision *x, int64_t now,
    struct err *e)
{
	struct acting a = acting_new(w, p, x, now);

	return run(&a, e);
}

int
work_act_look(struct work *w, struct parcel *p, struct work_decision *x,
    int64_t now, struct act_result *out, struct err *e)
{
	struct acting a = acting_new(w, p, x, now);

	if (decide(&a, e) == -1)
		return -1;
	if (!a.r.asks && a.r.answers) {
		choose_text(&a);
		guard_answer(&a);
	}
	if (!a.r.asks && ask_rules(&a, e) == -1)
		return -1;
	x->d = a.d;
	*out = a.r;
	return 0;
}
