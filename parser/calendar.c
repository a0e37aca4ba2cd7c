/*
 * Calendars: content lines (RFC 5545 3.1) into events, events into lines.
 * See calendar.h; times are calendar_when.c's.
 */
#include "parser/calendar.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "parser/address.h"
#include "parser/ascii.h"
#include "parser/buf.h"
#include "parser/calendar_line.h"
#include "parser/calendar_when.h"
#include "parser/limits.h"
#include "parser/utf8.h"

#define LINE_SHOWN 1000       /* bytes of a whole line */
#define ABOUT_MAX  (16 << 10) /* bytes of a description */

struct guest {
	const char *name, *addr; /* either may be NULL */
	const char *answer;      /* PARTSTAT of an attendee */
};

struct event {
	bool todo; /* VTODO: something to do instead of somewhere to be */
	const char *title, *place, *about, *comment, *rule, *status;
	struct guest organizer, attendee;
	struct moment from, to, due;
	int64_t lasts;
	bool has_lasts, one_of_series, changed;
};

struct reading {
	struct arena *a;
	struct calendar *out;
	struct event event;
	bool inside;   /* an event */
	size_t nested; /* components inside it that are none of ours */
	size_t lines_cap;
	size_t more;
};

static const char *
line_value(struct reading *r, const struct property *p)
{
	const char *s = utf8_line(
	    r->a, property_text(r->a, p), CALENDAR_VALUE_MAX);

	return *s == '\0' ? NULL : s;
}

static const char *
long_value(struct reading *r, const struct property *p)
{
	char *s = property_text(r->a, p);
	size_t n = utf8_cut(s, strlen(s), ABOUT_MAX);

	while (n > 0 && (unsigned char)s[n - 1] <= ' ')
		n--;
	s[n] = '\0';
	s += strspn(s, " \t\n");
	return *s == '\0' ? NULL : s;
}

/* "ORGANIZER;CN=Ann Lee:mailto:ann@example.com" */
static struct guest
guest_value(struct reading *r, const struct property *p)
{
	struct guest g = { .name = property_param(r->a, p, "CN"),
		.answer = property_param(r->a, p, "PARTSTAT") };
	const char *addr = p->value + strspn(p->value, " \t");

	if (strncasecmp(addr, "mailto:", 7) == 0)
		addr += 7;
	addr = utf8_line(r->a, addr, ADDRESS_MAX);
	if (!address_valid(addr))
		addr = property_param(r->a, p, "EMAIL");
	if (addr != NULL && address_valid(addr))
		g.addr = addr;
	if (g.name != NULL && g.addr != NULL && strcasecmp(g.name, g.addr) == 0)
		g.name = NULL;
	return g;
}

/* The first of each property counts. */

static void
take_text(struct reading *r, const struct property *p)
{
	struct event *e = &r->event;
	const struct {
		const char *name, **to;
	} places[] = { { "SUMMARY", &e->title }, { "LOCATION", &e->place },
		{ "RRULE", &e->rule }, { "STATUS", &e->status } };

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (strcmp(p->name, places[i].name) == 0 &&
		    *places[i].to == NULL)
			*places[i].to = line_value(r, p);
}

static void
take_long(struct reading *r, const struct property *p)
{
	const char **to = strcmp(p->name, "COMMENT") == 0 ? &r->event.comment
							  : &r->event.about;

	if (*to == NULL)
		*to = long_value(r, p);
}

static void
take_guest(struct reading *r, const struct property *p)
{
	struct guest *g = strcmp(p->name, "ORGANIZER") == 0
	    ? &r->event.organizer
	    : &r->event.attendee;

	if (g->name == NULL && g->addr == NULL)
		*g = guest_value(r, p);
}

