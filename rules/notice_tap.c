/*
 * Buttons: links that open a mail to us which needs nothing but "send".  Never
 * http: gateways open such links by themselves, and a vote or a command would
 * be carried out by a machine (MAIL 7).
 */
#include <string.h>

#include "parser/buf.h"
#include "parser/utf8.h"
#include "rules/notice_private.h"

#define LINK_MAX 1500 /* Gmail takes 1620, Outlook 2046 */

/* RFC 3986 2.3: all else is escaped, so that no mail program finds anything in
 * it to be clever about ("," ended the body in one, "+" became a blank). */
static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c) != NULL);
}

static void
put_escaped(struct buf *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\n')
			buf_str(out, "%0D%0A");
		else if (is_plain(s[i]))
			buf_char(out, s[i]);
		else
			buf_printf(out, "%%%02X", (unsigned char)s[i]);
	}
}

char *
notice_token_address(const struct saying *s, const char *token)
{
	const struct conf *c = s->in->desk->conf;

	switch (c->tickets.tokens) {
	case TOKENS_PLUS:
		return token_address(s->arena, c->address, token);
	case TOKENS_CATCH_ALL:
		return token_address(s->arena,
		    arena_printf(s->arena, "@%s", c->tickets.token_domain),
		    token);
	case TOKENS_NONE:
		break;
	}
	return NULL;
}

/* What proves the sender where an address can carry no token (DESIGN 8). */
static const char *
short_mark(const struct saying *s)
{
	const struct notice *in = s->in;
	bool release = s->row->purpose == TOKEN_RELEASE;

	return token_short(s->arena, in->desk->keys,
	    release ? TOKEN_RELEASE : TOKEN_AGENT,
	    release ? in->held : in->ticket->number, in->address);
}

/* "mailto:..?subject=..&body=.." of one tap: word stands in the subject for the
 * reader, body is what is sent.  NULL: nobody could send it, or it is too long
 * for the programs that have to take it. */
static char *
tap_link(const struct saying *s, const char *word, const char *body)
{
	const struct conf *c = s->in->desk->conf;
	const char *to, *domain, *subject;
	struct buf b;
	char *out = NULL;

	if (s->token == NULL)
		return NULL;
	to = notice_token_address(s, s->token);
	subject = arena_printf(s->arena, "[%s] %s", s->tag, word);
	if (to == NULL) {
		to = c->address;
		subject = arena_printf(
		    s->arena, "%s ~%s", subject, short_mark(s));
	}
	domain = strrchr(to, '@');
	buf_init(&b, LINK_MAX);
	buf_str(&b, "mailto:");
	put_escaped(&b, to, (size_t)(domain - to));
	buf_str(&b, domain);
	buf_str(&b, "?subject=");
	put_escaped(&b, subject, strlen(subject));
	buf_str(&b, "&body=");
	put_escaped(&b, body, strlen(body));
	if (!b.over)
		out = arena_strdup(s->arena, buf_text(&b));
	buf_done(&b);
	return out;
}

static bool
leads_any(const struct conf *c, const char *name)
{
	for (size_t i = 0; i < c->teams_n; i++)
		if ((c->teams[i].lead != NULL &&
			strcmp(c->teams[i].lead, name) == 0) ||
		    (c->teams[i].manager != NULL &&
			strcmp(c->teams[i].manager, name) == 0))
			return true;
	return false;
}

/* Does a line "#resolve" of the reader do anything? */
static bool
may_command(const struct notice *in)
{
	const struct conf *c = in->desk->conf;

	if (in->to == NULL || in->ticket->number == 0)
		return false;
	return c->tickets.commands == COMMANDS_AGENTS ||
	    (c->tickets.commands == COMMANDS_LEADS &&
		leads_any(c, in->to->name));
}

/* The word in the subject, what is sent, and the value that is the link. */
struct button {
	const char *value, *word, *body;
};

static const struct button commands[] = {
	{ "tap.resolve", "resolve", "#resolve" },
	{ "tap.note", "note", "#note\n\n" },
	{ "tap.wait", "wait", "#wait 3d" },
	{ "tap.take", "take", "#take" },
	{ "tap.drop", "drop", "#drop" },
	{ "tap.undo", "undo", "#undo" },
	{ "tap.help", "help", "#help" },
	{ "tap.why", "why", "#why" },
	{ NULL, NULL, NULL },
};

static const char *const verbs[] = { "send", "note", "drop", "clean", NULL };

static void
add_colleagues(struct values *v)
{
	const struct saying *s = v->s;
	const struct notice *in = s->in;
	struct values *rows = arena_calloc(
	    s->arena, in->colleagues_n + 1, sizeof(*rows));

	for (size_t i = 0; i < in->colleagues_n; i++) {
		const char *name = in->colleagues[i];

		rows[i].s = s;
		notice_add(&rows[i], "name", notice_first_name(s, name));
		notice_add(&rows[i], "tap",
		    tap_link(s, arena_printf(s->arena, "to %s", name),
			arena_printf(s->arena, "#assign %s", name)));
	}
	notice_rows(v, "colleagues", rows, in->colleagues_n);
}

void
notice_taps(struct values *v)
{
	const struct saying *s = v->s;
	const struct notice *in = s->in;
	bool may = may_command(in);

	notice_if(v, "commands", may);
	notice_if(v, "answerable", in->to != NULL);
	for (const struct button *b = commands; may && b->value != NULL; b++)
		notice_add(v, b->value, tap_link(s, b->word, b->body));
	if (may)
		add_colleagues(v);
	if (may && in->from_address != NULL)
		notice_add(v, "tap.add",
		    tap_link(s, "cc",
			arena_printf(s->arena, "#cc %s",
			    utf8_line(s->arena, in->from_address, LINK_MAX))));
	for (size_t i = 0; in->code != NULL && verbs[i] != NULL; i++)
		notice_add(v, arena_printf(s->arena, "do.%s", verbs[i]),
		    tap_link(s, verbs[i],
			arena_printf(
			    s->arena, "#do %s %s", in->code, verbs[i])));
	if (in->kind == NOTICE_CHALLENGE) {
		notice_add(v, "do.approve", tap_link(s, "approve", "APPROVE"));
		notice_add(v, "do.reject", tap_link(s, "reject", "REJECT"));
	}
}
