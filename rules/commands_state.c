/* Commands that say how a ticket stands: resolved, waiting, on hold, spam. */
#include <string.h>

#include "parser/ascii.h"
#include "parser/utf8.h"
#include "rules/commands_private.h"
#include "rules/moment.h"
#include "rules/moment_words.h"

#define SPENT_MAX INT64_C(86400) /* a day */

static void
end_as(struct steering *x, enum status s)
{
	struct commands_answer *out = x->out;

	if (!commands_claim(x, CLAIM_STATUS))
		return;
	out->status_set = out->ends = true;
	if (x->t.status == s) {
		commands_done(x, DONE_STATUS_ALREADY,
		    phrase_status(x->ask->language, s), NULL);
		return;
	}
	*(s == STATUS_RESOLVED ? &out->resolved : &out->closed) = true;
	commands_status(x, s);
	commands_line(x, phrase_status(x->ask->language, s));
}

void
commands_resolve(struct steering *x)
{
	end_as(x, STATUS_RESOLVED);
}

void
commands_close(struct steering *x)
{
	end_as(x, STATUS_CLOSED);
}

void
commands_note(struct steering *x)
{
	const char *text = x->now->value;

	x->out->note = true;
	if (*text == '\0')
		return;
	x->out->note_text = x->out->note_text == NULL
	    ? text
	    : arena_printf(x->arena, "%s\n%s", x->out->note_text, text);
}

/* A field of moments; 0 takes back what an earlier command said. */
static void
set_moment(
    struct steering *x, enum change_kind kind, int64_t *field, int64_t when)
{
	if (*field == when)
		return;
	commands_change(x, kind, when, NULL);
	*field = when;
}

/* The whole of s is a time, and to come. */
static bool
whole_moment(struct steering *x, const char *s, int64_t *out)
{
	size_t used = 0;

	if (!moment_read(s, x->ask->zone, x->ask->now, out, &used) ||
	    s[used + strspn(s + used, " .,;:")] != '\0') {
		commands_problem(x, PHRASE_WHEN, s, NULL);
		return false;
	}
	if (*out <= x->ask->now) {
		commands_problem_at(x, PHRASE_OVER, s, *out);
		return false;
	}
	return true;
}

/* "nudge" and "close" of #wait. */
struct waiting {
	const char *text[3]; /* until, nudge, close */
	int64_t when[3];
};

static int
wait_part(struct arena *a, const char *word)
{
	static const char *const parts[] = { "nudge remind erinnern relancer "
					     "rappel recordar",
		"close end schliessen fermer cerrar" };
	const char *folded = utf8_fold(a, word);
	size_t n = strlen(folded);

	for (int i = 0; i < 2; i++)
		for (const char *p = parts[i]; *p != '\0';) {
			size_t k = strcspn(p, " ");

			if (k == n && memcmp(p, folded, k) == 0)
				return i + 1;
			p += k + (p[k] == ' ');
		}
	return -1;
}

/* "3d nudge 2d close 7d" into its three. */
static bool
cut_waiting(struct steering *x, struct waiting *w)
{
	const char *s = x->now->value;
	int part = 0;

	w->text[0] = "";
	while (*(s += strspn(s, " ")) != '\0') {
		size_t n = strcspn(s, " ");
		const char *word = arena_strndup(x->arena, s, n);
		int next = wait_part(x->arena, word);

		s += n;
		if (next > 0) {
			part = next;
			if (w->text[part] != NULL) {
				commands_problem(x, PHRASE_TWICE,
				    command_names[COMMAND_WAIT], NULL);
				return false;
			}
			w->text[part] = "";
		} else {
			w->text[part] = arena_printf(x->arena, "%s%s%s",
			    w->text[part], *w->text[part] == '\0' ? "" : " ",
			    word);
		}
	}
	return true;
}

static void
say_waiting(struct steering *x, const struct waiting *w)
{
	static const enum phrase more[] = { DONE_UNTIL, DONE_NUDGE, DONE_END };
	const char *line = phrase_status(x->ask->language, STATUS_WAITING);

	if (w->when[0] != 0)
		line = commands_words(
		    x, DONE_UNTIL, line, commands_time(x, w->when[0]));
	for (int i = 1; i < 3; i++)
		if (w->when[i] != 0)
			line = arena_printf(x->arena, "%s, %s", line,
			    commands_words(x, more[i],
				commands_time(x, w->when[i]), NULL));
	commands_line(x, line);
}

void
commands_wait(struct steering *x)
{
	struct waiting w = { .when = { 0 } };

	if (!commands_claim(x, CLAIM_STATUS) || !cut_waiting(x, &w))
		return;
	for (int i = 0; i < 3; i++)
		if (w.text[i] != NULL && (i > 0 || *w.text[i] != '\0') &&
		    !whole_moment(x, w.text[i], &w.when[i]))
			return;
	if (w.when[1] != 0 && w.when[2] != 0 && w.when[2] <= w.when[1]) {
		commands_problem(x, PHRASE_ORDER, NULL, NULL);
		return;
	}
	x->out->status_set = true;
	x->out->hidden |= x->t.status == STATUS_RESOLVED ||
	    x->t.status == STATUS_CLOSED;
	commands_status(x, STATUS_WAITING);
	set_moment(x, CHANGE_UNTIL, &x->t.until, w.when[0]);
	set_moment(x, CHANGE_NUDGE, &x->t.nudge, w.when[1]);
	set_moment(x, CHANGE_END, &x->t.end, w.when[2]);
	say_waiting(x, &w);
}

