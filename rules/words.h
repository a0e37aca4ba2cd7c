#ifndef RULES_WORDS_H
#define RULES_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"

/*
 * Word lists: which of many phrases stand in a text, as whole words, case and
 * accents folded.  All phrases of all rules go into one index, so a text is
 * read once, however many rules ask for words.  A word is a run of letters and
 * digits; each Han, kana, Thai or Hangul character is one by itself, because
 * these scripts put no blanks between words.  "remote access" matches across
 * any run of blanks and punctuation of at most WORDS_GAP_MAX characters.
 */
#define WORDS_GAP_MAX    8
#define PHRASE_WORDS_MAX 8 /* words of one phrase */

struct words;

struct words *words_new(struct arena *a);

/* The number of a phrase, the same for what is folded the same; -1: it has no
 * word at all, or more than PHRASE_WORDS_MAX. */
int words_add(struct words *w, const char *phrase);
size_t words_count(const struct words *w);

/* Where a phrase was found: bytes of the text; length 0: it was not. */
struct words_place {
	uint32_t at, length;
};

/* The first place of each phrase; places has words_count() elements and is
 * cleared first.  Linear in n. */
void words_find(const struct words *w, const char *text, size_t n,
    struct words_place *places);

/* Do the two phrases share a whole word list, i.e. does each text with phrase b
 * hold phrase a too? */
bool words_covers(const struct words *w, int a, int b);

#endif
