/*
 * Letters to the staff.  The words come from templates; this file gives each
 * kind its header fields, its token, and the line that says where an answer
 * ends.  It decides nothing about who is told what: see tell.h.
 */
#include "rules/notice.h"

#include <string.h>

#include "parser/compose.h"
#include "parser/limits.h"
#include "parser/msgid.h"
#include "parser/utf8.h"
#include "rules/guard.h"
#include "rules/letter.h"
#include "rules/loopmark.h"
#include "rules/notice_private.h"
#include "rules/thread_index.h"

#define FIELDS_MAX 40

/*
 * What an answer to a letter may become stands in its token: an answer to what
 * was said inside stays inside (T09), an answer to all others goes to the
 * requester.  Receipts are among the latter: in a conversation people answer
 * the newest mail, whatever it says.
 */
static const struct notice_row rows[NOTICE_KINDS] = {
	[NOTICE_NEW] = { "notice-new", "new", TOKEN_AGENT, false },
	[NOTICE_ANSWERED] = { "notice-answered", "answered", TOKEN_AGENT,
	    false },
	[NOTICE_COLLEAGUE] = { "notice-colleague", "colleague", TOKEN_AGENT,
	    false },
	[NOTICE_HANDED] = { "notice-handed", "handed", TOKEN_AGENT, false },
	[NOTICE_GONE] = { "notice-gone", "gone", TOKEN_AGENT, false },
	[NOTICE_STRANGER] = { "notice-stranger", "stranger", TOKEN_NOTE,
	    false },
	[NOTICE_BOUNCED] = { "notice-bounced", "bounced", TOKEN_AGENT, false },
	[NOTICE_ESCALATED] = { "notice-escalated", "escalated", TOKEN_NOTE,
	    false },
	[NOTICE_COMMAND] = { "notice-command", "held.command", TOKEN_AGENT,
	    true },
	[NOTICE_STALE] = { "notice-stale", "held.stale", TOKEN_AGENT, true },
	[NOTICE_GUARD] = { "notice-guard", "held.guard", TOKEN_AGENT, true },
	[NOTICE_EMPTY] = { "notice-empty", "held.empty", TOKEN_AGENT, true },
	[NOTICE_OLD] = { "notice-old", "held.old", TOKEN_AGENT, true },
	[NOTICE_CHALLENGE] = { "notice-challenge", "held.challenge",
	    TOKEN_RELEASE, true },
	[NOTICE_LEAKED] = { "notice-leaked", "leaked", TOKEN_AGENT, false },
	[NOTICE_HELD] = { "notice-held", "held", TOKEN_RELEASE, false },
	[NOTICE_RECEIPT] = { "notice-receipt", "receipt", TOKEN_AGENT, true },
	[NOTICE_SAID] = { "notice-said", "answer", TOKEN_AGENT, true },
};

/* What an answer may become. */
static enum token_purpose
purpose_of(const struct saying *s)
{
	return s->in->note ? TOKEN_NOTE : s->row->purpose;
}

/* Who is no agent has nothing to answer with, but for a mail that is held. */
static char *
token_of(const struct saying *s, enum token_purpose purpose)
{
	const struct notice *in = s->in;
	bool release = purpose == TOKEN_RELEASE;
	struct token t = { .purpose = purpose,
		.ticket = release ? in->held : in->ticket->number,
		.principal = in->principal,
		.day = token_day(in->desk->now),
		.sequence = (int)(in->ticket->revision & 0xffff) };

	const char *whose = in->to != NULL && in->to->emails_n > 0
	    ? in->to->emails[0] /* also where he is written to elsewhere */
	    : in->address;

	if (in->to == NULL && !release)
		return NULL;
	return token_make(s->arena, in->desk->keys, &t,
	    address_domain(in->desk->conf->address), whose);
}

/*
 * The cut line stands below the first sentence, not above it: a phone shows
 * the beginning of a mail on its locked screen, and there the reader needs what
 * to do.  What a mail program quotes above the line is then that one sentence,
 * which is subtracted as text of ours; all else stands between the line and the
 * mark at the end, and is known by their reference from either side
 * (RELIABILITY 3.6).  Both are set here, so that no template can lack them.
 */
static char *
with_marks(const struct saying *s, const char *text)
{
	const char *end = strchr(text, '\n');
	int n = (int)(end == NULL ? strlen(text) : (size_t)(end - text));

	const char *mark = arena_printf(
	    s->arena, "%s ref %s\n", GUARD_MARK, s->ref);

	end = end == NULL ? "" : end + strspn(end, "\n");
	/* Right below the cut line it would say the same twice. */
	if (strncmp(end, mark, strlen(mark)) == 0)
		end += strlen(mark) + strspn(end + strlen(mark), "\n");
	return arena_printf(s->arena, "%.*s\n\n%s%s) --\n\n%s%s%s", n, text,
	    GUARD_CUT, s->ref, end, *end == '\0' ? "" : "\n", mark);
}

