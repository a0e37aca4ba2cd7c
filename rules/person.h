#ifndef RULES_PERSON_H
#define RULES_PERSON_H

#include "parser/arena.h"

/*
 * What to call somebody, from the display name of a mail: "Gomez, Maria" and
 * "Dr. Maria Gomez (IT)" are Maria Gomez, Maria.  A display name is hostile
 * text that a greeting would repeat to whoever stands in From, so only what
 * looks like a person's name is one; an address, a link, a company or a team is
 * not.  Both give "" when unsure: templates then greet without a name.
 */
char *person_name(struct arena *a, const char *shown);
char *person_first_name(struct arena *a, const char *shown);

#endif
