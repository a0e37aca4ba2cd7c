#ifndef PARSER_NFC_H
#define PARSER_NFC_H

#include "parser/arena.h"

/*
 * Normalization Form C (UAX 15), so that text that looks the same is the same:
 * file names of one system and words of one phone come taken apart.  s is valid
 * UTF-8; given back as it is when it needs nothing, which is nearly always.
 * More than 30 marks on one letter are not sorted.
 */
char *utf8_nfc(struct arena *a, char *s);

#endif
