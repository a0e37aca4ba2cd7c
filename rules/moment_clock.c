/* Times of the day: "17:30", "9h", "9 Uhr 30", "at 9", "5 p.m.", "noon". */
#include <string.h>

#include "parser/ascii.h"
#include "rules/moment_private.h"

/* "am", "p.m." behind a time, or nothing. */
static bool
take_half(struct moment *m, int *hour)
{
	static const char *const dotted[] = { "a.m", "p.m" };
	const char *back = m->p;
	int half = -1;

	moment_blanks(m);
	for (int i = 0; i < 2; i++)
		if (ascii_starts(m->p, dotted[i]) && moment_ends(m->p + 3)) {
			half = i * 12;
			m->p += m->p[3] == '.' ? 4 : 3;
		}
	if (half < 0 && !moment_take(m, MOMENT_HALF, &half)) {
		m->p = back;
		return false;
	}
	if (*hour < 1 || *hour > 12) {
		m->p = back;
		return false;
	}
	*hour = *hour % 12 + half;
	return true;
}

/* Behind the hour: ":30", ".30", "h30", "h", " Uhr 30". */
static bool
take_minutes(struct moment *m, int *minute)
{
	const char *back = m->p;
	char mark = *m->p;
	int none;

	*minute = 0;
	if (mark == ':' || mark == '.' || ascii_lower(mark) == 'h') {
		m->p++;
		if (moment_number(m, 2, minute) && m->p == back + 3 &&
		    *minute < 60)
			return true;
		m->p = back + 1;
		*minute = 0;
		if (ascii_lower(mark) == 'h' && moment_ends(m->p))
			return true;
		m->p = back;
		return false;
	}
	moment_blanks(m);
	if (ascii_lower(*m->p) == 'h' && moment_ends(m->p + 1)) {
		m->p++;
		return true;
	}
	if (moment_take(m, MOMENT_HOUR, &none)) {
		back = m->p;
		moment_blanks(m);
		if (!moment_number(m, 2, minute) || *minute > 59 ||
		    !moment_ends(m->p)) {
			m->p = back;
			*minute = 0;
		}
		return true;
	}
	m->p = back;
	return false;
}

/* at: "at 9" needs no more than the hour. */
static bool
take_clock(struct moment *m, bool at)
{
	const char *back = m->p;
	int hour, minute;
	bool sure;

	if (!moment_number(m, 2, &hour))
		return false;
	sure = take_minutes(m, &minute);
	if (sure && *m->p == ':' && ascii_digit(m->p[1]))
		m->p += 1 + strspn(m->p + 1, "0123456789"); /* seconds */
	sure |= take_half(m, &hour);
	if (!(sure || at) || hour > 23 || !moment_ends(m->p)) {
		m->p = back;
		return false;
	}
	m->minute = hour * 60 + minute;
	m->has_time = true;
	return true;
}

bool
moment_time(struct moment *m)
{
	const char *back = m->p;
	bool at = false;
	int value;

	if (*m->p == ',' || (m->has_day && ascii_lower(*m->p) == 't'))
		m->p++;
	moment_blanks(m);
	while (moment_take(m, MOMENT_AT, &value) ||
	    (m->has_day &&
		(moment_take(m, MOMENT_FILLER, &value) ||
		    moment_take(m, MOMENT_IN, &value))))
		at = true;
	moment_blanks(m);
	if (*m->p == '@') {
		at = true;
		m->p++;
		moment_blanks(m);
	}
	if (take_clock(m, at))
		return true;
	if (m->has_day && moment_take(m, MOMENT_CLOCK, &m->minute)) {
		m->has_time = true;
		return true;
	}
	m->p = back;
	return false;
}