struct fields {
	const char *list[FIELDS_MAX];
	size_t n;
};

static void
field_add(struct fields *f, const char *name, const char *value)
{
	if (value == NULL || *value == '\0' || f->n + 3 > FIELDS_MAX)
		return;
	f->list[f->n++] = name;
	f->list[f->n++] = value;
}

/* "Network & VPN tickets" <network.support.example.com>: for the reader's
 * filters (RFC 2919). */
static char *
list_id(const struct saying *s)
{
	const struct conf *c = s->in->desk->conf;
	const struct conf_team *team = conf_team(c, s->in->ticket->team);
	const char *shown = team == NULL ? c->desk
	    : team->shown != NULL        ? team->shown
					 : team->name;
	char *name = utf8_line(s->arena, shown, MAIL_NAME_MAX), *to = name;
	bool ascii = true;

	for (const char *p = name; *p != '\0'; p++) {
		ascii = ascii && (unsigned char)*p < 128;
		if (strchr("\"\\<>", *p) == NULL)
			*to++ = *p;
	}
	*to = '\0';
	/* An encoded word may not stand in quotes (RFC 2047 5). */
	return arena_printf(s->arena,
	    ascii ? "\"%s tickets\" <%s%s%.*s.%s>" : "%s tickets <%s%s%.*s.%s>",
	    name, team == NULL ? "" : team->name, team == NULL ? "" : ".",
	    (int)strcspn(c->address, "@"), c->address,
	    address_domain(c->address));
}

/* The event that a filter sees. */
static const char *
event_of(const struct saying *s)
{
	const struct ticket *t = s->in->ticket;

	bool begins = s->in->kind == NOTICE_NEW || s->in->kind == NOTICE_HANDED;

	if (begins && s->in->to != NULL &&
	    strcmp(t->assignee, s->in->to->name) == 0)
		return "assigned";
	return s->row->event;
}

static void
ticket_fields(const struct saying *s, struct fields *f)
{
	const struct ticket *t = s->in->ticket;

	if (t->number == 0)
		return;
	field_add(f, "X-Deskd-Ticket", s->tag);
	field_add(f, "X-Deskd-Team", t->team);
	field_add(f, "X-Deskd-Tier",
	    t->tier == 0 ? NULL : arena_printf(s->arena, "%d", t->tier));
	field_add(f, "X-Deskd-Type", type_names[t->type]);
	field_add(f, "X-Deskd-Priority", priority_names[t->priority]);
	field_add(f, "X-Deskd-Category", t->category);
	field_add(f, "X-Deskd-Status", status_names[t->status]);
	if (t->priority == PRIORITY_CRITICAL)
		field_add(f, "Importance", "high");
}

/* MAIL 2, third column. */
static void
fields_make(const struct saying *s, const struct compose *c, struct fields *f)
{
	const struct desk *d = s->in->desk;
	const struct notice *in = s->in;

	field_add(f, "Thread-Topic", c->subject);
	if (in->guid != NULL && in->ticket->number != 0)
		field_add(f, "Thread-Index",
		    thread_index_child(s->arena,
			thread_index_root(
			    s->arena, in->guid, in->ticket->created),
			d->now, in->serial));
	field_add(f, "List-Id", list_id(s));
	field_add(f, "Precedence", "list");
	field_add(f, "Auto-Submitted", "auto-generated");
	field_add(f, "X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN");
	field_add(f, "X-Deskd-Event", event_of(s));
	ticket_fields(s, f);
	field_add(f, LOOP_FIELD,
	    loop_mark(s->arena, d->keys, address_domain(d->conf->address),
		c->message_id));
	field_add(f, HOPS_FIELD, "1");
}

/* Always the same subject: what changes stands in the sender's name. */
static char *
subject_of(const struct saying *s)
{
	const struct conf *c = s->in->desk->conf;
	const char *words = letter_bare_subject(
	    s->arena, c, s->in->ticket->subject);

	return arena_printf(
	    s->arena, "[%s]%s%s", s->tag, *words == '\0' ? "" : " ", words);
}

