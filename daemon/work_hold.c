/* Mail that waits, and the question about it.  See the header. */
#include "daemon/work_hold.h"

#include <string.h>
#include <strings.h>

#include "daemon/log.h"
#include "daemon/work_act.h"
#include "parser/limits.h"
#include "rules/phrase.h"
#include "store/outbox.h"
#include "store/people.h"

#define ADMIN_PAUSE     900 /* seconds between letters to the admins */
#define CHALLENGES_OPEN 3
#define CHALLENGE_PAUSE 600

static const struct {
	const char *word;
	const char *reason;
} words[NOTICE_KINDS] = {
	[NOTICE_COMMAND] = { "command", "a command is not understood" },
	[NOTICE_STALE] = { "stale", "somebody wrote since" },
	[NOTICE_GUARD] = { "guard", "internal words would have left" },
	[NOTICE_EMPTY] = { "empty", "there is neither text nor command" },
	[NOTICE_OLD] = { "old", "old or replayed" },
	[NOTICE_CHALLENGE] = { "challenge", "must be confirmed" },
	[NOTICE_LEAKED] = { "leak", "a notification in other hands" },
	[NOTICE_HELD] = { "spoof", "looks like an agent's" },
};

/* The word for a kind in `deskd held`: "command", "stale". */
static const char *
word_of(enum notice_kind kind)
{
	return words[kind].word == NULL ? "" : words[kind].word;
}

struct holding {
	struct work *w;
	struct parcel *p;
	const struct hold_new *q;
	const struct ticket *ticket; /* NULL: it is about none */
	const struct conf_agent *agent;
	struct decision d;
	struct post post;
	struct held_new row;
	struct held_made held; /* the same, as it stands in the list */
	int64_t now;
};

/* Once in a while: the list is always there to look at. */
static int
may_tell_admin(struct holding *x, bool *yes, struct err *e)
{
	int64_t last = 0;

	if (meta_get(x->w->db, "held_told", &last, e) == -1)
		return -1;
	*yes = x->now - last >= ADMIN_PAUSE || x->now < last;
	return *yes ? meta_set(x->w->db, "held_told", x->now, e) : 0;
}

/* Is it certainly his own, or from one whom we gave a token? */
static bool
vouched(const struct hand *h)
{
	const struct authority_ask *k = &h->ask;

	return k->proof == PROOF_PASS ||
	    (!k->needs_proof && k->sender == k->principal &&
		(k->token == TOKEN_VALID || k->token == TOKEN_EXPIRED));
}

/* A flood of forged mail must not become a flood of questions; nor may his own
 * mail program flood him. */
static int
may_ask(struct holding *x, bool *yes, struct err *e)
{
	bool own = x->q->kind == NOTICE_LEAKED ||
	    (x->q->kind != NOTICE_CHALLENGE && vouched(x->q->hand));
	int64_t open = 0, last = 0;
	struct query q;

	if (own) {
		if (outbox_count_address(x->w->db,
			address_budget(&x->w->arena, x->agent->emails[0]),
			x->now - 3600, LETTER_NOTIFY, &open, e) == -1)
			return -1;
		*yes = open < NOTIFY_HOUR;
		return 0;
	}
	if (db_query(x->w->db, &q, e,
		"SELECT count(*), coalesce(max(since), 0) FROM held"
		" WHERE state = 'held' AND kind = ? AND agent = ?"
		" AND question <> 0 AND id <> ?",
		"tti", x->row.kind, x->agent->name, x->held.id) == -1)
		return -1;
	if (db_row(&q) == 1) {
		open = db_int(&q, 0);
		last = db_int(&q, 1);
	}
	db_end(&q);
	*yes = open < CHALLENGES_OPEN && x->now - last >= CHALLENGE_PAUSE;
	return 0;
}

#define SINCE_LINES 3

