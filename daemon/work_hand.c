/* Gathering for the decision table of RELIABILITY 3.5.  See the header. */
#include "daemon/work_hand.h"

#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "store/people.h"

#define FRESH_PAST   (7 * (int64_t)86400)
#define FRESH_FUTURE ((int64_t)86400)
#define YES_SECONDS  3600

/* The token in one address: behind the "+", or the local part of a domain that
 * is all ours. */
static const char *
token_in(struct work *w, const char *address)
{
	const struct conf_tickets *t = &w->conf->tickets;
	const char *at = strchr(address, '@');

	if (t->tokens == TOKENS_CATCH_ALL && at - address == TOKEN_CHARS &&
	    strcasecmp(at + 1, t->token_domain) == 0)
		return arena_strndup(&w->arena, address, TOKEN_CHARS);
	return token_of_address(&w->arena, w->conf->address, address);
}

static const char *
token_among(struct work *w, const struct address *list, size_t n)
{
	const char *token = NULL;

	for (size_t i = 0; i < n && token == NULL; i++)
		token = token_in(w, list[i].addr);
	return token;
}

/* Where a mail was sent to, also when To has lost it. */
static const char *
token_find(struct work *w, const struct mail *m)
{
	static const char *const names[] = { "Delivered-To", "X-Original-To",
		"Envelope-To", "X-Envelope-To" };
	const char *token = token_among(w, m->to, m->to_n);

	if (token == NULL)
		token = token_among(w, m->cc, m->cc_n);
	for (size_t i = 0; i < m->fields_n && token == NULL; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			const struct field *f = &m->fields[i];
			struct address *list;
			size_t n;

			if (strcasecmp(f->name, names[k]) != 0)
				continue;
			n = address_list(
			    &w->arena, f->value, strlen(f->value), &list, NULL);
			token = token_among(w, list, n);
		}
	return token;
}

int64_t
work_token_ticket(struct work *w, const struct mail *m)
{
	const char *text = token_find(w, m);
	struct token t;

	return text != NULL && token_read(text, &t) &&
		(t.purpose == TOKEN_AGENT || t.purpose == TOKEN_NOTE)
	    ? t.ticket
	    : 0;
}

static bool
for_agents(enum token_purpose p)
{
	return p == TOKEN_AGENT || p == TOKEN_NOTE || p == TOKEN_ESCALATE ||
	    p == TOKEN_RELEASE;
}

/* An admin is nobody of the staff, but may let go what is held: he has a token
 * for just that, in the name of his address. */
static const struct conf_agent *
admin_of(struct work *w, const char *address)
{
	struct conf_agent *agent;
	const char **emails;

	for (size_t i = 0; i < w->conf->admins_n; i++) {
		if (!address_same(w->conf->admins[i], address))
			continue;
		agent = arena_calloc(&w->arena, 1, sizeof(*agent));
		emails = arena_calloc(&w->arena, 1, sizeof(*emails));
		emails[0] = w->conf->admins[i];
		agent->name = agent->shown = emails[0];
		agent->emails = emails;
		agent->emails_n = 1;
		return agent;
	}
	return NULL;
}

static const struct conf_agent *
principal_of(struct work *w, struct hand *h, const char *name)
{
	const struct conf_agent *agent;

	if (name == NULL || strchr(name, '@') == NULL)
		return name == NULL ? NULL : conf_agent(w->conf, name);
	if (h->says.purpose != TOKEN_RELEASE)
		return NULL;
	agent = admin_of(w, name);
	if (agent != NULL && h->ask.sender == NULL && h->from != NULL &&
	    address_same(h->from, name))
		h->ask.sender = agent;
	return agent;
}

/* Whose token it is, and is it good? */
static int
judge_token(struct work *w, struct hand *h, int64_t now, struct err *e)
{
	const char *name = NULL, *domain = address_domain(w->conf->address);
	const struct conf_agent *agent;
	bool revoked = false;

	if (h->token == NULL || !token_read(h->token, &h->says) ||
	    !for_agents(h->says.purpose)) {
		h->token = NULL;
		return 0;
	}
	if (people_agent(w->db, &w->arena, h->says.principal, &name, e) == -1)
		return -1;
	agent = principal_of(w, h, name);
	h->ask.purpose = h->says.purpose;
	h->ask.token = TOKEN_BAD;
	/* As long for a person who is gone. */
	if (!token_proves(&w->keys, h->token, domain,
		agent == NULL ? "" : agent->emails[0]) ||
	    agent == NULL)
		return 0;
	h->ask.principal = agent;
	h->revision = h->says.sequence;
	if (people_revoked(w->db, &h->says, &revoked, e) == -1)
		return -1;
	h->ask.token = revoked || !token_fresh(&h->says, now) ? TOKEN_EXPIRED
							      : TOKEN_VALID;
	return 0;
}

