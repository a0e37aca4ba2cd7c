/*
 * What the templates of the staff's letters may use.  All of it may be hostile:
 * what is to be one line is made one, and what somebody wrote keeps its lines
 * but can be no longer than a letter should be.
 */
#include <string.h>

#include "parser/utf8.h"
#include "rules/guard.h"
#include "rules/letter.h"
#include "rules/notice_private.h"
#include "rules/person.h"
#include "rules/phrase.h"

#define LINE_MAX_BYTES 400
#define NAME_BYTES     80
#define SHORT_BYTES    200        /* RELIABILITY 3.5: of an unproven mail */
#define TEXT_MAX       (64 << 10) /* as a quote it may double */
#define STORY_BYTES    (24 << 10) /* of all rows; indented it may grow by 2.5 */
#define STORY_MAX      50
#define LINES_MAX      200            /* rows of one list */
#define FILES_MAX      20             /* named of one mail */
#define MORE           "\xe2\x80\xa6" /* three dots */

struct value *
notice_add(struct values *v, const char *name, const char *text)
{
	struct value *last;

	/* One more than is used: the end is a row without a name. */
	v->list = arena_grow(v->s->arena, v->list, v->n == 0 ? 0 : v->n + 1,
	    &v->cap, sizeof(*v->list));
	last = &v->list[v->n++];
	*last = (struct value){ .name = name, .text = text };
	v->list[v->n] = (struct value){ .name = NULL };
	return last;
}

void
notice_rows(struct values *v, const char *name, struct values *rows, size_t n)
{
	struct value *list = arena_calloc(v->s->arena, n + 1, sizeof(*list)),
		     *last;

	for (size_t i = 0; i < n; i++)
		list[i].child = rows[i].list;
	last = notice_add(v, name, NULL);
	last->rows = list;
	last->rows_n = n;
}

void
notice_if(struct values *v, const char *name, bool is)
{
	notice_add(v, name, is ? "yes" : NULL);
}

/* One line of at most max bytes; of a long text only the beginning is looked
 * at.
 */
static char *
one_line(const struct saying *s, const char *text, size_t max)
{
	size_t n = strnlen(text, max * 4 + 1);

	return utf8_line(s->arena,
	    arena_strndup(s->arena, text, utf8_cut(text, n, max * 4)), max);
}

static const char *
line(const struct saying *s, const char *text)
{
	return text == NULL ? NULL : one_line(s, text, LINE_MAX_BYTES);
}

/* Lines as they were written; what only deceives is out (T34). */
static char *
block(const struct saying *s, const char *text, size_t max, bool *cut)
{
	size_t n = strlen(text);
	char *out;

	*cut = n > max;
	out = utf8_from(s->arena, "utf-8", text, utf8_cut(text, n, max), NULL);
	(void)utf8_neutral(out);
	n = strlen(out);
	while (n > 0 && strchr(" \t\r\n", out[n - 1]) != NULL)
		out[--n] = '\0';
	return out;
}

/* The same as a quote. */
static char *
quote(const struct saying *s, const char *text)
{
	struct buf b;
	char *out;

	buf_init(&b, 0);
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		buf_str(&b, n == 0 ? ">" : "> ");
		buf_add(&b, text, n);
		text += n + (text[n] == '\n');
		if (*text != '\0')
			buf_char(&b, '\n');
	}
	out = arena_strdup(s->arena, buf_text(&b));
	buf_done(&b);
	return out;
}

/* "the first words of it ..": one line. */
static const char *
in_short(const struct saying *s, const char *text)
{
	char *one = one_line(s, text, SHORT_BYTES);

	return strnlen(text, SHORT_BYTES + 1) <= SHORT_BYTES
	    ? one
	    : arena_printf(s->arena, "%s" MORE, one);
}

/* "Maria Gomez"; what is no person's name as it is; else the address. */
static const char *
shown_name(const struct saying *s, const char *name, const char *address)
{
	const char *person = person_name(s->arena, name);
	char *plain = utf8_line(s->arena, name == NULL ? "" : name, NAME_BYTES);

	if (*person != '\0')
		return person;
	plain += strspn(plain, " ");
	if (*plain != '\0')
		return plain;
	return address == NULL || *address == '\0' ? NULL : line(s, address);
}

/* Somebody else who is called like one of the agents (T34). */
static bool
is_double(const struct saying *s, const char *name, const char *address)
{
	const struct conf *c = s->in->desk->conf;
	const char *own = utf8_fold(s->arena, name == NULL ? "" : name);

	if (address == NULL || conf_agent_by_address(c, address) != NULL)
		return false;
	for (size_t i = 0; i < c->agents_n; i++)
		if (c->agents[i].shown != NULL &&
		    strcmp(utf8_fold(s->arena, c->agents[i].shown), own) == 0)
			return true;
	return false;
}

