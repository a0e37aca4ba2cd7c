/*
 * Times as people write them.  Small readers, each of which takes a piece from
 * the front or leaves it; a piece ends where a word ends, so that "monitor" is
 * no Monday.  Days and weeks are counted by the wall clock, hours are not.
 */
#include "rules/moment.h"

#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/utf8.h"
#include "rules/moment_words.h"

#define MORNING      (8 * 60)
#define WORD_MAX     24 /* bytes of the longest word that means something */
#define COUNT_DIGITS 3  /* of a duration: "999 days" */

struct moment {
	const char *p;
	const struct zone *zone;
	int64_t now;
	struct civil today;
	struct civil day; /* what was read */
	bool has_day, has_time;
	int minute;
	int64_t months, days, seconds; /* a duration */
};

/* Characters. */

static void
blanks(struct moment *m)
{
	while (ascii_blank(*m->p))
		m->p++;
}

/* Does a piece end here?  "fri." and "fri," do, "fri's" and "3.5" do not. */
static bool
ends(const char *p)
{
	if (*p == '.')
		p++;
	return *p == '\0' || ascii_blank(*p) || strchr(",;:!?)", *p) != NULL;
}

static bool
is_letter(const char *p)
{
	return ascii_alpha(*p) || (unsigned char)*p >= 0xc2;
}

/* The word at p, folded; where it ends. */
static const char *
word_at(const char *p, char out[WORD_MAX])
{
	const char *end = p + strnlen(p, (size_t)WORD_MAX * 4);
	size_t n = 0;

	while (p < end && n + 5 < WORD_MAX) {
		bool joint = (*p == '-' || *p == '\'') && n > 0 &&
		    is_letter(p + 1);

		if (!is_letter(p) && !joint)
			break;
		n += utf8_fold_char(out + n, utf8_next(&p, end));
	}
	out[n] = '\0';
	return p;
}

/* Takes a word of that kind that ends with a piece, and its abbreviation dot.
 */
static bool
take_word(struct moment *m, enum moment_word kind, int *value)
{
	const char *from = m->p, *p;
	char word[WORD_MAX];

	while (ascii_blank(*from))
		from++;
	p = word_at(from, word);
	if (p == from || !ends(p) || !moment_word(kind, word, value))
		return false;
	m->p = p + (*p == '.' && p - from <= 4);
	return true;
}

static bool
take_number(struct moment *m, int digits, int *value)
{
	const char *p = m->p;
	int v = 0, n = 0;

	for (; ascii_digit(*p) && n < digits; n++)
		v = v * 10 + (*p++ - '0');
	if (n == 0 || ascii_digit(*p))
		return false;
	m->p = p;
	*value = v;
	return true;
}

/* Durations: "3d", "2 Tage", "1h30m", "a week". */

static bool
take_unit(struct moment *m, int *unit)
{
	char word[WORD_MAX];
	const char *from, *p;

	blanks(m);
	from = m->p;
	p = word_at(from, word);
	if (p == from || !moment_word(MOMENT_UNIT, word, unit))
		return false;
	if (!ends(p) && !ascii_digit(*p))
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

	for (;; pieces++) {
		const char *back = m->p;

		blanks(m);
		if ((!take_number(m, COUNT_DIGITS, &n) &&
			!take_word(m, MOMENT_NUMBER, &n)) ||
		    !take_unit(m, &unit)) {
			m->p = back;
			break;
		}
		add_unit(m, n, unit);
	}
	if (pieces > 0 && ends(m->p))
		return true;
	m->p = from;
	m->months = m->days = m->seconds = 0;
	return false;
}

/* Times of the day. */

