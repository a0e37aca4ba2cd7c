#ifndef RULES_RULE_LINT_H
#define RULES_RULE_LINT_H

#include "rules/rulebook.h"

/*
 * What is no mistake of form but hardly meant: words of a list that another
 * word of it finds already, and the same word in two rules that set the same
 * field to different values.  Warnings at their places.
 */
void rule_lint(
    struct arena *a, const struct rulebook *b, struct conf_report *rep);

#endif
