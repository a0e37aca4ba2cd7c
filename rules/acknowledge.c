/*
 * The acknowledgement.  It is made of a template and a few fields of the mail,
 * each of which may be hostile: names go through person.h, all else is encoded
 * by compose.h.  It promises no time; that is the clock's to do.
 */
#include "rules/acknowledge.h"

#include <string.h>

#include "parser/compose.h"
#include "parser/limits.h"
#include "parser/msgid.h"
#include "parser/utf8.h"
#include "parser/word.h"
#include "rules/letter.h"
#include "rules/loopmark.h"
#include "rules/opening.h"
#include "rules/person.h"
#include "rules/thread_index.h"

#define LANGUAGES_MAX    32
#define LANGUAGE_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"

const struct address *
acknowledge_recipient(
    struct arena *a, const struct conf *c, const struct mail *m)
{
	struct address *from;

	for (size_t i = 0; i < m->reply_to_n; i++)
		if (!conf_is_own(c, m->reply_to[i].addr))
			return &m->reply_to[i];
	if (m->from_addr == NULL || conf_is_own(c, m->from_addr))
		return NULL;
	from = arena_alloc(a, sizeof(*from));
	from->addr = m->from_addr;
	from->name = m->from_name == NULL ? "" : m->from_name;
	return from;
}

struct languages {
	const char *list[LANGUAGES_MAX];
	size_t n;
};

/* The desk's languages among those of a field "de-DE, en;q=0.5". */
static void
languages_add(struct languages *l, const struct conf *c, const char *field)
{
	size_t n;

	for (const char *s = field; s != NULL && *s != '\0';
	     s += strcspn(s, ","), s += *s == ',') {
		s += strspn(s, " \t");
		n = strspn(s, LANGUAGE_LETTERS);
		for (size_t i = 0; n > 1 && i < c->languages_n; i++)
			if (l->n < LANGUAGES_MAX &&
			    language_serves(c->languages[i], s, n))
				l->list[l->n++] = c->languages[i];
	}
}

/* MAIL 8: what the mail says, what its text looks like, then the desk's own
 * order.  The desk does not answer in a language it does not list. */
static struct languages
languages_wanted(const struct acknowledge *in)
{
	struct languages l = { .n = 0 };

	if (in->language != NULL)
		l.list[l.n++] = in->language;
	languages_add(&l, in->conf, mail_field(in->mail, "Content-Language"));
	languages_add(&l, in->conf, mail_field(in->mail, "Accept-Language"));
	languages_add(&l, in->conf, in->mail->language);
	for (size_t i = 0; i < in->conf->languages_n; i++)
		if (l.n < LANGUAGES_MAX)
			l.list[l.n++] = in->conf->languages[i];
	if (l.n < LANGUAGES_MAX)
		l.list[l.n++] = "en";
	return l;
}

#define VALUES_MAX (20 + GROUPS_MAX)
#define GROUPS_MAX 50 /* more of one rule are left out */

struct values {
	struct value list[VALUES_MAX + 1]; /* ends with a NULL name */
	size_t n;
};

static void
value_add(struct values *v, const char *name, const char *text)
{
	if (v->n < VALUES_MAX)
		v->list[v->n++] = (struct value){ .name = name, .text = text };
}

/* Without a calendar somebody is always there. */
static void
add_hours(struct arena *a, const struct acknowledge *in, const char *language,
    struct values *v)
{
	const struct hours *h = in->book == NULL
	    ? NULL
	    : opening_hours(in->book, in->ticket, in->sla);
	bool open = h == NULL || hours_open(h, in->now);
	int64_t next = open ? in->now : hours_next_open(h, in->now);

	value_add(v, "hours.open", open ? "yes" : NULL);
	if (!open && next != INT64_MAX)
		value_add(v, "hours.next_open.local",
		    opening_words(a, in->desk, language, next));
}

static void
add_team(const struct acknowledge *in, struct values *v)
{
	const char *name = in->ticket->team;
	const struct conf_team *team = name == NULL ? NULL
						    : conf_team(in->conf, name);

	if (team == NULL)
		return;
	value_add(v, "team.name", team->shown != NULL ? team->shown : name);
	value_add(v, "team.signature", team->signature);
}

/* What is taken from the mail. */
static void
add_mail(struct arena *a, const struct acknowledge *in, struct values *v)
{
	const struct address *to = acknowledge_recipient(a, in->conf, in->mail);
	const struct org *org = in->book == NULL
	    ? NULL
	    : rulebook_org(in->book, to->addr);

	value_add(v, "ticket.subject",
	    letter_bare_subject(a, in->conf, in->ticket->subject));
	value_add(v, "requester.name", person_name(a, to->name));
	value_add(v, "requester.first_name", person_first_name(a, to->name));
	value_add(v, "requester.address", to->addr);
	if (org != NULL)
		value_add(v, "organisation.name",
		    org->shown != NULL ? org->shown : org->name);
	for (size_t i = 0; i < in->groups_n && i < GROUPS_MAX; i++)
		value_add(v, arena_printf(a, "match.%s", in->groups[i].name),
		    utf8_line(a, in->groups[i].value, MAIL_SUBJECT_MAX));
}

