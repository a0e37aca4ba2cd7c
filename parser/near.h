#ifndef PARSER_NEAR_H
#define PARSER_NEAR_H

#include <stddef.h>

/*
 * "did you mean": how far apart two words are, in letters changed, added, lost
 * or swapped with their neighbour.  99: too long to compare.
 */
int near_distance(const char *a, const char *b);

/* The word of a NULL-terminated list that was probably meant; NULL: none is
 * near enough (two steps, one for words of up to three letters). */
const char *near_word(const char *word, const char *const *list);

#endif