/* "am", "p.m." behind a time, or nothing. */
static bool
take_half(struct moment *m, int *hour)
{
	static const char *const dotted[] = { "a.m", "p.m" };
	const char *back = m->p;
	int half = -1;

	blanks(m);
	for (int i = 0; i < 2; i++)
		if (ascii_starts(m->p, dotted[i]) && ends(m->p + 3)) {
			half = i * 12;
			m->p += m->p[3] == '.' ? 4 : 3;
		}
	if (half < 0 && !take_word(m, MOMENT_HALF, &half)) {
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
		if (take_number(m, 2, minute) && m->p == back + 3 &&
		    *minute < 60)
			return true;
		m->p = back + 1;
		*minute = 0;
		if (ascii_lower(mark) == 'h' && ends(m->p))
			return true;
		m->p = back;
		return false;
	}
	blanks(m);
	if (ascii_lower(*m->p) == 'h' && ends(m->p + 1)) {
		m->p++;
		return true;
	}
	if (take_word(m, MOMENT_HOUR, &none)) {
		back = m->p;
		blanks(m);
		if (!take_number(m, 2, minute) || *minute > 59 || !ends(m->p)) {
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

	if (!take_number(m, 2, &hour))
		return false;
	sure = take_minutes(m, &minute);
	if (sure && *m->p == ':' && ascii_digit(m->p[1]))
		m->p += 1 + strspn(m->p + 1, "0123456789"); /* seconds */
	sure |= take_half(m, &hour);
	if (!(sure || at) || hour > 23 || !ends(m->p)) {
		m->p = back;
		return false;
	}
	m->minute = hour * 60 + minute;
	m->has_time = true;
	return true;
}

static bool
take_time(struct moment *m)
{
	const char *back = m->p;
	bool at = false;
	int value;

	if (*m->p == ',' || (m->has_day && ascii_lower(*m->p) == 't'))
		m->p++;
	blanks(m);
	while (take_word(m, MOMENT_AT, &value) ||
	    (m->has_day &&
		(take_word(m, MOMENT_FILLER, &value) ||
		    take_word(m, MOMENT_IN, &value))))
		at = true;
	blanks(m);
	if (*m->p == '@') {
		at = true;
		m->p++;
		blanks(m);
	}
	if (take_clock(m, at))
		return true;
	if (m->has_day && take_word(m, MOMENT_CLOCK, &m->minute)) {
		m->has_time = true;
		return true;
	}
	m->p = back;
	return false;
}

/* Days. */

static int
month_days(int year, int month)
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
		if (day <= month_days(year, month) &&
		    civil_days(year, month, day) >= days_of(&m->today))
			break;
	if (year < 1970 || day > month_days(year, month))
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

	if (take_number(m, 4, &y) && m->p == back + 4 && *m->p++ == '-' &&
	    take_number(m, 2, &mo) && *m->p++ == '-' && take_number(m, 2, &d) &&
	    (ends(m->p) || ascii_lower(*m->p) == 't') && set_date(m, y, mo, d))
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
	blanks(m);
	if (!take_number(m, 4, year) || m->p[-1] == ' ' || *year < 1970 ||
	    !ends(m->p)) {
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

	if (take_number(m, 2, &d) && (mark = *m->p) != '\0' &&
	    strchr("./-", mark) != NULL) {
		m->p++;
		blanks(m);
		if (take_number(m, 2, &mo)) {
			bool dot = *m->p == mark;

			m->p += dot;
			if (dot && !take_number(m, 4, &y))
				take_year(m, &y);
			if (mo > 12 && d <= 12 && mark == '/') {
				int swap = d;

				d = mo;
				mo = swap;
			}
			if ((dot || mark == '/' || (loose && mark == '.')) &&
			    (mark == '.' || !dot || y >= 0) &&
			    (y < 100 || y >= 1970) && ends(m->p) &&
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
	bool first = take_word(m, MOMENT_MONTH, &month);

	blanks(m);
	if (take_number(m, 2, &day)) {
		for (size_t i = 0; i < 5; i++)
			if (ascii_starts(m->p, ordinals[i]) && ends(m->p + 2)) {
				m->p += 2;
				break;
			}
		m->p += *m->p == '.';
		if (!first)
			take_word(m, MOMENT_FILLER, &none);
		if ((first || take_word(m, MOMENT_MONTH, &month)) &&
		    ends(m->p)) {
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
	if (take_time(&after))
		return true;
	blanks(&after);
	return *after.p == '\0' || strchr(",;)", *after.p) != NULL ||
	    m->p[-1] == '.';
}

static bool
take_weekday(struct moment *m)
{
	const char *back = m->p;
	int day, none;

	take_word(m, MOMENT_NEXT, &none);
	if (!take_word(m, MOMENT_WEEKDAY, &day) || !sure_weekday(m, back)) {
		m->p = back;
		return false;
	}
	day = (day - m->today.weekday + 7) % 7;
	set_ahead(m, day == 0 ? 7 : day);
	back = m->p;
	take_word(m, MOMENT_FILLER, &none); /* "el viernes que viene" */
	if (!take_word(m, MOMENT_NEXT, &none))
		m->p = back;
	return true;
}

/* "next week", "la semaine prochaine": its Monday; next month: the first. */
static bool
take_next(struct moment *m)
{
	const char *back = m->p;
	int unit, none;
	bool next = take_word(m, MOMENT_NEXT, &none);

	if (take_word(m, MOMENT_UNIT, &unit) && unit < MOMENT_A_DAY) {
		if (!next) {
			take_word(m, MOMENT_FILLER, &none);
			next = take_word(m, MOMENT_NEXT, &none);
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
		    ends(p + two[i].n)) {
			m->p = p + two[i].n;
			set_ahead(m, 2);
			return true;
		}
	}
	if (!take_word(m, MOMENT_DAY, &days))
		return false;
	set_ahead(m, days);
	return true;
}

static bool
take_day(struct moment *m, bool loose)
{
	blanks(m);
	return take_iso(m) || take_numbers(m, loose) || take_named(m) ||
	    take_relative(m) || take_weekday(m) || take_next(m);
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
	last = month_days(c.year, c.month);
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

	blanks(m);
	from = m->p;
	while (take_word(m, MOMENT_FILLER, &none))
		;
	(void)take_word(m, MOMENT_IN, &none);
	blanks(m);
	if (take_duration(m)) {
		*out = after_duration(m);
		return true;
	}
	day = take_day(m, false);
	if (!day) { /* "am" is a filler, and was none */
		m->p = from;
		day = take_day(m, false);
	}
	if (!day && take_time(m)) {
		const char *back = m->p;

		while (take_word(m, MOMENT_FILLER, &none))
			;
		if (!take_day(m, true))
			m->p = back;
	} else if (day || take_day(m, true)) {
		take_time(m);
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
