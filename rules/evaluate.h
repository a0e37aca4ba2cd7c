#ifndef RULES_EVALUATE_H
#define RULES_EVALUATE_H

#include "rules/decision.h"
#include "rules/rulebook.h"

/*
 * Asking the rules: every rule from the top, each that matches applies, a later
 * one wins where two set the same, `stop` ends the list.  Out come changes with
 * their whys, and a full account for `explain`, tests and counters.  Pure.
 */
enum verdict {
	VERDICT_NO,
	VERDICT_YES,
	VERDICT_SKIPPED, /* asked on other occasions, or behind a stop */
	VERDICT_COUNT
};
extern const char *const verdict_names[VERDICT_COUNT];

/* One thing a matching rule did. */
struct rule_step {
	const struct action *action;
	const char *old, *new; /* NULL: nothing to say */
	const char *refused;   /* NULL: done; else why it was not */
};

struct rule_result {
	const struct rule *rule;
	enum verdict verdict;
	const struct clause *failed; /* of VERDICT_NO: what did not hold */
	const char *why; /* of VERDICT_YES: the matched words and where;
	                    "always" for a rule without conditions */
	bool limited;    /* a limit was met: T32 says how that was read */
	struct rule_step *steps;
	size_t steps_n;
};

enum evaluation_end {
	EVALUATION_TICKET,
	EVALUATION_HOLD,
	EVALUATION_DROP
};

/* A text with its why. */
struct said {
	const char *text; /* NULL: nobody said so */
	const char *why;
};

/* What a named group of a pattern matched: {{match.NAME}}. */
struct group {
	const char *name, *value;
};

struct evaluation {
	struct rule_result *results; /* of all rules, in order */
	size_t n;
	enum evaluation_end end;
	struct said reason;   /* of HOLD and DROP: the words of the rule */
	struct said merge;    /* the key of the open ticket that takes it */
	struct said agent;    /* `assign agent` */
	struct said team;     /* the last team that was set */
	struct said sla;      /* what later parts act on */
	struct said reply;    /* "template:x", "kb:x" */
	struct group *groups; /* of the rule that said the reply */
	size_t groups_n;
	struct said *suggest; /* "kb:x" */
	size_t suggest_n;
	struct said *notify; /* "webhook:x" */
	size_t notify_n;
	struct ticket ticket; /* as it is after the rules */
	size_t limits;        /* rules that met a limit */
};

/* Adds to d what changes; the changes of a field that was set twice are one.
 * All text lives in d's arena.  -1 only when facts->similar fails. */
int rules_evaluate(const struct rulebook *b, const struct facts *f,
    struct decision *d, struct evaluation *out, struct err *e);

/* "impact high x urgency high" */
enum priority rules_priority(
    const struct rulebook *b, enum level impact, enum level urgency);

#endif
