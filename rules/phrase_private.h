#ifndef RULES_PHRASE_PRIVATE_H
#define RULES_PHRASE_PRIVATE_H

#include <stddef.h>

#include "rules/phrase.h"

/* Only for phrase*.c: the tables. */
struct phrase_row {
	enum phrase id;
	const char *text[PHRASE_LANGUAGES]; /* en de fr es */
};

extern const struct phrase_row phrase_problems[], phrase_dones[],
    phrase_words[], phrase_whys[];
extern const size_t phrase_problems_n, phrase_dones_n, phrase_words_n,
    phrase_whys_n;

#endif
