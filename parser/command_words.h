#ifndef PARSER_COMMAND_WORDS_H
#define PARSER_COMMAND_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/command.h"

/* Only for command_line.c: the table of the words, and words already folded. */

/* How a value is read. */
bool command_raw(enum command_word w); /* as it was written: it is a text */
bool command_only_top(enum command_word w); /* of links: nowhere else */

enum command_word command_folded(const char *word);
/* Known words of fewer bytes than `shortest` are near to none. */
size_t command_near_folded(
    const char *word, size_t shortest, enum command_word out[3]);

#endif