static void
take_moment(struct reading *r, const struct property *p)
{
	struct event *e = &r->event;
	struct moment *m = strcmp(p->name, "DTSTART") == 0 ? &e->from
	    : strcmp(p->name, "DTEND") == 0                ? &e->to
							   : &e->due;

	if (!m->set)
		(void)calendar_moment(
		    r->a, p->value, property_param(r->a, p, "TZID"), m);
}

static void
take_duration(struct reading *r, const struct property *p)
{
	struct event *e = &r->event;

	if (!e->has_lasts)
		e->has_lasts = duration_read(p->value, &e->lasts);
}

static void
take_series(struct reading *r, const struct property *p)
{
	if (strcmp(p->name, "SEQUENCE") == 0)
		r->event.changed = strspn(p->value, "0 ") < strlen(p->value);
	else
		r->event.one_of_series = true;
}

static const struct taker {
	const char *name;
	void (*take)(struct reading *, const struct property *);
} takers[] = {
	{ "SUMMARY", take_text },
	{ "LOCATION", take_text },
	{ "RRULE", take_text },
	{ "STATUS", take_text },
	{ "DESCRIPTION", take_long },
	{ "COMMENT", take_long },
	{ "ORGANIZER", take_guest },
	{ "ATTENDEE", take_guest },
	{ "DTSTART", take_moment },
	{ "DTEND", take_moment },
	{ "DUE", take_moment },
	{ "DURATION", take_duration },
	{ "SEQUENCE", take_series },
	{ "RECURRENCE-ID", take_series },
};