int
acknowledge_words(struct arena *a, const struct acknowledge *in,
    struct note_out *out, const char **language, struct err *e)
{
	const char *kind = in->template != NULL ? in->template
	    : in->fixed                         ? "received"
						: "acknowledge";
	const char *tag = ticket_tag(
	    a, in->conf->tickets.prefix, in->ticket->number);
	struct languages l = languages_wanted(in);
	const struct template *t = template_set_find(
	    in->templates, kind, l.list, l.n, language);
	struct values v = { .n = 0 };
	char *subject, *text;

	if (acknowledge_recipient(a, in->conf, in->mail) == NULL)
		return err_set(e, ERR_REJECT,
		    "the mail names nobody who could be answered");
	if (t == NULL)
		return err_set(
		    e, ERR_REJECT, "there is no template '%s'", kind);
	value_add(&v, "desk.name", in->conf->desk);
	value_add(&v, "desk.address", in->conf->address);
	value_add(&v, "ticket.tag", tag);
	value_add(&v, "ticket.number",
	    arena_printf(a, "%lld", (long long)in->ticket->number));
	add_team(in, &v);
	add_hours(a, in, *language, &v);
	if (!in->fixed)
		add_mail(a, in, &v);
	if (template_render(a, t, v.list, &subject, &text, e) == -1)
		return err_wrap(e, "template %s", kind);
	out->subject = letter_tagged(a, in->conf, subject, tag);
	out->text = text;
	return 0;
}

/* What Outlook threads by: only what the requester's own mail had. */
static void
thread_fields(
    struct arena *a, const struct acknowledge *in, struct letter_fields *f)
{
	const char *topic = mail_field(in->mail, "Thread-Topic");

	if (in->fixed)
		return;
	letter_field(f, "Thread-Topic",
	    topic != NULL
		? word_decode(a, topic, strlen(topic), NULL, MAIL_SUBJECT_MAX)
		: letter_bare_subject(a, in->conf, in->ticket->subject));
	letter_field(f, "Thread-Index",
	    thread_index_child(
		a, mail_field(in->mail, "Thread-Index"), in->now, in->serial));
}

/* MAIL 2, first column. */
static struct letter_fields
fields_make(struct arena *a, const struct acknowledge *in, const char *tag,
    const char *message_id)
{
	const char *host = address_domain(in->conf->address);
	struct letter_fields f = { .n = 0 };

	thread_fields(a, in, &f);
	letter_field(&f, "Auto-Submitted", "auto-replied");
	letter_field(&f, "X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN");
	letter_field(&f, "X-Deskd-Ticket", tag);
	letter_field(&f, "X-Deskd-Event", "acknowledged");
	letter_field(&f, LOOP_FIELD, loop_mark(a, in->keys, host, message_id));
	letter_field(
	    &f, HOPS_FIELD, arena_printf(a, "%d", loop_hops(in->mail) + 1));
	return f;
}

int
acknowledge_make(struct arena *a, const struct acknowledge *in,
    struct note_out *out, struct err *e)
{
	const struct address *to = acknowledge_recipient(a, in->conf, in->mail);
	const char *tag = ticket_tag(
	    a, in->conf->tickets.prefix, in->ticket->number);
	struct note_out note = { .sender = "" };
	struct compose c = { 0 };
	struct letter_fields f;
	char *data;

	if (acknowledge_words(a, in, &note, &c.language, e) == -1)
		return -1;
	note.recipient = to->addr;
	note.message_id = msgid_make(a, in->keys, tag,
	    arena_printf(a, "%lld", (long long)in->serial),
	    address_domain(in->conf->address));
	f = fields_make(a, in, tag, note.message_id);
	c.from = (struct address){ in->conf->desk, in->conf->address };
	c.to = (struct address){ in->fixed ? "" : to->name, to->addr };
	c.subject = note.subject;
	c.message_id = note.message_id;
	c.in_reply_to = in->mail->message_id;
	c.references_n = letter_chain(a,
	    &(struct letter_parent){ .message_id = in->mail->message_id,
		.in_reply_to = in->mail->in_reply_to,
		.references = (const char *const *)in->mail->references,
		.references_n = in->mail->references_n },
	    &c.references);
	c.date = in->now;
	c.zone = in->zone;
	c.fields = f.list;
	c.text = note.text;
	c.html = c.flowed = true;
	if (compose_mail(a, &c, &data, &note.size, e) == -1)
		return err_wrap(e, "acknowledgement of %s", tag);
	note.data = data;
	*out = note;
	return 0;
}