/* It answers a letter of ours to staff: which one is known by its id. */
static int
find_letter(struct work *w, const struct mail *m, struct staff_letter *out,
    struct err *e)
{
	*out = (struct staff_letter){ 0 };
	if (m->in_reply_to != NULL &&
	    match_staff(w->db, &w->arena, &w->marks, m->in_reply_to, out, e) ==
		-1)
		return -1;
	for (size_t i = m->references_n; i-- > 0 && out->ticket == 0;)
		if (match_staff(w->db, &w->arena, &w->marks, m->references[i],
			out, e) == -1)
			return -1;
	return 0;
}

#define APPROVALS_MAX 20 /* mails of one agent that wait */

/* The same for a question about one of his held mails: which one is known by
 * the mark alone. */
static int
judge_approval(struct work *w, const struct mail *m, struct hand *h,
    int64_t now, struct err *e)
{
	struct mark k = { TOKEN_RELEASE, 0, h->ask.sender->emails[0] };
	struct query q;
	int rc;

	if (db_query(w->db, &q, e,
		"SELECT id FROM held WHERE state = 'held' AND agent = ?"
		" AND since >= ? ORDER BY id DESC LIMIT ?",
		"tii", h->ask.sender->name, now - YES_SECONDS,
		(int64_t)APPROVALS_MAX) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		k.ticket = db_int(&q, 0);
		if (h->token != NULL || !work_marked(w, m, &k))
			continue;
		h->token = m->subject; /* used once, like any other */
		h->says.purpose = h->ask.purpose = TOKEN_RELEASE;
		h->says.ticket = k.ticket;
		h->ask.principal = h->ask.sender;
		h->ask.token = TOKEN_VALID;
	}
	return rc;
}

/* A button of ours where tokens have no address: its mark stands in the
 * subject. It says nothing of what was written since, so that is not asked. */
static int
judge_tap(struct work *w, const struct mail *m, struct hand *h, int64_t *ticket,
    int64_t now, struct err *e)
{
	struct mark k = { TOKEN_AGENT, 0, h->ask.sender->emails[0] };

	if (w->conf->tickets.tokens != TOKENS_NONE || m->subject == NULL ||
	    strchr(m->subject, '~') == NULL)
		return 0;
	if (judge_approval(w, m, h, now, e) == -1 || h->token != NULL)
		return h->token == NULL ? -1 : 0;
	k.ticket = mail_subject_ticket(m->subject, w->marks.prefix);
	if (k.ticket == 0 || !work_marked(w, m, &k))
		return 0;
	h->ask.own_id = h->tapped = true;
	if (*ticket == 0)
		*ticket = k.ticket;
	return 0;
}

static int
judge_letter(struct work *w, const struct mail *m, struct hand *h,
    int64_t *ticket, int64_t now, struct err *e)
{
	struct staff_letter l;

	if (h->ask.sender == NULL || find_letter(w, m, &l, e) == -1)
		return h->ask.sender == NULL ? 0 : -1;
	if (l.ticket == 0)
		return judge_tap(w, m, h, ticket, now, e);
	h->ask.own_id = strcmp(l.agent, h->ask.sender->name) == 0;
	if (h->ask.own_id && h->revision < 0)
		h->revision = l.revision;
	if (h->ask.own_id) {
		h->letter = l.serial;
		h->letter_ticket = l.ticket;
		h->inside = l.inside;
	}
	if (*ticket == 0)
		*ticket = l.ticket;
	return 0;
}

static int
judge_people(struct work *w, const struct mail *m, struct hand *h, int64_t now,
    struct err *e)
{
	const struct conf_agent *who = h->ask.principal != NULL
	    ? h->ask.principal
	    : h->ask.sender;
	bool seen = false, out = false;

	if (who == NULL)
		return 0;
	/* Who never got a letter has no number yet, and none is made here. */
	if (db_number(w->db, &h->principal, NULL, e,
		"SELECT id FROM principal WHERE name = ?", "t",
		who->name) == -1 ||
	    people_acted(w->db, h->principal, m->fingerprint, &seen, e) == -1 ||
	    people_suspended(w->db, who->name, &h->ask.suspended, e) == -1)
		return -1;
	if (h->ask.sender != NULL && h->ask.sender != who &&
	    people_suspended(w->db, h->ask.sender->name, &out, e) == -1)
		return -1;
	h->ask.suspended |= out;
	h->ask.fresh = !seen && m->date != 0 && m->date >= now - FRESH_PAST &&
	    m->date <= now + FRESH_FUTURE;
	return 0;
}

static int
judge_ticket(struct work *w, const struct mail *m, struct hand *h,
    int64_t ticket, struct err *e)
{
	int64_t tagged = m->subject == NULL
	    ? 0
	    : mail_subject_ticket(m->subject, w->marks.prefix);

	/* A mail that is to be let go: its number is no ticket. */
	if (h->token != NULL && h->says.purpose == TOKEN_RELEASE)
		return 0;
	if (ticket == 0 && h->ask.token == TOKEN_NONE && tagged != 0 &&
	    h->ask.sender != NULL) {
		h->ask.tagged = true;
		ticket = tagged;
	}
	if (ticket != 0 &&
	    tickets_load_survivor(w->db, &w->arena, ticket, &h->ticket, e) ==
		-1)
		return -1;
	if (h->ticket.number != ticket)
		h->revision = -1; /* merged: its count is another */
	if (h->ticket.number == 0)
		h->ask.tagged = false;
	h->ask.may_see = h->ticket.number != 0 && h->ask.sender != NULL &&
	    commands_may(w->conf, h->ask.sender, &h->ticket);
	return 0;
}

