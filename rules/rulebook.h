#ifndef RULES_RULEBOOK_H
#define RULES_RULEBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/conf.h"
#include "parser/conf_tree.h"
#include "rules/facts.h"
#include "rules/hours.h"
#include "rules/regex.h"
#include "rules/words.h"

/*
 * The rules of a configuration, ready to be asked: conditions with compiled
 * patterns, all word lists in one index, and what conditions refer to
 * (calendars, organisations, the vip list, the priority matrix).  Built once,
 * const from then on, all in one arena.  What the words mean is CONFIG 5.
 */
struct rule;
struct aspect;
struct sla;

enum value_kind {
	VALUE_TEXT,    /* stands in the text, case and accents folded */
	VALUE_WORDS,   /* a phrase of a word list */
	VALUE_PATTERN, /* PCRE2 */
	VALUE_ADDRESS, /* a whole address */
	VALUE_DOMAIN,  /* "@example.com": that domain */
	VALUE_VIP,     /* somebody of the vip list */
	VALUE_GLOB,    /* "*.pdf", over a file name or a type */
	VALUE_MORE,    /* ">5M" */
	VALUE_LESS,    /* "<10K" */
	VALUE_NAME,    /* exactly this word */
	VALUE_PATH,    /* this word, or something under it: network/vpn */
	VALUE_LANGUAGE /* pt-BR: what is written in pt, too */
};

struct value_test {
	enum value_kind kind;
	const struct conf_arg *arg; /* as written */
	const char *text;           /* folded for TEXT; lower case for people */
	int phrase;                 /* in the index of the condition */
	const struct regex *regex;
	int64_t number;
};

struct condition {
	const struct aspect *aspect;  /* what it looks at */
	const struct conf_node *node; /* where it stands */
	const char *header;           /* of `header NAME` */
	struct words *words;          /* index of its phrases, or NULL */
	struct value_test *values;    /* any of them is enough */
	size_t values_n;
	const struct hours *hours; /* of `hours` */
	bool off;                  /* hours off */
	int64_t count, within;     /* of `similar` */
};

/* One `when`, `unless` or `any`: holds when one of its conditions does. */
struct clause {
	const struct conf_node *node;
	bool unless;
	struct condition *conditions;
	size_t n;
};

enum action_kind {
	ACTION_TYPE,
	ACTION_IMPACT,
	ACTION_URGENCY,
	ACTION_PRIORITY, /* value -1: back to the matrix */
	ACTION_CATEGORY,
	ACTION_TEAM,
	ACTION_TIER,
	ACTION_AGENT,
	ACTION_REQUESTER,
	ACTION_SUBJECT,
	ACTION_TAG,
	ACTION_WATCH,
	ACTION_CC,
	ACTION_SLA,
	ACTION_SUGGEST,
	ACTION_REPLY, /* text: "kb:x" or "template:x" */
	ACTION_NOTIFY,
	ACTION_MERGE,
	ACTION_HOLD,
	ACTION_DROP,
	ACTION_LOG,
	ACTION_STOP,
	ACTION_COUNT
};
/* "type", "impact", ... as `explain` prints them. */
extern const char *const action_names[ACTION_COUNT];

struct action {
	enum action_kind kind;
	const struct conf_node *node; /* where it stands */
	const char *text;             /* may hold {{match.NAME}} */
	int64_t value;                /* of an enumeration */
};

struct rule {
	const char *name, *shown; /* shown: the title, or NULL */
	const struct conf_node *node;
	unsigned occasions; /* bits of enum occasion */
	struct clause *clauses;
	size_t clauses_n;
	struct action *actions;
	size_t actions_n;
	bool restricts; /* holds: an unclear condition counts as met (T32) */
};

struct org {
	const char *name, *shown, *language,
	    *sla; /* the last two may be NULL */
	const char *const *domains;
	size_t domains_n;
};

struct rulebook {
	const struct conf *conf;
	struct rule *rules;
	size_t n;
	struct words *words;     /* of subject, body and text */
	const char *const *vips; /* lower case, "@domain" too */
	size_t vips_n;
	struct org *orgs;
	size_t orgs_n;
	struct calendar {
		const char *name;
		struct hours *hours;
	} * calendars;
	size_t calendars_n;
	struct sla *slas; /* rules/sla.h */
	size_t slas_n;
	enum priority matrix[LEVEL_COUNT][LEVEL_COUNT]; /* [impact][urgency] */
	const struct conf_node *matrix_node;            /* NULL: built in */
};

/*
 * c was loaded without error.  What only shows here (a {{match.NAME}} that no
 * pattern gives, a holiday file that cannot be read) goes to the report, and
 * then -1.  src as for hours_build().
 */
int rulebook_build(struct arena *a, const struct conf *c,
    const struct hours_source *src, struct conf_report *rep,
    struct rulebook **out);

/* "20-routing.conf:9", for whys: the path relative to the main file's folder.
 */
char *rulebook_place(
    struct arena *a, const struct rulebook *b, const struct conf_node *n);

/* The named groups that the patterns of a rule give, once each. */
const char *const *rule_groups(
    struct arena *a, const struct rule *r, size_t *n);

const struct hours *rulebook_hours(const struct rulebook *b, const char *name);
const struct org *rulebook_org(const struct rulebook *b, const char *address);
bool rulebook_vip(const struct rulebook *b, const char *address);

#endif
