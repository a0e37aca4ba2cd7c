/*
 * Mail out of the hands of the people in the demo's play, and what became of
 * it: in the database, in their mailboxes.  Promises to write only by SMTP and
 * to look only at what any mail program or subcommand could see.
 */
#include "daemon/demo_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "daemon/clock.h"
#include "daemon/smtp.h"
#include "parser/buf.h"
#include "parser/compose.h"
#include "rules/ticket.h"
#include "store/inbound.h"
#include "store/outbox.h"
#include "store/tickets.h"

#define PLAY_SECONDS 20 /* for one step; it takes well under one */

/* Mail out of a person's hands. */

/* Below the new text, as mail programs do it. */
static char *
quoted(struct arena *a, const struct draft *w)
{
	const struct mail *m = w->answers;
	char *rest = arena_strdup(a, m->text), *line, *out, day[32];
	time_t date = m->date;
	struct tm tm;
	struct buf b;

	strftime(
	    day, sizeof(day), "%a, %d %b %Y at %H:%M", gmtime_r(&date, &tm));
	buf_init(&b, 0);
	buf_str(&b, w->text);
	buf_printf(&b, "\nOn %s, %s wrote:\n", day,
	    m->from_name != NULL ? m->from_name : m->from_addr);
	while ((line = strsep(&rest, "\n")) != NULL)
		if (rest != NULL || line[0] != '\0')
			buf_printf(&b, ">%s%s\n",
			    line[0] == '\0' || line[0] == '>' ? "" : " ", line);
	out = arena_strndup(a, b.data, b.len);
	buf_done(&b);
	return out;
}

static const char *
write_to(const struct draft *w)
{
	const struct mail *m = w->answers;

	if (w->to != NULL)
		return w->to;
	if (m == NULL)
		return demo_box("support")->address;
	return m->reply_to_n > 0 ? m->reply_to[0].addr : m->from_addr;
}

static const char *
subject_of(struct arena *a, const struct draft *w)
{
	if (w->subject != NULL || w->answers == NULL)
		return w->subject;
	return strncasecmp(w->answers->subject, "Re:", 3) == 0
	    ? w->answers->subject
	    : arena_printf(a, "Re: %s", w->answers->subject);
}

static int
compose(struct play *p, const struct draft *w, char **data, size_t *n,
    const char **id, struct err *e)
{
	struct demo *d = p->d;
	const struct demo_box *from = demo_box(w->user);
	const char *references[MAIL_REFERENCES_MAX + 1];
	struct compose c = { .from = { from->name, from->address },
		.to = { "", write_to(w) },
		.subject = subject_of(d->arena, w),
		.date = clock_now(),
		.language = "en",
		.fields = w->fields,
		.text = w->quote ? quoted(d->arena, w) : w->text };

	c.message_id = arena_printf(d->arena, "demo.%d.%s@mail.%s", ++d->serial,
	    d->password, address_domain(from->address));
	if (w->from != NULL)
		c.from = *(const struct address[]){
			{ demo_box_of(w->from)->name, w->from }
		};
	if (w->answers != NULL) {
		c.in_reply_to = w->answers->message_id;
		for (size_t i = 0; i < w->answers->references_n; i++)
			references[c.references_n++] =
			    w->answers->references[i];
		references[c.references_n++] = c.in_reply_to;
		c.references = references;
	}
	*id = c.message_id;
	return compose_mail(d->arena, &c, data, n, e);
}

static int
may_go(void *ctx, void *owner)
{
	(void)ctx;
	(void)owner;
	return 0;
}

/* By SMTP, as a person's mail program does it. */
static int
submit(struct play *p, const struct smtp_letter *l, struct err *e)
{
	struct conf_smtp conf = { .relay = { .host = "127.0.0.1",
				      .port = p->d->smtp_port,
				      .tls = TLS_PLAIN } };
	struct smtp_relay relay = {
		.conf = &conf, .helo = "mail.example.org", .body = may_go
	};
	struct smtp_result r = { 0 };
	struct smtp *s = NULL;
	int rc;

	p->began = clock_steady();
	if (smtp_open(&s, &relay, e) == -1)
		return -1;
	rc = smtp_start(s, l, e);
	if (rc == 0) {
		smtp_wait(s, NULL, (int64_t)PLAY_SECONDS * 1000);
		if (!smtp_result(s, &r) || r.outcome != SMTP_SENT)
			rc = err_set(e, ERR_RETRY, "SMTP: %s", r.reply);
	}
	smtp_close(s);
	p->mails += rc == 0;
	return rc;
}

int
play_again(
    struct play *p, const char *user, const char *data, size_t n, struct err *e)
{
	struct smtp_letter l = { .sender = demo_box(user)->address,
		.recipient = demo_box("support")->address,
		.data = data,
		.size = n };

	return submit(p, &l, e);
}

/* Of a quoted letter only that it is there. */
static void
say_draft(struct play *p, const struct draft *w, const char *data, size_t n)
{
	struct arena *a = p->d->arena;
	struct mail m;

	mail_parse(a, data, n, &m);
	if (w->quote)
		m.text = arena_printf(
		    a, "%s\n> (below it: what she answers)\n", w->text);
	demo_say_mail(p->d, &m);
}

