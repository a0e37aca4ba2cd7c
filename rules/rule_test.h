#ifndef RULES_RULE_TEST_H
#define RULES_RULE_TEST_H

#include "parser/conf.h"
#include "rules/rulebook.h"

/*
 * The blocks `test` of the configuration: a mail as it is described, put
 * before the rules, and what is expected of them.  Each expectation that does
 * not hold is an error at its line: what came instead, and which rule did it.
 * Returns how many tests failed; *run (may be NULL) is how many there are.
 */
size_t rule_tests_run(struct arena *a, const struct rulebook *b,
    struct conf_report *rep, size_t *run);

#endif