static void
add_person(
    struct values *v, const char *kind, const char *name, const char *address)
{
	const struct saying *s = v->s;
	const char *shown = shown_name(s, name, address);
	const char *first = person_first_name(s->arena, name);

	if (shown != NULL && is_double(s, shown, address))
		shown = phrase(
		    s->arena, s->language, WORD_EXTERNAL, shown, NULL, NULL);
	notice_add(v, arena_printf(s->arena, "%s.name", kind), shown);
	notice_add(v, arena_printf(s->arena, "%s.first_name", kind),
	    *first != '\0' ? first : shown);
	notice_add(v, arena_printf(s->arena, "%s.address", kind),
	    address == NULL || *address == '\0' ? NULL : line(s, address));
}

/* The requester, where he works, and who wrote if it was somebody else. */
static void
add_people(struct values *v)
{
	const struct notice *in = v->s->in;
	const struct ticket *t = in->ticket;
	const struct org *org = in->desk->book == NULL
	    ? NULL
	    : rulebook_org(in->desk->book, t->requester);
	bool vip = in->desk->book != NULL &&
	    rulebook_vip(in->desk->book, t->requester);

	add_person(v, "requester", t->requester_name, t->requester);
	if (in->from_address != NULL || in->from_name != NULL)
		add_person(v, "from", in->from_name, in->from_address);
	else
		add_person(v, "from", t->requester_name, t->requester);
	if (org != NULL)
		notice_add(v, "organisation.name",
		    line(v->s, org->shown != NULL ? org->shown : org->name));
	notice_if(v, "requester.vip", vip);
}

const char *
notice_first_name(const struct saying *s, const char *name)
{
	const struct conf_agent *agent = conf_agent(s->in->desk->conf, name);
	const char *first = agent == NULL
	    ? ""
	    : person_first_name(s->arena, agent->shown);

	return *first != '\0' ? first : name;
}

static void
add_ticket(struct values *v)
{
	const struct saying *s = v->s;
	const struct notice *in = s->in;
	const struct ticket *t = in->ticket;
	const struct conf_team *team = conf_team(in->desk->conf, t->team);
	bool mine = in->to != NULL && strcmp(t->assignee, in->to->name) == 0;

	notice_add(v, "desk.name", in->desk->conf->desk);
	notice_add(v, "desk.address", in->desk->conf->address);
	notice_add(v, "ticket.tag", s->tag);
	notice_add(v, "ticket.number",
	    arena_printf(s->arena, "%lld", (long long)t->number));
	notice_add(v, "ticket.subject",
	    letter_bare_subject(s->arena, in->desk->conf, t->subject));
	notice_add(
	    v, "ticket.priority", notice_priority(s->language, t->priority));
	notice_add(
	    v, "ticket.category", *t->category == '\0' ? NULL : t->category);
	notice_add(v, "team.name",
	    team == NULL              ? NULL
		: team->shown != NULL ? team->shown
				      : team->name);
	notice_add(v, "assignee.first_name",
	    *t->assignee == '\0' ? NULL : notice_first_name(s, t->assignee));
	notice_if(v, "mine", mine);
	notice_if(v, "nobody", *t->assignee == '\0');
	notice_if(v, "watcher", in->watcher);
}

static const char *
size_words(const struct saying *s, size_t bytes)
{
	size_t kb = (bytes + 1023) >> 10;

	return kb < 10000 ? arena_printf(s->arena, "%zu KB", kb)
			  : arena_printf(s->arena, "%zu MB", (kb + 1023) >> 10);
}

static const char *
file_names(const struct saying *s)
{
	const struct notice *in = s->in;
	const char *out = NULL, *name;

	for (size_t i = 0; i < in->parts_n && i < FILES_MAX; i++) {
		name = in->parts[i].name;
		if (name == NULL || *name == '\0')
			name = in->parts[i].type;
		out = arena_printf(s->arena, "%s%s%s (%s)",
		    out == NULL ? "" : out, out == NULL ? "" : ", ",
		    utf8_line(s->arena, name == NULL ? "?" : name, NAME_BYTES),
		    size_words(s, in->parts[i].size));
	}
	if (in->parts_n > FILES_MAX)
		out = arena_printf(
		    s->arena, "%s, +%zu", out, in->parts_n - FILES_MAX);
	return out;
}

/* What somebody wrote, and what came with it. */
static void
add_words(struct values *v)
{
	const struct saying *s = v->s;
	const struct notice *in = s->in;
	bool cut = false;

	if (in->text != NULL && *in->text != '\0') {
		const char *text = block(s, in->text, TEXT_MAX, &cut);

		if (*text != '\0') {
			notice_add(v, "text",
			    s->instead != NULL && !cut ? s->instead : text);
			notice_add(v, "quote", quote(s, text));
			notice_add(v, "short", in_short(s, text));
		}
	}
	notice_if(v, "text.cut", cut);
	notice_add(v, "files", file_names(s));
	notice_add(v, "files.left", line(s, in->parts_left));
	notice_if(v, "unproven", in->unproven);
	notice_if(v, "note", in->note);
	notice_add(v, "follows",
	    in->follow_up && in->other != 0
		? ticket_tag(
		      s->arena, in->desk->conf->tickets.prefix, in->other)
		: NULL);
}

