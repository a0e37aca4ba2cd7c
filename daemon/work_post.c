/* Letters for a decision.  See the header. */
#include "daemon/work_post.h"

#include <string.h>

#include "daemon/clock.h"
#include "store/outbox.h"
#include "store/people.h"

/* The desk of this moment. */
static struct desk
desk_now(struct work *w, int64_t now)
{
	return (struct desk){ .conf = w->conf,
		.templates = &w->templates,
		.book = w->ruling.book,
		.keys = &w->keys,
		.zone = w->ruling.zone,
		.now = now,
		.offset = clock_zone(now) };
}

int
post_open(struct post *x, struct work *w, struct decision *d,
    const struct ticket *before, int64_t now, struct err *e)
{
	*x = (struct post){ .w = w, .d = d, .before = before, .now = now };
	decision_ticket(d, before == NULL ? &ticket_blank : before, &x->after);
	if (before == NULL &&
	    tickets_next_number(w->db, &x->after.number, e) == -1)
		return -1;
	if (before == NULL)
		x->after.created = now;
	x->serial = x->after.serial;
	x->staff = x->after.staff_serial;
	/* Letters of this decision may still go before the next revision. */
	for (size_t i = 0; i < d->n; i++) {
		const struct change *c = &d->list[i];

		x->after.revision += c->kind == CHANGE_WORDS ||
		    (c->kind == CHANGE_MESSAGE && c->text2 == NULL);
		x->serial += c->kind == CHANGE_LETTER &&
		    c->value == THREAD_REQUESTER;
	}
	return tickets_guid(w->db, x->after.number, x->guid, e);
}

void
post_mail(struct post *x, const struct parcel *p)
{
	const struct mail *m = &p->mail;

	x->from_name = m->from_name;
	x->from_address = m->from_addr;
	x->text = m->new_text;
	x->parts = &p->parts;
}

/* A finished mail becomes a letter of the decision. */
struct posting {
	enum letter_kind kind;
	enum letter_thread thread;
	const char *recipient, *agent, *why;
	int64_t not_before, serial, revision;
	bool automatic;
};

static void
add_letter(
    struct post *x, const struct note_out *out, const struct posting *how)
{
	struct letter *l = arena_calloc(&x->w->arena, 1, sizeof(*l));
	struct change *c;

	*l = (struct letter){ .kind = how->kind,
		.automatic = how->automatic,
		.sender = out->sender,
		.recipient = how->recipient,
		.message_id = out->message_id,
		.data = out->data,
		.size = out->size,
		.created = x->now,
		.not_before = how->not_before,
		.next_at = how->not_before,
		.agent = how->agent,
		.serial = how->serial,
		.revision = how->revision,
		.inside = out->inside,
		.thread = how->thread };
	c = decision_add(x->d, CHANGE_LETTER, how->thread, NULL, how->why);
	c->letter = l;
	x->w->letters = true;
	x->w->counts.letters++;
}

/* People in Cc, that a letter may be shown to. */
static int
find_cc(struct post *x, struct address **out, size_t *n, struct err *e)
{
	struct work *w = x->w;
	struct party *list = NULL;
	size_t all = 0;

	*n = 0;
	*out = NULL;
	if (x->before == NULL)
		return 0;
	if (party_list(w->db, &w->arena, x->after.number, &list, &all, e) == -1)
		return -1;
	*out = arena_calloc(&w->arena, all + x->d->n + 1, sizeof(**out));
	for (size_t i = 0; i < all; i++)
		if (list[i].role == ROLE_CC)
			(*out)[(*n)++] = (struct address){ list[i].name,
				list[i].address };
	for (size_t i = 0; i < x->d->n; i++) {
		const struct change *c = &x->d->list[i];
		size_t k = 0;

		if (c->kind == CHANGE_PARTICIPANT && c->value == ROLE_CC) {
			(*out)[(*n)++] = (struct address){
				c->text2 == NULL ? "" : c->text2, c->text
			};
			continue;
		}
		if (c->kind != CHANGE_PARTICIPANT_GONE)
			continue;
		for (size_t j = 0; j < *n; j++)
			if (!address_same((*out)[j].addr, c->text))
				(*out)[k++] = (*out)[j];
		*n = k;
	}
	return 0;
}

/* Only addresses that mail can go to, none of ours, none twice. */
static size_t
only_others(struct post *x, struct address *list, size_t n)
{
	const struct conf *c = x->w->conf;
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		bool bad = !address_valid(list[i].addr) ||
		    conf_is_own(c, list[i].addr) ||
		    conf_agent_by_address(c, list[i].addr) != NULL ||
		    address_same(list[i].addr, x->after.requester);

		for (size_t j = 0; j < k && !bad; j++)
			bad = address_same(list[j].addr, list[i].addr);
		if (!bad)
			list[k++] = list[i];
	}
	return k;
}

