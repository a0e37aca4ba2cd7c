/*
 * Messages: file:line:column, the line, a caret, a hint (CONFIG 3).  This is
 * what an admin reads at night, so columns count characters, tabs line up,
 * and nothing in a file can play with the terminal.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parser/conf_private.h"
#include "parser/limits.h"
#include "parser/near.h"
#include "parser/utf8.h"

#define SHOW_LINE 200 /* characters of a line that are printed */
#define SHOW_LEFT 60  /* of them before the mistake, when the line is longer */

/* Characters that steer instead of showing: controls, bidi, zero width. */
static bool
steers(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad ||
	    (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

/* The end of the character that begins at s. */
static const char *
char_end(const char *s, const char *end)
{
	for (s++; s < end && ((unsigned char)*s & 0xc0) == 0x80; s++)
		;
	return s;
}

/* Print text; what cannot be shown becomes U+FFFD.  Tabs stay. */
static void
put(struct buf *out, const char *s, const char *end)
{
	while (s < end) {
		const char *next = char_end(s, end), *p = s;
		uint32_t c = utf8_next(&p, next);

		if (*s == '\t')
			buf_char(out, '\t');
		else if (!steers(c) && utf8_valid(s, (size_t)(next - s)))
			buf_add(out, s, (size_t)(next - s));
		else
			buf_str(out, "\xef\xbf\xbd");
		s = next;
	}
}

struct view {
	const char *from, *end; /* the part of the line to show */
	bool cut_left, cut_right;
};

/* A very long line is shown around the mistake only. */
static struct view
view(const struct conf_place *p)
{
	const char *s = p->file->text + p->line_at;
	const char *stop = p->file->text + p->file->n, *at;
	const char *nl = memchr(s, '\n', (size_t)(stop - s));
	struct view v = { .from = s };
	int n = 0;

	if (nl != NULL)
		stop = nl;
	if (stop > s && stop[-1] == '\r')
		stop--;
	if (p->column > SHOW_LINE - SHOW_LEFT) {
		for (at = s; n < p->column - SHOW_LEFT && at < stop; n++)
			at = char_end(at, stop);
		v.from = at;
		v.cut_left = true;
	}
	for (n = 0, at = v.from; n < SHOW_LINE && at < stop; n++)
		at = char_end(at, stop);
	v.end = at;
	v.cut_right = at < stop;
	return v;
}

static void
carets(struct buf *out, const struct conf_place *p, const struct view *v)
{
	const char *at = p->file->text + p->at, *s = v->from;
	int room = 0;

	for (; s < v->end && s < at; s = char_end(s, v->end))
		buf_char(out, *s == '\t' ? '\t' : ' ');
	for (; s < v->end && room < p->width; s = char_end(s, v->end))
		room++;
	for (int i = 0; i < room || i == 0; i++)
		buf_char(out, '^');
}

static void
show(struct buf *out, const struct conf_place *p, const char *hint)
{
	struct view v = view(p);

	buf_printf(out, "%5d | %s", p->line, v.cut_left ? "..." : "");
	put(out, v.from, v.end);
	buf_printf(out, "%s\n%5s | %s", v.cut_right ? "..." : "", "",
	    v.cut_left ? "   " : "");
	carets(out, p, &v);
	if (hint != NULL) {
		buf_char(out, ' ');
		put(out, hint, hint + strlen(hint));
	}
	buf_char(out, '\n');
}

bool
conf_shown(const struct conf_talk *t, enum conf_weight w)
{
	return t->rep->text != NULL &&
	    (w == CONF_ERROR ? t->rep->errors : t->rep->warnings) <
	    CONF_ERRORS_SHOWN;
}

static void
say(struct conf_talk *t, enum conf_weight w, const struct conf_place *p,
    const char *hint, const char *what)
{
	bool shown = conf_shown(t, w);
	struct buf *out = t->rep->text;

	if (w == CONF_ERROR)
		t->rep->errors++;
	else
		t->rep->warnings++;
	if (!shown)
		return;
	put(out, p->file->path, p->file->path + strlen(p->file->path));
	buf_printf(out, ":%d:%d: %s: ", p->line, p->column,
	    w == CONF_ERROR ? "error" : "warning");
	put(out, what, what + strlen(what));
	buf_char(out, '\n');
	show(out, p, hint);
}

void
conf_say(struct conf_talk *t, enum conf_weight w, const struct conf_place *p,
    const char *hint, const char *fmt, ...)
{
	char what[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	say(t, w, p, hint, what);
}

void
conf_complain(struct arena *a, struct conf_report *rep, bool error,
    const struct conf_place *p, const char *hint, const char *fmt, ...)
{
	struct conf_talk t = { .arena = a, .rep = rep };
	char what[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	say(&t, error ? CONF_ERROR : CONF_WARNING, p, hint, what);
}

void
conf_say_rest(struct conf_talk *t)
{
	int rest = 0;

	if (t->rep->errors > CONF_ERRORS_SHOWN)
		rest += t->rep->errors - CONF_ERRORS_SHOWN;
	if (t->rep->warnings > CONF_ERRORS_SHOWN)
		rest += t->rep->warnings - CONF_ERRORS_SHOWN;
	if (rest > 0 && t->rep->text != NULL)
		buf_printf(t->rep->text, "... and %d more\n", rest);
}

void
conf_summary(struct buf *out, const char *path, const struct conf_report *rep)
{
	buf_printf(out,
	    "%s: %d error%s, %d warning%s. The running daemon %s.\n", path,
	    rep->errors, rep->errors == 1 ? "" : "s", rep->warnings,
	    rep->warnings == 1 ? "" : "s",
	    rep->errors > 0 ? "keeps its old configuration"
			    : "takes it at its next reload");
}

const char *
conf_where(struct conf_talk *t, const struct conf_place *p)
{
	return arena_printf(t->arena, "%s:%d", p->file->path, p->line);
}

void
conf_guess_init(struct conf_guess *g, const char *word)
{
	size_t n = strlen(word);

	*g = (struct conf_guess){ .word = word };
	g->distance = (n <= 3 ? 1 : n <= 6 ? 2 : 3) + 1;
}

void
conf_guess_offer(struct conf_guess *g, const char *candidate)
{
	int d = near_distance(g->word, candidate);

	/* Of a word of one letter nothing would be left. */
	if (d < g->distance && g->word[0] != '\0' && g->word[1] != '\0') {
		g->distance = d;
		g->best = candidate;
	}
}

const char *
conf_guess_hint(
    struct conf_talk *t, const struct conf_guess *g, const char *otherwise)
{
	if (g->best == NULL)
		return otherwise;
	return arena_printf(t->arena, "did you mean '%s'?", g->best);
}