static void
add_lines(struct values *v, const char *name, const char *const *list, size_t n)
{
	struct values *rows;

	if (n > LINES_MAX)
		n = LINES_MAX;
	rows = arena_calloc(v->s->arena, n + 1, sizeof(*rows));
	for (size_t i = 0; i < n; i++) {
		rows[i].s = v->s;
		notice_add(&rows[i], "line", line(v->s, list[i]));
	}
	notice_rows(v, name, rows, n);
}

/* "Bob (note)" */
static const char *
writer(const struct saying *s, const struct notice_line *l)
{
	const char *who = line(s, l->who);

	return l->note && who != NULL
	    ? phrase(s->arena, s->language, WORD_NOTE, who, NULL, NULL)
	    : who;
}

/* Of a long conversation the newest that fit: with all else it has to stay
 * below TEMPLATE_OUT_MAX, whatever was written. */
static void
add_story(struct values *v, const char *name, const struct notice_line *list,
    size_t n)
{
	const struct saying *s = v->s;
	struct values *rows;
	size_t left = STORY_BYTES;

	if (n > STORY_MAX)
		n = STORY_MAX;
	rows = arena_calloc(s->arena, n + 1, sizeof(*rows));
	for (size_t i = 0; i < n; i++) {
		const char *raw = list[i].text == NULL ? "" : list[i].text;
		bool cut;
		const char *text = block(s, raw, left, &cut);

		left -= strlen(text);
		rows[i].s = s;
		notice_add(&rows[i], "tag", line(s, list[i].tag));
		notice_add(&rows[i], "who", writer(s, &list[i]));
		notice_add(&rows[i], "when",
		    list[i].time == 0 ? NULL
				      : notice_time(s, list[i].time, false));
		notice_add(&rows[i], "day",
		    list[i].time == 0 ? NULL : notice_day(s, list[i].time));
		notice_add(&rows[i], "text",
		    cut ? arena_printf(s->arena, "%s" MORE, text) : text);
		notice_add(&rows[i], "short", in_short(s, raw));
	}
	notice_rows(v, name, rows, n);
}

/* "a, b": lines as one. */
static const char *
joined(const struct saying *s, const char *const *list, size_t n,
    const char *between, const char *mark)
{
	const char *out = NULL;

	for (size_t i = 0; i < n && i < LINES_MAX; i++)
		if (list[i] != NULL)
			out = arena_printf(s->arena, "%s%s%s%s",
			    out == NULL ? "" : out, out == NULL ? "" : between,
			    mark, line(s, list[i] + (*mark == *list[i])));
	return out;
}

static bool
meant_note(const struct notice *in)
{
	for (size_t i = 0; i < 3; i++)
		if (in->meant[i] != NULL &&
		    strcmp(in->meant[i] + (*in->meant[i] == '#'), "note") == 0)
			return true;
	return false;
}

static void
add_held(struct values *v)
{
	const struct saying *s = v->s;
	const struct notice *in = s->in;

	notice_add(v, "problem", line(s, in->problem));
	notice_add(v, "meant", joined(s, in->meant, 3, ", ", "#"));
	notice_if(v, "meant.note", meant_note(in));
	notice_add(v, "held.number",
	    in->held == 0
		? NULL
		: arena_printf(s->arena, "%lld", (long long)in->held));
	notice_add(v, "done",
	    joined(s, in->done, in->done_n,
		phrase_plain(s->language, WORD_BETWEEN), ""));
	add_lines(v, "lines", in->done, in->done_n);
	notice_add(v, "title", line(s, in->title));
	notice_add(v, "leaves",
	    in->leaves == 0 ? NULL : notice_time(s, in->leaves, true));
	notice_add(v, "undo.until",
	    in->undo_until == 0 ? NULL : notice_time(s, in->undo_until, false));
}

const struct value *
notice_values(const struct saying *s)
{
	const struct notice *in = s->in;
	struct values v = { .s = s };

	notice_if(&v, "inside", in->whys_n + in->before_n + in->thread_n > 0);
	notice_add(&v, "internal",
	    arena_printf(s->arena, "%s ref %s", GUARD_MARK, s->ref));
	add_ticket(&v);
	add_people(&v);
	add_words(&v);
	add_lines(&v, "whys", in->whys, in->whys_n);
	add_story(&v, "before", in->before, in->before_n);
	add_story(&v, "thread", in->thread, in->thread_n);
	add_held(&v);
	notice_taps(&v);
	return v.list;
}
