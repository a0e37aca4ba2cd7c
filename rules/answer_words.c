/* See the header.  What an agent or a requester wrote is a value, never a
 * template (T29). */
#include "rules/answer_words.h"

#include <string.h>

#include "parser/buf.h"
#include "parser/limits.h"
#include "parser/utf8.h"
#include "rules/letter.h"
#include "rules/opening.h"
#include "rules/person.h"

#define QUOTE_LINES  8
#define QUOTE_BYTES  600
#define SIGN_LINES   3  /* from the end: there a name is a signature */
#define GREETING_MAX 40 /* bytes of a line that greets */
#define PICTURE      "<img src=\"cid:"

const char *
answer_tag(struct arena *a, const struct answer *in, int64_t number)
{
	return ticket_tag(a, in->desk->conf->tickets.prefix, number);
}

static void
add(struct answer_words *w, const char *name, const char *text)
{
	if (w->values_n < ANSWER_VALUES)
		w->values[w->values_n++] = (struct value){ .name = name,
			.text = text };
}

/* Text without empty lines at its ends. */
static char *
trimmed(struct arena *a, const char *s)
{
	size_t n;

	for (;;) {
		n = strspn(s, " \t\r");
		if (s[n] != '\n')
			break;
		s += n + 1;
	}
	n = strlen(s);
	while (n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL)
		n--;
	return arena_strndup(a, s, n);
}

/* Does the line (n bytes, already folded) hold the word (folded) as a whole? */
static bool
line_is(const char *line, size_t n, const char *word)
{
	size_t k = strlen(word);

	while (n > 0 && strchr(" \t-,.~*_/", *line) != NULL) {
		line++;
		n--;
	}
	/* "Ana", "Ana Silva", "Ana (IT)": but not "Anastasia" */
	return k > 0 && n >= k && n <= k + GREETING_MAX &&
	    memcmp(line, word, k) == 0 &&
	    (n == k || strchr(" .,-(|/", line[k]) != NULL);
}

/* One of the last lines begins with the agent's name: he signed himself. */
static bool
is_signed(
    struct arena *a, const char *text, const char *name, const char *first)
{
	const char *s = utf8_fold(a, text), *end = s + strlen(s);

	name = utf8_fold(a, name);
	first = utf8_fold(a, first);
	for (int i = 0; i < SIGN_LINES && end > s; i++) {
		const char *line = end;

		while (line > s && line[-1] != '\n')
			line--;
		if (line_is(line, (size_t)(end - line), name) ||
		    line_is(line, (size_t)(end - line), first))
			return true;
		end = line > s ? line - 1 : s;
	}
	return false;
}

/* "Hello Maria," on a line of its own is the first line. */
static bool
greets(const char *text)
{
	size_t n = strcspn(text, "\n");

	return n > 2 && n <= GREETING_MAX && strchr(",!:", text[n - 1]) != NULL;
}

/* The first lines with "> " in front; those that were quoted before are left
 * out.  NULL: nothing is left. */
static char *
quote_make(struct arena *a, const char *text)
{
	size_t lines = 0, used = 0, n, k;
	bool more = false, gap = false;
	struct buf b;
	char *out;

	buf_init(&b, (size_t)QUOTE_BYTES * 2);
	for (const char *s = trimmed(a, text); *s != '\0' && !more; s += n) {
		n = strcspn(s, "\n");
		k = utf8_cut(s, n, QUOTE_BYTES - used);
		more = k < n || lines == QUOTE_LINES;
		if (*s == '>' || n == 0) {
			gap |= n == 0 && lines > 0;
		} else if (lines < QUOTE_LINES && k > 0) {
			if (gap && ++lines < QUOTE_LINES)
				buf_str(&b, ">\n");
			buf_printf(
			    &b, "> %.*s%s\n", (int)k, s, k < n ? " [...]" : "");
			lines++;
			used += k;
			gap = false;
		}
		n += s[n] == '\n';
	}
	if (more && b.len > 0 && strstr(b.data, "[...]") == NULL)
		buf_str(&b, "> [...]\n");
	out = b.len == 0 ? NULL : arena_strndup(a, b.data, b.len - 1);
	buf_done(&b);
	return out;
}

static void
add_people(struct arena *a, const struct answer *in, struct answer_words *w)
{
	const struct conf *c = in->desk->conf;
	const struct conf_team *team = in->ticket->team == NULL
	    ? NULL
	    : conf_team(c, in->ticket->team);
	const char *shown, *first;

	add(w, "desk.name", c->desk);
	add(w, "desk.address", c->address);
	add(w, "requester.name", person_name(a, in->to.name));
	add(w, "requester.first_name", person_first_name(a, in->to.name));
	add(w, "requester.address", in->to.addr);
	if (team != NULL) {
		add(w, "team.name",
		    team->shown != NULL ? team->shown : in->ticket->team);
		add(w, "team.signature", team->signature);
	}
	if (in->agent == NULL)
		return;
	shown = in->agent->shown != NULL ? in->agent->shown : in->agent->name;
	first = person_first_name(a, shown);
	if (*first == '\0') /* not a name as we know them: the whole of it */
		first = shown;
	add(w, "agent.name", shown);
	add(w, "agent.first_name", first);
	if (!is_signed(a, in->text, shown, first))
		add(w, "sign", "yes");
}