static void
fill_thread(struct answer *a, const struct party_thread *t)
{
	a->message_id = t->message_id;
	a->references = t->ids;
	a->references_n = t->ids_n;
	a->thread_index = t->thread_index;
	a->quote = t->text;
	a->quote_name = t->name;
	a->quote_date = t->date;
}

static const char *const answer_whys[ANSWER_KINDS] = {
	[ANSWER_TEXT] = "the answer to the requester",
	[ANSWER_RESOLVED] = "the requester is told that it is solved",
	[ANSWER_MERGED] = "the requester is told where it goes on",
	[ANSWER_HANDED] = "the requester is told who has it now",
};

int
post_answer(struct post *x, const struct post_answer *in, int64_t *leaves,
    struct err *e)
{
	struct work *w = x->w;
	struct desk desk = desk_now(w, x->now);
	struct party_thread thread = { 0 };
	struct address *cc;
	size_t cc_n;
	struct answer a = { .desk = &desk,
		.kind = in->kind,
		.ticket = &x->after,
		.agent = in->agent,
		.to = { x->after.requester_name, x->after.requester },
		.serial = ++x->serial,
		.text = in->text == NULL ? "" : in->text,
		.rich = in->rich,
		.other = in->other,
		.language = *x->after.language == '\0' ? NULL
						       : x->after.language };
	struct posting how = { .kind = LETTER_REPLY,
		.thread = THREAD_REQUESTER,
		.why = answer_whys[in->kind],
		.automatic = in->kind != ANSWER_TEXT && *a.text == '\0' };
	struct note_out out;

	if (in->parts != NULL) {
		a.parts = in->parts->list;
		a.parts_n = in->parts->n;
	}
	if (!address_valid(x->after.requester))
		return err_set(
		    e, ERR_REJECT, "no mail can go to the requester's address");
	if (find_cc(x, &cc, &cc_n, e) == -1)
		return -1;
	if (cc_n > 0)
		cc_n = only_others(x, cc, cc_n);
	a.cc = cc;
	a.cc_n = cc_n;
	if (x->before != NULL &&
	    party_thread(w->db, &w->arena, &x->after, &thread, e) == -1)
		return -1;
	fill_thread(&a, &thread);
	if (answer_make(&w->arena, &a, &out, e) == -1)
		return -1;
	how.not_before = x->now + w->conf->tickets.send_delay;
	how.serial = a.serial;
	how.recipient = x->after.requester;
	add_letter(x, &out, &how);
	how.thread = THREAD_NONE;
	for (size_t i = 0; i < cc_n; i++) {
		how.recipient = cc[i].addr;
		add_letter(x, &out, &how);
	}
	if (leaves != NULL)
		*leaves = how.not_before;
	return 0;
}

int
post_said(struct post *x, const struct act_result *r,
    const struct post_answer *words, int64_t *leaves, struct err *e)
{
	const struct commands_answer *said = &r->said;
	struct post_answer a = { .agent = words->agent };

	if (said->spam)
		return 0;
	if (r->answers) {
		a = *words;
		a.kind = said->resolved ? ANSWER_RESOLVED : ANSWER_TEXT;
		return post_answer(x, &a, leaves, e);
	}
	/* Nobody to be told of what deskd says by itself. */
	if (!address_valid(x->after.requester))
		return 0;
	if (said->merge != 0) {
		a.kind = ANSWER_MERGED;
		a.other = said->merge;
	} else if (said->resolved)
		a.kind = ANSWER_RESOLVED;
	else
		return 0;
	return post_answer(x, &a, leaves, e);
}

int
post_notice(struct post *x, struct notice *n, const char *why, struct err *e)
{
	struct work *w = x->w;
	struct desk desk = desk_now(w, x->now);
	struct posting how = { .kind = LETTER_NOTIFY,
		.thread = x->after.number == 0 ? THREAD_NONE : THREAD_STAFF,
		.recipient = n->address,
		.agent = n->to == NULL ? "" : n->to->name,
		.why = why,
		.not_before = x->now,
		.revision = x->after.revision,
		.automatic = true };
	struct note_out out;

	n->desk = &desk;
	n->ticket = &x->after;
	n->serial = how.serial = ++x->staff;
	n->guid = x->guid;
	/* An admin who is nobody of the staff has a token for held mail only,
	 * in the name of his address. */
	if ((n->to != NULL || n->held != 0) &&
	    people_principal(w->db, n->to != NULL ? n->to->name : n->address,
		&n->principal, e) == -1)
		return -1;
	if (notice_make(&w->arena, n, &out, e) == -1)
		return -1;
	add_letter(x, &out, &how);
	return 0;
}
