/*
 * Names of months and zones as dates of mails have them.  They are only looked
 * up here; date.c decides what a word means.
 */
#include "parser/date_names.h"

#include <string.h>
#include <strings.h>

struct word {
	const char *text;
	int value;
};

/* English first; the others are what localised mail programs leave behind. */
static const struct word months[] = {
	{ "jan", 1 },
	{ "feb", 2 },
	{ "mar", 3 },
	{ "apr", 4 },
	{ "may", 5 },
	{ "jun", 6 },
	{ "jul", 7 },
	{ "aug", 8 },
	{ "sep", 9 },
	{ "oct", 10 },
	{ "nov", 11 },
	{ "dec", 12 },
	{ "mrz", 3 },
	{ "m\xc3\xa4r", 3 },
	{ "m\xe4r", 3 },
	{ "mrt", 3 },
	{ "mai", 5 },
	{ "mei", 5 },
	{ "okt", 10 },
	{ "dez", 12 },
	{ "f\xc3\xa9v", 2 },
	{ "fev", 2 },
	{ "avr", 4 },
	{ "juin", 6 },
	{ "juil", 7 },
	{ "ao\xc3\xbb", 8 },
	{ "aou", 8 },
	{ "d\xc3\xa9"
	  "c",
	    12 },
	{ "ene", 1 },
	{ "abr", 4 },
	{ "ago", 8 },
	{ "set", 9 },
	{ "dic", 12 },
	{ "gen", 1 },
	{ "mag", 5 },
	{ "giu", 6 },
	{ "lug", 7 },
	{ "ott", 10 },
	{ "out", 10 },
	{ "maj", 5 },
	{ "янв", 1 },
	{ "фев", 2 },
	{ "мар", 3 },
	{ "апр", 4 },
	{ "май", 5 },
	{ "мая", 5 },
	{ "июн", 6 },
	{ "июл", 7 },
	{ "авг", 8 },
	{ "сен", 9 },
	{ "окт", 10 },
	{ "ноя", 11 },
	{ "дек", 12 },
	{ "sty", 1 },
	{ "lut", 2 },
	{ "kwi", 4 },
	{ "cze", 6 },
	{ "lip", 7 },
	{ "sie", 8 },
	{ "wrz", 9 },
	{ "pa\xc5\xba", 10 },
	{ "lis", 11 },
	{ "gru", 12 },
	{ "oca", 1 },
	{ "\xc5\x9f"
	  "ub",
	    2 },
	{ "nis", 4 },
	{ "haz", 6 },
	{ "tem", 7 },
	{ "a\xc4\x9f"
	  "u",
	    8 },
	{ "eyl", 9 },
	{ "eki", 10 },
	{ "kas", 11 },
	{ "ara", 12 },
};

/* RFC 5322 4.3, and a few that are seen; the military letters mean nothing. */
static const struct word zones[] = {
	{ "ut", 0 },
	{ "utc", 0 },
	{ "gmt", 0 },
	{ "z", 0 },
	{ "est", -300 },
	{ "edt", -240 },
	{ "cst", -360 },
	{ "cdt", -300 },
	{ "mst", -420 },
	{ "mdt", -360 },
	{ "pst", -480 },
	{ "pdt", -420 },
	{ "met", 60 },
	{ "cet", 60 },
	{ "mest", 120 },
	{ "cest", 120 },
	{ "bst", 60 },
	{ "wet", 0 },
	{ "eet", 120 },
	{ "eest", 180 },
	{ "msk", 180 },
	{ "jst", 540 },
	{ "kst", 540 },
	{ "hkt", 480 },
	{ "sgt", 480 },
	{ "awst", 480 },
	{ "aest", 600 },
	{ "aedt", 660 },
	{ "nzst", 720 },
	{ "nzdt", 780 },
	{ "sast", 120 },
	{ "brt", -180 },
	{ "hst", -600 },
	{ "akst", -540 },
	{ "akdt", -480 },
	{ "west", 60 },
	{ "wast", 120 },
};

int
date_month(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof(months) / sizeof(*months); i++) {
		size_t k = strlen(months[i].text);

		if (n >= k && strncasecmp(s, months[i].text, k) == 0)
			return months[i].value;
	}
	return 0;
}

bool
date_zone(const char *s, size_t n, int *minutes)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++)
		if (n == strlen(zones[i].text) &&
		    strncasecmp(s, zones[i].text, n) == 0) {
			*minutes = zones[i].value;
			return true;
		}
	return false;
}
