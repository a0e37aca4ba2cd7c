#ifndef RULES_CONFIRM_H
#define RULES_CONFIRM_H

#include <stdbool.h>

#include "parser/arena.h"

/*
 * Is this text nothing but a short yes or thanks?  Such an answer to a resolved
 * ticket closes it; anything more opens it again (DESIGN 8).  When unsure: no.
 */
bool confirm_only(struct arena *a, const char *text);

#endif