/* What was written since he was written to, the newest of it. */
static int
tell_since(struct holding *x, struct notice *n, struct err *e)
{
	const struct hand *h = x->q->hand;
	int64_t most = h->revision < 0
	    ? SINCE_LINES
	    : (h->ticket.revision - h->revision) & 0xffff;
	struct notice_line *lines;
	struct party_words *list;

	if (most > SINCE_LINES)
		most = SINCE_LINES;
	if (party_words(x->w->db, &x->w->arena,
		&(struct party_ask){ x->ticket->number, (size_t)most }, &list,
		&n->thread_n, e) == -1)
		return -1;
	lines = arena_calloc(&x->w->arena, n->thread_n + 1, sizeof(*lines));
	for (size_t i = 0; i < n->thread_n; i++)
		lines[i] = (struct notice_line){ .time = list[i].received,
			.who = post_speaker(x->w, &list[i]),
			.note = list[i].direction == DIRECTION_NOTE,
			.text = list[i].text };
	n->thread = lines;
	return 0;
}

static const char *
reason_for(struct holding *x, const struct conf_agent *to)
{
	return phrase_again(
	    &x->w->arena, phrase_language(x->w->conf, to), x->q->problem);
}

static int
ask_one(struct holding *x, enum notice_kind kind, const struct conf_agent *to,
    const char *address, struct err *e)
{
	const struct mail *m = &x->p->mail;
	struct notice n = { .kind = kind,
		.to = to,
		.address = address,
		.from_name = m->from_name,
		.from_address = m->from_addr,
		.text = kind == NOTICE_LEAKED ? NULL
					      : mail_own_text(&x->w->arena, m),
		.problem = x->q->asked != NULL ? x->q->asked
					       : reason_for(x, to),
		.code = x->held.code,
		.held = x->held.id,
		.answers = x->q->admin ? NULL : m->message_id };

	memcpy(n.meant, x->q->meant, sizeof(n.meant));
	if (kind == NOTICE_STALE && tell_since(x, &n, e) == -1)
		return -1;
	return post_notice(&x->post, &n, "asked about the held mail", e);
}

static int
ask_admins(struct holding *x, struct err *e)
{
	const struct conf *c = x->w->conf;
	bool yes = false;

	if (may_tell_admin(x, &yes, e) == -1)
		return -1;
	for (size_t i = 0; yes && i < c->admins_n; i++)
		if (ask_one(x, NOTICE_HELD,
			conf_agent_by_address(c, c->admins[i]), c->admins[i],
			e) == -1)
			return -1;
	return 0;
}

static int
ask_agent(struct holding *x, struct err *e)
{
	bool yes = true;

	if (x->agent == NULL || x->agent->emails_n == 0)
		return 0;
	if (may_ask(x, &yes, e) == -1)
		return -1;
	/* Somebody hears of it. */
	if (!yes)
		return x->q->admin ? 0 : ask_admins(x, e);
	if (ask_one(x, x->q->kind, x->agent, x->agent->emails[0], e) == -1)
		return -1;
	return held_question(x->w->db, x->held.id, x->post.staff, e);
}

/* Letters that belong to no ticket. */
static int
send_loose(struct holding *x, struct err *e)
{
	int64_t id;

	for (size_t i = 0; i < x->d.n; i++)
		if (x->d.list[i].kind == CHANGE_LETTER &&
		    outbox_add(x->w->db, x->d.list[i].letter, &id, e) == -1)
			return -1;
	return 0;
}

static int
finish(struct holding *x, struct err *e)
{
	struct change *c;

	if (x->ticket == NULL)
		return send_loose(x, e);
	c = decision_add(&x->d, CHANGE_EVENT, 0, "held", x->row.reason);
	c->text2 = arena_printf(
	    &x->w->arena, "mail %lld", (long long)x->held.id);
	x->p->ticket = x->ticket->number;
	return tickets_apply(x->w->db, &x->d, NULL, x->now, e);
}

static int
open_post(struct holding *x, struct err *e)
{
	static const struct ticket none = { .subject = "",
		.category = "",
		.team = "",
		.assignee = "",
		.requester = "",
		.requester_name = "",
		.language = "",
		.tier = 1 };

	decision_init(&x->d, &x->w->arena,
	    x->ticket == NULL ? 0 : x->ticket->number, "deskd");
	if (x->ticket != NULL)
		return post_open(&x->post, x->w, &x->d, x->ticket, x->now, e);
	x->post = (struct post){ .w = x->w,
		.d = &x->d,
		.after = none,
		.staff = x->held.id * 1000,
		.now = x->now };
	if (x->p->mail.subject != NULL)
		x->post.after.subject = x->p->mail.subject;
	return 0;
}

