#ifndef RULES_RULE_TEST_H
#define RULES_RULE_TEST_H

#include "parser/conf.h"
#include "rules/rulebook.h"

/*
 * The blocks `test` of the configuration: a mail as it is described, put
 * before the rules, and what is expected of them.  Each expectation that does
 * not hold is an error at its line: what came instead, and which rule did it.
 * A test without `at` happens on a Wednesday at noon.
 */
struct rule_tests {
	const struct rulebook *book;
	struct matcher *matcher;
	const struct zone *zone; /* of the desk, for `at` */
	struct conf_report *rep;
	size_t run, failed; /* out: tests */
};
void rule_tests_run(struct arena *a, struct rule_tests *t);

#endif
