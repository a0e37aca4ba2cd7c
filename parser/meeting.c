/*
 * What the calendars of a mail say.  People who are invited want to read when
 * and where in the ticket, not open a file; and a mail that is nothing but an
 * invitation has no other text.  The calendars themselves stay attachments.
 */
#include <string.h>

#include "parser/calendar.h"
#include "parser/reader.h"

/* Invitations come as a part and once more as a file: the same line once. */
static void
add_lines(struct mail_reader *r, const struct calendar *c)
{
	struct mail *m = &r->m;

	for (size_t i = 0; i < c->lines_n; i++) {
		size_t k = 0;

		while (k < m->calendar_n &&
		    strcmp(m->calendar[k], c->lines[i]) != 0)
			k++;
		if (k == m->calendar_n)
			m->calendar[m->calendar_n++] = c->lines[i];
	}
}

static void
make_text(struct mail_reader *r)
{
	struct mail *m = &r->m;
	struct buf b;

	buf_init(&b, r->text_max);
	for (size_t i = 0; i < m->calendar_n; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : "\n", m->calendar[i]);
	if (r->calendar_comment != NULL)
		buf_printf(&b, "\n\n%s", r->calendar_comment);
	if (r->calendar_about != NULL)
		buf_printf(&b, "\n\n%s", r->calendar_about);
	m->text = arena_strdup(r->a, buf_text(&b));
	buf_done(&b);
	r->calendar_text = true;
}

void
meeting_read(struct mail_reader *r)
{
	struct mail *m = &r->m;
	struct calendar c;

	if (r->calendars_n == 0)
		return;
	m->calendar = arena_calloc(r->a,
	    (size_t)CALENDARS_MAX * CALENDAR_LINES_MAX, sizeof(*m->calendar));
	for (size_t i = 0; i < r->calendars_n; i++) {
		const struct calendar_part *p = &r->calendars[i];

		calendar_read(r->a, p->charset, p->bytes, p->n, p->method, &c);
		add_lines(r, &c);
		if (m->calendar_method == NULL)
			m->calendar_method = c.method;
		if (r->meeting == NULL && !p->attached)
			r->meeting = c.method;
		if (r->calendar_about == NULL)
			r->calendar_about = c.about;
		if (r->calendar_comment == NULL)
			r->calendar_comment = c.comment;
	}
	if (m->calendar_n > 0 && m->text[strspn(m->text, " \t\r\n")] == '\0')
		make_text(r);
}
