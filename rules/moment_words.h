#ifndef RULES_MOMENT_WORDS_H
#define RULES_MOMENT_WORDS_H

#include <stdbool.h>

/* What a folded word means when times are read: for moment.c, and for times
 * that somebody worked. */
enum moment_word {
	MOMENT_DAY,     /* days from today */
	MOMENT_WEEKDAY, /* 0: Monday */
	MOMENT_MONTH,   /* 1 to 12 */
	MOMENT_UNIT,    /* of seconds, MOMENT_A_DAY.. are counted by the wall */
	MOMENT_NUMBER,
	MOMENT_CLOCK, /* minute of the day */
	MOMENT_HALF,  /* am, pm: hours to add */
	MOMENT_NEXT,  /* "next", before or behind */
	MOMENT_AT,    /* a time follows */
	MOMENT_HOUR,  /* "9 Uhr", "9 o'clock" */
	MOMENT_IN,    /* a duration follows */
	MOMENT_FILLER
};

enum {
	MOMENT_A_DAY = -1,
	MOMENT_A_WEEK = -7,
	MOMENT_A_MONTH = -30
};

/* Words differ by what is looked for: "morgen" is a day and a time. */
bool moment_word(enum moment_word kind, const char *folded, int *value);

#endif
