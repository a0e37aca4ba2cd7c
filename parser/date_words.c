/*
 * Dates made for people.  See date_words.h.  What is found is written as RFC
 * 3339 and read by date_parse(), which knows what a day is.
 */
#include "parser/date_words.h"

#include <stdio.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/date.h"
#include "parser/utf8.h"

#define TEXT_LOOKED_AT 120 /* bytes */

/* How the names of a month begin, folded; the longer ones first. */
static const char *const months[12] = {
	"jan ene gen sty led янв січ ιαν tam oca ian јан",
	"feb fev lut uno фев лют φεβ hel sub",
	"mar mrz mrt bre бер μαρ maa мар",
	"apr avr abr kwi dub апр кві απρ huh nis",
	"may mai mei maj mag kve май мая мај тра μαι tou",
	"juin jun giu cze cer июн јун чер ιουν kes haz",
	"juil jul lug lip cervenec cervence июл јул лип ιουλ hei tem",
	"aug aou ago agu sie srp авг сер αυγ elo",
	"sep set wrz zar сен сеп вер σεπ syy eyl",
	"oct okt ott out paz rij окт жов οκτ lok eki",
	"nov noi lis ноя нов лис νοε marras kas",
	"dec dez dic des gru pro дек гру δεκ jou ara",
};

struct found {
	int year, month, day; /* 0: not seen */
	int hour, minute, second;
	bool has_time, pm, am, odd;
};

/* The month of a word of n bytes; the longest beginning that fits. */
static int
month_of(const char *s, size_t n)
{
	size_t best = 0;
	int month = 0;

	for (int i = 0; i < 12; i++)
		for (const char *p = months[i]; *p != '\0';) {
			size_t k = strcspn(p, " ");

			if (k <= n && k > best && strncmp(s, p, k) == 0) {
				best = k;
				month = i + 1;
			}
			p += k + (p[k] == ' ');
		}
	return month;
}

static bool
starts_one_of(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strncmp(s, list[i], strlen(list[i])) == 0)
			return true;
	return false;
}
#define STARTS(s, list) starts_one_of(s, list, sizeof(list) / sizeof(*(list)))

/* Up to four digits at *p. */
static int
number(const char **p, size_t *digits)
{
	int v = 0;

	for (*digits = 0; ascii_digit(**p) && *digits < 5; ++*p, ++*digits)
		v = v * 10 + (**p - '0');
	return v;
}

/* Behind a separator and perhaps a blank, when a digit follows; else NULL. */
static const char *
next_number(const char *s, char separator)
{
	if (*s != separator)
		return NULL;
	s++;
	s += *s == ' ';
	return ascii_digit(*s) ? s : NULL;
}

/* "22.11.2026", "2026-11-22", "11/22/2026": a is read, p at the separator.
 * false: it is no date. */
static bool
numeric(struct found *f, int a, size_t a_digits, const char **p)
{
	char separator = **p;
	const char *s = next_number(*p, separator);
	size_t b_digits, c_digits;
	int b, c;

	if (s == NULL || strchr("./-", separator) == NULL || f->day != 0)
		return false;
	b = number(&s, &b_digits);
	s = next_number(s, separator);
	if (s == NULL || b_digits > 2)
		return false;
	c = number(&s, &c_digits);
	*p = s;
	if (a_digits == 4) {
		f->year = a;
		f->month = b;
		f->day = c;
		return true;
	}
	f->year = c_digits == 2 ? c + 2000 : c;
	if (separator == '/' && a <= 12 && b > 12) {
		f->month = a;
		f->day = b;
		return true;
	}
	f->odd = separator == '/' && a <= 12 && a != b;
	f->day = a;
	f->month = b;
	return true;
}

/* "21:15:00", "21h15", and after a date "21.15": the hour is read. */
static bool
time_of_day(struct found *f, int hour, const char **p)
{
	const char *s = *p;
	size_t digits;

	if (f->has_time || strchr(f->day != 0 ? ":h." : ":h", *s) == NULL ||
	    *s == '\0' || !ascii_digit(s[1]) || !ascii_digit(s[2]))
		return false;
	s++;
	f->hour = hour;
	f->minute = number(&s, &digits);
	if (*s == ':' && ascii_digit(s[1])) {
		s++;
		f->second = number(&s, &digits);
	}
	f->has_time = true;
	*p = s;
	return true;
}

