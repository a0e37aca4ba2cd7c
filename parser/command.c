/*
 * The lines of an agent's text that are for us (MAIL 7).  What only resembles a
 * command is asked about by the caller and never sent.  Promises that no line
 * is both, and none is lost.
 */
#include "parser/command.h"

#include <string.h>

#include "parser/command_line.h"
#include "parser/limits.h"

#define WRAP_FROM 72 /* columns at which mail programs wrap a text */
#define WRAP_TO   80

struct splitting {
	struct arena *arena;
	struct command_line *lines;
	size_t n;
	struct command_mail *out;
	size_t cap;
};

static void
cut_lines(struct splitting *x, const char *s)
{
	size_t cap = 0;

	while (*s != '\0') {
		size_t n = strcspn(s, "\n");

		x->lines = arena_grow(
		    x->arena, x->lines, x->n, &cap, sizeof(*x->lines));
		x->lines[x->n++] = (struct command_line){ s, n };
		s += n + (s[n] == '\n');
	}
}

static void
add(struct splitting *x, const struct command_look *l, size_t line)
{
	struct command_mail *out = x->out;

	out->list = arena_grow(
	    x->arena, out->list, out->n, &x->cap, sizeof(*out->list));
	out->list[out->n++] = command_made(x->arena, l, line + 1);
}

static void
set_middle(struct splitting *x, const struct command_look *l, size_t line)
{
	struct command c = command_made(x->arena, l, line + 1);

	x->out->middle = arena_memdup(x->arena, &c, sizeof(c));
}

/* Was the next line one with this before a mail program wrapped it?  Then its
 * first word had no room here. */
static bool
is_wrapped(struct splitting *x, size_t i)
{
	size_t had = command_columns(x->lines[i], false);
	struct command_look l;

	if (i + 1 == x->n || had > WRAP_TO || command_blank(x->lines[i + 1]) ||
	    had + 1 + command_columns(x->lines[i + 1], true) <= WRAP_FROM)
		return false;
	l = command_look(x->arena, x->lines[i + 1]);
	return l.marker == 0;
}

/* A reason is not for the requester, nor is the end of it that was wrapped: it
 * is taken back into the line.  Returns its last line.  All of a note stays
 * inside as it is. */
static size_t
unwrap(struct splitting *x, size_t i, struct command_look *l)
{
	enum command_word w = command_folded(l->key);
	struct command_line all = x->lines[i];
	size_t last = i;
	char *s;

	while (command_raw(w) && w != COMMAND_NOTE && is_wrapped(x, last))
		last++;
	if (last == i)
		return i;
	all.n = (size_t)(x->lines[last].s + x->lines[last].n - all.s);
	s = arena_strndup(x->arena, all.s, all.n);
	for (char *p = s; (p = strchr(p, '\n')) != NULL;)
		*p = ' ';
	all.s = s;
	*l = command_look(x->arena, all);
	return last;
}

/* Where the text begins.  Nobody writes hundreds of commands: then the mail is
 * held, as if one of them stood in the text. */
static size_t
read_top(struct splitting *x)
{
	size_t i = 0, last;

	for (; i < x->n; i++) {
		struct command_look l;

		if (command_blank(x->lines[i]))
			continue;
		l = command_look(x->arena, x->lines[i]);
		if (!command_in_top(&l))
			break;
		if (x->out->n == COMMANDS_MAX) {
			set_middle(x, &l, i);
			break;
		}
		last = unwrap(x, i, &l);
		add(x, &l, i);
		x->out->list[x->out->n - 1].lines = last - i + 1;
		i = last;
	}
	return i;
}

/* Where the text ends that begins at `from`. */
static size_t
read_bottom(struct splitting *x, size_t from)
{
	size_t end = x->n, i = x->n;

	while (i > from && x->n - i < (size_t)2 * COMMANDS_MAX) {
		if (!command_blank(x->lines[i - 1])) {
			struct command_look l = command_look(
			    x->arena, x->lines[i - 1]);

			if (!command_in_bottom(x->arena, &l))
				break;
			end = i - 1;
		}
		i--;
	}
	for (i = end; i < x->n; i++)
		if (!command_blank(x->lines[i])) {
			struct command_look l = command_look(
			    x->arena, x->lines[i]);

			add(x, &l, i);
		}
	return end;
}

static void
find_middle(struct splitting *x, size_t from, size_t end)
{
	for (size_t i = from; i < end && x->out->middle == NULL; i++) {
		struct command_look l = command_look(x->arena, x->lines[i]);

		if (command_known_below(x->arena, &l))
			set_middle(x, &l, i);
	}
}

void
command_split(struct arena *a, const char *own, struct command_mail *out)
{
	struct splitting x = { .arena = a, .out = out };
	size_t from, end;

	*out = (struct command_mail){ .text = "", .before = own };
	cut_lines(&x, own);
	from = read_top(&x);
	end = read_bottom(&x, from);
	find_middle(&x, from, end);
	while (end > from && command_blank(x.lines[end - 1]))
		end--;
	if (end > from)
		out->text = arena_strndup(a, x.lines[from].s,
		    (size_t)(x.lines[end - 1].s + x.lines[end - 1].n -
			x.lines[from].s));
}
