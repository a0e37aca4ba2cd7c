/*
 * Times as people write them.  Small readers, each of which takes a piece from
 * the front or leaves it; a piece ends where a word ends, so that "monitor" is
 * no Monday.  Days and weeks are counted by the wall clock, hours are not.
 */
#include "rules/moment.h"

#include "parser/ascii.h"
#include "rules/moment_private.h"

#define MORNING      (8 * 60)
#define COUNT_DIGITS 3 /* of a duration: "999 days" */
#define PIECES_MAX   4 /* "1w 2d 3h 4m" */

/* Durations: "3d", "2 Tage", "1h30m", "a week". */

static bool
take_unit(struct moment *m, int *unit)
{
	char word[MOMENT_WORD_MAX];
	const char *from, *p;

	moment_blanks(m);
	from = m->p;
	p = moment_word_at(from, word);
	if (p == from || !moment_word(MOMENT_UNIT, word, unit))
		return false;
	if (!moment_ends(p) && !ascii_digit(*p))
		return false;
	m->p = p;
	return true;
}

static void
add_unit(struct moment *m, int n, int unit)
{
	if (unit == MOMENT_A_MONTH)
		m->months += n;
	else if (unit < 0)
		m->days += (int64_t)n * -unit;
	else
		m->seconds += (int64_t)n * unit;
}

static bool
take_duration(struct moment *m)
{
	const char *from = m->p;
	int n, unit, pieces = 0;

	for (; pieces < PIECES_MAX; pieces++) {
		const char *back = m->p;

		moment_blanks(m);
		if ((!moment_number(m, COUNT_DIGITS, &n) &&
			!moment_take(m, MOMENT_NUMBER, &n)) ||
		    !take_unit(m, &unit)) {
			m->p = back;
			break;
		}
		add_unit(m, n, unit);
	}
	if (pieces > 0 && moment_ends(m->p))
		return true;
	m->p = from;
	m->months = m->days = m->seconds = 0;
	return false;
}

/* The whole. */

static int64_t
moment_of(const struct moment *m, struct civil c)
{
	c.minute = m->has_time ? m->minute : MORNING;
	c.second = 0;
	return zone_moment(m->zone, &c);
}

static int64_t
after_duration(const struct moment *m)
{
	struct civil c = m->today;
	int months = c.month - 1 + (int)m->months, last;

	if (m->months == 0 && m->days == 0)
		return m->now + m->seconds;
	c.year += months / 12;
	c.month = months % 12 + 1;
	last = moment_month_days(c.year, c.month);
	if (c.day > last)
		c.day = last;
	c.day += (int)m->days;
	return zone_moment(m->zone, &c) + m->seconds;
}

static bool
take_all(struct moment *m, int64_t *out)
{
	const char *from;
	bool day;
	int none;

	moment_blanks(m);
	from = m->p;
	while (moment_take(m, MOMENT_FILLER, &none))
		;
	(void)moment_take(m, MOMENT_IN, &none);
	moment_blanks(m);
	if (take_duration(m)) {
		*out = after_duration(m);
		return true;
	}
	day = moment_day(m, false);
	if (!day) { /* "am" is a filler, and was none */
		m->p = from;
		day = moment_day(m, false);
	}
	if (!day && moment_time(m)) {
		const char *back = m->p;

		while (moment_take(m, MOMENT_FILLER, &none))
			;
		if (!moment_day(m, true))
			m->p = back;
	} else if (day || moment_day(m, true)) {
		moment_time(m);
	}
	if (!m->has_day && !m->has_time)
		return false;
	*out = moment_of(m, m->has_day ? m->day : m->today);
	if (!m->has_day && *out <= m->now) {
		m->day = m->today;
		m->day.day++;
		*out = moment_of(m, m->day);
	}
	return true;
}

bool
moment_read(const char *s, const struct zone *z, int64_t now, int64_t *out,
    size_t *used)
{
	struct moment m = { .p = s, .zone = z, .now = now };
	int64_t when;

	m.today = zone_civil(z, now);
	if (!take_all(&m, &when))
		return false;
	*out = when;
	*used = (size_t)(m.p - s);
	return true;
}
