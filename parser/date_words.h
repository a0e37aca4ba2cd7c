#ifndef PARSER_DATE_WORDS_H
#define PARSER_DATE_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/arena.h"

/*
 * A date as mail programs write it for people, in many languages: "Sonntag,
 * 22. November 2026 21:15", "22/11/2026 21:15", "2026年11月22日 21:15".  zone
 * (minutes) is meant where the text names none.  false: nothing sure, as of
 * "3/4/2026", which two halves of the world read differently.
 */
bool date_words(struct arena *a, const char *text, int zone, int64_t *when);

#endif
