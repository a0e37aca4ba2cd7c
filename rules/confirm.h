#ifndef RULES_CONFIRM_H
#define RULES_CONFIRM_H

#include <stdbool.h>

#include "parser/arena.h"
#include "parser/mail.h"

/*
 * Is this text nothing but a short yes or thanks?  Such an answer to a resolved
 * ticket closes it; anything more opens it again (DESIGN 8).  When unsure: no.
 */
bool confirm_only(struct arena *a, const char *text);

/* The same of a mail.  Quoted lines that it answers do not count, but "yes"
 * below a quoted question may mean anything. */
bool confirm_mail(struct arena *a, const struct mail *m);

#endif
