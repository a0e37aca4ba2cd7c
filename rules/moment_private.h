#ifndef RULES_MOMENT_PRIVATE_H
#define RULES_MOMENT_PRIVATE_H

#include "rules/moment.h"
#include "rules/moment_words.h"

/*
 * Only for moment_*.c: a place in a text and what was read up to it.  A reader
 * takes a piece from the front, or leaves the place where it is and says false.
 */
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

/* moment_piece.c */
void moment_blanks(struct moment *m);
/* Does a piece end here?  "fri." and "fri," do, "fri's" and "3.5" do not. */
bool moment_ends(const char *p);
/* The word at p, folded; where it ends. */
#define MOMENT_WORD_MAX 24 /* bytes; longer ones mean nothing */
const char *moment_word_at(const char *p, char out[MOMENT_WORD_MAX]);
/* A word of that kind that ends with a piece, and its abbreviation dot. */
bool moment_take(struct moment *m, enum moment_word kind, int *value);
bool moment_number(struct moment *m, int digits, int *value);

/* moment_clock.c: "17.30", "at 9", "noon" behind a day. */
bool moment_time(struct moment *m);

/* moment_day.c: loose reads "10.12", which may be a time, as a day. */
bool moment_day(struct moment *m, bool loose);
int moment_month_days(int year, int month);

#endif
