#ifndef RULES_COMMANDS_PRIVATE_H
#define RULES_COMMANDS_PRIVATE_H

#include "parser/address.h"
#include "rules/commands.h"
#include "rules/phrase.h"

/* What only one command of a mail may say. */
enum claim {
	CLAIM_STATUS,
	CLAIM_HAND,
	CLAIM_PLACE,
	CLAIM_QUESTION,
	CLAIM_COUNT
};

/*
 * Only for commands_*.c.  A word is a row: what it needs, what it is in
 * conflict with, and the function that checks its value and adds the changes.
 */
struct steering {
	const struct commands_ask *ask;
	const struct command_mail *mail;
	struct arena *arena;
	struct decision *d;
	struct commands_answer *out;
	const struct command *now; /* the one in hand */
	struct ticket t;           /* as it will be */
	const struct command *claims[CLAIM_COUNT];
	const char **done;
	size_t done_n, done_cap;
	struct err *e;
	bool broken; /* find() failed */
};

/* commands_help_words.c: the rows of #help. */
enum help_group {
	HELP_STATE,
	HELP_HAND,
	HELP_FIELD,
	HELP_OTHER,
	HELP_GROUPS
};

struct help_row {
	enum command_word word;
	enum help_group group;
	const char *usage[PHRASE_LANGUAGES];
	const char *alias[PHRASE_LANGUAGES]; /* the reader's word, or "" */
	const char *does[PHRASE_LANGUAGES];
	const char *example;
};
extern const struct help_row commands_helps[];
extern const size_t commands_helps_n;

/* commands_say.c: the first problem is the question; one and two are what
 * stands for {1} and {2}, {0} is the line. */
void commands_problem(
    struct steering *x, enum phrase p, const char *one, const char *two);
/* The same about a moment, which is {2}. */
void commands_problem_at(
    struct steering *x, enum phrase p, const char *one, int64_t when);
/* A line of the receipt; what stands for {0} and {1}. */
void commands_done(
    struct steering *x, enum phrase p, const char *zero, const char *one);
/* The same, but only the words. */
const char *commands_words(
    struct steering *x, enum phrase p, const char *zero, const char *one);
/* A line of the receipt that is whole. */
void commands_line(struct steering *x, const char *text);
/* "Friday, 31 July 2026, 08:00" in the agent's words, there. */
const char *commands_time(struct steering *x, int64_t when);
const char *commands_tag(struct steering *x, int64_t ticket);
/* false, and the problem that two of them contradict each other. */
bool commands_claim(struct steering *x, enum claim c);
/* "agent ana: #assign bob" */
const char *commands_why(struct steering *x);
struct change *commands_change(
    struct steering *x, enum change_kind kind, int64_t value, const char *text);
/* The index of the value in a table "high hoch haute;low niedrig"; -1. */
int commands_word(struct steering *x, const char *const *table, int n);
/* Folded and equal? */
bool commands_same(struct steering *x, const char *a, const char *b);
/* Back to work, if it was over. */
void commands_reopen(struct steering *x);
void commands_status(struct steering *x, enum status s);

/* commands_find.c: whom a value names.  *several: it may be any of these. */
const struct conf_agent *commands_agent(
    struct steering *x, const char *value, const char **several);
const struct conf_team *commands_team_named(
    struct steering *x, const char *value);
/* The name of an agent or a team that was probably meant, or NULL. */
const char *commands_near_name(
    struct steering *x, const char *value, bool agents);
const char *commands_team_names(struct steering *x);
/* false: there is a problem, or find() failed. */
bool commands_ticket(struct steering *x, const char *word, struct ticket *out);
/* The next word between blanks and commas; NULL: there is none. */
const char *commands_next(struct arena *a, const char **s);
/* Those of the value; 0: there is a problem. */
size_t commands_addresses(struct steering *x, struct address **out);

/* commands_state.c */
void commands_resolve(struct steering *x);
void commands_close(struct steering *x);
void commands_note(struct steering *x);
void commands_wait(struct steering *x);
void commands_hold(struct steering *x);
void commands_open_again(struct steering *x);
void commands_spam(struct steering *x);
void commands_spent(struct steering *x);
void commands_undo(struct steering *x);

/* commands_hand.c */
void commands_take(struct steering *x);
void commands_drop(struct steering *x);
void commands_assign(struct steering *x);
void commands_team(struct steering *x);
void commands_tier(struct steering *x);
void commands_escalate(struct steering *x);
void commands_cc(struct steering *x);
void commands_uncc(struct steering *x);
void commands_watch(struct steering *x);
void commands_requester(struct steering *x);
/* Once all commands have spoken. */
void commands_settle_hand(struct steering *x);

/* commands_field.c */
void commands_priority(struct steering *x);
void commands_level(struct steering *x);
void commands_type(struct steering *x);
void commands_category(struct steering *x);
void commands_tags(struct steering *x);
void commands_subject(struct steering *x);
void commands_lang(struct steering *x);
void commands_settle_priority(struct steering *x);

/* commands_link.c */
void commands_merge(struct steering *x);
void commands_unmerge(struct steering *x);
void commands_split(struct steering *x);
void commands_link(struct steering *x);
void commands_new(struct steering *x);
void commands_source(struct steering *x);
void commands_question(struct steering *x);
void commands_do(struct steering *x);

#endif
