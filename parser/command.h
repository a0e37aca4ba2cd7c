#ifndef PARSER_COMMAND_H
#define PARSER_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"

/*
 * Lines like "#resolve" in an agent's own text (MAIL 7): which lines are
 * commands, and what is left.  Syntax only; commands.h in rules/ knows what
 * they do.
 *
 *   mail  = [ block ] [ text ] [ block2 ]
 *   block  at the very top: every line that looks like a command is one
 *   block2 at the end of the own text: only exact known words count
 *   line  = "#" [SP] name [":" | "="] [SP] [ value ]
 *
 * What need not be meant as one ("# open", "/open", "- #open") counts below the
 * top only when it is right as it stands.  A command in the middle of the text
 * is found and said, so that it is asked about and never sent; so is a "#note
 * text" below a text.
 */
enum command_word {
	COMMAND_RESOLVE,
	COMMAND_CLOSE,
	COMMAND_NOTE,
	COMMAND_WAIT,
	COMMAND_HOLD,
	COMMAND_TAKE,
	COMMAND_DROP,
	COMMAND_ASSIGN,
	COMMAND_TEAM,
	COMMAND_TIER,
	COMMAND_ESCALATE,
	COMMAND_PRIORITY,
	COMMAND_IMPACT,
	COMMAND_URGENCY,
	COMMAND_TYPE,
	COMMAND_CATEGORY,
	COMMAND_TAG,
	COMMAND_UNTAG,
	COMMAND_MERGE,
	COMMAND_UNMERGE,
	COMMAND_SPLIT,
	COMMAND_LINK,
	COMMAND_CC,
	COMMAND_UNCC,
	COMMAND_WATCH,
	COMMAND_SUBJECT,
	COMMAND_REQUESTER,
	COMMAND_LANG,
	COMMAND_SPAM,
	COMMAND_TIME,
	COMMAND_REOPEN,
	COMMAND_NEW,
	COMMAND_SOURCE,
	COMMAND_UNDO,
	COMMAND_WHY,
	COMMAND_SHOW,
	COMMAND_FIND,
	COMMAND_HELP,
	COMMAND_DO,    /* only in links to agents: #do CODE note|send|drop */
	COMMAND_WORKS, /* only in links to requesters */
	COMMAND_RATE,
	COMMAND_OPEN,
	COMMAND_COUNT, /* an unknown word */
};

/* "resolve": the word as it is printed. */
extern const char *const command_names[COMMAND_COUNT];

/* Does the word take a value? */
enum command_value {
	VALUE_NONE,
	VALUE_MAYBE,
	VALUE_MUST
};
enum command_value command_takes(enum command_word w);

/* The command of a word in any case and language ("Gelöst"), else
 * COMMAND_COUNT.  word need not be folded. */
enum command_word command_find(struct arena *a, const char *word);
/* The words near an unknown one, best first, at most three; returns how many.
 */
size_t command_near(
    struct arena *a, const char *word, enum command_word out[3]);

struct command {
	enum command_word word; /* COMMAND_COUNT: unknown */
	const char *written;    /* as it was written, "#noet" */
	const char *value;      /* "" when none; quotes and marks folded */
	size_t line;            /* of the own text, from 1 */
	size_t lines;           /* 1; more when the mail program wrapped it */
};

struct command_mail {
	struct command *list; /* top block, then bottom block */
	size_t n;
	const char *text;   /* what is left, "" when nothing */
	const char *before; /* the own text, whole */
	const struct command
	    *middle; /* a known command inside the text; NULL */
};

/* own: mail_own_text() without the signature. */
void command_split(struct arena *a, const char *own, struct command_mail *out);

#endif
