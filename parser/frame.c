/*
 * One walk over struct mail serves both ways, so that packing and unpacking
 * cannot drift apart.  When packing it only reads the mail.
 */
#include "parser/frame.h"

#include <string.h>

#include "parser/limits.h"
#include "parser/utf8.h"

struct walk {
	struct buf *out;      /* packing: where to; NULL: unpacking */
	const char *in, *end; /* unpacking: what is left */
	struct arena *a;
	bool bad;
};

static void
bytes(struct walk *w, void *p, size_t n)
{
	if (w->out != NULL) {
		buf_add(w->out, p, n);
		return;
	}
	if (w->bad || (size_t)(w->end - w->in) < n) {
		w->bad = true;
		memset(p, 0, n);
		return;
	}
	memcpy(p, w->in, n);
	w->in += n;
}

static void
number(struct walk *w, int64_t *v, int64_t least, int64_t most)
{
	bytes(w, v, sizeof(*v));
	if (*v < least || *v > most) {
		w->bad = true;
		*v = least;
	}
}

static void
count(struct walk *w, size_t *n, size_t most)
{
	int64_t v = (int64_t)*n;

	number(w, &v, 0, (int64_t)most);
	*n = w->bad ? 0 : (size_t)v;
}

static void
integer(struct walk *w, int *i, int least, int most)
{
	int64_t v = *i;

	number(w, &v, least, most);
	*i = (int)v;
}

static void
size(struct walk *w, uint64_t *u)
{
	int64_t v = (int64_t)*u;

	number(w, &v, 0, INT64_MAX);
	*u = (uint64_t)v;
}

static void
flag(struct walk *w, bool *b)
{
	int v = *b;

	integer(w, &v, 0, 1);
	*b = v != 0;
}

/* Text with its NUL behind its length; length 0 is NULL.  loose: any bytes but
 * NUL (header fields as they came), else UTF-8. */
static void
string(struct walk *w, const char **s, bool loose)
{
	uint32_t n = w->out == NULL || *s == NULL ? 0
						  : (uint32_t)strlen(*s) + 1;

	bytes(w, &n, sizeof(n));
	if (w->out != NULL) {
		buf_add(w->out, *s, n);
		return;
	}
	*s = NULL;
	if (w->bad || n == 0)
		return;
	if ((size_t)(w->end - w->in) < n || w->in[n - 1] != '\0' ||
	    memchr(w->in, '\0', n - 1) != NULL ||
	    (!loose && !utf8_valid(w->in, n - 1))) {
		w->bad = true;
		return;
	}
	*s = w->in;
	w->in += n;
}

static void
text(struct walk *w, const char **s)
{
	string(w, s, false);
}

/* A text that is never NULL. */
static void
must(struct walk *w, const char **s)
{
	text(w, s);
	if (*s == NULL) {
		w->bad = true;
		*s = "";
	}
}

/* Room for a list when unpacking; the list itself when packing. */
static void *
room(struct walk *w, void *list, size_t n, size_t each)
{
	return w->out != NULL ? list : arena_calloc(w->a, n, each);
}

static void
texts(struct walk *w, const char ***list, size_t *n, size_t most)
{
	count(w, n, most);
	*list = room(w, *list, *n, sizeof(**list));
	for (size_t i = 0; i < *n; i++)
		must(w, &(*list)[i]);
}

static void
people(struct walk *w, struct address **list, size_t *n)
{
	count(w, n, MAIL_ADDRESSES_MAX);
	*list = room(w, *list, *n, sizeof(**list));
	for (size_t i = 0; i < *n; i++) {
		must(w, &(*list)[i].name);
		must(w, &(*list)[i].addr);
		if (w->out == NULL && !address_readable((*list)[i].addr))
			w->bad = true;
	}
}

static void
fields(struct walk *w, struct mail *m)
{
	count(w, &m->fields_n, MAIL_FIELDS_MAX);
	m->fields = room(w, m->fields, m->fields_n, sizeof(*m->fields));
	for (size_t i = 0; i < m->fields_n; i++) {
		string(w, &m->fields[i].name, true);
		string(w, &m->fields[i].value, true);
		if (m->fields[i].name == NULL || m->fields[i].value == NULL) {
			m->fields[i] = (struct field){ "", "" };
			w->bad = true;
		}
	}
}

static void
part(struct walk *w, struct part *p, size_t index)
{
	int kind = (int)p->kind;

	integer(w, &kind, PART_TEXT, PART_CONTAINER);
	p->kind = (enum part_kind)kind;
	must(w, &p->type);
	text(w, &p->charset);
	text(w, &p->name);
	text(w, &p->id);
	flag(w, &p->inline_);
	flag(w, &p->signature);
	integer(w, &p->parent, -1, (int)index - 1);
	integer(w, &p->inside, -1, (int)index - 1);
	size(w, &p->offset);
	size(w, &p->raw_size);
	bytes(w, &p->encoding, 1);
	size(w, &p->size);
	bytes(w, p->sha256, HASH_SIZE);
}

static void
parts(struct walk *w, struct mail *m)
{
	count(w, &m->parts_n, MAIL_PARTS_MAX);
	m->parts = room(w, m->parts, m->parts_n, sizeof(*m->parts));
	for (size_t i = 0; i < m->parts_n; i++)
		part(w, &m->parts[i], i);
}