int
work_hold(struct work *w, struct parcel *p, const struct hold_new *q,
    int64_t now, struct err *e)
{
	const struct hand *h = q->hand;
	struct holding x = { .w = w,
		.p = p,
		.q = q,
		.ticket = h == NULL || h->ticket.number == 0 ? NULL
							     : &h->ticket,
		.agent = h == NULL ? NULL : h->answer.agent,
		.now = now };

	x.row = (struct held_new){ .since = now,
		.state = "held",
		.sender = p->mail.from_addr,
		.subject = p->mail.subject,
		.kind = word_of(q->kind),
		.ticket = x.ticket == NULL ? 0 : x.ticket->number,
		.agent = x.agent == NULL ? NULL : x.agent->name,
		.problem = q->problem,
		.reason = words[q->kind].reason };
	if (q->problem != NULL)
		x.row.reason = q->problem;
	p->result.state = "held";
	p->result.reason = x.row.reason;
	if (held_add(w->db, p->in, &x.row, &x.held, e) == -1 ||
	    open_post(&x, e) == -1)
		return -1;
	/* Whose notification went astray must know; a forger's prey need not.
	 */
	if ((!q->admin || q->kind == NOTICE_LEAKED) && ask_agent(&x, e) == -1)
		return -1;
	if (q->admin && ask_admins(&x, e) == -1)
		return -1;
	return finish(&x, e);
}

/* How each refusal is told. */
static const struct refusal {
	enum notice_kind kind;
	bool admin, revoke;
} refusals[] = {
	[AUTHORITY_CHALLENGE] = { NOTICE_CHALLENGE, false, false },
	[AUTHORITY_HELD] = { NOTICE_OLD, false, false },
	[AUTHORITY_SPOOF] = { NOTICE_HELD, true, false },
	[AUTHORITY_LEAK] = { NOTICE_LEAKED, true, true },
	[AUTHORITY_RENEW] = { NOTICE_OLD, false, false },
};

int
work_refuse(struct work *w, struct parcel *p, struct hand *h, int64_t now,
    struct err *e)
{
	const struct refusal *r = &refusals[h->answer.authority];
	/* Without a ticket only a token for the mail itself is of use. */
	bool loose = r->kind == NOTICE_OLD && h->ticket.number == 0;
	struct hold_new q = { .hand = h,
		.kind = loose ? NOTICE_CHALLENGE : r->kind,
		.problem = h->answer.why,
		.admin = r->admin || h->answer.agent == NULL };

	if (r->revoke && work_hand_revoke(w, h, now, e) == -1)
		return -1;
	log_line(LOG_WARN, "ticket=%s from=%s held: %s",
	    h->ticket.number == 0 ? "-" : cmd_tag(w->c, h->ticket.number),
	    log_quote(p->mail.from_addr), h->answer.why);
	return work_hold(w, p, &q, now, e);
}

static const struct hold_verb verbs[] = {
	{ "send", "send", DONE_SEND },
	{ "note", "note", DONE_NOTE },
	{ "clean", "clean", DONE_CLEAN },
	{ "yes", "yes", DONE_YES },
	{ "approve", "yes", DONE_YES },
	{ "release", "requester", DONE_RELEASE },
	{ "drop", NULL, DONE_THROWN },
	{ "spam", NULL, DONE_THROWN },
	{ "reject", NULL, DONE_THROWN },
	{ "no", NULL, DONE_THROWN },
};

const struct hold_verb *
hold_verb(const char *word)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcasecmp(verbs[i].word, word) == 0)
			return &verbs[i];
	return NULL;
}

int
hold_answer(struct work *w, const struct held *h, const struct hold_verb *v,
    struct err *e)
{
	const struct held_way way = {
		.as = v->as, .agent = h->agent, .ticket = h->ticket
	};

	return v->as == NULL ? held_drop(w->db, h->id, e)
			     : held_release(w->db, h->id, &way, e);
}