static void
add_quote(struct arena *a, const struct answer *in, struct answer_words *w)
{
	const char *name,
	    *quote = in->quote == NULL ? NULL : quote_make(a, in->quote);

	if (quote == NULL)
		return;
	name = person_name(a, in->quote_name);
	add(w, "quote", quote);
	add(w, "quote.name", *name != '\0' ? name : in->to.addr);
	add(w, "quote.day",
	    opening_day(a, in->desk->zone, w->language, 0, in->quote_date));
	add(w, "quote.time", opening_time(a, in->desk->zone, in->quote_date));
}

/* The button "It works" (MAIL 7): percent-encoded, a blank is never "+". */
static char *
works_link(struct arena *a, const struct answer *in, const char *tag)
{
	const struct conf *c = in->desk->conf;
	const char *code = token_short(a, in->desk->keys, TOKEN_REQUESTER,
	    in->ticket->number, in->to.addr);
	const char *subject = arena_printf(a, "[%s] works ~%s", tag, code);

	return letter_mailto(a, c->address, subject, "#works");
}

/*
 * The same with the HTML in place of the text: the template is filled with a
 * word that stands in no text, and where that became a paragraph of its own
 * the HTML is put.  NULL: it stands elsewhere, the HTML is made from the text.
 */
static const char *
rich_words_make(struct arena *a, const struct template *t,
    const struct answer *in, const char *mark, struct answer_words *w)
{
	struct value *text = NULL;
	const char *was, *at, *body, *open;
	char *subject, *filled;
	struct err e;

	for (size_t i = 0; i < w->values_n; i++)
		if (strcmp(w->values[i].name, "text") == 0)
			text = &w->values[i];
	if (in->rich == NULL || text == NULL)
		return NULL;
	was = text->text;
	text->text = mark;
	if (template_render(a, t, w->values, &subject, &filled, &e) == -1)
		filled = NULL;
	text->text = was;
	body = filled == NULL ? NULL : compose_body(a, filled);
	at = body == NULL ? NULL : strstr(body, mark);
	if (at == NULL || strncmp(at + strlen(mark), "</p>\n", 5) != 0)
		return NULL;
	for (open = at; open > body && *open != '<'; open--)
		;
	/* "<p>" or "<p style=..>": indented */
	if (strncmp(open, "<p", 2) != 0 || at[-1] != '>')
		return NULL;
	return arena_printf(a, "%.*s%s%s%s%s", (int)(open - body), body,
	    open[2] == '>' ? "" : "<blockquote>\n", in->rich,
	    open[2] == '>' ? "" : "</blockquote>\n",
	    at + strlen(mark) + strlen("</p>\n"));
}

int
answer_words(struct arena *a, const struct answer *in, const char *template,
    const char *mark, struct answer_words *out, struct err *e)
{
	struct answer_words w = { .values_n = 0 };
	const struct template *t = template_set_for(in->desk->templates,
	    template, in->desk->conf, in->language, &w.language);
	const char *tag = answer_tag(a, in, in->ticket->number), *text;

	if (t == NULL)
		return err_set(
		    e, ERR_REJECT, "there is no template '%s'", template);
	text = trimmed(a, in->text == NULL ? "" : in->text);
	add(&w, "text", text);
	add(&w, "ticket.tag", tag);
	add(&w, "ticket.number",
	    arena_printf(a, "%lld", (long long)in->ticket->number));
	add(&w, "ticket.subject",
	    letter_bare_subject(a, in->desk->conf, in->ticket->subject));
	add_people(a, in, &w);
	if (!greets(text))
		add(&w, "greet", "yes");
	add_quote(a, in, &w);
	if (in->kind == ANSWER_RESOLVED)
		add(&w, "works", works_link(a, in, tag));
	if (in->kind == ANSWER_MERGED)
		add(&w, "other.tag", answer_tag(a, in, in->other));
	if (template_render(a, t, w.values, &w.subject, &w.text, e) == -1)
		return err_wrap(e, "template %s", template);
	w.rich = rich_words_make(a, t, in, mark, &w);
	*out = w;
	return 0;
}

/* How an id stands in HTML of ours. */
static char *
id_escaped(struct arena *a, const char *id)
{
	struct buf b;
	char *out;

	buf_init(&b, (size_t)MAIL_ID_MAX * 8);
	for (; *id != '\0'; id++)
		if (*id == '&')
			buf_str(&b, "&amp;");
		else if (*id == '<')
			buf_str(&b, "&lt;");
		else if (*id == '>')
			buf_str(&b, "&gt;");
		else if (*id == '"')
			buf_str(&b, "&quot;");
		else
			buf_char(&b, *id);
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return out;
}

bool
answer_picture(
    struct arena *a, const char **rich, const char *from, const char *to)
{
	const char *mark = arena_printf(
	    a, "%s%s\">", PICTURE, id_escaped(a, from));
	const char *s = *rich, *at;
	bool any = false;
	struct buf b;

	if (strstr(s, mark) == NULL)
		return false;
	buf_init(&b, 0);
	while ((at = strstr(s, mark)) != NULL) {
		buf_add(&b, s, (size_t)(at - s));
		buf_printf(&b, "<img src='cid:%s'>", to);
		s = at + strlen(mark);
		any = true;
	}
	buf_str(&b, s);
	*rich = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return any;
}

const char *
answer_pictures_end(struct arena *a, const char *rich)
{
	const char *s = rich, *at;
	char *out;
	struct buf b;

	if (strstr(s, PICTURE) == NULL)
		return rich;
	buf_init(&b, 0);
	while ((at = strstr(s, PICTURE)) != NULL) {
		buf_add(&b, s, (size_t)(at - s));
		s = at + strlen(PICTURE);
		s += strcspn(s, ">");
		s += *s == '>';
	}
	buf_str(&b, s);
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return out;
}
