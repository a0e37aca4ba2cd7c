#ifndef RULES_PHRASE_H
#define RULES_PHRASE_H

#include <stdbool.h>

#include "parser/arena.h"
#include "parser/conf.h"
#include "rules/ticket.h"

/*
 * What the code itself says in letters to agents, in their languages: problems,
 * receipts, reasons.  Templates have the sentences around it.  A phrase is a
 * clause without an end, as in "I did not send it, because ..."; {0} {1} {2}
 * are values, and {0} of a problem is the line it stands in.
 *
 * What is kept (why, reason, log) and what the command line prints is English:
 * it is for the admins, and is one language.
 */
#define PHRASE_LANGUAGES 4 /* en de fr es */

enum phrase {
	/* Problems of commands: phrase_problem.c */
	PHRASE_UNKNOWN,
	PHRASE_NEEDS,
	PHRASE_TAKES_NONE,
	PHRASE_ALONE,
	PHRASE_TWICE,
	PHRASE_AGAINST,
	PHRASE_VALUE,
	PHRASE_WHEN,
	PHRASE_OVER,
	PHRASE_ORDER,
	PHRASE_SPENT,
	PHRASE_NOBODY,
	PHRASE_NOBODY_NEAR,
	PHRASE_SEVERAL,
	PHRASE_NO_AGENT,
	PHRASE_TEAM,
	PHRASE_TEAM_NEAR,
	PHRASE_NO_TEAM,
	PHRASE_NO_TIER,
	PHRASE_NEXT_TIER,
	PHRASE_TICKET,
	PHRASE_NO_TICKET,
	PHRASE_ITSELF,
	PHRASE_MERGED,
	PHRASE_ADDRESS,
	PHRASE_OWN,
	PHRASE_AGENT_CC,
	PHRASE_IS_REQUESTER,
	PHRASE_WATCH,
	PHRASE_LANGUAGE,
	PHRASE_CATEGORY,
	PHRASE_TAG,
	PHRASE_NEW_WHO,
	PHRASE_ONLY_NEW,
	PHRASE_CONFIRM,
	PHRASE_MIDDLE,
	PHRASE_COMMANDS_OFF,
	PHRASE_COMMANDS_LEADS,
	PHRASE_EMPTY,
	PHRASE_TEXT_BELOW,
	PHRASE_NO_REQUESTER,
	PHRASE_WROTE_SINCE,
	PHRASE_MANY_CLOSED,
	PHRASE_MANY_ACTED,
	PHRASE_SAME_AGAIN,
	PHRASE_NO_VERB,

	/* What was done: phrase_done.c */
	DONE_PRIORITY,
	DONE_PINNED,
	DONE_IMPACT,
	DONE_URGENCY,
	DONE_TYPE,
	DONE_CATEGORY,
	DONE_TAG,
	DONE_UNTAG,
	DONE_SUBJECT,
	DONE_LANGUAGE,
	DONE_TAKE,
	DONE_DROP,
	DONE_TEAM,
	DONE_TEAM_ALREADY,
	DONE_ASSIGN,
	DONE_CALLED,
	DONE_ADMINS_CALLED,
	DONE_OUTSIDE,
	DONE_CC,
	DONE_UNCC,
	DONE_WATCH,
	DONE_REQUESTER,
	DONE_MERGE,
	DONE_LINK,
	DONE_REOPEN,
	DONE_STATUS,
	DONE_STATUS_ALREADY,
	DONE_UNTIL,
	DONE_NUDGE,
	DONE_END,
	DONE_NOT_OVER,
	DONE_SPAM,
	DONE_TIME,
	DONE_UNDO_NOTHING,
	DONE_UNDO_LETTER,
	DONE_UNDO_LATE,
	DONE_UNDO,
	DONE_UNDO_EMPTY,
	DONE_KEPT,
	DONE_SPLIT_NOTHING,
	DONE_SPLIT,
	DONE_UNMERGE_NOTHING,
	DONE_UNMERGE,
	DONE_SEND,
	DONE_NOTE,
	DONE_CLEAN,
	DONE_YES,
	DONE_RELEASE,
	DONE_THROWN,
	DONE_NOT_HELD,
	DONE_VERBS,

