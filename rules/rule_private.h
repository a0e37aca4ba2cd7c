#ifndef RULES_RULE_PRIVATE_H
#define RULES_RULE_PRIVATE_H

#include "rules/evaluate.h"
#include "rules/rulebook.h"

/* What the files of the rulebook share with each other and with nobody else. */

struct building {
	struct arena *arena;
	const struct conf *conf;
	const struct hours_source *src;
	struct conf_report *rep;
	struct rulebook *book;
	bool failed;
};

/* rule_when.c: a `when`, `unless` or `any` to a clause. */
void rule_read_clause(
    struct building *b, const struct conf_node *n, struct clause *out);

/* rule_do.c: one line of a rule to an action; false: it is no action. */
void rule_read_actions(
    struct building *b, const struct conf_node *block, struct rule *r);

/* One mail before the rules. */
struct view {
	const char *text; /* valid UTF-8; NULL: not looked at yet */
	size_t n;
	const char *folded;         /* NULL: not asked for yet */
	struct words_place *places; /* of the shared index, or NULL: not yet */
};

enum shared_view {
	VIEW_SUBJECT,
	VIEW_BODY,
	VIEW_TEXT,
	VIEW_COUNT
};

struct asking {
	struct arena *arena;
	struct arena scratch; /* of one comparison */
	const struct rulebook *book;
	const struct facts *facts;
	struct err *e;
	bool failed;          /* facts->similar failed */
	struct ticket ticket; /* as the rules have made it so far */
	const char **tags;
	size_t tags_n, tags_cap;
	struct view views[VIEW_COUNT];
	/* Of the rule in hand. */
	struct group *groups;
	size_t groups_n, groups_cap;
	bool limited;
	const char *why; /* of the last condition that held */
};

enum answer {
	ANSWER_NO,
	ANSWER_YES,
	ANSWER_LIMIT
};

/* How an aspect of a mail or ticket is tested: the rows of rule_when.c. */
struct aspect {
	const char *name;
	enum answer (*test)(struct asking *k, const struct condition *c);
	enum shared_view view;                        /* of condition_view */
	const char *(*value)(const struct asking *k); /* of condition_name */
};

/* gap.c: a text with its {{match.NAME}} filled in; what took no part is "". */
const char *gap_fill(struct asking *k, const char *text);
bool gap_tells(struct asking *k, const char *key);

/* The priority of the ticket as the rules have made it so far. */
enum priority rules_priority_now(const struct asking *k);

/* condition.c */
enum answer condition_view(struct asking *k, const struct condition *c);
enum answer condition_header(struct asking *k, const struct condition *c);
enum answer condition_attachment(struct asking *k, const struct condition *c);
enum answer condition_people(struct asking *k, const struct condition *c);
enum answer condition_name(struct asking *k, const struct condition *c);
enum answer condition_size(struct asking *k, const struct condition *c);
enum answer condition_tag(struct asking *k, const struct condition *c);
enum answer condition_org(struct asking *k, const struct condition *c);
enum answer condition_hours(struct asking *k, const struct condition *c);
enum answer condition_similar(struct asking *k, const struct condition *c);

/* spam.c */
enum answer condition_spam(struct asking *k, const struct condition *c);

#endif
