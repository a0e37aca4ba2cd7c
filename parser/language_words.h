#ifndef PARSER_LANGUAGE_WORDS_H
#define PARSER_LANGUAGE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * For language.c: the languages of Latin letters, a bit each, by their most
 * common words and by letters that few of them write.
 */
#define LANGUAGES 25

/* Two letters (ISO 639-1) for each bit. */
extern const char language_codes[LANGUAGES][3];

/* Where the words of each letter begin: to be asked once a text. */
void language_letters(size_t from[28]);

/* Whose word the n bytes at s are, folded; 0: nobody's. */
unsigned language_word(const size_t from[28], const char *s, size_t n);

/* Who writes a small letter beyond ASCII; 0: nobody, or too many. */
unsigned language_letter(uint32_t c);

/* A script that belongs to few languages, told apart by their own letters.
 * NULL: Latin, or too little text. */
const char *language_script(const char *text);
/* Is it one that language_script() can give? */
bool language_of_script(const char *code, size_t n);

#endif