static void
say_hold(struct steering *x, int64_t until, const char *why)
{
	const char *line = phrase_status(x->ask->language, STATUS_ON_HOLD);

	if (until != 0)
		line = commands_words(
		    x, DONE_UNTIL, line, commands_time(x, until));
	if (*why != '\0')
		line = arena_printf(x->arena, "%s: %s", line, why);
	commands_line(x, line);
}

/* A time, if one stands there, then the reason, which the why keeps. */
void
commands_hold(struct steering *x)
{
	const char *s = x->now->value;
	int64_t until = 0;
	size_t used = 0;

	if (!commands_claim(x, CLAIM_STATUS))
		return;
	if (moment_read(s, x->ask->zone, x->ask->now, &until, &used) &&
	    until <= x->ask->now) {
		commands_problem_at(
		    x, PHRASE_OVER, arena_strndup(x->arena, s, used), until);
		return;
	}
	s += used + strspn(s + used, " ,;:-");
	x->out->status_set = true;
	x->out->hidden |= x->t.status == STATUS_RESOLVED ||
	    x->t.status == STATUS_CLOSED;
	commands_status(x, STATUS_ON_HOLD);
	set_moment(x, CHANGE_UNTIL, &x->t.until, until);
	set_moment(x, CHANGE_NUDGE, &x->t.nudge, 0);
	set_moment(x, CHANGE_END, &x->t.end, 0);
	say_hold(x, until, s);
}

void
commands_open_again(struct steering *x)
{
	if (!commands_claim(x, CLAIM_STATUS))
		return;
	x->out->status_set = true;
	if (x->t.status == STATUS_RESOLVED || x->t.status == STATUS_CLOSED)
		commands_reopen(x);
	else
		commands_done(x, DONE_NOT_OVER,
		    phrase_status(x->ask->language, x->t.status), NULL);
}

void
commands_spam(struct steering *x)
{
	if (!commands_claim(x, CLAIM_STATUS))
		return;
	x->out->spam = x->out->status_set = x->out->hidden = true;
	commands_change(x, CHANGE_TAG, 0, "spam");
	commands_status(x, STATUS_CLOSED);
	commands_done(x, DONE_SPAM, NULL, NULL);
}

/* "20m", "1h30m", "1.5 h", "1:30", "90": minutes. */

static bool
spent_number(const char **s, int64_t *thousandths)
{
	int64_t v = 0, part = 1000;
	const char *p = *s;

	if (!ascii_digit(*p))
		return false;
	for (; ascii_digit(*p) && v < 100000; p++)
		v = v * 10 + (*p - '0');
	v *= 1000;
	if ((*p == '.' || *p == ',') && ascii_digit(p[1]))
		for (p++; ascii_digit(*p); p++)
			v += (*p - '0') * (part /= 10);
	*s = p;
	*thousandths = v;
	return true;
}

/* The seconds of the unit at *s; 0: it is none. */
static int
spent_unit(struct arena *a, const char **s)
{
	const char *p = *s + strspn(*s, " ");
	size_t n = strcspn(p, " 0123456789.,:");
	const char *word = utf8_fold(a, arena_strndup(a, p, n));
	int unit = 0;

	if (n == 0 || !moment_word(MOMENT_UNIT, word, &unit) || unit < 0)
		return 0;
	*s = p + n;
	return unit;
}

/* 0: it is no time. */
static int64_t
spent_seconds(struct arena *a, const char *s)
{
	int64_t sum = 0, v, last = 0;

	for (s += strspn(s, " "); *s != '\0'; s += strspn(s, " .,")) {
		int unit;

		if (!spent_number(&s, &v))
			return 0;
		if (last == 0 && *s == ':' && ascii_digit(s[1])) {
			unit = 3600;
			s++;
		} else {
			unit = spent_unit(a, &s);
		}
		if (unit == 0 && (last == 3600 || last == 0) &&
		    s[strspn(s, " .,")] == '\0')
			unit = 60; /* "90", "1h30", "1:30" */
		if (unit == 0 || unit == last)
			return 0;
		last = unit;
		sum += v * unit / 1000;
		if (sum > SPENT_MAX)
			return 0;
	}
	return sum;
}

void
commands_spent(struct steering *x)
{
	int64_t seconds = spent_seconds(x->arena, x->now->value);

	if (seconds == 0) {
		commands_problem(x, PHRASE_SPENT, x->now->value, NULL);
		return;
	}
	commands_change(x, CHANGE_TIME, seconds, NULL);
	commands_done(x, DONE_TIME,
	    arena_printf(x->arena, "%lld", (long long)(seconds + 30) / 60),
	    NULL);
}

void
commands_undo(struct steering *x)
{
	x->out->undo = x->out->hidden = true;
}
