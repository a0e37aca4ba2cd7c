/*
 * The acknowledgement.  It is made of a template and a few fields of the mail,
 * each of which may be hostile: names go through person.h, all else is encoded
 * by compose.h.  It promises no time; that is the clock's to do.
 */
#include "rules/acknowledge.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "parser/compose.h"
#include "parser/limits.h"
#include "parser/msgid.h"
#include "parser/utf8.h"
#include "parser/word.h"
#include "rules/loopmark.h"
#include "rules/opening.h"
#include "rules/person.h"

#define LANGUAGES_MAX    32
#define SUBJECT_ROOM     60 /* bytes kept for "Re: " and a tag */
#define FIELDS_MAX       20
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

/* The bytes of "Re:", "AW[2]: " and the like in front of s. */
static size_t
answer_mark(const char *s)
{
	static const char *const marks[] = { "re", "aw", "antw", "sv", "vs",
		"odp", "r", "rv" };
	size_t n;

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		n = strlen(marks[i]);
		if (strncasecmp(s, marks[i], n) != 0)
			continue;
		if (s[n] == '[' || s[n] == '(')
			n += strcspn(s + n, "])") + 1;
		if (strnlen(s, n) == n && s[n] == ':')
			return n + 1 + strspn(s + n + 1, " ");
	}
	return 0;
}

/* The bytes of "[EX-77]" and blanks at s; 0: no tag of ours stands there. */
static size_t
tag_mark(const char *s, const char *prefix)
{
	size_t n = strlen(prefix), k;

	if (*s != '[' || strncasecmp(s + 1, prefix, n) != 0)
		return 0;
	k = strspn(s + 1 + n, "0123456789");
	if (k == 0 || s[1 + n + k] != ']')
		return 0;
	return n + k + 2 + strspn(s + n + k + 2, " ");
}

char *
acknowledge_bare(struct arena *a, const struct conf *c, const char *subject)
{
	const char *s = utf8_line(
	    a, subject == NULL ? "" : subject, MAIL_SUBJECT_MAX - SUBJECT_ROOM);
	char *out = arena_strdup(a, s), *to = out;
	size_t n;

	s += strspn(s, " ");
	while (*s != '\0') {
		n = tag_mark(s, c->tickets.prefix);
		if (n == 0 && to == out)
			n = answer_mark(s);
		if (n > 0)
			s += n;
		else
			*to++ = *s++;
	}
	while (to > out && to[-1] == ' ')
		to--;
	*to = '\0';
	return out;
}

/* The tag where the configuration wants it, unless it is there already. */
static char *
with_tag(
    struct arena *a, const struct conf *c, const char *subject, const char *tag)
{
	const char *mark = arena_printf(a, "[%s]", tag);

	if (c->tickets.subject_tag == TAG_NONE || strstr(subject, mark) != NULL)
		return arena_strdup(a, subject);
	if (c->tickets.subject_tag == TAG_LEFT)
		return arena_printf(a, "%s %s", mark, subject);
	return arena_printf(a, "%s %s", subject, mark);
}

char *
acknowledge_subject(
    struct arena *a, const struct conf *c, const char *subject, const char *tag)
{
	const char *s = acknowledge_bare(a, c, subject);

	return with_tag(a, c, arena_printf(a, "Re: %s", s), tag);
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
	    acknowledge_bare(a, in->conf, in->ticket->subject));
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
	const char *tag = arena_printf(a, "%s%lld", in->conf->tickets.prefix,
	    (long long)in->ticket->number);
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
	out->subject = with_tag(a, in->conf, subject, tag);
	out->text = text;
	return 0;
}

/* The chain of the mail and the mail itself (RFC 5322 3.6.4). */
static size_t
chain(struct arena *a, const struct mail *m, const char ***out)
{
	const char **ids = arena_calloc(a, m->references_n + 2, sizeof(*ids));
	size_t n = 0;

	for (size_t i = 0; i < m->references_n; i++)
		ids[n++] = m->references[i];
	if (n == 0 && m->in_reply_to != NULL)
		ids[n++] = m->in_reply_to;
	if (m->message_id != NULL &&
	    (n == 0 || strcmp(ids[n - 1], m->message_id) != 0))
		ids[n++] = m->message_id;
	*out = ids;
	return n;
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

/* What Outlook threads by: only what the requester's own mail had. */
static void
thread_fields(struct arena *a, const struct acknowledge *in, struct fields *f)
{
	const char *topic = mail_field(in->mail, "Thread-Topic");

	if (in->fixed)
		return;
	field_add(f, "Thread-Topic",
	    topic != NULL
		? word_decode(a, topic, strlen(topic), NULL, MAIL_SUBJECT_MAX)
		: acknowledge_bare(a, in->conf, in->ticket->subject));
	field_add(f, "Thread-Index",
	    thread_index_child(
		a, mail_field(in->mail, "Thread-Index"), in->now, in->serial));
}

/* MAIL 2, first column. */
static struct fields
fields_make(struct arena *a, const struct acknowledge *in, const char *tag,
    const char *message_id)
{
	const char *host = address_domain(in->conf->address);
	struct fields f = { .n = 0 };

	thread_fields(a, in, &f);
	field_add(&f, "Auto-Submitted", "auto-replied");
	field_add(&f, "X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN");
	field_add(&f, "X-Deskd-Ticket", tag);
	field_add(&f, "X-Deskd-Event", "acknowledged");
	field_add(&f, LOOP_FIELD, loop_mark(a, in->keys, host, message_id));
	field_add(
	    &f, HOPS_FIELD, arena_printf(a, "%d", loop_hops(in->mail) + 1));
	return f;
}

int
acknowledge_make(struct arena *a, const struct acknowledge *in,
    struct note_out *out, struct err *e)
{
	const struct address *to = acknowledge_recipient(a, in->conf, in->mail);
	const char *tag = arena_printf(a, "%s%lld", in->conf->tickets.prefix,
	    (long long)in->ticket->number);
	struct note_out note = { .sender = "" };
	struct compose c = { 0 };
	struct fields f;
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
	c.references_n = chain(a, in->mail, &c.references);
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