/* "" when nobody let it go; a file that is only looked at has no row. */
static const char *
release_as(const struct parcel *p)
{
	return p->in->release_as == NULL ? "" : p->in->release_as;
}

/* Why it was held. */
static int
left_because(struct work *w, int64_t raw, const char **kind, struct err *e)
{
	*kind = "";
	return db_word(w->db, &w->arena, kind, e,
	    "SELECT kind FROM held WHERE raw = ? AND state = 'released'"
	    " ORDER BY id DESC LIMIT 1",
	    "i", raw);
}

/* A person has said what is to become of it. */
static int
judge_release(
    struct work *w, const struct parcel *p, struct hand *h, struct err *e)
{
	static const struct {
		const char *word;
		enum act_leave leave;
	} words[] = { { "agent", LEAVE_YES }, { "send", LEAVE_SEND },
		{ "note", LEAVE_NOTE }, { "clean", LEAVE_CLEAN },
		{ "yes", LEAVE_YES } };
	const struct inbound *in = p->in;

	if (left_because(w, in->raw, &h->left_because, e) == -1)
		return -1;
	h->answer.authority = AUTHORITY_REQUESTER;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(release_as(p), words[i].word) == 0)
			h->leave = words[i].leave;
	h->answer.agent = *in->release_agent == '\0'
	    ? h->ask.sender
	    : conf_agent(w->conf, in->release_agent);
	if (h->leave == LEAVE_NONE || in->release_ticket == 0)
		return 0;
	if (tickets_load_survivor(
		w->db, &w->arena, in->release_ticket, &h->ticket, e) == -1)
		return -1;
	h->answer.authority = h->leave == LEAVE_NOTE ? AUTHORITY_NOTE
						     : AUTHORITY_EXECUTE;
	h->answer.why = "a person let it go";
	if (h->answer.agent == NULL && h->leave != LEAVE_NOTE)
		h->answer.authority = AUTHORITY_REQUESTER;
	return 0;
}

/* "#new" on top of an agent's mail: a ticket for somebody who called. */
static void
look_call(struct work *w, const struct parcel *p, const struct mail *m,
    struct hand *h)
{
	/* Let go as what anybody could send. */
	bool as_request = *release_as(p) != '\0' && h->leave == LEAVE_NONE;

	command_split(&w->arena, mail_own_text(&w->arena, m), &h->words);
	if (h->answer.authority == AUTHORITY_REQUESTER &&
	    h->ask.sender != NULL && !h->ask.tagged && h->words.n > 0 &&
	    !as_request && h->words.list[0].word == COMMAND_NEW) {
		h->calls = true;
		h->answer.agent = h->ask.sender;
	}
}

int
work_hand_revoke(struct work *w, struct hand *h, int64_t now, struct err *e)
{
	int64_t named = h->says.ticket;

	if (h->token == NULL || h->says.purpose == TOKEN_RELEASE ||
	    h->principal == 0 || h->ticket.number == 0)
		return 0;
	if (named != h->ticket.number &&
	    people_revoke(w->db, named, h->principal, now, e) == -1)
		return -1;
	h->ticket.revision++;
	return people_revoke(w->db, h->ticket.number, h->principal, now, e);
}

static const struct conf_agent *
sender_of(struct work *w, const struct mail *m)
{
	return m->from_addr == NULL
	    ? NULL
	    : conf_agent_by_address(w->conf, m->from_addr);
}

int
work_hand(struct work *w, struct parcel *p, struct hand **out, struct err *e)
{
	const struct mail *m = &p->mail;
	int64_t now = p->in->received, ticket = 0;
	struct hand *h = arena_calloc(&w->arena, 1, sizeof(*h));

	*out = NULL;
	h->revision = -1;
	h->ask.conf = w->conf;
	h->ask.sender = sender_of(w, m);
	h->from = m->from_addr;
	h->ask.one_sender = authority_one_sender(m);
	h->ask.needs_proof = w->conf->auth.named;
	h->token = token_find(w, m);
	if (judge_token(w, h, now, e) == -1)
		return -1;
	if (h->ask.sender == NULL && h->token == NULL && *release_as(p) == '\0')
		return 0;
	if (h->token != NULL && h->ask.token != TOKEN_BAD)
		ticket = h->says.ticket;
	h->ask.proof = proof_of(&w->arena, w->conf, m, &h->proof_why);
	if (judge_letter(w, m, h, &ticket, now, e) == -1 ||
	    judge_people(w, m, h, now, e) == -1 ||
	    judge_ticket(w, m, h, ticket, e) == -1)
		return -1;
	authority_decide(&h->ask, &h->answer);
	h->held = h->token != NULL && h->says.purpose == TOKEN_RELEASE;
	if (*release_as(p) != '\0' && judge_release(w, p, h, e) == -1)
		return -1;
	look_call(w, p, m, h);
	*out = h;
	return 0;
}