static void
bounce(struct walk *w, struct bounce *b)
{
	int action = (int)b->action, reason = (int)b->reason;

	integer(w, &action, 0, BOUNCE_ACTION_COUNT - 1);
	b->action = (enum bounce_action)action;
	integer(w, &reason, 0, BOUNCE_REASON_COUNT - 1);
	b->reason = (enum bounce_reason)reason;
	text(w, &b->status);
	flag(w, &b->hard);
	texts(w, &b->recipients, &b->recipients_n, MAIL_ADDRESSES_MAX);
	text(w, &b->message_id);
}

static void
report(struct walk *w, struct mail *m)
{
	text(w, &m->report.type);
	text(w, &m->report.message_id);
	text(w, &m->report.recipient);
	text(w, &m->list.id);
	text(w, &m->list.addr);
}

static void
head(struct walk *w, struct mail *m)
{
	fields(w, m);
	text(w, &m->from_addr);
	text(w, &m->from_name);
	count(w, &m->from_n, SIZE_MAX / 4);
	people(w, &m->to, &m->to_n);
	people(w, &m->cc, &m->cc_n);
	people(w, &m->reply_to, &m->reply_to_n);
	text(w, &m->subject);
	text(w, &m->message_id);
	text(w, &m->in_reply_to);
	texts(w, &m->references, &m->references_n, MAIL_REFERENCES_MAX);
	number(w, &m->date, INT64_MIN, INT64_MAX);
	integer(w, &m->date_zone, -6000, 6000);
}

static void
forward(struct walk *w, struct mail *m)
{
	flag(w, &m->forward);
	text(w, &m->forward_from);
	text(w, &m->forward_name);
	text(w, &m->forward_subject);
	text(w, &m->forward_message_id);
	people(w, &m->forward_to, &m->forward_to_n);
	people(w, &m->forward_cc, &m->forward_cc_n);
	number(w, &m->forward_date, INT64_MIN, INT64_MAX);
	text(w, &m->forward_comment);
}

static void
auth_results(struct walk *w, struct trace *t)
{
	count(w, &t->results_n, TRACE_RESULTS_MAX);
	t->results = room(w, t->results, t->results_n, sizeof(*t->results));
	for (size_t i = 0; i < t->results_n; i++) {
		struct auth_result *r = &t->results[i];
		int method = (int)r->method, verdict = (int)r->verdict;

		integer(w, &method, 0, AUTH_METHOD_COUNT - 1);
		r->method = (enum auth_method)method;
		integer(w, &verdict, 0, AUTH_VERDICT_COUNT - 1);
		r->verdict = (enum auth_verdict)verdict;
		must(w, &r->domain);
	}
}

static void
trace(struct walk *w, struct mail *m)
{
	count(w, &m->trace_n, MAIL_TRACE_MAX);
	m->trace = room(w, m->trace, m->trace_n, sizeof(*m->trace));
	for (size_t i = 0; i < m->trace_n; i++) {
		struct trace *t = &m->trace[i];
		int kind = (int)t->kind;

		integer(w, &kind, 0, TRACE_COUNT - 1);
		t->kind = (enum trace_kind)kind;
		integer(w, &t->field, 0, (int)m->fields_n - 1);
		must(w, &t->host);
		flag(w, &t->broken);
		flag(w, &t->whole);
		auth_results(w, t);
	}
	flag(w, &m->trace_cut);
	flag(w, &m->torn);
}

static void
mail(struct walk *w, struct mail *m)
{
	int class = (int)m->class;

	head(w, m);
	must(w, &m->text);
	must(w, &m->new_text);
	text(w, &m->html);
	text(w, &m->rich);
	texts(w, &m->calendar, &m->calendar_n,
	    (size_t)CALENDARS_MAX * CALENDAR_LINES_MAX);
	text(w, &m->calendar_method);
	flag(w, &m->encrypted);
	parts(w, m);
	integer(w, &class, 0, CLASS_COUNT - 1);
	m->class = (enum mail_class) class;
	text(w, &m->class_why);
	flag(w, &m->no_ack);
	report(w, m);
	bounce(w, &m->bounce);
	forward(w, m);
	text(w, &m->language);
	count(w, &m->received_n, MAIL_FIELDS_MAX);
	trace(w, m);
	texts(w, &m->defects, &m->defects_n, MAIL_DEFECTS_MAX + 1);
	bytes(w, m->fingerprint, HASH_SIZE);
	bytes(w, m->envelope_print, HASH_SIZE);
}

void
frame_pack(const struct mail *m, struct buf *out)
{
	struct walk w = { .out = out };
	struct mail copy = *m; /* the walk reads only, but wants no const */

	mail(&w, &copy);
}

int
frame_unpack(
    struct arena *a, const void *p, size_t n, struct mail *m, struct err *e)
{
	const char *own = arena_memdup(a, p, n);
	struct walk w = { .in = own, .end = own + n, .a = a };
	struct mail got = { 0 };

	mail(&w, &got);
	if (got.from_addr != NULL && !address_readable(got.from_addr))
		w.bad = true;
	if (w.bad || w.in != w.end)
		return err_set(e, ERR_REJECT,
		    "what came out of the box is not a parsed mail");
	*m = got;
	return 0;
}