int
play_write(struct play *p, const struct draft *w, struct err *e)
{
	struct smtp_letter l = { .sender = demo_box(w->user)->address,
		.recipient = write_to(w) };
	const char *id;
	char *data;
	size_t n;

	if (compose(p, w, &data, &n, &id, e) == -1)
		return -1;
	say_draft(p, w, data, n);
	if (p->request == NULL) {
		p->request = data;
		p->request_n = n;
		p->request_id = id;
	}
	l.data = data;
	l.size = n;
	return submit(p, &l, e);
}

/* Links. */

static char *
percent_decode(struct arena *a, const char *s, size_t n)
{
	char *out = arena_strndup(a, s, n), *to = out;

	for (size_t i = 0; i < n; i++)
		if (s[i] == '%' && i + 2 < n) {
			char hex[3] = { s[i + 1], s[i + 2], '\0' };

			*to++ = (char)strtol(hex, NULL, 16);
			i += 2;
		} else if (s[i] != '\r') {
			*to++ = s[i];
		}
	*to = '\0';
	return out;
}

/* The value of a field of the link, decoded; "" when it has none. */
static char *
link_field(struct arena *a, const char *link, const char *name)
{
	const char *at = strstr(link, name);

	return at == NULL ? arena_strdup(a, "")
			  : percent_decode(a, at + strlen(name),
				strcspn(at + strlen(name), "&>"));
}

int
play_tap(struct play *p, const char *user, const char *link, struct err *e)
{
	struct arena *a = p->d->arena;
	size_t skip = strlen("mailto:");
	struct draft w = { .user = user,
		.to = percent_decode(
		    a, link + skip, strcspn(link + skip, "?>")),
		.subject = link_field(a, link, "subject="),
		.text = link_field(a, link, "body=") };

	return play_write(p, &w, e);
}

/* What became of it. */

static int
look_ticket(
    struct play *p, const struct ticket *t, struct facts *f, struct err *e)
{
	struct message *m;

	p->notes = arena_strdup(p->d->arena, "");
	f->category = t->category;
	f->team = t->team;
	f->assignee = t->assignee;
	f->status = status_names[t->status];
	if (messages_list(p->db, p->d->arena, t->number, &m, &f->messages, e) ==
	    -1)
		return -1;
	for (size_t i = 0; i < f->messages; i++)
		if (strcmp(m[i].direction, "note") == 0)
			p->notes = arena_printf(
			    p->d->arena, "%s%s\n", p->notes, m[i].new_text);
	return 0;
}

static int
look(struct play *p, struct facts *f, struct err *e)
{
	struct arena *a = p->d->arena;
	struct ticket_filter all = { 0 };
	struct ticket *t;
	struct ledger_row *rows;
	struct letter *letters;
	struct held *held;

	*f = (struct facts){ .last = "", .status = "" };
	if (tickets_list(p->db, a, &all, &t, &f->tickets, e) == -1 ||
	    ledger_list(p->db, a, NULL, &rows, &f->rows, e) == -1 ||
	    held_list(p->db, a, false, &held, &f->held, e) == -1 ||
	    outbox_list(p->db, a, NULL, &letters, &f->waiting, e) == -1)
		return -1;
	for (size_t i = 0; i < f->rows; i++) {
		f->stored += strcmp(rows[i].state, "stored") == 0;
		f->last = rows[i].state;
	}
	if (p->ticket == 0 && f->tickets > 0)
		p->ticket = t[0].number;
	for (size_t i = 0; i < f->tickets; i++)
		if (t[i].number == p->ticket)
			return look_ticket(p, &t[i], f, e);
	return 0;
}

static bool
settled(struct demo *d, void *ctx)
{
	struct play *p = ctx;
	struct err e;

	(void)d;
	return look(p, &p->fact, &e) == 0 && p->fact.rows == p->mails &&
	    p->fact.stored == 0 && p->fact.waiting == 0;
}

int
play_settle(struct play *p, struct err *e)
{
	return demo_wait(
	    p->d, settled, p, PLAY_SECONDS, "the mail to be worked", e);
}

static bool
has_mail(struct demo *d, void *ctx)
{
	struct play *p = ctx;

	return demo_mail(d, p->who, &p->got, &p->raw);
}

int
play_receive(struct play *p, const char *user, bool show, struct err *e)
{
	const struct demo_box *b = demo_box(user);

	p->who = user;
	if (demo_wait(p->d, has_mail, p, PLAY_SECONDS,
		arena_printf(p->d->arena, "a letter to %s", b->name), e) == -1)
		return -1;
	if (!show)
		return 0;
	demo_say(p->d,
	    "   %.2f seconds later this is in the mailbox of %s:\n\n",
	    (double)(clock_steady() - p->began) / 1000, b->name);
	demo_say_mail(p->d, &p->got);
	return 0;
}

bool
play_nothing(struct play *p, const char *user)
{
	struct mail m;

	return !demo_mail(p->d, user, &m, NULL);
}

void
play_command(struct play *p, const char *line, const char *const words[])
{
	struct demo *d = p->d;
	int code;

	demo_say(d, "\n%s$ deskd %s%s\n\n", print_on(&d->print, STYLE_BOLD),
	    line, print_off(&d->print, STYLE_BOLD));
	code = demo_run(d, words, !d->quiet);
	if (code != 0)
		demo_check(d, false, "deskd %s ended with %d", line, code);
}

bool
play_noted(const struct play *p, const char *words)
{
	return play_says(p->notes, words);
}

bool
play_says(const char *text, const char *word)
{
	return text != NULL && strstr(text, word) != NULL;
}

char *
play_tag(struct play *p)
{
	return arena_printf(p->d->arena, "[EX-%lld]", (long long)p->ticket);
}
