/*
 * One held mail for a person.  It may be held because it is hostile, so it is
 * read in the box like every other, and what the box cannot read is shown as
 * bytes.  Changes nothing.
 */
#include <stdio.h>
#include <string.h>

#include "daemon/box.h"
#include "daemon/document.h"
#include "daemon/held.h"
#include "daemon/print.h"

#define SHOW_WALL  5000       /* milliseconds to read it */
#define SHOW_BYTES (16 << 10) /* of one that could not be read */

/* The mail as the box reads it; r->end says whether it could. */
static int
read_mail(struct context *c, const struct held *h, struct box_result *r,
    struct err *e)
{
	struct box *b = box_new();
	int rc;

	box_start(b, SHOW_WALL, &c->arena, r);
	rc = box_begin(b, MAIL_FULL, NULL, e);
	if (rc == 0) {
		rc = raw_read(c->db, h->raw, box_feed, b, e);
		box_end(b);
	}
	box_finish(b);
	box_free(b);
	return rc;
}

static void
line(struct arena *a, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		printf("  %-10s %s\n", name, print_line(a, value));
}

static void
show_row(struct context *c, const struct held *h)
{
	struct arena *a = &c->arena;

	printf("held mail %lld, %s\n\n", (long long)h->id, h->state);
	line(a, "reason", h->reason);
	line(a, "kind", h->kind);
	line(a, "problem", h->problem);
	if (h->ticket != 0)
		line(a, "ticket", cmd_tag(c, h->ticket));
	line(a, "agent", h->agent);
	if (h->agent[0] != '\0')
		line(a, "code", h->code);
	line(a, "since", print_time(a, h->since));
	line(a, "mailbox", arena_printf(a, "%s, uid %u", h->mailbox, h->uid));
}

static char *
person(struct arena *a, const struct address *p)
{
	if (p->name == NULL || p->name[0] == '\0')
		return arena_strdup(a, p->addr);
	return arena_printf(a, "%s <%s>", p->name, p->addr);
}

static char *
people(struct arena *a, const struct address *list, size_t n)
{
	char *out = arena_strdup(a, "");

	for (size_t i = 0; i < n; i++)
		out = arena_printf(
		    a, "%s%s%s", out, i > 0 ? ", " : "", person(a, &list[i]));
	return out;
}

static void
show_mail(struct context *c, const struct mail *m)
{
	struct arena *a = &c->arena;
	const struct address from = { .name = m->from_name,
		.addr = m->from_addr != NULL ? m->from_addr : "nobody" };

	line(a, "from", person(a, &from));
	line(a, "to", people(a, m->to, m->to_n));
	line(a, "cc", people(a, m->cc, m->cc_n));
	if (m->date != 0)
		line(a, "date", print_time(a, m->date));
	line(a, "subject", m->subject);
	line(a, "kind", mail_class_name(m->class));
	for (size_t i = 0; i < m->defects_n; i++)
		line(a, i == 0 ? "defects" : "", m->defects[i]);
	printf("\n%s\n", print_block(a, m->text));
	for (int i = -1; (i = mail_attachment(m, i)) >= 0;)
		printf("  [%s, %s, %s]\n",
		    m->parts[i].name == NULL ? "no name"
					     : print_line(a, m->parts[i].name),
		    print_line(a, m->parts[i].type),
		    print_size(a, m->parts[i].size));
}

/* Bytes on their way to standard output. */
struct showing {
	struct arena *arena;
	size_t left;
	bool raw, cut;
};

/* A NUL cannot stand in our text, a CR says nothing at a line's end.  A
 * character that is cut by the edge of two pieces is shown as bytes, which is
 * what all this is. */
static void
show_piece(void *ctx, const void *data, size_t n)
{
	struct showing *s = ctx;
	size_t part = n < s->left ? n : s->left, k = 0;
	char *text;

	if (s->raw) {
		fwrite(data, 1, n, stdout);
		return;
	}
	s->cut = s->cut || part < n;
	s->left -= part;
	text = arena_strndup(s->arena, data, 0);
	if (part > 0)
		text = arena_memdup(s->arena, data, part);
	for (size_t i = 0; i < part; i++)
		if (text[i] != '\r')
			text[k++] = (char)(text[i] == '\0' ? '?' : text[i]);
	fputs(print_block(s->arena, arena_strndup(s->arena, text, k)), stdout);
}

int
held_bytes(struct context *c, const struct held *h)
{
	struct showing s = { .raw = true };
	struct err e = { 0 };

	return raw_read(c->db, h->raw, show_piece, &s, &e) == -1 ? cmd_fail(&e)
								 : 0;
}

static int
show_bytes(struct context *c, const struct held *h, const char *why)
{
	struct showing s = { .arena = &c->arena, .left = SHOW_BYTES };
	struct err e = { 0 };

	printf("\nIt cannot be read (%s).  Its bytes:\n\n",
	    print_line(&c->arena, why));
	if (raw_read(c->db, h->raw, show_piece, &s, &e) == -1)
		return cmd_fail(&e);
	if (s.cut && !c->quiet)
		fprintf(stderr,
		    "cut here; 'deskd held show --raw %lld' gives all\n",
		    (long long)h->id);
	return 0;
}

static void
json_mail(struct json *j, const struct mail *m)
{
	json_array(j, "to");
	for (size_t i = 0; i < m->to_n; i++)
		json_text(j, NULL, m->to[i].addr);
	json_array_end(j);
	json_time(j, "date", m->date);
	json_text(j, "message_id", m->message_id);
	json_text(j, "class", mail_class_name(m->class));
	json_text(j, "text", m->text);
	json_array(j, "defects");
	for (size_t i = 0; i < m->defects_n; i++)
		json_text(j, NULL, m->defects[i]);
	json_array_end(j);
}

static void
json_document(
    struct context *c, const struct held *h, const struct box_result *r)
{
	struct document d;

	document_open(&d);
	json_held(&d.j, c, h);
	json_text(&d.j, "unreadable", r->end == BOX_DONE ? NULL : r->why);
	if (r->end == BOX_DONE)
		json_mail(&d.j, &r->mail);
	document_close(&d);
}

int
held_show(struct context *c, const struct held *h)
{
	struct box_result r = { .end = BOX_DEAD, .why = "not tried" };
	struct err e = { 0 };

	if (read_mail(c, h, &r, &e) == -1)
		return cmd_fail(&e);
	if (c->json) {
		json_document(c, h, &r);
		return 0;
	}
	show_row(c, h);
	if (r.end != BOX_DONE)
		return show_bytes(c, h, r.why);
	show_mail(c, &r.mail);
	return 0;
}