/* Who it is from, where an answer goes, and the one thread of the staff. */
static void
address_it(const struct saying *s, const char *from, struct compose *c)
{
	const struct notice *in = s->in;
	const struct desk *d = in->desk;
	const char *domain = address_domain(d->conf->address), *token;
	const char **root = arena_calloc(s->arena, 1, sizeof(*root));

	token = token_of(s, purpose_of(s));
	c->from = (struct address){ from, d->conf->address };
	c->to = (struct address){
		in->to == NULL || in->to->shown == NULL ? "" : in->to->shown,
		in->address
	};
	if (token != NULL)
		c->reply_to = notice_token_address(s, token);
	c->reply_to_name = s->tag;
	c->subject = subject_of(s);
	c->message_id = msgid_make(s->arena, d->keys, s->tag,
	    arena_printf(s->arena, "s%lld", (long long)in->serial), domain);
	root[0] = arena_printf(s->arena, "%s.desk@%s", s->tag, domain);
	c->references = root;
	c->references_n = 1;
	c->in_reply_to = s->row->held && in->answers != NULL ? in->answers
							     : root[0];
}

/* What does not belong to a ticket has the number of the held mail. */
static const char *
tag_of(struct arena *a, const struct notice *in)
{
	if (in->ticket->number == 0)
		return arena_printf(a, "held-%lld", (long long)in->held);
	return ticket_tag(
	    a, in->desk->conf->tickets.prefix, in->ticket->number);
}

static int
words_make(
    struct saying *s, const char **from, const char **text, struct err *e)
{
	const struct template *t = template_set_for(s->in->desk->templates,
	    s->row->template, s->in->desk->conf,
	    s->in->to == NULL ? NULL : s->in->to->language, &s->language);
	char *head, *body;

	if (t == NULL)
		return err_set(e, ERR_REJECT, "there is no template '%s'",
		    s->row->template);
	if (template_render(s->arena, t, notice_values(s), &head, &body, e) ==
	    -1)
		return err_wrap(e, "template %s", s->row->template);
	*from = head;
	*text = with_marks(s, body);
	return 0;
}

/*
 * The letter as HTML with what was written as its writer formatted it: the
 * words are rendered once more with a mark in place of the text, which nobody
 * can guess, and the mark's paragraph gives way.  NULL: there is nothing to put
 * in, or the template has the text elsewhere than in a paragraph of its own.
 */
static char *
rich_make(const struct saying *s, const struct compose *c)
{
	const struct notice *in = s->in;
	struct saying marked = *s;
	const char *mark, *from = "", *text = "", *html, *at;
	struct err e = { 0 };

	if (in->rich == NULL || in->text == NULL)
		return NULL;
	marked.instead = arena_printf(s->arena, "text %s", s->ref);
	if (words_make(&marked, &from, &text, &e) == -1)
		return NULL;
	html = compose_letter_body(s->arena, text, c);
	mark = arena_printf(s->arena, "<p>%s</p>", marked.instead);
	at = html == NULL ? NULL : strstr(html, mark);
	if (at == NULL)
		return NULL;
	return arena_printf(s->arena, "%.*s<div>%s</div>%s", (int)(at - html),
	    html, in->rich, at + strlen(mark));
}

static struct saying
saying_of(struct arena *a, const struct notice *in)
{
	struct saying s = { .arena = a,
		.in = in,
		.row = &rows[in->kind],
		.tag = tag_of(a, in) };

	s.ref = token_ref(a, in->desk->keys, in->ticket->number, in->serial);
	s.token = token_of(
	    &s, s.row->purpose == TOKEN_RELEASE ? TOKEN_RELEASE : TOKEN_AGENT);
	return s;
}

enum notice_kind
notice_kind(const char *template)
{
	enum notice_kind k = 0;

	while (k < NOTICE_KINDS && strcmp(rows[k].template, template) != 0)
		k++;
	return k;
}

int
notice_words(struct arena *a, const struct notice *in, const char **from,
    const char **language, struct note_out *out, struct err *e)
{
	struct saying s = saying_of(a, in);

	if (words_make(&s, from, &out->text, e) == -1)
		return -1;
	out->subject = subject_of(&s);
	*language = s.language;
	return 0;
}

int
notice_make(struct arena *a, const struct notice *in, struct note_out *out,
    struct err *e)
{
	struct saying s = saying_of(a, in);
	struct note_out note = { .sender = in->desk->conf->address,
		.recipient = in->address };
	struct compose c = { .html = true,
		.date = in->desk->now,
		.zone = in->desk->offset,
		.parts = in->parts,
		.parts_n = in->parts_n };
	struct fields f = { .n = 0 };
	const char *from = "";
	char *data;

	if (words_make(&s, &from, &note.text, e) == -1)
		return -1;
	address_it(&s, from, &c);
	fields_make(&s, &c, &f);
	c.language = s.language;
	c.fields = f.list;
	c.text = note.text;
	c.rich = rich_make(&s, &c);
	if (compose_mail(a, &c, &data, &note.size, e) == -1)
		return err_wrap(e, "letter about %s", s.tag);
	note.message_id = c.message_id;
	note.subject = c.subject;
	note.data = data;
	note.inside = purpose_of(&s) == TOKEN_NOTE;
	*out = note;
	return 0;
}