	/* Names and small words: phrase_word.c.  Those of a table in its order.
	 */
	WORD_OPEN,
	WORD_IN_PROGRESS,
	WORD_WAITING,
	WORD_ON_HOLD,
	WORD_RESOLVED,
	WORD_CLOSED,
	WORD_INCIDENT,
	WORD_REQUEST,
	WORD_PROBLEM,
	WORD_CHANGE,
	WORD_LOW,
	WORD_MEDIUM,
	WORD_HIGH,
	WORD_PRIORITY_CRITICAL,
	WORD_PRIORITY_HIGH,
	WORD_PRIORITY_NORMAL,
	WORD_PRIORITY_LOW,
	WORD_NOTE,
	WORD_BETWEEN, /* lines that stand in one */
	WORD_EXTERNAL,
	WORD_FROM,
	WORD_NO_TEAM,
	WORD_NOT_TO_SEE,
	WORD_FOUND_NOTHING,
	WORD_WHY_TEAM,
	WORD_WHY_OWNER,
	WORD_WHY_CATEGORY,
	WORD_WHY_PRIORITY,
	HELP_INTRO,
	HELP_TITLE_STATE,
	HELP_TITLE_HAND,
	HELP_TITLE_FIELD,
	HELP_TITLE_OTHER,
	HELP_EXAMPLE,
	HELP_UNKNOWN,

	/* Reasons that are kept in English and told again: phrase_why.c */
	WHY_STRANGER,
	WHY_FORGED,
	WHY_SUSPENDED,
	WHY_NOT_PLAIN,
	WHY_OLD,
	WHY_ANSWER,
	WHY_SEES_NOT,
	WHY_AGREE,
	WHY_AGREE_TWO,
	WHY_NOT_VOUCHED,
	WHY_NO_TOKEN,
	WHY_OTHERS_TOKEN,
	WHY_TOO_OLD,
	WHY_LIKE_OLD,
	WHY_STRANGER_OLD,
	WHY_LIKE_BAD,
	WHY_BAD_TOKEN,
	WHY_NOTE,
	WHY_AS_REQUESTER,
	WHY_LIKE,
	WHY_GUARD_COLLEAGUE,
	WHY_GUARD_ADDRESS,
	WHY_GUARD_TOKEN,
	WHY_GUARD_TOKEN_ADDRESS,
	WHY_GUARD_FIELD,
	WHY_GUARD_ID,
	WHY_GUARD_REFERENCE,
	WHY_GUARD_MARK,
	WHY_GUARD_CUT,
	WHY_GUARD_MAIL,
	WHY_GUARD_TEXT,
	WHY_GUARD_RICH,
	WHY_GUARD_NAME,
	WHY_GUARD_FILE,
	WHY_GUARD,
	WHY_FIRST_TEAM,
	WHY_ROUND_ROBIN,
	WHY_LEAST_LOADED,
	WHY_SKILL,
	WHY_NO_SKILL,
	WHY_LEAD,
	WHY_MATRIX,
	WHY_MATRIX_AT,
	WHY_SET_SINCE,
	WHY_NOT_BACK,
	WHY_ALWAYS,
	WHY_NOTHING_AGAINST,
	WHY_LIMIT,
	WHY_RULE,
	PHRASE_COUNT
};

/* The language of an agent's letters, or of an admin's who is none (NULL): the
 * first that has phrases of his, the desk's, and English. */
const char *phrase_language(
    const struct conf *c, const struct conf_agent *agent);

/* The place of the language in tables of PHRASE_LANGUAGES texts; 0, English,
 * when it is none of them. */
int phrase_column(const char *language);

/* NULL stands for "" in place of a value.  Of an unknown language: English. */
char *phrase(struct arena *a, const char *language, enum phrase p,
    const char *zero, const char *one, const char *two);
/* The same of any text with such places. */
char *phrase_fill(struct arena *a, const char *text, const char *zero,
    const char *one, const char *two);
/* Of one without values. */
const char *phrase_plain(const char *language, enum phrase p);

/* A reason in English once more in that language; as it is, when it is none of
 * the WHY_ above. */
const char *phrase_again(
    struct arena *a, const char *language, const char *english);

const char *phrase_status(const char *language, enum status s);
const char *phrase_type(const char *language, enum type t);
const char *phrase_level(const char *language, enum level l);
const char *phrase_priority(const char *language, enum priority p);

#endif
