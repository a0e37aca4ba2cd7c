#ifndef PARSER_CLASS_SIGNS_H
#define PARSER_CLASS_SIGNS_H

#include <stdbool.h>

#include "parser/mail.h"

/* The first field of a mail that shows a machine, in the order of RELIABILITY
 * 5.1, and whose; NULL: none does.  auto_reply: only the fields of automatic
 * answers, or only all others. */
const struct field *class_sign(
    const struct mail *m, bool auto_reply, enum mail_class *class);

#endif
