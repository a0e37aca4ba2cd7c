/*
 * Buttons: links that open a mail to us which needs nothing but "send".  Never
 * http: gateways open such links by themselves, and a vote or a command would
 * be carried out by a machine (MAIL 7).
 */
#include <string.h>

#include "parser/buf.h"
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

char *
notice_link(const struct saying *s, const char *word, const char *body)
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
