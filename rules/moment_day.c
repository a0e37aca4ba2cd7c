/* Days: dates, days of the week, "tomorrow", "next week". */
#include <string.h>

#include "parser/ascii.h"
#include "rules/moment_private.h"

int
moment_month_days(int year, int month)
{
	int next = month == 12 ? 1 : month + 1;

	return (int)(civil_days(month == 12 ? year + 1 : year, next, 1) -
	    civil_days(year, month, 1));
}

static int64_t
days_of(const struct civil *c)
{
	return civil_days(c->year, c->month, c->day);
}

/* year < 0: the next such day. */
static bool
set_date(struct moment *m, int year, int month, int day)
{
	bool any = year < 0;

	if (any)
		year = m->today.year;
	else if (year < 100)
		year += 2000;
	if (month < 1 || month > 12 || day < 1)
		return false;
	/* The next one of 29 February may be eight years away. */
	for (int tries = 0; any && tries < 9; tries++, year++)
		if (day <= moment_month_days(year, month) &&
		    civil_days(year, month, day) >= days_of(&m->today))
			break;
	if (year < 1970 || day > moment_month_days(year, month))
		return false;
	m->day = (struct civil){ .year = year, .month = month, .day = day };
	m->has_day = true;
	return true;
}

static void
set_ahead(struct moment *m, int days)
{
	m->day = m->today;
	m->day.day += days;
	m->has_day = true;
}

/* "2026-08-10" */
static bool
take_iso(struct moment *m)
{
	const char *back = m->p;
	int y, mo, d;

	if (moment_number(m, 4, &y) && m->p == back + 4 && *m->p++ == '-' &&
	    moment_number(m, 2, &mo) && *m->p++ == '-' &&
	    moment_number(m, 2, &d) &&
	    (moment_ends(m->p) || ascii_lower(*m->p) == 't') &&
	    set_date(m, y, mo, d))
		return true;
	m->p = back;
	return false;
}

static void
take_year(struct moment *m, int *year)
{
	const char *back = m->p;

	if (*m->p == ',')
		m->p++;
	moment_blanks(m);
	if (!moment_number(m, 4, year) || m->p[-1] == ' ' || *year < 1970 ||
	    !moment_ends(m->p)) {
		m->p = back;
		*year = -1;
	}
}

/* "10.8.", "10.8.2026", "10/8", "8/25" where nothing else can be meant.
 * "10.12" without a last dot may be a time: loose reads it all the same. */
static bool
take_numbers(struct moment *m, bool loose)
{
	const char *back = m->p;
	int d, mo, y = -1;
	char mark;

	if (moment_number(m, 2, &d) && (mark = *m->p) != '\0' &&
	    strchr("./-", mark) != NULL) {
		m->p++;
		moment_blanks(m);
		if (moment_number(m, 2, &mo)) {
			bool dot = *m->p == mark;

			m->p += dot;
			if (dot && !moment_number(m, 4, &y))
				take_year(m, &y);
			if (mo > 12 && d <= 12 && mark == '/') {
				int swap = d;

				d = mo;
				mo = swap;
			}
			if ((dot || mark == '/' || (loose && mark == '.')) &&
			    (mark == '.' || !dot || y >= 0) &&
			    (y < 100 || y >= 1970) && moment_ends(m->p) &&
			    set_date(m, y, mo, d))
				return true;
		}
	}
	m->p = back;
	return false;
}

/* "10 August", "10. August 2026", "10 de agosto", "August 10", "10th May". */
static bool
take_named(struct moment *m)
{
	static const char *const ordinals[] = { "st", "nd", "rd", "th", "er" };
	const char *back = m->p;
	int day, month, year = -1, none;
	bool first = moment_take(m, MOMENT_MONTH, &month);

	moment_blanks(m);
	if (moment_number(m, 2, &day)) {
		for (size_t i = 0; i < 5; i++)
			if (ascii_starts(m->p, ordinals[i]) &&
			    moment_ends(m->p + 2)) {
				m->p += 2;
				break;
			}
		m->p += *m->p == '.';
		if (!first)
			moment_take(m, MOMENT_FILLER, &none);
		if ((first || moment_take(m, MOMENT_MONTH, &month)) &&
		    moment_ends(m->p)) {
			take_year(m, &year);
			if (set_date(m, year, month, day))
				return true;
		}
	}
	m->p = back;
	return false;
}

/* Two letters may be any word: "so", "do", "mi".  They are a day when nothing
 * but a time follows. */
static bool
sure_weekday(const struct moment *m, const char *from)
{
	struct moment after = *m;

	from += strspn(from, " \t");
	if (m->p - from > 2 + (m->p[-1] == '.'))
		return true;
	after.has_day = true;
	if (moment_time(&after))
		return true;
	moment_blanks(&after);
	return *after.p == '\0' || strchr(",;)", *after.p) != NULL ||
	    m->p[-1] == '.';
}

static bool
take_weekday(struct moment *m)
{
	const char *back = m->p;
	int day, none;

	moment_take(m, MOMENT_NEXT, &none);
	if (!moment_take(m, MOMENT_WEEKDAY, &day) || !sure_weekday(m, back)) {
		m->p = back;
		return false;
	}
	day = (day - m->today.weekday + 7) % 7;
	set_ahead(m, day == 0 ? 7 : day);
	back = m->p;
	moment_take(m, MOMENT_FILLER, &none); /* "el viernes que viene" */
	if (!moment_take(m, MOMENT_NEXT, &none))
		m->p = back;
	return true;
}

/* "next week", "la semaine prochaine": its Monday; next month: the first. */
static bool
take_next(struct moment *m)
{
	const char *back = m->p;
	int unit, none;
	bool next = moment_take(m, MOMENT_NEXT, &none);

	if (moment_take(m, MOMENT_UNIT, &unit) && unit < MOMENT_A_DAY) {
		if (!next) {
			moment_take(m, MOMENT_FILLER, &none);
			next = moment_take(m, MOMENT_NEXT, &none);
		}
		if (next && unit == MOMENT_A_WEEK)
			set_ahead(m, 7 - m->today.weekday);
		else if (next && m->today.month == 12)
			set_date(m, m->today.year + 1, 1, 1);
		else if (next)
			set_date(m, m->today.year, m->today.month + 1, 1);
		if (next)
			return true;
	}
	m->p = back;
	return false;
}

static bool
take_relative(struct moment *m)
{
	static const struct {
		const char *words;
		size_t n;
	} two[] = { { "day after tomorrow", 18 }, { "pasado manana", 13 },
		{ "pasado ma\xc3\xb1"
		  "ana",
		    14 } };
	int days;

	for (size_t i = 0; i < sizeof(two) / sizeof(*two); i++) {
		const char *p = m->p + strspn(m->p, " \t");

		if (strncasecmp(p, two[i].words, two[i].n) == 0 &&
		    moment_ends(p + two[i].n)) {
			m->p = p + two[i].n;
			set_ahead(m, 2);
			return true;
		}
	}
	if (!moment_take(m, MOMENT_DAY, &days))
		return false;
	set_ahead(m, days);
	return true;
}

bool
moment_day(struct moment *m, bool loose)
{
	moment_blanks(m);
	return take_iso(m) || take_numbers(m, loose) || take_named(m) ||
	    take_relative(m) || take_weekday(m) || take_next(m);
}