/* What somebody who was invited answers (RFC 5545 3.2.12). */
static const char *
answer_word(const char *partstat)
{
	static const struct {
		const char *partstat, *word;
	} words[] = {
		{ "ACCEPTED", "Accepted" },
		{ "DECLINED", "Declined" },
		{ "TENTATIVE", "Tentatively accepted" },
		{ "DELEGATED", "Passed on to somebody else" },
		{ "COMPLETED", "Done" },
		{ "IN-PROCESS", "Being done" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (partstat != NULL &&
		    strcasecmp(partstat, words[i].partstat) == 0)
			return words[i].word;
	return "Answer to an invitation";
}

/* What a method (RFC 5546 1.4) is about, and whether a guest says it. */
static const struct method {
	const char *name, *word;
	bool guest;
} methods[] = {
	{ "REQUEST", "Invitation", false },
	{ "CANCEL", "Cancelled", false },
	{ "REPLY", NULL, true },
	{ "COUNTER", "Another time proposed", true },
	{ "DECLINECOUNTER", "Proposal declined", false },
	{ "ADD", "Another date", false },
	{ "REFRESH", "Asks for the invitation again", true },
	{ "PUBLISH", "Event", false },
};

static const struct method *
method_find(const char *name)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (name != NULL && strcasecmp(name, methods[i].name) == 0)
			return &methods[i];
	return &methods[sizeof(methods) / sizeof(*methods) - 1];
}

static const char *
event_word(const struct event *e, const struct method *m)
{
	if (m->word == NULL)
		return answer_word(e->attendee.answer);
	if (e->status != NULL && strcasecmp(e->status, "CANCELLED") == 0)
		return "Cancelled";
	if (e->todo)
		return "To do";
	if (e->changed && strcmp(m->name, "REQUEST") == 0)
		return "Changed invitation";
	return m->word;
}

static void
say_guest(struct buf *b, const struct guest *g)
{
	if (g->addr != NULL && g->name != NULL)
		buf_printf(b, ", from %s <%s>", g->name, g->addr);
	else if (g->addr != NULL || g->name != NULL)
		buf_printf(b, ", from %s", g->addr != NULL ? g->addr : g->name);
}

static void
say_when(struct reading *r, struct buf *b)
{
	struct event *e = &r->event;

	if (e->todo && e->due.set)
		buf_printf(b, ", due %s", span_text(r->a, &e->due, &e->to));
	if (!e->from.set)
		return;
	if (!e->to.set && e->has_lasts && e->lasts > 0) {
		e->to = e->from;
		e->to.at += e->lasts;
	}
	buf_printf(b, ", %s", span_text(r->a, &e->from, &e->to));
	if (e->rule != NULL)
		buf_printf(b, ", %s", repeat_text(r->a, e->rule));
	if (e->one_of_series)
		buf_str(b, " (one of a series)");
}

static void
add_line(struct reading *r, const char *line)
{
	struct calendar *c = r->out;

	for (size_t i = 0; i < c->lines_n; i++)
		if (strcmp(c->lines[i], line) == 0)
			return;
	if (c->lines_n == CALENDAR_LINES_MAX) {
		r->more++;
		return;
	}
	c->lines = arena_grow(
	    r->a, c->lines, c->lines_n, &r->lines_cap, sizeof(*c->lines));
	c->lines[c->lines_n++] = line;
}

static void
event_end(struct reading *r)
{
	struct event *e = &r->event;
	const struct method *m = method_find(r->out->method);
	struct buf b;

	if (!r->inside)
		return;
	r->inside = false;
	buf_init(&b, (size_t)LINE_SHOWN * 4);
	buf_printf(&b, "%s: %s", event_word(e, m),
	    e->title == NULL ? "(no title)" : e->title);
	say_when(r, &b);
	if (e->place != NULL)
		buf_printf(&b, ", %s", e->place);
	say_guest(&b, m->guest ? &e->attendee : &e->organizer);
	add_line(r, utf8_line(r->a, buf_text(&b), LINE_SHOWN));
	buf_done(&b);
	if (r->out->about == NULL)
		r->out->about = e->about;
	if (m->guest && r->out->comment == NULL)
		r->out->comment = e->comment;
}

/* BEGIN and END.  A component that is never closed ends where the next event
 * begins. */
static bool
component(struct reading *r, const struct property *p)
{
	bool begin = strcmp(p->name, "BEGIN") == 0;
	bool todo = strcasecmp(p->value, "VTODO") == 0;
	bool event = todo || strcasecmp(p->value, "VEVENT") == 0;

	if (!begin && strcmp(p->name, "END") != 0)
		return false;
	if (event || strcasecmp(p->value, "VCALENDAR") == 0) {
		event_end(r);
		memset(&r->event, 0, sizeof(r->event));
		r->inside = begin && event;
		r->event.todo = todo;
		r->nested = 0;
	} else if (begin) {
		r->nested++;
	} else if (r->nested > 0) {
		r->nested--;
	}
	return true;
}

static void
take_property(struct reading *r, const char *line)
{
	struct property p;

	if (!property_read(r->a, line, &p))
		return;
	if (component(r, &p))
		return;
	if (strcmp(p.name, "METHOD") == 0 && !r->inside && r->nested == 0) {
		const struct method *m = method_find(p.value);

		if (strcasecmp(p.value, m->name) == 0)
			r->out->method = m->name;
		return;
	}
	for (size_t i = 0; r->inside && r->nested == 0 &&
	     i < sizeof(takers) / sizeof(*takers);
	     i++)
		if (strcmp(p.name, takers[i].name) == 0)
			takers[i].take(r, &p);
}

void
calendar_read(struct arena *a, const char *charset, const char *bytes, size_t n,
    const char *method, struct calendar *out)
{
	struct reading r = { .a = a, .out = out };
	char *text;

	memset(out, 0, sizeof(*out));
	if (method != NULL &&
	    strcasecmp(method, method_find(method)->name) == 0)
		out->method = method_find(method)->name;
	if (n > CALENDAR_MAX)
		n = CALENDAR_MAX;
	bytes = calendar_unfold(a, bytes, n, &n);
	text = utf8_from(a, charset, bytes, n, NULL);
	while (*text != '\0')
		take_property(&r, calendar_next(&text));
	event_end(&r);
	if (r.more > 0)
		out->lines[out->lines_n - 1] = arena_printf(
		    a, "... and %zu more", r.more + 1);
}