/* "2026年11月22日", "2026년 11월 22일" */
static bool
eastern(struct found *f, int v, const char *p)
{
	const struct {
		const char *mark;
		int *to;
	} marks[] = { { "年", &f->year }, { "년", &f->year },
		{ "月", &f->month }, { "월", &f->month }, { "日", &f->day },
		{ "일", &f->day } };

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (strncmp(p, marks[i].mark, strlen(marks[i].mark)) == 0) {
			*marks[i].to = v;
			return true;
		}
	return false;
}

static void
take_number(struct found *f, const char **p)
{
	size_t digits;
	int v = number(p, &digits);

	if (eastern(f, v, *p) || numeric(f, v, digits, p) ||
	    time_of_day(f, v, p))
		return;
	if (digits == 4 && f->year == 0)
		f->year = v;
	else if (digits <= 2 && f->day == 0)
		f->day = v;
}

static void
take_word(struct found *f, const char **p)
{
	static const char *const pm[] = { "pm", "p.m", "下午", "午後", "오후",
		"μμ", "μ.μ" };
	static const char *const am[] = { "am", "a.m", "上午", "午前", "오전",
		"πμ", "π.μ" };
	const char *s = *p;
	int month;

	f->pm |= STARTS(s, pm);
	f->am |= STARTS(s, am);
	while (ascii_alpha(**p) || (unsigned char)**p >= 0x80)
		++*p;
	month = f->year == 0 || f->month == 0 ? month_of(s, (size_t)(*p - s))
					      : 0;
	/* the last one before the year: "mar." is also a day of the week */
	if (month != 0)
		f->month = month;
}

/* " +0100", " +01:00", "GMT+1", "UTC": behind a blank or a letter, so that no
 * part of a date is taken for one. */
static bool
read_zone(const char *s, int *zone)
{
	bool found = ascii_find(s, "gmt") != NULL || ascii_find(s, "utc");

	*zone = 0;
	for (const char *p = s; *p != '\0'; p++) {
		size_t digits;
		const char *q = p + 1;
		int v;

		found |= *p == 'Z' && p > s && ascii_digit(p[-1]);
		if ((*p != '+' && *p != '-') || p == s || !ascii_digit(*q) ||
		    (p[-1] != ' ' && !ascii_alpha(p[-1])))
			continue;
		v = number(&q, &digits);
		if (digits <= 2 && *q == ':' && ascii_digit(q[1])) {
			q++;
			v = v * 60 + number(&q, &digits);
		} else {
			v = digits <= 2 ? v * 60 : v / 100 * 60 + v % 100;
		}
		if (v > 14 * 60)
			continue;
		*zone = *p == '-' ? -v : v;
		found = true;
	}
	return found;
}

static bool
read_words(const char *s, int64_t *when)
{
	struct found f = { 0 };
	char out[64];
	int zone;

	while (*s != '\0') {
		if (ascii_digit(*s))
			take_number(&f, &s);
		else if (ascii_alpha(*s) || (unsigned char)*s >= 0x80)
			take_word(&f, &s);
		else
			s++;
	}
	if (f.odd || f.year < 1970 || f.month == 0 || f.day == 0)
		return false;
	if (f.pm && f.hour < 12)
		f.hour += 12;
	if (f.am && f.hour == 12)
		f.hour = 0;
	snprintf(out, sizeof(out), "%04d-%02d-%02d %02d:%02d:%02d +0000",
	    f.year, f.month, f.day, f.hour, f.minute, f.second);
	return date_parse(out, strlen(out), when, &zone);
}

bool
date_words(struct arena *a, const char *text, int zone, int64_t *when)
{
	int64_t plain, v;
	int named = 0, told;
	bool is_plain, has_zone;

	text = utf8_line(a, text, TEXT_LOOKED_AT);
	is_plain = date_parse(text, strlen(text), &plain, &named);
	has_zone = read_zone(text, &told);
	if (has_zone)
		zone = told;
	else if (is_plain && named != 0) /* "CET" */
		zone = named;
	if (!read_words(utf8_fold(a, text), &v)) {
		if (!is_plain)
			return false;
		v = plain + named * INT64_C(60);
	}
	*when = v - zone * INT64_C(60);
	return true;
}
