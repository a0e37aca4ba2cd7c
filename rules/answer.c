/*
 * Letters to a requester after the acknowledgement.  An agent's answer is made
 * of his new text, his name and a short quote; nothing of his mail's header,
 * ids or HTML gets in.  Whether its words may leave is not decided here: see
 * guard.h.
 */
#include "rules/answer.h"

#include <string.h>

#include "parser/limits.h"
#include "parser/msgid.h"
#include "parser/buf.h"
#include "parser/utf8.h"
#include "rules/answer_words.h"
#include "rules/letter.h"
#include "rules/loopmark.h"
#include "rules/thread_index.h"

/* What is known of each kind. */
static const struct {
	const char *template;
	const char *event;
	bool automatic; /* deskd's own words, not a person's */
} kinds[ANSWER_KINDS] = {
	[ANSWER_TEXT] = { "answer", "answered", false },
	[ANSWER_RESOLVED] = { "resolved", "resolved", true },
	[ANSWER_MERGED] = { "merged", "merged", true },
	[ANSWER_HANDED] = { "handed", "handed", true },
};

/* {{name}} or {{name|fallback}} of the setting `from`; at is behind the "{{".
 */
static void
put_name(struct buf *out, const struct value *values, const char *at, size_t n)
{
	const char *bar = memchr(at, '|', n);
	size_t k = bar == NULL ? n : (size_t)(bar - at);

	for (const struct value *v = values; v->name != NULL; v++)
		if (strlen(v->name) == k && memcmp(v->name, at, k) == 0 &&
		    v->text != NULL && *v->text != '\0') {
			buf_str(out, v->text);
			return;
		}
	if (bar != NULL)
		buf_add(out, bar + 1, n - k - 1);
}

/* The display name of a letter: the agent's, as the configuration wants it. */
static const char *
from_name(struct arena *a, const struct answer *in, const struct value *values)
{
	const struct conf *c = in->desk->conf;
	const char *s = c->smtp.from, *end, *out;
	struct buf b;

	if (in->agent == NULL || kinds[in->kind].automatic || s == NULL)
		return c->desk;
	buf_init(&b, MAIL_NAME_MAX);
	while (*s != '\0') {
		if (strncmp(s, "{{", 2) == 0 &&
		    (end = strstr(s, "}}")) != NULL) {
			put_name(&b, values, s + 2, (size_t)(end - s) - 2);
			s = end + 2;
		} else {
			buf_char(&b, *s++);
		}
	}
	out = b.over || b.len == 0 ? c->desk : arena_strdup(a, b.data);
	buf_done(&b);
	return out;
}

/* MAIL 2: the second column for a person's words, else the first. */
static void
fields_make(struct arena *a, const struct answer *in, const char *tag,
    const char *message_id, struct letter_fields *f)
{
	const struct conf *c = in->desk->conf;
	const struct desk_keys *k = in->desk->keys;
	const char *topic = in->thread_topic;

	letter_field(f, "Thread-Topic",
	    topic != NULL ? utf8_line(a, topic, MAIL_SUBJECT_MAX)
			  : letter_bare_subject(a, c, in->ticket->subject));
	letter_field(f, "Thread-Index",
	    thread_index_child(a, in->thread_index, in->desk->now, in->serial));
	if (kinds[in->kind].automatic) {
		letter_field(f, "Auto-Submitted", "auto-generated");
		letter_field(
		    f, "X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN");
	}
	letter_field(f, "X-Deskd-Ticket", tag);
	if (kinds[in->kind].automatic)
		letter_field(f, "X-Deskd-Event", kinds[in->kind].event);
	letter_field(f, LOOP_FIELD,
	    loop_mark(a, k, address_domain(c->address), message_id));
}

/* The parts, pictures with ids of ours: those of the agent's mail program may
 * name his computer.  One that the HTML does not show is a file. */
static struct compose_part *
parts_make(struct arena *a, const struct answer *in, const char *message_id,
    const char **rich)
{
	struct compose_part *out = arena_calloc(a, in->parts_n, sizeof(*out));
	const char *at = strchr(message_id, '@');

	for (size_t i = 0; i < in->parts_n; i++) {
		out[i] = in->parts[i];
		out[i].id = NULL;
		if (*rich == NULL || in->parts[i].id == NULL)
			continue;
		out[i].id = arena_printf(a, "%.*s.%zu%s",
		    (int)(at - message_id), message_id, i + 1, at);
		if (!answer_picture(a, rich, in->parts[i].id, out[i].id))
			out[i].id = NULL;
	}
	return out;
}

static int
answer_compose(struct arena *a, const struct answer *in,
    const struct answer_words *w, struct note_out *note, struct err *e)
{
	const struct conf *conf = in->desk->conf;
	const char *tag = answer_tag(a, in, in->ticket->number), *rich;
	struct letter_fields f = { .n = 0 };
	struct compose c = { .cc = in->cc, .cc_n = in->cc_n };
	char *data;

	rich = w->rich;
	c.parts = parts_make(a, in, note->message_id, &rich);
	c.parts_n = in->parts_n;
	c.rich = rich == NULL ? NULL : answer_pictures_end(a, rich);
	fields_make(a, in, tag, note->message_id, &f);
	c.from = (struct address){ from_name(a, in, w->values), conf->address };
	c.to = in->to;
	c.subject = note->subject;
	c.message_id = note->message_id;
	c.in_reply_to = in->message_id;
	c.references_n = letter_chain(a,
	    &(struct letter_parent){ .message_id = in->message_id,
		.references = in->references,
		.references_n = in->references_n },
	    &c.references);
	c.language = w->language;
	c.date = in->desk->now;
	c.zone = in->desk->offset;
	c.fields = f.list;
	c.text = note->text;
	c.html = c.flowed = true;
	if (compose_mail(a, &c, &data, &note->size, e) == -1)
		return -1;
	note->data = data;
	return 0;
}

int
answer_make(struct arena *a, const struct answer *in, struct note_out *out,
    struct err *e)
{
	const struct conf *c = in->desk->conf;
	const struct desk_keys *k = in->desk->keys;
	const char *tag = answer_tag(a, in, in->ticket->number);
	struct note_out note = { .sender = in->desk->conf->address,
		.recipient = in->to.addr };
	struct answer_words w;

	note.message_id = msgid_make(a, k, tag,
	    arena_printf(a, "%lld", (long long)in->serial),
	    address_domain(c->address));
	if (answer_words(
		a, in, kinds[in->kind].template, note.message_id, &w, e) == -1)
		return err_wrap(e, "letter about %s", tag);
	note.subject = letter_tagged(a, c, w.subject, tag);
	note.text = w.text;
	if (answer_compose(a, in, &w, &note, e) == -1)
		return err_wrap(e, "letter about %s", tag);
	*out = note;
	return 0;
}
