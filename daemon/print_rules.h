#ifndef DAEMON_PRINT_RULES_H
#define DAEMON_PRINT_RULES_H

#include "daemon/print.h"
#include "parser/json.h"
#include "rules/evaluate.h"

/* What the rules said of a mail, for a person and for a script. */
void print_evaluation(struct arena *a, const struct print *p,
    const struct rulebook *b, const struct evaluation *v);
void json_evaluation(struct json *j, struct arena *a, const struct rulebook *b,
    const struct evaluation *v);

#endif
